"""Bring a database to the newest numbered migration; safe to call at every start of every process."""

import logging
from pathlib import Path
from typing import Final

import aiosql
import psycopg
import yoyo
from yoyo.backends import DatabaseBackend

from records.errors import RecordsAway
from records.pool import SQL

MIGRATIONS: Final = Path(__file__).parent / "migrations"
CONNECT_S: Final = 10


def migrate(dsn: str) -> int:
    """Apply what is missing and return how many migrations that was. Raises `RecordsAway`."""
    try:
        return _alone(dsn)
    except psycopg.OperationalError as error:
        away = RecordsAway(type(error).__name__)
    raise away


def _alone(dsn: str) -> int:
    """Migrate under our advisory lock: two processes may start at once, and a killed one leaves no lock."""
    logging.getLogger("yoyo").setLevel(logging.WARNING)
    with psycopg.connect(dsn, autocommit=True, connect_timeout=CONNECT_S) as guard:
        aiosql.from_path(SQL / "migrate.sql", "psycopg").lock_migrations(guard)
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
