"""Persons: found again by what they are known by, each with a key of his own."""

import secrets
from collections.abc import Sequence
from typing import Final, NamedTuple

from records.errors import RecordsRefused, guarded
from records.naming import normalise_phone
from records.pool import Connection, Database, queries
from records.vault import KeyRing, Wrapped, blind, new_key

PHONE: Final = "phone"


class Subject(NamedTuple):
    """A person within one community, and the key that opens his words."""

    subject_id: str
    dek: bytes


@guarded
async def keks_in_use(db: Database) -> set[str]:
    """Name the KEKs under which keys of this database are closed."""
    return {row[0] async for row in queries.keks_in_use(db)}


async def find_or_make(conn: Connection, ring: KeyRing, community: str, phone: str | None) -> Subject:
    """Return the subject known by this phone, else a new one. Inside a transaction: two calls at once give one."""
    fresh = f"sub_{secrets.token_hex(10)}"
    if phone is None or not normalise_phone(phone):
        return await _make(conn, ring, community, fresh)
    mark = blind(await index_key(conn, ring, community), normalise_phone(phone))
    known = await queries.claim_contact(conn, community=community, field=PHONE, blind=mark, subject_id=fresh)
    return await (_make(conn, ring, community, fresh) if known == fresh else subject(conn, ring, known))


async def find_or_make_all(
    conn: Connection, ring: KeyRing, community: str, marks: Sequence[bytes | None]
) -> list[Subject]:
    """Return a subject for each mark, the blinded phone of a person, found or made; None = somebody without a phone.

    Inside a transaction. Equal marks give one subject; refuses with `subject-erased` where a key is gone.
    """
    fresh = {mark: f"sub_{secrets.token_hex(10)}" for mark in dict.fromkeys(mark for mark in marks if mark)}
    claims = queries.claim_contacts(
        conn, community=community, field=PHONE, blinds=list(fresh), subject_ids=list(fresh.values())
    )
    owners = {mark: subject_id async for mark, subject_id in claims}
    known = [owner for mark, owner in owners.items() if owner != fresh[mark]]
    found = {row[0]: _opened(ring, *row) async for row in queries.subject_keys(conn, subject_ids=known)}
    if len(found) < len(set(known)):
        raise RecordsRefused("subject-erased")
    ids = [owners[mark] if mark else f"sub_{secrets.token_hex(10)}" for mark in marks]
    made = {one: Subject(one, new_key()) for one in ids if one not in found}
    await _make_all(conn, ring, community, list(made.values()))
    return [found.get(one) or made[one] for one in ids]


async def find(conn: Connection, ring: KeyRing, community: str, phone: str) -> str | None:
    """Return the id of the subject known by this phone in this community."""
    mark = blind(await index_key(conn, ring, community), normalise_phone(phone))
    found: str | None = await queries.find_contact(conn, community=community, field=PHONE, blind=mark)
    return found


async def subject(conn: Connection, ring: KeyRing, subject_id: str) -> Subject:
    """Return a subject with his key; refuses with `subject-erased` once the key is gone."""
    row = await queries.subject_key(conn, subject_id=subject_id)
    if row is None:
        raise RecordsRefused("subject-erased")
    return _opened(ring, subject_id, *row)


async def index_key(conn: Connection, ring: KeyRing, community: str) -> bytes:
    """Return the community's key for blind indexes, made at its first use."""
    row = await queries.community_key(conn, community=community)
    if row is None:
        fresh = ring.wrap(new_key(), table="community_key", row_id=community)
        row = await queries.make_community_key(conn, community=community, kek_id=fresh.kek_id, wrapped=fresh.sealed)
    return ring.unwrap(Wrapped(*row), table="community_key", row_id=community)


async def index_key_if_made(conn: Connection, ring: KeyRing, community: str) -> bytes | None:
    """Return the community's key for blind indexes; None before its first use."""
    row = await queries.community_key(conn, community=community)
    return ring.unwrap(Wrapped(*row), table="community_key", row_id=community) if row else None


async def make_again(conn: Connection, ring: KeyRing, community: str, subject_id: str) -> None:
    """Give a subject that the record has lost a new key; what the lost one sealed stays closed for ever."""
    kek_id, wrapped = ring.wrap(new_key(), table="subject_key", row_id=subject_id)
    await queries.make_subject_again(conn, subject_id=subject_id, community=community, kek_id=kek_id, wrapped=wrapped)


async def _make(conn: Connection, ring: KeyRing, community: str, subject_id: str) -> Subject:
    dek = new_key()
    kek_id, wrapped = ring.wrap(dek, table="subject_key", row_id=subject_id)
    await queries.make_subject(conn, subject_id=subject_id, community=community, kek_id=kek_id, wrapped=wrapped)
    return Subject(subject_id, dek)


async def _make_all(conn: Connection, ring: KeyRing, community: str, made: Sequence[Subject]) -> None:
    keys = [ring.wrap(one.dek, table="subject_key", row_id=one.subject_id) for one in made]
    await queries.make_subjects(
        conn,
        community=community,
        subject_ids=[one.subject_id for one in made],
        kek_ids=[one.kek_id for one in keys],
        wrapped=[one.sealed for one in keys],
    )


def _opened(ring: KeyRing, subject_id: str, kek_id: str, wrapped: bytes) -> Subject:
    return Subject(subject_id, ring.unwrap(Wrapped(kek_id, wrapped), table="subject_key", row_id=subject_id))
