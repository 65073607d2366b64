"""How late alarms are: the instant the engine notes a breach, less the instant it was due; in real time.

Orders are received back-dated, so that their response limits end some seconds ahead.
"""

import asyncio
import time
from collections.abc import Callable, Sequence
from datetime import UTC, datetime, timedelta

from bench.figures import Figure, mode, spread
from bench.life import EngineLife, many
from bench.place import Place, until
from starter.client import dues
from workflows.contract import workflow_id

SUBJECT = "alarm error"
AT_ONCE = 32
APART_S = 2.0
MINUTE_S = 60.0
HEADROOM = 1.5
BREACHED = """
select order_id, extract(epoch from recorded_at - at)::float8 as late
from work_order_event
where order_id = any($1) and type = 'work_order.clock_breached'
  and convert_from(body, 'UTF8')::jsonb -> 'payload' ->> 'clock' = 'response'
"""
Plan = Callable[[int], float]
"""From an order's number to the seconds by which it falls due after the first."""


async def measure(place: Place) -> list[Figure]:
    """Measure alarms alone, spread over a minute, and due in the very same second."""
    alone, few, lots = place.size(10, 3), place.size(300, 30), place.size(1000, 60)
    sets: list[tuple[str, int, Plan, str]] = [
        ("alone", alone, lambda number: number * APART_S, "≤ 100"),
        (f"{lots:,} within a minute", lots, lambda number: number * MINUTE_S / lots, "≤ 1000"),
        (f"{few:,} in the same second", few, lambda _: 0.0, "≤ 2000"),
        (f"{lots:,} in the same second", lots, lambda _: 0.0, "≤ 7000"),
    ]
    figures: list[Figure] = []
    for sandbox in (False, True):
        async with place.worker(sandbox=sandbox):
            rate = await _starts_a_second(place)
            for name, count, plan, bar in sets:
                late = await _lateness(place, count, plan, rate)
                figures += spread(f"{SUBJECT}, {mode(sandbox=sandbox)}", name, late, bar)
    return figures


async def _starts_a_second(place: Place) -> float:
    """Measure how fast back-dated orders start, so that all are there before the first falls due."""
    life, count = EngineLife(place.desk), 64
    received_at = datetime.now(UTC) - timedelta(minutes=10)
    begun = time.perf_counter()
    orders = await many(lambda _: life.start(received_at), count, AT_ONCE)
    await until(lambda: _all_known(place, orders))
    rate = count / (time.perf_counter() - begun)
    await _forget(place, orders)
    return rate


async def _lateness(place: Place, count: int, plan: Plan, rate: float) -> list[float]:
    """Let so many orders fall due; return by how many seconds each alarm came late."""
    life = EngineLife(place.desk)
    limit = dues(life.pattern)["response_due_at"]
    assert limit is not None
    budget = limit - life.pattern.received_at
    first = datetime.now(UTC).replace(microsecond=0) + timedelta(seconds=count / rate * HEADROOM + 3)

    async def start(number: int) -> str:
        return await life.start(first + timedelta(seconds=plan(number)) - budget)

    orders = await many(start, count, AT_ONCE)
    await until(lambda: _all_known(place, orders))
    assert datetime.now(UTC) < first, "orders were not all there before the first fell due"
    await asyncio.sleep((first - datetime.now(UTC)).total_seconds() + plan(count - 1))
    await until(lambda: _all_spoken(place, orders), pause=0.5)
    late = [row["late"] for row in await place.sql(BREACHED, orders)]
    await _forget(place, orders)
    return late


async def _all_known(place: Place, orders: Sequence[str]) -> bool:
    [row] = await place.sql("select count(*) as known from work_order where order_id = any($1) and seq > 0", orders)
    return bool(row["known"] == len(orders))


async def _all_spoken(place: Place, orders: Sequence[str]) -> bool:
    return len(await place.sql(BREACHED, orders)) == len(orders)


async def _forget(place: Place, orders: Sequence[str]) -> None:
    """End these orders' processes, so that the next levels of their ladders disturb no later measurement."""

    async def end(number: int) -> None:
        await place.desk.engine.get_workflow_handle(workflow_id(orders[number])).terminate("measured")

    await many(end, len(orders), AT_ONCE)
