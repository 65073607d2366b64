"""The write side of a running order: one batch, one statement, any number of times."""

from collections.abc import Sequence
from typing import Any

from records.batch import Batch, Event, Outgoing
from records.errors import CHAIN_CONFLICT, RecordsRefused, guarded
from records.pool import Database, Pool, queries, transaction


async def record(db: Database, batch: Batch) -> int:
    """Write a batch and return the highest seq written of its order.

    Raises `RecordsRefused("chain-conflict")` when a written event would become another one; then nothing is written.
    """
    try:
        return await _record(db, batch)
    except RecordsRefused as refusal:
        code = CHAIN_CONFLICT if refusal.code == "append-only" else refusal.code
    raise RecordsRefused(code)


async def record_decided(pool: Pool, batch: Batch) -> int:
    """Write a batch that a process has decided; what a lost task of that process wrote in its place gives way.

    A worker can die after its write was committed and before the engine has heard of the decision. The engine then asks
    again, and at a later instant something else is decided. Raises `RecordsRefused("chain-conflict")` for all else.
    """
    try:
        return await record(pool, batch)
    except RecordsRefused as refusal:
        if refusal.code != CHAIN_CONFLICT:
            raise
    return await _in_its_place(pool, batch)


@guarded
async def _in_its_place(pool: Pool, batch: Batch) -> int:
    """Put aside what the lost task wrote and write the batch, both or neither."""
    told = _events(batch.events)
    differing = {name: told[name] for name in ("seqs", "recorded_ats", "hashes")}
    async with transaction(pool) as conn:
        await queries.lock_row(conn, order_id=batch.order_id)
        since = await queries.put_aside(conn, order_id=batch.order_id, **differing)
        if since is None:
            raise RecordsRefused(CHAIN_CONFLICT)
        for step in (queries.take_out, queries.take_back, queries.turn_back):
            await step(conn, order_id=batch.order_id, since=since)
        return await record(conn, batch)


@guarded
async def _record(db: Database, batch: Batch) -> int:
    seq: int = await queries.record_batch(
        db,
        order_id=batch.order_id,
        **_events(batch.events),
        **_outgoing(batch.outgoing),
        row=batch.row.model_dump(mode="json"),
        text_ids=batch.text_ids,
    )
    return seq


def _events(events: Sequence[Event]) -> dict[str, Sequence[Any]]:
    return {
        "seqs": [event.seq for event in events],
        "types": [event.type for event in events],
        "ats": [event.at for event in events],
        "recorded_ats": [event.recorded_at for event in events],
        "bodies": [event.body.encode() for event in events],
        "hashes": [bytes.fromhex(event.hash) for event in events],
    }


def _outgoing(rows: Sequence[Outgoing]) -> dict[str, Sequence[Any]]:
    return {
        "out_seqs": [row.seq for row in rows],
        "out_topics": [row.topic for row in rows],
        "out_bodies": [row.body for row in rows],
    }
