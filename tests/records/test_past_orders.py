"""Past orders come out page by page: each once, with the events asked for, and none that is a test or not begun."""

from datetime import UTC, datetime, timedelta

import pytest

from domain.audit import canonical, genesis, link
from records.past import Page, page
from records.write import record
from workflows.effects import SealedEvent

START = datetime(2026, 3, 1, 2, tzinfo=UTC)
TYPES = ("work_order.received", "work_order.noted")


async def lived(pool, story, number, community="jinxiu"):
    """One order with three events: two of the types asked for, and one between them."""
    name = f"wo_{number}"
    batch, head, events = story(name, 1, 3), genesis(name), []
    for seq, kind in enumerate(("received", "urged", "noted"), start=1):
        at = START + timedelta(minutes=seq)
        body = canonical({"order_id": name, "seq": seq, "type": f"work_order.{kind}", "payload": {"n": seq}})
        head = link(head, body)
        sealed = {"seq": seq, "type": f"work_order.{kind}", "at": at, "recorded_at": at}
        events.append(SealedEvent(**sealed, body=body.decode(), hash=head.hex()))
    row = batch.row.model_copy(update={"community": community})
    await record(pool, batch.model_copy(update={"events": tuple(events), "row": row}))


@pytest.mark.parametrize("size", [1, 2, 3, 50])
async def test_every_order_comes_once_with_its_events_in_order(own_pool, story, size):
    """API-07: whatever the size of a page."""
    for number in range(5):
        await lived(own_pool, story, number, "jinxiu" if number != 3 else "yangguang")
    found, after = [], ""
    while (one := await page(own_pool, ["jinxiu"], TYPES, after=after, size=size)).orders:
        assert len(one.orders) <= size
        assert {act.order_id for act in one.acts} == {order.order_id for order in one.orders}
        found.append(one)
        after = one.orders[-1].order_id
    orders = [order for one in found for order in one.orders]
    assert [(order.order_id, order.community, order.kind) for order in orders] == [
        (f"wo_{number}", "jinxiu", "complaint") for number in (0, 1, 2, 4)
    ]
    acts = [(act.order_id, act.type, act.at) for one in found for act in one.acts]
    assert acts == [
        (f"wo_{number}", kind, START + timedelta(minutes=seq))
        for number in (0, 1, 2, 4)
        for kind, seq in zip(TYPES, (1, 3), strict=True)
    ]


async def test_test_orders_and_those_not_begun_are_left_out(own_pool, story, receive):
    """API-07: no figure holds them."""
    await lived(own_pool, story, 1)
    await own_pool.execute("update work_order set is_test = true")
    await receive(own_pool)
    assert await page(own_pool, ["jinxiu"], TYPES, after="", size=50) == Page((), ())
