"""Is the record the one that the engine's orders were received with? A lost or older one hands their numbers out again.

An order's intake is committed before its process is started, so an order that the engine knows and no intake tells of
was lost. Its process lives for the whole time in which it may be reopened, and the engine lists what runs first, by the
start of its last run, the newest first: after the loss of all tables, or of those since a backup, the newest orders are
among the lost.
"""

from contextlib import suppress
from datetime import timedelta
from typing import Final

from temporalio.client import Client
from temporalio.service import RPCError

from domain.refusals import Refused
from records import reconcile as record
from records.pool import Database
from records.schema import lost_tables
from starter.desk import PATIENCE, PROMPT, Desk, kept, patiently
from workflows.contract import order_of

ORDERS: Final = 'WorkflowType = "WorkOrder"'
NEWEST: Final = 100
"""So many are looked at: one answer of the engine, and enough for receptions that came after the loss."""
ANSWER: Final = timedelta(seconds=5)


async def lost_orders(db: Database, engine: Client) -> tuple[str, ...]:
    """Name those of the engine's newest orders that the record lacks.

    Raises `RecordsError`; `RPCError` or `RuntimeError` when the engine is away.
    """
    listed = engine.list_workflows(ORDERS, limit=NEWEST, page_size=NEWEST, rpc_timeout=ANSWER)
    return await record.never_received(db, [order_of(one.id) async for one in listed])


async def check_numbers(desk: Desk) -> bool:
    """Refuse while a new order could be given the number of one that lives (OPS-07, OPS-09).

    Returns whether the engine answered in time for a number (INT-14); where nothing was received yet it alone can tell,
    and is waited for longer. Raises `Refused`: `tables-lost`; `record-lost`; `records-away`; `engine-away`
    where only it can tell.
    """
    if await kept(lost_tables(desk.pool)):
        raise Refused("tables-lost")
    received = await kept(record.received_any(desk.pool))
    try:
        lost = await kept(patiently(lost_orders(desk.pool, desk.engine), PROMPT if received else PATIENCE))
    except (RPCError, RuntimeError):
        if received:
            return False  # a matter can be received while the engine is away (design 6)
        raise Refused("engine-away") from None
    _refuse(lost)
    return True


async def check_known(desk: Desk) -> None:
    """Refuse with `record-lost` where the record knows of nothing and the engine has orders: none is another answer.

    Whether there are some nobody can tell while the engine is away.
    """
    if await kept(record.received_any(desk.pool)):
        return
    with suppress(RPCError, RuntimeError):
        _refuse(await kept(patiently(lost_orders(desk.pool, desk.engine), PROMPT)))


def _refuse(lost: tuple[str, ...]) -> None:
    """Refuse while orders are lost, naming the first."""
    if lost:
        raise Refused("record-lost", order=lost[0].removeprefix("wo_"))
