"""Lines of the keys of a TOML text, which tomllib does not keep; only for text that tomllib has accepted."""

import re
from collections.abc import Iterator, Mapping
from typing import NamedTuple

from domain.settings.faults import Way, path_text

TOKEN = re.compile(
    r"""
    (?P<comment>\#[^\n]*)
  | (?P<string>\"\"\"(?:[^\\]|\\.)*?\"{3,5}|'''.*?'{3,5}|"(?:[^"\\\n]|\\.)*"|'[^'\n]*')
  | (?P<newline>\n)
  | (?P<mark>[\[\]{},=.])
  | (?P<word>[^\s\[\]{},=.\#"']+)
    """,
    re.VERBOSE | re.DOTALL,
)


class Token(NamedTuple):
    """One piece of TOML and the line it begins on."""

    kind: str
    text: str
    line: int


def lines_of(text: str) -> Mapping[str, int]:
    """Map every key, table and array item of a TOML text to its line; ways as `faults.path_text` writes them."""
    return _Reader(list(_tokens(text))).document()


def line_of(path: str, lines: Mapping[str, int]) -> int | None:
    """Return the line of a key, or of the nearest thing around it that stands in the text."""
    while path and path not in lines:
        path = path[: max(path.rfind("."), path.rfind("["), 0)]
    return lines.get(path)


def _tokens(text: str) -> Iterator[Token]:
    """Cut a text into pieces, without comments."""
    line = 1
    for match in TOKEN.finditer(text):
        if match.lastgroup and match.lastgroup != "comment":
            yield Token(match.lastgroup, match.group(), line)
        line += match.group().count("\n")


class _Reader:
    """One walk over the pieces of a document."""

    def __init__(self, tokens: list[Token]) -> None:
        self.tokens = tokens
        self.at = 0
        self.lines: dict[str, int] = {}
        self.tables: dict[Way, int] = {}  # repeated tables: how many of each were seen

    def document(self) -> Mapping[str, int]:
        """Read headers and keys to the end."""
        table: Way = ()
        while self.at < len(self.tokens):
            token = self.tokens[self.at]
            if token.kind == "newline":
                self.at += 1
            elif token.text == "[":
                table = self.header()
            else:
                self.pair(table)
        return self.lines

    def header(self) -> Way:
        """Read `[a.b]` or `[[a.b]]` and return the way it opens."""
        line, repeated = self.tokens[self.at].line, self.next_is("[")
        self.at += 2 if repeated else 1
        names = self.key()
        self.at += 2 if repeated else 1
        way: Way = ()
        for name in names[:-1]:
            way = self.inside((*way, name))
        way = (*way, names[-1])
        if repeated:
            self.tables[way] = self.tables.get(way, -1) + 1
            self.note(way, line)
            way = (*way, self.tables[way])
        self.note(way, line)
        return way

    def inside(self, way: Way) -> Way:
        """Step into the latest of a repeated table."""
        return (*way, self.tables[way]) if way in self.tables else way

    def pair(self, table: Way) -> None:
        """Read `key = value`."""
        line = self.tokens[self.at].line
        way = table
        for name in self.key():
            way = (*way, name)
            self.note(way, line)
        self.at += 1
        self.value(way)

    def key(self) -> list[str]:
        """Read a key with its dots."""
        names = []
        while self.tokens[self.at].text not in {"=", "]"}:
            token = self.tokens[self.at]
            if token.text != ".":
                names.append(token.text[1:-1] if token.kind == "string" else token.text)
            self.at += 1
        return names

    def value(self, way: Way) -> None:
        """Read a value; arrays and inline tables note what they hold."""
        opening = self.tokens[self.at].text
        if opening == "[":
            self.array(way)
        elif opening == "{":
            self.inline(way)
        else:
            while self.at < len(self.tokens) and not self.ends(self.tokens[self.at]):
                self.at += 1

    def array(self, way: Way) -> None:
        """Read `[…]`, items numbered from 0."""
        self.at += 1
        number = 0
        while (token := self.tokens[self.at]).text != "]":
            if token.kind == "newline" or token.text == ",":
                self.at += 1
                continue
            self.note((*way, number), token.line)
            self.value((*way, number))
            number += 1
        self.at += 1

    def inline(self, way: Way) -> None:
        """Read `{…}`."""
        self.at += 1
        while (token := self.tokens[self.at]).text != "}":
            if token.kind == "newline" or token.text == ",":
                self.at += 1
            else:
                self.pair(way)
        self.at += 1

    def ends(self, token: Token) -> bool:
        """Tell whether a piece ends a plain value."""
        return token.kind == "newline" or token.text in {",", "]", "}"}

    def next_is(self, text: str) -> bool:
        """Tell whether the piece after this one is a certain mark, right beside it."""
        return self.at + 1 < len(self.tokens) and self.tokens[self.at + 1].text == text

    def note(self, way: Way, line: int) -> None:
        """Keep the first line of a way."""
        self.lines.setdefault(path_text(way), line)
