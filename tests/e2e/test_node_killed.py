"""`huiyin up --cluster --workers 2` under load: a node is killed, and no order notices more than a pause."""

import asyncio
import contextlib
import json
import os
import secrets
import signal
import sys
import time
from collections.abc import Iterator

import pytest
from house import USUAL, Matter, eventually, received, roomy
from machine import Machine, clean_environment

from domain.refusals import Refused
from starter.acting import UNDECIDED
from starter.opening import DoorSettings, open_desk, sample_community

ORDERS, AT_ONCE = 24, 8
PATIENCE = 30.0
"""Seconds after which a command that still has no outcome counts as stuck; measured stalls stand in docs/deploy.md."""


class Load:
    """Orders driven by the in-process door, each to its end, and how long every command took to its outcome."""

    def __init__(self, desk) -> None:
        self.desk = desk
        self.places = asyncio.Semaphore(AT_ONCE)
        self.took: list[float] = []
        self.repeated = 0
        self.closed = 0
        self.stuck: list[str] = []

    async def life(self) -> None:
        async with self.places:
            begun = time.monotonic()
            matter = await received(self.desk)
            self.took.append(time.monotonic() - begun)
            for step in USUAL:
                if not await self.step(matter, step):
                    self.stuck.append(matter.order_id)
                    return
            await eventually(matter.file, lambda file: file.row.stage == "closed")
            self.closed += 1

    async def step(self, matter: Matter, step: str) -> bool:
        """Give a command; while the engine is away repeat it with the same key, as its remedy says."""
        actor, said = USUAL[step]
        begun, key = time.monotonic(), secrets.token_hex(12)
        while True:
            try:
                await matter.give(step, actor, key=key, **said)
                break
            except Refused as refusal:
                if refusal.code not in UNDECIDED:
                    raise
                if time.monotonic() - begun > PATIENCE:
                    return False
                self.repeated += 1
        self.took.append(time.monotonic() - begun)
        return True

    async def begun(self, count: int) -> None:
        """Wait until so many orders are closed."""

        async def look() -> int:
            return self.closed

        await eventually(look, lambda closed: closed >= count, 90)


def note(machine: Machine) -> dict:
    return json.loads((machine.data / "ground.json").read_text(encoding="utf-8"))


@pytest.fixture
async def machine(tmp_path):
    settings = tmp_path / "community.toml"
    settings.write_text(roomy(sample_community().read_text(encoding="utf-8")), encoding="utf-8")
    environment = clean_environment(tmp_path / "data") | {"HUIYIN_COMMUNITY": str(settings)}
    machine = Machine(environment, workers=2)
    await machine.start("--cluster")
    yield machine
    await machine.stop()


def parts(printed: str) -> dict[str, bool]:
    """Which parts `status --json` calls fine."""
    return {part["part"]: part["fine"] for part in json.loads(printed)["parts"]}


@contextlib.contextmanager
def frozen(pid: int) -> Iterator[None]:
    os.kill(pid, signal.SIGSTOP)
    try:
        yield
    finally:
        os.kill(pid, signal.SIGCONT)


async def test_status_names_what_stands_still(machine) -> None:
    """OPS-02: one frozen worker of two is named and the house goes on; both, or a node, are not there."""
    fine = parts((await machine.run("status", "--json"))[1])
    assert fine == dict.fromkeys(
        ("postgres", "schema", "keys", "relay", "temporal-1", "temporal-2", "temporal", "worker"), True
    )
    one, other = (machine.pid_of(name) for name in ("worker", "worker-2"))
    await eventually(lambda: machine.run("status"), lambda told: all(f"{pid}@" in told[1] for pid in (one, other)))
    with frozen(one):
        code, printed = await machine.run("status")
        assert code == 0, printed
        assert f"{one}@" in printed
        assert "(stopped)" in printed
        with frozen(other):
            code, printed = await machine.run("status", "--json")
            assert (code, parts(printed)) == (3, {**fine, "worker": False})
    with frozen(machine.pid_of("temporal-2")):
        code, printed = await machine.run("status", "--json")
        assert code == 3
        assert parts(printed)["temporal-1"]
        assert not parts(printed)["temporal-2"]
    code, printed = await machine.run("status", "--json")
    assert (code, parts(printed)) == (0, fine)


async def test_a_node_killed_under_load(machine) -> None:
    """OPS-01: kill -9 of a node: every command has its outcome, every order is closed, the record replays."""
    before = note(machine)
    told = DoorSettings(
        data=machine.data,
        community=machine.environment["HUIYIN_COMMUNITY"],
        database_url=before["dsn"],
        temporal_address=before["temporal_address"],
        temporal_namespace=before["namespace"],
    )
    async with open_desk(told) as desk:
        load = Load(desk)
        lives = [asyncio.create_task(load.life()) for _ in range(ORDERS)]
        await load.begun(ORDERS // 6)
        quiet = max(load.took)
        os.kill(before["pids"]["temporal-1"], signal.SIGKILL)
        await asyncio.gather(*lives)
    stall = f"{quiet:.2f} s before, {max(load.took):.2f} s at the kill"
    sys.stdout.write(f"{stall}; {load.repeated} repeated, {load.stuck} stuck\n")
    _, printed = await eventually(lambda: machine.run("status"), lambda outcome: outcome[0] == 0)
    assert "node 1" in printed, printed
    assert "node 2" in printed, printed
    after = note(machine)
    assert after["pids"]["temporal-1"] != before["pids"]["temporal-1"]
    assert after["temporal_address"] == before["temporal_address"]
    assert (load.closed, load.stuck) == (ORDERS, [])
    replayed, verdict = await machine.run("audit", "replay", "--all")
    assert (len(load.took), replayed) == (ORDERS * (1 + len(USUAL)), 0), verdict
