"""The relay and persons: held by night, gathered into digests, acknowledged by whoever was told (ESC-05, ESC-09…12)."""

import asyncio
from datetime import timedelta

from house import ENGINEERING_LEAD, OPERATOR, PLUMBER, STEWARD, Matter, received
from persons_house import unanswered

from records import outgoing
from starter.actor import Actor, usr
from starter.desk import Desk
from starter.relay import carry_outbox
from workflows.engine import Engine, connect


async def test_at_night_on_call_is_told_at_once_and_the_addressee_in_the_morning(persons, day) -> None:
    """ESC-09, ESC-10, ST-22: held to the very end of the quiet hours, then told, once, and it says so."""
    matter = await unanswered(persons)
    await asyncio.gather(*(persons.carry(day.night) for _ in range(3)))
    at_once = {(1, "S07"): "sent", (2, "S07"): "sent", (3, "S07"): "sent"}
    await persons.until(matter, {**at_once, (2, "S02"): "held", (3, "S01"): "held"})
    await persons.carry(day.morning - timedelta(microseconds=1))
    assert (await persons.became(matter))[3, "S01"] == "held"
    await persons.carry(day.morning)
    await persons.until(matter, {**at_once, (2, "S02"): "sent", (3, "S01"): "sent"})
    told = await persons.told(matter)
    first, later = told[3, "S07"], told[3, "S01"]
    assert (first.not_before, later.not_before) == (None, day.morning)
    assert (first.role, first.body["to"], first.body["way"]) == ("duty_supervisor", "project_manager", "stands_in")
    assert first.body["because"][:2] == ["on_call", "off_duty_stand_in"]
    assert first.body["roster"] == persons.roster().version
    assert persons.message(later.notice_id)["zh"].endswith("本消息因免打扰时段而延后送达。")
    assert "请您作为「值班主管」先行处理" in persons.message(first.notice_id)["zh"]


async def test_what_was_settled_by_night_is_dropped_in_the_morning_with_a_note(persons, day) -> None:
    """ESC-09: acknowledged, or its clock stopped, or the order closed; what was not is told."""
    persons = persons.given(digest_above=1000)
    seen, answered, withdrawn = await asyncio.gather(*(unanswered(persons) for _ in range(3)))
    await persons.carry(day.night)
    await persons.told(seen)
    await seen.give("acknowledge", persons.actor("S07"), clock="response", level=3)
    await answered.give("respond", OPERATOR)
    await withdrawn.give("respond", OPERATOR)
    await withdrawn.give("withdraw", OPERATOR, by="phone", reason="已自行修好")
    for matter in (seen, answered, withdrawn):
        await matter.file()
    await persons.carry(day.morning)
    at_once = {(1, "S07"): "sent", (2, "S07"): "sent", (3, "S07"): "sent"}
    await persons.until(seen, {**at_once, (2, "S02"): "sent", (3, "S01"): "acknowledged"})
    await persons.until(answered, {**at_once, (2, "S02"): "clock-stopped", (3, "S01"): "clock-stopped"})
    await persons.until(withdrawn, {**at_once, (2, "S02"): "order-closed", (3, "S01"): "order-closed"})


async def test_whoever_was_told_at_night_may_acknowledge_and_nobody_else(persons, day) -> None:
    """ESC-05, ESC-10: in the addressee's role, where he was told; nothing else comes with it."""
    matter, by_day = await asyncio.gather(unanswered(persons), unanswered(persons))
    on_call, asked = persons.actor("S07"), {"clock": "response", "level": 3}
    await persons.carry_one(by_day, day.noon)
    assert (await matter.refused("acknowledge", on_call, **asked)).code == "nothing-to-acknowledge"
    await persons.carry(day.night)
    await persons.told(matter)
    assert (await matter.refused("acknowledge", STEWARD, **asked)).code == "nothing-to-acknowledge"
    assert (await by_day.refused("acknowledge", on_call, **asked)).code == "nothing-to-acknowledge"
    await matter.give("acknowledge", on_call, **asked)
    [event] = await matter.until("acknowledged")
    assert (event["actor"], event["payload"]["role"], event["payload"]["level"]) == (on_call.id, "project_manager", 3)
    assert (await matter.refused("excuse", on_call, clock="response", reason="夜间停电")).code == "forbidden"


async def test_a_deputy_acknowledges_for_who_is_away(persons, day) -> None:
    """ESC-05, ESC-11: the service manager is away, the project manager is told as deputy and acknowledges level 2."""
    matter, absent = await unanswered(persons), persons.without("S02")
    await absent.carry(day.noon)
    deputy = (await persons.told(matter))[2, "S01"]
    assert (deputy.role, deputy.body["to"], deputy.body["way"]) == ("project_manager", "service_manager", "deputy")
    await matter.give("acknowledge", Actor(usr("S01"), ("project_manager",)), clock="response", level=2)
    [event] = await matter.until("acknowledged")
    assert (event["payload"]["role"], event["payload"]["level"]) == ("service_manager", 2)


async def test_whom_a_matter_is_about_hears_nothing_of_its_levels(persons, day) -> None:
    """DSP-13, ESC-11: named after the clock began, and before the relay looked; who comes next is told instead."""
    matter = await unanswered(persons)
    await matter.give("note", OPERATOR, words="业主投诉客服经理", complained_of=[usr("S02")])
    await matter.file()
    await persons.carry(day.noon)
    told = await persons.told(matter)
    assert "S02" not in {person for _, person in told}
    instead = told[2, "S01"]
    assert (instead.body["to"], instead.body["way"]) == ("service_manager", "deputy")
    assert instead.body["because"][-1] == "service_manager: S02 complained_of"


async def test_a_role_that_nobody_holds_goes_up_and_alerts_the_operators(persons, day) -> None:
    """ESC-11: managers and quality department away: nothing is dropped, the operator on duty hears of each level."""
    matter, absent = await unanswered(persons), persons.without("S01", "S02", "S22")
    await absent.carry(day.noon)
    told = await persons.told(matter)
    assert {key: notice.body["topic"] for key, notice in told.items()} == {
        (1, "S06"): "escalation",
        (2, "S06"): "nobody_found",
        (3, "S06"): "nobody_found",
    }
    assert "【无人可找】" in persons.message(told[3, "S06"].notice_id)["zh"]


async def test_more_messages_than_one_can_read_become_one_digest(persons, day) -> None:
    """ESC-12: each stays on record as told by it; the digest names order, clock and level; one id, one message."""
    few = persons.given(digest_above=2)
    matters = await asyncio.gather(*(unanswered(persons, 16) for _ in range(3)))
    await asyncio.gather(*(few.carry(day.night) for _ in range(2)))
    for matter in matters:
        await persons.until(matter, {(1, "S07"): "digest"})
    rows = [row for matter in matters for row in await outgoing.notices(persons.desk.pool, matter.order_id)]
    [digest] = {row.told_by for row in rows}
    said = persons.message(digest)
    assert not [row for row in rows if (persons.data / "messages" / f"{row.notice.notice_id}.json").exists()]
    named = {(case["order"], case["clock"], case["level"]) for case in said["facts"]["cases"]}
    assert named >= {(matter.order_id, "response", 1) for matter in matters}
    assert all(f"工单 {matter.order_id.removeprefix('wo_')}「响应」第 1 级" in said["zh"] for matter in matters)
    assert (said["order"], said["to"]) == (None, usr("S07"))
    await matters[0].give("acknowledge", persons.actor("S07"), clock="response")  # he was told


async def test_a_rush_that_goes_on_waits_for_the_next_digest(persons, day) -> None:
    """ESC-12: a minute after the last one, and not a second earlier."""
    few = persons.given(digest_above=1)
    first = await unanswered(persons, 16)
    await few.carry(day.night)
    await persons.until(first, {(1, "S07"): "digest"})
    second = await unanswered(persons, 16)
    await few.carry(day.night + timedelta(seconds=20))
    await few.carry(day.night + timedelta(seconds=59))
    assert await persons.became(second) == {(1, "S07"): "under way"}
    await few.carry(day.night + timedelta(seconds=60))
    await persons.until(second, {(1, "S07"): "digest"})


async def test_a_message_waits_for_an_engine_that_is_away(persons, day) -> None:
    """ESC-07, design 4a.10: chosen once, when the level came; sent when the engine is back, to the same persons."""
    matter = await unanswered(persons, 16)
    away = Desk(
        persons.desk.pool, await connect(Engine(address="127.0.0.1:1"), lazy=True), persons.desk.ring, persons.settings
    )
    await carry_outbox(away, persons.roster(), day.noon)
    assert await persons.became(matter) == {(1, "S06"): "under way"}
    await persons.carry(day.night)
    await persons.until(matter, {(1, "S06"): "sent"})


# ---- pauses


async def told_of(persons, matter: Matter, topic: str) -> dict[str, dict]:
    """Messages of a topic, by person."""
    await persons.told(matter)
    rows = [row.notice for row in await outgoing.notices(persons.desk.pool, matter.order_id)]
    return {
        one.person: persons.message(one.notice_id) for one in rows if one.body["topic"] == topic and not one.not_before
    }


async def test_a_pause_is_asked_for_decided_and_over_and_each_is_told(persons, day) -> None:
    """CLK-17, CLK-20, API-09: the approver hears of the request, who asked of the answer, the assignee of its end."""
    matter = await received(persons.desk)
    await matter.through("respond", "clarify", "register", "dispatch", "accept")
    ends = ((await matter.file()).row.received_at + timedelta(days=6)).isoformat()
    await matter.give("request_suspension", PLUMBER, pause_reason="weather", expected_end_at=ends)
    await persons.carry(day.noon)
    asked = await told_of(persons, matter, "suspension_requested")
    assert set(asked) == {usr("S08")}
    assert "申请因「天气不允许施工」暂停计时" in asked[usr("S08")]["zh"]
    await matter.give("approve_suspension", ENGINEERING_LEAD)
    await persons.carry(day.noon)
    assert set(await told_of(persons, matter, "suspension_decided")) == {PLUMBER.id}
    await matter.skip(timedelta(days=14))
    await matter.until("resumed", because="cap")
    await persons.carry(day.noon)
    over = await told_of(persons, matter, "pause_over")
    assert "has reached its cap; its clocks run again" in over[PLUMBER.id]["en"]


async def test_a_request_that_was_decided_by_night_wakes_nobody_in_the_morning(persons, day) -> None:
    """ESC-09: held for the approver, decided by the project manager meanwhile."""
    matter = await received(persons.desk)
    await matter.through("respond", "clarify", "register", "dispatch", "accept")
    ends = ((await matter.file()).row.received_at + timedelta(days=6)).isoformat()
    await matter.give("request_suspension", PLUMBER, pause_reason="weather", expected_end_at=ends)
    await persons.carry(day.night)
    await matter.give("refuse_suspension", Actor(usr("S01"), ("project_manager",)), reason="库存已有")
    await matter.file()
    await persons.carry(day.morning)
    rows = await outgoing.notices(persons.desk.pool, matter.order_id)
    held = [row for row in rows if row.notice.body["topic"] == "suspension_requested"]
    assert [(row.notice.person, row.dropped_because) for row in held] == [(usr("S08"), "decided")]
