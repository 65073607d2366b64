"""The pool of connections, opened by a composition root, and the named queries of `records/sql/`."""

import json
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, suppress
from functools import partial
from pathlib import Path
from typing import Any, Final, TypeAlias

import aiosql
import asyncpg
import asyncpg.pool
import asyncpg.transaction

from records.errors import DRIVER_ERRORS, guarded

Pool: TypeAlias = "asyncpg.Pool[asyncpg.Record]"
Connection: TypeAlias = "asyncpg.Connection[asyncpg.Record] | asyncpg.pool.PoolConnectionProxy[asyncpg.Record]"
Database: TypeAlias = "Pool | Connection"

SQL: Final = Path(__file__).parent / "sql"
queries: Final[Any] = aiosql.from_path(SQL, "asyncpg")
"""Every query of `records/sql/` by its name; arguments by keyword."""

TIMEOUTS: Final = {
    "statement_timeout": "10s",
    "lock_timeout": "5s",
    "idle_in_transaction_session_timeout": "30s",
}
ANSWER_S: Final = 12.0
"""Longest wait for an answer, above the server's own limit; catches a server that is silent."""

_SNAPSHOT: Final[dict[str, Any]] = {"isolation": "repeatable_read", "readonly": True}
_dumps = partial(json.dumps, ensure_ascii=False, separators=(",", ":"))


@guarded
async def open_pool(
    dsn: str, *, min_size: int = 1, max_size: int = 10, application: str = "huiyin", connect_s: float = 5.0
) -> Pool:
    """Open a pool in the running loop; it belongs to that loop and process. Raises `RecordsAway`."""
    return await asyncpg.create_pool(
        dsn,
        min_size=min_size,
        max_size=max_size,
        timeout=connect_s,
        command_timeout=ANSWER_S,
        server_settings={"application_name": application, "timezone": "UTC", **TIMEOUTS},
        init=_speak_json,
        reset=_leave_as_is,
    )


async def _speak_json(connection: Connection) -> None:
    await connection.set_type_codec("jsonb", encoder=_dumps, decoder=json.loads, schema="pg_catalog")


async def _leave_as_is(_connection: Connection) -> None:
    """Skip the driver's reset: no query of ours leaves a session setting or lock, and it costs a round trip."""


@asynccontextmanager
async def transaction(db: Database, *, snapshot: bool = False) -> AsyncIterator[Connection]:
    """Lend a connection with a transaction that ends with the block; inside another one it is a savepoint.

    `snapshot`: only reads, all of the same instant (of a pool; a given connection keeps its own isolation).
    Acquiring, beginning and committing fail with `RecordsError` alone; what the block raises comes out unchanged.
    """
    conn = await _borrow(db)
    try:
        work = conn.transaction(**(_SNAPSHOT if snapshot and isinstance(db, asyncpg.Pool) else {}))
        await _begin(work)
        try:
            yield conn
        except BaseException:
            with suppress(*DRIVER_ERRORS):
                await work.rollback()
            raise
        await _commit(work)
    finally:
        await _give_back(db, conn)


@guarded
async def _borrow(db: Database) -> Connection:
    return await db.acquire() if isinstance(db, asyncpg.Pool) else db


@guarded
async def _begin(work: asyncpg.transaction.Transaction) -> None:
    await work.start()


@guarded
async def _commit(work: asyncpg.transaction.Transaction) -> None:
    await work.commit()


@guarded
async def _give_back(db: Database, conn: Connection) -> None:
    if isinstance(db, asyncpg.Pool):
        await db.release(conn)  # type: ignore[arg-type]
