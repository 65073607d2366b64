"""Calendars: open time of an office, a desk, a shift, and the arithmetic of limits on it."""

from bisect import bisect_left, bisect_right
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from functools import lru_cache
from itertools import chain, count
from typing import NamedTuple
from zoneinfo import ZoneInfo

from domain.terms import CalendarException, CalendarRow
from domain.timekeeping.bad_hours import BadCalendar, Clash, check
from domain.timekeeping.openings import (
    DAY,
    STRETCH,
    Minutes,
    OpeningHours,
    Segment,
    SegmentKind,
    Stretch,
    instant,
    midnight_of,
    stretch,
)

__all__ = ["BadCalendar", "Calendar", "Clash", "Closure", "NeverOpen", "Segment", "SegmentKind", "calendar_from"]

FAR = 400  # days without open time after which a search gives up (CLK-33)
INSTANT = timedelta(microseconds=1)
OVERHANG = timedelta(days=2)  # an interval ends at most this long after the midnight of its day


class NeverOpen(ValueError):  # noqa: N818 - the same
    """A calendar without open time in the next 400 days, in which no limit could end (CLK-33)."""

    def __init__(self, calendar: str) -> None:
        super().__init__(f"calendar {calendar}: no open time within {FAR} days")
        self.calendar = calendar


class Closure(NamedTuple):
    """One closed civil date: a named holiday, bridge day or block, or a plain `weekday` that is never open."""

    on: date
    name: str  # empty for a plain weekday
    kind: str  # statutory | bridge | block | community | weekday


@dataclass(frozen=True, slots=True, eq=False)
class Calendar:
    """Open time in one zone. Instants may come in any zone and leave in UTC; a naive datetime is refused (CAL-09)."""

    id: str
    version: str
    hours: OpeningHours
    confirmed_until: date | None

    @property
    def zone(self) -> ZoneInfo:
        """Zone in which the hours are written and civil dates are meant."""
        return self.hours.zone

    def add(self, start: datetime, span: timedelta) -> datetime:
        """Earliest instant at which `span` of open time has been used up since `start` (CLK-28); none is `start`."""
        begin, left = _utc(start), span
        if left <= timedelta():
            return begin
        for found in self._stretches(begin):
            wanted = found.used_before(begin) + left
            if wanted <= found.total:
                return found.used_up(wanted)
            left = wanted - found.total
        raise NeverOpen(self.id)

    def open_between(self, start: datetime, end: datetime) -> timedelta:
        """Open time from `start` to `end`; none when `end` is not after `start`."""
        begin, until = _utc(start), max(_utc(start), _utc(end))
        parts = (found.used_before(until) - found.used_before(begin) for found in self._between(begin, until))
        return sum(parts, timedelta())

    def is_open(self, at: datetime) -> bool:
        """Whether an instant counts; the opening instant does, the closing instant does not."""
        return any(self.segments(at, at + INSTANT))

    def open_from(self, at: datetime) -> datetime:
        """Return the first open instant from an instant on."""
        return self.add(at, INSTANT) - INSTANT

    def segments(self, start: datetime, end: datetime) -> Iterator[Segment]:
        """Yield the counted intervals from `start` to `end` in UTC, clipped; their sum is `open_between` (CLK-30)."""
        begin, until = _utc(start), _utc(end)
        found = chain.from_iterable(_inside(found, begin, until) for found in self._between(begin, until))
        return _joined(found)

    def closures(self, start: datetime, end: datetime) -> Iterator[Closure]:
        """Yield the closed civil dates from that of `start` to that of `end`, with holiday names (CLK-30, CAL-08)."""
        for day in range(self._day(start), self._day(end) + 1):
            if not self.hours.minutes(day):
                exception = self.hours.exceptions.get(day)
                name, kind = (exception.name, exception.kind) if exception else ("", "weekday")
                yield Closure(date.fromordinal(day), name, kind)

    def end_of_open_day(self, n: int, start: datetime) -> datetime:
        """Close of the Nth open day after the civil day of `start`, n >= 1: limits in `wd` (CLK-29)."""
        return self._open_day(n, self._day(start))[1]

    def end_of_day(self, n: int, start: datetime) -> datetime:
        """24:00 of the Nth day after that of `start`, or of the next open day after it: limits in `d` (CLK-29)."""
        return instant(midnight_of(self._open_day(1, self._day(start) + n - 1)[0], self.zone), DAY)

    def close_of(self, on: date) -> datetime:
        """Close of a civil date, of the next open day when it is closed (CLK-10)."""
        return self._open_day(1, on.toordinal() - 1)[1]

    def next_day(self, at: datetime) -> datetime:
        """Midnight after the civil day of an instant, in the calendar's zone."""
        return instant(midnight_of(self._day(at), self.zone), DAY)

    def provisional(self, at: datetime) -> bool:
        """Whether a due lies beyond the last day with confirmed holiday data; its 24:00 does not (CAL-11)."""
        last = (_utc(at) - INSTANT).astimezone(self.zone).date()
        return self.confirmed_until is not None and last > self.confirmed_until

    def _day(self, at: datetime) -> int:
        return _utc(at).astimezone(self.zone).toordinal()

    def _open_day(self, n: int, after: int) -> tuple[int, datetime]:
        """Ordinal and close of the Nth open day after a civil day."""
        if n < 1:
            raise ValueError(f"calendar {self.id}: open day number {n}")
        for found in self._stretches(instant(midnight_of(after, self.zone), DAY)):
            index = bisect_right(found.days, after) + n - 1
            if index < len(found.days):
                return found.days[index], found.closes[index]
            n = index - len(found.days) + 1
        raise NeverOpen(self.id)

    def _stretches(self, since: datetime) -> Iterator[Stretch]:
        """Stretches from the one that holds `since`, until at least 400 days in a row were closed (CLK-33)."""
        closed = 0
        for number in count(self._day(since - OVERHANG) // STRETCH):
            found = stretch(self.hours, number)
            closed = 0 if found.ends and found.ends[-1] > since else closed + 1
            if closed > FAR // STRETCH + 1:
                return
            yield found

    def _between(self, start: datetime, end: datetime) -> Iterator[Stretch]:
        first, last = self._day(start - OVERHANG) // STRETCH, self._day(end + OVERHANG) // STRETCH
        return (stretch(self.hours, number) for number in range(first, last + 1))


@lru_cache(maxsize=512)
def calendar_from(row: CalendarRow) -> Calendar:
    """Return the calendar of a row of the terms; hours that overlap, are empty or reversed are refused (CAL-03)."""
    hours = OpeningHours(
        zone=_zone(row),
        week=tuple(_minutes(row, weekday) for weekday in range(7)),
        exceptions={found.on.toordinal(): _sorted(found) for found in row.exceptions},
        kind=SegmentKind.NORMAL if row.week else SegmentKind.ALWAYS,
    )
    check(row, hours)
    return Calendar(row.id, row.version, hours, row.confirmed_until)


def _utc(at: datetime) -> datetime:
    if at.tzinfo is None:
        raise ValueError(f"naive datetime {at.isoformat()}: an instant needs a zone")
    return at.astimezone(UTC)


def _inside(found: Stretch, start: datetime, end: datetime) -> Iterator[Segment]:
    for segment in found.segments[bisect_right(found.ends, start) : bisect_left(found.starts, end)]:
        yield segment._replace(start=max(segment.start, start), end=min(segment.end, end))


def _joined(segments: Iterator[Segment]) -> Iterator[Segment]:
    """Join intervals of one kind that touch, so that a day round the clock does not break at midnight."""
    last: Segment | None = None
    for segment in segments:
        if last is not None and (last.end, last.kind, last.name) == (segment.start, segment.kind, segment.name):
            last = last._replace(end=segment.end)
            continue
        if last is not None:
            yield last
        last = segment
    if last is not None:
        yield last


def _zone(row: CalendarRow) -> ZoneInfo:
    try:
        return ZoneInfo(row.zone)
    except (KeyError, ValueError, OSError) as unknown:
        raise BadCalendar(row.id, f"unknown zone {row.zone!r}") from unknown


def _minutes(row: CalendarRow, weekday: int) -> Minutes:
    """Open minutes of a weekday; without a week every day is open from 00:00 to 24:00 (CAL-01)."""
    if not row.week:
        return ((0, DAY),)
    return tuple(sorted(chain.from_iterable(hours.open for hours in row.week if hours.weekday == weekday)))


def _sorted(found: CalendarException) -> CalendarException:
    return found._replace(open=tuple(sorted(found.open)))
