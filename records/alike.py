"""Orders that are alike: of one category and place within a time (GRP-05, INT-12, GRP-04)."""

from collections.abc import Sequence
from datetime import datetime
from typing import NamedTuple

from records.errors import guarded
from records.pool import Connection, Database, queries


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
