"""Trying a policy by command: tables in both languages, one document, and every fault of a file by its line."""

import csv
import json
import re
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import NamedTuple

import past_orders
import pytest
from rich.cells import cell_len
from typed import DONE

from domain.simulation.past_orders import Act
from domain.simulation.past_terms import Shelf
from domain.simulation.simulating import DUTIES, simulate
from domain.vocabulary import ClockName, Role
from domain.words import CLOCKS
from starter.cli.main import run
from starter.community_file import load
from starter.past_export import write_header, write_past_orders
from starter.past_orders import COLUMNS, Settings, read_past_orders
from starter.words.glossary import ROLES

ROOT = Path(__file__).parents[2]
SAMPLE, PAST = ROOT / "examples" / "community.toml", ROOT / "examples" / "past_orders.csv"
MANY = 10_000


class Ran(NamedTuple):
    code: int
    out: str
    err: str

    @property
    def document(self):
        return json.loads(self.out)


@pytest.fixture
def policy(capsys, monkeypatch):
    """`policy(…)`: one command in this process; a simulation needs no server."""
    monkeypatch.setenv("NO_COLOR", "1")
    monkeypatch.delenv("HUIYIN_LANG", raising=False)

    def ran(*words, columns=80) -> Ran:
        monkeypatch.setenv("COLUMNS", str(columns))
        code = run(["policy", *map(str, words)])
        return Ran(code, *capsys.readouterr())

    return ran


@pytest.fixture
def stricter(tmp_path):
    """Settings that leave five minutes to answer instead of fifteen, and tell the project manager first."""
    text = SAMPLE.read_text(encoding="utf-8").replace('response = { limit = "15m"', 'response = { limit = "5m"')
    text = text.replace(
        'level = 1, after = "0m", to = "duty_supervisor"', 'level = 1, after = "0m", to = "project_manager"'
    )
    return written(tmp_path / "stricter.toml", text)


def written(path, text):
    path.write_text(text, encoding="utf-8")
    return path


def read(path, settings=SAMPLE):
    file = load(settings)
    return read_past_orders(path, [Settings("sample", file, Shelf(file))])


def cells(line):
    return line.split()


# ---- what is shown

SAID = {
    "zh": ("240 张往日工单,假定各级都按时确认", "升级打扰(次)", "未试算(往日工单不含这些行为)", "只算开放时间"),
    "en": ("240 past orders; every level acknowledged in time", "disturbed (times)", "Not simulated", "open time"),
}


@pytest.mark.parametrize("lang", ["zh", "en"])
def test_a_simulation_is_told_in_either_language(policy, lang):
    """ESC-03, API-07: each clock with its figures, each role with its levels, and what is not in it."""
    ran = policy("simulate", SAMPLE, "--orders", PAST, "--lang", lang)
    assert (ran.code, ran.err) == (0, "")
    assert [words for words in SAID[lang] if words not in ran.out] == []
    found = simulate(Shelf(load(SAMPLE)), read(PAST))
    lines = [cells(line) for line in ran.out.splitlines() if line.strip()]
    for name, tally in found.clocks.items():
        figures = [str(tally.judged), str(tally.met), str(tally.breached), f"{tally.breached_percent:.1f}"]
        (line,) = (line for line in lines if line[0] == CLOCKS[name].said(lang) and line[1:5] == figures)
        assert line[-1] == str(tally.not_judged)
    levels = found.by_level()
    told = sum(times for (_, role), times in levels.items() if role is Role.DUTY_SUPERVISOR)
    (line,) = (line for line in ran.out.splitlines() if line.startswith(ROLES[Role.DUTY_SUPERVISOR].said(lang)))
    assert cells(line)[-1] == str(told)
    assert cells(ran.out[ran.out.index(SAID[lang][1]) :].split("\n\n")[0].splitlines()[-1])[-1] == str(levels.total())


@pytest.mark.parametrize("lang", ["zh", "en"])
@pytest.mark.parametrize("columns", [40, 50, 80, 120])
def test_tables_fit_their_terminal(policy, stricter, columns, lang):
    """API-07."""
    for more in ((), ("--against", SAMPLE)):
        ran = policy("simulate", stricter, "--orders", PAST, "--lang", lang, *more, columns=columns)
        assert (ran.code, "…" in ran.out) == (0, False)
        assert max(cell_len(line.rstrip()) for line in ran.out.splitlines() if "toml" not in line) <= columns


@pytest.mark.parametrize("lang", ["zh", "en"])
def test_a_narrow_terminal_gets_every_figure(policy, lang):
    """API-07: tables are stacked, and each number stands in one of them."""
    wide, narrow = (
        policy("simulate", SAMPLE, "--orders", PAST, "--lang", lang, columns=columns).out for columns in (120, 50)
    )
    figures = [sorted(re.findall(r"\d+(?:\.\d)?", out)) for out in (wide, narrow)]
    assert figures[0] == figures[1]


def test_a_program_gets_one_document(policy):
    """API-07: codes, counts, seconds of open time; the same as the rules say."""
    ran = policy("simulate", SAMPLE, "--orders", PAST, "--json")
    told, found = ran.document, simulate(Shelf(load(SAMPLE)), read(PAST))
    assert (ran.code, ran.err, told["orders"], told["acknowledged"]) == (0, "", 240, True)
    assert (told["file"], told["version"]) == (str(SAMPLE), "2026.1")
    assert {one["clock"]: (one["judged"], one["breached"], one["not_judged"]) for one in told["clocks"]} == {
        name: (tally.judged, tally.breached, tally.not_judged) for name, tally in found.clocks.items()
    }
    (answer,) = (one for one in told["clocks"] if one["clock"] == "response")
    assert answer["late_p50_seconds"] == found.clocks[ClockName.RESPONSE].late_at(50).total_seconds()
    times = {(one["clock"], one["level"], one["role"]): one["times"] for one in told["disturbed"]}
    assert times == found.disturbed
    assert set(told["not_simulated"]) == set(ClockName) - set(DUTIES)


def test_silence_disturbs_more(policy):
    """ESC-04."""
    counts = [
        sum(one["times"] for one in policy("simulate", SAMPLE, "--orders", PAST, "--json", *more).document["disturbed"])
        for more in (("--acknowledged",), ("--nobody-acknowledges",))
    ]
    assert counts[0] < counts[1]
    assert (
        "nobody acknowledges"
        in policy("simulate", SAMPLE, "--orders", PAST, "--nobody-acknowledges", "--lang", "en").out
    )


@pytest.mark.parametrize("lang", ["zh", "en"])
def test_two_policies_stand_side_by_side(policy, stricter, lang):
    """CLK-08, ESC-03: what is tried against what is in force, and the difference."""
    told = policy("simulate", stricter, "--orders", PAST, "--against", SAMPLE, "--json").document
    new, old = ({one["clock"]: one for one in side["clocks"]} for side in (told, told["against"]))
    more = new["response"]["breached"] - old["response"]["breached"]
    assert more > 0
    assert new["handling"] == old["handling"]
    out = policy("simulate", stricter, "--orders", PAST, "--against", SAMPLE, "--lang", lang).out
    (line,) = (line for line in out.splitlines() if line.startswith(CLOCKS["response"].said(lang)))
    assert cells(line)[3:6] == [str(old["response"]["breached"]), str(new["response"]["breached"]), f"+{more}"]
    assert {"zh": "1 级 项目经理", "en": "L1 project manager"}[lang] in out


def test_ten_thousand_orders_add_up(policy, tmp_path):
    """ESC-03: as often as an order stands in the file it is counted."""
    lines = PAST.read_text(encoding="utf-8").splitlines()
    times = MANY // 200
    path = written(tmp_path / "many.csv", "\n".join([lines[0], *(lines[1:201] * times)]) + "\n")
    few = written(tmp_path / "few.csv", "\n".join(lines[:201]) + "\n")
    whole, part = (policy("simulate", SAMPLE, "--orders", one, "--json").document for one in (path, few))
    assert (whole["orders"], part["orders"]) == (MANY, 200)
    for one, other in zip(whole["clocks"], part["clocks"], strict=True):
        counts = ("judged", "met", "breached", "not_judged")
        assert [one[name] for name in counts] == [other[name] * times for name in counts]
        assert one["late_p50_seconds"] == other["late_p50_seconds"]
    assert [one["times"] for one in whole["disturbed"]] == [one["times"] * times for one in part["disturbed"]]


# ---- the file of past orders


def test_the_sample_is_what_its_script_makes():
    """OPS-01: seeded, and small enough for a README."""
    assert PAST.read_text(encoding="utf-8") == past_orders.made()
    assert PAST.stat().st_size < 60_000


def test_local_times_are_those_of_the_community(tmp_path):
    """CAL-09: and an instant with its zone is the same everywhere; an hour that comes twice is meant the first time."""
    path = written(
        tmp_path / "past.csv",
        "received_at,category,community\n"
        "2026-07-08 10:00,GLAZING,jinxiu\n"
        "2026-07-08 10:00:30,GLAZING,sf-housing\n"
        "2026-07-08T10:00:00.000001+08:00,GLAZING,sf-housing\n"
        "2026-11-01 01:30,GLAZING,sf-housing\n",
    )
    received = [order.acts[Act.RECEIVED] for order in read(path)]
    texts = ["2026-07-08T02:00:00", "2026-07-08T17:00:30", "2026-07-08T02:00:00.000001", "2026-11-01T08:30:00"]
    assert received == [datetime.fromisoformat(text).replace(tzinfo=UTC) for text in texts]


def test_what_is_written_is_read_again(tmp_path):
    """API-07: an export is a file of past orders to the microsecond."""
    orders = read(PAST)
    orders = [
        order._replace(acts={act: at + timedelta(microseconds=1) for act, at in order.acts.items()}) for order in orders
    ]
    with (tmp_path / "again.csv").open("w", encoding="utf-8", newline="") as stream:
        write_header(stream)
        write_past_orders(stream, orders)
    assert read(tmp_path / "again.csv") == orders


HEAD = "community,category,received_at,responded_at,kind,not_judged\n"
GOOD = "jinxiu,WATER_LEAK,2026-07-08 10:00,2026-07-08 10:05,,\n"
FAULTS = [
    ("", 1, "", "the file is empty"),
    (HEAD, 1, "", "there is no order in it"),
    ("community,category\n" + "a,b\n", 1, "received_at", "columns missing: received_at"),
    (HEAD.replace("responded", "respnded") + GOOD, 1, "respnded_at", "no such column, or twice: respnded_at"),
    (HEAD.replace("kind", "category") + GOOD, 1, "category", "no such column, or twice: category"),
    (HEAD + "nowhere,WATER_LEAK,2026-07-08 10:00,,,\n", 2, "community", "no such community"),
    (HEAD + GOOD + "jinxiu,NONE,2026-07-08 10:00,,,\n", 3, "category", "has no NONE in jinxiu"),
    (HEAD + GOOD + "jinxiu,,2026-07-08 10:00,,,\n", 3, "category", "must not be empty"),
    (HEAD + "jinxiu,WATER_LEAK,,,,\n", 2, "received_at", "must not be empty"),
    (HEAD + "jinxiu,WATER_LEAK,10:00,,,\n", 2, "received_at", "a time is written 2026-03-01 10:00"),
    (HEAD + "jinxiu,WATER_LEAK,2026-02-30 10:00,,,\n", 2, "received_at", "a time is written"),
    (HEAD + "jinxiu,WATER_LEAK,9999-12-31 10:00,,,\n", 2, "received_at", "a time is written"),
    (HEAD + "jinxiu,WATER_LEAK,2026-07-08 10:00,2026-07-08 09:59,,\n", 2, "responded_at", "lies before received_at"),
    (HEAD + "jinxiu,WATER_LEAK,2026-07-08 10:00,,fun,\n", 2, "kind", "no fun; known: repair"),
    (HEAD + "jinxiu,WATER_LEAK,2026-07-08 10:00,,,lunch\n", 2, "not_judged", "no lunch; known: response"),
    (HEAD + GOOD + "jinxiu,WATER_LEAK\n", 3, "", "the row has not as many columns as the header"),
    (HEAD + '"jinxiu,WATER_LEAK\n' + GOOD, 2, "", "a quote is not closed"),
    (HEAD + "jinxiu,\ud800,2026-07-08 10:00,,,\n", 2, "", "these bytes are not UTF-8"),
]


@pytest.mark.parametrize(("text", "line", "column", "sentence"), FAULTS, ids=lambda one: str(one)[:40])
def test_a_fault_is_told_with_its_line_and_nothing_is_half_read(policy, tmp_path, text, line, column, sentence):
    """OPS-06: exit code 2, and no figure."""
    path = tmp_path / "past.csv"
    path.write_bytes(text.encode("utf-8", "surrogatepass"))
    told = policy("simulate", SAMPLE, "--orders", path, "--json")
    assert (told.code, told.document["error"]["code"]) == (2, "bad-orders-file")
    (fault,) = told.document["error"]["facts"]["faults"]
    assert (fault["line"], fault["column"], sentence in fault["en"]) == (line, column, True)


@pytest.mark.parametrize(
    ("lang", "sentence"), [("zh", "past.csv:3:category:不能为空"), ("en", "past.csv:3:category:mustnotbeempty")]
)
def test_a_person_is_told_the_fault_on_standard_error(policy, tmp_path, lang, sentence):
    """OPS-06, API-08."""
    path = written(tmp_path / "past.csv", HEAD + GOOD + "jinxiu,,2026-07-08 10:00,,,\n")
    ran = policy("simulate", SAMPLE, "--orders", path, "--lang", lang)
    assert (ran.code, ran.out, sentence in "".join(ran.err.split())) == (2, "", True)


def test_many_faults_are_told_at_once_and_counted(policy, tmp_path):
    """OPS-06: twenty in full, in the order of the file."""
    path = written(tmp_path / "past.csv", HEAD + "jinxiu,,x,,,\n" * 25)
    told = policy("simulate", SAMPLE, "--orders", path, "--json").document["error"]
    assert [fault["line"] for fault in told["facts"]["faults"]] == list(range(2, 22))
    assert told["message"].endswith("另有 5 处")


def test_a_class_only_one_of_two_policies_offers_is_named(policy, tmp_path):
    """CLK-08: with the settings that lack it."""
    text = (
        SAMPLE.read_text(encoding="utf-8").replace('code = "NOISE"', 'code = "NOISES"').replace('"NOISE"', '"NOISES"')
    )
    renamed = written(tmp_path / "renamed.toml", text.replace('to = "NOISE"', 'to = "NOISES"'))
    path = written(tmp_path / "past.csv", HEAD + "jinxiu,NOISE,2026-07-08 10:00,,,\n")
    assert policy("simulate", SAMPLE, "--orders", path, "--json").code == 0
    told = policy("simulate", SAMPLE, "--orders", path, "--against", renamed, "--json").document["error"]
    (fault,) = told["facts"]["faults"]
    assert (fault["line"], "renamed.toml has no NOISE in jinxiu" in fault["en"]) == (2, True)


REFUSED = [
    (("simulate", SAMPLE), 2, "option-missing"),
    (("simulate", SAMPLE, "--orders", "no-such-file.csv"), 2, "unreadable-file"),
    (("simulate", SAMPLE, "--orders", ROOT), 2, "unreadable-file"),
    (("simulate", "no-such-file.toml", "--orders", PAST), 2, "bad-community-file"),
    (("simulate", SAMPLE, "--orders", PAST, "--against", "no-such-file.toml"), 2, "bad-community-file"),
    (("simulate",), 2, "usage"),
    (("orders",), 2, "option-missing"),
]


@pytest.mark.parametrize(("words", "code", "error"), REFUSED, ids=lambda one: str(one)[:60])
def test_a_refusal_has_its_code_and_exit_code(policy, words, code, error):
    """API-08."""
    ran = policy(*words, "--json")
    assert (ran.code, ran.document["error"]["code"]) == (code, error)


def test_faults_of_the_settings_are_told_with_their_lines(policy, tmp_path):
    """OPS-06, CLK-33: as every command tells them."""
    text = SAMPLE.read_text(encoding="utf-8").replace('limit = "15m"', 'limit = "0m"', 1)
    line = next(number for number, row in enumerate(text.splitlines(), start=1) if 'limit = "0m"' in row)
    ran = policy("simulate", written(tmp_path / "bad.toml", text), "--orders", PAST, "--json")
    assert (ran.code, f"bad.toml:{line}: default.clocks.response.limit" in ran.document["error"]["message"]) == (
        2,
        True,
    )


# ---- the house's own past

LIFE = (
    ("respond", "--as", "S06", "--text", "已通话"),
    ("clarify", "--as", "S06", "--text", "修好"),
    ("register", "--as", "S06"),
    ("dispatch", "--as", "S06", "--to", "S09"),
    ("accept", "--as", "S09"),
    ("arrive", "--as", "S09"),
    ("complete-handling", "--as", "S09", *DONE),
    (
        "give-feedback",
        "--as",
        "S06",
        "--kind",
        "result",
        "--found",
        "已上门查看,找到了问题所在",
        "--text",
        "已处理完毕并试用正常,请您查看",
    ),
    (
        "record-callback",
        "--as",
        "S22",
        "--they-called",
        "--resolved",
        "--attitude",
        "5",
        "--timeliness",
        "4",
        "--quality",
        "5",
    ),
)


def test_a_house_tries_a_policy_on_its_own_past(huiyin, tmp_path):
    """API-07, ESC-03, SEC-06: closed orders and open ones, instants as recorded, no personal data, read as they are."""
    early = (datetime.now(UTC) - timedelta(hours=1)).isoformat(timespec="seconds")
    late = ("--received-at", early, "--because", "系统停机补录")
    closed, opened = (huiyin.received("--text", "水管漏水", "--phone", "13800001777", *late) for _ in range(2))
    assert all(ran.code == 0 for ran in huiyin.many([step[0], closed, *step[1:]] for step in LIFE))
    events = {event["type"]: event["at"] for event in huiyin.ok("show", closed)["events"]}
    path = tmp_path / "past.csv"
    told = huiyin.ok("policy", "orders", "--out", str(path), "--community", "jinxiu")
    with path.open(encoding="utf-8", newline="") as stream:
        rows = list(csv.DictReader(stream))
    assert (tuple(rows[0]), len(rows), {row["community"] for row in rows}) == (COLUMNS, told["orders"], {"jinxiu"})
    mine = next(row for row in rows if row["closed_at"] == events["work_order.closed"])
    assert mine["responded_at"] == events["work_order.responded"]
    assert mine["result_told_at"] == mine["fed_back_at"] == events["work_order.feedback_given"]
    assert (mine["known_until"], mine["category"], mine["kind"]) == (mine["closed_at"], "WATER_LEAK", "repair")
    assert any(row["received_at"] == mine["received_at"] and not row["responded_at"] for row in rows)
    assert [word for word in ("13800001777", "漏水", "usr_", opened) if word in path.read_text(encoding="utf-8")] == []
    found = huiyin.ok("policy", "simulate", str(SAMPLE), "--orders", str(path))
    (answer,) = (one for one in found["clocks"] if one["clock"] == "response")
    assert answer["breached"] >= 2


def test_an_export_that_cannot_be_written_is_told(huiyin, tmp_path):
    """API-08: nothing half written is left."""
    ran = huiyin("policy", "orders", "--out", str(tmp_path / "none" / "past.csv"), "--json")
    assert (ran.code, ran.error) == (1, "unwritable-file")
    ran = huiyin("policy", "orders", "--out", str(tmp_path / "x.csv"), "--community", "nowhere", "--json")
    assert (ran.code, ran.error, list(tmp_path.iterdir())) == (1, "unknown-community", [])
