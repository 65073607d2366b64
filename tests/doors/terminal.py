"""A real terminal for one command: what a person sees, and what he types when he is asked."""

import codecs
import os
import pty
import select
import subprocess
import sys
import termios
import time
from collections.abc import Mapping, Sequence
from pathlib import Path

from line import HUIYIN, ROOT, Line

WITHIN = 60
"""Seconds until something expected must have been seen."""

AGAIN = 1.0
"""Seconds without news after which somebody presses a key once more."""
AT_HOME = """
import fcntl, os, sys, termios
fcntl.ioctl(0, termios.TIOCSCTTY, 0)
os.execv(sys.argv[1], sys.argv[1:])
"""
"""Makes the terminal the command's own, so that Ctrl-C is a signal, as at a desk."""


class Terminal:
    """One command at a pseudo-terminal; `sees` waits for words on the screen, `types` answers."""

    def __init__(self, argv: Sequence[str | Path], env: Mapping[str, str], cwd: Path) -> None:
        self.ours, theirs = pty.openpty()
        termios.tcsetwinsize(theirs, (40, 100))
        self.running = subprocess.Popen(
            [sys.executable, "-c", AT_HOME, *map(os.fspath, argv)],
            stdin=theirs,
            stdout=theirs,
            stderr=theirs,
            env=env,
            cwd=cwd,
            start_new_session=True,
        )
        os.close(theirs)
        self.screen, self.read = "", 0
        self.decoded = codecs.getincrementaldecoder("utf-8")("replace").decode

    def sees(self, words: str) -> str:
        """Wait until words appear behind those seen before; answer what stood before them."""
        end = time.monotonic() + WITHIN
        while (at := self.screen.find(words, self.read)) < 0:
            if not self._more(end):
                raise AssertionError(f"never seen: {words!r}\n{self.screen[self.read :]}")
        before, self.read = self.screen[self.read : at], at + len(words)
        return before

    def types(self, words: str, end: str = "\r") -> None:
        """Type words and press Enter, or another key."""
        os.write(self.ours, (words + end).encode())

    def ended(self, pressing: str = "") -> int:
        """Read to the end and return the exit code; `pressing` a key again and again, as people do.

        Python misses an interrupt that comes between its prompt and its wait for keys.
        """
        end = time.monotonic() + WITHIN
        while self.running.poll() is None and time.monotonic() < end:
            if pressing:
                self.types("", end=pressing)
            while self._more(min(end, time.monotonic() + AGAIN)):
                pass
        while self._more(time.monotonic()):
            pass
        os.close(self.ours)
        return self.running.wait(WITHIN)

    def _more(self, end: float) -> bool:
        """Read what comes next; False at the end of the program, or of our patience."""
        ready, _, _ = select.select([self.ours], [], [], max(end - time.monotonic(), 0))
        try:
            said = os.read(self.ours, 65536) if ready else b""
        except OSError:  # the other side is closed
            return False
        self.screen += self.decoded(said)  # a character may come in two halves
        return bool(said)


def at_terminal(huiyin: Line, *words: str, **env: str) -> Terminal:
    """Start a command at a terminal."""
    known = {**huiyin.env, "TERM": "xterm", "LANG": "C.UTF-8", **env}
    known.pop("COLUMNS")
    return Terminal((HUIYIN, *words), known, ROOT)


def number_of(screen: str) -> str:
    """Find the number of an order on a screen."""
    return next(word for word in screen.split() if word.isdigit() and len(word) == 8)


def answers(terminal: Terminal, *asked: tuple[str, str]) -> None:
    """Answer one question after the other."""
    for question, said in asked:
        terminal.sees(question)
        terminal.types(said)


def taken(huiyin: Line) -> str:
    """An order that S09 has accepted."""
    order = huiyin.received()
    steps = (("respond", "S06"), ("clarify", "S06", "--text", "今天修好"), ("register", "S06"))
    more = (("dispatch", "S06", "--to", "S09"), ("accept", "S09"))
    for name, who, *said in (*steps, *more):
        huiyin.ok(name, order, "--as", who, *said)
    return order
