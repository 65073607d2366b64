"""Which command starts and ends which clock: a table written by hand (glossary, section 3)."""

import pytest
from rules_sample import (
    BAD_CALL,
    CALLER,
    OPERATOR,
    PLUMBER,
    PROJECT,
    RESIDENT,
    SAID,
    SERVICE,
    at,
    brought_to,
    outcomes,
    terms,
    window,
)

from domain import events as e
from domain.vocabulary import ClockName, Outcome

RESULT = {**SAID["give_feedback"], "kind": "result"}
NEW_LIFE = {"feedback", "dispatch"}

# fmt: off
TABLE = [  # state, command, actor, said, clocks met, clocks superseded, clocks started
    ("intake",       "respond",           OPERATOR, None,     {"response"}, set(), set()),
    ("intake",       "give_feedback",     OPERATOR, None,     {"response", "feedback"}, set(), {"next_update"}),
    ("registration", "register",          OPERATOR, None,     {"register"}, set(), {"dispatch"}),
    ("dispatch",     "dispatch",          OPERATOR, None,     {"dispatch"}, set(), {"accept"}),
    ("offered",      "accept",            PLUMBER,  None,     {"accept"}, set(), {"arrive", "handling"}),
    ("offered",      "return",            PLUMBER,  None,     {"accept"}, set(), {"dispatch"}),
    ("offered",      "transfer",          OPERATOR, None,     set(), {"accept"}, {"accept"}),
    ("handling",     "transfer",          OPERATOR, None,     set(), set(), {"accept"}),
    ("handling",     "arrive",            PLUMBER,  None,     {"arrive"}, set(), set()),
    ("handling",     "return",            PLUMBER,  None,     set(), {"arrive"}, {"dispatch"}),
    ("handling",     "complete_handling", PLUMBER,  None,     {"handling"}, {"arrive"}, {"result_feedback"}),
    ("feedback",     "give_feedback",     OPERATOR, None,     {"feedback"}, set(), {"next_update"}),
    ("feedback",     "give_feedback",     OPERATOR, RESULT,   {"feedback", "result_feedback"}, set(), {"callback"}),
    ("callback",     "record_callback",   CALLER,   None,     {"callback"}, set(), set()),
    ("callback",     "record_callback",   CALLER,   BAD_CALL, {"callback"}, set(), {*NEW_LIFE, "recovery"}),
    ("callback",     "reopen",            RESIDENT, None,     set(), {"callback"}, NEW_LIFE),
    ("closed",       "reopen",            RESIDENT, None,     set(), set(), NEW_LIFE),
    ("reopened",     "complete_recovery", PROJECT,  None,     {"recovery"}, set(), set()),
]
# fmt: on


@pytest.mark.parametrize("row", TABLE, ids=[f"{row[0]}-{row[1]}-{number}" for number, row in enumerate(TABLE)])
def test_a_command_starts_and_ends_its_clocks(row):
    """CLK-05, CLK-07, CLK-12, CLK-13, CLK-14, CLK-15, CLK-25."""
    state, command, actor, said, met, superseded, started = row
    case = brought_to(state)
    events = case.act("07-08 10:10", command, actor, said)
    ended = {event.clock.value: event.outcome for event in events if isinstance(event, e.ClockStopped)}
    assert ended == dict.fromkeys(met, Outcome.MET) | dict.fromkeys(superseded, Outcome.SUPERSEDED)
    assert {event.clock.value for event in events if isinstance(event, e.ClockStarted)} == started


def test_a_new_order_starts_the_clocks_of_reception():
    """CLK-02, CLK-03, CLK-06: all count from received_at."""
    case = brought_to("intake")
    dues = {clock.name: case.order.due(clock) for clock in case.order.running}
    assert dues == {
        ClockName.RESPONSE: at("07-08 10:15"),
        ClockName.REGISTER: at("07-08 10:15"),
        ClockName.FEEDBACK: at("07-09 10:00"),
    }


def test_each_word_that_is_not_final_owes_the_next():
    """CLK-12: progress ends one `next_update` and starts another; the result ends the last."""
    case = brought_to("handling")
    case.act("07-08 12:00", "give_feedback", OPERATOR)
    case.act("07-08 15:00", "give_feedback", OPERATOR)
    assert outcomes(case, "next_update") == [Outcome.MET, None]
    assert case.due("next_update") == at("07-09 15:00")
    case.act("07-08 16:00", "complete_handling", PLUMBER)
    case.act("07-08 16:10", "give_feedback", OPERATOR, RESULT)
    assert outcomes(case, "next_update") == [Outcome.MET, Outcome.MET]


def test_the_close_ends_what_became_pointless():
    """CLK-26: a promise nobody needs any more is neither kept nor broken, and silent."""
    case = brought_to("callback")
    case.act("07-08 10:10", "promise", OPERATOR, window("07-08 14:00", "07-08 18:00"))
    case.act("07-08 10:11", "record_callback", CALLER)
    assert outcomes(case, "promise") == [Outcome.SUPERSEDED]
    assert case.tick("07-20 10:00") == []


def test_word_of_progress_keeps_no_promise_of_a_result():
    """CLK-11: `give_feedback` was promised as the result."""
    case = brought_to("handling")
    case.act("07-08 11:00", "promise", OPERATOR, window("07-08 11:00", "07-08 18:00", "give_feedback"))
    case.act("07-08 12:00", "give_feedback", OPERATOR)
    assert outcomes(case, "promise") == [None]


def test_every_bad_callback_begins_one_more_generation():
    """CBK-05, CLK-25: the third life has its own recovery; the second one's ends with it."""
    case = brought_to("reopened")
    for command, actor, said in [("dispatch", OPERATOR, None), ("accept", PLUMBER, None)]:
        case.act("07-08 10:20", command, actor, said)
    case.act("07-08 10:21", "complete_handling", PLUMBER)
    case.act("07-08 10:22", "give_feedback", OPERATOR, RESULT)
    case.act("07-08 10:23", "record_callback", SERVICE, BAD_CALL)
    assert case.order.generation == 3
    assert [(c.generation, c.outcome) for c in case.order.clocks if c.name == "recovery"] == [
        (2, Outcome.SUPERSEDED),
        (3, None),
    ]


def test_a_ladder_counts_in_its_own_calendar():
    """ESC-03, CAL-14: `dispatch` counts the service desk, its ladder all hours."""
    case = brought_to("registration", "07-08 19:15", terms("LIGHTING"))
    case.act("07-08 19:20", "register", OPERATOR)
    case.tick("07-08 19:50:01")
    case.act("07-08 19:55", "acknowledge", OPERATOR, {"clock": "dispatch"})
    case.tick("07-08 21:50:01")
    levels = [(event.level, event.at) for event in case.told(e.Escalated, "dispatch")]
    assert levels == [(1, at("07-08 19:50")), (2, at("07-08 21:50"))]


@pytest.mark.parametrize("command", ["note", "urge", "change_first_contact"])
def test_what_is_said_beside_the_way_touches_no_clock(command):
    """CLK-37, CLK-23."""
    case = brought_to("handling")
    before = case.order.clocks
    case.act("07-08 10:10", command, "usr_S02")
    assert case.order.clocks == before
