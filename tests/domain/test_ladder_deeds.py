"""What a ladder level does beside telling somebody: decided by pure rules as the order stands then (ESC-06)."""

import pytest
from rules_sample import at, sample

from domain.commands import CommandName, Envelope, read
from domain.deeds import Command, Level, Noted, Nothing, Standing, decided, successor
from domain.dispatch.roster import roster_of
from domain.vocabulary import ClockName, LadderAction, Severity

ROSTER = roster_of(sample())
NOON, NIGHT = "11-05 12:00", "11-05 23:40"


def level(action, clock="accept", severity="major", team="engineering", turn=1):
    return Level(LadderAction(action), ClockName(clock), 1, turn, 2, Severity(severity), team)


def duty(clock="accept", accountable="assignee", turn=1):
    return {"clock": clock, "generation": 1, "turn": turn, "accountable": accountable}


def standing(**changes):
    usual = {
        "community": "jinxiu",
        "category": "WATER_LEAK",
        "kind": "repair",
        "severity": Severity.MAJOR,
        "version": 5,
        "team": "engineering",
        "assignee": "S09",
        "owed": [duty()],
    }
    return Standing(**{**usual, **changes})


def does(asked, order, when=NOON):
    """Command or code, and to what it leads."""
    found = decided(asked, order, sample().categories[order.category], ROSTER, at(when))
    if isinstance(found, Command):
        return found.name.value, found.said.get("assignee") or found.said.get("severity") or found.said.get("clock")
    return ("noted", found.facts) if isinstance(found, Noted) else (found.because, None)


CASES = [
    (level("notify"), standing(), ("told-only", None)),
    # ESC-15
    (level("service_recovery", "feedback"), standing(), ("open_recovery", "feedback")),
    # one step up, from what it was when the level fired
    (level("raise_severity", severity="ordinary"), standing(severity=Severity.ORDINARY), ("reclassify", "major")),
    (level("raise_severity", severity="major"), standing(), ("reclassify", "urgent")),
    (level("raise_severity", severity="ordinary"), standing(), ("severity-reached", None)),
    (level("raise_severity", severity="ordinary"), standing(severity=Severity.URGENT), ("severity-reached", None)),
    (level("raise_severity", severity="urgent"), standing(severity=Severity.URGENT), ("severity-reached", None)),
    # handed on where the assignee owes it, to somebody on duty who fits
    (level("notify_and_reassign"), standing(), ("transfer", "S08")),
    (level("notify_and_reassign"), standing(assignee="S10"), ("transfer", "S09")),
    (level("notify_and_reassign"), standing(assignee=None), ("not-of-an-assignee", None)),
    (
        level("notify_and_reassign", "response"),
        standing(owed=[duty("response", "dispatch_operator")]),
        ("not-of-an-assignee", None),
    ),
    (level("notify_and_reassign"), standing(owed=[]), ("clock-stopped", None)),
    (level("notify_and_reassign"), standing(owed=[duty(turn=2)]), ("clock-stopped", None)),
    (level("notify_and_reassign"), standing(team="greening", assignee="S21"), ("nobody-fitting", None)),
    (level("notify_and_reassign"), standing(team=None), ("nobody-fitting", None)),
    # whom a complaint is about no rule knows (DSP-13)
    (level("notify_and_reassign"), standing(category="STAFF_ATTITUDE", team="quality"), ("named-staff", None)),
    # noted, nothing else
    (
        level("open_improvement_item", "feedback"),
        standing(),
        ("noted", {"category": "WATER_LEAK", "team": "engineering"}),
    ),
    (
        level("record_contractor_fault", "arrive", team="elevator-contractor"),
        standing(team="engineering"),
        ("noted", {"team": "elevator-contractor", "contractor": "CT-LIFT"}),
    ),
    (level("record_contractor_fault", "arrive"), standing(), ("no-contractor", None)),
    (level("record_contractor_fault", "arrive", team=None), standing(), ("no-contractor", None)),
]


@pytest.mark.parametrize(("asked", "order", "expected"), CASES)
def test_what_a_level_does(asked, order, expected):
    """ESC-06: notify, reassign, raise severity, open recovery, open improvement item, record contractor fault."""
    assert does(asked, order) == expected


def test_every_action_is_decided():
    """ESC-06: a new action without a rule would be told by nobody."""
    order = standing()
    found = {action: decided(level(action), order, None, ROSTER, at(NOON)) for action in LadderAction}
    assert {type(one) for one in found.values()} <= {Command, Noted, Nothing}


SUCCESSORS = [
    # with the skill first, the team's lead last
    (standing(), "electrical", NOON, (), "S10"),
    (standing(), "plumbing", NOON, (), "S08"),
    (standing(assignee="S08"), "plumbing", NOON, (), "S09"),
    (standing(assignee="S08"), "", NOON, (), "S09"),
    # the night shift at night, for the two communities that engineer serves
    (standing(), "plumbing", NIGHT, (), "S11"),
    (standing(community="yangguang"), "glazing", NOON, (), "S12"),
    (standing(), "glazing", NOON, (), "S10"),
    # absent
    (standing(assignee="S10"), "plumbing", "10-02 12:00", (), "S08"),
    # excluded
    (standing(), "electrical", NOON, ("S10",), "S08"),
    (standing(), "electrical", NOON, ("S10", "S08"), None),
    # the community's own team
    (standing(community="sf-housing", assignee="SF06"), "drainage", "11-06 02:00", (), "SF05"),
    (standing(team="nowhere"), "", NOON, (), None),
]


@pytest.mark.parametrize(("order", "skill", "when", "excluded", "expected"), SUCCESSORS)
def test_who_takes_an_order_over(order, skill, when, excluded, expected):
    """ESC-06, DSP-01: same team, serves the community, on duty, not absent, neither the assignee nor excluded."""
    assert successor(order, skill, ROSTER, at(when), excluded) == expected


@pytest.mark.parametrize("action", ["raise_severity", "notify_and_reassign"])
def test_a_command_says_why_in_both_languages_and_fits_the_order_as_it_was_seen(action):
    """ESC-06: a change that somebody made meanwhile is never overwritten by a rule."""
    found = decided(level(action), standing(), None, ROSTER, at(NOON))
    assert found.version == 5
    assert "升级第 2 级:「接单」" in found.said["reason"]
    assert "Level 2 of accept:" in found.said["reason"]


def test_a_recovery_fits_any_version():
    """ESC-15: whatever else happened, the owner is owed one."""
    found = decided(level("service_recovery", "promise"), standing(), None, ROSTER, at(NOON))
    rule = {"actor": "system", "roles": ("rule",), "channel": "engine", "request_id": "req_1", "key": "k"}
    assert read(Envelope(command=found.name, payload=dict(found.said), **rule)).name is CommandName.OPEN_RECOVERY
    assert found.version is None
