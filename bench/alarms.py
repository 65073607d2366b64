"""How late alarms are: the instant the engine notes a breach, less the instant it was due; in real time.

Orders are received back-dated, so that their response limits end some seconds ahead. They are received a few at a time:
Temporal counts a timer from the end of the task that arms it, so a task that takes long arms its alarm late. The last
set is received all at once, to show that.
"""

import asyncio
import time
from collections.abc import Callable, Sequence
from datetime import UTC, datetime, timedelta

from bench import processor
from bench.figures import Figure, mode, spread
from bench.life import EngineLife, many
from bench.place import Place, Program, until
from starter.client import dues
from workflows.contract import workflow_id

SUBJECT = "alarm error"
CALM, BURST = 4, 32
"""So many are received at once."""
APART_S = 2.0
MINUTE_S = 60.0
BURST_APART_S = 0.2
HEADROOM = 1.3
TRIES = 3
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
    burst = place.size(100, 16)
    sets: list[tuple[str, int, Plan, int, str | None]] = [
        ("alone", alone, lambda number: number * APART_S, CALM, "≤ 100"),
        (f"{lots:,} within a minute", lots, lambda number: number * MINUTE_S / lots, CALM, "≤ 1000"),
        (f"{few:,} in the same second", few, lambda _: 0.0, CALM, "≤ 2000"),
        (f"{lots:,} in the same second", lots, lambda _: 0.0, CALM, "≤ 7000"),
        (
            f"{burst:,}, {1 / BURST_APART_S:.0f} a second, received {BURST} at once",
            burst,
            lambda n: n * BURST_APART_S,
            BURST,
            None,
        ),
    ]
    figures: list[Figure] = []
    for sandbox in (False, True):
        kind = f"{SUBJECT}, {mode(sandbox=sandbox)}"
        async with place.worker(sandbox=sandbox) as worker:
            rate = await _starts_a_second(place)
            for name, count, plan, at_once, bar in sets:
                late, spent = await _lateness(place, worker, count, (plan, at_once, rate))
                figures += spread(kind, name, late, bar)
                if count == lots and plan(lots) == 0.0:
                    figures += [Figure(kind, f"{name}, processor: {part}", each, "ms") for part, each in spent.items()]
    return figures


async def _starts_a_second(place: Place) -> float:
    """Measure how fast back-dated orders start, so that all are there before the first falls due."""
    life, count = EngineLife(place.desk), 64
    received_at = datetime.now(UTC) - timedelta(minutes=10)
    begun = time.perf_counter()

    async def start(_: int) -> str:
        order_id = await life.start(received_at)
        await place.until_recorded(order_id)
        return order_id

    orders = await many(start, count, CALM)
    rate = count / (time.perf_counter() - begun)
    await _forget(place, orders)
    return rate


async def _lateness(
    place: Place, worker: Program, count: int, how: tuple[Plan, int, float]
) -> tuple[list[float], dict[str, float]]:
    """Let so many orders fall due; return by how many seconds each alarm came late, and what one took of the processor.

    `how` is the plan, how many are received at once, and how many can be received in a second.
    """
    plan, at_once, rate = how
    for attempt in range(TRIES):
        lead = timedelta(seconds=count / rate * HEADROOM * 2**attempt + 3)
        first = datetime.now(UTC).replace(microsecond=0) + lead
        orders = await _received(place, count, plan, at_once, first)
        if datetime.now(UTC) < first:
            break
        await _forget(place, orders)  # the first fell due before the last was there: once more, with more time
    else:
        raise TimeoutError(f"{count} orders were not received in time")
    await asyncio.sleep((first - datetime.now(UTC)).total_seconds())
    before = processor.spent(place, worker)
    await asyncio.sleep((first - datetime.now(UTC)).total_seconds() + plan(count - 1))
    await until(lambda: _all_spoken(place, orders), pause=0.5)
    after = processor.spent(place, worker)
    late = [row["late"] for row in await place.sql(BREACHED, orders)]
    await _forget(place, orders)
    return late, {part: (after[part] - before[part]) / count * 1000 for part in after}


async def _received(place: Place, count: int, plan: Plan, at_once: int, first: datetime) -> Sequence[str]:
    """Receive orders back-dated so that their response limits end from an instant on, as planned."""
    life = EngineLife(place.desk)
    limit = dues(life.pattern)["response_due_at"]
    assert limit is not None
    budget = limit - life.pattern.received_at

    async def start(number: int) -> str:
        order_id = await life.start(first + timedelta(seconds=plan(number)) - budget)
        await place.until_recorded(order_id)
        return order_id

    return await many(start, count, at_once)


async def _all_spoken(place: Place, orders: Sequence[str]) -> bool:
    return len(await place.sql(BREACHED, orders)) == len(orders)


async def _forget(place: Place, orders: Sequence[str]) -> None:
    """End these orders' processes, so that the next levels of their ladders disturb no later measurement."""

    async def end(number: int) -> None:
        await place.desk.engine.get_workflow_handle(workflow_id(orders[number])).terminate("measured")

    await many(end, len(orders), BURST)
