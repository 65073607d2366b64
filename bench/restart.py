"""How soon the first action is answered after a restart with many open orders."""

import signal
import time
from datetime import UTC, datetime, timedelta

from bench.figures import Figure, mode
from bench.life import EngineLife, many
from bench.place import Place, Program, until

SUBJECT = "first action after a restart"
AT_ONCE = 64
BAR = "≤ 5"
QUIET = timedelta(hours=6)
"""These orders count from an instant so far ahead, so that no alarm of theirs falls into the measurement."""
RESPOND = 0


async def measure(place: Place) -> list[Figure]:
    """Open the orders once; restart everything, then the worker alone after a kill, in both modes."""
    count = place.size(10_000, 200)
    figures: list[Figure] = []
    async with place.worker(sandbox=False):
        life, ahead = EngineLife(place.desk), datetime.now(UTC) + QUIET
        begun = time.perf_counter()
        orders = list(await many(lambda _: life.start(ahead), count, AT_ONCE))
        figures.append(Figure(SUBJECT, "orders opened, bare engine", count / (time.perf_counter() - begun), "orders/s"))
        await until(lambda: _recorded(place, orders), seconds=600, pause=0.5)
    for sandbox in (False, True):
        kind, with_open = f"{SUBJECT}, {mode(sandbox=sandbox)}", f"{count:,} open orders"
        seconds = await _everything(place, orders.pop(0), sandbox=sandbox)
        figures.append(Figure(kind, f"PostgreSQL, Temporal and worker started anew, {with_open}", seconds, "s", BAR))
        seconds = await _worker_killed(place, orders, sandbox=sandbox)
        figures.append(Figure(kind, f"worker killed and started anew, {with_open}", seconds, "s", BAR))
    return figures


async def _everything(place: Place, order_id: str, *, sandbox: bool) -> float:
    """Stop the servers; count from the first start to the answer."""
    await place.stop_servers()
    begun = time.perf_counter()
    await place.start_servers()
    program = await Program.launched("worker", place.environment(sandbox=sandbox), place.folder)
    await EngineLife(place.desk).give(order_id, RESPOND)
    seconds = time.perf_counter() - begun
    await program.stop()
    return seconds


async def _worker_killed(place: Place, orders: list[str], *, sandbox: bool) -> float:
    """Kill a worker that holds the order in its cache; count from the start of the next one to the answer."""
    order_id = orders.pop(0)
    life = EngineLife(place.desk)
    async with place.worker(sandbox=sandbox) as program:
        await life.give(order_id, RESPOND)
        await program.stop(signal.SIGKILL)
    begun = time.perf_counter()
    program = await Program.launched("worker", place.environment(sandbox=sandbox), place.folder)
    await life.give(order_id, RESPOND + 1)
    seconds = time.perf_counter() - begun
    await program.stop()
    return seconds


async def _recorded(place: Place, orders: list[str]) -> bool:
    """Tell whether the first task of each of these orders is behind it; other subjects left orders of their own."""
    asked = "select count(*) as known from work_order where order_id = any($1) and seq > 0"
    [row] = await place.sql(asked, orders)
    return bool(row["known"] >= len(orders))
