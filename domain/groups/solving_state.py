"""What an incident makes of the state of a child: attached, solved with it, and taken out again (GRP-06, GRP-07)."""

from collections.abc import Mapping
from typing import Any, Final

from domain import events as e
from domain.dispatch.assigned import NO_TRANSFER
from domain.groups.incident_events import SolvedFrom
from domain.lifecycle import ends_of
from domain.order import WorkOrder
from domain.timekeeping.clocks import Clock

LEDGER: Final = ("outcome", "consumed", "running_since", "held_until", "stands")
"""What ending a clock changes of it."""
NOT_SOLVED: Final[Mapping[str, Any]] = {"solved": False, "solved_from": None, "apart_since": None}


def changed(order: WorkOrder, event: e.Event) -> WorkOrder:
    """Return an order after an event that an incident is the cause of."""
    match event:
        case e.AttachedToIncident():
            return order.changed(incident=event.incident, **NOT_SOLVED)
        case e.SolvedTogether():
            return _solved(order, event)
        case e.DetachedFromIncident():
            return _taken_out(order, event).changed(incident=None, **NOT_SOLVED)
        case _:
            raise TypeError(type(event).__name__)


def _solved(order: WorkOrder, event: e.SolvedTogether) -> WorkOrder:
    """Go on with the feedback, if the work was not done before; who did the incident's work has handled this too."""
    handlers = tuple(dict.fromkeys((*order.handlers, *event.handlers)))
    aside: dict[str, Any] = {"report": None, **NO_TRANSFER, "solved_from": _stood(order, event)}
    return order.changed(solved=True, handlers=handlers, apart_since=order.closed_at and event.at, **aside)


def _stood(order: WorkOrder, event: e.SolvedTogether) -> SolvedFrom | None:
    """Keep how a living child stands; what a merge solved is given back in its own way (docs/decisions/0013)."""
    if event.leader != order.incident or order.closed_at is not None:
        return None
    return SolvedFrom(
        stage=order.stage,
        clocks=tuple(clock for clock in order.running if any(ends(event) for ends in ends_of(clock))),
        pause=order.pause,
        handlers=order.handlers,
        report=order.report,
        receiver=order.receiver,
        receiving_team=order.receiving_team,
    )


def _taken_out(order: WorkOrder, event: e.DetachedFromIncident) -> WorkOrder:
    """Give back what the solving took: hands, and where the event says so the work with its clocks and its pause."""
    before = order.solved_from
    if before is None:
        return order
    order = order.changed(handlers=before.handlers)
    if event.back_to is None:
        return order
    was = {_which(clock): clock for clock in before.clocks}
    clocks = tuple(_again(clock, was[_which(clock)]) if _which(clock) in was else clock for clock in order.clocks)
    held = {"report": before.report, "receiver": before.receiver, "receiving_team": before.receiving_team}
    return order.changed(clocks=clocks, **held, **_paused(order, before))


def _paused(order: WorkOrder, before: SolvedFrom) -> Mapping[str, Any]:
    """Let a pause go on whose clocks stand still again: it ended with them, or at its cap, and will end there anew."""
    if before.pause is None or not any(clock.suspended for clock in before.clocks):
        return {}
    return {"pause": before.pause, "pauses": tuple(one for one in order.pauses if one.since != before.pause.since)}


def _again(clock: Clock, was: Clock) -> Clock:
    return clock.model_copy(update={name: getattr(was, name) for name in LEDGER})


def _which(clock: Clock) -> tuple[str, int, int]:
    return clock.name, clock.generation, clock.turn
