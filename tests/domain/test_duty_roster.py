"""Who of a community was on duty at an instant, by one version of the roster (DSP-01, ESC-09)."""

from datetime import datetime

import pytest
from rules_sample import sample

from domain.dispatch.duty_roster import State, duty_roster, on_call, on_duty_from
from domain.dispatch.roster import roster_of
from domain.vocabulary import Role

ROSTER = roster_of(sample())
AWAY = sample().absence[0]


def at(text: str) -> datetime:
    return datetime.fromisoformat(f"{text}+08:00")


def states(when: datetime) -> dict[str, State]:
    return {one.person.id: one.state for one in duty_roster(ROSTER, "jinxiu", when)}


@pytest.mark.parametrize(
    ("when", "by_day", "by_night"),
    [("2026-11-26T03:20:00", State.OFF_DUTY, State.ON_DUTY), ("2026-11-26T10:00:00", State.ON_DUTY, State.OFF_DUTY)],
)
def test_shifts_tell_who_is_on_duty(when, by_day, by_night):
    found = states(at(when))
    assert (found["S09"], found["S11"]) == (by_day, by_night)


def test_somebody_absent_is_absent_whatever_his_shift():
    """From the start of an absence until just before its end."""
    shown = duty_roster(ROSTER, sample().members[AWAY.staff].communities[0], AWAY.start)
    assert next(one for one in shown if one.person.id == AWAY.staff).absence == AWAY
    assert states(AWAY.end).get(AWAY.staff) is not State.ABSENT


@pytest.mark.parametrize(
    ("who", "when", "since"),
    [
        ("S10", "2026-11-26T10:00:00", "2026-11-26T10:00:00"),  # there
        ("S10", "2026-11-26T21:00:00", "2026-11-27T08:00:00"),
        ("S11", "2026-11-26T10:00:00", "2026-11-26T20:00:00"),
        ("S09", "2026-10-01T09:00:00", "2026-10-08T08:00:00"),  # absent until the shift opens
        ("S09", "2026-09-30T21:00:00", "2026-10-08T08:00:00"),  # his shift opens, but he is away by then
        ("S04", "2026-03-10T12:00:00", "2026-03-12T08:00:00"),  # back when the shift is over
    ],
)
def test_when_somebody_is_on_duty_next(who, when, since):
    """DSP-01: the first instant at which the shift is open and they are not absent."""
    assert on_duty_from(ROSTER, who, at(when)) == at(since)


def test_those_of_other_communities_are_not_listed_and_those_on_duty_come_first():
    found = duty_roster(ROSTER, "jinxiu", at("2026-11-26T03:20:00"))
    assert all("jinxiu" in one.person.communities for one in found)
    assert [one.state for one in found] == sorted((one.state for one in found), key=list(State).index)


def test_one_stands_by_for_each_on_call_role():
    """ESC-09: the first of the list who is on duty."""
    found = on_call(ROSTER, "jinxiu", at("2026-11-26T03:20:00"))
    assert set(found) == {Role.DUTY_SUPERVISOR, Role.DUTY_ENGINEER}
    assert states(at("2026-11-26T03:20:00"))[found[Role.DUTY_SUPERVISOR]] is State.ON_DUTY
