"""The house of the demonstration: real servers whose time can be skipped, a worker that may be killed, the relay."""

import asyncio
import contextlib
import os
import re
import signal
import sys
from collections.abc import AsyncIterator, Callable
from dataclasses import dataclass
from functools import partial
from pathlib import Path

from records.migrate import migrate
from stack import children
from stack.ground import Ground, started
from stack.words import Progress
from starter.desk import Desk
from starter.ground import environment
from starter.opening import DoorSettings, open_desk, sample_community

PROGRAMS = {"worker": "worker", "relay": "starter.relay"}
Say = Callable[[str], None]


@dataclass
class House:
    """A running installation, its processes looked after as `huiyin up` looks after its own."""

    desk: Desk
    living: dict[str, children.Child]

    async def kill_worker(self) -> int:
        """Kill the worker as a power cut would, and wait until it is dead; its process id."""
        victim = self.living["worker"]
        os.kill(victim.pid, signal.SIGKILL)
        await victim.process.wait()
        return victim.pid


@contextlib.asynccontextmanager
async def house(data: Path, lang: str, progress: Progress, connections: int) -> AsyncIterator[House]:
    """Bring everything up as processes of their own, for the length of a block."""
    async with started(data, time_skipping=True, progress=progress, lang=lang) as ground:
        await asyncio.to_thread(migrate, ground.dsn)
        living: dict[str, children.Child] = {}
        keepers = [await _kept(name, ground, living) for name in PROGRAMS]
        try:
            async with open_desk(_door(ground, connections)) as desk:
                yield House(desk, living)
        finally:
            for keeper in keepers:
                keeper.cancel()
            await asyncio.gather(*keepers, return_exceptions=True)
            await children.stop_all(living.values())


def _community(data: Path) -> Path:
    """Write the sample's settings for a house in which hours pass within seconds.

    Without digests, which would hold all messages of such hours. Without levels that reassign: the relay may come to
    them amid the hours that a story lets pass, or behind them, and it must be the same story each time.
    """
    place = data / "community.toml"
    text = sample_community().read_text(encoding="utf-8")
    text = re.sub(r"(?m)^load_limit = \d+", "load_limit = 100000", text)  # the work of weeks is in hand at once
    text = text.replace("[notices]\n", "[notices]\ndigest_above = 100000\n").replace("notify_and_reassign", "notify")
    place.write_text(text, encoding="utf-8")
    return place


def _door(ground: Ground, connections: int) -> DoorSettings:
    return DoorSettings(
        data=ground.data,
        community=_community(ground.data),
        pool_size=connections,
        database_url=ground.dsn,
        temporal_address=ground.temporal_address,
    )


async def _kept(name: str, ground: Ground, living: dict[str, children.Child]) -> "asyncio.Task[None]":
    """Start a process and whoever starts it again when it ends."""

    async def launched() -> children.Child:
        living[name] = await _launch(name, ground)
        return living[name]

    first = await launched()
    return asyncio.create_task(children.supervise(launched, child=first, ended=partial(_noted, name)))


def _noted(_name: str, _why: str, _pause: float) -> None:
    """Say nothing: whoever killed it tells the audience."""


async def _launch(name: str, ground: Ground) -> children.Child:
    env = {**environment(ground), "HUIYIN_LOG_FORMAT": "json", "HUIYIN_COMMUNITY": str(_community(ground.data))}
    argv = [sys.executable, "-m", PROGRAMS[name]]
    return await children.launch(name, argv, log=ground.data / "logs" / f"{name}.log", env=env, cwd=Path.cwd())
