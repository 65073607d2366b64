"""One change of the rules in words, with the names of both files."""

from collections.abc import Iterable, Mapping
from datetime import timedelta
from itertools import groupby

from domain.settings.community import CommunityFile
from domain.settings.comparing import Change
from domain.settings.standing_rules import Circle
from domain.timekeeping.limits import BadLimit
from domain.words import CLOCKS, ROLES, word
from starter.lengths import exact, limit_words
from starter.words.closing import STYLES
from starter.words.glossary import CHANNELS, GROUPS, KINDS
from starter.words.holidays import holiday
from starter.words.policy import CHOICES, KEYS, LENGTHS, NAMED, SUBJECTS, YES_NO
from starter.words.times import PLANNED_ACTIONS, WEEKDAYS

VALUES = {**KINDS, **CHANNELS, **STYLES, **ROLES, **PLANNED_ACTIONS, **CHOICES}
"""Words chosen from closed sets."""
DAYS = ("mon", "tue", "wed", "thu", "fri", "sat", "sun")
FEW = 3
"""Lists of more entries are not told whole."""
WHOLE_WEEK = " ".join(DAYS)


class Teller:
    """Says changes from one file to another, in one language."""

    def __init__(self, old: CommunityFile, new: CommunityFile, lang: str) -> None:
        self.files = (new, old)
        self.lang = lang

    def t(self, zh: str, en: str) -> str:
        """Choose the language."""
        return zh if self.lang == "zh" else en

    def said(self, change: Change) -> str:
        """Say one change."""
        if change.about == "clock":
            return self._clock(change)
        if change.about == "offer":
            return self._offer(change)
        what = self.subject(change)
        if not change.key:
            return self._whole(change, what)
        colon = self.t(":", ": ")
        key = holiday(change.key, self.lang) if change.about == "holidays" else change.key
        return f"{what}{colon}{self.key(key)} {self._values(change)}"

    def _whole(self, change: Change, what: str) -> str:
        return (
            self.t(f"新增{what}", f"new: {what}") if change.before is None else self.t(f"取消{what}", f"gone: {what}")
        )

    def _clock(self, change: Change) -> str:
        clocks = dict.fromkeys(word(CLOCKS, clock, self.lang) for _, clock in change.names)
        classes = dict.fromkeys(self.name("policies", policy) for policy, _ in change.names)
        what = f"{self.joined(clocks)}{self.t(f'({self.joined(classes)})', f' ({self.joined(classes)})')}"
        where = self.circles(change)
        if not change.key:
            limit = self.value("limit", change.after or change.before or "")
            whole = self.t(f"新增计时 {what},时限 {limit}", f"new clock: {what}, limit {limit}")
            gone = self.t(f"取消计时 {what}", f"clock dropped: {what}")
            return (whole if change.before is None else gone) + where
        return f"{what}{self.t(':', ': ')}{self.key(change.key)} {self._values(change)}{where}"

    def _offer(self, change: Change) -> str:
        codes = dict.fromkeys(self.name("categories", code) for code, _ in change.names)
        estates = self.joined(dict.fromkeys(self.name("communities", estate) for _, estate in change.names))
        if change.before is None:
            return self.t(
                f"新增类别 {self.joined(codes)}({estates})", f"new category: {self.joined(codes)} ({estates})"
            )
        return self.t(f"取消类别 {self.joined(codes)}({estates})", f"category gone: {self.joined(codes)} ({estates})")

    def subject(self, change: Change) -> str:
        """Name what changes."""
        about, names = (
            word(SUBJECTS, change.about, self.lang),
            [self._named(change.about, one) for one in change.names if one],
        )
        said = self.joined(names)
        return f"{about} {said}".strip() if self.lang == "en" or not said.startswith("「") else f"{about}{said}"

    def _named(self, about: str, name: tuple[str, ...]) -> str:
        plural = {"category": "categories", "staff": "members", "community": "communities"}.get(about, f"{about}s")
        if about == "level":
            ladder = self.name("ladders", name[0])
            return self.t(f"「{ladder}」第 {name[1]} 级", f"{ladder} level {name[1]}")
        if about in {"on_call", "role", "deputy"}:
            return self.t(f"「{word(ROLES, name[0], self.lang)}」", word(ROLES, name[0], self.lang))
        if about == "staff":
            return name[0]
        said = " ".join((self.name(plural, name[0]), *name[1:]))
        return self.t(f"「{said}」", said)

    def key(self, key: str) -> str:
        """Name a key; of one that names an entry of the file itself both parts."""
        head, _, rest = key.partition(".")
        if key in KEYS or not rest:
            return word(KEYS, key, self.lang)
        return f"{word(KEYS, head, self.lang)} {word(GROUPS, rest, self.lang)}"

    def _values(self, change: Change) -> str:
        return self.values(change.key, change.before, change.after)

    def values(self, key: str, old: str | None, new: str | None) -> str:
        """Say what was and what is; of a longer list what came and what went."""
        before, after = ((text or "").split(", ") for text in (old, new))
        came, went = ([one for one in mine if one not in others] for mine, others in ((after, before), (before, after)))
        if min(len(before), len(after)) > FEW and (came or went):
            parts = [(self.t("增加", "added"), came), (self.t("去掉", "removed"), went)]
            return self.t(";", "; ").join(f"{what} {self._word(', '.join(some))}" for what, some in parts if some)
        return f"{self.value(key, old)} → {self.value(key, new)}"

    def value(self, key: str, text: str | None) -> str:
        """Say the value of a key."""
        if text is None:
            return word(YES_NO, "no", self.lang) if key.startswith("demand ") else self.t("未写", "not written")
        if key in NAMED:
            return self.name(NAMED[key], text)
        sayers = {"clocks": self._clock_names, "week": self._week, **dict.fromkeys(LENGTHS, self._length)}
        return sayers.get(key, self._word)(text)

    def _word(self, text: str) -> str:
        return self.joined(word(VALUES, one, self.lang) for one in text.split(", ")) or self.t("空", "nothing")

    def _clock_names(self, text: str) -> str:
        return self.joined(word(CLOCKS, one, self.lang) for one in text.split(", "))

    def _length(self, text: str) -> str:
        try:
            return limit_words(text, self.lang)
        except BadLimit:
            return exact(timedelta(0), self.lang)

    def _week(self, text: str) -> str:
        said = text.replace(WHOLE_WEEK, self.t("每天", "every day"))
        for at, day in enumerate(DAYS):
            said = said.replace(
                f"{day} ", self.t(f"周{word(WEEKDAYS, str(at), 'zh')} ", f"{word(WEEKDAYS, str(at), 'en')} ")
            )
        return said

    def name(self, entries: str, code: str) -> str:
        """Name an entry of either file; its names are Chinese, so English shows its code."""
        for file in self.files:
            known: Mapping[str, object] = getattr(file, entries, {})
            if code in known and self.lang == "zh":
                return str(getattr(known[code], "name", code))
        return code.replace("_", " ").capitalize() if entries == "categories" else code

    def joined(self, names: Iterable[str]) -> str:
        """Join names."""
        return self.t("、", ", ").join(names)

    def circles(self, change: Change) -> str:
        """Say whom a clock is for, or whom it leaves out, whichever is shorter; nothing when it is for all."""
        if not change.where:
            return ""
        only, but = self._estates(change.where, change.spared), self._estates(change.spared, change.where)
        if len(but) < len(only):
            return self.t(f"(除 {but} 外)", f" (all but {but})")
        return self.t(f"(仅 {only})", f" (only {only})")

    def _estates(self, circles: tuple[Circle, ...], others: tuple[Circle, ...]) -> str:
        """Name matters by community: a community alone where all of its matters are meant."""
        mixed = {one.community for one in others}
        said = [
            self.name("communities", estate) + (self._categories(found) if estate in mixed else "")
            for estate, found in groupby(circles, key=lambda one: one.community)
        ]
        whole = mixed.isdisjoint(one.community for one in circles)
        return self.joined(said) if whole else self.t(";", "; ").join(said)

    def _categories(self, circles: Iterable[Circle]) -> str:
        return self.t(":", ": ") + self.joined(self.name("categories", one.category) for one in circles)
