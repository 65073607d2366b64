"""What a failure is told as: the words of whoever typed, and a remedy that fits what was typed."""

import re
from collections.abc import Iterator
from pathlib import Path

import pytest
import typer
from orders_sample import sample
from rich.cells import cell_len

from domain.refusals import SENTENCES
from domain.settings.reading import parse
from starter.cli.app import app
from starter.cli.audit import saved
from starter.cli.breaking import CLOSING, WHOLE, wrapped
from starter.cli.door import actor_of
from starter.cli.errors import SENTENCES as MORE
from starter.cli.errors import Failure
from starter.cli.input import clock, words
from starter.cli.screen import Screen
from starter.cli.telling import refused, told
from starter.cli.where import Place, community_of, place_typed
from starter.opening import sample_community
from starter.words.arguments import ARGUMENTS

NAMING_AN_ORDER = sorted(
    {code for table in (SENTENCES, MORE) for code, sentence in table.items() if any("{order}" in s for s in sentence)}
)


@pytest.mark.parametrize("code", NAMING_AN_ORDER)
def test_an_order_is_named_by_its_number(code):
    """API-08: whatever is refused, the number stands there as people type it; a program gets the id."""
    failure = refused(code, {"order": "wo_1"})
    said = [failure.message(lang) + failure.remedy(lang) for lang in ("zh", "en")]
    assert [text for text in said if "wo_" in text] == []
    assert failure.facts["order"] == "wo_1"


def test_there_are_refusals_that_name_an_order():
    """The test above looks at something."""
    assert {"not-found", "record-lost", "history-missing"} <= set(NAMING_AN_ORDER)
    assert refused("not-found", {"order": "wo_1"}).zh == "没有工单 1。"


@pytest.mark.parametrize(
    ("place", "kind"), [(Place(), ""), (Place("ZZ9"), "房号"), (Place(area="ZZ9"), "公共区域")], ids=str
)
def test_a_place_that_no_community_has_is_named(place, kind, monkeypatch):
    """API-08: with what to do; without a place only the community is missing."""
    monkeypatch.delenv("HUIYIN_COMMUNITY_ID", raising=False)
    file, screen = sample(), Screen("zh", json_wanted=True)
    with pytest.raises(Failure) as refused:
        community_of(None, actor_of("S06", file), file, screen, place)
    failure = refused.value
    assert (failure.code, failure.exit_code) == ("community-missing", 2)
    for lang, check in (("zh", f"核对{kind}"), ("en", "Check the ")):
        assert ("ZZ9" in failure.message(lang), bool(kind) and check in failure.remedy(lang)) == (bool(kind),) * 2
        assert "--community (jinxiu" in failure.remedy(lang).replace("--community(", "--community (")


@pytest.mark.parametrize(
    ("place", "community"),
    [
        (Place("JX03-1-1502"), "jinxiu"),
        (Place("ｊｘ03 1 1502"), "jinxiu"),
        (Place(area="地下车库"), "jinxiu"),
        (Place(area=" 门厅 "), "yangguang"),
    ],
    ids=str,
)
def test_a_place_of_one_community_tells_which_is_meant(place, community, monkeypatch):
    """INT-20: a room by its building, a public area by its name."""
    monkeypatch.delenv("HUIYIN_COMMUNITY_ID", raising=False)
    file, screen = sample(), Screen("zh", json_wanted=True)
    assert community_of(None, actor_of("S06", file), file, screen, place).id == community


def test_a_public_area_of_several_communities_is_asked_about(monkeypatch):
    """INT-20, API-08: a lobby stands in more than one."""
    monkeypatch.delenv("HUIYIN_COMMUNITY_ID", raising=False)
    file = parse(sample_community().read_text(encoding="utf-8").replace('"门厅"', '"大堂"'))
    with pytest.raises(Failure) as refused:
        community_of(None, actor_of("S06", file), file, Screen("zh", json_wanted=True), Place(area="大堂"))
    assert refused.value.code == "community-missing"
    assert "不止一个" in refused.value.zh
    assert "Several" in refused.value.en


def test_a_matter_is_in_one_place():
    """INT-20, API-08: two would be kept, and nobody would know which is meant."""
    with pytest.raises(Failure) as refused:
        place_typed({"room": "JX03-1-1502", "public_area": "地下车库"})
    assert (refused.value.code, refused.value.exit_code) == ("two-places", 2)
    assert "--area" in refused.value.remedy_zh
    assert "--area" in refused.value.remedy_en


@pytest.mark.parametrize(("option", "noted"), [("--text", True), ("--remedy", True), ("--room", False)])
def test_only_what_tells_the_matter_can_follow_as_a_note(option, noted):
    """API-08: the rest of a room or a name is no note."""
    with pytest.raises(Failure) as refused:
        words("9" * 201, option, 200)
    for lang in ("zh", "en"):
        remedy = refused.value.remedy(lang)
        assert ("200" in remedy, "huiyin note" in remedy) == (True, noted)


def test_a_saved_history_that_is_not_there_is_no_order(tmp_path):
    """API-08: what is typed like a file is told as one; everything else is the number of an order."""
    there = tmp_path / "history.txt"
    there.touch()
    assert saved(str(there)) == there
    assert (saved("10000001"), saved("wo_10000001")) == (None, None)
    for typed in ("/nope.json", "nope.json", str(tmp_path)):
        with pytest.raises(Failure) as refused:
            saved(typed)
        assert (refused.value.code, refused.value.exit_code) == ("unreadable-file", 2)
        assert typed in refused.value.zh
        assert typed in refused.value.en


def lacking(command, *words: str) -> Iterator[tuple[str, ...]]:
    """Every command that can't be typed without an argument."""
    if any(param.required and param.param_type_name == "argument" for param in command.params):
        yield words
    for name, below in getattr(command, "commands", {}).items():
        yield from lacking(below, *words, name)


HUIYIN = typer.main.get_command(app)


@pytest.mark.parametrize("words", [*lacking(HUIYIN)], ids=" ".join)
def test_an_argument_that_lacks_has_a_chinese_name_beside_the_one_of_the_help(words):
    """API-08: no bare English word in a Chinese sentence."""
    with pytest.raises(typer.BadParameter) as lacks:
        HUIYIN.main(args=list(words), prog_name="huiyin", standalone_mode=False)
    failure = told(lacks.value, Path(), words[0])
    assert failure.zh in {f"缺少{word}({name})。" for name, word in ARGUMENTS.items()}


def test_a_clock_there_is_not_has_a_chinese_name_too():
    """API-08."""
    with pytest.raises(Failure) as refused:
        clock("foo", "CLOCK")
    assert (refused.value.zh, refused.value.en) == (
        "计时(CLOCK) 没有「foo」这一项。",
        "CLOCK: foo is no choice.",
    )


@pytest.mark.parametrize("width", [20, 40, 78])
@pytest.mark.parametrize("lang", ["zh", "en"])
def test_a_line_ends_between_words(lang, width):
    """API-08: no command, number or code is parted at the end of a line, and none begins with a closing mark."""
    for code in sorted(SENTENCES):
        said = refused(code, {}).remedy(lang).replace("?", "9")  # a fact that is not there
        lines = wrapped(said, width)
        assert re.sub(r"\s", "", "".join(lines)) == re.sub(r"\s", "", said)
        assert not [line for line in lines if line.startswith(tuple(CLOSING))]
        assert all(cell_len(line) <= width or len(WHOLE.findall(line)) == 1 for line in lines), lines
        words_said = set(re.findall(r"[a-z-]+", said))
        assert words_said == set(re.findall(r"[a-z-]+", "\n".join(lines)))
