"""Bring a database to the newest numbered migration; safe to call at every start of every process."""

import logging
from typing import Final

import aiosql
import psycopg
import yoyo
from yoyo.backends import DatabaseBackend

from records.errors import RecordsAway
from records.pool import SQL
from records.schema import MIGRATIONS, check_ledger, make_again

CONNECT_S: Final = 10


def migrate(dsn: str, *, again: bool = False) -> int:
    """Apply what is missing and return how many migrations that was.

    `again`: tables that were made once and are lost are made again before, empty (`records.schema`).
    Raises `RecordsAway`; `RecordsRefused` (`migrations-unknown`) where nothing tells any more which were applied.
    """
    try:
        return _alone(dsn, again=again)
    except psycopg.OperationalError as error:
        away = RecordsAway(type(error).__name__)
    raise away


def _alone(dsn: str, *, again: bool) -> int:
    """Migrate under our advisory lock: two processes may start at once, and a killed one leaves no lock."""
    logging.getLogger("yoyo").setLevel(logging.WARNING)
    with psycopg.connect(dsn, autocommit=True, connect_timeout=CONNECT_S) as guard:
        named = aiosql.from_path(SQL / "migrate.sql", "psycopg")
        named.lock_migrations(guard)
        named.have_schema(guard)
        named.have_ledger(guard)
        check_ledger(guard)
        if again:
            make_again(guard)
        backend = yoyo.get_backend("postgresql+psycopg://" + dsn.partition("://")[2])
        try:
            return _apply(backend)
        finally:
            backend.connection.close()


def _apply(backend: DatabaseBackend) -> int:
    backend.break_lock()  # yoyo's own lock is a row: here it can only be left over from a killed process
    missing = backend.to_apply(yoyo.read_migrations(str(MIGRATIONS)))
    backend.apply_migrations(missing)
    return len(missing)
