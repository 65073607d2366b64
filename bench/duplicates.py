"""Possible duplicates at a million orders: found before a matter is taken in (INT-12)."""

import dataclasses
import secrets
import time

import asyncpg

from bench.figures import Figure, spread
from bench.place import Place, with_database
from domain.vocabulary import Channel, Role
from records.migrate import migrate
from records.pool import open_pool
from records.read import server_time
from starter.actor import Actor
from starter.client import receive_matter
from starter.desk import Desk
from starter.groups.duplicates import possible_duplicates
from starter.intake import IntakeForm

BAR = "≤ 50"
OPERATOR = Actor("usr_S06", (Role.DISPATCH_OPERATOR,))
FILL = """
insert into work_order (
  order_id, seq, community, stage, version, generation, kind, category, severity, channel, building, received_at,
  breaches, level, urges, closed_at, is_test
)
select
  'wo_9' || lpad(n::text, 9, '0'), 1, 'jinxiu', case when n % 20 = 0 then 'handling' else 'closed' end, 1, 1, 'repair',
  (array['WATER_LEAK', 'LIFT_FAULT', 'NOISE', 'CLEANING', 'LIGHTING', 'HEATING'])[n % 6 + 1], 'major', 'phone',
  'JX' || lpad((n % 12 + 1)::text, 2, '0'), now() - n * interval '90 seconds', 0, 0, 0,
  case when n % 20 = 0 then null else now() end, false
from generate_series(1, $1) as n
"""


async def measure(place: Place) -> list[Figure]:
    """Look before each of many receptions, in a database of its own; the texts of fifty candidates are opened."""
    count = place.size(1_000_000, 20_000)
    name = f"alike_{secrets.token_hex(4)}"
    admin = await asyncpg.connect(place.dsn)
    await admin.execute(f"create database {name}")
    try:
        dsn = with_database(place.dsn, name)
        migrate(dsn)
        await _fill(dsn, count)
        async with await open_pool(dsn, max_size=4, application="huiyin-bench") as pool:
            desk = dataclasses.replace(place.desk, pool=pool, index_keys={})
            took = await _look(desk, place.size(200, 20))
    finally:
        await admin.execute(f"drop database if exists {name} with (force)")
        await admin.close()
    return spread("duplicates", f"hints at {count:,} orders, 50 candidates", took, BAR)


async def _fill(dsn: str, count: int) -> None:
    """Write so many orders; a door's own connections would not wait so long."""
    connection = await asyncpg.connect(dsn)
    await connection.execute(FILL, count, timeout=900)
    await connection.execute("analyze work_order", timeout=900)
    await connection.close()


async def _look(desk: Desk, times: int) -> list[float]:
    for number in range(60):
        await receive_matter(desk, _form(f"厨房水管漏水,第 {number} 户,地上都是水"), OPERATOR)
    at = await server_time(desk.pool)
    took = []
    for _ in range(times):
        begun = time.perf_counter()
        found = await possible_duplicates(desk, _form("厨房的水管在漏水,请尽快来"), at)
        took.append(time.perf_counter() - begun)
        if not found:
            raise RuntimeError("nothing was found")
    return took


def _form(text: str) -> IntakeForm:
    key = secrets.token_hex(8)
    place = {"community": "jinxiu", "room": "JX03-1-1502"}
    return IntakeForm(**place, channel=Channel.PHONE, category="WATER_LEAK", text=text, idempotency_key=key)
