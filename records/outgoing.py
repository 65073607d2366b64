"""What leaves the house: the outbox that the relay carries, and the notices it makes of it."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any, Final, NamedTuple

from records.errors import RecordsRefused, guarded
from records.pool import Connection, Database, queries

NOBODY: Final = "nobody"
"""Stands for the receiver where there was none at all; such a notice is dropped at once, and says so."""


class OutboxRow(NamedTuple):
    """Something to carry, with the event that caused it."""

    order_id: str
    seq: int
    topic: str
    body: dict[str, Any]
    created_at: datetime
    complained_of: Sequence[str] = ()  # usr_…, whom the order is about by now (DSP-13)


class Notice(NamedTuple):
    """One message to one person; ids and codes only."""

    notice_id: str
    order_id: str | None  # none = of several orders: a digest
    seq: int | None
    person: str
    role: str
    channel: str
    body: Mapping[str, Any]
    not_before: datetime | None = None  # held until the end of the quiet hours (ESC-09)


class NoticeRow(NamedTuple):
    """A notice and what became of it."""

    notice: Notice
    created_at: datetime
    sent_at: datetime | None
    dropped_because: str | None
    told_by: str | None  # the digest that names it


class DueNotice(NamedTuple):
    """A notice that may leave, and how the matter stands that it is about."""

    notice: Notice
    put_off: bool  # once already, for its person's digest
    closed: bool
    runs: bool
    acknowledged: bool
    decided: bool


class LeftNotice(NamedTuple):
    """A notice that left lately."""

    person: str
    at: datetime
    digest: bool


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
async def due(conn: Connection, now: datetime, limit: int) -> list[DueNotice]:
    """Return what may leave, the longest due first, locked until the transaction ends."""
    found = queries.due_notices(conn, now=now, count=limit)
    return [DueNotice(Notice(*row[:8]), *row[8:]) async for row in found]


@guarded
async def left_since(db: Database, since: datetime, persons: Sequence[str]) -> list[LeftNotice]:
    """Return what left for these persons since an instant."""
    return [LeftNotice(*row) async for row in queries.left_since(db, since=since, persons=persons)]


@guarded
async def mark_released(db: Database, notice_id: str, at: datetime) -> None:
    """Note that the delivery of a notice was begun."""
    await queries.mark_notice_released(db, notice_id=notice_id, at=at)


@guarded
async def put_off(db: Database, notice_ids: Sequence[str], until: datetime) -> None:
    """Let notices wait for a digest."""
    await queries.put_notices_off(db, notice_ids=notice_ids, until=until)


@guarded
async def tell_by(db: Database, digest_id: str, notice_ids: Sequence[str]) -> None:
    """Note which digest names these notices; they leave with it and count as sent when it is."""
    await queries.tell_by_digest(db, digest=digest_id, notice_ids=notice_ids)


@guarded
async def mark_sent(db: Database, notice_id: str) -> None:
    """Note that a notice was handed over, and with a digest all that it names; the first outcome stands."""
    await queries.mark_notice_sent(db, notice_id=notice_id)


@guarded
async def mark_dropped(db: Database, notice_id: str, because: str) -> None:
    """Note, as a code, why a notice is not sent any more; the first outcome stands."""
    await queries.mark_notice_dropped(db, notice_id=notice_id, because=because)


@guarded
async def notices(db: Database, order_id: str) -> list[NoticeRow]:
    """Return the notices of an order, oldest first."""
    return [NoticeRow(Notice(*row[:8]), *row[8:]) async for row in queries.notices_of_order(db, order_id=order_id)]


@guarded
async def notice_of(db: Database, notice_id: str) -> NoticeRow:
    """Return one notice; refuses with `not-found`."""
    row = await queries.one_notice(db, notice_id=notice_id)
    if row is None:
        raise RecordsRefused("not-found")
    return NoticeRow(Notice(*row[:8]), *row[8:])


@guarded
async def roles_told(db: Database, order_id: str, person: str, clock: str) -> list[str]:
    """Return the addressees for whom a person was told of levels of a clock (ESC-05, ESC-11)."""
    return [row[0] async for row in queries.roles_told(db, order_id=order_id, person=person, clock=clock)]
