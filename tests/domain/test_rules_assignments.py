"""Several assignments in one order, one after the other or side by side (HND-13)."""

import pytest
from rules_sample import (
    CALLER,
    LEAD,
    OPERATOR,
    OTHER,
    PLUMBER,
    RESIDENT,
    SAID,
    WORDS,
    brought_to,
    refolded,
    refused,
    terms,
)

from domain import events as e
from domain.order import WorkOrder
from domain.terms import ANSWERED_THROUGHOUT
from domain.vocabulary import Stage
from workflows.effects import SealedEvent
from workflows.projection import duties_of, outgoing

THIRD, CREW, TEAM = "usr_S10", "usr_S23", "elevator-contractor"


def given(*pieces, **how):
    """An order in handling with further pieces: who, after which, of which contractor."""
    case = brought_to("handling", **how)
    for who, after, contractor in pieces:
        said = {"assignee": who, "after": after, "words": WORDS, "contractor": contractor}
        case.act("07-08 10:10", "add_assignment", OPERATOR, said)
    return case


def owed(case):
    """Whose pieces are owed now."""
    return [duty.person for duty in duties_of(case.order) if duty.clock == "assignment"]


def completed(case, when, who, number, **changes):
    case.act(when, "complete_assignment", who, {"number": number, "words": WORDS}, **changes)


ONE, TWO = {"number": 1}, {"number": 2, "words": WORDS}


def test_side_by_side_all_must_be_complete():
    """HND-13: each is the duty of who has it; the order stays its assignee's, and its clock is his."""
    case = given((OTHER, None, None), (THIRD, None, None))
    assert (owed(case), case.order.assignee) == ([OTHER, THIRD], PLUMBER)
    assert refused(case, "07-08 11:00", "complete_handling", PLUMBER) == "assignments-open"
    completed(case, "07-08 11:10", THIRD, 2)
    assert owed(case) == [OTHER]
    assert refused(case, "07-08 11:20", "complete_handling", PLUMBER) == "assignments-open"
    completed(case, "07-08 11:30", OTHER, 1)
    case.act("07-08 11:40", "complete_handling", PLUMBER)
    assert case.order.stage is Stage.FEEDBACK
    assert refolded(case.bodies(), case.order.shelf) == case.order
    assert WorkOrder.model_validate_json(case.order.model_dump_json()) == case.order


@pytest.mark.parametrize("ends", ["complete", "cancel"])
def test_in_turn_the_next_begins_when_the_one_before_has_ended(ends):
    """HND-13: completed, or cancelled with its reason."""
    case = given((OTHER, None, None), (THIRD, 1, None))
    assert owed(case) == [OTHER]
    assert refused(case, "07-08 11:00", "complete_assignment", THIRD, TWO) == "assignment-waits"
    if ends == "complete":
        completed(case, "07-08 11:10", OTHER, 1)
    else:
        case.act("07-08 11:10", "cancel_assignment", OPERATOR, {**ONE, "reason": WORDS})
    assert owed(case) == [THIRD]
    completed(case, "07-08 11:20", THIRD, 2)
    case.act("07-08 11:30", "complete_handling", PLUMBER)
    assert case.order.stage is Stage.FEEDBACK


NOT_HIS = [
    (PLUMBER, {}, "forbidden"),  # the assignee
    (THIRD, {"roles": ("engineer",)}, "forbidden"),
    (LEAD, {"roles": ("contractor_supervisor",)}, "forbidden"),  # of our own people
    (OTHER, {}, None),
]


@pytest.mark.parametrize(("who", "changes", "code"), NOT_HIS)
def test_a_piece_is_completed_by_whose_it_is(who, changes, code):
    """HND-13, HA-38."""
    case = given((OTHER, None, None), (PLUMBER, None, None))
    if code is None:
        completed(case, "07-08 11:00", who, 1, **changes)
        assert case.order.assignments[0].ended
    else:
        said = {"number": 1, "words": WORDS}
        assert refused(case, "07-08 11:00", "complete_assignment", who, said, **changes) == code


def test_a_contractors_piece_is_completed_by_who_checks_it():
    """HND-12, HND-13: nobody of the contractor says so himself, whatever else he is."""
    case = given((CREW, None, TEAM))
    roles = {"roles": ("contractor_lead", "contractor_supervisor")}
    assert refused(case, "07-08 11:00", "complete_assignment", CREW) == "forbidden"
    assert refused(case, "07-08 11:00", "complete_assignment", CREW, **roles) == "forbidden"
    completed(case, "07-08 11:10", LEAD, 1, roles=("contractor_supervisor",))
    assert not owed(case)


def test_what_has_ended_does_not_end_again():
    case = given((OTHER, None, None))
    case.act("07-08 11:00", "cancel_assignment", OPERATOR, {**ONE, "reason": WORDS})
    assert refused(case, "07-08 11:10", "complete_assignment", OTHER) == "already-done"
    assert refused(case, "07-08 11:10", "cancel_assignment", OPERATOR) == "already-done"
    said = {"assignee": THIRD, "words": WORDS, "after": 2}
    assert refused(case, "07-08 11:10", "add_assignment", OPERATOR, said) == "no-such-assignment"


def test_whoever_completed_a_piece_does_not_call_back():
    """CBK-02: nor is a piece given to whom the matter is about (DSP-13)."""
    case = given((OTHER, None, None))
    completed(case, "07-08 11:00", OTHER, 1)
    case.act("07-08 11:10", "complete_handling", PLUMBER)
    case.act("07-08 11:20", "give_feedback", OPERATOR, {**SAID["give_feedback"], "kind": "result"})
    assert refused(case, "07-08 11:30", "record_callback", OTHER, roles=("callback_officer",)) == "separation-of-duties"
    case.act("07-08 11:30", "record_callback", CALLER)
    spared = brought_to("handling")
    spared.act("07-08 11:00", "note", OPERATOR, {"words": WORDS, "complained_of": [OTHER]})
    assert refused(spared, "07-08 11:10", "add_assignment", OPERATOR) == "complained-of"


def test_the_next_generation_begins_without_pieces():
    """HND-13: numbers count within a generation."""
    case = given((OTHER, None, None))
    completed(case, "07-08 11:00", OTHER, 1)
    case.act("07-08 11:10", "complete_handling", PLUMBER)
    case.act("07-08 11:20", "give_feedback", OPERATOR, {**SAID["give_feedback"], "kind": "result"})
    case.act("07-08 11:30", "reopen", RESIDENT)
    assert case.order.assignments == ()


def outbox(case, kind):
    """What the relay is asked to tell of the events of a kind: topic, and whom."""
    events = case.told(kind)
    sealed = [SealedEvent(seq=n, type="x", at=o.at, recorded_at=o.at, body="", hash="") for n, o in enumerate(events)]
    rows = outgoing(case.order, events, sealed)
    return [(row.topic, one["person"], one["number"]) for row in rows for one in row.body.get("each") or [row.body]]


def test_whoever_gets_a_piece_is_told():
    """HND-13: at once, also of one that waits for its turn."""
    case = given((OTHER, None, None), (THIRD, 1, None))
    assert outbox(case, e.AssignmentAdded) == [("assigned", OTHER, 1), ("assigned_later", THIRD, 2)]


@pytest.mark.parametrize("ends", ["complete", "cancel"])
def test_whose_turn_comes_is_told_then(ends):
    """HND-13: everybody who waited for that very piece, once it is completed or cancelled; nobody before his turn."""
    case = given((OTHER, None, None), (THIRD, 1, None), (CREW, 1, TEAM), (LEAD, 2, None))
    if ends == "complete":
        completed(case, "07-08 11:10", OTHER, 1)
        assert outbox(case, e.AssignmentCompleted) == [("turn_came", THIRD, 2), ("turn_came", CREW, 3)]
        return
    case.act("07-08 11:10", "cancel_assignment", OPERATOR, {**ONE, "reason": WORDS})
    assert outbox(case, e.AssignmentCancelled) == [("turn_came", THIRD, 2), ("turn_came", CREW, 3)]


def test_of_orders_of_before_no_turn_is_told():
    """HND-13, OPS-09: what they put into the outbox is as it was written (docs/decisions/0008)."""
    pinned = terms().model_copy(update={"v": ANSWERED_THROUGHOUT}).pinned()
    case = given((OTHER, None, None), (THIRD, 1, None), pinned=pinned)
    completed(case, "07-08 11:10", OTHER, 1)
    assert outbox(case, e.AssignmentCompleted) == []


def test_a_piece_for_another_trade_is_marked():
    """HND-13, DSP-01: where whoever gave it said so."""
    case = brought_to("handling")
    case.act("07-08 10:10", "add_assignment", OPERATOR, {"assignee": OTHER, "words": WORDS, "other_trade": True})
    case.act("07-08 10:11", "transfer", OPERATOR, {"assignee": OTHER, "reason": WORDS, "other_trade": True})
    marked = [*case.told(e.AssignmentAdded), *case.told(e.Transferred)]
    assert [event.other_trade for event in marked] == [True, True]


def test_an_order_without_pieces_says_nothing_of_them():
    """HND-13: rows and states are as before."""
    order = brought_to("handling").order
    assert "assignments" not in order.model_dump_json()
    assert all("person" not in duty.model_dump(mode="json") for duty in duties_of(order))
