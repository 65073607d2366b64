"""Running clocks under other terms: never later by a classification, counted anew by `Reclock` (CLK-24, CLK-31)."""

from collections.abc import Iterator
from datetime import datetime, timedelta

from domain import events as e
from domain.lifecycle import CLOCK_RULES
from domain.order import WorkOrder
from domain.terms import ClockRow, Terms
from domain.timekeeping import limits
from domain.timekeeping.clocks import Clock, counting
from domain.timekeeping.ledger import runs
from domain.timekeeping.limits import Unit
from domain.vocabulary import ClockName

MICROSECOND = timedelta(microseconds=1)


def shortened(order: WorkOrder, terms: Terms, now: datetime) -> tuple[e.MovedClock, ...]:
    """Move running clocks to the earlier of their old due and now + the new limit (CLK-24)."""
    found = (_sooner(order, clock, row, terms, now) for clock, row in _open(order, terms))
    return tuple(move for move in found if move is not None)


def recounted(order: WorkOrder, terms: Terms, now: datetime) -> tuple[e.MovedClock, ...]:
    """Count running clocks from their start again, as if these terms had held; no due falls before now (CLK-31)."""
    moves = [(clock, _again(order, clock, row, terms, now)) for clock, row in _open(order, terms)]
    return tuple(move for clock, move in moves if _changes(order, clock, move))


def elapses(row: ClockRow, terms: Terms) -> bool:
    """Tell whether a limit ends at an instant that open time can't reach: 24:00, or the end of a window (CLK-29)."""
    instant = limits.parse(row.limit).unit in {Unit.DAYS, Unit.WINDOW_END}
    return terms.moving and instant and bool(terms.calendar_of(row).week)


def due_from(order: WorkOrder, row: ClockRow, terms: Terms, since: datetime) -> datetime:
    """Return when a duty that begins at an instant falls due: by its limit, or at the close of the plan's date."""
    calendar = counting(terms.calendar_of(row), elapsed=False)
    if row.name is ClockName.RECTIFY and order.plan is not None:
        return limits.close_of(order.plan.on, calendar)
    return limits.due(limits.parse(row.limit), since, calendar)


def goes_on_from(order: WorkOrder, name: ClockName, generation: int) -> Clock | None:
    """Return the clock of a generation before that one of this generation goes on from, if it does (CLK-25)."""
    rule = CLOCK_RULES.get(name)
    before = [c for c in order.clocks if c.name is name and c.generation < generation]
    return before[-1] if order.continues and before and rule is not None and not rule.restarts else None


def _open(order: WorkOrder, terms: Terms) -> Iterator[tuple[Clock, ClockRow]]:
    """Yield the clocks that can still be moved, with their rows; a promise is due when it was said to be."""
    for clock in order.running:
        row = terms.clock(clock.name)
        if row is not None and clock.breached_at is None and clock.name is not ClockName.PROMISE:
            yield clock, row


def _sooner(order: WorkOrder, clock: Clock, row: ClockRow, terms: Terms, now: datetime) -> e.MovedClock | None:
    if clock.name is ClockName.RECTIFY:  # due at a date that was agreed
        return None
    since = clock.held_until or now
    due, calendar = due_from(order, row, terms, since), counting(terms.calendar_of(row), elapsed=elapses(row, terms))
    if due >= order.due(clock):
        return None
    earlier = clock.earlier + order.used(clock, now)
    return _move(order, clock, row, terms, (calendar.open_between(since, due), timedelta(), earlier, now, since))


def _again(order: WorkOrder, clock: Clock, row: ClockRow, terms: Terms, now: datetime) -> e.MovedClock:
    calendar = counting(terms.calendar_of(row), elapsed=elapses(row, terms))
    before = goes_on_from(order, clock.name, clock.generation)
    begun = before.started_at if before else clock.started_at
    budget = calendar.open_between(begun, due_from(order, row, terms, begun))
    carried = min(before.consumed, budget) if before else timedelta()
    whole = clock.model_copy(update={"counted_from": None})
    spent = sum((calendar.open_between(*stretch) for stretch in runs(whole, now)), carried)
    since = clock.held_until or now
    move = _move(order, clock, row, terms, (budget, spent, timedelta(), clock.started_at, since))
    return move.model_copy(update={"carried_microseconds": carried // MICROSECOND or None})


def _move(
    order: WorkOrder,
    clock: Clock,
    row: ClockRow,
    terms: Terms,
    ledger: tuple[timedelta, timedelta, timedelta, datetime, datetime],
) -> e.MovedClock:
    """Write a move: the ledger is budget, consumed, earlier, where it counts from, and since when it goes on."""
    budget, consumed, earlier, counted_from, since = ledger
    elapsed, own = elapses(row, terms), counting(terms.calendar_of(row), elapsed=False)
    due = counting(terms.calendar_of(row), elapsed=elapsed).add(since, budget - consumed)
    return e.MovedClock(
        clock=clock.name,
        generation=clock.generation,
        turn=clock.turn,
        before_due_at=order.due(clock),
        due_at=due,
        provisional=own.provisional(due) or None,
        limit=row.limit,
        budget_microseconds=budget // MICROSECOND,
        consumed_microseconds=consumed // MICROSECOND,
        earlier_microseconds=earlier // MICROSECOND,
        counted_from=counted_from,
        calendar=terms.calendar_of(row).id,
        calendar_version=terms.calendar_of(row).version,
        ladder=terms.ladder_of(row).id,
        source=row.source,
        elapsed=elapsed or None,
    )


def _changes(order: WorkOrder, clock: Clock, move: e.MovedClock) -> bool:
    """Tell whether a move changes anything: a due, or the version of the calendar it was counted in."""
    old = order.terms_of(clock)
    row = old.clock(clock.name)
    return row is None or (move.due_at, move.calendar_version) != (order.due(clock), old.calendar_of(row).version)
