"""What a simulation found, as tables that fit 80 columns or as one JSON document."""

from collections.abc import Iterator, Sequence
from datetime import timedelta
from typing import TYPE_CHECKING, Any, NamedTuple

from domain.simulation.simulating import DUTIES, Simulation, Tally
from domain.vocabulary import ClockName, Role
from domain.words import CLOCKS, word
from starter.cli.columns import stacked
from starter.cli.screen import Screen, one_line, styled
from starter.cli.times import span
from starter.words.glossary import ROLES

if TYPE_CHECKING:
    from rich.console import Group
    from rich.text import Text

MIDDLE, MOST = 50, 90
"""Per cents of the breaches whose lateness is told."""
WIDE = 100
"""From so many columns on there is room between two figures."""
HOUR, MINUTE = timedelta(hours=1), timedelta(minutes=1)
NOTHING = Tally()
"""Of a clock that one of two settings does not know."""


class Side(NamedTuple):
    """One settings file and what it would have made of the orders."""

    name: str
    version: str
    simulation: Simulation


def show(screen: Screen, sides: Sequence[Side], *, acknowledged: bool) -> None:
    """Show one simulation, or two beside each other: the first is what is tried, the second what it is held against."""
    screen.document(_document(sides, acknowledged=acknowledged))
    if screen.json:
        return
    tried, *others = sides
    screen.show(*_head(screen, sides, acknowledged=acknowledged), styled(""))
    if others:
        screen.show(_clocks_beside(screen, others[0], tried), styled(""), _levels_beside(screen, others[0], tried))
    else:
        screen.show(_clocks(screen, tried), styled(""), _levels(screen, tried))
    screen.show(styled(""), *_foot(screen))


def _head(screen: Screen, sides: Sequence[Side], *, acknowledged: bool) -> "Iterator[Text]":
    """Say which settings, how many orders, and what was assumed."""
    t, (tried, *others) = screen.t, sides
    many = tried.simulation.orders
    yield styled(t(f"试算:{_named(tried)}", f"New: {_named(tried)}"), "bold")
    for other in others:
        yield styled(t(f"对照:{_named(other)}", f"Base: {_named(other)}"), "bold")
    if acknowledged:
        yield styled(
            t(f"{many} 张往日工单,假定各级都按时确认", f"{many} past orders; every level acknowledged in time")
        )
    else:
        yield styled(t(f"{many} 张往日工单,假定无人确认", f"{many} past orders; nobody acknowledges"))


def _foot(screen: Screen) -> "Iterator[Text]":
    """Say how to read it, and what is not in it."""
    left = [word(CLOCKS, name, screen.lang) for name in ClockName if name not in DUTIES]
    zh, en = "超时多久:按各计时自己的日历,只算开放时间", "Late by: open time of each clock's own calendar."
    yield styled(screen.t(zh, en), "dim")
    zh, en = "未试算(往日工单不含这些行为):", "Not simulated, for past orders do not tell their acts: "
    yield styled(screen.t(zh + "、".join(left), f"{en}{', '.join(left)}."), "dim")


def _named(side: Side) -> str:
    return f"{one_line(side.name)} ({one_line(side.version)})"


# ---- one settings file


def _clocks(screen: Screen, side: Side) -> "Group":
    """Lay out what would have become of each clock."""
    t = screen.t
    titles = [t("计时", "clock"), t("可判", "judged"), t("按时", "met"), t("超时", "late"), t("超时率 %", "late %")]
    late = [t("超时中位", "late by\nmedian"), t("九成不超过", "late by\n90 %")]
    rows = []
    for name, tally in _known(side):
        lengths = [_length(screen, tally.late_at(percent)) for percent in (MIDDLE, MOST)]
        counts = [str(tally.judged), str(tally.met), str(tally.breached), _percent(tally)]
        rows.append([word(CLOCKS, name, screen.lang), *counts, *lengths, str(tally.not_judged)])
    return stacked([*titles, *late, t("不能判", "not\njudged")], rows, screen.console.width)


def _levels(screen: Screen, side: Side) -> "Group":
    """Lay out how often each level would have told each role."""
    found = side.simulation.by_level()
    levels = sorted({level for level, _ in found})
    whole, rows = screen.t("合计", "all"), []
    titles = [screen.t("升级打扰(次)", "disturbed (times)"), *(_level(screen, one) for one in levels), whole]
    for role in _roles(found):
        counts = [found[level, role] for level in levels]
        rows.append([word(ROLES, role, screen.lang), *(str(many or "–") for many in counts), str(sum(counts))])
    sums = [sum(many for (of, _), many in found.items() if of == level) for level in levels]
    rows.append([whole, *map(str, sums), str(sum(sums))])
    return stacked(titles, rows, screen.console.width, sums=True)


# ---- one beside another


def _clocks_beside(screen: Screen, before: Side, after: Side) -> "Group":
    """Lay out each clock under both settings, and the difference."""
    t = screen.t
    old, new = t("对照", "base"), t("试算", "new")
    pairs = [t("可判", "judged"), t("超时", "late"), t("超时率 %", "late %"), t("超时中位", "late by, median")]
    judged, late, share, middle = ((f"{pair}\n{old}", f"\n{new}") for pair in pairs)
    titles, rows = [t("计时", "clock"), *judged, *late, t("增减", "more"), *share, *middle], []
    for name in ClockName:
        one, other = (side.simulation.clocks.get(name, NOTHING) for side in (before, after))
        if name in before.simulation.clocks or name in after.simulation.clocks:
            counts = [str(many) for many in (one.judged, other.judged, one.breached, other.breached)]
            more = [_signed(other.breached - one.breached), _percent(one), _percent(other)]
            lengths = [_length(screen, tally.late_at(MIDDLE)) for tally in (one, other)]
            rows.append([word(CLOCKS, name, screen.lang), *counts, *more, *lengths])
    return stacked(titles, rows, screen.console.width, _gap(screen))


def _gap(screen: Screen) -> int:
    return 2 if screen.console.width >= WIDE else 1


def _levels_beside(screen: Screen, before: Side, after: Side) -> "Group":
    """Lay out each level and role under both settings, and the difference."""
    t = screen.t
    old, new = before.simulation.by_level(), after.simulation.by_level()
    titles, rows = [t("升级打扰(次)", "disturbed (times)"), t("对照", "base"), t("试算", "new"), t("增减", "more")], []
    for level, role in sorted(old.keys() | new.keys(), key=lambda one: (one[0], list(Role).index(one[1]))):
        said = f"{_level(screen, level)} {word(ROLES, role, screen.lang)}"
        one, other = old[level, role], new[level, role]
        rows.append([said, str(one), str(other), _signed(other - one)])
    one, other = old.total(), new.total()
    rows.append([t("合计", "all"), str(one), str(other), _signed(other - one)])
    return stacked(titles, rows, screen.console.width, sums=True)


# ---- cells


def _known(side: Side) -> Iterator[tuple[ClockName, Tally]]:
    """Yield the clocks that ran, in the order of the glossary."""
    return ((name, side.simulation.clocks[name]) for name in ClockName if name in side.simulation.clocks)


def _roles(found: dict[tuple[int, Role], int]) -> list[Role]:
    """List the roles that were disturbed, those of lower levels first."""
    return list(dict.fromkeys(role for _, role in sorted(found, key=lambda one: (one[0], list(Role).index(one[1])))))


def _level(screen: Screen, level: int) -> str:
    return screen.t(f"{level} 级", f"L{level}")


def _percent(tally: Tally) -> str:
    share = tally.breached_percent
    return "–" if share is None else f"{share:.1f}"


def _length(screen: Screen, length: timedelta | None) -> str:
    """Say a length of open time, in hours and never in days: a day of an office is no day of the clock on the wall."""
    if length is None:
        return "–"
    if length < HOUR:
        return span(length, screen.lang)
    hours, minutes = divmod(length // MINUTE, 60)
    return screen.t(f"{hours} 时 {minutes:02} 分", f"{hours} h {minutes:02} min")


def _signed(more: int) -> str:
    return f"{more:+}" if more else "0"


# ---- for programs


def _document(sides: Sequence[Side], *, acknowledged: bool) -> dict[str, Any]:
    """Return what was found as a program gets it; lengths in seconds of open time."""
    tried, *others = (_side(side) for side in sides)
    told: dict[str, Any] = {"orders": sides[0].simulation.orders, "acknowledged": acknowledged, **tried}
    told["not_simulated"] = [name.value for name in ClockName if name not in DUTIES]
    return told if not others else {**told, "against": others[0]}


def _side(side: Side) -> dict[str, Any]:
    clocks = [{"clock": name.value, **_tally(tally)} for name, tally in _known(side)]
    counted = sorted(side.simulation.disturbed.items())
    levels = [
        {"clock": clock.value, "level": level, "role": role.value, "times": many}
        for (clock, level, role), many in counted
    ]
    return {"file": side.name, "version": side.version, "clocks": clocks, "disturbed": levels}


def _tally(tally: Tally) -> dict[str, Any]:
    share = tally.breached_percent
    late = {f"late_p{percent}_seconds": _seconds(tally.late_at(percent)) for percent in (MIDDLE, MOST)}
    counts = {"judged": tally.judged, "met": tally.met, "breached": tally.breached}
    percent = None if share is None else round(share, 2)
    return {**counts, "breached_percent": percent, **late, "not_judged": tally.not_judged}


def _seconds(length: timedelta | None) -> float | None:
    return None if length is None else length.total_seconds()
