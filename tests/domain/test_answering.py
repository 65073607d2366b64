"""CBK-11: no order ends without feedback and a callback outcome, or a listed reason; none that lives is forgotten."""

import json
from pathlib import Path

import pytest
from rules_sample import CALLER, OPERATOR, RESIDENT, Case, at, brought_to, terms
from test_incidents_solved import handled_parent, solve, went

from domain.audit import read_instant
from domain.closing.answering import unanswered
from domain.simulation.past_orders import Told
from domain.vocabulary import CloseReason

SAVED = sorted((Path(__file__).parents[1] / "replay" / "histories").glob("*/*.events.jsonl"))


def told(bodies):
    stored = [json.loads(body) for body in bodies]
    return [Told(event["type"], read_instant(event["at"]), event["payload"]) for event in stored]


def without(case, kind):
    """The order as it would stand had something never happened: made wrong on purpose."""
    return [event for event in told(case.bodies()) if event.type != f"work_order.{kind}"]


@pytest.mark.parametrize("state", ["intake", "registration", "dispatch", "handling", "feedback", "callback", "closed"])
def test_a_life_as_the_rules_allow_it_has_its_answer(state):
    assert unanswered(told(brought_to(state).bodies())) == ()


@pytest.mark.parametrize(
    ("kind", "lacks"),
    [("feedback_given", "closed-without-feedback"), ("callback_recorded", "closed-without-callback")],
)
def test_an_end_without_an_answer_is_found(kind, lacks):
    assert unanswered(without(brought_to("closed"), kind)) == (lacks,)


def not_reached():
    case = brought_to("callback")
    for when in ("07-08 19:00", "07-09 09:30", "07-09 14:10"):
        case.act(when, "record_attempt", CALLER)
    return case


def test_not_reached_is_an_outcome_after_all_attempts_only():
    """CBK-03, CBK-11."""
    assert unanswered(told(not_reached().bodies())) == ()
    assert unanswered(without(not_reached(), "callback_exhausted")) == ("closed-without-callback",)


def test_a_second_life_needs_an_answer_of_its_own():
    """What was told before a reopening is no answer to what came after it."""
    case = brought_to("closed")
    case.act("07-08 11:00", "reopen", RESIDENT)
    assert unanswered(told(case.bodies())) == ()
    closed = next(event for event in told(case.bodies()) if event.type == "work_order.closed")
    assert unanswered([*told(case.bodies()), closed]) == ("closed-without-feedback", "closed-without-callback")


@pytest.mark.parametrize("reason", sorted(set(CloseReason) - {CloseReason.CONFIRMED, CloseReason.NOT_REACHED}))
def test_a_listed_reason_says_why_nobody_was_called(reason):
    case = brought_to("dispatch")
    case.act("07-08 11:00", "withdraw", OPERATOR)
    events = told(case.bodies())
    assert unanswered([*events[:-1], events[-1]._replace(payload={"reason": reason})]) == ()


def test_praise_has_its_answer_when_somebody_has_answered_it():
    """INT-17, CBK-11: nothing was done that anybody could be called back about."""
    case = Case("07-08 10:00", pinned=terms("PRAISE"))
    case.act("07-08 11:00", "respond", OPERATOR)
    assert unanswered(told(case.bodies())) == ()
    assert unanswered(without(case, "responded")) == ("closed-without-feedback",)


def test_an_order_that_lives_and_owes_nothing_is_found():
    assert unanswered(without(brought_to("handling"), "clock_started")) == ("open-without-duty",)


def test_a_proposal_owes_nothing_before_a_person_confirms_it():
    """GRP-05, CBK-11: its members have clocks of their own; a confirmed one without a clock is found."""
    case = Case(
        "07-08 10:00",
        pinned=terms("WATER_OUTAGE", on=at("07-08 10:00").date()),
        order_id="wo_90",
        members=("wo_1", "wo_2"),
    )
    assert unanswered(told(case.bodies())) == ()
    case.act("07-08 10:20", "confirm_incident", OPERATOR)
    assert unanswered(without(case, "clock_started")) == ("open-without-duty",)


def test_an_incident_that_is_dealt_with_waits_for_its_children():
    """GRP-06, CBK-11: their clocks run until each owner has his answer; it has none of its own any more."""
    parent = handled_parent()
    assert not parent.order.running
    assert unanswered(told(parent.bodies())) == ()


def test_a_clock_that_runs_again_is_a_duty():
    """GRP-07, CBK-11: of a child that was solved, and taken out."""
    case = went(2)
    solve(case)
    case.act("07-08 10:31", "detach_from_incident", OPERATOR)
    life = told(case.bodies())
    started = {event.payload["clock"] for event in life if event.type.endswith("clock_stopped")}
    left = [event for event in life if not event.type.endswith("clock_started") or event.payload["clock"] in started]
    assert unanswered(left) == ()


@pytest.mark.parametrize("path", SAVED, ids=lambda path: f"{path.parent.name}-{path.name}")
def test_no_saved_history_is_an_exception(path):
    """Over everything that shipped versions really did: zero exceptions."""
    lines = [json.loads(line) for line in path.read_text(encoding="utf-8").splitlines()]
    assert unanswered(told([line["body"] for line in lines])) == ()
