"""Whom an order may be given to, and whom first: the sample community's people, and a crowd made for one rule."""

import time
from datetime import timedelta

import pytest
from rules_sample import at, sample

from domain.dispatch.choosing import FORMER, Excluded, Load, Matter, Why, of_the_trade, propose, spared
from domain.dispatch.roster import roster_of
from domain.settings.staffing import AbsenceEntry, StaffEntry
from domain.vocabulary import Role, Severity

NOON = at("07-08 12:00")
ROSTER = roster_of(sample())
LEAK = Matter("jinxiu", "engineering", "plumbing", Severity.MAJOR, building="JX03")


def crew(*ids, mode="least_load", **changes):
    """A roster whose engineering team is these people alone, alike but for their ids."""
    fields = {"position": Role.ENGINEER, "title": "维修工", "phone": "13800000000", "team": "engineering"}
    like = {
        **fields,
        "communities": ("jinxiu",),
        "skills": ("plumbing",),
        "shift": "always",
        "load_limit": 3,
        **changes,
    }
    people = {one: StaffEntry(id=one, name=one, **like) for one in ids}
    team = ROSTER.teams["engineering"].model_copy(update={"dispatch_mode": mode})
    return ROSTER.model_copy(update={"staff": people, "teams": {**ROSTER.teams, "engineering": team}, "absences": ()})


def order_of(proposal):
    return [one.staff for one in proposal.candidates]


def away(staff):
    return AbsenceEntry(staff=staff, start=NOON - timedelta(hours=1), end=NOON + timedelta(hours=1), reason="病假")


TRADES = [  # who, of which team and with which skills, keeping the building
    ({"skills": ("plumbing",)}, True),
    ({"skills": ("electrical",)}, False),
    ({"skills": ("plumbing",), "team": "handyman"}, False),
    ({"skills": ("plumbing",), "shift": "night", "load_limit": 0}, True),
]


@pytest.mark.parametrize(("changes", "fits"), TRADES)
def test_who_is_of_an_orders_trade(changes, fits) -> None:
    """DSP-01: of its team and with its skill, whatever the hour and the load."""
    roster = crew("A", **changes)
    assert of_the_trade(roster.staff["A"], LEAK, roster) is fits


def test_the_steward_of_the_building_is_of_every_trade_where_a_team_works_by_area() -> None:
    """DSP-02: he needs neither its team nor a skill."""
    steward = next(one.owner_staff for one in ROSTER.communities["jinxiu"].building if one.code == LEAK.building)
    fees = LEAK._replace(team="service", skill="none_has_it")
    assert of_the_trade(ROSTER.staff[steward], fees, ROSTER)
    assert not of_the_trade(ROSTER.staff[steward], LEAK._replace(skill="none_has_it"), ROSTER)


def test_everybody_passed_over_is_named_with_the_reason() -> None:
    """DSP-01, DSP-14: community, skill, shift, absence and load, each told."""
    roster = crew("A", "B", "C", "D", "E")
    staff = {
        **roster.staff,
        "B": roster.staff["B"].model_copy(update={"communities": ("yangguang",)}),
        "C": roster.staff["C"].model_copy(update={"skills": ("heating",)}),
        "D": roster.staff["D"].model_copy(update={"shift": "night"}),
    }
    roster = roster.model_copy(update={"staff": staff, "absences": (away("E"),)})
    proposal = propose(LEAK, roster, {}, NOON)
    assert order_of(proposal) == ["A"]
    assert proposal.excluded == (
        Excluded("B", Why.OTHER_COMMUNITY),
        Excluded("C", Why.SKILL),
        Excluded("D", Why.OFF_DUTY),
        Excluded("E", Why.ABSENT),
    )


@pytest.mark.parametrize(("severity", "fits"), [(Severity.URGENT, True), (Severity.MAJOR, False)])
def test_a_load_limit_gives_way_to_urgency_alone_and_that_is_told(severity, fits) -> None:
    """DSP-11."""
    proposal = propose(LEAK._replace(severity=severity), crew("A"), {"A": Load(3)}, NOON)
    assert [one.over_limit for one in proposal.candidates] == ([True] if fits else [])
    assert proposal.excluded == (() if fits else (Excluded("A", Why.LOADED),))


def test_the_least_loaded_comes_first_then_who_knows_the_place_then_the_longest_idle() -> None:
    """DSP-03: ties by longest idle, then id."""
    loads = {"A": Load(1, NOON), "B": Load(0, NOON), "C": Load(0, NOON - timedelta(hours=2)), "E": Load(0, NOON)}
    matter = LEAK._replace(knows_it=frozenset({"E"}))
    assert order_of(propose(matter, crew("A", "B", "C", "D", "E"), loads, NOON)) == ["E", "D", "C", "B", "A"]


@pytest.mark.parametrize(
    ("last", "order"), [(None, ["A", "B", "C"]), ("A", ["B", "C", "A"]), ("B", ["C", "A", "B"]), ("C", ["A", "B", "C"])]
)
def test_a_round_goes_on_after_whoever_was_last(last, order) -> None:
    """DSP-04: the position is who got the last order, which the record keeps."""
    proposal = propose(LEAK._replace(last_given=last), crew("A", "B", "C", mode="round_robin"), {}, NOON)
    assert (order_of(proposal), proposal.first) == (order, order[0])


def test_who_is_absent_keeps_the_place_in_the_round() -> None:
    """DSP-04."""
    roster = crew("A", "B", "C", mode="round_robin")
    roster = roster.model_copy(update={"absences": (away("B"),)})
    assert order_of(propose(LEAK._replace(last_given="A"), roster, {}, NOON)) == ["C", "A"]
    assert propose(LEAK._replace(last_given="A"), crew("A", "B", "C", mode="round_robin"), {}, NOON).first == "B"


def test_the_steward_of_the_building_comes_first_else_a_deputy_by_skill() -> None:
    """DSP-02: S03 keeps building 3 of the sample, whatever her skills."""
    pets = Matter("jinxiu", "service", "service", Severity.ORDINARY, building="JX03")
    assert propose(pets, ROSTER, {}, NOON).first == "S03"
    absent = ROSTER.model_copy(update={"absences": (away("S03"),)})
    deputy = propose(pets, absent, {}, NOON)
    assert deputy.first != "S03"
    assert "service" in absent.staff[deputy.first].skills
    assert Excluded("S03", Why.ABSENT) in deputy.excluded


def test_nobody_suitable_is_no_candidate_and_a_reason_for_each() -> None:
    """DSP-09."""
    proposal = propose(LEAK._replace(skill="gold_plating"), ROSTER, {}, NOON)
    assert (proposal.candidates, proposal.first) == ((), None)
    assert {one.staff for one in proposal.excluded} == {m for m, s in ROSTER.staff.items() if s.team == "engineering"}
    assert Excluded("S09", Why.SKILL) in proposal.excluded


def test_a_complaint_about_somebody_reaches_neither_them_nor_their_people() -> None:
    """DSP-13: S08 leads engineering; a complaint about her is nobody's of that team."""
    assert propose(LEAK, ROSTER, {}, NOON).first is not None
    about_lead = propose(LEAK._replace(complained_of=frozenset({"S08"})), ROSTER, {}, NOON)
    assert about_lead.candidates == ()
    about_one = propose(LEAK._replace(complained_of=frozenset({"S09"})), ROSTER, {}, NOON)
    assert Excluded("S09", Why.COMPLAINED_OF) in about_one.excluded
    assert spared(frozenset({"S09"}), ROSTER) == {"S09"}


def test_a_thousand_staff_are_ranked_in_no_time() -> None:
    """DSP-01: the figure is in bench/; this only fails if a calendar is walked for everybody."""
    roster = crew(*(f"P{number:04}" for number in range(1000)), shift="day")
    begun = time.perf_counter()
    assert len(propose(LEAK, roster, {}, NOON).candidates) == 1000
    assert time.perf_counter() - begun < 1


def test_dsp_15_a_reopened_order_goes_to_who_had_it_if_he_can_have_it() -> None:
    """DSP-15: whatever the mode says; off duty, absent or with full hands it is dispatched anew."""
    loads = {"A": Load(0), "B": Load(1), "C": Load(2)}
    again = LEAK._replace(former="C")
    back = propose(again, crew("A", "B", "C"), loads, NOON)
    assert (order_of(back), back.rule) == (["C", "A", "B"], FORMER)
    for roster, held in ((crew("A", "B", "C"), {**loads, "C": Load(3)}), (crew("A", "B"), loads)):
        anew = propose(again, roster, held, NOON)
        assert (order_of(anew), anew.rule) == (["A", "B"], "least_load")
