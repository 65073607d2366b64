"""A house whose workers, relay and command line die where a test says, on the servers of all tests."""

import asyncio
import os
import secrets
import sys
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from pathlib import Path

from house import own_database, steady_community
from temporalio.client import Client

from records.pool import open_pool
from records.vault import KeyRing
from stack import temporal
from stack.settings import Settings, default_cache
from starter.desk import Desk
from workflows.engine import Engine, connect

ROOT = Path(__file__).parents[1]
DYING = ROOT / "tests" / "e2e" / "dying.py"


@dataclass(frozen=True)
class House:
    """A database of its own, a namespace for each worker, and the folder of the points."""

    desks: list[Desk]  # one for each namespace
    data: Path
    environment: dict[str, str] = field(repr=False)
    programs: dict[str, asyncio.subprocess.Process] = field(default_factory=dict, repr=False)

    @property
    def points(self) -> Path:
        return self.data / "points"

    def set(self, *points: str) -> None:
        """Let whoever comes to these points die there: `record-responded.after.wo_10000001`."""
        for point in points:
            (self.points / point).touch()

    def unmet(self, *points: str) -> list[str]:
        return [point for point in points if (self.points / point).exists()]

    async def program(self, program: str, *words: str, **options) -> asyncio.subprocess.Process:
        """Start a program of ours that dies at the points set."""
        argv = (sys.executable, str(DYING), str(self.points), program, *words)
        return await asyncio.create_subprocess_exec(*argv, env=self.environment, cwd=ROOT, **options)

    async def command(self, *words: str) -> tuple[int, str]:
        """Run a command of the real command line; its exit code, and what it printed to standard output."""
        process = await self.program("starter.cli.main", *words, stdout=asyncio.subprocess.PIPE)
        printed, _ = await asyncio.wait_for(process.communicate(), 120)
        return process.returncode or 0, printed.decode()


async def engine_of(namespace: str, address: str, data: Path) -> Client:
    told = Settings(data=data, cache=default_cache(os.environ), namespace=namespace)
    await temporal.greet(told, address, 60)
    return await connect(Engine(address=address, namespace=namespace))


@asynccontextmanager
async def dying(ground, settings, data: Path, workers: int, *programs: str, **more: str):
    """Processes that die at the points set and are started again at once: one worker, relay … for each namespace."""
    (data / "points").mkdir(parents=True)
    names = [f"dying-{secrets.token_hex(4)}" for _ in range(workers)]
    engines = await asyncio.gather(*(engine_of(name, ground.temporal_address, data) for name in names))
    dsn, ring = await own_database(ground.dsn), KeyRing.open(data / "keys" / "kek.json")
    environment = {name: value for name, value in os.environ.items() if not name.startswith("HUIYIN_")} | {
        "PYTHONPATH": str(ROOT),
        "HUIYIN_DATABASE_URL": dsn,
        "HUIYIN_TEMPORAL_ADDRESS": ground.temporal_address,
        "HUIYIN_TEMPORAL_NAMESPACE": names[0],
        "HUIYIN_DATA": str(data),
        "HUIYIN_COMMUNITY": str(steady_community(data / "community.toml")),
        "HUIYIN_LOG_FORMAT": "json",
        "HUIYIN_LANG": "en",
        "HUIYIN_POOL_SIZE": "2",
        "HUIYIN_SANDBOX": "0",  # a process is up in a third of the time
        **more,
    }
    async with await open_pool(dsn, max_size=10) as pool:
        house = House([Desk(pool, engine, ring, settings) for engine in engines], data, environment)
        with (data / "processes.log").open("ab") as log:
            for name in programs:
                house.programs[name] = await house.program(name, *names, stdout=log, stderr=log)
        try:
            yield house
        finally:
            for process in house.programs.values():
                process.terminate()
                await asyncio.wait_for(process.wait(), 60)
