"""Who holds a role at an instant: on-call lists, shifts, absences, deputies (ESC-09…11)."""

import tomllib
from copy import deepcopy
from datetime import datetime
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest

from domain.dispatch.roster import Asked, holders, reaches, roles_of, roster_of, search
from domain.refusals import Refused
from domain.settings.reading import read
from domain.vocabulary import Role

DOCUMENT = tomllib.loads((Path(__file__).parents[2] / "examples" / "community.toml").read_text())
ROSTER = roster_of(read(DOCUMENT))
ZONES = {"sf-housing": ZoneInfo("America/Los_Angeles")}
SHANGHAI = ZoneInfo("Asia/Shanghai")


def changed(*changes):
    document = deepcopy(DOCUMENT)
    for way, value in changes:
        place = document
        for part in way[:-1]:
            place = place[part]
        place[way[-1]] = value
    return roster_of(read(document))


def found(role, local, community="jinxiu", team=None, first_contact=None, assignee=None, roster=ROSTER):
    at = datetime.fromisoformat(f"2026-{local}").replace(tzinfo=ZONES.get(community, SHANGHAI))
    people = {"team": team, "first_contact": first_contact, "assignee": assignee}
    persons = holders(Role(role), community=community, at=at, roster=roster, **people)
    return [(person.staff_id, person.role_by_which.value) for person in persons]


ON_CALL = [
    ("duty_supervisor", "06-01T12:00", "jinxiu", "S06"),
    ("duty_supervisor", "06-01T08:00", "jinxiu", "S06"),
    ("duty_supervisor", "06-01T07:59", "jinxiu", "S07"),
    ("duty_supervisor", "06-01T20:00", "jinxiu", "S07"),
    ("duty_supervisor", "11-05T23:40", "jinxiu", "S07"),
    ("duty_supervisor", "10-03T03:00", "yangguang", "S07"),
    ("duty_supervisor", "06-01T12:00", "sf-housing", "SF03"),
    ("duty_supervisor", "06-01T23:00", "sf-housing", "SF04"),
    ("duty_engineer", "06-01T12:00", "jinxiu", "S08"),
    ("duty_engineer", "06-01T02:00", "jinxiu", "S11"),
    ("duty_engineer", "10-03T12:00", "jinxiu", "S08"),
]


@pytest.mark.parametrize(("role", "local", "community", "expected"), ON_CALL)
def test_an_on_call_role_is_the_first_of_its_lists_who_is_on_duty(role, local, community, expected):
    """ESC-09, ST-22: only staff of the community, by their own shift, over midnight too."""
    assert found(role, local, community) == [(expected, role)]


def test_an_absent_person_is_passed_over_in_the_on_call_list():
    """ESC-11: from the start of an absence until just before its end."""
    roster = changed((("absence", 0, "staff"), "S08"))
    assert found("duty_engineer", "10-03T12:00", roster=roster) == [("S09", "duty_engineer")]
    assert found("duty_engineer", "10-08T08:00", roster=roster) == [("S08", "duty_engineer")]


def test_nobody_on_call_passes_to_the_deputy():
    """ESC-11: duty_engineer has no night crew in sf-housing; the engineering lead stands in."""
    assert found("duty_engineer", "06-01T23:00", "sf-housing") == [("SF05", "engineering_lead")]


LISTED = [
    ("service_manager", "06-01T12:00", "jinxiu", ["S02"]),
    ("service_manager", "06-01T12:00", "sf-housing", ["SF02"]),
    ("service_manager", "06-01T23:00", "jinxiu", ["S02"]),
    ("quality_department", "06-01T12:00", "jinxiu", ["S22", "S01"]),
    ("callback_officer", "06-01T12:00", "yangguang", ["S22", "S02"]),
    ("dispatch_operator", "06-01T12:00", "jinxiu", ["S06", "S07"]),
    ("dispatch_operator", "06-01T23:00", "jinxiu", ["S07", "S06"]),
    ("engineer", "06-01T12:00", "jinxiu", ["S09", "S10", "S11"]),
    ("engineer", "10-03T23:00", "jinxiu", ["S11", "S10"]),
    ("building_steward", "03-10T12:00", "jinxiu", ["S03"]),
]


@pytest.mark.parametrize(("role", "local", "community", "expected"), LISTED)
def test_a_role_list_or_position_gives_all_of_the_community_those_on_duty_first(role, local, community, expected):
    """ESC-10, ESC-11: absent ones are left out, people of another community too."""
    assert [person for person, _ in found(role, local, community)] == expected


CASES = [
    ({"first_contact": "S03"}, "first_contact", [("S03", "first_contact")]),
    ({}, "first_contact", [("S06", "duty_supervisor")]),
    ({"assignee": "S10"}, "assignee", [("S10", "assignee")]),
    ({"team": "engineering"}, "assignee", [("S08", "team_lead")]),
    ({"assignee": "S04", "team": "service"}, "assignee", [("S02", "team_lead")]),
    ({"first_contact": "S04"}, "first_contact", [("S06", "duty_supervisor")]),
    ({"assignee": "S99", "team": "engineering"}, "assignee", [("S08", "team_lead")]),
    ({"team": "elevator-contractor"}, "contractor_lead", [("S23", "contractor_lead")]),
    ({"team": "cleaning-contractor"}, "contractor_supervisor", [("S06", "contractor_supervisor")]),
    ({"team": "engineering"}, "contractor_supervisor", [("S08", "engineering_lead")]),
    ({}, "team_lead", [("S02", "service_manager")]),
]


@pytest.mark.parametrize(("people", "role", "expected"), CASES, ids=lambda one: str(one)[:40])
def test_roles_of_the_case_and_the_team_are_looked_up_there_else_at_the_deputy(people, role, expected):
    """ESC-11: S04 is ill on that day, S99 has left the firm; the role by which somebody was found is told."""
    assert found(role, "03-10T12:00", **people) == expected


def test_the_team_of_a_community_stands_instead_of_the_common_one():
    """Glossary 11, `instead`."""
    assert found("team_lead", "06-01T12:00", "sf-housing", team="engineering") == [("SF05", "team_lead")]


def test_nobody_at_all_is_an_empty_answer_with_reasons():
    """ESC-11: the caller alerts the operators; nothing is dropped in silence."""
    at = datetime(2026, 3, 10, 12, tzinfo=SHANGHAI)
    ill = {**DOCUMENT["absence"][1], "staff": "S01"}
    roster = changed((("absence", 0), ill), (("roles", "quality_department"), ["S01", "SF01"]))
    nobody = search(Role.PROJECT_MANAGER, Asked("jinxiu", None, None, None, at), roster)
    assert nobody.persons == ()
    assert nobody.reasons == ("project_manager: S01 absent", "quality_department: S01 absent")
    committee = search(Role.COMMITTEE, Asked("jinxiu", None, None, None, at), ROSTER)
    assert (committee.persons, committee.reasons) == ((), ("committee: vacant",))


ABOUT = [  # role, whom the matter is about, who answers
    ("dispatch_operator", {"S06"}, ["S07"]),
    ("dispatch_operator", {"S06", "S07"}, ["S02"]),  # duty_supervisor is on call: they again
    ("first_contact", {"S03"}, ["S06"]),
    ("first_contact", {"S03", "S06"}, ["S02"]),
    ("assignee", {"S09"}, ["S08"]),
    ("service_manager", {"S02"}, ["S01"]),
    ("duty_engineer", {"S08"}, ["S09"]),
    ("callback_officer", {"S22"}, ["S02"]),
    ("quality_department", {"S22", "S01"}, []),
]


@pytest.mark.parametrize(("role", "about", "answers"), ABOUT)
def test_whom_a_matter_is_about_answers_for_none_of_it(role, about, answers):
    """DSP-13, ESC-11: passed over like somebody who is not there, with the reason; the next of the chain answers."""
    at = datetime(2026, 6, 1, 12, tzinfo=SHANGHAI)
    found = search(Role(role), Asked("jinxiu", "engineering", "S03", "S09", at, frozenset(about)), ROSTER)
    assert [one.staff_id for one in found.persons] == answers
    assert {reason.split()[1] for reason in found.reasons if reason.endswith("complained_of")} <= about
    assert any(reason.endswith("complained_of") for reason in found.reasons)


def test_the_reason_says_how_somebody_was_found():
    """ESC-11, DSP-14."""
    at = datetime(2026, 6, 1, 12, tzinfo=SHANGHAI)
    asked = Asked("jinxiu", "engineering", "S03", None, at)
    reasons = [search(Role(role), asked, ROSTER).persons[0].reason for role in ("first_contact", "duty_engineer")]
    assert reasons == ["case.first_contact", "on_call"]


ROLES = [
    ("S01", ["project_manager", "quality_department"]),
    ("S02", ["service_manager", "callback_officer", "duty_supervisor", "team_lead"]),
    ("S06", ["dispatch_operator", "contractor_supervisor", "duty_supervisor"]),
    ("S08", ["engineering_lead", "contractor_supervisor", "duty_engineer", "team_lead"]),
    ("S12", ["engineer"]),
    ("S22", ["callback_officer", "quality_department", "team_lead"]),
]


@pytest.mark.parametrize(("staff", "expected"), ROLES)
def test_roles_of_a_person_are_position_lists_and_teams(staff, expected):
    """SEC-01: what the permissions of a command look at."""
    assert [role.value for role in roles_of(staff, ROSTER)] == expected


def test_an_unknown_person_is_refused():
    """SEC-01."""
    with pytest.raises(Refused) as refused:
        roles_of("S99", ROSTER)
    assert refused.value.code == "unknown-staff"


def test_the_version_changes_with_the_staff_table_only():
    """Design 4a.4: notices record the roster they were addressed by."""
    assert changed((("version",), "2026.2")).version == ROSTER.version
    assert changed((("staff", 0, "shift"), "night")).version != ROSTER.version
    assert changed((("absence", 0, "reason"), "探亲")).version != ROSTER.version


@pytest.mark.parametrize("local", ["03-02T10:00", "03-07T03:20"])
def test_nobody_answers_for_a_role_that_he_does_not_reach(local):
    """ESC-11: whoever is found without being named by the order, as a deputy too, reaches the role asked for."""
    asked = [(role, town, team) for role in Role for town in ROSTER.communities for team in (None, *ROSTER.teams)]
    answer = {(staff, role) for role, town, team in asked for staff, _ in found(role, local, town, team)}
    assert answer
    assert answer <= {(staff, role) for staff in ROSTER.staff for role in reaches(staff, ROSTER)}
    assert Role.DUTY_SUPERVISOR not in reaches("S09", ROSTER)
