"""Feedback, callback and service recovery as they are typed: accepted, foretold, refused, told in both languages."""

import hashlib
import re

import asyncpg
import pytest
from house import roomy
from typed import DONE

from stack.folder import read_ground
from starter.opening import sample_community

TOLD = ("--found", "角阀密封圈老化,因此渗水", "--text", "已更换角阀,试水两小时不漏")
GOOD = ("--attitude", "5", "--timeliness", "4", "--quality", "5")
YOUNG, OLD = "13800001002", "13800001001"  # of the sample's residents: WeChat first; phone, plain words


@pytest.fixture(scope="module")
def house(tmp_path_factory):
    """The same at every hour, with room for all: always contact hours, and attempts as close as can be."""
    text = roomy(sample_community().read_text(encoding="utf-8"))
    text = re.sub(r'(?m)^kind = "weekly"\n(?:.+\n)+', 'kind = "always"\n', text)
    text = text.replace('min_gap = "2h"', 'min_gap = "0m"').replace("min_distinct_days = 2", "min_distinct_days = 1")
    place = tmp_path_factory.mktemp("house") / "community.toml"
    place.write_text(text, encoding="utf-8")
    return {"HUIYIN_COMMUNITY": str(place)}


def brought(huiyin, house, *steps: tuple[str, ...], phone: str = YOUNG) -> str:
    """An order that S09 has done, and what was typed after that."""
    usual = ("--as", "S06", "--community", "jinxiu", "--category", "WATER_LEAK", "--text", "漏水", "--phone", phone)
    order = huiyin.ok("receive", *usual, **house)["order"].removeprefix("wo_")
    way = [("respond", "S06"), ("clarify", "S06", "--text", "今天修好"), ("register", "S06")]
    way += [("dispatch", "S06", "--to", "S09"), ("accept", "S09")]
    way += [("arrive", "S09"), ("complete-handling", "S09", *DONE), *steps]
    ran = huiyin.many([[name, order, "--as", who, *more, "--json"] for name, who, *more in way], **house)
    assert [one.code for one in ran] == [0] * len(way), ran
    return order


RESULT = ("give-feedback", "S06", "--kind", "result", *TOLD)


def test_nobody_reached_closes_the_order(huiyin, house):
    """CBK-03, CBK-07: three attempts as typed; told as not reached, never as a satisfaction."""
    order = brought(huiyin, house, RESULT, *[("record-attempt", "S22")] * 3)
    shown = huiyin.ok("show", order, **house)
    assert (shown["stage"], shown["close_reason"]) == ("closed", "not_reached")
    for lang, words in {
        "zh": ("第 3 次", "已发评价链接", "未接通"),
        "en": ("no. 3", "a link was sent", "not reached"),
    }.items():
        told = huiyin("show", order, "--lang", lang, **house).out
        assert [word for word in words if word not in told] == []


def test_the_household_answers_by_its_code(huiyin, house):
    """CBK-06: typed as the household; a wrong code, a score out of range, and what is missing are refused."""
    order = brought(huiyin, house, RESULT, *[("record-attempt", "S22")] * 3)
    link(huiyin, order, "the-code-of-a-test")
    answer = ("answer-callback", "--token", "the-code-of-a-test", "--resolved")
    assert huiyin(*answer, *GOOD[:4], "--quality", "6", "--json").error == "malformed-number"
    assert huiyin(*answer, *GOOD[:4], "--json").error == "option-missing"
    wrong = huiyin("answer-callback", "--token", "guessed", "--resolved", *GOOD, "--lang", "zh")
    assert (wrong.code, wrong.error) == (1, "unknown-link")
    assert "评价码无效" in wrong.err
    done = huiyin(*answer, *GOOD, "--text", "后来好了", "--lang", "zh")
    assert (done.code, "谢谢您的评价" in done.out) == (0, True)
    assert huiyin.ok("show", order)["close_reason"] == "confirmed"
    assert "取代「未接通」" in huiyin("show", order).out
    for lang, plainly, hint in (
        ("zh", f"评价过工单 {order}", "无需再评"),
        ("en", f"about case {order}", "Nothing is left"),
    ):
        again = huiyin(*answer, *GOOD, "--lang", lang)
        assert (again.code, again.error, plainly in again.err, hint in again.err) == (1, "already-done", True, True)


def test_a_household_that_was_not_content_is_told_how_far_it_is(huiyin, house):
    """CBK-06, API-08: it answers twice; its order was reopened by the first, and nothing of our commands is told it."""
    order = brought(huiyin, house, RESULT, *[("record-attempt", "S22")] * 3)
    link(huiyin, order, "the-code-of-a-no")
    answer = ("answer-callback", "--token", "the-code-of-a-no", "--not-resolved", *GOOD)
    assert huiyin.ok(*answer)["stage"] == "dispatch"
    again = huiyin(*answer, "--lang", "zh")
    assert (again.code, again.error) == (1, "already-done")
    assert ("现处于「分派」环节" in again.err, "可以" in again.err) == (True, False), again.err


def link(huiyin, order: str, token: str) -> None:
    """Let a code open an order, as a message's does."""
    import asyncio  # noqa: PLC0415 - nothing else here waits

    async def insert() -> None:
        connection = await asyncpg.connect(read_ground(huiyin.data).dsn)
        digest = hashlib.sha256(token.encode()).digest()
        await connection.execute("insert into callback_link (digest, order_id) values ($1, $2)", digest, f"wo_{order}")
        await connection.close()

    asyncio.run(insert())


def test_an_attempt_too_soon_is_told_with_the_next_instant(huiyin):
    """CBK-03: in both languages, by the clock of the community; nothing is changed."""
    order = brought(huiyin, {}, RESULT)
    first = huiyin("record-attempt", order, "--as", "S22", "--json")
    tried = 0 if first.code else 1
    assert first.error in {"", "attempt-outside-contact-hours"}
    for lang, words in (("zh", "起回访"), ("en", "from 20")):
        again = huiyin("record-attempt", order, "--as", "S22", "--lang", lang)
        assert (again.code, words in again.err) == (1, True)
        assert re.search(r"20\d\d-\d\d-\d\d \d\d:\d\d", again.err)
    types = [event["type"] for event in huiyin.ok("show", order)["events"]]
    assert types.count("work_order.callback_attempted") == tried


def test_scores_from_a_number_of_ours_are_refused(huiyin, house):
    """CBK-08: however the number is written; answered by somebody else they are kept, and marked."""
    order = brought(huiyin, house, RESULT)
    call = ("record-callback", order, "--as", "S22", "--resolved", *GOOD)
    for number in ("13800000009", "138 0000 0009"):
        assert huiyin(*call, "--number", number, "--json", **house).error == "scores-not-by-household"
    huiyin.ok(*call, "--number", YOUNG, "--told-by", "other", **house)
    assert "由他人代答" in huiyin("show", order, **house).out


def test_feedback_by_message_is_queued_then_told(huiyin, house):
    """FBK-02, FBK-04: said to be on its way; its order knows once it has arrived, and `show` tells by which way."""
    order = brought(huiyin, house)
    typed = ("give-feedback", order, "--as", "S06", "--kind", "result", *TOLD, "--by", "wechat")
    foretold = huiyin.ok(*typed, "--dry-run", **house)
    assert (foretold["dry_run"], foretold["channels"]) == (True, ["wechat", "app"])
    ran = huiyin(*typed, "--lang", "zh", **house)
    assert (ran.code, "送达后才计为反馈" in ran.out, "微信公众号 → APP/小程序" in ran.out) == (0, True, True)
    for _ in range(200):
        shown = huiyin.ok("show", order, **house)
        if shown["stage"] == "callback":
            break
    assert [(one["channel"], one["failed"]) for one in shown["owner_messages"][0]["tries"]] == [("wechat", None)]
    assert "微信公众号" in huiyin("show", order, **house).out
    assert huiyin(*typed, "--json", **house).error == "illegal-transition"


@pytest.mark.parametrize(
    ("lang", "words"), [("zh", ("电话 → 走动巡访", "通俗用语", "方言", "慢慢讲给您听")), ("en", ("dialect", "plain"))]
)
def test_the_operator_is_told_how_to_speak_with_the_elderly(huiyin, house, lang, words):
    """FBK-02, FBK-03: by which ways, in which words, with a phrase to say; and that the dialect is wanted."""
    order = brought(huiyin, house, phone=OLD)
    told = re.sub(r"\s+", " ", huiyin("show", order, "--lang", lang, COLUMNS="200", **house).out)
    assert [word for word in words if word not in told] == []


SHORT = [
    (("--found", "角阀老化渗水已查明", "--text", "已修好"), "feedback-too-short"),
    (("--text", "已更换角阀,试水两小时不漏"), "result-incomplete"),
    ((*TOLD, "--why-not", "公共管道须由自来水公司维修"), "result-incomplete"),
]


@pytest.mark.parametrize(("words", "code"), SHORT)
def test_half_a_result_is_refused(huiyin, house, words, code):
    """FBK-01: with what is missing, in words."""
    order = brought(huiyin, house)
    typed = ("give-feedback", order, "--as", "S06", "--kind", "result", *words)
    assert huiyin(*typed, "--json", **house).error == code
    assert "?" not in huiyin(*typed, "--lang", "zh", **house).err


def test_the_first_contact_countersigns(huiyin, house):
    """INT-06: what S03 told, S06 stands for, before anybody calls back; until then it is a duty of S06."""
    order = brought(huiyin, house, ("give-feedback", "S03", "--kind", "result", *TOLD))
    assert huiyin("record-callback", order, "--as", "S22", "--resolved", *GOOD, "--json").error == "not-countersigned"
    owed = [one for one in huiyin.ok("duties", "S06", "--limit", "500")["duties"] if one["order"] == f"wo_{order}"]
    assert [one["clock"] for one in owed] == ["countersign"]
    assert "会签反馈" in huiyin("duties", "S06", "--limit", "500").out
    assert f"huiyin countersign {order} --as S06" in huiyin("show", order).out
    huiyin.ok("countersign", order, "--as", "S06", **house)
    assert "结果由 S03" in huiyin("show", order, **house).out
