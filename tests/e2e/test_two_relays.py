"""Two relays look at the arrivals of one outage at the same time: one parent is proposed (GRP-05)."""

import secrets
from functools import partial

from dying_house import dying
from house import OPERATOR, eventually, form

from starter.client import receive_matter

OUTAGE = {"category": "WATER_OUTAGE", "room": "JX03-1-1502", "text": "停水了"}
COUNT = 6
HELD = "alter table mass_watch alter column try_at set default now() + interval '1 hour'"
LOOK = "update mass_watch set try_at = now() where order_id = any($1)"
FIXED = "select count(*) from mass_watch where members is not null"
SEEN = "select count(members), max(tries) filter (where order_id = any($1)) from mass_watch"
OPEN = "select count(*) from mass_watch where outcome is null"
PARENTS = """
select array(select jsonb_array_elements_text(start_input -> 'reception' -> 'members'))
from intake join work_order using (order_id)
where incident = order_id
"""


async def test_one_parent_is_proposed(ground, desk, data) -> None:
    """ST-29, GRP-05: the second looks while the proposal of the first is fixed and not written yet."""
    async with dying(ground, desk.settings, data / secrets.token_hex(4), 2, "starter.relay") as house:
        desk = house.desks[0]
        await desk.pool.execute(HELD)
        orders = [(await receive_matter(desk, form(**OUTAGE), OPERATOR)).order_id for _ in range(COUNT)]
        first, second = orders[: COUNT // 2], orders[COUNT // 2 :]
        async with desk.pool.acquire() as other, other.transaction():
            await other.execute("lock table intake in share mode")  # nobody can write a proposal
            await desk.pool.execute(LOOK, first)
            await eventually(lambda: desk.pool.fetchval(FIXED), lambda count: count == 1)
            await desk.pool.execute(LOOK, second)
            await eventually(partial(desk.pool.fetchrow, SEEN, second), lambda seen: max(seen) > 1)
        await eventually(lambda: desk.pool.fetchval(OPEN), lambda count: count == 0)
        assert [row[0] for row in await desk.pool.fetch(PARENTS)] == [orders]
