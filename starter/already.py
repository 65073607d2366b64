"""A step that does not fit because somebody has done it before: the refusal names who, and when (API-01, API-08)."""

import json
from collections.abc import Mapping, Sequence
from typing import Any, Final

from domain.commands import CommandName as C
from domain.refusals import Refused
from records.read import EventRow

STEPS: Final[Mapping[C, str]] = {
    C.RESPOND: "responded",
    C.CLARIFY: "clarified",
    C.REGISTER: "registered",
    C.CLASSIFY: "classified",
    C.ACCEPT: "accepted",
    C.COMPLETE_HANDLING: "handling_completed",
    C.GIVE_FEEDBACK: "feedback_given",
    C.RECORD_CALLBACK: "callback_recorded",
    C.WITHDRAW: "withdrawn",
    C.COMPLETE_RECTIFICATION: "rectification_done",
    C.SIGN_OFF: "signed_off",
    C.CONFIRM_INCIDENT: "incident_confirmed",
    C.DISMISS_INCIDENT: "incident_dismissed",
}
"""Steps that lead on, by the event they leave: none fits a second time in the same generation."""
CLOSING: Final = frozenset({C.RECORD_CALLBACK, C.WITHDRAW, C.DISMISS_INCIDENT})
"""Of a closed order only these are told as done: of all others it matters that it is closed."""


CODES: Final = frozenset({"illegal-transition", "already-done", "order-closed"})
"""Refusals behind which this may be."""


def done_before(refusal: Refused, command: C, said: Mapping[str, Any], events: Sequence[EventRow]) -> Refused:
    """Return `already-done` with `by` and `at` for a step that was done before, else the refusal as it is."""
    fits = refusal.code in CODES and (refusal.code != "order-closed" or command in CLOSING)
    _, own = split_at_reopening(events)
    found = [_body(row) for row in own if row.type == f"work_order.{STEPS.get(command)}"]
    same = [one for one in found if _is_it(one["payload"], said)]
    if not fits or not same:
        return refusal
    return Refused("already-done", **{**refusal.facts, "by": same[-1]["actor"], "at": same[-1]["at"]})


def _is_it(was: Mapping[str, Any], said: Mapping[str, Any]) -> bool:
    """Tell whether a step of before is the same one: of the same kind; done, not skipped where this one would do it."""
    same_kind = "kind" not in said or was.get("kind") == said["kind"]
    return same_kind and (not was.get("skipped") or bool(said.get("skipped")))


def split_at_reopening(events: Sequence[EventRow]) -> tuple[Sequence[EventRow], Sequence[EventRow]]:
    """Return the events of former generations, and those of this one, which begins with its reopening."""
    begun = max((place for place, row in enumerate(events) if row.type == "work_order.reopened"), default=0)
    return events[:begun], events[begun:]


def _body(row: EventRow) -> dict[str, Any]:
    body: dict[str, Any] = json.loads(row.body)
    return body
