"""What may stand in a history: no type that a workflow or activity takes or gives has a place for a person (PA-01)."""

import inspect
import typing

from pydantic import BaseModel

from activities.deliver import DeliverActivities
from activities.record import RecordActivities
from domain.commands import PAYLOADS, Envelope
from domain.payloads import Words
from workflows import contract, effects
from workflows.delivery import DeliveryProcess
from workflows.work_order import WorkOrderProcess

PERSONAL = {"name", "phone", "address", "room", "email", "text", "note", "description", "comment", "lat", "long"}
SIGNATURES = [
    WorkOrderProcess.__init__,
    WorkOrderProcess.run,
    WorkOrderProcess.act,
    WorkOrderProcess.current,
    DeliveryProcess.run,
    RecordActivities.record,
    DeliverActivities.deliver,
]
CODES_CALLED_NAME = {"ClockRow", "Clock"}
"""`name` of a clock is a code of a closed set, not a person's."""


def reachable(kind: object, seen: set[type]) -> set[type]:
    """Every class that a type can hold."""
    for part in typing.get_args(kind):
        reachable(part, seen)
    if inspect.isclass(kind) and kind not in seen and hasattr(kind, "__annotations__"):
        seen.add(kind)
        for inner in typing.get_type_hints(kind).values():
            reachable(inner, seen)
    return seen


def test_no_type_of_a_history_has_a_place_for_a_person() -> None:
    hints = [hint for signature in SIGNATURES for hint in typing.get_type_hints(signature).values()]
    found: set[type] = set()
    for kind in [*hints, Envelope, *PAYLOADS.values()]:
        reachable(kind, found)
    assert {contract.Start, effects.Batch, Envelope, Words} <= found
    fields = {
        (kind.__name__, field)
        for kind in found
        for field in typing.get_type_hints(kind)
        if field in PERSONAL and kind.__name__ not in CODES_CALLED_NAME
    }
    # The name of a holiday, 国庆节, says nothing about anybody.
    assert fields <= {("CalendarException", "name")}


def test_words_are_a_reference_and_a_digest() -> None:
    """SEC-05: what a command says of words is where they lie and what proves them."""
    assert set(Words.model_fields) == {"id", "digest"}
    free = {
        (kind.__name__, name)
        for kind in PAYLOADS.values()
        for name in kind.model_fields
        if name in {"words", "reason"}
        and Words not in (kind.model_fields[name].annotation, *typing.get_args(kind.model_fields[name].annotation))
    }
    assert free == set()


def test_messages_ignore_what_they_do_not_know() -> None:
    """Histories outlive this code: unknown fields are ignored, never an error (ground.md, trap 10)."""
    messages = [kind for kind in vars(contract).values() if inspect.isclass(kind) and issubclass(kind, BaseModel)]
    assert {kind.model_config.get("extra") for kind in [*messages, Envelope, *PAYLOADS.values()]} <= {None, "ignore"}
