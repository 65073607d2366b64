"""What the demonstration says when an order does not reach its end: words, in both languages, nothing cut."""

from datetime import timedelta
from io import StringIO
from types import SimpleNamespace

import pytest
from rich.cells import cell_len
from rich.console import Console

from domain.words import word
from starter.demo.failed import failure_lines
from starter.demo.screen import Lived, show_all
from starter.demo.stories import STORIES, WELL
from starter.telling.timeline import Entry
from starter.words.glossary import STAGES

BAD = WELL._replace(
    stage="handling", close_reason="", response="breached", feedback=(), levels={"response": 1, "feedback": 2}, urges=1
)
ZH = """✗ 10000012 按时办结
  环节:应为 办结,实为 处理
  办结原因:应为 业主确认,实为 无
  15 分钟:应为 按时,实为 超时
  24 小时:应为 按时,实为 无
  升级:应为 无,实为 响应 1 级, 反馈 2 级
  催单:应为 0,实为 1
  升级 3 次,送达 2 次
  没有等到:x"""
EN = """✗ 10000012 all in time
  stage: meant closed, found handling
  closed as: meant confirmed by the owner, found nothing
  15 min: meant met, found breached
  24 h: meant met, found nothing
  ladder: meant nothing, found response level 1, feedback level 2
  urges: meant 0, found 1
  3 levels fired, 2 reached a person
  Never came: x"""


@pytest.mark.parametrize(
    ("lang", "name", "trouble", "told"),
    [("zh", "按时办结", "没有等到:x", ZH), ("en", "all in time", "Never came: x", EN)],
)
def test_an_order_that_went_wrong_is_told_in_words(lang, name, trouble, told):
    """API-08: each part that differs, as meant and as found; no name of a class, no bracket of a program."""
    lines = list(failure_lines(f"10000012 {name}", WELL, BAD, (3, 2), trouble, lang))
    assert lines == told.splitlines()


def test_an_order_that_only_lacks_a_message_says_so():
    assert list(failure_lines("x", WELL, WELL, (2, 1), "", "en")) == ["✗ x", "  2 levels fired, 1 reached a person"]


def lived(story, end, *levels: tuple[str, int]) -> Lived:
    """An order of a story with the levels that fired, of any clock."""
    seen = [Entry(1, "escalated", *[None] * 3, "system", {"clock": c, "level": n}, ()) for c, n in levels]
    told = SimpleNamespace(order_id="wo_1", seen=seen, answered_after=timedelta(minutes=1))
    return Lived(told, SimpleNamespace(severity="major"), story, end, len(levels), len(levels))


def table(lang: str, lives: list[Lived], columns: int = 80) -> str:
    console = Console(file=StringIO(), width=columns, highlight=False)
    show_all(lives, lang, console, verbose=True)
    return console.file.getvalue()


@pytest.mark.parametrize(("lang", "level"), [("zh", "4 级"), ("en", "level 4")])
def test_levels_of_every_clock_are_counted(lang, level):
    """ESC-01: the table names the highest level of all clocks, not of the two that are judged."""
    one = lived(STORIES[0], STORIES[0].end, ("response", 1), ("accept", 4))
    assert table(lang, [one]).count(level) == 3  # the line of the order, of its story, and the figures below


def test_orders_of_one_story_that_reached_other_levels_say_from_which_to_which():
    some = [lived(STORIES[5], STORIES[5].end, *fired) for fired in ((), (("register", 1),))]
    assert "0–1 级" in table("zh", some)
    assert "level 0–1" in table("en", some)


@pytest.mark.parametrize("lang", ["zh", "en"])
def test_many_ends_of_one_story_are_not_cut(lang):
    """What went wrong takes as many lines as it needs."""
    ends = [BAD._replace(stage=stage) for stage in ("intake", "registration", "dispatch", "handling", "callback")]
    told = table(lang, [lived(STORIES[3], end, ("handling", n)) for n, end in enumerate(ends, start=1)])
    assert "…" not in told
    assert max(cell_len(line.rstrip()) for line in told.splitlines()) <= 80
    assert all(word(STAGES, stage, lang) in told for stage in ("intake", "callback"))
