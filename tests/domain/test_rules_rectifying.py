"""Plan, date, work, sign-off, and bad service looked into (CLK-09, CLK-10, CLK-16, ST-26); recoveries and excuses."""

from datetime import date

import pytest
from rules_sample import (
    OPERATOR,
    PLUMBER,
    PROJECT,
    RESIDENT,
    SERVICE,
    STEWARD,
    WORDS,
    Case,
    at,
    brought_to,
    outcomes,
    refolded,
    refused,
    sample,
    terms,
)

from domain import events as e
from domain.terms import MOVING_CLOCKS


def plan(on, **more):
    return {"on": on, "words": WORDS, **more}


def planned(on="2026-05-15"):
    """A case in handling on Tuesday 05-12, with a plan for a date."""
    case = brought_to("handling", "05-12 10:00", terms(on=date(2026, 5, 12)))
    case.act("05-12 11:00", "give_plan", PLUMBER, plan(on))
    return case


def wanting_a_plan():
    return next(entry.code for entry in sample().category if entry.plan_required and entry.kind == "complaint")


def test_clk_09_a_category_that_wants_a_plan_times_it_from_reception():
    """CLK-09: 24 h from `received_at`; other categories have no such clock until something is found."""
    case = Case("05-12 10:00", now="05-12 10:20", pinned=terms(wanting_a_plan(), on=date(2026, 5, 12)))
    assert case.due("plan") == at("05-13 10:00")
    assert outcomes(Case("05-12 10:00"), "plan") == []
    older = terms(wanting_a_plan()).model_copy(update={"v": MOVING_CLOCKS - 1}).pinned()
    assert outcomes(Case("05-12 10:00", pinned=older), "plan") == []


def test_clk_10_a_date_means_the_close_of_that_day():
    """CLK-10: Friday 05-15 17:30; a closed date means the close of the next open day."""
    assert planned().due("rectify") == at("05-15 17:30")
    assert planned("2026-05-16").due("rectify") == at("05-18 17:30")


def test_clk_10_another_date_needs_the_owners_consent_and_keeps_the_old_one():
    """CLK-10: on record with the new one; the clock of the old date ends, unblamed."""
    case = planned()
    assert refused(case, "05-13 09:00", "give_plan", PLUMBER, plan("2026-05-20")) == "plan-needs-consent"
    case.act("05-13 09:00", "give_plan", PLUMBER, plan("2026-05-20", consent=True))
    given = case.told(e.PlanGiven)[-1]
    assert (given.number, given.before_on, given.on) == (2, date(2026, 5, 15), date(2026, 5, 20))
    assert (case.due("rectify"), outcomes(case, "rectify")) == (at("05-20 17:30"), ["superseded", None])


def test_clk_10_a_missed_date_is_a_breach_at_the_close():
    case = planned()
    case.tick("05-15 17:31")
    assert [event.at for event in case.told(e.ClockBreached, "rectify")] == [at("05-15 17:30")]


DATES = [("2026-05-11", "05-12 11:00"), ("2026-05-12", "05-12 17:30"), ("2027-09-01", "05-12 11:00")]


@pytest.mark.parametrize(("on", "now"), DATES)
def test_a_plan_names_a_day_that_is_still_to_come(on, now):
    """CLK-10: not yesterday, not today after the close, not beyond the calendars' knowledge."""
    case = brought_to("handling", "05-12 09:00", terms(on=date(2026, 5, 12)))
    assert refused(case, now, "give_plan", PLUMBER, plan(on)) == "plan-date"


def test_the_rectification_path_from_plan_to_sign_off():
    """Glossary, section 3; CLK-05: each clock from its own start; handling ends only with the owner's yes."""
    case = planned()
    assert refused(case, "05-13 09:00", "complete_handling", PLUMBER) == "sign-off-owed"
    assert refused(case, "05-13 09:00", "sign_off", RESIDENT) == "not-rectified"
    case.act("05-13 10:00", "complete_rectification", PLUMBER)
    assert refused(case, "05-13 10:01", "complete_rectification", PLUMBER) == "already-done"
    assert (outcomes(case, "rectify"), case.due("sign_off")) == (["met"], at("05-18 17:30"))
    case.act("05-14 10:00", "sign_off", RESIDENT)
    assert refused(case, "05-14 10:01", "sign_off", RESIDENT) == "already-done"
    case.act("05-14 11:00", "complete_handling", PLUMBER)
    assert outcomes(case, "sign_off") == ["met"]
    assert refolded(case.bodies(), case.order.shelf).clocks == case.order.clocks


def test_a_refused_sign_off_leads_back_to_the_plan_and_is_counted():
    """HND-07: the plan is due again within its 24 h, and another date needs no consent now."""
    case = planned()
    case.act("05-13 10:00", "complete_rectification", PLUMBER)
    case.act("05-13 11:00", "refuse_sign_off", RESIDENT)
    assert (case.order.plan.refusals, case.due("plan"), outcomes(case, "sign_off")) == (1, at("05-14 11:00"), ["met"])
    case.act("05-13 15:00", "give_plan", PLUMBER, plan("2026-05-20"))
    assert (outcomes(case, "plan"), case.due("rectify"), case.order.plan.refusals) == (["met"], at("05-20 17:30"), 1)
    case.act("05-14 10:00", "complete_rectification", PLUMBER)
    case.act("05-14 11:00", "refuse_sign_off", RESIDENT)
    assert [event.number for event in case.told(e.SignOffRefused)] == [1, 2]


def test_st_26_bad_service_named_as_the_cause_of_arrears_starts_verify_and_plan():
    """ST-26, the clocks (CLK-09, CLK-16): 立即 is 30 min of the service desk, the plan 24 h from the finding."""
    case = brought_to("handling", "05-05 19:00", terms(on=date(2026, 5, 5)))
    case.act("05-05 19:45", "name_arrears_cause", STEWARD)
    assert (case.due("verify"), case.due("plan")) == (at("05-06 08:15"), at("05-06 19:45"))
    assert refused(Case("05-05 19:00"), "05-05 19:50", "verify", SERVICE) == "nothing-to-verify"
    case.act("05-06 08:10", "verify", SERVICE)
    assert outcomes(case, "verify") == ["met"]


@pytest.mark.parametrize("cause", ["hardship", "misconception", "malicious"])
def test_other_causes_of_arrears_start_no_clock(cause):
    """CLK-37: arrears change no limit and no start of another clock."""
    case = brought_to("handling")
    before = case.order.clocks
    case.act("07-08 11:00", "name_arrears_cause", STEWARD, {"cause": cause})
    assert [clock.name for clock in case.order.clocks] == [clock.name for clock in before]


# ---- what a ladder or a manager adds


def test_esc_14_a_breach_is_excused_and_never_deleted():
    """ESC-14, AUD-02: the breach stays; the mark says who and why; what was not breached can't be excused."""
    case = brought_to("intake")
    assert refused(case, "07-08 10:10", "excuse", SERVICE) == "nothing-to-excuse"
    case.tick("07-08 10:16")
    assert refused(case, "07-08 10:20", "excuse", OPERATOR) == "forbidden"
    case.act("07-08 10:20", "excuse", SERVICE)
    clock = case.clock("response")
    assert (clock.excused, clock.breached_at, clock.running) == (True, at("07-08 10:15"), True)
    assert refused(case, "07-08 10:21", "excuse", SERVICE) == "already-done"
    case.act("07-08 10:25", "respond", OPERATOR)
    assert (outcomes(case, "response"), case.clock("response").excused) == (["breached"], True)


def test_esc_14_of_several_breaches_the_one_that_is_meant_is_excused():
    """ESC-14: the latest breach of the clock, or the one that is named."""
    case = brought_to("dispatch")
    case.act("07-08 10:05", "dispatch", OPERATOR)
    case.tick("07-08 10:40")
    case.act("07-08 10:41", "transfer", OPERATOR)
    case.tick("07-08 11:30")
    assert [event.turn for event in case.told(e.ClockBreached, "accept")] == [1, 2]
    case.act("07-08 11:40", "excuse", PROJECT, {"clock": "accept", "turn": 1, "reason": WORDS})
    assert [clock.excused for clock in case.order.clocks if clock.name == "accept"] == [True, False]


def test_esc_15_a_rule_opens_a_recovery_once():
    """ESC-15, ESC-06: asked for by a level of a ladder; a second one while it is open is refused without change."""
    case = brought_to("handling")
    rule = {"roles": ("rule",), "channel": "engine"}
    [opened, started] = case.act("07-09 19:00", "open_recovery", "system", {"clock": "feedback"}, **rule)[-2:]
    assert (opened.reason, opened.clock, opened.author.role) == ("escalation", "feedback", "rule")
    assert (started.clock, case.due("recovery")) == ("recovery", at("07-10 19:00"))
    assert refused(case, "07-09 19:05", "open_recovery", SERVICE) == "recovery-open"
    case.act("07-09 20:00", "complete_recovery", SERVICE)
    [opened, _] = case.act("07-09 20:05", "open_recovery", SERVICE)[-2:]
    assert opened.reason == "manager"
