"""Households in special groups: first among equals, marked for staff, in either language (INT-10)."""

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from orders_sample import sample, screen_of, shown
from rich.cells import cell_len

from records.read import OrderRow
from starter.cli.orders import urgency
from starter.cli.table import USUAL, orders_table

NOON = datetime(2026, 7, 8, 4, 0, tzinfo=UTC)


def row(order: str, due_in: int | None, *, special: bool = False, **more: Any) -> OrderRow:
    """One open order that falls due in so many minutes."""
    due = None if due_in is None else NOON + timedelta(minutes=due_in)
    fields = {
        "seq": 3,
        "head": None,
        "community": "jinxiu",
        "stage": "handling",
        "version": 1,
        "generation": 1,
        "kind": "repair",
        "category": "WATER_LEAK",
        "severity": "major",
        "channel": "phone",
        "building": None,
        "received_at": NOON,
        "first_contact": None,
        "team": None,
        "assignee": None,
        "next_due_clock": "handling",
        "breaches": 0,
        "level": 0,
        "urges": 0,
        "closed_at": None,
        "close_reason": None,
        "external_id": None,
        "external_created_at": None,
        "flags": [],
        "is_test": False,
    }
    return OrderRow(**{**fields, "order_id": order, "next_due_at": due, "special": special, **more})


CASES = [
    ("of one quarter of an hour", [row("a", 1), row("b", 14, special=True)], "ba"),
    ("what falls due earlier goes first all the same", [row("a", 14), row("b", 16, special=True)], "ab"),
    ("what is escalated goes first all the same", [row("a", 14, level=1), row("b", 1, special=True)], "ab"),
    ("of equal levels", [row("a", 1, level=1), row("b", 2, level=1, special=True)], "ba"),
    ("among themselves by due", [row("a", 2, special=True), row("b", 1, special=True)], "ba"),
    ("without a due", [row("a", None), row("b", None, special=True)], "ba"),
]


@pytest.mark.parametrize(("rows", "order"), [case[1:] for case in CASES], ids=[case[0] for case in CASES])
def test_special_households_come_first_among_equals_only(rows, order):
    """INT-10."""
    assert "".join(one.order_id for one in sorted(rows, key=urgency)) == order


@pytest.mark.parametrize("lang", ["zh", "en"])
@pytest.mark.parametrize("columns", [40, 60, 80, 120])
def test_the_mark_is_never_cut(lang, columns):
    """INT-10: number and mark stand whole in any terminal, and nothing is wider than it."""
    held = {"clock": "handling", "suspended": True, "provisional": True, "breached": False}
    rows = [row("wo_10000001", 9999, special=True, assignee="usr_S09", duties=[held]), row("wo_10000002", 9)]
    screen = screen_of(lang, columns)
    told = shown(screen, orders_table(screen, sample(), rows, NOON, wide=columns > USUAL))
    assert "10000001 ♥" in told
    assert max(cell_len(line) for line in told.splitlines()) <= columns


@pytest.mark.parametrize(("lang", "words"), [("zh", "♥ 关怀优先"), ("en", "♥ special care")])
def test_staff_see_the_mark_in_every_list(huiyin, lang, words):
    """INT-10: list and duties mark them; which group it is only who opens the words is told."""
    number = huiyin.received("--text", "楼道灯不亮", "--group", "disabled")
    for command in ("list", "duties"):
        told = huiyin(command, "--community", "jinxiu", "--limit", "500", "--lang", lang)
        assert f"{number} ♥" in told.out
        assert words in " ".join(told.out.split())  # the line may be broken by the width
        assert "disabled" not in told.out
    opened = huiyin.ok("show", number, "--words", "--as", "S06")
    assert [one["words"] for one in opened["texts"] if one["field"] == "groups"] == ["disabled"]
    assert "disabled" not in huiyin("show", number, "--json").out


def test_an_unknown_group_is_refused(huiyin):
    """INT-10, API-08."""
    ran = huiyin("receive", "--as", "S06", "--community", "jinxiu", "--text", "漏水", "--group", "rich")
    assert (ran.code, ran.error) == (2, "unknown-choice")


CALL = ("receive", "--as", "S06", "--community", "jinxiu", "--category", "WATER_LEAK", "--text", "水管漏水")


def test_one_call_does_all_once_under_its_key(huiyin):
    """INT-07, INT-11: the same key again gives the same order, and every step happened once."""
    words = (*CALL, "--clarified", "今天修好水管", "--key", "one-call-7")
    first, again = huiyin.ok(*words), huiyin.ok(*words)
    assert (first["done"], first["undone"]) == (["respond", "clarify", "register"], None)
    assert (again["order"], again["repeated"], again["done"]) == (first["order"], True, first["done"])
    kinds = [one["type"] for one in huiyin.ok("show", first["order"])["events"]]
    for kind in ("responded", "clarified", "registered"):
        assert kinds.count(f"work_order.{kind}") == 1


def test_words_that_were_not_spoken_can_not_have_been_agreed_in_the_call(huiyin):
    """INT-07: live channels only; nothing is made."""
    ran = huiyin(*CALL, "--channel", "wechat", "--clarified", "修好")
    assert (ran.code, ran.error) == (1, "stated-time-needs-live-channel")
