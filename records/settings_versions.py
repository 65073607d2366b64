"""Versions of the communities' settings: added one after another, never changed (docs/decisions/0015)."""

from datetime import datetime
from typing import NamedTuple

from records.errors import guarded
from records.pool import Connection, Database, queries


class Version(NamedTuple):
    """The settings as they were loaded, in force from `loaded_at` until the next version."""

    number: int
    digest: str  # SHA-256 (hex) of body
    roster: str  # digest of the staff table, as decisions to dispatch keep it
    file: str
    loaded_by: str
    loaded_at: datetime
    body: str  # canonical JSON, without residents


@guarded
async def number_in_force(db: Database) -> int | None:
    """Return the number of the version in force; None when none was ever loaded."""
    found: int | None = await queries.settings_number(db)
    return found


@guarded
async def in_force(db: Database) -> Version | None:
    """Return the version in force; None when none was ever loaded."""
    return _version(await queries.settings_newest(db))


@guarded
async def in_force_at(db: Database, at: datetime) -> Version | None:
    """Return the version that was in force at an instant; None before the first one."""
    return _version(await queries.settings_at(db, at=at))


@guarded
async def with_roster(db: Database, roster: str) -> Version | None:
    """Return the newest version with a staff table, by the digest that decisions to dispatch keep."""
    return _version(await queries.settings_by_roster(db, roster=roster))


@guarded
async def first_at(db: Database) -> datetime | None:
    """Return since when versions are kept."""
    found: datetime | None = await queries.settings_first_at(db)
    return found


@guarded
async def locked(conn: Connection) -> Version | None:
    """Let loads in one after another until the transaction ends; return the version in force by then."""
    await queries.lock_settings(conn)
    return _version(await queries.settings_newest(conn))


@guarded
async def add(conn: Connection, *, digest: str, roster: str, body: str, file: str, loaded_by: str) -> Version:
    """Add a version, in force from now on; inside a transaction that holds the lock."""
    row = await queries.add_settings(conn, digest=digest, roster=roster, body=body, file=file, loaded_by=loaded_by)
    return Version(*row)


def _version(row: tuple[object, ...] | None) -> Version | None:
    return Version(*row) if row is not None else None  # type: ignore[arg-type]
