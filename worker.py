"""Composition root of a worker process: settings, logging, pool, client, worker, and a clean end."""

import argparse
import asyncio
import hashlib
import os
import signal
import subprocess
import sys
from datetime import timedelta
from pathlib import Path

import structlog
from temporalio import activity, workflow
from temporalio.runtime import PrometheusConfig, Runtime, TelemetryConfig
from temporalio.worker import UnsandboxedWorkflowRunner, Worker, WorkflowRunner
from temporalio.worker.workflow_sandbox import SandboxedWorkflowRunner, SandboxRestrictions

from activities.deliver import DeliverActivities
from activities.record import RecordActivities
from records.errors import RecordsAway
from records.logs import set_up
from records.pool import open_pool
from workflows.contract import TASK_QUEUE
from workflows.delivery import DeliveryProcess
from workflows.engine import connect
from workflows.settings import BadSettings, WorkerSettings, in_use
from workflows.work_order import WorkOrderProcess

GRACE = timedelta(seconds=20)
"""Running work may finish for so long after SIGTERM; the process is gone within 30 s."""
STICKY = timedelta(seconds=3)
"""An order whose worker died is given to another after so long: most of what the first action after a kill waits for.

Less would take orders from a worker that is only busy, and cost replays just then (docs/performance.md).
"""
OUR_ROOMS = ("domain", "workflows", "pydantic", "pydantic_core", "annotated_types", "rfc8785", "zoneinfo", "tzdata")
"""Passed through the sandbox: loaded once, and pure (ground.md, traps 2, 3 and 14)."""

log = structlog.get_logger("huiyin.worker")


def runner(*, sandbox: bool) -> WorkflowRunner:
    """Return the sandbox with our rooms passed through, or none."""
    if not sandbox:
        return UnsandboxedWorkflowRunner()
    return SandboxedWorkflowRunner(restrictions=SandboxRestrictions.default.with_passthrough_modules(*OUR_ROOMS))


def build_id() -> str:
    """Name the code that works by a digest of our rooms.

    Without it the SDK digests every module that is loaded, which takes one of the three seconds of a start.
    """
    here, digest = Path(__file__).parent, hashlib.sha256()
    for room in ("domain", "workflows", "activities", "records"):
        for file in sorted((here / room).rglob("*.py")):
            digest.update(f"{file.relative_to(here)}\n".encode() + file.read_bytes())
    return digest.hexdigest()[:32]


def telemetry(address: str | None) -> Runtime | None:
    """Return a runtime whose metrics Prometheus can read, or none."""
    if address is None:
        return None
    try:
        return Runtime(telemetry=TelemetryConfig(metrics=PrometheusConfig(bind_address=address)))
    except (RuntimeError, ValueError):
        raise BadSettings(in_use(address)) from None


async def work(settings: WorkerSettings) -> None:
    """Work until told to stop."""
    stop = asyncio.Event()
    for sign in (signal.SIGTERM, signal.SIGINT):
        asyncio.get_running_loop().add_signal_handler(sign, stop.set)
    pool = await open_pool(settings.database_url, max_size=settings.pool_size, application="huiyin-worker")
    async with pool:
        client = await connect(settings.engine(), runtime=telemetry(settings.metrics_address))
        worker = Worker(
            client,
            task_queue=TASK_QUEUE,
            workflows=[WorkOrderProcess, DeliveryProcess],
            activities=[RecordActivities(pool).record, DeliverActivities(pool, settings.data.expanduser()).deliver],
            build_id=build_id(),
            workflow_runner=runner(sandbox=settings.sandbox),
            max_cached_workflows=settings.workflow_cache,
            max_concurrent_workflow_tasks=settings.workflow_slots,
            max_concurrent_activities=settings.activity_slots,
            max_concurrent_local_activities=settings.local_activity_slots,
            graceful_shutdown_timeout=GRACE,
            sticky_queue_schedule_to_start_timeout=STICKY,
            on_fatal_error=_fatal,
        )
        async with worker:
            log.info("worker.ready", pid=os.getpid(), address=settings.temporal_address, task_queue=TASK_QUEUE)
            await stop.wait()
            log.info("worker.stopping", pid=os.getpid())
    log.info("worker.stopped", pid=os.getpid())


async def _fatal(error: BaseException) -> None:
    log.error("worker.fatal", exc_info=(type(error), error, error.__traceback__))


def several(count: int) -> int:
    """Run so many worker processes, each a child of this one, until told to stop."""
    children = [subprocess.Popen([sys.executable, "-m", "worker"], env=_environment(n)) for n in range(count)]

    def stop(*_: object) -> None:
        for child in children:
            child.terminate()

    signal.signal(signal.SIGTERM, stop)
    signal.signal(signal.SIGINT, stop)
    return max(abs(child.wait()) for child in children)


def _environment(number: int) -> dict[str, str]:
    """Give each process a metrics port of its own."""
    host, colon, port = os.environ.get("HUIYIN_METRICS_ADDRESS", "").rpartition(":")
    mine = {"HUIYIN_METRICS_ADDRESS": f"{host}{colon}{int(port) + number}"} if port.isdigit() else {}
    return {**os.environ, **mine}


def main(arguments: list[str] | None = None) -> int:
    """Start one worker process or several; exit 0 after a clean stop, 2 for bad settings, 3 when a server is away."""
    parser = argparse.ArgumentParser(prog="python -m worker", description=__doc__)
    parser.add_argument("--processes", type=int, default=1, metavar="N", help="worker processes (default 1)")
    said = parser.parse_args(arguments)
    if said.processes < 1:
        parser.error("--processes must be at least 1")
    try:
        return _run(WorkerSettings(), said.processes)
    except BadSettings as error:
        sys.stderr.write(error.told(os.environ.get("HUIYIN_LANG", "zh")) + "\n")
        return 2
    except (RecordsAway, RuntimeError, OSError):
        log.exception("worker.server_away")
        return 3


def _run(settings: WorkerSettings, processes: int) -> int:
    if processes > 1:
        return several(processes)
    set_up(settings.log_format, settings.log_level)
    workflow.logger.workflow_info_on_message = False  # ids stand in keys of their own
    activity.logger.activity_info_on_message = False
    asyncio.run(work(settings))
    return 0


if __name__ == "__main__":
    sys.exit(main())
