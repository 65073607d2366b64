"""A damaged file costs its damaged rows only, and says in words what is wrong (INT-22, SEC-06)."""

import csv
import io
import tomllib
from datetime import UTC, datetime
from pathlib import Path

import pytest

from domain.settings.reading import read
from starter.importing import Reject, UnreadableImport, read_rows, write_reject, write_reject_header
from starter.intake import IntakeForm
from starter.rows import MAX_LINE, records

EXAMPLES = Path(__file__).parents[2] / "examples"
SETTINGS = read(tomllib.loads((EXAMPLES / "community.toml").read_text()))
NOW = datetime(2026, 6, 1, 4, tzinfo=UTC)
HEADER, FIRST, SECOND, *_ = (EXAMPLES / "sf311_demo.csv").read_bytes().splitlines(keepends=True)
KEY = FIRST.split(b",")[0].decode()


def imported(*lines):
    return list(read_rows(io.BytesIO(b"".join(lines)), SETTINGS, NOW))


def said(*lines):
    """Line and reason of a reject, key of an intake."""
    return [(row.line, row.reason) if isinstance(row, Reject) else row.external_id for row in imported(*lines)]


DAMAGED = [
    (b"1,2,3\n", "wrong_columns"),
    (FIRST.rstrip(b"\n") + b",more\n", "wrong_columns"),
    (b"\xff\xfe" + FIRST, "not_utf8"),
    (FIRST.replace(b"Phone", b"Ph\xe4ne"), "not_utf8"),
    (FIRST.replace(b"Phone", b"Ph\x00ne"), "nul_byte"),
    (b'"open' + FIRST, "not_csv"),
    (b'"a"b,' + FIRST, "not_csv"),
    (b"x" * 1_000_000 + b"\n", "line_too_long"),
    (FIRST.replace(b"Phone", b"x" * 1_000_000), "line_too_long"),
    (FIRST.replace(b"Phone", b'"' + b"x" * 99_000 + b'"'), None),
    (b'"\n', "quote_not_closed"),
    (b"\x00\n", "wrong_columns"),
]


@pytest.mark.parametrize(("row", "reason"), DAMAGED, ids=lambda one: str(one)[:30])
def test_a_damaged_row_costs_only_itself(row, reason):
    """INT-22: the rows before and after it are taken, and a reject names its line."""
    found = said(HEADER, FIRST, row, SECOND)
    assert found[0] == KEY
    assert found[-1] == SECOND.split(b",")[0].decode()
    assert len(found) == 3
    if reason:
        assert found[1] == (3, reason)


def test_an_open_quote_does_not_swallow_the_rest_of_the_file():
    """INT-22: of 400 rows after it none is lost."""
    rows = [FIRST.replace(KEY.encode(), b"%d" % number) for number in range(400)]
    found = said(HEADER, b'7,"open\n', *rows)
    assert found[0] == (2, "quote_not_closed")
    assert found[1:] == [str(number) for number in range(400)]


def test_a_quote_that_is_never_closed_gives_the_lines_back():
    """INT-22: with their own numbers, also when no other quote ever follows."""
    found = list(records(io.BytesIO(b'a,b\n"x,y\n' + b"c,d\n" * 300)))
    assert found[1] == (2, (), "quote_not_closed")
    assert [record.line for record in found[2:]] == list(range(3, 303))


def test_line_breaks_inside_quotes_belong_to_the_row():
    """INT-22: and the next row still has its own line number."""
    note = SECOND.replace(b"Completed", b'"two\r\nlines, one note"')
    first, second = imported(HEADER, note, b"1,2\n")
    assert isinstance(first, IntakeForm)
    assert first.external_note == "two\r\nlines, one note"
    assert second.line == 4


def test_line_ends_marks_and_empty_lines_do_no_harm():
    """INT-22: Windows line ends, a byte order mark, empty lines, no end on the last line."""
    windows = [line.replace(b"\n", b"\r\n") for line in (HEADER, FIRST, b"\n", SECOND.rstrip(b"\n"))]
    assert said(b"\xef\xbb\xbf", *windows) == [KEY, SECOND.split(b",")[0].decode()]


def test_a_file_is_read_row_by_row():
    """INT-22: the first row is there before the second was read."""

    class Slow(io.BytesIO):
        taken = 0

        def read1(self, size=-1, /):
            Slow.taken += 1
            return super().read1(min(size, 4096))

    rows = [FIRST.replace(KEY.encode(), b"%d" % number) for number in range(3000)]
    found = read_rows(Slow(HEADER + b"".join(rows)), SETTINGS, NOW)
    assert next(found).external_id == "0"
    assert Slow.taken < 10
    found.close()


HEADERS = [
    (b"", "empty", ""),
    (b"\n\n", "empty", ""),
    (b"a,b,c\n1,2,3\n", "missing_columns", "unique_key"),
    (HEADER.replace(b"status_notes", b"notes") + FIRST, "missing_columns", "status_notes"),
    (HEADER.replace(b"source,", b"") + FIRST, "missing_columns", "source"),
    (HEADER.replace(b"source", b"status") + FIRST, "column_twice", "status"),
    (HEADER.decode().encode("utf-16"), "no_header", "UTF-8"),
    (b"PK\x03\x04\x14\x00\x06\x00", "no_header", "UTF-8"),
    (b'"unique_key\n' + FIRST, "no_header", "UTF-8"),
]


@pytest.mark.parametrize(("content", "code", "word"), HEADERS, ids=lambda one: str(one)[:30])
def test_a_file_that_is_no_import_is_refused_as_a_whole(content, code, word):
    """INT-22: in words that name the missing columns, before any row is taken."""
    with pytest.raises(UnreadableImport) as refused:
        imported(content)
    assert refused.value.code == code
    assert word in refused.value.en
    assert refused.value.zh


def test_a_file_that_is_not_there_is_refused_in_words(tmp_path):
    """INT-22."""
    for path in (tmp_path / "none.csv", tmp_path):
        with pytest.raises(UnreadableImport) as refused:
            list(read_rows(path, SETTINGS, NOW))
        assert refused.value.code == "unreadable"


def test_more_columns_than_needed_do_no_harm():
    """INT-22: other extracts of the city have more."""
    assert said(b"extra," + HEADER, b"1," + FIRST) == [KEY]


EVIL = ["=HYPERLINK(1)", "+1", "-1", "@SUM(1)", "\tx", "\rx"]


@pytest.mark.parametrize("cell", EVIL)
def test_no_cell_of_the_rejects_can_run_as_a_formula(cell):
    """SEC-06: an apostrophe stands before it; the file reads back as CSV."""
    text = io.StringIO()
    write_reject_header(text)
    write_reject(text, Reject(7, cell, "not_acceptable", "", "", cell))
    header, row = csv.reader(io.StringIO(text.getvalue(), newline=""))
    assert header == ["line", "column", "reason", "key"]
    assert row == ["7", f"'{cell}", "not_acceptable", f"'{cell}"]


def test_a_reject_shows_its_number_but_nothing_unprintable():
    """SEC-06: numbers come from outside and go to screens."""
    (row,) = imported(HEADER, FIRST.replace(KEY.encode(), b"\x1b[31m5"))
    assert (row.reason, row.key) == ("not_acceptable", "?[31m5")


def test_an_endless_line_is_not_held_in_memory():
    """INT-22: what lies beyond the longest line is dropped, up to its end."""
    found = list(records(io.BytesIO(b"a,b\n" + b"y" * (3 * MAX_LINE) + b"\nc,d\n")))
    assert [(record.line, record.cells, record.fault) for record in found] == [
        (1, ("a", "b"), None),
        (2, (), "line_too_long"),
        (3, ("c", "d"), None),
    ]
