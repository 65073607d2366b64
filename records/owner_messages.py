"""Messages to owners as the record keeps them: queued, tried by one channel after the other, confirmed (FBK-04)."""

import hashlib
from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any, NamedTuple

from records.errors import RecordsRefused, guarded
from records.pool import Connection, Database, queries
from records.sealing import TEXTS, unseal
from records.subjects import subject
from records.vault import KeyRing


class OwnerMessage(NamedTuple):
    """One message to the owner of an order, and what became of it."""

    message_id: str
    order_id: str
    topic: str  # result | plan | progress | callback_link
    channels: Sequence[str]
    style: str
    promise_kept: bool | None
    key_digest: bytes | None  # of the command that is given once it has arrived
    due_at: datetime
    created_at: datetime | None = None
    sent_at: datetime | None = None
    sent_by: str | None = None
    given_up_at: datetime | None = None
    confirmed_at: datetime | None = None
    outcome: str | None = None
    tries: int = 0


class Try(NamedTuple):
    """One try to hand a message over."""

    message_id: str
    number: int
    channel: str
    tried_at: datetime
    failed: str | None


class ToConfirm(NamedTuple):
    """A message that has arrived, and the command that tells its order."""

    message_id: str
    order_id: str
    sent_by: str
    key_digest: bytes
    envelope: Mapping[str, Any]
    update_id: str


class Opened(NamedTuple):
    """What a link opens."""

    order_id: str
    subject_id: str
    community: str


@guarded
async def add(db: Database, message: OwnerMessage) -> None:
    """Queue a message once."""
    await queries.add_owner_message(db, **dict(list(message._asdict().items())[:8]))


@guarded
async def claim(conn: Connection, now: datetime) -> OwnerMessage | None:
    """Return the message that is due longest, locked until the transaction ends."""
    row = await queries.claim_owner_message(conn, now=now)
    return OwnerMessage(*row) if row else None


@guarded
async def note_try(conn: Connection, message: OwnerMessage, channel: str, failed: str | None) -> None:
    """Note a try, and with it the end of the message: sent, or given up after its last channel."""
    number = message.tries + 1
    await queries.note_owner_try(conn, message_id=message.message_id, number=number, channel=channel, failed=failed)
    if failed is None:
        await queries.mark_owner_sent(conn, message_id=message.message_id, channel=channel)
    elif number >= len(message.channels):
        await queries.mark_owner_given_up(conn, message_id=message.message_id)


@guarded
async def drop_pointless(conn: Connection) -> list[tuple[str, str]]:
    """Drop messages that nobody waits for any more; return which, and why: `settled` or `not-attached`."""
    return [(row[0], row[1]) async for row in queries.drop_pointless(conn)]


@guarded
async def add_result(conn: Connection, message: OwnerMessage) -> None:
    """Queue a result once; what was to be told before and was not handed over yet is `superseded` by it."""
    await queries.drop_superseded(conn, order_id=message.order_id)
    await add(conn, message)


@guarded
async def to_confirm(db: Database, count: int) -> list[ToConfirm]:
    """Return messages that have arrived and whose orders do not know it yet."""
    return [ToConfirm(*row) async for row in queries.owner_messages_to_confirm(db, count=count)]


@guarded
async def confirm(db: Database, message_id: str, outcome: str) -> None:
    """Note that an order knows of its message, or why it refused to."""
    await queries.mark_owner_confirmed(db, message_id=message_id, outcome=outcome)


@guarded
async def of_order(db: Database, order_id: str) -> list[tuple[OwnerMessage, list[Try]]]:
    """Return what was sent to the owner about an order, oldest first, each with its tries."""
    tries = [Try(*row) async for row in queries.owner_tries_of_order(db, order_id=order_id)]
    found = [OwnerMessage(*row) async for row in queries.owner_messages_of_order(db, order_id=order_id)]
    return [(one, [tried for tried in tries if tried.message_id == one.message_id]) for one in found]


@guarded
async def words_of(conn: Connection, ring: KeyRing, order_id: str, key_digest: bytes) -> dict[str, str]:
    """Open the words that a command brought, by field; raises `subject-erased`. They are sent to who they belong to."""
    owner = await queries.owner_of_order(conn, order_id=order_id)
    key = await subject(conn, ring, owner["subject_id"])
    place = {"community": owner["community"], "table": TEXTS}
    rows = [row async for row in queries.text_of_action(conn, key_digest=key_digest)]
    return {row["field"]: unseal(key, row["sealed"], row_id=row["text_id"], **place) for row in rows}


@guarded
async def add_link(conn: Connection, token: str, order_id: str) -> None:
    """Let a token open an order's callback; only its digest is kept."""
    await queries.add_callback_link(conn, digest=_digest(token), order_id=order_id)


@guarded
async def opened_by(db: Database, token: str) -> Opened:
    """Return the order that a token opens; refuses with `unknown-link`."""
    row = await queries.order_of_link(db, digest=_digest(token))
    if row is None:
        raise RecordsRefused("unknown-link")
    return Opened(*row)


def _digest(token: str) -> bytes:
    """Digest a token: it has 256 bits of its own, so that it needs no salt."""
    return hashlib.sha256(token.encode()).digest()
