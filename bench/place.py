"""Where everything is measured: one ground, one migrated database, a door, and workers as real processes."""

import asyncio
import contextlib
import os
import re
import secrets
import signal
import sys
import time
from collections.abc import AsyncIterator, Awaitable, Callable
from dataclasses import dataclass, field
from pathlib import Path
from urllib.parse import urlsplit

import asyncpg

from domain.settings.community import CommunityFile
from domain.settings.reading import parse
from records.migrate import migrate
from records.pool import open_pool
from records.vault import KeyRing
from stack.ground import RunningGround, from_environment, start
from starter.desk import Desk
from starter.opening import sample_community
from workflows.engine import Engine, connect

ROOT = Path(__file__).parents[1]
READY_S = 60.0
POOL = 16


@dataclass
class Place:
    """The servers of one run, and the door that measures them. `desk` and `ground` change with a restart."""

    folder: Path
    quick: bool
    running: RunningGround
    database: str
    desk: Desk
    closing: contextlib.AsyncExitStack = field(repr=False)

    @property
    def dsn(self) -> str:
        """Return the address of the bench's own database."""
        return with_database(self.running.ground.dsn, self.database)

    def size(self, full: int, quick: int) -> int:
        """Return how many, by the kind of run."""
        return quick if self.quick else full

    def environment(self, *, sandbox: bool) -> dict[str, str]:
        """Return what a worker process is told; everything else is as in production."""
        others = {name: value for name, value in os.environ.items() if not name.startswith("HUIYIN_")}
        ground = self.running.ground
        where = {"HUIYIN_DATABASE_URL": self.dsn, "HUIYIN_TEMPORAL_ADDRESS": ground.temporal_address}
        ours = {"HUIYIN_DATA": str(self.folder / "data"), "HUIYIN_LOG_FORMAT": "json", "HUIYIN_SANDBOX": str(sandbox)}
        return {**others, **where, **ours}

    @contextlib.asynccontextmanager
    async def worker(self, module: str = "worker", *, sandbox: bool) -> AsyncIterator["Program"]:
        """Run a worker process for the length of a block."""
        program = await Program.launched(module, self.environment(sandbox=sandbox), self.folder)
        try:
            await program.until_said("worker.ready")
            yield program
        finally:
            await program.stop()

    async def stop_servers(self) -> None:
        """Leave the door and stop the servers, cleanly."""
        await self.closing.aclose()
        await self.running.stop()

    async def start_servers(self) -> None:
        """Start the servers on the same data, and open the door again."""
        self.running = await start(settings(self.folder))
        self.desk, self.closing = await door(self.folder, self.running, self.database)

    async def sql(self, text: str, *values: object) -> list[asyncpg.Record]:
        """Ask the database."""
        return await self.desk.pool.fetch(text, *values)

    async def until_recorded(self, order_id: str) -> None:
        """Wait until the first batch of an order stands in the record."""

        async def known() -> bool:
            return bool(await self.sql("select from work_order where order_id = $1 and seq > 0", order_id))

        await until(known)


class Program:
    """One process of ours, its log, and its end."""

    def __init__(self, process: asyncio.subprocess.Process, log: Path) -> None:
        self.process = process
        self.log = log

    @classmethod
    async def launched(cls, module: str, environment: dict[str, str], folder: Path) -> "Program":
        """Start `python -m module`."""
        log = folder / f"{module}-{secrets.token_hex(3)}.log"
        with log.open("wb") as stream:
            argv = (sys.executable, "-m", module)
            process = await asyncio.create_subprocess_exec(
                *argv, env=environment, stdout=stream, stderr=stream, cwd=ROOT
            )
        return cls(process, log)

    async def until_said(self, event: str) -> None:
        """Wait for a line of its log."""

        async def said() -> bool:
            if self.process.returncode is not None:
                raise RuntimeError(f"ended with {self.process.returncode}: {self.log.read_text()[-2000:]}")
            return event in self.log.read_text(encoding="utf-8")

        await until(said)

    async def stop(self, sign: int = signal.SIGTERM) -> None:
        """End it; twice is the same as once."""
        if self.process.returncode is None:
            self.process.send_signal(sign)
            await self.process.wait()

    def resident_mib(self) -> float:
        """Return the memory it holds."""
        lines = Path(f"/proc/{self.process.pid}/status").read_text(encoding="ascii").splitlines()
        return next(int(line.split()[1]) / 1024 for line in lines if line.startswith("VmRSS"))


async def until(true: Callable[[], Awaitable[bool]], seconds: float = READY_S, pause: float = 0.02) -> None:
    """Look until something is so."""
    end = time.perf_counter() + seconds
    while not await true():
        if time.perf_counter() > end:
            raise TimeoutError(f"not within {seconds:.0f} s")
        await asyncio.sleep(pause)


def with_database(dsn: str, name: str) -> str:
    """Return the address of another database of a server."""
    return urlsplit(dsn)._replace(path=f"/{name}").geturl()


def settings(folder: Path):  # noqa: ANN201 - stack's own settings
    """Return the ground's settings: the machine's, in a data folder of the bench's own, without time skipping."""
    return from_environment(os.environ, data=folder / "data", time_skipping=False)


async def create_database(dsn: str, name: str) -> str:
    """Make an empty database and return its address."""
    connection = await asyncpg.connect(dsn)
    await connection.execute(f"create database {name}")
    await connection.close()
    return with_database(dsn, name)


async def door(folder: Path, running: RunningGround, database: str) -> tuple[Desk, contextlib.AsyncExitStack]:
    """Open a door on the servers that run."""
    ground, closing = running.ground, contextlib.AsyncExitStack()
    dsn = with_database(ground.dsn, database)
    pool = await closing.enter_async_context(await open_pool(dsn, max_size=POOL))
    client = await connect(Engine(address=ground.temporal_address, namespace=ground.namespace))
    keys = KeyRing.open(folder / "data" / "keys" / "kek.json")
    return Desk(pool, client, keys, community()), closing


def community(staff: str = "") -> CommunityFile:
    """Return the sample community, with more staff as TOML, and with room for all the orders in everybody's hands."""
    text = sample_community().read_text(encoding="utf-8").replace("[[shift]]", f"{staff}[[shift]]", 1)
    return parse(re.sub(r"(?m)^load_limit = \d+", "load_limit = 1000000", text))


@contextlib.asynccontextmanager
async def opened(folder: Path, *, quick: bool) -> AsyncIterator[Place]:
    """Bring everything up for the length of a run."""
    running = await start(settings(folder))
    name = f"bench_{secrets.token_hex(4)}"
    try:
        migrate(await create_database(running.ground.dsn, name))
        place = Place(folder, quick, running, name, *await door(folder, running, name))
    except BaseException:
        await running.stop()
        raise
    try:
        yield place
    finally:
        await place.stop_servers()
