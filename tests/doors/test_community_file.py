"""A settings file on disk is read or refused with file, line and key of every fault (OPS-06)."""

import errno
import re
import tomllib
from pathlib import Path

import pytest

from domain.settings.faults import path_text
from starter.community_file import BadCommunityFile, load
from starter.policy.toml_lines import line_of, lines_of
from starter.words.system import reason

SAMPLE = Path(__file__).parents[2] / "examples" / "community.toml"
TEXT = SAMPLE.read_text()


def refused(folder, content):
    path = folder / "community.toml"
    path.write_bytes(content.encode() if isinstance(content, str) else content)
    with pytest.raises(BadCommunityFile) as bad:
        load(path)
    return bad.value


def places(folder, *changes):
    """Line as it stands in the file, and key, of every fault after some words of the sample were changed once."""
    text = TEXT
    for old, new in changes:
        assert old in text
        text = text.replace(old, new, 1)
    bad = refused(folder, text)
    rows = text.splitlines()
    return [(rows[one.line - 1].strip(), one.fault.path) for one in bad.placed]


def test_the_sample_loads():
    """OPS-01: and so does the same file with a byte order mark or with Windows line ends."""
    assert load(SAMPLE).version == "2026.1"


@pytest.mark.parametrize(
    "dressed", [TEXT.encode("utf-8-sig"), TEXT.replace("\n", "\r\n").encode()], ids=["bom", "crlf"]
)
def test_marks_of_other_editors_do_no_harm(tmp_path, dressed):
    """OPS-06."""
    path = tmp_path / "community.toml"
    path.write_bytes(dressed)
    assert load(path) == load(SAMPLE)


LINES = [
    ('ladder = "fast"', 'ladder = "fsat"', 'ladder = "fsat"', "default.clocks.response.ladder"),
    ('after = "15m", to', 'after = "15", to', "{ level = 2", "ladder[0].levels[1].after"),
    ('"S06", "S02", "SF03"', '"S06", "S82", "SF03"', 'day = ["S06"', "on_call[0].day[1]"),
    (
        'callback = { limit = "33h" }',
        'callback = { limit = "0h" }',
        "callback =",
        "community_policy[0].clocks.callback.limit",
    ),
    ('"立即" = { clock = "verify" }', '"立即" = { clock = "verfy" }', '"立即"', 'vague_words."立即".clock'),
    ('"Mobile/Open311" = "open311"', '"Mobile/Open311" = "open"', "channel =", 'import.sf311.channel."Mobile/Open311"'),
    ("[survey]", "[survy]", "[survy]", "survy"),
    (
        'name = "元旦", from = 2026-01-01',
        'name = "元旦", from = 2026-01-05',
        "{ name =",
        "holiday_data.CN.2026.blocks[0]",
    ),
]


@pytest.mark.parametrize(("old", "new", "row", "path"), LINES, ids=lambda one: one[:30])
def test_every_fault_has_its_line(tmp_path, old, new, row, path):
    """OPS-06: in tables, repeated tables, inline tables and arrays; the right one of several alike."""
    ((found, key),) = places(tmp_path, (old, new))
    assert key == path
    assert found.startswith(row)


def test_the_third_policy_is_the_third_policy(tmp_path):
    """OPS-06: an index counts the tables of one name from 0, and the line is that of the key in that table."""
    before, mark, after = TEXT.partition('id = "ordinary"')
    after = after.replace('response = { limit = "15m"', 'response = { limit = "never"', 1)
    bad = refused(tmp_path, before + mark + after)
    (one,) = bad.placed
    assert one.fault.path == "policy[2].clocks.response.limit"
    assert (before + mark + after).splitlines()[one.line - 1].startswith('response = { limit = "never"')
    assert str(bad) == f"{bad.path}:{one.line}: policy[2].clocks.response.limit: the limit never can't be kept"


def test_a_missing_key_is_placed_at_its_table(tmp_path):
    """OPS-06: never a wrong line in silence; the table's own line when the key does not stand there."""
    assert places(tmp_path, ('team = "quality"\n', "")) == [("[[staff]]", "staff[0].team")]


def test_all_faults_are_told_in_the_order_of_the_file(tmp_path):
    """OPS-06: in both languages."""
    text = TEXT.replace('\nzone = "Asia/Shanghai"', '\nzone = "Asia/Shangai"', 1).replace(
        'limit = "15m"', 'limit = "0m"', 1
    )
    bad = refused(tmp_path, text)
    assert [one.fault.code for one in bad.placed] == ["bad_zone", "bad_limit"]
    assert [one.line for one in bad.placed] == sorted(one.line for one in bad.placed)
    assert bad.lines("zh")[0].endswith("community[0].zone: 「Asia/Shangai」不是有效的时区(IANA 名称)")
    assert bad.lines("en")[1].endswith("default.clocks.response.limit: the limit 0m can't be kept")


UNREADABLE = [("", "empty"), (" \n\n", "empty"), (b"\xff\xfe[\x00", "not_utf8"), ("version = = 1", "syntax")]


@pytest.mark.parametrize(("content", "code"), UNREADABLE, ids=[one[1] for one in UNREADABLE])
def test_what_is_no_settings_file_is_refused_in_words(tmp_path, content, code):
    """OPS-06."""
    bad = refused(tmp_path, content)
    assert [one.fault.code for one in bad.placed] == [code]
    assert str(bad.path) in bad.lines("zh")[0]


def test_a_syntax_error_has_its_line(tmp_path):
    """OPS-06: tomllib's own line."""
    bad = refused(tmp_path, TEXT + "\nx = = 1\n")
    assert bad.placed[0].line == len(TEXT.splitlines()) + 2


WRONG = [
    ("version = = 1", "值无法识别(第 11 列)"),
    ("version", "键后缺少 =(至文件末尾)"),
    ("version = 1\nversion = 2\n", "同一个键写了两次"),
    (TEXT.replace('kind = "weekly"', 'kind = "weakly"'), "'always'、'weekly'"),
    (TEXT.replace("max_attempts = 3", 'max_attempts = "three"'), "应为整数"),
    (TEXT.replace("max_attempts = 3", "max_attempts = 0"), "不得小于 1"),
]


@pytest.mark.parametrize(("text", "told"), WRONG)
def test_what_is_wrong_is_told_in_chinese(tmp_path, text, told):
    """OPS-06: not in the words of the library that found it."""
    lines = refused(tmp_path, text).lines("zh")
    assert any(told in line for line in lines), lines
    assert not re.search("Input|should|Invalid|Expected|Cannot| or ", " ".join(lines))


def test_why_a_file_cannot_be_opened_is_told_in_both_languages():
    """API-08."""
    for number, zh, en in ((errno.ENOENT, "没有这个文件", "no such file"), (errno.EACCES, "没有权限", "no permission")):
        why = reason(OSError(number, "words of the system"))
        assert (zh in why.zh, en in why.en) == (True, True)
    assert reason(OSError(9999, "words of the system")).zh == "系统错误 9999"


def test_a_missing_file_and_a_folder_are_told_apart(tmp_path):
    """OPS-06."""
    for path, code in ((tmp_path / "none.toml", "no_file"), (tmp_path, "a_folder")):
        with pytest.raises(BadCommunityFile) as bad:
            load(path)
        assert bad.value.faults[0].code == code


def keys_of(way, value):
    yield way
    below = value.items() if isinstance(value, dict) else enumerate(value) if isinstance(value, list) else ()
    for key, inner in below:
        yield from keys_of((*way, key), inner)


def test_the_locator_knows_every_key_of_the_sample():
    """OPS-06: what it names is what tomllib reads, nothing less and nothing else."""
    lines = lines_of(TEXT)
    known = {path_text(way) for way in keys_of((), tomllib.loads(TEXT)) if way}
    assert set(lines) <= known
    assert known - set(lines) == {"holiday_data", "holiday_data.CN", "default.clocks", "import"}  # never written alone


TRICKY = """# [no.table]
a = "x # y = [ { ] "   # b = 1
'c.d' = '''
e = 1
'''
f.g = [ # h
  "i", { j = 1, k = [2,
  3] },
]
[[t]]
[t.u]
v = 1979-05-27T07:32:00Z
[[t]]
[[t.w]]
[[t.w]]
x = \"\"\"
[y]\\\"\"\"\"
z = 1
"""


def test_the_locator_is_not_misled():
    """OPS-06: by comments, brackets in strings, long strings, dotted keys, tables within repeated tables."""
    lines = lines_of(TRICKY)
    expected = {"a": 2, '"c.d"': 3, "f.g": 6, "f.g[1].k[1]": 8, "t[0].u.v": 12, "t[1]": 13, "t[1].w[1].x": 16}
    assert {key: lines.get(key) for key in expected} == expected
    assert lines["t[1].w[1].z"] == 18
    assert {path_text(way) for way in keys_of((), tomllib.loads(TRICKY)) if way} >= set(lines)
    assert [line_of(key, lines) for key in ("t[1].w[1].none", "t[0].u.v.q", "gone.far", "")] == [15, 12, None, None]
