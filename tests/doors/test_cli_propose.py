"""`huiyin propose`, and a dispatch that leaves the choice to the house: the rule and the reasons stay on record."""

import re
from datetime import UTC, datetime

import pytest
from orders_sample import sample

from domain.dispatch.duty_roster import on_duty_from
from domain.dispatch.roster import roster_of


def registered(huiyin, category="WATER_LEAK") -> str:
    made = huiyin.ok("receive", "--as", "S06", "--community", "jinxiu", "--category", category, "--text", "漏水")
    order = made["order"].removeprefix("wo_")
    huiyin.ok("respond", order, "--as", "S06", "--text", "已通话")
    huiyin.ok("clarify", order, "--as", "S06", "--text", "今天修好")
    huiyin.ok("register", order, "--as", "S06")
    return order


def test_a_proposal_names_who_comes_first_and_why_others_do_not(huiyin):
    """DSP-01, DSP-14: in words of both languages, and as JSON."""
    order = registered(huiyin)
    told = huiyin.ok("propose", order)
    assert (told["team"], told["mode"]) == ("engineering", "least_load")
    first = told["candidates"][0]["staff"]
    assert {"staff": "S10", "why": "skill"} in told["excluded"]
    page = huiyin("propose", order).out
    assert f"huiyin dispatch {order} --as" in page
    assert "无此技能" in page
    assert "lacks the skill" in huiyin("propose", order, "--lang", "en").out
    assert first in page


def test_a_dispatch_without_a_name_goes_to_the_first_and_keeps_why(huiyin):
    """DSP-03, DSP-14: candidates, exclusions, the rule and the roster's version stand in the event."""
    order = registered(huiyin)
    foretold = huiyin.ok("propose", order)
    answer = huiyin.ok("dispatch", order, "--as", "S06", "--key", f"dispatch-{order}")
    again = huiyin.ok("dispatch", order, "--as", "S06", "--key", f"dispatch-{order}")
    assert again["version"] == answer["version"]  # by now somebody else would come first
    shown = huiyin.ok("show", order)
    [given] = [one for one in shown["events"] if one["type"] == "work_order.dispatched"]
    decision = given["payload"]["decision"]
    assert given["payload"]["assignee"] == f"usr_{foretold['candidates'][0]['staff']}" == decision["candidates"][0]
    assert (decision["rule"], given["payload"]["mode"]) == ("least_load", "least_load")
    assert "usr_S10:skill" in decision["excluded"]
    assert decision["roster"]


def test_somebody_named_is_a_choice_and_told_as_such(huiyin):
    """DSP-14: what the house would have proposed stands beside it."""
    order = registered(huiyin)
    huiyin.ok("dispatch", order, "--as", "S06", "--to", "S11")
    [given] = [e for e in huiyin.ok("show", order)["events"] if e["type"] == "work_order.dispatched"]
    assert (given["payload"]["assignee"], given["payload"]["decision"]["rule"]) == ("usr_S11", "assign")


def test_whoever_names_somebody_off_duty_is_told_so(huiyin):
    """DSP-01, DSP-08: before and after, when they are there again, in words and in JSON."""
    order, roster, now = registered(huiyin), roster_of(sample()), datetime.now(UTC)
    off, there = sorted(("S10", "S11"), key=lambda one: roster.on_duty(one, now))  # a day and a night shift
    dispatch = ("dispatch", order, "--as", "S06", "--to", off, "--key", f"off-{order}")
    foretold = huiyin.ok(*dispatch, "--dry-run")["off_duty"]
    assert (foretold["staff"], foretold["state"]) == (off, "off_duty")
    assert datetime.fromisoformat(foretold["on_duty_at"]) == on_duty_from(roster, off, now)
    told = huiyin(*dispatch).out
    assert ("此刻不当班" in told, f"huiyin propose {order}" in told) == (True, True)
    assert "is off duty now; on duty again from" in huiyin(*dispatch, "--lang", "en").out
    assert huiyin.ok(*dispatch)["off_duty"] == foretold
    transfer = ("transfer", order, "--as", "S02", "--reason", "换班", "--other-trade", "--to", there)
    assert huiyin.ok(*transfer)["off_duty"] is None
    back = huiyin.ok("transfer", order, "--as", "S02", "--reason", "换班", "--other-trade", "--to", off)
    assert back["off_duty"]["staff"] == off
    piece = huiyin("add-assignment", order, "--as", "S06", "--to", off, "--text", "断电挂牌", "--other-trade")
    assert (piece.code, "此刻不当班" in piece.out) == (0, True)


def test_where_nobody_fits_the_order_stays_with_the_operators(huiyin):
    """DSP-09: refused with a sentence; its dispatch clock runs on."""
    order = registered(huiyin)
    ran = huiyin("dispatch", order, "--as", "S06", "--team", "greening", "--json")
    assert (ran.code, ran.error) == (1, "nobody-fits")
    assert f"huiyin propose {order}" in huiyin("dispatch", order, "--as", "S06", "--team", "greening").err
    running = {clock["clock"] for clock in huiyin.ok("show", order)["clocks"]}
    assert "dispatch" in running


def test_what_is_in_no_pool_cannot_be_grabbed(huiyin):
    """DSP-05: the refusal names the team and what else there is to do; nothing changes."""
    order = registered(huiyin)
    before = huiyin.ok("show", order)["version"]
    refused = huiyin("grab", order, "--as", "S09")
    assert (refused.code, refused.error) == (1, "not-in-pool")
    assert huiyin.ok("show", order)["version"] == before


@pytest.mark.parametrize(("lang", "somebody"), [("zh", "员工编号"), ("en", "STAFF")])
def test_whoever_takes_in_a_complaint_about_himself_does_nothing_more_with_it(huiyin, lang, somebody):
    """DSP-13, ESC-11: neither answer nor duty is his; the next step and the duties name others, or nobody."""
    receive = ("receive", "--as", "S06", "--community", "jinxiu", "--category", "STAFF_ATTITUDE",
               "--text", "调度不理人", "--about", "S06", "--insist", "--lang", lang)  # fmt: skip
    for more in (("--answered",), ("--clarified", "请道歉"), ("--answered", "--dry-run")):
        refused = huiyin(*receive, *more)
        assert (refused.code, refused.error, "S06" in refused.err) == (1, "answered-by-named", True)
    told = huiyin(*receive, "--key", f"about-{lang}")
    order = re.search(r"[0-9]{8}", told.out)[0]
    assert f"huiyin respond {order} --as {somebody}" in told.out
    owed = [one for one in huiyin.ok("duties", "S07", "--limit", "500")["duties"] if one["order"].endswith(order)]
    assert owed
    assert not any(who["staff"] == "S06" for one in owed for who in one["persons"])
    assert not any(one["order"].endswith(order) for one in huiyin.ok("duties", "S06", "--limit", "500")["duties"])
    assert f"respond {order} --as {somebody}" in huiyin("show", order, "--lang", lang).out
    assert "S06" not in huiyin("explain", order, "response", "--lang", lang).out


def test_whom_a_complaint_is_about_does_not_read_it(huiyin):
    """DSP-13, SEC-05: neither he nor the people he leads; others may, and the record is as the process decided."""
    made = huiyin.ok("receive", "--as", "S06", "--community", "jinxiu", "--category", "STAFF_ATTITUDE", "--text",
                     "保安骂人", "--about", "S15", "--phone", "13800001004")  # fmt: skip
    order = made["order"].removeprefix("wo_")
    for reader in (("S15",), ("S15", "--because", "核实")):
        refused = huiyin("show", order, "--words", "--as", *reader)
        assert (refused.code, refused.error) == (1, "complained-of")
        assert "骂人" not in refused.out + refused.err
    assert huiyin("note", order, "--as", "S15", "--text", "没有的事").error == "complained-of"
    assert "骂人" in huiyin("show", order, "--words", "--as", "S06").out
    assert huiyin("reconcile", order).code == 0
