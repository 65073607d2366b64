"""Change of the KEK: every key is wrapped again, no data is touched (PA-08); and keys given up whose KEK is lost."""

from typing import Final

from records.errors import guarded
from records.pool import Connection, Database, queries, transaction
from records.vault import KeyRing, Wrapped, new_key

STRIDE: Final = 500
"""Keys per transaction, so that traffic goes on between."""


@guarded
async def rewrap(db: Database, ring: KeyRing) -> int:
    """Bring all wrapped keys under the ring's current KEK and return how many were not; safe to repeat."""
    done = await _communities(db, ring)
    while moved := await _some_subjects(db, ring):
        done += moved
    return done


async def _communities(db: Database, ring: KeyRing) -> int:
    async with transaction(db) as conn:
        rows = [row async for row in queries.community_keys_under_others(conn, kek_id=ring.current)]
        for community, *wrapped in rows:
            fresh = _again(ring, Wrapped(*wrapped), "community_key", community)
            await queries.rewrap_community_key(conn, community=community, kek_id=fresh.kek_id, wrapped=fresh.sealed)
    return len(rows)


async def _some_subjects(db: Database, ring: KeyRing) -> int:
    async with transaction(db) as conn:
        rows = [row async for row in queries.subject_keys_under_others(conn, kek_id=ring.current, count=STRIDE)]
        for subject_id, *wrapped in rows:
            await _rewrap_subject(conn, ring, subject_id, Wrapped(*wrapped))
    return len(rows)


async def _rewrap_subject(conn: Connection, ring: KeyRing, subject_id: str, wrapped: Wrapped) -> None:
    fresh = _again(ring, wrapped, "subject_key", subject_id)
    await queries.rewrap_subject_key(conn, subject_id=subject_id, kek_id=fresh.kek_id, wrapped=fresh.sealed)


def _again(ring: KeyRing, wrapped: Wrapped, table: str, row_id: str) -> Wrapped:
    return ring.wrap(ring.unwrap(wrapped, table=table, row_id=row_id), table=table, row_id=row_id)


@guarded
async def give_up(db: Database, ring: KeyRing) -> int:
    """Give new keys to all subjects whose KEK is lost, and return how many; safe to repeat.

    What their old keys sealed is deleted: nobody can ever read it. Orders, their events and limits stay.
    """
    await queries.give_up_community_keys(db, known=ring.keks)
    done = 0
    while given := await _give_up_some(db, ring):
        done += given
    return done


async def _give_up_some(db: Database, ring: KeyRing) -> int:
    async with transaction(db) as conn:
        rows = [row[0] async for row in queries.subject_keys_lost(conn, known=ring.keks, count=STRIDE)]
        for subject_id in rows:
            fresh = ring.wrap(new_key(), table="subject_key", row_id=subject_id)
            await queries.delete_sealed(conn, subject_id=subject_id)
            await queries.rewrap_subject_key(conn, subject_id=subject_id, kek_id=fresh.kek_id, wrapped=fresh.sealed)
    return len(rows)


@guarded
async def make_persons_again(db: Database, ring: KeyRing) -> int:
    """Make lost subjects again, give new keys to all whose own was lost with its table, and return how many.

    What the lost keys sealed is deleted, as in `give_up`.
    """
    async with transaction(db) as conn:
        await queries.make_subjects_again(conn)
        rows = [row[0] async for row in queries.subjects_without_keys(conn)]
        for subject_id in rows:
            fresh = ring.wrap(new_key(), table="subject_key", row_id=subject_id)
            await queries.delete_sealed(conn, subject_id=subject_id)
            await queries.give_key(conn, subject_id=subject_id, kek_id=fresh.kek_id, wrapped=fresh.sealed)
    return len(rows)
