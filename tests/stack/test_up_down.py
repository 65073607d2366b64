"""`up` brings everything, `status` tells the truth about it, `down` and every kind of death leave nothing behind."""

import asyncio
import io
import json
import os
import re
import signal
from pathlib import Path

import pytest
from rich.console import Console
from watching import Up, ask, eventually, processes_of, up

from stack.checks import check_engine, located
from stack.errors import StackError
from stack.ground import Ground, from_environment, read_ground
from starter.ground import complain, down
from starter.status import status, verdict_of
from starter.words.status import TEXTS


def screen() -> Console:
    return Console(file=io.StringIO(), width=200)


def shown(console: Console) -> str:
    assert isinstance(console.file, io.StringIO)
    return console.file.getvalue()


async def is_up(data: Path, it: Up) -> Ground:
    """Wait for the page, which comes last."""
    await eventually(lambda: "huiyin down" in it.said or it.process.returncode is not None)
    ground = read_ground(data)
    assert ground, it.said
    return ground


async def is_ready(data: Path) -> None:
    while await status(data, console=screen()) != 0:  # noqa: ASYNC110
        await asyncio.sleep(0.05)


async def facts(data: Path) -> dict[str, bool]:
    console = screen()
    await status(data, as_json=True, console=console)
    return {part["part"]: part["fine"] for part in json.loads(shown(console))["parts"]}


async def test_from_up_to_down(tmp_path: Path):
    data = tmp_path / "data"
    async with up(data, tmp_path / "said") as it:
        await is_up(data, it)
        await asyncio.wait_for(is_ready(data), 30)
        console = screen()
        assert await status(data, lang="zh", console=console) == 0
        assert "可以受理工单" in shown(console)
        assert len(processes_of(data)) > 5
        assert await asyncio.to_thread(down, data, lang="en", console=console) == 0
        assert "All is stopped" in shown(console)
        assert await it.process.wait() == 0
    assert processes_of(data) == {}


async def test_status_names_each_part_that_is_missing(tmp_path: Path):
    data = tmp_path / "data"
    async with up(data, tmp_path / "said") as it:
        ground = await is_up(data, it)
        await asyncio.wait_for(is_ready(data), 30)
        await ask(ground.dsn, "ALTER TABLE work_order RENAME TO elsewhere")
        assert (await facts(data))["relay"]
        await ask(ground.dsn, "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE application_name ~ 'relay'")
        assert await facts(data) == {
            **dict.fromkeys(("postgres", "keys", "temporal", "worker"), True),
            **dict.fromkeys(("schema", "relay"), False),
        }
    assert set((await facts(data)).values()) == {False}


async def test_an_engine_asked_too_often_is_there(tmp_path: Path):
    data = tmp_path / "data"
    async with up(data, tmp_path / "said") as it:
        await is_up(data, it)
        await asyncio.wait_for(is_ready(data), 30)
        asked = await asyncio.gather(*(check_engine(located(from_environment({}, data=data))) for _ in range(50)))
    assert {(one.part, one.fine) for found in asked for one in found} == {("temporal", True), ("worker", True)}


@pytest.mark.parametrize(
    ("away", "goes_on", "waits"),
    [
        ({"temporal", "worker"}, "Orders can be received", "wait for Temporal"),
        ({"worker"}, "Orders can be received", "wait for a worker"),
        ({"relay"}, "can be received", "no message leaves"),
        ({"postgres", "schema", "keys", "relay"}, "No work order can be received", "database"),
        ({"schema"}, "No work order can be received", "huiyin reconcile --rebuild"),
        ({"keys"}, "No work order can be received", "keys"),
    ],
)
def test_status_says_what_goes_on_and_what_waits(away: set[str], goes_on: str, waits: str):
    said = TEXTS[verdict_of(away)].en
    assert (goes_on in said, waits in said) == (True, True)


async def test_status_where_nothing_runs(tmp_path: Path):
    console = screen()
    assert await status(tmp_path, lang="en", console=console) == 3
    assert "huiyin up" in shown(console)


def test_down_where_nothing_runs(tmp_path: Path):
    console = screen()
    assert down(tmp_path, lang="zh", console=console) == 0
    assert "没有正在运行" in shown(console)


@pytest.mark.parametrize("word", [signal.SIGINT, signal.SIGTERM])
async def test_a_signal_stops_all(tmp_path: Path, word: signal.Signals):
    data = tmp_path / "data"
    async with up(data, tmp_path / "said") as it:
        await is_up(data, it)
        it.process.send_signal(word)
        it.process.send_signal(word)
        assert await it.process.wait() == 0
    assert processes_of(data) == {}
    assert (
        "FATAL" not in (data / "logs" / "postgres.log").read_text().split("ready to accept")[-1].split("shut down")[-1]
    )


async def test_a_signal_during_the_start_stops_all(tmp_path: Path):
    data = tmp_path / "data"
    async with up(data, tmp_path / "said") as it:
        await eventually((data / "logs" / "temporal.log").exists)
        it.process.terminate()
        assert await it.process.wait() == 0
    await eventually(lambda: processes_of(data) == {})  # init buries what initdb had started


async def test_kill_9_leaves_nothing_and_the_next_start_works(tmp_path: Path):
    data = tmp_path / "data"
    async with up(data, tmp_path / "said") as it:
        ground = await is_up(data, it)
        await ask(ground.dsn, "CREATE TABLE kept AS SELECT 42 AS answer")
        it.process.kill()
        await it.process.wait()
    assert read_ground(data) is None
    async with up(data, tmp_path / "said2") as it:  # at once, while PostgreSQL may still be on its way out
        ground = await is_up(data, it)
        assert await ask(ground.dsn, "SELECT answer FROM kept") == 42
        it.process.kill()
        await it.process.wait()
    await eventually(lambda: processes_of(data) == {})


@pytest.mark.parametrize("part", ["postgres", "temporal"])
async def test_a_server_that_dies_comes_back_at_the_same_address(tmp_path: Path, part: str):
    data = tmp_path / "data"
    async with up(data, tmp_path / "said") as it:
        before = await is_up(data, it)
        os.kill(before.pids[part], signal.SIGKILL)
        await eventually(lambda: (now := read_ground(data)) is not None and now.pids != before.pids)
        await asyncio.wait_for(is_ready(data), 60)
        after = read_ground(data)
        assert after
        assert (after.dsn, after.temporal_address) == (before.dsn, before.temporal_address)
        name = {"postgres": "PostgreSQL", "temporal": "Temporal"}[part]
        assert re.search(rf"(?m)^\d{{4}}-\d\d-\d\d \d\d:\d\d:\d\d \(Asia/Shanghai\) {name} ended", it.said)


async def test_a_worker_that_dies_comes_back(tmp_path: Path):
    data = tmp_path / "data"
    async with up(data, tmp_path / "said") as it:
        await is_up(data, it)
        workers = [pid for pid, words in processes_of(data).items() if "worker_program" in words]
        os.kill(workers[0], signal.SIGKILL)
        await eventually(lambda: "worker 1 ended" in it.said)
        await eventually(lambda: set(workers).isdisjoint(processes_of(data)))
        await eventually(lambda: any("worker_program" in words for words in processes_of(data).values()))


async def test_a_second_up_is_refused(tmp_path: Path):
    data = tmp_path / "data"
    async with up(data, tmp_path / "said") as it:
        await is_up(data, it)
        async with up(data, tmp_path / "second") as second:
            assert await second.process.wait() == 3
        refusal = json.loads(second.said)
        assert refusal["code"] == "already-running"
        assert str(it.process.pid) in refusal["sentence"]


async def test_up_without_any_way_to_a_server(tmp_path: Path):
    env = {"PATH": "", "HUIYIN_CACHE": str(tmp_path / "cache"), "HUIYIN_TEMPORAL_DOWNLOAD": "0"}
    async with up(tmp_path / "data", tmp_path / "said", **env) as it:
        assert await it.process.wait() == 3
    assert '"temporal-none"' in it.said
    assert "Traceback" not in it.said
    assert processes_of(tmp_path / "data") == {}


async def test_up_with_a_read_only_data_folder(tmp_path: Path):
    async with up(Path("/proc/huiyin"), tmp_path / "said") as it:
        assert await it.process.wait() == 3
    assert json.loads(it.said)["code"] == "data-not-writable"


def test_a_failure_is_a_sentence_and_a_remedy():
    console = screen()
    error = StackError("x-y", zh="坏了。", en="Broken.", remedy_zh="修。", remedy_en="Mend it.")
    assert complain(error, lang="zh", console=console) == 3
    assert shown(console) == "坏了。\n→ 修。 [x-y]\n"
