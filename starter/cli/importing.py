"""`huiyin import`: every row of a foreign file becomes one order or one named reject, once (INT-22)."""

import asyncio
from collections import Counter
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

from starter.cli.options import DryRun, Json, Lang, argument, option
from starter.cli.options import OptionalText as Text
from starter.cli.progress import Shown
from starter.cli.screen import Screen, styled

if TYPE_CHECKING:
    from starter.cli.rows import Import


def import_file(
    file: Annotated[
        str, argument("FILE", "CSV 文件,格式由表头识别(例如 SF311)", "CSV file; its header tells the format.")
    ],
    rejects: Annotated[
        Text,
        option(
            "--rejects", "FILE", "被拒行写入何处,默认 FILE.rejects.csv", "Where rejects go; default FILE.rejects.csv."
        ),
    ] = None,
    dry_run: DryRun = False,
    json: Json = False,
    lang: Lang = None,
) -> int:
    """Take every row of a file in, or name why not."""
    screen = Screen.of(lang, json_wanted=json)
    source = Path(file)
    return asyncio.run(_import(screen, source, Path(rejects or f"{file}.rejects.csv"), dry_run=dry_run))


async def _import(screen: Screen, source: Path, rejects: Path, *, dry_run: bool) -> int:
    from starter.cli import door  # noqa: PLC0415 - help needs none of it
    from starter.cli.rows import AT_ONCE, Import, write_rejects  # noqa: PLC0415 - the same
    from starter.lost import check_numbers  # noqa: PLC0415 - the same

    async with door.opened(pool_size=AT_ONCE) as desk:
        if not dry_run:
            await check_numbers(desk)
        work = Import(desk, source, dry_run=dry_run)
        try:
            with Shown(screen, lambda: _said(screen, work)):
                code = await work.run()
        finally:
            if not dry_run:
                write_rejects(rejects, work.rejected)
    _summary(screen, work, None if dry_run or not work.rejected else rejects, interrupted=code != 0)
    return code


def _said(screen: Screen, work: "Import") -> str:
    """Say how far an import is."""
    zh = f"已处理 {work.rows} 行:新建 {work.new},已有 {work.repeated},拒收 {len(work.rejected)}"
    return screen.t(zh, f"{work.rows} rows: {work.new} new, {work.repeated} known, {len(work.rejected)} rejected")


def _summary(screen: Screen, work: "Import", rejects: Path | None, *, interrupted: bool) -> None:
    """Say what became of the rows."""
    reasons = Counter(one.reason for one in work.rejected)
    facts = {"rows": work.rows, "new": work.new, "repeated": work.repeated, "rejected": dict(reasons)}
    where = {"rejects_file": str(rejects) if rejects else None, "unstarted": work.unstarted}
    screen.document({"dry_run": work.dry_run, **facts, **where, "complete": not interrupted})
    if screen.json:
        return
    t = screen.t
    head = t("已检查(未作改动)", "Checked (nothing changed)") if work.dry_run else t("导入完成", "Import complete")
    if interrupted:
        head = t(
            "已中断;再次执行同一命令即可继续,不会重复", "Interrupted; the same command goes on, nothing comes twice"
        )
    screen.show(styled(head, "bold yellow" if interrupted else "bold"))
    screen.show(styled(t(f"  共 {work.rows} 行", f"  {work.rows} rows")))
    screen.show(styled(t(f"  新工单 {work.new}", f"  {work.new} new orders")))
    screen.show(styled(t(f"  此前已有 {work.repeated}", f"  {work.repeated} known already")))
    screen.show(styled(t(f"  拒收 {len(work.rejected)}", f"  {len(work.rejected)} rejected")))
    sentences = {one.reason: t(one.zh, one.en) for one in work.rejected}
    screen.show(*(styled(f"    {count} × {sentences[reason]} [{reason}]") for reason, count in reasons.most_common()))
    if rejects is not None:
        screen.show(styled(t(f"  明细:{rejects}", f"  See {rejects}"), "dim"))
    if work.unstarted:
        zh = f"  引擎暂时不在:{work.unstarted} 张工单的流程将自动启动"
        screen.show(styled(t(zh, f"  The engine is away: {work.unstarted} orders start by themselves"), "yellow"))
