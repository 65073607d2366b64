"""Canaries: names, numbers, places and words of persons come out where they are asked for and nowhere else (PA-02)."""

import base64
import json
from pathlib import Path
from typing import Any

import asyncpg
import pytest
from typed import PHOTOS

from records.naming import mask_phone
from stack.folder import read_ground

NAME, PHONE, ADDRESS, ROOM = "金丝雀甲", "13987654321", "金丝雀路一号", "JX05-2-1307"
SAID = {
    name: f"金丝雀话{name}" for name in ("reception", "back_dated", "respond", "register", "reclassify", "dispatch")
}
SCORES = ("--attitude", "1", "--timeliness", "1", "--quality", "1")
DONE = ("--cause", "金丝雀九", "--measure", "金丝雀午", "--result", "金丝雀未,试水半小时不漏", *PHOTOS)
TOLD = ("--found", "金丝雀十一只飞走了又飞回来", "--text", "金丝雀十只都在笼子里唱歌呢")
STEPS = [
    ("respond", "--as", "S06", "--text", "金丝雀一"),
    ("clarify", "--as", "S06", "--text", "金丝雀廿"),
    ("register", "--as", "S06", "--text", "金丝雀二"),
    ("reclassify", "--as", "S06", "--severity", "urgent", "--reason", "金丝雀三"),
    ("dispatch", "--as", "S06", "--to", "S09"),
    ("transfer", "--as", "S06", "--to", "S10", "--reason", "金丝雀四", "--other-trade"),
    ("return", "--as", "S10", "--reason", "unsafe", "--text", "金丝雀五"),
    ("dispatch", "--as", "S06", "--to", "S09"),
    ("accept", "--as", "S09"),
    ("promise", "--as", "S09", "--from", "14:00", "--until", "18:00", "--text", "金丝雀六"),
    ("urge", "--as", "owner", "--by", "wechat", "--text", "金丝雀七"),
    ("change-first-contact", "--as", "S02", "--to", "S03", "--reason", "金丝雀八"),
    ("arrive", "--as", "S09"),
    ("complete-handling", "--as", "S09", *DONE),
    ("give-feedback", "--as", "S06", "--kind", "result", *TOLD),
    ("countersign", "--as", "S03", "--text", "金丝雀午夜"),
    ("record-callback", "--as", "S22", "--they-called", "--not-resolved", *SCORES, "--text", "金丝雀子"),
    ("complete-recovery", "--as", "S02", "--apology", "金丝雀丑", "--visit", "金丝雀午", "--remedy", "金丝雀未"),
    ("note", "--as", "S06", "--text", "金丝雀寅"),
    ("withdraw", "--as", "S06", "--reason", "金丝雀卯"),
    ("reopen", "--as", "S06", "--reason", "金丝雀辰"),
    ("accept", "--as", "S09"),  # refused: refusals tell nothing either
    ("note", "--as", "S06", "--text", "金丝雀巳", "--expect-version", "1"),
]  # fmt: skip
SECRETS = ("金丝雀", PHONE, PHONE[3:7] + PHONE[-4:], ROOM)


@pytest.fixture(scope="module")
def order(huiyin) -> str:
    contact = ("--name", NAME, "--phone", PHONE, "--address", ADDRESS, "--room", ROOM)
    number = huiyin.received("--text", "金丝雀零", *contact)
    ran = huiyin.many([command, number, *words] for command, *words in STEPS)
    assert [one.code for one in ran] == [0] * (len(STEPS) - 2) + [1, 1]
    return number


def secrets_in(text: str) -> list[str]:
    return [one for one in SECRETS if one in text]


def opened(value: Any) -> str:
    """The text of a history with every payload decoded."""
    if isinstance(value, dict):
        return " ".join(
            base64.b64decode(item).decode(errors="replace")
            if name == "data" and isinstance(item, str)
            else opened(item)
            for name, item in value.items()
        )
    if isinstance(value, list):
        return " ".join(opened(item) for item in value)
    return str(value)


def test_a_history_holds_no_words_of_persons(huiyin, order):
    history = opened(json.loads(huiyin("audit", "history", order).out))
    assert "usr_S09" in history
    assert secrets_in(history) == []


def test_lists_and_pages_hold_none_unless_asked(huiyin, order):
    for words in (("list",), ("list", "--json"), ("show", order), ("show", order, "--json")):
        assert secrets_in(huiyin(*words, COLUMNS="200").out) == [], words


def test_logs_and_messages_hold_none(huiyin, order):
    assert order
    files = [*huiyin.logs.glob("*.log"), *filter(Path.is_file, (huiyin.logs.parent / "messages").glob("*"))]
    assert {"worker.log", "starter.relay.log", "cli-errors.log"} <= {file.name for file in files}
    assert {file.name: found for file in files if (found := secrets_in(file.read_text(errors="replace")))} == {}


def test_words_are_opened_for_a_named_reader_and_contacts_stay_masked(huiyin, order):
    page = huiyin("show", order, "--words", "--as", "S06").out
    assert "金丝雀零" in page
    assert "金丝雀九" in page
    assert mask_phone(PHONE) in page
    assert [one for one in (NAME, PHONE, ADDRESS, ROOM) if one in page] == []


def test_contacts_are_opened_for_a_reason(huiyin, order):
    page = huiyin("show", order, "--words", "--as", "S06", "--because", "回拨业主", COLUMNS="120").out
    assert [one for one in (NAME, PHONE, ADDRESS, ROOM) if one not in page] == []
    told = huiyin.ok("show", order, "--words", "--as", "S06", "--because", "回拨业主")
    assert told["contacts"] == {"name": NAME, "phone": PHONE, "address": ADDRESS, "room": ROOM}


def test_words_need_a_reader_of_the_community(huiyin, order):
    assert huiyin("show", order, "--words", "--json").error == "staff-missing"
    assert huiyin("show", order, "--words", "--as", "SF03", "--json").error == "not-found"
    assert huiyin("show", order, "--words", "--as", "owner", "--json").error == "forbidden"


async def test_reading_words_is_written_down_and_so_is_its_refusal(huiyin, order):
    huiyin.ok("show", order, "--words", "--as", "S07", "--because", "夜间回拨")
    huiyin("show", order, "--words", "--as", "SF04")
    connection = await asyncpg.connect(read_ground(huiyin.data).dsn)
    stored = [json.loads(body) for (body,) in await connection.fetch("select body from audit_event")]
    await connection.close()
    mine = {one["type"]: one["payload"] for one in stored if one["actor"] in {"usr_S07", "usr_SF04"}}
    assert (mine["contact.read"]["order"], mine["contact.read"]["because"]) == (f"wo_{order}", "夜间回拨")
    assert (mine["action.refused"]["command"], mine["action.refused"]["code"]) == ("read_words", "not-found")
