"""The same life on DBOS, for comparison: `python -m bench.dbos_app`, one process that runs workflows and drives them.

As many receives and steps as a work order has commands and writes, and each step writes the very batch that a work
order wrote, with the same SQL to the same database. It decides nothing and seals nothing: that is to DBOS's favour.
"""

import asyncio
import dataclasses
import json
import os
import secrets
import sys
from pathlib import Path
from typing import Any

from dbos import DBOS, SetWorkflowID

from bench.life import Lap, lap, numbers, timed
from records.pool import Pool, open_pool
from records.write import record
from workflows.effects import Batch

SAID = "command"
ANSWERED = "answer"
WAIT_S = 60.0
POOL = 5
batches: list[Batch] = []
pools: list[Pool] = []


@DBOS.step()
async def write(order_id: str, number: int) -> int:
    """Write the batch of one step of the life."""
    return await record(pools[0], batches[number].model_copy(update={"order_id": order_id}))


@DBOS.workflow()
async def live(order_id: str, *, answering: bool) -> int:
    """Write what reception decided, then receive each command and write what it decided."""
    seq = await write(order_id, 0)
    for number in range(1, len(batches)):
        await DBOS.recv_async(SAID, timeout_seconds=WAIT_S)
        seq = await write(order_id, number)
        if answering:
            await DBOS.set_event_async(f"{ANSWERED}{number}", seq)
    return seq


async def case(times: list[float], *, answering: bool) -> None:
    """Live a whole case: each command sent durably, and either answered or not waited for."""
    order_id = f"wo_{next(numbers)}"
    with SetWorkflowID(order_id):
        handle = await DBOS.start_workflow_async(live, order_id, answering=answering)
    for number in range(1, len(batches)):
        await timed(times, command(order_id, number, answering=answering))
    await handle.get_result()


async def command(order_id: str, number: int, *, answering: bool) -> None:
    """Send one command."""
    await DBOS.send_async(order_id, {"command": number, "id": secrets.token_hex(16)}, topic=SAID)
    if answering:
        await DBOS.get_event_async(order_id, f"{ANSWERED}{number}", timeout_seconds=WAIT_S)


async def main(asked: dict[str, Any]) -> Lap:
    """Warm up, say so, wait for a word, and live the cases that were asked for."""
    DBOS(
        config={
            "name": "bench",
            "system_database_url": asked["system"].replace("postgresql://", "postgresql+psycopg://"),
            "log_level": "ERROR",
            "sys_db_pool_size": 20,  # PostgreSQL of the ground has 100 connections for all
            "run_admin_server": False,
        }
    )
    DBOS.launch()
    pools[:] = [await open_pool(asked["record"], max_size=POOL, application="bench-dbos")]

    async def one(times: list[float]) -> None:
        await case(times, answering=asked["answering"])

    await lap(one, asked["at_once"], asked["at_once"])
    sys.stdout.write("ready\n")
    sys.stdout.flush()
    await asyncio.to_thread(sys.stdin.readline)  # so that several processes begin at once
    return await lap(one, asked["cases"], asked["at_once"])


if __name__ == "__main__":
    said = json.loads(sys.argv[1])
    batches[:] = [Batch.model_validate(one) for one in json.loads(Path(said["batches"]).read_text(encoding="utf-8"))]
    found = asyncio.run(main(said))
    sys.stdout.write(json.dumps(dataclasses.asdict(found)) + "\n")
    sys.stdout.flush()
    os._exit(0)  # nothing to wait for: what DBOS still runs in its threads is the bench's own
