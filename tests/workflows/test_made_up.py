"""What a process missed while no worker lived is made up by it once, at the planned instant, and marked late."""

from datetime import UTC, datetime, timedelta

from house import OPERATOR, Matter, eventually, form, instant, received, working
from test_relay import engine_away

import domain.order
from records.read import server_time
from starter.client import receive_matter
from starter.desk import Desk
from starter.relay import start_waiting
from starter.replay import replay_order

SOON = timedelta(seconds=4)
GONE = timedelta(seconds=3)
"""Here so long is late already; the minute of production would be waited for (OPS-08)."""


async def test_st_21_an_order_that_lived_before_its_worker_went(desk, data, monkeypatch) -> None:
    """ST-21 (ESC-07, ESC-08): planned instant, `late`, lateness in seconds, each once; none of it is a late entry."""
    monkeypatch.setattr(domain.order, "LATE_AFTER", GONE)
    began = datetime.now(UTC) - timedelta(minutes=15) + SOON
    async with working(desk, data, sandbox=False):
        matter = await received(desk, received_at=began, back_dated_because="电话高峰,事后补录")
        await matter.until("clock_warned", 2, clock="response")
    due = began + timedelta(minutes=15)
    await eventually(lambda: server_time(desk.pool), lambda now: now > due + GONE + timedelta(seconds=1))
    assert await matter.events("clock_breached") == []
    async with working(desk, data, sandbox=False):
        [level] = await matter.until("escalated", clock="response")
        breaches = await matter.events("clock_breached")
        assert (await replay_order(desk, matter.order_id)).differences == ()
    [breach] = [event for event in breaches if event["payload"]["clock"] == "response"]
    for event in (breach, level):
        gap = (instant(event["recorded_at"]) - due) // timedelta(seconds=1)
        assert instant(event["at"]) == due
        assert (event["payload"]["late"], event["payload"]["late_by_seconds"]) == (True, gap)
        assert "late_entry" not in event["payload"]


async def test_received_while_the_engine_was_away_and_begun_after_a_limit(desk, data, monkeypatch) -> None:
    """CLK-32, ESC-08, INT-21: begun late by the relay is no late entry; the reception says when it was typed."""
    monkeypatch.setattr(domain.order, "LATE_AFTER", GONE)
    began = datetime.now(UTC) - timedelta(minutes=15) + SOON
    outside = Desk(desk.pool, await engine_away(), desk.ring, desk.settings)
    form_ = form(received_at=began, back_dated_because="电话高峰,事后补录")
    matter = Matter(desk, (await receive_matter(outside, form_, OPERATOR)).order_id)
    due = began + timedelta(minutes=15)
    await eventually(lambda: server_time(desk.pool), lambda now: now > due + GONE + timedelta(seconds=1))
    async with working(desk, data, sandbox=False):
        await start_waiting(desk, idle_for=timedelta(0))
        breach = (await matter.until("clock_breached", clock="response"))[0]
        [first] = await matter.events("received")
        assert (await replay_order(desk, matter.order_id)).differences == ()
    assert instant(first["payload"]["entered_at"]) == (await matter.file()).intake.created_at
    assert instant(breach["at"]) == due
    assert breach["payload"]["late"] is True
    assert "late_entry" not in breach["payload"]
