"""CAL-15: the laws of counting, over generated calendars and against a second opinion that steps minutes."""

from datetime import UTC, date, datetime, timedelta
from itertools import pairwise

import oracle
from calendars_sample import row
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from domain.terms import CalendarException, DayHours
from domain.timekeeping.calendars import calendar_from

DAYS = 4 * 1440  # minutes an oracle steps at most
NEAR = [  # the evening before a clock change, and one quiet zone
    ("America/Los_Angeles", date(2026, 3, 7)),
    ("America/Los_Angeles", date(2026, 10, 31)),
    ("Australia/Lord_Howe", date(2026, 4, 4)),  # half an hour
    ("Australia/Lord_Howe", date(2026, 10, 3)),
    ("Asia/Shanghai", date(1991, 4, 13)),
    ("Asia/Shanghai", date(1991, 9, 14)),
    ("America/Sao_Paulo", date(2018, 11, 3)),  # 00:00 is skipped
    ("America/Sao_Paulo", date(2018, 2, 17)),  # 23:00 comes twice
    ("America/St_Johns", date(2002, 10, 26)),  # 23:01 to 00:01 comes twice
    ("Asia/Shanghai", date(2026, 2, 13)),
]
NOON = 720
checked = settings(deadline=None, max_examples=25, suppress_health_check=[HealthCheck.too_slow])


@st.composite
def intervals(draw, first=0):
    """Some hours of one day, a quarter at a time or to the minute, none of them touching the next day."""
    cuts = sorted(
        draw(st.sets(st.integers(first, 1440) | st.integers(0, 96).map(lambda q: max(first, q * 15)), max_size=6))
    )
    return tuple((a, b) for a, b in list(pairwise(cuts))[::2])


@st.composite
def calendars(draw):
    """Build a calendar around a clock change: hours, nights that end before noon and the next opening, exceptions."""
    zone, near = draw(st.sampled_from(NEAR))
    days = [draw(intervals()) for _ in range(7)]
    nights = [draw(st.booleans()) for _ in range(7)]
    week = tuple(DayHours(day, _with_night(days[day], days[(day + 1) % 7], nights[day])) for day in range(7))
    on = near + timedelta(days=draw(st.integers(-1, 2)))
    special = CalendarException(
        on, draw(st.just(()) | intervals(NOON)), "特别", draw(st.sampled_from(["block", "makeup"]))
    )
    exceptions = (special,) if draw(st.booleans()) else ()
    week = () if draw(st.integers(0, 9)) == 0 else week
    return row("drawn", week, zone, exceptions), near


def _with_night(today, tomorrow, wanted):
    last = today[-1][1] if today else 0
    morning = min(NOON, tomorrow[0][0] if tomorrow else NOON)
    return (*today, (max(last, 1320), 1440 + morning)) if wanted and last < 1440 and morning > 0 else today


@st.composite
def drawn(draw):
    """A calendar, and an instant near the change it is built around, to the minute."""
    calendar, near = draw(calendars())
    start = datetime(near.year, near.month, near.day, tzinfo=UTC) + timedelta(minutes=draw(st.integers(-600, 2880)))
    return calendar, start


lengths = st.integers(1, 3 * 86400 * 10**6).map(lambda us: timedelta(microseconds=us)) | st.integers(1, 4000).map(
    lambda minutes: timedelta(minutes=minutes)
)


def opens(calendar_row):
    return not calendar_row.week or any(day.open for day in calendar_row.week)


@checked
@given(drawn(), st.integers(1, 1500))
def test_due_agrees_with_the_second_opinion(case, minutes):
    """CAL-15, CLK-28, CAL-10."""
    calendar_row, start = case
    expected = oracle.used_up(calendar_row, start, minutes, DAYS)
    if opens(calendar_row):
        due = calendar_from(calendar_row).add(start, timedelta(minutes=minutes))
        assert due == expected or (expected is None and due > start + timedelta(minutes=DAYS))
    else:
        assert expected is None or calendar_row.exceptions


@checked
@given(drawn(), st.integers(0, DAYS))
def test_open_time_agrees_with_the_second_opinion(case, minutes):
    """CAL-15, CAL-10: and the segments add up to it (CLK-30)."""
    (calendar_row, start), calendar = case, calendar_from(case[0])
    end = start + timedelta(minutes=minutes)
    expected = timedelta(minutes=oracle.open_minutes(calendar_row, start, minutes))
    assert expected == calendar.open_between(start, end)
    assert expected == sum((s.end - s.start for s in calendar.segments(start, end)), timedelta(0))


@checked
@given(drawn(), st.integers(1, 3))
def test_close_of_the_nth_open_day_agrees_with_the_second_opinion(case, n):
    """CAL-15, CLK-29."""
    calendar_row, start = case
    expected = oracle.close_of_open_day(calendar_row, n, start, DAYS)
    assert expected is None or expected == calendar_from(calendar_row).end_of_open_day(n, start)


@checked
@given(drawn().filter(lambda case: opens(case[0])), lengths, lengths, st.timedeltas(timedelta(0), timedelta(days=4)))
def test_laws_of_counting(case, one, other, later):
    """CAL-15: monotonic in start and limit; consumed(start, due) = limit; a limit may be split; no earlier instant."""
    (calendar_row, start), calendar = case, calendar_from(case[0])
    due, farther = calendar.add(start, one), calendar.add(start, one + other)
    assert start < due < farther
    assert due <= calendar.add(start + later, one), "monotonic in the start"
    assert one == calendar.open_between(start, due)
    assert one > calendar.open_between(start, due - timedelta(microseconds=1)), "earliest instant, CLK-28"
    assert farther == calendar.add(due, other), "split in two"
    assert calendar_row.zone == calendar.zone.key


@checked
@given(drawn(), st.integers(0, DAYS), st.integers(0, DAYS))
def test_open_time_of_two_parts_is_that_of_the_whole(case, first, second):
    """CAL-15, CLK-19: a pause splits a stretch of time without loss."""
    (_, start), calendar = case, calendar_from(case[0])
    middle, end = start + timedelta(minutes=first), start + timedelta(minutes=first + second)
    assert calendar.open_between(start, middle) + calendar.open_between(middle, end) == calendar.open_between(
        start, end
    )
