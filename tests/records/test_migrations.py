"""Migrations can be run twice, by two processes at once, and after one of them was killed."""

import asyncio

import asyncpg
import pytest

from records.errors import RecordsAway
from records.migrate import MIGRATIONS, migrate

COUNT = len(list(MIGRATIONS.glob("*.sql")))


async def test_a_second_run_finds_nothing_to_do(empty_dsn):
    assert migrate(empty_dsn) == COUNT
    assert migrate(empty_dsn) == 0


async def test_of_runs_at_once_one_does_the_work(empty_dsn):
    done = await asyncio.gather(*(asyncio.to_thread(migrate, empty_dsn) for _ in range(4)))
    assert sorted(done) == [0, 0, 0, COUNT]


async def test_a_lock_left_by_a_killed_run_is_passed_over(empty_dsn):
    migrate(empty_dsn)
    conn = await asyncpg.connect(empty_dsn)
    await conn.execute("insert into yoyo_lock values (1, now(), 4711)")
    await conn.close()
    assert migrate(empty_dsn) == 0


async def test_no_connection_is_left_open(empty_dsn):
    migrate(empty_dsn)
    conn = await asyncpg.connect(empty_dsn)
    others = "select count(*) from pg_stat_activity where datname = current_database() and pid <> pg_backend_pid()"
    assert await conn.fetchval(others) == 0
    await conn.close()


async def test_an_absent_server_is_named_so(tmp_path):
    with pytest.raises(RecordsAway) as away:
        migrate(f"postgresql://postgres:@/postgres?host={tmp_path}")
    assert away.value.__context__ is None


async def test_every_table_of_ours_says_what_its_current_row_holds(own_pool):
    """Columns of `work_order` carry every field of the contract's row."""
    from workflows.effects import CurrentRow  # noqa: PLC0415

    found = await own_pool.fetch("select column_name from information_schema.columns where table_name = 'work_order'")
    assert set(CurrentRow.model_fields) < {row["column_name"] for row in found}
