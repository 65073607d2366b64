"""One order on the screen: where it stands, what falls due, what happened, and what to do next."""

from collections.abc import Sequence
from datetime import datetime
from functools import partial
from typing import TYPE_CHECKING, Any

from domain.settings.community import CommunityFile
from domain.timekeeping.clocks import Clock
from domain.words import CLOCKS, word
from records.naming import MASKED, mask_contact
from starter.cli import door
from starter.cli import family as cli_family
from starter.cli.next import whole_next
from starter.cli.owner_page import manner_text, message_text, phrase
from starter.cli.screen import Screen, harmless, one_line, styled
from starter.cli.state import Opened, is_provisional
from starter.cli.table import due_marks
from starter.cli.times import countdown, offset, shown, stamp, within
from starter.telling.handling import handling_rows
from starter.telling.names import Names
from starter.telling.timeline import Entry, Teller, entries
from starter.words.glossary import CHANNELS, CLOSE_REASONS, FIELDS, KINDS, ROLES, SEVERITIES, STAGES
from starter.words.handling import NAMED

if TYPE_CHECKING:
    from rich.text import Text

    from records.read import Word

TICKS_FROM = 28
"""Columns that time and event take before what a clock did."""


class Page:
    """The parts of the page, from top to bottom."""

    def __init__(self, screen: Screen, file: CommunityFile, opened: Opened) -> None:
        self.screen, self.opened, self.row = screen, opened, opened.file.row
        self.t, self.lang = screen.t, screen.lang
        self.now, self.zone = door.now(), door.zone_of(file, self.row.community)
        self.names = Names(file, screen.lang)
        self.teller = Teller(self.names, partial(shown, zone=self.zone, now=self.now, lang=screen.lang))
        self.said = {word.id: word for word in (opened.words.texts if opened.words else ())}

    def lines(self) -> list[Any]:
        """Return the whole page."""
        told = [
            *self.header(),
            *self.clocks(),
            *self.family(),
            *self.timeline(),
            *self.contacts(),
            *self.notices(),
            *self.deeds(),
        ]
        return [*told, *self.owner(), *self.footer()]

    def in_row(self, at: datetime) -> Teller:
        """Return who tells a row of an instant: what is read a week later still says the same."""
        return Teller(self.names, partial(within, zone=self.zone, row=at, lang=self.lang))

    def header(self) -> list[Any]:
        """Return number, matter, stage and persons."""
        row, t, lang = self.row, self.t, self.lang
        place = self.names.file.communities[row.community].name if lang == "zh" else row.community
        what = [
            place,
            self.names.category(row.category),
            word(KINDS, row.kind, lang),
            word(SEVERITIES, row.severity, lang),
        ]
        stage = (
            word(STAGES, row.stage, lang)
            if row.seq
            else t("待启动(流程将自动启动)", "not started yet (starts by itself)")
        )
        if row.close_reason:
            stage += f"({word(CLOSE_REASONS, row.close_reason, lang)})"
        holder = self.names.person(row.assignee) if row.assignee else "—"
        if row.assignee and not self.opened.order.accepted:
            holder += t("(未接单)", " (not accepted)")
        if row.receiver:
            to = self.names.person(row.receiver)
            holder += t(f"(已转 {to},待其接单)", f" (handed to {to}, not accepted)")
        first = self.names.person(row.first_contact) if row.first_contact else "—"
        heard = f"{stamp(row.received_at, self.zone, self.now)} {word(CHANNELS, row.channel, lang)}"
        turn = t(f"第 {row.generation} 轮 · 版本 {row.version}", f"generation {row.generation} · version {row.version}")
        return [
            styled(f"{self._called()} {door.number(row.order_id)}", "bold").append("  " + " · ".join(what)),
            styled(f"{t('环节', 'stage')} {stage}   {t('经办', 'assignee')} {holder}").append(
                f"   {t('首问', 'first contact')} {first}"
            ),
            styled(f"{t('受理', 'received')} {heard} · {turn} · {offset(self.zone, self.now)}", "dim"),
            *self.lost(),
        ]

    def _called(self) -> str:
        return self.t("群发事件", "Incident") if self.opened.order.members else self.t("工单", "Work order")

    def family(self) -> list[Any]:
        """Return an incident's children and what it speaks of for them; of a child its incident (ESC-13)."""
        order, family = self.opened.order, self.opened.family
        if family is None:
            return [styled(words, "cyan") for words in cli_family.belongs(self.screen, order)]
        told: list[Any] = []
        for head, rows in cli_family.parts(self.screen, order, family):
            grid = grid_of(3)
            for row in rows:
                grid.add_row(*row)
            told += [styled(""), styled(head, "bold"), grid]
        return told

    def lost(self) -> "list[Text]":
        """Say what nothing brings back, where tables and keys were lost and the order was rebuilt (OPS-09)."""
        zh = "报事人姓名、联系方式与受理时的原话已遗失,只有数据库备份中可能还有"
        en = "name, contacts and words of the reception are lost; only a backup may hold them"
        return [styled(self.t(zh, en), "yellow")] if self.opened.file.words_lost else []

    def clocks(self) -> list[Any]:
        """Return the clocks that run or stand still, what falls due first, first; then what they wait for."""
        order = self.opened.order
        running = sorted(order.running, key=order.due)
        if not running:
            return self.waits()
        grid = grid_of(3)
        for clock in running:
            due = order.due(clock)
            at = self.t("最迟 ", "latest ") * clock.suspended + shown(due, self.zone, self.now, self.lang)
            grid.add_row(styled(f"  {word(CLOCKS, clock.name, self.lang)}"), styled(at), self._left(clock, due))
        return [styled(""), styled(self.t("时限", "Limits"), "bold"), grid, *self.waits()]

    def _left(self, clock: Clock, due: datetime) -> "Text":
        """Say how long it is until a due, how far the ladder is, and whether it stands still or may still move."""
        level = max((fired.level for fired in clock.fired), default=0)
        said = [countdown(due, self.now, self.lang)]
        said += [self.t(f"已升级 {level} 级", f"level {level}")] if level else []
        said += [self.t("已免责", "excused")] if clock.excused else []
        marks = due_marks(self.screen, suspended=clock.suspended, provisional=is_provisional(self.opened.order, clock))
        style = "cyan" if clock.suspended else "bold red" if due < self.now else ""
        return styled(" · ".join([*said, *marks]), style)

    def waits(self) -> list[Any]:
        """Return why clocks stand still and until when, which pause waits for approval, and how far the plan is."""
        order, t, grid = self.opened.order, self.t, grid_of(2)
        if order.pause is not None:
            why = self.names.pause_reason(order.pause.reason)
            ends = self.teller.pause_ends(order.pause.expected_end_at, order.pause.cap_at)
            grid.add_row(styled(f"  {t('暂停', 'paused')}", "cyan"), styled(f"{why} · {ends}"))
        if (asked := order.open_request) is not None:
            why, role = self.names.pause_reason(asked.reason), word(ROLES, asked.approver, self.lang)
            waits = t(f"待{role}批准", f"waits for the {role}")
            grid.add_row(styled(f"  {t('申请暂停', 'pause asked for')}", "cyan"), styled(f"{why} · {waits}"))
        if order.plan is not None and not order.plan.signed_off:
            on, done = self.names.weekday(order.plan.on), order.plan.done
            state = t("待业主验收", "waits for the owner's sign-off") if done else t("未完成", "not done yet")
            by = t(f"{on}前完成", f"to be done by {on}")
            grid.add_row(styled(f"  {t('整改方案', 'plan')}", "cyan"), styled(f"{by} · {state}"))
        for name, told in handling_rows(self.teller, order):
            grid.add_row(styled(f"  {name}", "cyan"), styled(told))
        return [grid] if grid.row_count else []

    def timeline(self) -> list[Any]:
        """Return what happened, oldest first."""
        lines: list[Any] = [styled(""), styled(self.t("经过", "What happened"), "bold")]
        grid = grid_of(3)
        for entry in entries(self.opened.file.events):
            self._entry(grid, entry)
        if not self.opened.file.events:
            return [
                *lines,
                styled("  " + self.t("流程尚未启动,时限已在计。", "The process has not begun; its clocks run."), "dim"),
            ]
        return [*lines, grid]

    def _entry(self, grid: Any, entry: Entry) -> None:
        style = ("red" if entry.type == "clock_breached" else "yellow") if entry.alarm else ""
        at = styled("  " + stamp(entry.at, self.zone, self.now), style or "dim")
        teller = self.in_row(entry.at)
        detail = styled(teller.detail(entry), style)
        silent = entry.alarm or entry.actor in {"system", entry.facts.get("first_contact")}
        by = "" if silent else self.names.person(entry.actor)
        aside = " · ".join(part for part in (by, teller.late(entry)) if part)
        detail.append(("  " if detail.plain else "") + aside, style="dim")
        grid.add_row(at, styled(teller.event(entry), style or "bold"), detail)
        for said in self._words(entry):
            grid.add_row("", "", said)
        if entry.ticks:
            for line in wrapped(teller.ticks(entry.ticks), self.screen.console.width - TICKS_FROM):
                grid.add_row("", "", styled(line, "dim"))

    def _words(self, entry: Entry) -> "list[Text]":
        """Return what was said with an event, if it may be shown."""
        if self.opened.words is None:
            return []
        return [styled(self._quoted(self.said.get(one)), "cyan") for one in entry.words]

    def _quoted(self, said: "Word | None") -> str:
        """Quote words, by name where an event says several; erased and lost ones told apart."""
        if said is None:
            return self.t("(已遗失)", "(lost)")
        if said.words is None:
            return self.t("(已删除)", "(erased)")
        name = word(NAMED, said.field, self.lang) if said.field in NAMED else ""
        return f"{name}「{harmless(said.words)}」"

    def contacts(self) -> list[Any]:
        """Return who reported it, masked unless a reason was given; and words that no event carries."""
        words = self.opened.words
        if words is None:
            return []
        grid = grid_of(2)
        for contact in words.contacts:
            shown_as = contact.words if self.opened.plain else mask_contact(contact.field, contact.words)
            grid.add_row(
                styled(f"  {word(FIELDS, contact.field, self.lang)}", "dim"), styled(one_line(shown_as or MASKED))
            )
        carried = {one for entry in entries(self.opened.file.events) for one in entry.words}
        for text in words.texts:
            if text.id not in carried:
                name = word(FIELDS, text.field, self.lang)
                grid.add_row(styled(f"  {name}", "dim"), styled(harmless(text.words or MASKED), "cyan"))
        head = styled(self.t("报事人", "Reporter"), "bold").append(
            self.t("  查阅已留痕", "  this reading is on record"), "dim"
        )
        return [styled(""), head, grid] if grid.row_count else []

    def notices(self) -> list[Any]:
        """Return the messages that were sent."""
        if not self.opened.notices:
            return []
        grid = grid_of(2)
        for row in self.opened.notices:
            at, told = stamp(row.created_at, self.zone, self.now), self.in_row(row.created_at).notice(row)
            grid.add_row(styled("  " + at, "dim"), styled(told))
        return [styled(""), styled(self.t("通知", "Messages"), "bold"), grid]

    def deeds(self) -> list[Any]:
        """Return what ladders have done beside telling somebody (ESC-06)."""
        if not self.opened.deeds:
            return []
        grid = grid_of(2)
        for deed in self.opened.deeds:
            at = stamp(deed.done_at or deed.created_at or self.now, self.zone, self.now)
            grid.add_row(styled("  " + at, "dim"), styled(self.teller.deed(deed)))
        return [styled(""), styled(self.t("升级动作", "Done by ladders"), "bold"), grid]

    def owner(self) -> list[Any]:
        """Return how to speak with the owner, and what was sent to him (FBK-02…05)."""
        owner, t, grid = self.opened.owner, self.t, grid_of(2)
        if self.row.closed_at is None:
            grid.add_row(
                styled(f"  {t('沟通方式', 'how to reach')}", "cyan"), styled(manner_text(owner.manner, self.lang))
            )
            example = phrase(self.opened.order, owner.manner, self.now, self.lang)
            if example:
                grid.add_row(styled(f"  {t('通俗说法', 'in plain words')}", "cyan"), styled(example))
        for message, tries in owner.sent:
            at = stamp(message.created_at or message.due_at, self.zone, self.now)
            told = message_text(message, tries, self.teller.clock, self.lang)
            grid.add_row(styled("  " + at, "dim"), styled(told))
        return [styled(""), styled(t("业主", "Owner"), "bold"), grid] if grid.row_count else []

    def footer(self) -> list[Any]:
        """Return what to do next, and how to see the words."""
        order = self.opened.order
        queued = self.opened.owner.result_queued
        lines = [styled(""), *whole_next(self.screen, self.names.file, self.row, order, queued=queued)]
        if self.opened.words is None:
            who = self.t("员工编号", "STAFF")
            return [
                *lines,
                styled(
                    self.t("文字与联系方式已隐藏;查阅会留痕:", "Words and contacts are hidden; a reading is kept:"),
                    "dim",
                ),
                styled(f"  huiyin show {door.number(self.row.order_id)} --words --as {who}", "dim"),
            ]
        return lines


def wrapped(parts: Sequence[str], width: int) -> list[str]:
    """Put short parts into lines that fit, none of them torn apart."""
    from rich.cells import cell_len  # noqa: PLC0415 - rich is slow to import

    lines: list[str] = []
    for part in parts:
        longer = f"{lines[-1]} · {part}" if lines else part
        if lines and cell_len(longer) <= width:
            lines[-1] = longer
        else:
            lines.append(part)
    return lines


def grid_of(columns: int, *, whole: int | None = None) -> Any:
    """Return an empty grid; of its columns the first `whole`, else all but the last, are never broken."""
    from rich.table import Table  # noqa: PLC0415 - rich is slow to import

    grid = Table.grid(padding=(0, 2, 0, 0))
    for column in range(columns):
        grid.add_column(no_wrap=column < (columns - 1 if whole is None else whole), overflow="fold")
    return grid
