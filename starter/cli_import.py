"""`huiyin import`: every row of a foreign file becomes one order or one named reject, once (INT-22)."""

import asyncio
from collections import Counter
from contextlib import suppress
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any, Final

from starter.cli_errors import INTERRUPTED, Failure, short, usage
from starter.cli_options import DryRun, Json, Lang, argument, option
from starter.cli_options import OptionalText as Text
from starter.cli_screen import Screen, styled

if TYPE_CHECKING:
    from rich.progress import Progress

    from starter.client import Desk
    from starter.importing import Reject
    from starter.intake import IntakeForm

AT_ONCE: Final = 8
"""So many rows are on their way at the same time; more only wait for the disk."""
STOPS: Final = frozenset({"records-away", "key-file-exposed", "key-file-unreadable", "kek-unknown"})
"""Refusals that say nothing about a row: the import ends, and the same command goes on where it stopped."""


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
    screen = Screen.of(lang, json_wanted=json)
    source = Path(file)
    return asyncio.run(_import(screen, source, Path(rejects or f"{file}.rejects.csv"), dry_run=dry_run))


async def _import(screen: Screen, source: Path, rejects: Path, *, dry_run: bool) -> int:
    from starter import cli_door as door  # noqa: PLC0415 - help needs none of it

    async with door.opened(pool_size=AT_ONCE) as desk:
        work = Import(desk, source, dry_run=dry_run)
        try:
            with Shown(screen, work):
                code = await work.run()
        finally:
            if not dry_run and (work.rejected or rejects.exists()):
                write_rejects(rejects, work.rejected)
    _summary(screen, work, None if dry_run or not work.rejected else rejects, interrupted=code != 0)
    return code


class Import:
    """One import on its way: rows are read as they come, a few are taken in at once."""

    def __init__(self, desk: "Desk", source: Path, *, dry_run: bool) -> None:
        self.desk, self.source, self.dry_run = desk, source, dry_run
        self.new = self.repeated = self.unstarted = 0
        self.rejected: list[Reject] = []
        self.stopped: Exception | None = None
        self.under_way: set[asyncio.Task[None]] = set()

    @property
    def rows(self) -> int:
        """Rows that are done with."""
        return self.new + self.repeated + len(self.rejected)

    async def run(self) -> int:
        """Take every row in; Ctrl-C lets those under way finish."""
        try:
            await self._feed()
        except asyncio.CancelledError:
            await asyncio.gather(*self.under_way, return_exceptions=True)
            return INTERRUPTED
        if self.stopped is not None:
            raise self.stopped
        return 0

    async def _feed(self) -> None:
        gate = asyncio.Semaphore(AT_ONCE)
        for row in rows_of(self.source, self.desk):
            if isinstance(row, Failure):
                raise row
            if isinstance(row, tuple):
                self.rejected.append(row)
                continue
            await gate.acquire()
            if self.stopped is not None:
                break
            task = asyncio.create_task(self._one(row, gate))
            self.under_way.add(task)
            task.add_done_callback(self.under_way.discard)
        await asyncio.gather(*self.under_way)

    async def _one(self, form: "IntakeForm", gate: asyncio.Semaphore) -> None:
        from domain.refusals import Refused  # noqa: PLC0415 - help needs none of it

        try:
            await (self._look(form) if self.dry_run else self._take(form))
        except Refused as refusal:
            if refusal.code in STOPS:
                self.stopped = self.stopped or refusal
            else:
                self.rejected.append(reject_of(form, refusal))
        except Exception as error:  # noqa: BLE001 - it ends the import, in `run`
            self.stopped = self.stopped or error
        finally:
            gate.release()

    async def _take(self, form: "IntakeForm") -> None:
        from domain.vocabulary import Role  # noqa: PLC0415 - help needs none of it
        from starter.actor import Actor  # noqa: PLC0415 - the same
        from starter.client import receive_matter  # noqa: PLC0415 - the same

        # Always the same actor: keys belong to persons, and a second import may be somebody else's.
        receipt = await receive_matter(self.desk, form, Actor("system", (Role.INTEGRATION,)))
        self._count(repeated=receipt.repeated)
        self.unstarted += not receipt.started

    async def _look(self, form: "IntakeForm") -> None:
        """Check a row without taking it in."""
        from records.read import order_of_external  # noqa: PLC0415 - help needs none of it
        from starter import cli_door as door  # noqa: PLC0415 - the same
        from starter.client import reception_instant, terms_for  # noqa: PLC0415 - the same

        terms_for(self.desk.settings, form.community, dict(form), reception_instant(form, door.now()))
        known = form.external_id and await order_of_external(self.desk.pool, form.community, form.external_id)
        self._count(repeated=known is not None)

    def _count(self, *, repeated: bool) -> None:
        self.repeated += repeated
        self.new += not repeated


def rows_of(source: Path, desk: "Desk") -> Any:
    """Read the rows; a file that is no import at all ends with exit code 2."""
    from starter import cli_door as door  # noqa: PLC0415 - help needs none of it
    from starter.importing import UnreadableImport, read_rows  # noqa: PLC0415 - the same

    try:
        yield from read_rows(source, desk.settings, door.now())
    except UnreadableImport as error:
        remedy = ("请核对文件与小区配置中的 [import]。", "Check the file and [import] in the settings.")
        raise usage(
            f"import-{error.code.replace('_', '-')}", f"无法导入:{error.zh}。", f"No import: {error.en}.", *remedy
        ) from None


def reject_of(form: "IntakeForm", refusal: Any) -> "Reject":
    """Name the row that the door refused."""
    from starter.cli_telling import refused  # noqa: PLC0415 - rarely needed
    from starter.importing import Reject  # noqa: PLC0415 - the same

    told = refused(refusal.code, refusal.facts)
    return Reject(0, "", refusal.code, told.zh, told.en, short(form.external_id or ""))


def write_rejects(path: Path, rejected: "list[Reject]") -> None:
    """Write the rejects whole or not at all, in the order of the file."""
    from starter.importing import write_reject, write_reject_header  # noqa: PLC0415 - help needs none of it

    half = path.with_name(path.name + ".half")
    try:
        with half.open("w", encoding="utf-8", newline="") as stream:
            write_reject_header(stream)
            for one in sorted(rejected):
                write_reject(stream, one)
        half.replace(path)
    except OSError as error:
        with suppress(OSError):
            half.unlink(missing_ok=True)
        zh, en = f"被拒行无法写入文件({error.strerror})。", f"The rejects can't be written ({error.strerror})."
        raise Failure(
            "unwritable-file", zh, en, "请用 --rejects 换一个位置。", "Name another place with --rejects."
        ) from None


class Shown:
    """Progress on a terminal, beside the result."""

    def __init__(self, screen: Screen, work: Import) -> None:
        self.screen, self.work = screen, work
        self.progress: Progress | None = None
        self.ticking: asyncio.Task[None] | None = None

    def __enter__(self) -> None:
        """Begin to show how far the import is, if somebody looks."""
        if self.screen.json or not self.screen.aside.is_terminal:
            return
        from rich.progress import Progress, SpinnerColumn, TextColumn, TimeElapsedColumn  # noqa: PLC0415 - rich is slow

        columns = (SpinnerColumn(), TextColumn("{task.description}", markup=False), TimeElapsedColumn())
        self.progress = Progress(*columns, console=self.screen.aside, transient=True)
        self.progress.start()
        self.ticking = asyncio.create_task(self._tick(self.progress.add_task(self._said())))

    def __exit__(self, *_: object) -> None:
        """Leave nothing of it on the screen."""
        if self.ticking is not None:
            self.ticking.cancel()
        if self.progress is not None:
            self.progress.stop()

    async def _tick(self, task: Any) -> None:
        while self.progress is not None:
            self.progress.update(task, description=self._said())
            await asyncio.sleep(0.1)

    def _said(self) -> str:
        work = self.work
        zh = f"已处理 {work.rows} 行:新建 {work.new},已有 {work.repeated},拒收 {len(work.rejected)}"
        return self.screen.t(
            zh, f"{work.rows} rows: {work.new} new, {work.repeated} known, {len(work.rejected)} rejected"
        )


def _summary(screen: Screen, work: Import, rejects: Path | None, *, interrupted: bool) -> None:
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
