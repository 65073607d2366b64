"""The cause of an incident is dealt with: its children go on with feedback, are told at once, and it ends (GRP-06)."""

import pytest
from rules_sample import CALLER, DUTY, OPERATOR, OTHER, PLUMBER, WORDS, at, minutes, refused, window
from test_incidents import ATTACH, PARENT, PINNED, attached, confirmed, report, rows_of

from domain import events as e
from domain.refusals import Refused
from domain.vocabulary import CloseReason, Outcome, Stage
from workflows.between_orders import CHILD_JOINED, TO_CHILDREN

SOLVED = {"leader": PARENT, "handlers": [PLUMBER]}
RESULT = {"kind": "result", "by": "sms", "found": WORDS, "words": WORDS}
NOTICE = {**RESULT, "delivery": "msg_1", "leader": PARENT, "apologises": True}
STEPS = [
    ("respond", OPERATOR),
    ("register", OPERATOR),
    ("dispatch", OPERATOR),
    ("accept", PLUMBER),
    ("complete_handling", PLUMBER),
    ("give_feedback", OPERATOR),
    ("record_callback", CALLER),
]
SAYING = {"give_feedback": {**RESULT, "by": "phone"}}


def went(steps, case=None):
    """A child that has gone so many steps by itself, the first a minute after it came."""
    case = case or attached(1)
    for number, (command, actor) in enumerate(STEPS[:steps], 1):
        case.act(at("07-08 10:00") + minutes(number), command, actor, SAYING.get(command))
    return case


def solve(case, now="07-08 10:30"):
    return case.act(now, "solve_together", "system", SOLVED)


def handled_parent(pinned=PINNED):
    parent = confirmed(pinned=pinned)
    for number, (command, actor) in enumerate(
        [("dispatch", OPERATOR), ("accept", PLUMBER), ("arrive", PLUMBER), ("complete_handling", PLUMBER)], 1
    ):
        parent.act(at("07-08 10:00") + minutes(number), command, actor)
    return parent


# ---- the child


@pytest.mark.parametrize("steps", range(5))
def test_a_child_goes_on_with_its_feedback_whatever_it_was_at(steps):
    """GRP-06: to feedback, not to closed; what was left of the work owes nothing more, the answer is still owed."""
    case = went(steps)
    solve(case)
    assert (case.order.stage, case.order.closed_at) == (Stage.FEEDBACK, None)
    running = {clock.name.value for clock in case.order.running}
    assert {"result_feedback", "feedback"} <= running
    assert not running & {"register", "dispatch", "accept", "arrive", "handling"}
    assert ("response" in running) == (steps == 0)
    handling = [clock.outcome for clock in case.order.clocks if clock.name == "handling"]
    assert handling == ([Outcome.MET] if steps == 4 else [])


@pytest.mark.parametrize(("steps", "stage"), [(5, Stage.FEEDBACK), (6, Stage.CALLBACK), (7, Stage.CLOSED)])
def test_what_was_handled_by_itself_stays_where_it_is(steps, stage):
    """GRP-06: no clock is touched."""
    case = went(steps)
    case.tick("07-08 10:30")
    before = case.order.clocks
    [event] = [one for one in solve(case) if isinstance(one, e.SolvedTogether)]
    assert (event.moved, case.order.stage, case.order.clocks) == (None, stage, before)


def test_it_is_solved_once_and_by_its_own_incident():
    """GRP-06, GRP-07: taken out meanwhile, or of another incident: its matter is not dealt with."""
    case = went(2)
    case.act("07-08 10:20", "detach_from_incident", OPERATOR)
    assert refused(case, "07-08 10:30", "solve_together", "system", SOLVED) == "not-attached"
    assert {"register", "dispatch"} & {clock.name.value for clock in case.order.running} == {"dispatch"}
    case.act("07-08 10:31", "attach_to_incident", OPERATOR, ATTACH)
    solve(case, "07-08 10:32")
    assert refused(case, "07-08 10:33", "solve_together", "system", SOLVED) == "already-done"


def test_a_window_promised_for_a_visit_is_kept_from_nobody():
    """CLK-11: nobody needs to come any more; that the work would be done was kept, a word is still owed."""
    case = went(4)
    for number, act in enumerate(("arrive", "complete_handling", "give_feedback")):
        said = window("07-08 14:00", "07-08 16:00", act)
        case.act(at("07-08 10:10") + minutes(number), "promise", DUTY, said)
    solve(case)
    outcomes = {clock.act: clock.outcome for clock in case.order.clocks if clock.name == "promise"}
    assert outcomes == {"arrive": Outcome.SUPERSEDED, "complete_handling": Outcome.MET, "give_feedback": None}


def test_who_did_the_incidents_work_calls_none_of_its_owners_back():
    """CBK-02: whoever handled the cause has handled each of its cases."""
    case = went(2)
    solve(case)
    case.act("07-08 10:31", "give_feedback", OPERATOR, {**RESULT, "by": "phone"})
    said = {"resolved": True, "attitude": 5, "timeliness": 5, "quality": 5, "told_by": "household"}
    caller = {"actor": PLUMBER, "roles": ("callback_officer",)}
    assert refused(case, "07-08 10:40", "record_callback", caller["actor"], said, roles=caller["roles"]) == (
        "separation-of-duties"
    )
    case.act("07-08 10:41", "record_callback", CALLER, said)
    assert case.order.close_reason is CloseReason.CONFIRMED


# ---- whose ladders speak


def test_until_its_end_the_incident_speaks_for_it_and_afterwards_it_speaks_for_itself():
    """ESC-13, GRP-06: what is owed after the cause was dealt with escalates on the parent; a reopened one alone."""
    case = went(2)
    solve(case)
    case.tick("07-12 10:00")
    assert [event.incident for event in case.told(e.ClockBreached, "result_feedback")] == [PARENT]
    assert case.told(e.Escalated) == []
    case.act("07-12 10:01", "give_feedback", OPERATOR, {**RESULT, "by": "phone"})
    case.act("07-12 10:02", "reopen", OPERATOR)
    stopped = [event for event in case.told(e.ClockStopped) if event.outcome is Outcome.BREACHED]
    assert {event.incident for event in stopped} == {PARENT}
    case.tick("07-20 10:00")
    own = [event for event in case.told(e.ClockBreached) if event.generation == 2]
    assert {event.incident for event in own} == {None}
    assert {event.generation for event in case.told(e.Escalated)} == {2}
    parent = handled_parent()
    report(parent, "07-20 10:01", case)
    assert not any(entry.running for entry in parent.order.gathered)


@pytest.mark.parametrize("steps", [6, 7])
def test_what_was_at_its_end_already_speaks_for_itself_when_it_is_reopened(steps):
    """ESC-13, GRP-06: the incident may have ended by then, so nobody else would."""
    case = went(steps)
    solve(case)
    case.act("07-08 10:31", "reopen", OPERATOR)
    case.tick("07-20 10:00")
    assert case.told(e.Escalated)


# ---- the parent


def test_handling_the_cause_asks_for_every_child():
    """GRP-06: of whoever is a child then, or joins later; with those who did the work."""
    [row] = rows_of(handled_parent(), TO_CHILDREN)
    assert row == {"command": "solve_together", "said": SOLVED, "late": True}
    assert rows_of(attached(1), CHILD_JOINED) == [{"incident": PARENT}]
    assert rows_of(went(5), TO_CHILDREN) == []


@pytest.mark.parametrize(
    ("kind", "handled", "code"),
    [("progress", False, None), ("plan", False, None), ("result", False, "result-too-early"), ("result", True, None)],
)
def test_one_notice_is_for_all_children(kind, handled, code):
    """GRP-06: a result only once the cause is dealt with (FBK-02)."""
    parent = handled_parent() if handled else confirmed()
    said = {**RESULT, "kind": kind}
    if code:
        assert refused(parent, "07-08 10:20", "give_mass_notice", OPERATOR, said) == code
        return
    parent.act("07-08 10:20", "give_mass_notice", OPERATOR, said)
    row = rows_of(parent, TO_CHILDREN)[-1]
    told = {"kind": kind, "by": "sms", "actor": OPERATOR, "texts": {"words": "txt_1", "found": "txt_1"}}
    assert row == {"command": "give_feedback", "said": told, "late": kind == "result"}


@pytest.mark.parametrize(("v", "codes"), [(5, [None, None]), (6, ["result-noticed", "result-noticed"])])
def test_the_result_is_said_to_all_once(v, codes):
    """GRP-06: who joins later gets it too, so nothing is left to say to all; orders of before are decided as then."""
    parent = handled_parent(PINNED.model_copy(update={"v": v}).pinned())
    parent.act("07-08 10:19", "give_mass_notice", OPERATOR, {**RESULT, "kind": "progress"})
    parent.act("07-08 10:20", "give_mass_notice", OPERATOR, RESULT)
    again = [{**RESULT, "kind": kind} for kind in ("progress", "result")]
    assert [refused_or_done(parent, "07-08 10:21", "give_mass_notice", said) for said in again] == codes


def refused_or_done(case, now, command, said):
    try:
        case.act(now, command, OPERATOR, said)
    except Refused as refusal:
        return refusal.code
    return None


def test_a_result_says_what_was_found():
    """FBK-01."""
    said = {name: value for name, value in RESULT.items() if name != "found"}
    assert refused(handled_parent(), "07-08 10:20", "give_mass_notice", OPERATOR, said) == "result-incomplete"


@pytest.mark.parametrize("steps", range(5))
def test_the_notice_answers_a_child_and_needs_no_countersign(steps):
    """GRP-06, INT-05, INT-06: whoever gave it stands for it; who was first contact stays it."""
    case = went(steps)
    solve(case)
    case.act("07-08 10:40", "give_feedback", DUTY, NOTICE)
    assert (case.order.stage, case.order.result_by) == (Stage.CALLBACK, None)
    assert case.order.first_contact == (DUTY if steps == 0 else OPERATOR)
    assert not {"response", "feedback", "result_feedback"} & {clock.name.value for clock in case.order.running}


def test_the_notice_of_an_incident_it_is_not_of_says_nothing():
    """GRP-07: taken out while the message was on its way: its owner is still to be told."""
    case = went(2)
    case.act("07-08 10:20", "detach_from_incident", OPERATOR)
    said = {**NOTICE, "kind": "progress"}
    assert refused(case, "07-08 10:40", "give_feedback", DUTY, said) == "not-attached"


def test_the_parent_ends_once_nothing_of_its_children_is_owed():
    """GRP-06: by a rule, never by hand; not while it speaks of a breach."""
    parent, case = handled_parent(), attached(1)
    case.tick("07-08 10:20")
    report(parent, "07-08 10:20", case)
    assert refused(parent, "07-08 10:21", "end_incident", "system") == "children-owe"
    case.act("07-08 10:22", "respond", OPERATOR)
    case.act("07-08 10:22", "register", OPERATOR)
    report(parent, "07-08 10:23", case)
    parent.act("07-08 10:24", "end_incident", "system")
    assert (parent.order.stage, parent.order.close_reason) == (Stage.CLOSED, CloseReason.CHILDREN_ENDED)
    assert refused(handled_parent(), "07-08 10:30", "end_incident", OTHER, roles=("service_manager",)) == "forbidden"
    assert refused(confirmed(), "07-08 10:30", "end_incident", "system") == "illegal-transition"


def test_what_was_solved_and_answered_is_not_taken_out_any_more():
    """GRP-07: its owner has the answer; asked at the callback, or reopened, it goes on by itself."""
    case = went(2)
    solve(case)
    case.act("07-08 10:32", "give_feedback", OPERATOR, {**RESULT, "by": "phone"})
    assert refused(case, "07-08 10:32", "detach_from_incident", OPERATOR) == "solved-with-it"
    said = {"resolved": False, "attitude": 4, "timeliness": 4, "quality": 4, "told_by": "household"}
    case.act("07-08 10:33", "record_callback", CALLER, said)
    assert case.order.stage is Stage.DISPATCH
    case.act("07-08 10:34", "dispatch", OPERATOR)
