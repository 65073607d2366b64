"""What the rows of a timeline say of lateness, and of other instants: each as seen from its own date."""

import io
import re
from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from rich.console import Console

from domain.audit import canonical, instant_text
from records.read import EventRow
from starter.cli.page import grid_of
from starter.cli.times import within
from starter.community_file import load
from starter.opening import sample_community
from starter.telling.names import Names
from starter.telling.timeline import Teller, entries

FILE = load(sample_community())
SHANGHAI = ZoneInfo("Asia/Shanghai")
AT = datetime(2026, 11, 5, 9, 2, tzinfo=UTC)  # 17:02 on the wall


def told(lang: str, *rows: EventRow) -> list[str]:
    def late(entry):
        return Teller(Names(FILE, lang), lambda at: within(at, SHANGHAI, entry.at, lang)).late(entry)

    return [late(entry) for entry in entries(rows)]


def row(kind: str, *, recorded: int, at: int = 0, **facts) -> EventRow:
    """An event `at` minutes after 17:02, recorded so many minutes after it."""
    happened = AT + timedelta(minutes=at)
    body = {"at": instant_text(happened), "actor": "usr_S06", "payload": {"cause": "command", **facts}}
    heard = AT + timedelta(minutes=recorded)
    return EventRow(1, f"work_order.{kind}", happened, heard, canonical(body), b"")


def typed(minutes: int) -> dict[str, str]:
    return {"entered_at": instant_text(AT + timedelta(minutes=minutes))}


ALARM = {"cause": "timer", "clock": "response"}
LATE = [
    (row("received", recorded=0, **typed(0)), "", ""),
    (row("received", recorded=18, **typed(18)), "17:20 录入", "typed 17:20"),
    (row("received", recorded=18, **typed(0)), "流程 17:20 启动", "process began 17:20"),
    (row("received", recorded=38, **typed(18)), "17:20 录入 · 流程 17:40 启动", "typed 17:20 · process began 17:40"),
    (row("received", recorded=18), "17:20 录入", "typed 17:20"),  # written before receptions told it
    (row("responded", recorded=18), "17:20 录入", "typed 17:20"),
    (row("clock_breached", recorded=18, **ALARM, late_entry=True), "补录", "late entry"),
    (
        row("clock_breached", recorded=18, **ALARM, late=True, late_by_seconds=927),
        "系统补记,迟 15 分",
        "made up by the system, 15 min late",
    ),
    (
        row("escalated", recorded=200, **ALARM, late_entry=True, late=True, late_by_seconds=11_100),
        "补录 · 系统补记,迟 3 时 05 分",
        "late entry · made up by the system, 3 h 05 min late",
    ),
    (row("resumed", recorded=95, cause="timer"), "系统补记,迟 1 时 35 分", "made up by the system, 1 h 35 min late"),
    (row("resumed", recorded=0, cause="timer"), "", ""),
]


@pytest.mark.parametrize(("event", "zh", "en"), LATE)
def test_typed_late_is_a_persons_and_begun_or_made_up_late_is_the_houses(event, zh, en):
    """CLK-32, ESC-08, INT-13: lateness in minutes and hours, and whose it is."""
    assert (told("zh", event), told("en", event)) == ([zh], [en])


@pytest.mark.parametrize(
    ("rule", "zh", "en"),
    [
        ("fresh", "第 2 轮 · 重新计时", "generation 2 · clocks anew"),
        ("continue", "第 2 轮 · 接着计时", "generation 2 · clocks go on"),
    ],
)
def test_a_reopening_says_what_it_does_to_the_clocks(rule, zh, en):
    """CLK-25."""
    [entry] = entries([row("reopened", recorded=0, generation=2, rule=rule)])
    tellers = [Teller(Names(FILE, lang), str) for lang in ("zh", "en")]
    assert [teller.detail(entry) for teller in tellers] == [zh, en]


def test_an_answer_of_the_same_call_was_typed_with_its_reception():
    """CLK-07: the answer came with the reception, whose process began later."""
    both = (row("received", recorded=18, **typed(2)), row("responded", recorded=18, at=1))
    assert told("en", *both) == ["typed 17:04 · process began 17:20", "process began 17:20"]


SEEN = [
    (AT, "17:02", "17:02"),
    (AT + timedelta(days=1), "次日 17:02", "next day 17:02"),
    (AT + timedelta(days=2), "11-07 17:02", "11-07 17:02"),
    (AT - timedelta(days=1), "11-04 17:02", "11-04 17:02"),
    (AT + timedelta(days=90), "2027-02-03 17:02", "2027-02-03 17:02"),
]


@pytest.mark.parametrize(("at", "zh", "en"), SEEN)
def test_a_row_speaks_of_days_as_seen_from_its_own(at, zh, en):
    """A timeline that is read a week later still says the same."""
    assert (within(at, SHANGHAI, AT, "zh"), within(at, SHANGHAI, AT, "en")) == (zh, en)


@pytest.mark.parametrize("lang", ["zh", "en"])
def test_no_number_of_a_list_is_broken_over_two_lines(lang) -> None:
    """ESC-13: an incident of forty children, on a screen of eighty columns."""
    children = [f"wo_{number}" for number in range(10000030, 10000070)]
    facts = {**ALARM, "level": 1, "addressee": "service_manager", "action": "notify", "children": children}
    (entry,) = entries([row("escalated", recorded=0, **facts)])
    said = Teller(Names(FILE, lang), lambda at: within(at, SHANGHAI, entry.at, lang)).detail(entry)
    grid = grid_of(3)
    grid.add_row("17:02", "已升级", said)
    shown = io.StringIO()
    Console(file=shown, width=80).print(grid)
    assert [f"wo_{one}" for one in re.findall(r"\d+", shown.getvalue()) if one.startswith("100000")] == children
