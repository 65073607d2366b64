"""Two cases that are one matter: one goes on with the work, both reporters are answered (GRP-01, 02, 03, 08)."""

import pytest
from rules_sample import (
    CALLER,
    OPERATOR,
    PLUMBER,
    PROJECT,
    WORDS,
    Case,
    at,
    classification,
    minutes,
    refused,
    terms,
    window,
)
from test_incidents import rows_of

from domain import events as e
from domain.vocabulary import CloseReason, Outcome, Stage
from workflows.between_orders import CHILD_JOINED, STANDS_ALONE, TO_CHILDREN

SURVIVOR, DUPLICATE = "wo_8", "wo_7"
MERGE = {"survivor": SURVIVOR, "window_s": 24 * 3600}
RESULT = {"kind": "result", "by": "phone", "found": WORDS, "words": WORDS}
YES = {"resolved": True, "attitude": 5, "timeliness": 5, "quality": 5, "told_by": "household"}
TAKEN = {"duplicate": DUPLICATE, "reporter": "sub_R07"}
STEPS = [("respond", OPERATOR), ("register", OPERATOR), ("dispatch", OPERATOR), ("accept", PLUMBER)]


def duplicate(steps=0, received="07-08 10:00"):
    case = Case(received, order_id=DUPLICATE, reporter="sub_R07")
    for number, (command, actor) in enumerate(STEPS[:steps], 1):
        case.act(at(received) + minutes(number), command, actor)
    return case


def survivor(received="07-08 10:00"):
    return Case(received, order_id=SURVIVOR)


def absorb(case, now, received):
    return case.act(now, "absorb", "system", {**TAKEN, "received_at": at(received).isoformat()})


def merged(steps=0, now="07-08 10:10"):
    case = duplicate(steps)
    case.act(now, "merge", OPERATOR, MERGE)
    return case


def dues(case):
    return {clock.name.value: case.order.due(clock) for clock in case.order.running}


# ---- the survivor


@pytest.mark.parametrize(
    ("v", "category", "code"), [(5, "PRAISE", None), (6, "PRAISE", "has-taken-over"), (6, "ADVICE", None)]
)
def test_what_has_taken_a_case_over_becomes_no_praise(v, category, code):
    """GRP-01, INT-17: closed by its answer, it would leave the other's work to nobody. Old terms as then."""
    case, pinned = survivor(), terms(category).model_copy(update={"v": v}).pinned()
    absorb(case, "07-08 10:05", "07-08 09:57")
    said = {**classification(pinned), "reason": WORDS}
    if code:
        assert refused(case, "07-08 10:10", "reclassify", PROJECT, said) == code
        case.act("07-08 10:11", "unmerge", "system", {"duplicate": DUPLICATE})
    case.act("07-08 10:12", "reclassify", PROJECT, said)
    assert case.order.category == category


def test_praise_that_was_merged_is_over_with_its_answer():
    """GRP-01, INT-17: whoever praised waits for nothing that the other case's work could give."""
    case = Case("07-08 10:00", order_id=DUPLICATE, reporter="sub_R07", pinned=terms("PRAISE"))
    case.act("07-08 10:10", "merge", OPERATOR, MERGE)
    case.act("07-08 11:00", "respond", OPERATOR)
    assert (case.order.stage, case.order.running) == (Stage.CLOSED, ())


@pytest.mark.parametrize(
    ("other", "response", "feedback"),
    [
        ("07-08 09:57", "07-08 10:12", "07-09 09:57"),  # it reached us three minutes earlier
        ("07-08 10:30", "07-08 10:15", "07-09 10:00"),  # later: nothing falls due later
        ("07-08 08:00", "07-08 10:05", "07-09 08:00"),  # would be overdue: due now, for nobody can have missed it
        ("07-06 08:00", "07-08 10:05", "07-08 10:05"),
    ],
)
def test_the_earlier_reception_counts_and_nothing_falls_due_later(other, response, feedback):
    """GRP-02 (CLK-06), on either side of each due."""
    case = survivor()
    before = dues(case)
    absorb(case, "07-08 10:05", other)
    assert case.order.received_at == min(at("07-08 10:00"), at(other))
    after = dues(case)
    assert (after["response"], after["feedback"]) == (at(response), at(feedback))
    assert all(after[name] <= before[name] for name in before)


def test_what_was_breached_or_stopped_stays_as_it_was():
    """GRP-02."""
    case = survivor()
    case.act("07-08 10:05", "respond", OPERATOR)
    case.tick("07-08 12:00")
    before = [(c.name, c.breached_at, c.outcome) for c in case.order.clocks if c.breached_at or c.outcome]
    absorb(case, "07-08 12:00", "07-08 09:00")
    after = [(c.name, c.breached_at, c.outcome) for c in case.order.clocks]
    assert set(before) <= set(after)
    assert case.order.due(case.clock("feedback")) == at("07-09 09:00")


def test_it_is_taken_over_once():
    """Design 4a.6: idempotent."""
    case = survivor()
    absorb(case, "07-08 10:05", "07-08 09:57")
    said = {**TAKEN, "received_at": at("07-08 09:57").isoformat()}
    assert refused(case, "07-08 10:06", "absorb", "system", said) == "already-done"
    assert refused(case, "07-08 10:06", "absorb", OPERATOR, said) == "forbidden"


def test_the_other_reporter_may_urge_and_nothing_else():
    """GRP-03, HA-38."""
    case, other = survivor(), "resident:sub_R07"
    assert refused(case, "07-08 10:06", "urge", other, roles=("resident",)) == "forbidden"
    absorb(case, "07-08 10:07", "07-08 09:57")
    case.act("07-08 10:08", "urge", other, roles=("resident",))
    assert refused(case, "07-08 10:09", "withdraw", other, roles=("resident",)) == "forbidden"


# ---- the duplicate


@pytest.mark.parametrize("steps", range(5))
def test_the_work_goes_to_the_survivor_and_the_reporter_stays(steps):
    """GRP-01: clocks of the work end, what its reporter waits for is owed all the same."""
    case = merged(steps)
    running = {clock.name.value for clock in case.order.running}
    assert not running & {"register", "dispatch", "accept", "arrive", "handling"}
    assert "feedback" in running
    assert ("response" in running) == (steps == 0)
    assert case.order.stage is not Stage.CLOSED
    assert rows_of(case, CHILD_JOINED) == [{"incident": SURVIVOR}]


@pytest.mark.parametrize("command", ["register", "dispatch", "note", "urge", "reclassify", "promise", "give_plan"])
def test_what_is_for_the_work_is_for_the_survivor(command):
    """GRP-03: the refusal names it; the door carries it there."""
    case = merged(0)
    who = {"give_plan": "usr_S02"}.get(command, OPERATOR)
    said = {"category": "NOISE", "kind": "repair", "severity": "major", "terms_digest": "", "reason": WORDS}
    assert refused(case, "07-08 10:11", command, who, said if command == "reclassify" else None) == "merged"


def test_its_reporter_is_answered_and_called_back_and_only_then_it_closes():
    """GRP-01, glossary: close reason `merged`; by the survivor's word, which nobody has to countersign."""
    case = merged(2)
    case.act("07-08 11:00", "solve_together", "system", {"leader": SURVIVOR, "handlers": [PLUMBER]})
    assert case.order.stage is Stage.FEEDBACK
    told = {**RESULT, "by": "sms", "delivery": "msg_1", "leader": SURVIVOR, "apologises": True}
    case.act("07-08 11:05", "give_feedback", "usr_S07", told)
    assert (case.order.stage, case.order.result_by) == (Stage.CALLBACK, None)
    case.act("07-08 19:00", "record_callback", CALLER, YES)
    assert (case.order.stage, case.order.close_reason) == (Stage.CLOSED, CloseReason.MERGED)


def test_a_reporter_who_is_not_content_has_his_own_case_again():
    """GRP-01: it is taken up by itself."""
    case = merged(2)
    case.act("07-08 11:00", "solve_together", "system", {"leader": SURVIVOR, "handlers": [PLUMBER]})
    case.act("07-08 11:05", "give_feedback", OPERATOR, RESULT)
    case.act("07-08 19:00", "record_callback", CALLER, {**YES, "resolved": False})
    assert (case.order.stage, case.order.generation, case.order.merged) == (Stage.DISPATCH, 2, None)


@pytest.mark.parametrize(("what", "code"), [({"survivor": "wo_9"}, "merged"), (MERGE, "already-done")])
def test_it_is_merged_once(what, code):
    """Design 4a.6."""
    assert refused(merged(), "07-08 10:11", "merge", OPERATOR, what) == code


def test_no_circle_and_no_child_of_an_incident():
    """GRP-01, GRP-05."""
    case = survivor()
    absorb(case, "07-08 10:05", "07-08 09:57")
    assert refused(case, "07-08 10:06", "merge", OPERATOR, {"survivor": DUPLICATE}) == "merge-circle"
    assert refused(case, "07-08 10:06", "merge", OPERATOR, {"survivor": SURVIVOR}) == "merge-circle"
    case.act("07-08 10:07", "attach_to_incident", OPERATOR, {"incident": "wo_9"})
    assert refused(case, "07-08 10:08", "merge", OPERATOR, {"survivor": "wo_3"}) == "already-attached"


# ---- undoing it


@pytest.mark.parametrize("steps", range(5))
def test_both_are_as_if_they_had_never_been_merged(steps):
    """GRP-08: dues, stage and holder of the duplicate; dues and reception of the survivor."""
    alone, case = duplicate(steps), merged(steps)
    case.act("07-08 10:20", "unmerge", OPERATOR)
    for one in (alone, case):
        one.tick("07-08 10:20")
    assert dues(case) == dues(alone)
    assert (case.order.stage, case.order.assignee, case.order.merged) == (alone.order.stage, alone.order.assignee, None)
    for one in (alone, case):
        one.tick("07-10 10:00")
    assert [(c.name, c.breached_at) for c in case.order.clocks] == [(c.name, c.breached_at) for c in alone.order.clocks]
    assert rows_of(case, STANDS_ALONE) == [{"survivor": SURVIVOR}]
    other = survivor()
    before = dues(other)
    absorb(other, "07-08 10:02", "07-08 09:57")
    other.act("07-08 10:03", "unmerge", "system", {"duplicate": DUPLICATE})
    assert (dues(other), other.order.received_at, other.order.absorbed) == (before, at("07-08 10:00"), ())


@pytest.mark.parametrize(("when", "code"), [("07-09 10:10", None), ("07-09 10:11", "unmerge-too-late")])
def test_within_a_day_only(when, code):
    """GRP-08: 24 h, on either side of the end."""
    case = merged()
    if code:
        assert refused(case, when, "unmerge", OPERATOR) == code
        return
    case.act(when, "unmerge", OPERATOR)
    assert case.order.merged is None


def test_not_after_it_has_gone_on_with_the_survivor():
    """GRP-08: its reporter was told that it is done."""
    case = merged(2)
    case.act("07-08 11:00", "solve_together", "system", {"leader": SURVIVOR, "handlers": [PLUMBER]})
    assert refused(case, "07-08 11:10", "unmerge", OPERATOR) == "merged-went-on"
    assert refused(duplicate(), "07-08 11:10", "unmerge", OPERATOR) == "not-merged"


def test_its_reporter_may_be_answered_in_between():
    """GRP-08, GRP-01: that he was called is no work of the survivor's, and what was merged is undone all the same."""
    case = merged(0)
    case.act("07-08 10:12", "respond", OPERATOR)
    case.act("07-08 10:20", "unmerge", OPERATOR)
    assert (case.order.stage, case.order.merged) == (Stage.REGISTRATION, None)
    assert "register" in dues(case)


@pytest.mark.parametrize("steps", range(5))
def test_what_was_handled_with_the_survivor_is_no_work_again_when_that_is_withdrawn(steps):
    """GRP-01, CLK-12: it waits for its result; nobody is late with what is done."""
    case = merged(steps)
    case.act("07-08 11:00", "solve_together", "system", {"leader": SURVIVOR, "handlers": [PLUMBER]})
    before = dues(case)
    case.act("07-08 11:05", "unmerge", "system", {"went_on": True})
    assert (case.order.stage, case.order.merged, dues(case)) == (Stage.FEEDBACK, None, before)
    case.act("07-08 11:10", "give_feedback", OPERATOR, RESULT)
    assert case.order.stage is Stage.CALLBACK


@pytest.mark.parametrize("steps", range(5))
def test_a_survivor_withdrawn_before_the_work_was_done_leaves_the_case_as_it_was(steps):
    """GRP-08: by the same command of the rule."""
    alone, case = duplicate(steps), merged(steps)
    case.act("07-08 10:20", "unmerge", "system", {"went_on": True})
    alone.tick("07-08 10:20")
    assert dues(case) == dues(alone)


def test_a_window_in_which_nobody_comes_is_no_promise_any_more():
    """CLK-11: unless it is a word that was promised; given back when it is undone."""
    case = duplicate(4)
    for number, act in enumerate(("arrive", "give_feedback")):
        case.act(at("07-08 10:05") + minutes(number), "promise", OPERATOR, window("07-08 14:00", "07-08 16:00", act))
    case.act("07-08 10:10", "merge", OPERATOR, MERGE)
    outcomes = {clock.act: clock.outcome for clock in case.order.clocks if clock.name == "promise"}
    assert outcomes == {"arrive": Outcome.SUPERSEDED, "give_feedback": None}
    case.act("07-08 10:20", "unmerge", OPERATOR)
    assert {clock.act: clock.outcome for clock in case.order.clocks if clock.name == "promise"}["arrive"] is None


# ---- what the relay carries


def test_the_survivors_work_and_words_are_carried_to_the_duplicate():
    """GRP-01: handled, then told; a withdrawal of the one is none of the other."""
    case = survivor()
    absorb(case, "07-08 10:01", "07-08 10:00")
    for number, (command, actor) in enumerate([*STEPS, ("complete_handling", PLUMBER)], 2):
        case.act(at("07-08 10:00") + minutes(number), command, actor)
    case.act("07-08 10:30", "give_feedback", OPERATOR, RESULT)
    commands = [(row["command"], row["said"].get("by")) for row in rows_of(case, TO_CHILDREN)]
    assert commands == [("solve_together", None), ("give_feedback", "sms")]
    gone = survivor()
    absorb(gone, "07-08 10:01", "07-08 10:00")
    gone.act("07-08 10:02", "withdraw", OPERATOR)
    assert [row["command"] for row in rows_of(gone, TO_CHILDREN)] == ["unmerge"]
    alone = merged()
    alone.act("07-10 10:00", "unmerge", "system")
    assert alone.told(e.Unmerged)[0].survivor == SURVIVOR
