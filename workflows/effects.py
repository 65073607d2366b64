"""The contract between the process and the world: what a work order asks its activities to do."""

from datetime import datetime
from typing import Any

from pydantic import BaseModel, ConfigDict, Field

RECORD = "record"
"""Activity: write a `Batch` to PostgreSQL in one transaction; twice is the same as once. Answers with `Recorded`."""

DELIVER = "deliver"
"""Activity: hand one notice to its channel; a repeat carries the same notice id."""


class SealedEvent(BaseModel):
    """One event of an order's chain, as its canonical bytes (specs/privacy_audit.md B1)."""

    model_config = ConfigDict(frozen=True)

    seq: int  # 1.. contiguous
    type: str  # work_order.feedback_given
    at: datetime
    recorded_at: datetime
    body: str  # canonical JSON (RFC 8785), the very text that is hashed
    hash: str  # hex of SHA-256(previous hash ‖ body)


class CurrentRow(BaseModel):
    """What lists show of an order: its state after the last event of a batch. No personal data."""

    model_config = ConfigDict(frozen=True)

    community: str
    stage: str
    version: int
    generation: int
    kind: str
    category: str
    severity: str
    channel: str
    building: str | None = None
    received_at: datetime
    first_contact: str | None = None
    team: str | None = None
    assignee: str | None = None
    next_due_clock: str | None = None  # the running clock that falls, or fell, due first
    next_due_at: datetime | None = None
    breaches: int = 0
    level: int = 0  # highest ladder level reached by a clock that still runs
    urges: int = 0
    closed_at: datetime | None = None
    close_reason: str | None = None
    receiver: str | None = Field(None, exclude_if=lambda who: who is None)  # of a transfer, until they accept it
    complained_of: tuple[str, ...] = Field((), exclude_if=lambda staff: not staff)  # whom the matter is about
    incident: str | None = Field(None, exclude_if=lambda incident: incident is None)  # it belongs to; a parent: itself
    merged_into: str | None = Field(None, exclude_if=lambda into: into is None)
    repeat_of: str | None = Field(None, exclude_if=lambda of: of is None)  # the closed order that it repeats


class Duty(BaseModel):
    """One clock that is owed: what by when, and by which role. Who that is the roster says (`huiyin duties`)."""

    model_config = ConfigDict(frozen=True)

    clock: str
    generation: int
    turn: int
    accountable: str
    due_at: datetime  # while it stands still: the latest it can become
    provisional: bool = False  # the due lies beyond the confirmed holiday data (CAL-11)
    suspended: bool = False
    breached: bool = False
    level: int = 0  # highest ladder level reached
    person: str | None = Field(None, exclude_if=lambda who: who is None)  # whose it is, where the order itself says


class RecordRow(CurrentRow):
    """What the record keeps of an order: what lists show, and every duty (`Duty` as JSON), the most urgent first."""

    duties: list[dict[str, Any]] = Field(default_factory=list)


class OutgoingRow(BaseModel):
    """One row of the outbox: something the relay must carry to somebody."""

    model_config = ConfigDict(frozen=True)

    seq: int  # of the event that caused it
    topic: str  # escalation | suspension_requested | suspension_decided | pause_over | …: workflows.projection
    body: dict[str, Any]


class Batch(BaseModel):
    """Events in their order, the row they lead to, what must be sent, and the texts they refer to."""

    model_config = ConfigDict(frozen=True)

    order_id: str
    events: tuple[SealedEvent, ...]
    row: RecordRow
    outgoing: tuple[OutgoingRow, ...] = ()
    text_ids: tuple[str, ...] = ()


class Recorded(BaseModel):
    """Answer of `record`: how far the chain is written."""

    model_config = ConfigDict(frozen=True)

    seq: int
