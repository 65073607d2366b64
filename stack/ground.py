"""The ground: PostgreSQL and Temporal of one data folder, started together and stopped cleanly."""

import asyncio
import contextlib
import os
from collections.abc import AsyncIterator, Awaitable, Callable, Mapping
from dataclasses import dataclass, replace
from datetime import UTC, tzinfo
from functools import partial
from pathlib import Path

from stack import cluster, folder, postgres, temporal
from stack.children import Child, supervise
from stack.folder import Ground, Holder, read_ground
from stack.postgres import Postgres
from stack.settings import Settings, from_environment
from stack.temporal import Temporal
from stack.words import Progress, Tell, silent, teller

__all__ = ["Ground", "RunningGround", "Settings", "from_environment", "read_ground", "start", "started"]


Ended = Callable[[str, str, float], None]
"""Hears which server ended, why, and in how many seconds it is started again."""


@dataclass(frozen=True)
class RunningGround:
    """What `start` has brought up; an async context manager that stops it all at its end."""

    ground: Ground
    engine: Temporal
    again: Mapping[str, Callable[[], Awaitable[Child]]]
    living: dict[str, Child]
    lock: contextlib.ExitStack

    async def stop(self) -> None:
        """Temporal before PostgreSQL; twice is the same as once."""
        folder.forget_ground(self.ground.data)
        await temporal.stop_all(self.living[name] for name in self.engine.servers)
        if self.engine.front:
            self.engine.front.close()
        if "postgres" in self.living:
            await postgres.stop(self.living["postgres"])
            postgres.leave(self.ground.data / "postgres")
        self.lock.close()

    async def keep(self, ended: Ended) -> None:
        """Start a server again that ends by itself, at the same address, until cancelled; `stop` comes after."""
        async with asyncio.TaskGroup() as group:
            for name, child in self.living.items():
                start_again = partial(self.revive, name)
                group.create_task(supervise(start_again, child=child, ended=partial(ended, name)))

    async def revive(self, name: str) -> Child:
        """Start one server again and note its new process."""
        child = self.living[name] = await self.again[name]()
        folder.write_ground(replace(self.ground, pids={name: one.pid for name, one in self.living.items()}))
        return child

    async def __aenter__(self) -> Ground:
        return self.ground

    async def __aexit__(self, *_: object) -> None:
        await self.stop()


async def start(
    settings: Settings, progress: Progress = silent, *, lang: str = "en", zone: tzinfo = UTC
) -> RunningGround:
    """Hold the data folder, bring both servers up side by side and leave the note that others find them by.

    `lang` and `zone`: of what it says.
    """
    data = folder.prepare(settings.data)
    settings = cluster.settled(settings)
    with contextlib.ExitStack() as lock:
        holder = lock.enter_context(folder.locked(data, zone))
        tell = teller(progress, lang)
        database, engine = await both(settings, tell)
        ground = described(settings, holder, database, engine)
        folder.write_ground(ground)
        tell("postgres-ready", version=database.version)
        tell("temporal-ready", version=engine.version, address=engine.address)
        again = {"postgres": database.again, **{name: one for name, (_, one) in engine.servers.items()}}
        return RunningGround(ground, engine, again, living_of(database, engine), lock.pop_all())


async def both(settings: Settings, tell: Tell) -> tuple[Postgres, Temporal]:
    """Bring both up; if one fails, the other is stopped before the error goes on."""
    one = asyncio.create_task(postgres.start(settings, tell))
    engine = cluster.start(settings, one, tell) if settings.cluster else temporal.start(settings, tell)
    two = asyncio.create_task(engine)
    try:
        return await asyncio.gather(one, two)
    except BaseException:
        one.cancel()
        two.cancel()
        for outcome in await asyncio.gather(one, two, return_exceptions=True):
            if isinstance(outcome, Postgres) and outcome.child:
                await postgres.stop(outcome.child)
            if isinstance(outcome, Temporal):
                await outcome.stop()
        raise


def living_of(database: Postgres, engine: Temporal) -> dict[str, Child]:
    """Name the children; servers of the operator's are none."""
    named = {"postgres": database.child, **{name: child for name, (child, _) in engine.servers.items()}}
    return {name: child for name, child in named.items() if child}


def described(settings: Settings, holder: Holder, database: Postgres, engine: Temporal) -> Ground:
    living = living_of(database, engine)
    return Ground(
        data=settings.data,
        dsn=database.dsn,
        temporal_address=engine.address,
        namespace=settings.namespace,
        temporal_version=engine.version,
        postgres_version=database.version,
        time_skipping=settings.time_skipping,
        up=holder,
        ports=engine.ports,
        logs={name: child.log for name, child in living.items()},
        pids={name: child.pid for name, child in living.items()},
    )


@contextlib.asynccontextmanager
async def started(
    data: Path, *, time_skipping: bool = False, cluster: bool = False, progress: Progress = silent, lang: str = "en"
) -> AsyncIterator[Ground]:
    """Keep a ground for the length of a block; with time skipping it is one for tests and demonstrations."""
    settings = from_environment(os.environ, data=data, time_skipping=time_skipping, cluster=cluster)
    async with await start(settings, progress, lang=lang) as ground:
        yield ground
