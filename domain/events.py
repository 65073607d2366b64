"""Events: what happened to a work order, in the past tense (glossary, section 4)."""

from collections.abc import Mapping
from datetime import date, datetime
from typing import Any

from pydantic import AwareDatetime, Field

from domain.audit import canonical, instant_text
from domain.closing.events import (
    CallbackAttempted,
    CallbackExhausted,
    CallbackRecorded,
    Countersigned,
    FeedbackGiven,
    RecoveryDone,
)
from domain.dispatch.assignment_events import AssignmentAdded, AssignmentCancelled, AssignmentCompleted
from domain.dispatch.events import Accepted, Dispatched, Grabbed, Returned, Transferred
from domain.event import Author, Event
from domain.groups.incident_events import (
    AttachedToIncident,
    ChildrenReported,
    DetachedFromIncident,
    IncidentConfirmed,
    IncidentDismissed,
    IncidentProposed,
    MassNoticeGiven,
    SolvedTogether,
)
from domain.groups.merging_events import Absorbed, Merged, Unmerged
from domain.handling.events import (
    CompletionReported,
    ConflictFlagged,
    ConflictStepRecorded,
    ContractorWorkChecked,
    MediationRecorded,
    PriceAgreed,
    PriceDeclined,
    Quoted,
    ResponsibilityAssigned,
)
from domain.intake.events import Clarified, Proposal, Repeat
from domain.payloads import Attachments, Measure, Words
from domain.terms import Terms
from domain.timekeeping.events import (
    Acknowledged,
    ClockBreached,
    ClockEvent,
    ClockStarted,
    ClockStopped,
    ClockWarned,
    Escalated,
    Excused,
    FreedClock,
    HeldClock,
    MovedClock,
    OneClock,
    PlannedEvent,
    Resumed,
    Suspended,
    SuspensionApproved,
    SuspensionRefused,
    SuspensionRequested,
)
from domain.vocabulary import ArrearsCause, Channel, ClockName, CloseReason, Kind, Severity

__all__ = [
    "Absorbed",
    "Accepted",
    "Acknowledged",
    "AssignmentAdded",
    "AssignmentCancelled",
    "AssignmentCompleted",
    "AttachedToIncident",
    "Author",
    "CallbackAttempted",
    "CallbackExhausted",
    "CallbackRecorded",
    "ChildrenReported",
    "Clarified",
    "ClockBreached",
    "ClockEvent",
    "ClockStarted",
    "ClockStopped",
    "ClockWarned",
    "CompletionReported",
    "ConflictFlagged",
    "ConflictStepRecorded",
    "ContractorWorkChecked",
    "Countersigned",
    "DetachedFromIncident",
    "Dispatched",
    "Escalated",
    "Event",
    "Excused",
    "FeedbackGiven",
    "FreedClock",
    "Grabbed",
    "HeldClock",
    "IncidentConfirmed",
    "IncidentDismissed",
    "IncidentProposed",
    "MassNoticeGiven",
    "MediationRecorded",
    "Merged",
    "MovedClock",
    "OneClock",
    "PlannedEvent",
    "PriceAgreed",
    "PriceDeclined",
    "Proposal",
    "Quoted",
    "RecoveryDone",
    "Repeat",
    "ResponsibilityAssigned",
    "Resumed",
    "Returned",
    "SolvedTogether",
    "Suspended",
    "SuspensionApproved",
    "SuspensionRefused",
    "SuspensionRequested",
    "Transferred",
    "Unmerged",
]
"""Events of other modules that are found here, so that all have one namespace."""


class Received(Event):
    """The words reached us; `at` is `received_at`, whenever it was typed (CLK-06)."""

    community: str
    kind: Kind
    category: str
    severity: Severity
    reporter: str  # sub_…
    recorder: str | None = None  # usr_…, on behalf (INT-02)
    building: str | None = None
    words: Words
    external_id: str | None = None
    flags: tuple[str, ...] | None = None
    area: str | None = None  # public area of the community (INT-20)
    posted_at: AwareDatetime | None = None  # words found in a group or medium: when they were posted (INT-03)
    remedy: Words | None = None  # what the reporter wants done (INT-08)
    proposed: Proposal | None = None  # `category` and `severity` are what was taken at reception (INT-09)
    complained_of: tuple[str, ...] | None = None  # members of staff whom the matter is about (DSP-13)
    repeat: Repeat | None = None  # of an order that was closed (GRP-04)
    entered_at: AwareDatetime | None = None  # when a door wrote it down; none = `recorded_at`
    policy: str
    policy_version: str
    terms_digest: str
    terms: Terms | None = Field(default=None, exclude=True)
    attachments: Attachments | None = None


class Responded(Event):
    """A person answered the owner; from now on there is a first contact (INT-05)."""

    first_contact: str
    words: Words | None = None


class FirstContactChanged(Event):
    """Another person answers to the owner."""

    first_contact: str
    before: str | None = None
    reason: Words


class Registered(Event):
    """The matter is written down, and with it the class confirmed that was proposed at reception (INT-09)."""

    words: Words | None = None
    category: str | None = None
    severity: Severity | None = None


class Classified(Event):
    """Category, kind and severity were decided; clocks that start from now on follow these terms."""

    category: str
    kind: Kind
    severity: Severity
    policy: str
    policy_version: str
    terms_digest: str
    terms: Terms | None = Field(default=None, exclude=True)
    moved: tuple[MovedClock, ...] | None = None


class Reclassified(Classified):
    """They were changed, for a reason."""

    reason: Words


class Reclocked(Classified):
    """Running clocks were counted again under the settings in force, for a reason (CLK-31)."""

    reason: Words


class PromiseMade(Event):
    """A time window was told to the owner."""

    act: str
    number: int
    window_start_at: AwareDatetime
    window_end_at: AwareDatetime
    words: Words | None = None


class Arrived(Event):
    """The person is on the spot."""

    assignee: str
    before: Attachments | None = None


class PlanGiven(Event):
    """What will be done, and by which date; an earlier date stays on record (CLK-10)."""

    on: date
    before_on: date | None = None  # the date given up, with the owner's consent
    number: int
    measures: tuple[Measure, ...] | None = None
    words: Words | None = None


class RectificationDone(Event):
    """The plan was carried out."""

    words: Words


class SignedOff(Event):
    """The owner found it well done."""

    by: Channel
    words: Words | None = None


class SignOffRefused(Event):
    """The owner did not; `number` counts the refusals (HND-07)."""

    by: Channel
    number: int
    reason: Words


class HandlingCompleted(Event):
    """The work is done: what caused it, what was done, and in `words` what came of it."""

    assignee: str
    visits: int  # of this generation
    receiver: str | None = None  # of a transfer that nobody had accepted: it came to nothing (DSP-08)
    words: Words
    found: Words | None = None
    measure: Words | None = None
    before: Attachments | None = None
    after: Attachments | None = None
    without_photos: Words | None = None


class RecoveryOpened(Event):
    """Something went wrong for the owner and shall be made good (CBK-10)."""

    reason: str  # callback | escalation | manager
    clock: ClockName | None = None  # whose ladder asked for it
    words: Words | None = None


class Reopened(Event):
    """A new generation of the order's life begins."""

    generation: int
    rule: str
    reason: Words | None = None


class Urged(Event):
    """The owner asked for speed."""

    number: int
    by: Channel
    words: Words | None = None


class Withdrawn(Event):
    """The owner withdrew the matter."""

    by: Channel
    reason: Words


class ArrearsCauseNamed(Event):
    """Why the household does not pay (FEE-02)."""

    arrears_cause: ArrearsCause  # `cause` says what caused the event (AUD-05)
    words: Words | None = None


class Verified(Event):
    """What the owner complains of was looked into."""

    words: Words


class Noted(Event):
    """A remark."""

    words: Words
    complained_of: tuple[str, ...] | None = None  # members of staff whom the matter is about after all (DSP-13)
    attachments: Attachments | None = None


class Closed(Event):
    """The end, which a reopening alone can undo."""

    reason: CloseReason


def _leaves(kind: type[Event]) -> list[type[Event]]:
    return [leaf for sub in kind.__subclasses__() for leaf in [sub, *_leaves(sub)]]


EVENT_TYPES: Mapping[str, type[Event]] = {
    kind.type_name(): kind for kind in _leaves(Event) if kind not in {ClockEvent, PlannedEvent}
}
"""Every event by its stored name."""


def body_of(event: Event, *, order_id: str, seq: int, recorded_at: datetime, context: Mapping[str, str]) -> bytes:
    """Return the canonical bytes of an event; `context` is what `decide` can't know (run and update id)."""
    author = event.author
    stored: dict[str, Any] = {
        "actor": author.actor,
        "at": instant_text(event.at),
        "order_id": order_id,
        "payload": {
            **event.facts(),
            **context,
            "role": author.role.value,
            "channel": author.channel.value,
            "cause": author.cause.value,
        },
        "seq": seq,
        "type": event.type_name(),
    }
    if recorded_at != event.at:
        stored["recorded_at"] = instant_text(recorded_at)
    if author.request_id is not None:
        stored["request_id"] = author.request_id
    return canonical(stored)


def digests_of(stored: Mapping[str, Any]) -> set[str]:
    """Return the digests of the terms that a stored event brings into its order."""
    kind, payload = EVENT_TYPES[stored["type"]], stored["payload"]
    if issubclass(kind, ChildrenReported):
        return {one["terms_digest"] for one in payload["clocks"]}
    return {payload["terms_digest"]} if issubclass(kind, Received | IncidentProposed | Classified) else set()


def read_event(stored: Mapping[str, Any], terms: Mapping[str, Terms]) -> Event:
    """Turn a stored event back into the fact it tells; `terms` by digest, for those that pinned some."""
    payload = stored["payload"]
    author = {**{name: payload[name] for name in ("role", "channel", "cause")}, "actor": stored["actor"]}
    fields = {**payload, "at": stored["at"], "author": {**author, "request_id": stored.get("request_id")}}
    event = EVENT_TYPES[stored["type"]].model_validate(fields)
    if isinstance(event, Received | IncidentProposed | Classified):
        return event.model_copy(update={"terms": terms[event.terms_digest]})
    if isinstance(event, ChildrenReported):
        return event.model_copy(update={"terms": tuple(terms[one] for one in sorted(digests_of(stored)))})
    return event
