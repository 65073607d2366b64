"""What can go wrong in the record, told without a single value of it (PA-04).

RecordsError
├── RecordsAway      PostgreSQL is away, refuses, is too slow: try again
└── RecordsRefused   it answered no; the code says why
"""

from collections.abc import Awaitable, Callable, Coroutine
from functools import wraps
from typing import Any, Final, ParamSpec, TypeVar

import asyncpg

CHAIN_CONFLICT: Final = "chain-conflict"
APPEND_ONLY: Final = "HY001"
"""SQLSTATE of the append-only triggers (migration 0001)."""

_AWAY_CLASSES: Final = ("08", "40", "53", "57", "58")
"""SQLSTATE classes that a later try may heal: connection, rollback, resources, operator, system."""

_AWAY_STATES: Final = frozenset({"55P03", "25006", "25P03", "25P04"})
"""Lock not available, read-only after a failover, transaction timed out."""

_NAMED: Final = {APPEND_ONLY: "append-only", "42P01": "tables-lost"}
"""SQLSTATEs whose refusal has a name of its own."""

DRIVER_ERRORS: Final = (asyncpg.PostgresError, asyncpg.InterfaceError, asyncpg.InternalClientError, OSError)
"""All that asyncpg raises; `TimeoutError` is an `OSError`, and a cut connection can show as an internal error."""

P = ParamSpec("P")
T = TypeVar("T")


class RecordsError(Exception):
    """Something about the record, as a stable code; never a driver's sentence, which quotes rows."""

    def __init__(self, code: str) -> None:
        super().__init__(code)
        self.code = code


class RecordsAway(RecordsError):  # noqa: N818 - a state of the world, not a fault of ours
    """PostgreSQL cannot answer now; the same call may succeed later."""

    def __init__(self, because: str) -> None:
        super().__init__("records-away")
        self.because = because  # name of the driver's error or its SQLSTATE


class RecordsRefused(RecordsError):  # noqa: N818 - named like domain.refusals.Refused
    """PostgreSQL answered no, and will again."""


def guarded(work: Callable[P, Awaitable[T]]) -> Callable[P, Coroutine[Any, Any, T]]:
    """Let no driver error out of `work`: not as cause, not as context."""

    @wraps(work)
    async def call(*args: P.args, **kwargs: P.kwargs) -> T:
        try:
            return await work(*args, **kwargs)
        except DRIVER_ERRORS as error:
            trouble = told_plainly(error)
        raise trouble  # outside `except`, so that the driver's error is not its context

    return call


def told_plainly(error: Exception) -> RecordsError:
    """Name a driver's error without its words; a `DataError`, of server or driver, quotes the value."""
    match error:
        case asyncpg.DataError():
            return RecordsRefused("value-unfit")
        case asyncpg.PostgresError():
            return _by_state(error.sqlstate or "")
        case _:
            return RecordsAway(type(error).__name__)


def _by_state(state: str) -> RecordsError:
    if state[:2] in _AWAY_CLASSES or state in _AWAY_STATES:
        return RecordsAway(state)
    return RecordsRefused(_NAMED.get(state, f"sqlstate-{state}"))
