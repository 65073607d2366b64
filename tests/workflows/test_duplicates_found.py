"""Possible duplicates are found before a matter is taken in; the reporter joins one (INT-12)."""

import secrets
from datetime import timedelta

from house import OPERATOR, form, received
from test_incidents_carried import confirmed

from records.read import server_time
from starter.groups.duplicates import join, possible_duplicates


async def hints(persons, **said):
    at = await server_time(persons.desk.pool)
    return await possible_duplicates(persons.desk, form(**said), at)


async def test_orders_of_the_same_category_and_place_are_shown_the_most_alike_first(persons) -> None:
    """INT-12: within 24 h, open, and none of another building, category or public area."""
    desk, at = persons.desk, await server_time(persons.desk.pool)
    old = {"received_at": at - timedelta(hours=23, minutes=59), "back_dated_because": "补录"}
    alike = await received(desk, room="JX03-1-1502", text="厨房的水管在漏水")
    other = await received(desk, room="JX03-2-301", text="阳台地漏返水", **old)
    await received(desk, room="JX04-1-101")
    await received(desk, room="JX03-1-1502", category="LIFT_FAULT")
    gone = await received(desk, room="JX03-1-1502")
    await gone.give("withdraw", OPERATOR, by="phone", reason="修好了")
    await gone.file()
    found = await hints(persons, room="JX03-1-602", text="厨房水管漏水")
    assert [one.order_id for one in found] == [alike.order_id, other.order_id]
    assert (found[0].likeness > 75, found[1].likeness < 50) == (True, True)
    late = await possible_duplicates(desk, form(room="JX03-1-602"), at + timedelta(minutes=2))
    assert [one.order_id for one in late] == [alike.order_id]


async def test_a_public_area_is_a_place_too_and_no_place_is_none(persons) -> None:
    """INT-12, INT-20."""
    desk = persons.desk
    garage, gate = (desk.settings.communities["jinxiu"].public_areas[number] for number in (0, 1))
    dark = {"category": "LIGHTING", "text": "灯不亮"}
    one = await received(desk, **dark, public_area=garage)
    await received(desk, **dark, public_area=gate)
    assert [hint.order_id for hint in await hints(persons, **dark, public_area=garage)] == [one.order_id]
    assert await hints(persons, **dark, address="不知道在哪") == []


async def test_who_joins_is_merged_or_attached(persons, day) -> None:
    """INT-12, GRP-01, GRP-05: an order takes it over; an incident gets another child, and is shown first."""
    desk, outage = persons.desk, {"category": "WATER_OUTAGE", "room": "JX06-1-101", "text": "停水了"}
    members = [await received(desk, **outage) for _ in range(2)]
    parent = await confirmed(persons, members, day.noon)
    first, *_ = await hints(persons, **outage)
    assert (first.order_id, first.is_incident) == (parent.order_id, True)
    third = await received(desk, **outage)
    await join(desk, third.order_id, parent.order_id, OPERATOR, secrets.token_hex(4))
    await third.until("attached_to_incident", incident=parent.order_id)
    leak = [await received(desk, room="JX05-1-101") for _ in range(2)]
    for _ in range(2):
        await join(desk, leak[1].order_id, leak[0].order_id, OPERATOR, "again")
    await leak[1].until("merged", survivor=leak[0].order_id)
    assert [hint.order_id for hint in await hints(persons, room="JX05-1-101")] == [leak[0].order_id]
