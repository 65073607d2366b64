"""Prices, shares, conflicts and mediation (HND-03, HND-05, HND-06, HND-09, HND-10, HND-14)."""

from datetime import date

import pytest
from rules_sample import (
    CALLER,
    OPERATOR,
    OTHER,
    PLUMBER,
    PROJECT,
    RESIDENT,
    SAID,
    SERVICE,
    STEWARD,
    WORDS,
    at,
    brought_to,
    refolded,
    refused,
    terms,
    window,
)

from domain import events as e
from domain.handling.payloads import Quote
from domain.handling.pricing import total
from domain.terms import ANSWERED_THROUGHOUT, EACH_IN_ITS_TIME
from domain.vocabulary import Party

RESULT = {"kind": "result", "by": "phone", "found": WORDS, "words": WORDS}


def line(quantity, unit_price, payer="owner"):
    return {"words": WORDS, "quantity": quantity, "unit_price": unit_price, "payer": payer}


SUMS = [
    ([("2", "35.00")], "50.00", "120.00", "120.00"),
    ([("2", "35.00", "property"), ("1", "0.10")], "0.00", "70.10", "0.10"),
    ([("0.333", "10.00")], "0.00", "3.33", "3.33"),
    ([("0.5", "0.01")], "0.00", "0.01", "0.01"),  # half a fen is one
    ([("3", "0.10"), ("3", "0.20")], "0.00", "0.90", "0.90"),  # a float would have made 0.8999…
    ([("99999.999", "9999999.99")], "9999999.99", "1000009988999.99", "1000009988999.99"),
    ([], "0.00", "0.00", "0.00"),
]


@pytest.mark.parametrize(("lines", "labour", "whole", "owner"), SUMS)
def test_hnd_03_sums_are_exact_to_the_fen(lines, labour, whole, owner):
    """HND-03: text in, text out; what others pay is no business of the owner's."""
    quote = Quote.model_validate({"materials": [line(*one) for one in lines], "labour": labour})
    assert (total(quote), total(quote, [Party.OWNER])) == (whole, owner)


@pytest.mark.parametrize("amount", ["1", "1.5", "-1.00", "1,00", "01.00", "1.000", "\uff11.00", "1e3", ""])
def test_hnd_03_an_amount_is_yuan_with_two_places(amount):
    """HND-03: what could be read in two ways is refused by name."""
    case = brought_to("handling")
    assert refused(case, "07-08 10:10", "quote", PLUMBER, {"labour": amount}) == "malformed-command"


def test_hnd_03_paid_work_waits_for_the_owners_yes():
    """HND-03: refused before his answer and after his no; a new quote needs a new answer; 0 needs none."""
    case = brought_to("handling")
    case.act("07-08 10:10", "quote", PLUMBER)
    assert refused(case, "07-08 10:11", "complete_handling", PLUMBER) == "price-not-agreed"
    case.act("07-08 10:12", "decline_price", RESIDENT)
    assert refused(case, "07-08 10:13", "decline_price", RESIDENT) == "already-done"
    assert refused(case, "07-08 10:13", "complete_handling", PLUMBER) == "price-not-agreed"
    case.act("07-08 10:14", "agree_to_price", OPERATOR)  # he thought again, and said so on the phone
    assert refused(case, "07-08 10:15", "decline_price", RESIDENT) == "already-done"
    case.act("07-08 10:16", "quote", PLUMBER)
    assert refused(case, "07-08 10:17", "complete_handling", PLUMBER) == "price-not-agreed"
    case.act("07-08 10:18", "quote", PLUMBER, {})
    assert refused(case, "07-08 10:19", "agree_to_price", RESIDENT) == "no-quote"
    case.act("07-08 10:20", "complete_handling", PLUMBER)
    quotes = [(event.number, event.total, event.owner_total) for event in case.told(e.Quoted)]
    assert quotes == [(1, "120.00", "120.00"), (2, "120.00", "120.00"), (3, "0.00", "0.00")]
    assert [event.number for event in case.told(e.PriceAgreed)] == [1]
    assert refolded(case.bodies(), case.order.shelf) == case.order


def test_hnd_03_what_others_pay_needs_no_yes_of_the_owner():
    """HND-03: the firm's own cost is listed and holds nothing up."""
    case = brought_to("handling")
    case.act("07-08 10:10", "quote", PLUMBER, {"materials": [line("1", "80.00", "property")]})
    case.act("07-08 10:11", "complete_handling", PLUMBER)
    assert case.told(e.Quoted)[0].total == "80.00"


def test_hnd_03_the_assignee_does_not_agree_in_the_owners_place():
    """HND-03: the yes comes from the owner, or from whoever speaks with him at the desk, with its channel."""
    case = brought_to("handling")
    case.act("07-08 10:10", "quote", PLUMBER)
    assert refused(case, "07-08 10:11", "agree_to_price", PLUMBER) == "forbidden"
    case.act("07-08 10:12", "agree_to_price", STEWARD, {"by": "walk_in"})
    assert (case.order.price.agreed, case.told(e.PriceAgreed)[0].by) == (True, "walk_in")


def test_hnd_03_a_reopened_case_has_no_price_any_more():
    """HND-03: the yes was for other work."""
    case = brought_to("handling")
    case.act("07-08 10:10", "quote", PLUMBER)
    case.act("07-08 10:11", "agree_to_price", RESIDENT)
    case.act("07-08 10:12", "complete_handling", PLUMBER)
    case.act("07-08 10:13", "give_feedback", OPERATOR, RESULT)
    case.act("07-08 10:14", "reopen", RESIDENT)
    assert case.order.price is None


def shares(*pairs, **evidence):
    shown = evidence or {"words": WORDS}
    return {"shares": [{"party": party, "percent": percent, **shown} for party, percent in pairs]}


SHARES = [
    (shares(("developer", 60), ("property", 30), ("owner", 10)), None),
    (shares(("third_party", 100), attachment="0" * 64), None),
    (shares(("developer", 60), ("property", 39)), "shares-not-100"),
    (shares(("developer", 60), ("property", 41)), "shares-not-100"),
    (shares(("owner", 50), ("owner", 50)), "shares-not-100"),
    (shares(("owner", 100), words=None), "share-without-evidence"),
    (shares(("owner", 100), ("property", 0)), "malformed-command"),
    (shares(("neighbour", 100)), "malformed-command"),
    ({"shares": []}, "malformed-command"),
]


@pytest.mark.parametrize(("said", "code"), SHARES)
def test_hnd_05_shares_sum_to_100_and_each_has_its_evidence(said, code):
    """HND-05: whole per cents, each party once, by a manager."""
    case = brought_to("handling")
    assert refused(case, "07-08 10:10", "assign_responsibility", OPERATOR, shares(("owner", 100))) == "forbidden"
    if code:
        assert refused(case, "07-08 10:10", "assign_responsibility", SERVICE, said) == code
        return
    case.act("07-08 10:10", "assign_responsibility", SERVICE, said)
    assert sum(part.percent for part in case.order.responsibility) == 100
    assert refolded(case.bodies(), case.order.shelf) == case.order


@pytest.mark.parametrize("party", Party)
def test_hnd_06_whoever_is_responsible_the_owner_still_gets_an_answer(party):
    """HND-06: no clock of feedback or callback ends with the shares; the life closes only after the callback."""
    case = brought_to("handling")
    before = {clock.name for clock in case.order.running}
    case.act("07-08 10:10", "assign_responsibility", SERVICE, shares((party, 100)))
    assert {clock.name for clock in case.order.running} == before
    case.act("07-08 10:11", "complete_handling", PLUMBER)
    assert {"result_feedback", "feedback"} <= {clock.name for clock in case.order.running}
    case.act("07-08 10:12", "give_feedback", OPERATOR, RESULT)
    case.act("07-08 10:13", "record_callback", CALLER)
    assert case.order.stage == "closed"


PROMISED = {"step": "solve", "words": WORDS, **window("07-08 14:00", "07-08 16:00")}


def step(name, **more):
    return {"step": name, "words": WORDS, **more}


def test_hnd_09_the_steps_of_a_conflict_come_in_their_order():
    """HND-09, HND-10: each with its time and note; `solve` promises, `follow_up` asks, in one step each."""
    case = brought_to("handling")
    case.act("07-08 10:10", "flag_conflict", PLUMBER)
    assert refused(case, "07-08 10:11", "flag_conflict", OPERATOR) == "already-done"
    for early in ("clarify", "solve", "follow_up"):
        assert refused(case, "07-08 10:11", "record_conflict_step", OPERATOR, step(early)) == "conflict-order"
    case.act("07-08 10:12", "record_conflict_step", OPERATOR, step("calm"), stated_at=at("07-08 10:11"))
    assert case.told(e.ConflictStepRecorded)[0].at == at("07-08 10:11")
    assert refused(case, "07-08 10:13", "record_conflict_step", OPERATOR, step("calm")) == "conflict-order"
    case.act("07-08 10:13", "record_conflict_step", OPERATOR, step("clarify"))
    assert refused(case, "07-08 10:14", "record_conflict_step", OPERATOR, step("solve")) == "solve-needs-promise"
    over = {"step": "solve", "words": WORDS, **window("07-08 08:00", "07-08 09:00")}
    assert refused(case, "07-08 10:14", "record_conflict_step", OPERATOR, over) == "promise-window"
    assert refused(case, "07-08 10:14", "record_conflict_step", OPERATOR, step("follow_up")) == "conflict-order"
    solved = case.act("07-08 10:15", "record_conflict_step", OPERATOR, PROMISED)
    assert [type(event) for event in solved] == [e.ConflictStepRecorded, e.PromiseMade, e.ClockStarted]
    assert case.due("promise") == at("07-08 16:00")
    assert refused(case, "07-08 15:00", "record_conflict_step", OPERATOR, step("follow_up")) == "follow-up-unanswered"
    case.act("07-08 15:00", "arrive", PLUMBER)
    case.act("07-08 15:10", "record_conflict_step", OPERATOR, step("follow_up", confirmed=True))
    assert case.order.conflict is None
    assert [event.step for event in case.told(e.ConflictStepRecorded)] == ["calm", "clarify", "solve", "follow_up"]
    assert refolded(case.bodies(), case.order.shelf) == case.order


FOLLOWED = [  # terms, followed up at, whether somebody had come by then, the owner's answer, refused as
    (EACH_IN_ITS_TIME, "07-08 13:00", False, True, "promise-runs"),
    (EACH_IN_ITS_TIME, "07-08 15:59:59", False, True, "promise-runs"),
    (EACH_IN_ITS_TIME, "07-08 16:00", False, True, None),
    (EACH_IN_ITS_TIME, "07-08 13:00", True, True, None),
    (EACH_IN_ITS_TIME, "07-08 13:00", False, False, None),
    (ANSWERED_THROUGHOUT, "07-08 13:00", False, True, None),
]


@pytest.mark.parametrize(("v", "when", "kept", "answer", "code"), FOLLOWED)
def test_hnd_10_a_promise_is_confirmed_once_it_was_kept_or_is_due(v, when, kept, answer, code):
    """HND-10: nothing is there to confirm before; a no may come at any time."""
    case = brought_to("handling", pinned=terms().model_copy(update={"v": v}).pinned())
    case.act("07-08 10:10", "flag_conflict", OPERATOR)
    for number, said in enumerate((step("calm"), step("clarify"), PROMISED), 11):
        case.act(f"07-08 10:{number}", "record_conflict_step", OPERATOR, said)
    if kept:
        case.act("07-08 12:30", "arrive", PLUMBER)
    followed = step("follow_up", confirmed=answer)
    if code is not None:
        assert refused(case, when, "record_conflict_step", OPERATOR, followed) == code
        return
    case.act(when, "record_conflict_step", OPERATOR, followed)
    assert (case.order.conflict is None) is answer


def test_hnd_10_an_owner_who_does_not_confirm_keeps_the_conflict_open():
    """HND-10: it begins again with calm; a third promise needs a supervisor here too (CLK-11)."""
    case = brought_to("handling")
    case.act("07-08 10:10", "flag_conflict", OPERATOR)
    for number, said in enumerate((step("calm"), step("clarify"), PROMISED, step("follow_up", confirmed=False)) * 2):
        case.act(f"07-08 10:{20 + number}", "record_conflict_step", OPERATOR, said)
    assert [event.confirmed for event in case.told(e.ConflictStepRecorded) if event.step == "follow_up"] == [False] * 2
    assert case.order.conflict.next_step == "calm"
    case.act("07-08 10:40", "record_conflict_step", OPERATOR, step("calm"))
    case.act("07-08 10:41", "record_conflict_step", OPERATOR, step("clarify"))
    assert refused(case, "07-08 10:42", "record_conflict_step", OPERATOR, PROMISED) == "too-many-promises"
    case.act("07-08 10:43", "record_conflict_step", SERVICE, PROMISED)
    assert case.order.promises == 3


def test_hnd_09_nobody_speaks_of_arrears_while_a_conflict_is_open():
    """HND-09: refused until the owner has confirmed."""
    case = brought_to("handling")
    case.act("07-08 10:10", "flag_conflict", OPERATOR)
    for number, said in enumerate((step("calm"), step("clarify"), PROMISED), 11):
        assert refused(case, f"07-08 10:{number}", "name_arrears_cause", STEWARD) == "conflict-open"
        case.act(f"07-08 10:{number}", "record_conflict_step", OPERATOR, said)
    assert refused(case, "07-08 16:10", "name_arrears_cause", STEWARD) == "conflict-open"
    case.act("07-08 16:10", "record_conflict_step", OPERATOR, step("follow_up", confirmed=True))
    case.act("07-08 16:20", "name_arrears_cause", STEWARD, {"cause": "hardship"})
    assert len(case.told(e.ArrearsCauseNamed)) == 1


def test_hnd_14_a_mediation_stops_no_clock_and_needs_the_owners_consent():
    """HND-14: who, when, where, outcome and next step, by a manager; every clock runs on as it did."""
    case = brought_to("handling")
    said = {**SAID["record_mediation"], "held_at": "2026-07-08T02:05:00Z"}
    assert refused(case, "07-08 10:10", "record_mediation", OPERATOR, said) == "forbidden"
    unwanted = {**said, "consent": False}
    assert refused(case, "07-08 10:10", "record_mediation", SERVICE, unwanted) == "mediation-needs-consent"
    before = case.order.clocks
    [told] = case.act("07-08 10:10", "record_mediation", SERVICE, {**said, "bodies": ["police", "police"]})
    assert (told.bodies, told.held_at) == (("police",), at("07-08 10:05"))
    assert case.order.clocks == before


def test_each_line_of_a_quote_and_each_share_keeps_its_words():
    """HND-03, HND-05: what they say is sealed; events refer to it, so that the record keeps it."""
    from workflows.projection import text_ids  # noqa: PLC0415 - of the rooms tested here this test alone needs it

    case = brought_to("handling")
    named = [{"id": f"txt_{n}", "digest": "d"} for n in range(3)]
    lines = [{**line("1", "1.00"), "words": words} for words in named[:2]]
    [quoted] = case.act("07-08 10:10", "quote", PLUMBER, {"materials": lines, "words": named[2]})
    assert text_ids([quoted]) == ("txt_0", "txt_1", "txt_2")


def measure(on, person=PLUMBER):
    return {"person": person, "on": on, "words": WORDS}


def test_hnd_08_a_plan_is_done_by_the_date_of_its_last_measure():
    """HND-08, CLK-10: each measure with person and date; one that is over already is refused."""
    case = brought_to("handling", "05-12 10:00")
    said = {"measures": [measure("2026-05-20", OTHER), measure("2026-05-15")]}
    over = {"measures": [*said["measures"], measure("2026-05-11")]}
    assert refused(case, "05-12 11:00", "give_plan", PLUMBER, over) == "plan-date"
    assert refused(case, "05-12 11:00", "give_plan", PLUMBER, {"words": WORDS}) == "malformed-command"
    case.act("05-12 11:00", "give_plan", PLUMBER, said)
    [given] = case.told(e.PlanGiven)
    assert (given.on, [one.person for one in given.measures]) == (date(2026, 5, 20), [OTHER, PLUMBER])
    assert case.due("rectify") == at("05-20 17:30")
    assert refolded(case.bodies(), case.order.shelf) == case.order


def test_hnd_08_a_plan_of_before_measures_is_read_as_it_was():
    """HND-08: old payloads say the date themselves."""
    case = brought_to("handling", "05-12 10:00")
    case.act("05-12 11:00", "give_plan", PLUMBER, {"on": "2026-05-15", "words": WORDS})
    assert (case.order.plan.on, case.told(e.PlanGiven)[0].measures) == (date(2026, 5, 15), None)


def test_hnd_11_visits_are_counted_from_arrivals():
    """HND-11: over the generation, whoever came; a reopened case begins at none."""
    case = brought_to("handling")
    case.act("07-08 10:10", "arrive", PLUMBER)
    case.act("07-08 10:11", "transfer", OPERATOR)
    case.act("07-08 10:12", "accept", OTHER)
    case.act("07-08 10:13", "arrive", OTHER)
    case.act("07-08 10:14", "complete_handling", OTHER)
    case.act("07-08 10:15", "give_feedback", OPERATOR, RESULT)
    case.act("07-08 10:16", "reopen", RESIDENT)
    case.act("07-08 10:17", "dispatch", OPERATOR)
    case.act("07-08 10:18", "accept", PLUMBER)
    case.act("07-08 10:19", "arrive", PLUMBER)
    case.act("07-08 10:20", "complete_handling", PLUMBER)
    done = case.told(e.HandlingCompleted)
    assert [event.visits for event in done] == [2, 1]
    assert all(event.found and event.measure for event in done)


def test_hnd_04_a_pause_for_parts_says_which_and_from_whom():
    """HND-04: with the pause, and with the request where somebody else must approve."""
    case = brought_to("handling")
    named = {"part": {"id": "txt_part", "digest": "d"}, "supplier": {"id": "txt_from", "digest": "d"}}
    case.act("07-08 10:10", "suspend", PLUMBER, {**SAID["suspend"], **named})
    case.act("07-08 10:20", "resume", PLUMBER)
    case.act("07-08 10:21", "request_suspension", PLUMBER, {**SAID["request_suspension"], **named})
    for event in (*case.told(e.Suspended), *case.told(e.SuspensionRequested)):
        assert (event.part.id, event.supplier.id) == ("txt_part", "txt_from")


BEFORE, AFTER = {"before": ["0" * 64]}, {"after": ["1" * 64]}
DONE = SAID["complete_handling"]
UNPHOTOGRAPHED = {**DONE, "without_photos": WORDS}


def photographed(category="WATER_LEAK"):
    """An order whose category wants photos where the settings say so."""
    return brought_to("handling", pinned=terms(category, demands=("photos",)))


def test_hnd_02_a_photo_before_and_one_after_are_owed():
    """HND-02: the one before may come with the arrival; a category that wants none is not asked."""
    case = photographed()
    for said in (DONE, {**DONE, **BEFORE}, {**DONE, **AFTER}):
        assert refused(case, "07-08 10:10", "complete_handling", PLUMBER, said) == "photos-owed"
    case.act("07-08 10:11", "arrive", PLUMBER, BEFORE)
    case.act("07-08 10:12", "arrive", PLUMBER)  # again, with none: the first one stands
    assert refused(case, "07-08 10:13", "complete_handling", PLUMBER, DONE) == "photos-owed"
    [done, *_] = case.act("07-08 10:14", "complete_handling", PLUMBER, {**DONE, **AFTER})
    assert (case.told(e.Arrived)[0].before, done.after) == (("0" * 64,), ("1" * 64,))
    assert refolded(case.bodies(), case.order.shelf) == case.order
    photographed("LIFT_TRAPPED").act("07-08 10:10", "complete_handling", PLUMBER)
    brought_to("handling").act("07-08 10:10", "complete_handling", PLUMBER)  # terms from before the demand


def test_hnd_02_without_photos_a_supervisor_completes_it_and_says_why():
    """HND-02: nobody else may, and not without the reason; whoever completed it does not call back (CBK-02)."""
    case = photographed()
    assert refused(case, "07-08 10:10", "complete_handling", PLUMBER, UNPHOTOGRAPHED) == "forbidden"
    assert refused(case, "07-08 10:10", "complete_handling", SERVICE, {**DONE, **BEFORE, **AFTER}) == "forbidden"
    [done, *_] = case.act("07-08 10:11", "complete_handling", SERVICE, UNPHOTOGRAPHED)
    assert (done.assignee, done.author.actor, done.without_photos.id) == (PLUMBER, SERVICE, "txt_1")
    case.act("07-08 10:12", "give_feedback", OPERATOR, RESULT)
    assert refused(case, "07-08 10:13", "record_callback", SERVICE) == "separation-of-duties"


def test_hnd_02_the_next_generation_owes_its_own_photos():
    """HND-02: what was photographed then shows nothing of the work now."""
    case = photographed()
    case.act("07-08 10:10", "complete_handling", PLUMBER, {**DONE, **BEFORE, **AFTER})
    case.act("07-08 10:11", "give_feedback", OPERATOR, RESULT)
    case.act("07-08 10:12", "reopen", RESIDENT)
    case.act("07-08 10:13", "dispatch", OPERATOR)
    case.act("07-08 10:14", "accept", PLUMBER)
    assert refused(case, "07-08 10:15", "complete_handling", PLUMBER, {**DONE, **AFTER}) == "photos-owed"


@pytest.mark.parametrize("demands", [(), ("project_manager",)])
def test_hnd_07_after_two_refusals_the_project_manager_leads(demands):
    """HND-07: the third plan is his to give; the handler carries it out as before."""
    case = brought_to("handling", "05-12 09:00", terms(on=date(2026, 5, 12), demands=demands))
    said = {"measures": [measure("2026-05-20")]}
    for hour in (10, 12):
        case.act(f"05-12 {hour}:00", "give_plan", PLUMBER, said)
        case.act(f"05-12 {hour}:30", "complete_rectification", PLUMBER)
        case.act(f"05-12 {hour + 1}:00", "refuse_sign_off", RESIDENT)
    if not demands:
        case.act("05-12 14:00", "give_plan", PLUMBER, said)
        return
    for who in (PLUMBER, SERVICE):
        assert refused(case, "05-12 14:00", "give_plan", who, said) == "project-manager-leads"
    case.act("05-12 14:00", "give_plan", PROJECT, said)
    case.act("05-12 15:00", "complete_rectification", PLUMBER)
    case.act("05-12 16:00", "sign_off", RESIDENT)
    case.act("05-12 16:30", "complete_handling", PLUMBER)
