"""A pause that is on: what starts within it, and who asks for another one (CLK-10, CLK-17, CLK-21)."""

from datetime import timedelta

import pytest
from rules_sample import OPERATOR, OTHER, PLUMBER, SERVICE, WORDS, at, brought_to, refolded, refused, terms

from domain import events as e
from domain.refusals import Refused
from domain.terms import MOVING_CLOCKS
from domain.timekeeping.explaining import explain

RECEIVED, PAUSED = "03-05 08:30", "03-05 09:00"
GIVEN_ON = (("return", PLUMBER, None), ("dispatch", OPERATOR, {"team": "engineering", "assignee": OTHER}))
GIVEN_ON += (("accept", OTHER, None),)
PLAN = ("give_plan", PLUMBER, {"on": "2026-03-12", "words": WORDS})
RECTIFIED = (PLAN, ("complete_rectification", PLUMBER, None))


def paused(reason="owner_absent", pinned=None):
    """A case that is handled from 8:34 and stands still from 9:00, expected until noon."""
    case = brought_to("handling", RECEIVED, pinned or terms("LIGHTING", on=at(RECEIVED).date()))
    until = at("03-05 12:00").isoformat()
    case.act(PAUSED, "suspend", PLUMBER, {"pause_reason": reason, "expected_end_at": until})
    return case


def then(case, steps, first="03-05 10:00"):
    """Carry out steps, one each minute from a time on."""
    for minute, what in enumerate(steps):
        case.act(at(first) + timedelta(minutes=minute), *what)
    return case


STARTS = [
    ("owner_absent", GIVEN_ON, "arrive", True),  # the reason stops it, whoever has to come
    ("owner_absent", GIVEN_ON, "accept", False),  # never paused (CLK-18)
    ("owner_absent", RECTIFIED, "sign_off", True),  # the owner who is away can't look at it
    ("waiting_parts", (PLAN,), "rectify", False),  # a date told to the owner; nobody approved that it stands still
    ("waiting_parts", RECTIFIED, "sign_off", False),  # not of this reason
    ("weather", GIVEN_ON, "arrive", False),  # not of this reason
]


@pytest.mark.parametrize(("reason", "steps", "clock", "stands"), STARTS)
def test_clk_21_what_starts_within_a_pause_stands_still_if_the_pause_stops_it(reason, steps, clock, stands):
    """CLK-21: a case that waits has no running pausable clock."""
    case = then(paused(reason), steps)
    started = case.told(e.ClockStarted, clock)[-1]
    assert (case.clock(clock).suspended, started.standing) == (stands, True if stands else None)
    if stands:
        assert started.due_at == case.due(clock) == explain(case.order, case.clock(clock), at("03-05 11:00")).due_at
        assert case.clock(clock).held_until == case.order.pause.cap_at
    rebuilt = refolded(case.bodies(), case.order.shelf)
    assert (rebuilt.clocks, rebuilt.pause) == (case.order.clocks, case.order.pause)


def test_clk_21_it_runs_with_the_others_once_the_pause_is_over():
    """CLK-19, CLK-21: its whole limit begins then; the explanation counts from there and names the pause."""
    case = then(paused(), GIVEN_ON)
    case.act("03-05 11:00", "resume", OTHER)
    arrive = case.clock("arrive")
    assert (case.due("arrive"), arrive.suspended) == (at("03-05 11:00") + arrive.budget, False)
    assert {one.clock for one in case.told(e.Resumed)[-1].clocks} == {"arrive", "handling"}
    told = explain(case.order, arrive, at("03-05 11:30"))
    assert (told.parts[0].start, told.counted) == (at("03-05 11:00"), arrive.budget)
    assert [(stood.since, stood.until) for stood in told.stands] == [(arrive.started_at, at("03-05 11:00"))]


def test_clk_20_it_runs_by_itself_at_the_cap():
    """CLK-20: the cap of the pause it began in, not one of its own."""
    case = then(paused(), GIVEN_ON)
    cap = case.order.pause.cap_at
    case.tick(cap + timedelta(microseconds=1))
    assert case.clock("arrive").running_since == cap


def test_clk_21_a_stop_within_the_pause_is_met_and_took_no_time():
    """CLK-26, CLK-27: somebody arrives all the same."""
    case = then(paused(), (*GIVEN_ON, ("arrive", OTHER, None)))
    assert (case.clock("arrive").outcome, case.clock("arrive").consumed) == ("met", timedelta())


def older():
    return terms("LIGHTING", on=at(RECEIVED).date()).model_copy(update={"v": MOVING_CLOCKS}).pinned()


def test_terms_of_before_let_it_run():
    """Histories are evidence (docs/decisions/0008)."""
    assert then(paused(pinned=older()), GIVEN_ON).clock("arrive").suspended is False


# ---- one request, one plan at a time


LONG = {"pause_reason": "waiting_parts", "expected_end_at": at("03-12 12:00").isoformat()}


def asked(pinned=None):
    """A case whose assignee asked at nine for a pause of a week."""
    case = brought_to("handling", RECEIVED, pinned or terms("LIGHTING", on=at(RECEIVED).date()))
    case.act("03-05 09:00", "request_suspension", PLUMBER, LONG)
    return case


def pending(case, command):
    """The refusal of a second long pause."""
    with pytest.raises(Refused) as refusal:
        case.act("03-05 09:30", command, PLUMBER, LONG)
    return refusal.value


@pytest.mark.parametrize("command", ["suspend", "request_suspension"])
def test_clk_17_whoever_wants_a_second_long_pause_is_told_of_the_request_that_waits(command):
    """CLK-17: who asked, when by the community's clock, and whose approval it needs."""
    refusal = pending(asked(), command)
    told = {name: refusal.facts[name] for name in ("requested_by", "asked_at", "approver")}
    assert refusal.code == "request-open"
    assert told == {"requested_by": PLUMBER, "asked_at": "2026-03-05 09:00+08:00", "approver": "engineering_lead"}


def test_clk_17_a_short_pause_needs_nobody_though_a_request_waits():
    """CLK-17: below the threshold the assignee decides; the request stays open."""
    case = asked()
    case.act("03-05 09:30", "suspend", PLUMBER, {**LONG, "expected_end_at": at("03-05 12:00").isoformat()})
    assert (case.order.pause is None, case.order.request is None) == (False, False)


def test_terms_of_before_refuse_it_as_they_did():
    """Refusals stand in histories, too."""
    codes = [pending(asked(older()), command).code for command in ("suspend", "request_suspension")]
    assert codes == ["needs-approval", "request-pending"]


def test_clk_10_no_other_plan_while_the_owner_is_to_look_at_the_first():
    """CLK-10, HND-07: refused, consent or not; after a refused sign-off it fits, and after a sign-off as well."""
    case = then(brought_to("handling", RECEIVED, terms("LIGHTING", on=at(RECEIVED).date())), RECTIFIED)
    new = {"on": "2026-03-20", "words": WORDS, "consent": True}
    assert refused(case, "03-05 11:00", "give_plan", PLUMBER, new) == "plan-awaits-sign-off"
    case.act("03-05 11:10", "refuse_sign_off", SERVICE)
    case.act("03-05 11:20", "give_plan", PLUMBER, new)
    assert case.order.plan.number == 2


def test_terms_of_before_take_another_plan():
    """Histories are evidence (docs/decisions/0008)."""
    case = then(brought_to("handling", RECEIVED, older()), (*RECTIFIED, PLAN))
    assert (case.order.plan.number, case.order.plan.done) == (2, False)
