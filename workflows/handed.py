"""What the relay must carry when an order, or a contractor's work, is handed on or given back (DSP-07, 08, HND-12)."""

from collections.abc import Iterator
from typing import Any

from domain import events as e
from domain.order import WorkOrder
from domain.vocabulary import LadderAction, Role, Stage
from workflows.effects import OutgoingRow

RETURNED = "returned"
RETURNED_AGAIN = "returned_again"
TRANSFERRED = "transferred"
NOT_TAKEN = "transfer_not_taken"
WORK_TO_CHECK = "work_to_check"
WORK_FAILED = "work_failed"
ASSIGNED = "assigned"
ASSIGNED_LATER = "assigned_later"
TURN_CAME = "turn_came"
MANY_RETURNS = 2
"""So many returns of one case are told to the service manager (DSP-07)."""


PieceEnded = e.AssignmentCompleted | e.AssignmentCancelled
Handed = e.Returned | e.Transferred | e.CompletionReported | e.ContractorWorkChecked | e.AssignmentAdded | PieceEnded


def handed(order: WorkOrder, event: Handed, seq: int) -> Iterator[OutgoingRow]:
    """Yield who is told; events from before there was anything to tell say so by what they leave out."""
    body: dict[str, Any]
    match event:
        case e.Transferred(until_accepted=True):
            body = {"role": Role.ASSIGNEE.value, "person": event.assignee, "giver": event.before}
            yield OutgoingRow(seq=seq, topic=TRANSFERRED, body={**case_of(order), **body})
        case e.Returned(kept_by=str(giver)):
            body = {"role": Role.ASSIGNEE.value, "person": giver, "return_reason": event.return_reason}
            yield OutgoingRow(seq=seq, topic=NOT_TAKEN, body={**case_of(order), **body})
        case e.Returned(number=int(number)):
            yield from _returned(order, event, seq, number)
        case e.CompletionReported() | e.ContractorWorkChecked():
            yield from _checked(order, event, seq)
        case e.AssignmentAdded():
            body = {"role": Role.ASSIGNEE.value, "person": event.assignee, "number": event.number}
            topic = ASSIGNED if event.after is None else ASSIGNED_LATER
            yield OutgoingRow(seq=seq, topic=topic, body={**case_of(order), **body})
        case e.AssignmentCompleted() | e.AssignmentCancelled() if order.terms.in_time:
            yield from _turns(order, event.number, seq)


def _turns(order: WorkOrder, ended: int, seq: int) -> Iterator[OutgoingRow]:
    """Tell everybody whose turn comes because the piece before his has ended (HND-13): one row, a message for each."""
    come = [{"person": one.assignee, "number": one.number} for one in order.assigned if one.after == ended]
    if come and order.stage in {Stage.DISPATCH, Stage.HANDLING}:
        body = {"role": Role.ASSIGNEE.value, "each": come}
        yield OutgoingRow(seq=seq, topic=TURN_CAME, body={**case_of(order), **body})


def _returned(order: WorkOrder, event: e.Returned, seq: int, number: int) -> Iterator[OutgoingRow]:
    """Tell the operators, who have it again; from the second return of a case on the service manager too."""
    said = {**case_of(order), "number": number, "return_reason": event.return_reason, "asked_by": event.assignee}
    yield OutgoingRow(seq=seq, topic=RETURNED, body={**said, "role": Role.DISPATCH_OPERATOR.value})
    if number >= MANY_RETURNS:
        yield OutgoingRow(seq=seq, topic=RETURNED_AGAIN, body={**said, "role": Role.SERVICE_MANAGER.value})


def _checked(
    order: WorkOrder, event: e.CompletionReported | e.ContractorWorkChecked, seq: int
) -> Iterator[OutgoingRow]:
    """Ask whoever answers for the contractor to look at its work; tell the contractor what failed (HND-12).

    What failed is noted as a fault by the contract, as a ladder notes one (DSP-06).
    """
    case = {**case_of(order), "team": event.contractor}
    match event:
        case e.CompletionReported():
            above = f"{Role.SERVICE_MANAGER},{Role.PROJECT_MANAGER}"
            body = {"role": Role.CONTRACTOR_SUPERVISOR.value, "above": above, "asked_by": event.author.actor}
            yield OutgoingRow(seq=seq, topic=WORK_TO_CHECK, body={**case, **body})
        case e.ContractorWorkChecked(passed=False):
            body = {"role": Role.ASSIGNEE.value, "person": event.assignee}
            body |= {"action": LadderAction.RECORD_CONTRACTOR_FAULT.value}
            yield OutgoingRow(seq=seq, topic=WORK_FAILED, body={**case, **body})


def case_of(order: WorkOrder) -> dict[str, Any]:
    """Return what the relay needs to know of an order to find persons and their quiet hours."""
    named = {"first_contact": order.first_contact, "assignee": order.assignee, "team": order.team}
    return {"community": order.community, "policy": order.terms.policy, "severity": order.severity.value, **named}
