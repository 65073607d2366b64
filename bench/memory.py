"""What orders in a worker's cache weigh: resident memory before and after."""

from datetime import UTC, datetime, timedelta

from bench.figures import Figure, mode
from bench.life import EngineLife, many
from bench.place import Place, until

SUBJECT = "memory of a worker"
WARM = 100
AT_ONCE = 32
AHEAD = timedelta(hours=6)
COMMANDS = 4


async def measure(place: Place) -> list[Figure]:
    """Fill a cache with orders just received, then bring each to the middle of its life."""
    count = place.size(1000, 100)
    figures: list[Figure] = []
    for sandbox in (False, True):
        life = EngineLife(place.desk)
        async with place.worker(sandbox=sandbox) as program:

            async def received(_: int, life: EngineLife = life) -> str:
                order_id = await life.start(datetime.now(UTC) + AHEAD)
                written = "select from work_order where order_id = $1 and seq > 0"
                await until(lambda: _any(place, written, order_id))
                return order_id

            await many(received, WARM, AT_ONCE)
            empty = program.resident_mib()
            orders = await many(received, count, AT_ONCE)
            full = program.resident_mib()

            async def lived(number: int, life: EngineLife = life, orders: list[str] = list(orders)) -> None:
                for step in range(COMMANDS):
                    await life.give(orders[number], step)

            await many(lived, count, AT_ONCE)
            kind = f"{SUBJECT}, {mode(sandbox=sandbox)}"
            figures += [
                Figure(kind, f"with {WARM} orders", empty, "MiB"),
                Figure(kind, "orders just received", (full - empty) / count * 1000, "MiB per 1,000"),
                Figure(kind, f"orders after {COMMANDS} commands", (program.resident_mib() - empty) / count * 1000, "MiB per 1,000"),
            ]
    return figures


async def _any(place: Place, text: str, *values: object) -> bool:
    return bool(await place.sql(text, *values))
