"""How an order comes to somebody and leaves them again (DSP-05…15)."""

from rules_sample import LEAD, OPERATOR, PLUMBER, SERVICE, WORDS, brought_to

from domain import events as e
from domain.vocabulary import ReturnReason, Stage
from workflows.effects import SealedEvent
from workflows.projection import outgoing


def sent(case, seen):
    """What the relay is to carry of the last events: topic and role."""
    seal = {"at": seen[0].at, "recorded_at": seen[0].at, "body": "", "hash": ""}
    sealed = [SealedEvent(seq=n, type=one.type_name(), **seal) for n, one in enumerate(seen, 1)]
    return [(row.topic, row.body["role"]) for row in outgoing(case.order, seen, sealed)]


def test_dsp_07_the_second_return_of_a_case_is_raised_to_the_service_manager():
    """DSP-07: each goes back to the operators with its reason; two returns of one case go higher, whoever did it."""
    case = brought_to("offered")
    first = case.act("07-08 10:10", "return", PLUMBER, {"return_reason": "lacks_skill"})
    assert (case.order.stage, case.order.assignee, case.order.returns) == (Stage.DISPATCH, None, 1)
    assert sent(case, first) == [("returned", "dispatch_operator")]
    case.act("07-08 10:11", "dispatch", OPERATOR, {"team": "engineering", "assignee": LEAD})
    second = case.act("07-08 10:12", "return", LEAD, {"return_reason": "unsafe", "reason": WORDS})
    assert sent(case, second) == [("returned", "dispatch_operator"), ("returned_again", "service_manager")]
    told = [(one.return_reason, one.number) for one in case.told(e.Returned)]
    assert told == [(ReturnReason.LACKS_SKILL, 1), (ReturnReason.UNSAFE, 2)]


def test_dsp_07_returns_of_before_there_was_a_list_are_decided_as_they_were():
    """DSP-07, docs/decisions/0008: neither counted nor told, so that their histories replay."""
    case = brought_to("offered")
    [event, *_] = events = case.act("07-08 10:10", "return", PLUMBER, {"reason": WORDS})
    assert (case.order.returns, event.facts()) == (0, {"assignee": PLUMBER, "reason": WORDS})
    assert sent(case, events) == []


def test_dsp_12_the_step_back_to_customer_service_is_a_timed_duty():
    """DSP-12, CLK-13: when engineering is done, the first contact has a clock until the owner knows."""
    case = brought_to("feedback")
    [clock] = [one for one in case.order.running if one.name == "result_feedback"]
    row = case.order.terms_of(clock).clock(clock.name)
    assert (case.order.stage, row.accountable) == (Stage.FEEDBACK, "first_contact")
    case.tick(case.due("result_feedback").isoformat())
    assert case.clock("result_feedback").running
    case.act("07-09 10:30", "note", SERVICE)
    assert case.clock("result_feedback").breached_at
    told = {"kind": "result", "by": "phone", "found": WORDS, "words": WORDS}
    case.act("07-09 10:31", "give_feedback", OPERATOR, told)
    assert not case.clock("result_feedback").running
