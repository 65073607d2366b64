"""When a step that does not fit is told as one that was done before."""

import json
from datetime import UTC, datetime

import pytest

from domain.commands import CommandName
from domain.refusals import Refused
from records.read import EventRow
from starter.already import done_before

AT = datetime(2026, 7, 8, 4, 0, tzinfo=UTC)


def event(name: str, **payload) -> EventRow:
    body = {"payload": payload, "actor": "usr_S06", "at": AT.isoformat()}
    return EventRow(1, f"work_order.{name}", AT, AT, json.dumps(body).encode(), b"")


CASES = [
    ({}, {"skipped": None, "words": "修好"}, "already-done"),
    ({"skipped": "unreachable"}, {"skipped": None, "words": "修好"}, "illegal-transition"),
    ({"skipped": "unreachable"}, {"skipped": "safety"}, "already-done"),
]


@pytest.mark.parametrize(("was", "said", "code"), CASES)
def test_a_demand_that_was_skipped_is_not_told_as_restated(was, said, code):
    """API-08, INT-07: a yes that comes when work has begun does not fit; nobody had given it before."""
    refusal = Refused("illegal-transition", command="clarify")
    assert done_before(refusal, CommandName.CLARIFY, said, [event("clarified", **was)]).code == code


def test_a_feedback_of_another_kind_is_another_step():
    """API-08."""
    refusal, given = Refused("illegal-transition"), [event("feedback_given", kind="progress")]
    for kind, code in (("progress", "already-done"), ("result", "illegal-transition")):
        assert done_before(refusal, CommandName.GIVE_FEEDBACK, {"kind": kind}, given).code == code


@pytest.mark.parametrize(("command", "was"), [("confirm_incident", "confirmed"), ("dismiss_incident", "dismissed")])
def test_an_incident_that_somebody_else_decided_is_told_so(command, was):
    """GRP-05, API-08: of two operators the second is told who was first, and when."""
    decided = done_before(Refused("order-closed"), CommandName(command), {}, [event(f"incident_{was}")])
    expected = "already-done" if command == "dismiss_incident" else "order-closed"
    assert decided.code == expected
    told = done_before(Refused("illegal-transition"), CommandName(command), {}, [event(f"incident_{was}")])
    assert (told.code, told.facts["by"]) == ("already-done", "usr_S06")
