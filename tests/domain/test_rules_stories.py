"""The acceptance stories that need no server, with their own clock times (Asia/Shanghai, 2026)."""

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
    refused,
    terms,
    window,
)

from domain import events as e
from domain.commands import PAYLOADS
from domain.intake.reception import Reception
from domain.vocabulary import Outcome, Role

RESULT = {**SAID["give_feedback"], "kind": "result"}
MICROSECOND = "2026-07-06 09:17:00.000001"


def levels(case, clock="response"):
    return [(event.level, event.at) for event in case.told(e.Escalated, clock)]


def planned(*pairs):
    return [(level, at(text)) for level, text in pairs]


def test_st_01_holiday_and_night_change_nothing():
    """ST-01 (CLK-02, ESC-01)."""
    case = Case("10-01 23:50", pinned=terms("LIFT_TRAPPED", on=at("10-01 23:50").date()))
    assert case.due("response") == at("10-02 00:05")
    assert case.due("feedback") == at("10-02 23:50")
    case.tick("10-02 00:04")
    warned = [(event.percent, event.at) for event in case.told(e.ClockWarned, "response")]
    assert warned == [(50, at("10-01 23:57:30")), (80, at("10-02 00:02"))]


def test_st_02_a_call_typed_after_the_limit():
    """ST-02 (CLK-06, CLK-32): breach at 09:17, not at 09:20; its ladder is worked from 09:20 (ESC-04)."""
    case = Case("07-06 09:02", now="07-06 09:20")
    (breach,) = case.told(e.ClockBreached, "response")
    assert (breach.at, breach.late_entry) == (at("07-06 09:17"), True)
    assert levels(case) == planned((1, "07-06 09:17"))
    recorded = {now for event, now in case.recorded if type(event) is e.Escalated}
    assert recorded == {at("07-06 09:20")}
    case.tick("07-06 10:00")
    assert levels(case)[1] == (2, at("07-06 09:25"))
    assert case.told(e.Escalated, "response")[1].late_entry is None


def test_an_order_whose_process_began_late_was_not_typed_late():
    """CLK-32, ESC-08: what passed between the door and the process is made up, not a late entry."""
    case = Case("07-06 17:00", now="07-06 17:18", entered_at=at("07-06 17:00:02"))
    (breach,) = case.told(e.ClockBreached, "response")
    assert (breach.at, breach.late_entry, breach.late, breach.late_by_seconds) == (at("07-06 17:15"), None, True, 180)
    assert case.recorded[0][0].entered_at == at("07-06 17:00:02")
    assert case.order.entered_at == at("07-06 17:00:02")


def test_typed_late_and_begun_late_are_both_told():
    """CLK-32, ESC-08: received 09:02, typed 09:20, begun 10:00; the second level falls between the last two."""
    case = Case("07-06 09:02", now="07-06 10:00", entered_at=at("07-06 09:20"))
    (breach,) = case.told(e.ClockBreached, "response")
    assert (breach.late_entry, breach.late, breach.late_by_seconds) == (True, True, 43 * 60)
    marks = {event.level: (event.late_entry, event.late) for event in case.told(e.Escalated, "response")}
    assert marks == {1: (True, True), 2: (None, True)}


def test_a_door_whose_clock_runs_ahead_types_nothing_in_the_future():
    """CLK-32: the engine's own instant is the latest at which a matter can have been typed."""
    case = Case("07-06 09:02", now="07-06 09:02", entered_at=at("07-06 09:03"))
    assert case.order.entered_at == at("07-06 09:02")


MOMENTS = [
    ("respond", "07-06 09:02", "07-06 09:16:59", None),
    ("respond", "07-06 09:02", "07-06 09:17:00", None),
    ("respond", "07-06 09:02", MICROSECOND, "07-06 09:17"),
    ("give_feedback", "07-06 09:02", "07-07 09:01:59", None),
    ("give_feedback", "07-06 09:02", "07-07 09:02:00", None),
    ("give_feedback", "07-06 09:02", "2026-07-07 09:02:00.000001", "07-07 09:02"),
]


@pytest.mark.parametrize(("command", "received", "said", "breached"), MOMENTS)
def test_st_03_the_limit_itself_is_met(command, received, said, breached):
    """ST-03 (CLK-27): at exactly the due instant met, one microsecond later breached; the same for the 24 h."""
    clock = {"respond": "response", "give_feedback": "feedback"}[command]
    case = Case(received)
    case.act(said, command, OPERATOR)
    case.tick("07-08 09:02")
    breaches = [event.at for event in case.told(e.ClockBreached, clock)]
    assert breaches == ([at(breached)] if breached else [])
    assert case.clock(clock).outcome is (Outcome.BREACHED if breached else Outcome.MET)


def test_st_18_a_transfer_leaves_the_owners_clocks():
    """ST-18 (CLK-23, CLK-15): only `accept` starts again."""
    case = Case("07-08 10:00")
    for now, command in [("10:02", "register"), ("10:05", "dispatch")]:
        case.act(f"07-08 {now}", command, OPERATOR)
    before = {clock.name: case.order.due(clock) for clock in case.order.running}
    case.act("07-08 10:12", "transfer", OPERATOR)
    after = {clock.name: case.order.due(clock) for clock in case.order.running}
    assert after["response"] == at("07-08 10:15")
    assert (before.pop("accept"), after.pop("accept")) == (at("07-08 10:20"), at("07-08 10:27"))
    assert after == before
    assert [clock.outcome for clock in case.order.clocks if clock.name == "accept"] == [Outcome.SUPERSEDED, None]


def test_st_18_arrears_are_no_input_of_any_rule():
    """CLK-37: no door can tell the rulebook of arrears or earlier complaints; urging changes no due."""
    named = {name for model in (Reception, *PAYLOADS.values()) for name in model.model_fields}
    assert {name for name in named if "arrear" in name or "complaints" in name or "household" in name} == set()
    case = Case("07-08 10:00")
    before = [(clock.name, case.order.due(clock)) for clock in case.order.running]
    for now in ("10:01", "10:02", "10:03"):
        case.act(f"07-08 {now}", "urge", RESIDENT)
    assert [(clock.name, case.order.due(clock)) for clock in case.order.running] == before
    assert [event.number for event in case.told(e.Urged)] == [1, 2, 3]


def test_st_20_acknowledged_in_time():
    """ST-20 (ESC-04, ESC-05): the ladder goes on at `after`."""
    case = Case("07-08 10:00")
    case.tick("07-08 10:15:01")
    case.act("07-08 10:19", "acknowledge", DUTY)
    case.tick("07-08 10:30:01")
    assert levels(case) == planned((1, "07-08 10:15"), (2, "07-08 10:30"))
    assert [event.early for event in case.told(e.Escalated, "response")] == [None, None]


def test_st_20_answered_before_the_second_level():
    """ST-20 (CLK-26): after the stop no level fires."""
    case = Case("07-08 10:00")
    case.tick("07-08 10:15:01")
    case.act("07-08 10:19", "acknowledge", DUTY)
    case.act("07-08 10:27", "respond", OPERATOR)
    case.tick("07-09 10:00")
    assert levels(case) == planned((1, "07-08 10:15"))


def test_st_20_nobody_acknowledges():
    """ST-20 (ESC-04): silence brings each level forward, counted from the level's planned instant."""
    case = Case("07-08 10:00")
    for now in ("10:15:01", "10:20:01", "10:35:01", "12:00"):
        case.tick(f"07-08 {now}")
    assert levels(case) == planned((1, "07-08 10:15"), (2, "07-08 10:20"), (3, "07-08 10:35"))
    assert [event.early for event in case.told(e.Escalated, "response")] == [None, True, True]


def test_st_21_missed_levels_are_made_up_once_in_order():
    """ST-21 (ESC-07, ESC-08): late by 70, 55 and 10 minutes; nothing is doubled."""
    case = Case("07-08 02:45")
    case.tick("07-08 04:10")
    found = [(event.level, event.at, event.late, event.late_by_seconds) for event in case.told(e.Escalated, "response")]
    assert found == [
        (1, at("07-08 03:00"), True, 70 * 60),
        (2, at("07-08 03:15"), True, 55 * 60),
        (3, at("07-08 04:00"), True, 10 * 60),
    ]
    assert [event.at for event in case.told(e.ClockBreached, "response")] == [at("07-08 03:00")]
    assert [event.percent for event in case.told(e.ClockWarned, "response")] == [50, 80]
    instants = [event.at for event, now in case.recorded if now == at("07-08 04:10")]
    assert instants == sorted(instants)
    assert case.tick("07-08 04:10") == []
    again = case.tick("07-08 04:30")
    assert [event for event in again if event.clock == "response"] == []


ST_22 = [
    (["15:50", "17:50", "23:50"], [(1, "11-05 15:40"), (2, "11-05 17:40"), (3, "11-05 23:40"), (4, "11-06 15:40")]),
    ([], [(1, "11-05 15:40"), (2, "11-05 16:10"), (3, "11-05 17:10"), (4, "11-05 19:10")]),
]


@pytest.mark.parametrize(("acknowledged", "expected"), ST_22)
def test_st_22_the_ladder_of_the_feedback_clock(acknowledged, expected):
    """ST-22, the levels (ESC-04, ESC-09): 17:40 and 23:40 when acknowledged in time, else 16:10, 17:10, 19:10."""
    case = brought_to("registration", "11-04 15:40", terms(on=at("11-04 15:40").date()))
    for now, actor in zip(acknowledged, [OPERATOR, SERVICE, PROJECT], strict=False):
        case.act(f"11-05 {now}", "acknowledge", actor, {"clock": "feedback"})
    for now in ("11-05 15:40:01", "11-05 16:10:01", "11-05 17:10:01", "11-05 19:10:01", "11-06 15:40:01"):
        if at(now) > case.recorded[-1][1]:
            case.tick(now)
    assert levels(case, "feedback") == planned(*expected)


ST_23 = [
    (True, [(1, "10-10 17:30"), (2, "10-12 17:30"), (3, "10-14 17:30")]),
    (False, [(1, "10-10 17:30"), (2, "10-12 10:30"), (3, "10-12 15:30")]),
]


@pytest.mark.parametrize(("acknowledged", "expected"), ST_23)
def test_st_23_a_ladder_in_office_hours(acknowledged, expected):
    """ST-23 (ESC-03, CAL-05): after, and silence as well, are counted in the ladder's calendar."""
    pinned = terms("LIGHTING", on=at("09-30 16:41").date())
    case = brought_to("handling", "09-30 16:41", pinned)
    assert case.due("handling") == at("10-10 17:30")
    case.tick("10-10 17:30:01")
    if acknowledged:
        case.act("10-10 17:40", "acknowledge", "usr_S08", {"clock": "handling"}, roles=("team_lead",))
    for now in ("10-12 10:30:01", "10-12 15:30:01", "10-12 17:30:01"):
        case.tick(now)
    if acknowledged:
        case.act("10-12 18:00", "acknowledge", SERVICE, {"clock": "handling"})
    case.tick("10-14 17:30:01")
    assert levels(case, "handling") == planned(*expected)


def test_st_24_three_attempts_on_two_days_then_not_reached():
    """ST-24 (CBK-01, CBK-02, CBK-03, CLK-14): 9 h of contact hours from 06-18 18:30, though 06-19 is a holiday."""
    case = brought_to("handling", "06-18 18:00", terms(on=at("06-18 18:00").date()))
    case.act("06-18 18:10", "transfer", OPERATOR, {"assignee": CALLER, "reason": WORDS})
    for command in ("accept", "complete_handling"):
        case.act("06-18 18:20", command, CALLER)
    case.act("06-18 18:30", "give_feedback", OPERATOR, RESULT)
    assert case.due("callback") == at("06-19 18:30")
    assert refused(case, "06-18 18:40", "record_callback", CALLER) == "separation-of-duties"
    assert refused(case, "06-18 18:40", "record_attempt", CALLER) == "separation-of-duties"
    case.act("06-18 19:00", "record_attempt", SERVICE)
    case.act("06-19 09:30", "record_attempt", SERVICE)
    assert refused(case, "06-19 11:00", "record_attempt", SERVICE) == "attempt-too-soon"
    happened = case.act("06-19 14:10", "record_attempt", SERVICE)
    kinds = [type(event) for event in happened if not isinstance(event, e.ClockWarned)]
    assert kinds == [e.CallbackAttempted, e.CallbackExhausted, e.ClockStopped, e.Closed]
    assert (case.order.stage, case.order.close_reason) == ("closed", "not_reached")
    stopped = case.told(e.ClockStopped, "callback")[-1]
    assert (stopped.at, stopped.outcome) == (at("06-19 14:10"), Outcome.MET)


def test_st_25_a_bad_callback_begins_a_new_generation():
    """ST-25 (CBK-05, CLK-25, CLK-26): fresh clocks in the same step; old timers never fire; age still counts."""
    case = brought_to("feedback", "03-10 09:00", terms(on=at("03-10 09:00").date()))
    case.act("03-10 14:00", "promise", OPERATOR, window("03-10 16:00", "03-10 18:00"))
    case.act("03-10 15:00", "give_feedback", OPERATOR, RESULT)
    old = {(event.clock, event.generation) for event in case.told(e.ClockBreached)}
    happened = case.act("03-10 15:20", "record_callback", CALLER, BAD_CALL)
    assert case.order.generation == 2
    assert {type(event) for event in happened} >= {e.CallbackRecorded, e.Reopened, e.RecoveryOpened}
    assert {clock.name.value for clock in case.order.running} == {"feedback", "dispatch", "recovery"}
    assert (case.due("feedback"), case.due("recovery")) == (at("03-11 15:20"), at("03-11 15:20"))
    assert case.clock("promise", generation=1).outcome is Outcome.SUPERSEDED
    case.tick("03-20 12:00")
    late = {(event.clock, event.generation) for event in case.told(e.ClockBreached)}
    assert {(clock.value, generation) for clock, generation in late - old} == {
        ("dispatch", 2),
        ("feedback", 2),
        ("recovery", 2),
    }
    assert case.order.received_at == at("03-10 09:00")


def test_st_28_a_broken_promise_stays_broken():
    """ST-28 (CLK-11): breach at 18:00:00; the next one is kept: 1 of 2."""
    case = brought_to("handling", "06-20 09:00", terms(on=at("06-20 09:00").date()))
    case.act("06-20 09:30", "promise", OPERATOR, window("06-20 14:00", "06-20 18:00"))
    case.tick("06-20 18:00:01")
    assert [event.at for event in case.told(e.ClockBreached, "promise")] == [at("06-20 18:00")]
    case.act("06-20 18:10", "promise", OPERATOR, window("06-21 09:00", "06-21 11:00"))
    case.act("06-21 10:00", "arrive", PLUMBER)
    case.tick("06-22 10:00")
    outcomes = [clock.outcome for clock in case.order.clocks if clock.name == "promise"]
    assert outcomes == [Outcome.BREACHED, Outcome.MET]


def test_dsp_12_the_way_back_to_the_owner_is_timed():
    """DSP-12, CLK-13: 客服 → 工程 → 客服 are steps of one case, the last with its own 2 h of the service desk."""
    case = brought_to("handling", "07-08 19:00")
    case.act("07-08 19:30", "complete_handling", PLUMBER)
    assert case.due("result_feedback") == at("07-09 09:30")
    started = case.told(e.ClockStarted, "result_feedback")[0]
    assert (started.accountable, started.at) == (Role.FIRST_CONTACT, at("07-08 19:30"))
