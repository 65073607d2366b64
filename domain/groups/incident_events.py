"""Events of incidents: of the parent, and of the cases that are its children (GRP-05, GRP-07, ESC-13)."""

from pydantic import BaseModel, ConfigDict, Field

from domain.event import Event
from domain.groups.child_clock import BreachedClock, ChildClock
from domain.handling.events import CompletionReported
from domain.payloads import Words
from domain.terms import Terms
from domain.timekeeping.clocks import Clock
from domain.timekeeping.events import FreedClock
from domain.timekeeping.pausing import Pause
from domain.vocabulary import Channel, FeedbackKind, Kind, Severity, Stage


class IncidentProposed(Event):
    """One cause is supposed behind several cases: their parent begins. No owner waits for it (GRP-05)."""

    community: str
    kind: Kind
    category: str
    severity: Severity
    reporter: str  # sub_…: nobody's; under its key the parent's words are sealed
    building: str | None = None
    words: Words
    members: tuple[str, ...]  # wo_…, in the order of their numbers
    policy: str
    policy_version: str
    terms_digest: str
    terms: Terms | None = Field(default=None, exclude=True)


class IncidentConfirmed(Event):
    """A person says so; the relay attaches the members, and the work on the cause can be dispatched."""

    first_contact: str
    members: tuple[str, ...]
    words: Words | None = None


class IncidentDismissed(Event):
    """A person says that it is none; `Closed` follows in the same step."""

    reason: Words
    confirmed: bool | None = None  # it was taken for one before: whoever is its child yet, or joins meanwhile, is none


class AttachedToIncident(Event):
    """The case is a child from now on. `clocks` are breached already, and still owed."""

    incident: str
    clocks: tuple[BreachedClock, ...] | None = None


class DetachedFromIncident(Event):
    """It is none any more. `clocks` are breached and still owed: its own ladders speak for them again (GRP-07).

    One that was solved with it goes back to where it stood, and `again` run as if they had never ended.
    """

    incident: str
    clocks: tuple[BreachedClock, ...] | None = None
    reason: Words
    back_to: Stage | None = None
    again: tuple[FreedClock, ...] | None = None


class SolvedTogether(Event):
    """The matter is dealt with by another order: its incident, or the one it is merged into (GRP-01, GRP-06)."""

    leader: str
    handlers: tuple[str, ...]  # of the incident
    moved: bool | None = None  # the child goes on with its feedback; none = its own work was done before


class MassNoticeGiven(Event):
    """All owners are to be told at once; what became of each message the children say themselves (GRP-06)."""

    kind: FeedbackKind
    by: Channel
    words: Words
    found: Words | None = None


class ChildrenReported(Event):
    """The parent heard of children's breached clocks."""

    clocks: tuple[ChildClock, ...]
    terms: tuple[Terms, ...] = Field(default=(), exclude=True)  # of their ladders


class SolvedFrom(BaseModel):
    """How a child stood when its incident was solved, to go back to when it is taken out (GRP-07)."""

    model_config = ConfigDict(frozen=True)

    stage: Stage
    clocks: tuple[Clock, ...]  # those that ended with it, as they were
    pause: Pause | None
    handlers: tuple[str, ...]
    report: CompletionReported | None
    receiver: str | None
    receiving_team: str | None
