"""The sum of one deadline in words: each stretch that counted, each day and pause that did not (CLK-30)."""

from collections.abc import Sequence
from datetime import date, datetime, timedelta
from itertools import groupby
from typing import TYPE_CHECKING, Any

from domain.audit import read_instant
from domain.timekeeping.calendars import Segment
from domain.timekeeping.explaining import Step, Stood
from domain.words import word
from starter.cli.explain_head import Head
from starter.cli.page import grid_of, wrapped
from starter.cli.screen import styled
from starter.cli.table import due_marks
from starter.closed_days import ClosedRun, closed_runs
from starter.explained import adds_up, carried, length, ran_and_rest
from starter.lengths import day_count, exact
from starter.words.glossary import EVENTS, ROLES, SEVERITIES
from starter.words.holidays import holiday
from starter.words.times import DAY_KINDS, PLANNED_ACTIONS

if TYPE_CHECKING:
    from rich.text import Text

NARROW = 72
"""Below so many columns what belongs to an instant stands on a line of its own."""


class Sum(Head):
    """The whole page, from top to bottom."""

    def lines(self, order_id: str) -> list[Any]:
        """Return every part of it."""
        parts = (self.head(order_id), self.drawn(), self.basis(), self.moved(order_id), self.counted(), self.closed())
        return [line for part in (*parts, self.paused(), self.alarms()) for line in part]

    # ---- the sum

    def counted(self) -> list[Any]:
        """Return each stretch that counted, by day, and that they are the limit exactly."""
        told, clock, t = self.told, self.clock, self.t
        lines = self.title("计入的时间", "What counted")
        if clock.counted_from not in {None, clock.started_at}:
            since, before = self.zoned.at(clock.counted_from or self.now), exact(clock.earlier, self.lang)
            zh = f"规则改变,自 {since} 起重新计;此前已用 {before},不在其内"
            en = f"Counted anew from {since} under other terms; {before} used before are not in it"
            lines.append(styled(f"  {t(zh, en)}", "yellow"))
        grid = grid_of(3, whole=1)
        ran, rest = (told.parts, []) if clock.running else ran_and_rest(told)
        for some, ahead in ((ran, ""), (rest, t("  如未停止,将计", "  would have counted"))):
            for day, parts in groupby(some, key=lambda part: part.start.astimezone(self.zone).date()):
                grid.add_row(*self.day(day, list(parts), ahead))
        return [*lines, grid, self.total(rest)]

    def day(self, on: date, parts: Sequence[Segment], ahead: str) -> "tuple[Text, Text, Text]":
        """Say the stretches of one day, how long they are together, and whether they are still to count."""
        why = self.t("、", ", ").join(dict.fromkeys(holiday(part.name, self.lang) for part in parts if part.name))
        said = styled(exact(length(parts), self.lang)).append(f"  {why}" if why else "", "cyan")
        said.append(ahead or self.ahead(parts), "dim")
        return styled(f"  {self.zoned.day(on)}"), styled(self.hours(parts)), said

    def ahead(self, parts: Sequence[Segment]) -> str:
        """Say of stretches that lie ahead, while the clock is owed, that they are still to count."""
        to_come = self.clock.running and self.clock.breached_at is None and parts[0].start >= self.now
        return self.t("  将计", "  to come") if to_come else ""

    def hours(self, parts: Sequence[Segment]) -> str:
        """Say the stretches of one day."""
        return ", ".join(f"{self.zoned.time(part.start)}–{self.ends(part)}" for part in parts)

    def ends(self, part: Segment) -> str:
        """Say the end of a stretch; one of another day with its date."""
        start, end = (at.astimezone(self.zone) for at in (part.start, part.end))
        if end.date() == start.date():
            return self.zoned.time(part.end)
        if end.date() == start.date() + timedelta(days=1) and not any((end.hour, end.minute, end.second)):
            return "24:00" if not end.microsecond else self.zoned.at(part.end)
        return self.zoned.at(part.end)

    def total(self, rest: Sequence[Segment]) -> "Text":
        """Add up, and say so; of a clock that was stopped before its limit what ran and what did not (`rest`)."""
        told, t = self.told, self.t
        unused = length(rest)
        said = t("已用 ", "used ") if unused else t("合计 ", "sum ")
        said += exact(told.counted - unused, self.lang)
        said += t(" + 未用 ", " + unused ") + exact(unused, self.lang) if unused else ""
        before = carried(self.clock)
        said += t(" + 上一轮已用 ", " + used before ") + exact(before, self.lang) if before else ""
        limit = t("时限 ", "the limit ") + exact(self.clock.budget, self.lang)
        sums = adds_up(told)
        style = "bold green" if sums else "bold red"
        return styled(f"  {said} {'=' if sums else '≠'} {limit} {'✓' if sums else '✗'}", style)

    # ---- what moved it

    def moved(self, order_id: str) -> list[Any]:
        """Return each move of the due: when, by what, by whom, from when to when (CLK-24, CLK-31)."""
        lines = self.title("时限变更", "What moved it") if self.moves else []
        for move in self.moves:
            dues = (self.when(read_instant(move.facts[name])) for name in ("before_due_at", "due_at"))
            what = word(EVENTS, f"work_order.{move.type}", self.lang)
            to = f"{self.names.category(move.said['category'])} {word(SEVERITIES, move.said['severity'], self.lang)}"
            rules = self.t(f"配置 {move.said['policy_version']}", f"settings {move.said['policy_version']}")
            head = [self.when(move.at), what, to, rules, self.names.person(move.actor)]
            marks = self.may_move(provisional=bool(move.facts.get("provisional")))
            lines += self.indented(wrapped(head, self.width))
            lines.append(styled(" ".join(["    ", " → ".join(dues), *marks]), "cyan"))
        why = self.t("变更理由:", "the reasons given: ") + self.words_of(order_id)
        return [*lines, styled(f"  {why}", "dim")] if lines else []

    # ---- what did not count

    def closed(self) -> list[Any]:
        """Return closed days: holidays by name, each run on a line; plain ones together (CAL-07, CAL-08)."""
        runs = closed_runs(self.told.closures)
        if not runs:
            return []
        grid = grid_of(2)
        for run in (run for run in runs if run.name):
            grid.add_row(styled(f"  {self.span(run)}"), styled(run.said(self.lang)))
        plain = [run for run in runs if not run.name]
        lines = [*self.title("不计的日子", "Days that did not count"), *([grid] if grid.row_count else [])]
        if plain:
            days = sum(run.days for run in plain)
            said = [self.span(run) for run in plain]
            many = day_count(days, self.lang)
            never = word(DAY_KINDS, "weekday", self.lang)
            first = self.t(f"{never} {many}:{said[0]}", f"{never}, {many}: {said[0]}")
            lines += self.indented(wrapped([first, *said[1:]], self.width))
        return lines

    def span(self, run: ClosedRun) -> str:
        """Say from when to when."""
        first, last = (self.zoned.dated(on) for on in (run.first, run.last))
        return first if run.first == run.last else f"{first}…{last}"

    def paused(self) -> list[Any]:
        """Return each pause with its reason and the open time that was not counted (CLK-19)."""
        if not self.told.stands:
            return []
        grid, lines = grid_of(2), self.title("暂停", "Pauses")
        for stood in self.told.stands:
            when, what = self.stretch(stood), self.reason(stood)
            if self.screen.console.width < NARROW:
                lines += [styled(f"  {when}"), self.below(what)]
            else:
                grid.add_row(styled(f"  {when}"), styled(what, "cyan"))
        return [*lines, grid] if grid.row_count else lines

    def below(self, what: str) -> Any:
        """Set a text in below its line, further lines of it too."""
        grid = grid_of(2)
        grid.add_row("  ", styled(what, "cyan"))
        return grid

    def stretch(self, stood: Stood) -> str:
        """Say from when to when a pause was, or till when it may last."""
        since, cap = self.when(stood.since), self.clock.held_until
        if stood.until is not None:
            return f"{since} – {self.when(stood.until)}"
        until = self.when(cap) if cap else ""
        return self.t(f"{since} 起,最迟到 {until}", f"{since} – {until} at the latest")

    def reason(self, stood: Stood) -> str:
        """Say why, and how much open time of the calendar was not counted."""
        why, spent = self.names.pause_reason(stood.reason), exact(stood.open_time, self.lang)
        so_far = stood.until is None
        zh = f"{why} · 开放时间{'至今' * so_far} {spent} 未计"
        return self.t(zh, f"{why} · {spent} of open time not counted{' so far' * so_far}")

    # ---- what follows

    def alarms(self) -> list[Any]:
        """Return warnings and levels: when, to whom, and what became of them."""
        grid = grid_of(3, whole=2)
        for warned in self.told.warnings:
            what = self.t(f"预警 {warned.percent}%", f"warning {warned.percent}%")
            state = self.t("已预警", "given") if warned.given else self.to_come(warned.at)
            said = " · ".join([state, *self.may_move(provisional=warned.provisional and not warned.given)])
            grid.add_row(styled(f"  {what}"), styled(self.when(warned.at)), styled(said, "dim"))
        for step in self.told.steps:
            if self.clock.running or step.fired:
                grid.add_row(*self.level(step))
        return [*self.title("预警与升级", "Warnings and escalations"), grid] if grid.row_count else []

    def level(self, step: Step) -> "tuple[Text, Text, Text]":
        """Say one level of the ladder."""
        t, role = self.t, word(ROLES, step.role, self.lang)
        what = t(f"第 {step.level} 级 {role}", f"level {step.level} {role}")
        state = word(PLANNED_ACTIONS, step.action, self.lang) if not step.fired else t("已触发", "fired")
        state += t(" · 已确认", " · acknowledged") * step.acknowledged
        state = " · ".join([state, *self.may_move(provisional=step.provisional and not step.fired)])
        return (
            styled(f"  {what}"),
            styled(self.when(step.planned_at)),
            styled(state, "red" if step.fired else "dim"),
        )

    def may_move(self, *, provisional: bool) -> list[str]:
        """Say of an instant to come that it lies beyond the confirmed holiday data (CAL-11)."""
        return due_marks(self.screen, suspended=False, provisional=provisional)

    def when(self, at: datetime) -> str:
        """Show an instant that no sum depends on to the minute."""
        return self.zoned.short(at) if self.screen.console.width < NARROW else self.zoned.minute(at)

    def to_come(self, at: datetime) -> str:
        """Say of a warning that was not given whether it still comes."""
        return self.t("未到", "to come") if self.clock.running and at >= self.now else self.t("未发生", "did not come")
