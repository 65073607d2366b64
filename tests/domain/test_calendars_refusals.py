"""What a calendar refuses: hours that can't be counted, searches that never end, instants without a zone."""

from datetime import date, timedelta

import pytest
from calendars_sample import OFFICE, OFFICE_HOURS, SERVICE_DESK, at, daily, marked, row, span

from domain.terms import CalendarException, DayHours
from domain.timekeeping.calendars import BadCalendar, NeverOpen, calendar_from

REFUSED = [
    ("overlap", ((540, 720), (700, 800)), "overlap"),
    ("overlap whatever the order", ((700, 800), (540, 720)), "overlap"),
    ("empty", ((540, 540),), "empty"),
    ("reversed", ((720, 540),), "reversed"),
    ("begins the day after", ((1440, 1500),), "belong"),
    ("begins the day before", ((-60, 60),), "belong"),
    ("ends two days later", ((1200, 2881),), "belong"),
    ("over midnight into the next morning", ((300, 720), (1200, 1800)), "overlap"),
]


@pytest.mark.parametrize(("case", "hours", "word"), REFUSED)
def test_hours_that_cannot_be_counted_are_refused(case, hours, word):
    """CAL-03, in the week and in an exception; the refusal names the calendar."""
    special = CalendarException(date(2026, 3, 2), hours, "特别", "community")
    with pytest.raises(BadCalendar, match=f"odd.*{word}"):
        calendar_from(row("odd", daily(*hours)))
    if case != "over midnight into the next morning":
        with pytest.raises(BadCalendar, match=f"odd.*2026-03-02.*{word}"):
            calendar_from(row("odd", daily(*OFFICE_HOURS), exceptions=(special,)))


NEIGHBOURS = [
    ("Sunday night into Monday", (DayHours(6, ((1200, 1920),)), DayHours(0, ((420, 720),))), ()),
    ("an exception under the night before", daily((1200, 1920)), ((60, 600),)),
    ("an exception into the morning after", daily((60, 600)), ((1200, 1920),)),
]


@pytest.mark.parametrize(("case", "week", "hours"), NEIGHBOURS)
def test_hours_that_overlap_the_next_day_are_refused(case, week, hours):
    """CAL-03 with CAL-02."""
    special = (CalendarException(date(2026, 3, 3), hours, "特别", "community"),) if hours else ()
    with pytest.raises(BadCalendar, match="overlap"):
        pytest.fail(f"{case}: {calendar_from(row('odd', week, exceptions=special))}")


ODD_ROWS = [
    row("odd", zone="Mars/Olympus"),
    row("odd", zone="../../etc/passwd"),
    row("odd", (DayHours(7, ((0, 60),)),)),
    row("odd", exceptions=marked("block", {"one": ["2026-01-01"], "two": ["2026-01-01"]})),
]


@pytest.mark.parametrize("odd", ODD_ROWS)
def test_rows_that_make_no_sense_are_refused(odd):
    """CAL-03, CAL-09: an unknown zone, an eighth weekday, two exceptions on one date."""
    with pytest.raises(BadCalendar, match="odd"):
        calendar_from(odd)


def test_24_00_is_allowed_as_an_end_and_touching_is_no_overlap():
    """CAL-03."""
    calendar = calendar_from(row("round", daily((0, 720), (720, 1440))))
    assert at("03-03 10:00") == calendar.add(at("03-02 10:00"), span(24))


def test_a_search_without_open_time_ends():
    """CLK-33: no open time in 400 days is said, not looked for for ever."""
    never = calendar_from(row("never", (DayHours(0, ()),)))
    with pytest.raises(NeverOpen) as add:
        never.add(at("03-03 10:00"), span(1))
    with pytest.raises(NeverOpen):
        never.end_of_open_day(1, at("03-03 10:00"))
    assert add.value.calendar == "never"
    assert timedelta(0) == never.open_between(at("03-03 10:00"), at("2029-03-03 10:00"))


def test_a_long_closure_is_waited_for():
    """CLK-33: 399 closed days are a long time, not for ever."""
    days = [str(date(2026, 3, 2) + timedelta(days=day)) for day in range(399)]
    desk = calendar_from(SERVICE_DESK._replace(exceptions=marked("community", {"改造": days})))
    assert at("2027-04-05 08:30") == desk.add(at("03-01 19:30"), span(1))
    assert at("2027-04-05 20:00") == desk.end_of_open_day(1, at("03-01 19:30"))


@pytest.mark.parametrize("ask", ["add", "open_between", "segments", "end_of_open_day", "provisional"])
def test_naive_datetimes_are_refused(ask):
    """CAL-09: an instant without a zone is nobody's time."""
    naive, office = at("03-03 10:00").replace(tzinfo=None), calendar_from(OFFICE)
    calls = {
        "add": lambda: office.add(naive, span(1)),
        "open_between": lambda: office.open_between(at("03-03 09:00"), naive),
        "segments": lambda: list(office.segments(naive, at("03-03 12:00"))),
        "end_of_open_day": lambda: office.end_of_open_day(1, naive),
        "provisional": lambda: office.provisional(naive),
    }
    with pytest.raises(ValueError, match="naive"):
        calls[ask]()
