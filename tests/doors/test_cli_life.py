"""The whole life of a work order by commands alone, as an operator types them (API-07)."""

from datetime import UTC, datetime, timedelta

import pytest
from typed import DONE, PARTS

from domain.commands import CommandName
from starter.cli.commands import ACTIONS

GOOD = ("--attitude", "5", "--timeliness", "4", "--quality", "5")
TOLD = ("--found", "已上门查看,找到了问题所在", "--text", "已处理完毕并试用正常,请您查看")
MADE_GOOD = ("--apology", "电话致歉", "--visit", "当天上门", "--remedy", "免费复修")
POOR = ("--attitude", "4", "--timeliness", "1", "--quality", "2")
WORDS = {
    "zh": ("单号", "响应", "下一步", "已接单", "办结", "业主确认"),
    "en": ("Work order", "response", "Next", "accept — done", "closed", "confirmed by the owner"),
}


def life(order: str) -> list[tuple[str, ...]]:
    """The usual way, from the first word to the callback."""
    return [
        ("respond", order, "--as", "S06", "--text", "已通话"),
        ("clarify", order, "--as", "S06", "--text", "今天修好厨房水管"),
        ("register", order, "--as", "S06"),
        ("dispatch", order, "--as", "S06", "--to", "s09"),
        ("accept", order, "--as", "S09"),
        ("arrive", order, "--as", "usr_S09"),
        ("complete-handling", order, "--as", "S09", *DONE),
        (
            "give-feedback",
            order,
            "--as",
            "S06",
            "--kind",
            "result",
            *TOLD,
        ),
        (
            "record-callback",
            order,
            "--they-called",
            "--as",
            "S22",
            "--resolved",
            "--attitude",
            "5",
            "--timeliness",
            "4",
            "--quality",
            "5",
        ),
    ]


@pytest.mark.parametrize("lang", ["zh", "en"])
def test_an_order_lives_by_commands_alone_in_either_language(huiyin, lang):
    told = huiyin("receive", "--as", "S06", "--room", "JX03-1-1502", "--text", "水管漏水", HUIYIN_LANG=lang)
    assert told.code == 0
    order = next(word for word in told.out.split() if word.isdigit() and len(word) == 8)
    screens = [told.out]
    for step in life(order):
        ran = huiyin(*step, "--lang", lang)
        assert (ran.code, ran.err) == (0, ""), step
        screens.append(ran.out)
    screens.append(huiyin("show", order, HUIYIN_LANG=lang).out)
    assert [word for word in WORDS[lang] if not any(word in screen for screen in screens)] == []
    assert huiyin("audit", "replay", order, HUIYIN_LANG=lang).code == 0


def other_life(order: str) -> list[tuple[str, ...]]:
    """Everything that can happen beside the usual way."""
    return [
        ("acknowledge", order, "--as", "S06", "--clock", "response"),
        ("respond", order, "--as", "S06", "--first-contact", "S03"),
        ("change-first-contact", order, "--as", "S02", "--to", "S06", "--reason", "休假交接"),
        ("classify", order, "--as", "S06", "--category", "DRAIN_BLOCKED"),
        ("clarify", order, "--as", "S06", "--text", "今天修好厨房水管"),
        ("register", order, "--as", "S06"),
        ("reclassify", order, "--as", "S06", "--severity", "urgent", "--reason", "漫到楼下"),
        ("reclassify", order, "--as", "S02", "--severity", "major", "--reason", "已关阀", "--move-later"),
        ("dispatch", order, "--as", "S06", "--to", "S09", "--team", "engineering"),
        ("return", order, "--as", "S09", "--reason", "lacks_skill", "--text", "需要电工"),
        ("dispatch", order, "--as", "S06", "--to", "S10"),
        ("transfer", order, "--as", "S06", "--to", "S09", "--reason", "夜班接手"),
        ("accept", order, "--as", "S09"),
        ("promise", order, "--as", "S09", "--from", "14:00", "--until", "18:00", "--text", "下午来"),
        ("urge", order, "--as", "owner", "--by", "wechat", "--text", "请快一点"),
        ("arrive", order, "--as", "S09"),
        *talks(order),
        *pauses(order),
        *plans(order),
        ("complete-handling", order, "--as", "S09", *DONE),
        ("give-feedback", order, "--as", "S06", "--kind", "result", *TOLD),
        ("record-callback", order, "--as", "S22", "--they-called", "--not-resolved", *POOR),
        ("complete-recovery", order, "--as", "S02", *MADE_GOOD),
        ("note", order, "--as", "S06", "--text", "业主晚八点后在家"),
        ("withdraw", order, "--as", "S06", "--by", "phone", "--reason", "业主自行解决"),
        ("reopen", order, "--as", "S06", "--reason", "又堵了"),
    ]  # fmt: skip


def talks(order: str) -> list[tuple[str, ...]]:
    """A price, a no and a yes; whose part it was; a conflict and a mediation."""
    held = (datetime.now(UTC) - timedelta(minutes=1)).isoformat(timespec="seconds")
    said = ("--place", "接待室", "--outcome", "达成一致", "--next-step", "周五复查", "--consent")
    return [
        ("add-assignment", order, "--as", "S06", "--to", "S10", "--text", "断电挂牌", "--other-trade"),
        ("add-assignment", order, "--as", "S06", "--to", "S13", "--text", "送电", "--after", "1", "--other-trade"),
        ("complete-assignment", order, "--as", "S10", "--number", "1", "--text", "已断电挂牌"),
        ("cancel-assignment", order, "--as", "S06", "--number", "2", "--reason", "由电工一并送电"),
        ("quote", order, "--as", "S09", "--material", "弯头 1 12.5 owner"),
        ("decline-price", order, "--as", "owner", "--by", "app", "--reason", "太贵"),
        ("agree-to-price", order, "--as", "S06", "--by", "phone"),
        ("assign-responsibility", order, "--as", "S02", "--share", "owner 100 自行改管"),
        ("flag-conflict", order, "--as", "S06", "--text", "业主情绪激动"),
        ("record-conflict-step", order, "--as", "S06", "--step", "calm", "--text", "请坐下"),
        ("record-mediation", order, "--as", "S02", "--body", "police", "--held-at", held, *said),
    ]


def pauses(order: str) -> list[tuple[str, ...]]:
    """A short pause; a long one refused, one granted; an excused breach, a recovery a manager opens."""
    soon, late = ((datetime.now(UTC) + timedelta(days=days)).isoformat(timespec="seconds") for days in (0.04, 20))
    wish = ("request-suspension", order, "--as", "S09", "--reason", "waiting_parts", "--until", late, *PARTS)
    return [
        ("suspend", order, "--as", "S09", "--reason", "owner-absent", "--until", soon, "--text", "约明早"),
        ("resume", order, "--as", "S09"),
        wish,
        ("refuse-suspension", order, "--as", "S08", "--reason", "库房有货"),
        wish,
        ("approve", order, "--as", "S08"),
        ("resume", order, "--as", "S08", "--text", "配件已到"),
        ("excuse", order, "--as", "S02", "--clock", "response", "--reason", "系统停机"),
        ("open-recovery", order, "--as", "S02", "--clock", "response"),
        ("complete-recovery", order, "--as", "S02", *MADE_GOOD),
    ]


def plans(order: str) -> list[tuple[str, ...]]:
    """A plan, its date changed, carried out, refused and signed off."""
    on, later = ((datetime.now(UTC) + timedelta(days=days)).date().isoformat() for days in (7, 14))
    done = ("complete-rectification", order, "--as", "S09", "--text", "已整改")
    return [
        ("give-plan", order, "--as", "S09", "--measure", f"S09 {on} 更换立管"),
        ("give-plan", order, "--as", "S09", "--measure", f"S09 {later} 更换立管", "--consent"),
        done,
        ("refuse-sign-off", order, "--as", "owner", "--by", "app", "--reason", "仍有水渍"),
        ("give-plan", order, "--as", "S08", "--measure", f"S09 {on} 重刷"),
        done,
        ("sign-off", order, "--as", "S06", "--by", "visit"),
    ]


SHORT = {action.also: action.command for action in ACTIONS if action.also}
"""Shorter names under which commands can be typed too."""
ELSEWHERE = {CommandName.RECLOCK, CommandName.NAME_ARREARS_CAUSE, CommandName.VERIFY}
"""Needs other settings, see test_cli_pauses; a household that does not pay, see below."""
ELSEWHERE |= {one for one in CommandName if "incident" in one}
ELSEWHERE |= {CommandName.REPORT_CHILDREN, CommandName.GIVE_MASS_NOTICE}
ELSEWHERE |= {CommandName.MERGE, CommandName.ABSORB, CommandName.UNMERGE, CommandName.SOLVE_TOGETHER}
"""Of incidents: see test_cli_incidents."""
ELSEWHERE |= {CommandName.CHECK_CONTRACTOR_WORK}
"""Of contractors: see test_cli_contractors."""
ELSEWHERE |= {CommandName.RECORD_ATTEMPT, CommandName.COUNTERSIGN, CommandName.GRAB}
"""Needs other settings, see test_cli_pauses, _closing and _propose; a household that does not pay, see below."""


def test_every_command_of_the_glossary_can_be_typed(huiyin):
    late = ("--received-at", "2 小时前", "--because", "系统停机补录")
    assert huiyin("receive", "--as", "S06", "--text", "堵了", *late).code == 2
    order = received_an_hour_ago(huiyin)
    steps = other_life(order)
    answers = [ran.document for ran in huiyin.many([*step, "--json"] for step in steps)]
    assert [answer.get("command", answer) for answer in answers] == [named(step) for step in steps]
    assert answers[-1]["stage"] == "dispatch"
    assert huiyin.ok("show", order)["generation"] == 3
    assert {named(step) for step in [*steps, *life(order)]} == set(CommandName) - ELSEWHERE


def named(step: tuple[str, ...]) -> str:
    """The command of a step as the domain calls it."""
    return SHORT.get(step[0], step[0].replace("-", "_"))


def test_bad_service_as_the_cause_of_arrears_is_looked_into(huiyin):
    """CLK-09, CLK-16, ST-26: `verify` and `plan` begin; the cause is told in the timeline in either language."""
    order = huiyin.received()
    named = huiyin.ok("name-arrears-cause", order, "--as", "S03", "--cause", "dissatisfaction", "--text", "嫌修得慢")
    assert named["next_due"]["clock"] == "response"
    assert {"verify", "plan"} <= {clock["clock"] for clock in huiyin.ok("show", order)["clocks"]}
    huiyin.ok("verify", order, "--as", "S02", "--text", "现场查看属实")
    assert "服务不满型" in huiyin("show", order).out
    assert "dissatisfaction" in huiyin("show", order, "--lang", "en").out


def received_an_hour_ago(huiyin) -> str:
    """An order whose response is overdue, so that a level waits to be acknowledged."""
    early = (datetime.now(UTC) - timedelta(hours=1)).isoformat(timespec="seconds")
    return huiyin.received("--text", "排水堵塞", "--received-at", early, "--because", "系统停机补录")


def test_an_owner_serves_himself(huiyin):
    said = ("--community", "jinxiu", "--channel", "wechat", "--phone", "13800005555", "--text", "楼道灯不亮")
    order = huiyin.ok("receive", "--as", "owner", *said)["order"]
    shown = huiyin.ok("show", order)
    assert shown["events"][0]["payload"].get("recorder") is None
    urged = huiyin.ok("urge", order, "--as", "owner", "--by", "wechat")
    assert urged["stage"] == "intake"
    assert huiyin.ok("show", order)["events"][-1]["actor"].startswith("resident:sub_")


def test_an_answer_in_the_very_call_meets_the_response(huiyin):
    order = huiyin.received("--text", "漏水", "--answered")
    stopped = [e for e in huiyin.ok("show", order)["events"] if e["type"] == "work_order.clock_stopped"]
    assert [(e["payload"]["clock"], e["payload"]["outcome"]) for e in stopped] == [("response", "met")]


def test_a_conversation_can_be_told_afterwards(huiyin):
    order = received_an_hour_ago(huiyin)
    stated = (datetime.now(UTC) - timedelta(minutes=30)).isoformat(timespec="seconds")
    huiyin.ok("respond", order, "--as", "S06", "--stated-at", stated)
    [responded] = [e for e in huiyin.ok("show", order)["events"] if e["type"] == "work_order.responded"]
    assert responded["payload"]["channel"] == "phone"
    assert datetime.fromisoformat(responded["at"]) == datetime.fromisoformat(stated)
