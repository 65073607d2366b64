"""`huiyin reconcile`: what differs between histories and record, and the record written again from them (OPS-09)."""

import asyncio
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from itertools import pairwise
from typing import TYPE_CHECKING, Annotated, Any, Final

from starter.cli.errors import REFUSED, not_running, short, usage
from starter.cli.options import Json, Lang, argument, option
from starter.cli.options import OptionalText as Text
from starter.cli.screen import Screen, harmless, one_line, styled

if TYPE_CHECKING:
    from collections.abc import Callable

    from starter.desk import Desk
    from starter.policy.difference import Difference, Finding
    from starter.reconcile import Rebuilt

EXAMPLE: Final = "huiyin reconcile --rebuild"
WORDS: Final = {
    "event-missing": ("记录缺少事件", "events missing"),
    "event-changed": ("事件与历史不符(不覆盖)", "events changed (never overwritten)"),
    "event-unknown": ("历史中没有的事件(不删除)", "events no history tells of (never deleted)"),
    "intake-missing": ("缺少受理记录", "intake missing"),
    "intake-changed": ("同一单号另有一次受理(不覆盖)", "another matter has its number (never overwritten)"),
    "row-missing": ("缺少工单当前行", "current row missing"),
    "row-behind": ("工单当前行落后,停在事件", "current row is behind, at event"),
    "row-edited": ("工单当前行被改动", "current row edited"),
    "outbox-missing": ("发件箱缺少", "outbox rows missing"),
    "outbox-unknown": ("历史中没有的发件(不删除)", "outbox rows no history tells of (never deleted)"),
    "terms-missing": ("缺少时限规则正文", "terms missing"),
    "record-delayed": ("流程正在补写", "being written by the process itself"),
    "not-started": ("已受理,流程尚未启动(由转发进程启动)", "received, its process not started yet (the relay will)"),
    "history-missing": ("引擎中没有该工单的流程", "the engine holds no process of this order"),
    "history-expired": ("已办结,历史已过保留期,无从比对", "closed, its history past retention: not compared"),
    "replay-differs": ("重放结果不同,不能据以重建", "replays differently, so nothing is rebuilt from it"),
}
"""Every sort of difference in Chinese and English (`starter.policy.difference.Sort`)."""
MENDED: Final = frozenset(
    {"event-missing", "intake-missing", "row-missing", "row-behind", "row-edited", "outbox-missing", "terms-missing"}
)
"""What `--rebuild` writes again."""
ADVICE: Final = (
    (MENDED, "→ 用 huiyin reconcile --rebuild 按历史补写", "→ `huiyin reconcile --rebuild` writes it again"),
    (
        frozenset({"record-delayed", "not-started"}),
        "→ 流程或转送进程会自行补上,请稍后再比对",
        "→ the process or the relay is about to do it; compare again later",
    ),
    (
        frozenset({"event-changed", "event-unknown", "intake-changed", "outbox-unknown", "history-missing"}),
        "→ 不覆盖、不删除的差异无法自动修复,须由人核查(见 docs/operating.md)",
        "→ what is never overwritten or deleted a person must look at (see docs/operating.md)",
    ),
    (
        frozenset({"replay-differs"}),
        "→ 现行代码的判定与当时不同:见 huiyin audit replay 单号",
        "→ today's code decides otherwise: see huiyin audit replay ORDER",
    ),
)
"""What to do about which sorts; `history-expired` alone asks for nothing."""


def reconcile(
    order: Annotated[Text, argument("ORDER", "单号,不填为全部工单", "One order; default: every order.")] = None,
    rebuild: Annotated[
        bool, option("--rebuild", None, "按历史补写记录", "Write the record again from the histories.")
    ] = False,
    send: Annotated[
        bool,
        option(
            "--send",
            None,
            "补写的发件照常发送;默认视为已发,不重复通知",
            "Send rebuilt outbox rows; default: they count as sent.",
        ),
    ] = False,
    json: Json = False,
    lang: Lang = None,
) -> int:
    """Compare the record with the histories, and write again what it lost."""
    screen = Screen.of(lang, json_wanted=json)
    if send and not rebuild:
        zh, en = "--send 只能与 --rebuild 同用。", "--send goes with --rebuild."
        raise usage("usage", zh, en, f"例如:{EXAMPLE} --send", f"For example: {EXAMPLE} --send")
    return asyncio.run(_reconcile(screen, order, rebuilding=rebuild, send=send))


async def _reconcile(screen: Screen, typed: str | None, *, rebuilding: bool, send: bool) -> int:
    from starter.cli import door  # noqa: PLC0415 - help needs none of it
    from starter.reconcile import filled, keep_numbers, orders, persons_again  # noqa: PLC0415 - the same

    found: list[Rebuilt] = []
    whole = rebuilding and typed is None
    lost = await _tables_again(screen) if whole else ()
    async with door.opened() as desk:
        await persons_again(desk, lost)
        names = [door.order_id(typed)] if typed else await orders(desk)
        if whole:
            await keep_numbers(desk, names)
        with _progress(screen, len(names)) as passed:
            for name in names:
                one = await _one(desk, name, rebuilding=rebuilding, send=send, alone=typed is not None)
                found += [one] if one else []
                passed()
        if whole:
            await filled(desk)
    wrong = [one for one in found if one.left and one.left.counts]
    _show(screen, found, rebuilding=rebuilding)
    _summary(screen, len(names), found, len(wrong), rebuilding=rebuilding)
    return REFUSED if wrong else 0


async def _tables_again(screen: Screen) -> tuple[str, ...]:
    """Make tables that were lost again before anything is read; name them."""
    from starter.cli import door  # noqa: PLC0415 - help needs none of it
    from starter.reconcile import tables_again  # noqa: PLC0415 - the same

    dsn = door.settings_of().database_url
    if dsn is None:
        raise not_running()
    lost = await tables_again(dsn)
    if lost:
        names = ", ".join(lost)
        screen.note(
            f"已重建缺失的数据表:{names};历史中没有的内容须由数据库备份恢复(见 docs/operating.md)",
            f"made again: {names}; what histories do not hold only a backup brings back (see docs/operating.md)",
        )
    return lost


async def _one(desk: "Desk", order: str, *, rebuilding: bool, send: bool, alone: bool) -> "Rebuilt | None":
    """Compare one order, and rebuild it if asked to; one that ended while all are looked through is passed over."""
    from domain.refusals import Refused  # noqa: PLC0415 - help needs none of it
    from starter.reconcile import Rebuilt, differences, rebuild  # noqa: PLC0415 - the same

    try:
        if rebuilding:
            return await rebuild(desk, order, send=send)
        found = await differences(desk, order)
    except Refused as refusal:
        if alone or refusal.code != "not-found":
            raise
        return None
    return Rebuilt(found, found) if found else None


@contextmanager
def _progress(screen: Screen, count: int) -> "Iterator[Callable[[], None]]":
    """Show on a terminal how far it is, beside the result."""
    if screen.json or count == 1 or not screen.aside.is_terminal:
        yield lambda: None
        return
    from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeRemainingColumn  # noqa: PLC0415

    columns = (TextColumn("{task.description}", markup=False), BarColumn(), MofNCompleteColumn(), TimeRemainingColumn())
    with Progress(*columns, console=screen.aside, transient=True) as progress:
        task = progress.add_task(screen.t("比对工单", "Comparing orders"), total=count)
        yield lambda: progress.advance(task)


def _show(screen: Screen, found: "Iterable[Rebuilt]", *, rebuilding: bool) -> None:
    for one in found:
        name = short(one.found.order_id.removeprefix("wo_"))
        if rebuilding and one.left is None:
            screen.show(styled(screen.t(f"✓ {name} 已重建", f"✓ {name} rebuilt")))
            screen.show(*(styled(f"    {_said(screen, finding)}", "dim") for finding in one.found.findings))
        elif one.left is not None and one.left.counts:
            still = screen.t("仍有差异", "still differs") if rebuilding else screen.t("有差异", "differs")
            screen.show(styled(f"✗ {name} {still}", "bold red"))
            screen.show(*(styled(f"    {_said(screen, finding)}", "red") for finding in one.left.findings))
        else:
            screen.show(*(styled(f"· {name} {_said(screen, finding)}", "dim") for finding in one.found.findings))


def _said(screen: Screen, finding: "Finding") -> str:
    """Say one finding on one line."""
    what = screen.t(*WORDS[finding.sort.value])
    names = ", ".join(one_line(harmless(name)) for name in finding.names)
    return " ".join(part for part in (what, spans(finding.seqs), names and f"({names})", f"[{finding.sort}]") if part)


def spans(seqs: tuple[int, ...]) -> str:
    """Write numbers in their order as spans: 1–4, 7."""
    starts = [seq for before, seq in pairwise((None, *seqs)) if before is None or seq != before + 1]
    ends = [seq for seq, after in pairwise((*seqs, None)) if after is None or seq is None or after != seq + 1]
    return ", ".join(f"{one}" if one == other else f"{one}–{other}" for one, other in zip(starts, ends, strict=True))


def _summary(screen: Screen, count: int, found: "list[Rebuilt]", wrong: int, *, rebuilding: bool) -> None:
    """Say it in one line, or give the one document."""
    told = [{"order": one.found.order_id, "found": _plain(one.found), "left": _plain(one.left)} for one in found]
    screen.document({"orders": count, "different": wrong, "rebuild": rebuilding, "differences": told})
    mended = sum(one.left is None for one in found) if rebuilding else 0
    zh, en = f"{count} 张工单,{wrong} 张有差异", f"{count} orders, {wrong} with differences"
    if rebuilding:
        zh = f"{count} 张工单,重建 {mended} 张,{wrong} 张仍有差异"
        en = f"{count} orders, {mended} rebuilt, {wrong} still differ"
    screen.show(styled(screen.t(zh, en), "bold red" if wrong else "green"))
    left = {finding.sort.value for one in found if one.left and one.left.counts for finding in one.left.findings}
    for sorts, zh_said, en_said in ADVICE:
        if left & sorts and not (rebuilding and sorts is MENDED):
            screen.note(zh_said, en_said)


def _plain(difference: "Difference | None") -> list[dict[str, Any]]:
    findings = difference.findings if difference else ()
    return [{"sort": one.sort.value, "seqs": list(one.seqs), "names": list(one.names)} for one in findings]
