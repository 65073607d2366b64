"""Tables that fit any terminal: numbers and countdowns are never cut, columns of less weight give way."""

from collections.abc import Iterable, Sequence
from typing import TYPE_CHECKING, NamedTuple

if TYPE_CHECKING:
    from rich.console import Group
    from rich.table import Table
    from rich.text import Text


class Column(NamedTuple):
    """A column: how wide it must and may be, and when it gives way in a narrow terminal."""

    title: str
    least: int
    most: int
    spare: int  # the highest is left out first, 0 never


def laid_out(every: Sequence[Column], rows: "Iterable[Sequence[Text]]", width: int, gap: int) -> "Table":
    """Lay rows out in the columns that a terminal has room for."""
    from rich.table import Table  # noqa: PLC0415 - rich is slow to import

    shown = _roomy(every, width, gap)
    columns, lines = [every[place] for place in shown], [[cells[place] for place in shown] for cells in rows]
    table = Table(box=None, pad_edge=False, header_style="dim", padding=(0, gap, 0, 0))
    widths = _fitted(columns, lines, width - gap * (len(columns) - 1))
    for column, wide in zip(columns, widths, strict=True):
        table.add_column(column.title, no_wrap=True, overflow="ellipsis", width=wide)
    for line in lines:
        table.add_row(*line)
    return table


def wanted_width(columns: Sequence[Column], rows: "Sequence[Sequence[Text]]", gap: int) -> int:
    """Return how wide a terminal must be for all columns, none of them cut."""
    return sum(_needed(columns, rows)) + gap * (len(columns) - 1)


def _needed(columns: Sequence[Column], lines: "Sequence[Sequence[Text]]") -> list[int]:
    """Return the width of what stands in each column, its least width at least."""
    from rich.cells import cell_len  # noqa: PLC0415 - rich is slow to import

    return [
        max([cell_len(column.title), column.least, *(line[place].cell_len for line in lines)])
        for place, column in enumerate(columns)
    ]


def _roomy(columns: Sequence[Column], width: int, gap: int) -> list[int]:
    """Choose the columns that a terminal has room for."""
    chosen = list(range(len(columns)))
    while sum(columns[place].least + gap for place in chosen) - gap > width:
        out = max(chosen, key=lambda place: columns[place].spare)
        if not columns[out].spare:
            break
        chosen.remove(out)
    return chosen


def _fitted(columns: Sequence[Column], lines: "Sequence[Sequence[Text]]", room: int) -> list[int]:
    """Return the width of each column: that of what stands in it; what is too much is taken where most is to spare."""
    widths = [min(need, column.most) for need, column in zip(_needed(columns, lines), columns, strict=True)]
    spare = [width - column.least for width, column in zip(widths, columns, strict=True)]
    for _ in range(min(sum(widths) - room, sum(spare))):
        widest = spare.index(max(spare))
        spare[widest] -= 1
        widths[widest] -= 1
    return widths


# ---- figures


def stacked(
    titles: Sequence[str], rows: Sequence[Sequence[str]], width: int, gap: int = 2, *, sums: bool = False
) -> "Group":
    """Lay figures out behind their names; those a terminal has no room for stand below, the names repeated.

    A title that begins with a line feed belongs to the one before: the two are never parted. `sums`: the last row.
    """
    from rich.console import Group  # noqa: PLC0415 - rich is slow to import

    parts = _parts(titles, [_widest(column) for column in zip(titles, *rows, strict=True)], width, gap)
    tables = [_figures(titles, rows, [0, *part], gap, sums=sums) for part in parts]
    return Group(*[one for table in tables for one in ("", table)][1:])


def _widest(cells: Iterable[str]) -> int:
    from rich.cells import cell_len  # noqa: PLC0415 - rich is slow to import

    return max(cell_len(line) for cell in cells for line in cell.split("\n"))


def _parts(titles: Sequence[str], widths: Sequence[int], width: int, gap: int) -> list[list[int]]:
    """Share the columns behind the first among as few tables as have room for them."""
    parts: list[list[int]] = [[]]
    for pair in _pairs(titles):
        wanted = widths[0] + sum(gap + widths[place] for place in [*parts[-1], *pair])
        if wanted > width and parts[-1]:
            parts.append([])
        parts[-1] += pair
    return parts


def _pairs(titles: Sequence[str]) -> list[list[int]]:
    """Return the columns behind the first, those that belong together in one list."""
    pairs: list[list[int]] = []
    for place, title in enumerate(titles[1:], start=1):
        if title.startswith("\n"):
            pairs[-1].append(place)
        else:
            pairs.append([place])
    return pairs


def _figures(
    titles: Sequence[str], rows: Sequence[Sequence[str]], places: Sequence[int], gap: int, *, sums: bool
) -> "Table":
    """Lay some columns out as a table whose first column holds names and whose others hold figures."""
    from rich.table import Table  # noqa: PLC0415 - rich is slow to import

    table = Table(box=None, pad_edge=False, header_style="dim", padding=(0, gap, 0, 0))
    for place in places:
        table.add_column(titles[place], justify="right" if place else "left", vertical="bottom", no_wrap=True)
    for number, row in enumerate(rows, start=1):
        table.add_row(*(row[place] for place in places), style="bold" if sums and number == len(rows) else None)
    return table
