"""What each command says beyond its envelope (glossary, section 4)."""

from datetime import date
from typing import Annotated, Literal, Self

from pydantic import AwareDatetime, Field, StringConstraints, model_validator
from pydantic_core import PydanticCustomError

from domain.dispatch.payloads import Accept, Decision, Dispatch, Grab, Return, Transfer
from domain.intake.payloads import Clarify, Granted
from domain.payload import Payload, Words
from domain.terms import Terms
from domain.vocabulary import ArrearsCause, Channel, ClockName, FeedbackKind, Kind, Severity

__all__ = ["Accept", "Clarify", "Decision", "Dispatch", "Grab", "Payload", "Return", "Transfer", "Words"]
"""Names of other modules that are found here, so that all have one namespace."""


Digest = Annotated[str, StringConstraints(pattern=r"^[0-9a-f]{64}$")]
"""SHA-256 (hex) of a photo or a recording, which lives sealed in the record (INT-19)."""
Attachments = tuple[Digest, ...]
Brought = Annotated[Attachments, Field(exclude_if=lambda digests: not digests)]
"""What a command brings; left out when it is nothing, as before there were any."""


class Respond(Payload):
    """A person has spoken with the owner; the speaker becomes the first contact unless there is one (INT-05)."""

    first_contact: str | None = None  # none = the actor
    words: Words | None = None


class ChangeFirstContact(Payload):
    """Another person answers to the owner from now on."""

    first_contact: str
    reason: Words


class Register(Payload):
    """The matter is written down."""

    words: Words | None = None


class Classify(Payload):
    """Category, kind and severity, with the terms that follow from them (design 4a.3).

    `terms` is left out when `terms_digest` names terms that the order holds already.
    """

    category: str
    kind: Kind
    severity: Severity
    terms_digest: str
    terms: Terms | None = None


class Reclassify(Classify):
    """A later change of the classification, with its reason."""

    reason: Words
    move_later: bool = False  # a manager lets clocks fall due later too (CLK-24)


class Reclock(Classify):
    """Running clocks are counted again under the settings in force; category, kind and severity stay (CLK-31)."""

    reason: Words


class Promise(Payload):
    """A time window told to the owner, and what shall happen in it (CLK-11)."""

    act: Literal["arrive", "complete_handling", "give_feedback"] = "arrive"
    window_start_at: AwareDatetime
    window_end_at: AwareDatetime
    words: Words | None = None


class Arrive(Payload):
    """The person is on the spot; `before` shows how he found it (HND-02)."""

    before: Brought = ()


class Measure(Payload):
    """One thing that will be done: by whom and until which date (HND-08)."""

    person: str  # usr_…
    on: date
    words: Words


class GivePlan(Payload):
    """What will be done about the matter, and by which date (CLK-10). A date that changes needs the owner's consent.

    The date is that of the last measure; payloads from before there were measures say it as `on`.
    """

    on: date | None = None
    measures: Annotated[tuple[Measure, ...], Field(max_length=20, exclude_if=lambda measures: not measures)] = ()
    words: Words | None = None
    consent: bool = False

    @model_validator(mode="after")
    def _dated(self) -> Self:
        if self.on is None and not self.measures:
            raise PydanticCustomError("missing", "a plan needs a measure")
        return self

    @property
    def done_by(self) -> date:
        """The civil date by which all of it is done."""
        return max([measure.on for measure in self.measures] or [self.on or date.min])


class CompleteRectification(Payload):
    """The plan was carried out; the owner is invited to look at it."""

    words: Words


class SignOff(Payload):
    """The owner finds it well done."""

    by: Channel
    words: Words | None = None


class RefuseSignOff(Payload):
    """The owner does not; the plan is due again (HND-07)."""

    by: Channel
    reason: Words


class Suspend(Payload):
    """Pausable clocks stand still, for a listed reason and until an expected end (CLK-17)."""

    pause_reason: str
    expected_end_at: AwareDatetime
    words: Words | None = None
    part: Words | None = None  # waiting for parts: which one (HND-04)
    supplier: Words | None = None  # and from whom


class RequestSuspension(Suspend):
    """The same, where somebody else must approve it; the clocks run on until then."""


class Resume(Payload):
    """The clocks run again."""

    words: Words | None = None


class ApproveSuspension(Payload):
    """The request is granted, by somebody who did not make it."""

    words: Words | None = None


class RefuseSuspension(Payload):
    """The request is not granted."""

    reason: Words


class CompleteHandling(Payload):
    """The work is done: what caused it, what was done, and, in `words`, what came of it (HND-11).

    Visits are counted from arrivals; payloads from before that was so say their number.
    """

    words: Words
    found: Words | None = None
    measure: Words | None = None
    visits: Annotated[int, Field(ge=0, le=99)] | None = None
    before: Brought = ()
    after: Brought = ()
    without_photos: Words | None = None  # why there are none, says a supervisor (HND-02)


class GiveFeedback(Payload):
    """The owner is told in words: what was found, what was done; if refused, why and what else is open (FBK-01)."""

    kind: FeedbackKind
    by: Channel
    words: Words
    found: Words | None = None
    why_not: Words | None = None
    also_open: Words | None = None
    remedy_granted: Granted | None = None  # wanted of a result when a remedy was asked for (INT-08)
    group_line: Words | None = None  # neutral line for the group where the words were found (FBK-07)
    referred_to: Words | None = None  # the right address of what is out of scope (INT-15)
    apologises: bool = Field(default=False, exclude_if=lambda said: not said)  # the words do; the door has read them
    delivery: str | None = None  # the message that has arrived, msg_…; of a conversation none (FBK-04)
    leader: str | None = None  # whose word to several owners it is (GRP-01, GRP-06)


class OpenRecovery(Payload):
    """Something shall be made good for the owner: a rule of a ladder or a manager says so (ESC-15, CBK-10)."""

    clock: ClockName | None = None  # whose ladder asked for it
    words: Words | None = None


class Reopen(Payload):
    """The matter goes on."""

    reason: Words


class Urge(Payload):
    """The owner asks for speed (INT-18)."""

    by: Channel
    words: Words | None = None


class Withdraw(Payload):
    """The owner withdraws the matter (INT-16)."""

    by: Channel
    reason: Words


class Acknowledge(Payload):
    """The addressee of a ladder level has seen it (ESC-05). `turn` and `level` none = the latest."""

    clock: ClockName
    turn: int | None = None
    level: int | None = None


class Excuse(Payload):
    """A breach is not held against anybody; it stays on record (ESC-14). `generation`, `turn` none = the latest."""

    clock: ClockName
    generation: int | None = None
    turn: int | None = None
    reason: Words


class NameArrearsCause(Payload):
    """Why the household does not pay; bad service as the cause starts `verify` and `plan` (CLK-09, CLK-16)."""

    cause: ArrearsCause
    words: Words | None = None


class Verify(Payload):
    """What the owner complains of was looked into."""

    words: Words


class Note(Payload):
    """A remark for those who may read the order."""

    words: Words
    complained_of: Annotated[
        tuple[str, ...], Field(exclude_if=lambda staff: not staff)
    ] = ()  # the matter is about them
    attachments: Brought = ()
