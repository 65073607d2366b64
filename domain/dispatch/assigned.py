"""How the events of dispatching change who holds an order."""

from collections.abc import Mapping
from typing import Any, Final

from domain import events as e
from domain.order import WorkOrder

NO_TRANSFER: Final[Mapping[str, Any]] = {"receiver": None, "receiving_team": None}
"""Nobody has still to accept a transfer."""
NOBODY: Final[Mapping[str, Any]] = {
    "team": None,
    "assignee": None,
    "accepted": False,
    "arrived": False,
    "report": None,
    **NO_TRANSFER,
}


def assigned(
    order: WorkOrder, event: e.Dispatched | e.Grabbed | e.Accepted | e.Returned | e.Transferred
) -> Mapping[str, Any]:
    """Return the fields of an order that one of these events changes."""
    return {**_held(order, event), **_contractors(order, event)}


def _contractors(order: WorkOrder, event: e.Event) -> Mapping[str, Any]:
    """Keep of which contractor somebody is (HND-12)."""
    match event:
        case e.Dispatched(contractor=str(team)) | e.Grabbed(contractor=str(team)) | e.Transferred(contractor=str(team)):
            return {"contractors": {**order.contractors, event.assignee: team}}
        case _:
            return {}


def _held(
    order: WorkOrder, event: e.Dispatched | e.Grabbed | e.Accepted | e.Returned | e.Transferred
) -> Mapping[str, Any]:
    """Return who holds it now."""
    match event:
        case e.Accepted():
            return _accepted(order, event)
        case e.Grabbed():
            return {**_accepted(order, event), "team": event.team, "assignee": event.assignee}
        case e.Returned(kept_by=None):
            return {**NOBODY, "returns": order.returns + bool(event.number)}
        case e.Returned():
            return NO_TRANSFER
        case e.Transferred(until_accepted=True):
            return {"receiver": event.assignee, "receiving_team": event.team}
        case _:
            return {**NOBODY, "team": event.team, "assignee": event.assignee}


def _accepted(order: WorkOrder, event: e.Accepted | e.Grabbed) -> Mapping[str, Any]:
    """Return who holds it now; of a transfer it is the receiver from now on (DSP-08)."""
    handlers = (*(one for one in order.handlers if one != event.assignee), event.assignee)
    taken = {"accepted": True, "handlers": handlers}
    if order.receiver is None:
        return taken
    return {**NOBODY, "team": order.receiving_team, "assignee": event.assignee, **taken}
