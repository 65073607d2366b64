"""What orders in a worker's cache weigh: resident memory before and after."""

from datetime import UTC, datetime, timedelta

from bench.figures import Figure, mode
from bench.life import EngineLife, many
from bench.place import Place, Program

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
        async with place.worker(sandbox=sandbox) as program:
            figures += await _filled(place, program, count, f"{SUBJECT}, {mode(sandbox=sandbox)}")
    return figures


async def _filled(place: Place, program: Program, count: int, kind: str) -> list[Figure]:
    life = EngineLife(place.desk)

    async def received(_: int) -> str:
        order_id = await life.start(datetime.now(UTC) + AHEAD)
        await place.until_recorded(order_id)
        return order_id

    await many(received, WARM, AT_ONCE)
    empty = program.resident_mib()
    orders = await many(received, count, AT_ONCE)
    full = program.resident_mib()

    async def lived(number: int) -> None:
        for step in range(COMMANDS):
            await life.give(orders[number], step)

    await many(lived, count, AT_ONCE)
    grown = {"just received": full - empty, f"after {COMMANDS} commands": program.resident_mib() - empty}
    return [
        Figure(kind, f"worker with {WARM} orders", empty, "MiB"),
        *(Figure(kind, f"orders {when}", size / count * 1000, "MiB per 1,000") for when, size in grown.items()),
    ]
