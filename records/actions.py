"""Actions of operators: the envelope is written before it is sent, so that a repeat sends the same bytes."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import timedelta
from typing import Any, Final, NamedTuple, TypeAlias

import asyncpg

from records import attachments
from records.attachments import Attachment
from records.audit import Fact, appended
from records.errors import RecordsRefused, guarded
from records.pool import Connection, Database, queries, transaction
from records.sealing import TEXTS, Reference, Row, references, seal_all, text_arguments
from records.subjects import subject
from records.vault import KeyRing

LEASE: Final = timedelta(seconds=60)
"""How long a running action keeps its repeats waiting (specs/http_api.md section 3)."""


@dataclass(frozen=True)
class Request:
    """An action as a door took it in. `texts` are named by field and never shown; `terms` by digest."""

    key_digest: bytes
    fingerprint: bytes
    order_id: str
    command: str
    actor: str
    update_id: str
    texts: Mapping[str, str] = field(repr=False, default_factory=dict)
    terms: Mapping[str, Mapping[str, Any]] = field(repr=False, default_factory=dict)
    attachments: tuple[Attachment, ...] = ()


class Opened(NamedTuple):
    """An action to send: its envelope; or, for a known key, what is known of it."""

    envelope: dict[str, Any]
    update_id: str
    answer: dict[str, Any] | None
    repeated: bool
    running: bool  # another caller sent it less than a lease ago and has no answer yet


Envelope: TypeAlias = Callable[[Mapping[str, Reference]], Mapping[str, Any]]
"""(texts by field) → envelope of the command."""


@guarded
async def open_action(db: Database, ring: KeyRing, request: Request, make_envelope: Envelope) -> Opened:
    """Write an action with its words, or return the one this key stands for; its lease, if over, passes to the caller.

    Raises `RecordsRefused`: `idempotency-key-reused`, `not-found` (no such order), `subject-erased`.
    """
    async with transaction(db) as conn:
        await queries.lock_key(conn, key_digest=request.key_digest)
        known = await queries.action_of_key(conn, key_digest=request.key_digest)
        return await (_again(conn, request, known) if known else _open(conn, ring, request, make_envelope))


async def _again(conn: Connection, request: Request, known: asyncpg.Record) -> Opened:
    if known["fingerprint"] != request.fingerprint:
        raise RecordsRefused("idempotency-key-reused")
    if not known["running"]:
        await queries.lease_action(conn, key_digest=request.key_digest, lease=LEASE)
    return Opened(known["envelope"], known["update_id"], known["answer"], repeated=True, running=known["running"])


async def _open(conn: Connection, ring: KeyRing, request: Request, make_envelope: Envelope) -> Opened:
    order = await queries.owner_of_order(conn, order_id=request.order_id)
    if order is None:
        raise RecordsRefused("not-found")
    texts = await _seal(conn, ring, request, order)
    await _keep(conn, ring, request, order)
    envelope = dict(make_envelope(references(texts)))
    await queries.write_action(
        conn,
        key_digest=request.key_digest,
        fingerprint=request.fingerprint,
        order_id=request.order_id,
        command=request.command,
        actor=request.actor,
        update_id=request.update_id,
        envelope=envelope,
        lease=LEASE,
        subject_id=order["subject_id"],
        community=order["community"],
        **text_arguments(texts),
        terms_digests=list(request.terms),
        terms=list(request.terms.values()),
    )
    return Opened(envelope, request.update_id, None, repeated=False, running=False)


async def _seal(conn: Connection, ring: KeyRing, request: Request, order: asyncpg.Record) -> tuple[Row, ...]:
    """Words about an order are sealed under its reporter's key: they go when he is erased."""
    if not request.texts:
        return ()
    owner = await subject(conn, ring, order["subject_id"])
    return seal_all(owner, request.texts, community=order["community"], table=TEXTS)


async def _keep(conn: Connection, ring: KeyRing, request: Request, order: asyncpg.Record) -> None:
    """Write the files an action brings, under the same key as its words."""
    if not request.attachments:
        return
    owner = await subject(conn, ring, order["subject_id"])
    await attachments.write(
        conn,
        owner,
        request.attachments,
        community=order["community"],
        order_id=request.order_id,
        key_digest=request.key_digest,
    )


@guarded
async def envelope_of(db: Database, key_digest: bytes) -> dict[str, Any] | None:
    """Return the envelope that was written under a key; None for a key that is new."""
    known = await queries.action_of_key(db, key_digest=key_digest)
    return known["envelope"] if known else None


@guarded
async def close_action(db: Database, key_digest: bytes, answer: Mapping[str, Any]) -> None:
    """Store the answer a repeat will get; the first one stands."""
    await queries.answer_action(db, key_digest=key_digest, answer=answer)


@guarded
async def refuse_action(
    db: Database, key_digest: bytes, chain: str, refusal: Fact, answer: Mapping[str, Any] | None = None
) -> None:
    """Write a refusal to its chain and delete the words and files it brought, all or nothing.

    With an answer a repeat gets the same one; without (403, 404 …) the key is free again.
    """
    async with transaction(db) as conn:
        await queries.drop_loose_texts(conn, key_digest=key_digest)
        await queries.drop_loose_attachments(conn, key_digest=key_digest)
        if answer is None:
            await queries.drop_action(conn, key_digest=key_digest)
        else:
            await queries.answer_action(conn, key_digest=key_digest, answer=answer)
        await appended(conn, chain, refusal)
