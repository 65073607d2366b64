"""Opening hours turned into instants: stretches of fifty civil days, computed once and kept."""

from bisect import bisect_left
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from enum import StrEnum
from functools import lru_cache
from itertools import accumulate
from operator import sub
from typing import NamedTuple
from zoneinfo import ZoneInfo

from domain.terms import CalendarException

DAY = 1440  # minutes of a civil day as written in a calendar
STRETCH = 50  # civil days computed at once
SECOND = timedelta(seconds=1)

Minutes = tuple[tuple[int, int], ...]
"""Intervals `[start, end)` in minutes after local midnight, in order; an end over 1440 is on the next day."""


class SegmentKind(StrEnum):
    """Why a stretch of time counts (CLK-30)."""

    NORMAL = "normal"
    MAKEUP = "makeup"
    OVER_MIDNIGHT = "over_midnight"
    ALWAYS = "always"
    COMMUNITY = "community"  # a special opening of any other exception


class Segment(NamedTuple):
    """One counted interval `[start, end)` in UTC; the name is that of the exception that opened it, or empty."""

    start: datetime
    end: datetime
    kind: SegmentKind
    name: str = ""


class Stretch(NamedTuple):
    """The open intervals that begin on fifty civil days, by instant, with running sums of open time."""

    segments: tuple[Segment, ...]
    starts: tuple[datetime, ...]
    ends: tuple[datetime, ...]
    used: tuple[timedelta, ...]  # open time from the beginning of the stretch to the end of each interval
    days: tuple[int, ...]  # ordinals of the open civil days
    closes: tuple[datetime, ...]  # close of each open day

    @property
    def total(self) -> timedelta:
        """All open time of the stretch."""
        return self.used[-1] if self.used else timedelta()

    def used_before(self, at: datetime) -> timedelta:
        """Open time of the stretch that lies before an instant."""
        index = bisect_left(self.starts, at) - 1
        if index < 0:
            return timedelta()
        return self.used[index] - max(self.ends[index] - at, timedelta())

    def used_up(self, span: timedelta) -> datetime:
        """Return the earliest instant before which the stretch has `span` of open time, 0 < span <= total (CLK-28)."""
        index = bisect_left(self.used, span)
        return self.ends[index] - (self.used[index] - span)


@dataclass(frozen=True, slots=True, eq=False)
class OpeningHours:
    """Checked hours of one calendar. Compared by identity, so that stretches are found without hashing the hours."""

    zone: ZoneInfo
    week: tuple[Minutes, ...]  # seven, from Monday
    exceptions: Mapping[int, CalendarException]  # by ordinal of the civil date
    kind: SegmentKind  # of an ordinary interval: NORMAL or ALWAYS

    def minutes(self, day: int) -> Minutes:
        """Open minutes of a civil day given by its ordinal; an exception replaces the weekday (CAL-01)."""
        exception = self.exceptions.get(day)
        return self.week[(day - 1) % 7] if exception is None else exception.open

    def segments(self, day: int, midnight: datetime) -> Iterator[Segment]:
        """Yield the open intervals that begin on a civil day (CAL-02), without those that a clock change swallows."""
        exception = self.exceptions.get(day)
        for start, end in self.minutes(day):
            opens, closes = instant(midnight, start), instant(midnight, end)
            if opens < closes:
                kind = self.kind if end <= DAY else SegmentKind.OVER_MIDNIGHT
                yield Segment(opens, closes, kind) if exception is None else _exceptional(opens, closes, exception)


def _exceptional(opens: datetime, closes: datetime, exception: CalendarException) -> Segment:
    kind = SegmentKind.MAKEUP if exception.kind == SegmentKind.MAKEUP else SegmentKind.COMMUNITY
    return Segment(opens, closes, kind, exception.name)


def midnight_of(day: int, zone: ZoneInfo) -> datetime:
    """Return 00:00 on the wall of a civil day given by its ordinal."""
    return datetime(1, 1, 1, tzinfo=zone) + timedelta(day - 1)


def instant(midnight: datetime, minute: int) -> datetime:
    """Return the first instant (UTC) at which the clock on the wall shows a minute of a civil day, or has passed it.

    An hour that is skipped shrinks to the instant of the change; of an hour that comes twice the first counts. So wall
    times never change their order, intervals that touch still touch, and only elapsed time is counted (CAL-10).
    """
    wall = midnight + timedelta(0, minute * 60)
    if wall.tzinfo is UTC:  # of a steady stretch: already an instant
        return wall
    found = wall.astimezone(UTC)
    return found if found.astimezone(midnight.tzinfo) == wall else _change(wall)


def _change(skipped: datetime) -> datetime:
    """Find the clock change that skips a time on the wall, to the second: it lies between its two readings."""
    before, after = skipped.replace(fold=1).astimezone(UTC), skipped.astimezone(UTC)
    old = before.astimezone(skipped.tzinfo).utcoffset()
    while after - before > SECOND:
        middle = before + (after - before) // SECOND // 2 * SECOND
        if middle.astimezone(skipped.tzinfo).utcoffset() == old:
            before = middle
        else:
            after = middle
    return after


def _midnights(zone: ZoneInfo, first: int) -> dict[int, datetime]:
    """Return 00:00 of each day of a stretch: on the wall, or as an instant (UTC) when no clock change is near.

    Noons at one offset have no change between them: changes of a zone lie at least 95 hours apart (tzdata 2026f).
    """
    origin, noon = midnight_of(first, zone), midnight_of(first, zone) + timedelta(hours=12)
    steady = len({(noon + timedelta(day)).utcoffset() for day in range(-1, STRETCH + 2)}) == 1
    origin = origin.astimezone(UTC) if steady else origin
    return {first + day: origin + timedelta(day) for day in range(STRETCH)}


@lru_cache(maxsize=4096)
def stretch(hours: OpeningHours, number: int) -> Stretch:
    """Compute the stretch of the civil days from ordinal 50 × number; it is kept, its cost is paid once (CAL-16)."""
    midnights = _midnights(hours.zone, number * STRETCH)
    days = {day: tuple(hours.segments(day, midnight)) for day, midnight in midnights.items()}
    segments = tuple(segment for found in days.values() for segment in found)
    starts, ends = tuple(s.start for s in segments), tuple(s.end for s in segments)
    used = tuple(accumulate(map(sub, ends, starts)))
    closes = {day: found[-1].end for day, found in days.items() if found}
    return Stretch(segments, starts, ends, used, tuple(closes), tuple(closes.values()))
