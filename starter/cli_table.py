"""The list of orders as a table that fits 80 columns, Chinese words counted as wide as they are."""

from collections.abc import Callable, Mapping, Sequence
from datetime import datetime, timedelta
from typing import TYPE_CHECKING, NamedTuple

from domain.community import CommunityFile
from domain.words import CLOCKS, word
from records.read import OrderRow
from starter.actor import staff_id
from starter.cli_door import number, zone_of
from starter.cli_screen import Screen, styled
from starter.cli_times import countdown, shown, ticking
from starter.timeline import Names
from starter.wording import SEVERITIES, STAGES

if TYPE_CHECKING:
    from rich.table import Table
    from rich.text import Text

SEVERITY_STYLES = {"urgent": "bold red", "major": "yellow"}


class Column(NamedTuple):
    """A column of the list: how wide it must and may be, and when it gives way in a narrow terminal."""

    title: str
    least: int
    most: int
    spare: int  # the highest is left out first, 0 never


class Pace(NamedTuple):
    """How dues are told: in which words, from when on as pressing, and in a column of which least width."""

    said: Callable[[datetime, datetime, str], str]  # due, now, language
    soon: timedelta
    least: Mapping[str, int]  # by language


STILL = Pace(countdown, timedelta(0), {"zh": 8, "en": 8})
"""Of a list that stands."""
TICKING = Pace(ticking, timedelta(minutes=15), {"zh": 27, "en": 30})
"""Of a board that is redrawn every second: its columns do not move while the seconds run."""


def orders_table(
    screen: Screen, file: CommunityFile, rows: Sequence[OrderRow], at: datetime, *, wide: bool, pace: Pace = STILL
) -> "Table":
    """Lay the orders out, most urgent first."""
    from rich.table import Table  # noqa: PLC0415 - rich is slow to import

    several = wide and len({row.community for row in rows}) > 1
    gap = 2 if wide else 1
    names, every = Names(file, screen.lang), _columns(screen, pace, wide=wide, several=several)
    shown_ones = _roomy(every, screen.console.width, gap)
    columns = [every[place] for place in shown_ones]
    told = (_cells(screen, names, row, at, pace, wide=wide, several=several) for row in rows)
    lines = [[cells[place] for place in shown_ones] for cells in told]
    table = Table(box=None, pad_edge=False, header_style="dim", padding=(0, gap, 0, 0))
    widths = _fitted(columns, lines, screen.console.width - gap * (len(columns) - 1))
    for column, width in zip(columns, widths, strict=True):
        table.add_column(column.title, no_wrap=True, overflow="ellipsis", width=width)
    for line in lines:
        table.add_row(*line)
    return table


def _roomy(columns: Sequence[Column], width: int, gap: int) -> list[int]:
    """Choose the columns that a terminal has room for: numbers and countdowns are never cut."""
    chosen = list(range(len(columns)))
    while sum(columns[place].least + gap for place in chosen) - gap > width:
        out = max(chosen, key=lambda place: columns[place].spare)
        if not columns[out].spare:
            break
        chosen.remove(out)
    return chosen


def _fitted(columns: Sequence[Column], lines: "Sequence[Sequence[Text]]", room: int) -> list[int]:
    """Return the width of each column: that of what stands in it; what is too much is taken where most is to spare."""
    from rich.cells import cell_len  # noqa: PLC0415 - rich is slow to import

    needed = [
        max([cell_len(column.title), *(line[place].cell_len for line in lines)]) for place, column in enumerate(columns)
    ]
    widths = [min(max(need, column.least), column.most) for need, column in zip(needed, columns, strict=True)]
    spare = [width - column.least for width, column in zip(widths, columns, strict=True)]
    for _ in range(min(sum(widths) - room, sum(spare))):
        widest = spare.index(max(spare))
        spare[widest] -= 1
        widths[widest] -= 1
    return widths


def _columns(screen: Screen, pace: Pace, *, wide: bool, several: bool) -> list[Column]:
    """Return title, least and largest width of each column; what must be read whole does not shrink."""
    t, english = screen.t, screen.lang == "en"
    found = [
        Column(t("单号", "order"), 8, 12, 0),
        Column(t("类别", "category"), 8, 20, 4),
        Column(t("环节", "stage"), 8 if english else 6, 12, 2),
        Column(t("下一时限", "next due"), pace.least[screen.lang], 30, 0),
        *([Column(t("时刻", "at"), 14 if english else 11, 16, 6)] if wide else []),
        Column(t("级别", "severity"), 8 if english else 4, 8, 3),
        Column(t("升级", "level"), 5 if english else 4, 5, 1),
        Column(t("经办", "assignee" if wide else "staff"), 5 if english else 4, 24 if wide else 14, 5),
    ]
    return [*found, Column(t("小区", "community"), 6, 14, 7)] if several else found


def _cells(
    screen: Screen, names: Names, row: OrderRow, at: datetime, pace: Pace, *, wide: bool, several: bool
) -> "list[Text]":
    zone = zone_of(names.file, row.community)
    due = row.next_due_at
    level = screen.t(f"{row.level} 级", f"L{row.level}") if row.level and row.closed_at is None else ""
    cells = [
        styled(number(row.order_id), "bold"),
        styled(names.category(row.category)),
        _stage(screen, row),
        _due(screen, row, at, pace),
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


def _due(screen: Screen, row: OrderRow, at: datetime, pace: Pace) -> "Text":
    """Say what falls due next; of an order with a ladder under way, that something is overdue."""
    due = row.next_due_at
    if _late(row, at):
        return styled(screen.t("已超时", "overdue"), "bold red")
    if due is None:
        return styled("—", "dim")
    said = f"{word(CLOCKS, row.next_due_clock, screen.lang)} {pace.said(due, at, screen.lang)}"
    return styled(said, "bold red" if due < at else "yellow" if due - at < pace.soon else "")


def overdue(row: OrderRow, at: datetime) -> bool:
    """Whether a clock of this order is overdue."""
    return _late(row, at) or (row.closed_at is None and row.next_due_at is not None and row.next_due_at < at)


def alarming(rows: Sequence[OrderRow], at: datetime) -> tuple[int, int]:
    """Count the orders that are overdue, and those that are escalated."""
    return sum(overdue(row, at) for row in rows), sum(row.level > 0 and row.closed_at is None for row in rows)


def _late(row: OrderRow, at: datetime) -> bool:
    """Whether a clock is overdue that the row does not name."""
    return row.closed_at is None and row.level > 0 and (row.next_due_at is None or row.next_due_at > at)
