"""What the house looks like now: the record's pulse, and the processes that stand still."""

import asyncio
from dataclasses import dataclass
from datetime import timedelta

from temporalio.client import Client
from temporalio.service import RPCError

from records.errors import RecordsError
from records.pool import Pool
from records.pulse import Pulse, pulse
from starter.lost import lost_orders
from workflows.contract import order_of

STUCK = "TemporalReportedProblems IS NOT NULL AND ExecutionStatus = 'Running'"
"""The engine marks a process itself when its task has failed or timed out several times in a row (five by default)
and takes the mark off when one succeeds: a stuck case (ground.md, trap 7)."""
SHOWN = 20
PATIENCE = timedelta(seconds=5)


@dataclass(frozen=True)
class Sight:
    """None stands for a server that did not answer."""

    pulse: Pulse | None
    stuck: int | None
    stuck_orders: tuple[str, ...] = ()  # of those, so many as fit a screen
    lost_orders: tuple[str, ...] = ()  # the engine knows them, the record does not: nothing may be received (OPS-09)


async def look(pool: Pool, engine: Client | None) -> Sight:
    """Look at both servers; one that is away, or known to be (None), does not hide the other."""
    try:
        seen = await pulse(pool)
    except RecordsError:
        seen = None
    if engine is None:
        return Sight(seen, None)
    try:
        async with asyncio.timeout(PATIENCE.total_seconds()):  # of the SDK's own greeting too
            count = (await engine.count_workflows(STUCK, rpc_timeout=PATIENCE)).count
            found = engine.list_workflows(STUCK, limit=SHOWN, rpc_timeout=PATIENCE) if count else None
            names = tuple([order_of(one.id) async for one in found]) if found else ()
            lost = await _lost(pool, engine)
    except (RPCError, RuntimeError, TimeoutError):
        return Sight(seen, None)
    return Sight(seen, count, names, lost)


async def _lost(pool: Pool, engine: Client) -> tuple[str, ...]:
    try:
        return await lost_orders(pool, engine)
    except RecordsError:
        return ()
