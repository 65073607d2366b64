"""Two cases are merged on the real server: both numbers live, both reporters are answered (GRP-01, 02, 03, 08)."""

import asyncio
import dataclasses
import secrets
from datetime import timedelta

import pytest
from house import CALLER, OPERATOR, OWNER, PLUMBER, STEWARD, USUAL, WHOLE_LIFE, Matter, received
from test_incidents_solved_carried import YES, carried
from test_owner_messages import sent

from domain.commands import CommandName
from domain.refusals import Refused
from records.read import server_time
from starter.desk import Desk
from starter.groups.merging import carry_merges, merge
from starter.reconcile import differences
from starter.relay import queue
from starter.request import Request
from workflows.engine import Engine, connect

RESULT = USUAL["give_feedback"][1]


def request(duplicate: Matter, survivor: Matter, key: str | None = None) -> Request:
    said = {"survivor": survivor.order_id}
    return Request(duplicate.order_id, CommandName.MERGE, OPERATOR, said, key=key or secrets.token_hex(8))


async def two(persons) -> tuple[Matter, Matter]:
    """The one that came second, and the one that came five minutes before it."""
    at = await server_time(persons.desk.pool) - timedelta(minutes=5)
    earlier = await received(persons.desk, received_at=at, back_dated_because="补录")
    return await received(persons.desk), earlier


async def code(work) -> str:
    try:
        await work
    except Refused as refusal:
        return refusal.code
    return "done"


async def test_both_are_answered_and_called_back(persons, day) -> None:
    """GRP-01, GRP-02, GRP-03, INT-05: the later one is survivor; the earlier reception counts; both have their end."""
    survivor, duplicate = await two(persons)
    await duplicate.give("respond", STEWARD)
    await duplicate.file()
    due = (await survivor.file()).intake.feedback_due_at
    asked = request(duplicate, survivor)
    first = await merge(persons.desk, asked)
    again = await merge(persons.desk, asked)
    assert (again.repeated, again.answer) == (True, first.answer)
    duplicate.told = first.answer.seq
    assert (await duplicate.file()).row.merged_into == survivor.order_id
    await survivor.until("absorbed", duplicate=duplicate.order_id)
    row = (await survivor.file()).row
    assert row.received_at == (await duplicate.file()).row.received_at
    [feedback] = [one for one in row.duties if one["clock"] == "feedback"]
    assert feedback["due_at"] < due.isoformat()
    await duplicate.give("urge", OWNER, by="wechat")
    await duplicate.give("note", OPERATOR, words="报事人又来电,漏得更急了", key="note-1")
    await duplicate.give("note", OPERATOR, words="报事人又来电,漏得更急了", key="note-1")
    assert len(await survivor.until("urged")) == 1
    assert len(await survivor.until("noted")) == 1
    await survivor.through("respond", "clarify", "register", "dispatch", "accept", "arrive", "complete_handling")
    await survivor.give("give_feedback", OPERATOR, **RESULT)
    await survivor.file()
    await carried(persons, day.noon)
    await duplicate.until("feedback_given", leader=survivor.order_id, by="sms")
    await carried(persons, day.noon)
    [message] = sent(persons.data, duplicate.order_id)
    assert RESULT["words"] in message["zh"]
    for one in (survivor, duplicate):
        await one.give("record_callback", CALLER, **YES)
    rows = [(await one.file()).row for one in (survivor, duplicate)]
    assert [(row.stage, row.close_reason) for row in rows] == [("closed", "confirmed"), ("closed", "merged")]
    assert [row.first_contact for row in rows] == [OPERATOR.id, STEWARD.id]
    for one in (survivor, duplicate):
        assert await differences(persons.desk, one.order_id) is None


async def test_a_door_that_dies_in_between_leaves_it_to_the_relay(persons) -> None:
    """Design 4a.6, OPS-02: written down first; survivor, then duplicate, each once."""
    survivor, duplicate = await two(persons)
    away = await connect(Engine(address="127.0.0.1:1"), lazy=True)
    outside = Desk(persons.desk.pool, away, persons.desk.ring, persons.settings)
    asked = request(duplicate, survivor)
    assert await code(merge(outside, asked)) == "engine-away"
    assert (await duplicate.file()).row.merged_into is None
    await persons.desk.pool.execute("update order_merge set try_at = now() where duplicate = $1", duplicate.order_id)
    assert await carry_merges(persons.desk) == 1
    await persons.desk.pool.execute("update order_merge set outcome = null, try_at = now()")
    assert await carry_merges(persons.desk) >= 1
    await duplicate.until("merged")
    await survivor.until("absorbed")
    assert len(await duplicate.events("merged")) == len(await survivor.events("absorbed")) == 1
    assert (await merge(persons.desk, asked)).repeated


async def test_what_can_not_be_merged_is_refused_before_anything_happens(persons) -> None:
    """GRP-01, SEC-01: the survivor hears nothing of it."""
    survivor, duplicate = await two(persons)
    await duplicate.give("withdraw", OPERATOR, by="phone", reason="修好了")
    await duplicate.file()
    assert await code(merge(persons.desk, request(duplicate, survivor))) == "order-closed"
    assert await code(merge(persons.desk, request(survivor, duplicate))) == "survivor-closed"
    by_plumber = dataclasses.replace(request(survivor, await received(persons.desk)), actor=PLUMBER)
    assert await code(merge(persons.desk, by_plumber)) == "forbidden"
    third = await received(persons.desk, community="yangguang", room=None)
    table = {"merge-elsewhere": (third, survivor), "merge-circle": (survivor, survivor)}
    for expected, (one, into) in table.items():
        assert await code(merge(persons.desk, request(one, into))) == expected
    assert (await survivor.events("absorbed"), await duplicate.events("merged")) == ([], [])


async def test_into_what_is_merged_itself_the_refusal_names_who_goes_on(persons) -> None:
    """GRP-03, API-08: the last of a row of them, by its number; and nobody is merged into himself that way."""
    first, second = await two(persons)
    last, case = await two(persons)
    for duplicate, survivor in ((first, second), (second, last)):
        duplicate.told = (await merge(persons.desk, request(duplicate, survivor))).answer.seq
        await duplicate.file()
    with pytest.raises(Refused) as refusal:
        await merge(persons.desk, request(case, first))
    assert (refusal.value.code, refusal.value.facts["survivor"]) == ("survivor-merged", last.order_id)
    assert await code(merge(persons.desk, request(last, first))) == "merge-circle"


async def test_praise_takes_no_work_over_and_advice_does(persons, day) -> None:
    """GRP-01, INT-17, CBK-11: praise has no handling; what is merged into advice is handled, told and called back."""
    praise = await received(persons.desk, category="PRAISE")
    advice = await received(persons.desk, category="ADVICE")
    repair = await received(persons.desk)
    with pytest.raises(Refused) as refusal:
        await merge(persons.desk, request(repair, praise))
    assert (refusal.value.code, refusal.value.facts["other"]) == ("survivor-praise", repair.order_id)
    assert await code(merge(persons.desk, request(await received(persons.desk, category="PRAISE"), praise))) == "done"
    assert await code(merge(persons.desk, request(repair, advice))) == "done"
    await repair.until("merged")
    await advice.through("respond", "register", "dispatch", "accept", "complete_handling")
    await advice.give("give_feedback", OPERATOR, **RESULT)
    await advice.file()
    await carried(persons, day.noon)
    await repair.until("feedback_given", leader=advice.order_id)
    await carried(persons, day.noon)
    await repair.give("record_callback", CALLER, **YES)
    assert (await repair.file()).row.close_reason == "merged"


async def test_what_the_duplicate_refuses_after_all_is_undone_at_the_survivor(persons) -> None:
    """Design 4a.6: it was withdrawn between the door's look and the relay's command; nothing stays half done."""
    survivor, duplicate = await two(persons)
    away = await connect(Engine(address="127.0.0.1:1"), lazy=True)
    outside = Desk(persons.desk.pool, away, persons.desk.ring, persons.settings)
    assert await code(merge(outside, request(duplicate, survivor))) == "engine-away"
    await duplicate.give("withdraw", OPERATOR, by="phone", reason="修好了")
    await duplicate.file()
    await persons.desk.pool.execute("update order_merge set try_at = now() where duplicate = $1", duplicate.order_id)
    assert await carry_merges(persons.desk) == 1
    await survivor.until("unmerged", duplicate=duplicate.order_id)
    assert (await survivor.file()).row.received_at > (await duplicate.file()).row.received_at


async def test_a_survivor_that_was_merged_meanwhile_hands_nothing_on(persons) -> None:
    """GRP-01, design 4a.6: else a third order would have taken over a case that follows the second."""
    survivor, duplicate = await two(persons)
    third = await received(persons.desk)
    away = await connect(Engine(address="127.0.0.1:1"), lazy=True)
    outside = Desk(persons.desk.pool, away, persons.desk.ring, persons.settings)
    assert await code(merge(outside, request(duplicate, survivor))) == "engine-away"
    assert await code(merge(persons.desk, request(survivor, third))) == "done"
    await persons.desk.pool.execute("update order_merge set try_at = now() where duplicate = $1", duplicate.order_id)
    assert await carry_merges(persons.desk) == 1
    taken = [event["payload"]["duplicate"] for event in await third.until("absorbed")]
    assert (taken, await duplicate.events("merged")) == ([survivor.order_id], [])


@pytest.mark.parametrize("steps", [7, 8])
async def test_who_is_merged_into_what_is_dealt_with_is_told_too(persons, day, steps) -> None:
    """GRP-01: nobody followed the survivor when its work was done, so nothing was carried then."""
    survivor, duplicate = await two(persons)
    await survivor.through(*WHOLE_LIFE[:steps])
    await survivor.file()
    assert await code(merge(persons.desk, request(duplicate, survivor))) == "done"
    await duplicate.until("merged")
    await carried(persons, day.noon)
    await duplicate.until("solved_together", leader=survivor.order_id)
    if steps == 7:
        await survivor.give("give_feedback", OPERATOR, **RESULT)
        await survivor.file()
    await carried(persons, day.noon)
    await duplicate.until("feedback_given", leader=survivor.order_id)
    await carried(persons, day.noon)
    assert (len(sent(persons.data, duplicate.order_id)), (await duplicate.file()).row.stage) == (1, "callback")
    outcome = "select outcome from order_merge where duplicate = $1"
    assert await persons.desk.pool.fetchval(outcome, duplicate.order_id) == "done"


async def sides(duplicate: Matter, survivor: Matter) -> tuple[str | None, int]:
    """Into what the one is merged by its row, and how often the other has it by its events."""
    taken, back = await survivor.events("absorbed"), await survivor.events("unmerged")
    return (await duplicate.file()).row.merged_into, len(taken) - len(back)


async def test_two_who_merge_the_same_at_once_undo_nothing(persons) -> None:
    """GRP-01: whoever is second hears that it is done, and the survivor keeps the case."""
    survivor, duplicate = await two(persons)
    away = await connect(Engine(address="127.0.0.1:1"), lazy=True)
    outside = Desk(persons.desk.pool, away, persons.desk.ring, persons.settings)
    assert await code(merge(outside, request(duplicate, survivor))) == "engine-away"  # written down, and carried later
    assert await code(merge(persons.desk, request(duplicate, survivor))) == "done"
    await persons.desk.pool.execute("update order_merge set try_at = now() where duplicate = $1", duplicate.order_id)
    assert await carry_merges(persons.desk) == 1
    await duplicate.until("merged")
    assert await sides(duplicate, survivor) == (survivor.order_id, 1)


@pytest.mark.parametrize("opened", [False, True])
async def test_merged_anew_before_the_survivor_has_heard_of_the_undoing(persons, day, opened) -> None:
    """GRP-01, GRP-08: the relay was away in between; what it tells then undoes no later merge."""
    survivor, duplicate = await two(persons)
    assert await code(merge(persons.desk, request(duplicate, survivor))) == "done"
    await duplicate.until("merged")
    await duplicate.give("unmerge", OPERATOR)
    await duplicate.until("unmerged")
    if opened:
        await queue(persons.desk, persons.roster(), day.noon)
    assert await code(merge(persons.desk, request(duplicate, survivor))) == "done"
    await duplicate.until("merged", 2)
    await carried(persons, day.noon)
    await persons.desk.pool.execute("update order_unmerge set try_at = now() where outcome is null")
    await carry_merges(persons.desk)
    assert await sides(duplicate, survivor) == (survivor.order_id, 1)


async def test_two_that_are_merged_into_each_other_at_once_are_no_circle(persons) -> None:
    """GRP-01: at most one of the two becomes a duplicate."""
    one, other = await two(persons)
    asked = (merge(persons.desk, request(one, other)), merge(persons.desk, request(other, one)))
    await asyncio.gather(*map(code, asked))
    await persons.desk.pool.execute("update order_merge set try_at = now() where outcome is null")
    await carry_merges(persons.desk)
    for each in (one, other):
        each.told = 0
    rows = [(await each.file()).row for each in (one, other)]
    assert sum(row.merged_into is not None for row in rows) <= 1


async def test_it_is_undone_within_a_day(persons, day) -> None:
    """GRP-08: both as they were; what was for the survivor is for the case itself again."""
    survivor, duplicate = await two(persons)
    before = [(await one.file()).row for one in (survivor, duplicate)]
    await merge(persons.desk, request(duplicate, survivor))
    await duplicate.until("merged")
    await duplicate.give("unmerge", OPERATOR)
    await duplicate.file()
    await carried(persons, day.noon)
    await carry_merges(persons.desk)
    await survivor.until("unmerged")
    after = [(await one.file()).row for one in (survivor, duplicate)]
    kept = ("stage", "received_at", "next_due_at", "duties", "merged_into")
    for old, new in zip(before, after, strict=True):
        assert [getattr(new, name) for name in kept] == [getattr(old, name) for name in kept]
    await duplicate.give("register", OPERATOR)
    await duplicate.until("registered")
    assert dataclasses.asdict(after[1])["closed_at"] is None
