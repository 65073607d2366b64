"""Explaining a deadline: each stretch that counted, each day and pause that did not, what it rests on (CLK-30)."""

from collections.abc import Iterator
from datetime import datetime, timedelta
from typing import NamedTuple

from domain.order import WorkOrder
from domain.terms import Terms
from domain.timekeeping.calendars import Calendar, Closure, Segment, calendar_from
from domain.timekeeping.clocks import Clock, calendar_of, ladder_of, next_alarm, row_of
from domain.timekeeping.ledger import stretches
from domain.vocabulary import LadderAction, Role


class Stood(NamedTuple):
    """One pause of a clock: `until` none = it lasts; `open_time` is what of its calendar was not counted (CLK-19)."""

    reason: str
    since: datetime
    until: datetime | None
    open_time: timedelta


class Warned(NamedTuple):
    """One warning: when so many per cent are used up, and whether it was given."""

    percent: int
    at: datetime
    given: bool
    provisional: bool  # beyond the confirmed holiday data (CAL-11), as the due it belongs to may be


class Step(NamedTuple):
    """One level of the ladder: when it came, or will come if nobody acknowledges any more; what became of it.

    Of a level that lies behind another one to come: when it comes if that one is acknowledged in time.
    """

    level: int
    role: Role
    action: LadderAction
    planned_at: datetime
    fired: bool
    acknowledged: bool
    provisional: bool  # it lies, or is counted from a due that lies, beyond the confirmed holiday data (CAL-11)


class Explanation(NamedTuple):
    """One deadline with everything it follows from; the lengths of `parts` and `carried` add up to `budget`."""

    clock: Clock
    terms: Terms
    limit: str
    source: str  # category | community | policy | default (CLK-08)
    accountable: Role
    calendar: Calendar  # in which it counts
    calendar_version: str
    due_at: datetime  # while it stands still: the latest it can become
    parts: tuple[Segment, ...]
    closures: tuple[Closure, ...]  # closed days between start and due, weekdays that never open included
    stands: tuple[Stood, ...]
    warnings: tuple[Warned, ...]
    steps: tuple[Step, ...]
    consumed: timedelta  # of the budget, up to now
    provisional: bool  # the due lies beyond the confirmed holiday data (CAL-11)

    @property
    def counted(self) -> timedelta:
        """Sum of the parts: the budget, less what a generation before had used."""
        return sum((part.end - part.start for part in self.parts), timedelta())


def explain(order: WorkOrder, clock: Clock, now: datetime) -> Explanation:
    """Explain one clock of an order as it stands at an instant, whether it runs, stands still or has ended."""
    terms = order.terms_of(clock)
    row, calendar = row_of(clock, terms), calendar_of(clock, terms)
    own = calendar_from(terms.calendar_of(row))
    due = clock.breached_at or deadline(clock, calendar)
    return Explanation(
        clock=clock,
        terms=terms,
        limit=row.limit,
        source=row.source,
        accountable=row.accountable,
        calendar=calendar,
        calendar_version=terms.calendar_of(row).version,
        due_at=due,
        parts=tuple(_parts(clock, calendar, due)),
        closures=() if clock.elapsed else tuple(own.closures(clock.counted_from or clock.started_at, due)),
        stands=tuple(_stood(clock, calendar, now)),
        warnings=tuple(_warnings(clock, terms, calendar)),
        steps=tuple(_steps(clock, terms, due)),
        consumed=order.used(clock, max(now, clock.started_at)),
        provisional=own.provisional(due),
    )


def deadline(clock: Clock, calendar: Calendar) -> datetime:
    """Return when the budget of a clock is, or would have been, used up; pauses that last count up to their cap."""
    return share(clock, calendar, 100)


def share(clock: Clock, calendar: Calendar, percent: int) -> datetime:
    """Return when so many per cent of the budget were or will be used up, by the ledger alone."""
    left = clock.budget * percent / 100 - clock.carried
    for start, end in stretches(clock):
        if end is None or calendar.open_between(start, end) >= left:
            return calendar.add(start, left)
        left -= calendar.open_between(start, end)
    raise AssertionError(clock.name)  # pragma: no cover - the last run has no end


def _parts(clock: Clock, calendar: Calendar, due: datetime) -> Iterator[Segment]:
    """Yield the counted intervals from the start to the due, without pauses."""
    for start, end in stretches(clock):
        yield from calendar.segments(start, min(end or due, due))


def _stood(clock: Clock, calendar: Calendar, now: datetime) -> Iterator[Stood]:
    for stand in clock.stands:
        end = stand.until or max(now, stand.since)
        yield Stood(stand.reason, stand.since, stand.until, calendar.open_between(stand.since, end))


def _warnings(clock: Clock, terms: Terms, calendar: Calendar) -> Iterator[Warned]:
    own = calendar_from(terms.calendar_of(row_of(clock, terms)))
    for percent in row_of(clock, terms).warn:
        at = share(clock, calendar, percent)
        yield Warned(percent, at, percent in clock.warned, own.provisional(at))


def _steps(clock: Clock, terms: Terms, due: datetime) -> Iterator[Step]:
    """Yield the levels of the ladder: those that fired, the next with what silence makes of it, the others (ESC-04)."""
    ladder = ladder_of(clock, terms)
    calendar = calendar_from(terms.calendars[ladder.calendar])
    fired = {one.level: one for one in clock.fired}
    coming = next_alarm(clock, terms)
    own = calendar_from(terms.calendar_of(row_of(clock, terms)))
    for number, level in enumerate(ladder.levels, start=1):
        seen = fired.get(number)
        planned = calendar.add(due, timedelta(seconds=level.after_s))
        if seen is not None:
            planned = seen.planned_at or seen.acts_from
        elif coming is not None and coming.step == number:
            planned = coming.at
        provisional = own.provisional(due) or calendar.provisional(planned)
        acknowledged = seen is not None and seen.acknowledged
        yield Step(number, level.to, level.action, planned, seen is not None, acknowledged, provisional)
