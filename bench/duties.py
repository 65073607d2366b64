"""`huiyin duties` with 100,000 open orders: everybody's, and one person's."""

import time

from bench.figures import Figure, spread
from bench.place import Place
from starter.cli.door import now
from starter.owed import Wish, owed

ORDERS, QUICK = 100_000, 5_000
LOOKS = 30
COMMUNITIES = ("jinxiu", "yangguang")
STRIDE = 5_000
FILL = """
insert into work_order (
  order_id, seq, community, stage, version, generation, kind, category, severity, channel, received_at, first_contact,
  team, assignee, breaches, level, urges, duties, special
)
select
  'wo_9' || lpad(n::text, 8, '0'), 1, (array['jinxiu', 'yangguang'])[n % 2 + 1], 'handling', 1, 1, 'repair',
  'WATER_LEAK', 'ordinary', 'phone', now(), 'usr_S06', 'engineering', 'usr_S' || lpad((9 + n % 4)::text, 2, '0'),
  0, 0, 0,
  jsonb_build_array(
    usual || jsonb_build_object('clock', 'handling', 'accountable', 'assignee',
      'due_at', now() + (n * 7919 % 100000) * interval '20 seconds'),
    usual || jsonb_build_object('clock', 'feedback', 'accountable', 'first_contact',
      'due_at', now() + interval '30 days' + n * interval '1 second')
  ),
  n % 50 = 0
from
  generate_series($1::integer, $2::integer) as n,
  (select jsonb_build_object('generation', 1, 'turn', 1, 'provisional', false, 'suspended', false, 'breached', false,
    'level', 0)) as said (usual)
"""


async def measure(place: Place) -> list[Figure]:
    """Write so many orders, then ask; they are taken away again, for other subjects count orders."""
    for first in range(0, place.size(ORDERS, QUICK), STRIDE):
        await place.desk.pool.execute(FILL, first, first + STRIDE - 1)
    await place.desk.pool.execute("analyze work_order")
    try:
        every = await _looks(place, Wish(None, None, 50))
        one = await _looks(place, Wish("S09", None, 50))
    finally:
        for first in range(0, place.size(ORDERS, QUICK), STRIDE):
            names = [f"wo_9{n:08d}" for n in range(first, first + STRIDE)]
            await place.desk.pool.execute("delete from work_order where order_id = any($1)", names)
    return [*spread("duties", "everybody's", every, "≤ 100"), *spread("duties", "one person's", one, "≤ 100")]


async def _looks(place: Place, wish: Wish) -> list[float]:
    """Ask again and again; each time a page of duties must come."""
    found: list[float] = []
    for _ in range(LOOKS):
        begun = time.perf_counter()
        assert len(await owed(place.desk, COMMUNITIES, wish, now())) > wish.most
        found.append(time.perf_counter() - begun)
    return found
