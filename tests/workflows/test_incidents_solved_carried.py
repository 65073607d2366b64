"""The relay lets children follow their incident: nobody forgotten, nobody told twice; it ends after them (GRP-06)."""

import asyncio

from house import CALLER, OPERATOR, USUAL, Matter
from test_incidents_carried import cases, confirmed, proposed
from test_owner_messages import sent

from records import incidents, owner_messages
from starter.groups.incidents import IN_FLIGHT, carry_incidents
from starter.owner_messages import send_to_owners
from starter.reconcile import differences
from starter.relay import queue

RESULT = {"kind": "result", "by": "sms", "found": "水箱浮球阀损坏,已查明", "words": "浮球阀已更换,供水已恢复正常"}
YES = {"resolved": True, "they_called": True, "attitude": 5, "timeliness": 5, "quality": 5}


async def carried(persons, at) -> None:
    """Let the relay look until nothing moves any more, messages to owners among it."""
    while (
        await queue(persons.desk, persons.roster(), at)
        + await carry_incidents(persons.desk)
        + await send_to_owners(persons.desk, persons.roster(), persons.data, at)
    ):
        pass


async def again(persons, at) -> None:
    """Carry everything once more, as a relay that died before it could note what it had done."""
    await persons.desk.pool.execute("update child_step set outcome = null, message_id = null, try_at = now()")
    await carried(persons, at)


async def dealt_with(parent: Matter) -> None:
    for step in ("dispatch", "accept", "arrive", "complete_handling"):
        actor, said = USUAL[step]
        await parent.give(step, actor, **said)
    await parent.file()


async def stages(members: list[Matter]) -> list[str]:
    return [(await one.file()).row.stage for one in members]


async def test_children_follow_and_are_told_at_once_whatever_they_were_at(persons, day) -> None:
    """GRP-06: to feedback, then each owner by a message of his own, once, though the relay died at every point."""
    desk = persons.desk
    members = await cases(desk, 4)
    parent = await confirmed(persons, members, day.noon)
    fresh, further, out, alone = members
    await further.through("respond", "clarify", "register", "dispatch", "accept")
    await alone.through("respond", "clarify", "register", "dispatch", "accept", "arrive", "complete_handling")
    await out.give("detach_from_incident", OPERATOR, reason="户内总阀关闭")
    await asyncio.gather(*(one.file() for one in members))
    await dealt_with(parent)
    await carried(persons, day.noon)
    for one in (fresh, further, alone):
        await one.until("solved_together", leader=parent.order_id)
    assert await stages(members) == ["feedback", "feedback", "intake", "feedback"]
    await again(persons, day.noon)
    await parent.give("give_mass_notice", OPERATOR, **RESULT)
    await parent.file()
    await carried(persons, day.noon)
    for one in (fresh, further, alone):
        await one.until("feedback_given", leader=parent.order_id, by="sms")
    await again(persons, day.noon)
    assert await stages(members) == ["callback", "callback", "intake", "callback"]
    assert [len(await one.events("solved_together")) for one in members] == [1, 1, 0, 1]
    assert [len(await one.events("feedback_given")) for one in members] == [1, 1, 0, 1]
    assert [len(sent(persons.data, one.order_id)) for one in members] == [1, 1, 0, 1]
    assert RESULT["words"] in sent(persons.data, fresh.order_id)[0]["zh"]
    told = await incidents.mass_notices(desk.pool, parent.order_id)
    assert {(one.child, one.outcome, one.sent_at is not None) for one in told} == {
        (one.order_id, "done", True) for one in (fresh, further, alone)
    }
    assert (await fresh.file()).row.first_contact == OPERATOR.id
    assert not [duty for duty in (await further.file()).row.duties if duty["clock"] == "countersign"]
    for one in (parent, *members):
        assert await differences(desk, one.order_id) is None


async def test_an_incident_ends_when_its_last_child_has(persons, day) -> None:
    """GRP-06: not before, and not while a child has still something to be done."""
    desk = persons.desk
    members = await cases(desk, 2)
    parent = await confirmed(persons, members, day.noon)
    await members[0].give("withdraw", OPERATOR, by="phone", reason="来水了")
    await dealt_with(parent)
    await parent.give("give_mass_notice", OPERATOR, **RESULT)
    await parent.file()
    await carried(persons, day.noon)
    await members[1].until("feedback_given")
    await carried(persons, day.noon)
    assert (await parent.file()).row.stage == "feedback"
    await members[1].give("record_callback", CALLER, **YES)
    await members[1].file()
    await carried(persons, day.noon)
    await parent.until("closed", reason="children_ended")
    await parent.file()
    assert await carry_incidents(desk) == 0
    assert sent(persons.data, members[0].order_id) == []  # who had withdrawn is told nothing


async def test_who_joins_late_is_solved_and_told_too(persons, day) -> None:
    """GRP-06: the relay brought a member only after the cause was dealt with and its notice given."""
    desk = persons.desk
    members = await cases(desk, 2)
    late = members[1]
    parent = await proposed(desk, members)
    await parent.give("confirm_incident", OPERATOR)
    await parent.file()
    await queue(desk, persons.roster(), day.noon)
    await desk.pool.execute(
        "update incident_joining set try_at = now() + interval '1 hour' where child = $1", late.order_id
    )
    await carry_incidents(desk)
    await members[0].until("attached_to_incident")
    await dealt_with(parent)
    await parent.give("give_mass_notice", OPERATOR, **RESULT)
    await parent.file()
    await carried(persons, day.noon)
    other = (await cases(desk, 1))[0]
    assert (await other.refused("attach_to_incident", OPERATOR, incident=parent.order_id)).code == "incident-solved"
    assert await stages([late]) == ["intake"]
    await desk.pool.execute("update incident_joining set try_at = now() where child = $1", late.order_id)
    await carried(persons, day.noon)
    await late.until("attached_to_incident")
    await carried(persons, day.noon)
    await late.until("feedback_given", leader=parent.order_id)
    assert len(sent(persons.data, late.order_id)) == 1


async def test_one_that_was_solved_and_is_not_of_it_goes_on_by_itself(persons, day) -> None:
    """GRP-07: back to its handling, whose clock never ended; told by nobody, then handled by its own people."""
    desk = persons.desk
    out, within = members = await cases(desk, 2)
    parent = await confirmed(persons, members, day.noon)
    await out.through("respond", "clarify", "register", "dispatch", "accept")
    before = {duty["clock"]: duty["due_at"] for duty in (await out.file()).row.duties}
    await dealt_with(parent)
    await carried(persons, day.noon)
    await out.until("solved_together")
    await parent.give("give_mass_notice", OPERATOR, **RESULT)
    await parent.file()
    await out.give("detach_from_incident", OPERATOR, reason="户内总阀关闭")
    file = await out.file()
    assert (file.row.stage, file.row.incident) == ("handling", None)
    assert {duty["clock"]: duty["due_at"] for duty in file.row.duties} == before
    await carried(persons, day.noon)
    await within.until("feedback_given", leader=parent.order_id)
    assert (sent(persons.data, out.order_id), await out.events("feedback_given")) == ([], [])
    await out.through("arrive", "complete_handling", "give_feedback", "record_callback")
    assert (await out.file()).row.close_reason == "confirmed"
    assert await differences(desk, out.order_id) is None


async def test_a_message_on_its_way_is_waited_for(persons, day) -> None:
    """FBK-04, GRP-06: the notice comes after it; both arrive, neither is lost."""
    desk = persons.desk
    [member, other] = await cases(desk, 2)
    parent = await confirmed(persons, [member, other], day.noon)
    said = {"kind": "progress", "by": "sms", "words": "抢修人员已到水泵房,正在检查"}
    await parent.give("give_mass_notice", OPERATOR, **said)
    await parent.give("give_mass_notice", OPERATOR, **{**said, "words": "正在更换浮球阀,两小时内恢复供水"})
    await parent.file()
    await queue(desk, persons.roster(), day.noon)
    for _ in (member, other):
        await carry_incidents(desk)
    steps = await incidents.mass_notices(desk.pool, parent.order_id)
    assert len([one for one in steps if one.outcome == "done"]) == 2
    await desk.pool.execute("update child_step set try_at = now()")
    for _ in (member, other):
        await carry_incidents(desk)
    first = await owner_messages.of_order(desk.pool, member.order_id)
    assert len(first) == 1
    await carried(persons, day.noon)
    await member.until("feedback_given")
    await desk.pool.execute("update child_step set try_at = now()")
    await carried(persons, day.noon)
    await member.until("feedback_given", 2)
    assert len(sent(persons.data, member.order_id)) == 2


async def test_the_result_takes_the_place_of_words_that_were_not_handed_over(persons, day) -> None:
    """GRP-06, FBK-04: held until the morning, they say nothing any more; nor to a child taken out meanwhile."""
    desk = persons.desk
    within, out = members = await cases(desk, 2)
    parent = await confirmed(persons, members, day.noon)
    for words in ("抢修人员已到水泵房,正在检查", "正在更换浮球阀,两小时内恢复供水"):
        await parent.give("give_mass_notice", OPERATOR, kind="progress", by="sms", words=words)
    await parent.file()
    await queue(desk, persons.roster(), day.noon)
    for _ in members:
        await carry_incidents(desk)  # the first word is queued
    await out.give("detach_from_incident", OPERATOR, reason="户内总阀关闭")
    await out.file()
    await dealt_with(parent)
    await parent.give("give_mass_notice", OPERATOR, **RESULT)
    await parent.file()
    await queue(desk, persons.roster(), day.noon)
    await desk.pool.execute("update child_step set try_at = now()")
    while await carry_incidents(desk):
        pass
    await within.until("solved_together")
    await within.file()
    await carried(persons, day.noon)
    [given] = await within.until("feedback_given", leader=parent.order_id)
    assert given["payload"]["kind"] == "result"
    assert [RESULT["words"] in one["zh"] for one in sent(persons.data, within.order_id)] == [True]
    assert (sent(persons.data, out.order_id), await out.events("feedback_given")) == ([], [])
    became = [[one.outcome for one, _ in await owner_messages.of_order(desk.pool, m.order_id)] for m in members]
    assert became == [["superseded", "done"], ["not-attached"]]
    told = await incidents.mass_notices(desk.pool, parent.order_id)
    assert [(one.outcome, one.dropped) for one in told if one.child == within.order_id] == [
        ("done", True),
        ("superseded", False),
        ("done", False),
    ]


async def test_children_take_their_steps_a_few_at_once(persons, day) -> None:
    """Design 4a.7."""
    members = await cases(persons.desk, IN_FLIGHT + 1)
    parent = await confirmed(persons, members, day.noon)
    await dealt_with(parent)
    await queue(persons.desk, persons.roster(), day.noon)
    assert (await carry_incidents(persons.desk), await carry_incidents(persons.desk)) == (IN_FLIGHT, 1)
    for one in members:
        await one.until("solved_together")
