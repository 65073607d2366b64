"""Dispatching told in words: to whom an order was given, by whom it was given back and why."""

from collections.abc import Mapping
from typing import Any

from domain.words import RETURN_REASONS, word
from starter.telling.times import TimeTeller

Facts = Mapping[str, Any]


class DispatchTeller(TimeTeller):
    """Tells events of dispatching."""

    def _dispatched(self, facts: Facts) -> str:
        told = f"→ {self.names.person(facts['assignee'])} · {self.names.team(facts['team'])}"
        over = self.names.t(" · 超出在手上限(紧急)", " · beyond the load limit (urgent)")
        return told + over * bool(facts.get("over_limit")) + self._trade(facts)

    _grabbed = _dispatched

    def _trade(self, facts: Facts) -> str:
        """Say that it was meant to go to another team or trade (DSP-01)."""
        return self.names.t(" · 跨工种", " · another trade") if facts.get("other_trade") else ""

    def _transferred(self, facts: Facts) -> str:
        """Say from whom to whom, and that the giver answers until it is accepted (DSP-08)."""
        until = self.names.t("接单前由原经办人负责", "the giver answers until it is accepted")
        told = f"{self.names.person(facts['before'])} {self._dispatched(facts)}"
        return f"{told} · {until}" if facts.get("until_accepted") else told

    def _returned(self, facts: Facts) -> str:
        """Say why; from the second time on also how often."""
        t, number = self.names.t, facts.get("number", 1)
        keeper = facts.get("kept_by")
        told = [word(RETURN_REASONS, facts.get("return_reason"), self.lang)]
        again = t(f"第 {number} 次退单", f"given back for the {number}. time") if number > 1 else ""
        kept = t("仍由 {} 负责", "still with {}").format(self.names.person(keeper)) if keeper else ""
        return " · ".join(filter(None, [*told, again, kept]))

    def _assignment_added(self, facts: Facts) -> str:
        """Say which one, to whom, and what it waits for (HND-13)."""
        t, after = self.names.t, facts.get("after")
        waits = t(f"第 {after} 项之后", f"after no. {after}") if after else ""
        return " · ".join(filter(None, [self._piece(facts), waits])) + self._trade(facts)

    def _piece(self, facts: Facts) -> str:
        number = facts["number"]
        return f"{self.names.t(f'第 {number} 项', f'no. {number}')} → {self.names.person(facts['assignee'])}"

    _assignment_completed = _piece
    _assignment_cancelled = _piece
