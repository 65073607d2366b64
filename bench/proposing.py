"""Measures what `huiyin propose` takes of a door's time: 1,000 staff of one team, 100,000 open orders (≤ 50 ms)."""

import time
from collections.abc import AsyncIterator
from dataclasses import replace
from datetime import UTC, datetime

from bench.figures import Figure, percentile
from bench.place import Place, community
from records import read as reading
from starter.actor import usr
from starter.desk import Desk
from starter.proposal import proposal_for

SUBJECT = "propose"
TEAM = "engineering"
PERSON = """
[[staff]]
id = "B{number:04}"
name = "样例"
position = "engineer"
title = "维修工"
phone = "1380000{number:04}"
team = "engineering"
communities = ["jinxiu"]
skills = ["plumbing"]
shift = "always"
load_limit = 1000000

"""
ORDERS = """
insert into work_order (
  order_id, seq, community, stage, version, generation, kind, category, severity, channel, building, received_at, team,
  assignee, breaches, level, urges, next_due_at
)
select
  'wo_9' || lpad(n::text, 8, '0'), 1, 'jinxiu', (array['dispatch', 'handling', 'handling', 'feedback'])[1 + n % 4],
  1, 1, 'repair', 'WATER_LEAK', 'major', 'phone', 'JX03', now(), $2,
  ($3::text[])[1 + n % cardinality($3::text[])], 0, 0, 0, now()
from generate_series(1, $1::integer) as n
"""


async def measure(place: Place) -> list[Figure]:
    """Ask for one order again and again; the orders of the others are written as the record has them."""
    staff, orders = place.size(1000, 100), place.size(100_000, 5_000)
    crew = "".join(PERSON.format(number=number) for number in range(staff))
    desk = Desk(place.desk.pool, place.desk.engine, place.desk.ring, community(crew))
    persons = [usr(f"B{number:04}") for number in range(staff)]
    await place.desk.pool.execute(ORDERS, orders, TEAM, persons)
    await place.desk.pool.execute("vacuum analyze work_order")
    try:
        took = [one async for one in _asked(desk, place.size(200, 20))]
    finally:
        await place.desk.pool.execute("delete from work_order where order_id like 'wo\\_9%'")
    name = f"{staff} staff, {orders} open orders"
    return [
        Figure(SUBJECT, f"{name}, median", percentile(took, 50), "ms"),
        Figure(SUBJECT, f"{name}, 95th percentile", percentile(took, 95), "ms", "≤ 50"),
    ]


async def _asked(desk: Desk, times: int) -> AsyncIterator[float]:
    row = replace(await reading.row(desk.pool, "wo_900000001"), assignee=None)
    for _ in range(times):
        begun = time.perf_counter()
        proposal = await proposal_for(desk, row, datetime.now(UTC), TEAM)
        yield (time.perf_counter() - begun) * 1000
        if not proposal.candidates:
            raise RuntimeError("nobody was proposed")
