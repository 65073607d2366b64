"""The corners of the rulebook: ends, repetitions, stated times and clocks that go on."""

import pytest
from rules_sample import (
    BAD_CALL,
    CALLER,
    DUTY,
    OPERATOR,
    PLUMBER,
    PROJECT,
    RESIDENT,
    SAID,
    SERVICE,
    WORDS,
    Case,
    at,
    brought_to,
    classification,
    outcomes,
    refused,
    terms,
)

from domain import events as e
from domain.terms import HOLDING_PAUSES
from domain.vocabulary import CloseReason, Outcome, Stage

RESULT = {**SAID["give_feedback"], "kind": "result"}
STATES = [
    "intake",
    "registration",
    "dispatch",
    "offered",
    "handling",
    "transferred",
    "feedback",
    "callback",
    "reopened",
]


@pytest.mark.parametrize("state", STATES)
def test_withdrawing_ends_every_clock(state):
    """INT-16, CLK-26: neither met nor breached; nothing speaks afterwards."""
    case = brought_to(state)
    running = {(clock.name, clock.generation, clock.turn) for clock in case.order.running}
    assert running
    case.act("07-08 10:10", "withdraw", RESIDENT)
    ended = {(c.name, c.generation, c.turn) for c in case.order.clocks if c.outcome is Outcome.WITHDRAWN}
    assert ended == running
    assert (case.order.stage, case.order.close_reason) == (Stage.CLOSED, CloseReason.WITHDRAWN)
    assert case.order.alarms() == case.tick("08-30 10:00") == []


def test_withdrawing_forgives_no_breach():
    """INT-16, design 4a.2: a breach already recorded stays, though the wish came before it."""
    case = Case("07-08 10:00")
    case.tick("07-08 10:16")
    case.act("07-08 10:20", "withdraw", OPERATOR, stated_at=at("07-08 10:14"))
    assert (outcomes(case, "response"), outcomes(case, "feedback")) == ([Outcome.BREACHED], [Outcome.WITHDRAWN])


def test_a_stopped_clock_is_not_acknowledged():
    """ESC-05: there is nothing to answer for any more."""
    case = Case("07-08 10:00")
    case.act("07-08 10:16", "respond", OPERATOR)
    assert refused(case, "07-08 10:17", "acknowledge", DUTY) == "nothing-to-acknowledge"


def test_an_acknowledgement_is_given_once_and_for_its_level():
    """ESC-05: the wrong turn or level, another's level and a second time are refused."""
    case = Case("07-08 10:00")
    for now in ("07-08 10:15:01", "07-08 10:20:01"):
        case.tick(now)
    assert [event.level for event in case.told(e.Escalated, "response")] == [1, 2]
    for wrong in ({"turn": 2}, {"level": 2}, {"level": 3}):
        assert refused(case, "07-08 10:21", "acknowledge", DUTY, {"clock": "response", **wrong}) == (
            "nothing-to-acknowledge"
        )
    case.act("07-08 10:21", "acknowledge", DUTY)
    assert refused(case, "07-08 10:22", "acknowledge", DUTY) == "nothing-to-acknowledge"
    case.tick("07-08 10:35:01")
    assert case.told(e.Escalated, "response")[-1].at == at("07-08 10:35")


def test_a_command_at_the_alarms_instant_comes_first():
    """CLK-27, design 4a.2: only what is due strictly before now speaks before the command."""
    case = Case("07-08 10:00")
    assert case.tick("07-08 10:05") == []
    case.tick("07-08 10:15:01")
    case.act("07-08 10:20", "acknowledge", DUTY)
    case.tick("07-08 10:30:01")
    assert [event.at for event in case.told(e.Escalated, "response")] == [at("07-08 10:15"), at("07-08 10:30")]


def test_reopening_ends_with_its_window():
    """CBK-09: at 30 days to the microsecond yes, later no; and not twice."""
    case = brought_to("closed")
    closed_at = case.order.closed_at
    assert closed_at == at("07-08 10:07")
    assert refused(case, "2026-08-07 10:07:00.000001", "reopen", RESIDENT) == "reopen-window-over"
    case.act("08-07 10:07", "reopen", RESIDENT)
    assert (case.order.generation, case.order.stage, case.order.closed_at) == (2, Stage.DISPATCH, None)
    assert case.due("feedback") == at("08-08 10:07")
    assert refused(case, "08-07 10:08", "reopen", RESIDENT) == "illegal-transition"


def test_a_recovery_goes_on_after_the_close():
    """CBK-10, CLK-26: it is owed until it is done, also when the order is closed; then it is silent."""
    case = brought_to("reopened")
    for command, actor, said in [
        ("dispatch", OPERATOR, None),
        ("accept", PLUMBER, None),
        ("complete_handling", PLUMBER, None),
        ("give_feedback", OPERATOR, RESULT),
        ("record_callback", SERVICE, None),
    ]:
        case.act("07-08 10:20", command, actor, said)
    assert (case.order.stage, [clock.name for clock in case.order.running]) == (Stage.CLOSED, ["recovery"])
    case.tick("07-09 11:00")
    assert [event.at for event in case.told(e.ClockBreached, "recovery")] == [at("07-09 10:08")]
    case.act("07-09 11:01", "complete_recovery", PROJECT)
    assert refused(case, "07-09 11:02", "complete_recovery", PROJECT) == "recovery-not-open"
    assert case.tick("07-20 11:00") == []
    assert outcomes(case, "recovery") == [Outcome.BREACHED]


def test_the_first_contact_is_changed_only_when_there_is_one():
    """INT-05: from Responded on; else nobody could stop the response clock."""
    case = Case("07-08 10:00")
    assert refused(case, "07-08 10:01", "change_first_contact", SERVICE) == "no-first-contact"
    case.act("07-08 10:02", "respond", OPERATOR)
    case.act("07-08 10:03", "change_first_contact", SERVICE)
    (changed,) = case.told(e.FirstContactChanged)
    assert (changed.before, changed.first_contact) == (OPERATOR, case.order.first_contact)
    assert refused(case, "07-08 10:04", "change_first_contact", SERVICE) == "already-done"


def test_an_answer_after_the_registration_turns_nothing_back():
    """Glossary, section 2: the order of the stages is fixed; the response clock runs until somebody answers."""
    case = Case("07-08 10:00")
    case.act("07-08 10:02", "register", OPERATOR)
    assert (case.order.stage, outcomes(case, "response")) == (Stage.DISPATCH, [None])
    case.act("07-08 10:03", "respond", OPERATOR)
    assert (case.order.stage, outcomes(case, "response")) == (Stage.DISPATCH, [Outcome.MET])


def test_other_terms_hold_for_clocks_that_start_later():
    """CLK-31, design 4a.3: running clocks keep theirs; terms the order holds are named by their digest alone."""
    case = brought_to("registration")
    urgent = classification(terms("LIFT_TRAPPED"))
    case.act("07-08 10:05", "classify", OPERATOR, urgent)
    case.act("07-08 10:06", "register", OPERATOR)
    assert (case.due("feedback"), case.due("dispatch")) == (at("07-09 10:00"), at("07-08 10:11"))
    back = {**classification(terms()), "terms": None, "reason": WORDS}
    case.act("07-08 10:07", "reclassify", OPERATOR, back)
    case.act("07-08 10:08", "dispatch", OPERATOR)
    assert (case.order.category, case.due("accept")) == ("WATER_LEAK", at("07-08 10:23"))
    unknown = {**back, "terms_digest": terms("LIFT_FAULT").digest}
    assert refused(case, "07-08 10:09", "reclassify", OPERATOR, unknown) == "unknown-terms"
    assert refused(case, "07-08 10:09", "classify", OPERATOR, urgent) == "already-done"


def test_praise_has_one_clock_and_can_reach_its_end():
    """INT-17: `response` alone, 24 h, no ladder; up to 0.3.0 the way to the close needed no other clock."""
    case = Case("07-08 10:00", pinned=terms("PRAISE").model_copy(update={"v": HOLDING_PAUSES}).pinned())
    assert [(clock.name, case.order.due(clock)) for clock in case.order.running] == [("response", at("07-09 10:00"))]
    case.tick("07-10 10:00")
    assert [type(event) for event, _ in case.recorded[2:]] == [e.ClockBreached]
    way = [("respond", OPERATOR), ("register", OPERATOR), ("dispatch", OPERATOR), ("accept", PLUMBER)]
    for command, actor in [*way, ("complete_handling", PLUMBER)]:
        case.act("07-10 10:00", command, actor)
    case.act("07-10 10:00", "give_feedback", OPERATOR, RESULT)
    case.act("07-10 10:00", "record_callback", CALLER)
    assert (case.order.stage, len(case.order.clocks)) == (Stage.CLOSED, 1)


def test_handing_back_keeps_the_owners_clock_and_ends_the_handlers():
    """CLK-23, CLK-15, DSP-09: `handling` runs on; `arrive` is the next person's; `dispatch` runs again at once."""
    case = brought_to("handling")
    due = case.due("handling")
    case.act("07-08 11:00", "return", PLUMBER)
    assert (case.order.stage, case.order.assignee, case.due("handling")) == (Stage.DISPATCH, None, due)
    assert outcomes(case, "arrive") == [Outcome.SUPERSEDED]
    assert outcomes(case, "dispatch") == [Outcome.MET, None]
    case.act("07-08 11:01", "dispatch", OPERATOR)
    case.act("07-08 11:02", "accept", PLUMBER)
    assert (case.due("handling"), outcomes(case, "handling"), outcomes(case, "arrive")[1:]) == (due, [None], [None])


def test_a_low_score_is_dissatisfaction_though_the_matter_is_resolved():
    """CBK-05: any aspect of 2 or less reopens; 3 does not."""
    for score, stage in ((2, Stage.DISPATCH), (3, Stage.CLOSED)):
        case = brought_to("callback")
        case.act("07-08 10:10", "record_callback", CALLER, {**BAD_CALL, "resolved": True, "timeliness": score})
        assert case.order.stage is stage
