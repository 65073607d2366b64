"""When the levels of a ladder came and will come, as `explain` tells it (CLK-30, ESC-04)."""

from datetime import timedelta

import pytest
from rules_sample import DUTY, OPERATOR, Case, at

from domain import events as e
from domain.timekeeping.explaining import explain


def levels(case, clock, when):
    """Instants of the levels of a clock, and whether each fired."""
    (one,) = [one for one in case.order.clocks if one.name == clock]
    return [(step.planned_at, step.fired) for step in explain(case.order, one, at(when)).steps]


def spoken(case):
    """Instants of the levels of `response` as the events tell them."""
    return [event.at for event in case.told(e.Escalated, "response")]


@pytest.mark.parametrize("acknowledged", [None, "07-08 10:19"], ids=["silence", "acknowledged"])
def test_levels_that_fired_are_told_as_they_fired(acknowledged):
    """ST-20, CLK-30: the instants of `explain` are those of the events, acknowledged or not."""
    case = Case("07-08 10:00")
    if acknowledged:
        case.act(acknowledged, "acknowledge", DUTY)
    case.tick("07-08 12:00")
    assert [planned for planned, fired in levels(case, "response", "07-08 12:00") if fired] == spoken(case)
    assert len(spoken(case)) == 3


def test_the_next_level_is_told_when_silence_brings_it():
    """ESC-04: the level that comes when nobody acknowledges; once acknowledged, at its own time; both as they come."""
    case = Case("07-08 10:00")
    case.tick("07-08 10:16")
    silent = levels(case, "response", "07-08 10:16")[1]
    case.act("07-08 10:17", "acknowledge", DUTY)
    seen = levels(case, "response", "07-08 10:17")[1]
    assert (silent, seen) == ((at("07-08 10:20"), False), (at("07-08 10:30"), False))
    case.tick("07-08 10:31")
    assert levels(case, "response", "07-08 10:31")[1] == (at("07-08 10:30"), True)


def test_before_the_breach_each_level_is_told_from_the_due():
    """CLK-30: nothing has been missed yet; and a stopped clock has no next level."""
    case = Case("07-08 10:00")
    told = [planned - at("07-08 10:15") for planned, _ in levels(case, "response", "07-08 10:01")]
    assert told == [timedelta(), timedelta(minutes=15), timedelta(minutes=60)]
    case.tick("07-08 10:16")
    case.act("07-08 10:17", "respond", OPERATOR)
    assert [fired for _, fired in levels(case, "response", "07-08 10:30")] == [True, False, False]
