"""What a merge of two cases that do not look like one matter is told: a number may have been mistyped (GRP-01)."""

from typing import TYPE_CHECKING

from records import read as reading
from starter.cli.door import number
from starter.cli.screen import Screen, styled
from starter.telling.names import Names

if TYPE_CHECKING:
    from rich.text import Text

    from records.read import OrderRow
    from starter.desk import Desk


async def unlike_lines(screen: Screen, desk: "Desk", duplicate: str, survivor: str) -> "list[Text]":
    """Say where the two differ in category or building, and how the merge is undone; nothing where they do not."""
    one, other = [await reading.row(desk.pool, order) for order in (duplicate, survivor)]
    if (one.category, one.building) == (other.category, other.building):
        return []
    first, second = _looks(screen, desk, one), _looks(screen, desk, other)
    undo = f"unmerge {number(duplicate)} --as {screen.t('员工编号', 'STAFF')}"
    said = screen.t(
        f"两单不像同一件事:{first};{second}。若并错:", f"They do not look alike: {first}; {second}. If wrong:"
    )
    return [styled(said, "yellow"), styled(f"  huiyin {undo}", "bold cyan")]


def _looks(screen: Screen, desk: "Desk", row: "OrderRow") -> str:
    what = Names(desk.settings, screen.lang).category(row.category)
    return " · ".join(filter(None, (number(row.order_id), what, row.building)))
