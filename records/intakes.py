"""Matters received: written whole in one transaction, before any process knows of them."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any, NamedTuple, TypeAlias

from records import alike, attachments
from records.attachments import Attachment
from records.errors import RecordsRefused, guarded
from records.pool import Connection, Database, queries, transaction
from records.sealing import CONTACTS, TEXTS, Reference, contact_arguments, references, seal_all, text_arguments
from records.subjects import PHONE, find_or_make
from records.vault import KeyRing


@dataclass(frozen=True)
class Arrival:
    """A matter as a door took it in. `contacts` and `texts` are named by field and never shown."""

    key_digest: bytes
    fingerprint: bytes
    community: str
    received_at: datetime
    terms_digest: str
    terms: Mapping[str, Any]
    texts: Mapping[str, str] = field(repr=False)
    contacts: Mapping[str, str] = field(repr=False, default_factory=dict)
    response_due_at: datetime | None = None
    feedback_due_at: datetime | None = None
    external_id: str | None = None
    external_created_at: datetime | None = None
    flags: tuple[str, ...] = ()
    is_test: bool = False
    attachments: tuple[Attachment, ...] = ()
    special: bool = False  # first among equals (INT-10)
    watched: bool = False  # many of its category in one place may have one cause (GRP-05)


class Intake(NamedTuple):
    """A matter received, as it stands in the record."""

    order_id: str
    community: str
    subject_id: str
    start_input: dict[str, Any]
    response_due_at: datetime | None
    feedback_due_at: datetime | None
    received_at: datetime
    created_at: datetime
    started_at: datetime | None
    attempts: int


class TakenIn(NamedTuple):
    """The intake of this key, and whether it was here before."""

    intake: Intake
    repeated: bool


StartInput: TypeAlias = Callable[[str, str, Mapping[str, Reference]], tuple[Mapping[str, Any], Mapping[str, Any]]]
"""(order id, subject id, texts by field) → (start input of the process, fields of the current row)."""


@guarded
async def take_in(db: Database, ring: KeyRing, arrival: Arrival, make_start_input: StartInput) -> TakenIn:
    """Write a matter once: the same key and content give the earlier intake, other content is refused.

    Raises `RecordsRefused("idempotency-key-reused")`.
    """
    async with transaction(db) as conn:
        await queries.lock_key(conn, key_digest=arrival.key_digest)
        known = await queries.intake_of_key(conn, key_digest=arrival.key_digest)
        if known is None:
            return TakenIn(await _write(conn, ring, arrival, make_start_input), repeated=False)
    fingerprint, *facts = known
    if fingerprint != arrival.fingerprint:
        raise RecordsRefused("idempotency-key-reused")
    return TakenIn(Intake(*facts), repeated=True)


async def _write(conn: Connection, ring: KeyRing, arrival: Arrival, make_start_input: StartInput) -> Intake:
    owner = await find_or_make(conn, ring, arrival.community, arrival.contacts.get(PHONE))
    texts = seal_all(owner, arrival.texts, community=arrival.community, table=TEXTS)
    contacts = seal_all(owner, arrival.contacts, community=arrival.community, table=CONTACTS)
    order_id = await queries.next_order_number(conn)
    start_input, row = make_start_input(order_id, owner.subject_id, references(texts))
    written = await queries.write_intake(
        conn,
        order_id=order_id,
        subject_id=owner.subject_id,
        start_input=start_input,
        row=row,
        **_facts(arrival),
        **text_arguments(texts),
        **contact_arguments(contacts),
    )
    if arrival.watched:
        await alike.add_watch(conn, order_id)
    await attachments.write(
        conn,
        owner,
        arrival.attachments,
        community=arrival.community,
        order_id=order_id,
        key_digest=arrival.key_digest,
    )
    return Intake(*written)


def _facts(arrival: Arrival) -> dict[str, Any]:
    names = (
        "key_digest",
        "fingerprint",
        "community",
        "received_at",
        "terms_digest",
        "terms",
        "response_due_at",
        "feedback_due_at",
        "external_id",
        "external_created_at",
        "flags",
        "is_test",
        "special",
    )
    return {name: getattr(arrival, name) for name in names}


@guarded
async def is_known(db: Database, key_digest: bytes) -> bool:
    """Tell whether a matter was taken in under this key."""
    return await queries.intake_of_key(db, key_digest=key_digest) is not None


@guarded
async def unstarted(conn: Connection, limit: int, *, idle_for: timedelta = timedelta(0)) -> list[Intake]:
    """Return intakes whose process is not started, least tried first, locked until the transaction ends.

    Rows that another relay holds are passed over. `idle_for` leaves to the door what it is about to start itself.
    """
    rows = queries.unstarted_intakes(conn, count=limit, idle_for=idle_for)
    return [Intake(*row) async for row in rows]


@guarded
async def mark_started(db: Database, order_id: str) -> None:
    """Note that the order's process runs; the first time counts."""
    await queries.mark_started(db, order_id=order_id)


@guarded
async def mark_not_started(db: Database, order_id: str) -> None:
    """Note one more failed start."""
    await queries.mark_not_started(db, order_id=order_id)
