"""Orders that are alike: of one category and place within a time (GRP-05, INT-12, GRP-04)."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any, NamedTuple

from records.errors import guarded
from records.pool import Connection, Database, queries
from records.sealing import CONTACTS, TEXTS, unseal
from records.subjects import Subject
from records.vault import KeyRing, Wrapped


class Place(NamedTuple):
    """Where and of which category alike orders are."""

    community: str
    category: str
    buildings: tuple[str, ...]


class Watch(NamedTuple):
    """An order whose arrival may make many of one place; `members` once a proposal for it is fixed."""

    order_id: str
    members: list[str] | None


class Parent(NamedTuple):
    """An incident of the same place: whether work on its cause goes on or is still asked for, and whom it names."""

    open: bool
    members: list[str]


@guarded
async def add_watch(conn: Connection, order_id: str) -> None:
    """Let the relay look at an order, in the transaction that takes it in."""
    await queries.add_watch(conn, order_id=order_id)


@guarded
async def claim_watches(db: Database, limit: int) -> list[Watch]:
    """Return orders to be looked at now, by number; until they are ended they come back, later each time."""
    return sorted([Watch(*row) async for row in queries.claim_watches(db, count=limit)])


@guarded
async def one_proposer(conn: Connection, place: Place) -> None:
    """Wait until nobody else decides about matters of this category; until the transaction ends nobody else will."""
    await queries.one_proposer(conn, community=place.community, category=place.category)


@guarded
async def on_their_way(conn: Connection, place: Place) -> bool:
    """Tell whether an incident of this place is about to be proposed."""
    found: bool = await queries.proposals_on_their_way(conn, **place._asdict())
    return found


@guarded
async def fix_watch(db: Database, order_id: str, members: Sequence[str]) -> None:
    """Fix whom a proposal names before it is made."""
    await queries.fix_watch(db, order_id=order_id, members=list(members))


@guarded
async def end_watch(db: Database, order_id: str, outcome: str) -> None:
    """Note what came of the look."""
    await queries.end_watch(db, order_id=order_id, outcome=outcome)


@guarded
async def open_cases(
    db: Database, place: Place, since: datetime, until: datetime, *, is_test: bool
) -> list[tuple[str, datetime]]:
    """Return the open orders of a place received within a time that belong to no incident, the first first."""
    rows = queries.alike_open(db, **place._asdict(), since=since, until=until, is_test=is_test)
    return [(row["order_id"], row["received_at"]) async for row in rows]


@guarded
async def parents(db: Database, place: Place, since: datetime) -> list[Parent]:
    """Return the incidents of a place since an instant."""
    return [Parent(*row) async for row in queries.alike_parents(db, **place._asdict(), since=since)]


class Spot(NamedTuple):
    """One place and category: a building, or without one a public area."""

    community: str
    category: str
    building: str | None
    area: str | None


class Alike(NamedTuple):
    """An open order of the same place and category."""

    order_id: str
    stage: str
    received_at: datetime
    is_incident: bool


@guarded
async def recent(db: Database, spot: Spot, since: datetime, limit: int) -> list[Alike]:
    """Return the open orders of a place and category received since an instant, the latest first."""
    return [Alike(*row) async for row in queries.alike_recent(db, **spot._asdict(), since=since, count=limit)]


@guarded
async def complaints(db: Database, ring: KeyRing, order_ids: Sequence[str]) -> dict[str, str]:
    """Open what was said at the reception of these orders; of erased persons nothing is there."""
    found: dict[str, str] = {}
    async for row in queries.complaints(db, order_ids=list(order_ids)):
        wrapped = Wrapped(row["kek_id"], row["wrapped"])
        owner = Subject(row["subject_id"], ring.unwrap(wrapped, table="subject_key", row_id=row["subject_id"]))
        place = {"community": row["community"], "table": TEXTS, "row_id": row["text_id"]}
        found[row["order_id"]] = unseal(owner, row["sealed"], **place)
    return found


class Closed(NamedTuple):
    """A closed order of the same place and category; `room` as it was said, none when it is not known any more."""

    order_id: str
    repeat_of: str | None
    room: str | None


@guarded
async def closed(db: Database, ring: KeyRing, spot: Spot, since: datetime, limit: int) -> list[Closed]:
    """Return the orders of a place and category that were closed since an instant, the latest first."""
    rows = queries.alike_closed(db, **spot._asdict(), since=since, count=limit)
    return [Closed(row["order_id"], row["repeat_of"], _room(ring, spot.community, row)) async for row in rows]


def _room(ring: KeyRing, community: str, row: Mapping[str, Any]) -> str | None:
    if row["contact_id"] is None or row["wrapped"] is None:
        return None
    wrapped = Wrapped(row["kek_id"], row["wrapped"])
    owner = Subject(row["subject_id"], ring.unwrap(wrapped, table="subject_key", row_id=row["subject_id"]))
    return unseal(owner, row["sealed"], community=community, table=CONTACTS, row_id=row["contact_id"])
