"""Everything as processes on one machine: `huiyin up`, a life by the command line, a worker killed, `huiyin down`."""

import asyncio
import json
import os
import signal
import sys
from pathlib import Path

import pytest
from house import eventually

ROOT = Path(__file__).parents[2]
HUIYIN = Path(sys.executable).with_name("huiyin")


@pytest.fixture
def environment(tmp_path) -> dict[str, str]:
    ours = {name: value for name, value in os.environ.items() if not name.startswith("HUIYIN_")}
    return {**ours, "HUIYIN_DATA": str(tmp_path / "data"), "HUIYIN_LANG": "en", "HUIYIN_TEMPORAL_DOWNLOAD": "0"}


class Machine:
    """Commands of one installation."""

    def __init__(self, environment: dict[str, str]) -> None:
        self.environment = environment

    async def run(self, *words: str) -> tuple[int, str]:
        """Run a command; its exit code, and everything it printed."""
        process = await asyncio.create_subprocess_exec(
            HUIYIN,
            *words,
            env=self.environment,
            cwd=ROOT,
            stdout=asyncio.subprocess.PIPE,
            stderr=asyncio.subprocess.STDOUT,
        )
        printed, _ = await asyncio.wait_for(process.communicate(), 90)
        return process.returncode or 0, printed.decode()

    async def done(self, *words: str) -> dict:
        """Run a command that must succeed; its JSON."""
        code, printed = await self.run(*words, "--json")
        if code == 3 and "--key" in words and "outcome-unknown" in printed:
            return await self.done(*words)  # as the remedy says
        assert code == 0, printed
        return json.loads(printed)

    async def ready(self) -> None:
        await eventually(lambda: self.run("status"), lambda outcome: outcome[0] == 0, 90)


def workers(data: Path) -> list[int]:
    """Process ids of the workers of this data folder."""
    found = []
    for place in Path("/proc").glob("[0-9]*"):
        try:
            told, said = (place / "environ").read_bytes(), (place / "cmdline").read_bytes()
        except OSError:
            continue
        if f"HUIYIN_DATA={data}".encode() in told.split(b"\0") and said.split(b"\0")[1:3] == [b"-m", b"worker"]:
            found.append(int(place.name))
    return found


async def test_a_life_on_one_machine_with_a_worker_killed_in_the_middle(environment, tmp_path) -> None:
    """OPS-01, OPS-02: nothing accepted is lost, nothing happens twice, and nothing is left behind."""
    machine = Machine(environment)
    up = await asyncio.create_subprocess_exec(
        HUIYIN, "up", env=environment, cwd=ROOT, stdout=asyncio.subprocess.DEVNULL
    )
    try:
        await machine.ready()
        second, told = await machine.run("up")
        matter = ("--community", "jinxiu", "--category", "WATER_LEAK", "--text", "kitchen pipe leaks", "--as", "S06")
        order = (await machine.done("receive", *matter))["order"]
        await machine.done("respond", order, "--as", "S06")
        [first] = workers(tmp_path / "data")
        os.kill(first, signal.SIGKILL)
        await machine.done("register", order, "--as", "S06", "--key", "across-the-kill")
        await machine.done("register", order, "--as", "S06", "--key", "across-the-kill")
        await machine.done("dispatch", order, "--as", "S06", "--to", "S09")
        await machine.done("accept", order, "--as", "S09")
        await machine.done("complete-handling", order, "--as", "S09", "--text", "replaced the joint, tried it")
        await machine.done(
            "give-feedback", order, "--as", "S06", "--kind", "result", "--by", "phone", "--text", "repaired"
        )
        scores = ("--attitude", "5", "--timeliness", "5", "--quality", "5")
        await machine.done("record-callback", order, "--as", "S22", "--resolved", *scores)
        replayed, verdict = await machine.run("audit", "replay", "--all")
        down, _ = await machine.run("down")
    finally:
        if up.returncode is None:
            up.terminate()
        await up.wait()
    after, _ = await machine.run("status")
    assert (second, "already" in told, replayed, down, after) == (3, True, 0, 0, 3), verdict
    assert workers(tmp_path / "data") == []
