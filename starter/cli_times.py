"""Instants as operators type and read them: local to the community, or RFC 3339 with its zone."""

import re
import unicodedata
from datetime import datetime, time, timedelta
from typing import NamedTuple
from zoneinfo import ZoneInfo

from starter.cli_errors import Failure, usage

EXAMPLE = "2026-03-01T10:00:00+08:00"
CLOCK = re.compile(r"\d{1,2}:\d{2}(:\d{2})?")
LOCAL = re.compile(r"\d{4}-\d{2}-\d{2}[ T]\d{2}:\d{2}(:\d{2})?")
ZONED = re.compile(r"\d{4}-\d{2}-\d{2}[Tt ]\d{2}:\d{2}:\d{2}(\.\d{1,6})?([Zz]|[+-]\d{2}:\d{2})")
SKEW = timedelta(minutes=1)
DAY = timedelta(days=1)


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


def moment(said: str, option: str) -> Moment:
    """Read a time; what is no time ends with exit code 2 and an example."""
    plain = unicodedata.normalize("NFKC", said).strip()
    try:
        if CLOCK.fullmatch(plain):
            return Moment(time.fromisoformat(plain.zfill(5) if plain.count(":") == 1 else plain.zfill(8)))
        if LOCAL.fullmatch(plain) or ZONED.fullmatch(plain):
            return Moment(datetime.fromisoformat(plain.upper()))
    except ValueError:
        pass
    raise malformed(option)


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
    """Show an instant in the community's time: 03:15, 明天 03:15, 11-25 03:15."""
    local, today = at.astimezone(zone), now.astimezone(zone).date()
    clock = local.strftime("%H:%M")
    if local.date() == today:
        return clock
    if local.date() == today + DAY:
        return f"明天 {clock}" if lang == "zh" else f"tomorrow {clock}"
    return local.strftime("%m-%d %H:%M" if local.year == today.year else "%Y-%m-%d %H:%M")


def stamp(at: datetime, zone: ZoneInfo, now: datetime) -> str:
    """Show an instant of the past, always in the same width while the year is this one."""
    local = at.astimezone(zone)
    return local.strftime("%m-%d %H:%M" if local.year == now.astimezone(zone).year else "%Y-%m-%d %H:%M")


def countdown(at: datetime, now: datetime, lang: str) -> str:
    """Say how long it is until an instant, or since: 还有 14 分, 超时 2 时 05 分; in 14 min, 2 h 05 min over."""
    if at >= now:
        return f"还有 {span(at - now, lang)}" if lang == "zh" else f"in {span(at - now, lang)}"
    return f"超时 {span(now - at, lang)}" if lang == "zh" else f"{span(now - at, lang)} over"


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
