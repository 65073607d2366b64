"""How an order ends: attempts, callback, late answer, service recovery, the first contact's signature (FBK, CBK)."""

import pytest
from rules_sample import (
    CALLER,
    OPERATOR,
    PLUMBER,
    PROJECT,
    RESIDENT,
    SAID,
    SERVICE,
    STEWARD,
    WORDS,
    at,
    brought_to,
    refused,
    sample,
    terms,
    window,
)

from domain import events as e
from domain.refusals import Refused, say
from domain.settings.catalogue import resolve
from domain.terms import ANSWERED_THROUGHOUT
from domain.vocabulary import ClockName, Stage
from workflows.projection import duties_of

RESULT = {**SAID["give_feedback"], "kind": "result"}
WELL = SAID["record_callback"]


def called(*attempts, received="07-08 10:00"):
    """A case at its callback, with attempts in vain."""
    case = brought_to("callback", received)
    for when in attempts:
        case.act(when, "record_attempt", CALLER)
    return case


def facts(case, now, command="record_attempt", actor=CALLER):
    with pytest.raises(Refused) as refusal:
        case.act(now, command, actor)
    return refusal.value


# fmt: off
ATTEMPTS = [  # made before, tried at, refused as, and when it may be made instead
    ((),                               "07-08 12:00", "attempt-outside-contact-hours", "2026-07-08 14:00"),
    ((),                               "07-08 20:00", "attempt-outside-contact-hours", "2026-07-09 09:00"),
    ((),                               "07-09 08:59:59", "attempt-outside-contact-hours", "2026-07-09 09:00"),
    (("07-08 14:00",),                 "07-08 15:59:59", "attempt-too-soon", "2026-07-08 16:00"),
    (("07-08 11:00",),                 "07-08 12:30", "attempt-too-soon", "2026-07-08 14:00"),
    (("07-08 19:00",),                 "07-08 19:30", "attempt-too-soon", "2026-07-09 09:00"),
    (("07-08 14:00", "07-08 16:00"),   "07-08 18:30", "attempt-too-soon", "2026-07-09 09:00"),
    (("07-08 19:00", "07-09 09:00"),   "07-09 10:59", "attempt-too-soon", "2026-07-09 11:00"),
]
# fmt: on


@pytest.mark.parametrize(("before", "now", "code", "instead"), ATTEMPTS)
def test_an_attempt_lies_in_contact_hours_apart_and_on_two_days(before, now, code, instead):
    """CBK-03: 2 h apart, on 2 days, in contact hours; the refusal names the next instant, at which it is taken."""
    case = called(*before)
    refusal = facts(case, now)
    assert (refusal.code, refusal.facts["next_local"]) == (code, instead)
    assert instead in say(code, refusal.facts, "zh")
    case.act(instead, "record_attempt", CALLER)
    assert len(case.order.attempts) == len(before) + 1


# fmt: off
CALLS = [  # recorded at, what else is said of it, refused as, and when it may be made instead
    ("07-08 12:00", {}, "callback-outside-contact-hours", "2026-07-08 14:00"),
    ("07-09 01:14", {}, "callback-outside-contact-hours", "2026-07-09 09:00"),
    ("07-09 01:14", {"payload": {"they_called": True}}, None, None),
    ("07-09 01:14", {"stated_at": at("07-08 19:30")}, None, None),
    ("07-08 11:59:59", {}, None, None),
]
# fmt: on


@pytest.mark.parametrize(("now", "told", "code", "instead"), CALLS)
def test_a_call_of_ours_is_made_in_contact_hours(now, told, code, instead):
    """FBK-05: as attempts are; the household may call at any hour, and an earlier call may be written down later."""
    case, said = called(), {**WELL, **told.get("payload", {})}
    stated = {name: value for name, value in told.items() if name == "stated_at"}
    if code is not None:
        with pytest.raises(Refused) as refusal:
            case.act(now, "record_callback", CALLER, said, **stated)
        assert (refusal.value.code, refusal.value.facts["next_local"]) == (code, instead)
        assert instead in say(code, refusal.value.facts, "zh")
        return
    case.act(now, "record_callback", CALLER, said, **stated)
    [heard] = case.told(e.CallbackRecorded)
    assert (case.order.stage, heard.they_called) == (Stage.CLOSED, said.get("they_called"))


def test_a_call_at_night_stands_where_it_was_taken_before():
    """FBK-05: an order of terms of before keeps its rules (docs/decisions/0008)."""
    case = brought_to("callback", pinned=terms().model_copy(update={"v": ANSWERED_THROUGHOUT}).pinned())
    case.act("07-09 01:14", "record_callback", CALLER)
    assert case.order.stage is Stage.CLOSED


def test_attempts_are_counted_anew_in_each_generation():
    """CBK-03: the second life has three of its own."""
    case = called("07-08 14:00", "07-08 16:00")
    case.act("07-08 17:00", "reopen", RESIDENT)
    for command, actor, said in [("dispatch", OPERATOR, None), ("accept", PLUMBER, None)]:
        case.act("07-08 17:10", command, actor, said)
    case.act("07-08 17:20", "complete_handling", PLUMBER)
    case.act("07-08 17:30", "give_feedback", OPERATOR, RESULT)
    [tried] = case.act("07-08 17:31", "record_attempt", CALLER)
    assert (tried.number, case.order.stage) == (1, Stage.CALLBACK)


def test_an_attempt_may_be_told_afterwards():
    """CBK-03: the gap counts from when it was made, not from when it was typed."""
    case = called()
    case.act("07-08 11:30", "record_attempt", CALLER, stated_at=at("07-08 10:30"))
    assert case.order.attempts == (at("07-08 10:30"),)
    assert facts(case, "07-08 11:31").facts["next_local"] == "2026-07-08 14:00"


def not_reached():
    return called("07-08 19:00", "07-09 09:30", "07-09 14:10")


def test_a_late_answer_takes_the_place_of_not_reached():
    """CBK-06: the order stays closed, its end is confirmed; and it is answered once."""
    case = not_reached()
    assert case.order.close_reason == "not_reached"
    [heard] = case.act("07-20 08:00", "record_callback", RESIDENT, WELL, channel="web")
    assert (heard.replaces, heard.told_by) == ("not_reached", "household")
    assert (case.order.stage, case.order.close_reason) == ("closed", "confirmed")
    assert case.order.closed_at == at("07-09 14:10")
    assert refused(case, "07-20 08:01", "record_callback", RESIDENT, WELL) == "order-closed"


@pytest.mark.parametrize("said", [{**WELL, "resolved": False}, {**WELL, "quality": 2}])
def test_a_late_answer_may_reopen(said):
    """CBK-06, CBK-05: not resolved, or a low score, reopens 30 days after the close too, with a recovery."""
    case = not_reached()
    happened = case.act("08-08 14:10", "record_callback", RESIDENT, said)
    assert [type(event) for event in happened][:2] == [e.CallbackRecorded, e.Reopened]
    assert (case.order.generation, case.due("recovery")) == (2, at("08-09 14:10"))


def test_a_late_answer_is_the_households_and_in_time():
    """CBK-06, CBK-08: no caller answers after the close, nobody answers after 30 days, or where it was confirmed."""
    case = not_reached()
    assert refused(case, "07-20 08:00", "record_callback", CALLER) == "order-closed"
    assert refused(case, "2026-08-08 14:10:00.000001", "record_callback", RESIDENT, WELL) == "reopen-window-over"
    assert refused(brought_to("closed"), "07-20 08:00", "record_callback", RESIDENT, WELL) == "order-closed"


@pytest.mark.parametrize("told_by", ["household", "other"])
def test_scores_say_by_whom_they_were_told(told_by):
    """CBK-08: kept and marked; those of our own staff are refused (test_rules_refusals)."""
    case = brought_to("callback")
    heard = case.act("07-08 11:00", "record_callback", CALLER, {**WELL, "told_by": told_by})[0]
    assert heard.told_by == told_by


@pytest.mark.parametrize(("limit", "score", "stage"), [(2, 2, "dispatch"), (2, 3, "closed"), (3, 3, "dispatch")])
def test_the_score_that_reopens_is_a_setting(limit, score, stage):
    """CBK-05: any aspect up to it."""
    rules = sample().callback.model_copy(update={"dissatisfied_at_or_below": limit})
    settings = sample().model_copy(update={"callback": rules})
    pinned = resolve(settings, community="jinxiu", category="WATER_LEAK", on=at("07-08 10:00").date())
    case = brought_to("callback", pinned=pinned)
    case.act("07-08 11:00", "record_callback", CALLER, {**WELL, "timeliness": score})
    assert case.order.stage == stage


def test_after_a_recovery_another_calls_back():
    """CBK-10, CBK-02: neither who called first nor a handler of any generation; in a third life neither of the two."""
    case = brought_to("reopened")
    case.act("07-08 10:09", "complete_recovery", SERVICE)
    again(case, "07-08 10:20")
    assert refused(case, "07-08 10:30", "record_callback", CALLER) == "second-caller"
    assert refused(case, "07-08 10:30", "record_attempt", CALLER) == "second-caller"
    assert refused(case, "07-08 10:30", "record_callback", PLUMBER, roles=("callback_officer",)) == (
        "separation-of-duties"
    )
    case.act("07-08 10:30", "record_callback", SERVICE, {**WELL, "resolved": False})
    again(case, "07-08 10:40")
    for caller in (CALLER, SERVICE):
        assert refused(case, "07-08 10:50", "record_callback", caller) == "second-caller"
    case.act("07-08 10:50", "record_callback", "usr_S98", roles=("callback_officer",))
    assert case.order.stage == "closed"


def test_without_a_recovery_the_same_may_call_again():
    """CBK-10: an owner who reopens of his own accord is called by anybody who did not handle it."""
    case = brought_to("closed")
    case.act("07-08 10:15", "reopen", RESIDENT)
    again(case, "07-08 10:20")
    case.act("07-08 10:30", "record_callback", CALLER)
    assert case.order.stage == "closed"


def again(case, now):
    """Bring a reopened case to its callback."""
    for command, actor, said in [
        ("dispatch", OPERATOR, None),
        ("accept", PLUMBER, None),
        ("complete_handling", PLUMBER, None),
        ("give_feedback", OPERATOR, RESULT),
    ]:
        case.act(now, command, actor, said)


@pytest.mark.parametrize("left_out", ["apology", "visit", "remedy"])
def test_a_recovery_is_apology_visit_and_remedy(left_out):
    """CBK-10: each is recorded as a step, within 24 h, by the service manager or the project manager."""
    case = brought_to("reopened")
    assert (case.due("recovery"), case.clock("recovery").name) == (at("07-09 10:08"), "recovery")
    assert case.order.terms.clock(ClockName.RECOVERY).accountable == "service_manager"
    some = {name: words for name, words in SAID["complete_recovery"].items() if name != left_out}
    refusal = facts_of_recovery(case, some)
    assert (refusal.code, refusal.facts["missing"]) == ("recovery-steps-missing", left_out)
    case.act("07-08 10:20", "complete_recovery", PROJECT)
    [done] = case.told(e.RecoveryDone)
    assert {done.apology, done.visit, done.remedy} == {done.apology}
    assert done.apology.id == WORDS["id"]


def facts_of_recovery(case, said):
    with pytest.raises(Refused) as refusal:
        case.act("07-08 10:15", "complete_recovery", SERVICE, said)
    return refusal.value


def test_every_repair_and_complaint_is_called_back():
    """CBK-01: in no category of the sample is there a way from the result to the close but the callback."""
    for entry in sample().category:
        if entry.kind not in {"repair", "complaint"}:
            continue
        community = entry.communities[0] if entry.communities else "jinxiu"
        pinned = resolve(sample(), community=community, category=entry.code, on=at("07-08 10:00").date())
        case = brought_to("callback", pinned=pinned)
        assert (case.order.stage, case.clock("callback").running) == ("callback", True), entry.code


def test_orders_of_before_keep_their_rules():
    """Design 0008: what an order received under older terms was held to, it is held to now."""
    old = terms(on=at("07-08 10:00").date()).model_copy(update={"closing": None}).pinned()
    assert "closing" not in old.model_dump()
    case = brought_to("reopened", pinned=old)
    case.act("07-08 10:20", "complete_recovery", SERVICE, {"words": WORDS})
    again(case, "07-08 10:20")
    case.act("07-08 10:30", "record_callback", CALLER)
    assert case.order.stage == "closed"
    case = brought_to("callback", pinned=old)
    for when in ("07-08 19:00", "07-09 09:30", "07-09 14:10"):
        case.act(when, "record_attempt", CALLER)
    assert case.order.close_reason == "not_reached"


def test_the_first_contact_countersigns_what_another_told():
    """INT-06: once; who told the result himself need not."""
    case = brought_to("feedback")
    case.act("07-08 10:10", "give_feedback", STEWARD, RESULT)
    assert case.order.result_by == STEWARD
    assert refused(case, "07-08 10:11", "countersign", STEWARD) == "forbidden"
    for command in ("record_callback", "record_attempt"):
        assert refused(case, "07-08 10:11", command, CALLER) == "not-countersigned"
    assert [(duty.clock, duty.accountable) for duty in duties_of(case.order)] == [
        ("callback", "callback_officer"),
        ("countersign", "first_contact"),
    ]
    [signed] = case.act("07-08 10:11", "countersign", OPERATOR)
    assert (signed.result_by, case.order.result_by) == (STEWARD, None)
    assert [duty.clock for duty in duties_of(case.order)] == ["callback"]
    assert refused(case, "07-08 10:12", "countersign", OPERATOR) == "already-done"
    case.act("07-08 10:13", "record_callback", CALLER)
    assert refused(brought_to("callback"), "07-08 10:12", "countersign", OPERATOR) == "already-done"


PARTS = ("found", "why_not", "also_open")


@pytest.mark.parametrize(
    ("said", "missing"),
    [((), "found"), (("why_not",), "found, also_open"), (("found", "also_open"), "why_not"), (PARTS[1:], "found")],
)
def test_a_result_is_told_in_full(said, missing):
    """FBK-01: what was found and done; if refused, why and what else is open to the owner."""
    case = brought_to("feedback")
    told = {"kind": "result", "by": "phone", "words": WORDS, **dict.fromkeys(said, WORDS)}
    with pytest.raises(Refused) as refusal:
        case.act("07-08 10:10", "give_feedback", OPERATOR, told)
    assert (refusal.value.code, refusal.value.facts["missing"]) == ("result-incomplete", missing)
    case.act("07-08 10:10", "give_feedback", OPERATOR, {**told, **dict.fromkeys(PARTS, WORDS)})
    assert case.order.stage == "callback"


@pytest.mark.parametrize("by", ["wechat", "app", "sms", "owner_group", "notice_board"])
def test_feedback_counts_when_it_has_arrived(by):
    """FBK-04: `feedback` runs on while a message is on its way, and stops with its delivery."""
    case = brought_to("handling")
    said = {**SAID["give_feedback"], "by": by}
    assert refused(case, "07-08 10:10", "give_feedback", OPERATOR, said) == "not-delivered"
    assert case.clock("feedback").running
    case.act("07-08 10:20", "give_feedback", OPERATOR, {**said, "delivery": "msg_1"})
    assert (case.clock("feedback").outcome, case.told(e.FeedbackGiven)[0].delivery) == ("met", "msg_1")


@pytest.mark.parametrize(("came", "kept"), [("07-08 15:00", True), ("07-08 17:00", False)])
def test_feedback_says_whether_the_promise_was_kept(came, kept):
    """FBK-06: a broken promise needs an apology; what was kept needs none, and the event says which."""
    case = brought_to("handling")
    case.act("07-08 10:10", "promise", OPERATOR, window("07-08 14:00", "07-08 16:00"))
    case.act(came, "arrive", PLUMBER)
    case.act("07-08 18:00", "complete_handling", PLUMBER)
    if not kept:
        assert refused(case, "07-08 18:10", "give_feedback", OPERATOR, RESULT) == "apology-missing"
    case.act("07-08 18:10", "give_feedback", OPERATOR, {**RESULT, "apologises": not kept})
    assert case.told(e.FeedbackGiven)[0].promise_kept is kept


@pytest.mark.parametrize(("act", "kept"), [(None, None), ("arrive", None), ("give_feedback", True)])
def test_of_a_promise_that_is_not_decided_nothing_is_said(act, kept):
    """FBK-06: nor where none was made; a promise to tell the result is kept by telling it."""
    case = brought_to("feedback")
    if act:
        case.act("07-08 10:08", "promise", OPERATOR, window("07-08 14:00", "07-08 16:00", act))
    case.act("07-08 10:10", "give_feedback", OPERATOR, RESULT)
    assert case.told(e.FeedbackGiven)[0].promise_kept is kept
