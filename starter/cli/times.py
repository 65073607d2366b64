"""Instants as operators type and read them: local to the community, or RFC 3339 with its zone."""

import re
import unicodedata
from calendar import isleap
from datetime import date, datetime, time, timedelta
from typing import NamedTuple
from zoneinfo import ZoneInfo

from starter.cli import no_time
from starter.cli.errors import Failure, usage

CLOCK = re.compile(r"\d{1,2}:\d{2}(:\d{2})?")
DATE = re.compile(r"(\d{4}-)?\d{1,2}-\d{1,2}")
DATES = ("2026-12-04", "12-04")
"""How a date is written."""
LOCAL = re.compile(r"\d{4}-\d{2}-\d{2}[ T]\d{2}:\d{2}(:\d{2})?")
YEARLESS = re.compile(r"(\d{1,2}-\d{1,2})[ T](\d{1,2}:\d{2}(?::\d{2})?)")
MIDNIGHT = re.compile(r"([\d-]+[ T])?24:00(:00)?")
ZONED = re.compile(r"\d{4}-\d{2}-\d{2}[Tt ]\d{2}:\d{2}:\d{2}(\.\d{1,6})?([Zz]|[+-]\d{2}:\d{2})")
SKEW = timedelta(minutes=1)
DAY = timedelta(days=1)
FIRST_YEAR, LAST_YEAR = 1970, 2200
SOME_LEAP_YEAR, LEAP_DAY = 2024, (2, 29)
LONGEST_WINDOW = timedelta(hours=12)
"""Of two bare times of day."""
LOOK_BACK = timedelta(days=180)
"""A day without a year is the first one from so long ago on: 11-20, typed on 11-27, is last week's, not next year's."""
HOUR = timedelta(hours=1)
SECOND = timedelta(seconds=1)


class Day(NamedTuple):
    """A civil date as it was typed and found well formed; `year` none = the nearest, see `LOOK_BACK`."""

    year: int | None
    month: int
    day: int

    def to_come(self, zone: ZoneInfo, now: datetime) -> date:
        """Return the date meant, today included; 02-29 may be years ahead. Refuses one that has just gone by."""
        today = now.astimezone(zone).date()
        on = self.near(today)
        if self.year is None and on < today:
            raise no_time.over(f"{on:%m-%d}", f"{on}", f"{self.after(today)}")
        return on

    def near(self, today: date) -> date:
        """Return the date meant, be it gone by or to come."""
        return date(self.year, self.month, self.day) if self.year else self._first(today - LOOK_BACK)

    def after(self, today: date) -> date:
        """Return the first such date that lies beyond today."""
        return self._first(today + DAY)

    def _first(self, since: date) -> date:
        years = (year for year in range(since.year, since.year + 9) if self._exists(year))
        return next(on for year in years if (on := date(year, self.month, self.day)) >= since)

    def _exists(self, year: int) -> bool:
        return (self.month, self.day) != LEAP_DAY or isleap(year)


class Dated(NamedTuple):
    """A time of day on a date without a year, as screens show it: 11-26 20:00."""

    day: Day
    clock: time


class Moment(NamedTuple):
    """A time as it was typed and found well formed: an instant, a local date and time, or a local time of day."""

    said: datetime | time | Dated

    def past(self, zone: ZoneInfo, now: datetime) -> datetime:
        """Return the instant meant; of a bare time of day the latest that has begun already."""
        at = self._on(now.astimezone(zone), zone)
        return at - DAY if isinstance(self.said, time) and at > now + SKEW else at

    def until(self, zone: ZoneInfo, now: datetime) -> datetime:
        """Return the instant meant; of a bare time of day the next to come. Refuses a date that has just gone by."""
        at = self._on(now.astimezone(zone), zone)
        if isinstance(self.said, Dated) and at <= now:
            on, clock = self.said.day.after(now.astimezone(zone).date()), f"{at:%H:%M}"
            raise no_time.over(f"{at:%m-%d %H:%M}", f"{at:%Y-%m-%d %H:%M}", f'"{on} {clock}"')
        return at + DAY if isinstance(self.said, time) and at <= now else at

    def before(self, zone: ZoneInfo, end: datetime) -> datetime:
        """Return the instant meant; of a bare time of day the last one before an end."""
        at = self._on(end.astimezone(zone), zone)
        return at - DAY if isinstance(self.said, time) and at >= end else at

    def _on(self, day: datetime, zone: ZoneInfo) -> datetime:
        said = self.said
        if isinstance(said, Dated):
            said = datetime.combine(said.day.near(day.date()), said.clock)
        elif isinstance(said, time):
            said = datetime.combine(day.date(), said)
        return said.replace(tzinfo=zone) if said.tzinfo is None else said


def window(start: Moment, end: Moment, zone: ZoneInfo, now: datetime) -> dict[str, datetime]:
    """Return a window as instants; refuses one without length, and one that was typed the wrong way round.

    A bare time of day belongs to the date at the other end: from 11-30 14:00 until 18:00.
    """
    dated = isinstance(end.said, time) and not isinstance(start.said, time)
    until = end.until(zone, max(now, start.past(zone, now)) if dated else now)
    since = start.before(zone, until)
    if start.said == end.said or since >= until:
        raise no_time.empty_window()
    turned = isinstance(start.said, time) and isinstance(end.said, time) and start.said > end.said
    if turned and until - since > LONGEST_WINDOW:
        raise no_time.turned_window()
    return {"window_start_at": since, "window_end_at": until}


def moment(said: str, option: str) -> Moment:
    """Read a time; what is no time ends with exit code 2 and an example."""
    plain = unicodedata.normalize("NFKC", said).strip()
    if MIDNIGHT.fullmatch(plain):
        raise no_time.midnight(option)
    try:
        if CLOCK.fullmatch(plain):
            return Moment(_clock(plain))
        if found := YEARLESS.fullmatch(plain):
            return Moment(Dated(_day(found[1], option), _clock(found[2])))
        if LOCAL.fullmatch(plain) or ZONED.fullmatch(plain):
            return Moment(_sensible(datetime.fromisoformat(plain.upper()), option))
    except ValueError:
        if nowhere := _no_such_day(plain):
            raise no_time.no_such_day(option, nowhere) from None
    raise no_time.malformed(option)


def _clock(plain: str) -> time:
    return time.fromisoformat(plain.zfill(5) if plain.count(":") == 1 else plain.zfill(8))


def end(said: str, option: str) -> Moment | Day:
    """Read when something ends: a time, or a bare date, which is the close of that day."""
    return day(said, option) if DATE.fullmatch(unicodedata.normalize("NFKC", said).strip()) else moment(said, option)


def day(said: str, option: str) -> Day:
    """Read a civil date, 2026-12-04 or 12-04; what is none ends with exit code 2 and an example."""
    plain = unicodedata.normalize("NFKC", said).strip()
    if not DATE.fullmatch(plain):
        raise malformed_date(option, *DATES)
    try:
        return _day(plain, option)
    except ValueError:
        raise malformed_date(option, *DATES, no_such=plain) from None


def _day(plain: str, option: str) -> Day:
    """Read what has the form of a date; ValueError for a day that no year has."""
    *years, month, on = map(int, plain.split("-"))
    known = _sensible(datetime(years[0] if years else SOME_LEAP_YEAR, month, on), option)  # noqa: DTZ001 - a date
    return Day(years[0] if years else None, known.month, known.day)


def _no_such_day(plain: str) -> str:
    """Return the date with which a text begins if there is no such day, else nothing."""
    said = plain.replace("T", " ").split(" ")[0]
    try:
        _day(said if DATE.fullmatch(said) else "1-1", "")
    except ValueError:
        return said
    return ""


def malformed_date(option: str, *forms: str, no_such: str = "") -> Failure:
    """Refuse what is no date, or a day that no year has, with each form that is one."""
    zh = f"{option}:没有 {no_such} 这一天。" if no_such else f"{option} 的日期无法识别。"
    en = f"{option}: there is no day {no_such}." if no_such else f"{option}: this is no date we can read."
    return usage(
        "malformed-date", zh, en, f"请写成 {' 或 '.join(forms)}。", f"Write {' or '.join(forms)}.", option=option
    )


def _sensible(said: datetime, option: str) -> datetime:
    """Let only years pass in which an estate could stand; the arithmetic of calendars ends at year 1 and 9999."""
    if not FIRST_YEAR <= said.year <= LAST_YEAR:
        zh = f"{option} 的年份须在 {FIRST_YEAR} 至 {LAST_YEAR} 年之间。"
        en = f"{option}: the year must lie between {FIRST_YEAR} and {LAST_YEAR}."
        raise usage("year-out-of-range", zh, en, "请核对年份。", "Check the year.", option=option)
    return said


def shown(at: datetime, zone: ZoneInfo, now: datetime, lang: str) -> str:
    """Show an instant in the community's time, as seen from now: 03:15, 明天 03:15, 11-25 03:15."""
    return _seen(at, zone, now, "明天" if lang == "zh" else "tomorrow")


def within(at: datetime, zone: ZoneInfo, row: datetime, lang: str) -> str:
    """Show an instant within a row that has a date of its own, as seen from there: 03:15, 次日 03:15, 11-25 03:15."""
    return _seen(at, zone, row, "次日" if lang == "zh" else "next day")


def _seen(at: datetime, zone: ZoneInfo, since: datetime, day_after: str) -> str:
    local, day = at.astimezone(zone), since.astimezone(zone).date()
    clock = local.strftime("%H:%M")
    if local.date() == day:
        return clock
    if local.date() == day + DAY:
        return f"{day_after} {clock}"
    return local.strftime("%m-%d %H:%M" if local.year == day.year else "%Y-%m-%d %H:%M")


def stamp(at: datetime, zone: ZoneInfo, now: datetime) -> str:
    """Show an instant of the past, always in the same width while the year is this one."""
    local = at.astimezone(zone)
    return local.strftime("%m-%d %H:%M" if local.year == now.astimezone(zone).year else "%Y-%m-%d %H:%M")


def countdown(at: datetime, now: datetime, lang: str) -> str:
    """Say how long it is until an instant, or since: 还有 14 分, 超时 2 时 05 分; in 14 min, 2 h 05 min over."""
    if at >= now:
        return f"还有 {span(at - now, lang)}" if lang == "zh" else f"in {span(at - now, lang)}"
    return f"超时 {span(now - at, lang)}" if lang == "zh" else f"{span(now - at, lang)} over"


def ticking(at: datetime, now: datetime, lang: str) -> str:
    """Count down to the second: 14:59, 2 时 05 分; past the instant 已超时 3 分 12 秒; 3 min 12 s over.

    00:00 is shown at the very instant, which still is in time.
    """
    if at < now:
        gone = _exact(now - at, lang)
        return f"已超时 {gone}" if lang == "zh" else f"{gone} over"
    left = -((now - at) // SECOND) * SECOND
    return span(left, lang) if left >= HOUR else f"{left // SECOND // 60:02}:{left // SECOND % 60:02}"


def _exact(length: timedelta, lang: str) -> str:
    """Say a length of time, under an hour to the second."""
    minutes, seconds = divmod(length // SECOND, 60)
    if length >= HOUR or not minutes:
        return span(length, lang)
    return f"{minutes} 分 {seconds:02} 秒" if lang == "zh" else f"{minutes} min {seconds:02} s"


def span(length: timedelta, lang: str) -> str:
    """Say a length of time in its two largest units."""
    seconds = int(length.total_seconds())
    days, hours, minutes = seconds // 86400, seconds // 3600 % 24, seconds // 60 % 60
    d, h, m, s = ("天", "时", "分", "秒") if lang == "zh" else ("d", "h", "min", "s")
    if days:
        return f"{days} {d} {hours} {h}"
    if hours:
        return f"{hours} {h} {minutes:02} {m}"
    return f"{minutes} {m}" if minutes else f"{seconds} {s}"


def offset(zone: ZoneInfo, now: datetime) -> str:
    """Name a zone as people write it: UTC+8."""
    minutes = (now.astimezone(zone).utcoffset() or timedelta()) // timedelta(minutes=1)
    sign, rest = ("-" if minutes < 0 else "+"), abs(minutes) % 60
    return f"UTC{sign}{abs(minutes) // 60}" + (f":{rest:02}" if rest else "")
