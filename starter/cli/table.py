"""The list of orders as a table that fits 80 columns, Chinese words counted as wide as they are."""

from collections.abc import Callable, Iterable, Mapping, Sequence
from datetime import datetime, timedelta
from typing import TYPE_CHECKING, Any, NamedTuple

from domain.settings.community import CommunityFile
from domain.words import CLOCKS, word
from records.read import DutyRow, OrderRow
from starter.cli.columns import Column, laid_out, wanted_width
from starter.cli.door import number, zone_of
from starter.cli.screen import Screen, styled
from starter.cli.times import countdown, shown, ticking
from starter.telling.names import Names
from starter.words.glossary import SEVERITIES, STAGES

if TYPE_CHECKING:
    from rich.table import Table
    from rich.text import Text

LONGEST = 30
"""Columns of the longest clock with the longest countdown."""
AHEAD = 11
"""Columns of the longest countdown that is not over."""
USUAL = 80
"""From so many columns on names of categories are not cut."""
ROOMY = 130
"""From so many columns on English names positions too."""
SPECIAL = "♥"
SEVERITY_STYLES = {"urgent": "bold red", "major": "yellow"}


class Pace(NamedTuple):
    """How dues are told: in which words, from when on as pressing, and in a column of which least width."""

    said: Callable[[datetime, datetime, str], str]  # due, now, language
    soon: timedelta
    least: Mapping[str, int] | None  # by language; none = as wide as the longest of what stands there


STILL = Pace(countdown, timedelta(0), None)
"""Of a list that stands."""
TICKING = Pace(ticking, timedelta(minutes=15), {"zh": 27, "en": 30})
"""Of a board that is redrawn every second: its columns do not move while the seconds run."""


class Leasts(NamedTuple):
    """How wide columns are at least for what stands in them."""

    order: int
    category: int
    stage: int
    due: int


def orders_table(
    screen: Screen, file: CommunityFile, rows: Sequence[OrderRow], at: datetime, *, wide: bool, pace: Pace = STILL
) -> "Table":
    """Lay the orders out, most urgent first."""
    several = wide and len({row.community for row in rows}) > 1
    names, least = Names(file, screen.lang), _least(screen, pace, rows, at)
    stage = max((_stage(screen, row).cell_len for row in rows if _paused(row)), default=0)
    width, gap = screen.console.width, 2 if wide else 1
    told = [_cells(screen, names, row, at, pace, wide=wide, several=several) for row in rows]
    leasts = Leasts(order_width(rows), _least_of_names(screen, told), stage, least)
    every = _columns(screen, leasts, wide=wide, several=several)
    if wanted_width(every, told, gap) > width:  # a name that would be cut gives way to its number
        names = Names(file, screen.lang, whole=False)
        told = [_cells(screen, names, row, at, pace, wide=wide, several=several) for row in rows]
    return laid_out(every, told, width, gap)


def _least(screen: Screen, pace: Pace, rows: Sequence[OrderRow], at: datetime) -> int:
    """Return how wide the next dues are at least: clock and countdown are never cut, marks only beside bare numbers."""
    base = 8 if pace.least is None else pace.least[screen.lang]
    wanted = max([base, *(_wanted(screen, row, at, pace) for row in rows)])
    return min(wanted, max(LONGEST, screen.console.width - order_width(rows) - 1))


def _wanted(screen: Screen, row: OrderRow, at: datetime, pace: Pace) -> int:
    """Return how wide one next due wants to be; where seconds run, as wide as it may become while its marks stand."""
    if pace.least is None:
        return _due(screen, row, at, pace).cell_len
    duty = first_duty(row)
    marks = due_marks(screen, suspended=bool(duty.get("suspended")), provisional=bool(duty.get("provisional")))
    parts = (word(CLOCKS, row.next_due_clock, screen.lang), " " * AHEAD, *marks)
    return styled(" ".join(parts)).cell_len if marks else 0


def _least_of_names(screen: Screen, told: "Sequence[Sequence[Text]]") -> int:
    """Return how wide the categories are at least: a cut name is no name."""
    return max(8, min(18, max(cells[1].cell_len for cells in told))) if screen.console.width >= USUAL and told else 8


def _columns(screen: Screen, least: Leasts, *, wide: bool, several: bool) -> list[Column]:
    """Return title, least and largest width of each column; what must be read whole does not shrink."""
    t, english = screen.t, screen.lang == "en"
    found = [
        Column(t("单号", "order"), least.order, 12, 0),
        Column(t("类别", "category"), least.category, 20, 4),
        Column(t("环节", "stage"), max(least.stage, 8 if english else 6), 20, 2),
        Column(t("下一时限", "next due"), least.due, 44, 0),
        *([Column(t("时刻", "at"), 14 if english else 11, 16, 7)] if wide else []),
        Column(t("级别", "severity"), 8 if english else 4, 8, 6 if english else 3),
        Column(t("升级", "level"), 5 if english else 4, 5, 1),
        Column(t("经办", "assignee" if wide else "staff"), 5 if english else 4, 24 if wide else 14, 5),
    ]
    return [*found, Column(t("小区", "community"), 6, 14, 8)] if several else found


def _cells(
    screen: Screen, names: Names, row: OrderRow, at: datetime, pace: Pace, *, wide: bool, several: bool
) -> "list[Text]":
    zone = zone_of(names.file, row.community)
    due = row.next_due_at
    level = screen.t(f"{row.level} 级", f"L{row.level}") if row.level and row.closed_at is None else ""
    cells = [
        order_cell(row.order_id, special=row.special),
        styled(names.category(row.category)),
        _stage(screen, row),
        _due(screen, row, at, pace),
        *([styled(shown(due, zone, at, screen.lang) if due and not _late(row, at) else "")] if wide else []),
        styled(word(SEVERITIES, row.severity, screen.lang), SEVERITY_STYLES.get(row.severity, "")),
        styled(level, "bold red"),
        styled(names.person(row.assignee) if row.assignee else "—"),
    ]
    return [*cells, styled(names.file.communities[row.community].name)] if several else cells


def order_cell(order_id: str, *, special: bool) -> "Text":
    """Show an order's number, marked when its household is in a special group (INT-10)."""
    return styled(number(order_id), "bold").append(f" {SPECIAL}" if special else "", "magenta")


def order_width(rows: Iterable[OrderRow | DutyRow]) -> int:
    """Return how wide the numbers of orders are, marks included: neither is ever cut."""
    return max([8, *(order_cell(row.order_id, special=row.special).cell_len for row in rows)])


def special_legend(screen: Screen, *, any_special: bool) -> str:
    """Say what the mark means, where it stands."""
    return screen.t(f" · {SPECIAL} 关怀优先", f" · {SPECIAL} special care") * any_special


def _stage(screen: Screen, row: OrderRow) -> "Text":
    """Name the stage, and that clocks stand still, unless the next due says so itself."""
    if row.seq == 0:
        return styled(screen.t("待启动", "not started"), "yellow")
    return styled(word(STAGES, row.stage, screen.lang)).append(screen.t(" 暂停", " paused") * _paused(row), "cyan")


def _paused(row: OrderRow) -> bool:
    """Whether clocks stand still, but not the one that falls due next."""
    return any(duty["suspended"] for duty in row.duties or ()) and not first_duty(row).get("suspended")


def _due(screen: Screen, row: OrderRow, at: datetime, pace: Pace) -> "Text":
    """Say what falls due next; of an order with a ladder under way, that something is overdue."""
    due = row.next_due_at
    if _late(row, at):
        return styled(screen.t("已超时", "overdue"), "bold red")
    if due is None:
        return styled("—", "dim")
    duty = first_duty(row)
    said = [word(CLOCKS, row.next_due_clock, screen.lang), pace.said(due, at, screen.lang)]
    said += due_marks(screen, suspended=bool(duty.get("suspended")), provisional=bool(duty.get("provisional")))
    return styled(" ".join(said), due_style(due, at, pace, suspended=bool(duty.get("suspended"))))


def first_duty(row: OrderRow) -> Mapping[str, Any]:
    """Return the duty that falls due next; nothing of a row that was written before duties were."""
    return next((one for one in row.duties or () if one["clock"] == row.next_due_clock), {})


def due_style(due: datetime, at: datetime, pace: Pace, *, suspended: bool) -> str:
    """Choose how a due looks: overdue, pressing, standing still."""
    if suspended:
        return "cyan"
    return "bold red" if due < at else "yellow" if due - at < pace.soon else ""


def due_marks(screen: Screen, *, suspended: bool, provisional: bool) -> list[str]:
    """Say of a due that its clock stands still, so that it is the latest it can become; that it may still move."""
    marks = [(suspended, ("暂停", "paused")), (provisional, ("暂定", "provisional"))]
    return [screen.t(*words) for marked, words in marks if marked]


def overdue(row: OrderRow, at: datetime) -> bool:
    """Whether a clock of this order is overdue."""
    return _late(row, at) or (row.closed_at is None and row.next_due_at is not None and row.next_due_at < at)


def alarming(rows: Sequence[OrderRow], at: datetime) -> tuple[int, int]:
    """Count the orders that are overdue, and those that are escalated."""
    return sum(overdue(row, at) for row in rows), sum(row.level > 0 and row.closed_at is None for row in rows)


def _late(row: OrderRow, at: datetime) -> bool:
    """Whether a clock is overdue that the row does not name."""
    breached = any(duty["breached"] for duty in row.duties) if row.duties else row.level > 0  # urges fire levels too
    return row.closed_at is None and breached and (row.next_due_at is None or row.next_due_at > at)
