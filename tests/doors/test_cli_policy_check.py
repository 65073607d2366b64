"""`huiyin policy check`: everything wrong with a file at once, with line, key, code and remedy (CLK-33, OPS-06)."""

import json
from typing import NamedTuple

import pytest
from rich.cells import cell_len

from starter.cli.main import run
from starter.opening import sample_community

SAMPLE = sample_community().read_text(encoding="utf-8")
REFUSED = ('after = "15m", to', 'after = "90m", to')
CONTRADICTION = ('skill = "elevator"\nphotos = "optional"', 'skill = "elevators"\nphotos = "optional"')


class Ran(NamedTuple):
    code: int
    out: str
    err: str

    @property
    def document(self):
        return json.loads(self.out)


@pytest.fixture
def check(capsys, monkeypatch, tmp_path):
    """`check(…)`: the sample with some words changed, checked in this process; it needs no server."""
    monkeypatch.setenv("NO_COLOR", "1")
    monkeypatch.delenv("HUIYIN_LANG", raising=False)

    def checked(*words, changes=(), columns=80) -> Ran:
        monkeypatch.setenv("COLUMNS", str(columns))
        text = SAMPLE
        for old, new in changes:
            assert old in text
            text = text.replace(old, new, 1)
        path = tmp_path / "new.toml"
        path.write_text(text, encoding="utf-8")
        code = run(["policy", "check", str(path), *words])
        return Ran(code, *capsys.readouterr())

    return checked


def test_the_sample_has_nothing_wrong(check):
    """OPS-01: and the exit code says so."""
    ran = check("--json")
    assert (ran.code, ran.err) == (0, "")
    told = ran.document
    assert (told["ok"], told["loads"], told["whole"], told["refused"], told["contradictions"]) == (
        True,
        True,
        True,
        [],
        [],
    )
    assert "没有错误" in check().out


def test_a_contradiction_has_its_line_key_code_and_remedy(check):
    """DSP-01: exit code 1, though the file would load."""
    ran = check("--json", "--lang", "en", changes=[CONTRADICTION])
    told = ran.document
    [found] = told["contradictions"]
    assert (ran.code, told["ok"], told["loads"], told["refused"]) == (1, False, True, [])
    assert (found["key"], found["code"]) == ("category[4].skill", "nobody_skilled")
    assert SAMPLE.replace(*CONTRADICTION).splitlines()[found["line"] - 1] == 'skill = "elevators"'
    assert "elevators" in found["message"]
    assert found["remedy"]


NIGH = ("2026-09-20, 2026-10-10]", "2026-09-20, 2026-10-02]")


@pytest.mark.parametrize(("lang", "words"), [("zh", "另见第 {} 行"), ("en", "see also line {}")])
def test_a_day_that_is_two_things_is_told_with_both_lines(check, lang, words):
    """CAL-05, OPS-06: a make-up day on National Day."""
    rows = SAMPLE.splitlines()
    holiday = next(at for at, row in enumerate(rows, start=1) if "国庆节" in row and "from" in row)
    ran = check("--lang", lang, changes=[NIGH])
    assert (ran.code, words.format(holiday) in ran.out) == (1, True), ran.out
    [found] = check("--json", changes=[NIGH]).document["refused"]
    assert rows[found["line"] - 1].startswith("makeup_workdays")
    assert found["also"] == [{"line": holiday, "key": "holiday_data.CN.2026.blocks[6]"}]


@pytest.mark.parametrize(
    ("lang", "words"), [("zh", ("错误", "矛盾", "技能")), ("en", ("Faults: 1", "Contradictions: 1", "skill"))]
)
def test_faults_and_contradictions_are_told_together(check, lang, words):
    """OPS-06: both languages, what loading refuses first, within 80 columns."""
    ran = check("--lang", lang, changes=[REFUSED, CONTRADICTION])
    assert (ran.code, ran.err) == (1, "")
    assert all(word in ran.out for word in words)
    assert ran.out.index("ladder_order") < ran.out.index("nobody_skilled")
    assert ran.out.count("→") == 2
    assert "…" not in ran.out
    assert max(cell_len(line) for line in ran.out.splitlines()) <= 80


TOO_LARGE = ('handling = { limit = "3wd", calendar = "office"', 'handling = { limit = "3wd", calendar = "stores"')
SUMS = [
    (TOO_LARGE, "zh", "1 处矛盾:配置可以采用,但有工单的条款过大。"),
    (TOO_LARGE, "en", "Contradictions: 1. They can be used, and then the terms of some orders are too large."),
    (CONTRADICTION, "zh", "1 处矛盾:配置可以采用,但有工单无人可派。"),
]


@pytest.mark.parametrize(("change", "lang", "summary"), SUMS)
def test_the_summary_says_what_follows_from_what_was_found(check, change, lang, summary):
    """OPS-06: one cause, one line; all it concerns is in JSON."""
    assert check("--lang", lang, changes=[change], columns=200).out.splitlines()[-1].strip() == summary
    [found] = check("--json", changes=[change]).document["contradictions"]
    assert len(found["also"]) == len(found["names"].get("name", "1")) - 1


@pytest.mark.parametrize(("lang", "words"), [("zh", "只确认到 2020-12-31,已过"), ("en", "to 2020-12-31 only")])
def test_holiday_data_that_end_soon_are_told_and_are_no_contradiction(check, lang, words):
    """CAL-11: the last day, how far away, and what to do; exit code 0."""
    change = ("confirmed_until = 2026-12-31", "confirmed_until = 2020-12-31")
    ran = check("--lang", lang, changes=[change], columns=200)
    assert (ran.code, words in ran.out, "[holiday_data]" in ran.out) == (0, True, True), ran.out
    warned = check("--json", changes=[change]).document["warnings"]
    assert "calendar[1].confirmed_until" in {one["key"] for one in warned}


def test_what_is_no_settings_file(check, tmp_path, capsys):
    """OPS-06: a file that is not there is a wrong word of the command; one that is no TOML has a fault in it."""
    assert run(["policy", "check", str(tmp_path / "none.toml"), "--json"]) == 2
    assert json.loads(capsys.readouterr().out)["error"]["code"] == "bad-community-file"
    ran = check("--json", changes=[("[firm]", "[firm")])
    assert (ran.code, [one["code"] for one in ran.document["refused"]]) == (1, ["syntax"])
