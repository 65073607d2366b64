"""What the command line refuses: the code, the exit code, and that nothing was changed (API-07, API-08)."""

import json

import asyncpg
import pytest
from typed import DONE

from stack.folder import read_ground
from starter.cli.errors import Failure
from starter.cli.telling import told

TABLES = (
    "work_order",
    "work_order_event",
    "intake",
    "pii_text",
    "pii_contact",
    "action",
    "audit_event",
    "terms",
    "subject",
)


BY_ITSELF = {"work_order_event", "work_order_event_lost", "outbox", "notice", "ladder_deed"}
BY_ITSELF |= {"child_report", "incident_joining", "owner_message", "owner_message_try", "callback_link"}


async def counted(huiyin) -> dict[str, int]:
    """Rows of every table a command can write, but those that clocks and relay write too: other orders live meanwhile.

    A command that reaches an order leaves its envelope in `action` first, so nothing it does escapes this. What a
    ladder's rule did meanwhile to some other order is no command of a person.
    """
    connection = await asyncpg.connect(read_ground(huiyin.data).dsn)
    try:
        names = await connection.fetch("select tablename from pg_tables where schemaname = 'public' order by 1")
        counts = {name: await connection.fetchval(f'select count(*) from "{name}"') for (name,) in names}  # noqa: S608
        counts["action"] = await connection.fetchval("select count(*) from action where actor <> 'system'")
    finally:
        await connection.close()
    return {name: count for name, count in counts.items() if "yoyo" not in name and name not in BY_ITSELF}


@pytest.fixture(scope="module")
def order(huiyin) -> str:
    """An order that is registered, nobody holds it yet."""
    number = huiyin.received()
    huiyin.ok("respond", number, "--as", "S06")
    huiyin.ok("clarify", number, "--as", "S06", "--text", "修好")
    huiyin.ok("register", number, "--as", "S06")
    return number


HERE = ("receive", "--as", "S06", "--community", "jinxiu", "--text", "x")
OLD = ("--received-at", "2020-01-01 10:00", "--because", "x")
WRONG = ("--attitude", "6", "--timeliness", "1", "--quality", "1")
REFUSED = [
    (("accept", "{order}", "--as", "S09"), 1, "forbidden"),
    (("dispatch", "{order}", "--as", "S09", "--to", "S09"), 1, "forbidden"),
    (("arrive", "{order}", "--as", "S06"), 1, "forbidden"),
    (("register", "{order}", "--as", "S06"), 1, "already-done"),
    (("complete-handling", "{order}", "--as", "S09", *DONE), 1, "forbidden"),
    (("respond", "{order}", "--as", "S06"), 1, "already-done"),
    (("note", "{order}", "--as", "S06", "--text", "x", "--expect-version", "1"), 1, "version-mismatch"),
    (("dispatch", "{order}", "--as", "S06", "--to", "S77"), 1, "unknown-staff"),
    (("dispatch", "{order}", "--as", "S06", "--to", "S12"), 1, "staff-not-here"),
    (("dispatch", "{order}", "--as", "S06", "--to", "S09", "--team", "nobody"), 1, "unknown-team"),
    (("note", "{order}", "--as", "S99", "--text", "x"), 1, "unknown-staff"),
    (("note", "{order}", "--as", "SF03", "--text", "x"), 1, "not-found"),
    (("note", "99999999", "--as", "S06", "--text", "x"), 1, "not-found"),
    (("show", "wo_99999999"), 1, "not-found"),
    (("show", "'; drop table work_order; --"), 1, "not-found"),
    (("reclassify", "{order}", "--as", "S06", "--category", "NO_SUCH", "--reason", "x"), 1, "unknown-category"),
    (("receive", "--as", "S06", "--community", "nowhere", "--text", "x"), 1, "unknown-community"),
    ((*HERE, "--channel", "wechat", "--answered"), 1, "stated-time-needs-live-channel"),
    ((*HERE, *OLD), 1, "received-too-old"),
    (("list", "--stage", "lunch"), 2, "unknown-choice"),
    (("list", "--limit", "0"), 2, "malformed-number"),
    (("list", "--limt", "5"), 2, "usage"),
    (("list", "--lang", "fr"), 2, "unknown-choice"),
    (("show",), 2, "usage"),
    (("fly",), 2, "usage"),
    (("receive", "--as", "S06", "--text", "x"), 2, "community-missing"),
    (("receive", "--text", "x"), 2, "staff-missing"),
    (("receive", "--as", "S06", "--community", "jinxiu"), 2, "option-missing"),
    (("receive", "--as", "S06", "--text", "x", "--received-at", "25:61"), 2, "malformed-time"),
    (("receive", "--as", "S06", "--text", "x", "--received-at", "2026-02-30 10:00"), 2, "malformed-time"),
    (("receive", "--as", "S06", "--text", "x", "--received-at", "2026-02-03T10:00:00+25:00"), 2, "malformed-time"),
    (("receive", "--as", "S06", "--text", "x", "--channel", "telepathy"), 2, "unknown-choice"),
    (("receive", "--as", "S06", "--text", "x", "--severity", "9"), 2, "unknown-choice"),
    ((*HERE, "--phone", "138abc"), 2, "malformed-phone"),
    (("transfer", "{order}", "--as", "S06", "--reason", "x"), 2, "option-missing"),
    (("reclassify", "{order}", "--as", "S06", "--reason", "x"), 2, "option-missing"),
    (("classify", "{order}", "--as", "S06"), 2, "option-missing"),
    (("record-callback", "{order}", "--as", "S22", "--resolved", *WRONG), 2, "malformed-number"),
    (("note", "{order}", "--as", "S06", "--text", "x", "--key", "键"), 2, "malformed-key"),
    (("show", "{order}", "--because", "x"), 2, "usage"),
    (("audit", "replay"), 2, "usage"),
    (("answer-callback", "10000001"), 2, "usage"),
    (("receive", "--as", "S06", "--text", "x", "--area", "空中花园"), 2, "community-missing"),
    ((*HERE, "--area", "地下车库", "--room", "JX03-1-1502"), 2, "two-places"),
    (("import", "no-such-file.csv"), 2, "import-unreadable"),
]  # fmt: skip


@pytest.fixture(scope="module")
def answers(huiyin, order) -> list:
    return huiyin.many([*(word.format(order=order) for word in words), "--json"] for words, _, _ in REFUSED)


@pytest.mark.parametrize("place", range(len(REFUSED)), ids=lambda place: " ".join(REFUSED[place][0])[:60])
def test_a_refusal_has_its_code_and_exit_code_and_no_trace(answers, place):
    (_, code, error), ran = REFUSED[place], answers[place]
    assert (ran.code, ran.error, ran.err) == (code, error, "")
    assert set(ran.document["error"]) == {"code", "message", "remedy", "facts"}


@pytest.mark.parametrize("lang", ["zh", "en"])
def test_a_person_is_told_what_is_wrong_and_what_to_do_on_standard_error(huiyin, order, lang):
    ran = huiyin("accept", order, "--as", "S09", "--lang", lang)
    assert (ran.code, ran.out, ran.error) == (1, "", "forbidden")
    assert "Traceback" not in ran.err
    assert {"zh": "经办人", "en": "assignee"}[lang] in ran.err


@pytest.mark.parametrize(
    ("lang", "why", "remedy"),
    [("zh", "还没有经办人", "请先派单"), ("en", "there is none yet", "Dispatch the order first")],
)
def test_what_only_the_assignee_may_says_that_there_is_none_yet(huiyin, order, lang, why, remedy):
    """API-08: the reason is not the role of who asks, for nobody's would do."""
    ran = huiyin("suspend", order, "--as", "S09", "--reason", "owner_absent", "--until", "17:00", "--lang", lang)
    assert (ran.code, ran.error, why in ran.err, remedy in ran.err) == (1, "forbidden", True, True), ran.err


@pytest.mark.parametrize(("lang", "why"), [("zh", "多写了「10000001」"), ("en", "10000001 is not needed here")])
def test_what_is_too_much_is_named_with_an_example(huiyin, lang, why):
    """API-08: a household has a code, no number; the example shows what is missing."""
    ran = huiyin("answer-callback", "10000001", "--lang", lang)
    assert (ran.code, why in ran.err, "huiyin answer-callback --token" in ran.err) == (2, True, True)


def test_a_repeated_key_happens_once_and_other_content_is_refused(huiyin):
    order = huiyin.received()
    words = ("note", order, "--as", "S06", "--key", "call-0312")
    first = huiyin.ok(*words, "--text", "业主晚八点后在家")
    assert huiyin.ok(*words, "--text", "业主晚八点后在家") == {**first, "repeated": True}
    refused = huiyin(*words, "--text", "别的", "--json")
    assert (refused.code, refused.error) == (1, "idempotency-key-reused")
    assert [e["type"] for e in huiyin.ok("show", order)["events"]].count("work_order.noted") == 1


def test_a_repeated_reception_gives_the_same_number(huiyin):
    words = ("receive", "--as", "S06", "--community", "jinxiu", "--text", "漏水", "--key", "call-0313")
    first, again = huiyin.ok(*words), huiyin.ok(*words)
    assert (again["order"], first["repeated"], again["repeated"]) == (first["order"], False, True)
    other = huiyin(*words[:-3], "停电", *words[-2:], "--json")
    assert (other.code, other.error) == (1, "idempotency-key-reused")


DRY = [
    (("receive", "--as", "S06", "--community", "jinxiu", "--text", "漏水"), 0),
    (("dispatch", "{order}", "--as", "S06", "--to", "S09"), 0),
    (("reclassify", "{order}", "--as", "S06", "--severity", "urgent", "--reason", "x"), 0),
    (("note", "{order}", "--as", "S06", "--text", "x"), 0),
    (("accept", "{order}", "--as", "S09"), 1),
    (("register", "{order}", "--as", "S06"), 1),
    (("note", "{order}", "--as", "S06", "--text", "x", "--expect-version", "1"), 1),
    (("note", "99999999", "--as", "S06", "--text", "x"), 1),
    (("note", "{order}", "--as", "SF03", "--text", "x"), 1),
    (("import", "examples/sf311_demo.csv"), 0),
]


async def test_a_dry_run_foretells_and_changes_nothing(huiyin, order):
    before = await counted(huiyin)
    typed = [[*(word.format(order=order) for word in words), "--dry-run"] for words, _ in DRY]
    plain, told = huiyin.many(typed), huiyin.many([*words, "--json"] for words in typed)
    assert [one.code for one in plain] == [one.code for one in told] == [code for _, code in DRY]
    assert all(one.document.get("dry_run") for one in told if one.code == 0)
    assert await counted(huiyin) == before


def test_a_dry_run_refuses_with_the_code_of_the_real_refusal(huiyin, order):
    words = [("accept", order, "--as", "S09", "--json"), ("register", order, "--as", "S06", "--json")]
    foretold = huiyin.many([*one, "--dry-run"] for one in words)
    assert [one.error for one in foretold] == [one.error for one in huiyin.many(words)]


AWAY = [
    ({"HUIYIN_DATA": "/nonexistent/huiyin"}, ("list",), "not-running"),
    ({"HUIYIN_DATABASE_URL": "postgresql://a:b@127.0.0.1:1/x"}, ("list",), "records-away"),
    (
        {"HUIYIN_DATABASE_URL": "postgresql://a:b@127.0.0.1:1/x"},
        ("receive", "--as", "S06", "--text", "x"),
        "records-away",
    ),
    ({"HUIYIN_TEMPORAL_ADDRESS": "127.0.0.1:1"}, ("note", "{order}", "--as", "S06", "--text", "x"), "engine-away"),
    ({"HUIYIN_TEMPORAL_ADDRESS": "127.0.0.1:1"}, ("audit", "history", "{order}"), "engine-away"),
]


@pytest.mark.parametrize(("env", "words", "error"), AWAY, ids=lambda one: str(one)[:50])
def test_a_server_that_is_away_is_exit_code_3(huiyin, order, env, words, error):
    ran = huiyin(*(word.format(order=order) for word in words), **env)
    assert (ran.code, ran.out, ran.error) == (3, "", error)
    assert "huiyin" in ran.err


def test_a_step_that_was_done_before_says_by_whom_and_when(huiyin, order):
    """API-01, API-08: with another key, after an answer that never came; with `--dry-run` the same is told."""
    again = ("register", order, "--as", "S07")
    [registered] = [e for e in huiyin.ok("show", order)["events"] if e["type"] == "work_order.registered"]
    for words in (again, (*again, "--dry-run")):
        facts = huiyin(*words, "--json").document["error"]["facts"]
        assert (facts["by"], facts["at"]) == ("usr_S06", registered["at"])
        assert "「登记」已由 S06 调度客服 于 " in huiyin(*words).err
        assert "register was done already, by S06 dispatch operator at " in huiyin(*words, "--lang", "en").err


def test_a_closed_order_says_that_it_is_closed_but_for_what_closed_it(huiyin):
    """API-08: a withdrawal given again is done already; of any other step it matters that the order is closed."""
    closed = huiyin.received()
    gone = ("withdraw", closed, "--as", "S06", "--by", "phone", "--reason", "已修好")
    huiyin.ok(*gone)
    assert huiyin(*gone, "--json").error == "already-done"
    assert huiyin("register", closed, "--as", "S06", "--json").error == "order-closed"


def test_the_same_key_again_says_that_it_was_done_before(huiyin):
    """INT-11, API-08: the first answer, told as such."""
    noted = ("note", huiyin.received(), "--as", "S06", "--text", "x", "--key", "note-again-1")
    assert huiyin.ok(*noted)["repeated"] is False
    assert huiyin.ok(*noted)["repeated"] is True
    assert "此前已备注" in huiyin(*noted).out
    assert "done before, with this key" in huiyin(*noted, "--lang", "en").out


def test_a_matter_is_received_while_the_engine_is_away_and_starts_by_itself(huiyin):
    said = ("--as", "S06", "--community", "jinxiu", "--text", "漏水", "--key", "engine-away-1")
    ran = huiyin("receive", *said, HUIYIN_TEMPORAL_ADDRESS="127.0.0.1:1")
    assert (ran.code, ran.err) == (0, "")
    assert "流程会自动启动" in ran.out
    order = huiyin.ok("receive", *said)["order"]
    assert until_started(huiyin, order)


def until_started(huiyin, order: str) -> bool:
    """The relay starts it; each look takes a moment."""
    return any(huiyin.ok("show", order)["events"] for _ in range(20))


def test_what_nobody_expected_is_one_sentence_and_a_line_in_a_log_without_its_words(tmp_path):
    failure = told(ValueError("王小明 13800001234"), tmp_path, "receive")
    assert isinstance(failure, Failure)
    assert (failure.code, failure.exit_code) == ("internal-error", 1)
    line = json.loads((tmp_path / "logs" / "cli.log").read_text())
    assert (line["exception"], line["command"]) == ("ValueError", "receive")
    assert "王小明" not in failure.zh + failure.en + str(line)


def test_a_damaged_settings_file_names_its_faults(huiyin, tmp_path):
    bad = tmp_path / "community.toml"
    bad.write_text('schema = "huiyin.community/1"\nversion = = 1')
    ran = huiyin("list", "--json", HUIYIN_COMMUNITY=str(bad))
    assert (ran.code, ran.error) == (2, "bad-community-file")
    assert "community.toml:2" in ran.document["error"]["message"]
    assert "HUIYIN_COMMUNITY" in ran.document["error"]["remedy"]
    named = huiyin("calendar", "diff", "--file", str(bad), "--json")
    assert (named.code, named.error) == (2, "bad-community-file")
    assert "HUIYIN_COMMUNITY" not in named.document["error"]["remedy"], "it was named on the command line"
