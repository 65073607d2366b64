"""`huiyin status`: is every part there, and how is the house doing, in words or as JSON."""

import json
import os
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import asdict
from datetime import datetime
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

from rich.console import Console
from rich.table import Table
from temporalio.client import Client

from domain.words import CLOCKS, Pair, word
from domain.words import Table as Words
from records.errors import RecordsError
from records.pool import open_pool
from records.pulse import Pulse
from stack import temporal
from stack.checks import Check, check, located, logs
from stack.ground import from_environment, read_ground
from stack.settings import Settings
from starter.community_file import load
from starter.ground import NOT_NOW
from starter.opening import DoorSettings
from starter.sight import SHOWN, Sight, look
from starter.wording import STAGES

PARTS: Words = {
    "postgres": Pair("PostgreSQL 数据库", "PostgreSQL"),
    "schema": Pair("数据表", "schema"),
    "relay": Pair("转送进程", "relay"),
    "temporal-1": Pair("Temporal 节点 1", "Temporal, node 1"),
    "temporal-2": Pair("Temporal 节点 2", "Temporal, node 2"),
    "temporal": Pair("Temporal 流程引擎", "Temporal"),
    "worker": Pair("工作进程", "worker"),
}
REMEDIES: Words = {
    "postgres": Pair("huiyin up,或检查 HUIYIN_DATABASE_URL", "`huiyin up`, or check HUIYIN_DATABASE_URL"),
    "schema": Pair("huiyin up 会建立数据表", "`huiyin up` makes the tables"),
    "relay": Pair("消息暂不送出:见 relay 日志,或 huiyin up", "No message leaves: see its log, or `huiyin up`"),
    "temporal-1": Pair("由另一节点代劳:见 temporal-1 日志", "The other node does its work: see its log, temporal-1"),
    "temporal-2": Pair("由另一节点代劳:见 temporal-2 日志", "The other node does its work: see its log, temporal-2"),
    "temporal": Pair("huiyin up,或检查 HUIYIN_TEMPORAL_ADDRESS", "`huiyin up`, or check HUIYIN_TEMPORAL_ADDRESS"),
    "worker": Pair("没有工作进程:见 worker 日志,或 huiyin up", "No worker polls: see its log, or `huiyin up`"),
}
TEXTS: Words = {
    "part": Pair("部件", "part"),
    "state": Pair("状态", "state"),
    "where": Pair("位置", "where"),
    "remedy": Pair("怎么办", "what to do"),
    "since": Pair("自 {at}({zone})起", "since {at} ({zone})"),
    "fine": Pair("正常", "fine"),
    "bad": Pair("不可用", "not there"),
    "ready": Pair("可以受理工单", "A work order can be received now"),
    "no-relay": Pair("可以受理工单,但升级消息暂不送出", "A work order can be received, but no message leaves"),
    "no-engine": Pair(
        "可以受理工单:单号与时限立即给出,流程稍后补启动;派单、接单等操作须等 Temporal 恢复",
        "Orders can be received: number and limits at once, processes start later; all other actions wait for Temporal",
    ),
    "no-worker": Pair(
        "可以受理工单:单号与时限立即给出;计时提醒与其他操作须等工作进程恢复,到时按原定时刻补做",
        "Orders can be received: number and limits at once; alarms and other actions wait for a worker and are made up",
    ),
    "not-ready": Pair("现在不能受理工单:须等数据库恢复", "No work order can be received now: the database is needed"),
    "lost": Pair(
        "现在不能受理工单:数据库缺少引擎中已有的工单,请先执行 huiyin reconcile --rebuild",
        "No work order can be received now: the record lacks orders that the engine knows; "
        "type `huiyin reconcile --rebuild` first",
    ),
    "lost-orders": Pair("缺失工单", "lost orders"),
    "open": Pair("在办工单", "open orders"),
    "due": Pair("时限", "limits"),
    "due-said": Pair(
        "1 小时内到期 {due_within_hour} · 现已超时 {overdue}",
        "due within the hour {due_within_hour} · overdue now {overdue}",
    ),
    "breaches": Pair("24 小时内超时", "breached in 24 h"),
    "alarms": Pair("告警准时", "alarms on time"),
    "alarms-said": Pair(
        "近 1 小时 {alarms} 次,最晚 {alarm_late_max:.2f} 秒,99% 在 {alarm_late_p99:.2f} 秒内",
        "{alarms} in the last hour, the latest {alarm_late_max:.2f} s late, 99 % within {alarm_late_p99:.2f} s",
    ),
    "no-alarms": Pair("近 1 小时没有告警", "none in the last hour"),
    "waiting": Pair("等待中", "waiting"),
    "waiting-said": Pair(
        "待转送 {outbox_open} · 待送达消息 {notices_open} · 流程待启动 {unstarted} · 升级措施待执行 {deeds_open}",
        "to carry {outbox_open} · messages to hand over {notices_open} · processes to start {unstarted} · "
        "deeds of levels to do {deeds_open}",
    ),
    "oldest": Pair("(最久 {age:.0f} 秒)", " (the oldest for {age:.0f} s)"),
    "stuck": Pair("停滞流程", "stuck processes"),
    "none": Pair("无", "none"),
}


async def status(data: Path, *, lang: str = "zh", as_json: bool = False, console: Console | None = None) -> int:
    """Ask every part and look at the house; 0 only when all of it is there, else 3."""
    console = console or Console()
    settings = from_environment(os.environ, data=data)
    found = await check(settings)
    sight = await _look(located(settings), {one.part for one in found if one.fine})
    receiving = all(one.fine for one in found if one.part in {"postgres", "schema"}) and not sight.lost_orders
    if as_json:
        facts = {
            "ready": receiving,
            "up": read_ground(settings.data) is not None,
            "parts": [asdict(one) for one in found],
        }
        document = json.dumps({**facts, "sight": _facts(sight)}, ensure_ascii=False)
        console.print(document, soft_wrap=True, markup=False, highlight=False)
    else:
        verdict = verdict_of({one.part for one in found if not one.fine}, lost=bool(sight.lost_orders))
        console.print(_parts(found, lang))
        console.print(_say(lang, verdict), end="\n\n", soft_wrap=True)
        console.print(_house(sight, lang), end="\n\n")
        for log in logs(settings.data):
            console.print(f"  {log}", soft_wrap=True, highlight=False)
    return 0 if receiving and all(one.fine for one in found) else NOT_NOW


def verdict_of(away: set[str], *, lost: bool = False) -> str:
    """Choose the sentence that says what goes on and what waits (docs/operating.md)."""
    if away & {"postgres", "schema"}:
        return "not-ready"
    if lost:
        return "lost"
    if "temporal" in away:
        return "no-engine"
    return "no-worker" if "worker" in away else "no-relay" if "relay" in away else "ready"


async def _look(there: Settings, fine: set[str]) -> Sight:
    """Look at the house as far as its servers are there."""
    if "schema" not in fine or not there.database_url:
        return Sight(None, None)
    try:
        pool = await open_pool(there.database_url, max_size=1, application="huiyin-status")
    except RecordsError:
        return Sight(None, None)
    async with pool:
        return await look(pool, await _engine(there) if "temporal" in fine else None)


async def _engine(there: Settings) -> Client | None:
    """Connect to an engine that was there a moment ago."""
    try:
        return await temporal.connect(there, there.temporal_address or "")
    except RuntimeError:
        return None


def _facts(sight: Sight) -> dict[str, Any]:
    pulse = sight.pulse._asdict() if sight.pulse else None
    return {
        "pulse": pulse,
        "stuck": sight.stuck,
        "stuck_orders": list(sight.stuck_orders),
        "lost_orders": list(sight.lost_orders),
    }


def _parts(found: list[Check], lang: str) -> Table:
    table = Table(show_edge=False)
    for column in ("part", "state", "where", "remedy"):
        table.add_column(_say(lang, column), overflow="fold")
    for one in found:
        remedy = "" if one.fine else word(REMEDIES, one.part, lang)
        fact = _since(one.fact, lang) if one.part == "relay" and one.fine else one.fact
        table.add_row(word(PARTS, one.part, lang), _say(lang, "fine" if one.fine else "bad"), fact, remedy)
    return table


def _since(told: str, lang: str) -> str:
    """Say since when the relay is in session, by the clock of the firm's communities."""
    zone = ZoneInfo(load(DoorSettings().settings_file()).firm.default_zone)
    at = datetime.fromisoformat(told).astimezone(zone)
    return _say(lang, "since", at=f"{at:%Y-%m-%d %H:%M:%S}", zone=zone.key)


def _house(sight: Sight, lang: str) -> Table:
    """Show how the house is doing, a line for each question somebody on duty would ask."""
    table = Table.grid(padding=(0, 2))
    for label, said in _lines(sight, lang):
        table.add_row(f"[bold]{_say(lang, label)}[/bold]", said)
    return table


def _lines(sight: Sight, lang: str) -> Iterator[tuple[str, str]]:
    if sight.pulse is not None:
        pulse = sight.pulse
        yield "open", _counted(pulse.open_by_stage, STAGES, lang)
        yield "due", _say(lang, "due-said", **pulse._asdict())
        yield "breaches", _counted(pulse.breaches_by_clock, CLOCKS, lang)
        yield "alarms", _say(lang, "alarms-said" if pulse.alarms else "no-alarms", **pulse._asdict())
        yield "waiting", _say(lang, "waiting-said", **pulse._asdict()) + _oldest(pulse, lang)
    if sight.stuck is not None:
        names = " ".join(name.removeprefix("wo_") for name in sight.stuck_orders)
        yield "stuck", f"[bold red]{sight.stuck}[/bold red] {names}" if sight.stuck else _say(lang, "none")
    if sight.lost_orders:
        yield "lost-orders", f"[bold red]{_first(sight.lost_orders)}[/bold red]"


def _first(orders: Sequence[str]) -> str:
    """Name the first of many orders: `10000001 10000002 …`."""
    names = [order.removeprefix("wo_") for order in orders[:SHOWN]]
    return " ".join([*names, "…"] if len(orders) > SHOWN else names)


def _counted(counts: Mapping[str, int], words: Words, lang: str) -> str:
    """Write a total and its parts: `12 · response 9 · feedback 3`."""
    order = [code for code in words if code in counts]
    return " · ".join([str(sum(counts.values())), *(f"{word(words, code, lang)} {counts[code]}" for code in order)])


def _oldest(pulse: Pulse, lang: str) -> str:
    ages = [
        age for age in (pulse.outbox_age, pulse.notices_age, pulse.unstarted_age, pulse.deeds_age) if age is not None
    ]
    return _say(lang, "oldest", age=max(ages)) if ages else ""


def _say(lang: str, key: str, **facts: Any) -> str:
    return TEXTS[key].said(lang).format(**facts)
