"""What merging makes of the state of both orders, and what undoing it gives back (GRP-02, GRP-08)."""

from collections.abc import Callable, Iterable
from datetime import datetime, timedelta

from domain import events as e
from domain.groups.merging_events import AbsorbedCase, MergedInto, SoonerClock
from domain.order import WorkOrder, identity
from domain.timekeeping.clocks import Clock
from domain.timekeeping.events import OneClock
from domain.vocabulary import ClockName, Outcome

WORK = frozenset(
    {
        *(ClockName.REGISTER, ClockName.DISPATCH, ClockName.ACCEPT, ClockName.ARRIVE, ClockName.HANDLING),
        *(ClockName.RECTIFY, ClockName.SIGN_OFF),
    }
)
"""Clocks of the work, which the survivor goes on with; what a reporter waits for stays with his own case (GRP-01)."""


def changed(order: WorkOrder, event: e.Event) -> WorkOrder:
    """Return an order after an event of merging."""
    match event:
        case e.Absorbed():
            return _absorbed(order, event)
        case e.Merged():
            clocks = tuple(_which(clock) for clock in order.running if ends(clock))
            into = {"survivor": event.survivor, "at": event.at, "until": event.until, "stage": order.stage}
            return order.changed(merged=MergedInto(**into, clocks=clocks), solved=False)
        case e.Unmerged(duplicate=str(duplicate)):
            return _released(order, duplicate)
        case e.Unmerged(went_on=True):
            return order.changed(merged=None)
        case e.Unmerged():
            return _restored(order)
        case _:
            raise TypeError(type(event).__name__)


def ends(clock: Clock) -> bool:
    """Tell whether merging ends a clock: those of the work, and a window in which nobody will come to this reporter."""
    return clock.name in WORK or (clock.name is ClockName.PROMISE and clock.act != "give_feedback")


def _absorbed(order: WorkOrder, event: e.Absorbed) -> WorkOrder:
    sooner = event.sooner or ()
    case = AbsorbedCase(order=event.duplicate, received_at=event.received_at, reporter=event.reporter, sooner=sooner)
    return _moved(order, sooner, lambda one: one.added).changed(
        absorbed=(*order.absorbed, case),
        own_received_at=order.own_received_at or order.received_at,
        received_at=min(order.received_at, event.received_at),
    )


def _released(order: WorkOrder, duplicate: str) -> WorkOrder:
    """Give back what was counted for a case: a clock that was breached meanwhile stays breached."""
    [case] = [one for one in order.absorbed if one.order == duplicate]
    left = tuple(one for one in order.absorbed if one.order != duplicate)
    received: list[datetime] = [one.received_at for one in left]
    own = order.own_received_at or order.received_at
    return _moved(order, case.sooner, lambda one: -one.added).changed(absorbed=left, received_at=min([own, *received]))


def _moved(order: WorkOrder, sooner: Iterable[SoonerClock], by: Callable[[SoonerClock], timedelta]) -> WorkOrder:
    added = {identity(one): by(one) for one in sooner}

    def moved(clock: Clock) -> Clock:
        which = (clock.name, clock.generation, clock.turn)
        if which not in added or not clock.running or clock.breached_at is not None:
            return clock
        return clock.model_copy(update={"consumed": clock.consumed + added[which]})

    return order.changed(clocks=tuple(map(moved, order.clocks)))


def _restored(order: WorkOrder) -> WorkOrder:
    """Let the clocks that merging had ended run on, as if they had never stopped."""
    into = order.merged
    if into is None:  # pragma: no cover - only a merged case says so
        raise ValueError(order.order_id)
    ended = {identity(one) for one in into.clocks}

    def restored(clock: Clock) -> Clock:
        if (clock.name, clock.generation, clock.turn) not in ended:
            return clock
        outcome = {"outcome": None, "running_since": into.at}
        return clock.model_copy(update=outcome) if clock.outcome in {Outcome.SUPERSEDED, Outcome.BREACHED} else clock

    return order.changed(merged=None, clocks=tuple(map(restored, order.clocks)))


def _which(clock: Clock) -> OneClock:
    return OneClock(clock=clock.name, generation=clock.generation, turn=clock.turn)
