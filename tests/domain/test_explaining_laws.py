"""Pauses and explanations over generated calendars, against a second opinion that steps minutes (CLK-19, CLK-30)."""

from datetime import timedelta

import oracle
from hypothesis import given, settings
from hypothesis import strategies as st
from test_calendars_laws import drawn, opens

from domain.terms import CalendarRow
from domain.timekeeping import ledger
from domain.timekeeping.calendars import calendar_from
from domain.timekeeping.clocks import Clock, Stand
from domain.timekeeping.explaining import deadline, share

MINUTE = timedelta(minutes=1)
DAYS = 6 * 1440
checked = settings(deadline=None, max_examples=25)
pauses = st.lists(st.tuples(st.integers(0, 600), st.integers(0, 900)), max_size=4)


def paused(start, gaps, minutes):
    """A clock with a budget in minutes that ran, stood still, and runs again; gaps are (minutes run, minutes stood)."""
    stands, at = [], start
    for ran, stood in gaps:
        since = at + ran * MINUTE
        at = since + stood * MINUTE
        stands.append(Stand(since=since, until=at, reason="weather"))
    same = {"name": "handling", "generation": 1, "turn": 1, "terms_digest": "", "started_at": start}
    return Clock(**same, budget=minutes * MINUTE, running_since=at, stands=tuple(stands))


def stepped(row: CalendarRow, clock: Clock, minutes: int):
    """The instant at which so many minutes were open outside all pauses, by stepping; None beyond the horizon."""
    used = 0
    for instant, day in oracle.stepped(row, clock.started_at, DAYS):
        standing = any(stand.since <= instant < stand.until for stand in clock.stands)
        used += day is not None and not standing
        if used == minutes:
            return instant + MINUTE
    return None


@checked
@given(drawn().filter(lambda case: opens(case[0])), pauses, st.integers(1, 900))
def test_a_deadline_with_pauses_agrees_with_the_second_opinion(case, gaps, minutes):
    """CLK-19, CAL-15: open time inside a pause is not counted, closed time inside it adds nothing."""
    (row, start), calendar = case, calendar_from(case[0])
    clock = paused(start, gaps, minutes)
    counted = [calendar.open_between(*run) for run in ledger.runs(clock, clock.running_since)]
    if sum(counted, timedelta()) >= clock.budget:
        return  # it would have been breached before the last pause
    due, expected = deadline(clock, calendar), stepped(row, clock, minutes)
    assert due == expected or (expected is None and due > start + DAYS * MINUTE)
    assert sum(counted, calendar.open_between(clock.running_since, due)) == clock.budget
    assert share(clock, calendar, 50) <= share(clock, calendar, 80) <= due


@checked
@given(drawn(), pauses)
def test_runs_and_stands_are_the_whole(case, gaps):
    """CLK-22: what ran and what stood still is all the time there was, each once."""
    _, start = case
    clock = paused(start, gaps, 1)
    until = clock.running_since + 90 * MINUTE
    ran = sum((end - begin for begin, end in ledger.runs(clock, until)), timedelta())
    stood = sum((stand.until - stand.since for stand in clock.stands), timedelta())
    assert ran + stood == until - start
