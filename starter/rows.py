"""Records of a foreign CSV file, one at a time, each with the line it begins on; a damaged one costs only itself."""

import csv
from collections.abc import Generator, Iterator
from io import TextIOWrapper
from typing import BinaryIO, NamedTuple

MAX_LINE = 100_000
"""Longest physical line, in characters."""
MAX_LINES = 200
"""Most physical lines of one record; a quote that is not closed within them was opened by mistake."""
UTF8 = "utf-8-sig"
GBK = "gb18030"
"""As spreadsheets in China save CSV; GBK and GB 2312 are parts of it."""
UNFINISHED = "unexpected end of data"
"""What the csv module says of a record whose quote is still open."""


class Record(NamedTuple):
    """One record: its cells, or why it has none."""

    line: int  # first physical line, from 1
    cells: tuple[str, ...]
    fault: str | None = None  # line_too_long | quote_not_closed | not_csv


def records(stream: BinaryIO, encoding: str = UTF8) -> Generator[Record, None, None]:
    """Read records as they come. Bytes that are no text stay in their cell as lone surrogates, see `is_utf8`."""
    text = TextIOWrapper(stream, encoding=encoding, errors="surrogateescape", newline="")
    try:
        yield from _records(_Lines(text))
    finally:
        text.detach()


def is_utf8(cell: str) -> bool:
    """Tell whether a cell held readable bytes only."""
    return not any("\ud800" <= sign <= "\udfff" for sign in cell)


def encoding_of(content: bytes) -> str:
    """Tell UTF-8 from GBK: by the header where it holds more than ASCII, else by everything; in doubt it is UTF-8."""
    header = content.split(b"\n", 1)[0]
    judged = content if header.isascii() else header
    for encoding in (UTF8, GBK):
        try:
            judged.decode(encoding)
        except UnicodeDecodeError:
            continue
        return encoding
    return UTF8


class _Lines:
    """Physical lines, which can be given back."""

    def __init__(self, text: TextIOWrapper) -> None:
        self.text = text
        self.back: list[str] = []
        self.number = 0  # of the line taken last

    def take(self) -> str:
        """Return the next line, with its end; empty at the end of the file. The rest of an endless line is dropped."""
        line = self.back.pop() if self.back else self.text.readline(MAX_LINE + 1)
        self.number += bool(line)
        if len(line) > MAX_LINE:
            while (rest := self.text.readline(MAX_LINE)) and not rest.endswith(("\n", "\r")):
                pass
        return line

    def give_back(self, lines: list[str]) -> None:
        """Take these lines again."""
        self.back.extend(reversed(lines))
        self.number -= len(lines)


def _records(lines: _Lines) -> Iterator[Record]:
    """Put physical lines together to records."""
    while first := lines.take():
        start = lines.number
        record = _record(lines, start, [first])
        if record.cells or record.fault:
            yield record


def _record(lines: _Lines, start: int, taken: list[str]) -> Record:
    """Read on until the record is whole; when its quote is never closed, only the first line is lost."""
    while len(taken[-1]) <= MAX_LINE:
        try:
            return Record(start, _cells("".join(taken)))
        except csv.Error as error:
            if str(error) != UNFINISHED:
                lines.give_back(taken[1:])
                return Record(start, (), "not_csv" if len(taken) == 1 else "quote_not_closed")
        more = lines.take() if len(taken) < MAX_LINES else ""
        if not more:
            lines.give_back(taken[1:])
            return Record(start, (), "quote_not_closed")
        taken.append(more)
    return Record(start, (), "line_too_long")


def _cells(text: str) -> tuple[str, ...]:
    """Cut one record into cells; strict, so that a stray quote is seen."""
    return tuple(next(csv.reader((text,), strict=True), ()))
