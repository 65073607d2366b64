"""Times that people say: windows promised to the owner, conversations told afterwards, matters typed late."""

from datetime import timedelta

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from rules_sample import (
    DUTY,
    OPERATOR,
    PLUMBER,
    SAID,
    SERVICE,
    Case,
    at,
    brought_to,
    minutes,
    outcomes,
    refused,
    small_terms,
    window,
)

from domain import events as e
from domain.terms import LadderRow, Level
from domain.vocabulary import Outcome, Role, Stage

RESULT = {**SAID["give_feedback"], "kind": "result"}


def test_the_third_promise_needs_a_supervisor():
    """CLK-11: counted per case, not per promise kept."""
    case = brought_to("handling")
    for day in ("09", "10"):
        case.act("07-08 11:00", "promise", OPERATOR, window("07-08 14:00", f"07-{day} 18:00"))
    third = window("07-08 14:00", "07-11 18:00")
    assert refused(case, "07-08 11:00", "promise", OPERATOR, third) == "too-many-promises"
    case.act("07-08 11:00", "promise", SERVICE, third)
    assert outcomes(case, "promise") == [Outcome.SUPERSEDED, Outcome.SUPERSEDED, None]
    assert case.due("promise") == at("07-11 18:00")


KEPT = [
    ("arrive", ["arrive"], ["complete_handling"]),
    ("complete_handling", ["arrive", "complete_handling"], ["arrive"]),
    ("give_feedback", ["complete_handling", "give_feedback"], ["complete_handling"]),
]


@pytest.mark.parametrize(("act", "keeping", "otherwise"), KEPT)
def test_a_promise_is_kept_by_the_act_that_was_promised(act, keeping, otherwise):
    """CLK-11: nothing else stops it; two promises of different acts stand side by side."""
    for commands, expected in ((keeping, Outcome.MET), (otherwise, None)):
        case = brought_to("handling")
        case.act("07-08 11:00", "promise", OPERATOR, window("07-08 11:00", "07-08 18:00", act))
        for command in commands:
            case.act("07-08 12:00", command, *((OPERATOR, RESULT) if command == "give_feedback" else (PLUMBER, None)))
        assert outcomes(case, "promise") == [expected]


def test_promises_of_different_acts_stand_side_by_side():
    """CLK-11: a new promise takes the place of an older one for the same act only."""
    case = brought_to("handling")
    case.act("07-08 11:00", "promise", OPERATOR, window("07-08 11:00", "07-08 14:00", "arrive"))
    case.act("07-08 11:00", "promise", OPERATOR, window("07-08 11:00", "07-08 18:00", "complete_handling"))
    assert outcomes(case, "promise") == [None, None]


WINDOWS = [
    ("07-08 14:00", "07-08 14:00", False),
    ("07-08 15:00", "07-08 14:00", False),
    ("07-08 09:00", "07-08 11:00", False),
    ("2026-07-08 09:00:00", "2026-07-08 11:00:00.000001", True),
    ("07-08 14:00", "2027-08-12 11:00", True),
    ("07-08 14:00", "2027-08-12 11:01", False),
    ("0001-01-01T00:00:00+08:00", "07-08 14:00", False),
    ("07-08 14:00", "9999-12-31T23:00:00-08:00", False),
]


@pytest.mark.parametrize(("start", "end", "usable"), WINDOWS)
def test_a_promised_window_ends_after_it_starts_and_after_now(start, end, usable):
    """CLK-11, design 4a.3: and within 400 days; a slip of the year must not stop the process."""
    case = brought_to("handling")
    if usable:
        case.act("07-08 11:00", "promise", OPERATOR, window(start, end))
        assert case.due("promise") == at(end)
    else:
        assert refused(case, "07-08 11:00", "promise", OPERATOR, window(start, end)) == "promise-window"


STATED = [
    ("phone", "07-08 10:00:00", "07-08 10:00:00"),
    ("walk_in", "07-08 10:07:00", "07-08 10:07:00"),
    ("visit", "07-08 10:11:00", "07-08 10:10:00"),  # the door's clock is a minute ahead
    ("phone", "2026-07-08 10:11:00.000001", "stated-time-in-future"),
    ("phone", "2026-07-08 09:59:59.999999", "stated-time-too-early"),
    ("wechat", "07-08 10:07:00", "stated-time-needs-live-channel"),
    ("console", "07-08 10:07:00", "stated-time-needs-live-channel"),
]


@pytest.mark.parametrize(("channel", "stated", "expected"), STATED)
def test_the_time_of_a_conversation_may_be_stated(channel, stated, expected):
    """CLK-07, INT-13: on live channels, between reception and now."""
    case, changes = Case("07-08 10:00"), {"stated_at": at(stated), "channel": channel}
    if expected.startswith("stated"):
        assert refused(case, "07-08 10:10", "respond", OPERATOR, **changes) == expected
    else:
        case.act("07-08 10:10", "respond", OPERATOR, **changes)
        assert case.told(e.Responded)[0].at == at(expected)
        assert outcomes(case, "response") == [Outcome.MET]


def test_a_stated_time_undoes_no_breach():
    """Design 4a.2: answered at 10:05, typed at 10:20: the breach of 10:15 was recorded first, and stays."""
    case = Case("07-08 10:00")
    case.act("07-08 10:20", "respond", OPERATOR, stated_at=at("07-08 10:05"))
    assert [event.at for event in case.told(e.ClockBreached, "response")] == [at("07-08 10:15")]
    assert outcomes(case, "response") == [Outcome.BREACHED]


def test_only_conversations_have_a_stated_time():
    """CLK-07: arrivals, completions and dispatches are when they are recorded."""
    case = brought_to("handling")
    for command, actor in [("arrive", PLUMBER), ("complete_handling", PLUMBER), ("transfer", OPERATOR)]:
        code = refused(case, "07-08 10:10", command, actor, stated_at=at("07-08 10:09"))
        assert code == "stated-time-not-here"


def test_feedback_before_an_answer_is_the_answer():
    """CLK-07, INT-05: who tells the owner first has answered him, and is the first contact; it is one command."""
    case = Case("07-08 10:00")
    case.act("07-08 10:10", "give_feedback", OPERATOR)
    assert (case.order.first_contact, case.order.stage, case.order.version) == (OPERATOR, Stage.REGISTRATION, 2)
    assert (outcomes(case, "response"), outcomes(case, "feedback")) == ([Outcome.MET], [Outcome.MET])
    assert case.due("next_update") == at("07-09 10:10")
    assert refused(case, "07-08 10:11", "respond", OPERATOR) == "already-done"


LATE_ENTRIES = [
    ("07-08 10:05", "07-08 10:05", Outcome.MET, 0),
    ("07-08 10:15", "07-08 10:15", Outcome.MET, 0),
    ("2026-07-08 10:15:00.000001", "2026-07-08 10:15:00.000001", Outcome.BREACHED, 1),
    ("07-08 10:29", "07-08 10:29", Outcome.BREACHED, 1),
    ("07-08 11:00", "07-08 10:40", Outcome.BREACHED, 2),  # ahead of the engine's clock: no later than now
    ("07-08 09:00", "07-08 10:00", Outcome.MET, 0),  # and no earlier than the reception
]


@pytest.mark.parametrize(("contacted", "answered", "outcome", "levels"), LATE_ENTRIES)
def test_a_late_entry_tells_when_the_owner_was_answered(contacted, answered, outcome, levels):
    """CLK-07, CLK-32: typed at 10:40; levels planned before the answer are made up, none after it."""
    case = Case("07-08 10:00", now="07-08 10:40", contacted_at=at(contacted), first_contact=DUTY)
    assert [event.at for event in case.told(e.Responded)] == [at(answered)]
    assert (outcomes(case, "response"), case.order.first_contact, case.order.version) == ([outcome], DUTY, 1)
    found = case.told(e.Escalated, "response")
    assert [event.level for event in found] == list(range(1, levels + 1))
    assert all(event.late_entry for event in found)


def test_late_is_more_than_a_minute():
    """ESC-08: a healthy queue is shorter; what is not late keeps its planned instant for the ladder (ESC-04)."""
    for now, late, second in [("10:16:00", None, "10:20"), ("10:16:01", True, "10:21:01")]:
        case = Case("07-08 10:00")
        case.tick("07-08 10:14")
        case.tick(f"07-08 {now}")
        case.tick("07-08 10:29")
        first, then = case.told(e.Escalated, "response")
        assert (first.late, then.at) == (late, at(f"07-08 {second}"))


@settings(max_examples=15, deadline=None)
@given(st.lists(st.integers(0, 60 * 24 * 4), max_size=8).map(sorted))
def test_downtime_moves_no_level_that_waits_for_nobody(times):
    """ESC-08: without an acknowledgement to wait for, each level is where it was planned, however late it is."""
    received = at("07-08 10:00")
    steps = tuple(Level(after * 3600, Role.SERVICE_MANAGER) for after in (0, 1, 5, 24))
    pinned = small_terms(ladders=(LadderRow("steady", 0, steps),))
    case = Case("07-08 10:00", pinned=pinned)
    for minute in times:
        case.tick(received + minutes(minute))
    case.tick(received + timedelta(days=4))
    due = received + minutes(15)
    expected = [(level, due + timedelta(hours=after)) for level, after in enumerate((0, 1, 5, 24), 1)]
    assert [(event.level, event.at) for event in case.told(e.Escalated)] == expected


def test_a_result_is_not_stated_before_its_work_and_no_word_before_its_life():
    """CLK-07, CLK-25: a stated time can't lie before the event that made the conversation possible."""
    done = brought_to("feedback")
    early = done.order.stage_since - timedelta(seconds=1)
    said = {**SAID["give_feedback"], "kind": "result"}
    code = refused(done, "07-08 10:30", "give_feedback", OPERATOR, said, stated_at=early)
    again = brought_to("reopened")
    before = again.order.generation_since - timedelta(seconds=1)
    other = refused(again, "07-08 10:30", "urge", OPERATOR, stated_at=before)
    assert (code, other) == ("stated-time-too-early", "stated-time-too-early")
