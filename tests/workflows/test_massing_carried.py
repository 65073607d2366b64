"""The relay proposes an incident where many like matters come from one building (ST-29, GRP-05)."""

from datetime import timedelta

from house import OPERATOR, received

from records.read import server_time
from starter.groups.massing import propose_by_rule

OUTAGE = {"category": "WATER_OUTAGE", "text": "停水了", "back_dated_because": "电话高峰,补录"}


async def outage(persons, minutes: int, room: str = "JX03-1-1502", **said):
    """An outage that reached us so many minutes after the first, an hour ago."""
    begun = (await server_time(persons.desk.pool)).replace(microsecond=0) - timedelta(hours=1)
    at = begun + timedelta(minutes=minutes)
    return await received(persons.desk, **{**OUTAGE, "room": room, "received_at": at, **said})


async def look(persons) -> None:
    while await propose_by_rule(persons.desk):
        pass


async def proposals(persons) -> list[list[str]]:
    rows = await persons.desk.pool.fetch(
        "select start_input -> 'reception' -> 'members' as members from intake"
        " join work_order using (order_id) where incident = order_id order by order_id"
    )
    return [row["members"] for row in rows]


async def test_three_outages_of_a_building_are_proposed_once(persons) -> None:
    """ST-29, INT-11: with the third; the sender repeats one with the same key: still three, and one proposal."""
    desk = persons.desk
    members = [await outage(persons, 0)]
    await outage(persons, 2, room="JX04-1-101")
    await outage(persons, 3, category="WATER_LEAK")
    members.append(await outage(persons, 8, idempotency_key="second"))
    await look(persons)
    assert await proposals(persons) == []
    third = await outage(persons, 23)
    members.append(third)
    dues = [(await one.file()).intake.response_due_at for one in members]
    await look(persons)
    ids = [one.order_id for one in members]
    assert await proposals(persons) == [ids]
    at = (await members[1].file()).row.received_at
    again = await received(desk, **OUTAGE, room="JX03-1-1502", received_at=at, idempotency_key="second")
    assert again.order_id == members[1].order_id
    await look(persons)
    await desk.pool.execute("update mass_watch set outcome = null, try_at = now()")  # a relay that died before it knew
    await look(persons)
    assert await proposals(persons) == [ids]
    assert [(await one.file()).intake.response_due_at for one in members] == dues
    rows = [(await one.file()).row for one in members]
    assert {row.incident for row in rows} == {None}


async def test_what_a_person_dismissed_is_not_proposed_again(persons) -> None:
    """GRP-05: a person decides; a fourth joins no new proposal while one is open, nor those that were dismissed."""
    desk = persons.desk
    for minute in (0, 1, 2):
        await outage(persons, minute, room="JX05-1-101")
    await look(persons)
    [parent] = await desk.pool.fetch(
        "select order_id from work_order where incident = order_id and building = 'JX05' and closed_at is null"
    )
    await outage(persons, 3, room="JX05-1-101")
    await look(persons)
    count = len(await proposals(persons))
    incident = type(await outage(persons, 4, room="JX05-1-101"))(desk, parent["order_id"])
    await incident.give("dismiss_incident", OPERATOR, reason="两户原因不同")
    await incident.file()
    await look(persons)
    assert len(await proposals(persons)) == count
    await outage(persons, 5, room="JX05-1-101")
    await look(persons)
    assert [len(one) for one in await proposals(persons)][-1] == 3  # the three that nobody was asked about before
    assert len(await proposals(persons)) == count + 1
