"""Commands: the envelope, fixed for ever, and the payload of each command (glossary, section 4)."""

from collections.abc import Mapping
from enum import StrEnum
from typing import Annotated, Any, Literal

from pydantic import AwareDatetime, BaseModel, ConfigDict, Field, ValidationError

from domain.audit import digest, instant_text
from domain.refusals import Refused
from domain.terms import Terms
from domain.vocabulary import Channel, ClockName, FeedbackKind, Kind, Role, Severity


class CommandName(StrEnum):
    """Every command an order that lives can be given, in the order of its life."""

    RESPOND = "respond"
    CHANGE_FIRST_CONTACT = "change_first_contact"
    REGISTER = "register"
    CLASSIFY = "classify"
    RECLASSIFY = "reclassify"
    DISPATCH = "dispatch"
    ACCEPT = "accept"
    RETURN = "return"
    TRANSFER = "transfer"
    PROMISE = "promise"
    ARRIVE = "arrive"
    COMPLETE_HANDLING = "complete_handling"
    GIVE_FEEDBACK = "give_feedback"
    RECORD_CALLBACK = "record_callback"
    COMPLETE_RECOVERY = "complete_recovery"
    REOPEN = "reopen"
    URGE = "urge"
    WITHDRAW = "withdraw"
    ACKNOWLEDGE = "acknowledge"
    NOTE = "note"


class Payload(BaseModel):
    """What a command says beyond its envelope. Unknown fields are ignored: histories outlive this code."""

    model_config = ConfigDict(frozen=True)


class Words(Payload):
    """A reference to words that live encrypted in the record: the row, and the salted digest that proves them."""

    id: str
    digest: str


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


class CompleteHandling(Payload):
    """The work is done; cause, measure and result are in the words (HND-11)."""

    words: Words
    visits: Annotated[int, Field(ge=0, le=99)] = 1


class GiveFeedback(Payload):
    """The owner is told in words (FBK-01)."""

    kind: FeedbackKind
    by: Channel
    words: Words


class RecordCallback(Payload):
    """What the owner said at the callback (CBK-04)."""

    resolved: bool
    attitude: Annotated[int, Field(ge=1, le=5)]
    timeliness: Annotated[int, Field(ge=1, le=5)]
    quality: Annotated[int, Field(ge=1, le=5)]
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


class Note(Payload):
    """A remark for those who may read the order."""

    words: Words


PAYLOADS: Mapping[CommandName, type[Payload]] = {
    CommandName.RESPOND: Respond,
    CommandName.CHANGE_FIRST_CONTACT: ChangeFirstContact,
    CommandName.REGISTER: Register,
    CommandName.CLASSIFY: Classify,
    CommandName.RECLASSIFY: Reclassify,
    CommandName.DISPATCH: Dispatch,
    CommandName.ACCEPT: Accept,
    CommandName.RETURN: Return,
    CommandName.TRANSFER: Transfer,
    CommandName.PROMISE: Promise,
    CommandName.ARRIVE: Arrive,
    CommandName.COMPLETE_HANDLING: CompleteHandling,
    CommandName.GIVE_FEEDBACK: GiveFeedback,
    CommandName.RECORD_CALLBACK: RecordCallback,
    CommandName.COMPLETE_RECOVERY: CompleteRecovery,
    CommandName.REOPEN: Reopen,
    CommandName.URGE: Urge,
    CommandName.WITHDRAW: Withdraw,
    CommandName.ACKNOWLEDGE: Acknowledge,
    CommandName.NOTE: Note,
}


class Envelope(BaseModel):
    """The form in which every command reaches an order (design 4a.12). Final: histories hold it."""

    model_config = ConfigDict(frozen=True)

    v: int = 1
    command: str
    actor: str  # usr_… | resident:sub_… | system
    roles: tuple[Role, ...]
    channel: Channel  # the door, or the way by which the owner's words came
    request_id: str
    key: str  # SHA-256 (hex) of the idempotency key, never the key
    expected_version: int | None = None
    stated_at: AwareDatetime | None = None  # live channels: when it really happened
    payload: dict[str, Any] = Field(default_factory=dict)

    def content_digest(self) -> str:
        """Digest of what is asked, by whom: equal for a repetition, whatever its request id."""
        said = {"command": self.command, "actor": self.actor, "channel": self.channel, "payload": self.payload}
        stated = self.stated_at and instant_text(self.stated_at)
        optional = {"expected_version": self.expected_version, "stated_at": stated}
        return digest({**said, **{name: value for name, value in optional.items() if value is not None}})


class Command(BaseModel):
    """An envelope whose payload was read."""

    model_config = ConfigDict(frozen=True)

    name: CommandName
    envelope: Envelope
    payload: Payload


def read(envelope: Envelope) -> Command:
    """Read an envelope's payload, or refuse it as `unknown-command` or `malformed-command`.

    What has no canonical form (an integer over 2^53, half a surrogate pair) is refused here, before it is in a history.
    """
    if envelope.command not in set(CommandName):
        raise Refused("unknown-command", command=envelope.command)
    name = CommandName(envelope.command)
    try:
        payload = PAYLOADS[name].model_validate(envelope.payload)
        envelope.content_digest()
    except ValidationError as error:
        raise Refused("malformed-command", command=name, where=_places(error)) from None
    except (ValueError, RecursionError):
        raise Refused("malformed-command", command=name, where="payload") from None
    return Command.model_construct(name=name, envelope=envelope, payload=payload)


def _places(error: ValidationError) -> str:
    """Name the fields at fault, never their values."""
    faults = error.errors(include_url=False, include_input=False, include_context=False)
    return ", ".join(f"{'.'.join(str(part) for part in fault['loc'])} ({fault['type']})" for fault in faults)
