"""A simulation says of a life what the rulebook recorded of it, from nothing but the instants of its acts."""

from datetime import timedelta

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from rules_sample import (
    BAD_CALL,
    CALLER,
    OPERATOR,
    OTHER,
    PLUMBER,
    RESIDENT,
    SAID,
    SERVICE,
    WORDS,
    Case,
    at,
    sample,
    terms,
)

from domain import events as e
from domain.lifecycle import CLOCK_RULES, commands_in
from domain.refusals import Refused
from domain.simulation.past_orders import HAPPENED, Act, Told, past_order
from domain.simulation.past_terms import Shelf
from domain.simulation.simulating import DUTIES, Simulation, judgements
from domain.vocabulary import ClockName, FeedbackKind, Outcome, Role

MICRO, MILLI = timedelta(microseconds=1), timedelta(milliseconds=1)
MINUTE, HOUR = timedelta(minutes=1), timedelta(hours=1)
NONE = timedelta(0)

ACTS = {
    Act.RECEIVED: e.Received.model_construct(terms=terms("WALL_LEAK")),
    Act.RESPONDED: e.Responded.model_construct(),
    Act.REGISTERED: e.Registered.model_construct(),
    Act.DISPATCHED: e.Dispatched.model_construct(),
    Act.ACCEPTED: e.Accepted.model_construct(),
    Act.ARRIVED: e.Arrived.model_construct(),
    Act.PLAN_GIVEN: e.PlanGiven.model_construct(),
    Act.COMPLETED: e.HandlingCompleted.model_construct(),
    Act.FED_BACK: e.FeedbackGiven.model_construct(kind=FeedbackKind.PROGRESS),
    Act.RESULT_TOLD: e.FeedbackGiven.model_construct(kind=FeedbackKind.RESULT),
    Act.CALLED_BACK: e.CallbackRecorded.model_construct(),
    Act.CLOSED: e.Closed.model_construct(),
}


@pytest.mark.parametrize("clock", DUTIES, ids=str)
def test_clocks_run_between_the_acts_of_the_rulebook(clock):
    """CLK-05, glossary section 3: what starts, stops and drops a clock here does so in `domain.lifecycle`."""
    rule, span = CLOCK_RULES[clock], DUTIES[clock]
    assert {act for act in Act if rule.starts(ACTS[act])} == {span.starts}
    assert span.stops in {act for act in Act if rule.stops(ACTS[act])}
    assert {act for act in Act if rule.drops(ACTS[act])} - {Act.CLOSED} == ({span.drops} if span.drops else set())


def test_every_act_is_an_event_of_the_rulebook():
    """CLK-05: the result is the one act that only a part of its events is."""
    assert {*HAPPENED.values(), Act.RESULT_TOLD} == set(Act)


RESULT = {**SAID["give_feedback"], "kind": "result"}
ASSIGNEE = None
DEEDS = [
    ("respond", OPERATOR, None),
    ("register", OPERATOR, None),
    ("dispatch", OPERATOR, None),
    ("accept", ASSIGNEE, None),
    ("return", ASSIGNEE, None),
    ("transfer", OPERATOR, {"assignee": OTHER, "reason": WORDS}),
    ("transfer", OPERATOR, {"assignee": PLUMBER, "reason": WORDS}),
    ("arrive", ASSIGNEE, None),
    ("complete_rectification", ASSIGNEE, None),
    ("sign_off", RESIDENT, None),
    ("refuse_sign_off", RESIDENT, None),
    ("suspend", ASSIGNEE, {"pause_reason": "owner_absent"}),
    ("resume", ASSIGNEE, None),
    ("complete_handling", ASSIGNEE, None),
    ("give_feedback", OPERATOR, None),
    ("give_feedback", OPERATOR, RESULT),
    ("record_callback", CALLER, None),
    ("record_callback", CALLER, BAD_CALL),
    ("withdraw", RESIDENT, None),
    ("reopen", RESIDENT, None),
    ("urge", RESIDENT, None),
]
FORWARD = {"respond", "register", "dispatch", "accept", "complete_handling", "record_callback"}
DELAYS = [MICRO, MINUTE, 7 * MINUTE, 16 * MINUTE, HOUR, 5 * HOUR, timedelta(days=1), timedelta(days=9)]
WAITS = st.sampled_from(["alarm", "just after", *DELAYS])
LIVES = st.tuples(
    st.sampled_from(["WATER_LEAK", "LIGHTING", "LIFT_TRAPPED", "WALL_LEAK", "ADVICE", "PRAISE"]),
    st.sampled_from(["07-08 10:00", "09-30 16:40", "02-13 17:20", "12-31 23:50"]),
    st.lists(st.tuples(WAITS, st.integers(0, 10**6)), min_size=5, max_size=18),
)


def attentive(case, until, *, acknowledging):
    """Tick a millisecond after each alarm, as the process does; let the addressee of each level acknowledge at once."""
    while (alarms := case.order.alarms()) and alarms[0].at < until:
        now = min(until, alarms[0].at + MILLI)
        for event in case.tick(now):
            if acknowledging and isinstance(event, e.Escalated):
                seen = {"clock": event.clock, "level": event.level, "turn": event.turn}
                in_case = {Role.FIRST_CONTACT: case.order.first_contact, Role.ASSIGNEE: case.order.assignee}
                actor = in_case.get(event.addressee, "usr_S99") or SERVICE
                case.act(now, "acknowledge", actor, seen, roles=(event.addressee, Role.SERVICE_MANAGER))


def deed(case, choice, now):
    """One of the deeds that fit the stage, those that lead on more often."""
    fitting = [one for one in DEEDS if one[0] in commands_in(case.order.stage)]
    fitting += [one for one in fitting if one[0] in FORWARD] * 2
    name, actor, said = fitting[choice % len(fitting)]
    if name == "suspend":
        said = {**said, "expected_end_at": (now + HOUR).isoformat()}
    return name, actor or case.order.assignee or PLUMBER, said


def lived(life, *, acknowledging):
    category, received, moments = life
    pinned = terms(category, on=at(received).date())  # a simulation knows no urges, and so no level that they fire
    case = Case(received, pinned=pinned.model_copy(update={"urge": None}).pinned())
    now = at(received)
    for wait, choice in moments:
        alarms = case.order.alarms()
        ahead = (alarms[0].at if alarms else now) + (MICRO if wait == "just after" else NONE)
        now = now + wait if isinstance(wait, timedelta) else max(now, ahead)
        attentive(case, now, acknowledging=acknowledging)
        try:
            case.act(now, *deed(case, choice, now))
        except Refused:
            continue
    return case, now


def account(case, now):
    order = case.order
    told = [Told(event.type_name(), event.at, event.facts()) for event, _ in case.recorded]
    return past_order(order.community, order.category, order.kind, order.severity, told, now)


def recorded(case, kind, untold):
    """What the rulebook wrote down of the first start of each clock that past orders tell of."""
    found = [event for event in case.told(kind) if event.generation == event.turn == 1]
    return [event for event in found if event.clock in DUTIES and event.clock not in untold]


@settings(max_examples=60, deadline=None)
@given(LIVES, st.booleans())
def test_a_life_is_judged_as_the_rulebook_recorded_it(life, acknowledged):
    """CLK-26, CLK-27, ESC-03, ESC-04: the same breaches, lateness and levels, from nothing but the instants of acts."""
    case, now = lived(life, acknowledging=acknowledged)
    order = account(case, now)
    found = list(judgements(order, Shelf(sample()).terms(order), acknowledged=acknowledged))
    breaches = {one.clock: one.due_at for one in found if one.breached}
    assert breaches == {event.clock: event.at for event in recorded(case, e.ClockBreached, order.untold)}
    fired = {(one.clock, one.level, one.role, one.at) for each in found for one in each.levels}
    escalated = recorded(case, e.Escalated, order.untold)
    assert fired == {(event.clock, event.level, event.addressee, event.at) for event in escalated}
    ended = {clock.name: clock for clock in case.order.clocks if clock.generation == clock.turn == 1}
    for one in (one for one in found if one.due_at is not None):
        clock = ended[one.clock]
        assert clock.outcome in ({Outcome.BREACHED, None} if one.breached else {Outcome.MET})
        if one.breached and DUTIES[one.clock].stops in order.acts:
            assert clock.consumed - clock.budget == one.late


def test_lives_are_long_enough_to_prove_something():
    """CLK-26: one life by hand through every act, with a breach of each ladder's first level."""
    case = Case("07-08 10:00")
    for now, *what in [
        ("07-08 10:20", "respond", OPERATOR),
        ("07-08 10:30", "register", OPERATOR),
        ("07-08 10:50", "dispatch", OPERATOR),
        ("07-08 11:10", "accept", PLUMBER),
        ("07-08 14:00", "arrive", PLUMBER),
        ("07-30 10:00", "complete_handling", PLUMBER),
        ("07-30 19:00", "give_feedback", OPERATOR, RESULT),
        ("08-05 10:00", "record_callback", CALLER),
    ]:
        attentive(case, at(now), acknowledging=True)
        case.act(now, *what)
    order = account(case, at("08-05 10:00"))
    assert order.acts.keys() == set(Act) - {Act.PLAN_GIVEN}
    found = list(judgements(order, terms()))
    assert {one.clock for one in found if one.breached} == set(DUTIES) - {ClockName.PLAN, ClockName.COMPLETION}
    fired = {(one.clock, one.level, one.at) for each in found for one in each.levels}
    assert fired == {(event.clock, event.level, event.at) for event in recorded(case, e.Escalated, ())}


# ---- accounts of an order


def test_an_account_ends_with_the_first_life():
    """CLK-25: what came after the reopening belongs to another generation."""
    case = Case("07-08 10:00")
    for number, what in enumerate(
        [
            ("respond", OPERATOR),
            ("register", OPERATOR),
            ("dispatch", OPERATOR),
            ("accept", PLUMBER),
            ("complete_handling", PLUMBER),
            ("give_feedback", OPERATOR, RESULT),
            ("record_callback", CALLER, BAD_CALL),
            ("dispatch", OPERATOR),
        ],
        start=1,
    ):
        case.act(at("07-08 10:00") + number * MINUTE, *what)
    order = account(case, at("07-09 10:00"))
    assert (order.known_until, Act.CLOSED in order.acts) == (at("07-08 10:07"), False)
    assert order.acts[Act.DISPATCHED] == at("07-08 10:03")


TURNS = [
    ([("transfer", OPERATOR), ("accept", ASSIGNEE)], {"accept"}),
    ([("return", ASSIGNEE), ("dispatch", OPERATOR), ("accept", ASSIGNEE)], {"accept"}),
    ([("return", ASSIGNEE)], {"accept"}),
    ([("accept", ASSIGNEE), ("transfer", OPERATOR)], set()),
    ([("accept", ASSIGNEE), ("return", ASSIGNEE)], {"arrive"}),
    ([("accept", ASSIGNEE), ("arrive", ASSIGNEE), ("return", ASSIGNEE)], set()),
    ([("accept", ASSIGNEE), ("suspend", ASSIGNEE)], {"arrive", "handling"}),
]


@pytest.mark.parametrize(("steps", "untold"), TURNS)
def test_an_account_says_which_clocks_it_cannot_tell(steps, untold):
    """CLK-15, CLK-19: a clock that began again or stood still would be judged wrongly by the instants alone."""
    case = Case("07-08 10:00")
    now = at("07-08 10:00")
    for name, actor in [("respond", OPERATOR), ("register", OPERATOR), ("dispatch", OPERATOR), *steps]:
        now += MINUTE
        pause = {"pause_reason": "owner_absent", "expected_end_at": (now + HOUR).isoformat()}
        case.act(now, name, actor or case.order.assignee, pause if name == "suspend" else None)
    assert account(case, now).untold == untold


def test_nobody_reached_counts_in_no_rate():
    """CBK-07: the callback of a not-reached order is in no denominator; it is told as a figure of its own."""
    case = Case("07-08 10:00")
    for now, *what in [
        ("07-08 10:01", "respond", OPERATOR),
        ("07-08 10:02", "register", OPERATOR),
        ("07-08 10:03", "dispatch", OPERATOR),
        ("07-08 10:04", "accept", PLUMBER),
        ("07-08 10:05", "complete_handling", PLUMBER),
        ("07-08 10:06", "give_feedback", OPERATOR, RESULT),
        ("07-08 19:00", "record_attempt", CALLER),
        ("07-10 09:30", "record_attempt", CALLER),
        ("07-10 14:10", "record_attempt", CALLER),
    ]:
        case.act(now, *what)
    order = account(case, at("07-11 10:00"))
    assert order.untold == {ClockName.CALLBACK}
    simulation = Simulation()
    simulation.add(judgements(order, terms()))
    callback = simulation.clocks[ClockName.CALLBACK]
    assert (callback.judged, callback.breached_percent, callback.not_judged) == (0, None, 1)
