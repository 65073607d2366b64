"""`huiyin load` and `huiyin roster`: settings in versions, the house ledger, who was on duty when; by real commands."""

import asyncio
import csv
import re
import secrets
import signal
from contextlib import asynccontextmanager
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path

import asyncpg
import pytest
from dying_house import engine_of
from house import eventually, own_database
from line import process
from orders_sample import screen_of

from records.pool import open_pool
from records.vault import KeyRing
from stack.folder import read_ground
from starter.cli.ground import look
from starter.community_file import load as load_file
from starter.desk import Desk
from starter.opening import sample_community
from starter.settings_in_force import StandingDesk, body_of, in_force

SAMPLE = sample_community()
LEDGER = SAMPLE.with_name("ledger.csv")
AWAY = (
    '[[absence]]\nstaff = "S11"\nfrom = 2020-01-01T00:00:00+08:00\nto = 2099-01-01T00:00:00+08:00\nreason = "年假"\n\n'
)
MANAGER = ("--as", "S01")
LOAD_LEDGER = ("load", "--community", "jinxiu", "--as", "S02", "--ledger")


@pytest.fixture
async def line(huiyin):
    """The command line on a database and a namespace of the test's own: what is loaded counts for nobody else."""
    ground, name = read_ground(huiyin.data), f"load-{secrets.token_hex(4)}"
    await engine_of(name, ground.temporal_address, huiyin.data)
    where = {"HUIYIN_TEMPORAL_ADDRESS": ground.temporal_address, "HUIYIN_TEMPORAL_NAMESPACE": name}
    own = {"HUIYIN_DATABASE_URL": await own_database(ground.dsn), **where}
    return replace(huiyin, env={**huiyin.env, **own})


@asynccontextmanager
async def record(line):
    async with await open_pool(line.env["HUIYIN_DATABASE_URL"]) as pool:
        yield pool


def edited(place: Path, *changes: tuple[str, str]) -> str:
    """The sample's settings with some words replaced."""
    text = SAMPLE.read_text(encoding="utf-8")
    for old, new in changes:
        assert old in text
        text = text.replace(old, new, 1)
    place.write_text(text, encoding="utf-8")
    return str(place)


async def test_versions_are_kept_and_the_same_file_adds_none(line):
    """OPS-06: dry run, load, the same again; a comment more is the same too."""
    foretold = line.ok("load", str(SAMPLE), *MANAGER, "--dry-run")
    first, again = (line.ok("load", str(SAMPLE), *MANAGER) for _ in range(2))
    assert (foretold["version"], first["version"]["number"]) == (None, 1)
    assert (again["new"], again["version"], again["changes"]) == (False, first["version"], [])
    assert first["residents"]["jinxiu"]["added"] == again["residents"]["jinxiu"]["unchanged"] == 6
    async with record(line) as pool:
        rows = await pool.fetch("select number, loaded_by, file from settings_version")
        with pytest.raises(asyncpg.PostgresError, match="append only"):
            await pool.execute("update settings_version set body = ''")
    assert [tuple(row) for row in rows] == [(1, "usr_S01", "community.toml")]


def test_status_says_which_settings_are_in_force(line):
    """OPS-03, OPS-06: a file while none were loaded, then number, digest and since when, in words and as JSON."""
    before = line("status", "--json").document["settings"]
    assert (before["number"], before["since"], before["file"]) == (None, None, line.env["HUIYIN_COMMUNITY"])
    warned = [one["code"] for one in before["warnings"]]
    page = line("status", "--lang", "zh", COLUMNS="200").out
    assert ("尚未载入" in page, "只确认到" in page) == (True, warned != []), page
    loaded = line.ok("load", str(SAMPLE), *MANAGER)["version"]
    told = line("status", "--json").document["settings"]
    assert (told["number"], told["digest"], told["file"]) == (1, loaded["digest"], "community.toml")
    assert datetime.fromisoformat(told["since"]) <= datetime.now(UTC)
    for lang, said in (("zh", "第 1 版"), ("en", "no. 1 (")):
        page = line("status", "--lang", lang, COLUMNS="200").out
        assert (said in page, loaded["digest"][:12] in page, loaded["digest"] in page) == (True, True, False), page


def test_status_warns_of_holiday_data_that_end_soon(line, tmp_path):
    """CAL-11: of the settings in force, however they came to be."""
    file = edited(tmp_path / "c.toml", ("confirmed_until = 2026-12-31", "confirmed_until = 2020-12-31"))
    line.ok("load", file, *MANAGER)
    warned = line("status", "--json").document["settings"]["warnings"]
    assert {"holidays_lapse"} == {one["code"] for one in warned}
    for lang, said in (("zh", "只确认到 2020-12-31"), ("en", "confirmed to 2020-12-31 only")):
        assert said in line("status", "--lang", lang, COLUMNS="200").out


def test_what_changed_is_said_in_words(line, tmp_path):
    line.ok("load", str(SAMPLE), *MANAGER)
    moved = edited(tmp_path / "c.toml", ("[[shift]]", AWAY + "[[shift]]"), ('id = "S12"', 'id = "S99"'))
    zh, en = (line("load", moved, *MANAGER, "--dry-run", "--lang", lang) for lang in ("zh", "en"))
    assert re.search(r"人员\s+− S12 .*\s+\+ S99 ", zh.out)
    assert re.search(r"请假\s+\+ S11 2020-01-01 00:00 – 2099-01-01 00:00 年假", zh.out)
    assert re.search(r"staff\s+− S12 engineer", en.out)
    assert re.search(r"absences\s+\+ S11", en.out)


def test_what_a_file_loads_with_is_said(line, tmp_path):
    """CAL-11, OPS-06: how much contradicts itself and where to see it, and holiday data that end soon."""
    change = ('skill = "elevator"\nphotos', 'skill = "elevators"\nphotos')
    file = edited(tmp_path / "c.toml", change, ("confirmed_until = 2026-12-31", "confirmed_until = 2020-12-31"))
    told = line.ok("load", file, *MANAGER, "--dry-run")
    assert (told["contradictions"], "calendar[1].confirmed_until" in {one["key"] for one in told["warnings"]}) == (
        1,
        True,
    )
    said = {
        "zh": ("有 1 处矛盾,详见 huiyin policy check", "只确认到 2020-12-31"),
        "en": ("contradictions: 1", "2020-12-31 only"),
    }
    for lang, words in said.items():
        page = line("load", file, *MANAGER, "--lang", lang, COLUMNS="200").out
        assert [word for word in words if word not in page] == [], page


def test_a_bad_file_leaves_the_version_before_in_force(line, tmp_path):
    """OPS-06: refused whole with file, line and key; the residents a file lists are part of it."""
    first = line.ok("load", str(SAMPLE), *MANAGER)["version"]
    bad = (
        (edited(tmp_path / "a.toml", ('shift = "day"', 'shift = "noon"')), "noon"),
        (edited(tmp_path / "b.toml", ('room = "JX03-1-1502"', 'room = "JX99-1-1502"')), r"resident\[0\]\.room"),
        (str(tmp_path / "none.toml"), "none.toml"),
    )
    for file, named in bad:
        ran = line("load", file, *MANAGER)
        assert ran.code == 2
        assert "[bad-community-file]" in ran.err
        assert re.search(named, ran.err)
    assert line.ok("roster", "jinxiu")["version"]["digest"] == first["digest"]


@pytest.mark.parametrize(("staff", "code"), [("S09", "forbidden"), ("S98", "unknown-staff")])
def test_who_may_not_load_is_told(huiyin, staff, code):
    assert huiyin("load", str(SAMPLE), "--as", staff).error == code
    assert huiyin("roster", "jinxiu").error == "no-settings-loaded"


def test_every_command_goes_by_the_version_in_force(line, tmp_path):
    """One truth for all doors: a person who came with the version can act, whatever file a door would read."""
    newcomer = edited(tmp_path / "c.toml", ('id = "S22"', 'id = "S77"'), ('"S22"', '"S77"'))
    text = Path(newcomer).read_text(encoding="utf-8").replace('"S22"', '"S77"')
    Path(newcomer).write_text(text, encoding="utf-8")
    assert line("duties", "S77").error == "unknown-staff"
    line.ok("load", newcomer, *MANAGER)
    assert line.ok("duties", "S77")["duties"] == []
    assert line("duties", "S22", HUIYIN_COMMUNITY=str(SAMPLE)).error == "unknown-staff"


NIGHT_X = """[[calendar]]
id = "nightx"
name = "夜间加班"
zone = "Asia/Shanghai"
kind = "weekly"
week = [{ days = ["sat"], open = ["20:00-02:00+1"] }]

"""


def test_calendars_are_shown_as_they_are_in_force(line, tmp_path):
    """CAL-13, OPS-06: those that were loaded, not those of the file; which it is, is said."""
    file = edited(tmp_path / "c.toml", ("[[calendar]]", NIGHT_X + "[[calendar]]"))
    before = line("calendar", "show", "nightx")
    assert (before.code, before.error) == (1, "unknown-calendar")
    assert line.ok("calendar", "show", "nightx", "--file", file)["settings"]["number"] is None
    line.ok("load", file, *MANAGER)
    told = line.ok("calendar", "show", "nightx", "--month", "2026-10")
    assert (told["calendar"], told["settings"]["number"], told["settings"]["file"]) == ("nightx", 1, "c.toml")
    assert "现行配置第 1 版" in line("calendar", "show", "--lang", "zh").out
    assert "settings in force, no. 1" in line("calendar", "diff", "--lang", "en").out
    assert line.ok("calendar", "show", "office", "--file", str(SAMPLE))["settings"]["number"] is None
    away = line("calendar", "show", "office", "--lang", "en", HUIYIN_DATABASE_URL="postgresql://127.0.0.1:1/x")
    assert (away.code, "file community.toml" in away.out) == (0, True), away


async def test_who_was_on_duty_has_one_answer_for_ever(line, tmp_path):
    """DSP-14: by the version that was in force; what is loaded later changes nothing about it."""
    line.ok("load", str(SAMPLE), *MANAGER)
    async with record(line) as pool:
        loaded = await pool.fetchval("select loaded_at from settings_version")
    asked = ("roster", "jinxiu", "--at", (loaded + timedelta(seconds=1)).isoformat())
    await eventually(lambda: _passed(loaded + timedelta(seconds=1)), bool)
    before = line.ok(*asked)
    line.ok("load", edited(tmp_path / "c.toml", ("[[shift]]", AWAY + "[[shift]]")), *MANAGER)
    assert line.ok(*asked) == before
    now = {one["staff"]: one["state"] for one in line.ok("roster", "jinxiu")["staff"]}
    assert now["S11"] == "absent" != {one["staff"]: one["state"] for one in before["staff"]}["S11"]
    assert line("roster", "jinxiu", "--at", "2020-01-01 03:20").error == "before-first-version"


async def _passed(instant: datetime) -> bool:
    return datetime.now(UTC) > instant


def test_a_roster_is_found_by_the_digest_that_a_dispatch_keeps(line, tmp_path):
    """DSP-14: the decision names the roster; the version with it is found after others have come."""
    loaded = line.ok("load", str(SAMPLE), *MANAGER)["version"]
    with process("worker", line.env, tmp_path / "worker.log"):
        order = line.received("--text", "漏水", "--clarified", "修好水管")
        line.ok("dispatch", order, "--to", "S09", "--as", "S06")
        events = line.ok("show", order)["events"]
    [digest] = [one["payload"]["decision"]["roster"] for one in events if one["type"] == "work_order.dispatched"]
    line.ok("load", edited(tmp_path / "c.toml", ("[[shift]]", AWAY + "[[shift]]")), *MANAGER)
    found = line.ok("roster", "jinxiu", "--version", digest)
    assert (found["version"]["number"], digest) == (1, loaded["roster"])
    assert {one["staff"]: one["state"] for one in found["staff"]}["S11"] != "absent"
    assert line("roster", "jinxiu", "--version", "0" * 12).error == "unknown-roster"


async def test_a_door_that_stays_open_goes_by_what_is_loaded_meanwhile(line, tmp_path):
    """The relay: its next look is under the version loaded last, with the digest it was loaded under."""
    async with record(line) as pool:
        ring = KeyRing.open(line.data / "keys" / "kek.json")
        standing = StandingDesk(Desk(pool, None, ring, *await in_force(pool, SAMPLE)))
        assert (await standing.desk()).version is None
        told = line.ok("load", edited(tmp_path / "c.toml", ("[[shift]]", AWAY + "[[shift]]")), *MANAGER)
        desk = await standing.desk()
        assert (desk.version.number, desk.roster.version) == (1, told["version"]["roster"])
        assert desk.roster.absent("S11", datetime.now(UTC))


async def test_a_version_that_a_newer_program_cannot_read_is_said_and_can_be_replaced(line):
    async with record(line) as pool:
        what = "(number, digest, roster, body, file, loaded_by) values (1, 'd', 'r', '{}', 'f', 'usr_S01')"
        await pool.execute(f"insert into settings_version {what}")
    assert line("list").error == "settings-outgrown"
    where = {"dsn": line.env["HUIYIN_DATABASE_URL"], "namespace": line.env["HUIYIN_TEMPORAL_NAMESPACE"]}
    [said] = await look(screen_of("zh"), replace(read_ground(line.data), **where), giving_up=False)
    assert "[settings-outgrown]" in said  # and the servers stay up: only so another version can be loaded
    assert line.ok("load", str(SAMPLE), *MANAGER)["version"]["number"] == 2
    assert line("list").code == 0


def test_what_a_version_keeps_are_the_settings_without_residents():
    """SEC-05: residents' names and numbers never stand in clear in the record."""
    file = load_file(SAMPLE)
    body = body_of(file).decode()
    assert file.resident[0]["phone"] not in body
    assert file.members["S09"].phone in body


def test_a_ledger_is_loaded_once_in_either_encoding(line, tmp_path):
    """INT-10: preview with counts and first lines, then the load; again, and in GBK, it adds nothing."""
    gbk = tmp_path / "gbk.csv"
    gbk.write_bytes(LEDGER.read_text(encoding="utf-8").encode("gbk"))
    foretold = line.ok(*LOAD_LEDGER, str(LEDGER), "--dry-run")
    first, again, other = (line.ok(*LOAD_LEDGER, str(file)) for file in (LEDGER, LEDGER, gbk))
    assert (foretold["rooms"], foretold["added"]) == (first["rooms"], first["added"]) == (100, 112)
    assert (again["added"], again["unchanged"], other["added"], other["unchanged"]) == (0, 112, 0, 112)
    assert re.search(r"第 2 行 JX02-1-0101 样\*\* 138\*{4}2001 业主", line(*LOAD_LEDGER, str(LEDGER), "--dry-run").out)


def test_residents_of_the_ledger_serve(line):
    """INT-10, FBK-02: the household's groups put its matters first, its wish says how to speak with it."""
    line.ok("load", str(SAMPLE), *MANAGER)
    line.ok(*LOAD_LEDGER, str(LEDGER))
    order = line.received("--text", "漏水", "--room", "JX02-1-0102", "--phone", "138 0000 2002")
    shown = line.ok("show", order)
    assert (shown["special"], shown["manner"]["dialect"], shown["manner"]["hours"]) == (True, True, "18:00-20:30")
    assert "宜在 18:00-20:30 联系" in line("show", order, COLUMNS="200").out
    listed = line.received("--text", "漏水", "--phone", "13800001007", "--community", "yangguang")
    assert line.ok("show", listed)["manner"]["channels"][0] == "visit"  # of the settings' own residents


BAD = """房号,户号,姓名,电话,人群,联系时段
JX99-1-0101,,样例甲,,,
JX02-1-0101,H1,样例乙,abc,,
,H9,样例丙,,,
JX02-1-0102,H2,样例丁,,孤独,
JX02-1-0103,H3,样例戊,,独居老人,18:00-20:00
JX02-1-0103,H4,样例己,,,
JX02-1-0104,H5,"样例
庚",,,
JX02-1-0105,H6,样例\x07辛,,,
"""
REASONS = ["unknown_building", "bad_phone", "unknown_household", "unknown_groups", "room_twice"]
REASONS += ["line_break", "control_sign"]


def test_bad_lines_are_named_beside_the_file_and_cost_only_themselves(line, tmp_path):
    file = tmp_path / "bad.csv"
    file.write_text(BAD, encoding="utf-8-sig")
    told = line.ok(*LOAD_LEDGER, str(file))
    assert (told["added"], told["rejected"]) == (1, dict.fromkeys(REASONS, 1))
    with Path(told["rejects_file"]).open(encoding="utf-8-sig", newline="") as stream:
        rows = list(csv.DictReader(stream))
    assert [(row["line"], row["field"], row["reason"]) for row in rows] == [
        ("2", "房号", "unknown_building"),
        ("3", "电话", "bad_phone"),
        ("4", "户号", "unknown_household"),
        ("5", "关怀群体", "unknown_groups"),
        ("7", "房号", "room_twice"),
        ("8", "姓名", "line_break"),
        ("10", "姓名", "control_sign"),
    ]
    assert "换行" in rows[5]["what"]
    assert not any("UTF-8" in row["remedy"] for row in rows)
    assert all(row["what"] and row["remedy"] for row in rows)
    assert not any("样例" in cell for row in rows for cell in row.values())


@pytest.mark.parametrize(
    ("content", "code"),
    [
        ("房号,房价\nJX02-1-0101,1\n", "ledger-unknown-column"),
        ("房号,room\nJX02-1-0101,1\n", "ledger-column-twice"),
        ("姓名,电话\n样例,13800001001\n", "ledger-missing-column"),
        ("", "ledger-empty"),
    ],
)
def test_a_file_that_is_no_ledger_is_refused_whole(huiyin, tmp_path, content, code):
    file = tmp_path / "x.csv"
    file.write_text(content, encoding="utf-8")
    ran = huiyin(*LOAD_LEDGER, str(file))
    assert (ran.code, ran.error) == (2, code)


def big(place: Path, rooms: int) -> str:
    rows = (f"JX02-{at // 100}-{at % 100:04d},样例{at},139{at:08d}" for at in range(rooms))
    place.write_text("\n".join(["房号,姓名,电话", *rows]) + "\n", encoding="utf-8")
    return str(place)


async def test_a_load_that_dies_leaves_no_half_of_it(line, tmp_path):
    """Killed while it finds the persons: nothing of the ledger is there, and the next load brings all of it."""
    file = big(tmp_path / "big.csv", 12_000)
    async with record(line) as pool:
        running = line.begun(*LOAD_LEDGER, file, "--json")
        await eventually(lambda: pool.fetchval("select count(*) from subject"), bool)
        running.send_signal(signal.SIGKILL)
        running.communicate(timeout=60)
        counted = "select (select count(*) from ledger_room), (select count(*) from ledger_resident)"
        left = tuple(await pool.fetchrow(counted))
        assert left in {(0, 0), (12_000, 12_000)}
        again = line.ok(*LOAD_LEDGER, file)
        assert again["added"] + again["unchanged"] == 12_000
        assert await pool.fetchval("select count(*) from subject") == 12_000


async def test_two_loads_at_once_make_one_ledger(line, tmp_path):
    """The second is done or told to repeat; no line is there twice, none is missing."""
    file = big(tmp_path / "big.csv", 1_000)
    both = [line.begun(*LOAD_LEDGER, file, "--json") for _ in range(2)]
    for one in both:
        await asyncio.to_thread(one.communicate, timeout=60)
    codes = sorted(one.returncode for one in both)
    assert codes in ([0, 0], [0, 1])
    again = line.ok(*LOAD_LEDGER, file)
    assert (again["added"], again["unchanged"]) == (0, 1_000)


@pytest.mark.parametrize("words", [("load", str(SAMPLE), *MANAGER), (*LOAD_LEDGER, str(LEDGER)), ("roster", "jinxiu")])
def test_a_database_that_is_away_is_said(huiyin, words):
    ran = huiyin(*words, HUIYIN_DATABASE_URL="postgresql://nobody@127.0.0.1:1/none")
    assert (ran.code, ran.error) == (3, "records-away")


@pytest.mark.parametrize("words", [("load",), ("load", str(SAMPLE), "--ledger", str(LEDGER))])
def test_one_thing_is_loaded_at_a_time(huiyin, words):
    ran = huiyin(*words, *MANAGER)
    assert (ran.code, ran.error) == (2, "load-what")


def test_two_sets_of_rules_do_not_share_a_version(line, tmp_path):
    """CLK-31, OPS-06: refused as a whole; with a version of its own it is loaded, and people may change under one."""
    line.ok("load", str(SAMPLE), *MANAGER)
    faster = ('response = { limit = "15m"', 'response = { limit = "10m"')
    refused = line("load", edited(tmp_path / "same.toml", faster), *MANAGER)
    assert (refused.code, refused.error) == (1, "version-taken")
    own = edited(tmp_path / "own.toml", faster, ('version = "2026.1"', 'version = "2026.2"'))
    assert line.ok("load", own, *MANAGER)["new"]
