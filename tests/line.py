"""The command line as operators start it: one command, several, or one of our processes."""

import json
import os
import re
import socket
import subprocess
import sys
import tempfile
from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, NamedTuple

HUIYIN = Path(sys.executable).with_name("huiyin")
ROOT = Path(__file__).parents[1]
WITHIN = 60
OURS = re.compile(r"HUIYIN_\w+|COLUMNS")
"""Settings that a command reads for itself; any other may already be read when modules are imported."""


class Ran(NamedTuple):
    """How a command ended."""

    code: int
    out: str
    err: str

    @property
    def document(self) -> Any:
        """The one JSON document of `--json`."""
        return json.loads(self.out)

    @property
    def error(self) -> str:
        """The code of the failure, as a person or a program is told it."""
        if self.out.startswith('{"error"'):
            return self.document["error"]["code"]
        return self.err.partition("[")[2].partition("]")[0]


@dataclass(frozen=True)
class Line:
    """The command line of one house."""

    env: Mapping[str, str] = field(repr=False)
    logs: Path
    forks: Path  # socket of `tests/forking.py`

    def __call__(self, *words: str | bytes, stdin: str | bytes = "", **env: str) -> Ran:
        """Run one command to its end."""
        given = stdin.encode() if isinstance(stdin, str) else stdin
        argv = [os.fsdecode(word) for word in words]
        run = self._forked if all(map(OURS.fullmatch, env)) else self._started
        ran = run(argv, given, {**self.env, **env})
        with (self.logs / "cli-errors.log").open("a", encoding="utf-8") as kept:
            kept.write(ran.err)
        return ran

    def _started(self, argv: list[str], given: bytes, env: Mapping[str, str]) -> Ran:
        """Run it as operators do, imports included."""
        done = subprocess.run(
            (HUIYIN, *argv), input=given, capture_output=True, timeout=WITHIN, env=env, cwd=ROOT, check=False
        )
        return Ran(done.returncode, done.stdout.decode(), done.stderr.decode())

    def _forked(self, argv: list[str], given: bytes, env: Mapping[str, str]) -> Ran:
        """Run it as a fork of a process that has imported everything (`tests/forking.py`)."""
        with tempfile.TemporaryDirectory() as place, socket.socket(socket.AF_UNIX) as asked:
            files = {name: Path(place, name) for name in ("stdin", "stdout", "stderr")}
            for name, path in files.items():
                path.write_bytes(given if name == "stdin" else b"")
            asked.settimeout(WITHIN)
            asked.connect(os.fspath(self.forks))
            wish = {"argv": argv, "env": dict(env), **{name: str(path) for name, path in files.items()}}
            asked.sendall(json.dumps(wish).encode() + b"\n")
            code = int(asked.makefile().readline())
            return Ran(code, files["stdout"].read_text(encoding="utf-8"), files["stderr"].read_text(encoding="utf-8"))

    def begun(self, *words: str) -> "subprocess.Popen[bytes]":
        """Start one command and let it run."""
        return subprocess.Popen((HUIYIN, *words), stdout=subprocess.PIPE, env=self.env, cwd=ROOT)

    def many(self, commands: Iterable[Sequence[str]], **env: str) -> list[Ran]:
        """Run commands one after the other."""
        return [self(*words, **env) for words in commands]

    def ok(self, *words: str | bytes, **more: Any) -> Any:
        """Run one command with `--json` that must be done, and return its document."""
        ran = self(*words, "--json", **more)
        assert (ran.code, ran.err) == (0, ""), ran
        return ran.document

    @property
    def data(self) -> Path:
        """The data folder."""
        return self.logs.parent

    def received(self, *words: str) -> str:
        """Take a matter in and return its number."""
        usual = ("--as", "S06", "--community", "jinxiu", "--category", "WATER_LEAK")
        return self.ok("receive", *usual, *(words or ("--text", "厨房水管漏水")))["order"].removeprefix("wo_")


def clean() -> dict[str, str]:
    """The environment of this process without any setting of ours."""
    ours = {name: value for name, value in os.environ.items() if not name.startswith("HUIYIN_")}
    return {**ours, "COLUMNS": "80", "NO_COLOR": "1"}


@contextmanager
def process(module: str, env: Mapping[str, str], log: Path) -> Iterator[None]:
    """One of our processes, for the length of a block."""
    with log.open("wb") as stream:
        running = subprocess.Popen((sys.executable, "-m", module), env=env, cwd=ROOT, stdout=stream, stderr=stream)
        try:
            yield
        finally:
            running.terminate()
            running.wait(WITHIN)


@contextmanager
def forking(place: Path) -> Iterator[Path]:
    """A process that commands are forks of, for the length of a block; its socket."""
    path = place / "huiyin.socket"
    argv = (sys.executable, Path(__file__).with_name("forking.py"), path)
    with subprocess.Popen(argv, stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, env=clean(), cwd=ROOT) as running:
        try:
            assert running.stdout is not None
            assert running.stdout.readline() == b"ready\n"
            yield path
        finally:
            running.terminate()
