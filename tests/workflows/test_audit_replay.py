"""What a replay of the histories must not tell: differences while a server is away, and equality of nothing."""

import pytest
from house import own_database, received
from test_relay import engine_away

from domain.refusals import Refused
from records.pool import open_pool
from starter.desk import Desk
from starter.replay import replay_all, replay_order


async def refusal(work) -> Refused:
    with pytest.raises(Refused) as refused:
        await work
    return refused.value


async def all_of(desk: Desk) -> list:
    return [verdict async for verdict in replay_all(desk)]


@pytest.mark.usefixtures("worker")
async def test_an_engine_that_is_away_makes_no_difference(desk) -> None:
    """AUD-01: it says nothing about any order, so no verdict is given."""
    matter = await received(desk)
    await matter.until("clock_started")
    outside = Desk(desk.pool, await engine_away(), desk.ring, desk.settings)
    assert (await refusal(all_of(outside))).code == "engine-away"


async def test_nothing_replayed_is_not_all_equal_and_a_lost_row_is_named(ground, desk) -> None:
    """AUD-01: orders whose processes never started; then one whose current row is lost."""
    async with await open_pool(await own_database(ground.dsn), max_size=2) as pool:
        own = Desk(pool, await engine_away(), desk.ring, desk.settings)
        assert await all_of(own) == []
        matter = await received(own)
        nothing = await refusal(all_of(own))
        assert (nothing.code, nothing.facts["count"]) == ("nothing-replayed", 1)
        await pool.execute("delete from work_order")
        assert (await refusal(replay_order(own, matter.order_id))).code == "row-missing"
        assert (await refusal(replay_order(own, "wo_99999999"))).code == "not-found"
        await pool.execute("update intake set started_at = now()")
        [lost] = await all_of(own)
        assert (lost.name, lost.differences) == (matter.order_id, ("row-missing",))


@pytest.mark.usefixtures("worker")
async def test_a_column_that_was_altered_is_seen(desk) -> None:
    """AUD-08: queries read the column, the chain holds the body; both have to say the same."""
    matter = await received(desk)
    await matter.through("respond")
    assert (await replay_order(desk, matter.order_id)).ok
    moved = "update work_order_event set at = at + $2 * interval '1 hour' where order_id = $1 and seq = 2"
    await desk.pool.execute("alter table work_order_event disable trigger work_order_event_rows")
    try:
        await desk.pool.execute(moved, matter.order_id, 1)
        differences = (await replay_order(desk, matter.order_id)).differences
    finally:
        await desk.pool.execute(moved, matter.order_id, -1)
        await desk.pool.execute("alter table work_order_event enable trigger work_order_event_rows")
    assert differences == ("event 2: its column 'at' and its body differ",)
