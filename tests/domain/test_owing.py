"""What a class owes: begun when it is given late, and over when nothing is owed any more (CLK-24, INT-17)."""

import pytest
from rules_sample import OPERATOR, PLUMBER, PROJECT, RESIDENT, STEWARD, WORDS, Case, at, classification, refused, terms

from domain import events as e
from domain.terms import HOLDING_PAUSES
from domain.vocabulary import CloseReason, Stage


def former(category):
    """Terms of an order received under the version before."""
    return terms(category).model_copy(update={"v": HOLDING_PAUSES}).pinned()


def running(case):
    return sorted(clock.name.value for clock in case.order.running)


def become(case, when, category):
    case.act(when, "reclassify", PROJECT, {**classification(terms(category)), "reason": WORDS})


def test_praise_is_over_once_somebody_has_answered_it():
    """INT-17, CBK-11: an answer, and nothing that would stay open for ever; what else is wanted is a new matter."""
    case = Case("07-08 10:00", pinned=terms("PRAISE"))
    case.act("07-08 11:00", "respond", STEWARD)
    assert (case.order.stage, case.order.close_reason) == (Stage.CLOSED, CloseReason.CONFIRMED)
    assert running(case) == []
    assert refused(case, "07-08 11:01", "reopen", RESIDENT) == "praise-is-over"


@pytest.mark.parametrize("command", ["clarify", "give_feedback"])
def test_whatever_answers_praise_ends_it(command):
    """CLK-07, INT-17: whoever speaks with the owner has answered him."""
    case = Case("07-08 10:00", pinned=terms("PRAISE"))
    case.act("07-08 11:00", command, OPERATOR)
    assert case.order.stage is Stage.CLOSED


def test_praise_answered_while_it_is_taken_in_is_over_at_once():
    """INT-17: thanked on the phone."""
    case = Case("07-08 10:00", pinned=terms("PRAISE"), contacted_at=at("07-08 10:00"))
    assert case.order.stage is Stage.CLOSED


def test_praise_received_before_goes_on_as_it_was_received():
    """Decision 0008: what was decided under older terms is replayed as it was decided."""
    case = Case("07-08 10:00", pinned=former("PRAISE"))
    case.act("07-08 11:00", "respond", OPERATOR)
    assert case.order.stage is Stage.REGISTRATION


@pytest.mark.parametrize(
    ("steps", "owed"),
    [
        ([], ["feedback", "register", "response"]),
        (["register"], ["dispatch", "feedback", "response"]),
        (["register", "dispatch"], ["accept", "feedback", "response"]),
        (["register", "dispatch", "accept"], ["arrive", "feedback", "handling", "response"]),
        (["register", "dispatch", "accept", "arrive"], ["feedback", "handling", "response"]),
        (
            ["register", "dispatch", "accept", "arrive", "complete_handling"],
            ["feedback", "response", "result_feedback"],
        ),
    ],
    ids=["intake", "dispatch", "offered", "handling", "arrived", "feedback"],
)
def test_a_class_that_owes_more_begins_what_it_owes(steps, owed):
    """CLK-24, CBK-11: praise that turns out to be a leak is owed all that a leak is owed, counted from then."""
    case = Case("07-08 10:00", pinned=terms("PRAISE"))
    for step in steps:
        case.act("07-08 10:01", step, PLUMBER if step in {"accept", "arrive", "complete_handling"} else OPERATOR)
    become(case, "07-08 10:30", "WATER_LEAK")
    assert running(case) == owed
    assert case.due("feedback") == at("07-09 10:30")
    begun = [event.at for event in case.told(e.ClockStarted) if event.clock != "response"]
    assert set(begun) == {at("07-08 10:30")}


def test_a_class_that_owes_the_same_begins_nothing_again():
    """CLK-24: a duty that was done stays done."""
    case = Case("07-08 10:00", pinned=terms("LIGHTING"))
    case.act("07-08 10:01", "respond", OPERATOR)
    case.act("07-08 10:02", "register", OPERATOR)
    before = len(case.order.clocks)
    become(case, "07-08 10:30", "WATER_LEAK")
    assert len(case.order.clocks) == before


def test_a_class_given_under_former_terms_begins_nothing():
    """Decision 0008."""
    case = Case("07-08 10:00", pinned=former("PRAISE"))
    said = {**classification(former("WATER_LEAK")), "reason": WORDS}
    case.act("07-08 10:30", "reclassify", PROJECT, said)
    assert running(case) == ["response"]


def test_a_matter_that_becomes_praise_is_over_when_nothing_runs():
    """INT-17: what was begun is finished first."""
    case = Case("07-08 10:00", pinned=terms("LIGHTING"))
    case.act("07-08 10:01", "respond", OPERATOR)
    become(case, "07-08 10:30", "PRAISE")
    assert case.order.stage is Stage.REGISTRATION
    case.act("07-08 10:31", "register", OPERATOR)
    assert running(case) == ["feedback"]
    case.act("07-08 10:32", "give_feedback", OPERATOR)
    assert case.order.stage is Stage.CLOSED
