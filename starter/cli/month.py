"""A calendar on the screen: months with their open and closed days, hours, holidays, and how sure they are."""

from collections.abc import Iterator, Sequence
from datetime import date, timedelta
from itertools import groupby
from typing import TYPE_CHECKING, Any, NamedTuple
from zoneinfo import ZoneInfo

from domain.settings.arrangements import CalendarEntry
from domain.settings.community import CommunityFile
from domain.timekeeping.almanac import row_between, version_of, week_of
from domain.timekeeping.calendars import Closure, calendar_from
from domain.words import word
from starter.cli.page import grid_of, wrapped
from starter.cli.read_settings import Read
from starter.cli.screen import Screen, styled
from starter.closed_days import closed_runs
from starter.lengths import exact
from starter.words.holidays import holiday
from starter.words.times import DAY_KINDS, DAY_SIGNS, WEEKDAYS

if TYPE_CHECKING:
    from rich.text import Text

TIGHT = 42
"""Below so many columns a day is its number and one sign, nothing in between."""
NAMED = 7
"""So many columns a day has for a name beside its number; a longer one stands among the exceptions alone."""
ROOMY = 76
"""From so many columns on the days of a month have room for the names of holidays."""
STYLES = {
    "statutory": "bold red",
    "bridge": "red",
    "block": "red",
    "community": "magenta",
    "makeup": "bold cyan",
    "weekday": "dim",
}
Minutes = tuple[tuple[int, int], ...]


class Day(NamedTuple):
    """One civil date of a calendar."""

    on: date
    open: Minutes
    kind: str  # open | weekday | statutory | bridge | block | community | makeup
    name: str
    provisional: bool


def zone_of(entry: CalendarEntry) -> ZoneInfo:
    """Return the zone in which a calendar is written."""
    return ZoneInfo(entry.zone)


def days_between(settings: CommunityFile, entry: CalendarEntry, first: date, last: date) -> list[Day]:
    """Return each day of a span as this calendar keeps it."""
    row = row_between(entry, settings.holiday_data, first, last)
    hours = calendar_from(row).hours
    special = {found.on: found for found in row.exceptions}
    days = [first + timedelta(days=n) for n in range((last - first).days + 1)]
    return [_day(entry, on, hours.minutes(on.toordinal()), special.get(on)) for on in days]


def _day(entry: CalendarEntry, on: date, open_: Minutes, special: Any) -> Day:
    usual = "open" if open_ else "weekday"
    sure = entry.confirmed_until is None or on <= entry.confirmed_until
    return Day(on, open_, special.kind if special else usual, special.name if special else "", not sure)


def about(settings: CommunityFile, entry: CalendarEntry) -> dict[str, Any]:
    """Return what a calendar is, without its days."""
    sure = entry.confirmed_until.isoformat() if entry.confirmed_until else None
    found: dict[str, Any] = {"calendar": entry.id, "name": entry.name, "kind": entry.kind, "zone": entry.zone}
    return {
        **found,
        "holidays": entry.holidays,
        "confirmed_until": sure,
        "version": version_of(entry, settings.holiday_data),
    }


def show_one(screen: Screen, read: Read, entry: CalendarEntry, span: tuple[date, date], today: date) -> int:
    """Show a span of one calendar, month by month."""
    days = days_between(read.settings, entry, *span)
    facts = {**about(read.settings, entry), "settings": read.told}
    screen.document(
        {**facts, "from": span[0].isoformat(), "until": span[1].isoformat(), "days": [_facts(day) for day in days]}
    )
    if not screen.json:
        screen.show(read.said(screen), *Months(screen, entry, days, today).lines(facts["version"]))
    return 0


def _facts(day: Day) -> dict[str, Any]:
    about = {"on": day.on.isoformat(), "kind": day.kind, "name": day.name or None}
    return {**about, "open": [_span(one, "-") for one in day.open], "provisional": day.provisional}


def _span(open_: tuple[int, int], dash: str = "–") -> str:
    """Show one stretch of hours: 08:30–12:00, over midnight 20:00–08:00+1."""
    start, end = open_
    over = "+1" if end > 24 * 60 else ""
    last = end - 24 * 60 if over else end
    return f"{start // 60:02}:{start % 60:02}{dash}{last // 60:02}:{last % 60:02}{over}"


class Months:
    """The page of one calendar, from top to bottom."""

    def __init__(self, screen: Screen, entry: CalendarEntry, days: Sequence[Day], today: date) -> None:
        self.screen, self.entry, self.days, self.today = screen, entry, days, today
        self.t, self.lang = screen.t, screen.lang
        self.roomy, self.tight = screen.console.width >= ROOMY, screen.console.width < TIGHT

    def lines(self, version: str) -> list[Any]:
        """Return the whole page."""
        entry, t = self.entry, self.t
        name = f"{entry.name} {entry.id}" if self.lang == "zh" else entry.id
        about = [f"{entry.zone}", t(f"版本 {version}", f"version {version}")]
        head = [styled(name, "bold"), *self.plain(about), *self.sureness()]
        drawn: list[Any] = []
        for _, month in groupby(self.days, key=lambda day: (day.on.year, day.on.month)):
            drawn += self.month(list(month))
        return [*head, *drawn, *self.legend(), *self.usual(), *self.special()]

    def sureness(self) -> "list[Text]":
        """Say how far holidays are announced, and whether days shown lie beyond (CAL-11)."""
        until = self.entry.confirmed_until
        if until is None:
            return [styled(self.t("不受节假日影响", "Holidays change nothing here"), "dim")]
        country = self.entry.holidays
        said = self.t(f"节假日 {country}:已公布至 {until}", f"holidays {country}: confirmed until {until}")
        beyond = self.t(",其后为暂定(标 ?)", "; provisional after that (?)")
        doubtful = any(day.provisional for day in self.days)
        return [styled(said + beyond * doubtful, "yellow" if doubtful else "dim")]

    # ---- the months

    def month(self, days: Sequence[Day]) -> list[Any]:
        """Draw one month, Monday first."""
        from rich.table import Table  # noqa: PLC0415 - rich is slow to import

        first = days[0].on
        title = self.t(f"{first.year} 年 {first.month} 月", f"{first:%Y-%m}")
        table = Table(box=None, pad_edge=False, padding=(0, 1, 0, 0), header_style="dim")
        width = 10 if self.roomy else 4 if self.tight else 5
        for number in range(7):
            table.add_column(word(WEEKDAYS, str(number), self.lang), width=width, no_wrap=True, overflow="ellipsis")
        cells: list[Any] = [""] * first.weekday() + [self.cell(day) for day in days]
        for start in range(0, len(cells), 7):
            week = cells[start : start + 7]
            table.add_row(*week, *[""] * (7 - len(week)))
        return [styled(""), styled(title, "bold"), table]

    def cell(self, day: Day) -> "Text":
        """Draw one day: its number, and what it is."""
        number = f"{day.on.day:>2}{'?' if day.provisional else '' if self.tight else ' '}"
        style = STYLES.get(day.kind, "")
        here = "reverse" if day.on == self.today else ""
        return styled(number, f"{style} {here}".strip()).append(self.mark(day), style)

    def mark(self, day: Day) -> str:
        """Say in as many cells as there are what a day is; an ordinary open one says nothing."""
        if not self.roomy:
            return "" if self.tight and day.provisional else word(DAY_SIGNS, day.kind, self.lang)
        if day.kind == "makeup":
            return self.t("上班", "work")
        from rich.cells import cell_len  # noqa: PLC0415 - rich is slow to import

        name = holiday(day.name, self.lang)
        return name if 0 < cell_len(name) <= NAMED else word(DAY_SIGNS, day.kind, self.lang)

    def legend(self) -> list[Any]:
        """Say what the signs of a narrow month stand for."""
        if self.roomy and self.lang == "zh":
            return []
        named = {"open", "makeup"} if self.roomy else {"open"}  # an open day says what it is by itself
        kinds = [kind for kind in DAY_SIGNS if kind not in named and any(day.kind == kind for day in self.days)]
        said = [f"{word(DAY_SIGNS, kind, self.lang)} {word(DAY_KINDS, kind, self.lang)}" for kind in kinds]
        return self.plain(said)

    # ---- the hours

    def usual(self) -> list[Any]:
        """Return the hours of ordinary weekdays."""
        grid = grid_of(2)
        for open_, weekdays in groupby(_week(self.entry), key=lambda pair: pair[1]):
            days = [self.weekday(number) for number, _ in weekdays]
            said = days[0] if len(days) == 1 else f"{days[0]}–{days[-1]}"
            grid.add_row(styled(f"  {said}"), styled(self.hours(open_)))
        return [styled(""), styled(self.t("开放时间", "Open hours"), "bold"), grid]

    def weekday(self, number: int) -> str:
        """Name a day of the week."""
        return f"{'周' if self.lang == 'zh' else ''}{word(WEEKDAYS, str(number), self.lang)}"

    def hours(self, open_: Minutes) -> str:
        """Say the hours of a day, and how much that is."""
        if not open_:
            return self.t("不开", "closed")
        if open_ == ((0, 24 * 60),):
            return self.t("全天", "round the clock")
        total = timedelta(minutes=sum(end - start for start, end in open_))
        return f"{' '.join(map(_span, open_))} · {exact(total, self.lang)}"

    def special(self) -> list[Any]:
        """Return what differs from the week: holidays by name, make-up days and own exceptions with their hours."""
        rows = sorted([*self.closings(), *self.openings()])
        if not rows:
            return []
        grid = grid_of(2)
        for _, when, what in rows:
            grid.add_row(styled(f"  {when}"), styled(what))
        return [styled(""), styled(self.t("例外", "Exceptions"), "bold"), grid]

    def closings(self) -> Iterator[tuple[date, str, str]]:
        """Yield holidays and own closings, days in a row together."""
        closed = [Closure(day.on, day.name, day.kind) for day in self.days if day.name and not day.open]
        for run in closed_runs(closed):
            when = f"{run.first:%m-%d}" if run.first == run.last else f"{run.first:%m-%d}…{run.last:%m-%d}"
            yield run.first, when, run.said(self.lang)

    def openings(self) -> Iterator[tuple[date, str, str]]:
        """Yield make-up workdays and own openings."""
        for day in self.days:
            if day.open and day.kind != "open":
                name = day.name if day.kind == "community" else word(DAY_KINDS, day.kind, self.lang)
                when = f"{day.on:%m-%d} {self.weekday(day.on.weekday())}"
                yield day.on, when, f"{name} · {self.hours(day.open)}"

    def plain(self, parts: Sequence[str]) -> "list[Text]":
        """Put short parts on as few lines as fit."""
        return [styled(line, "dim") for line in wrapped(parts, self.screen.console.width)]


def _week(entry: CalendarEntry) -> Iterator[tuple[int, Minutes]]:
    """Yield the hours of Monday to Sunday."""
    week = week_of(entry)
    for number in range(7):
        yield number, ((0, 24 * 60),) if entry.kind == "always" else week.get(number, ())
