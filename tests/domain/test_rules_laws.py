"""Laws that hold for every order, whatever is done to it and whenever: random lives of commands and ticks."""

from collections import Counter
from datetime import date, timedelta
from itertools import pairwise

from hypothesis import given, settings
from hypothesis import strategies as st
from rules_sample import (
    BAD_CALL,
    CALLER,
    DUTY,
    LEAD,
    OPERATOR,
    OTHER,
    PLUMBER,
    PROJECT,
    RESIDENT,
    SAID,
    SERVICE,
    WORDS,
    act,
    at,
    brought_to,
    classification,
    refolded,
    terms,
)
from test_rules_stages import MOVES

from domain import events as e
from domain.lifecycle import commands_in
from domain.order import WorkOrder
from domain.refusals import Refused
from domain.vocabulary import ClockName, Outcome, Stage

START = at("07-08 10:00")
MICRO, MILLI, MINUTE = timedelta(microseconds=1), timedelta(milliseconds=1), timedelta(minutes=1)
RESULT = {**SAID["give_feedback"], "kind": "result"}
ASSIGNEE = None
DEEDS = [
    ("respond", OPERATOR, None),
    ("register", OPERATOR, None),
    ("classify", OPERATOR, classification(terms("LIFT_FAULT"))),
    ("reclassify", OPERATOR, {**classification(terms("LIFT_TRAPPED")), "reason": WORDS}),
    ("dispatch", OPERATOR, None),
    ("accept", ASSIGNEE, None),
    ("return", ASSIGNEE, None),
    ("transfer", OPERATOR, {"assignee": OTHER, "reason": WORDS}),
    ("transfer", OPERATOR, {"assignee": PLUMBER, "reason": WORDS}),
    ("arrive", ASSIGNEE, None),
    ("complete_handling", ASSIGNEE, None),
    ("give_feedback", OPERATOR, None),
    ("give_feedback", OPERATOR, RESULT),
    ("record_callback", CALLER, None),
    ("record_callback", CALLER, BAD_CALL),
    ("complete_recovery", PROJECT, None),
    ("reopen", RESIDENT, None),
    ("urge", RESIDENT, None),
    ("withdraw", RESIDENT, None),
    ("acknowledge", DUTY, {"clock": "response"}),
    ("acknowledge", OPERATOR, {"clock": "feedback"}),
    ("acknowledge", SERVICE, {"clock": "recovery"}),
    ("note", OPERATOR, None),
    ("resume", ASSIGNEE, None),
    ("approve_suspension", LEAD, None),
    ("refuse_suspension", LEAD, None),
    ("complete_rectification", ASSIGNEE, None),
    ("sign_off", RESIDENT, None),
    ("refuse_sign_off", RESIDENT, None),
    ("excuse", SERVICE, None),
    ("excuse", SERVICE, {"clock": "accept", "reason": WORDS}),
    ("reclock", SERVICE, {**classification(terms(on=date(2026, 9, 1))), "reason": WORDS}),
    ("reclassify", SERVICE, {**classification(terms(severity="urgent")), "reason": WORDS, "move_later": True}),
    ("open_recovery", SERVICE, None),
    ("name_arrears_cause", SERVICE, None),
    ("verify", SERVICE, None),
]
FORWARD = ["respond", "register", "dispatch", "accept", "complete_handling"]  # a life goes on more than it turns
DELAYS = [MICRO, MINUTE, 5 * MINUTE, 14 * MINUTE, 61 * MINUTE, timedelta(hours=9), timedelta(days=2)]
WAITS = st.sampled_from(["alarm", "just after", "a moment after", *DELAYS, timedelta(0)])
CHOICES = st.integers(0, 10**6)
BEGINNINGS = st.sampled_from(
    ["intake", "intake", "handling", "transferred", "feedback", "callback", "closed", "reopened"]
)
MOMENTS = st.lists(st.tuples(WAITS, CHOICES, st.sampled_from([None, None, None, 0, 3, 30])), min_size=4, max_size=24)
LIVES = st.tuples(BEGINNINGS, MOMENTS)
SOME = settings(max_examples=25, deadline=None)


def instant(case, now, wait):
    """The next instant of a life: exactly at the next alarm, just after it, or after a while."""
    if isinstance(wait, timedelta):
        return now + wait
    alarms = case.order.alarms()
    after = {"alarm": timedelta(0), "just after": MICRO, "a moment after": MILLI}[wait]
    return max(now, alarms[0].at + after) if alarms else now


def deed(case, choice, now):
    """One of the deeds that fit the stage, or None to let time pass."""
    fitting = [one for one in DEEDS if one[0] in commands_in(case.order.stage)]
    fitting += [one for one in fitting if one[0] in FORWARD] * 2
    ends = {"window_start_at": now.isoformat(), "window_end_at": (now + 180 * MINUTE).isoformat()}
    until = {"expected_end_at": (now + 120 * MINUTE).isoformat()}
    dated = [
        ("promise", OPERATOR, ends),
        ("suspend", ASSIGNEE, {"pause_reason": "owner_absent", **until}),
        ("suspend", ASSIGNEE, {"pause_reason": "waiting_parts", **until}),
        ("request_suspension", ASSIGNEE, {"pause_reason": "third_party", **until}),
        ("give_plan", ASSIGNEE, {"on": str((now + timedelta(days=2)).date()), "consent": True, "words": WORDS}),
    ]
    offered = [*fitting, *(one for one in dated if one[0] in commands_in(case.order.stage)), None, None, None]
    chosen = offered[choice % len(offered)]
    return chosen and (chosen[0], chosen[1] or case.order.assignee or PLUMBER, chosen[2])


def lived(life):
    """Live a life; answer the case, how many commands were accepted, and the stages it went through."""
    beginning, moments = life
    case, now = brought_to(beginning), START + 9 * MINUTE
    accepted, stages = case.order.version - 1, [case.order.stage]
    for wait, choice, minutes_ago in moments:
        now = instant(case, now, wait)
        what = deed(case, choice, now)
        if what is None:
            case.tick(now)
            assert [alarm for alarm in case.order.alarms() if alarm.at < now] == []
            continue
        stated = {} if minutes_ago is None else {"stated_at": now - minutes_ago * MINUTE}
        before = case.order
        try:
            first, second = (act(before, now, *what, **stated) for _ in range(2))
        except Refused:
            continue
        assert first == second
        case.act(now, *what, **stated)
        accepted += 1
        stages.append(case.order.stage)
    return case, accepted, stages


def which(event):
    return event.clock, event.generation, event.turn


def spoken(case):
    """What clocks said by themselves, as (clock, step) with its instant."""
    steps = {e.ClockWarned: lambda v: -v.percent, e.ClockBreached: lambda _: 0, e.Escalated: lambda v: v.level}
    return [((*which(v), steps[type(v)](v)), v, now) for v, now in case.recorded if type(v) in steps]


@SOME
@given(LIVES)
def test_history_alone_rebuilds_the_order(life):
    """AUD-01, CLK-22, design 4a.9: the fold of the stored bytes is the state; so is the state carried as JSON."""
    case, accepted, _ = lived(life)
    bodies = case.bodies()
    assert refolded(bodies, case.order.shelf) == case.order
    assert case.order.version == accepted + 1
    assert WorkOrder.model_validate_json(case.order.model_dump_json()) == case.order
    again, *_ = lived(life)
    assert again.bodies() == bodies


def urged_first(case, clock):
    """Whether urges fired level 1 of a clock before its breach (INT-18)."""
    return any(event.because == "urged" for event in case.told(e.Escalated) if which(event) == clock)


@SOME
@given(LIVES)
def test_a_clock_speaks_in_order_and_each_time_once(life):
    """ESC-01, ESC-07, CLK-26, INT-18: warnings, breach and levels each once, none skipped, none after the stop."""
    case, *_ = lived(life)
    assert [what for what, count in Counter(what for what, *_ in spoken(case)).items() if count > 1] == []
    stopped = set()
    for event, _ in case.recorded:
        if isinstance(event, e.ClockEvent):
            assert which(event) not in stopped
        if isinstance(event, e.ClockStopped):
            stopped.add(which(event))
    for clock in {what[:3] for what, *_ in spoken(case)}:
        steps = [what[3] for what, *_ in spoken(case) if what[:3] == clock]
        assert [step for step in steps if step < 0] == [step for step in (-50, -80) if step in steps]
        reached = [step for step in steps if step >= 0]
        urged = reached[:1] == [1] and urged_first(case, clock)
        assert reached == ([1, 0, *range(2, len(reached))][: len(reached)] if urged else list(range(len(reached))))
        assert 0 not in steps or {-50, -80} <= set(steps)


@SOME
@given(LIVES)
def test_recorded_instants_are_exact_and_honest(life):
    """ESC-02, ESC-08: a breach is at the due instant; nothing lies ahead of its record; what is late says so."""
    case, *_ = lived(life)
    dues = {}
    for event, now in case.recorded:
        assert event.at <= now
        dues |= {which(told): told.due_at for told in dues_told(event)}
        if isinstance(event, e.ClockBreached):
            assert event.at == dues[which(event)]
        if isinstance(event, e.PlannedEvent):
            assert event.at < now or getattr(event, "because", None) == "urged"
            assert (now - event.at > MINUTE) == (event.late is True) == (event.late_by_seconds is not None)


def dues_told(event):
    """What an event says of dues: a clock began, runs again after a pause, or was moved."""
    match event:
        case e.ClockStarted():
            return [event]
        case e.Resumed():
            return event.clocks
        case e.Classified():
            return event.moved or ()
    return ()


def key(clock):
    return clock.name, clock.generation, clock.turn


def due_at_once(case):
    """Clocks that a recount made due at its own instant, their new budget spent before: still met then (CLK-24)."""
    moves = [move for event, _ in case.recorded for move in getattr(event, "moved", None) or ()]
    return {which(move) for move in moves if move.consumed_microseconds > move.budget_microseconds}


@SOME
@given(LIVES)
def test_every_clock_ends_as_its_record_says(life):
    """CLK-27, INT-16: met means within the limit and never breached; what was breached stays breached."""
    case, *_ = lived(life)
    for clock in case.order.clocks:
        if clock.outcome is Outcome.MET:
            assert clock.breached_at is None
            assert clock.consumed <= clock.budget or key(clock) in due_at_once(case)
        if clock.breached_at is not None:
            assert clock.outcome in {None, Outcome.BREACHED}
        assert (clock.running_since is None) == (clock.outcome is not None or clock.suspended)
        assert [stand.until for stand in clock.stands].count(None) == clock.suspended


@SOME
@given(LIVES)
def test_an_order_moves_legally_and_is_never_forgotten(life):
    """CLK-01, DSP-09, CBK-11: until it is closed some clock runs, and in handling somebody holds it."""
    case, _, stages = lived(life)
    assert {move for move in pairwise(stages) if move not in MOVES} == set()
    order = case.order
    owed = Counter((clock.name, clock.act) for clock in order.running)
    assert set(owed.values()) <= {1}
    assert (order.stage is Stage.CLOSED) == (order.closed_at is not None) == (order.close_reason is not None)
    if order.stage is Stage.CLOSED:
        assert {name for name, _ in owed} <= {ClockName.RECOVERY}
    else:
        assert owed
    if order.stage in {Stage.HANDLING, Stage.FEEDBACK, Stage.CALLBACK}:
        assert order.assignee is not None
    assert {order.generation} == {max([1, *(event.generation for event in case.told(e.Reopened))])}


def said_by(case, *kinds):
    return {
        (*which(v), getattr(v, "percent", None) or getattr(v, "level", 0)): v.at for k in kinds for v in case.told(k)
    }


def attentive(case, until):
    """Tick as the process does: a millisecond after each alarm."""
    while (alarms := case.order.alarms()) and alarms[0].at < until:
        case.tick(min(until, alarms[0].at + MILLI))
    return case


TIMES = st.lists(st.integers(0, 60 * 24 * 4), max_size=8).map(sorted)


@settings(max_examples=25, deadline=None)
@given(LIVES, TIMES)
def test_downtime_moves_no_warning_and_no_breach(life, times):
    """ESC-08, ESC-02: many ticks, few or one give the same facts but for lateness; levels are never forgotten."""
    prompt, drowsy = lived(life)[0], lived(life)[0]
    now = max(now for _, now in prompt.recorded)
    until = now + timedelta(days=4)
    attentive(prompt, until)
    for minute in times:
        drowsy.tick(now + minute * MINUTE)
    drowsy.tick(until)
    assert said_by(prompt, e.ClockWarned) == said_by(drowsy, e.ClockWarned)
    assert said_by(prompt, e.ClockBreached) == said_by(drowsy, e.ClockBreached)
    levels, later = said_by(prompt, e.Escalated), said_by(drowsy, e.Escalated)
    assert {level for level, fired_at in later.items() if level not in levels or fired_at < levels[level]} == set()
