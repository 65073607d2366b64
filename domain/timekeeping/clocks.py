"""A clock is a budget and a ledger, never a stored target: due and alarms follow from them (CLK-22)."""

from datetime import datetime, timedelta
from typing import NamedTuple

from pydantic import AwareDatetime, BaseModel, ConfigDict

from domain.groups.child_clock import ChildClock
from domain.terms import CalendarRow, ClockRow, LadderRow, Terms
from domain.timekeeping.calendars import Calendar, calendar_from
from domain.vocabulary import ClockName, Outcome

BREACH = 0
PAUSE_OVER = 10_000
"""Step of the alarm at which a pause has lasted as long as it may (CLK-20); no ladder is so high."""
LATE_AFTER = timedelta(minutes=1)
"""Processing later than this after the planned instant is marked `late`: no queue of a healthy machine is that long."""


class Fired(BaseModel):
    """One ladder level that fired. `acts_from` is where its `ack_within` counts from (ESC-04)."""

    model_config = ConfigDict(frozen=True)

    level: int
    acts_from: AwareDatetime
    acknowledged: bool = False
    planned_at: AwareDatetime | None = None  # when it was due; none = kept before 0.4.0, then `acts_from` at the latest


class Stand(BaseModel):
    """One stretch in which a clock stood still, for a listed reason; without end while it lasts (CLK-19)."""

    model_config = ConfigDict(frozen=True)

    since: AwareDatetime
    until: AwareDatetime | None = None
    reason: str


class Clock(BaseModel):
    """One timed duty: what it may use, what it has used, and since when it runs."""

    model_config = ConfigDict(frozen=True)

    name: ClockName
    generation: int
    turn: int
    terms_digest: str
    started_at: AwareDatetime
    budget: timedelta  # open time of the clock's calendar
    consumed: timedelta = timedelta(0)
    running_since: AwareDatetime | None  # none = stopped, or standing still
    held_until: AwareDatetime | None = None  # while it stands still: it runs again by then at the latest (CLK-20)
    stands: tuple[Stand, ...] = ()
    counted_from: AwareDatetime | None = None  # where the present budget counts from, if not from its start (CLK-24)
    earlier: timedelta = timedelta(0)  # used of budgets given up since, see counted_from
    carried: timedelta = timedelta(0)  # of `consumed`: used in the generation before (CLK-25, `continue`)
    elapsed: bool = False  # counts every second, though its calendar closes: limits in `d` and windows (CLK-29)
    act: str | None = None  # of a promise: what keeps it
    warned: tuple[int, ...] = ()
    breached_at: AwareDatetime | None = None
    excused: bool = False
    fired: tuple[Fired, ...] = ()
    outcome: Outcome | None = None
    children: tuple[ChildClock, ...] = ()  # of an entry of an incident: the clocks of children it stands for

    @property
    def running(self) -> bool:
        """Whether the duty is still owed."""
        return self.outcome is None

    @property
    def suspended(self) -> bool:
        """Whether it stands still and will run again."""
        return self.held_until is not None and self.running


class Alarm(NamedTuple):
    """One instant at which a clock speaks; everything but `at` is its identity, and it speaks once (ESC-07)."""

    at: datetime
    generation: int
    clock: ClockName
    turn: int
    step: int  # minus the per cent of a warning, 0 for the breach, the number of a ladder level, or PAUSE_OVER


def row_of(clock: Clock, terms: Terms) -> ClockRow:
    """Return the row of the terms that a clock was started with."""
    row = terms.clock(clock.name)
    if row is None:  # pragma: no cover - a clock starts from its row
        raise LookupError(clock.name)
    return row


def calendar_of(clock: Clock, terms: Terms) -> Calendar:
    """Return the calendar in which a clock counts."""
    return counting(terms.calendar_of(row_of(clock, terms)), elapsed=clock.elapsed)


def counting(row: CalendarRow, *, elapsed: bool) -> Calendar:
    """Return a calendar of the terms, or the one of the same zone that never closes."""
    return calendar_from(CalendarRow(row.id, row.version, row.zone) if elapsed else row)


def ladder_of(clock: Clock, terms: Terms) -> LadderRow:
    """Return the ladder that follows the clock's breach."""
    return terms.ladder_of(row_of(clock, terms))


def at_share(clock: Clock, terms: Terms, percent: int) -> datetime:
    """Return the instant at which so many per cent of the budget are used up (ESC-01; 100 = due, CLK-28)."""
    since = clock.running_since or clock.held_until or clock.started_at
    return calendar_of(clock, terms).add(since, clock.budget * percent / 100 - clock.consumed)


def due(clock: Clock, terms: Terms) -> datetime:
    """Return the earliest instant at which the limit is used up; once breached, that very instant.

    While a clock stands still: the latest it can become, when nobody resumes it before the cap of its pause.
    """
    return clock.breached_at or at_share(clock, terms, 100)


def used(clock: Clock, terms: Terms, at: datetime) -> timedelta:
    """Return the open time used up to an instant, pauses excluded."""
    since = clock.running_since
    return clock.consumed if since is None else clock.consumed + calendar_of(clock, terms).open_between(since, at)


def next_alarm(clock: Clock, terms: Terms) -> Alarm | None:
    """Return the next alarm of one clock: its alarms come one after the other, so there is never more than one next."""
    if not clock.running or clock.running_since is None:
        return None
    if clock.breached_at is not None:
        return _next_level(clock, terms, clock.breached_at)
    left = sorted(set(row_of(clock, terms).warn) - set(clock.warned))
    if left:  # of the first phase, warnings come by their per cent, at one instant too, as after a recount
        return _alarm(clock, at_share(clock, terms, left[0]), -left[0])
    return _alarm(clock, due(clock, terms), BREACH)


def _next_level(clock: Clock, terms: Terms, breached_at: datetime) -> Alarm | None:
    """Return the next ladder level: at breach + `after`, or earlier when the one before was not acknowledged."""
    ladder = ladder_of(clock, terms)
    reached = len(clock.fired)
    if reached >= len(ladder.levels):
        return None
    calendar = calendar_from(terms.calendars[ladder.calendar])
    planned = calendar.add(breached_at, timedelta(seconds=ladder.levels[reached].after_s))
    early = [] if reached == 0 else _unacknowledged(clock.fired[-1], ladder, calendar, breached_at)
    return _alarm(clock, min([planned, *early]), reached + 1)


def _unacknowledged(last: Fired, ladder: LadderRow, calendar: Calendar, breached_at: datetime) -> list[datetime]:
    """Return when silence about a level sets off the one after it (ESC-04, ESC-05).

    Of a level that urges fired before the breach, silence counts from the breach on (INT-18).
    """
    within = ladder.levels[last.level - 1].ack_within_s
    if last.acknowledged or within is None:
        return []
    return [calendar.add(max(last.acts_from, breached_at), timedelta(seconds=within))]


def _alarm(clock: Clock, at: datetime, step: int) -> Alarm:
    return Alarm(at, clock.generation, clock.name, clock.turn, step)
