"""What was reported, proposed, answered and restated: the part of the timeline that speaks of reception."""

from collections.abc import Mapping
from typing import Any

from domain.words import word
from starter.telling.handling import HandlingTeller
from starter.words.glossary import CHANNELS, PROPOSED_BECAUSE, SEVERITIES, SKIPPED

Facts = Mapping[str, Any]


class IntakeTeller(HandlingTeller):
    """Tells events of reception."""

    def _received(self, facts: Facts) -> str:
        parts = [word(CHANNELS, facts["channel"], self.lang), *self._class(facts)]
        where = [str(facts[name]) for name in ("building", "area") if facts.get(name)]
        told = [*self._proposed(facts), *self._repeats(facts), *self.about(facts), *self.files(facts)]
        return " · ".join([*parts, *where, *told])

    def _repeats(self, facts: Facts) -> list[str]:
        """Name the closed order that it repeats (GRP-04)."""
        said = facts.get("repeat")
        if said is None:
            return []
        of = self.numbers([said["of"]])
        return [self.names.t(f"重复投诉第 {said['number']} 次,上次 {of}", f"repeat {said['number']} of {of}")]

    def _proposed(self, facts: Facts) -> list[str]:
        """Say what the rules proposed where something else was taken, and why it is urgent where it is (INT-09)."""
        said = facts.get("proposed")
        if said is None:
            return []
        same = (said["category"], said["severity"]) == (facts["category"], facts["severity"])
        why = word(PROPOSED_BECAUSE, said["because"], self.lang)
        if same:
            return [] if said["because"] == "category" else [why]
        return [self.names.t("建议 ", "proposed ") + " ".join([*self._class(said), f"({why})"])]

    def _clarified(self, facts: Facts) -> str:
        if facts.get("skipped"):
            return self.names.t("未复述:", "skipped: ") + word(SKIPPED, facts["skipped"], self.lang)
        by = word(CHANNELS, facts.get("by"), self.lang)
        return " · ".join(filter(None, (self.names.t("报事人已确认", "the reporter said yes"), by)))

    def _registered(self, facts: Facts) -> str:
        return self.names.t("确认 ", "confirmed ") + " ".join(self._class(facts)) if facts.get("category") else ""

    def _class(self, facts: Facts) -> list[str]:
        return [self.names.category(facts["category"]), word(SEVERITIES, facts["severity"], self.lang)]

    def _classified(self, facts: Facts) -> str:
        return " · ".join([*self._class(facts), *self.moves(facts)])

    _reclassified = _classified

    def _responded(self, facts: Facts) -> str:
        return self.names.t("首问责任人 ", "first contact ") + self.names.person(facts["first_contact"])

    def _first_contact_changed(self, facts: Facts) -> str:
        return f"{self.names.person(facts.get('before'))} → {self.names.person(facts['first_contact'])}"
