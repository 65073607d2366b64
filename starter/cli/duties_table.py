"""Duties as a table: what is most urgent first, who answers for it, and where nobody does."""

from collections.abc import Sequence
from datetime import datetime
from typing import TYPE_CHECKING

from domain.settings.community import CommunityFile
from domain.words import word
from starter.actor import usr
from starter.cli.columns import Column, laid_out
from starter.cli.door import zone_of
from starter.cli.screen import Screen, styled
from starter.cli.table import ROOMY, STILL, USUAL, due_marks, due_style, order_cell, order_width, special_legend
from starter.cli.times import countdown, shown
from starter.owed import Owed, Wish
from starter.telling.names import Names
from starter.words.closing import OWED
from starter.words.glossary import ROLES, STAGES

if TYPE_CHECKING:
    from rich.table import Table
    from rich.text import Text

WIDE = 100
"""From so many columns on there is room for the clock time of a due."""
BESIDE = 10
"""Columns of a clock's name beside an order's number and a due, gaps included."""


def show(screen: Screen, file: CommunityFile, found: Sequence[Owed], wish: Wish, at: datetime, *, more: bool) -> None:
    """Show what is owed, and how a due is looked into."""
    names, t = Names(file, screen.lang), screen.t
    if wish.person is not None:
        whose = names.person(usr(wish.person))
        screen.show(styled(t(f"{whose} 负责的时限", f"What {whose} answers for"), "bold"))
    if not found:
        screen.show(styled(t("没有待办的时限。", "Nothing is owed.")))
        return
    screen.show(duties_table(screen, names, found, at))
    late = sum(one.due_at < at for one in found)
    said = t(f"{len(found)} 项,{late} 项已超时", f"{len(found)} owed, {late} overdue")
    said += t(";还有更多(--limit)", "; there are more (--limit)") * more
    hint = t(" · 怎么算出来的:huiyin explain 单号 计时", " · how it is counted: huiyin explain ORDER CLOCK")
    screen.show(styled(said + hint + special_legend(screen, any_special=any(one.row.special for one in found)), "dim"))


def duties_table(screen: Screen, names: Names, found: Sequence[Owed], at: datetime) -> "Table":
    """Lay the duties out for the terminal's width."""
    t, english, width = screen.t, screen.lang == "en", screen.console.width
    usual = width >= USUAL  # here names are not cut: a column of less weight gives way
    wide = width >= WIDE
    told = [_cells(screen, names, one, at, wide=wide) for one in found]
    clock, who, role = (max(line[place + wide].cell_len for line in told) for place in (2, 3, 4))
    columns = [
        Column(t("到期", "due"), _least(screen, names, found, at), 44, 0),
        *([Column(t("时刻", "at"), 14 if english else 11, 16, 6)] if wide else []),
        Column(t("单号", "order"), order_width(one.row for one in found), 12, 0),
        Column(t("计时", "clock"), clock if usual else 8, 14, 0),
        Column(t("责任人", "who"), min(who, 20) if usual else 6 if english else 8, 28, 1),
        Column(t("责任岗位", "role"), role if usual else 8, 22, 4),
        Column(t("环节", "stage"), 8 if english else 4, 12, 5),
        Column(t("升级", "level"), 5 if english else 4, 5, 2),
    ]
    return laid_out(columns, told, width, 2 if wide else 1)


def _least(screen: Screen, names: Names, found: Sequence[Owed], at: datetime) -> int:
    """Return how wide dues are at least: their countdowns are never cut, their marks only beside bare numbers."""
    bare = max(styled(countdown(one.due_at, at, screen.lang)).cell_len for one in found)
    whole = max(_due(screen, names, one, at).cell_len for one in found)
    return max(bare, min(whole, screen.console.width - order_width(one.row for one in found) - BESIDE))


def _cells(screen: Screen, names: Names, one: Owed, at: datetime, *, wide: bool) -> "list[Text]":
    duty, lang = one.row.duty, screen.lang
    level = screen.t(f"{duty['level']} 级", f"L{duty['level']}") if duty["level"] else ""
    return [
        _due(screen, names, one, at),
        *([styled(shown(one.due_at, zone_of(names.file, one.row.community), at, lang))] if wide else []),
        order_cell(one.row.order_id, special=one.row.special),
        styled(word(OWED, duty["clock"], lang)),
        _who(screen, names, one, whole=lang == "zh" or screen.console.width >= ROOMY),
        styled(word(ROLES, duty["accountable"], lang)),
        styled(word(STAGES, one.row.stage, lang)),
        styled(level, "bold red"),
    ]


def _due(screen: Screen, names: Names, one: Owed, at: datetime) -> "Text":
    duty = one.row.duty
    marks = due_marks(screen, suspended=duty["suspended"], provisional=duty["provisional"])
    style = due_style(one.due_at, at, STILL, suspended=duty["suspended"])
    said = styled(" ".join([countdown(one.due_at, at, screen.lang), *marks]), style)
    if one.call_before is not None:
        until = shown(one.call_before, zone_of(names.file, one.row.community), at, screen.lang)
        said.append(screen.t(f" {until}前联系业主", f" call before {until}"), "yellow")
    return said


def _who(screen: Screen, names: Names, one: Owed, *, whole: bool) -> "Text":
    """Name the first who answers, that he stands in for somebody, and how many more do; or the vacant role."""
    role = one.row.duty["accountable"]
    if not one.persons:
        return styled(word(ROLES, role, screen.lang) + screen.t("(空缺)", " (vacant)"), "bold yellow")
    first, more = one.persons[0], len(one.persons) - 1
    said = names.person(usr(first.staff_id)) if whole else first.staff_id
    said += screen.t("(代)", " (deputy)") * (first.role_by_which != role)
    return styled(said + f" +{more}" * (more > 0))
