"""What moved a due, as its mover and its readers are told; requests that wait; rooms nobody knows (CLK-24, INT-20)."""

from datetime import UTC, datetime, timedelta

import pytest
from orders_sample import at, sample
from typed import PARTS

from domain.settings.catalogue import resolve
from starter.client import terms_for

STEPS = (
    ("respond", "S06"),
    ("clarify", "S06", "--text", "今天修好"),
    ("register", "S06"),
    ("dispatch", "S06", "--to", "S09"),
    ("accept", "S09"),
)
RAISE = ("--as", "S06", "--severity", "urgent", "--reason", "漫到楼下")


def in_hours(hours: float) -> str:
    return (datetime.now(UTC) + timedelta(hours=hours)).isoformat(timespec="seconds")


def handled(huiyin) -> str:
    """An ordinary order that S09 has accepted."""
    order = huiyin.received("--category", "LIGHTING", "--severity", "ordinary", "--text", "灯坏了")
    ran = huiyin.many([name, order, "--as", who, *more, "--json"] for name, who, *more in STEPS)
    assert [one.code for one in ran] == [0] * len(STEPS), ran
    return order


def test_clk_24_who_moves_dues_is_told_which_and_explain_keeps_every_move(huiyin):
    """CLK-24, CLK-31: foretold, answered and explained with the same instants; each move with author and class."""
    order = handled(huiyin)
    foretold = huiyin.ok("reclassify", order, *RAISE, "--dry-run")["moved"]
    moved = huiyin.ok("reclassify", order, *RAISE)["moved"]
    assert {one["clock"] for one in moved} >= {"arrive", "handling"}
    assert all(one["due_at"] < one["before_due_at"] for one in moved)
    assert [one["before_due_at"] for one in foretold] == [one["before_due_at"] for one in moved]
    second = huiyin.ok(
        "reclassify", order, "--as", "S06", "--category", "WATER_LEAK", "--severity", "urgent", *RAISE[4:]
    )
    told = huiyin.ok("explain", order, "arrive")["clocks"][0]["moves"]
    assert [one["due_at"] for one in told if one["seq"] == told[0]["seq"]] == [
        one["due_at"] for one in moved if one["clock"] == "arrive"
    ]
    assert (told[0]["actor"], told[0]["category"], told[0]["severity"]) == ("usr_S06", "LIGHTING", "urgent")
    assert len(told) == 1 + sum(one["clock"] == "arrive" for one in second["moved"])


@pytest.mark.parametrize(
    ("lang", "head", "none"), [("zh", "时限变更", "到期时间不变"), ("en", "What moved it", "no due moves")]
)
def test_clk_24_moves_are_told_in_words(huiyin, lang, head, none):
    """API-08: in both languages; a change that moves nothing says so."""
    order = handled(huiyin)
    said = huiyin("reclassify", order, *RAISE, "--key", "raise", "--lang", lang).out
    assert huiyin("reclassify", order, *RAISE, "--key", "raise").code == 0
    assert said.count(" → ") >= 2
    again = huiyin("reclassify", order, *RAISE, "--lang", lang)
    assert (again.code, again.error) == (1, "nothing-changes")
    other = ("--category", "WATER_LEAK", "--severity", "urgent", *RAISE[4:])
    assert none in huiyin("reclassify", order, *RAISE[:2], *other, "--lang", lang).out
    page = huiyin("explain", order, "arrive", "--lang", lang).out
    assert head in page
    assert "S06" in page.split(head)[1]
    assert f"huiyin show {order} --words --as" in page.split(head)[1]


def test_clk_17_a_request_that_waits_is_named_and_handled_next(huiyin):
    """CLK-17: who asked, when, whose approval; after a short pause the answer leads back to the request."""
    order = handled(huiyin)
    wish = ("--as", "S09", *PARTS, "--reason", "waiting_parts", "--until")
    asked = huiyin.ok("request-suspension", order, *wish, in_hours(480))
    assert asked["stage"] == "handling"
    refused = huiyin("suspend", order, *wish, in_hours(480))
    assert refused.code == 1
    assert all(word in refused.err for word in ("S09", "工程主管", "approve"))
    huiyin.ok("suspend", order, *wish, in_hours(1))
    resumed = huiyin("resume", order, "--as", "S09").out
    assert "等待批准暂停" in resumed
    assert f"approve {order}" in resumed


PLACES = [
    ("--room", "JX03-1-1502", []),
    ("--room", "ZZ99-1-101", ["unknown_place"]),
    ("--area", "地下车库", []),
    ("--area", "空中花园", ["unknown_place"]),
]


@pytest.mark.parametrize(("option", "place", "flags"), PLACES)
def test_int_20_a_place_nobody_knows_is_taken_in_and_flagged(huiyin, option, place, flags):
    """INT-20: never refused; the answer says so, and the list keeps the flag."""
    matter = ("--as", "S06", "--community", "jinxiu", "--category", "LIGHTING", "--text", "灯坏了", option, place)
    told = huiyin.ok("receive", *matter)
    assert told["flags"] == flags
    rows = huiyin.ok("list", "--community", "jinxiu", "--limit", "500")["orders"]
    assert next(row["flags"] for row in rows if row["order"] == told["order"]) == flags
    notes = [huiyin("receive", *matter, "--lang", lang).out for lang in ("zh", "en")]
    assert [word in note for word, note in zip(("地点待核", "Place to be checked"), notes, strict=True)] == [
        bool(flags)
    ] * 2
    assert huiyin.ok("receive", *matter, "--dry-run")["flags"] == flags


EVE = [("jinxiu", "2026-02-28T20:00:00+00:00", "2026-03-01"), ("jinxiu", "2026-02-13T12:00:00+00:00", "2026-02-13")]


@pytest.mark.parametrize(("community", "received", "day"), EVE)
def test_cal_09_terms_are_those_of_the_communitys_day(community, received, day):
    """CAL-09: four in the morning in Shanghai is not the evening of the day before."""
    on = datetime.fromisoformat(day).date()
    wish = {"category": "LIGHTING"}
    expected = resolve(sample(), community=community, on=on, category="LIGHTING")
    assert terms_for(sample(), community, wish, at(received)) == expected
    other = resolve(sample(), community=community, on=on - timedelta(days=1), category="LIGHTING")
    assert other.digest != expected.digest
