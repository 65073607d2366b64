"""A child that was solved with an incident and is none of its goes on as if it had never been attached (GRP-07)."""

import pytest
from rules_sample import DUTY, OPERATOR, OTHER, PLUMBER, SERVICE, WORDS, at, minutes, refused, window
from test_incidents import ATTACH, PARENT, START, attached, child, confirmed, entries, report
from test_incidents_solved import NOTICE, RESULT, solve, went

from domain import events as e
from domain.order import WorkOrder
from domain.vocabulary import ClockName, Outcome, Stage

SOLVED, OUT = "07-08 10:30", "07-08 10:50"


def taken_out(case, when=OUT):
    return case.act(when, "detach_from_incident", OPERATOR)


def running(case, now):
    """Each clock that runs: when it falls due, and what of it is used."""
    order = case.order
    own = [clock for clock in order.running if clock.name != "result_feedback"]
    return {(c.name, c.turn): (order.due(c), order.used(c, at(now)), c.breached_at, c.suspended) for c in own}


def stood(order: WorkOrder):
    """All that is said of an order beside its clocks and what it was a child of."""
    aside = {"clocks", "version", "stage_since", "shelf"}
    return {name: value for name, value in order if name not in aside}


def transferred(case):
    case.act("07-08 10:06", "transfer", PLUMBER, {"assignee": OTHER, "reason": WORDS})


def suspended(case):
    said = {"pause_reason": "owner_absent", "expected_end_at": "2026-07-08T03:00:00Z"}
    case.act("07-08 10:07", "suspend", PLUMBER, said)


def promised(case):
    for number, act in enumerate(("arrive", "complete_handling", "give_feedback")):
        case.act(at("07-08 10:08") + minutes(number), "promise", DUTY, window("07-08 14:00", "07-08 16:00", act))


def left(case):
    """Nothing more."""


WAYS = [
    *((steps, left) for steps in range(5)),
    *((4, one) for one in (transferred, suspended, promised)),
]


@pytest.mark.parametrize(("steps", "more"), WAYS, ids=lambda one: getattr(one, "__name__", one))
def test_it_goes_back_to_where_it_stood_and_its_clocks_never_ended(steps, more):
    """GRP-07: stage, hands, pause and clocks are those of an order never attached, and so is all that follows."""
    alone, case = went(steps, child(1)), went(steps)
    for one in (alone, case):
        more(one)
    solve(case, SOLVED)
    assert case.order.stage is Stage.FEEDBACK
    [event] = [one for one in taken_out(case) if isinstance(one, e.DetachedFromIncident)]
    for one in (alone, case):
        one.tick("07-08 10:50:01")
    assert (event.back_to, case.order.stage) == (alone.order.stage, alone.order.stage)
    assert running(case, OUT) == running(alone, OUT)
    assert stood(case.order) == stood(alone.order)
    for hour in range(11, 24):
        for one in (alone, case):
            one.tick(f"07-08 {hour}:00")
    spoken = [{(one.clock, one.turn, one.at) for one in case_.told(e.ClockBreached)} for case_ in (alone, case)]
    assert (spoken[1], running(case, "07-08 23:00")) == (spoken[0], running(alone, "07-08 23:00"))
    levels = [{(one.clock, one.level) for one in case_.told(e.Escalated)} for case_ in (alone, case)]
    assert levels[0] == levels[1]


def test_what_fell_due_meanwhile_speaks_late_at_its_own_instant():
    """GRP-07, ESC-08: dispatch was due while nobody had to dispatch it; its breach and levels are made up."""
    alone, case = went(2, child(1)), went(2)
    solve(case, "07-08 10:04")
    taken_out(case, "07-08 13:00")
    for one in (alone, case):
        one.tick("07-08 13:00:01")
    breaches = [one.told(e.ClockBreached, "dispatch") for one in (alone, case)]
    assert breaches[0][0].at == breaches[1][0].at < at("07-08 13:00")
    assert breaches[1][0].late
    assert [one.level for one in case.told(e.Escalated, "dispatch")] == [
        one.level for one in alone.told(e.Escalated, "dispatch")
    ]


def test_the_event_tells_which_clocks_run_again_and_when_they_fall_due():
    """GRP-07, CLK-22: so that whoever reads the chain sees them; the duty to tell the result ends as pointless."""
    case = went(4)
    before = {clock.name: case.order.due(clock) for clock in case.order.running}
    solve(case)
    told = taken_out(case)
    [event] = [one for one in told if isinstance(one, e.DetachedFromIncident)]
    again = {one.clock: one.due_at for one in event.again}
    assert again == {name: due for name, due in before.items() if name in {ClockName.ARRIVE, ClockName.HANDLING}}
    [stopped] = [one for one in told if isinstance(one, e.ClockStopped)]
    assert (stopped.clock, stopped.outcome) == (ClockName.RESULT_FEEDBACK, Outcome.SUPERSEDED)


def test_who_did_the_incidents_work_did_not_do_this():
    """CBK-02, GRP-07: he may call this owner back."""
    case = went(2)
    solve(case)
    assert PLUMBER in case.order.handlers
    taken_out(case)
    assert PLUMBER not in case.order.handlers


@pytest.mark.parametrize(("steps", "stage"), [(5, Stage.FEEDBACK), (6, Stage.CALLBACK)])
def test_one_that_was_handled_by_itself_stays_where_it_is(steps, stage):
    """GRP-07: its own work was done before; its clocks were never touched."""
    alone, case = went(steps, child(1)), went(steps)
    solve(case)
    told = taken_out(case, "07-08 10:31")
    alone.tick("07-08 10:31")
    assert [one.back_to for one in told if isinstance(one, e.DetachedFromIncident)] == [None]
    assert (case.order.stage, stood(case.order)) == (stage, stood(alone.order))
    assert case.order.clocks == alone.order.clocks


def test_what_was_said_and_done_meanwhile_stays():
    """GRP-07, ESC-14: a word to the owner, and what was excused."""
    case = went(2)
    case.tick("07-08 10:29")
    solve(case)
    case.act("07-08 10:40", "give_feedback", OPERATOR, {**RESULT, "kind": "progress", "by": "phone"})
    assert ClockName.DISPATCH in {one.clock for one in case.told(e.ClockBreached)}
    case.act("07-08 10:41", "excuse", SERVICE, {"clock": "dispatch", "reason": WORDS})
    taken_out(case)
    names = {clock.name for clock in case.order.running}
    assert (ClockName.DISPATCH in names, ClockName.FEEDBACK in names) == (True, False)
    assert [clock.excused for clock in case.order.running if clock.name == "dispatch"] == [True]


def test_the_notice_on_its_way_says_nothing_of_it_any_more():
    """GRP-06, GRP-07: its owner is still to be told of his own matter; it can be attached and solved again."""
    case = went(2)
    solve(case)
    taken_out(case)
    for kind, code in (("result", "result-too-early"), ("progress", "not-attached")):
        assert refused(case, "07-08 10:51", "give_feedback", OPERATOR, {**NOTICE, "kind": kind}) == code
    case.act("07-08 10:52", "attach_to_incident", OPERATOR, ATTACH)
    solve(case, "07-08 10:53")
    taken_out(case, "07-08 10:54")
    assert case.order.stage is Stage.DISPATCH
    case.act("07-08 10:55", "dispatch", OPERATOR)


def test_the_parent_speaks_no_more_of_what_it_owed_while_it_was_solved():
    """ESC-13, GRP-07: breached since the solving, told to the parent; over there once it is taken out."""
    case, parent = went(2), confirmed()
    solve(case, "07-08 10:04")
    case.tick("07-12 10:00")
    report(parent, "07-12 10:00", case)
    assert any(entry.running for entry in entries(parent, "result_feedback"))
    taken_out(case, "07-12 10:01")
    report(parent, "07-12 10:02", case)
    assert not any(entry.running for entry in parent.order.gathered)


def test_one_that_was_solved_before_this_was_kept_is_answered_first():
    """GRP-07: an order that went on as new under an earlier version does not know any more where it stood."""
    case = attached(1, START)
    solve(case)
    case.order = case.order.changed(solved_from=None)
    assert refused(case, "07-08 10:31", "detach_from_incident", OPERATOR) == "solved-with-it"
    assert case.order.incident == PARENT
