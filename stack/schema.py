"""The databases of a Temporal cluster, made on the bundled PostgreSQL with Temporal's own SQL tool."""

import asyncio
import shutil
from pathlib import Path

import asyncpg

from stack import building, children, errors, postgres
from stack.settings import Settings
from stack.words import Tell

PROCESSES, VISIBILITY = NAMES = ("temporal", "temporal_visibility")
WHOLE = "whole"
"""The comment on a database that is made to its end: one without it held nothing yet, and is made anew."""
COMMENT = "SELECT shobj_description(oid, 'pg_database') FROM pg_database WHERE datname = $1"
OUR_VISIBILITY, VISIBILITY_VERSION = Path(__file__).with_name("visibility.sql"), "1.14"


async def make(settings: Settings, sockets: Path, tell: Tell) -> None:
    """Make both databases, or bring them up to the server's version; twice is the same as once."""
    tool = await find_tool(settings, tell)
    connection = await asyncpg.connect(postgres.dsn_of(sockets, "postgres"), timeout=10)
    try:
        unmade = [name for name in NAMES if await connection.fetchval(COMMENT, name) != WHOLE]
        if unmade:
            tell("schema-make")
        for name in NAMES:
            await make_one(settings, connection, tool, sockets, name, anew=name in unmade)
    finally:
        await connection.close()


async def make_one(
    settings: Settings, connection: "asyncpg.Connection", tool: Path, sockets: Path, name: str, *, anew: bool
) -> None:
    """Make one database with its tables, or renew these."""
    if anew:
        await connection.execute(f'DROP DATABASE IF EXISTS "{name}"')
        await connection.execute(f'CREATE DATABASE "{name}"')
        await run(settings, tool, sockets, name, *first_words(name))
    folder = "temporal" if name == PROCESSES else "visibility"
    await run(settings, tool, sockets, name, "update-schema", "--schema-name", f"postgresql/v12/{folder}")
    await connection.execute(f"COMMENT ON DATABASE \"{name}\" IS '{WHOLE}'")


def first_words(name: str) -> tuple[str, ...]:
    """Say how tables begin: an empty version 0.0, or for visibility our own file (it says why)."""
    if name == PROCESSES:
        return "setup-schema", "-v", "0.0"
    return "setup-schema", "-v", VISIBILITY_VERSION, "-f", str(OUR_VISIBILITY)


async def run(settings: Settings, tool: Path, sockets: Path, name: str, *words: str) -> None:
    """Run the tool to its end; what it says goes to a log of its own."""
    where = ("--plugin", "postgres12_pgx", "--endpoint", "localhost", "--port", str(postgres.PORT))
    who = ("--user", postgres.ROLE, "--connect-attributes", f"host={sockets}", "--database", name)
    log = settings.log("temporal-sql-tool")
    child = await children.launch("temporal-sql-tool", [str(tool), *where, *who, *words], log=log, env={})
    try:
        code = await child.process.wait()
    finally:
        await children.stop(child)
    if code != 0:
        raise errors.server_failed("Temporal", log, children.last_line(log))


async def find_tool(settings: Settings, tell: Tell) -> Path:
    """Take the tool from our cache or from PATH, else build it."""
    cached = building.SQL_TOOL.place(settings)
    if cached.exists():
        return cached
    if found := shutil.which(building.SQL_TOOL.name, path=settings.path):
        return Path(found)
    path, (zh, en) = await building.build(settings, tell, building.SQL_TOOL)
    if path is None:
        raise errors.no_sql_tool(zh, en)
    return path


async def forget_members(sockets: Path, ports: list[int] | None = None) -> None:
    """Strike members of the ring that are dead: those with these ports, or all when nobody of ours lives."""
    gone = "DELETE FROM cluster_membership WHERE $1::int[] IS NULL OR rpc_port = ANY($1::int[])"
    try:
        connection = await asyncpg.connect(postgres.dsn_of(sockets, PROCESSES), timeout=5, command_timeout=5)
    except (OSError, asyncpg.PostgresError, TimeoutError):
        return  # PostgreSQL is away: the node waits for it, and for them
    try:
        await asyncio.wait_for(connection.execute(gone, ports), 5)
    except (OSError, asyncpg.PostgresError, TimeoutError):
        return
    finally:
        await connection.close()
