"""Merges and their undoing as the record keeps them: written down first, carried until their outcome is known."""

from collections.abc import Sequence
from typing import Any, NamedTuple

from records.errors import guarded
from records.pool import Connection, Database, queries
from records.read import OrderRow


class Merging(NamedTuple):
    """One merge that somebody asked for; migration 0022 says what each column means."""

    number: int
    duplicate: str
    survivor: str
    absorb: dict[str, Any]
    merge: dict[str, Any]
    actor: str
    roles: Sequence[str]
    outcome: str | None


class Unmerging(NamedTuple):
    """A case that stands alone again, of which its survivor is to hear."""

    duplicate: str
    seq: int
    survivor: str


@guarded
async def add(db: Database, key_digest: bytes, asked: Merging) -> Merging:
    """Write a merge down; the same key gives the one written first."""
    said = {name: value for name, value in asked._asdict().items() if name not in {"number", "outcome"}}
    return Merging(*await queries.add_merge(db, key_digest=key_digest, **said))


@guarded
async def of_key(db: Database, key_digest: bytes) -> Merging | None:
    """Return the merge that was asked for under a key."""
    row = await queries.merge_of_key(db, key_digest=key_digest)
    return Merging(*row) if row else None


@guarded
async def claim(db: Database, limit: int) -> list[Merging]:
    """Return merges to be carried on; until they are ended they come back, later each time."""
    return sorted([Merging(*row) async for row in queries.claim_merges(db, count=limit)], key=lambda one: one.number)


@guarded
async def end(db: Database, number: int, outcome: str) -> None:
    """Note what became of a merge: `done`, or the code of a refusal."""
    await queries.end_merge(db, number=number, outcome=outcome)


@guarded
async def add_undone(conn: Connection, undone: Unmerging) -> None:
    """Open what a survivor is to hear; the first time counts."""
    await queries.add_unmerge(conn, **undone._asdict())


@guarded
async def claim_undone(db: Database, limit: int) -> list[Unmerging]:
    """Return what survivors are to hear now."""
    return [Unmerging(*row) async for row in queries.claim_unmerges(db, count=limit)]


@guarded
async def untold(db: Database, duplicate: str, survivor: str) -> list[Unmerging]:
    """Return what a survivor has still to hear of a case that stood alone again, the first first."""
    return [Unmerging(*row) async for row in queries.untold_unmerges(db, duplicate=duplicate, survivor=survivor)]


@guarded
async def end_undone(db: Database, undone: Unmerging, outcome: str) -> None:
    """Note what became of it."""
    await queries.end_unmerge(db, duplicate=undone.duplicate, seq=undone.seq, outcome=outcome)


@guarded
async def into(db: Database, survivor: str) -> list[OrderRow]:
    """Return the cases merged into an order, by number."""
    return [OrderRow(**row) async for row in queries.merged_into(db, survivor=survivor)]
