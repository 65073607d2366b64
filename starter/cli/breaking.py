"""Long lines broken where a reader would: rich knows blanks alone, and Chinese has few."""

import re
from collections.abc import Iterable
from typing import Final

BETWEEN: Final = re.compile(r"(?<=[、,;:\uff0c\uff1b\uff1a ])(?=[^ ])")
"""Where a line of names, dates and values may end."""
OPENING: Final = "(\uff08\u300c\u300a\u201c"
CLOSING: Final = "),;:?!%\uff09\uff0c\u3002\u3001\uff1b\uff1a\uff1f\uff01\u300d\u300b\u201d\u2026"
WHOLE: Final = re.compile(f"[{OPENING}]*(?:[!-~]+|.)[{CLOSING}]*| +")
"""What stays on one line of prose: a word, command or number, or one Chinese sign, with the marks around it."""


def broken(said: str, width: int) -> list[str]:
    """Break a text into lines of so many columns; a single piece that is longer stands on a line of its own."""
    return _filled(BETWEEN.split(said), width)


def wrapped(said: str, width: int) -> list[str]:
    """Break prose into lines of so many columns; no word or command is parted, no line begins with a closing mark."""
    return [line for each in said.split("\n") for line in _filled(WHOLE.findall(each), width)]


def _filled(pieces: Iterable[str], width: int) -> list[str]:
    from rich.cells import cell_len  # noqa: PLC0415 - rich is slow to import

    lines = [""]
    for piece in pieces:
        if lines[-1] and cell_len((lines[-1] + piece).rstrip()) > width:
            lines.append(piece.lstrip())
        else:
            lines[-1] += piece
    return [line.rstrip() for line in lines]
