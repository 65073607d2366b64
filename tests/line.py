"""The command line as operators start it: one command, several, or one of our processes."""

import json
import os
import subprocess
import sys
from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, NamedTuple

HUIYIN = Path(sys.executable).with_name("huiyin")
ROOT = Path(__file__).parents[1]
WITHIN = 60
MANY = """
import contextlib, io, json, os, sys
from starter.cli import run
for words in json.load(sys.stdin):
    out, err = io.StringIO(), io.StringIO()
    with contextlib.redirect_stdout(out), contextlib.redirect_stderr(err):
        code = run(words)
    print(json.dumps([code, out.getvalue(), err.getvalue()]), flush=True)
os._exit(0)
"""
"""Runs commands one after the other in one process: their imports are paid once."""


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

    def __call__(self, *words: str | bytes, stdin: str | bytes = "", **env: str) -> Ran:
        """Run one command to its end."""
        given = stdin.encode() if isinstance(stdin, str) else stdin
        argv = (os.fsencode(HUIYIN), *(w.encode() if isinstance(w, str) else w for w in words))
        done = subprocess.run(
            argv, input=given, capture_output=True, timeout=WITHIN, env={**self.env, **env}, cwd=ROOT, check=False
        )
        with (self.logs / "cli-errors.log").open("ab") as kept:
            kept.write(done.stderr)
        return Ran(done.returncode, done.stdout.decode(), done.stderr.decode())

    def begun(self, *words: str) -> "subprocess.Popen[bytes]":
        """Start one command and let it run."""
        return subprocess.Popen((HUIYIN, *words), stdout=subprocess.PIPE, env=self.env, cwd=ROOT)

    def many(self, commands: Iterable[Sequence[str]], **env: str) -> list[Ran]:
        """Run commands one after the other, as quickly as can be."""
        told = json.dumps([list(words) for words in commands])
        argv = (sys.executable, "-c", MANY)
        done = subprocess.run(
            argv,
            input=told,
            capture_output=True,
            text=True,
            timeout=4 * WITHIN,
            env={**self.env, **env},
            cwd=ROOT,
            check=True,
        )
        ran = [Ran(*json.loads(line)) for line in done.stdout.splitlines()]
        with (self.logs / "cli-errors.log").open("a", encoding="utf-8") as kept:
            kept.writelines(one.err for one in ran)
        return ran

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
