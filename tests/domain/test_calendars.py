"""What counts as open time: kinds of calendars, clock changes, holidays, refusals, explanations, cost."""

from datetime import date, datetime, timedelta
from timeit import repeat

import pytest
from calendars_sample import (
    ALWAYS,
    BLOCK,
    MAKEUP,
    NIGHT_DUTY,
    OFFICE,
    SERVICE_DESK,
    STATUTORY,
    STORES,
    at,
    daily,
    marked,
    row,
    span,
)

from domain.timekeeping.calendars import Closure, Segment, SegmentKind, calendar_from
from domain.timekeeping.openings import STRETCH, stretch

MICROSECOND = timedelta(microseconds=1)


OPEN = [
    ("CAL-01 round the clock", ALWAYS, "10-01 03:00", True),
    ("CAL-01 first interval", OFFICE, "03-03 08:30", True),
    ("CAL-01 lunch", OFFICE, "03-03 12:30", False),
    ("CAL-01 the closing instant is closed", OFFICE, "03-03 12:00", False),
    ("CAL-01 second interval", OFFICE, "03-03 13:30", True),
    ("CAL-01 Sunday", OFFICE, "03-08 09:00", False),
    ("CAL-02 after midnight", NIGHT_DUTY, "10-02 07:59", True),
    ("CAL-02 daytime", NIGHT_DUTY, "10-02 12:00", False),
    ("CAL-03 the last minute before 24:00", row("late", daily((1200, 1440))), "03-03 23:59", True),
    ("CAL-03 but not 24:00", row("late", daily((1200, 1440))), "03-04 00:00", False),
    ("CAL-04 a holiday closes the office", OFFICE, "10-01 09:00", False),
    ("CAL-04 and leaves the desk open", SERVICE_DESK, "10-01 09:00", True),
    ("CAL-05 make-up Sunday", OFFICE, "09-20 09:00", True),
    ("CAL-07 Sunday in a block", STORES, "10-04 10:00", False),
    ("CAL-07 any other Sunday", STORES, "10-11 10:00", True),
]


@pytest.mark.parametrize(("case", "calendar", "instant", "expected"), OPEN)
def test_open_or_closed(case, calendar, instant, expected):
    assert expected == calendar_from(calendar).is_open(at(instant)), case


def test_a_shift_belongs_to_the_day_it_starts_on_also_for_holidays():
    """CAL-02: a holiday takes the night that begins on it, not the morning that ends the night before."""
    closed = row("night", daily((1200, 1920)), exceptions=marked("statutory", {"元旦": ["2026-01-01"]}))
    night = calendar_from(closed)
    assert night.is_open(at("01-01 07:00"))
    assert not night.is_open(at("01-01 21:00"))
    assert not night.is_open(at("01-02 07:00"))
    assert at("01-02 21:00") == night.add(at("01-01 07:30"), span(1, 30))


def test_an_exception_on_a_calendar_round_the_clock():
    """CAL-01, CAL-13: the exceptions lie on top of every kind."""
    closed = calendar_from(row("pool", exceptions=marked("community", {"清洗": ["2026-07-01"]})))
    assert at("07-02 01:00") == closed.add(at("06-30 23:00"), span(2))
    special = calendar_from(
        row("fair", daily((540, 600)), exceptions=marked("community", {"庙会": ["2026-07-01"]}, ((0, 60),)))
    )
    assert [Segment(at("07-01 00:00"), at("07-01 01:00"), SegmentKind.COMMUNITY, "庙会")] == list(
        special.segments(at("07-01 00:00"), at("07-02 00:00"))
    )


def test_the_year_2026_day_by_day():
    """CAL-04…CAL-06: open are the weekdays outside the blocks, and the six make-up days."""
    blocks = [(1, 1, 3), (2, 15, 23), (4, 4, 6), (5, 1, 5), (6, 19, 21), (9, 25, 27), (10, 1, 7)]
    closed = {date(2026, month, day) for month, first, last in blocks for day in range(first, last + 1)}
    makeup = {date.fromisoformat(day) for day in MAKEUP["调休上班"]}
    year = [date(2026, 1, 1) + timedelta(days=day) for day in range(365)]
    expected = {day for day in year if day in makeup or (day.weekday() < 5 and day not in closed)}
    office = calendar_from(OFFICE)
    assert expected == {day for day in year if office.is_open(at(f"{day} 09:00"))}
    assert span(7.5) * len(expected) == office.open_between(at("01-01 00:00"), at("2027-01-01 00:00"))


def test_a_block_closes_its_weekend_days():
    """CAL-07: eleven days of 2026 that no table of holidays names."""
    stores = calendar_from(STORES)
    closed = list(stores.closures(at("01-01 00:00"), at("12-31 00:00")))
    expected = {date.fromisoformat(day) for days in BLOCK.values() for day in days}
    assert expected == {closure.on for closure in closed if closure.kind == "block"}
    assert len(expected) == 11
    assert date(2026, 10, 4) in expected


def test_statutory_days_and_bridge_days_are_told_apart():
    """CAL-08: National Day is statutory from the first to the third."""
    closed = calendar_from(STORES).closures(at("09-30 16:45"), at("10-08 09:00"))
    kinds = ["statutory"] * 3 + ["block"] + ["bridge"] * 3
    assert [Closure(date(2026, 10, day), "国庆节", kind) for day, kind in enumerate(kinds, 1)] == list(closed)
    assert sum(map(len, STATUTORY.values())) == 14  # 2026 has thirteen, and New Year's Day of 2027


def test_a_calendar_counts_in_its_own_zone():
    """CAL-09: the same hours elsewhere are another time; what comes in with any zone goes out in UTC."""
    there = calendar_from(row("there", daily((540, 1020)), zone="America/Los_Angeles"))
    start = at("2026-07-06T23:30+08:00")  # 08:30 in Los Angeles
    assert at("2026-07-06T10:00-07:00") == there.add(start, span(1))
    assert there.add(start, span(1)).utcoffset() == timedelta(0)
    assert there.add(start, timedelta(0)).utcoffset() == timedelta(0)


WALL = [
    ("the skipped hour is no time", (60, 240), "2026-03-08", span(2)),
    ("an opening in the skipped hour is its change", (150, 240), "2026-03-08", span(1)),
    ("a close in the skipped hour is its change", (60, 150), "2026-03-08", span(1)),
    ("nothing is left of what lies in the skipped hour", (135, 165), "2026-03-08", span(0)),
    ("the hour that comes twice counts twice", (0, 240), "2026-11-01", span(5)),
    ("it belongs to who is open when it begins again", (60, 120), "2026-11-01", span(2)),
    ("an opening in it is the first of the two", (90, 240), "2026-11-01", span(3, 30)),
    ("a close in it is the first of the two", (0, 90), "2026-11-01", span(1, 30)),
    ("the day of the change has 23 hours", (0, 1440), "2026-03-08", span(23)),
    ("and in autumn 25", (0, 1440), "2026-11-01", span(25)),
]


@pytest.mark.parametrize(("case", "hours", "on", "expected"), WALL)
def test_elapsed_time_counts_on_the_day_of_a_clock_change(case, hours, on, expected):
    """CAL-10: an hour is 3,600 seconds; a skipped wall time means the change, a doubled one its first coming."""
    there = calendar_from(row("there", daily(hours), zone="America/Los_Angeles"))
    midnight = at(f"{on}T00:00-0{'8' if on.startswith('2026-03') else '7'}:00")
    assert expected == there.open_between(midnight, midnight + span(22)) + (
        there.open_between(midnight + span(22), midnight + span(23 if "03-08" in on else 25))
    ), case


@pytest.mark.parametrize("change", ["2026-03-08T10:00+00:00", "2026-11-01T09:00+00:00", "1991-09-14T15:00+00:00"])
@pytest.mark.parametrize("zone", ["America/Los_Angeles", "Asia/Shanghai", "Australia/Lord_Howe"])
def test_round_the_clock_is_elapsed_time(zone, change):
    """CAL-10: round the clock no zone adds or loses a microsecond."""
    start = datetime.fromisoformat(change) - span(7) + MICROSECOND
    calendar = calendar_from(row("always", zone=zone))
    assert start + span(30) == calendar.add(start, span(30))
    assert span(30) == calendar.open_between(start, start + span(30))


def test_a_day_that_a_zone_skipped_has_no_hours():
    """CAL-10: Samoa had no 30 December 2011."""
    samoa = calendar_from(row("samoa", daily((540, 600)), zone="Pacific/Apia"))
    start = at("2011-12-29T09:30-10:00")
    assert at("2011-12-31T09:30+14:00") == samoa.add(start, span(1))
    assert at("2011-12-31T10:00+14:00") == samoa.end_of_open_day(1, start)


def test_a_day_may_begin_before_the_last_hour_of_the_day_before_has_come_again():
    """CAL-10: in Newfoundland in 2002 it was 00:00 of the 27th, and then 23:01 of the 26th once more."""
    calendar = calendar_from(row("newfoundland", daily((0, 1)), zone="America/St_Johns"))
    assert span(minutes=30) == calendar.open_between(at("2002-10-26T20:00-02:30"), at("2002-10-26T23:30-03:30"))
    assert calendar.is_open(at("2002-10-26T23:30-03:30"))


def test_days_beyond_the_confirmed_data_are_provisional():
    """CAL-11: 24:00 of the last confirmed day is still sure, the instant after it is not."""
    office, desk = calendar_from(OFFICE), calendar_from(SERVICE_DESK)
    assert not office.provisional(at("2027-01-01 00:00"))
    assert office.provisional(at("2027-01-01 00:00") + MICROSECOND)
    assert not desk.provisional(at("2037-01-01 00:00"))


def test_each_clock_may_count_in_another_calendar():
    """CAL-14: the same limit from the same instant."""
    rows = (ALWAYS, SERVICE_DESK, OFFICE, NIGHT_DUTY)
    expected = [at("03-07 00:30"), at("03-07 12:00"), at("03-09 14:00"), at("03-07 00:30")]
    assert expected == [calendar_from(one).add(at("03-06 20:30"), span(4)) for one in rows]


def test_the_explanation_of_a_due_adds_up():
    """CLK-30: counted segments with kinds and names, closed days with the names of holidays (ST-04, ST-05)."""
    office, start = calendar_from(OFFICE), at("02-13 17:00")
    due = office.add(start, span(5))
    segments = list(office.segments(start, due))
    assert [
        Segment(start, at("02-13 17:30"), SegmentKind.NORMAL),
        Segment(at("02-14 08:30"), at("02-14 12:00"), SegmentKind.MAKEUP, "调休上班"),
        Segment(at("02-14 13:30"), due, SegmentKind.MAKEUP, "调休上班"),
    ] == segments
    assert span(5) == sum((segment.end - segment.start for segment in segments), timedelta(0))
    names = [closure.name for closure in office.closures(at("09-30 16:45"), at("10-08 17:15"))]
    assert names == ["国庆节"] * 3 + [""] + ["国庆节"] * 3


def test_segments_tell_nights_from_days_and_do_not_break_at_midnight():
    """CLK-30, CAL-02."""
    night = calendar_from(NIGHT_DUTY).segments(at("10-01 07:00"), at("10-01 21:00"))
    assert all(segment.kind is SegmentKind.OVER_MIDNIGHT for segment in night)
    always = calendar_from(ALWAYS).segments(at("10-01 23:50"), at("10-04 23:50"))
    assert [Segment(at("10-01 23:50"), at("10-04 23:50"), SegmentKind.ALWAYS)] == list(always)


def test_no_limit_is_used_up_at_once():
    """CLK-28: the earliest instant of nothing is the start, open or not."""
    office, closed = calendar_from(OFFICE), at("10-01 23:50")
    assert closed == office.add(closed, timedelta(0))
    assert timedelta(0) == office.open_between(at("03-03 11:00"), at("03-03 09:00"))
    assert at("03-03 12:00") == office.add(at("03-03 11:00"), span(1))


def test_microseconds_are_kept():
    """CLK-27: the difference between met and breached."""
    office = calendar_from(OFFICE)
    assert at("03-03 13:30") + MICROSECOND == office.add(at("03-03 11:00"), span(1) + MICROSECOND)
    assert timedelta(microseconds=1) == office.open_between(at("03-03 12:00") - MICROSECOND, at("03-03 13:30"))


def test_nights_are_whole_wherever_the_kept_stretches_meet():
    """CAL-02, CAL-16: fifty days are computed at once, and a shift may run from one fifty into the next."""
    night = calendar_from(NIGHT_DUTY)
    for day in range(STRETCH + 1):
        morning = at("03-02 02:00") + timedelta(days=day)
        assert night.is_open(morning)
        assert morning + span(6) == night.add(morning, span(6))
        assert span(6) == night.open_between(morning, morning + span(12))


def test_five_years_cost_no_steps():
    """CAL-16: one due over five years in under 10 ms; what it costs grows with fifties of days, not with minutes."""
    office, start, five_years = calendar_from(OFFICE), at("2025-12-31 17:00"), span(7.5) * 250 * 5
    before = stretch.cache_info()
    assert office.add(start, five_years).year == 2030
    after = stretch.cache_info()
    assert after.hits + after.misses - before.hits - before.misses <= 365 * 5 // 50 + 3
    assert min(repeat(lambda: office.add(start, five_years), number=1, repeat=5)) < 0.01
