"""Past orders on disk: a CSV of classes and instants, read whole or not at all."""

from collections.abc import Iterator, Mapping, Sequence
from contextlib import closing
from datetime import UTC, datetime
from pathlib import Path
from typing import NamedTuple, TypeVar
from unicodedata import normalize
from zoneinfo import ZoneInfo

from domain.refusals import Refused
from domain.settings.community import CommunityFile
from domain.simulation.past_orders import Act, PastOrder
from domain.simulation.past_terms import Shelf
from domain.vocabulary import ClockName, Kind, Severity
from starter.cli.errors import Failure, short, usage
from starter.cli.no_time import EXAMPLE
from starter.cli.times import FIRST_YEAR, LAST_YEAR, LOCAL, ZONED
from starter.importing import SENTENCES
from starter.rows import Record, is_utf8, records
from starter.words.system import reason

COLUMNS = ("community", "category", "kind", "severity", *(act.value for act in Act), "known_until", "not_judged")
"""Header of a file of past orders; docs/policies.md says what each column means."""
NEEDED = ("community", "category", Act.RECEIVED.value)
"""Columns no order can do without; every other may be left out, and any cell of it empty."""
TOLD = 20
"""So many faults of a file are told; the others are counted."""

One = TypeVar("One", Kind, Severity, ClockName)


class Unfit(Exception):  # noqa: N818 - what is wrong with a cell, on its way to the fault of its line
    """A cell that can't be read: its column, and why in both languages."""

    def __init__(self, column: str, zh: str, en: str) -> None:
        self.column, self.zh, self.en = column, zh, en
        super().__init__(en)


class Fault(NamedTuple):
    """One thing that is wrong with a file: the line it stands in, its column, and the sentence in both languages."""

    line: int
    column: str  # empty = the whole line
    zh: str
    en: str


class Settings(NamedTuple):
    """Settings to try, and the name by which faults speak of them."""

    name: str
    file: CommunityFile
    shelf: Shelf


class Read(NamedTuple):
    """One order and the line it stands in."""

    line: int
    order: PastOrder


def read_past_orders(path: Path, tried: Sequence[Settings]) -> list[PastOrder]:
    """Read a file whose every order each of these settings offers; raises `Failure` with all faults found.

    Local times are those of the order's community in the first settings.
    """
    faults: list[Fault] = []
    found = list(_orders(path, tried[0].file, faults))
    for settings in tried:
        faults += _not_offered(found, settings)
    if not found and not faults:
        faults = [Fault(1, "", "文件中没有工单", "there is no order in it")]
    if faults:
        raise _refused(path, sorted(faults))
    return [one.order for one in found]


def _orders(path: Path, file: CommunityFile, faults: list[Fault]) -> Iterator[Read]:
    """Yield the orders that can be read, and note what is wrong with the others."""
    zones = {name: ZoneInfo(estate.zone) for name, estate in file.communities.items()}
    try:
        with path.open("rb") as stream, closing(records(stream)) as found:
            header = _header(next(found, None), faults)
            for record in found if header else ():
                try:
                    yield Read(record.line, _order(_row(record, header), zones))
                except Unfit as unfit:
                    faults.append(Fault(record.line, unfit.column, unfit.zh, unfit.en))
    except OSError as error:
        why = reason(error)
        zh, en = f"无法读取 {path}({why.zh})。", f"{path} can't be read ({why.en})."
        raise usage("unreadable-file", zh, en, "请核对 --orders。", "Check --orders.", file=str(path)) from None


def _header(first: Record | None, faults: list[Fault]) -> tuple[str, ...]:
    """Return the names of the columns; none when they can't be kept, and then the fault is noted."""
    if first is None:
        faults.append(Fault(1, "", "文件是空的", "the file is empty"))
        return ()
    names = tuple(cell.strip() for cell in first.cells)
    odd = [short(name) for name in names if name not in COLUMNS or names.count(name) > 1]
    missing = [name for name in NEEDED if name not in names]
    known = ", ".join(COLUMNS)
    if odd:
        zh, en = f"列名无法识别或重复:{odd[0]};可用:{known}", f"no such column, or twice: {odd[0]}; known: {known}"
        faults.append(Fault(1, odd[0], zh, en))
    elif missing:
        zh, en = f"缺少列:{', '.join(missing)}", f"columns missing: {', '.join(missing)}"
        faults.append(Fault(1, missing[0], zh, en))
    return () if odd or missing else names


def _row(record: Record, header: tuple[str, ...]) -> Mapping[str, str]:
    """Return the cells of a record by column."""
    fault = record.fault or ("wrong_columns" if len(record.cells) != len(header) else None)
    if fault is None and not is_utf8("".join(record.cells)):
        fault = "not_utf8"
    if fault:
        raise Unfit("", *SENTENCES[fault])
    return {name: cell.strip() for name, cell in zip(header, record.cells, strict=True)}


def _order(row: Mapping[str, str], zones: Mapping[str, ZoneInfo]) -> PastOrder:
    community = _needed(row, "community")
    if community not in zones:
        named = ", ".join(zones)
        raise Unfit("community", f"没有这个小区;可用:{named}", f"there is no such community; known: {named}")
    zone = zones[community]
    known = {act: _instant(row, act.value, zone) for act in Act if row.get(act.value)}
    if Act.RECEIVED not in known:
        _needed(row, Act.RECEIVED.value)
    early = next((act for act, at in known.items() if at < known[Act.RECEIVED]), None)
    if early is not None:
        raise Unfit(early.value, "早于受理时刻", "lies before received_at")
    return PastOrder(
        community,
        _needed(row, "category"),
        _one_of(Kind, row.get("kind"), "kind"),
        _one_of(Severity, row.get("severity"), "severity"),
        known,
        _instant(row, "known_until", zone) if row.get("known_until") else None,
        frozenset(_clocks(row.get("not_judged", ""))),
    )


def _needed(row: Mapping[str, str], column: str) -> str:
    if not row[column]:
        raise Unfit(column, "不能为空", "must not be empty")
    return row[column]


def _one_of(kind: type[One], cell: str | None, column: str) -> One | None:
    """Return one of a closed set; none of an empty cell."""
    if not cell:
        return None
    try:
        return kind(cell)
    except ValueError:
        named = ", ".join(kind)
        raise Unfit(column, f"没有「{short(cell)}」;可用:{named}", f"no {short(cell)}; known: {named}") from None


def _clocks(cell: str) -> Iterator[ClockName]:
    for name in cell.split():
        found = _one_of(ClockName, name, "not_judged")
        if found is not None:
            yield found


def _instant(row: Mapping[str, str], column: str, zone: ZoneInfo) -> datetime:
    """Read a cell: local to the community, or with its zone; of an hour that comes twice the first is meant."""
    try:
        at = datetime.fromisoformat(_well_formed(row[column]))
    except ValueError:
        zh, en = "时间须写成 2026-03-01 10:00 或", "a time is written 2026-03-01 10:00 or"
        raise Unfit(column, f"{zh} {EXAMPLE}", f"{en} {EXAMPLE}") from None
    return (at.replace(tzinfo=zone) if at.tzinfo is None else at).astimezone(UTC)


def _well_formed(cell: str) -> str:
    """Return a date with a time of day as it was written, in plain digits; raises ValueError for everything else."""
    plain = cell if cell.isascii() else normalize("NFKC", cell)
    formed = ZONED.fullmatch(plain) or LOCAL.fullmatch(plain)
    if not formed or not FIRST_YEAR <= int(plain[:4]) <= LAST_YEAR:
        raise ValueError(cell)
    return plain.upper()


def _not_offered(found: Sequence[Read], settings: Settings) -> Iterator[Fault]:
    """Yield a fault for each order whose class some settings do not offer."""
    for line, order in found:
        try:
            settings.shelf.terms(order)
        except Refused as refusal:
            place, name = short(order.community), short(order.category)
            if refusal.code == "unknown-community":
                zh, en = f"{settings.name} 中没有小区 {place}", f"{settings.name} has no community {place}"
                yield Fault(line, "community", zh, en)
                continue
            zh, en = f"{settings.name} 中 {place} 没有类别 {name}", f"{settings.name} has no {name} in {place}"
            yield Fault(line, "category", zh, en)


def _refused(path: Path, faults: Sequence[Fault]) -> Failure:
    """Tell what is wrong, a line each."""
    zh, en = (_lines(path, faults, lang) for lang in ("zh", "en"))
    more = len(faults) - TOLD
    zh += f"\n  另有 {more} 处" if more > 0 else ""
    en += f"\n  and {more} more" if more > 0 else ""
    remedy = (
        "请改正后重试;各列的含义见 docs/policies.md。",
        "Mend it and try again; docs/policies.md tells the columns.",
    )
    told = [fault._asdict() for fault in faults[:TOLD]]
    return usage(
        "bad-orders-file", f"往日工单无法采用:\n{zh}", f"These orders can't be used:\n{en}", *remedy, faults=told
    )


def _lines(path: Path, faults: Sequence[Fault], lang: str) -> str:
    told = ((fault, fault.zh if lang == "zh" else fault.en) for fault in faults[:TOLD])
    return "\n".join(
        "  " + ": ".join(part for part in (f"{path}:{fault.line}", fault.column, sentence) if part)
        for fault, sentence in told
    )
