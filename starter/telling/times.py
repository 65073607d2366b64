"""What clocks, pauses, plans and recounts did, told in words; the part of the timeline that speaks of time."""

from collections.abc import Callable, Mapping, Sequence
from datetime import date, datetime
from typing import Any, NamedTuple

from domain.audit import read_instant
from domain.words import CLOCKS, word
from starter.telling.names import Names
from starter.words.glossary import CHANNELS, LADDER_ACTIONS, OUTCOMES, ROLES, numbers
from starter.words.times import ARREARS_CAUSES, RECOVERY_REASONS, RESUMED_BECAUSE

Facts = Mapping[str, Any]


class Tick(NamedTuple):
    """One small event of a clock."""

    type: str  # clock_started | clock_stopped | clock_warned
    at: datetime
    facts: Facts


class TimeTeller:
    """Tells events of time; `clock` shows an instant in the community's time."""

    def __init__(self, names: Names, clock: Callable[[datetime], str]) -> None:
        self.names = names
        self.lang = names.lang
        self.clock = clock

    def ticks(self, ticks: Sequence[Tick]) -> list[str]:
        """Say in a few words each what clocks did."""
        return [self._tick(tick) for tick in ticks]

    def due(self, facts: Facts) -> str:
        """Say when a clock falls due; beyond the confirmed holiday data it is told as such (CAL-11)."""
        at, name = self.clock(read_instant(facts["due_at"])), self._of(facts)
        return self.names.t(f"{name} {at} 到期", f"{name} due {at}") + self._may_move(facts)

    def _may_move(self, facts: Facts) -> str:
        return self.names.t("(暂定)", " (provisional)") if facts.get("provisional") else ""

    def _of(self, facts: Facts) -> str:
        return word(CLOCKS, facts.get("clock"), self.lang)

    def _level(self, level: object) -> str:
        return self.names.t(f"第 {level} 级", f"level {level}")

    def _tick(self, tick: Tick) -> str:
        name, t = self._of(tick.facts), self.names.t
        if tick.type == "clock_started":
            return self.due(tick.facts) + (t("(暂停中)", " (paused)") if tick.facts.get("standing") else "")
        if tick.type == "clock_warned":
            at, percent = self.clock(tick.at), tick.facts["percent"]
            return t(f"{at} 预警 {name}已用 {percent}%", f"{at} warning: {percent}% of {name} used")
        return f"{name} {word(OUTCOMES, tick.facts['outcome'], self.lang)}"

    # ---- alarms

    def _clock_breached(self, facts: Facts) -> str:
        return self.names.t(f"{self._of(facts)}时限已过", f"{self._of(facts)} limit passed")

    def _escalated(self, facts: Facts) -> str:
        role, action = word(ROLES, facts.get("addressee"), self.lang), word(LADDER_ACTIONS, facts["action"], self.lang)
        head = f"{self._of(facts)} {self._level(facts['level'])}"
        early = self.names.t(",无人确认提前", ", early: nobody acknowledged") if facts.get("early") else ""
        early += self.names.t(",多次催单", ", urged again and again") if facts.get("because") == "urged" else ""
        whose = self.names.t(": ", ": ") + self.numbers(facts["children"]) if facts.get("children") else ""
        return (
            f"{head} → {role}({action}{early}){whose}"
            if self.lang == "zh"
            else f"{head} → {role} ({action}{early}){whose}"
        )

    def _children_reported(self, facts: Facts) -> str:
        """Say whose clocks were breached, and whose are owed no more (ESC-13)."""
        t, told = self.names.t, facts["clocks"]
        parts = [
            (t("超时", "breached"), [one for one in told if "ended_at" not in one]),
            (t("已停", "over"), [one for one in told if "ended_at" in one]),
        ]
        return " · ".join(f"{said} {self._clocks_of(ones)}" for said, ones in parts if ones)

    def _clocks_of(self, ones: Sequence[Facts]) -> str:
        said = (f"{self.numbers([one['child']])} {self._of(one)}" for one in ones)
        return self.names.t("、", ", ").join(said)

    def numbers(self, orders: Sequence[str]) -> str:
        """List orders by number."""
        return numbers(orders, self.lang)

    def _acknowledged(self, facts: Facts) -> str:
        return f"{self._of(facts)} {self._level(facts['level'])}"

    def _excused(self, facts: Facts) -> str:
        return self.names.t(f"{self._of(facts)}的超时(记录保留)", f"breach of {self._of(facts)}; it stays on record")

    def _recovery_opened(self, facts: Facts) -> str:
        return " · ".join(filter(None, (word(RECOVERY_REASONS, facts["reason"], self.lang), self._of(facts))))

    # ---- pauses

    def _suspended(self, facts: Facts) -> str:
        which = self.names.t("、", ", ").join(self._of(one) for one in facts["clocks"])
        ends = self.pause_ends(*(read_instant(facts[name]) for name in ("expected_end_at", "cap_at")))
        return " · ".join((self.names.pause_reason(facts["pause_reason"]), which, ends))

    def pause_ends(self, expected: datetime, cap: datetime) -> str:
        """Say when a pause is expected to end, and when it ends by itself (CLK-20)."""
        end, last, t = self.clock(expected), self.clock(cap), self.names.t
        if expected >= cap:
            return t(f"{last} 到上限自动恢复(预计 {end})", f"by itself at its cap {last} (expected {end})")
        return t(f"预计 {end} 恢复,最迟 {last}", f"expected until {end}, {last} at the latest")

    def _resumed(self, facts: Facts) -> str:
        because = word(RESUMED_BECAUSE, facts["because"], self.lang)
        return " · ".join(filter(None, (because, *map(self.due, facts["clocks"]))))

    def _suspension_requested(self, facts: Facts) -> str:
        end, role = self.clock(read_instant(facts["expected_end_at"])), word(ROLES, facts["approver"], self.lang)
        asked = self.names.t(f"预计 {end} 恢复 · 须{role}批准", f"expected until {end} · for the {role} to approve")
        return f"{self.names.pause_reason(facts['pause_reason'])} · {asked}"

    def _suspension_approved(self, facts: Facts) -> str:
        who = self.names.person(facts["requested_by"])
        return self.names.t(f"{who}的申请", f"asked for by {who}")

    _suspension_refused = _suspension_approved

    # ---- terms that change

    def moves(self, facts: Facts) -> list[str]:
        """Say which clocks fall due at another instant now, from when to when (CLK-24, CLK-31)."""
        return [self.moved(one) for one in facts.get("moved") or ()]

    def moved(self, one: Facts) -> str:
        """Say of one clock from when to when its due moved."""
        before, after = (self.clock(read_instant(one[name])) for name in ("before_due_at", "due_at"))
        same = one["before_due_at"] == one["due_at"]
        said = self.names.t(f"{after} 不变", f"{after} unchanged") if same else f"{before} → {after}"
        return f"{self._of(one)} {said}{self._may_move(one)}"

    def _reclocked(self, facts: Facts) -> str:
        return " · ".join(self.moves(facts)) or self.names.t("各计时不变", "no clock moves")

    # ---- rectification

    def _plan_given(self, facts: Facts) -> str:
        on, before = facts["on"], facts.get("before_on")
        said = self.names.t(f"{self._day(on)}前完成", f"to be done by {self._day(on)}")
        was = self.names.t(f"原定 {before},业主已同意", f"was {before}, the owner agreed") if before else ""
        number = facts["number"]
        again = self.names.t(f"第 {number} 版", f"no. {number}") if number > 1 else ""
        measures = self.names.t("、", ", ").join(self._measure(one) for one in facts.get("measures") or ())
        return " · ".join(filter(None, (said, again, measures, was)))

    def _measure(self, one: Facts) -> str:
        """Say who does what is told below, and until when (HND-08)."""
        return f"{self.names.person(one['person'])} {one['on'][5:]}"

    def _day(self, on: str) -> str:
        return self.names.weekday(date.fromisoformat(on))

    def _signed_off(self, facts: Facts) -> str:
        return word(CHANNELS, facts["by"], self.lang)

    def _sign_off_refused(self, facts: Facts) -> str:
        number, by = facts["number"], word(CHANNELS, facts["by"], self.lang)
        return self.names.t(f"第 {number} 次 · {by}", f"no. {number} · {by}")

    def _arrears_cause_named(self, facts: Facts) -> str:
        return word(ARREARS_CAUSES, facts.get("arrears_cause"), self.lang)
