"""Pauses, plans, recounts and excuses as operators type them: accepted, foretold, refused, told in both languages."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta

import asyncpg
import pytest
from orders_sample import WORDS, Lived, at, sample, screen_of, shown
from typed import DONE
from typed import PARTS as PARTS_NAMED

from domain.handling.state import Price
from records.read import OrderRow
from stack.folder import read_ground
from starter.cli import times as cli_times
from starter.cli.answer import pause_lines
from starter.cli.errors import Failure
from starter.cli.next import Known, next_lines
from starter.cli.sense import ends, pause_reason
from starter.community_file import load
from starter.opening import sample_community
from starter.telling.names import Names
from starter.telling.timeline import Teller
from workflows.projection import record_row

HOUR = timedelta(hours=1)


def in_days(days: float) -> str:
    """An instant to come, as it is typed."""
    return (datetime.now(UTC) + timedelta(days=days)).isoformat(timespec="seconds")


def day_in(days: int) -> str:
    return (datetime.now(UTC) + timedelta(days=days)).date().isoformat()


def handled(huiyin, *words: str) -> str:
    """An order that S09 has accepted."""
    order = huiyin.received(*words) if words else huiyin.received()
    steps = (
        ("respond", "S06"),
        ("clarify", "S06", "--text", "修好"),
        ("register", "S06"),
        ("dispatch", "S06", "--to", "S09"),
        ("accept", "S09"),
    )
    ran = huiyin.many([name, order, "--as", who, *more, "--json"] for name, who, *more in steps)
    assert [one.code for one in ran] == [0] * len(steps), ran
    return order


@pytest.fixture(scope="module")
def order(huiyin) -> str:
    return handled(huiyin)


def owing(order: str) -> tuple[tuple[str, ...], ...]:
    return ("duties", "S09", "--limit", "500"), ("explain", order)


def everywhere(huiyin, zh: str, en: str, *screens: tuple[str, ...]) -> None:
    """Every one of these screens says it, in either language."""
    for lang, said in (("zh", zh), ("en", en)):
        told = huiyin.many([*words, "--lang", lang] for words in screens)
        assert [words for words, one in zip(screens, told, strict=True) if said not in one.out] == []


LISTED = ("list", "--community", "jinxiu", "--limit", "500")
SOON = ("--until", in_days(1 / 8))
LONG = ("--until", in_days(20))


def test_a_short_pause_is_seen_everywhere(huiyin):
    """CLK-17, CLK-20, API-07: in the answer, in show, list, duties and explain; with the latest due."""
    order = handled(huiyin)
    told = huiyin("suspend", order, "--as", "S09", "--reason", "等配件", *SOON, *PARTS_NAMED, "--text", "阀芯缺货").out
    assert "· 到场、处理" in told
    shown = huiyin.ok("show", order)
    paused = {clock["clock"] for clock in shown["clocks"] if clock["suspended"]}
    assert paused == {"arrive", "handling"}
    assert (shown["pause"]["reason"], shown["request"], shown["plan"]) == ("waiting_parts", None, None)
    [row] = [one for one in huiyin.ok(*LISTED)["orders"] if one["order"] == f"wo_{order}"]
    assert {duty["clock"] for duty in row["duties"] if duty["suspended"]} == paused
    owed = [one for one in huiyin.ok("duties", "S09", "--limit", "500")["duties"] if one["order"] == f"wo_{order}"]
    assert {one["clock"] for one in owed if one["suspended"]} == paused
    told = huiyin.ok("explain", order, "handling")["clocks"][0]
    assert (told["state"], told["pauses"][0]["reason"], told["pauses"][0]["until"]) == (
        "suspended",
        "waiting_parts",
        None,
    )
    everywhere(huiyin, "暂停", "paused", ("show", order), LISTED, *owing(order))
    page = huiyin("show", order).out
    assert "最迟" in page
    assert "等待配件" in page
    assert f"huiyin resume {order} --as S09" in page
    freed = huiyin.ok("resume", order, "--as", "S09", "--text", "配件已到")
    assert freed["next_due"]["suspended"] is False
    assert not any(clock["suspended"] for clock in huiyin.ok("show", order)["clocks"])


def test_a_long_pause_is_asked_for_and_granted_by_somebody_else(huiyin):
    """CLK-17: `approve` is the short word for it; the clock runs on until then; refused, it never stands still."""
    order = handled(huiyin)
    wish = ("--as", "S09", "--reason", "waiting-parts", *LONG, *PARTS_NAMED)
    assert huiyin("suspend", order, *wish, "--json").error == "needs-approval"
    asked = huiyin("request-suspension", order, *wish)
    assert f"huiyin approve {order}" in asked.out
    assert huiyin.ok("show", order)["request"]["approver"] == "engineering_lead"
    assert "待工程主管批准" in huiyin("show", order).out
    assert "waits for the engineering lead" in huiyin("show", order, "--lang", "en").out
    assert [huiyin("approve", order, "--as", who, "--json").error for who in ("S09", "S02")] == ["forbidden"] * 2
    huiyin.ok("refuse-suspension", order, "--as", "S08", "--reason", "库房有货")
    assert huiyin.ok("show", order)["pause"] is None
    huiyin.ok("request-suspension", order, *wish)
    assert huiyin.ok("approve", order, "--as", "S08")["command"] == "approve_suspension"
    told = huiyin("show", order).out
    assert "到上限自动恢复" in told  # twenty days are more than the cap
    assert "申请暂停" in told
    assert "by itself at its cap" in huiyin("show", order, "--lang", "en").out


def test_a_request_that_nobody_can_decide_any_more_waits_for_nobody(huiyin):
    """CLK-17, API-07: handling was completed meanwhile; `approve` does not fit, so no screen asks for it."""
    order = handled(huiyin)
    huiyin.ok("request-suspension", order, "--as", "S09", "--reason", "waiting_parts", *LONG, *PARTS_NAMED)
    huiyin.ok("arrive", order, "--as", "S09")
    huiyin.ok("complete-handling", order, "--as", "S09", *DONE)
    assert huiyin("approve", order, "--as", "S08", "--json").error == "illegal-transition"
    assert huiyin.ok("show", order)["request"] is None
    for lang, waits in (("zh", "待工程主管批准"), ("en", "waits for the engineering lead")):
        assert waits not in huiyin("show", order, "--lang", lang).out


def test_who_may_grant_this_very_pause_is_named(huiyin):
    """CLK-17, API-08: the approver of its reason and the project manager, by role and person; not every supervisor."""
    order = handled(huiyin)
    huiyin.ok("request-suspension", order, "--as", "S09", "--reason", "waiting_parts", *LONG, *PARTS_NAMED)
    wrong = ("approve", order, "--as", "S02")
    assert huiyin(*wrong, "--json").document["error"]["facts"]["allowed"] == "engineering_lead, project_manager"
    assert "工程主管(S08 工程主管)、项目经理(S01 项目经理)" in huiyin(*wrong).err.replace("\n", "")
    assert "engineering lead (S08 engineering lead)" in huiyin(*wrong, "--lang", "en").err


def test_reasons_are_listed_as_the_settings_name_them(huiyin, order):
    """CLK-17, API-08: in Chinese by the name of the settings, not by the short word of the glossary."""
    wrong = ("suspend", order, "--as", "S09", "--reason", "waiting_part", *SOON)
    assert "third_party 等待开发商或政府部门" in "".join(huiyin(*wrong).err.replace("\n", "").split("  "))
    assert "waiting_parts waiting for parts" in huiyin(*wrong, "--lang", "en").err


ENDS = [
    ("03-06", "2026-03-06 17:30"),
    ("2026-03-07", "2026-03-09 17:30"),  # a Saturday: the next open day
    ("2026-10-01", "2026-10-08 17:30"),  # the whole holiday
    ("03-06 17:00", "2026-03-06 17:00"),
    ("03-06 24:00", None),
    ("2026-03-06 17:00", "2026-03-06 17:00"),
]


@pytest.mark.parametrize(("typed", "meant"), ENDS)
def test_a_pause_until_a_date_lasts_until_the_close_of_that_day(typed, meant):
    """CLK-17: in the calendar of its reason."""
    row = OrderRow(**dict.fromkeys(OrderRow.__dataclass_fields__) | {"community": "jinxiu"})
    if meant is None:
        with pytest.raises(Failure):
            cli_times.end(typed, "--until")
        return
    found = ends(sample(), row, "waiting_parts", cli_times.end(typed, "--until"), at("2026-03-05 10:00"))
    assert found == at(meant)


def test_nobody_decides_about_his_own_request(huiyin):
    """CLK-17: not even a lead who is an approver."""
    order = handled(huiyin)
    huiyin.ok("transfer", order, "--as", "S06", "--to", "S08", "--reason", "改派")
    huiyin.ok("accept", order, "--as", "S08")
    huiyin.ok("request-suspension", order, "--as", "S08", "--reason", "weather", *LONG)
    ran = huiyin("approve-suspension", order, "--as", "S08")
    assert (ran.code, ran.error) == (1, "own-request")


def test_a_plan_is_given_carried_out_and_signed_off(huiyin):
    """CLK-10, HND-07: another date needs the owner's consent and keeps the old one; handling waits for the sign-off."""
    order = handled(huiyin)
    huiyin.ok("give-plan", order, "--as", "S09", "--measure", f"S09 {day_in(8)} 更换立管")
    moved = ("give-plan", order, "--as", "S09", "--measure", f"S09 {day_in(15)} 更换立管")
    assert huiyin(*moved, "--json").error == "plan-needs-consent"
    huiyin.ok(*moved, "--consent")
    assert f"原定{day_in(8)},业主已同意" in "".join(huiyin("show", order).out.split())
    assert huiyin("complete-handling", order, "--as", "S09", *DONE, "--json").error == "sign-off-owed"
    assert f"huiyin complete-rectification {order} --as S09" in huiyin("show", order).out
    huiyin.ok("complete-rectification", order, "--as", "S09", "--text", "立管已更换")
    assert "待业主验收" in huiyin("show", order).out
    huiyin.ok("refuse-sign-off", order, "--as", "owner", "--by", "app", "--reason", "墙面有水渍")
    assert huiyin.ok("show", order)["plan"]["refusals"] == 1
    huiyin.ok("give-plan", order, "--as", "S09", "--measure", f"S10 {day_in(9)} 重刷墙面")
    huiyin.ok("complete-rectification", order, "--as", "S09", "--text", "已重刷")
    huiyin.ok("sign-off", order, "--as", "S06", "--by", "visit")
    assert huiyin.ok("show", order)["plan"]["signed_off"] is True
    english = huiyin("show", order, "--lang", "en").out
    assert "sign-off refused" in english
    assert "the owner agreed" in " ".join(english.split())


def doubtful(tmp_path) -> str:
    """Settings whose holidays are announced no further than long ago, and whose feedback counts in the office."""
    text = sample_community().read_text().replace("confirmed_until = 2026-12-31", "confirmed_until = 2020-01-01")
    text = text.replace(
        'feedback = { limit = "24h", calendar = "always"', 'feedback = { limit = "24h", calendar = "office"'
    )
    path = tmp_path / "community.toml"
    path.write_text(text.replace('version = "2026.1"', 'version = "2026.1-draft"', 1))
    return str(path)


def test_a_provisional_due_is_flagged_from_the_receipt_on_until_it_is_reclocked(huiyin, tmp_path):
    """ST-15 (CAL-11, CLK-31): receipt, show, duties, explain; `reclock` counts again under the settings in force."""
    draft = {"HUIYIN_COMMUNITY": doubtful(tmp_path)}
    said = ("receive", "--as", "S06", "--community", "jinxiu", "--category", "WATER_LEAK", "--text", "漏水")
    assert huiyin.ok(*said, "--dry-run", **draft)["provisional"] == ["feedback"]
    told = huiyin(*said, "--key", "draft-1", **draft)
    assert "暂定:其间的节假日尚未公布" in told.out
    assert huiyin.ok(*said, "--key", "draft-1", **draft)["provisional"] == ["feedback"]
    order = huiyin.ok(*said, "--key", "draft-1", **draft)["order"].removeprefix("wo_")
    steps = (
        ("respond", "S06"),
        ("clarify", "S06", "--text", "修好"),
        ("register", "S06"),
        ("dispatch", "S06", "--to", "S09"),
        ("accept", "S09"),
    )
    huiyin.many([[name, order, "--as", who, *more] for name, who, *more in steps])
    before = {clock["clock"] for clock in huiyin.ok("show", order)["clocks"] if clock["provisional"]}
    assert before == {"feedback", "handling"}
    everywhere(huiyin, "暂定", "provisional", ("show", order), *owing(order))
    foretold = huiyin("reclock", order, "--as", "S02", "--reason", "假期已公布", "--dry-run")
    assert (foretold.code, "重算时限" in foretold.out, "处理" in foretold.out) == (0, True, True)
    assert huiyin("reclock", order, "--as", "S06", "--reason", "x", "--json").error == "forbidden"
    huiyin.ok("reclock", order, "--as", "S02", "--reason", "假期已公布")
    assert not any(clock["provisional"] for clock in huiyin.ok("show", order)["clocks"])
    assert huiyin("reclock", order, "--as", "S02", "--reason", "x", "--json").error == "same-terms"
    assert "重算时限" in huiyin("show", order).out


def test_a_breach_is_excused_and_stays(huiyin):
    """ESC-14: told as excused, still told as breached; nothing to excuse is refused."""
    early = (datetime.now(UTC) - HOUR).isoformat(timespec="seconds")
    order = huiyin.received("--text", "漏水", "--received-at", early, "--because", "系统停机补录")
    huiyin.ok("excuse", order, "--as", "S02", "--clock", "响应", "--reason", "系统停机")
    told = huiyin.ok("explain", order, "response")["clocks"][0]
    assert (told["excused"], told["breached_at"] is not None) == (True, True)
    assert told["excused_by"]["actor"] == "usr_S02"
    assert told["ended_by"] is None
    page, english = huiyin("explain", order, "response").out, huiyin("explain", order, "response", "--lang", "en").out
    assert "(已免责)" in page
    assert f"原因:huiyin show {order} --words --as 员工编号" in page
    assert [("S02" in line) for line in page.splitlines() if line.startswith("  免责")] == [True]
    assert [("S02" in line) for line in english.splitlines() if line.startswith("  excused")] == [True]
    assert "已免责" in huiyin("show", order).out
    again = ("excuse", order, "--as", "S02", "--clock", "response", "--reason", "x", "--json")
    other = ("excuse", order, "--as", "S02", "--clock", "feedback", "--reason", "x", "--json")
    assert [huiyin(*words).error for words in (again, other)] == ["already-done", "nothing-to-excuse"]
    huiyin.ok("open-recovery", order, "--as", "S02", "--clock", "feedback", "--text", "致歉")
    assert huiyin("open-recovery", order, "--as", "S02", "--json").error == "recovery-open"
    huiyin.ok("complete-recovery", order, "--as", "S02", "--apology", "致歉", "--visit", "上门", "--remedy", "复修")


DRY = [
    (("suspend", "--as", "S09", "--reason", "weather", *SOON), 0),
    (("suspend", "--as", "S09", "--reason", "weather", *LONG), 1),
    (("request-suspension", "--as", "S09", "--reason", "third_party", *LONG), 0),
    (("approve", "--as", "S08"), 1),
    (("refuse-suspension", "--as", "S08", "--reason", "x"), 1),
    (("resume", "--as", "S09"), 1),
    (("give-plan", "--as", "S09", "--measure", f"S09 {day_in(8)} x"), 0),
    (("complete-rectification", "--as", "S09", "--text", "x"), 1),
    (("sign-off", "--as", "S06"), 1),
    (("refuse-sign-off", "--as", "S06", "--reason", "x"), 1),
    (("excuse", "--as", "S02", "--clock", "response", "--reason", "x"), 1),
    (("reclock", "--as", "S02", "--reason", "x"), 1),
    (("open-recovery", "--as", "S02"), 0),
    (("name-arrears-cause", "--as", "S03", "--cause", "dissatisfaction"), 0),
    (("verify", "--as", "S02", "--text", "x"), 1),
    (("reclassify", "--as", "S06", "--severity", "urgent", "--reason", "x", "--move-later"), 1),
    (("reclassify", "--as", "S02", "--severity", "urgent", "--reason", "x", "--move-later"), 0),
]


async def test_every_command_of_time_can_be_foretold_and_changes_nothing(huiyin, order):
    """API-07: what a dry run refuses is what the command itself refuses, in the same words."""
    before = await counted(huiyin, order)
    typed = [[name, order, *more] for (name, *more), _ in DRY]
    plain, told = (
        huiyin.many([*one, "--dry-run"] for one in typed),
        huiyin.many([*one, "--dry-run", "--json"] for one in typed),
    )
    assert [one.code for one in plain] == [one.code for one in told] == [code for _, code in DRY]
    assert await counted(huiyin, order) == before
    refused = [one for one, (_, code) in zip(typed, DRY, strict=True) if code]
    foretold = [one.error for one, (_, code) in zip(told, DRY, strict=True) if code]
    assert [one.error for one in huiyin.many([*one, "--json"] for one in refused)] == foretold


WRITTEN = {
    "texts": "select count(*) from pii_text where order_id = $1",
    "actions": "select count(*) from action where order_id = $1",
    "refusals": "select count(*) from audit_event where convert_from(body, 'UTF8') like '%' || $1 || '%'",
    "by people": "select version from work_order where order_id = $1",
}
"""What a command writes about its order; other orders live in the house, and clocks speak meanwhile."""


async def counted(huiyin, order: str) -> dict[str, int]:
    connection = await asyncpg.connect(read_ground(huiyin.data).dsn)
    try:
        return {name: await connection.fetchval(query, f"wo_{order}") for name, query in WRITTEN.items()}
    finally:
        await connection.close()


REFUSED = [
    (("suspend", "--as", "S09", *SOON), 2, "option-missing"),
    (("suspend", "--as", "S09", "--reason", "weather"), 2, "option-missing"),
    (("suspend", "--as", "S09", "--reason", "业主说不在家,电话 13800001234", *SOON), 2, "unknown-choice"),
    (("suspend", "--as", "S09", "--reason", "lunch", *SOON), 1, "unknown-pause-reason"),
    (("suspend", "--as", "S09", "--reason", "weather", "--until", "tomorrow"), 2, "malformed-time"),
    (("suspend", "--as", "S09", "--reason", "weather", "--until", in_days(-1)), 1, "pause-end"),
    (("suspend", "--as", "S09", "--reason", "weather", "--until", in_days(500)), 1, "pause-end"),
    (("suspend", "--as", "S06", "--reason", "weather", *SOON), 1, "forbidden"),
    (("give-plan", "--as", "S09", "--measure", "S09 30-02 x"), 2, "malformed-date"),
    (("give-plan", "--as", "S09", "--measure", "S09 Friday x"), 2, "malformed-date"),
    (("give-plan", "--as", "S09", "--measure", f"S09 {day_in(-3)} x"), 1, "plan-date"),
    (("give-plan", "--as", "S09", "--measure", f"S09 {day_in(3)}"), 2, "malformed-item"),
    (("give-plan", "--as", "S09", "--measure", f"S77 {day_in(3)} x"), 1, "unknown-staff"),
    (("give-plan", "--as", "S09", "--text", "x"), 2, "option-missing"),
    (("suspend", "--as", "S09", "--reason", "waiting_parts", "--part", "角阀", *SOON), 1, "parts-unnamed"),
    (("suspend", "--as", "S09", "--reason", "waiting_parts", "--supplier", "五金店", *SOON), 1, "parts-unnamed"),
    (("name-arrears-cause", "--as", "S03", "--cause", "poverty"), 2, "unknown-choice"),
    (("excuse", "--as", "S02", "--clock", "lunch", "--reason", "x"), 2, "unknown-choice"),
    (("excuse", "--as", "S06", "--clock", "handling", "--reason", "x"), 1, "forbidden"),
    (("reclock", "--as", "S02"), 2, "option-missing"),
]


def test_what_does_not_fit_is_refused_with_its_code_and_never_with_what_was_typed(huiyin, order):
    """CLK-17, CLK-21, API-08, SEC-06: words typed where a code belongs reach neither a history nor the screen."""
    typed = [[name, order, *more] for (name, *more), _, _ in REFUSED]
    told = huiyin.many([*one, "--json"] for one in typed)
    assert [(one.code, one.error) for one in told] == [(code, error) for _, code, error in REFUSED]
    for lang in ("zh", "en"):
        for one in huiyin.many([*words, "--lang", lang] for words in typed):
            assert one.err.count("\n") >= 2, "a sentence and a remedy"
            assert "13800001234" not in one.err
    assert "weather 天气" in huiyin(*typed[3]).err


@pytest.mark.parametrize("typed", ["waiting_parts", "Waiting-Parts", "等待配件", "等配件", " waiting_parts "])
def test_a_pause_reason_is_named_by_code_or_word(typed):
    assert pause_reason(load(sample_community()), typed) == "waiting_parts"


@pytest.mark.parametrize("typed", ["业主不方便", "1st", "waiting parts", "x" * 41, ""])
def test_words_are_never_taken_for_a_reason(typed):
    """CLK-17: a reason is listed; what is said about it belongs to --text, which is sealed."""
    with pytest.raises(Failure) as refused:
        pause_reason(load(sample_community()), typed)
    assert (refused.value.code, refused.value.exit_code) == ("unknown-choice", 2)
    assert "--text" in refused.value.remedy_zh


# ---- what the answer of a pause says, and what comes next


def matter(*acts: tuple[str, str]) -> Lived:
    """An order S09 has accepted, and what he does from 14:00 on: a command, and the reason of a pause."""
    case = Lived("03-05 13:50", category="LIGHTING", severity="ordinary").accepted(*["03-05 13:50"] * 4)
    for minute, (command, reason) in enumerate(acts):
        said = {"pause_reason": reason, "words": WORDS, "expected_end_at": at("03-06 10:00").isoformat()}
        case.act(f"03-05 14:{minute:02}", command, "S09", **(said if reason else {}))
    return case


ARRIVE, RESUME, REQUEST = ("arrive", ""), ("resume", ""), ("request_suspension", "weather")
PARTS, WEATHER = ("suspend", "waiting_parts"), ("suspend", "weather")
NEXT = [
    ((), "arrive", True),
    ((ARRIVE,), "complete-handling", False),
    ((PARTS,), "resume", False),
    ((PARTS, RESUME), "arrive", True),
    ((ARRIVE, PARTS, RESUME), "complete-handling", False),
    ((WEATHER,), "arrive", True),
    ((ARRIVE, WEATHER), "resume", False),
    ((REQUEST,), "approve", False),
    ((REQUEST, WEATHER), "arrive", True),
    ((ARRIVE, REQUEST, WEATHER), "resume", False),
]
"""What S09 did; the command that comes next, and whether arriving is spoken of."""


def told_next(order, lang):
    """The two lines of what comes next."""
    return next_lines(screen_of(lang), sample(), row_of(order), Known.of(order))


def row_of(order):
    unsaid = {"head": None, "external_id": None, "external_created_at": None, "flags": [], "is_test": False}
    return OrderRow(order_id=order.order_id, seq=9, **unsaid, **record_row(order).model_dump())


@pytest.mark.parametrize("lang", ["zh", "en"])
@pytest.mark.parametrize("steps", [[], ["register"], ["register", "dispatch"]])
def test_whoever_was_not_answered_is_answered_first(steps, lang):
    """CLK-07: the response is the shortest of all limits, whatever was done before it."""
    case = Lived("03-05 14:00")
    for step in steps:
        case.act("03-05 14:01", step, "S06")
    _, typed = told_next(case.order, lang)
    assert typed.plain.split()[:2] == ["huiyin", "respond"]


@pytest.mark.parametrize("lang", ["zh", "en"])
@pytest.mark.parametrize(("acts", "command", "arrives"), NEXT)
def test_the_next_step_is_one_that_would_be_accepted(acts, command, arrives, lang):
    """API-07, CLK-17: nobody who has arrived is sent to arrive, and no pause is offered on top of another."""
    order = matter(*acts).order
    words, typed = told_next(order, lang)
    assert typed.plain.split()[:2] == ["huiyin", command]
    assert ({"zh": "到场", "en": "arrive"}[lang] in words.plain) is arrives


def test_two_clocks_of_one_name_are_no_pause():
    """HND-13, API-07: of two further assignments each has its own, and nothing stands still."""
    order = matter(ARRIVE).order
    row = row_of(order)
    twice = replace(row, duties=[*row.duties, *row.duties])
    assert "resume" not in next_lines(screen_of("en"), sample(), twice, Known.of(order))[1].plain


@pytest.mark.parametrize("lang", ["zh", "en"])
def test_the_owners_answer_to_a_price_comes_before_completion(lang):
    """HND-03: work that he would pay for is not completed without it."""
    order = matter(ARRIVE).order
    priced = order.changed(price=Price(number=1, owner_total="120.00"))
    agreed = order.changed(price=Price(number=1, owner_total="120.00", agreed=True))
    typed = [told_next(one, lang)[1].plain.split()[1] for one in (priced, agreed)]
    assert typed == ["agree-to-price", "complete-handling"]


ANSWERS = [
    ((PARTS,), "zh", "预计 明天 10:00 恢复,最迟 03-12 14:00 · 到场、处理"),
    ((PARTS,), "en", "expected until tomorrow 10:00, 03-12 14:00 at the latest · arrival, handling"),
    ((WEATHER,), "zh", "· 处理"),
]


@pytest.mark.parametrize(("acts", "lang", "said"), ANSWERS)
def test_the_answer_of_a_pause_says_until_when_and_which_clocks(acts, lang, said):
    """CLK-17, CLK-20: as expected, the latest, and what stands still."""
    now, screen = at("03-05 14:00"), screen_of(lang, 120)
    teller = Teller(Names(sample(), lang), lambda to: cli_times.shown(to, now.tzinfo, now, lang))
    assert shown(screen, *pause_lines(screen, teller, matter(*acts).order)).endswith(said)
    assert pause_lines(screen, teller, matter(*acts, RESUME).order) == []
