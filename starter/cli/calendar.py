"""`huiyin calendar`: open time as a month, faults and lapsing holiday data, own holidays beside the package's.

None of it needs a server or the network (CAL-12); where the house is up, what is in force is shown.
"""

from datetime import date, timedelta
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

from starter.cli import input as cli_input
from starter.cli import times as cli_times
from starter.cli.errors import Failure, short, usage
from starter.cli.options import Json, Lang, argument, option
from starter.cli.options import OptionalText as Text
from starter.cli.screen import Screen

if TYPE_CHECKING:
    from domain.settings.community import CommunityFile

LONGEST = timedelta(days=400)
"""So many days are drawn at most: as far as the terms of an order know their exceptions (design 4a.3)."""
FIRST_YEAR, LAST_YEAR = 1970, 2200
NO_FILE = frozenset({"no_file", "a_folder", "unreadable", "not_utf8"})
"""Faults of what was named, not of what stands in it."""
SHOW = "huiyin calendar show office --month 2026-10"
CHECK = "huiyin calendar check --file community.toml"
DIFF = "huiyin calendar diff --year 2026"
File = Annotated[Text, option("--file", "FILE", "配置文件,默认取现行配置", "Settings file [those in force].")]


Checked = Annotated[
    Text, option("--file", "FILE", "配置文件,默认取 HUIYIN_COMMUNITY", "Settings file [HUIYIN_COMMUNITY].")
]


def show(
    calendar: Annotated[Text, argument("CALENDAR", "日历代码,不填列出全部", "Calendar; all when left out.")] = None,
    month: Annotated[Text, option("--month", "MONTH", "月份,如 2026-10,默认本月", "Such as 2026-10.")] = None,
    start: Annotated[Text, option("--from", "DATE", "起始日期", "First date.")] = None,
    end: Annotated[Text, option("--until", "DATE", "结束日期", "Last date.")] = None,
    file: File = None,
    json: Json = False,
    lang: Lang = None,
) -> int:
    """Show a calendar as months, or name all there are."""
    from starter.cli import month as cli_month  # noqa: PLC0415 - help needs none of it
    from starter.cli.calendar_told import show_all  # noqa: PLC0415 - the same
    from starter.cli.door import no_such, now  # noqa: PLC0415 - the same
    from starter.cli.read_settings import read_settings  # noqa: PLC0415 - the same

    screen = Screen.of(lang, json_wanted=json)
    read = read_settings(file)
    if calendar is None:
        return show_all(screen, read)
    entry = next((one for one in read.settings.calendar if calendar.strip() in {one.id, one.name}), None)
    if entry is None:
        zh = f"{read.which('zh')}中没有日历「{short(calendar)}」。"
        en = f"There is no calendar {short(calendar)} ({read.which('en')})."
        raise no_such("unknown-calendar", zh, en, list(read.settings.calendars))
    today = now().astimezone(cli_month.zone_of(entry)).date()
    return cli_month.show_one(screen, read, entry, days_of(month, start, end, today), today)


def check(file: Checked = None, json: Json = False, lang: Lang = None) -> int:
    """Check a settings file: every fault with its line, and calendars whose holiday data end soon (CAL-11)."""
    from starter.cli.calendar_told import show_check  # noqa: PLC0415 - help needs none of it
    from starter.cli.door import now  # noqa: PLC0415 - the same
    from starter.community_file import BadCommunityFile, lapses, load  # noqa: PLC0415 - the same

    screen, path = Screen.of(lang, json_wanted=json), path_of(file)
    try:
        settings = load(path)
    except BadCommunityFile as bad:
        if {one.fault.code for one in bad.placed} & NO_FILE:
            raise
        return show_check(screen, path, bad.placed, ())
    return show_check(screen, path, (), lapses(path, settings, now()))


def diff(
    year: Annotated[Text, option("--year", "YEAR", "年份,默认配置中写出的各年", "Default: all written out.")] = None,
    file: File = None,
    json: Json = False,
    lang: Lang = None,
) -> int:
    """List where the file's own holidays and those of the `holidays` package differ (CAL-12)."""
    from starter.cli.calendar_told import show_differences  # noqa: PLC0415 - help needs none of it
    from starter.cli.read_settings import read_settings  # noqa: PLC0415 - the same

    screen = Screen.of(lang, json_wanted=json)
    only = cli_input.count(year, "--year", FIRST_YEAR, LAST_YEAR)
    read = read_settings(file)
    written = _written(read.settings)
    if only is not None and only not in {one for _, one in written}:
        known = ", ".join(sorted({str(one) for _, one in written}))
        zh, en = f"配置没有写出 {only} 年的放假安排。", f"The settings do not write {only} out."
        raise Failure(
            "year-not-written",
            zh,
            en,
            f"该年取自 holidays 包,无可比较;写出的年份:{known or '无'}。",
            f"That year comes from the package alone. Written out: {known or 'none'}.",
            facts={"year": only, "allowed": known},
        )
    return show_differences(screen, read, [one for one in written if only in {None, one[1]}])


def path_of(typed: str | None) -> Path:
    """Return the settings file meant: as typed, else as every other command finds it."""
    if typed is not None:
        return Path(typed).expanduser()
    from starter.cli.door import settings_of  # noqa: PLC0415 - brings the engine's SDK with it

    return settings_of().settings_file()


def _written(settings: "CommunityFile") -> list[tuple[str, int]]:
    """List the countries and years whose arrangement the file writes out."""
    return [(country, int(year)) for country, years in settings.holiday_data.items() for year in sorted(years)]


def days_of(month: str | None, start: str | None, end: str | None, today: date) -> tuple[date, date]:
    """Return the first and the last day wanted: of a month, of a span, or of the month we are in."""
    if month is not None and (start or end):
        zh, en = "--month 不能与 --from、--until 同用。", "--month goes without --from and --until."
        raise usage("usage", zh, en, f"例如:{SHOW}", f"For example: {SHOW}")
    if start is None and end is None:
        first = _month(month) if month is not None else today.replace(day=1)
        return first, _last_of(first)
    first = _date(start, "--from") if start else today
    last = _date(end, "--until") if end else _last_of(first)
    if not first <= last <= first + LONGEST:
        zh = f"--until 须不早于 --from,且不超过 {LONGEST.days} 天。"
        en = f"--until must not lie before --from, nor more than {LONGEST.days} days after it."
        example = "--from 2026-10-01 --until 2026-10-31"
        raise usage("malformed-span", zh, en, f"例如 {example}。", f"For example {example}.", option="--until")
    return first, last


def _month(typed: str) -> date:
    try:
        found = cli_times.day(f"{typed.strip()}-01", "--month")
    except Failure as failure:
        if failure.code == "year-out-of-range":
            raise
        found = None
    if found is None or found.year is None:
        zh, en = "--month 的月份无法识别。", "--month: this is no month we can read."
        raise usage("malformed-month", zh, en, "请写成 2026-10。", "Write 2026-10.", option="--month")
    return date(found.year, found.month, 1)


def _date(typed: str, name: str) -> date:
    """Read a whole date: a calendar is looked at backwards as well as ahead, so no year is guessed."""
    said = cli_times.day(typed, name)
    if said.year is None:
        raise cli_times.malformed_date(name, "2026-12-04")
    return date(said.year, said.month, said.day)


def _last_of(first: date) -> date:
    return (first.replace(day=1) + timedelta(days=31)).replace(day=1) - timedelta(days=1)
