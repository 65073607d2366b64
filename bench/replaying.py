"""Replays a second of one core: closed cases, by the SDK's replayer, and as `huiyin audit replay` does it.

Raw Temporal, which decides nothing, is replayed beside it: what it takes is the SDK's own part.
"""

import time
from collections.abc import AsyncIterator, Sequence

from temporalio.client import WorkflowHistory
from temporalio.worker import Replayer

from bench.figures import Figure, mode
from bench.life import STEPS, EngineLife, many
from bench.place import Place
from bench.raw import Raw, RawLife
from starter.replay import replay
from worker import runner
from workflows.contract import workflow_id
from workflows.engine import data_converter
from workflows.work_order import WorkOrderProcess

SUBJECT = "replay"
BAR = "≥ 40"
SAMPLE = 10


async def measure(place: Place) -> list[Figure]:
    """Replay some closed cases again and again; what counts is the processor's time, not the clock's."""
    life, raw = EngineLife(place.desk), RawLife(place.desk.engine)
    async with place.worker(sandbox=False), place.worker("bench.raw", sandbox=False):
        histories = await many(lambda _: _lived(place, life), SAMPLE, 2)
        raw_histories = await many(lambda _: raw.history(), SAMPLE, 2)
    figures: list[Figure] = []
    count = place.size(200, 20)
    for sandbox in (False, True):
        kind = f"{SUBJECT}, {mode(sandbox=sandbox)}"
        rate = await _rate(histories, count, WorkOrderProcess, sandbox=sandbox)
        figures.append(Figure(kind, "closed case", rate, "per s and core", None if sandbox else BAR))
        rate = await _rate(raw_histories, count, Raw, sandbox=sandbox)
        figures.append(Figure(kind, "raw Temporal, the same number of updates", rate, "per s and core"))
    return [*figures, await _audited(histories, place.size(100, 10))]


async def _lived(place: Place, life: EngineLife) -> WorkflowHistory:
    order_id = await life.start()
    for step in range(len(STEPS)):
        await life.give(order_id, step)
    return await place.desk.engine.get_workflow_handle(workflow_id(order_id)).fetch_history()


async def _rate(histories: Sequence[WorkflowHistory], count: int, process: type, *, sandbox: bool) -> float:
    replayer = Replayer(
        workflows=[process],
        workflow_runner=runner(sandbox=sandbox),
        data_converter=data_converter,
    )

    async def some(number: int) -> AsyncIterator[WorkflowHistory]:
        for turn in range(number):
            yield histories[turn % len(histories)]

    await replayer.replay_workflows(some(5))
    begun = time.process_time()
    results = await replayer.replay_workflows(some(count))
    assert not results.replay_failures
    return count / (time.process_time() - begun)


async def _audited(histories: Sequence[WorkflowHistory], count: int) -> Figure:
    begun = time.process_time()
    for turn in range(count):
        _, differences = await replay([histories[turn % len(histories)]])
        assert not differences, differences
    rate = count / (time.process_time() - begun)
    return Figure(
        f"{SUBJECT}, {mode(sandbox=False)}", "closed case, compared command by command", rate, "per s and core"
    )
