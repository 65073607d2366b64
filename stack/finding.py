"""Which Temporal server there is on this machine: in our cache, on PATH, downloaded by the SDK or built once."""

import asyncio
import re
import shutil
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Literal

from stack import building, downloading, errors
from stack.settings import Settings
from stack.words import Tell

Version = tuple[int, ...]
OLDEST: Version = (1, 32)
"""The first server with time skipping for each workflow, and the version all figures were measured on."""
CACHED = {"temporal-server": "temporal-server-*", "temporal": "temporal-cli-*"}
"""How each is called in our cache. The CLI's dev server is one process for ever: no node of a cluster."""
ASK_WITHIN = 20.0  # seconds: the first start of a 200 MB program on a cold disk takes a while


@dataclass(frozen=True)
class Found:
    """A program that is a Temporal server: the plain server, or the CLI with its dev server."""

    path: Path
    kind: Literal["server", "cli"]
    version: str

    @property
    def new_enough(self) -> bool:
        """Whether it can skip time and is what our figures were measured on."""
        return parsed(self.version) >= OLDEST


def parsed(version: str) -> Version:
    """Read the numbers of a version, up to three."""
    return tuple(int(part) for part in re.findall(r"\d+", version)[:3])


def read_version(path: Path, told: str) -> Found | None:
    """Tell `temporal version 1.5.1 (Server 1.29.1, UI 2.42.1)`, the CLI, from `temporal version 1.32.1`."""
    if cli := re.search(r"\(Server (\d+\.\d+[\w.-]*)", told):
        return Found(path, "cli", cli[1])
    if server := re.search(r"version v?(\d+\.\d+[\w.-]*)", told):
        return Found(path, "server", server[1])
    return None


async def ask(path: Path) -> Found | None:
    """Ask for its version; None when the file is no program, a broken one or another program of that name."""
    try:
        process = await asyncio.create_subprocess_exec(
            path,
            "--version",
            stdin=asyncio.subprocess.DEVNULL,
            stdout=asyncio.subprocess.PIPE,
            stderr=asyncio.subprocess.PIPE,
        )
    except OSError:
        return None
    try:
        told, _ = await asyncio.wait_for(process.communicate(), ASK_WITHIN)
    except TimeoutError:
        process.kill()
        await process.wait()
        return None
    return read_version(path, told.decode(errors="replace"))


def candidates(settings: Settings) -> Iterator[Path]:
    """Go through the cache, newest first, then PATH: a data folder stays with the server that made it."""
    programs = ("temporal-server",) if settings.cluster else ("temporal-server", "temporal")
    cached = [path for name in programs for path in settings.cache.glob(CACHED[name])]
    yield from sorted(cached, key=lambda path: ("server" in path.name, parsed(path.name)), reverse=True)
    for name in programs:
        if found := shutil.which(name, path=settings.path):
            yield Path(found).absolute()


async def find(settings: Settings, tell: Tell) -> Found:
    """Take the first server that will do, and get one if there is none."""
    old: list[Found] = []
    for path in candidates(settings):
        found = await ask(path)
        if found and found.new_enough:
            tell("temporal-found", path=path, version=found.version)
            return found
        old += [found] if found else []
    if old and not (settings.time_skipping or settings.cluster):
        tell("temporal-old", path=old[0].path, version=old[0].version, oldest="1.32")
        return old[0]
    return await fetch(settings, tell, old)


async def fetch(settings: Settings, tell: Tell, old: list[Found]) -> Found:
    """Get a server: neither cache nor PATH has one that will do."""
    tried = [passed_over(old)]
    for way in (building.build,) if settings.cluster else (downloading.download, building.build):
        path, zh_en = await way(settings, tell)
        found = await ask(path) if path else None
        if found and (found.new_enough or not (settings.time_skipping or settings.cluster)):
            return found
        tried.append(zh_en if found is None else passed_over([found]))
    raise errors.temporal_none([zh for zh, _ in tried], [en for _, en in tried])


def passed_over(old: list[Found]) -> tuple[str, str]:
    """Tell in both languages why what was found will not do."""
    if not old:
        return "缓存和 PATH 里都没有", "none in the cache or on PATH"
    names = ", ".join(f"{one.path} {one.version}" for one in old)
    return f"太旧（需要 1.32 以上）：{names}", f"too old (1.32 or newer is needed): {names}"
