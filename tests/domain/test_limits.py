"""How limits are written, and what they become when a clock starts."""

from datetime import date, timedelta

import pytest
from calendars_sample import ALWAYS, NIGHT_DUTY, OFFICE, STORES, at, span

from domain.timekeeping.calendars import calendar_from
from domain.timekeeping.limits import BadLimit, Limit, Unit, budget, close_of, due, parse, seconds

WRITTEN = [
    ("15m", Limit(Unit.OPEN_SECONDS, 900)),
    ("24h", Limit(Unit.OPEN_SECONDS, 86400)),
    ("7h30m", Limit(Unit.OPEN_SECONDS, 27000)),
    ("37h30m", Limit(Unit.OPEN_SECONDS, 135000)),
    ("30s", Limit(Unit.OPEN_SECONDS, 30)),
    ("3wd", Limit(Unit.OPEN_DAYS, 3)),
    ("5d", Limit(Unit.DAYS, 5)),
    ("plan_date", Limit(Unit.PLAN_DATE)),
    ("window_end", Limit(Unit.WINDOW_END)),
]


@pytest.mark.parametrize(("text", "expected"), WRITTEN)
def test_a_limit_is_read(text, expected):
    """CLK-29: the units of a limit."""
    assert expected == parse(text)


UNREADABLE = "", "0m", "0h0m", "0wd", "0d", "-5m", "-1d", "5", "m", "1.5h", "30m7h", "5 m", "5M", "3wd2h", "1d12h"
ODD = "15m\n", "\u0661\u0665m", "\uff11\uff15m", "\uff15d", "999999h", "99999d", "plan", "wd", "s"


@pytest.mark.parametrize("text", [*UNREADABLE, *ODD])
def test_a_limit_that_could_never_run_is_refused(text):
    """CLK-33: limit ≤ 0 or unreadable, and the refusal names what was written."""
    with pytest.raises(BadLimit) as refused:
        parse(text)
    assert text == refused.value.text


@pytest.mark.parametrize(("text", "expected"), [("0m", 0), ("30s", 30), ("15m", 900), ("22h30m", 81000)])
def test_steps_of_a_ladder_may_be_zero(text, expected):
    """ESC-03: a level may fire at the breach itself."""
    assert expected == seconds(text)


@pytest.mark.parametrize("text", ["3wd", "5d", "plan_date", "", "-1m"])
def test_steps_of_a_ladder_are_lengths_of_open_time(text):
    """CLK-33: a cap or a step in days would mean nothing."""
    with pytest.raises(BadLimit):
        seconds(text)


@pytest.mark.parametrize("text", ["plan_date", "window_end"])
def test_an_instant_said_by_a_person_is_not_computed(text):
    """CLK-10, CLK-11: the date and the window stand in a command."""
    with pytest.raises(BadLimit):
        due(parse(text), at("03-05 14:00"), calendar_from(ALWAYS))


DAYS = [
    ("an ordinary day", OFFICE, "03-02 10:00", "2d", "03-05 00:00"),
    ("round the clock", ALWAYS, "10-01 23:50", "5d", "10-07 00:00"),
    ("a Sunday moves to Monday", OFFICE, "03-06 10:00", "2d", "03-10 00:00"),
    ("a make-up Saturday does not move", OFFICE, "05-08 10:00", "1d", "05-10 00:00"),
    ("a block moves to its end", STORES, "09-30 10:00", "1d", "10-09 00:00"),
    ("24:00 also where the shift goes on", NIGHT_DUTY, "03-02 10:00", "1d", "03-04 00:00"),
]


@pytest.mark.parametrize(("case", "row", "start", "limit", "expected"), DAYS)
def test_days_end_at_midnight_of_an_open_day(case, row, start, limit, expected):
    """CLK-29: `d` ends at 24:00 of the Nth day after, moved to the next open day when the calendar is closed."""
    assert at(expected) == due(parse(limit), at(start), calendar_from(row)), case


OPEN_DAYS = [
    ("the shift belongs to the day it starts on, CAL-02", NIGHT_DUTY, "03-02 21:00", "1wd", "03-04 08:00"),
    ("after midnight the civil day counts", NIGHT_DUTY, "03-03 02:00", "1wd", "03-05 08:00"),
    ("round the clock a day closes at 24:00", ALWAYS, "03-02 21:00", "1wd", "03-04 00:00"),
    ("before the opening the start day is not counted", OFFICE, "03-02 01:00", "1wd", "03-03 17:30"),
]


@pytest.mark.parametrize(("case", "row", "start", "limit", "expected"), OPEN_DAYS)
def test_open_days_end_at_their_close(case, row, start, limit, expected):
    """CLK-29: `wd` ends at the close of the Nth open day after the start day."""
    assert at(expected) == due(parse(limit), at(start), calendar_from(row)), case


@pytest.mark.parametrize(
    ("on", "expected"),
    [("2026-10-09", "10-09 17:30"), ("2026-10-03", "10-08 17:30"), ("2026-10-10", "10-10 17:30")],
)
def test_a_plan_date_means_the_close_of_an_open_day(on, expected):
    """CLK-10: a date means the close of that day; a closed date that of the next open day."""
    assert at(expected) == close_of(date.fromisoformat(on), calendar_from(OFFICE))


@pytest.mark.parametrize("limit", ["15m", "8h", "3wd", "7wd"])
@pytest.mark.parametrize("start", ["09-30 16:45", "02-15 10:00", "03-03 12:30"])
def test_a_budget_of_open_time_gives_the_same_due(limit, start):
    """CLK-22: the ledger needs nothing but open time, whatever the limit was written in."""
    office = calendar_from(OFFICE)
    instant = due(parse(limit), at(start), office)
    assert instant == office.add(at(start), budget(at(start), instant, office))


def test_a_plan_date_becomes_a_budget():
    """CLK-10, CLK-22: from Thursday 14:00 to the close of Friday there are 11 hours of the office."""
    office, start = calendar_from(OFFICE), at("03-05 14:00")
    instant = close_of(date(2026, 3, 6), office)
    assert span(11) == budget(start, instant, office)
    assert instant == office.add(start, span(11))


def test_days_in_an_office_use_up_their_budget_at_its_close():
    """CLK-28 beside CLK-29: from 17:30 to 24:00 nothing counts, so the ledger of a `d` limit ends at 17:30."""
    office, start = calendar_from(OFFICE), at("03-02 10:00")
    instant = due(parse("2d"), start, office)
    assert timedelta(hours=6, minutes=30) == instant - office.add(start, budget(start, instant, office))
