"""Save histories of today's code as evidence for ever: `python tests/replay/save.py [NAME …]`.

A history that exists is never written again: it says what a version that was shipped really did.
"""

import asyncio
import json
import re
import sys
import tempfile
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parents[1]))
from house import (
    CALLER,
    CHECKER,
    CREW,
    ENGINEERING_LEAD,
    MANAGER,
    OPERATOR,
    OTHER_PLUMBER,
    OWNER,
    PLUMBER,
    PROJECT_MANAGER,
    RULE,
    STEWARD,
    SUPERVISOR,
    USUAL,
    WHOLE_LIFE,
    Matter,
    measures,
    received,
    working,
)

from domain.commands import CommandName
from domain.dispatch.roster import roster_of
from domain.refusals import Refused
from domain.settings.reading import parse
from domain.vocabulary import Channel
from records import incidents
from records.migrate import migrate
from records.pool import open_pool
from records.vault import KeyRing
from stack.ground import started
from starter.actor import Actor, usr
from starter.community_file import load
from starter.desk import Desk
from starter.groups.incidents import carry_incidents
from starter.groups.merging import carry_merges, merge
from starter.groups.proposing import ProposalForm, propose_incident
from starter.opening import sample_community
from starter.relay import queue
from starter.request import Request
from workflows.engine import Engine, connect

NOTES = 56
"""So many that a whole batch of them is larger than the process writes at once today."""
POOR = {"attitude": 4, "timeliness": 2, "quality": 1}
SAVED = Path(__file__).parent / "histories"
RELEASE = "0.6.0"


def up_to(*steps):
    async def live(matter) -> None:
        await matter.until("clock_started")
        await matter.through(*steps)

    return live


async def breached(matter) -> None:
    """Nobody answers: warnings, breach, the whole ladder of `response` and most of `register`."""
    await matter.skip(timedelta(minutes=76))
    await matter.until("escalated", 3, clock="response")


async def acknowledged(matter) -> None:
    await matter.skip(timedelta(minutes=16))
    await matter.until("escalated", clock="response")
    await matter.give("acknowledge", SUPERVISOR, clock="response")
    await matter.through("respond")


async def feedback_breached(matter) -> None:
    await matter.through("respond", "clarify", "register", "dispatch", "accept")
    await matter.skip(timedelta(hours=25))
    await matter.until("escalated", clock="feedback")


async def reopened(matter) -> None:
    await matter.through(*WHOLE_LIFE[:-1])
    await matter.give("record_callback", CALLER, resolved=False, attitude=4, timeliness=2, quality=1, words="又漏了")


async def withdrawn(matter) -> None:
    await matter.through("respond")
    await matter.give("withdraw", OWNER, by="phone", reason="自己修好了")


async def closed_for_good(matter) -> None:
    await matter.through(*WHOLE_LIFE)
    await matter.skip(timedelta(days=31))
    await matter.handle.result()


async def transferred(matter) -> None:
    await matter.through("respond", "clarify", "register", "dispatch")
    await matter.give("transfer", OPERATOR, assignee=OTHER_PLUMBER.id, reason="不在岗")
    await matter.give("accept", OTHER_PLUMBER)
    await matter.give("return", OTHER_PLUMBER, return_reason="wrong_team", reason="需要外墙班组")


async def handed_on(matter) -> None:
    """Kept by the giver, then taken; named in it afterwards (DSP-07, DSP-08, DSP-13)."""
    await matter.through("respond", "clarify", "register", "dispatch", "accept")
    handed = {"assignee": OTHER_PLUMBER.id, "reason": "换班"}
    await matter.give("transfer", ENGINEERING_LEAD, **handed)
    await matter.give("return", OTHER_PLUMBER, return_reason="overloaded")
    await matter.give("transfer", ENGINEERING_LEAD, **handed)
    await matter.give("accept", OTHER_PLUMBER)
    await matter.give("return", OTHER_PLUMBER, return_reason="unsafe", reason="无脚手架")
    await matter.give("note", OPERATOR, words="业主投诉维修工", complained_of=[OTHER_PLUMBER.id])


async def grabbed(matter) -> Matter:
    """Out of the pool, by one who is on duty at every hour (DSP-05)."""
    matter = await received(matter.desk, category="GENERAL_REPAIR")
    await matter.through("respond", "clarify", "register")
    text = re.sub(
        r'(?m)^kind = "weekly"\n(?:.+\n)+', 'kind = "always"\n', sample_community().read_text(encoding="utf-8")
    )
    there = matter.desk
    matter.desk = Desk(there.pool, there.engine, there.ring, parse(text))
    await matter.give("grab", Actor(usr("S13"), ("handyman",)))
    await matter.give("arrive", Actor(usr("S13"), ("handyman",)))
    return matter


async def promised(matter) -> None:
    await matter.through("respond", "clarify", "register", "dispatch", "accept")
    start = (await matter.file()).row.received_at
    window = {"window_start_at": start + timedelta(hours=1), "window_end_at": start + timedelta(hours=2)}
    await matter.give("promise", PLUMBER, **window)
    await matter.skip(timedelta(hours=2, minutes=1))
    await matter.until("clock_breached", clock="promise")
    await matter.through("arrive")


async def reclassified(matter) -> None:
    await matter.through("respond")
    await matter.give("classify", OPERATOR, category="WATER_LEAK")
    await matter.give("reclassify", OPERATOR, category="WATER_OUTAGE", severity="urgent", reason="整栋停水")
    await matter.through("register")


def ahead(**span) -> datetime:
    return datetime.now(UTC) + timedelta(**span)


HANDLED = ("respond", "clarify", "register", "dispatch", "accept")


async def suspended(matter) -> None:
    """Stopped by the plumber, resumed by him, then done."""
    await matter.through(*HANDLED)
    wish = {"pause_reason": "owner_absent", "expected_end_at": ahead(hours=2)}
    await matter.give("suspend", PLUMBER, **wish, words="业主下午才在家")
    await matter.skip(timedelta(hours=1))
    await matter.through("resume", "arrive", "complete_handling")


async def suspended_to_its_cap(matter) -> None:
    """Granted by the lead, and over by itself; the clocks go on."""
    await matter.through(*HANDLED)
    wish = {"pause_reason": "waiting_parts", "part": "角阀", "supplier": "城东五金", "expected_end_at": ahead(days=20)}
    await matter.give("request_suspension", PLUMBER, **wish, words="水泵到货需两周")
    await matter.give("approve_suspension", ENGINEERING_LEAD, words="同意")
    await matter.skip(timedelta(days=30))
    await matter.until("resumed")


async def suspension_refused(matter) -> None:
    await matter.through(*HANDLED)
    wish = {"pause_reason": "third_party", "expected_end_at": ahead(days=3)}
    await matter.give("request_suspension", PLUMBER, **wish)
    await matter.give("refuse_suspension", MANAGER, reason="先做临时封堵")


async def rectified(matter) -> None:
    """Plan, date changed with consent, work, refused, planned again, signed off."""
    await matter.through(*HANDLED)
    first, second = ahead(days=3).date(), ahead(days=5).date()
    await matter.give("give_plan", PLUMBER, measures=measures(first, "更换地漏,重做防水"))
    await matter.give("give_plan", PLUMBER, measures=measures(second, "业主要求周末施工"), consent=True)
    await matter.through("complete_rectification")
    await matter.give("refuse_sign_off", OWNER, by="phone", reason="墙角仍有水渍")
    await matter.give("give_plan", PLUMBER, measures=measures(second, "铲除重做墙角"))
    await matter.through("complete_rectification", "sign_off", "arrive", "complete_handling")


async def severity_raised(matter) -> None:
    """Raised, lowered without approval, lowered with the manager's."""
    await matter.through(*HANDLED)
    await matter.give("reclassify", OPERATOR, category="WATER_LEAK", severity="urgent", reason="水已漫到楼下")
    await matter.give("reclassify", OPERATOR, category="WATER_LEAK", severity="ordinary", reason="已关总阀")
    await matter.give("reclassify", MANAGER, category="WATER_LEAK", severity="major", reason="约周末", move_later=True)


async def reclocked(matter) -> None:
    """The settings change while the order lives; a manager has its clocks counted again."""
    await matter.through(*HANDLED)
    file = matter.desk.settings
    policies = tuple(one if one.id != "major" else longer(one) for one in file.policy)
    matter.desk = replace(matter.desk, settings=file.model_copy(update={"version": "2026.2", "policy": policies}))
    known = {"category": "WATER_LEAK", "kind": "repair", "severity": "major"}
    await matter.give("reclock", MANAGER, **known, reason="新规则放宽处理时限")


def longer(policy):
    clocks = {**policy.clocks, "handling": policy.clocks["handling"].model_copy(update={"limit": "10wd"})}
    return policy.model_copy(update={"clocks": clocks})


async def excused(matter) -> None:
    """Breached, excused, and a recovery opened by the rule of a ladder and done."""
    await matter.skip(timedelta(minutes=16))
    await matter.until("escalated", clock="response")
    await matter.give("excuse", MANAGER, clock="response", reason="全市通信中断")
    await matter.give("open_recovery", RULE, clock="feedback")
    await matter.through("complete_recovery")


async def bad_service_named(matter) -> None:
    """Named as the cause of arrears: verify and plan run, both are met."""
    await matter.through(*HANDLED)
    await matter.give("name_arrears_cause", STEWARD, cause="dissatisfaction", words="因漏水未修拒缴")
    await matter.give("verify", MANAGER, words="情况属实")
    await matter.give("give_plan", PLUMBER, measures=measures(ahead(days=2).date(), "两日内修好"))


async def priced(matter) -> None:
    """Quoted, declined, agreed; whose part it was; photos from before and after."""
    await matter.through(*HANDLED)
    line = {"words": "角阀", "quantity": "2", "unit_price": "35.00"}
    await matter.give("quote", PLUMBER, materials=[line], labour="50.00")
    await matter.give("decline_price", OWNER, by="phone", reason="太贵")
    await matter.give("agree_to_price", OWNER, by="phone")
    await matter.give(
        "assign_responsibility", MANAGER, shares=[{"party": "owner", "percent": 100, "words": "自行改管"}]
    )
    await matter.through("arrive", "complete_handling")


async def conflicted(matter) -> None:
    """Led to a promise, which the owner confirms; then a mediation."""
    await matter.through(*HANDLED)
    await matter.give("flag_conflict", STEWARD, words="业主情绪激动")
    for step in ("calm", "clarify"):
        await matter.give("record_conflict_step", STEWARD, step=step, words="已谈")
    window = {"window_start_at": ahead(hours=1), "window_end_at": ahead(hours=3)}
    await matter.give("record_conflict_step", STEWARD, step="solve", words="今天上门", **window)
    await matter.through("arrive")
    await matter.give("record_conflict_step", STEWARD, step="follow_up", words="已满意", confirmed=True)
    said = {"bodies": ["community_committee"], "held_at": ahead(minutes=-1), "consent": True}
    words = {"place": "接待室", "outcome": "达成一致", "next_step": "周五复查"}
    await matter.give("record_mediation", MANAGER, **said, **words)


async def led_by_the_project_manager(matter) -> None:
    """Refused twice, so the third plan is his; completed by a supervisor without photos."""
    await matter.through(*HANDLED)
    on = ahead(days=5).date()
    for _ in range(2):
        await matter.give("give_plan", PLUMBER, measures=measures(on, "重做防水"))
        await matter.through("complete_rectification")
        await matter.give("refuse_sign_off", OWNER, by="phone", reason="仍渗水")
    await matter.give("give_plan", PROJECT_MANAGER, measures=measures(on, "更换整段立管"))
    await matter.through("complete_rectification", "sign_off", "arrive")
    said = {name: words for name, words in USUAL["complete_handling"][1].items() if name not in {"before", "after"}}
    await matter.give("complete_handling", MANAGER, **said, without_photos="业主不同意拍摄室内")


async def checked(matter) -> None:
    """A contractor's work that was paused, is said to be done, fails, and passes."""
    await matter.through("respond", "clarify", "register")
    await matter.give("dispatch", OPERATOR, team="elevator-contractor", assignee=CREW.id)
    await matter.give("accept", CREW)
    await matter.give("arrive", CREW)
    await matter.give("suspend", CREW, pause_reason="owner_absent", expected_end_at=ahead(hours=2))
    for passed in (False, True):
        await matter.give("complete_handling", CREW, **USUAL["complete_handling"][1])
        await matter.give("check_contractor_work", CHECKER, passed=passed, reason="试水仍渗漏")
    await matter.through("give_feedback")


async def shared(matter) -> None:
    """Two further assignments in turn: one completed, the other cancelled."""
    await matter.through(*HANDLED)
    await matter.give("add_assignment", OPERATOR, assignee=OTHER_PLUMBER.id, words="关总阀")
    await matter.give("add_assignment", OPERATOR, assignee=CREW.id, after=1, words="开总阀", other_trade=True)
    await matter.give("complete_assignment", OTHER_PLUMBER, number=1, words="总阀已关")
    await matter.give("cancel_assignment", OPERATOR, number=2, reason="由水工一并处理")
    await matter.through("arrive", "complete_handling")


async def clarified_late(matter) -> None:
    """Nobody reached, so it is dispatched on the owner's first words; his yes follows."""
    await matter.through("respond")
    await matter.give("clarify", OPERATOR, skipped="unreachable", reason="两次拨打无人接听")
    await matter.through("register", "dispatch", "clarify", "accept", "arrive")


async def urged(matter) -> None:
    """The third urge fires level 1 before the breach; the breach is told, and level 2 follows its own time."""
    await matter.through("respond", "clarify", "register")
    for _ in range(3):
        await matter.give("urge", OWNER, by="phone", words="怎么还没人来")
    await matter.skip(timedelta(hours=25))
    await matter.until("escalated", clock="feedback")


async def out_of_scope(matter) -> None:
    """Answered with the right address, and closed by that answer."""
    await matter.through("respond", "clarify", "register")
    said = {
        "kind": "out_of_scope",
        "by": "phone",
        "words": "市政路灯不归物业管理",
        "referred_to": "拨打 12345 转路灯所",
    }
    await matter.give("give_feedback", OPERATOR, **said)


async def found_in_a_group(matter) -> Matter:
    """Words of a group, with a remedy and a proposal: the result answers both, the group gets its line."""
    posted = {"channel": Channel.OWNER_GROUP, "found_in": "锦绣三栋业主群", "posted_by": "小明妈"}
    wish = {"text": "厨房漏电了", "remedy": "减免一个月物业费", "posted_at": ahead(minutes=-5)}
    found = await received(matter.desk, **posted, **wish)
    await found.through(*WHOLE_LIFE[:-2])
    answered = {"remedy_granted": "no", "group_line": "三栋漏电一事已处理,谢谢提醒"}
    await found.give("give_feedback", OPERATOR, **USUAL["give_feedback"][1], **answered)
    await found.through("record_callback")
    return found


async def incident_of(matter) -> Matter:
    """A confirmed incident of a matter and another one like it, both attached."""
    other = await received(matter.desk)
    form = ProposalForm((matter.order_id, other.order_id), "主管道破裂", matter.order_id)
    parent = Matter(matter.desk, (await propose_incident(matter.desk, form, OPERATOR)).order_id)
    await parent.give("confirm_incident", OPERATOR)
    await parent.file()
    await carried(matter.desk)
    await matter.until("attached_to_incident")
    return parent


async def carried(desk: Desk) -> None:
    roster = roster_of(desk.settings)
    while await queue(desk, roster, datetime.now(UTC)) + await carry_incidents(desk) + await carry_merges(desk):
        pass


async def child_taken_out(matter) -> None:
    """Breached while attached, silent; taken out, it escalates by itself."""
    await incident_of(matter)
    await matter.skip(timedelta(minutes=17))
    await matter.until("clock_breached", clock="response")
    await matter.give("detach_from_incident", OPERATOR, reason="户内角阀漏水")
    await matter.until("escalated", clock="response")


async def incident(matter) -> Matter:
    """It hears of a breach, escalates, is acknowledged, and hears that the clock has stopped."""
    parent = await incident_of(matter)
    await matter.skip(timedelta(minutes=17))
    await matter.until("clock_breached", clock="response")
    await carried(matter.desk)
    await parent.skip(timedelta(minutes=18))
    await parent.until("escalated", clock="response")
    await parent.give("acknowledge", SUPERVISOR, clock="response")
    await matter.through("respond")
    await matter.file()
    await carried(matter.desk)
    return parent


async def solved_with_its_incident(matter) -> None:
    """Work under way ends with the cause; then the owner is told and asked as always (GRP-06)."""
    parent = await incident_of(matter)
    await matter.through("respond", "clarify", "register", "dispatch", "accept")
    await dealt_with(parent)
    await matter.until("solved_together")
    await matter.through("give_feedback", "record_callback")


async def taken_up_again(matter) -> None:
    """Solved with an incident to which it did not belong: taken out, it goes on where it stood (GRP-07)."""
    parent = await incident_of(matter)
    await matter.through("respond", "clarify", "register", "dispatch", "accept")
    await dealt_with(parent)
    await matter.until("solved_together")
    await matter.give("detach_from_incident", OPERATOR, reason="户内角阀漏水,与停水无关")
    await matter.through("arrive", "complete_handling", "give_feedback", "record_callback")


async def dealt_with(parent: Matter) -> None:
    for step in ("dispatch", "accept", "arrive", "complete_handling"):
        actor, said = USUAL[step]
        await parent.give(step, actor, **said)
    await parent.file()
    await carried(parent.desk)


async def incident_solved(matter) -> Matter:
    """One notice for all; it ends when its children have."""
    parent = await incident_of(matter)
    await dealt_with(parent)
    said = {"kind": "result", "found": "水箱浮球阀损坏,已查明原因", "words": "浮球阀已更换,供水已恢复正常"}
    await parent.give("give_mass_notice", OPERATOR, by="sms", **said)
    for child in (matter, await other_child(parent, matter)):
        await child.until("solved_together")
        await child.through("respond", "give_feedback", "record_callback")
        await child.file()
    await carried(parent.desk)
    await parent.until("closed")
    return parent


async def incident_dismissed(matter) -> Matter:
    """Confirmed, then each child turned out to have a cause of its own: it is none."""
    parent = await incident_of(matter)
    for child in (matter, await other_child(parent, matter)):
        await child.give("detach_from_incident", OPERATOR, reason="户内阀门问题,与公共供水无关")
        await child.file()
    await parent.give("dismiss_incident", OPERATOR, reason="各户原因不同,不是同一事件")
    return parent


async def other_child(parent: Matter, matter: Matter) -> Matter:
    rows = await incidents.children(parent.desk.pool, parent.order_id)
    [other] = [row.order_id for row in rows if row.order_id != matter.order_id]
    return Matter(parent.desk, other)


async def merging(matter) -> Matter:
    """Two cases that are one matter; the earlier one ends into the later one."""
    survivor = await received(matter.desk)
    await matter.through("respond")
    said = {"survivor": survivor.order_id}
    await merge(matter.desk, Request(matter.order_id, CommandName.MERGE, OPERATOR, said))
    await survivor.until("absorbed")
    await matter.until("merged")
    return survivor


async def merged(matter) -> None:
    """The survivor's work is its own too; its reporter is told and asked by itself (GRP-01)."""
    survivor = await merging(matter)
    await survivor.through("respond", "clarify", "register", "dispatch", "accept", "arrive", "complete_handling")
    await survivor.give("give_feedback", OPERATOR, **USUAL["give_feedback"][1])
    await survivor.file()
    await carried(matter.desk)
    await matter.until("solved_together")
    await matter.through("give_feedback", "record_callback")


async def absorbed(matter) -> Matter:
    """The survivor goes on with the earlier reception (GRP-02)."""
    survivor = await merging(matter)
    await survivor.through("respond", "clarify", "register", "dispatch", "accept", "arrive")
    return survivor


async def taken_apart(matter) -> None:
    """Merged by mistake, and as it was (GRP-08)."""
    await merging(matter)
    await matter.give("unmerge", OPERATOR, reason="两户各自漏水")
    await matter.file()
    await carried(matter.desk)
    await matter.until("unmerged")
    await matter.through("clarify")


async def thanked(matter) -> Matter:
    """Praise, over once it was answered (INT-17)."""
    praise = await received(matter.desk, category="PRAISE")
    await praise.through("respond")
    return praise


async def owing_more(matter) -> Matter:
    """Praise that turns out to be a leak owes all that a leak owes (CLK-24)."""
    leak = await received(matter.desk, category="PRAISE")
    await leak.give("reclassify", OPERATOR, category="WATER_LEAK", reason="实为报修")
    await leak.through("respond", "clarify", "register")
    return leak


async def not_reached(matter) -> None:
    """Nobody is reached: three attempts, a day between them, then closed as not reached."""
    await matter.through(*WHOLE_LIFE[:-1])
    for _ in range(3):
        await matter.skip(timedelta(hours=26))
        await matter.until("clock_started", clock="callback")
        await at_an_hour_for_calls(matter)


async def at_an_hour_for_calls(matter) -> None:
    """Try every hour until contact hours let an attempt through."""
    for _ in range(24):
        try:
            await matter.give("record_attempt", CALLER)
        except Refused:
            await matter.skip(timedelta(hours=1))
        else:
            return


async def answered_late(matter) -> None:
    """Not reached; a week later the household answers no, and the order is reopened."""
    await not_reached(matter)
    await matter.skip(timedelta(days=7))
    await matter.give(
        "record_callback", OWNER, resolved=False, attitude=3, timeliness=2, quality=2, channel=Channel.WEB
    )


async def told_by_another(matter) -> None:
    """Another tells the result, the first contact countersigns; after a recovery another calls back."""
    await matter.through(*WHOLE_LIFE[:-2])
    await matter.give("give_feedback", STEWARD, **USUAL["give_feedback"][1])
    await matter.give("countersign", OPERATOR)
    await matter.give("record_callback", CALLER, resolved=False, **POOR, told_by="other")
    await matter.through("complete_recovery", "dispatch", "accept", "arrive", "complete_handling", "give_feedback")
    await matter.give("record_callback", MANAGER, **USUAL["record_callback"][1])


async def written_late(matter) -> None:
    """The record can't be written for a while: everything decided meanwhile waits, and is written afterwards."""
    await matter.until("clock_started")
    async with matter.desk.pool.acquire() as held, held.transaction():
        await held.execute("lock table work_order_event in exclusive mode")  # readers pass
        await matter.through("respond")
        for _ in range(0, NOTES, 8):
            await asyncio.gather(*(matter.give("note", OPERATOR, words="业主来电询问进度") for _ in range(8)))
    await matter.until("noted", NOTES)
    await matter.through("clarify", "register")


PATHS = {
    "written_late": written_late,
    "child_taken_out": child_taken_out,
    "solved_with_its_incident": solved_with_its_incident,
    "taken_up_again": taken_up_again,
    "incident_solved": incident_solved,
    "incident_dismissed": incident_dismissed,
    "merged": merged,
    "absorbed": absorbed,
    "taken_apart": taken_apart,
    "thanked": thanked,
    "owing_more": owing_more,
    "incident": incident,
    "not_reached": not_reached,
    "answered_late": answered_late,
    "told_by_another": told_by_another,
    "priced": priced,
    "conflicted": conflicted,
    "led_by_the_project_manager": led_by_the_project_manager,
    "checked": checked,
    "shared": shared,
    "clarified_late": clarified_late,
    "urged": urged,
    "out_of_scope": out_of_scope,
    "found_in_a_group": found_in_a_group,
    "suspended": suspended,
    "suspended_to_its_cap": suspended_to_its_cap,
    "suspension_refused": suspension_refused,
    "rectified": rectified,
    "severity_raised": severity_raised,
    "reclocked": reclocked,
    "excused": excused,
    "bad_service_named": bad_service_named,
    "waiting_response": up_to(),
    "waiting_register": up_to("respond"),
    "waiting_dispatch": up_to("respond", "clarify", "register"),
    "waiting_accept": up_to("respond", "clarify", "register", "dispatch"),
    "waiting_arrive": up_to("respond", "clarify", "register", "dispatch", "accept"),
    "waiting_handling": up_to("respond", "clarify", "register", "dispatch", "accept", "arrive"),
    "waiting_result_feedback": up_to(*WHOLE_LIFE[:-2]),
    "waiting_callback": up_to(*WHOLE_LIFE[:-1]),
    "closed": up_to(*WHOLE_LIFE),
    "closed_for_good": closed_for_good,
    "breached": breached,
    "acknowledged": acknowledged,
    "feedback_breached": feedback_breached,
    "reopened": reopened,
    "withdrawn": withdrawn,
    "transferred": transferred,
    "handed_on": handed_on,
    "grabbed": grabbed,
    "promised": promised,
    "reclassified": reclassified,
}


async def save(desk: Desk, name: str, folder: Path) -> None:
    """Live one path, then write the history of its order, and the events the record holds of it."""
    matter = await received(desk)
    matter = await PATHS[name](matter) or matter
    history, file = await matter.handle.fetch_history(), await matter.file()
    lines = [{"seq": e.seq, "body": e.body.decode(), "hash": e.hash.hex()} for e in file.events]
    (folder / f"{name}.history.json").write_text(json.dumps(history.to_json_dict(), indent=1) + "\n", encoding="utf-8")
    told = "".join(json.dumps(line, ensure_ascii=False) + "\n" for line in lines)
    (folder / f"{name}.events.jsonl").write_text(told, encoding="utf-8")
    print(f"saved {name}: {len(history.events)} history events, {len(lines)} events")  # noqa: T201 - says what it did


async def main(wanted: list[str]) -> None:
    """Save what is wanted and not there yet."""
    folder = SAVED / RELEASE
    folder.mkdir(parents=True, exist_ok=True)
    missing = [name for name in wanted or PATHS if not (folder / f"{name}.history.json").exists()]
    with tempfile.TemporaryDirectory() as place:
        data = Path(place)
        async with started(data / "ground", time_skipping=True) as ground:
            migrate(ground.dsn)
            async with await open_pool(ground.dsn) as pool:
                client = await connect(Engine(address=ground.temporal_address, namespace=ground.namespace))
                desk = Desk(pool, client, KeyRing.open(data / "keys" / "kek.json"), load(sample_community()))
                async with working(desk, data):
                    for name in missing:
                        await save(desk, name, folder)


if __name__ == "__main__":
    asyncio.run(main(sys.argv[1:]))
