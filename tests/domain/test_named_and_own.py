"""Whom a matter is about, and whoever does the work: what they may not say or do about it (DSP-13, HND-02, HND-03)."""

import pytest
from rules_sample import (
    DUTY,
    LEAD,
    OPERATOR,
    PLUMBER,
    PROJECT,
    RESIDENT,
    SAID,
    SERVICE,
    WORDS,
    Case,
    brought_to,
    refused,
)

from domain.terms import HOLDING_PAUSES

NAMED = {"words": WORDS, "complained_of": [SERVICE]}
SUPERVISING = ("engineer", "duty_supervisor")


@pytest.mark.parametrize("command", ["note", "urge", "change_first_contact", "excuse", "withdraw"])
def test_whom_a_matter_is_about_does_nothing_with_it(command):
    """DSP-13: neither words nor decisions; what was allowed a moment before is refused with its reason."""
    case = brought_to("handling")
    case.act("07-08 10:30", "note", OPERATOR, NAMED)
    assert refused(case, "07-08 10:31", command, SERVICE) == "complained-of"


def test_who_is_named_in_it_may_give_it_back():
    """DSP-07, DSP-13: the one thing he must be able to do."""
    case = brought_to("handling")
    case.act("07-08 10:30", "note", OPERATOR, {"words": WORDS, "complained_of": [PLUMBER]})
    case.act("07-08 10:31", "return", PLUMBER, {"return_reason": "named_in_it"})
    assert case.order.assignee is None


@pytest.mark.parametrize("command", ["agree_to_price", "decline_price"])
def test_whoever_works_does_not_answer_for_the_owner_about_the_price(command):
    """HND-03: also not as the duty supervisor of the night; another one and the owner may."""
    case = brought_to("handling")
    case.act("07-08 10:30", "quote", PLUMBER)
    assert refused(case, "07-08 10:31", command, PLUMBER, roles=SUPERVISING) == "own-consent"
    case.act("07-08 10:31", command, DUTY)


@pytest.mark.parametrize("command", ["sign_off", "refuse_sign_off"])
def test_whoever_works_does_not_sign_off_for_the_owner(command):
    """HND-07."""
    case = brought_to("handling")
    case.act("07-08 10:30", "give_plan", PLUMBER)
    case.act("07-08 10:31", "complete_rectification", PLUMBER)
    assert refused(case, "07-08 10:32", command, PLUMBER, roles=SUPERVISING) == "own-consent"
    case.act("07-08 10:32", command, RESIDENT)


def test_nobody_excuses_himself_from_photos():
    """HND-02: a supervisor who has the order himself needs another one."""
    said = {**SAID["complete_handling"], "without_photos": WORDS}
    case = brought_to("handling")
    assert refused(case, "07-08 10:30", "complete_handling", PLUMBER, said, roles=SUPERVISING) == "own-exception"
    case.act("07-08 10:30", "complete_handling", LEAD, said)


def test_orders_of_before_go_on_as_they_were_received():
    """Decision 0008."""
    pinned = brought_to("intake").order.terms.model_copy(update={"v": HOLDING_PAUSES}).pinned()
    case = Case("07-08 10:00", pinned=pinned)
    for command, actor in (("register", OPERATOR), ("dispatch", OPERATOR), ("accept", PLUMBER), ("quote", PLUMBER)):
        case.act("07-08 10:01", command, actor)
    case.act("07-08 10:02", "agree_to_price", PLUMBER, roles=SUPERVISING)
    assert PROJECT not in case.order.handlers
