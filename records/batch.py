"""The shape of a batch: what a process hands over, known here by its form alone (`workflows.effects.Batch`)."""
# ruff: noqa: D102 - the fields are explained where they are defined

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any, Protocol


class Event(Protocol):
    """One event as its canonical text and the hash (hex) of the chain up to it."""

    @property
    def seq(self) -> int: ...
    @property
    def type(self) -> str: ...
    @property
    def at(self) -> datetime: ...
    @property
    def recorded_at(self) -> datetime: ...
    @property
    def body(self) -> str: ...
    @property
    def hash(self) -> str: ...


class Outgoing(Protocol):
    """One row of the outbox."""

    @property
    def seq(self) -> int: ...
    @property
    def topic(self) -> str: ...
    @property
    def body(self) -> Mapping[str, Any]: ...


class Row(Protocol):
    """The order's current row: a model whose fields are columns of `work_order`."""

    def model_dump(self, *, mode: str) -> dict[str, Any]: ...


class Batch(Protocol):
    """Events in their order, the row they lead to, what must be sent, the texts they refer to."""

    @property
    def order_id(self) -> str: ...
    @property
    def events(self) -> Sequence[Event]: ...
    @property
    def row(self) -> Row: ...
    @property
    def outgoing(self) -> Sequence[Outgoing]: ...
    @property
    def text_ids(self) -> Sequence[str]: ...
