"""Several assignments in one order on real servers (HND-13)."""

from evidence import holds
from house import CHECKER, CREW, OPERATOR, PLUMBER, USUAL, received

from records import outgoing
from starter.actor import Actor, usr

ELECTRICIAN = Actor(usr("S10"), ("engineer",))


async def test_hnd_13_handling_is_complete_when_every_assignment_is(persons, day):
    """HND-12, HND-13: side by side and in turn; each is told and owes his own, a contractor's is ended by our look."""
    matter = await received(persons.desk)
    await matter.through("respond", "clarify", "register", "dispatch", "accept", "arrive")
    await matter.give("add_assignment", OPERATOR, assignee=ELECTRICIAN.id, words="金丝雀:关总阀", other_trade=True)
    await matter.give("add_assignment", OPERATOR, assignee=CREW.id, after=1, words="金丝雀:查电梯井", other_trade=True)
    duties = (await matter.file()).row.duties
    assert [duty["person"] for duty in duties if duty["clock"] == "assignment"] == [ELECTRICIAN.id]
    await persons.carry_one(matter, day.noon)
    rows = await outgoing.notices(persons.desk.pool, matter.order_id)
    told = {(row.notice.body["topic"], row.notice.person) for row in rows}
    assert {("assigned", ELECTRICIAN.id), ("assigned_later", CREW.id)} <= told
    done = USUAL["complete_handling"][1]
    refused = await matter.refused("complete_handling", PLUMBER, **done)
    assert (refused.code, refused.facts["numbers"]) == ("assignments-open", "1, 2")
    await matter.give("complete_assignment", ELECTRICIAN, number=1, words="总阀已关")
    await matter.file()
    await persons.carry_one(matter, day.noon)
    rows = await outgoing.notices(persons.desk.pool, matter.order_id)
    come = [(row.notice.person, row.notice.body["number"]) for row in rows if row.notice.body["topic"] == "turn_came"]
    assert come == [(CREW.id, 2)]
    assert (await matter.refused("complete_assignment", CREW, number=2, words="无积水")).code == "forbidden"
    await matter.give("complete_assignment", CHECKER, number=2, words="无积水")
    await matter.give("complete_handling", PLUMBER, **done)
    assert (await matter.file()).row.stage == "feedback"
    assert not holds(await matter.handle.fetch_history(), "金丝雀")
