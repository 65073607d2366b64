"""A deadline as a bar: what was used, paused, is left up to the due, or went over it; and where now is."""

from collections.abc import Sequence
from datetime import timedelta
from typing import TYPE_CHECKING, NamedTuple

from starter.cli.screen import Screen, styled
from starter.explained import Piece, gathered

if TYPE_CHECKING:
    from rich.text import Text


class Sign(NamedTuple):
    """How one kind of time is drawn."""

    drawn: str
    plain: str  # on terminals without Unicode
    style: str


SIGNS = {
    "used": Sign("█", "#", "green"),
    "paused": Sign("▒", ":", "cyan"),
    "left": Sign("░", ".", "dim"),
    "over": Sign("▓", "!", "bold red"),
    "due": Sign("┃", "|", "bold"),
    "now": Sign("▲", "^", "bold"),
}


def sign(screen: Screen, kind: str) -> str:
    """Return the sign of a kind of time, as this terminal can show it."""
    one = SIGNS[kind]
    return one.drawn if screen.console.encoding.lower().startswith("utf") else one.plain


def cells(pieces: Sequence[Piece], width: int) -> list[int]:
    """Share the cells of a bar out by length; what there is at all has one."""
    total = sum((piece.length for piece in pieces), timedelta())
    if not total:
        return [0] * len(pieces)
    room = width - len(pieces)
    exact = [piece.length / total * room for piece in pieces]
    found = [1 + int(one) for one in exact]
    rest = sorted(range(len(pieces)), key=lambda place: int(exact[place]) - exact[place])
    for place in rest[: width - sum(found)]:
        found[place] += 1
    return found


def bar(screen: Screen, pieces: Sequence[Piece], width: int) -> "Text":
    """Draw the bar; a mark stands where the limit is used up."""
    drawn, due_drawn = styled(""), False
    for piece, count in _shared(pieces, width):
        if piece.kind == "over":
            drawn.append(sign(screen, "due"), SIGNS["due"].style)
            due_drawn = True
        drawn.append(sign(screen, piece.kind) * count, SIGNS[piece.kind].style)
    return drawn if due_drawn else drawn.append(sign(screen, "due"), SIGNS["due"].style)


def now_at(pieces: Sequence[Piece], width: int) -> int:
    """Return the column of the bar at which now is: behind all that is over, before what is left."""
    gone = sum(count for piece, count in _shared(pieces, width) if piece.kind != "left")
    return min(gone, width - 1)


def _shared(pieces: Sequence[Piece], width: int) -> list[tuple[Piece, int]]:
    """Give each piece its cells, beside the mark of the due; too many pauses for a bar are drawn as one."""
    room = width - 1
    fitting = list(pieces) if len(pieces) <= room // 3 else gathered(pieces)
    fitting = _seen(fitting, sum((piece.length for piece in fitting), timedelta()) / room)
    return list(zip(fitting, cells(fitting, room), strict=True))


def _seen(pieces: Sequence[Piece], cell: timedelta) -> list[Piece]:
    """Leave out pieces shorter than a cell whose kind is drawn anyway: with a cell each, seconds looked like days."""
    drawn = {piece.kind for piece in pieces if piece.length >= cell}
    kept = []
    for piece in pieces:
        if piece.length >= cell or piece.kind not in drawn:
            kept.append(piece)
        drawn.add(piece.kind)
    return kept


def pointer(screen: Screen, column: int, width: int, words: str) -> "Text":
    """Draw the line below the bar that points at now, its words on the side that has room."""
    from rich.cells import cell_len  # noqa: PLC0415 - rich is slow to import

    mark, length = sign(screen, "now"), cell_len(words)
    if column + 2 + length <= width:
        return styled(" " * column).append(mark, SIGNS["now"].style).append(f" {words}")
    before = " " * max(column - length - 1, 0) + words + " "
    return styled(before).append(mark, SIGNS["now"].style)
