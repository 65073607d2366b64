"""Long lines of names, dates and values, broken between them and not within one that fits."""

import re
from typing import Final

BETWEEN: Final = re.compile(r"(?<=[、,;:\uff0c\uff1b\uff1a ])(?=[^ ])")
"""Where a line may end: rich knows blanks alone, and Chinese has few."""


def broken(said: str, width: int) -> list[str]:
    """Break a text into lines of so many columns; a single piece that is longer stands on a line of its own."""
    from rich.cells import cell_len  # noqa: PLC0415 - rich is slow to import

    lines = [""]
    for piece in BETWEEN.split(said):
        if lines[-1] and cell_len((lines[-1] + piece).rstrip()) > width:
            lines.append("")
        lines[-1] += piece
    return [line.rstrip() for line in lines]
