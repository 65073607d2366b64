"""Temporal's programs, the server and its SQL tool, built once from the Go module proxy into the cache."""

import asyncio
import contextlib
import fcntl
import os
import re
import shutil
import signal
import tempfile
from collections.abc import AsyncIterator
from dataclasses import dataclass
from pathlib import Path

from stack.downloading import Way
from stack.settings import Settings
from stack.words import Tell

VERSION = "1.32.1"
TELL_EVERY = 10.0  # seconds between two lines of progress
OFF = ("编译已关闭（HUIYIN_TEMPORAL_BUILD=0）", "building is off (HUIYIN_TEMPORAL_BUILD=0)")
NO_GO = ("没有 Go（PATH 里找不到 go）", "Go is missing (no `go` on PATH)")


@dataclass(frozen=True)
class Program:
    """One program of the server's Go module, as we call it and as its folder below `cmd` is called."""

    name: str
    folder: str
    told: str  # the sentence that says how long it takes

    @property
    def module(self) -> str:
        """What `go install` is asked for."""
        return f"go.temporal.io/server/cmd/{self.folder}@v{VERSION}"

    def place(self, settings: Settings) -> Path:
        """Give its place in the cache."""
        return settings.cache / f"{self.name}-{VERSION}"


SERVER = Program("temporal-server", "server", "build-start")
SQL_TOOL = Program("temporal-sql-tool", "tools/sql", "build-tool")


async def build(settings: Settings, tell: Tell, program: Program = SERVER) -> Way:
    """Build a program, unless another process has just done so."""
    go = shutil.which("go", path=settings.path)
    if not settings.build or go is None:
        return None, NO_GO if settings.build else OFF
    place = program.place(settings)
    try:
        settings.cache.mkdir(parents=True, exist_ok=True)
        async with alone(settings.cache / "build.lock", tell) as waited:
            if waited and place.exists():
                return place, ("", "")
            return await built(go, program, settings, tell)
    except OSError as error:
        return None, (f"缓存目录不可用：{error}", f"the cache cannot be used: {error}")


@contextlib.asynccontextmanager
async def alone(lock: Path, tell: Tell) -> AsyncIterator[bool]:
    """Let one build run at a time; give whether there was another one to wait for."""
    waited = False
    with lock.open("a") as file:
        while True:
            try:
                fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
                break
            except BlockingIOError:
                if not waited:
                    tell("build-waiting")
                waited = True
                await asyncio.sleep(0.5)
        yield waited


async def built(go: str, program: Program, settings: Settings, tell: Tell) -> Way:
    """Build into a folder of its own and rename: a half build is never taken for a whole."""
    place = program.place(settings)
    tell(program.told, version=VERSION)
    begun = asyncio.get_running_loop().time()
    with tempfile.TemporaryDirectory(dir=place.parent, prefix=".build-") as folder:
        code, said = await run_go(go, program.module, Path(folder), settings, tell)
        made = Path(folder) / Path(program.folder).name
        if code != 0 or not made.exists():
            return None, explained(said)
        made.replace(place)  # whole or not at all
    tell("build-done", seconds=round(asyncio.get_running_loop().time() - begun), path=place)
    return place, ("", "")


async def run_go(go: str, module: str, folder: Path, settings: Settings, tell: Tell) -> tuple[int, list[str]]:
    """Run `go install`; it ends with us, and its compilers too."""
    env = {**os.environ, "PATH": settings.path, "GOBIN": str(folder), "GOFLAGS": ""}
    process = await asyncio.create_subprocess_exec(
        *(go, "install", "-v", module),
        env=env,
        stdin=asyncio.subprocess.DEVNULL,
        stdout=asyncio.subprocess.DEVNULL,
        stderr=asyncio.subprocess.PIPE,
        start_new_session=True,
    )
    try:
        return await follow(process, tell)
    finally:
        if process.returncode is None:
            os.killpg(process.pid, signal.SIGKILL)
            await process.wait()


async def follow(process: asyncio.subprocess.Process, tell: Tell) -> tuple[int, list[str]]:
    """Give exit code and all that go said: with -v one line for each package compiled."""
    said: list[str] = []
    telling = asyncio.create_task(tell_on(said, tell))
    try:
        while process.stderr and (line := await process.stderr.readline()):
            said.append(line.decode(errors="replace").strip())
        return await process.wait(), said
    finally:
        telling.cancel()


async def tell_on(said: list[str], tell: Tell) -> None:
    """Show that it goes on, also while it downloads or links and go says nothing."""
    seconds = 0.0
    while True:
        await asyncio.sleep(TELL_EVERY)
        seconds += TELL_EVERY
        tell("build-going", count=sum(map(is_package, said)), seconds=round(seconds))


def is_package(line: str) -> bool:
    """Tell a line that names a compiled package from a complaint."""
    return re.fullmatch(r"[\w.\-~/]+", line) is not None


def explained(said: list[str]) -> tuple[str, str]:
    """Tell what go complained of, and what it means."""
    complaint = next((line for line in reversed(said) if line and not is_package(line)), "go install")[:300]
    if "requires go >=" in complaint or "toolchain" in complaint:
        return f"Go 太旧（{complaint}）", f"Go is too old ({complaint})"
    if any(word in complaint for word in ("dial tcp", "lookup", "timeout", "proxy", "connection", "no such host")):
        return f"连不上 Go 模块代理（{complaint}）", f"the Go module proxy is out of reach ({complaint})"
    return f"编译失败（{complaint}）", f"the build failed ({complaint})"
