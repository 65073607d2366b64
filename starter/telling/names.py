"""What settings and codes name, in words: persons by position, categories, teams and reasons for a pause."""

from datetime import date

from domain.settings.community import CommunityFile
from domain.words import word
from starter.actor import staff_id
from starter.words.glossary import ROLES
from starter.words.times import PAUSE_REASONS, WEEKDAYS


class Names:
    """Words for what settings and codes name, in one language."""

    def __init__(self, file: CommunityFile, lang: str, *, whole: bool = True) -> None:
        self.file = file
        self.lang = lang
        self.whole = whole  # else persons by their number alone

    def t(self, zh: str, en: str) -> str:
        """Choose the language."""
        return zh if self.lang == "zh" else en

    def category(self, code: str) -> str:
        """Name a category; the catalogue's names are Chinese, so English shows its code in words."""
        entry = self.file.categories.get(code)
        return entry.name if entry and self.lang == "zh" else code.replace("_", " ").capitalize()

    def team(self, code: str) -> str:
        """Name a team."""
        entry = self.file.teams.get(code)
        return entry.name if entry and self.lang == "zh" else code

    def pause_reason(self, code: str) -> str:
        """Name a pause reason as the settings do; in English, or when they do not know it any more, as the glossary."""
        entry = next((one for one in self.file.pause_reason if one.code == code), None)
        return entry.name if entry and self.lang == "zh" else word(PAUSE_REASONS, code, self.lang)

    def weekday(self, on: date) -> str:
        """Show a civil date with its day of the week."""
        day = word(WEEKDAYS, str(on.weekday()), self.lang)
        return f"{on} 周{day}" if self.lang == "zh" else f"{day} {on}"

    def person(self, actor: str | None) -> str:
        """Name a person by position, never by name: S09 水工, 业主, 系统."""
        if actor is None:
            return self.t("无", "nobody")
        if not actor.startswith("usr_"):
            return self.t("业主", "owner") if actor.startswith("resident:") else self.t("系统", "system")
        entry = self.file.members.get(staff_id(actor))
        if entry is None or not self.whole:
            return staff_id(actor)
        return f"{entry.id} {entry.title if self.lang == 'zh' else word(ROLES, entry.position, self.lang)}"
