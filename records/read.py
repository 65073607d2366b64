"""The read side: lists, one order, its words, and how the record is doing."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, NamedTuple

from records.errors import RecordsRefused, guarded
from records.intakes import Intake
from records.pool import Connection, Database, queries, transaction
from records.sealing import CONTACTS, TEXTS, unseal
from records.subjects import Subject, subject
from records.vault import KeyRing


@dataclass(frozen=True)
class OrderRow:
    """One row of `work_order`; migration 0001 says what each column means."""

    order_id: str
    seq: int
    head: str | None
    community: str
    stage: str
    version: int
    generation: int
    kind: str
    category: str
    severity: str
    channel: str
    building: str | None
    received_at: datetime
    first_contact: str | None
    team: str | None
    assignee: str | None
    next_due_clock: str | None
    next_due_at: datetime | None
    breaches: int
    level: int
    urges: int
    closed_at: datetime | None
    close_reason: str | None
    external_id: str | None
    external_created_at: datetime | None
    flags: list[str]
    is_test: bool
    special: bool = False  # of a household in a special group (INT-10)
    duties: list[dict[str, Any]] = field(default_factory=list)  # as workflows.effects.Duty writes them
    complained_of: list[str] = field(default_factory=list)  # usr_…, whom the matter is about
    receiver: str | None = None  # usr_…, of a transfer, until they accept it
    incident: str | None = None  # the incident it belongs to; a parent belongs to its own
    merged_into: str | None = None  # the order that goes on with its work (GRP-01)
    repeat_of: str | None = None  # the closed order that it repeats (GRP-04)


class Position(NamedTuple):
    """Where a page ended; the next one goes on behind it."""

    next_due_at: datetime | None
    order_id: str


class EventRow(NamedTuple):
    """One event of an order as it is stored."""

    seq: int
    type: str
    at: datetime
    recorded_at: datetime
    body: bytes
    hash: bytes


class OrderFile(NamedTuple):
    """All that is known of one order without opening a seal."""

    row: OrderRow
    events: tuple[EventRow, ...]
    intake: Intake | None  # none while a row was written by its process alone, after a loss (OPS-09)
    words_lost: bool = False  # the record holds no words of its reception: they went with the tables and their keys


class Word(NamedTuple):
    """One sealed row, opened. `words` is None once the subject is erased (已删除)."""

    id: str
    field: str
    words: str | None
    digest: str | None  # of texts
    created_at: datetime | None  # of texts


class Words(NamedTuple):
    """What persons said and who they are, in one order."""

    subject_id: str
    texts: tuple[Word, ...]
    contacts: tuple[Word, ...]


@guarded
async def orders(
    db: Database,
    communities: Sequence[str],
    *,
    stage: str | None = None,
    open_only: bool = True,
    limit: int = 50,
    after: Position | None = None,
) -> list[OrderRow]:
    """List orders of these communities, what falls due first, first; orders without a running clock come last."""
    behind = after or Position(None, "")
    page = {"communities": communities, "after_due": behind.next_due_at, "after_id": behind.order_id, "count": limit}
    if not open_only:
        rows = queries.all_orders(db, stage=stage, **page)
    elif stage is None:
        rows = queries.open_orders(db, **page)
    else:
        rows = queries.open_orders_in_stage(db, stage=stage, **page)
    return [OrderRow(**row) async for row in rows]


@guarded
async def order(db: Database, order_id: str, communities: Sequence[str]) -> OrderFile:
    """Return one order; refuses with `not-found` also when it belongs to another community."""
    async with transaction(db, snapshot=True) as conn:
        row = await queries.one_order(conn, order_id=order_id, communities=communities)
        if row is None:
            raise RecordsRefused("not-found")
        events = tuple([EventRow(*event) async for event in queries.events_of_order(conn, order_id=order_id)])
        intake = await queries.intake_of_order(conn, order_id=order_id)
        lost = await queries.words_lost(conn, order_id=order_id)
    return OrderFile(OrderRow(**row), events, Intake(*intake) if intake else None, words_lost=lost)


@guarded
async def row(db: Database, order_id: str) -> OrderRow:
    """Return the row of one order alone, whatever its community; refuses with `not-found`."""
    found = await queries.row_of_order(db, order_id=order_id)
    if found is None:
        raise RecordsRefused("not-found")
    return OrderRow(**found)


@guarded
async def order_of_external(db: Database, community: str, external_id: str) -> str | None:
    """Return the order that was imported under this number."""
    found: str | None = await queries.order_of_external(db, community=community, external_id=external_id)
    return found


@guarded
async def words(db: Database, ring: KeyRing, order_id: str, communities: Sequence[str]) -> Words:
    """Open the words and contacts of one order. The door writes `contact.read` in the same transaction (B1)."""
    async with transaction(db, snapshot=True) as conn:
        owner = await queries.owner_of_order(conn, order_id=order_id)
        if owner is None or owner["community"] not in communities:
            raise RecordsRefused("not-found")
        key = await _key_if_any(conn, ring, owner["subject_id"])
        texts = [row async for row in queries.texts_of_order(conn, order_id=order_id)]
        contacts = [row async for row in queries.contacts_of_order(conn, order_id=order_id)]
    return Words(
        owner["subject_id"],
        tuple(_word(key, TEXTS, owner["community"], *row) for row in texts),
        tuple(_word(key, CONTACTS, owner["community"], *row) for row in contacts),
    )


async def _key_if_any(conn: Connection, ring: KeyRing, subject_id: str) -> Subject | None:
    try:
        return await subject(conn, ring, subject_id)
    except RecordsRefused as refusal:
        if refusal.code != "subject-erased":
            raise
    return None


def _word(
    key: Subject | None,
    table: str,
    community: str,
    row_id: str,
    field: str,
    sealed: bytes,
    digest: str | None,
    created_at: datetime | None,
) -> Word:
    said = unseal(key, sealed, community=community, table=table, row_id=row_id) if key else None
    return Word(row_id, field, said, digest, created_at)


@guarded
async def terms(db: Database, digest: str) -> dict[str, Any] | None:
    """Return a set of terms by the digest that events carry."""
    found: dict[str, Any] | None = await queries.terms_of_digest(db, digest=digest)
    return found


@guarded
async def started_orders(db: Database, communities: Sequence[str]) -> list[str]:
    """List the orders whose process was started, the oldest first; those too whose row is lost."""
    return [row[0] async for row in queries.started_orders(db, communities=communities)]


@guarded
async def count_orders(db: Database, communities: Sequence[str]) -> int:
    """Count the orders there are, started or not."""
    return int((await queries.count_orders(db, communities=communities))[0])


@guarded
async def is_known(db: Database, order_id: str) -> bool:
    """Tell whether an intake or an event of an order is there, whatever became of its row."""
    return bool((await queries.is_known(db, order_id=order_id))[0])


class DutyRow(NamedTuple):
    """One duty of one order: what by when (as `workflows.effects.Duty` writes it), and whom the order names."""

    order_id: str
    community: str
    stage: str
    category: str
    severity: str
    team: str | None
    first_contact: str | None
    assignee: str | None
    receiver: str | None
    special: bool
    duty: dict[str, Any]
    complained_of: Sequence[str] = ()  # usr_…, whom the matter is about


@guarded
async def duties(
    db: Database,
    communities: Sequence[str],
    limit: int,
    at: datetime,
    *,
    person: str | None = None,
    roles: list[str] | None = None,
) -> list[DutyRow]:
    """List what is owed in these communities at an instant, the most urgent first (INT-10).

    `roles` narrows it to the orders that name this person (`usr_S09`) or owe something to one of these roles, so that
    those of a busy house need not all be read; which of their duties are wanted is for the caller to say.
    """
    asked = {"communities": communities, "person": person, "roles": roles, "at": at, "count": limit}
    return [DutyRow(*row) async for row in queries.open_duties(db, **asked)]


@guarded
async def order_facts(db: Database, order_id: str) -> tuple[str, datetime, str]:
    """Return community, reception and the digest of the first terms of an order.

    Refuses with `not-found`, and with `record-lost` while the tables were lost and not rebuilt: a process that lives
    writes its row again, but never its intake.
    """
    row = await queries.order_facts(db, order_id=order_id)
    if row is None:
        raise RecordsRefused("not-found")
    if row["lost"]:
        raise RecordsRefused("record-lost")
    return row["community"], row["received_at"], row["terms_digest"] or ""


@guarded
async def server_time(db: Database) -> datetime:
    """Return the server's clock."""
    at: datetime = await queries.server_time(db)
    return at
