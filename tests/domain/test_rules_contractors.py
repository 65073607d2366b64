"""A contractor's work counts once somebody of ours has looked at it (HND-12, DSP-06)."""

import pytest
from rules_sample import (
    CALLER,
    LEAD,
    OPERATOR,
    OTHER,
    PLUMBER,
    PROJECT,
    RESIDENT,
    SAID,
    SAMPLE,
    SERVICE,
    STEWARD,
    WORDS,
    Case,
    at,
    minutes,
    refolded,
    refused,
    terms,
    window,
)

from domain import events as e
from domain.deeds import Level, Noted, Nothing, Standing, decided
from domain.dispatch.roster import roster_of
from domain.order import WorkOrder
from domain.settings.reading import parse
from domain.vocabulary import ClockName, LadderAction, Outcome, Role, Severity, Stage
from workflows.effects import SealedEvent
from workflows.projection import duties_of, outgoing

CREW, MATE, TEAM = "usr_S23", "usr_S24", "elevator-contractor"
CHECKER = {"roles": ("contractor_supervisor",)}
FAILED = {"passed": False, "reason": WORDS}
GIVEN = {"team": TEAM, "assignee": CREW, "contractor": TEAM}


def accepted(said=GIVEN, pinned=None):
    """An order that somebody of a contractor has taken at 10:04."""
    case = Case("07-08 10:00", pinned=pinned)
    case.act("07-08 10:01", "respond", OPERATOR)
    case.act("07-08 10:02", "register", OPERATOR)
    case.act("07-08 10:03", "dispatch", OPERATOR, said)
    case.act("07-08 10:04", "accept", said["assignee"])
    return case


def reported(**changes):
    """The same, whose work is said to be done at 11:00."""
    case = accepted(**changes)
    case.act("07-08 10:30", "arrive", CREW)
    case.act("07-08 11:00", "complete_handling", CREW)
    return case


def test_what_a_contractor_says_is_done_does_not_count_yet():
    """HND-12: it stays in handling, the owner's clock runs on, and whoever said so is known."""
    case = reported()
    assert (case.order.stage, case.order.check_owed) == (Stage.HANDLING, True)
    assert case.clock("handling").running
    assert not case.told(e.HandlingCompleted)
    [told] = case.told(e.CompletionReported)
    assert (told.contractor, told.assignee, told.visits) == (TEAM, CREW, 1)
    assert refolded(case.bodies(), case.order.shelf) == case.order
    assert WorkOrder.model_validate_json(case.order.model_dump_json()) == case.order


def test_work_that_passes_is_completed_at_the_check():
    """HND-12: the handling clock stops then, not when it was claimed; all that was told stands in the completion."""
    case = reported()
    case.act("07-08 12:00", "check_contractor_work", LEAD, **CHECKER)
    [checked], [done] = case.told(e.ContractorWorkChecked), case.told(e.HandlingCompleted)
    assert (checked.passed, checked.author.cause, done.author.cause) == (True, "command", "rule")
    assert (done.at, done.assignee, done.visits, done.found.id) == (at("07-08 12:00"), CREW, 1, "txt_1")
    assert (case.order.stage, case.order.report) == (Stage.FEEDBACK, None)
    handling = case.clock("handling")
    assert (handling.outcome, handling.consumed) == (Outcome.MET, at("07-08 12:00") - at("07-08 10:04"))
    assert refolded(case.bodies(), case.order.shelf) == case.order


def test_a_check_that_comes_too_late_is_a_breach():
    """HND-12: a claim in time helps nobody whose water still runs; the alarm speaks while the check is owed."""
    case = reported()
    due = case.due("handling")
    case.tick(due + minutes(1))
    assert case.told(e.ClockBreached, "handling")
    case.act(due + minutes(2), "check_contractor_work", LEAD, **CHECKER)
    assert case.clock("handling").outcome is Outcome.BREACHED


def test_work_that_fails_goes_back_to_the_contractor():
    """HND-12: with the reason; the same person mends it, and it is looked at again."""
    case = reported()
    assert refused(case, "07-08 12:00", "check_contractor_work", LEAD, {"passed": False}, **CHECKER) == (
        "failed-without-reason"
    )
    case.act("07-08 12:00", "check_contractor_work", LEAD, FAILED, **CHECKER)
    assert (case.order.stage, case.order.assignee, case.order.check_owed) == (Stage.HANDLING, CREW, False)
    assert case.clock("handling").running
    assert refused(case, "07-08 12:01", "check_contractor_work", LEAD, **CHECKER) == "nothing-to-check"
    case.act("07-08 13:00", "arrive", CREW)
    case.act("07-08 13:30", "complete_handling", CREW)
    case.act("07-08 14:00", "check_contractor_work", SERVICE)
    assert [event.passed for event in case.told(e.ContractorWorkChecked)] == [False, True]
    assert (case.order.stage, case.told(e.HandlingCompleted)[0].visits) == (Stage.FEEDBACK, 2)


WHO_CHECKS = [
    (LEAD, ("contractor_supervisor",), None),
    (SERVICE, ("service_manager",), None),
    (PROJECT, ("project_manager",), None),
    (CREW, ("contractor_lead", "team_lead"), "forbidden"),
    (CREW, ("contractor_supervisor",), "own-work"),  # his own, whatever else he is
    (OPERATOR, ("dispatch_operator",), "forbidden"),
    (LEAD, ("engineering_lead", "team_lead"), "forbidden"),
    (RESIDENT, ("resident",), "forbidden"),
]


@pytest.mark.parametrize(("who", "roles", "code"), WHO_CHECKS)
def test_nobody_checks_his_own_work(who, roles, code):
    """HND-12, HA-38."""
    case = reported()
    if code is None:
        case.act("07-08 12:00", "check_contractor_work", who, roles=roles)
        assert case.order.stage is Stage.FEEDBACK
    else:
        assert refused(case, "07-08 12:00", "check_contractor_work", who, roles=roles) == code


def test_whoever_said_for_them_that_it_is_done_does_not_check_it():
    """HND-02, HND-12: the contractor's lead, or our duty supervisor, may say why there are no photos."""
    case = accepted(pinned=terms(demands=("photos",)))
    said = {**SAID["complete_handling"], "without_photos": WORDS}
    case.act("07-08 11:00", "complete_handling", STEWARD, said, roles=("duty_supervisor",))
    assert case.order.check_owed
    both = ("duty_supervisor", "contractor_supervisor")
    assert refused(case, "07-08 12:00", "check_contractor_work", STEWARD, roles=both) == "own-work"


def test_who_would_check_it_may_complete_it_himself():
    """HND-12: where nothing can be photographed, our own supervisor's word is the check."""
    case = accepted(pinned=terms(demands=("photos",)))
    said = {**SAID["complete_handling"], "without_photos": WORDS}
    case.act("07-08 11:00", "complete_handling", LEAD, said, **CHECKER)
    assert (case.order.stage, case.told(e.CompletionReported)) == (Stage.FEEDBACK, [])


def test_whom_a_matter_is_about_does_not_check_it():
    """DSP-13."""
    case = reported()
    case.act("07-08 11:30", "note", OPERATOR, {"words": WORDS, "complained_of": [LEAD]})
    assert refused(case, "07-08 12:00", "check_contractor_work", LEAD, **CHECKER) == "complained-of"


def test_neither_who_said_it_is_done_nor_who_passed_it_calls_back():
    """CBK-02."""
    case = reported()
    case.act("07-08 12:00", "check_contractor_work", SERVICE)
    case.act("07-08 12:10", "give_feedback", OPERATOR, {**SAID["give_feedback"], "kind": "result"})
    assert refused(case, "07-08 12:20", "record_callback", SERVICE) == "separation-of-duties"
    assert refused(case, "07-08 12:20", "record_callback", CREW, roles=("callback_officer",)) == "separation-of-duties"
    case.act("07-08 14:00", "record_callback", CALLER)
    assert case.order.stage is Stage.CLOSED


AT_WORK = [
    ("complete_handling", None),
    ("arrive", None),
    ("quote", None),
    ("suspend", {**SAID["suspend"], "expected_end_at": "2026-07-08T08:00:00Z"}),
    ("request_suspension", None),
]


@pytest.mark.parametrize(("command", "said"), AT_WORK)
def test_work_that_is_said_to_be_done_does_not_go_on(command, said):
    """HND-12: above all no clock stands still for it."""
    assert refused(reported(), "07-08 12:00", command, CREW, said) == "work-awaits-check"


def test_what_stood_still_runs_again_with_the_claim():
    """HND-12, CLK-19: the owner waits on until somebody has looked."""
    case = accepted()
    case.act("07-08 10:30", "arrive", CREW)
    case.act("07-08 10:40", "suspend", CREW)
    case.act("07-08 11:00", "complete_handling", CREW)
    [resumed] = case.told(e.Resumed)
    assert (case.order.pause, case.clock("handling").suspended, resumed.author.cause) == (None, False, "rule")


def test_a_pause_that_was_asked_for_is_not_granted_while_the_check_is_owed():
    case = accepted()
    case.act("07-08 10:40", "request_suspension", CREW)
    case.act("07-08 11:00", "complete_handling", CREW)
    assert refused(case, "07-08 11:10", "approve_suspension", LEAD, roles=("engineering_lead",)) == "work-awaits-check"


def test_what_became_undone_meanwhile_does_not_pass():
    """HND-07, HND-12: a plan that was given after the claim is to be signed off first."""
    case = reported()
    case.act("07-08 11:30", "give_plan", SERVICE)
    assert refused(case, "07-08 12:00", "check_contractor_work", LEAD, **CHECKER) == "sign-off-owed"
    case.act("07-08 12:10", "check_contractor_work", LEAD, FAILED, **CHECKER)


WAYS_OUT = [
    ("return", CREW, None, Stage.DISPATCH),
    ("withdraw", RESIDENT, None, Stage.CLOSED),
    ("transfer", "system", {"assignee": PLUMBER, "reason": WORDS}, Stage.HANDLING),
]


@pytest.mark.parametrize(("command", "who", "said", "stage"), WAYS_OUT)
def test_an_order_that_leaves_the_contractor_owes_no_check(command, who, said, stage):
    """HND-12: what our own people do after it is theirs, and counts at once."""
    case = reported()
    case.act("07-08 11:30", command, who, said)
    assert (case.order.stage, case.order.check_owed) == (stage, False)
    if stage is Stage.CLOSED:
        case.act("07-08 11:40", "reopen", RESIDENT)
    if stage is not Stage.HANDLING:
        case.act("07-08 11:50", "dispatch", OPERATOR)
    case.act("07-08 12:00", "accept", PLUMBER)
    case.act("07-08 12:10", "complete_handling", PLUMBER)
    assert case.order.stage is Stage.FEEDBACK


def test_a_receiver_who_takes_it_does_the_work_again():
    """DSP-08, HND-12: until then the contractor answers, and its work can pass."""
    case = reported()
    case.act("07-08 11:10", "transfer", OPERATOR)
    assert case.order.check_owed
    case.act("07-08 11:20", "accept", OTHER)
    assert (case.order.assignee, case.order.check_owed) == (OTHER, False)
    passed = reported()
    passed.act("07-08 11:10", "transfer", OPERATOR)
    passed.act("07-08 11:20", "check_contractor_work", LEAD, **CHECKER)
    assert (passed.order.receiver, passed.told(e.HandlingCompleted)[0].receiver) == (None, OTHER)


@pytest.mark.parametrize("way", ["dispatch", "grab", "transfer"])
def test_by_whatever_way_it_came_to_a_contractor(way):
    """HND-12: also to a mate of the same crew later on."""
    if way == "dispatch":
        case = accepted()
    else:
        case = Case("07-08 10:00")
        case.act("07-08 10:01", "respond", OPERATOR)
        case.act("07-08 10:02", "register", OPERATOR)
        said = {"assignee": CREW, "reason": WORDS, "contractor": TEAM}
        if way == "grab":
            case.act("07-08 10:03", "grab", CREW, {"team": TEAM, "contractor": TEAM}, roles=("contractor_worker",))
        else:
            case.act("07-08 10:03", "dispatch", OPERATOR)
            case.act("07-08 10:03", "transfer", OPERATOR, said)
            case.act("07-08 10:04", "accept", CREW)
    case.act("07-08 11:00", "complete_handling", CREW)
    assert case.order.check_owed
    case.act("07-08 11:10", "transfer", OPERATOR, {"assignee": MATE, "reason": WORDS, "contractor": TEAM})
    case.act("07-08 11:20", "accept", MATE)
    case.act("07-08 11:30", "complete_handling", MATE)
    assert case.order.report.assignee == MATE


def test_a_promise_to_complete_it_is_kept_by_the_check():
    """CLK-11, HND-12."""
    case = accepted()
    case.act("07-08 10:10", "promise", OPERATOR, window("07-08 10:30", "07-08 12:30", "complete_handling"))
    case.act("07-08 10:30", "arrive", CREW)
    case.act("07-08 11:00", "complete_handling", CREW)
    assert case.clock("promise").running
    case.act("07-08 12:00", "check_contractor_work", LEAD, **CHECKER)
    assert case.clock("promise").outcome is Outcome.MET


def test_the_contractor_supervisor_owes_the_check_and_answers_for_handling():
    """HND-12: as long as it waits; the contractor's own duty is over until it fails."""
    case = reported()
    owed = {duty.clock: duty for duty in duties_of(case.order)}
    assert owed["check_contractor_work"].accountable == owed["handling"].accountable == Role.CONTRACTOR_SUPERVISOR
    assert owed["check_contractor_work"].due_at == case.due("handling")
    case.act("07-08 12:00", "check_contractor_work", LEAD, FAILED, **CHECKER)
    owed = {duty.clock: duty for duty in duties_of(case.order)}
    assert ("check_contractor_work" in owed, owed["handling"].accountable) == (False, Role.ASSIGNEE)


def told(case, events):
    """What the relay is to carry because of some events."""
    sealed = [
        SealedEvent(seq=seq, type=event.type_name(), at=event.at, recorded_at=event.at, body="", hash="")
        for seq, event in enumerate(events, 1)
    ]
    return [(row.topic, row.body) for row in outgoing(case.order, events, sealed)]


def test_the_supervisor_is_asked_and_the_contractor_told_what_failed():
    """HND-12, DSP-06: the fault is noted as a ladder notes one."""
    case = accepted()
    [(topic, body)] = told(case, case.act("07-08 11:00", "complete_handling", CREW))
    assert (topic, body["role"], body["team"]) == ("work_to_check", Role.CONTRACTOR_SUPERVISOR, TEAM)
    assert (body["asked_by"], body["above"]) == (CREW, "service_manager,project_manager")
    events = case.act("07-08 12:00", "check_contractor_work", LEAD, FAILED, **CHECKER)
    [(topic, body)] = told(case, events)
    assert (topic, body["person"], body["team"]) == ("work_failed", CREW, TEAM)
    assert body["action"] == LadderAction.RECORD_CONTRACTOR_FAULT
    case.act("07-08 12:10", "complete_handling", CREW)
    assert told(case, case.act("07-08 12:20", "check_contractor_work", LEAD, **CHECKER)) == []


FAULT = Level(LadderAction.RECORD_CONTRACTOR_FAULT, ClockName.HANDLING, 1, 1, 1, Severity.MAJOR, TEAM)


@pytest.mark.parametrize(("fails", "because"), [(False, "not-of-the-contractor"), (True, None)])
def test_a_level_that_fires_while_our_check_is_owed_is_no_fault_of_the_contractor(fails, because):
    """HND-12, DSP-06: nor is the order handed on by a ladder while it waits for us."""
    case = reported()
    if fails:
        case.act("07-08 12:00", "check_contractor_work", LEAD, FAILED, **CHECKER)
    owed = [duty.model_dump(mode="json") for duty in duties_of(case.order)]
    order = Standing("jinxiu", "LIFT_FAULT", "repair", Severity.MAJOR, case.order.version, TEAM, "S23", owed)
    roster = roster_of(parse(SAMPLE.read_text()))
    found = decided(FAULT, order, None, roster, at("07-08 12:10"))
    assert found == (Nothing(because) if because else Noted({"team": TEAM, "contractor": "CT-LIFT"}))
    if not fails:
        handed_on = FAULT._replace(action=LadderAction.NOTIFY_AND_REASSIGN)
        assert decided(handed_on, order, None, roster, at("07-08 12:10")) == Nothing("not-of-an-assignee")
