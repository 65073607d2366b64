"""What the tests of the ground look at: processes, sockets and effects that take a moment."""

import asyncio
import contextlib
import os
import sys
import time
from collections.abc import AsyncIterator, Callable, Iterator
from pathlib import Path

import asyncpg

HERE = Path(__file__).parent


def processes_of(data: Path) -> dict[int, str]:
    """Every living process that works in the data folder or was told of it, except this one."""
    found = {}
    for entry in Path("/proc").iterdir():
        if entry.name.isdecimal() and int(entry.name) != os.getpid() and belongs(entry, data):
            with contextlib.suppress(OSError):  # it ended between two looks
                found[int(entry.name)] = (entry / "cmdline").read_text().replace("\0", " ")
    return found


def belongs(entry: Path, data: Path) -> bool:
    try:
        works_there = data in (entry / "cwd").readlink().parents
        return works_there or f"HUIYIN_DATA={data}".encode() in (entry / "environ").read_bytes().split(b"\0")
    except OSError:
        return False


def listening(pid: int) -> Iterator[tuple[str, int]]:
    """The TCP addresses a process listens on: hexadecimal address, port."""
    inodes = set()
    for fd in Path(f"/proc/{pid}/fd").iterdir():
        with contextlib.suppress(OSError):
            inodes.add(str(fd.readlink()))
    for table in ("tcp", "tcp6"):
        for line in Path(f"/proc/{pid}/net/{table}").read_text().splitlines()[1:]:
            fields = line.split()
            if fields[3] == "0A" and f"socket:[{fields[9]}]" in inodes:
                address, _, port = fields[1].partition(":")
                yield address, int(port, 16)


async def eventually(true: Callable[[], bool], within: float = 30.0) -> None:
    deadline = time.monotonic() + within
    while not true():
        assert time.monotonic() < deadline, "it did not come true in time"
        await asyncio.sleep(0.02)


async def ask(dsn: str, sql: str) -> object:
    connection = await asyncpg.connect(dsn)
    try:
        return await connection.fetchval(sql)
    finally:
        await connection.close()


class Up:
    """An `up` in a process of its own, as a person starts it, and what it has printed so far."""

    def __init__(self, process: asyncio.subprocess.Process, output: Path) -> None:
        self.process, self.output = process, output

    @property
    def said(self) -> str:
        return self.output.read_text()


@contextlib.asynccontextmanager
async def up(data: Path, output: Path, *words: str, **env: str) -> AsyncIterator[Up]:
    program = [sys.executable, str(HERE / "up_program.py"), str(data), *words]
    with output.open("wb") as file:
        process = await asyncio.create_subprocess_exec(*program, stdout=file, stderr=file, env={**os.environ, **env})
    try:
        yield Up(process, output)
    finally:
        if process.returncode is None:
            process.terminate()
            await process.wait()
