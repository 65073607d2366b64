"""The worker as a process: settings, logs, metrics, a clean end."""

import ast
import asyncio
import json
import os
import re
import signal
import socket
import sys
from contextlib import asynccontextmanager
from pathlib import Path
from urllib.request import urlopen

import pytest
from house import eventually, received

ROOT = Path(__file__).parents[2]


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


@pytest.fixture
def environment(ground, house_dsn, data) -> dict[str, str]:
    ours = {name: value for name, value in os.environ.items() if not name.startswith("HUIYIN_")}
    where = {"HUIYIN_DATABASE_URL": house_dsn, "HUIYIN_TEMPORAL_ADDRESS": ground.temporal_address}
    return {**ours, **where, "HUIYIN_DATA": str(data), "HUIYIN_LOG_FORMAT": "json"}


@asynccontextmanager
async def worker(environment, log: Path, *arguments: str):
    """A worker process; ends with the block, whatever happens."""
    with log.open("wb") as stream:
        argv = (sys.executable, "-m", "worker", *arguments)
        process = await asyncio.create_subprocess_exec(*argv, env=environment, stderr=stream, cwd=ROOT)
    try:
        yield process
    finally:
        if process.returncode is None:
            process.terminate()
            await process.wait()


def lines(log: Path) -> list[dict]:
    return [json.loads(line) for line in log.read_text(encoding="utf-8").splitlines()]


async def said(log: Path, event: str, count: int = 1) -> None:
    async def told() -> list[str]:
        return [line["event"] for line in lines(log)]

    await eventually(told, lambda events: events.count(event) >= count)


def scraped(port: int) -> str:
    with urlopen(f"http://127.0.0.1:{port}/metrics", timeout=5) as answer:
        return answer.read().decode()


async def test_logs_metrics_and_a_clean_end(desk, environment, tmp_path) -> None:
    """OPS-03, OPS-04: each log line is JSON with the order's number and no words; SIGTERM ends it with exit 0."""
    port, log = free_port(), tmp_path / "worker.log"
    async with worker({**environment, "HUIYIN_METRICS_ADDRESS": f"127.0.0.1:{port}"}, log) as process:
        await said(log, "worker.ready")
        matter = await received(desk, text="金丝雀在管道里")
        await matter.through("respond")
        await said(log, "work_order.responded")
        metrics = await asyncio.to_thread(scraped, port)
        process.send_signal(signal.SIGTERM)
        code = await asyncio.wait_for(process.wait(), 30)
    told = [line for line in lines(log) if line.get("order") == matter.order_id]
    assert (code, "金丝雀" in log.read_text(encoding="utf-8")) == (0, False)
    assert {"work_order.received", "work_order.responded"} <= {line["event"] for line in told}
    assert "temporal_workflow_task_execution_latency" in metrics


async def test_two_processes_stop_as_one(environment, tmp_path) -> None:
    log = tmp_path / "workers.log"
    async with worker(environment, log, "--processes", "2") as process:
        await said(log, "worker.ready", 2)
        process.send_signal(signal.SIGTERM)
        code = await asyncio.wait_for(process.wait(), 30)
    events = [line["event"] for line in lines(log)]
    assert (code, events.count("worker.stopped")) == (0, 2)


@pytest.mark.parametrize(
    ("wrong", "code", "named"),
    [
        ({"HUIYIN_WORKFLOW_CACHE": "many"}, 2, "HUIYIN_WORKFLOW_CACHE"),
        ({"HUIYIN_DATABASE_URL": None}, 2, "HUIYIN_DATABASE_URL"),
        ({"HUIYIN_DATABASE_URL": "postgresql://postgres@127.0.0.1:1/none"}, 3, "worker.server_away"),
        ({"HUIYIN_TEMPORAL_ADDRESS": "127.0.0.1:1"}, 3, "worker.server_away"),
    ],
)
async def test_a_wrong_setting_or_an_absent_server_is_named(environment, tmp_path, wrong, code, named) -> None:
    changed = {name: value for name, value in {**environment, **wrong}.items() if value is not None}
    async with worker(changed, tmp_path / "worker.log") as process:
        assert await asyncio.wait_for(process.wait(), 30) == code
    assert named in (tmp_path / "worker.log").read_text(encoding="utf-8")


async def test_a_metrics_port_in_use_is_named(environment, tmp_path) -> None:
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        address = f"127.0.0.1:{taken.getsockname()[1]}"
        async with worker({**environment, "HUIYIN_METRICS_ADDRESS": address}, tmp_path / "worker.log") as process:
            assert await asyncio.wait_for(process.wait(), 30) == 2
    assert re.search(r"HUIYIN_METRICS_ADDRESS=.*未被占用", (tmp_path / "worker.log").read_text(encoding="utf-8"))


def test_the_worker_imports_only_what_the_house_allows() -> None:
    """import-linter refuses a module as root package, so the composition root is checked here."""
    tree = ast.parse((ROOT / "worker.py").read_text(encoding="utf-8"))
    rooms = {node.module.split(".")[0] for node in ast.walk(tree) if isinstance(node, ast.ImportFrom)}
    assert rooms & {"starter", "stack", "tests"} == set()
    assert {"activities", "records", "workflows"} <= rooms
