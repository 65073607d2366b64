"""Every command line that the house tells somebody to type is one that it understands."""

import ast
import re
import shlex
from collections.abc import Iterator
from pathlib import Path

import pytest
import typer

from domain.refusals import SENTENCES
from starter.cli.app import app
from starter.cli.commands import ACTIONS
from starter.cli.errors import SENTENCES as MORE

ROOT = Path(__file__).parents[2]
PLACES = ("starter", "domain", "stack", "records")
HUIYIN = typer.main.get_command(app)
BLANK = re.compile(r"\{[^}]*\}")
TYPED = re.compile(r"huiyin ((?:[a-z]|--help)[^\n`,;。\uff0c\uff1b\uff08\uff09()·→|]*)")
MEANT = {"单号": "10000001", "员工编号": "S06", "计时": "response", "文件": "h.json"}
"""Words that stand for what the reader must fill in."""
CHINESE = re.compile(r"[\u3001-\uffef]")


def test_hints_are_found():
    """The test below looks at something."""
    found = {line.split()[0] for _, line in HINTS}
    assert {"show", "explain", "up", "status", "respond", "receive", "reconcile", "audit", "--help"} <= found


def texts(path: Path) -> Iterator[str]:
    """Every text of a module but its docstrings, blanks filled in."""
    tree = ast.parse(path.read_text(encoding="utf-8"))
    loose = {id(node.value) for node in ast.walk(tree) if isinstance(node, ast.Expr)}
    within = {id(part) for node in ast.walk(tree) if isinstance(node, ast.JoinedStr) for part in node.values}
    for node in ast.walk(tree):
        if isinstance(node, ast.JoinedStr):
            yield "".join(str(part.value) if isinstance(part, ast.Constant) else "{}" for part in node.values)
        elif isinstance(node, ast.Constant) and isinstance(node.value, str) and not {id(node)} & (loose | within):
            yield node.value


def typed(text: str) -> Iterator[str]:
    """The command lines in a text, behind `huiyin`: to its end, or to where the sentence goes on."""
    plain = BLANK.sub("10000001", text)
    first = plain.split(" ")[0]
    if " --as " in plain and first in HUIYIN.commands:
        plain = f"huiyin {plain}"
    for found in TYPED.findall(plain):
        quoted = found.replace("'", '"' if found.count("'") % 2 == 0 else "")
        yield shlex.join(until_prose(shlex.split(quoted))).rstrip(".")


def until_prose(words: list[str]) -> list[str]:
    """The words up to where a Chinese sentence goes on; what follows an option is its value."""
    for place, word in enumerate(words):
        value = place and words[place - 1].startswith("--") and words[place - 1] != "--help"
        if CHINESE.search(word) and word not in MEANT and not value:
            return words[:place]
    return words


def modules() -> Iterator[Path]:
    for place in PLACES:
        yield from sorted((ROOT / place).rglob("*.py"))


def documents() -> Iterator[tuple[str, str]]:
    """What the pages for operators tell to type: lines of code blocks, and what stands between backticks."""
    for page in (ROOT / "README.md", *sorted((ROOT / "docs").glob("*.md"))):
        text = page.read_text(encoding="utf-8")
        lines = [line.partition("#")[0] for line in text.splitlines() if line.startswith("huiyin ")]
        for line in [*lines, *re.findall(r"`(huiyin [^`]*)`", text)]:
            yield from ((page.name, one) for one in typed(line))


HINTS = sorted(
    {(path.name, line) for path in modules() for text in texts(path) for line in typed(text)} | set(documents())
)


@pytest.mark.parametrize(("place", "line"), HINTS)
def test_a_hint_can_be_typed_as_it_stands(place, line):
    """API-07, API-08: the real parser takes it; words are never read without saying who reads them."""
    words = [MEANT.get(word, word) for word in shlex.split(line)]
    if not named(HUIYIN, words):
        parsed(HUIYIN, words)
    assert "--words" not in words or "--as" in words, place


def named(command, words: list[str]) -> bool:
    """Whether a command is only called by its name, in running text."""
    for word in words:
        command = getattr(command, "commands", {}).get(word)
    return command is not None


def parsed(command, words: list[str]) -> None:
    """Parse as the command line does, without doing anything."""
    if words[-1] == "--help":
        words = words[:-1]
    while hasattr(command, "commands"):
        if not words:
            return
        command, words = command.commands[words[0]], words[1:]
    command.make_context("huiyin", words)


REMEDIES = [(code, text) for code, sentence in {**SENTENCES, **MORE}.items() for text in sentence[2:]]


@pytest.mark.parametrize(("code", "remedy"), REMEDIES)
def test_what_a_remedy_names_in_brackets_exists(code, remedy):
    """API-08: `(reopen)` is a command, `(--until)` an option of one, `(progress)` a choice."""
    options = {opt for command in HUIYIN.commands.values() for param in command.params for opt in param.opts}
    choices = {choice for action in ACTIONS for field in action.fields for choice in field.choices}
    for name in re.findall(r"\((-{0,2}[a-z][a-z-]+)[ )]", remedy):
        assert name in options | choices | set(HUIYIN.commands), code
