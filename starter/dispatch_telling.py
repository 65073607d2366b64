"""Dispatching told in words: to whom an order was given, by whom it was given back and why."""

from collections.abc import Mapping
from typing import Any

from domain.words import RETURN_REASONS, word
from starter.time_telling import TimeTeller

Facts = Mapping[str, Any]


class DispatchTeller(TimeTeller):
    """Tells events of dispatching."""

    def _dispatched(self, facts: Facts) -> str:
        return f"→ {self.names.person(facts['assignee'])} · {self.names.team(facts['team'])}"

    def _transferred(self, facts: Facts) -> str:
        return f"{self.names.person(facts['before'])} {self._dispatched(facts)}"

    def _returned(self, facts: Facts) -> str:
        """Say why; from the second time on also how often."""
        t, number = self.names.t, facts.get("number", 1)
        told = [word(RETURN_REASONS, facts.get("return_reason"), self.lang)]
        again = t(f"第 {number} 次退单", f"given back for the {number}. time") if number > 1 else ""
        return " · ".join(filter(None, [*told, again]))
