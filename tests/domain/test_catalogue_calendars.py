"""Calendars as they are pinned: holidays, make-up days, blocks, special days and versions."""

import tomllib
from copy import deepcopy
from datetime import date, timedelta
from pathlib import Path

import pytest

from domain.settings.reading import read
from domain.timekeeping.almanac import calendar_row, span, version_of
from domain.timekeeping.public_holidays import days_of_year, differences

DOCUMENT = tomllib.loads((Path(__file__).parents[2] / "examples" / "community.toml").read_text())
FILE = read(DOCUMENT)
MAKEUP = ["01-04", "02-14", "02-28", "05-09", "09-20", "10-10"]
OFFICE = ((510, 720), (810, 1050))


def row(name="office", on=date(2026, 1, 1), file=FILE):
    return calendar_row(file.calendars[name], file.holiday_data, on)


def days(calendar, kind, year=2026):
    return [f"{one.on:%m-%d}" for one in calendar.exceptions if one.kind == kind and one.on.year == year]


def changed(way, value):
    document = deepcopy(DOCUMENT)
    place = document
    for part in way[:-1]:
        place = place.setdefault(part, {}) if isinstance(place, dict) else place[part]
    place[way[-1]] = value
    return read(document)


SPANS = [("08:30-12:00", (510, 720)), ("20:00-08:00+1", (1200, 1920)), ("00:00-24:00", (0, 1440))]


@pytest.mark.parametrize(("text", "minutes"), SPANS)
def test_hours_are_minutes_after_midnight(text, minutes):
    """CAL-02, CAL-03: over midnight the end is past 1440; 24:00 is an end."""
    assert span(text) == minutes


@pytest.mark.parametrize("text", ["", "08:30", "12:00-08:00", "08:00-20:00+1-", "20:00-21:00+1", "24:00-25:00", "8-9"])
def test_hours_that_are_empty_reversed_or_longer_than_a_day_are_not_read(text):
    """CAL-03."""
    with pytest.raises(ValueError, match=r".*"):
        span(text)


def test_make_up_days_open_with_the_hours_of_a_weekday():
    """CAL-05, CAL-06: the six of 2026, and no others."""
    office = row()
    assert days(office, "makeup") == MAKEUP
    assert {one.open for one in office.exceptions if one.kind == "makeup"} == {OFFICE}


def test_statutory_and_bridge_days_are_told_apart():
    """CAL-08: National Day 2026 has three statutory days; 10-05 to 10-07 are bridge days, 10-04 a Sunday inside."""
    autumn = {f"{one.on:%m-%d}": (one.kind, one.name, one.open) for one in row().exceptions if one.on.month == 10}
    assert [autumn[f"10-0{day}"][0] for day in range(1, 8)] == ["statutory"] * 3 + ["block"] + ["bridge"] * 3
    assert autumn["10-01"] == ("statutory", "国庆节", ())


def test_the_blocks_of_2026_are_exact():
    """CAL-06: 33 days in seven blocks."""
    off = [one.on for one in days_of_year(FILE.holiday_data, "CN", 2026) if one.kind != "makeup"]
    blocks = [("01-01", 3), ("02-15", 9), ("04-04", 3), ("05-01", 5), ("06-19", 3), ("09-25", 3), ("10-01", 7)]
    expected = [date.fromisoformat(f"2026-{first}") + timedelta(days=n) for first, many in blocks for n in range(many)]
    assert off == expected


def test_a_calendar_that_closes_the_whole_block_closes_its_weekends_too():
    """CAL-07: eleven days of 2026, Sunday 10-04 among them, that the `holidays` table does not know (CAL-12)."""
    stores = row("stores")
    assert len(days(stores, "block")) == 11
    assert "10-04" in days(stores, "block")
    only = differences(FILE.holiday_data, "CN", 2026)
    assert [(side, f"{day.on:%m-%d}") for side, day in only] == [("file", on) for on in days(stores, "block")]


def test_without_close_whole_block_a_weekend_inside_it_is_an_ordinary_day():
    """CAL-07."""
    file = changed(("calendar", 5, "close_whole_block"), value=False)
    assert days(row("stores", file=file), "block") == []
    assert "10-03" in days(row("stores", file=file), "statutory")


@pytest.mark.parametrize("name", ["service_desk", "night_duty", "contact_hours", "always"])
def test_a_calendar_that_stays_open_on_holidays_has_no_exceptions(name):
    """CAL-04, CAL-02."""
    assert row(name).exceptions == ()


def test_a_calendar_may_close_on_holidays_and_ignore_make_up_days():
    """CAL-04, CAL-05: each is a setting of its own."""
    file = changed(("calendar", 1, "on_makeup_workday"), "none")
    assert days(row(file=file), "makeup") == []
    file = changed(("calendar", 1, "on_holiday"), "open")
    assert days(row(file=file), "makeup") == MAKEUP
    assert days(row(file=file), "statutory") == []


def test_years_the_file_does_not_write_come_from_the_package_and_are_not_sure():
    """CAL-11, CAL-12, ST-15: New Year 2027 closes, but the calendar is confirmed to the end of 2026 only."""
    office = row(on=date(2026, 12, 31))
    assert "01-01" in days(office, "statutory", 2027)
    assert office.confirmed_until == date(2026, 12, 31)


def test_united_states_federal_holidays_come_from_the_package():
    """CAL-12: observed days too, no make-up days."""
    office = row("sf_office", date(2026, 6, 1))
    named = {one.on: one.name for one in office.exceptions}
    assert named[date(2026, 7, 3)] == "Independence Day (observed)"
    assert named[date(2026, 11, 26)] == "Thanksgiving Day"
    assert days(office, "makeup") == []


def test_exceptions_reach_from_forty_days_before_to_four_hundred_after():
    """Design 4a.3; the days before let a late entry be counted right (CLK-06)."""
    office = row(on=date(2026, 10, 20))
    assert office.exceptions[0].on == date(2026, 9, 20)
    assert office.exceptions[-1].on <= date(2026, 10, 20) + timedelta(days=400)
    assert any(one.on.year == 2027 for one in office.exceptions)


def test_a_community_may_add_a_special_day_with_its_reason():
    """CAL-13: it outranks the holiday, and makes a new version."""
    special = [
        {"on": date(2026, 10, 1), "open": ["09:00-11:00"], "reason": "国庆值班"},
        {"on": date(2026, 6, 3), "reason": "停电检修"},
    ]
    file = changed(("calendar", 1, "exception"), special)
    found = {one.on: one for one in row(file=file).exceptions}
    assert found[date(2026, 10, 1)][1:] == (((540, 660),), "国庆值班", "community")
    assert found[date(2026, 6, 3)].open == ()
    assert row(file=file).version != row().version


CHANGES = [
    (("calendar", 1, "week", 0, "open"), ["08:30-12:00", "13:30-17:00"]),
    (("calendar", 1, "confirmed_until"), date(2026, 12, 30)),
    (("holiday_data", "CN", "2026", "makeup_workdays"), [date(2026, 1, 4)]),
    (("holiday_data", "CN", "2027"), {"status": "confirmed"}),
]


@pytest.mark.parametrize(("way", "value"), CHANGES, ids=lambda one: str(one)[:40])
def test_every_change_of_a_calendar_or_its_holidays_makes_a_new_version(way, value):
    """CAL-13, CLK-31."""
    file = changed(way, value)
    assert version_of(file.calendars["office"], file.holiday_data) != row().version


def test_a_version_does_not_change_with_the_day_or_with_another_calendar():
    """CAL-13: the same definition is the same version."""
    assert row(on=date(2026, 8, 1)).version == row().version
    file = changed(("calendar", 3, "name"), "夜班")
    assert row(file=file).version == row().version
    assert row("night_duty", file=file).version != row("night_duty").version
