"""A worker with one empty workflow, polling the task queue as the real one does."""

import asyncio
import os
import signal

from temporalio import workflow
from temporalio.client import Client
from temporalio.worker import Worker


@workflow.defn
class Nothing:
    @workflow.run
    async def run(self) -> None:
        """End at once."""


async def main() -> None:
    client = await Client.connect(
        os.environ["HUIYIN_TEMPORAL_ADDRESS"], namespace=os.environ["HUIYIN_TEMPORAL_NAMESPACE"]
    )
    halt = asyncio.Event()
    asyncio.get_running_loop().add_signal_handler(signal.SIGTERM, halt.set)
    async with Worker(client, task_queue="huiyin", workflows=[Nothing]):
        await halt.wait()


if __name__ == "__main__":
    asyncio.run(main())
    os._exit(0)
