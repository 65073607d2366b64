"""Messages to owners: handed over by one channel after the other, told to their orders, answered through a link."""

import asyncio
import hashlib
import json
from datetime import UTC, datetime, timedelta
from itertools import pairwise

import pytest
from house import CALLER, OPERATOR, OWNER, USUAL, WHOLE_LIFE, received

from domain.commands import CommandName
from domain.dispatch.roster import roster_of
from domain.refusals import Refused
from records import outgoing, owner_messages
from records.errors import RecordsRefused
from records.pool import transaction
from starter.callback_link import answer_callback
from starter.contacting import contact_from, contact_hours_of, manner_for
from starter.owner_messages import send_to_owners
from starter.relay import queue
from starter.request import Request
from starter.telling_owner import tell_owner

pytestmark = pytest.mark.usefixtures("worker")
ANSWER = {"resolved": True, "attitude": 5, "timeliness": 4, "quality": 5, "words": "后来好了"}
YOUNG = "13800001002"  # of the sample's residents: prefers WeChat, then the app

CLEAR = (
    "select one::text as told from callback_link as one where order_id = $1",
    "select one::text as told from owner_message as one where order_id = $1",
    "select one::text as told from outbox as one where order_id = $1",
    "select one::text as told from action as one where order_id = $1",
    "select convert_from(body, 'UTF8') as told from work_order_event where order_id = $1",
)
"""Everything of an order that stands in the record unsealed."""


async def carried(desk, folder):
    """What the relay does, until nothing is left to do."""
    roster = roster_of(desk.settings)
    while await queue(desk, roster, datetime.now(UTC)) + await send_to_owners(desk, roster, folder, datetime.now(UTC)):
        pass


def sent(folder, order_id):
    paths = (folder / "messages").glob("*/*.json")
    told = [{"channel": path.parent.name, **json.loads(path.read_text(encoding="utf-8"))} for path in paths]
    return [one for one in told if one["order"] == order_id]


async def not_reached(desk, folder, **said):
    """An order that nobody could be reached about, and the token of its message."""
    matter = await received(desk, **said)
    await matter.through(*WHOLE_LIFE[:-1])
    for hours in (3, 3, 24):
        await matter.skip(timedelta(hours=hours))
        await matter.give("record_attempt", CALLER)
    await carried(desk, folder)
    [message] = sent(folder, matter.order_id)
    return matter, message


async def test_the_last_attempt_closes_and_sends_a_link(desk, tmp_path):
    """CBK-03, CBK-06, ST-24: exhausted, stopped and closed in one step; the record holds the token's digest alone."""
    matter, message = await not_reached(desk, tmp_path)
    row = (await matter.file()).row
    assert (row.stage, row.close_reason, row.duties) == ("closed", "not_reached", [])
    kinds = [event["type"].removeprefix("work_order.") for event in await matter.events()]
    assert ("callback_attempted", "callback_exhausted") in list(pairwise(kinds))
    assert kinds[-2:] == ["clock_stopped", "closed"]
    assert message["token"] in message["zh"]
    links = await desk.pool.fetch("select digest from callback_link where order_id = $1", matter.order_id)
    assert [link["digest"] for link in links] == [hashlib.sha256(message["token"].encode()).digest()]
    for look in CLEAR:
        rows = await desk.pool.fetch(look, matter.order_id)
        assert rows
        assert not [one for one in rows if message["token"] in one["told"]], look


async def test_a_late_answer_through_the_link(desk, tmp_path):
    """CBK-06, CBK-08: the household's, without any member of staff; it replaces `not_reached`, once."""
    matter, message = await not_reached(desk, tmp_path)
    await matter.skip(timedelta(days=29))
    order, answer = await answer_callback(desk, message["token"], ANSWER, "late-1")
    assert (order, answer.stage) == (matter.order_id, "closed")
    matter.told = answer.seq
    assert (await matter.file()).row.close_reason == "confirmed"
    [heard] = await matter.events("callback_recorded")
    assert heard["actor"] == (await matter.reporter()).id
    assert (heard["payload"]["told_by"], heard["payload"]["replaces"]) == ("household", "not_reached")
    assert await answer_callback(desk, message["token"], ANSWER, "late-1") == (order, answer)
    assert await refusal_of(answer_callback(desk, message["token"], ANSWER, "late-2")) == "already-done"
    assert await refusal_of(answer_callback(desk, message["token"][:-1], ANSWER, "late-3")) == "unknown-link"


async def test_a_late_no_reopens(desk, tmp_path):
    """CBK-06, CBK-05: with a service recovery."""
    matter, message = await not_reached(desk, tmp_path)
    _, answer = await answer_callback(desk, message["token"], {**ANSWER, "resolved": False}, "no-1")
    assert answer.stage == "dispatch"
    assert len(await matter.until("recovery_opened")) == 1
    with pytest.raises(Refused) as again:
        await answer_callback(desk, message["token"], ANSWER, "no-2")
    [heard] = await matter.events("callback_recorded")
    assert (again.value.code, again.value.facts["at"]) == ("already-done", heard["at"])
    assert "allowed" not in again.value.facts


async def test_after_the_window_a_link_opens_nothing(desk, tmp_path):
    """CBK-06, CBK-09: 30 days; the hint is a new order linked as a repeat."""
    matter, message = await not_reached(desk, tmp_path)
    await matter.skip(timedelta(days=31))
    await matter.handle.result()
    assert await refusal_of(answer_callback(desk, message["token"], ANSWER, "over-1")) == "reopen-window-over"
    refusal = await matter.refused("reopen", OWNER, reason="又漏了")
    assert (refusal.code, refusal.facts["days"]) == ("reopen-window-over", 30)


async def refusal_of(work):
    with pytest.raises(Refused) as refusal:
        await work
    return refusal.value.code


async def feedback(desk, matter, by="wechat"):
    """Feedback that goes as a message."""
    said = {**USUAL["give_feedback"][1], "by": by}
    request = Request(matter.order_id, CommandName.GIVE_FEEDBACK, OPERATOR, said)
    return request, await tell_owner(desk, request, await matter.file(), datetime.now(UTC), dry_run=False)


async def at_feedback(desk, **said):
    matter = await received(desk, **said)
    await matter.through(*WHOLE_LIFE[:-2])
    return matter


async def test_feedback_by_message_counts_when_it_arrives(desk, tmp_path):
    """FBK-04: queued it stops no clock; what the first channel can't carry goes by the next one, each try on record."""
    matter = await at_feedback(desk, reporter_phone=YOUNG)
    (tmp_path / "messages").mkdir()
    (tmp_path / "messages" / "wechat").write_text("no folder: this channel is away")
    _, queued = await feedback(desk, matter)
    assert queued.channels == ("wechat", "app")
    file = await matter.file()
    assert (file.row.stage, await matter.events("feedback_given")) == ("feedback", [])
    assert "result_feedback" in {duty["clock"] for duty in file.row.duties}
    await carried(desk, tmp_path)
    [given] = await matter.until("feedback_given")
    assert (given["payload"]["by"], given["payload"]["delivery"]) == ("app", queued.message_id)
    assert (given["actor"], given["payload"]["kind"]) == (OPERATOR.id, "result")
    [(message, tries)] = await owner_messages.of_order(desk.pool, matter.order_id)
    assert [(one.channel, one.failed) for one in tries] == [("wechat", "channel-away"), ("app", None)]
    assert (message.sent_by, message.outcome) == ("app", "done")
    [told] = sent(tmp_path, matter.order_id)
    assert all(USUAL["give_feedback"][1][part] in told["zh"] for part in ("found", "words"))


async def test_a_message_no_channel_carries_is_no_feedback(desk, tmp_path):
    """FBK-04: the clock runs on, and the first contact is told that he must call."""
    matter = await at_feedback(desk)
    (tmp_path / "messages").write_text("no folder: every channel is away")
    await feedback(desk, matter)
    await carried(desk, tmp_path)
    [(message, tries)] = await owner_messages.of_order(desk.pool, matter.order_id)
    assert (message.sent_at, message.given_up_at is not None) == (None, True)
    assert len(tries) == len(message.channels) == 2
    notices = await outgoing.notices(desk.pool, matter.order_id)
    told = [one.notice for one in notices if one.notice.body["topic"] == "owner_not_told"]
    assert [one.person for one in told] == [OPERATOR.id]
    assert await matter.events("feedback_given") == []


async def test_feedback_is_queued_once_and_refused_as_the_order_would(desk, tmp_path):
    """FBK-04, API-01: a repetition sends nothing twice; what does not fit the stage is not sent at all."""
    matter = await at_feedback(desk)
    request, queued = await feedback(desk, matter)
    file = await matter.file()
    again = await asyncio.gather(*(tell_owner(desk, request, file, datetime.now(UTC), dry_run=False) for _ in range(3)))
    assert {one.message_id for one in again} == {queued.message_id}
    await asyncio.gather(*(carried(desk, tmp_path) for _ in range(3)))
    assert len(await matter.until("feedback_given")) == len(sent(tmp_path, matter.order_id)) == 1
    with pytest.raises(Refused) as refusal:
        await feedback(desk, matter)
    assert refusal.value.code == "illegal-transition"
    assert len(await owner_messages.of_order(desk.pool, matter.order_id)) == 1


async def test_a_message_apologises_for_a_broken_promise(desk, tmp_path):
    """FBK-06: by itself, in the template; spoken words must hold the apology themselves."""
    matter = await received(desk)
    await matter.through(*WHOLE_LIFE[:5])
    soon = (await matter.file()).row.received_at
    window = {"window_start_at": soon + timedelta(minutes=5), "window_end_at": soon + timedelta(minutes=20)}
    await matter.give("promise", OPERATOR, **window)
    await matter.skip(timedelta(minutes=25))
    await matter.until("clock_breached", clock="promise")
    await matter.through("arrive", "complete_handling")
    spoken = USUAL["give_feedback"][1]
    assert (await matter.refused("give_feedback", OPERATOR, **spoken)).code == "apology-missing"
    await feedback(desk, matter)
    await carried(desk, tmp_path)
    [given] = await matter.until("feedback_given")
    assert given["payload"]["promise_kept"] is False
    [told] = sent(tmp_path, matter.order_id)
    assert "向您道歉" in told["zh"]
    assert "we apologise" in told["en"]


async def test_who_was_told_otherwise_is_sent_nothing(desk, tmp_path):
    """FBK-04: one message at a time; a call that was faster settles it, and its action repeats nothing."""
    matter = await at_feedback(desk)
    await feedback(desk, matter)
    assert await refusal_of(feedback(desk, matter, "sms")) == "message-on-its-way"
    await matter.through("give_feedback")
    await carried(desk, tmp_path)
    [(message, tries)] = await owner_messages.of_order(desk.pool, matter.order_id)
    assert (message.outcome, tries, sent(tmp_path, matter.order_id)) == ("settled", [], [])
    assert len(await matter.events("feedback_given")) == 1


async def test_a_message_held_for_the_morning_is_dropped_once_the_owner_was_told(desk, tmp_path):
    """FBK-04, FBK-05: before its hour, so that nobody is shown as still to be told."""
    matter = await at_feedback(desk)
    await feedback(desk, matter)
    await desk.pool.execute(
        "update owner_message set due_at = now() + interval '1 day' where order_id = $1", matter.order_id
    )
    await carried(desk, tmp_path)
    [(message, _)] = await owner_messages.of_order(desk.pool, matter.order_id)
    assert message.given_up_at is None
    await matter.through("give_feedback")
    await carried(desk, tmp_path)
    [(message, tries)] = await owner_messages.of_order(desk.pool, matter.order_id)
    assert (message.outcome, message.given_up_at is None, tries) == ("settled", False, [])


async def test_a_link_is_not_sent_once_the_order_goes_on(desk, tmp_path):
    """CBK-06: reopened meanwhile, it asks for nothing any more."""
    matter = await received(desk)
    await matter.through(*WHOLE_LIFE[:-1])
    for hours in (3, 3, 24):
        await matter.skip(timedelta(hours=hours))
        await matter.give("record_attempt", CALLER)
    await matter.give("reopen", OWNER, reason="又漏了")
    await carried(desk, tmp_path)
    assert sent(tmp_path, matter.order_id) == []


async def test_an_erased_person_is_sent_nothing(desk, tmp_path):
    """FBK-04: his words can't be opened any more; the try says why."""
    matter = await at_feedback(desk)
    await feedback(desk, matter)
    subject = (await matter.file()).intake.subject_id
    await desk.pool.execute("delete from subject_key where subject_id = $1", subject)
    await carried(desk, tmp_path)
    [(_, tries)] = await owner_messages.of_order(desk.pool, matter.order_id)
    assert {one.failed for one in tries} == {"subject-erased"}
    assert sent(tmp_path, matter.order_id) == []


async def test_too_few_words_are_no_feedback(desk):
    """FBK-01: at least 10 characters, counted at the door, for the record holds them sealed."""
    matter = await at_feedback(desk)
    short = {**USUAL["give_feedback"][1], "words": "已修好 "}
    refusal = await matter.refused("give_feedback", OPERATOR, **short)
    assert (refusal.code, refusal.facts) == ("feedback-too-short", {"field": "words", "least": 10})


async def test_how_a_household_is_spoken_with(desk):
    """FBK-02: found by the number it has given, in the blind index; a stranger is told in the usual way."""
    found = []
    for phone in (YOUNG, "13800001001", "13900000000"):
        matter = await received(desk, reporter_phone=phone)
        subject = (await matter.file()).intake.subject_id
        async with transaction(desk.pool) as connection:
            found.append((await manner_for(desk, connection, "jinxiu", subject)).channels[:2])
    assert found == [("wechat", "app"), ("phone", "visit"), ("phone", "wechat")]


async def test_an_unknown_link_is_refused(desk):
    """CBK-06."""
    with pytest.raises(RecordsRefused):
        await owner_messages.opened_by(desk.pool, "guessed")


HOURS = [("2026-07-08T12:30+08:00", "2026-07-08T14:00+08:00"), ("2026-07-08T21:00+08:00", "2026-07-09T09:00+08:00")]


@pytest.mark.parametrize(("at", "from_when"), HOURS)
def test_owners_are_contacted_in_contact_hours(sample, at, from_when):
    """FBK-05: a message waits for them, unless the policy is urgent."""
    now = datetime.fromisoformat(at)
    assert contact_from(sample, "jinxiu", "major", now) == datetime.fromisoformat(from_when)
    assert contact_from(sample, "jinxiu", "urgent", now) == now
    assert contact_hours_of(sample, "sf-housing", now).id == "sf_contact"
