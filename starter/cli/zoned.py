"""Instants as one calendar reads them: exact, with weekday, with the offset where clocks are changed (CAL-09)."""

from datetime import date, datetime
from zoneinfo import ZoneInfo

from domain.words import word
from starter.cli.times import offset
from starter.words.times import WEEKDAYS


class Zoned:
    """Shows instants in one zone; `among` are those shown: if clocks are changed among them, offsets are told."""

    def __init__(self, zone: ZoneInfo, now: datetime, lang: str, *among: datetime) -> None:
        self.zone, self.lang = zone, lang
        self.year = now.astimezone(zone).year
        self.shifts = len({at.astimezone(zone).utcoffset() for at in among}) > 1

    def day(self, on: date) -> str:
        """Show a civil date with its day of the week."""
        weekday = word(WEEKDAYS, str(on.weekday()), self.lang)
        return f"{self.dated(on)} 周{weekday}" if self.lang == "zh" else f"{weekday} {self.dated(on)}"

    def dated(self, on: date) -> str:
        """Show a date; the year only where it is another one."""
        return f"{on:%m-%d}" if on.year == self.year else f"{on}"

    def time(self, at: datetime) -> str:
        """Show a time of day, exactly; with its offset where clocks are changed in between (CAL-09)."""
        local = at.astimezone(self.zone)
        seconds = f"{local:%H:%M:%S}.{local.microsecond:06}".rstrip("0").rstrip(".")
        shown = f"{local:%H:%M}" if not (local.second or local.microsecond) else seconds
        return f"{shown} {offset(self.zone, at)}" if self.shifts else shown

    def at(self, at: datetime) -> str:
        """Show an instant, exactly."""
        return f"{self.day(at.astimezone(self.zone).date())} {self.time(at)}"

    def minute(self, at: datetime) -> str:
        """Show an instant to the minute, with its day of the week."""
        local = at.astimezone(self.zone)
        offset_too = f" {offset(self.zone, at)}" if self.shifts else ""
        return f"{self.day(local.date())} {local:%H:%M}{offset_too}"

    def short(self, at: datetime) -> str:
        """Show an instant to the minute."""
        local = at.astimezone(self.zone)
        return f"{self.dated(local.date())} {local:%H:%M}"
