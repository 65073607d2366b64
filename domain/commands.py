"""Commands: their names, and the envelope, fixed for ever, in which each of them comes (glossary, section 4)."""

from collections.abc import Mapping
from enum import StrEnum
from typing import Any

from pydantic import AwareDatetime, BaseModel, ConfigDict, Field, ValidationError

from domain import payloads as p
from domain.audit import digest, instant_text
from domain.closing import payloads as closing
from domain.dispatch import assignment_payloads as assignment
from domain.groups import incident_payloads, merging_payloads
from domain.handling import payloads as h
from domain.refusals import Refused
from domain.vocabulary import Channel, Role


class CommandName(StrEnum):
    """Every command an order that lives can be given, in the order of its life."""

    RESPOND = "respond"
    CHANGE_FIRST_CONTACT = "change_first_contact"
    CLARIFY = "clarify"
    REGISTER = "register"
    CLASSIFY = "classify"
    RECLASSIFY = "reclassify"
    DISPATCH = "dispatch"
    GRAB = "grab"
    ACCEPT = "accept"
    RETURN = "return"
    TRANSFER = "transfer"
    ADD_ASSIGNMENT = "add_assignment"
    COMPLETE_ASSIGNMENT = "complete_assignment"
    CANCEL_ASSIGNMENT = "cancel_assignment"
    PROMISE = "promise"
    ARRIVE = "arrive"
    QUOTE = "quote"
    AGREE_TO_PRICE = "agree_to_price"
    DECLINE_PRICE = "decline_price"
    FLAG_CONFLICT = "flag_conflict"
    RECORD_CONFLICT_STEP = "record_conflict_step"
    RECORD_MEDIATION = "record_mediation"
    GIVE_PLAN = "give_plan"
    COMPLETE_RECTIFICATION = "complete_rectification"
    SIGN_OFF = "sign_off"
    REFUSE_SIGN_OFF = "refuse_sign_off"
    SUSPEND = "suspend"
    RESUME = "resume"
    REQUEST_SUSPENSION = "request_suspension"
    APPROVE_SUSPENSION = "approve_suspension"
    REFUSE_SUSPENSION = "refuse_suspension"
    ASSIGN_RESPONSIBILITY = "assign_responsibility"
    COMPLETE_HANDLING = "complete_handling"
    CHECK_CONTRACTOR_WORK = "check_contractor_work"
    GIVE_FEEDBACK = "give_feedback"
    COUNTERSIGN = "countersign"
    RECORD_CALLBACK = "record_callback"
    RECORD_ATTEMPT = "record_attempt"
    OPEN_RECOVERY = "open_recovery"
    COMPLETE_RECOVERY = "complete_recovery"
    REOPEN = "reopen"
    URGE = "urge"
    WITHDRAW = "withdraw"
    MERGE = "merge"
    ABSORB = "absorb"
    UNMERGE = "unmerge"
    CONFIRM_INCIDENT = "confirm_incident"
    DISMISS_INCIDENT = "dismiss_incident"
    ATTACH_TO_INCIDENT = "attach_to_incident"
    DETACH_FROM_INCIDENT = "detach_from_incident"
    GIVE_MASS_NOTICE = "give_mass_notice"
    SOLVE_TOGETHER = "solve_together"
    END_INCIDENT = "end_incident"
    REPORT_CHILDREN = "report_children"
    ACKNOWLEDGE = "acknowledge"
    EXCUSE = "excuse"
    RECLOCK = "reclock"
    NAME_ARREARS_CAUSE = "name_arrears_cause"
    VERIFY = "verify"
    NOTE = "note"


PAYLOADS: Mapping[CommandName, type[p.Payload]] = {
    CommandName.RESPOND: p.Respond,
    CommandName.CHANGE_FIRST_CONTACT: p.ChangeFirstContact,
    CommandName.CLARIFY: p.Clarify,
    CommandName.REGISTER: p.Register,
    CommandName.CLASSIFY: p.Classify,
    CommandName.RECLASSIFY: p.Reclassify,
    CommandName.DISPATCH: p.Dispatch,
    CommandName.GRAB: p.Grab,
    CommandName.ACCEPT: p.Accept,
    CommandName.RETURN: p.Return,
    CommandName.TRANSFER: p.Transfer,
    CommandName.ADD_ASSIGNMENT: assignment.AddAssignment,
    CommandName.COMPLETE_ASSIGNMENT: assignment.CompleteAssignment,
    CommandName.CANCEL_ASSIGNMENT: assignment.CancelAssignment,
    CommandName.PROMISE: p.Promise,
    CommandName.ARRIVE: p.Arrive,
    CommandName.QUOTE: h.Quote,
    CommandName.AGREE_TO_PRICE: h.AgreeToPrice,
    CommandName.DECLINE_PRICE: h.DeclinePrice,
    CommandName.FLAG_CONFLICT: h.FlagConflict,
    CommandName.RECORD_CONFLICT_STEP: h.RecordConflictStep,
    CommandName.RECORD_MEDIATION: h.RecordMediation,
    CommandName.GIVE_PLAN: p.GivePlan,
    CommandName.COMPLETE_RECTIFICATION: p.CompleteRectification,
    CommandName.SIGN_OFF: p.SignOff,
    CommandName.REFUSE_SIGN_OFF: p.RefuseSignOff,
    CommandName.SUSPEND: p.Suspend,
    CommandName.RESUME: p.Resume,
    CommandName.REQUEST_SUSPENSION: p.RequestSuspension,
    CommandName.APPROVE_SUSPENSION: p.ApproveSuspension,
    CommandName.REFUSE_SUSPENSION: p.RefuseSuspension,
    CommandName.ASSIGN_RESPONSIBILITY: h.AssignResponsibility,
    CommandName.COMPLETE_HANDLING: p.CompleteHandling,
    CommandName.CHECK_CONTRACTOR_WORK: h.CheckContractorWork,
    CommandName.GIVE_FEEDBACK: p.GiveFeedback,
    CommandName.COUNTERSIGN: closing.Countersign,
    CommandName.RECORD_CALLBACK: closing.RecordCallback,
    CommandName.RECORD_ATTEMPT: closing.RecordAttempt,
    CommandName.OPEN_RECOVERY: p.OpenRecovery,
    CommandName.COMPLETE_RECOVERY: closing.CompleteRecovery,
    CommandName.REOPEN: p.Reopen,
    CommandName.URGE: p.Urge,
    CommandName.WITHDRAW: p.Withdraw,
    CommandName.MERGE: merging_payloads.Merge,
    CommandName.ABSORB: merging_payloads.Absorb,
    CommandName.UNMERGE: merging_payloads.Unmerge,
    CommandName.CONFIRM_INCIDENT: incident_payloads.ConfirmIncident,
    CommandName.DISMISS_INCIDENT: incident_payloads.DismissIncident,
    CommandName.ATTACH_TO_INCIDENT: incident_payloads.AttachToIncident,
    CommandName.DETACH_FROM_INCIDENT: incident_payloads.DetachFromIncident,
    CommandName.GIVE_MASS_NOTICE: incident_payloads.GiveMassNotice,
    CommandName.SOLVE_TOGETHER: incident_payloads.SolveTogether,
    CommandName.END_INCIDENT: incident_payloads.EndIncident,
    CommandName.REPORT_CHILDREN: incident_payloads.ReportChildren,
    CommandName.ACKNOWLEDGE: p.Acknowledge,
    CommandName.EXCUSE: p.Excuse,
    CommandName.RECLOCK: p.Reclock,
    CommandName.NAME_ARREARS_CAUSE: p.NameArrearsCause,
    CommandName.VERIFY: p.Verify,
    CommandName.NOTE: p.Note,
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
    payload: p.Payload


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
