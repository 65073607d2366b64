"""What leaves the house: the outbox that the relay carries, and the notices it makes of it."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any, NamedTuple

from records.errors import RecordsRefused, guarded
from records.pool import Connection, Database, queries


class OutboxRow(NamedTuple):
    """Something to carry, with the event that caused it."""

    order_id: str
    seq: int
    topic: str
    body: dict[str, Any]
    created_at: datetime


class Notice(NamedTuple):
    """One message to one person; ids and codes only."""

    notice_id: str
    order_id: str
    seq: int
    person: str
    role: str
    channel: str
    body: Mapping[str, Any]


class NoticeRow(NamedTuple):
    """A notice and what became of it."""

    notice: Notice
    created_at: datetime
    sent_at: datetime | None
    dropped_because: str | None


@guarded
async def pending(conn: Connection, limit: int) -> list[OutboxRow]:
    """Return open rows, oldest first, locked until the transaction ends; what another relay holds is passed over."""
    return [OutboxRow(*row) async for row in queries.pending_outbox(conn, count=limit)]


@guarded
async def mark_done(db: Database, row: OutboxRow) -> None:
    """Note that a row was carried; the first time counts."""
    await queries.mark_outbox_done(db, order_id=row.order_id, seq=row.seq, topic=row.topic)


@guarded
async def add_notice(db: Database, notice: Notice) -> bool:
    """Queue a notice once; False when its id was queued before."""
    return await queries.add_notice(db, **notice._asdict()) is not None


@guarded
async def mark_sent(db: Database, notice_id: str) -> None:
    """Note that a notice was handed over; the first outcome stands."""
    await queries.mark_notice_sent(db, notice_id=notice_id)


@guarded
async def mark_dropped(db: Database, notice_id: str, because: str) -> None:
    """Note, as a code, why a notice is not sent any more; the first outcome stands."""
    await queries.mark_notice_dropped(db, notice_id=notice_id, because=because)


@guarded
async def notices(db: Database, order_id: str) -> list[NoticeRow]:
    """Return the notices of an order, oldest first."""
    return [NoticeRow(Notice(*row[:7]), *row[7:]) async for row in queries.notices_of_order(db, order_id=order_id)]


@guarded
async def notice_of(db: Database, notice_id: str) -> NoticeRow:
    """Return one notice; refuses with `not-found`."""
    row = await queries.one_notice(db, notice_id=notice_id)
    if row is None:
        raise RecordsRefused("not-found")
    return NoticeRow(Notice(*row[:7]), *row[7:])
