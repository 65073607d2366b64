"""Save histories of today's code as evidence for ever: `python tests/replay/save.py [NAME …]`.

A history that exists is never written again: it says what a version that was shipped really did.
"""

import asyncio
import json
import sys
import tempfile
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parents[1]))
from house import (
    CALLER,
    ENGINEERING_LEAD,
    MANAGER,
    OPERATOR,
    OTHER_PLUMBER,
    OWNER,
    PLUMBER,
    RULE,
    STEWARD,
    SUPERVISOR,
    WHOLE_LIFE,
    received,
    working,
)

from records.migrate import migrate
from records.pool import open_pool
from records.vault import KeyRing
from stack.ground import started
from starter.community_file import load
from starter.desk import Desk
from starter.opening import sample_community
from workflows.engine import Engine, connect

SAVED = Path(__file__).parent / "histories"
RELEASE = "0.2.0"


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
    await matter.give("return", OTHER_PLUMBER, reason="需要外墙班组")


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
    wish = {"pause_reason": "waiting_parts", "expected_end_at": ahead(days=20)}
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
    await matter.give("give_plan", PLUMBER, on=first, words="更换地漏,重做防水")
    await matter.give("give_plan", PLUMBER, on=second, words="业主要求周末施工", consent=True)
    await matter.through("complete_rectification")
    await matter.give("refuse_sign_off", OWNER, by="phone", reason="墙角仍有水渍")
    await matter.give("give_plan", PLUMBER, on=second, words="铲除重做墙角")
    await matter.through("complete_rectification", "sign_off", "complete_handling")


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
    await matter.give("complete_recovery", MANAGER, words="已上门致歉")


async def bad_service_named(matter) -> None:
    """Named as the cause of arrears: verify and plan run, both are met."""
    await matter.through(*HANDLED)
    await matter.give("name_arrears_cause", STEWARD, cause="dissatisfaction", words="因漏水未修拒缴")
    await matter.give("verify", MANAGER, words="情况属实")
    await matter.give("give_plan", PLUMBER, on=ahead(days=2).date(), words="两日内修好")


PATHS = {
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
    "promised": promised,
    "reclassified": reclassified,
}


async def save(desk: Desk, name: str, folder: Path) -> None:
    """Live one path, then write its history and the events the record holds of it."""
    matter = await received(desk)
    await PATHS[name](matter)
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
