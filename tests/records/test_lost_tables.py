"""A lost table is made again as the migrations made it, and is known as empty until it was filled (OPS-09)."""

import asyncpg
import pytest

from records.errors import RecordsRefused
from records.migrate import migrate
from records.pool import open_pool
from records.schema import LEDGER, MIGRATIONS, call_filled, lost_ledger, lost_tables, spoken_of, statements, tables

SHAPE = """
select 'column', attrelid::regclass::text, attname, format_type(atttypid, atttypmod) || attnotnull || attstorage::text
from pg_attribute where attrelid = any($1::regclass[]) and attnum > 0
union all
select 'index', indrelid::regclass::text, '', pg_get_indexdef(indexrelid)
from pg_index where indrelid = any($1::regclass[])
union all
select 'trigger', tgrelid::regclass::text, tgenabled::text, pg_get_triggerdef(oid)
from pg_trigger where tgrelid = any($1::regclass[]) and not tgisinternal
union all
select 'constraint', conrelid::regclass::text, conname, replace(pg_get_constraintdef(oid), ' NOT VALID', '')
from pg_constraint where conrelid = any($1::regclass[])
order by 1, 2, 3, 4"""


async def shape(dsn) -> list[tuple]:
    """All that makes the tables of a database what they are."""
    connection = await asyncpg.connect(dsn)
    try:
        return [tuple(row) for row in await connection.fetch(SHAPE, list(tables()))]
    finally:
        await connection.close()


async def drop(dsn, *names) -> None:
    connection = await asyncpg.connect(dsn)
    for name in names:
        await connection.execute(f"drop {'sequence' if name == 'order_number' else 'table'} {name} cascade")
    await connection.close()


async def test_it_is_the_same_again(empty_dsn) -> None:
    """OPS-09: each table by itself, and all together; another run changes nothing."""
    migrate(empty_dsn)
    before = await shape(empty_dsn)
    async with await open_pool(empty_dsn, max_size=1) as pool:
        for lost in (*((name,) for name in tables()), tables()):
            await drop(empty_dsn, *lost)
            assert await lost_tables(pool) == lost
            for _ in range(2):
                migrate(empty_dsn, again=True)
                assert (await shape(empty_dsn), await lost_tables(pool)) == (before, lost)
            await call_filled(pool)
            assert await lost_tables(pool) == ()


async def test_a_schema_that_is_lost_whole_is_made_by_the_migrations(empty_dsn) -> None:
    migrate(empty_dsn)
    before = await shape(empty_dsn)
    connection = await asyncpg.connect(empty_dsn)
    await connection.execute("drop schema public cascade")
    await connection.close()
    migrate(empty_dsn, again=True)
    assert await shape(empty_dsn) == before


APPLIED = "select migration_hash, migration_id from _yoyo_migration order by 2"


@pytest.mark.parametrize("lost", [(one,) for one in LEDGER] + [LEDGER[::2], LEDGER[1:]])
async def test_which_migrations_were_applied_is_known_again(empty_dsn, lost) -> None:
    """OPS-09: one of the tables that tell it is lost, or its version with it; the next start goes on from there."""
    count = migrate(empty_dsn)
    async with await open_pool(empty_dsn, max_size=1) as pool:
        before, shaped = [tuple(row) for row in await pool.fetch(APPLIED)], await shape(empty_dsn)
        await drop(empty_dsn, *lost)
        assert set(await lost_ledger(pool)) == set(lost)
        assert [migrate(empty_dsn), migrate(empty_dsn, again=True)] == [0, 0]
        assert (await lost_ledger(pool), await lost_tables(pool)) == ((), ())
        assert [tuple(row) for row in await pool.fetch(APPLIED)] == before
        assert await pool.fetchval("select count(distinct migration_id) from _yoyo_log") == count
    assert await shape(empty_dsn) == shaped


async def test_without_list_and_log_nothing_is_guessed(empty_dsn) -> None:
    """OPS-09: refused with a name of its own; nothing is made, nothing changed."""
    migrate(empty_dsn)
    before = await shape(empty_dsn)
    await drop(empty_dsn, *LEDGER)
    for again in (False, True):
        with pytest.raises(RecordsRefused, match="migrations-unknown"):
            migrate(empty_dsn, again=again)
    async with await open_pool(empty_dsn, max_size=1) as pool:
        assert set(await lost_ledger(pool)) == set(LEDGER)
    assert await shape(empty_dsn) == before


def test_every_statement_of_the_migrations_is_known_by_its_table() -> None:
    """A statement that is not understood would be left out when its table is made again."""
    for path in MIGRATIONS.glob("*.sql"):
        for one in statements(path.read_text(encoding="utf-8")):
            assert spoken_of(one) in tables() or one.startswith("create function"), one
