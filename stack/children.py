"""Child processes: each with its own session and log file, none of which outlives its parent."""

import asyncio
import contextlib
import os
import signal
import sys
from collections.abc import Awaitable, Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import IO

from stack import errors

LEASH = Path(__file__).with_name("leash.py")
LOG_LIMIT = 20 * 1024 * 1024
FIRST_PAUSE, LONGEST_PAUSE, CALM = 0.5, 30.0, 60.0
"""Seconds: before the first restart, at most between restarts, and of running after which the pause is forgotten."""


@dataclass(frozen=True)
class Child:
    """A program that was started by `launch`."""

    name: str
    process: asyncio.subprocess.Process
    log: Path

    @property
    def pid(self) -> int:
        """The leash turns into the program, so the process keeps this number."""
        return self.process.pid

    @property
    def ended(self) -> bool:
        """Whether it has ended, by whatever cause."""
        return self.process.returncode is not None


def open_log(path: Path) -> IO[bytes]:
    """Open for appending; a log that has grown large is put aside, at a start only."""
    path.parent.mkdir(parents=True, exist_ok=True)
    if path.exists() and path.stat().st_size > LOG_LIMIT:
        path.replace(path.with_suffix(".old.log"))
    return path.open("ab")


def tail(log: Path) -> list[str]:
    """Read the last lines of a log that may be long or missing."""
    if not log.exists():
        return []
    with log.open("rb") as file:
        file.seek(max(0, log.stat().st_size - 16384))
        return file.read().decode(errors="replace").splitlines()


def last_line(log: Path) -> str:
    """Find the last line with something in it, for the sentence of an error."""
    return next((line.strip()[:300] for line in reversed(tail(log)) if line.strip()), "-")


def said(log: Path, words: str) -> bool:
    """Whether those words stand in the end of a log."""
    return any(words in line for line in tail(log))


def leashed(argv: Sequence[str], *, death: signal.Signals, user: tuple[int, int] | None) -> list[str]:
    """Put the leash before the program."""
    who = "-" if user is None else f"{user[0]}:{user[1]}"
    return [sys.executable, "-I", "-S", str(LEASH), str(os.getpid()), str(int(death)), who, *argv]


async def launch(
    name: str,
    argv: Sequence[str],
    *,
    log: Path,
    env: Mapping[str, str] | None = None,
    cwd: Path = Path("/"),
    user: tuple[int, int] | None = None,
    death: signal.Signals = signal.SIGKILL,
) -> Child:
    """Start `argv` (its first word an absolute path); `death` is sent to it when this thread's process dies.

    Call it from a thread that stays: Linux sends the signal at the end of the thread that started the child.
    """
    with open_log(log) as output:
        process = await asyncio.create_subprocess_exec(
            *leashed(argv, death=death, user=user),
            stdin=asyncio.subprocess.DEVNULL,
            stdout=output,
            stderr=output,
            env=None if env is None else dict(env),
            cwd=cwd,
            start_new_session=True,
        )
    return Child(name, process, log)


async def nobody() -> Child:
    """Stand in for the start of a server that is not ours to start."""
    raise NotImplementedError


async def stop(child: Child, *, first: signal.Signals = signal.SIGTERM, within: float = 10.0) -> None:
    """Ask with `first`; after `within` seconds, or after its end, what is left of its process group is killed."""
    if child.ended:
        return
    try:
        child.process.send_signal(first)
        await asyncio.wait_for(child.process.wait(), within)
    except (TimeoutError, ProcessLookupError):
        pass
    finally:
        with contextlib.suppress(ProcessLookupError):
            os.killpg(child.pid, signal.SIGKILL)  # initdb leaves a `postgres --boot` behind
    await child.process.wait()


def next_pause(pause: float, ran: float) -> float:
    """Double the last pause, up to the longest; a child that ran calmly starts again from the first."""
    return FIRST_PAUSE if ran >= CALM else min(pause * 2, LONGEST_PAUSE)


async def supervise(
    start: Callable[[], Awaitable[Child]], *, ended: Callable[[str, float], None], child: Child | None = None
) -> None:
    """Keep one child running until cancelled; `ended` hears why it ended and how long the pause is.

    Whoever owns `start` keeps hold of the child and stops it: the order of stopping is not this function's business.
    """
    loop, pause = asyncio.get_running_loop(), FIRST_PAUSE / 2
    while True:
        begun = loop.time()
        try:
            child = child or await start()
            why = f"exit {await child.process.wait()}"
        except (errors.StackError, OSError) as error:
            why = str(error)
        child, pause = None, next_pause(pause, loop.time() - begun)
        ended(why, pause)
        await asyncio.sleep(pause)


async def stop_all(living: Iterable[Child], *, within: float = 15.0) -> None:
    """Stop many at once; the slowest decides how long it takes."""
    await asyncio.gather(*(stop(child, within=within) for child in living))
