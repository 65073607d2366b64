"""Raw Temporal, for comparison: bare updates and empty local activities, as many as a work order has."""

import asyncio
import secrets
import signal
import sys
from datetime import timedelta

from temporalio import activity, workflow
from temporalio.client import Client, WorkflowHandle, WorkflowHistory
from temporalio.common import RetryPolicy
from temporalio.worker import Worker

with workflow.unsafe.imports_passed_through():
    from bench.life import STEPS, timed
    from worker import GRACE, STICKY, runner
    from workflows.engine import connect
    from workflows.settings import WorkerSettings

QUEUE = "bench-raw"


@activity.defn(name="nothing")
async def nothing() -> None:
    """Do nothing."""


@workflow.defn(name="Raw")
class Raw:
    """A process that takes updates and runs an empty local activity for its start and after each."""

    @workflow.init
    def __init__(self) -> None:
        self.taken = 1
        self.done = 0

    @workflow.run
    async def run(self) -> None:
        """Work off what was taken, for ever: like a work order it stays open."""
        while True:
            await workflow.wait_condition(lambda: self.taken > self.done)
            await workflow.execute_local_activity(
                nothing, start_to_close_timeout=timedelta(seconds=2), retry_policy=RetryPolicy(maximum_attempts=1)
            )
            self.done += 1

    @workflow.update
    def take(self, number: int) -> int:
        """Take one."""
        self.taken += 1
        return number


class RawLife:
    """A case of the same count of round trips."""

    def __init__(self, client: Client) -> None:
        self.client = client

    async def case(self, times: list[float]) -> None:
        """Live a whole case."""
        await self._lived(times)

    async def history(self) -> WorkflowHistory:
        """Live a whole case and return its history."""
        return await (await self._lived([])).fetch_history()

    async def _lived(self, times: list[float]) -> WorkflowHandle[Raw, None]:
        """Start, then as many updates as a work order has commands."""
        handle = await self.client.start_workflow(Raw.run, id=f"raw:{secrets.token_hex(8)}", task_queue=QUEUE)
        for number in range(len(STEPS)):
            await timed(times, handle.execute_update(Raw.take, number, id=secrets.token_hex(16)))
        return handle


async def work(settings: WorkerSettings) -> None:
    """Work with the very options of `worker.py` until told to stop."""
    stop = asyncio.Event()
    asyncio.get_running_loop().add_signal_handler(signal.SIGTERM, stop.set)
    async with Worker(
        await connect(settings.engine()),
        task_queue=QUEUE,
        workflows=[Raw],
        activities=[nothing],
        workflow_runner=runner(sandbox=settings.sandbox),
        max_cached_workflows=settings.workflow_cache,
        max_concurrent_workflow_tasks=settings.workflow_slots,
        max_concurrent_activities=settings.activity_slots,
        max_concurrent_local_activities=settings.local_activity_slots,
        graceful_shutdown_timeout=GRACE,
        sticky_queue_schedule_to_start_timeout=STICKY,
    ):
        sys.stderr.write("worker.ready\n")
        sys.stderr.flush()
        await stop.wait()


if __name__ == "__main__":
    asyncio.run(work(WorkerSettings()))
