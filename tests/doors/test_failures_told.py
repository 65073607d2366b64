"""What a failure is told as: the words of whoever typed, and a remedy that fits what was typed."""

from collections.abc import Iterator
from pathlib import Path

import pytest
import typer
from orders_sample import sample

from domain.refusals import SENTENCES
from starter.cli.app import app
from starter.cli.audit import saved
from starter.cli.door import actor_of, community_of
from starter.cli.errors import SENTENCES as MORE
from starter.cli.errors import Failure
from starter.cli.input import clock, words
from starter.cli.screen import Screen
from starter.cli.telling import refused, told
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


@pytest.mark.parametrize("room", [None, "ZZ9"])
def test_a_room_that_no_community_has_is_named(room, monkeypatch):
    """API-08: with what to do; without a room only the community is missing."""
    monkeypatch.delenv("HUIYIN_COMMUNITY_ID", raising=False)
    file, screen = sample(), Screen("zh", json_wanted=True)
    with pytest.raises(Failure) as refused:
        community_of(None, actor_of("S06", file), file, screen, room)
    failure = refused.value
    assert (failure.code, failure.exit_code) == ("community-missing", 2)
    for lang, check in (("zh", "核对房号"), ("en", "Check the room")):
        assert ("ZZ9" in failure.message(lang), check in failure.remedy(lang)) == (bool(room), bool(room))
        assert "--community (jinxiu" in failure.remedy(lang).replace("--community(", "--community (")


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
