"""The record beside the histories: what it holds of one order, and writing again what it lost."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, NamedTuple

from records.batch import Batch
from records.errors import CHAIN_CONFLICT, RecordsRefused, guarded
from records.intakes import Intake
from records.pool import Database, queries, transaction
from records.read import EventRow, OrderRow
from records.subjects import make_again
from records.vault import KeyRing
from records.write import record


class Held(NamedTuple):
    """All that stands in the record of one order, of whatever community."""

    row: OrderRow | None
    events: dict[int, EventRow]
    outbox: frozenset[tuple[int, str]]  # (seq, topic)
    intake: Intake | None
    terms: frozenset[str]  # digests of all orders' terms


class Named(NamedTuple):
    """What stands in the row and comes from the reception alone."""

    external_id: str | None
    flags: Sequence[str]


@guarded
async def known_orders(db: Database) -> set[str]:
    """Name every order the record has heard of."""
    return {row[0] async for row in queries.known_orders(db)}


@guarded
async def never_received(db: Database, order_ids: Sequence[str]) -> tuple[str, ...]:
    """Return those of these orders that no intake tells of, in their order."""
    return tuple([row[0] async for row in queries.never_received(db, order_ids=order_ids)])


@guarded
async def received_any(db: Database) -> bool:
    """Tell whether anything was ever received here."""
    received: bool = await queries.received_any(db)
    return received


@guarded
async def held(db: Database, order_id: str) -> Held:
    """Read what the record holds of an order, all of one instant; of an unknown order that is nothing."""
    async with transaction(db, snapshot=True) as conn:
        row = await queries.row_of_order(conn, order_id=order_id)
        events = [EventRow(*event) async for event in queries.events_of_order(conn, order_id=order_id)]
        outbox = frozenset([(line[0], line[1]) async for line in queries.outbox_of_order(conn, order_id=order_id)])
        terms = frozenset([line[0] async for line in queries.digests_of_terms(conn)])
        intake = await queries.intake_of_order(conn, order_id=order_id)
    known = {event.seq: event for event in events}
    return Held(OrderRow(**row) if row else None, known, outbox, Intake(*intake) if intake else None, terms)


@dataclass(frozen=True)
class Lost:
    """An intake as the history of its order tells it."""

    order_id: str
    community: str
    subject_id: str
    start_input: Mapping[str, Any]
    response_due_at: datetime | None
    feedback_due_at: datetime | None
    received_at: datetime
    created_at: datetime  # when a door wrote it down


@guarded
async def take_in_again(db: Database, ring: KeyRing, lost: Lost) -> None:
    """Write an intake that was lost, and its reporter with a new key: his words can be added, the old ones not read."""
    async with transaction(db) as conn:
        await make_again(conn, ring, lost.community, lost.subject_id)
        await queries.take_in_again(conn, **vars(lost))


async def write_again(db: Database, batch: Batch, *, send: bool) -> bool:
    """Write a batch of long ago; False when the record holds other events in its place, and nothing is written then.

    Outbox rows that come back are closed at once, for they were carried once; `send` leaves those open of which no
    notice is known.
    """
    try:
        async with transaction(db) as conn:
            await record(conn, batch)
            await _close_rewritten(conn, batch.order_id, send=send)
    except RecordsRefused as refusal:
        if refusal.code != CHAIN_CONFLICT:
            raise
        return False
    return True


@guarded
async def _close_rewritten(db: Database, order_id: str, *, send: bool) -> None:
    await queries.close_rewritten(db, order_id=order_id, send=send)


@guarded
async def mend_row(db: Database, last: Batch, named: Named) -> None:
    """Set the current row to what it was after its last batch; a record that is further already stays as it is."""
    async with transaction(db) as conn:
        await queries.lock_row(conn, order_id=last.order_id)
        await queries.mend_row(
            conn,
            order_id=last.order_id,
            seq=last.events[-1].seq,
            head=last.events[-1].hash,
            row=last.row.model_dump(mode="json"),
            external_id=named.external_id,
            flags=named.flags,
        )


@guarded
async def pin_terms(db: Database, terms: Mapping[str, Mapping[str, Any]]) -> None:
    """Write sets of terms by their digest, once."""
    for digest, body in terms.items():
        await queries.pin_terms(db, digest=digest, body=body)


@guarded
async def pass_order_number(db: Database, number: int) -> None:
    """Let no new order be given this number or a smaller one."""
    await queries.pass_order_number(db, number=number)
