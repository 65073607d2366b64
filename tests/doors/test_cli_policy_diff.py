"""`huiyin policy diff`: what new settings change, in words of both languages; no server (CLK-31, OPS-06)."""

import json
import re
from typing import NamedTuple

import pytest
from rich.cells import cell_len

from domain.settings.reading import parse
from domain.settings.standing_rules import rules_of
from starter.cli.main import run
from starter.opening import sample_community
from starter.words.policy import KEYS, SUBJECTS

SAMPLE = sample_community().read_text(encoding="utf-8")
CHANGES = [
    ('response = { limit = "15m", calendar = "always", ladder = "fast" }', 'response = { limit = "5m" }'),
    ("max_attempts = 3", "max_attempts = 5"),
    ("caller_not_same_team = false", "caller_not_same_team = true"),
    ('open = ["09:00-12:00", "14:00-20:00"]', 'open = ["10:00-12:00", "14:00-20:00"]'),
    ('after = "60m", to = "project_manager"', 'after = "45m", to = "project_manager"'),
]
ENTRY = """
[[category]]
code = "GATE_CLOSER"
name = "单元门闭门器"
kind = "repair"
group = "工程"
policy = "ordinary"
team = "engineering"
skill = "plumbing"
photos = "before_after"
"""


class Ran(NamedTuple):
    code: int
    out: str
    err: str

    @property
    def document(self):
        return json.loads(self.out)


@pytest.fixture
def diff(capsys, monkeypatch, tmp_path):
    """`diff(text)`: the sample held against another text, in this process."""
    monkeypatch.setenv("NO_COLOR", "1")
    monkeypatch.setenv("COLUMNS", "80")
    monkeypatch.delenv("HUIYIN_LANG", raising=False)

    def held(text, *words) -> Ran:
        old, new = tmp_path / "old.toml", tmp_path / "new.toml"
        old.write_text(SAMPLE, encoding="utf-8")
        new.write_text(text, encoding="utf-8")
        code = run(["policy", "diff", str(old), str(new), *words])
        return Ran(code, *capsys.readouterr())

    return held


def changed(*changes):
    text = SAMPLE + ENTRY
    for old, new in changes:
        assert old in text
        text = text.replace(old, new)
    return text


def test_both_languages_say_what_changes(diff):
    """New orders first, then what holds at once; whom a clock is for; within 80 columns."""
    zh, en = (diff(changed(*CHANGES), "--lang", lang) for lang in ("zh", "en"))
    assert (zh.code, en.code, zh.err, en.err) == (0, 0, "", "")
    for ran, words in (
        (
            zh,
            (
                "响应(紧急、重大、一般):时限 15 分 → 5 分",
                "新增类别 单元门闭门器(锦绣花园、阳光里)",
                "最多联系次数 3 → 5",
            ),
        ),
        (
            en,
            (
                "response (urgent, major, ordinary): limit 15 min → 5 min",
                "new category: Gate closer",
                "attempts at most",
            ),
        ),
    ):
        assert all(word in ran.out for word in words), ran.out
        assert max(cell_len(line) for line in ran.out.splitlines()) <= 80
    assert zh.out.index("新工单") < zh.out.index("立即生效") < zh.out.index("同班组不得回访 否 → 是")
    assert "version" in zh.out, "two rules under one name are told"


HANDLING = 'handling = { limit = "3wd", calendar = "office", ladder = "slow" }\nfeedback'
HEATING = 'skill = "heating"\nphotos = "optional"\n'
SPARED = [
    ([(HANDLING, HANDLING.replace("3wd", "2wd"))], "(仅 锦绣花园、阳光里)", " (all but sf-housing)"),
    (
        [
            (HANDLING, HANDLING.replace("3wd", "2wd")),
            (HEATING, HEATING + 'override = { handling = { limit = "3wd" } }\n'),
        ],
        "(除 锦绣花园:供暖不热;旧金山公共住房(公开数据样例);阳光里:供暖不热 外)",
        " (all but jinxiu: Heating; sf-housing; yangguang: Heating)",
    ),
]


@pytest.mark.parametrize(("changes", "zh", "en"), SPARED)
def test_a_limit_of_nearly_all_names_those_it_spares(diff, changes, zh, en):
    """CLK-31: the shorter of whom it is for and whom not; both for programs."""
    text = changed(*changes)
    for lang, words in (("zh", zh), ("en", en)):
        told = diff(text, "--json", "--lang", lang).document["new_orders"]
        [line] = [one for one in told if one["names"] == [["ordinary", "handling"]]]
        assert words in line["message"]
        assert len(line["message"]) < 130
        assert line["only"]
        assert line["except"]


@pytest.mark.parametrize(
    ("lang", "came"), [("zh", "增加 2026-10-11;去掉 2026-10-10"), ("en", "added 2026-10-11; removed")]
)
def test_of_a_list_only_what_came_and_went_is_told(diff, lang, came):
    """CAL-06: of six make-up days one moves; no line ends within a date, each holiday is named in the language."""
    text = changed(("2026-09-20, 2026-10-10]", "2026-09-20, 2026-10-11]"), ("to = 2026-09-27", "to = 2026-09-28"))
    ran = diff(text, "--lang", lang)
    assert came in ran.out
    assert [line for line in ran.out.splitlines() if re.search(r"\d-\d?$|^ *\d?-\d", line.rstrip())] == []
    assert ("中秋节" in ran.out, "Mid-Autumn" in ran.out) == (lang == "zh", lang == "en")


@pytest.mark.parametrize("columns", ["50", "80"])
def test_a_long_line_ends_between_names_and_dates(diff, monkeypatch, columns):
    """API-08: never within a date."""
    new = "makeup_workdays = [2026-01-05, 2026-02-15, 2026-03-28, 2026-05-10, 2026-09-21, 2026-10-11]"
    old = next(line for line in SAMPLE.splitlines() if line.startswith("makeup_workdays"))
    monkeypatch.setenv("COLUMNS", columns)
    ran = diff(changed((old, new), ("from = 2026-02-15", "from = 2026-02-16")), "--lang", "zh")
    assert len(re.findall(r"2026-\d\d-\d\d", ran.out)) == 6 + 6 + 4


def test_a_program_reads_the_same(diff):
    """API-07: raw values, and the sentence."""
    told = diff(changed(*CHANGES), "--json", "--lang", "en").document
    assert (told["old"], told["same"], told["version_to_be_raised"]) == ("2026.1", False, True)
    [response] = [one for one in told["new_orders"] if one["about"] == "clock"]
    assert (response["key"], response["before"], response["after"], response["only"]) == ("limit", "15m", "5m", [])
    assert [one["key"] for one in told["at_once"]] == ["caller_not_same_team"]
    assert all(one["message"] for one in (*told["new_orders"], *told["at_once"]))


@pytest.mark.parametrize(("lang", "words"), [("zh", "没有任何变化"), ("en", "nothing changes")])
def test_nothing_changes_is_said_plainly(diff, lang, words):
    """A comment and another version change nothing for anybody."""
    text = SAMPLE.replace('version = "2026.1"', 'version = "2026.2" # for the new year')
    ran = diff(text, "--lang", lang)
    assert (ran.code, words in ran.out, len(ran.out.splitlines())) == (0, True, 3)
    told = diff(text, "--json").document
    assert (told["same"], told["version_to_be_raised"], told["new_orders"], told["at_once"]) == (True, False, [], [])


def test_a_file_with_a_fault_is_refused(diff):
    """OPS-06: never a comparison with half a file."""
    ran = diff(SAMPLE.replace('ladder = "fast"', 'ladder = "fsat"', 1), "--json")
    assert (ran.code, ran.document["error"]["code"]) == (2, "bad-community-file")
    assert "default.clocks.response.ladder" in ran.document["error"]["message"]


def test_every_rule_has_its_words():
    """Each sort of subject and each key of the sample is said in both languages."""
    rules = rules_of(parse(SAMPLE))
    assert {subject.about for subject in rules} | {"clock"} == set(SUBJECTS)
    keys = {
        key if key in KEYS else key.split(".")[0]
        for subject, facts in rules.items()
        for key in facts
        if subject.about not in {"import", "holidays", "vague_words"} and not key.startswith("on ")
    }
    assert keys - set(KEYS) == set()
