"""Instants as operators type and read them: local to the community, or RFC 3339 with its zone."""

import re
import unicodedata
from calendar import isleap
from datetime import date, datetime, time, timedelta
from typing import NamedTuple
from zoneinfo import ZoneInfo

from starter.cli.errors import Failure, usage

EXAMPLE = "2026-03-01T10:00:00+08:00"
CLOCK = re.compile(r"\d{1,2}:\d{2}(:\d{2})?")
DATE = re.compile(r"(\d{4}-)?(\d{1,2})-(\d{1,2})")
LOCAL = re.compile(r"\d{4}-\d{2}-\d{2}[ T]\d{2}:\d{2}(:\d{2})?")
ZONED = re.compile(r"\d{4}-\d{2}-\d{2}[Tt ]\d{2}:\d{2}:\d{2}(\.\d{1,6})?([Zz]|[+-]\d{2}:\d{2})")
SKEW = timedelta(minutes=1)
DAY = timedelta(days=1)
FIRST_YEAR, LAST_YEAR = 1970, 2200
SOME_LEAP_YEAR, LEAP_DAY = 2024, (2, 29)
LONGEST_WINDOW = timedelta(hours=12)
"""Of two bare times of day."""
HOUR = timedelta(hours=1)
SECOND = timedelta(seconds=1)


class Moment(NamedTuple):
    """A time as it was typed and found well formed: an instant, a local date and time, or a local time of day."""

    said: datetime | time

    def past(self, zone: ZoneInfo, now: datetime) -> datetime:
        """Return the instant meant; of a bare time of day the latest that has begun already."""
        at = self._on(now.astimezone(zone), zone)
        return at - DAY if isinstance(self.said, time) and at > now + SKEW else at

    def until(self, zone: ZoneInfo, now: datetime) -> datetime:
        """Return the instant meant; of a bare time of day the next one to come."""
        at = self._on(now.astimezone(zone), zone)
        return at + DAY if isinstance(self.said, time) and at <= now else at

    def before(self, zone: ZoneInfo, end: datetime) -> datetime:
        """Return the instant meant; of a bare time of day the last one before an end."""
        at = self._on(end.astimezone(zone), zone)
        return at - DAY if isinstance(self.said, time) and at >= end else at

    def _on(self, day: datetime, zone: ZoneInfo) -> datetime:
        said = datetime.combine(day.date(), self.said) if isinstance(self.said, time) else self.said
        return said.replace(tzinfo=zone) if said.tzinfo is None else said


class Day(NamedTuple):
    """A civil date as it was typed and found well formed; one without a year is the next to come."""

    year: int | None
    month: int
    day: int

    def to_come(self, zone: ZoneInfo, now: datetime) -> date:
        """Return the date meant, today included; 02-29 may be years ahead."""
        today = now.astimezone(zone).date()
        years = [self.year] if self.year else range(today.year, today.year + 9)
        known = (date(year, self.month, self.day) for year in years if self._exists(year))
        return next(on for on in known if self.year or on >= today)

    def _exists(self, year: int) -> bool:
        return (self.month, self.day) != LEAP_DAY or isleap(year)


def window(start: Moment, end: Moment, zone: ZoneInfo, now: datetime) -> dict[str, datetime]:
    """Return a window as instants; one that would last for most of a day was typed the wrong way round."""
    until = end.until(zone, now)
    since = start.before(zone, until)
    turned = isinstance(start.said, time) and isinstance(end.said, time) and start.said > end.said
    if turned and until - since > LONGEST_WINDOW:
        raise usage(
            "malformed-window",
            "--from 晚于 --until:时间窗的两端可能写反了。",
            "--from lies after --until: the window seems to be the wrong way round.",
            "例如 --from 14:00 --until 18:00;跨日请写出日期。",
            "For example --from 14:00 --until 18:00; across midnight write the dates.",
            option="--from",
        )
    return {"window_start_at": since, "window_end_at": until}


def moment(said: str, option: str) -> Moment:
    """Read a time; what is no time ends with exit code 2 and an example."""
    plain = unicodedata.normalize("NFKC", said).strip()
    try:
        if CLOCK.fullmatch(plain):
            return Moment(time.fromisoformat(plain.zfill(5) if plain.count(":") == 1 else plain.zfill(8)))
        if LOCAL.fullmatch(plain) or ZONED.fullmatch(plain):
            return Moment(_sensible(datetime.fromisoformat(plain.upper()), option))
    except ValueError:
        pass
    raise malformed(option)


def end(said: str, option: str) -> Moment | Day:
    """Read when something ends: a time, or a bare date, which is the close of that day."""
    return day(said, option) if DATE.fullmatch(unicodedata.normalize("NFKC", said).strip()) else moment(said, option)


def day(said: str, option: str) -> Day:
    """Read a civil date, 2026-12-04 or 12-04; what is none ends with exit code 2 and an example."""
    plain = unicodedata.normalize("NFKC", said).strip()
    found = DATE.fullmatch(plain)
    try:
        if found:
            year = int(found[1][:-1]) if found[1] else None
            some = SOME_LEAP_YEAR if year is None else year  # 0000 was typed, and is no year
            known = _sensible(datetime(some, int(found[2]), int(found[3])), option)  # noqa: DTZ001 - a date
            return Day(year, known.month, known.day)
    except ValueError:
        pass
    raise malformed_date(option, "2026-12-04", "12-04")


def malformed_date(option: str, *forms: str) -> Failure:
    """Refuse what is no date, with each form that is one."""
    zh, en = f"{option} 的日期无法识别。", f"{option}: this is no date we can read."
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


def malformed(option: str) -> Failure:
    """Refuse what is no time, with an example of each form that is one."""
    return usage(
        "malformed-time",
        f"{option} 的时间无法识别。",
        f"{option}: this is no time we can read.",
        f'请写成 03:15、"2026-03-01 03:15"(小区当地时间)或 {EXAMPLE}。',
        f'Write 03:15, "2026-03-01 03:15" (local to the community) or {EXAMPLE}.',
        option=option,
    )


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
