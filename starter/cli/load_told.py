"""What a load changes, in words or as JSON: people in and out, shifts moved; rooms and residents of a ledger."""

import shlex
from collections import Counter
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from domain.settings.house_ledger import Line
from domain.words import word
from records.ledger import Plan
from records.naming import mask_name, mask_phone
from starter.cli.load_changes import changed_lines, table_name
from starter.cli.screen import Screen, hanging, styled
from starter.community_file import facts as fault_facts
from starter.community_file import remedy, sentence
from starter.ledger_loading import LedgerLoad
from starter.loading import Loading
from starter.policy.examined import Examined
from starter.words.ledger import CHOICES, REASONS, column_name

FIRST_LINES = 5


def show_settings(screen: Screen, told: Loading, found: Examined, path: Path, *, dry_run: bool) -> None:
    """Say which version is in force, what differs from the one before, and what is to be mended in the file."""
    version, t = told.version, screen.t
    facts = {"number": version.number, "digest": version.digest, "roster": version.roster} if version else {}
    plans = {plan.community: plan.counts for plan in told.residents}
    changed = [{**one._asdict(), "fields": [field._asdict() for field in one.fields]} for one in told.changes]
    for one in changed:
        del one["entry"]  # names and numbers of staff
    screen.document(
        {
            "dry_run": dry_run,
            "new": told.new,
            "version": facts or None,
            "changes": changed,
            "residents": plans,
            "contradictions": len(found.contradictions),
            "warnings": [fault_facts(one, screen.lang) for one in found.lapses],
        }
    )
    if dry_run:
        head = t("已检查(未作改动)", "Checked (nothing changed)")
    elif told.new and version:
        head = t(f"已载入,第 {version.number} 版即时生效", f"Loaded: version {version.number} is in force")
    else:
        head = t("配置与现行版本相同", "The settings are those in force")
    screen.show(styled(head, "bold"))
    if told.before is None:
        screen.show(styled(f"  {_counted(told, screen)}"))
    else:
        screen.show(*changed_lines(told, screen))
    screen.show(*(styled(f"  {_residents(plan, screen)}") for plan in told.residents if not plan.empty))
    screen.show(*_to_mend(screen, found, path))


def _to_mend(screen: Screen, found: Examined, path: Path) -> Iterator[Any]:
    """Say how much contradicts itself and where to see it, and which holiday data end soon (CAL-11)."""
    if many := len(found.contradictions):
        see = f"huiyin policy check {shlex.quote(str(path))}"
        said = screen.t(f"有 {many} 处矛盾,详见 {see}", f"contradictions: {many}; see {see}")
        yield hanging("!", styled(said, "yellow"))
    for one in found.lapses:
        yield hanging("!", styled(sentence(one.fault, screen.lang), "yellow"))
        yield hanging("→", styled(remedy(one.fault, screen.lang)))


def _counted(told: Loading, screen: Screen) -> str:
    """Count what a first version holds: 小区 3 · 人员 31."""
    counts = Counter(one.table for one in told.changes if one.key)
    first = [one for one in ("community", "staff", "team", "shift", "absence", "category") if counts[one]]
    said = " · ".join(f"{table_name(one, screen.lang)} {counts[one]}" for one in first)
    return screen.t(f"首次载入:{said}", f"The first version: {said}")


def _residents(plan: Plan, screen: Screen) -> str:
    """Say what a ledger changes: 新房间 3 · 新住户 5 · 变更 1 · 迁出 1 · 已有 90."""
    counts = plan.counts
    zh = "新房间 {rooms} · 新住户 {added} · 变更 {changed} · 迁出 {removed} · 已有 {unchanged}"
    en = "rooms new {rooms} · residents new {added}, changed {changed}, moved out {removed}, known {unchanged}"
    return f"{plan.community}  {screen.t(zh, en).format(**counts)}"


def show_ledger(screen: Screen, work: LedgerLoad, rejects: Path | None, *, dry_run: bool) -> None:
    """Say what became of the lines of a ledger; before anything is done also how the first ones are understood."""
    reasons = Counter(unfit.reason for _, unfit in work.rejected)
    facts = {"dry_run": dry_run, "community": work.estate.id, "lines": len(work.lines) + len(work.rejected)}
    where = {"rejected": dict(reasons), "rejects_file": str(rejects) if rejects else None}
    screen.document({**facts, **work.plan.counts, **where})
    if screen.json:
        return
    t = screen.t
    head = t("已检查(未作改动)", "Checked (nothing changed)") if dry_run else t("台账已载入", "The ledger is loaded")
    screen.show(styled(f"{head} · {work.estate.name}", "bold"))
    screen.show(styled(t(f"  共 {facts['lines']} 行", f"  {facts['lines']} lines")))
    screen.show(styled(f"  {_residents(work.plan, screen)}"))
    screen.show(styled(t(f"  拒收 {len(work.rejected)}", f"  {len(work.rejected)} rejected")))
    if dry_run:
        screen.show(*(styled(f"    {_preview(one, screen)}", "dim") for one in work.lines[:FIRST_LINES]))
    screen.show(*(styled(f"    {line}") for line in _why_not(work, screen)))
    if rejects is not None:
        screen.show(styled(t(f"  明细:{rejects}", f"  See {rejects}"), "dim"))


def _why_not(work: LedgerLoad, screen: Screen) -> Iterator[str]:
    """Say the first rejects with line, field, reason and remedy, then how many more there are."""
    for number, unfit in work.rejected[:FIRST_LINES]:
        reason, field = REASONS[unfit.reason], column_name(unfit.field, screen.lang)
        place = screen.t(f"第 {number} 行 {field}", f"line {number} {field}").strip()
        colon = screen.t(":", ": ")
        yield f"{place}{colon}{reason.said.said(screen.lang)} → {reason.remedy.said(screen.lang)} [{unfit.reason}]"
    if (more := len(work.rejected) - FIRST_LINES) > 0:
        yield screen.t(f"…另有 {more} 行", f"… and {more} more lines")


def _preview(line: Line, screen: Screen) -> str:
    """Show how a line is understood, names and numbers masked (SEC-03)."""
    place = screen.t(f"第 {line.number} 行", f"line {line.number}")
    one, lang = line.resident, screen.lang
    if one is None:
        return f"{place} {line.room} {screen.t('空房', 'empty')}"
    codes = [("relation", one.relation), *(("groups", group) for group in one.groups), ("age_group", one.age_group)]
    codes += [("language", one.language), ("preferred_channel", one.preferred_channel)]
    words = [word(CHOICES[field], code, lang) for field, code in codes if code]
    who = [mask_name(one.name) if one.name else "", mask_phone(one.phone) if one.phone else ""]
    return " ".join(filter(None, [place, line.room, *who, *words, one.contact_hours]))
