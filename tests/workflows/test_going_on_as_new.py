"""A long life goes on in a new run with nothing lost: clocks, chain, and the memory of keys (design 4a.8, 4a.9)."""

from datetime import timedelta

import pytest
from house import OPERATOR, OWNER, WHOLE_LIFE, instant, received, working
from temporalio import workflow

from domain.audit import genesis, link
from starter.replay import replay_order, runs
from workflows.work_order import WorkOrderProcess


@pytest.fixture
async def short_runs(desk, data, monkeypatch):
    """A worker whose runs end after 25 history events instead of the server's thousands."""

    def must_continue(process) -> bool:
        return workflow.info().get_current_history_length() > 25 and not process._outbox

    monkeypatch.setattr(WorkOrderProcess, "_must_continue", must_continue)
    async with working(desk, data, sandbox=False):
        yield


@pytest.mark.usefixtures("short_runs")
async def test_a_life_over_several_runs(desk) -> None:
    matter = await received(desk)
    first = await matter.give("respond", OPERATOR, key="said-in-the-first-run")
    await matter.through(*WHOLE_LIFE[1:])
    again = await matter.give("respond", OPERATOR, key="said-in-the-first-run")
    histories = await runs(desk, matter.order_id)
    file, head = await matter.file(), genesis(matter.order_id)
    for number, event in enumerate(file.events, start=1):
        head = link(head, event.body)
        assert (event.seq, event.hash) == (number, head)
    verdict = await replay_order(desk, matter.order_id)
    assert (file.row.stage, again, len(histories) > 2, verdict.differences) == ("closed", first, True, ())


@pytest.mark.usefixtures("short_runs")
async def test_a_clock_started_in_an_earlier_run_breaches_at_its_instant(desk) -> None:
    """CLK-35: continued as new with no clock lost."""
    matter = await received(desk)
    await matter.through("respond", "register", "dispatch", "accept")
    for _ in range(4):
        await matter.give("urge", OWNER, by="phone")
    await matter.skip(timedelta(hours=24, minutes=1))
    [breach] = await matter.until("clock_breached", clock="feedback")
    received_at = (await matter.file()).row.received_at
    assert instant(breach["at"]) == received_at + timedelta(hours=24)
    assert len(await runs(desk, matter.order_id)) > 1
