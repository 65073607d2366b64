"""Import of foreign records: every row becomes one intake or one named rejection (INT-22)."""

import csv
from collections.abc import Iterator
from contextlib import ExitStack, closing
from datetime import datetime
from pathlib import Path
from typing import BinaryIO, NamedTuple, TextIO

from pydantic import ValidationError

from domain.settings.community import CommunityFile
from domain.settings.sources import ImportSource
from starter.intake import IntakeForm
from starter.mapping import Row, columns_of, form_of, rejected_by
from starter.rows import Record, is_utf8, records
from starter.words.system import reason

FORMULA = ("=", "+", "-", "@", "\t", "\r")
"""Beginnings of a cell that a spreadsheet would run (SEC-06)."""

COLUMNS = ("line", "column", "reason", "key")
"""Header of a rejects file."""

SENTENCES = {
    "test_row": ("测试行,不入库", "a test row"),
    "no_key": ("缺少编号", "the number is missing"),
    "no_time": ("时间缺失或无法识别", "the time is missing or can't be read"),
    "wrong_columns": ("列数与表头不符", "the row has not as many columns as the header"),
    "not_utf8": ("不是 UTF-8 文字", "these bytes are not UTF-8"),
    "nul_byte": ("含有空字节(NUL)", "there is a NUL byte"),
    "line_too_long": ("这一行过长", "the line is too long"),
    "quote_not_closed": ("引号没有结束", "a quote is not closed"),
    "not_csv": ("引号使用不符合 CSV 规则", "its quotes do not follow the rules of CSV"),
    "too_long": ("内容过长", "the value is too long"),
    "not_acceptable": ("内容不合要求", "the value does not fit"),
}
"""Sentence of each reason, in Chinese and English."""


class Reject(NamedTuple):
    """One row that became no work order, and why."""

    line: int  # physical line the record begins on
    column: str  # empty = the whole row
    reason: str
    zh: str
    en: str
    key: str  # number of the record in its source, empty when it has none


class UnreadableImport(Exception):  # noqa: N818 - named as the trade says it
    """A file that can't be imported at all; nothing was taken from it."""

    def __init__(self, code: str, zh: str, en: str) -> None:
        self.code, self.zh, self.en = code, zh, en
        super().__init__(en)


def read_rows(source: Path | BinaryIO, community_file: CommunityFile, now: datetime) -> Iterator[IntakeForm | Reject]:
    """Read a file row by row, as its header tells which import of the settings it is; raises `UnreadableImport`."""
    with ExitStack() as open_files:
        stream = open_files.enter_context(_open(source)) if isinstance(source, Path) else source
        found = open_files.enter_context(closing(records(stream)))
        header = _header(found)
        name, rules = _recognised(header, community_file)
        for record in found:
            yield _one(record, header, name, rules, now)


def write_reject_header(stream: TextIO) -> None:
    """Begin a rejects file."""
    csv.writer(stream).writerow(COLUMNS)


def write_reject(stream: TextIO, reject: Reject) -> None:
    """Add one row to a rejects file; no cell of it can run as a formula (SEC-06)."""
    csv.writer(stream).writerow(_harmless(str(getattr(reject, name))) for name in COLUMNS)


def _open(path: Path) -> BinaryIO:
    """Open a file, or say why it can't be opened."""
    try:
        return path.open("rb")
    except OSError as error:
        why = reason(error)
        zh, en = f"无法读取 {path}({why.zh})", f"{path} can't be read ({why.en})"
        raise UnreadableImport("unreadable", zh, en) from None


def _header(found: Iterator[Record]) -> tuple[str, ...]:
    """Take the first record as names of columns."""
    first = next(found, None)
    if first is None:
        raise UnreadableImport("empty", "文件是空的", "the file is empty")
    names = tuple(cell.strip() for cell in first.cells)
    if first.fault or not all(is_utf8(name) and "\x00" not in name for name in names):
        zh, en = "第一行不是可读的表头(UTF-8 CSV)", "line 1 is no readable header (UTF-8 CSV)"
        raise UnreadableImport("no_header", zh, en)
    if len(set(names)) < len(names):
        twice = ", ".join(sorted({name for name in names if names.count(name) > 1}))
        raise UnreadableImport("column_twice", f"列名重复:{twice}", f"columns named twice: {twice}")
    return names


def _recognised(header: tuple[str, ...], file: CommunityFile) -> tuple[str, ImportSource]:
    """Find the import whose columns are all there; otherwise name what the nearest one lacks."""
    lacking = {name: [one for one in columns_of(rules) if one not in header] for name, rules in file.sources.items()}
    if not lacking:
        raise UnreadableImport("no_import", "配置中没有 [import]", "the settings have no [import]")
    name = min(lacking, key=lambda one: len(lacking[one]))
    if lacking[name]:
        words = ", ".join(lacking[name])
        zh, en = f"与导入格式「{name}」相比缺少列:{words}", f"columns missing for import {name}: {words}"
        raise UnreadableImport("missing_columns", zh, en)
    return name, file.sources[name]


def _one(record: Record, header: tuple[str, ...], name: str, rules: ImportSource, now: datetime) -> IntakeForm | Reject:
    """Turn one record into an intake or a rejection."""
    fault = record.fault or ("wrong_columns" if len(record.cells) != len(header) else None)
    if fault:
        return _reject(record.line, "", fault, "")
    cells = dict(zip(header, record.cells, strict=True))
    key = cells[rules.columns.external_id].strip()
    for column, cell in cells.items():
        if not is_utf8(cell):
            return _reject(record.line, column, "not_utf8", key)
        if "\x00" in cell:
            return _reject(record.line, column, "nul_byte", key)
    row = Row(cells, rules, name)
    refused = rejected_by(row)
    if refused:
        return _reject(record.line, refused.column, refused.reason, key)
    try:
        return form_of(row, now)
    except ValidationError as error:
        return _not_acceptable(record.line, error, rules, key)


def _not_acceptable(line: int, error: ValidationError, rules: ImportSource, key: str) -> Reject:
    """Name the column behind the field that the intake did not take."""
    first = error.errors(include_url=False)[0]
    field = str(first["loc"][0])
    columns = {
        "idempotency_key": rules.columns.external_id,
        "address": rules.columns.address_text,
        "text": rules.columns.descriptor,
    }
    reason = "too_long" if first["type"] == "string_too_long" else "not_acceptable"
    return _reject(line, columns.get(field, getattr(rules.columns, field, field)), reason, key)


def _reject(line: int, column: str, reason: str, key: str) -> Reject:
    """Say one rejection; a reason of the settings that has no sentence stands for itself."""
    zh, en = SENTENCES.get(reason, (reason, reason))
    shown = "".join(sign if is_utf8(sign) and sign.isprintable() else "?" for sign in key[:128])
    return Reject(line, column, reason, zh, en, shown)


def _harmless(cell: str) -> str:
    """Put an apostrophe before what a spreadsheet would take for a formula."""
    return f"'{cell}" if cell.startswith(FORMULA) else cell
