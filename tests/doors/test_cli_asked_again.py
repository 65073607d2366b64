"""What is told at a real terminal and asked again, instead of taken as it is or lost (API-07)."""

from datetime import UTC, datetime, timedelta

import pytest
from terminal import answers, at_terminal, number_of, taken

ROUND = ("receive", "--as", "S03", "--community", "jinxiu", "--channel", "visit", "--insist")
PHOTOS = ("--before", "tests/data/before.jpg", "--after", "tests/data/after.jpg")


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


@pytest.mark.parametrize(("lang", "short"), [("zh", "处理结果过短"), ("en", "The result is too short")])
def test_a_result_too_short_is_asked_for_again(huiyin, lang, short):
    """HND-11, API-07: cause and measure are kept; what would do is told."""
    order = taken(huiyin)
    huiyin.ok("arrive", order, "--as", "S09")
    terminal = at_terminal(huiyin, "complete-handling", order, "--as", "S09", "--lang", lang, *PHOTOS)
    answers(terminal, ("--cause", "角阀老化"), ("--measure", "更换角阀"), ("--result", "ok"))
    terminal.sees(short)
    terminal.sees("→")
    answers(terminal, ("--result", "已更换角阀并试水,不再渗漏"))
    assert terminal.ended() == 0
    assert huiyin.ok("show", order)["stage"] == "feedback"
    terminal = at_terminal(huiyin, "give-feedback", order, "--as", "S06", "--lang", "zh", "--kind", "result")
    answers(
        terminal,
        ("--text", "修好了"),
        ("--text", "角阀已更换,试水不再渗漏"),
        ("--found", "漏"),
        ("--found", "角阀老化导致渗漏,已更换并试水"),
    )
    assert terminal.ended() == 0
    assert huiyin.ok("show", order)["stage"] != "feedback"


def test_a_wrong_line_costs_no_other_line(huiyin):
    """HND-08, API-07: it is told with how it is written, and asked again alone."""
    order = taken(huiyin)
    on = datetime.now(UTC).date() + timedelta(days=4)
    terminal = at_terminal(huiyin, "give-plan", order, "--as", "S09", "--lang", "zh")
    answers(terminal, ("--measure", f"S09 {on} 更换地漏"), ("空行结束", "S09 更换"))
    terminal.sees("--measure 的内容无法识别")
    terminal.sees("请写成 --measure")
    answers(terminal, ("空行结束", f"S99 {on} 复查"), ("空行结束", f"S09 {on} 复查"), ("空行结束", ""))
    assert terminal.ended() == 0
    events = huiyin.ok("show", order)["events"]
    plan = next(one["payload"] for one in events if one["type"] == "work_order.plan_given")
    assert len(plan["measures"]) == 2


@pytest.mark.parametrize(("lang", "question"), [("zh", "疑似原因"), ("en", "The supposed cause")])
def test_the_cause_of_an_incident_is_asked_for(huiyin, lang, question):
    """GRP-05, API-07: until there is one; without a terminal it is refused."""
    orders = [huiyin.received("--text", f"停水 {one}", "--insist") for one in range(2)]
    assert huiyin("propose-incident", *orders, "--as", "S06").error == "option-missing"
    terminal = at_terminal(huiyin, "propose-incident", *orders, "--as", "S06", "--lang", lang)
    answers(terminal, (question, ""), (question, "疑为水箱故障"))
    terminal.sees("✓")
    assert terminal.ended() == 0


@pytest.mark.parametrize(
    ("command", "who", "code"),
    [
        ("complete-handling", "S09", "not-arrived"),
        ("record-callback", "S22", "illegal-transition"),
        ("suspend", "S22", "forbidden"),
    ],
)
def test_what_no_answer_changes_is_refused_before_any_question(huiyin, command, who, code):
    """API-07, SEC-01: by stage, by role, and what the work still owes; it is written down as ever."""
    terminal = at_terminal(huiyin, command, taken(huiyin), "--as", who, "--lang", "zh")
    assert terminal.ended() == 1
    assert f"[{code}]" in terminal.screen
    assert " --" not in terminal.screen.partition("✗")[0]


@pytest.mark.parametrize("lang", ["zh", "en"])
def test_photos_are_owed_before_any_question(huiyin, lang):
    """HND-02, API-07: the words would be typed for nothing."""
    order = taken(huiyin)
    huiyin.ok("arrive", order, "--as", "S09")
    terminal = at_terminal(huiyin, "complete-handling", order, "--as", "S09", "--lang", lang)
    assert terminal.ended() == 1
    assert "[photos-owed]" in terminal.screen
    assert "--cause" not in terminal.screen
