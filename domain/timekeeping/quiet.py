"""Quiet hours: the stretch of every night in which nobody off duty is disturbed (ESC-09)."""

from datetime import datetime, timedelta
from typing import NamedTuple

from domain.terms import CalendarRow, DayHours
from domain.timekeeping.almanac import DAY_MINUTES, span
from domain.timekeeping.calendars import calendar_from

LONGEST = timedelta(days=2)
"""No quiet time is so long: it ends within a day of its beginning."""


class QuietHours(NamedTuple):
    """Minutes after local midnight from which on it is quiet, and before which; an end over 1440 is the next day."""

    start: int
    end: int

    def until(self, zone: str, at: datetime) -> datetime | None:
        """Return when the quiet time ends that an instant lies in (UTC); None when it lies in none."""
        week = tuple(DayHours(day, ((self.start, self.end),)) for day in range(7))
        nights = calendar_from(CalendarRow("quiet_hours", "", zone, week))
        night = next(nights.segments(at, at + LONGEST), None)
        return night.end if night is not None and night.start <= at else None


def quiet_hours(text: str) -> QuietHours:
    """Read `22:00-07:00`; an end that is not after the start is the next day's. Raises ValueError."""
    try:
        start, end = span(text)
    except ValueError:
        start, end = span(f"{text}+1")
    if end - start >= DAY_MINUTES:
        raise ValueError(text)
    return QuietHours(start, end)
