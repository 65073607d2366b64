"""Closed days in a row folded into one line: a holiday with its days by kind, or days that are never open."""

from collections.abc import Iterable
from datetime import date, timedelta
from typing import NamedTuple

from domain.timekeeping.calendars import Closure
from domain.words import word
from starter.lengths import day_count
from starter.words.holidays import holiday
from starter.words.times import DAY_KINDS

ONE_DAY = timedelta(days=1)


class ClosedRun(NamedTuple):
    """Closed days in a row under one name, and how many of them are of which kind (CAL-08)."""

    first: date
    last: date
    name: str  # empty for days that are never open
    kinds: tuple[tuple[str, int], ...]

    @property
    def days(self) -> int:
        """How many days."""
        return (self.last - self.first).days + 1

    def said(self, lang: str) -> str:
        """Say which holiday it is, for how many days, of which kinds."""
        counts, many = dict(self.kinds), day_count(self.days, lang)
        kinds = [(word(DAY_KINDS, kind, lang), counts[kind]) for kind in DAY_KINDS if kind in counts]
        if lang == "zh":
            what = [kinds[0][0]] if len(kinds) == 1 else [f"{kind} {count}" for kind, count in kinds]
            return f"{holiday(self.name, lang)} {many}({'、'.join(what)})"
        what = [kinds[0][0]] if len(kinds) == 1 else [f"{count} {kind}" for kind, count in kinds]
        return f"{holiday(self.name, lang)}, {many} ({', '.join(what)})"


def closed_runs(closures: Iterable[Closure]) -> list[ClosedRun]:
    """Fold closed days that follow one another under one name, holidays and plain closed days apart."""
    runs: list[ClosedRun] = []
    for day in closures:
        last = runs[-1] if runs else None
        if last and last.name == day.name and day.on - last.last == ONE_DAY:
            runs[-1] = last._replace(last=day.on, kinds=_counted(last.kinds, day.kind))
        else:
            runs.append(ClosedRun(day.on, day.on, day.name, ((day.kind, 1),)))
    return runs


def _counted(kinds: tuple[tuple[str, int], ...], kind: str) -> tuple[tuple[str, int], ...]:
    counts = dict(kinds)
    return tuple((counts | {kind: counts.get(kind, 0) + 1}).items())
