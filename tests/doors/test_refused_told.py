"""A refusal of one order in words: for whoever asked, with times that can be typed and numbers that can be copied."""

import re
from dataclasses import replace
from datetime import timedelta

import pytest
from orders_sample import Lived, at, sample, screen_of, shown

from domain.audit import instant_text, read_instant
from domain.commands import CommandName as C
from domain.permission import refusal
from domain.refusals import SENTENCES, Refused
from domain.vocabulary import Role
from records.incidents import Joining
from records.read import OrderRow
from starter.actor import Actor
from starter.cli.family import Family, lines
from starter.cli.next import Known, next_lines
from starter.cli.refused import failure_of
from workflows.projection import record_row

OPERATOR, ENGINEER = Actor("usr_S06", (Role.DISPATCH_OPERATOR,)), Actor("usr_S09", (Role.ENGINEER,))
NOW = at("07-08 12:00")


def row_of(order) -> OrderRow:
    """The row of an order as the record keeps it."""
    unsaid = {"head": None, "external_id": None, "external_created_at": None, "flags": [], "is_test": False}
    return OrderRow(order_id=order.order_id, seq=9, **unsaid, **record_row(order).model_dump())


def told(refused: Refused, order, actor=OPERATOR):
    return failure_of(refused, sample(), row_of(order), actor, NOW)


def registered():
    return Lived("07-08 10:00").act("07-08 10:01", "respond", "S06").act("07-08 10:02", "register", "S06").order


def test_whoever_asks_is_told_the_few_things_he_may_do_now():
    """API-08, SEC-01: by role, in both languages; a program gets all of them."""
    order = registered()
    failure = told(refusal("illegal-transition", order, C.ARRIVE), order)
    assert failure.remedy_en == "Possible now: clarify, classify, dispatch, give-feedback."
    assert failure.remedy_zh.count("、") == 3
    every = failure.facts["allowed"].split(", ")
    assert {"dispatch", "note", "withdraw"} <= set(every)
    assert not {"accept", "grab", "record_mediation"} & set(every)


def test_whoever_can_do_nothing_now_is_told_so():
    """API-08: with the command that shows who comes next."""
    order = Lived("07-08 10:00").act("07-08 10:01", "respond", "S06").order
    failure = told(refusal("illegal-transition", order, C.GRAB), order, ENGINEER)
    assert "此时无需您操作;由谁办下一步:huiyin show 10000001。" in failure.remedy_zh
    assert "Nothing is for you to do now" in failure.remedy_en


def test_what_is_not_registered_is_said_to_be_that():
    """API-08, INT-07: nobody looks for people for it."""
    order = Lived("07-08 10:00").act("07-08 10:01", "respond", "S06").order
    failure = told(refusal("illegal-transition", order, C.DISPATCH), order)
    assert (failure.code, failure.zh) == ("illegal-transition", "工单尚未登记,不能分派。")
    assert "not registered yet" in failure.en


def test_a_time_that_is_to_be_typed_is_not_too_early():
    """CBK-03: the next whole minute, never the one whose seconds are not over."""
    order = registered()
    for seconds in (0, 1, 59):
        next_at = at("07-08 14:10") + timedelta(seconds=seconds)
        refused = Refused("attempt-too-soon", next_at=instant_text(next_at), next_local="2026-07-08 14:10")
        typed = re.search(r"\d{4}-\d\d-\d\d \d\d:\d\d", told(refused, order).remedy_zh)[0]
        assert timedelta(0) <= at(typed) - read_instant(instant_text(next_at)) < timedelta(minutes=1)


WITH_ORDER = sorted(code for code, one in SENTENCES.items() if "huiyin" in one.remedy_zh and "{order}" in one.remedy_zh)


@pytest.mark.parametrize("code", WITH_ORDER)
def test_a_remedy_that_names_the_order_names_it(code):
    """API-08, DSP-13: whoever refuses, the command can be typed as it stands."""
    order = registered()
    failure = told(refusal(code, order, C.NOTE, why="skill"), order)
    assert "10000001" in failure.remedy_zh
    assert "10000001" in failure.remedy_en


# ---- what comes next


def next_of(order, lang: str, **changes) -> str:
    screen, known = screen_of(lang), Known.of(order)._replace(**changes)
    return shown(screen, *next_lines(screen, sample(), row_of(order), known))


@pytest.mark.parametrize("lang", ["zh", "en"])
def test_a_demand_that_was_restated_is_not_asked_for_again(lang):
    """INT-07, API-08: before, clarify is what to type; afterwards register, then dispatch."""
    answered = Lived("07-08 10:00").act("07-08 10:01", "respond", "S06")
    assert "huiyin clarify 10000001 --as S06" in next_of(answered.order, lang, unclarified=True)
    restated = answered.act("07-08 10:02", "clarify", "S06", words={"id": "t", "digest": "d"}).order
    after = next_of(restated, lang)
    assert ("huiyin register 10000001 --as S06" in after, "clarify" in after, "复述" in after) == (True, False, False)
    assert "huiyin clarify" in next_of(registered(), lang, unclarified=True)
    assert "huiyin dispatch" in next_of(registered(), lang)


@pytest.mark.parametrize(("lang", "said"), [("zh", "结果消息已待发"), ("en", "waits to be sent")])
def test_a_result_that_is_on_its_way_is_not_asked_for_as_if_nobody_had_told_it(lang, said):
    """FBK-04, API-08: nothing but telling in person could be faster."""
    row, screen = replace(row_of(registered()), stage="feedback"), screen_of(lang)
    asked, queued = (shown(screen, *next_lines(screen, sample(), row, Known(queued=one))) for one in (False, True))
    assert (said in asked, said in queued, "--by phone" in queued) == (False, True, True)


@pytest.mark.parametrize(("kind", "offered"), [("praise", False), ("repair", True)])
def test_praise_that_was_answered_is_not_offered_to_be_reopened(kind, offered):
    """INT-17, API-08: it would be refused (`praise-is-over`)."""
    row = replace(row_of(registered()), stage="closed", kind=kind, duties=[])
    said = [shown(screen_of(lang), *next_lines(screen_of(lang), sample(), row, Known())) for lang in ("zh", "en")]
    assert ["重开" in said[0], "reopen" in said[1]] == [offered, offered]


@pytest.mark.parametrize(("first", "who"), [("usr_S06", "S06"), ("usr_S03", "STAFF"), ("usr_S99", "STAFF")])
def test_a_hint_names_nobody_whose_role_it_is_not(first, who):
    """SEC-01, API-08: a steward may be first contact, and dispatches nothing; who has left does nothing."""
    row, screen = replace(row_of(registered()), first_contact=first), screen_of("en")
    assert f"--as {who} " in shown(screen, *next_lines(screen, sample(), row, Known()))


# ---- members of an incident


OUTCOMES = ("merged", "order-closed", "already-attached", "unlike-incident", "incident-over", "not-of-an-incident")


@pytest.mark.parametrize("outcome", OUTCOMES)
def test_why_a_member_was_not_attached_is_said_in_the_readers_language(outcome):
    """GRP-05: no code stands in a Chinese page."""
    apart = Family([], [Joining("wo_10000009", "wo_10000001", outcome)])
    [(_, _, why)] = lines(screen_of("zh"), apart)
    assert not re.search("[a-z]", why.plain), why.plain
