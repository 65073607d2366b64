"""Who may give which command: every pair of role and command, against a table written by hand (SEC-01, HA-31)."""

import pytest
from rules_sample import DUTY, OPERATOR, PLUMBER, RESIDENT, SAID, act, at, brought_to, classification, terms

from domain.commands import CommandName
from domain.refusals import Refused
from domain.vocabulary import Role

NOW = at("07-08 10:10")
SPEAKING = {"respond", "clarify", "register", "promise", "give_feedback", "reopen", "urge", "withdraw", "note"}
SPEAKING |= {"sign_off", "refuse_sign_off", "agree_to_price", "decline_price"}
TALKING = {"promise", "flag_conflict", "record_conflict_step"}
SPEAKING |= TALKING
OPERATING = {*SPEAKING, "classify", "reclassify", "dispatch", "transfer"}
OPERATING |= {"add_assignment", "cancel_assignment"}
OPERATING |= {"confirm_incident", "dismiss_incident", "attach_to_incident", "detach_from_incident"}
OPERATING |= {"give_mass_notice", "merge", "unmerge"}
SUPERVISING = {*OPERATING, "change_first_contact", "give_plan", "complete_rectification", "resume"}
SUPERVISING |= {"approve_suspension", "refuse_suspension"}
HANDLING = {"accept", "return", "transfer", "promise", "arrive", "complete_handling", "note", "suspend", "resume"}
HANDLING |= {"request_suspension", "give_plan", "complete_rectification", "quote", "complete_assignment", *TALKING}
MANAGING = {*SUPERVISING, "open_recovery", "complete_recovery", "excuse", "reclock", "name_arrears_cause", "verify"}
MANAGING |= {"assign_responsibility", "record_mediation", "check_contractor_work", "complete_assignment"}

MAY = {
    "first_contact": {*SPEAKING, "countersign"},
    "assignee": HANDLING,
    "dispatch_operator": OPERATING,
    "building_steward": {*SPEAKING, "grab", "name_arrears_cause", "give_mass_notice"},
    "team_lead": SUPERVISING,
    "duty_supervisor": SUPERVISING,
    "engineering_lead": SUPERVISING,
    "security_lead": SUPERVISING,
    "contractor_supervisor": {*SUPERVISING, "check_contractor_work", "complete_assignment"},
    "service_manager": {*MANAGING, "record_callback", "record_attempt"},
    "project_manager": MANAGING,
    "rule": {"reclassify", "dispatch", "transfer", "open_recovery", "note", "attach_to_incident", "report_children"}
    | {"solve_together", "end_incident", "absorb", "unmerge", "detach_from_incident"},
    "callback_officer": {"record_callback", "record_attempt", "reopen", "note", *TALKING},
    "resident": {
        "agree_to_price",
        "decline_price",
        "record_callback",
        "reopen",
        "urge",
        "withdraw",
        "sign_off",
        "refuse_sign_off",
        "note",
    },
    "engineer": {"note", "grab"},
    "handyman": {"note", "grab"},
    "security_guard": {"note", "grab"},
    "gardener": {"note", "grab"},
    "contractor_lead": {"note", "grab"},
    "contractor_worker": {"note", "grab"},
    "duty_engineer": {"note", "grab"},
    "quality_department": {"note"},
    "integration": {"note"},
    "privacy_officer": {"note"},
    "auditor": set(),
    "committee": set(),
    "admin": set(),
}
"""What each role may do; `acknowledge` belongs to the addressee of a level alone, whatever his role."""

COMMANDS = sorted(name.value for name in CommandName if name is not CommandName.ACKNOWLEDGE)
CELLS = [pytest.param(role, command, id=f"{role}-{command}") for role in MAY for command in COMMANDS]


@pytest.fixture(scope="module")
def order():
    """An order in handling: its first contact is OPERATOR, its assignee PLUMBER."""
    return brought_to("handling").order


def answer(order, command, actor, roles):
    """Give a command; answer its refusal code, or `accepted`."""
    said = classification(terms()) | SAID["note"] if command in {"classify", "reclassify", "reclock"} else None
    said = {**said, "reason": SAID["return"]["reason"]} if said else None
    try:
        act(order, NOW, command, actor, said, roles=roles)
    except Refused as refused:
        return refused.code
    return "accepted"


def test_every_role_is_in_the_table():
    """Default deny: a new role may do nothing until a line is written for it."""
    assert set(MAY) == {role.value for role in Role}


@pytest.mark.parametrize(("role", "command"), CELLS)
def test_a_role_may_do_what_its_line_says(order, role, command):
    """SEC-01, HA-31: allowed or forbidden; the stage is judged afterwards."""
    in_case = {"first_contact": OPERATOR, "assignee": PLUMBER, "resident": RESIDENT}
    code = answer(order, command, in_case.get(role, "usr_X"), () if role in in_case else (role,))
    assert (command in MAY[role]) == (code != "forbidden")


@pytest.mark.parametrize("role", ["first_contact", "assignee", "resident"])
def test_a_role_in_the_case_cannot_be_claimed(order, role):
    """HA-38: who is first contact, assignee or reporter the order says, not the envelope."""
    codes = {answer(order, command, "usr_X", (role,)) for command in COMMANDS}
    assert codes == {"forbidden"}


@pytest.mark.parametrize("role", sorted({role.value for role in Role} - {"first_contact", "assignee", "resident"}))
def test_only_the_addressee_acknowledges(role):
    """ESC-05, SEC-01: level 1 of the response clock is the duty supervisor's."""
    case = brought_to("intake")
    case.tick("07-08 10:16")
    try:
        act(case.order, at("07-08 10:17"), "acknowledge", "usr_X", roles=(role,))
        code = "accepted"
    except Refused as refused:
        code = refused.code
    assert code == ("accepted" if role == "duty_supervisor" else "nothing-to-acknowledge")


def test_the_author_of_an_event_acts_in_the_role_that_allows_it(order):
    """AUD-05: of several roles the fitting one is recorded; what he is in the case comes first."""
    table = [
        ("note", OPERATOR, ("auditor", "dispatch_operator"), "first_contact"),
        ("note", "usr_X", ("auditor", "engineer"), "engineer"),
        ("transfer", PLUMBER, ("engineering_lead",), "assignee"),
        ("urge", RESIDENT, ("resident",), "resident"),
        ("change_first_contact", "usr_X", ("engineer", "team_lead", "service_manager"), "team_lead"),
    ]
    for command, actor, roles, expected in table:
        _, events = act(order, NOW, command, actor, roles=roles)
        assert (expected, actor) == (events[-1].author.role, events[-1].author.actor), command


def test_an_acknowledgement_is_recorded_in_the_role_of_the_addressee():
    """AUD-05, ESC-05: an operator who is duty supervisor as well acknowledges as duty supervisor."""
    case = brought_to("intake")
    case.tick("07-08 10:16")
    events = case.act("07-08 10:17", "acknowledge", DUTY, roles=("dispatch_operator", "duty_supervisor"))
    assert events[-1].author.role == "duty_supervisor"


def test_who_handled_in_any_generation_does_not_call_back():
    """CBK-02, HA-34: also when he only accepted and passed it on, and whatever else he is."""
    case = brought_to("transferred")
    case.act("07-08 10:10", "accept", "usr_S12")
    case.act("07-08 10:11", "complete_handling", "usr_S12")
    case.act("07-08 10:12", "give_feedback", OPERATOR, {**SAID["give_feedback"], "kind": "result"})
    for caller in (PLUMBER, "usr_S12"):
        with pytest.raises(Refused) as refused:
            case.act("07-08 10:13", "record_callback", caller, roles=("callback_officer",))
        assert refused.value.code == "separation-of-duties"
    case.act("07-08 10:13", "record_callback", "usr_S22", {**SAID["record_callback"], "resolved": False})
    for command, actor in [("dispatch", OPERATOR), ("accept", PLUMBER), ("complete_handling", PLUMBER)]:
        case.act("07-08 10:14", command, actor)
    case.act("07-08 10:15", "give_feedback", OPERATOR, {**SAID["give_feedback"], "kind": "result"})
    with pytest.raises(Refused) as refused:
        case.act("07-08 10:16", "record_callback", "usr_S12", roles=("callback_officer",))
    assert refused.value.code == "separation-of-duties"
