"""The screen of the command line: calm lines for a person or one JSON document, and nothing that can run."""

import json
import os
import re
import sys
from collections.abc import Mapping
from datetime import datetime
from functools import cached_property
from typing import TYPE_CHECKING, Any

from domain.audit import instant_text
from starter.cli.errors import Failure, usage
from starter.cli.words import LANGS

if TYPE_CHECKING:
    from rich.console import Console, RenderableType
    from rich.text import Text

ESCAPES = re.compile(r"\x1b(?:\[[0-?]*[ -/]*[@-~]|[\]PX^_][^\x07\x1b]*(?:\x07|\x1b\\)?|[@-Z\\-_]|[ -/]+[0-~])")
"""Control sequences of terminals, whole: CSI, OSC and other strings, two-character ones."""
UNSEEN = re.compile(r"[\x00-\x08\x0b-\x1f\x7f-\x9f\u200e\u200f\u2028-\u202e\u2066-\u2069\ud800-\udfff]")
"""What a terminal would act on instead of showing; line feed and tab are told apart."""
NOT_IN_JSON = re.compile(r"[\x7f-\x9f\u2028-\u202e\u2066-\u2069\ud800-\udfff]")
"""What JSON allows and a terminal would still act on."""


SIGN = 2
"""Columns of a sign and the blank behind it."""


def harmless(text: str) -> str:
    """Return a text from outside as it may be shown: control sequences gone, other invisible signs as �."""
    plain = ESCAPES.sub("", text.replace("\r\n", "\n").replace("\t", " "))
    return UNSEEN.sub("\N{REPLACEMENT CHARACTER}", plain)


def one_line(text: str) -> str:
    """Return a text from outside on one line."""
    return " ⏎ ".join(line for line in harmless(text).split("\n") if line.strip())


def as_json(document: Any) -> str:
    """Write a document as one line of JSON; instants in UTC, the way events know them."""
    plain = json.dumps(document, ensure_ascii=False, default=_plain)
    return NOT_IN_JSON.sub(lambda found: f"\\u{ord(found[0]):04x}", plain)


def _plain(value: Any) -> Any:
    if isinstance(value, datetime):
        return instant_text(value)
    raise TypeError(type(value).__name__)


class Screen:
    """Where a command shows what it has to say, in the reader's language or as JSON."""

    def __init__(self, lang: str, *, json_wanted: bool) -> None:
        self.lang = lang
        self.json = json_wanted

    @classmethod
    def of(cls, lang: str | None, *, json_wanted: bool) -> "Screen":
        """Return the screen of one command; the language was chosen before (`--lang`, HUIYIN_LANG), or is refused."""
        if lang is not None and lang not in LANGS:
            zh, en = "--lang 只能是 zh 或 en。", "--lang is zh or en."
            raise usage("unknown-choice", zh, en, "例如 --lang zh。", "For example --lang en.", option="--lang")
        said = os.environ.get("HUIYIN_LANG", LANGS[0])
        if lang is None and said not in LANGS:
            from stack.errors import bad_setting  # noqa: PLC0415 - only failing commands pay for it

            raise bad_setting("HUIYIN_LANG", said, " zh 或 en", "zh or en")
        return cls(lang or said, json_wanted=json_wanted)

    def t(self, zh: str, en: str) -> str:
        """Choose the reader's language."""
        return zh if self.lang == "zh" else en

    @cached_property
    def console(self) -> "Console":
        """Standard output, as wide as the terminal."""
        return _console(stderr=False)

    @cached_property
    def aside(self) -> "Console":
        """Standard error: failures, progress."""
        return _console(stderr=True)

    @property
    def asks(self) -> bool:
        """Whether somebody sits there who can be asked."""
        return not self.json and sys.stdin.isatty() and sys.stdout.isatty()

    def show(self, *lines: "RenderableType") -> None:
        """Show lines to a person; text stands as it is, without markup."""
        if not self.json:
            for line in lines:
                self.console.print(line, soft_wrap=isinstance(line, str) or _typed(line))

    def document(self, document: Any) -> None:
        """Give the one document a program reads."""
        if self.json:
            sys.stdout.write(as_json(document) + "\n")
            sys.stdout.flush()

    def fail(self, failure: Failure) -> None:
        """Tell a failure: what is wrong, what to do, its code."""
        message, remedy = failure.message(self.lang), failure.remedy(self.lang)
        if self.json:
            told = {"code": failure.code, "message": message, "remedy": remedy, "facts": failure.facts}
            self.document({"error": told})
            return
        code = f"[{failure.code}]"
        told_first = styled(_prose(f"{message}  {code}", self.aside), "bold red")
        told_first.stylize("dim", len(told_first) - len(code))
        self.aside.print(hanging("✗", told_first))
        if remedy:
            self.aside.print(hanging("→", styled(_prose(remedy, self.aside))))

    def unfit(self, failure: Failure) -> None:
        """Tell why an answer does not fit, and what would; its question comes again."""
        self.show(styled(harmless(failure.message(self.lang)), "yellow"))
        if failure.remedy(self.lang):
            self.show(hanging("→", styled(_prose(failure.remedy(self.lang), self.console))))

    def note(self, zh: str, en: str) -> None:
        """Say something beside the result."""
        if not self.json:
            self.aside.print(styled(self.t(zh, en), "dim"))


def _prose(text: str, console: "Console") -> str:
    """Return a sentence as it stands behind a sign: harmless, and broken between words."""
    from starter.cli.breaking import wrapped  # noqa: PLC0415 - only what is shown is broken

    return "\n".join(wrapped(harmless(text), console.width - SIGN))


def _typed(line: "RenderableType") -> bool:
    """Whether a line is a command to be copied: those are never broken."""
    return getattr(line, "plain", "").startswith("  huiyin ")


def styled(text: str, style: str = "") -> "Text":
    """Return text that rich shows as it stands."""
    from rich.text import Text  # noqa: PLC0415 - rich is slow to import

    return Text(text, style=style)


def hanging(sign: str, text: "Text") -> "RenderableType":
    """Return text behind a sign, its further lines below its first."""
    from rich.table import Table  # noqa: PLC0415 - rich is slow to import

    grid = Table.grid(padding=(0, 1, 0, 0))
    grid.add_column()
    grid.add_column(overflow="fold")  # Chinese has no blanks to break at
    grid.add_row(styled(sign, text.style if isinstance(text.style, str) else ""), text)
    return grid


def _console(*, stderr: bool) -> "Console":
    from rich.console import Console  # noqa: PLC0415 - rich is slow to import

    return Console(stderr=stderr, markup=False, highlight=False, emoji=False)


def facts_of(facts: Mapping[str, Any]) -> dict[str, Any]:
    """Return the facts of a refusal that hold something."""
    return {name: value for name, value in facts.items() if value is not None}
