"""The deadlines of one order in short: a bar each, how much is used, and when they fall due."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from domain.order import WorkOrder
from domain.timekeeping.explaining import Explanation
from domain.words import CLOCKS, word
from starter.cli.bar import bar
from starter.cli.columns import Column, laid_out
from starter.cli.door import number, zone_of
from starter.cli.screen import Screen, styled
from starter.cli.table import STILL, due_marks, due_style
from starter.cli.times import countdown, shown
from starter.explained import gathered, pieces, share_used
from starter.telling.names import Names
from starter.words.times import OUTCOMES_OF_CLOCKS

BAR = 16
"""Cells of a short bar."""


def short_lines(screen: Screen, names: Names, order: WorkOrder, told: Sequence[Explanation], at: datetime) -> list[Any]:
    """Return a line for each deadline, and how to see one whole."""
    t = screen.t
    head = styled(f"{t('工单', 'Work order')} {number(order.order_id)} · {names.category(order.category)}", "bold")
    if not told:
        return [head, styled(t("没有在计的时限;已结束的加 --all。", "No clock runs; see those that ended with --all."))]
    rows = [_cells(screen, order, one, names, at) for one in told]
    due, left = (max(cells[place].cell_len for cells in rows) for place in (-2, -1))  # neither is ever cut
    columns = [
        Column(t("计时", "clock"), 12, 24, 0),
        Column("", BAR, BAR, 3),
        Column(t("已用", "used"), 4, 6, 2),
        Column(t("到期", "due"), due, due, 1),
        Column("", left, left, 0),
    ]
    hint = t("全部算式:huiyin explain 单号 计时", "the whole sum: huiyin explain ORDER CLOCK")
    return [head, laid_out(columns, rows, screen.console.width, 2), styled(hint, "dim")]


def _cells(screen: Screen, order: WorkOrder, told: Explanation, names: Names, at: datetime) -> list[Any]:
    clock, t, lang = told.clock, screen.t, screen.lang
    name = word(CLOCKS, clock.name, lang)
    name += t(f" 第 {clock.generation} 轮", f" gen. {clock.generation}") * (clock.generation > 1)
    name += t(f" 第 {clock.turn} 次", f" turn {clock.turn}") * (clock.turn > 1)
    zone = zone_of(names.file, order.community)
    marks = due_marks(screen, suspended=clock.suspended, provisional=told.provisional)
    left = countdown(told.due_at, at, lang) if clock.running else word(OUTCOMES_OF_CLOCKS, clock.outcome, lang)
    level = max((fired.level for fired in clock.fired), default=0)
    said = [left, *([t(f"升级 {level} 级", f"level {level}")] if level and clock.running else []), *marks]
    style = due_style(told.due_at, at, STILL, suspended=clock.suspended) if clock.running else "dim"
    return [
        styled(name),
        bar(screen, gathered(pieces(told)), BAR),
        styled(f"{share_used(told)}%"),
        styled(shown(told.due_at, zone, at, lang)),
        styled(" ".join(said), style),
    ]
