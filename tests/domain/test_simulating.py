"""Past orders held to a policy: hand-computed outcomes of single clocks, and what many orders add up to."""

from datetime import date, timedelta

import pytest
from rules_sample import at, sample, small_terms, terms

from domain.refusals import Refused
from domain.settings.catalogue import resolve
from domain.simulation.past_orders import Act, PastOrder
from domain.simulation.past_terms import Shelf
from domain.simulation.simulating import Simulation, Tally, judgements, simulate
from domain.terms import CalendarRow, ClockRow
from domain.vocabulary import ClockName, Kind, Role, Severity

MICRO, MINUTE, HOUR = timedelta(microseconds=1), timedelta(minutes=1), timedelta(hours=1)
NONE = timedelta(0)


def past(category="WATER_LEAK", community="jinxiu", untold=(), known_until=None, **acts):
    """A past order; instants as `rules_sample.at` reads them, named by their acts: `responded="07-08 10:27"`."""
    known = {Act(f"{name}_at"): at(text) for name, text in acts.items()}
    until = at(known_until) if known_until else None
    return PastOrder(community, category, None, None, known, until, frozenset(map(ClockName, untold)))


def judged(order, clock, pinned=None, *, acknowledged=True):
    pinned = pinned or Shelf(sample()).terms(order)
    return next((one for one in judgements(order, pinned, acknowledged=acknowledged) if one.clock == clock), None)


def levels(one):
    return [(level.level, level.role, level.at) for level in one.levels]


def office(limit):
    """The sample's terms for street lights with one limit of handling; `office`, ladder `slow`."""
    pinned = terms("LIGHTING", on=date(2026, 2, 1))
    rows = (row._replace(limit=limit) if row.name == "handling" else row for row in pinned.clocks)
    return pinned.model_copy(update={"clocks": tuple(rows)})


# ---- one clock

ANSWERS = [
    ("07-06 09:17:00", False, NONE, []),
    ("2026-07-06 09:17:00.000001", True, MICRO, [(1, "duty_supervisor", "07-06 09:17")]),
    ("07-06 09:32:00", True, 15 * MINUTE, [(1, "duty_supervisor", "07-06 09:17")]),
    (
        "2026-07-06 09:32:00.000001",
        True,
        15 * MINUTE + MICRO,
        [(1, "duty_supervisor", "07-06 09:17"), (2, "service_manager", "07-06 09:32")],
    ),
]


@pytest.mark.parametrize(("answered", "breached", "late", "fired"), ANSWERS)
def test_an_answer_is_judged_to_the_microsecond(answered, breached, late, fired):
    """CLK-27, CLK-26, ESC-03: a stop at the due or at a level's instant is in time; levels come at breach + `after`."""
    found = judged(past(received="07-06 09:02", responded=answered), "response")
    assert (found.due_at, found.breached, found.late) == (at("07-06 09:17"), breached, late)
    assert levels(found) == [(level, Role(role), at(text)) for level, role, text in fired]


SILENCE = [
    ("10:19", True, ["10:15"]),
    ("10:27", True, ["10:15"]),
    ("10:31", True, ["10:15", "10:30"]),
    ("10:19", False, ["10:15"]),
    ("10:27", False, ["10:15", "10:20"]),
    ("10:36", False, ["10:15", "10:20", "10:35"]),
    ("23:59", True, ["10:15", "10:30", "11:15"]),
    ("23:59", False, ["10:15", "10:20", "10:35"]),
]


@pytest.mark.parametrize(("answered", "acknowledged", "fired"), SILENCE)
def test_silence_brings_levels_forward(answered, acknowledged, fired):
    """ESC-04, ST-20: at `after` when everybody acknowledges, by `ack_within` of the level before when nobody does."""
    order = past(received="07-08 10:00", responded=f"07-08 {answered}")
    found = judged(order, "response", acknowledged=acknowledged)
    assert [level.at for level in found.levels] == [at(f"07-08 {text}") for text in fired]


LIMITS = [
    ("4h", "02-13 17:00", "02-14 12:00", "02-14 12:00", NONE),  # ST-05: the end of the morning
    ("4h", "02-13 17:00", "02-14 13:45", "02-14 12:00", 15 * MINUTE),  # the lunch hour is not late
    ("8h", "09-30 16:45", "10-08 17:15", "10-08 17:15", NONE),  # ST-04
    ("3wd", "02-14 10:00", "02-26 17:30", "02-26 17:30", NONE),  # ST-09
    ("3wd", "09-30 16:45", "10-10 17:30", "10-10 17:30", NONE),  # ST-10
    ("3wd", "09-30 16:45", "10-12 18:00", "10-10 17:30", 7.5 * HOUR),  # ST-23: Monday counts, Sunday does not
    ("1d", "09-30 16:45", "10-09 00:00", "10-09 00:00", NONE),  # 24:00, moved to the next open day
    ("1d", "09-30 16:45", "10-09 01:00", "10-09 00:00", HOUR),  # in days every hour counts, at night too
]


@pytest.mark.parametrize(("limit", "accepted", "completed", "due", "late"), LIMITS)
def test_limits_are_counted_in_their_units(limit, accepted, completed, due, late):
    """CLK-28, CLK-29: the earliest instant; close of the Nth open day; 24:00; lateness in the clock's own open time."""
    order = past("LIGHTING", received=accepted, accepted=accepted, completed=completed)
    found = judged(order, "handling", office(limit))
    assert (found.due_at, found.breached, found.late) == (at(due), late > NONE, late)


@pytest.mark.parametrize(
    ("acknowledged", "fired"),
    [(True, ["10-10 17:30", "10-12 17:30"]), (False, ["10-10 17:30", "10-12 10:30", "10-12 15:30"])],
)
def test_a_ladder_counts_in_its_own_calendar(acknowledged, fired):
    """ESC-03, ESC-04, ST-23: `slow` counts the hours of the office."""
    order = past("LIGHTING", received="09-30 16:00", accepted="09-30 16:45", completed="10-12 18:00")
    found = judged(order, "handling", acknowledged=acknowledged)
    roles = [Role.TEAM_LEAD, Role.SERVICE_MANAGER, Role.PROJECT_MANAGER]
    assert levels(found) == [(number, roles[number - 1], at(text)) for number, text in enumerate(fired, start=1)]


def test_a_clock_without_ladder_disturbs_nobody():
    """ESC-03: praise is answered within a day, or late, and no level fires."""
    found = judged(past("PRAISE", received="07-06 09:00", responded="07-08 09:00"), "response")
    assert (found.breached, found.levels) == (True, ())


# ---- which terms

PLACES = [
    ("LIFT_TRAPPED", "jinxiu", "arrive", "07-08 10:31", True),  # 30 min of the category, of the class 30 min too
    ("LIFT_FAULT", "jinxiu", "arrive", "07-08 11:01", True),  # 1 h of the category, of the class 2 h
    ("WATER_LEAK", "jinxiu", "arrive", "07-08 11:01", False),
    ("GENERAL_REPAIR", "jinxiu", "completed", "07-14 10:00", True),  # 3wd of the class
    ("GENERAL_REPAIR", "sf-housing", "completed", "07-14 10:00", False),  # 5wd of the community
]


@pytest.mark.parametrize(("category", "community", "clock", "done", "breached"), PLACES)
def test_limits_come_from_the_first_place_that_writes_them(category, community, clock, done, breached):
    """CLK-08: category, then community, then class."""
    name, act = {"arrive": ("arrive", "arrived"), "completed": ("handling", "completed")}[clock]
    order = past(category, community, received="07-08 09:00", accepted="07-08 10:00", **{act: done})
    assert judged(order, name).breached is breached


def test_the_override_of_a_category_brings_its_own_ladder():
    """CLK-08, ESC-03: the lift contractor's lead is told first."""
    order = past("LIFT_TRAPPED", received="07-08 09:00", accepted="07-08 10:00", arrived="07-08 10:45")
    fired = [(1, Role.CONTRACTOR_LEAD, at("07-08 10:30")), (2, Role.CONTRACTOR_SUPERVISOR, at("07-08 10:40"))]
    assert levels(judged(order, "arrive")) == fired


@pytest.mark.parametrize("community", ["jinxiu", "sf-housing"])
@pytest.mark.parametrize("on", [date(2026, 1, 1), date(2026, 2, 13), date(2026, 9, 30), date(2026, 12, 31)])
def test_terms_of_a_year_are_those_of_each_of_its_days(on, community):
    """CLK-08, CAL-06: no day that the terms of reception know is missing, and none within their reach differs."""
    order = past("GENERAL_REPAIR", community, received=f"{on} 12:00")
    found = Shelf(sample()).terms(order)
    pinned = resolve(sample(), community=community, category="GENERAL_REPAIR", on=on)
    assert (found.clocks, found.ladders, found.plan_required) == (pinned.clocks, pinned.ladders, pinned.plan_required)
    for wide, narrow in zip(found.calendars, pinned.calendars, strict=True):
        kept = [one for one in wide.exceptions if on - timedelta(40) <= one.on <= on + timedelta(400)]
        assert (wide.id, wide.week, tuple(kept)) == (narrow.id, narrow.week, narrow.exceptions)


def test_a_class_that_is_not_offered_is_refused():
    """CLK-08: nothing is judged by terms that do not exist."""
    with pytest.raises(Refused, match="has no category LIFT_FAULT"):
        simulate(Shelf(sample()), [past("LIFT_FAULT", "yangguang", received="07-08 10:00")])
    decided = past(received="07-08 10:00", responded="07-08 10:20")._replace(kind=Kind.PRAISE, severity=Severity.MAJOR)
    assert judged(decided, "response").breached is False


# ---- what is not known

UNKNOWN = [
    ({}, None),
    ({"accepted": "07-08 10:00"}, None),
    ({"arrived": "07-08 10:00"}, None),
    ({"accepted": "07-08 10:00", "arrived": "07-08 09:00"}, None),
    ({"accepted": "07-08 10:00", "arrived": "07-08 15:00", "untold": ["arrive"]}, None),
    ({"accepted": "07-08 10:00", "known_until": "07-08 12:00"}, None),  # still within its limit
    ({"accepted": "07-08 10:00", "known_until": "07-08 12:00:01"}, "07-08 12:00"),
    ({"accepted": "07-08 10:00", "completed": "07-08 11:00", "known_until": "07-09 10:00"}, None),  # owed no more
    ({"accepted": "07-08 10:00", "completed": "07-08 13:00", "known_until": "07-09 10:00"}, "07-08 12:00"),
    ({"accepted": "07-08 10:00", "completed": "07-08 13:00"}, None),
]


@pytest.mark.parametrize(("acts", "missed"), UNKNOWN)
def test_what_is_not_known_is_not_judged(acts, missed):
    """CLK-26: a stop that is missing is a breach only where all is known up to an instant behind the due."""
    found = judged(past(received="07-08 09:00", **acts), "arrive")
    assert (found.due_at, found.breached) == ((at(missed), True) if missed else (None, False))


def test_a_clock_that_never_began_is_no_unknown_one():
    """CLK-05: an order of which all is known and nobody accepted had no clock of handling."""
    order = past(received="07-08 09:00", known_until="07-08 09:10")
    assert {one.clock for one in judgements(order, terms())} == {"response", "register", "feedback"}
    assert judged(past(received="07-08 09:00"), "handling").due_at is None


@pytest.mark.parametrize(("category", "runs"), [("WALL_LEAK", True), ("WATER_LEAK", False)])
def test_a_plan_is_judged_where_the_category_wants_one(category, runs):
    """CLK-09."""
    order = past(category, received="07-08 09:00", plan_given="07-09 09:30")
    found = judged(order, "plan")
    assert (found is not None and found.breached) is runs


def test_overall_completion_is_judged_where_a_policy_sets_it():
    """CLK-36."""
    pinned = small_terms(clocks=(ClockRow(ClockName.COMPLETION, "3d", 0, 0, Role.SERVICE_MANAGER),))
    found = judged(past(received="07-08 09:00", closed="07-12 08:00"), "completion", pinned)
    assert (found.due_at, found.late) == (at("07-12 00:00"), 8 * HOUR)


def test_the_calendar_of_another_zone_counts_there():
    """CAL-09: the same instants, judged by the hours of San Francisco."""
    pinned = small_terms(
        calendars=(CalendarRow("sf", "v1", "America/Los_Angeles"),),
        clocks=(ClockRow(ClockName.RESPONSE, "1d", 0, 0, Role.SERVICE_MANAGER),),
    )
    found = judged(past(received="2026-07-08 10:00-07:00", responded="2026-07-10 00:30-07:00"), "response", pinned)
    assert (found.due_at, found.late) == (at("2026-07-10 00:00-07:00"), 30 * MINUTE)


# ---- many orders

DAY = [
    past(received="07-08 10:00", responded="07-08 10:05"),
    past(received="07-08 10:00", responded="07-08 10:16"),
    past(received="07-08 10:00", responded="07-08 10:18"),
    past(received="07-08 10:00", responded="07-08 10:35"),
    past(received="07-08 10:00"),
]


def test_many_orders_are_counted():
    """ESC-03: met, breached, not judged, and which level would have disturbed whom how often."""
    found = simulate(Shelf(sample()), DAY)
    tally = found.clocks[ClockName.RESPONSE]
    assert (found.orders, tally.judged, tally.met, tally.breached, tally.not_judged) == (5, 4, 1, 3, 1)
    assert tally.breached_percent == 75
    assert [tally.late_at(percent) for percent in (50, 90)] == [3 * MINUTE, 20 * MINUTE]
    assert found.by_level() == {(1, Role.DUTY_SUPERVISOR): 3, (2, Role.SERVICE_MANAGER): 1}
    assert found.clocks[ClockName.HANDLING].not_judged == 5
    assert found.clocks[ClockName.HANDLING].breached_percent is None


RANKS = [([], 50, None), ([1], 50, 1), ([1], 90, 1), ([2, 1], 50, 1), ([1, 2, 3], 50, 2), (range(1, 11), 90, 9)]


@pytest.mark.parametrize(("late", "percent", "expected"), RANKS)
def test_lateness_is_told_by_rank(late, percent, expected):
    """ESC-03: a figure that some breach really had, never one between two."""
    tally = Tally(late=[minute * MINUTE for minute in late])
    assert tally.late_at(percent) == (expected and expected * MINUTE)


def test_no_order_is_no_fault():
    """CLK-08."""
    assert simulate(Shelf(sample()), []) == Simulation()
