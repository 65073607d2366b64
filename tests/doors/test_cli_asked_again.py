"""What is told at a real terminal and asked again, instead of taken as it is or lost (API-07)."""

import pytest
from terminal import answers, at_terminal, number_of

ROUND = ("receive", "--as", "S03", "--community", "jinxiu", "--channel", "visit", "--insist")


def place_of(huiyin, terminal) -> tuple[list[str], str | None]:
    """The flags of the order that a terminal has shown, and its area."""
    told = huiyin.ok("show", number_of(terminal.screen))
    received = next(one["payload"] for one in told["events"] if one["type"] == "work_order.received")
    return told["flags"], received.get("area")


@pytest.mark.parametrize(
    ("lang", "questions", "doubt"),
    [
        ("zh", ("业主说了什么", "类别", "地点", "级别"), ("没有房号「JX99-1-0101」", "「门厅」是阳光里的公共区域")),
        ("en", ("say", "Category", "Place", "Severity"), ("no room JX99-1-0101", "a public area of 阳光里")),
    ],
)
def test_a_place_that_is_none_here_is_told_and_asked_again(huiyin, lang, questions, doubt):
    """INT-20: no such room, then an area of another community, then one of this community."""
    said, category, place, severity = questions
    terminal = at_terminal(huiyin, *ROUND, "--lang", lang)
    answers(terminal, (said, "灯不亮"), (category, ""), (place, "JX99-1-0101"))
    terminal.sees(doubt[0])
    answers(terminal, (place, "门厅"))
    terminal.sees(doubt[1])
    answers(terminal, (place, "地下车库"), (severity, ""))
    assert terminal.ended() == 0
    assert place_of(huiyin, terminal) == ([], "地下车库")


def test_a_place_typed_once_more_is_kept_as_words(huiyin):
    """INT-20: flagged, never refused."""
    terminal = at_terminal(huiyin, *ROUND, "--lang", "zh")
    answers(terminal, ("业主说了什么", "灯不亮"), ("类别", ""), ("地点", "JX99-1-0101"), ("地点", "JX99-1-0101"))
    answers(terminal, ("级别", ""))
    assert terminal.ended() == 0
    assert place_of(huiyin, terminal) == (["unknown_place"], None)
