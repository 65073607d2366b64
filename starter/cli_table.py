"""The list of orders as a table that fits 80 columns, Chinese words counted as wide as they are."""

from collections.abc import Sequence
from datetime import datetime
from typing import TYPE_CHECKING

from domain.community import CommunityFile
from records.read import OrderRow
from starter.actor import staff_id
from starter.cli_door import number, zone_of
from starter.cli_screen import Screen, styled
from starter.cli_times import countdown, shown
from starter.timeline import Names
from starter.wording import CLOCKS, SEVERITIES, STAGES, word

if TYPE_CHECKING:
    from rich.table import Table
    from rich.text import Text

SEVERITY_STYLES = {"urgent": "bold red", "major": "yellow"}


def orders_table(screen: Screen, file: CommunityFile, rows: Sequence[OrderRow], at: datetime, *, wide: bool) -> "Table":
    """Lay the orders out, most urgent first."""
    from rich.table import Table  # noqa: PLC0415 - rich is slow to import

    several = wide and len({row.community for row in rows}) > 1
    table = Table(box=None, pad_edge=False, header_style="dim", padding=(0, 2 if wide else 1, 0, 0))
    for title, least, most in _columns(screen, wide=wide, several=several):
        table.add_column(title, no_wrap=True, overflow="ellipsis", min_width=least, max_width=most)
    names = Names(file, screen.lang)
    for row in rows:
        table.add_row(*_cells(screen, names, row, at, wide=wide, several=several))
    return table


def _columns(screen: Screen, *, wide: bool, several: bool) -> list[tuple[str, int, int]]:
    """Return title, least and largest width of each column; what must be read whole does not shrink."""
    t = screen.t
    found = [(t("单号", "order"), 8, 12), (t("类别", "category"), 8, 20 if wide else 14), (t("环节", "stage"), 6, 12)]
    found += [(t("下一时限", "next due"), 8, 30), *([(t("时刻", "at"), 8, 16)] if wide else [])]
    found += [
        (t("级别", "severity"), 8 if screen.lang == "en" else 4, 8),
        (t("升级", "level"), 5 if screen.lang == "en" else 4, 5),
    ]
    found += [(t("经办", "assignee"), 4, 24 if wide else 14)]
    return [*found, (t("小区", "community"), 6, 14)] if several else found


def _cells(screen: Screen, names: Names, row: OrderRow, at: datetime, *, wide: bool, several: bool) -> "list[Text]":
    zone = zone_of(names.file, row.community)
    due = row.next_due_at
    level = screen.t(f"{row.level} 级", f"L{row.level}") if row.level and row.closed_at is None else ""
    cells = [
        styled(number(row.order_id), "bold"),
        styled(names.category(row.category)),
        _stage(screen, row),
        _due(screen, row, at),
        *([styled(shown(due, zone, at, screen.lang) if due and not _late(row, at) else "")] if wide else []),
        styled(word(SEVERITIES, row.severity, screen.lang), SEVERITY_STYLES.get(row.severity, "")),
        styled(level, "bold red"),
        styled(_holder(names, row.assignee, wide=wide)),
    ]
    return [*cells, styled(names.file.communities[row.community].name)] if several else cells


def _holder(names: Names, assignee: str | None, *, wide: bool) -> str:
    """Name who holds an order; where columns are few, in English by id alone."""
    if assignee is None:
        return "—"
    return names.person(assignee) if wide or names.lang == "zh" else staff_id(assignee)


def _stage(screen: Screen, row: OrderRow) -> "Text":
    if row.seq == 0:
        return styled(screen.t("待启动", "not started"), "yellow")
    return styled(word(STAGES, row.stage, screen.lang))


def _due(screen: Screen, row: OrderRow, at: datetime) -> "Text":
    """Say what falls due next; of an order with a ladder under way, that something is overdue."""
    due = row.next_due_at
    if _late(row, at):
        return styled(screen.t("已超时", "overdue"), "bold red")
    if due is None:
        return styled("—", "dim")
    said = f"{word(CLOCKS, row.next_due_clock, screen.lang)} {countdown(due, at, screen.lang)}"
    return styled(said, "bold red" if due < at else "")


def _late(row: OrderRow, at: datetime) -> bool:
    """Whether a clock is overdue that the row does not name."""
    return row.closed_at is None and row.level > 0 and (row.next_due_at is None or row.next_due_at > at)
