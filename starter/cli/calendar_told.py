"""Calendars named, faults of a settings file and what of it lapses, and holidays beside the package's, in words."""

from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

from domain.timekeeping.public_holidays import NamedDay, differences, package_version
from domain.words import word
from starter.cli.columns import Column, laid_out
from starter.cli.errors import REFUSED
from starter.cli.month import about
from starter.cli.read_settings import Read
from starter.cli.screen import Screen, styled
from starter.community_file import Placed, facts, remedy, said
from starter.words.holidays import holiday
from starter.words.times import DAY_KINDS, WEEKDAYS

if TYPE_CHECKING:
    from rich.text import Text

WIDE = 100
"""From so many columns on they stand further apart."""


def show_all(screen: Screen, read: Read) -> int:
    """List the calendars with zone, version, and how far their holidays are announced."""
    found = [about(read.settings, entry) for entry in read.settings.calendar]
    screen.document({"settings": read.told, "calendars": found})
    if screen.json:
        return 0
    t = screen.t
    rows = [
        [styled(str(one[name] or "—")) for name in ("calendar", "name", "zone", "confirmed_until", "version")]
        for one in found
    ]
    name, zone = (max(row[place].cell_len for row in rows) for place in (1, 2)) if rows else (20, 13)
    columns = [
        Column(t("日历", "calendar"), 13, 16, 0),
        Column(t("名称", "name"), min(name, 40), 40, 3),
        Column(t("时区", "zone"), min(zone, 20), 20, 2),
        Column(t("已公布至", "sure until"), 10, 10, 0),
        Column(t("版本", "version"), 12, 12, 4),
    ]
    screen.show(laid_out(columns, rows, screen.console.width, 2 if screen.console.width >= WIDE else 1))
    screen.show(read.said(screen))
    screen.show(styled(t("看一个月:huiyin calendar show office", "A month: huiyin calendar show office"), "dim"))
    return 0


def show_check(screen: Screen, path: Path, faults: Sequence[Placed], warnings: Sequence[Placed]) -> int:
    """Show faults and warnings, each with line, key and sentence; exit code 1 when the file would not be used."""
    t, lang = screen.t, screen.lang
    found = {"faults": [facts(one, lang) for one in faults], "warnings": [facts(one, lang) for one in warnings]}
    screen.document({"file": str(path), "ok": not faults, **found})
    screen.show(*(styled(f"✗ {said(path, one, lang)}", "red") for one in faults))
    screen.show(*(styled(f"! {said(path, one, lang)}", "yellow") for one in warnings))
    if faults:
        many = t(
            f"{len(faults)} 处错误;这份配置不会被采用。", f"{len(faults)} faults; these settings would not be used."
        )
        screen.show(styled(many, "bold red"))
        return REFUSED
    for done in dict.fromkeys(remedy(one.fault, lang) for one in warnings):
        screen.show(styled(done, "dim"))
    screen.show(styled(t("✓ 配置没有错误", "✓ no fault in these settings"), "green"))
    return 0


def show_differences(screen: Screen, read: Read, years: Sequence[tuple[str, int]]) -> int:
    """Show the days that only the file or only the package has, year by year."""
    found = {one: differences(read.settings.holiday_data, *one) for one in years}
    screen.document(
        {
            "settings": read.told,
            "package": package_version(),
            "years": [
                {"country": country, "year": year, "differences": [_day(*one) for one in rows]}
                for (country, year), rows in found.items()
            ],
        }
    )
    screen.show(read.said(screen))
    for (country, year), rows in found.items():
        _show_year(screen, f"{country} {year}", rows)
    if not found:
        screen.show(styled(screen.t("配置没有写出任何年份的放假安排。", "These settings write no year out.")))
    return 0


def _day(where: str, day: NamedDay) -> dict[str, Any]:
    return {"only": where, "on": day.on.isoformat(), "name": day.name, "kind": day.kind}


def _show_year(screen: Screen, title: str, rows: Sequence[tuple[str, NamedDay]]) -> None:
    t, package = screen.t, package_version()
    if not rows:
        agree = t(f"✓ {title}  配置与 {package} 一致", f"✓ {title}  the settings and {package} agree")
        screen.show(styled(agree, "green"))
        return
    usual = all((where, day.kind) == ("file", "block") for where, day in rows)
    if usual:
        many = t(
            f"配置与 {package} 一致;只多出假期中的周末 {len(rows)} 天,软件包不列出,属正常",
            f"the settings and {package} agree but for {len(rows)} weekend days within holidays, which it leaves out",
        )
    else:
        many = t(f"配置与 {package} 有 {len(rows)} 天不同", f"the settings and {package} differ in {len(rows)} days")
    columns = [
        Column(t("日期", "date"), 15, 15, 0),
        Column(t("假期", "holiday"), 8, 24, 2),
        Column(t("类别", "kind"), 8, 16, 3),
        Column(t("只见于", "only in"), 8, 16, 0),
    ]
    lines = [_cells(screen, *one) for one in rows]
    head = styled("✓ " * usual + title, "green" if usual else "bold")
    screen.show(head.append(f"  {many}", "" if usual else "not bold"))
    screen.show(laid_out(columns, lines, screen.console.width, 2))


def _cells(screen: Screen, where: str, day: NamedDay) -> "list[Text]":
    t, lang = screen.t, screen.lang
    weekday = word(WEEKDAYS, str(day.on.weekday()), lang)
    when = f"{day.on} 周{weekday}" if lang == "zh" else f"{weekday} {day.on}"
    only = t("配置", "settings") if where == "file" else t("holidays 包", "the package")
    return [styled(when), styled(holiday(day.name, lang)), styled(word(DAY_KINDS, day.kind, lang), "dim"), styled(only)]
