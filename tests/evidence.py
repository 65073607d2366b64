"""Everything known after a run, read once from the record, the engine, the messages and the driver's own book."""

import json
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path
from typing import Any

from temporalio.client import WorkflowHistory

from domain.refusals import Refused
from starter import reconcile
from starter.desk import Desk
from starter.replay import replay_all, runs

CANARY = "金丝雀"
"""Stands in every word that an owner says in a run: no history may hold it."""


@dataclass
class Given:
    """One command as the driver gave it, and what became of it."""

    order_id: str
    command: str
    actor: str
    request_id: str | None  # none: given by the command line, which makes its own
    must: str  # accepted | refused | either
    tries: int = 0
    version: int | None = None
    refused: str | None = None
    broke: str | None = None  # the door raised something that is no refusal


@dataclass
class Book:
    """What the driver was told: receipts by order with their key, and commands in the order they were given."""

    receipts: list[tuple[str, str]] = field(default_factory=list)
    given: list[Given] = field(default_factory=list)
    broke: list[str] = field(default_factory=list)
    repeated: int = 0
    undecided: dict[str, int] = field(default_factory=dict)


@dataclass
class Evidence:
    """What a run left behind; `invariants` judge it and nothing else."""

    book: Book
    now: datetime
    orders: dict[str, dict[str, Any]]  # rows of work_order
    events: dict[str, list[dict[str, Any]]]  # by order: seq, body (bytes), hash, recorded_at
    intakes: dict[str, dict[str, Any]]
    outbox: list[dict[str, Any]]
    notices: list[dict[str, Any]]
    deeds: list[dict[str, Any]]
    terms: dict[str, dict[str, Any]]
    audit: list[dict[str, Any]]  # chains beside the orders' own
    messages: dict[str, dict[str, Any]]  # by name of the file
    processes: dict[str, str] = field(default_factory=dict)  # order → state of its process
    replayed: dict[str, list[str]] = field(default_factory=dict)  # order → differences
    reconciled: dict[str, list[str]] = field(default_factory=dict)
    leaks: dict[str, int] = field(default_factory=dict)  # order → how often a history holds the canary


async def of_record(desk: Desk, data: Path, book: Book) -> Evidence:
    """Read the record and the messages."""
    tables = {}
    async with desk.pool.acquire() as connection, connection.transaction(isolation="repeatable_read", readonly=True):
        now = await connection.fetchval("select now()")
        for name, order in TABLES.items():
            rows = await connection.fetch(f"select * from {name} order by {order}")  # noqa: S608 - our own names
            tables[name] = [dict(row) for row in rows]
    events: dict[str, list[dict[str, Any]]] = {row["order_id"]: [] for row in tables["work_order"]}
    for row in tables["work_order_event"]:
        events.setdefault(row["order_id"], []).append(row)
    files = (data / "messages").glob("*.json")
    return Evidence(
        book=book,
        now=now,
        orders={row["order_id"]: row for row in tables["work_order"]},
        events=events,
        intakes={row["order_id"]: row for row in tables["intake"]},
        outbox=tables["outbox"],
        notices=tables["notice"],
        deeds=tables["ladder_deed"],
        terms={row["digest"]: row["body"] for row in tables["terms"]},
        audit=tables["audit_event"],
        messages={file.stem: json.loads(file.read_text(encoding="utf-8")) for file in files},
    )


TABLES = {
    "work_order": "order_id",
    "work_order_event": "order_id, seq",
    "intake": "order_id",
    "outbox": "order_id, seq, topic",
    "notice": "notice_id",
    "ladder_deed": "order_id, seq",
    "terms": "digest",
    "audit_event": "chain, seq",
}


async def whole(desk: Desk, data: Path, book: Book) -> Evidence:
    """Read the record, then ask the engine about every order that anybody knows."""
    found = await of_record(desk, data, book)
    found.replayed = {verdict.name: list(verdict.differences) async for verdict in replay_all(desk)}
    for order_id in await reconcile.orders(desk):
        difference = await reconcile.differences(desk, order_id)
        found.reconciled[order_id] = [str(finding) for finding in difference.findings] if difference else []
        try:
            histories = await runs(desk, order_id)
        except Refused as refusal:
            found.processes[order_id] = refusal.code
        else:
            found.processes[order_id] = "started"
            found.leaks[order_id] = sum(holds(history, CANARY) for history in histories)
    return found


def holds(history: WorkflowHistory, words: str) -> bool:
    return any(words.encode() in event.SerializeToString() for event in history.events)
