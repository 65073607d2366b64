"""The house ledger: compared with what is known, persons found or made, and only then written, all at once."""

import json
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, Final, NamedTuple

from domain.audit import canonical
from domain.settings.house_ledger import Line, Resident, person_of
from records.errors import RecordsRefused, guarded
from records.naming import normalise_phone
from records.pool import Connection, Database, queries, transaction
from records.subjects import Subject, find_or_make_all, index_key, index_key_if_made
from records.vault import KeyRing, Wrapped, blind, new_key, open_content, seal_content

TABLE: Final = "ledger_resident"
COLUMNS: Final = ("community", "room", "person", "subject_id", "mark", "sealed")
STRIDE: Final = 2_000
"""Persons found or made in one transaction: whoever reports a matter meanwhile waits for no more than that."""
COPIED: Final = 20_000
"""Rows copied in one statement, far from its time limit."""


class Source(NamedTuple):
    """Where lines come from."""

    file: str
    digest: str  # SHA-256 (hex) of the file
    loaded_by: str  # usr_…


class Place(NamedTuple):
    """One line's room and person, blinded."""

    room: bytes
    person: bytes


class Spoken(NamedTuple):
    """A resident to be written: where, what is sealed of him, and the mark of that."""

    place: Place
    facts: bytes
    mark: bytes
    phone: bytes | None  # blinded


@dataclass
class Plan:
    """What a ledger would change in the record; no word of it is shown."""

    community: str
    since: int  # number of the last load it was compared with
    rooms: list[bytes] = field(default_factory=list, repr=False)
    added: list[Spoken] = field(default_factory=list, repr=False)
    changed: list[Spoken] = field(default_factory=list, repr=False)
    removed: list[Place] = field(default_factory=list, repr=False)
    unchanged: int = 0

    @property
    def counts(self) -> dict[str, int]:
        """Return how much is new, and how much of it was known."""
        told = {name: len(getattr(self, name)) for name in ("rooms", "added", "changed", "removed")}
        return {**told, "unchanged": self.unchanged}

    @property
    def empty(self) -> bool:
        """Whether everything is known already."""
        return not (self.rooms or self.added or self.changed or self.removed)


@guarded
async def compare(db: Database, ring: KeyRing, community: str, lines: Sequence[Line], *, dry_run: bool) -> Plan:
    """Compare lines with the record. A dry run leaves no index key behind: without one nothing is known anyway."""
    async with transaction(db) as conn:
        key = await _index_key(conn, ring, community, dry_run=dry_run)
        plan = Plan(community, await queries.ledger_number(conn, community=community))
        rooms = {row[0] async for row in queries.ledger_rooms(conn, community=community)}
        known = {Place(*row[:2]): row[2] async for row in queries.ledger_marks(conn, community=community)}
    for line in lines:
        room = blind(key, f"room:{line.room}")
        if room not in rooms:
            rooms.add(room)
            plan.rooms.append(room)
        if line.resident is not None:
            _sort(plan, line, Place(room, blind(key, person_of(line.resident))), key, known)
    return plan


async def _index_key(conn: Connection, ring: KeyRing, community: str, *, dry_run: bool) -> bytes:
    if dry_run:
        return await index_key_if_made(conn, ring, community) or new_key()
    return await index_key(conn, ring, community)


def _sort(plan: Plan, line: Line, place: Place, key: bytes, known: Mapping[Place, bytes]) -> None:
    """Put one resident where he belongs: new, changed, gone, or known as he is."""
    resident = line.resident or Resident()
    before = known.get(place)
    facts = canonical(
        {**resident._asdict(), "groups": list(resident.groups), "room": line.room, "household": line.household}
    )
    mark = blind(key, facts.decode())
    number = normalise_phone(resident.phone)
    if line.leaves:
        plan.unchanged += before is None
        if before is not None:
            plan.removed.append(place)
    elif before == mark:
        plan.unchanged += 1
    else:
        spoken = Spoken(place, facts, mark, blind(key, number) if number else None)
        (plan.added if before is None else plan.changed).append(spoken)


class Sealed(NamedTuple):
    """A plan whose residents have their keys, ready to be written."""

    plan: Plan
    added: list[tuple[Any, ...]]
    changed: list[tuple[Any, ...]]


async def seal(db: Database, ring: KeyRing, plan: Plan, tell: Callable[[int], None] = lambda _: None) -> Sealed:
    """Find or make the persons, some at a time, and seal what is said of them; `tell` hears how many are done.

    A load that dies meanwhile leaves persons of whom nothing is said: the next one finds them.
    """
    done: list[tuple[Any, ...]] = []
    every = plan.added + plan.changed
    for start in range(0, len(every), STRIDE):
        some = every[start : start + STRIDE]
        done += [
            _row(plan.community, one, owner)
            for one, owner in zip(some, await _persons(db, ring, plan.community, some), strict=True)
        ]
        tell(len(done))
    return Sealed(plan, done[: len(plan.added)], done[len(plan.added) :])


@guarded
async def _persons(db: Database, ring: KeyRing, community: str, some: Sequence[Spoken]) -> list[Subject]:
    async with transaction(db) as conn:
        return await find_or_make_all(conn, ring, community, [one.phone for one in some])


def _row(community: str, one: Spoken, owner: Subject) -> tuple[Any, ...]:
    sealed = seal_content(
        owner.dek, one.facts, community=community, table=TABLE, row_id=_row_id(*one.place), subject_id=owner.subject_id
    )
    return (community, *one.place, owner.subject_id, one.mark, sealed)


def _row_id(room: bytes, person: bytes) -> str:
    return f"{room.hex()}:{person.hex()}"


@guarded
async def write(conn: Connection, sealed: Sealed, source: Source) -> None:
    """Write everything, inside the caller's transaction; refuses with `ledger-busy` when another load came between."""
    plan = sealed.plan
    if plan.empty:
        return
    mine = await queries.try_lock_ledger(conn, community=plan.community)
    if not mine or await queries.ledger_number(conn, community=plan.community) != plan.since:
        raise RecordsRefused("ledger-busy")
    rooms, persons = [one.room for one in plan.removed], [one.person for one in plan.removed]
    await queries.remove_residents(conn, community=plan.community, rooms=rooms, persons=persons)
    for start in range(0, len(sealed.changed), STRIDE):
        await _change(conn, plan.community, sealed.changed[start : start + STRIDE])
    await _copy(conn, "ledger_room", ("community", "room"), [(plan.community, one) for one in plan.rooms])
    await _copy(conn, TABLE, COLUMNS, sealed.added)
    counts = {name: number for name, number in plan.counts.items() if name != "unchanged"}
    await queries.add_ledger_load(conn, community=plan.community, **source._asdict(), **counts)


async def _change(conn: Connection, community: str, rows: Sequence[tuple[Any, ...]]) -> None:
    _, rooms, persons, subject_ids, marks, seals = (list(column) for column in zip(*rows, strict=True))
    await queries.change_residents(
        conn, community=community, rooms=rooms, persons=persons, subject_ids=subject_ids, marks=marks, seals=seals
    )


async def _copy(conn: Connection, table: str, columns: Sequence[str], rows: Sequence[tuple[Any, ...]]) -> None:
    for start in range(0, len(rows), COPIED):
        await conn.copy_records_to_table(table, records=rows[start : start + COPIED], columns=columns)


@guarded
async def of_subject(conn: Connection, ring: KeyRing, subject_id: str) -> list[Resident]:
    """Return what the ledger says of a person, for each room of his; empty for somebody it does not know."""
    return [_opened(ring, *row) async for row in queries.residents_of_subject(conn, subject_id=subject_id)]


@guarded
async def at_room(conn: Connection, ring: KeyRing, community: str, room: str) -> list[Resident]:
    """Return who lives in a room, by its one spelling (`domain.intake.proposing.room_name`)."""
    key = await index_key_if_made(conn, ring, community)
    if key is None:
        return []
    found = queries.residents_of_room(conn, community=community, room=blind(key, f"room:{room}"))
    return [_opened(ring, *row) async for row in found]


def _opened(
    ring: KeyRing, community: str, room: bytes, person: bytes, subject_id: str, sealed: bytes, *wrapped: Any
) -> Resident:
    dek = ring.unwrap(Wrapped(*wrapped), table="subject_key", row_id=subject_id)
    facts = json.loads(
        open_content(dek, sealed, community=community, table=TABLE, row_id=_row_id(room, person), subject_id=subject_id)
    )
    said = {name: facts[name] for name in Resident._fields}
    return Resident(**{**said, "groups": tuple(said["groups"])})
