"""What ladder levels do, on real servers: each deed once, whatever repeats it, and its outcome on record (ESC-06)."""

import asyncio
from datetime import timedelta

from house import MANAGER, OPERATOR, PLUMBER, Matter, received
from persons_house import unanswered

from records import deeds
from starter.actor import Actor, usr
from starter.deeds import do_deeds
from starter.desk import Desk
from workflows.engine import Engine, connect


async def done(persons, matter: Matter, clock: str | None = "response") -> dict[tuple[str, int], tuple[str, object]]:
    """Clock and level → outcome, and what was done or why not."""
    rows = await deeds.of_order(persons.desk.pool, matter.order_id)
    return {
        (row.facts["clock"], row.facts["level"]): (
            row.outcome,
            (row.told or {}).get("because") or (row.told or {}).get("command") or (row.told or {}).get("contractor"),
        )
        for row in rows
        if clock in {None, row.facts["clock"]}
    }


async def test_a_level_raises_the_severity_once(persons, day) -> None:
    """ESC-06, ESC-07: however often the relay looks, and however many look at the same time."""
    matter = await unanswered(persons, category="LIGHTING")
    await persons.carry(day.noon)
    await asyncio.gather(*(persons.act(day.noon) for _ in range(5)))
    await persons.act_again(day.noon)
    assert await done(persons, matter) == {
        ("response", 2): ("nothing-to-do", "not-of-an-assignee"),
        ("response", 3): ("done", "reclassify"),
    }
    await persons.act_again(day.noon, ended=True)
    [event] = await matter.until("reclassified")
    assert (event["actor"], event["payload"]["role"], event["payload"]["severity"]) == ("system", "rule", "major")
    assert (await done(persons, matter))["response", 3] == ("done", "reclassify")


async def test_a_deed_waits_for_an_engine_that_is_away(persons, day) -> None:
    """ESC-06, design 4a.10: nothing is given up; the same command is given when it is back."""
    matter = await unanswered(persons, category="LIGHTING")
    await persons.carry(day.noon)
    away = Desk(
        persons.desk.pool, await connect(Engine(address="127.0.0.1:1"), lazy=True), persons.desk.ring, persons.settings
    )
    await do_deeds(away, persons.roster(), day.noon)
    assert (await done(persons, matter))["response", 3] == (None, None)
    before = await said_by(persons, matter)
    await persons.act_again(day.noon)
    assert (await said_by(persons, matter), before is None) == (before, False)
    assert len(await matter.until("reclassified")) == 1


async def test_a_deed_is_done_as_it_was_decided_though_the_settings_changed(persons, day) -> None:
    """ESC-06, ESC-07, CLK-31: written under one version of the settings, given again under the next."""
    matter = await unanswered(persons, category="LIGHTING")
    await persons.carry(day.noon)
    lost = await connect(Engine(address="127.0.0.1:1"), lazy=True)
    await do_deeds(Desk(persons.desk.pool, lost, persons.desk.ring, persons.settings), persons.roster(), day.noon)
    changed = persons.settings.model_copy(update={"version": "2026.99"})
    later = persons._replace(desk=persons.desk_with(changed), settings=changed)
    await later.act_again(day.noon)
    assert (await done(later, matter))["response", 3] == ("done", "reclassify")
    [event] = await matter.until("reclassified")
    assert event["payload"]["policy_version"] == persons.settings.version


async def said_by(persons, matter: Matter) -> object:
    """The command of level 3 of `response`, once it is fixed."""
    rows = await deeds.of_order(persons.desk.pool, matter.order_id)
    return next(row.said for row in rows if (row.facts["clock"], row.facts["level"]) == ("response", 3))


async def test_somebody_was_faster_than_the_ladder(persons, day) -> None:
    """ESC-06: the severity was raised by a manager meanwhile: nothing is left to do, and nothing is undone."""
    matter = await unanswered(persons, category="LIGHTING")
    await persons.carry(day.noon)
    same = {"category": "LIGHTING", "kind": "repair", "reason": "整个楼道没有灯"}
    await matter.give("reclassify", MANAGER, **same, severity="urgent")
    await matter.file()
    await persons.act(day.noon)
    assert (await done(persons, matter))["response", 3] == ("nothing-to-do", "severity-reached")
    assert len(await matter.until("reclassified")) == 1


async def test_of_two_clocks_that_ask_for_the_same_one_raises(persons, day) -> None:
    """ESC-06: `response` and `register` of a major matter reach level 3 together; it is raised by one step, once."""
    matter = await unanswered(persons)
    await persons.carry(day.noon)
    await asyncio.gather(*(persons.act(day.noon) for _ in range(2)))
    await persons.act_again(day.noon)
    found = [what for (_, level), what in (await done(persons, matter, None)).items() if level == 3]
    assert sorted(found) == [("done", "reclassify"), ("nothing-to-do", "severity-reached")]
    assert len(await matter.until("reclassified")) == 1


async def test_a_level_opens_one_recovery_and_a_second_finds_it_open(persons, day) -> None:
    """ESC-06, ESC-15: `feedback` at level 3 opens it; a refusal is an outcome, not an error."""
    matter = await received(persons.desk)
    await matter.through("respond", "clarify", "register", "dispatch", "accept")
    await matter.skip(timedelta(hours=28, minutes=1))
    await matter.until("escalated", 4, clock="feedback")
    await persons.carry(day.noon)
    await asyncio.gather(*(persons.act(day.noon) for _ in range(3)))
    found = await done(persons, matter, None)
    recoveries = [what for (_, level), what in found.items() if level == 3]
    assert ("done", "open_recovery") in recoveries
    assert {outcome for outcome, _ in recoveries} <= {"done", "recovery-open"}
    assert found["feedback", 4] == ("done", None)
    [event] = await matter.until("recovery_opened")
    assert (event["actor"], event["payload"]["reason"]) == ("system", "escalation")


async def test_an_order_that_nobody_accepts_is_handed_on(persons, day) -> None:
    """ESC-06: the assignee owes it, somebody of his team is on duty; the new one must accept it himself."""
    matter = await received(persons.desk, category="WATER_OUTAGE")
    await matter.through("respond", "clarify", "register", "dispatch")
    await matter.skip(timedelta(minutes=11))
    await matter.until("escalated", 2, clock="accept")
    await persons.carry(day.noon)
    await persons.act(day.noon)
    assert (await done(persons, matter, "accept"))["accept", 2] == ("done", "transfer")
    [event] = await matter.until("transferred")
    payload = event["payload"]
    assert (event["actor"], payload["before"], payload["assignee"]) == ("system", PLUMBER.id, usr("S08"))
    assert (await matter.refused("accept", PLUMBER)).code == "forbidden"
    await matter.give("accept", Actor(usr("S08"), ("engineering_lead",)))


async def test_a_contractor_who_does_not_come_is_noted(persons, day) -> None:
    """ESC-06, DSP-06: by the code of the contract."""
    matter = await received(persons.desk, category="LIFT_TRAPPED")
    await matter.through("respond", "clarify", "register")
    lead = Actor(usr("S23"), ("contractor_lead",))
    await matter.give("dispatch", OPERATOR, team="elevator-contractor", assignee=lead.id)
    await matter.give("accept", lead)
    await matter.skip(timedelta(minutes=46))
    await matter.until("escalated", 3, clock="arrive")
    await persons.carry(day.noon)
    await persons.act(day.noon)
    assert (await done(persons, matter, "arrive"))["arrive", 3] == ("done", "CT-LIFT")


async def test_a_deed_of_an_order_that_is_closed_is_refused_and_that_is_its_outcome(persons, day) -> None:
    """ESC-06: the door keeps the refusal too, so a repeat ends the same way."""
    matter = await unanswered(persons)
    await persons.carry(day.noon)
    await matter.give("respond", OPERATOR)
    await matter.give("withdraw", OPERATOR, by="phone", reason="已自行修好")
    await matter.file()
    await persons.act(day.noon)
    assert (await done(persons, matter))["response", 3] == ("order-closed", "reclassify")
    await persons.act_again(day.noon, ended=True)
    assert (await done(persons, matter))["response", 3] == ("order-closed", "reclassify")
