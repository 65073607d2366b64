"""The head of an explained deadline: what it is, as a bar, and what it rests on (CLK-08, CLK-30, CLK-31)."""

from collections.abc import Iterator, Sequence
from datetime import datetime, timedelta
from typing import TYPE_CHECKING, Any

from domain.timekeeping.explaining import Explanation
from domain.words import CLOCKS, word
from starter.cli.bar import bar, now_at, pointer, sign
from starter.cli.door import number
from starter.cli.page import grid_of, wrapped
from starter.cli.screen import Screen, styled
from starter.cli.table import due_marks
from starter.cli.times import countdown, offset
from starter.cli.zoned import Zoned
from starter.explained import pieces, state_of
from starter.lengths import exact, limit_words, rounded
from starter.settled import By, Past
from starter.telling.names import Names
from starter.words.glossary import COMMANDS, ROLES
from starter.words.times import OUTCOMES_OF_CLOCKS, SOURCES, STATES

if TYPE_CHECKING:
    from rich.text import Text

BAR = 60
"""A bar is at most so many cells wide: eyes follow it better."""
INDENT = 2
NOTHING_YET = Past()


class Head:
    """What a deadline is, as a bar, and what it rests on; times are those of the calendar that counts."""

    def __init__(
        self,
        screen: Screen,
        names: Names,
        told: Explanation,
        now: datetime,
        who: Sequence[str],
        past: Past = NOTHING_YET,
    ) -> None:
        self.screen, self.names, self.told, self.now, self.who = screen, names, told, now, who
        self.moves, self.became = past
        self.t, self.lang, self.clock = screen.t, screen.lang, told.clock
        self.zone = told.calendar.zone
        instants = (self.clock.started_at, told.due_at, *(step.planned_at for step in told.steps))
        self.zoned = Zoned(self.zone, now, screen.lang, *instants)
        self.width = min(screen.console.width, 100) - INDENT

    # ---- what it is

    def head(self, order_id: str) -> list[Any]:
        """Return clock, state, who answers, start and due."""
        t, clock = self.t, self.clock
        which = [t(f"第 {clock.generation} 轮", f"generation {clock.generation}")] * (clock.generation > 1)
        which += [t(f"第 {clock.turn} 次", f"turn {clock.turn}")] * (clock.turn > 1)
        which += [word(COMMANDS, clock.act, self.lang)] if clock.act else []
        name = word(CLOCKS, clock.name, self.lang)
        title = styled(t(f"工单 {number(order_id)} · {name}时限", f"Work order {number(order_id)} · {name}"), "bold")
        title.append("".join(f" · {one}" for one in which)).append(f"  {self.state()}", self.style())
        role = word(ROLES, self.told.accountable, self.lang)
        who = self.t("、", ", ").join(self.who)
        rows = [
            (t("责任", "answers"), f"{role}:{who}" if self.lang == "zh" and who else f"{role} {who}".rstrip()),
            (t("开始", "start"), self.zoned.at(clock.started_at)),
            (t("时限", "limit"), self.limit()),
            (t("到期", "due"), self.due()),
            *self.settled(order_id),
        ]
        return [title, *_pairs(rows)]

    def settled(self, order_id: str) -> Iterator[tuple[str, str]]:
        """Say who ended the clock, who excused its breach, and where the reason can be read."""
        t, ended, excused = self.t, self.became.ended, self.became.excused
        if ended is not None:
            yield t("了结", "ended"), f"{self.zoned.at(ended.at)}  {self.names.person(ended.actor)}"
            yield from self.late(ended)
        if excused is not None:
            by = f"{self.zoned.at(excused.at)}  {self.names.person(excused.actor)}"
            yield t("免责", "excused"), by
            yield "", t("原因:", "why: ") + self.words_of(order_id)

    def words_of(self, order_id: str) -> str:
        """Name the command that shows what was said; it keeps a record of the reader."""
        return f"huiyin show {number(order_id)} --words --as {self.t('员工编号', 'STAFF')}"

    def late(self, ended: By) -> Iterator[tuple[str, str]]:
        """Say why a duty that was done in time is breached: it was typed after its due had been recorded as missed."""
        missed = self.clock.breached_at
        if missed is None or ended.at > missed:
            return
        due, typed = self.zoned.short(missed), self.zoned.short(ended.recorded_at)
        zh = f"{due} 到期时尚无记录,已记超时;{typed} 才补录"
        en = f"nothing was recorded by {due}, so the breach stands; typed at {typed}"
        yield self.t("补录", "typed late"), self.t(zh, en)

    def state(self) -> str:
        """Say how the clock stands."""
        ended = word(OUTCOMES_OF_CLOCKS, self.clock.outcome, self.lang)
        said = ended or word(STATES, state_of(self.told), self.lang)
        return said + self.t("(已免责)", " (excused)") * self.clock.excused

    def style(self) -> str:
        """Choose how the state looks."""
        return {"breached": "bold red", "suspended": "cyan", "running": "green"}.get(state_of(self.told), "bold")

    def limit(self) -> str:
        """Say the limit as it is written, and how much open time it is."""
        said = limit_words(self.told.limit, self.lang)
        open_time = exact(self.clock.budget, self.lang)
        return said if said == open_time else f"{said} = {open_time}"

    def due(self) -> str:
        """Say the due; of a clock that stands still the latest it can become."""
        at = self.t("最迟 ", "latest ") * self.clock.suspended + self.zoned.at(self.told.due_at)
        left = [countdown(self.told.due_at, self.now, self.lang)] if self.clock.running else []
        marks = due_marks(self.screen, suspended=False, provisional=self.told.provisional)
        return "  ".join([at, *left, *marks])

    # ---- the bar

    def drawn(self) -> list[Any]:
        """Return the bar, what points at now, and what the signs mean."""
        found, width = pieces(self.told), min(self.width, BAR)
        lines = [styled(""), styled(" " * INDENT).append_text(bar(self.screen, found, width))]
        if self.clock.running:
            now = self.t("现在 ", "now ") + self.zoned.short(self.now)
            at = pointer(self.screen, now_at(found, width), width, now)
            lines.append(styled(" " * INDENT).append_text(at))
        return [*lines, *self.indented(wrapped(list(self.legend()), self.width))]

    def legend(self) -> Iterator[str]:
        """Say what each sign of the bar stands for, and how long it was."""
        told, t = self.told, self.t
        lengths = {piece.kind: timedelta() for piece in pieces(told)}
        for piece in pieces(told):
            lengths[piece.kind] += piece.length
        said = {
            "used": t("已用", "used"),
            "paused": t("暂停", "paused"),
            "left": t("剩余", "left") if self.clock.running else t("未用", "unused"),
            "over": t("超出", "over"),
        }
        for kind, length in lengths.items():
            yield f"{sign(self.screen, kind)} {said[kind]} {rounded(length, self.lang)}"
        yield f"{sign(self.screen, 'due')} {t('到期', 'due')} {self.zoned.short(told.due_at)}"

    # ---- what it rests on

    def basis(self) -> list[Any]:
        """Return the place that gave the limit, the calendar, and the versions of both (CLK-08, CLK-31)."""
        told, t, file = self.told, self.t, self.names.file
        row = told.terms.clock(self.clock.name)
        own = told.terms.calendar_of(row) if row else None
        entry = file.calendars.get(own.id) if own else None
        policy = file.policies.get(told.terms.policy)
        called = f"「{policy.name}」" if policy and self.lang == "zh" else f" {told.terms.policy}"
        where = word(SOURCES, told.source, self.lang)
        where += called if told.source == "policy" else ""
        calendar = f"{entry.name} {own.id}" if entry and own and self.lang == "zh" else own.id if own else ""
        version = t(f"版本 {told.calendar_version}", f"version {told.calendar_version}")
        runs_on = t(" · 昼夜连续计", " · counts every second") if self.clock.elapsed else ""
        rules = t(f"配置 {told.terms.version}", f"settings {told.terms.version}")
        rows = [
            (t("时限来自", "limit from"), f"{where} · {told.limit} · {rules}"),
            (t("日历", "calendar"), f"{calendar} · {version}{runs_on}"),
            (t("时区", "zone"), f"{self.zone.key} {offset(self.zone, self.clock.started_at)}"),
            (t("条款摘要", "terms"), self.clock.terms_digest[:16]),
        ]
        return [*self.title("依据", "What it rests on"), *_pairs(rows)]

    # ---- how parts are laid out

    def title(self, zh: str, en: str) -> list[Any]:
        """Begin a part of the page."""
        return [styled(""), styled(self.t(zh, en), "bold")]

    def indented(self, lines: Sequence[str]) -> "list[Text]":
        """Set lines in."""
        return [styled(" " * INDENT + line) for line in lines]


def _pairs(rows: Sequence[tuple[str, str]]) -> list[Any]:
    grid = grid_of(2)
    for name, said in rows:
        grid.add_row(styled(f"  {name}", "dim"), styled(said))
    return [grid]
