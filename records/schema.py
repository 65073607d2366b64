"""The tables that the migrations make: which of them are lost, and making those again, empty, to be filled (OPS-09).

A lost table is made by the very statements of the migrations that speak of it. It carries a mark until it is filled,
so that a rebuild which was broken off does not look like a whole record.
"""

import re
from collections.abc import Iterator, Sequence
from functools import cache
from pathlib import Path
from typing import Any, Final

import aiosql
import psycopg
import sqlparse

from records.errors import RecordsRefused, guarded
from records.pool import SQL, Database, queries

MIGRATIONS: Final = Path(__file__).parent / "migrations"
LEDGER: Final = ("_yoyo_migration", "_yoyo_log", "_yoyo_version")
"""Where yoyo keeps which migrations were applied; `records.migrate` writes them again, whatever of them is lost."""
UNFILLED: Final = "lost and made again, not filled yet"
MAKES: Final = re.compile(r"^create (?:table|sequence) (\w+)", re.MULTILINE)
SPEAKS_OF: Final = re.compile(
    r"(?:(?:create|alter) (?:table|sequence)|update) (\w+)|(?:create|drop) (?:index|trigger) \w+.*?\bon\s+(\w+)",
    re.DOTALL,
)
REFERS: Final = re.compile(r"(?:^|add column)\s+(\w+) [^\n,]*?\breferences (\w+)([\w ]*)", re.MULTILINE)


@cache
def tables() -> tuple[str, ...]:
    """Name every table and sequence of ours, in the order in which they are made."""
    return tuple(name for path in _files() for name in MAKES.findall(path.read_text(encoding="utf-8")))


@guarded
async def lost_tables(db: Database) -> tuple[str, ...]:
    """Name the tables that are not there, and those made again that nobody has filled yet."""
    return tuple([row[0] async for row in queries.lost_tables(db, names=tables(), unfilled=UNFILLED)])


@guarded
async def lost_ledger(db: Database) -> tuple[str, ...]:
    """Name what is lost of the tables that tell which migrations were applied; nothing of ours needs them to run."""
    return tuple([row[0] async for row in queries.lost_tables(db, names=LEDGER, unfilled=UNFILLED)])


@guarded
async def call_filled(db: Database) -> None:
    """Take the mark off every table: what the histories tell stands in the record again."""
    for name in await lost_tables(db):
        await db.execute(f"comment on {_kind(name)} {name} is null")


def check_ledger(guard: "psycopg.Connection[Any]") -> None:
    """Refuse with `migrations-unknown` where our tables are and nothing tells how far they were migrated."""
    named = aiosql.from_path(SQL / "schema.sql", "psycopg")
    if named.was_migrated(guard):
        return
    if len(list(named.lost_tables(guard, names=list(tables()), unfilled=""))) < len(tables()):
        raise RecordsRefused("migrations-unknown")


def make_again(guard: "psycopg.Connection[Any]") -> None:
    """Make the lost tables again by those migrations that were applied, all or none of them."""
    named = aiosql.from_path(SQL / "schema.sql", "psycopg")
    if not named.was_migrated(guard):
        return  # the migrations themselves make all
    applied = {row[0] for row in named.applied(guard)}
    told = [one for path in _files() if path.stem in applied for one in statements(path.read_text(encoding="utf-8"))]
    known = [name for name in tables() if name in set(map(spoken_of, told))]
    lost = [row[0] for row in named.lost_tables(guard, names=known, unfilled="")]
    with guard.transaction():
        for statement in (*(one for one in told if spoken_of(one) in lost), *references(told, lost)):
            guard.execute(statement.encode())
        for name in lost:
            guard.execute(f"comment on {_kind(name)} {name} is '{UNFILLED}'".encode())


def statements(text: str) -> list[str]:
    """Cut a migration into its statements, without its comments."""
    return sqlparse.split(re.sub(r"--.*", "", text))


def spoken_of(statement: str) -> str | None:
    """Return the table or sequence of ours that a statement makes or changes."""
    found = SPEAKS_OF.match(statement)
    return found and (found[1] or found[2])


def references(told: Sequence[str], lost: Sequence[str]) -> Iterator[str]:
    """Let tables that are there refer again to those that were lost; rows of before are not asked (`not valid`)."""
    for statement in told:
        table = spoken_of(statement)
        for column, other, when in REFERS.findall(statement):
            if other in lost and table not in lost:
                yield f"alter table {table} add foreign key ({column}) references {other}{when} not valid"


def _files() -> list[Path]:
    return sorted(MIGRATIONS.glob("*.sql"))


def _kind(name: str) -> str:
    return "sequence" if name == "order_number" else "table"
