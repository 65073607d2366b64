"""Sight: the pulse of the house, processes that stand still, and the figures as a monitor reads them."""

import asyncio
import contextlib
import socket
from datetime import timedelta
from urllib.request import urlopen

import pytest
from house import OPERATOR, eventually, received
from prometheus_client.parser import text_string_to_metric_families
from test_relay import engine_away

from domain.commands import CommandName
from domain.refusals import Refused
from starter.acting import act
from starter.desk import Desk
from starter.metrics import served
from starter.request import Request
from starter.sight import look

pytestmark = pytest.mark.usefixtures("worker")
# Recorded later than what the process writes: no lost task of its own could have left it (decision 7).
ELSE = """
insert into work_order_event
values ($1, $2, 'work_order.noted', now(), now() + interval '1 hour', '{}', sha256('another chain'))
"""


async def test_a_stuck_process_is_seen_and_named(desk) -> None:
    """OPS-03: a record that holds another chain stops the process, loudly; whoever looks is told which."""
    matter = await received(desk)
    last = (await matter.until("clock_started"))[-1]["seq"]
    await desk.pool.execute(ELSE, matter.order_id, last + 1)
    request = Request(matter.order_id, CommandName.RESPOND, OPERATOR, {"channel": "phone"})
    never = asyncio.create_task(act(desk, request))
    try:
        await eventually(lambda: look(desk.pool, desk.engine), lambda s: matter.order_id in s.stuck_orders, 120)
        assert figure(await scraped(desk), "huiyin_processes_stuck") >= 1
    finally:
        await matter.handle.terminate()
        with contextlib.suppress(Refused):
            await never


async def test_a_breach_is_in_the_pulse(desk) -> None:
    """OPS-03: what is open, what was breached, and how late the alarm came, in seconds."""
    before = (await look(desk.pool, desk.engine)).pulse
    matter = await received(desk)
    await matter.skip(timedelta(minutes=15, seconds=30))
    await matter.until("escalated", clock="response")
    after = (await look(desk.pool, desk.engine)).pulse
    assert sum(after.open_by_stage.values()) == sum(before.open_by_stage.values()) + 1
    assert after.breaches_by_clock["response"] == before.breaches_by_clock.get("response", 0) + 1
    assert after.alarms > before.alarms


async def test_a_monitor_reads_the_figures(desk) -> None:
    """OPS-03: a figure that can't be read is absent, and `huiyin_reachable` says why."""
    await received(desk)
    seen = await scraped(desk)
    assert figure(seen, "huiyin_reachable", server="record") == figure(seen, "huiyin_reachable", server="engine") == 1
    assert figure(seen, "huiyin_orders_open", stage="intake") >= 1
    await desk.pool.execute("insert into ladder_deed (order_id, seq, action, facts) values ('wo_0', 1, 'notify', '{}')")
    try:
        pulse = (await look(desk.pool, None)).pulse
        assert figure(await scraped(desk), "huiyin_deeds_open") == pulse.deeds_open >= 1
        assert pulse.deeds_age > 0
    finally:
        await desk.pool.execute("delete from ladder_deed where order_id = 'wo_0'")
    blind = await scraped(Desk(desk.pool, await engine_away(), desk.ring, desk.settings))
    assert figure(blind, "huiyin_reachable", server="engine") == 0
    assert figure(blind, "huiyin_processes_stuck") is None


async def test_an_address_in_use_stops_nothing(desk) -> None:
    """Messages matter more than figures: the relay goes on without them."""
    with socket.create_server(("127.0.0.1", 0)) as taken:
        async with served(desk, "{}:{}".format(*taken.getsockname())):
            assert (await look(desk.pool, desk.engine)).pulse is not None


async def scraped(desk: Desk) -> dict[tuple, float]:
    """Every figure by its name and labels, read over HTTP as Prometheus does."""
    with socket.create_server(("127.0.0.1", 0)) as free:
        port = free.getsockname()[1]
    async with served(desk, f"127.0.0.1:{port}"):
        text = await asyncio.to_thread(lambda: urlopen(f"http://127.0.0.1:{port}/metrics").read().decode())
    samples = (sample for family in text_string_to_metric_families(text) for sample in family.samples)
    return {(sample.name, *sorted(sample.labels.items())): sample.value for sample in samples}


def figure(seen: dict[tuple, float], name: str, **labels: str) -> float | None:
    return seen.get((name, *sorted(labels.items())))
