"""The acceptance stories as far as they are arithmetic on calendars."""

import pytest
from calendars_sample import (
    ALWAYS,
    CONTACT_HOURS,
    NIGHT_DUTY,
    OFFICE,
    SERVICE_DESK,
    SF_ALWAYS,
    SF_NIGHT,
    STORES,
    at,
    span,
)

from domain.timekeeping.calendars import calendar_from
from domain.timekeeping.limits import due, parse

DUES = [
    ("ST-01 response CLK-02", ALWAYS, "10-01 23:50", "15m", "10-02 00:05"),
    ("ST-01 feedback CLK-03", ALWAYS, "10-01 23:50", "24h", "10-02 23:50"),
    ("ST-04 CAL-04 CAL-06", OFFICE, "09-30 16:45", "8h", "10-08 17:15"),
    ("ST-05 CLK-28 CAL-05", OFFICE, "02-13 17:00", "4h", "02-14 12:00"),
    ("ST-05 one minute more", OFFICE, "02-13 17:00", "4h1m", "02-14 13:31"),
    ("ST-06 CAL-05", OFFICE, "09-18 17:00", "2h", "09-20 10:00"),
    ("ST-07 CAL-05", OFFICE, "05-08 17:20", "5h", "05-09 14:50"),
    ("ST-07 CAL-05", OFFICE, "10-09 17:00", "1h", "10-10 09:00"),
    ("ST-07 CAL-05", OFFICE, "02-27 17:00", "1h", "02-28 09:00"),
    ("ST-08 CAL-06", OFFICE, "2025-12-31 17:00", "1h", "01-04 09:00"),
    ("ST-09 CLK-29", OFFICE, "02-14 10:00", "3wd", "02-26 17:30"),
    ("ST-09 CLK-29", OFFICE, "02-14 10:00", "5wd", "02-28 17:30"),
    ("ST-09 from a closed day", OFFICE, "02-15 10:00", "3wd", "02-26 17:30"),
    ("ST-10 CLK-29", OFFICE, "09-30 16:45", "3wd", "10-10 17:30"),
    ("ST-10 CLK-29", OFFICE, "09-30 16:45", "7wd", "10-15 17:30"),
    ("ST-10 CLK-29", OFFICE, "09-18 16:00", "1wd", "09-20 17:30"),
    ("ST-11 lunch CAL-01", OFFICE, "03-03 12:30", "30m", "03-03 14:00"),
    ("ST-11 holiday CAL-04", OFFICE, "02-18 10:00", "2h", "02-24 10:30"),
    ("ST-12 CAL-02", NIGHT_DUTY, "10-01 07:00", "2h", "10-01 21:00"),
    ("ST-12 CAL-02", NIGHT_DUTY, "10-01 23:30", "1h", "10-02 00:30"),
    ("ST-12 CLK-28", NIGHT_DUTY, "10-01 23:00", "9h", "10-02 08:00"),
    ("ST-13 CAL-07", STORES, "10-03 16:30", "1h", "10-08 10:00"),
    ("ST-14 CAL-10 spring", SF_ALWAYS, "2026-03-07T10:00-08:00", "24h", "2026-03-08T11:00-07:00"),
    ("ST-14 CAL-10 autumn", SF_ALWAYS, "2026-10-31T10:00-07:00", "24h", "2026-11-01T09:00-08:00"),
    ("ST-14 CAL-10 spring night", SF_NIGHT, "2026-03-07T23:30-08:00", "5h", "2026-03-08T05:30-07:00"),
    ("ST-14 CAL-10 autumn night", SF_NIGHT, "2026-10-31T23:30-07:00", "5h", "2026-11-01T03:30-08:00"),
    ("ST-14 CAL-10 Shanghai", ALWAYS, "1991-09-14T10:00+09:00", "24h", "1991-09-15T09:00+08:00"),
    ("ST-15 CAL-11", OFFICE, "12-31 17:00", "1h", "2027-01-04 09:00"),
    ("ST-16 CLK-19", OFFICE, "03-05 14:00", "8h", "03-06 14:30"),
    ("ST-17 cap CLK-20", OFFICE, "04-03 16:00", "15h", "04-08 16:00"),
    ("ST-17 cap CLK-20", OFFICE, "04-29 15:00", "37h30m", "05-09 15:00"),
    ("ST-18 CLK-23", ALWAYS, "07-06 10:00", "15m", "07-06 10:15"),
    ("ST-19 ordinary CLK-24", SERVICE_DESK, "05-12 10:05", "4h", "05-12 14:05"),
    ("ST-19 urgent CLK-24", ALWAYS, "05-12 10:40", "30m", "05-12 11:10"),
    ("ST-22 ESC-09 level 3", ALWAYS, "11-05 15:40", "8h", "11-05 23:40"),
    ("ST-23 ESC-03 level 2", OFFICE, "10-10 17:30", "7h30m", "10-12 17:30"),
    ("ST-23 ESC-04 unacknowledged", OFFICE, "10-10 17:30", "2h", "10-12 10:30"),
    ("ST-23 ESC-03 level 3", OFFICE, "10-10 17:30", "22h30m", "10-14 17:30"),
    ("ST-24 CBK-01 CAL-14", CONTACT_HOURS, "06-18 18:30", "9h", "06-19 18:30"),
    ("ST-25 CLK-25", ALWAYS, "03-10 15:20", "24h", "03-11 15:20"),
    ("ST-26 FEE-04 verify", SERVICE_DESK, "05-05 19:45", "30m", "05-06 08:15"),
    ("ST-26 CLK-09 plan", ALWAYS, "05-05 19:45", "24h", "05-06 19:45"),
]


@pytest.mark.parametrize(("story", "row", "start", "limit", "expected"), DUES)
def test_due_of_the_story(story, row, start, limit, expected):
    assert at(expected) == due(parse(limit), at(start), calendar_from(row)), story


WARNINGS = [
    ("ST-01 ESC-01", ALWAYS, "10-01 23:50", 15, 50, "10-01 23:57:30"),
    ("ST-01 ESC-01", ALWAYS, "10-01 23:50", 15, 80, "10-02 00:02:00"),
    ("ST-04 ESC-01", OFFICE, "09-30 16:45", 480, 80, "10-08 15:39"),
    ("ST-08 earliest instant CLK-28", OFFICE, "2025-12-31 17:00", 60, 50, "2025-12-31 17:30"),
    ("ST-08 ESC-01", OFFICE, "2025-12-31 17:00", 60, 80, "01-04 08:48"),
]


@pytest.mark.parametrize(("story", "row", "start", "minutes", "percent", "expected"), WARNINGS)
def test_warning_of_the_story(story, row, start, minutes, percent, expected):
    assert at(expected) == calendar_from(row).add(at(start), span(minutes=minutes) * percent / 100), story


def test_a_pause_counts_only_the_open_time_in_it():
    """ST-16, CLK-19: nights and the weekend inside a pause add nothing."""
    office = calendar_from(OFFICE)
    start, suspended, resumed = at("03-05 14:00"), at("03-06 10:00"), at("03-09 10:00")
    assert span(5) == office.open_between(start, suspended)
    assert span(7, 30) == office.open_between(suspended, resumed)
    assert at("03-09 14:30") == office.add(resumed, span(8) - office.open_between(start, suspended))


def test_a_new_version_of_a_calendar_leaves_the_old_one_as_it_was():
    """ST-15, CAL-11, CAL-13, CLK-31: confirmed data of 2027 come as another row; the pinned row keeps its due."""
    start = at("12-31 17:00")
    before = calendar_from(OFFICE).add(start, span(1))
    bridged = OFFICE.exceptions[0]._replace(on=at("2027-01-04 00:00").date(), open=(), kind="bridge")
    newer = OFFICE._replace(
        version="2027.1", exceptions=(*OFFICE.exceptions, bridged), confirmed_until=bridged.on.replace(month=12, day=31)
    )
    assert calendar_from(OFFICE).provisional(before)
    assert at("2027-01-05 09:00") == calendar_from(newer).add(start, span(1))
    assert not calendar_from(newer).provisional(before)
    assert before == calendar_from(OFFICE).add(start, span(1))
