"""Measures what a due costs: over 30 open days (at most 50 µs, warm) and over five years (under 10 ms, CAL-16)."""

from collections.abc import Callable
from datetime import UTC, date, datetime, timedelta
from timeit import repeat

from bench.figures import Figure, table
from bench.place import Place
from domain.terms import CalendarException, CalendarRow, DayHours
from domain.timekeeping.calendars import calendar_from
from domain.timekeeping.limits import due, parse
from domain.timekeeping.openings import stretch

ZONES = ("Asia/Shanghai", "America/Los_Angeles")
HOURS = ((510, 720), (810, 1050))  # 7 h 30 a day
WEEK = tuple(DayHours(weekday, HOURS) for weekday in range(5))
HOLIDAYS = tuple(
    CalendarException(date(2026, 1, 1) + timedelta(days=9 * n), (), "holiday", "statutory") for n in range(40)
)
START = datetime(2026, 3, 2, 6, 15, tzinfo=UTC)
OPEN_DAY = timedelta(hours=7.5)
FIVE_YEARS = OPEN_DAY * 250 * 5


def office(zone: str) -> CalendarRow:
    """Return an office of five days a week with forty holidays."""
    return CalendarRow(f"office {zone}", "bench", zone, WEEK, HOLIDAYS)


def microseconds(work: Callable[[], object], number: int) -> float:
    """Return the best of seven measurements, per call."""
    return min(repeat(work, number=number, repeat=7)) / number * 1e6


def cold(row: CalendarRow) -> None:
    """Compute a due over five years with nothing kept from before."""
    stretch.cache_clear()
    calendar_from.cache_clear()
    calendar_from(row).add(START, FIVE_YEARS)


def figures_of(zone: str) -> list[Figure]:
    """Return the figures of one zone, each the best of seven measurements."""
    row = office(zone)
    asked = (
        ("due over 30 open days, warm", lambda: calendar_from(row).add(START, OPEN_DAY * 30), 2000, "≤ 50"),
        ("30wd, warm", lambda: due(parse("30wd"), START, calendar_from(row)), 2000, "≤ 50"),
        ("due over five years, warm", lambda: calendar_from(row).add(START, FIVE_YEARS), 200, "≤ 10000"),
        ("due over five years, cold", lambda: cold(row), 1, "≤ 10000"),
    )
    return [
        Figure(f"calendar, {zone}", name, microseconds(work, number), "µs", bar) for name, work, number, bar in asked
    ]


async def measure(_place: Place) -> list[Figure]:
    """Measure a zone without and one with clock changes; no server has a part in it."""
    return [figure for zone in ZONES for figure in figures_of(zone)]


if __name__ == "__main__":
    print(table([figure for zone in ZONES for figure in figures_of(zone)]))
