"""A PostgreSQL that does not answer is named so, without a word of what was asked."""

import traceback

import asyncpg
import pytest

from activities.record import RecordActivities
from domain.refusals import Refused
from records.errors import RecordsAway, RecordsRefused, told_plainly
from records.pool import open_pool, transaction
from records.read import orders
from records.write import record
from starter.desk import Desk, fingerprint

CANARY = "canary-words"


async def test_no_server(tmp_path):
    password = CANARY
    with pytest.raises(RecordsAway, match=r"^records-away$") as away:
        await open_pool(f"postgresql://postgres:{password}@/postgres?host={tmp_path}")
    assert away.value.__context__ is away.value.__cause__ is None
    assert CANARY not in "".join(traceback.format_exception(away.value))


async def test_a_port_nobody_listens_on():
    with pytest.raises(RecordsAway):
        await open_pool("postgresql://postgres@127.0.0.1:1/postgres")


async def test_a_connection_that_is_cut_in_mid_statement(own_pool, story):
    async with own_pool.acquire() as conn:
        await conn.execute("select 1")
        await own_pool.execute("select pg_terminate_backend($1)", conn.get_server_pid())
        with pytest.raises(RecordsAway) as away:
            await record(conn, story(CANARY, 1, 1))
        assert CANARY not in repr(away.value)
        assert away.value.__context__ is None
    assert await record(own_pool, story(CANARY, 1, 1)) == 1


async def test_a_transaction_that_is_cut_before_its_end(own_pool):
    with pytest.raises(RecordsAway):
        async with transaction(own_pool) as conn:
            await own_pool.execute("select pg_terminate_backend($1)", conn.get_server_pid())
    assert await orders(own_pool, ["jinxiu"]) == []


async def test_a_statement_that_waits_too_long(own_pool, story):
    batch = story("wo_1", 1, 1)
    await record(own_pool, batch)
    async with own_pool.acquire() as holder, own_pool.acquire() as conn, holder.transaction():
        await holder.execute("lock table work_order_event in access exclusive mode")
        await conn.execute("set lock_timeout = '50ms'")
        with pytest.raises(RecordsAway) as away:
            await record(conn, batch)
        assert away.value.because == "55P03"
        await conn.execute("reset lock_timeout")


async def test_a_pool_that_is_closed(empty_dsn):
    closed = await open_pool(empty_dsn)
    await closed.close()
    with pytest.raises(RecordsAway):
        await orders(closed, ["jinxiu"])


async def test_an_activity_says_so_and_is_tried_again(empty_dsn, story):
    from temporalio.exceptions import ApplicationError  # noqa: PLC0415

    closed = await open_pool(empty_dsn)
    await closed.close()
    with pytest.raises(ApplicationError) as failed:
        await RecordActivities(closed).record(story("wo_1", 1, 1))
    assert (failed.value.type, failed.value.non_retryable) == ("records-away", False)


@pytest.mark.parametrize(
    ("error", "named", "code"),
    [
        (asyncpg.CannotConnectNowError(CANARY), RecordsAway, "records-away"),
        (asyncpg.TooManyConnectionsError(CANARY), RecordsAway, "records-away"),
        (asyncpg.AdminShutdownError(CANARY), RecordsAway, "records-away"),
        (asyncpg.QueryCanceledError(CANARY), RecordsAway, "records-away"),
        (asyncpg.DeadlockDetectedError(CANARY), RecordsAway, "records-away"),
        (asyncpg.ReadOnlySQLTransactionError(CANARY), RecordsAway, "records-away"),
        (asyncpg.ConnectionDoesNotExistError(CANARY), RecordsAway, "records-away"),
        (TimeoutError(CANARY), RecordsAway, "records-away"),
        (ConnectionResetError(CANARY), RecordsAway, "records-away"),
        (asyncpg.UniqueViolationError(CANARY), RecordsRefused, "sqlstate-23505"),
        (asyncpg.UndefinedTableError(CANARY), RecordsRefused, "tables-lost"),
        (asyncpg.DataError(CANARY), RecordsRefused, "value-unfit"),
    ],
)
def test_each_trouble_has_its_name(error, named, code):
    trouble = told_plainly(error)
    assert (type(trouble), trouble.code) == (named, code)
    assert CANARY not in repr(trouble) + repr(vars(trouble))


async def test_a_door_without_its_index_key_says_that_the_record_is_away(empty_dsn):
    """A driver's error while a connection is lent must not pass a door as anything but a refusal."""
    closed = await open_pool(empty_dsn)
    await closed.close()
    with pytest.raises(Refused) as refused:
        await fingerprint(Desk(closed, None, None, None), "jinxiu", {})
    assert refused.value.code == "records-away"
