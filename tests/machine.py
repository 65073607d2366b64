"""One installation as its operator sees it: `huiyin up` as a process, commands as processes, any part killed."""

import asyncio
import contextlib
import json
import os
import secrets
import signal
import sys
from pathlib import Path

from house import eventually
from typed import DONE

from stack.ground import read_ground

ROOT = Path(__file__).parents[1]
HUIYIN = Path(sys.executable).with_name("huiyin")


def clean_environment(data: Path) -> dict[str, str]:
    """What a fresh installation is told: its data folder, and nothing of the machine's own settings."""
    ours = {name: value for name, value in os.environ.items() if not name.startswith("HUIYIN_")}
    return {**ours, "HUIYIN_DATA": str(data), "HUIYIN_LANG": "en", "HUIYIN_TEMPORAL_DOWNLOAD": "0"}


class Machine:
    """One installation and its commands."""

    def __init__(self, environment: dict[str, str], *, workers: int = 1, patience: float = 90) -> None:
        self.environment = environment
        self.workers = workers
        self.patience = patience
        self.data = Path(environment["HUIYIN_DATA"])
        self.up: asyncio.subprocess.Process | None = None

    async def start(self, *words: str) -> None:
        """Bring everything up and wait until an order could be received."""
        argv = (HUIYIN, "up", "--workers", str(self.workers), *words)
        quiet = asyncio.subprocess.DEVNULL
        self.up = await asyncio.create_subprocess_exec(*argv, env=self.environment, cwd=ROOT, stdout=quiet)
        await eventually(self._noted, bool, self.patience)  # asked cheaply, so that `up` gets the processor
        await eventually(lambda: self.run("status"), lambda outcome: outcome[0] == 0, self.patience)

    async def _noted(self) -> bool:
        """Tell whether this very `up` has its servers; an earlier one that was killed leaves its note behind."""
        assert self.up, "not started"
        assert self.up.returncode is None, f"`huiyin up` ended with {self.up.returncode}"
        ground = read_ground(self.data)
        return ground is not None and ground.up.pid == self.up.pid

    async def stop(self) -> None:
        if self.up and self.up.returncode is None:
            self.up.terminate()
            await self.up.wait()

    async def run(self, *words: str) -> tuple[int, str]:
        """Run a command; its exit code, and everything it printed."""
        process = await asyncio.create_subprocess_exec(
            *(HUIYIN, *words),
            env=self.environment,
            cwd=ROOT,
            stdout=asyncio.subprocess.PIPE,
            stderr=asyncio.subprocess.STDOUT,
        )
        printed, _ = await asyncio.wait_for(process.communicate(), self.patience)
        return process.returncode or 0, printed.decode()

    async def done(self, *words: str) -> dict:
        """Run a command until it is done: while a server is away, with the same key, as its remedy says."""
        words = (*words, "--json") if "--key" in words else (*words, "--key", secrets.token_hex(8), "--json")
        code, printed = await eventually(lambda: self.run(*words), lambda outcome: outcome[0] != 3, 120)
        assert code == 0, printed
        return json.loads(printed)

    async def life(self, order: str, *, first: str, last: str) -> None:
        """Drive an order through a part of its life."""
        begin, end = (next(n for n, step in enumerate(STEPS) if step[0] == name) for name in (first, last))
        for step in STEPS[begin : end + 1]:
            await self.done(step[0], order, *step[1:])

    async def kill(self, victim: str) -> None:
        """Kill a part, as a power cut would."""
        os.kill(self.pid_of(victim), signal.SIGKILL)
        if victim == "up":
            await self.up.wait()
            await self.start()

    async def freeze(self, victim: str, seconds: float) -> None:
        """Let a part stand still for a while, as a machine does that swaps or is moved."""
        pid = self.pid_of(victim)
        os.kill(pid, signal.SIGSTOP)
        try:
            await asyncio.sleep(seconds)  # the length of the standstill
        finally:
            with contextlib.suppress(ProcessLookupError):
                os.kill(pid, signal.SIGCONT)

    def pid_of(self, victim: str) -> int:
        """Process id of a part that lives. Raises `LookupError`: a number of ours may be a stranger's by now."""
        note = json.loads((self.data / "ground.json").read_text(encoding="utf-8"))
        mine = {"up": self.up.pid} if self.up and self.up.returncode is None else {}
        pid = {**note["pids"], **self.processes(), **mine}.get(victim, 0)
        if not self._ours(pid):
            raise LookupError(victim)
        return pid

    def _ours(self, pid: int) -> bool:
        try:
            told, said = ((Path("/proc") / str(pid) / name).read_bytes() for name in ("environ", "cmdline"))
        except OSError:
            return False
        return str(self.data).encode() in told + said

    def processes(self) -> dict[str, int]:
        """Process ids of this data folder's relay and workers: `worker`, `worker-2` …, in the order of their start."""
        found: dict[str, int] = {}
        for pid in sorted(int(place.name) for place in Path("/proc").glob("[0-9]*")):
            try:
                told, said = ((Path("/proc") / str(pid) / name).read_bytes() for name in ("environ", "cmdline"))
            except OSError:
                continue
            ours = f"HUIYIN_DATA={self.data}".encode() in told.split(b"\0")
            module = said.split(b"\0")[1:3]
            if ours and module[:1] == [b"-m"]:
                name = module[1].decode().rpartition(".")[2]
                same = sum(known.partition("-")[0] == name for known in found)
                found[f"{name}-{same + 1}" if same else name] = pid
        return found


GOOD = ("--they-called", "--resolved", "--attitude", "5", "--timeliness", "5", "--quality", "5")
STEPS = (
    ("respond", "--as", "S06"),
    ("clarify", "--as", "S06", "--text", "mend the joint today"),
    ("register", "--as", "S06"),
    ("dispatch", "--as", "S06", "--to", "S09"),
    ("accept", "--as", "S09"),
    ("arrive", "--as", "S09"),
    ("complete-handling", "--as", "S09", *DONE),
    (
        "give-feedback",
        "--as",
        "S06",
        "--kind",
        "result",
        "--by",
        "phone",
        "--found",
        "a worn washer",
        "--text",
        "the washer was replaced",
    ),
    ("record-callback", "--as", "S22", *GOOD),
)
MATTER = ("--community", "jinxiu", "--category", "WATER_LEAK", "--text", "kitchen pipe leaks", "--as", "S06")
