"""Calendars as rows of the terms: hours in minutes, and the exceptions of the days around an instant."""

import hashlib
from collections.abc import Iterator, Mapping
from datetime import date, timedelta
from typing import Any

import rfc8785

from domain.settings.arrangements import CalendarEntry, HolidayData
from domain.settings.community import CommunityFile
from domain.settings.faults import Fault, fault
from domain.settings.gathering import gathered
from domain.terms import CalendarException, CalendarRow, DayHours
from domain.timekeeping.public_holidays import NamedDay, days_of_year, package_version

WEEKDAYS = ("mon", "tue", "wed", "thu", "fri", "sat", "sun")
DAY_MINUTES = 24 * 60
LOOK_BACK = timedelta(days=40)
"""How far before an instant exceptions are kept, so that a late entry is counted with the holidays it crossed."""
LOOK_AHEAD = timedelta(days=400)
"""How far after it (design 4a.3); a calendar that opens on none of these days never ends a clock (CLK-33)."""
LAPSE_WARNING = timedelta(days=90)
"""How long before the last confirmed day a calendar is warned about (CAL-11)."""

Spans = tuple[tuple[int, int], ...]
"""Open stretches `[start, end)` in minutes after local midnight; an end over 1440 is the next day."""


def span(text: str) -> tuple[int, int]:
    """Read `08:30-12:00`, `20:00-24:00` or `20:00-08:00+1` (CAL-02, CAL-03); raises ValueError."""
    opens, _, closes = text.partition("-")
    clock, plus, _ = closes.partition("+1")
    start, end = _minute(opens), _minute(clock) + (DAY_MINUTES if plus else 0)
    if not start < end or start >= DAY_MINUTES or end > start + DAY_MINUTES or not closes.endswith(clock + plus):
        raise ValueError(text)
    return start, end


def spans(texts: tuple[str, ...]) -> Spans:
    """Read the hours of one day, in order."""
    return tuple(sorted(span(text) for text in texts))


def week_of(entry: CalendarEntry) -> Mapping[int, Spans]:
    """Return the hours by weekday (0 = Monday); days that never open are left out."""
    open_by_day: dict[int, Spans] = {}
    for hours in entry.week:
        for day in hours.days:
            at = WEEKDAYS.index(day)
            open_by_day[at] = tuple(sorted((*open_by_day.get(at, ()), *spans(hours.open))))
    return dict(sorted(open_by_day.items()))


def calendar_row(entry: CalendarEntry, data: HolidayData, on: date) -> CalendarRow:
    """Write a calendar as a row of the terms, with the exceptions from 40 days before `on` to 400 days after it."""
    row = row_between(entry, data, on - LOOK_BACK, on + LOOK_AHEAD)
    return row._replace(version=version_of(entry, data))


def row_between(entry: CalendarEntry, data: HolidayData, first: date, last: date) -> CalendarRow:
    """Write a calendar as a row with the exceptions of some days, and no version yet."""
    if entry.kind == "always":
        return CalendarRow(entry.id, "", entry.zone)
    return CalendarRow(
        id=entry.id,
        version="",
        zone=entry.zone,
        week=tuple(DayHours(day, hours) for day, hours in week_of(entry).items()),
        exceptions=exceptions(entry, data, first, last),
        confirmed_until=entry.confirmed_until,
    )


def exceptions(entry: CalendarEntry, data: HolidayData, first: date, last: date) -> tuple[CalendarException, ...]:
    """List the days from `first` to `last` that differ from their weekday; a community's own day outranks a holiday."""
    found = {row.on: row for row in _holidays(entry, data, first, last)}
    found |= {day.on: CalendarException(day.on, spans(day.open), day.reason, "community") for day in entry.exception}
    return tuple(found[on] for on in sorted(found) if first <= on <= last)


def version_of(entry: CalendarEntry, data: HolidayData) -> str:
    """Digest a calendar's whole definition, holiday data included (CAL-13): equal definition, equal version."""
    written = data.get(entry.holidays or "", {})
    definition: dict[str, Any] = {
        "calendar": entry.model_dump(mode="json"),
        "holidays": {year: table.model_dump(mode="json") for year, table in written.items()},
        "package": package_version() if entry.holidays else None,
    }
    return hashlib.sha256(rfc8785.dumps(definition)).hexdigest()[:12]


def lapsing(file: CommunityFile, on: date) -> tuple[Fault, ...]:
    """Warn of calendars whose sure holiday data end within 90 days, those that end alike together (CAL-11)."""
    return gathered(
        fault(("calendar", at, "confirmed_until"), "holidays_lapse", name=entry.id, **_left(entry.confirmed_until, on))
        for at, entry in enumerate(file.calendar)
        if entry.confirmed_until and entry.confirmed_until - LAPSE_WARNING <= on
    )


def _left(until: date, on: date) -> dict[str, str]:
    """Say how far holiday data are sure, and how many days that is away."""
    days = (until - on).days
    if days < 0:
        return {"until": str(until), "zh": f"已过 {-days} 天", "en": f"{-days} days ago"}
    return {"until": str(until), "zh": f"还剩 {days} 天", "en": f"{days} days left"}


def _holidays(entry: CalendarEntry, data: HolidayData, first: date, last: date) -> Iterator[CalendarException]:
    """List holidays and make-up days as this calendar keeps them."""
    if not entry.holidays or (entry.on_holiday == "open" and entry.on_makeup_workday == "none"):
        return
    week = week_of(entry)
    for year in range(first.year, last.year + 1):
        for day in days_of_year(data, entry.holidays, year):
            yield from _kept(entry, week, day)


def _kept(entry: CalendarEntry, week: Mapping[int, Spans], day: NamedDay) -> Iterator[CalendarException]:
    """Yield the exception one public day makes in this calendar, or nothing (CAL-04, CAL-05, CAL-07)."""
    if day.kind == "makeup":
        if entry.on_makeup_workday == "open_as_weekday":
            yield CalendarException(day.on, _ordinary(week), day.name, day.kind)
        return
    opens_as_usual = day.kind == "block" and not entry.close_whole_block and day.on.weekday() in week
    if entry.on_holiday == "closed" and not opens_as_usual:
        yield CalendarException(day.on, (), day.name, day.kind)


def _ordinary(week: Mapping[int, Spans]) -> Spans:
    """Return the hours of the first ordinary weekday that opens."""
    return next(iter(week.values()), ())


def _minute(text: str) -> int:
    """Read `HH:MM`, up to 24:00."""
    hour, colon, minute = text.partition(":")
    if not (colon and len(hour) == len(minute) == 2 and (hour + minute).isdecimal()):  # noqa: PLR2004 - two digits each
        raise ValueError(text)
    value = int(hour) * 60 + int(minute)
    if int(minute) > 59 or value > DAY_MINUTES:  # noqa: PLR2004 - minutes of an hour
        raise ValueError(text)
    return value
