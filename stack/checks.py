"""Is the ground able to do its work now: database, schema, relay, engine and a worker, each asked for itself."""

import asyncio
import socket
import time
from dataclasses import dataclass, replace
from pathlib import Path

import asyncpg
from temporalio.client import Client
from temporalio.service import RPCError

from stack import temporal
from stack.folder import read_ground
from stack.settings import Settings

TABLE = "work_order"
RELAY = "huiyin-relay"
"""The name under which the relay is in session with the database; it asks twice a second, so it is always there."""
FRESH = 75.0
"""Seconds since a worker was last seen: a poll that finds nothing ends after 60, and then the next one begins."""
ANSWER_WITHIN = 5.0
OF_DATABASE = ("postgres", "schema", "relay")
SESSION = "SELECT min(backend_start AT TIME ZONE 'UTC') FROM pg_stat_activity WHERE application_name = $1"


@dataclass(frozen=True)
class Check:
    """One part: is it fine, and the fact that says so (a version, an address, an error)."""

    part: str
    fine: bool
    fact: str


def missing(part: str, fact: str) -> Check:
    """Say that a part is not there."""
    return Check(part, fine=False, fact=fact)


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
    """Ask all five; a part that hangs is a part that fails."""
    there = located(settings)
    database, engine = await asyncio.gather(check_database(there), check_engine(there))
    return [*database, *engine]


async def check_database(settings: Settings) -> list[Check]:
    """Connect, then look for the table that everything else stands on, and for the relay's session."""
    if not settings.database_url:
        return [missing(part, "-") for part in OF_DATABASE]
    try:
        connection = await asyncpg.connect(settings.database_url, timeout=ANSWER_WITHIN, command_timeout=ANSWER_WITHIN)
    except (OSError, asyncpg.PostgresError, asyncpg.InterfaceError, ValueError, TimeoutError) as error:
        return [missing(part, first_line(error) if part == "postgres" else "-") for part in OF_DATABASE]
    try:
        version = await connection.fetchval("SHOW server_version")
        table = await connection.fetchval("SELECT to_regclass($1)::text", TABLE)
        since = await connection.fetchval(SESSION, RELAY)
    finally:
        await connection.close()
    return [
        Check("postgres", fine=True, fact=version),
        Check("schema", fine=table is not None, fact=table or "-"),
        Check("relay", fine=since is not None, fact=f"{since:%Y-%m-%dT%H:%M:%SZ}" if since else "-"),
    ]


async def check_engine(settings: Settings) -> list[Check]:
    """Ask the namespace, then the task queue for workers that polled it lately."""
    address = settings.temporal_address
    if not address:
        return [missing("temporal", "-"), missing("worker", "-")]
    try:
        client = await asyncio.wait_for(temporal.connect(settings, address), ANSWER_WITHIN)
        await temporal.answers(client, settings.namespace)
        workers = await pollers(client, settings.namespace)
    except (RPCError, RuntimeError, OSError, TimeoutError) as error:
        return [missing("temporal", f"{address}: {plainly(error)}"), missing("worker", "-")]
    return [
        Check("temporal", fine=True, fact=address),
        Check("worker", fine=bool(workers), fact=", ".join(workers) or "-"),
    ]


async def pollers(client: Client, namespace: str) -> list[str]:
    """Name the workers that polled our task queue within the last minute."""
    queue = await temporal.describe_queue(client, namespace)
    oldest = time.time() - FRESH
    return sorted({p.identity for p in queue.pollers if p.last_access_time.seconds >= oldest and not ended(p.identity)})


def ended(identity: str) -> bool:
    """Tell a worker of this very machine that is gone: the engine lists it for a minute more (`pid@host`)."""
    pid, _, host = identity.partition("@")
    return host == socket.gethostname() and pid.isdecimal() and not Path(f"/proc/{pid}").exists()


def plainly(error: Exception) -> str:
    """Say why an engine can't be used, without the words of its transport."""
    if isinstance(error, RPCError):
        return error.status.name.lower().replace("_", " ")
    return "no answer" if isinstance(error, TimeoutError) else "no connection"


def first_line(error: Exception) -> str:
    """Shorten an error to what fits a table."""
    return (str(error) or type(error).__name__).split("\n")[0][:160]


def logs(data: Path) -> list[Path]:
    """Find the log files there are, whoever writes them."""
    return sorted((data / "logs").glob("*.log"))
