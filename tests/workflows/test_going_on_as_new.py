"""A long life goes on in a new run with nothing lost: clocks, chain, and the memory of keys (design 4a.8, 4a.9)."""

import asyncio
from datetime import UTC, datetime, timedelta

import pytest
from house import OPERATOR, OWNER, PLUMBER, WHOLE_LIFE, eventually, instant, received, working
from temporalio import workflow

from domain.audit import genesis, link
from starter.replay import replay_order, runs
from workflows.work_order import WorkOrderProcess


@pytest.fixture(params=[25])
async def short_runs(desk, data, monkeypatch, request):
    """A worker whose runs end after so many history events instead of the server's thousands."""

    def must_continue(process) -> bool:
        return workflow.info().get_current_history_length() > request.param and not process._outbox

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
    await matter.through("respond", "clarify", "register", "dispatch", "accept")
    for _ in range(4):
        await matter.give("urge", OWNER, by="phone")
    await matter.skip(timedelta(hours=24, minutes=1))
    [breach] = await matter.until("clock_breached", clock="feedback")
    received_at = (await matter.file()).row.received_at
    assert instant(breach["at"]) == received_at + timedelta(hours=24)
    assert len(await runs(desk, matter.order_id)) > 1


NOTES = 480


@pytest.mark.parametrize("short_runs", [1000], indirect=True)
@pytest.mark.usefixtures("short_runs")
async def test_an_order_of_three_thousand_events_loses_no_clock(desk) -> None:
    """CLK-35, CLK-20: running and standing clocks, a pause and its cap go on through the runs of a long life."""
    matter = await received(desk)
    await matter.through("respond", "clarify", "register", "dispatch", "accept")
    wish = {"pause_reason": "owner_absent", "expected_end_at": datetime.now(UTC) + timedelta(hours=3)}
    await matter.give("suspend", PLUMBER, **wish)
    before = {duty["clock"]: duty for duty in (await matter.file()).row.duties}
    for _ in range(0, NOTES, 8):
        await asyncio.gather(*(matter.give("note", OPERATOR, words="业主来电询问进度") for _ in range(8)))
    histories = await eventually(lambda: runs(desk, matter.order_id), lambda found: len(found) > 1)
    assert {duty["clock"]: duty for duty in (await matter.file()).row.duties} == before
    assert len(await matter.events("noted")) == NOTES
    assert sum(len(history.events) for history in histories) > 6 * NOTES // 2
    await matter.skip(timedelta(days=20))
    [over] = await matter.until("resumed")
    assert (over["payload"]["because"], over["at"]) == (
        "cap",
        (await matter.events("suspended"))[0]["payload"]["cap_at"],
    )
    assert (await replay_order(desk, matter.order_id)).differences == ()
