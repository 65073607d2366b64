"""Trying a policy: past orders held to its terms by the very rules of the clocks, before it is in force."""

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import NamedTuple

from domain.simulation.past_orders import Act, PastOrder
from domain.simulation.past_terms import Shelf
from domain.terms import CalendarRow, ClockRow, Terms
from domain.timekeeping import limits
from domain.timekeeping.clocks import Clock, Fired, counting, ladder_of, next_alarm
from domain.timekeeping.moving import elapses
from domain.vocabulary import ClockName, Role


class Span(NamedTuple):
    """The acts between which a clock runs, and the act after which it is owed no more."""

    starts: Act
    stops: Act
    drops: Act | None = None


DUTIES: Mapping[ClockName, Span] = {
    ClockName.RESPONSE: Span(Act.RECEIVED, Act.RESPONDED),
    ClockName.REGISTER: Span(Act.RECEIVED, Act.REGISTERED),
    ClockName.DISPATCH: Span(Act.REGISTERED, Act.DISPATCHED),
    ClockName.ACCEPT: Span(Act.DISPATCHED, Act.ACCEPTED),
    ClockName.ARRIVE: Span(Act.ACCEPTED, Act.ARRIVED, Act.COMPLETED),
    ClockName.PLAN: Span(Act.RECEIVED, Act.PLAN_GIVEN),
    ClockName.HANDLING: Span(Act.ACCEPTED, Act.COMPLETED),
    ClockName.FEEDBACK: Span(Act.RECEIVED, Act.FED_BACK),
    ClockName.RESULT_FEEDBACK: Span(Act.COMPLETED, Act.RESULT_TOLD),
    ClockName.CALLBACK: Span(Act.RESULT_TOLD, Act.CALLED_BACK),
    ClockName.COMPLETION: Span(Act.RECEIVED, Act.CLOSED),
}
"""What past orders can tell of `domain.lifecycle.CLOCK_RULES`: the first start of each clock in the first life."""


class Disturbance(NamedTuple):
    """One ladder level that would have fired, and the role it would have told."""

    clock: ClockName
    level: int
    role: Role
    at: datetime


class Judgement(NamedTuple):
    """What would have become of one clock. Without a due instant it is not judged: its start or its stop is unknown."""

    clock: ClockName
    due_at: datetime | None = None
    breached: bool = False
    late: timedelta = timedelta(0)  # open time of the clock's calendar from the due to the stop
    levels: tuple[Disturbance, ...] = ()


@dataclass
class Tally:
    """How often one clock would have been met or breached, and by how much."""

    met: int = 0
    late: list[timedelta] = field(default_factory=list)  # of each breach
    not_judged: int = 0

    @property
    def breached(self) -> int:
        """Breaches."""
        return len(self.late)

    @property
    def judged(self) -> int:
        """Clocks whose start and end are known."""
        return self.met + self.breached

    @property
    def breached_percent(self) -> float | None:
        """Breaches per cent of all that were judged; none when nothing was."""
        return 100 * self.breached / self.judged if self.judged else None

    def late_at(self, percent: int) -> timedelta | None:
        """Return the lateness that so many per cent of the breaches do not exceed; none without a breach."""
        ranked = sorted(self.late)
        return ranked[-(-len(ranked) * percent // 100) - 1] if ranked else None


@dataclass
class Simulation:
    """What a policy would have made of past orders."""

    orders: int = 0
    clocks: dict[ClockName, Tally] = field(default_factory=dict)
    disturbed: Counter[tuple[ClockName, int, Role]] = field(default_factory=Counter)

    def add(self, found: Iterable[Judgement]) -> None:
        """Count one order."""
        self.orders += 1
        for one in found:
            tally = self.clocks.setdefault(one.clock, Tally())
            if one.due_at is None:
                tally.not_judged += 1
            elif one.breached:
                tally.late.append(one.late)
                self.disturbed.update((level.clock, level.level, level.role) for level in one.levels)
            else:
                tally.met += 1

    def by_level(self) -> Counter[tuple[int, Role]]:
        """Count the levels of all clocks together."""
        found: Counter[tuple[int, Role]] = Counter()
        for (_, level, role), times in self.disturbed.items():
            found[level, role] += times
        return found


def simulate(shelf: Shelf, orders: Iterable[PastOrder], *, acknowledged: bool = True) -> Simulation:
    """Hold past orders to the terms of a settings file; raises `Refused` for a class the file does not offer.

    `acknowledged`: every level is acknowledged in time, so each fires at its `after`; otherwise nobody ever does, and
    silence brings each one forward (ESC-04).
    """
    simulation = Simulation()
    for order in orders:
        simulation.add(judgements(order, shelf.terms(order), acknowledged=acknowledged))
    return simulation


def judgements(order: PastOrder, terms: Terms, *, acknowledged: bool = True) -> Iterator[Judgement]:
    """Judge each clock of the terms that ran in this order, as far as past orders can tell of it."""
    for row in terms.clocks:
        span = DUTIES.get(row.name)
        if span is not None and _ran(order, row, span, terms):
            yield _judged(order, row, span, terms, acknowledged=acknowledged)


def _ran(order: PastOrder, row: ClockRow, span: Span, terms: Terms) -> bool:
    """Tell whether a clock began, or may have; a plan is due from reception where the category wants one (CLK-09)."""
    wanted = row.name is not ClockName.PLAN or terms.plan_required
    return wanted and (span.starts in order.acts or order.known_until is None)


def _judged(order: PastOrder, row: ClockRow, span: Span, terms: Terms, *, acknowledged: bool) -> Judgement:
    """Judge one clock: a stop at exactly the due instant is met (CLK-27)."""
    start, stop = order.acts.get(span.starts), order.acts.get(span.stops)
    end = stop or _silence(order, span)
    if start is None or end is None or end < start or row.name in order.untold:
        return Judgement(row.name)
    due = _due(row, terms, start)
    if end <= due:
        return Judgement(row.name, due) if stop else Judgement(row.name)
    levels = tuple(_levels(_breached(row, terms, start, due), terms, end, acknowledged=acknowledged))
    return Judgement(row.name, due, breached=True, late=_late(row, terms, due, end), levels=levels)


def _silence(order: PastOrder, span: Span) -> datetime | None:
    """Return up to when a clock that never stopped is known to have run: a due before that was missed."""
    if order.known_until is None:
        return None
    dropped = order.acts.get(span.drops) if span.drops else None
    return min(order.known_until, dropped or order.known_until)


def _due(row: ClockRow, terms: Terms, start: datetime) -> datetime:
    """Return when a clock that began at an instant falls due (CLK-28, CLK-29)."""
    limit, calendar = limits.parse(row.limit), terms.calendar_of(row)
    if limit.unit is limits.Unit.OPEN_SECONDS and _never_closes(calendar):
        return start + timedelta(seconds=limit.amount)
    return limits.due(limit, start, counting(calendar, elapsed=False))


def _late(row: ClockRow, terms: Terms, due: datetime, end: datetime) -> timedelta:
    """Return the open time from the due to the end."""
    calendar = terms.calendar_of(row)
    if elapses(row, terms) or _never_closes(calendar):
        return end - due
    return counting(calendar, elapsed=False).open_between(due, end)


def _never_closes(calendar: CalendarRow) -> bool:
    """Tell whether every second is open time: then no calendar is asked, which most clocks of a day spare."""
    return not (calendar.week or calendar.exceptions)


def _breached(row: ClockRow, terms: Terms, start: datetime, due: datetime) -> Clock:
    """Return a clock at its breach; what it used before is nothing its ladder asks for."""
    return Clock(
        name=row.name,
        generation=1,
        turn=1,
        terms_digest=terms.digest,
        started_at=start,
        budget=timedelta(0),
        running_since=start,
        breached_at=due,
    )


def _levels(clock: Clock, terms: Terms, end: datetime, *, acknowledged: bool) -> Iterator[Disturbance]:
    """Yield the levels that fire before the stop, at breach + `after` or earlier (ESC-03, ESC-04, CLK-26)."""
    levels = ladder_of(clock, terms).levels
    while (alarm := next_alarm(clock, terms)) is not None and alarm.at < end:
        yield Disturbance(clock.name, alarm.step, levels[alarm.step - 1].to, alarm.at)
        fired = Fired(level=alarm.step, acts_from=alarm.at, acknowledged=acknowledged)
        clock = clock.model_copy(update={"fired": (*clock.fired, fired)})
