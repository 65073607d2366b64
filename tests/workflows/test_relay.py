"""The relay: what was received is started, what escalates reaches a person, once."""

import asyncio
import json
from datetime import UTC, datetime, timedelta

import pytest
from house import CALLER, USUAL, WHOLE_LIFE, Matter, eventually, form, received
from house import OPERATOR as S06
from temporalio.client import Client

from domain.audit import genesis, link
from domain.dispatch.roster import roster_of
from records import outgoing
from starter.client import receive_matter
from starter.desk import Desk
from starter.relay import carry_outbox, start_waiting
from workflows.delivery import delivery_id
from workflows.engine import Engine, connect

pytestmark = pytest.mark.usefixtures("worker")
AT_ONCE = timedelta(0)


async def engine_away() -> Client:
    """A client whose server is not there: nothing listens on port 1 of the loopback."""
    return await connect(Engine(address="127.0.0.1:1"), lazy=True)


def messages(data, order_id: str) -> list[dict]:
    told = [json.loads(path.read_text(encoding="utf-8")) for path in (data / "messages").glob("*.json")]
    return [one for one in told if one["order"] == order_id]


async def test_received_while_the_engine_is_away(desk) -> None:
    """INT-21, design 6: number and limits at once; the relay starts the process, clocks count from reception."""
    outside = Desk(desk.pool, await engine_away(), desk.ring, desk.settings)
    receipt = await receive_matter(outside, form(), S06)
    assert (receipt.started, receipt.response_due_at - receipt.received_at) == (False, timedelta(minutes=15))
    matter = Matter(desk, receipt.order_id)
    assert (await matter.file()).row.seq == 0
    await start_waiting(desk, idle_for=AT_ONCE)
    [first] = await matter.until("received")
    assert first["at"] == receipt.received_at.strftime("%Y-%m-%dT%H:%M:%S.%fZ")


async def test_an_action_on_an_order_not_started_yet_starts_it(desk) -> None:
    outside = Desk(desk.pool, await engine_away(), desk.ring, desk.settings)
    receipt = await receive_matter(outside, form(), S06)
    matter = Matter(desk, receipt.order_id)
    assert (await matter.give("respond", S06)).stage == "registration"


async def test_an_action_while_the_engine_is_away(desk) -> None:
    """Design 4a.10: refused with a code, nothing changed; the same key works once the engine is back."""
    matter = await received(desk)
    away = Matter(Desk(desk.pool, await engine_away(), desk.ring, desk.settings), matter.order_id)
    refusal = await away.refused("respond", S06, key="engine-was-away")
    await matter.give("respond", S06, key="engine-was-away")
    assert (refusal.code, len(await matter.events("responded"))) == ("engine-away", 1)


async def test_the_same_matter_received_twenty_times_at_once(desk) -> None:
    """INT-11: same key and content give the same order and one process."""
    same = form()
    receipts = await asyncio.gather(*(receive_matter(desk, same, S06) for _ in range(20)))
    assert (len({r.order_id for r in receipts}), sum(not r.repeated for r in receipts)) == (1, 1)
    matter = Matter(desk, receipts[0].order_id)
    assert len(await matter.until("received")) == 1


async def test_level_one_is_told_once(desk, data) -> None:
    """ESC-07, API-09: one `Escalated`, one message in the sandbox channel, however often the relay runs."""
    matter = await received(desk)
    await matter.skip(timedelta(minutes=15, seconds=30))
    [escalated] = await matter.until("escalated", clock="response")
    roster = roster_of(desk.settings)
    await asyncio.gather(*(carry_outbox(desk, roster, datetime.now(UTC)) for _ in range(5)))

    async def delivered() -> list[dict]:
        told = messages(data, matter.order_id)
        return [one for one in told if one["facts"]["clock"] == "response"]

    [message] = await eventually(delivered, bool)
    assert (message["role"], message["facts"]["level"]) == ("duty_supervisor", 1)
    # The engine writes an attempt into the history when it has ended, a moment after its effect.
    assert await eventually(lambda: tries(desk, message["id"]), bool) == [1]
    rows = [row for row in await outgoing.notices(desk.pool, matter.order_id) if row.notice.seq == escalated["seq"]]
    [row] = await eventually(lambda: noted(desk, matter, escalated["seq"]), lambda rows: all(r.sent_at for r in rows))
    assert (len(rows), row.notice.person, message["to"]) == (1, message["to"], row.notice.person)


async def tries(desk, notice_id: str) -> list[int]:
    """Attempts of a delivery; a second one would come half a minute later."""
    history = await desk.engine.get_workflow_handle(delivery_id(notice_id)).fetch_history()
    started = (event.activity_task_started_event_attributes for event in history.events)
    return [attributes.attempt for attributes in started if attributes.attempt]


async def noted(desk, matter, seq: int):
    return [row for row in await outgoing.notices(desk.pool, matter.order_id) if row.notice.seq == seq]


async def test_a_handler_may_not_call_back(desk) -> None:
    """CBK-02: refused by the process, and written to the day's chain of refusals (PA-15)."""
    matter = await received(desk)
    await matter.through("respond", "clarify", "register")
    await matter.give("dispatch", S06, team="quality", assignee=CALLER.id)
    for step in ("accept", "arrive", "complete_handling"):
        said = USUAL["complete_handling"][1] if step == "complete_handling" else {}
        await matter.give(step, CALLER, **said)
    await matter.through("give_feedback")
    scores = {"attitude": 5, "timeliness": 5, "quality": 5}
    refusal = await matter.refused("record_callback", CALLER, resolved=True, **scores)
    assert refusal.code == "separation-of-duties"


async def test_every_life_is_whole_in_the_record(desk) -> None:
    """The chain in PostgreSQL is contiguous and each hash follows from the one before."""
    matter = await received(desk)
    await matter.through(*WHOLE_LIFE)
    events, head = (await matter.file()).events, genesis(matter.order_id)
    for number, event in enumerate(events, start=1):
        head = link(head, event.body)
        assert (event.seq, event.hash) == (number, head)
