"""How an order comes to somebody and leaves them again (DSP-05…15)."""

import pytest
from rules_sample import CALLER, LEAD, OPERATOR, OTHER, PLUMBER, SERVICE, WORDS, brought_to, outcomes, refused, terms

from domain import events as e
from domain.refusals import Refused
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


def handed_on(**terms_changes):
    """PLUMBER has taken it, and hands it on to OTHER."""
    case = brought_to("handling", pinned=terms(**terms_changes))
    return case, case.act("07-08 10:20", "transfer", PLUMBER)


def test_dsp_08_the_giver_answers_until_the_receiver_accepts():
    """DSP-08: he holds it, may work on, owes its clocks; the receiver is told, and takes it or not."""
    case, events = handed_on()
    assert (case.order.assignee, case.order.receiver, case.order.accepted) == (PLUMBER, OTHER, True)
    assert sent(case, events) == [("transferred", "assignee")]
    assert case.clock("accept").running
    assert refused(case, "07-08 10:21", "arrive", OTHER) == "forbidden"
    assert refused(case, "07-08 10:21", "accept", PLUMBER) == "transfer-waits"
    assert refused(case, "07-08 10:21", "transfer", OPERATOR) == "same-assignee"
    case.act("07-08 10:22", "arrive", PLUMBER)
    case.act("07-08 10:23", "accept", OTHER)
    assert (case.order.assignee, case.order.receiver, case.order.arrived) == (OTHER, None, False)
    assert case.order.handlers == (PLUMBER, OTHER)
    assert refused(case, "07-08 10:24", "arrive", PLUMBER) == "forbidden"


def test_dsp_08_what_the_receiver_does_not_take_stays_with_the_giver():
    """DSP-08: it is never without a holder, is no return of the case, and the giver hears of it."""
    case, _ = handed_on()
    events = case.act("07-08 10:25", "return", OTHER, {"return_reason": "overloaded"})
    assert (case.order.assignee, case.order.receiver, case.order.accepted) == (PLUMBER, None, True)
    assert (case.order.stage, case.order.returns) == (Stage.HANDLING, 0)
    assert sent(case, events) == [("transfer_not_taken", "assignee")]
    running = {clock.name for clock in case.order.running}
    assert "accept" not in running
    assert {"arrive", "handling"} <= running
    assert "dispatch" not in running


def test_dsp_08_a_giver_who_does_the_work_himself_ends_the_transfer():
    """DSP-08: nobody has to accept any more what is done."""
    case, _ = handed_on()
    case.act("07-08 10:30", "complete_handling", PLUMBER)
    assert (case.order.stage, case.order.receiver) == (Stage.FEEDBACK, None)
    assert outcomes(case, "accept")[-1] == "superseded"


def test_dsp_08_a_giver_may_still_give_it_back_or_choose_another():
    """DSP-08, DSP-07: then nobody waits for the first receiver."""
    case, _ = handed_on()
    case.act("07-08 10:21", "transfer", PLUMBER, {"assignee": LEAD, "reason": WORDS})
    assert case.order.receiver == LEAD
    assert refused(case, "07-08 10:22", "accept", OTHER) == "forbidden"
    case.act("07-08 10:23", "return", PLUMBER, {"return_reason": "off_duty"})
    assert (case.order.assignee, case.order.receiver, case.order.stage) == (None, None, Stage.DISPATCH)


@pytest.mark.parametrize(("state", "actor"), [("offered", OPERATOR), ("handling", "system")])
def test_what_nobody_took_or_a_ladder_takes_away_is_the_receivers_at_once(state, actor):
    """DSP-08: an offer that nobody took just moves on; a ladder takes the order from whoever is silent (ESC-06)."""
    case = brought_to(state)
    case.act("07-08 10:20", "transfer", actor)
    assert (case.order.assignee, case.order.receiver, case.order.accepted) == (OTHER, None, False)


def test_transfers_of_earlier_terms_are_the_receivers_at_once():
    """DSP-08, docs/decisions/0008: saved histories replay as they were decided."""
    case = brought_to("handling", pinned=terms().model_copy(update={"v": 3}).pinned())
    [event, *_] = case.act("07-08 10:20", "transfer", PLUMBER)
    assert (case.order.assignee, case.order.receiver, event.until_accepted) == (OTHER, None, None)


def test_dsp_05_the_first_who_grabs_has_it_and_works_at_once():
    """DSP-05, CLK-05: it is accepted with it, so nobody has to accept; the others are told who was faster."""
    case = brought_to("dispatch")
    case.act("07-08 10:05", "grab", PLUMBER, {"team": "handyman"})
    assert (case.order.stage, case.order.assignee, case.order.accepted) == (Stage.HANDLING, PLUMBER, True)
    assert (case.order.team, case.order.handlers) == ("handyman", (PLUMBER,))
    running = {clock.name for clock in case.order.running}
    assert {"arrive", "handling"} <= running
    assert running.isdisjoint({"dispatch", "accept"})
    with pytest.raises(Refused) as late:
        case.act("07-08 10:05", "grab", OTHER, {"team": "handyman"})
    assert (late.value.code, late.value.facts["assignee"]) == ("already-grabbed", PLUMBER)


def complained_of(state):
    """A case of which it is said while it goes on that it is about PLUMBER."""
    case = brought_to(state)
    case.act("07-08 10:09", "note", OPERATOR, {"words": WORDS, "complained_of": [PLUMBER]})
    return case


@pytest.mark.parametrize(
    ("state", "command", "actor", "said"),
    [
        ("dispatch", "dispatch", OPERATOR, {"team": "engineering", "assignee": PLUMBER}),
        ("dispatch", "grab", PLUMBER, {"team": "handyman"}),
        ("offered", "accept", PLUMBER, {}),
        ("transferred", "transfer", OPERATOR, {"assignee": PLUMBER, "reason": WORDS}),
    ],
)
def test_dsp_13_a_complaint_never_reaches_whom_it_is_about(state, command, actor, said):
    """DSP-13: named later as at reception; refused with a sentence, and nothing changes."""
    assert refused(complained_of(state), "07-08 10:10", command, actor, said) == "complained-of"


def test_dsp_13_whom_it_is_about_does_not_call_back_either():
    """DSP-13, CBK-02: though he has never handled it, and though he is a callback officer."""
    case = brought_to("callback", complained_of=(CALLER,))
    assert case.order.complained_of == (CALLER,)
    assert refused(case, "07-08 10:10", "record_callback", CALLER) == "complained-of"
    assert refused(case, "07-08 10:10", "record_attempt", CALLER) == "complained-of"
