"""The CSV of a house ledger: read whole, each line taken or named with why not."""

import csv
from collections.abc import Collection, Iterator, Sequence
from io import BytesIO
from pathlib import Path
from typing import NamedTuple, TextIO

from domain.settings.house_ledger import FIELDS, Line, Unfit, fitting, line_of
from starter.cli.errors import Failure, short, usage
from starter.rows import Record, encoding_of, is_utf8, records
from starter.words.ledger import CHOICES, COLUMNS, REASONS, column_name

SEPARATORS = str.maketrans("、;,|/;，", "       ")
"""Between the groups of one person."""
CODES = {
    field: {name.lower(): code for code, pair in table.items() for name in (*pair, code)}
    for field, table in CHOICES.items()
}
"""By field, what a cell may hold: words of both languages, and codes."""
REJECTS = ("line", "field", "reason", "what", "remedy")
"""Header of a rejects file. No cell of a line goes there: it would be personal data in one more place."""


class LedgerFile(NamedTuple):
    """What stands in a file: the lines that fit, in their order, and the others with why not."""

    lines: Sequence[Line]
    rejected: Sequence[tuple[int, Unfit]]


def read_ledger(path: Path, buildings: Collection[str]) -> LedgerFile:
    """Read a ledger of a community with these buildings; raises `Failure` for a file that is none."""
    try:
        content = path.read_bytes()
    except OSError as error:
        zh, en = (
            f"无法读取 {short(path.name)}({error.strerror})。",
            f"{short(path.name)} can't be read ({error.strerror}).",
        )
        raise usage("ledger-unreadable", zh, en, "请核对文件位置。", "Check where the file is.") from None
    found = records(BytesIO(content), encoding_of(content))
    header = _header(next(found, None))
    rejected: list[tuple[int, Unfit]] = []
    lines = list(fitting(_lines(found, header, buildings, rejected), rejected))
    return LedgerFile(lines, sorted(rejected, key=lambda one: one[0]))


def write_rejects(stream: TextIO, rejected: Sequence[tuple[int, Unfit]], lang: str) -> None:
    """Write the rejects with what is wrong and what to do, in `zh` or `en`."""
    out = csv.writer(stream)
    out.writerow(REJECTS)
    for number, unfit in rejected:
        reason = REASONS[unfit.reason]
        field = column_name(unfit.field, lang)
        out.writerow((number, field, unfit.reason, reason.said.said(lang), reason.remedy.said(lang)))


def _lines(
    found: Iterator[Record], header: Sequence[str], buildings: Collection[str], rejected: list[tuple[int, Unfit]]
) -> Iterator[Line]:
    """Yield the lines that can be read by themselves, and note the others."""
    for record in found:
        if not any(cell.strip() for cell in record.cells) and not record.fault:
            continue
        try:
            yield _line(record, header, buildings)
        except Unfit as unfit:
            rejected.append((record.line, unfit))


def _line(record: Record, header: Sequence[str], buildings: Collection[str]) -> Line:
    fault = record.fault or ("wrong_columns" if len(record.cells) != len(header) else None)
    if fault:
        raise Unfit("", fault)
    cells = dict(zip(header, record.cells, strict=True))
    for field, cell in cells.items():
        if not is_utf8(cell):
            raise Unfit(field, "not_text")
        if not cell.strip().isprintable():
            raise Unfit(field, "line_break" if len(cell.strip().splitlines()) > 1 else "control_sign")
    said = {field: code_of(field, cell) if field in CODES else cell for field, cell in cells.items()}
    groups = [code_of("groups", one) for one in cells.get("groups", "").translate(SEPARATORS).split()]
    return line_of(record.line, {**said, "groups": groups}, buildings)


def code_of(field: str, said: str) -> str:
    """Return the code of a word in either language; what is no such word stands for itself."""
    plain = said.strip().lower()
    return CODES[field].get(plain, plain)


def _header(first: Record | None) -> tuple[str, ...]:
    """Return the fields of the columns; refuses a file that is no ledger, naming each column that is none of one."""
    if first is None:
        raise _no_ledger("empty", "文件是空的", "the file is empty")
    if first.fault or not all(is_utf8(cell) for cell in first.cells):
        raise _no_ledger("no-header", "第一行不是可读的表头", "line 1 is no header that can be read")
    names = [cell.strip() for cell in first.cells]
    fields = tuple(_field(name) or "" for name in names)
    unknown = [short(name) for name, field in zip(names, fields, strict=True) if not field]
    if unknown:
        raise _no_ledger(
            "unknown-column", f"没有这样的列:{'、'.join(unknown)}", f"no such column: {', '.join(unknown)}"
        )
    twice = [field for field in FIELDS if fields.count(field) > 1]
    if twice:
        zh = "、".join(column_name(one, "zh") for one in twice)
        raise _no_ledger("column-twice", f"列重复:{zh}", f"a column is there twice: {', '.join(twice)}")
    if "room" not in fields:
        raise _no_ledger("missing-column", "缺少列:房号", "the column room is missing")
    return fields


def _field(name: str) -> str | None:
    return next((field for field in FIELDS if name.lower() == field or name in COLUMNS[field]), None)


def _no_ledger(code: str, zh: str, en: str) -> Failure:
    zh_known = " ".join(column_name(one, "zh") for one in FIELDS)
    remedy = (f"可用的列: {zh_known} (只有房号必填)。", f"Columns: {', '.join(FIELDS)}; only room must be there.")
    return usage(f"ledger-{code}", f"不是房屋台账:{zh}。", f"This is no house ledger: {en}.", *remedy)
