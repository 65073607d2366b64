"""Limits: how long a duty may take, as written in the settings, and the instant at which it falls due."""

import re
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from enum import StrEnum
from functools import lru_cache

from domain.timekeeping.calendars import Calendar

_LENGTH = re.compile(r"(?=[0-9])(?:([0-9]{1,5})h)?(?:([0-9]{1,5})m)?(?:([0-9]{1,5})s)?")
_DAYS = re.compile(r"([0-9]{1,4})(wd|d)")


class BadLimit(ValueError):  # noqa: N818 - the name says what is wrong
    """A limit that cannot be read, never ends, or is an instant that only a person can say (CLK-33)."""

    def __init__(self, text: str, fault: str) -> None:
        super().__init__(f"limit {text!r}: {fault}")
        self.text = text


class Unit(StrEnum):
    """How a limit is measured (CLK-29)."""

    OPEN_SECONDS = "s"
    OPEN_DAYS = "wd"
    DAYS = "d"
    PLAN_DATE = "plan_date"
    WINDOW_END = "window_end"


@dataclass(frozen=True, slots=True)
class Limit:
    """A limit: seconds of open time, open days, or civil days; the two instants said by a person have no amount."""

    unit: Unit
    amount: int = 0


@lru_cache(maxsize=512)
def parse(text: str) -> Limit:
    """Read "15m", "7h30m", "30s", "3wd", "5d", "plan_date" or "window_end"; at most five digits, four for days."""
    if text in (Unit.PLAN_DATE, Unit.WINDOW_END):
        return Limit(Unit(text))
    days = _DAYS.fullmatch(text)
    limit = Limit(Unit(days[2]), int(days[1])) if days else Limit(Unit.OPEN_SECONDS, seconds(text))
    if limit.amount <= 0:
        raise BadLimit(text, "would never run")
    return limit


def seconds(text: str) -> int:
    """Seconds of "0m", "30s", "15m", "7h30m": steps of a ladder and caps of pauses, zero allowed (ESC-03)."""
    length = _LENGTH.fullmatch(text)
    if length is None:
        raise BadLimit(text, 'expected a length such as "15m", "24h", "7h30m", "3wd" or "5d"')
    hours, minutes, rest = (int(part or 0) for part in length.groups())
    return hours * 3600 + minutes * 60 + rest


def due(limit: Limit, start: datetime, calendar: Calendar) -> datetime:
    """Instant (UTC) at which a limit that began at `start` falls due (CLK-28, CLK-29)."""
    match limit.unit:
        case Unit.OPEN_SECONDS:
            return calendar.add(start, timedelta(seconds=limit.amount))
        case Unit.OPEN_DAYS:
            return calendar.end_of_open_day(limit.amount, start)
        case Unit.DAYS:
            return calendar.end_of_day(limit.amount, start)
        case Unit.PLAN_DATE | Unit.WINDOW_END:
            raise BadLimit(limit.unit, "this instant stands in a command, not in the settings")


def close_of(on: date, calendar: Calendar) -> datetime:
    """Due of `plan_date`: close of the date, of the next open day when it is closed (CLK-10)."""
    return calendar.close_of(on)


def budget(start: datetime, instant: datetime, calendar: Calendar) -> timedelta:
    """Open time from the start of a clock to its due: what the ledger of a clock may use up (CLK-22)."""
    return calendar.open_between(start, instant)
