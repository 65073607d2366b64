"""A contractor's work on real servers: said to be done, looked at, given back, passed (HND-12, DSP-06)."""

from evidence import holds
from house import CHECKER, CREW, ENGINEERING_LEAD, OPERATOR, OTHER_PLUMBER, USUAL, Matter, received

from records import deeds, outgoing
from starter.actor import Actor, usr

DONE = USUAL["complete_handling"][1]
MATE = Actor(usr("S24"), ("contractor_worker",))


async def told(persons, matter: Matter, topic: str) -> list[tuple[str, str]]:
    """Who was told of something, and in which role."""
    rows = await outgoing.notices(persons.desk.pool, matter.order_id)
    return [(row.notice.person, row.notice.role) for row in rows if row.notice.body["topic"] == topic]


async def owed(matter: Matter) -> dict[str, str]:
    """What is owed, and by which role."""
    return {duty["clock"]: duty["accountable"] for duty in (await matter.file()).row.duties}


async def test_hnd_12_a_contractors_work_counts_once_it_was_checked(persons, day):
    """HND-12, DSP-06: the supervisor is asked and owes it; what fails is told the contractor, a fault by contract."""
    matter = await received(persons.desk, category="LIFT_FAULT")
    await matter.through("respond", "clarify", "register")
    await matter.give("dispatch", OPERATOR, team="elevator-contractor", assignee=CREW.id)
    await matter.give("accept", CREW)
    await matter.give("arrive", CREW)
    await matter.give("complete_handling", CREW, **DONE)
    assert (await matter.file()).row.stage == "handling"
    assert (await owed(matter))["check_contractor_work"] == "contractor_supervisor"
    await persons.carry_one(matter, day.noon)
    assert await told(persons, matter, "work_to_check") == [(usr("S08"), "contractor_supervisor")]
    assert (await matter.refused("check_contractor_work", CREW, passed=True)).code == "forbidden"
    await matter.give("check_contractor_work", CHECKER, passed=False, reason="金丝雀:平层仍差两公分")
    assert "check_contractor_work" not in await owed(matter)
    await persons.carry_one(matter, day.noon)
    await persons.act(day.noon)
    assert [person for person, _ in await told(persons, matter, "work_failed")] == [CREW.id]
    [fault] = await deeds.of_order(persons.desk.pool, matter.order_id)
    assert (fault.action, fault.outcome) == ("record_contractor_fault", "done")
    assert fault.told == {"team": "elevator-contractor", "contractor": "CT-LIFT"}
    await matter.give("complete_handling", CREW, **DONE)
    await matter.give("check_contractor_work", CHECKER, passed=True)
    await matter.through("give_feedback", "record_callback")
    assert (await matter.file()).row.stage == "closed"
    [done] = await matter.events("handling_completed")
    assert (done["actor"], done["payload"]["cause"], done["payload"]["assignee"]) == (CHECKER.id, "rule", CREW.id)
    assert not holds(await matter.handle.fetch_history(), "金丝雀")


async def test_hnd_12_by_whatever_way_it_came_to_the_contractor(persons):
    """HND-12: the door knows of which team somebody is, whichever team the order is with."""
    matter = await received(persons.desk, category="LIFT_FAULT")
    await matter.through("respond", "clarify", "register")
    await matter.give("dispatch", OPERATOR, team="engineering", assignee=OTHER_PLUMBER.id)
    await matter.give("transfer", ENGINEERING_LEAD, assignee=MATE.id, reason="须持证人员", other_trade=True)
    await matter.give("accept", MATE)
    await matter.give("arrive", MATE)
    await matter.give("complete_handling", MATE, **DONE)
    row = (await matter.file()).row
    assert (row.team, row.stage) == ("engineering", "handling")
    [claim] = await matter.events("completion_reported")
    assert claim["payload"]["contractor"] == "elevator-contractor"
