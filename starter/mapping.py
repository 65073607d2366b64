"""From the cells of a foreign record to the fields of an intake, by the rules of `[import.*]` in the settings."""

import math
import re
from collections.abc import Iterator, Mapping
from datetime import UTC, datetime, timedelta
from typing import NamedTuple
from zoneinfo import ZoneInfo

from domain.settings.sources import FlagRule, ImportSource, MappingEntry, RejectRule, UnknownRow
from domain.vocabulary import Channel
from starter.intake import IntakeForm

BACK_DATING = timedelta(hours=24)
"""How old the original instant may be to count as the reception (INT-13)."""
DEGREES = (90.0, 180.0)
"""Largest latitude and longitude."""
ADDRESS = 200
"""Longest address of an intake, in characters."""


class Row(NamedTuple):
    """One record and the rules it is read by."""

    cells: Mapping[str, str]
    rules: ImportSource
    source: str  # sf311

    def cell(self, column: str) -> str:
        """Return a value with every run of blanks and line breaks made one blank."""
        return " ".join(self.cells.get(column, "").split())


class Instant(NamedTuple):
    """A local time of the file as an instant, and what had to be assumed."""

    at: datetime
    flags: tuple[str, ...]


def columns_of(rules: ImportSource) -> tuple[str, ...]:
    """Name every column the rules read, each once."""
    named = [name for name in rules.columns.model_dump().values() if name]
    named += [*rules.area_from, *(rule.column for rule in rules.reject), *(rule.column for rule in rules.flag)]
    named += [rule.before for rule in rules.flag if rule.before]
    return tuple(dict.fromkeys(named))


def rejected_by(row: Row) -> RejectRule | None:
    """Return the first rule that refuses a row."""
    return next((rule for rule in row.rules.reject if _refuses(row, rule)), None)


def form_of(row: Row, now: datetime) -> IntakeForm:
    """Fill in the intake of a row; raises pydantic's `ValidationError` for a value no intake can hold."""
    columns, rules = row.rules.columns, row.rules
    mapped = _mapped(row)
    created = instant_of(row, columns.external_created_at)
    lat, long = _position(row)
    channel = rules.channel.get(row.cell(columns.channel))
    fresh = created is not None and timedelta() <= now - created.at <= BACK_DATING
    return IntakeForm(
        community=rules.community,
        channel=channel or rules.unknown.channel,
        text=_text(row),
        category=mapped.to,
        kind=mapped.kind,
        severity=mapped.severity,
        address=row.cell(columns.address_text) or None,
        received_at=created.at if created and fresh else None,
        back_dated_because=f"import {row.source}" if fresh else None,
        external_id=row.cell(columns.external_id),
        external_created_at=created.at if created else None,
        external_note=row.cells[columns.external_note].strip() or None,
        area=next((row.cell(name) for name in rules.area_from if row.cell(name)), None),
        lat=lat,
        long=long,
        media=tuple(filter(None, (row.cell(columns.media),))),
        flags=tuple(dict.fromkeys(_flags(row, mapped, channel, created))),
        idempotency_key=rules.key.replace("{unique_key}", row.cell(columns.external_id)),
    )


def instant_of(row: Row, column: str) -> Instant | None:
    """Read a local time of the source's zone, its offset ignored; None when it can't be read.

    An hour the clocks skip is shifted forward; of an hour they run twice the first is meant. Both are flagged.
    """
    try:
        local = datetime.fromisoformat(row.cell(column)).replace(tzinfo=ZoneInfo(row.rules.zone), fold=0)
        at = local.astimezone(UTC)
    except (ValueError, OverflowError):
        return None
    flags = ["zone_assumed"]
    if local.utcoffset() != local.replace(fold=1).utcoffset():
        exists = at.astimezone(local.tzinfo).replace(tzinfo=None) == local.replace(tzinfo=None)
        flags.append("time_existing_twice" if exists else "time_not_existing")
    return Instant(at, tuple(flags))


def _mapped(row: Row) -> MappingEntry | UnknownRow:
    """Return the first line of the mapping that fits, else what the settings say of unknown rows."""
    return next((entry for entry in row.rules.mapping if _fits(row, entry)), row.rules.unknown)


def _fits(row: Row, entry: MappingEntry) -> bool:
    """Tell whether a line of the mapping fits: category and type equal, descriptor by its beginning, "" only empty."""
    columns = row.rules.columns
    if entry.category is not None and " ".join(entry.category.split()) != row.cell(columns.category):
        return False
    if entry.type is not None and " ".join(entry.type.split()) != row.cell(columns.type):
        return False
    found = row.cell(columns.descriptor)
    if entry.descriptor is None:
        return True
    return found.startswith(entry.descriptor) if entry.descriptor else not found


def _refuses(row: Row, rule: RejectRule) -> bool:
    """Tell whether a rule refuses a row."""
    if rule.unreadable and instant_of(row, rule.column) is None:
        return True
    return rule.pattern is not None and _matches(rule.pattern, row.cell(rule.column))


def _matches(pattern: str, value: str) -> bool:
    """Match the whole value, whatever its case."""
    return re.fullmatch(pattern, value, re.IGNORECASE) is not None


def _flags(
    row: Row, mapped: MappingEntry | UnknownRow, channel: Channel | None, created: Instant | None
) -> Iterator[str]:
    """Name everything an operator or a figure must know of a row."""
    if mapped.flag:
        yield mapped.flag
    if channel is None:
        yield row.rules.unknown.flag
    yield from created.flags if created else ()
    yield from (rule.flag for rule in row.rules.flag if _flagged(row, rule))


def _flagged(row: Row, rule: FlagRule) -> bool:
    """Tell whether a flag rule fits a row."""
    if rule.before is not None:
        earlier, later = instant_of(row, rule.column), instant_of(row, rule.before)
        return earlier is not None and later is not None and earlier.at < later.at
    return rule.pattern is not None and _matches(rule.pattern, row.cell(rule.column))


def _position(row: Row) -> tuple[float | None, float | None]:
    """Return latitude and longitude, or neither: when unreadable, off the globe, or the pair that means unknown."""
    try:
        pair = (float(row.cell(row.rules.columns.lat)), float(row.cell(row.rules.columns.long)))
    except ValueError:
        return None, None
    on_globe = all(math.isfinite(value) and abs(value) <= most for value, most in zip(pair, DEGREES, strict=True))
    return pair if on_globe and pair != row.rules.position_unknown else (None, None)


def _text(row: Row) -> str:
    """Compose the words of a matter, because the source has none: kind, detail, service and place."""
    columns = row.rules.columns
    kind = row.cell(columns.type).rstrip(" -")
    detail = row.cell(columns.descriptor).replace(" - ", " – ").replace("_", " ")
    what = detail if kind in detail else " – ".join(part for part in (kind, detail) if part)
    what = what or "Record of another system"
    service = row.cell(columns.category) if row.cell(columns.category) not in what else ""
    place = row.cell(columns.address_text)[:ADDRESS]
    return what + (f" ({service})" if service else "") + (f": {place}" if place else "")
