"""Hours that cannot be counted, found before a calendar is made of them (CAL-03)."""

from datetime import date
from itertools import chain, pairwise
from typing import NamedTuple

from domain.terms import CalendarRow
from domain.timekeeping.openings import DAY, Minutes, OpeningHours


class Clash(NamedTuple):
    """Two intervals that overlap: `since`-`closes` of a day, and one that opens on it, or on the day after."""

    on: int | date  # weekday from 0 (Monday), or a date
    since: int
    closes: int  # minutes after midnight of the day of `opens`, as that is
    opens: int
    overnight: bool = False


class BadCalendar(ValueError):  # noqa: N818 - the tree's names say what is wrong
    """Hours that cannot be counted: overlapping, empty, reversed, an unknown zone (CAL-03)."""

    def __init__(self, calendar: str, fault: str, clash: Clash | None = None) -> None:
        super().__init__(f"calendar {calendar}: {fault}")
        self.calendar = calendar
        self.fault = fault
        self.clash = clash


def check(row: CalendarRow, hours: OpeningHours) -> None:
    """Refuse what cannot be counted, naming weekday or date (CAL-03)."""
    if any(day.weekday not in range(7) for day in row.week):
        raise BadCalendar(row.id, "a weekday is a number from 0 (Monday) to 6 (Sunday)")
    if len(hours.exceptions) < len(row.exceptions):
        raise BadCalendar(row.id, "two exceptions on one date")
    for weekday, open_ in enumerate(hours.week):
        _check_day(row.id, weekday, open_)
    for day in hours.exceptions:
        _check_day(row.id, date.fromordinal(day), hours.minutes(day))
    for weekday, open_ in enumerate(hours.week):
        _check_night(row.id, weekday, open_, hours.week[(weekday + 1) % 7])
    for day in chain.from_iterable((day - 1, day) for day in hours.exceptions):
        _check_night(row.id, date.fromordinal(day), hours.minutes(day), hours.minutes(day + 1))


def _check_day(calendar: str, day: int | date, open_: Minutes) -> None:
    name = _named(day)
    for start, end in open_:
        if start >= end:
            raise BadCalendar(calendar, f"{name}: interval {start}-{end} is empty or reversed")
        if start < 0 or start >= DAY or end > 2 * DAY:
            raise BadCalendar(calendar, f"{name}: interval {start}-{end} does not belong to this day")
    for (since, closes), (opens, _) in pairwise(open_):
        if opens < closes:
            clash = Clash(day, since, closes, opens)
            raise BadCalendar(calendar, f"{name}: intervals overlap, one opens at {opens} before {closes}", clash)


def _check_night(calendar: str, day: int | date, open_: Minutes, tomorrow: Minutes) -> None:
    if open_ and tomorrow and open_[-1][1] > tomorrow[0][0] + DAY:
        clash = Clash(day, open_[-1][0], open_[-1][1] - DAY, tomorrow[0][0], overnight=True)
        raise BadCalendar(calendar, f"{_named(day)}: overlaps the next day, which opens at {tomorrow[0][0]}", clash)


def _named(day: int | date) -> str:
    return f"weekday {day}" if isinstance(day, int) else str(day)
