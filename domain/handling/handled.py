"""How events of handling change an order."""

from typing import Any

from domain import events as e
from domain.dispatch.assigned import NO_TRANSFER
from domain.handling.state import Assignment, Conflict, Part, Price
from domain.order import WorkOrder
from domain.vocabulary import ConflictStep


def handled(order: WorkOrder, event: e.Event) -> dict[str, Any]:
    """Return the fields of an order that an event of handling changes."""
    match event:
        case e.Quoted():
            return {"price": Price(number=event.number, owner_total=event.owner_total)}
        case e.PriceAgreed() | e.PriceDeclined():
            agreed = isinstance(event, e.PriceAgreed)
            return {"price": Price(number=event.number, owner_total=event.owner_total, agreed=agreed)}
        case e.ConflictFlagged():
            return {"conflict": Conflict()}
        case e.ConflictStepRecorded():
            return {"conflict": _conflict(order.conflict, event)}
        case e.ResponsibilityAssigned():
            return {"responsibility": tuple(Part(share.party, share.percent) for share in event.shares)}
        case _:
            raise TypeError(type(event).__name__)


def _conflict(conflict: Conflict | None, event: e.ConflictStepRecorded) -> Conflict | None:
    """Return how far a conflict is after a step: over with the owner's yes, from the beginning again with his no."""
    if event.step is ConflictStep.FOLLOW_UP:
        return None if event.confirmed else Conflict()
    return Conflict(done=(*(conflict.done if conflict else ()), event.step))


def completed(
    order: WorkOrder, event: e.HandlingCompleted | e.CompletionReported | e.ContractorWorkChecked
) -> dict[str, Any]:
    """Return the fields that completed work changes: a contractor's waits to be checked, until it was (HND-12)."""
    worked = tuple(dict.fromkeys((*order.handlers, event.author.actor)))
    match event:
        case e.CompletionReported():
            return {"handlers": worked, "report": event}
        case e.ContractorWorkChecked():
            return {"report": None}
        case _:
            return {"handlers": worked, **NO_TRANSFER}


def shared(
    order: WorkOrder, event: e.AssignmentAdded | e.AssignmentCompleted | e.AssignmentCancelled
) -> dict[str, Any]:
    """Return the fields that further assignments change; whoever completes one has handled it (HND-13, CBK-02)."""
    if isinstance(event, e.AssignmentAdded):
        said = {"number": event.number, "assignee": event.assignee}
        given = Assignment(**said, after=event.after, contractor=event.contractor)
        return {"assignments": (*order.assignments, given)}
    ended = [o.model_copy(update={"ended": True}) if o.number == event.number else o for o in order.assignments]
    worked = (event.assignee, event.author.actor) if isinstance(event, e.AssignmentCompleted) else ()
    return {"assignments": tuple(ended), "handlers": tuple(dict.fromkeys((*order.handlers, *worked)))}
