"""What was told to the owner, what he said of it, and what was made good: the part of the timeline about the end."""

from collections.abc import Mapping
from typing import Any

from domain.words import word
from starter.telling.times import TimeTeller
from starter.words.closing import TELLERS
from starter.words.glossary import CHANNELS, CLOSE_REASONS, FEEDBACK_KINDS, GRANTED

Facts = Mapping[str, Any]


class ClosingTeller(TimeTeller):
    """Tells events of feedback and callback."""

    def _feedback_given(self, facts: Facts) -> str:
        parts = [word(FEEDBACK_KINDS, facts["kind"], self.lang), word(CHANNELS, facts["by"], self.lang)]
        kept = facts.get("promise_kept")
        if kept is not None:
            parts.append(
                self.names.t("已兑现承诺", "promise kept") if kept else self.names.t("未兑现承诺", "promise broken")
            )
        if facts.get("remedy_granted"):
            parts.append(word(GRANTED, facts["remedy_granted"], self.lang))
        if facts.get("group_line"):
            parts.append(self.names.t("群内已回复", "the group was told"))
        return " · ".join(parts)

    def _countersigned(self, facts: Facts) -> str:
        by = self.names.person(facts["result_by"])
        return self.names.t(f"结果由 {by} 告知", f"result told by {by}")

    def _callback_recorded(self, facts: Facts) -> str:
        t = self.names.t
        solved = t("已解决", "resolved") if facts["resolved"] else t("未解决", "not resolved")
        names = t("态度 及时 质量", "attitude timeliness quality").split()
        codes = ("attitude", "timeliness", "quality")
        scores = (f"{name} {facts[code]}" for name, code in zip(names, codes, strict=True))
        return " · ".join([solved, *scores, *self._marks(facts)])

    def _marks(self, facts: Facts) -> list[str]:
        """Mark scores not the household's, a call of theirs, an answer after the close (CBK-06, CBK-08, FBK-05)."""
        t, teller = self.names.t, facts.get("told_by", "household")
        marks = [] if teller == "household" else [word(TELLERS, teller, self.lang)]
        marks += [t("业主来电", "they called")] if facts.get("they_called") else []
        if facts.get("replaces"):
            before = word(CLOSE_REASONS, facts["replaces"], self.lang)
            marks.append(t(f"办结后答复,取代「{before}」", f"answered after the close, in place of “{before}”"))
        return marks

    def _callback_attempted(self, facts: Facts) -> str:
        by = word(CHANNELS, facts["by"], self.lang)
        return self.names.t(f"第 {facts['number']} 次 · {by}", f"no. {facts['number']} · {by}")

    def _callback_exhausted(self, facts: Facts) -> str:
        count = facts["attempts"]
        return self.names.t(f"{count} 次均未接通,已发评价链接", f"not reached {count} times; a link was sent")
