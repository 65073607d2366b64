"""What is named to somebody whose command does not fit: what he may do now, the few that lead on (API-08)."""

from datetime import UTC, datetime

import pytest

from domain.commands import CommandName as C
from domain.lifecycle import RULEBOOK
from domain.vocabulary import Role, Stage
from records.read import OrderRow
from starter.actor import Actor
from starter.possible import possible, roles_in, worth_naming

AT = datetime(2026, 7, 8, 4, 0, tzinfo=UTC)
OPERATOR, ENGINEER = Actor("usr_S06", (Role.DISPATCH_OPERATOR,)), Actor("usr_S09", (Role.ENGINEER,))
CALLER, OWNER = Actor("usr_S22", (Role.CALLBACK_OFFICER,)), Actor("resident:sub_1", (Role.RESIDENT,))
EMPTY = dict.fromkeys(
    (
        *("head", "building", "first_contact", "team", "next_due_clock", "next_due_at", "closed_at", "close_reason"),
        *("external_id", "external_created_at"),
    )
)
USUAL = {"version": 3, "generation": 1, "kind": "repair", "category": "WATER_LEAK", "severity": "major"}
COUNTS = {"breaches": 0, "level": 0, "urges": 0, "flags": [], "is_test": False}


def row(stage: str, *owed: str, **changes) -> OrderRow:
    """A row of an order in a stage, with what is owed in it."""
    paused = changes.pop("paused", False)
    duties = [{"clock": name, "suspended": paused, "generation": 1} for name in owed]
    own = {"order_id": "wo_10000001", "seq": 9, "community": "jinxiu", "channel": "phone", "received_at": AT}
    return OrderRow(
        **{**EMPTY, **USUAL, **COUNTS, **own, "assignee": None, "stage": stage, "duties": duties, **changes}
    )


HELD = {"assignee": "usr_S09"}
NAMED = [
    (OPERATOR, row("intake", "response", "register"), "respond clarify register classify give_feedback"),
    (OPERATOR, row("registration", "register"), "clarify register classify give_feedback"),
    (OPERATOR, row("dispatch", "dispatch"), "clarify classify dispatch give_feedback"),
    (OPERATOR, row("dispatch", "accept", **HELD), "clarify classify transfer give_feedback"),
    (OPERATOR, row("handling", "arrive", "handling", **HELD), "transfer give_feedback"),
    (ENGINEER, row("registration", "register"), ""),
    (ENGINEER, row("dispatch", "dispatch"), "grab"),
    (ENGINEER, row("dispatch", "accept", **HELD), "accept return transfer"),
    (ENGINEER, row("handling", "arrive", "handling", **HELD), "return transfer arrive complete_handling"),
    (ENGINEER, row("handling", "arrive", "handling", **HELD, complained_of=["usr_S09"]), "return"),  # it is about him
    (ENGINEER, row("handling", "handling", paused=True, **HELD), "return transfer resume complete_handling"),
    (ENGINEER, row("handling", "plan", **HELD), "return transfer give_plan complete_handling"),
    (CALLER, row("callback", "callback"), "record_callback record_attempt reopen"),
    (OWNER, row("handling", "handling"), "urge withdraw"),
    (OWNER, row("closed"), "record_callback reopen"),
]


@pytest.mark.parametrize(("actor", "order", "named"), NAMED)
def test_few_are_named_and_all_may_be_given(actor, order, named):
    """API-08, SEC-01: what the stage and the role allow, less what fits at any time."""
    every = possible(actor, order)
    assert worth_naming(every, actor, order) == named.split()
    fits = {name for name in every if Stage(order.stage) in RULEBOOK[name].stages}
    assert (set(every), {name for name in every if RULEBOOK[name].who & roles_in(actor, order)}) == (fits, fits)


def test_whoever_a_transfer_waits_for_may_accept_it():
    """DSP-08: the order is not his yet."""
    order = row("handling", "accept", assignee="usr_S09", receiver="usr_S10")
    receiver = Actor("usr_S10", (Role.ENGINEER,))
    assert C.ACCEPT in worth_naming(possible(receiver, order), receiver, order)
