"""Is the ground able to do its work now: database, schema, relay, engine and a worker, each asked for itself."""

import asyncio
import socket
import time
from dataclasses import dataclass, replace
from datetime import datetime
from pathlib import Path

import asyncpg
from temporalio.client import Client
from temporalio.service import RPCError, RPCStatusCode

from stack import config, temporal
from stack.folder import read_ground, stands_still
from stack.settings import Settings

RELAY = "huiyin-relay"
"""The name under which the relay is in session with the database; it asks twice a second, so it is always there."""
FRESH = 75.0
"""Seconds since a worker was last seen: a poll that finds nothing ends after 60, and then the next one begins."""
ANSWER_WITHIN = 5.0
QUIET = 60.0
"""Seconds without a question after which a relay in session counts as standing still."""
STOPPED = " (stopped)"
"""Stands behind the name of a worker that does not move."""
SESSION = """
SELECT min(backend_start AT TIME ZONE 'UTC'), extract(epoch FROM clock_timestamp() - max(query_start))::float8
FROM pg_stat_activity WHERE application_name = $1"""
SAID = {RPCStatusCode.DEADLINE_EXCEEDED: "no-answer", RPCStatusCode.UNAVAILABLE: "no-connection"}
NODE_PORT = "-frontend-grpc"


@dataclass(frozen=True)
class Check:
    """One part: is it fine (None = nobody can tell now), the fact that says so (a version, an address), what is wrong.

    `why` is a code: `no-answer`, `no-connection`, `silent`, or what a server has said.
    """

    part: str
    fine: bool | None
    fact: str = "-"
    why: str = ""


def missing(part: str, fact: str = "-", why: str = "") -> Check:
    """Say that a part is not there."""
    return Check(part, fine=False, fact=fact, why=why)


def unknown(part: str) -> Check:
    """Say that nobody can tell: the server that would be asked is away."""
    return Check(part, fine=None)


def located(settings: Settings) -> Settings:
    """Complete the settings with the addresses of the ground that runs in the data folder; what was set comes first."""
    ground = read_ground(settings.data)
    if ground is None:
        return settings
    there = replace(settings, database_url=settings.database_url or ground.dsn)
    if there.temporal_address:
        return there
    return replace(there, temporal_address=ground.temporal_address, namespace=ground.namespace)


async def check(settings: Settings) -> list[Check]:
    """Ask all four, and each node of a cluster of ours; a part that hangs is a part that fails."""
    there = located(settings)
    database, engine, nodes = await asyncio.gather(check_database(there), check_engine(there), check_nodes(there))
    return [*database, *nodes, *engine]


async def check_database(settings: Settings) -> list[Check]:
    """Connect, then look for the relay's session."""
    if not settings.database_url:
        return [missing("postgres"), missing("relay")]
    try:
        connection = await asyncpg.connect(settings.database_url, timeout=ANSWER_WITHIN, command_timeout=ANSWER_WITHIN)
    except (OSError, asyncpg.PostgresError, asyncpg.InterfaceError, ValueError, TimeoutError) as error:
        return [missing("postgres", why=plainly(error)), unknown("relay")]
    try:
        version = await connection.fetchval("SHOW server_version")
        [(since, quiet)] = await connection.fetch(SESSION, RELAY)
    finally:
        await connection.close()
    return [Check("postgres", fine=True, fact=version), check_relay(since, quiet)]


def check_relay(since: datetime | None, quiet: float | None) -> Check:
    """Judge the relay by its session: there is one, and it goes on asking."""
    if since is None or quiet is None:
        return missing("relay")
    if quiet > QUIET:
        return missing("relay", f"{quiet:.0f} s", "silent")
    return Check("relay", fine=True, fact=f"{since:%Y-%m-%dT%H:%M:%SZ}")


async def check_engine(settings: Settings) -> list[Check]:
    """Ask the namespace, then the task queue for workers that polled it lately."""
    address = settings.temporal_address
    if not address:
        return [missing("temporal"), missing("worker")]
    try:
        client = await asyncio.wait_for(temporal.connect(settings, address), ANSWER_WITHIN)
        await temporal.answers(client, settings.namespace)
        workers = await pollers(client, settings.namespace)
    except (RPCError, RuntimeError, OSError, TimeoutError) as error:
        return [missing("temporal", address, plainly(error)), unknown("worker")]
    told = [f"{worker}{STOPPED}" if stopped(worker) else worker for worker in workers]
    return [
        Check("temporal", fine=True, fact=address),
        Check("worker", fine=not all(map(stopped, workers)), fact=", ".join(told) or "-"),
    ]


async def check_nodes(settings: Settings) -> list[Check]:
    """Ask each node of a cluster of ours by itself; there is none where a single server does all."""
    ground = read_ground(settings.data)
    ports = ground.ports if ground and ground.temporal_address == settings.temporal_address else {}
    nodes = {name.removesuffix(NODE_PORT): port for name, port in ports.items() if name.endswith(NODE_PORT)}
    return await asyncio.gather(*(check_node(settings, node, nodes[node]) for node in sorted(nodes)))


async def check_node(settings: Settings, node: str, port: int) -> Check:
    """Ask one node, past the front that would ask the other, what it can answer without the other."""
    address = f"{config.HOST}:{port}"
    try:
        await asyncio.wait_for(temporal.connect(settings, address), ANSWER_WITHIN)
    except (RPCError, RuntimeError, OSError, TimeoutError) as error:
        return missing(node, address, plainly(error))
    return Check(node, fine=True, fact=address)


async def pollers(client: Client, namespace: str) -> list[str]:
    """Name the workers that polled our task queue within the last minute."""
    asked = await temporal.pollers(client, namespace)
    oldest = time.time() - FRESH
    return sorted({p.identity for p in asked if p.last_access_time.seconds >= oldest and not ended(p.identity)})


def ended(identity: str) -> bool:
    """Tell a worker of this very machine that is gone: the engine lists it for a minute more (`pid@host`)."""
    pid = here(identity)
    return pid is not None and not Path(f"/proc/{pid}").exists()


def stopped(identity: str) -> bool:
    """Tell a worker of this very machine that stands still: its last question is answered, the next never comes."""
    pid = here(identity)
    return pid is not None and stands_still(pid)


def here(identity: str) -> int | None:
    """Read the process id of a worker of this very machine; None for any other."""
    pid, _, host = identity.partition("@")
    return int(pid) if host == socket.gethostname() and pid.isdecimal() else None


def plainly(error: Exception) -> str:
    """Say why a server can't be used, without the words of its transport."""
    if isinstance(error, RPCError):
        return SAID.get(error.status, error.status.name.lower().replace("_", " "))
    if isinstance(error, asyncpg.PostgresError):
        return str(error).split("\n")[0][:160]
    return "no-answer" if isinstance(error, TimeoutError) else "no-connection"


def logs(data: Path) -> list[Path]:
    """Find the log files there are, whoever writes them."""
    return sorted((data / "logs").glob("*.log"))
