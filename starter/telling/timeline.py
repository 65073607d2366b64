"""An order's life in words: one entry for each main event, the ticks of its clocks folded into it."""

import json
from collections.abc import Iterable, Iterator, Mapping
from datetime import datetime, timedelta
from typing import Any, NamedTuple

from domain.audit import read_instant
from domain.words import Pair, Table, word
from records.deeds import Deed
from records.outgoing import NOBODY, NoticeRow
from records.read import EventRow
from starter.cli.times import span
from starter.telling.closing import ClosingTeller
from starter.telling.dispatch import DispatchTeller
from starter.telling.intake import IntakeTeller
from starter.telling.times import Tick
from starter.words.glossary import (
    CHANNELS,
    CLOSE_REASONS,
    COMMANDS,
    DEED_OUTCOMES,
    DROPPED,
    EVENTS,
    FEEDBACK_KINDS,
    LADDER_ACTIONS,
    STAGES,
)
from starter.words.times import REOPEN_RULES

FOLDED = frozenset({"clock_started", "clock_stopped", "clock_warned"})
"""What stands small behind the main event that it follows."""
MINUTE = timedelta(minutes=1)
ALARMS = frozenset({"clock_breached", "escalated"})
TOPICS: Table = {
    "suspension_requested": Pair("申请暂停", "suspension requested"),
    "suspension_decided": Pair("暂停申请的答复", "suspension decided"),
    "pause_over": Pair("暂停到期,已恢复", "pause over, clocks run again"),
    "nobody_found": Pair("无人可找", "nobody found"),
    "owner_not_told": Pair("反馈未送达业主", "feedback did not reach the owner"),
    "breached": Pair("超时,告知首问责任人", "breach, told to the first contact"),
    "returned": Pair("退单,待重新分派", "given back, to be dispatched anew"),
    "returned_again": Pair("多次退单", "given back again and again"),
    "nobody_fits": Pair("无人可派", "nobody fits"),
    "offer": Pair("可接工单", "offered"),
    "in_pool": Pair("进入抢单池", "in the pool"),
    "not_grabbed": Pair("无人抢单,待指派", "not taken, to be assigned"),
    "transferred": Pair("转单,待其接单", "handed on, to be accepted"),
    "transfer_not_taken": Pair("转单被退回", "transfer not taken"),
    "repeated": Pair("重复投诉", "repeat"),
    "work_to_check": Pair("外包报完工,待验工", "contractor's work, to be checked"),
    "work_failed": Pair("验工不通过", "work failed its check"),
    "assigned": Pair("增派", "assigned"),
    "assigned_later": Pair("增派,依次进行", "assigned, in turn"),
    "turn_came": Pair("增派,轮到", "assigned, turn came"),
    "urged": Pair("催单", "urged"),
    "urged_work": Pair("催单", "urged"),
}
"""What messages tell beside ladder levels."""


class Entry(NamedTuple):
    """One main event with the ticks that followed it."""

    seq: int
    type: str  # received, dispatched, clock_breached …
    at: datetime
    recorded_at: datetime
    typed_at: datetime  # when a door wrote it down; the record may have heard of it later
    actor: str
    facts: Mapping[str, Any]
    ticks: tuple[Tick, ...]

    @property
    def alarm(self) -> bool:
        """Whether a clock speaks, not a person."""
        return self.type in ALARMS

    @property
    def words(self) -> tuple[str, ...]:
        """Ids of the words that were said."""
        return tuple(_references(self.facts))


def _references(facts: Any) -> Iterator[str]:
    """Yield the ids of words anywhere in the facts of an event."""
    if isinstance(facts, dict) and facts.keys() == {"id", "digest"}:
        yield facts["id"]
    elif isinstance(facts, Mapping | list):
        for value in facts.values() if isinstance(facts, Mapping) else facts:
            yield from _references(value)


def entries(events: Iterable[EventRow]) -> list[Entry]:
    """Fold an order's stored events into entries."""
    found: list[Entry] = []
    entered: dict[datetime, datetime] = {}  # by when a reception was recorded, with all that came with it
    for row in events:
        stored = json.loads(row.body)
        kind, at = row.type.removeprefix("work_order."), read_instant(stored["at"])
        if kind in FOLDED and found:
            tick = Tick(kind, at, stored["payload"])
            found[-1] = found[-1]._replace(ticks=(*found[-1].ticks, tick))
            continue
        if "entered_at" in stored["payload"]:
            entered[row.recorded_at] = read_instant(stored["payload"]["entered_at"])
        typed_at = entered.get(row.recorded_at, row.recorded_at)
        found.append(Entry(row.seq, kind, at, row.recorded_at, typed_at, stored["actor"], stored["payload"], ()))
    return found


class Teller(IntakeTeller, DispatchTeller, ClosingTeller):
    """Tells entries in words; `clock` shows an instant in the community's time."""

    def event(self, entry: Entry) -> str:
        """Name what happened."""
        return word(EVENTS, f"work_order.{entry.type}", self.lang)

    def detail(self, entry: Entry) -> str:
        """Say what an event tells beyond its name."""
        tell = getattr(self, f"_{entry.type}", None)
        return str(tell(entry.facts)) if tell else ""

    def late(self, entry: Entry) -> str:
        """Say what was typed long after it happened (CLK-32), and what the house itself was late with (ESC-08)."""
        late = timedelta(seconds=entry.facts.get("late_by_seconds", 0))
        if entry.facts.get("cause") != "timer":
            return " · ".join(self._typed(entry))
        if not entry.alarm and entry.recorded_at - entry.at > MINUTE:  # the end of a pause
            late = entry.recorded_at - entry.at
        t, by = self.names.t, span(late, self.lang)
        said = [t("补录", "late entry")] if entry.facts.get("late_entry") else []
        return " · ".join([*said, *([t(f"系统补记,迟 {by}", f"made up by the system, {by} late")] if late else [])])

    def _typed(self, entry: Entry) -> list[str]:
        """Say when a person's words were typed, and when the process heard of them, if that was a minute later."""
        t, typed, heard = self.names.t, self.clock(entry.typed_at), self.clock(entry.recorded_at)
        said = [t(f"{typed} 录入", f"typed {typed}")] if entry.typed_at - entry.at > MINUTE else []
        if entry.recorded_at - entry.typed_at > MINUTE:
            said.append(t(f"流程 {heard} 启动", f"process began {heard}"))
        return said

    def notice(self, row: NoticeRow) -> str:
        """Say to whom a message went, by which way, and what became of it."""
        person, way = row.notice.person, word(CHANNELS, row.notice.channel, self.lang)
        to = self.names.person(None if person == NOBODY else person)
        return f"{to} · {self._about(row.notice.body)} · {way} · {self._became(row)}"

    def _became(self, row: NoticeRow) -> str:
        """Say what became of a message: sent, by itself or within a digest; dropped; or held until when (ESC-09)."""
        t, within = self.names.t, row.told_by is not None
        if row.sent_at is not None:
            said = t(f"{self.clock(row.sent_at)} 送达", f"sent {self.clock(row.sent_at)}")
            return said + t("(汇总)", " (in a digest)") * within
        if row.dropped_because is not None:
            why = word(DROPPED, row.dropped_because, self.lang)
            return t(f"未发({why})", f"dropped ({why})")
        if row.notice.not_before is None:
            return t("待发", "waiting")
        until = self.clock(row.notice.not_before)
        return t(f"暂存至 {until}", f"held until {until}")

    def deed(self, deed: Deed) -> str:
        """Say what a ladder level, or a failed check, has done beside telling somebody, or why not (ESC-06)."""
        action, told = word(LADDER_ACTIONS, deed.action, self.lang), deed.told or {}
        became = word(DEED_OUTCOMES, str(told.get("because") or deed.outcome or "open"), self.lang)
        to = f" → {self.names.person(told['assignee'])}" if deed.outcome == "done" and "assignee" in told else ""
        level = deed.facts["level"]
        head = (
            word(TOPICS, "work_failed", self.lang) if level is None else f"{self._of(deed.facts)} {self._level(level)}"
        )
        return f"{head} · {action} · {became}{to}"

    def _about(self, facts: Mapping[str, Any]) -> str:
        """Say what a message is about: a ladder level, or what became of a pause."""
        topic, said = str(facts.get("topic")), []
        if facts.get("level") is not None:
            said.append(f"{self._of(facts)} {self._level(facts['level'])}")
        if topic in TOPICS or not said:
            said.append(word(TOPICS, topic, self.lang))
        return " · ".join(said)

    # ---- life

    def _promise_made(self, facts: Mapping[str, Any]) -> str:
        start, end = (self.clock(read_instant(facts[name])) for name in ("window_start_at", "window_end_at"))
        return f"{start} – {end} {word(COMMANDS, facts['act'], self.lang)}"

    def _handling_completed(self, facts: Mapping[str, Any]) -> str:
        visits = self.names.t(f"上门 {facts['visits']} 次", f"visits: {facts['visits']}")
        return " · ".join((visits, *self.files(facts)))

    def _completion_reported(self, facts: Mapping[str, Any]) -> str:
        contractor = self.names.team(facts["contractor"])
        return f"{self.names.t('待验工', 'to be checked')} · {contractor} · {self._handling_completed(facts)}"

    def _contractor_work_checked(self, facts: Mapping[str, Any]) -> str:
        said = ("通过", "passed") if facts["passed"] else ("不通过,退回返工", "failed, back to the contractor")
        return f"{self.names.t(*said)} · {self.names.team(facts['contractor'])}"

    def _reopened(self, facts: Mapping[str, Any]) -> str:
        again = self.names.t(f"第 {facts['generation']} 轮", f"generation {facts['generation']}")
        return f"{again} · {word(REOPEN_RULES, facts['rule'], self.lang)}"

    def _urged(self, facts: Mapping[str, Any]) -> str:
        by = word(CHANNELS, facts["by"], self.lang)
        return self.names.t(f"第 {facts['number']} 次 · {by}", f"no. {facts['number']} · {by}")

    def _withdrawn(self, facts: Mapping[str, Any]) -> str:
        return word(CHANNELS, facts["by"], self.lang)

    def _incident_proposed(self, facts: Mapping[str, Any]) -> str:
        return " · ".join([*self._class(facts), self.numbers(facts["members"])])

    def _incident_confirmed(self, facts: Mapping[str, Any]) -> str:
        return self.names.t("首问责任人 ", "first contact ") + self.names.person(facts["first_contact"])

    def _attached_to_incident(self, facts: Mapping[str, Any]) -> str:
        return self.numbers([facts["incident"]])

    def _detached_from_incident(self, facts: Mapping[str, Any]) -> str:
        if "back_to" not in facts:
            return self.numbers([facts["incident"]])
        stage = word(STAGES, facts["back_to"], self.lang)
        back = self.names.t(f"回到{stage}环节,原有计时照旧", f"back to {stage}, its clocks as they were")
        return f"{self.numbers([facts['incident']])} · {back}"

    def _merged(self, facts: Mapping[str, Any]) -> str:
        return self.names.t("由 {0} 继续办理", "{0} goes on with it").format(self.numbers([facts["survivor"]]))

    def _absorbed(self, facts: Mapping[str, Any]) -> str:
        case, received = self.numbers([facts["duplicate"]]), self.clock(read_instant(facts["received_at"]))
        return f"{case} · " + self.names.t(f"其受理 {received}", f"received {received}")

    def _unmerged(self, facts: Mapping[str, Any]) -> str:
        return self.numbers([facts.get("survivor") or facts["duplicate"]])

    def _solved_together(self, facts: Mapping[str, Any]) -> str:
        return self.numbers([facts["leader"]])

    def _mass_notice_given(self, facts: Mapping[str, Any]) -> str:
        return " · ".join((word(FEEDBACK_KINDS, facts["kind"], self.lang), word(CHANNELS, facts["by"], self.lang)))

    def _closed(self, facts: Mapping[str, Any]) -> str:
        return word(CLOSE_REASONS, facts["reason"], self.lang)
