"""A cold action: a command to an order that no worker has in its cache, so that its history is replayed first."""

from bench.figures import Figure, mode, percentile
from bench.life import DoorLife, many, timed
from bench.place import Place

SUBJECT = "cold action"
LIVED = 4
"""Commands before: respond, register, dispatch, accept."""
BAR = "≤ 60"


async def measure(place: Place) -> list[Figure]:
    """Bring orders to the middle of their lives with one worker, go on with another, one after another."""
    figures: list[Figure] = []
    for sandbox in (False, True):
        life, cold, warm = DoorLife(place.desk), list[float](), list[float]()
        async with place.worker(sandbox=sandbox):
            orders = await many(lambda _, life=life: _lived(life), place.size(150, 15), 8)
        async with place.worker(sandbox=sandbox):
            await life.give(await life.start(), 0)  # the worker itself is warm
            for order_id in orders:
                await timed(cold, life.give(order_id, LIVED))
            for order_id in orders:
                await timed(warm, life.give(order_id, LIVED + 1))
        kind = f"{SUBJECT}, {mode(sandbox=sandbox)}"
        figures += [
            Figure(kind, "p50, real door, alone", percentile(cold, 50) * 1000, "ms", BAR),
            Figure(kind, "p99, real door, alone", percentile(cold, 99) * 1000, "ms"),
            Figure(kind, "the next action of the same order, warm, p50", percentile(warm, 50) * 1000, "ms"),
        ]
    return figures


async def _lived(life: DoorLife) -> str:
    order_id = await life.start()
    for step in range(LIVED):
        await life.give(order_id, step)
    return order_id
