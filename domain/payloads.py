"""What each command says beyond its envelope (glossary, section 4)."""

from datetime import date
from typing import Annotated, Literal

from pydantic import AwareDatetime, Field

from domain.intake_payloads import Clarify, Granted
from domain.payload import Payload, Words
from domain.terms import Terms
from domain.vocabulary import ArrearsCause, Channel, ClockName, FeedbackKind, Kind, Severity

__all__ = ["Clarify", "Payload", "Words"]
"""Names of other modules that are found here, so that all have one namespace."""


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


class Dispatch(Payload):
    """The order is given to a team and offered to a person."""

    team: str
    assignee: str
    mode: str = "assign"


class Accept(Payload):
    """The person takes it."""


class Return(Payload):
    """The person gives it back to the operators."""

    reason: Words


class Transfer(Payload):
    """The order goes to another person, who must accept it."""

    assignee: str
    team: str | None = None  # none = same team
    reason: Words


class Promise(Payload):
    """A time window told to the owner, and what shall happen in it (CLK-11)."""

    act: Literal["arrive", "complete_handling", "give_feedback"] = "arrive"
    window_start_at: AwareDatetime
    window_end_at: AwareDatetime
    words: Words | None = None


class Arrive(Payload):
    """The person is on the spot."""


class GivePlan(Payload):
    """What will be done about the matter, and by which date (CLK-10). A date that changes needs the owner's consent."""

    on: date
    words: Words
    consent: bool = False


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
    """The work is done; cause, measure and result are in the words (HND-11)."""

    words: Words
    visits: Annotated[int, Field(ge=0, le=99)] = 1


class GiveFeedback(Payload):
    """The owner is told in words (FBK-01)."""

    kind: FeedbackKind
    by: Channel
    words: Words
    remedy_granted: Granted | None = None  # wanted of a result when a remedy was asked for (INT-08)
    group_line: Words | None = None  # neutral line for the group where the words were found (FBK-07)
    referred_to: Words | None = None  # the right address of what is out of scope (INT-15)


class RecordCallback(Payload):
    """What the owner said at the callback (CBK-04)."""

    resolved: bool
    attitude: Annotated[int, Field(ge=1, le=5)]
    timeliness: Annotated[int, Field(ge=1, le=5)]
    quality: Annotated[int, Field(ge=1, le=5)]
    words: Words | None = None


class OpenRecovery(Payload):
    """Something shall be made good for the owner: a rule of a ladder or a manager says so (ESC-15, CBK-10)."""

    clock: ClockName | None = None  # whose ladder asked for it
    words: Words | None = None


class CompleteRecovery(Payload):
    """Apology, visit and remedy are done (CBK-10)."""

    words: Words


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
