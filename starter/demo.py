"""The demonstration: twenty real records, real servers, every order lived to the end it was meant to reach."""

import asyncio
import shutil
import sys
import tempfile
import time
from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeElapsedColumn
from rich.table import Table

from domain.words import word
from records.migrate import migrate
from stack import children
from stack.ground import Ground, started
from starter import cli_file, cli_screen
from starter.client import receive_matter
from starter.demo_stories import OPERATOR, STORIES, End, Story, Told, reached, told_to_persons
from starter.desk import Desk
from starter.ground import environment
from starter.importing import Reject, read_rows
from starter.intake import IntakeForm
from starter.opening import DoorSettings, open_desk, sample_community
from starter.watching import eventually
from starter.wording import CLOSE_REASONS, SEVERITIES
from workflows.contract import workflow_id

CLOCK_SIGNS = {"response": "15m", "feedback": "24h"}
PROGRAMS = (("worker", "worker"), ("relay", "starter.relay"))
AT_ONCE = 16
"""Orders that live at the same time."""

TEXTS = {
    "ground": ("启动真实的 PostgreSQL 与 Temporal …", "Starting a real PostgreSQL and a real Temporal …"),
    "worker": ("启动工作进程与中继 …", "Starting a worker and the relay …"),
    "living": ("工单流转", "orders living"),
    "title": (
        "旧金山公共住房 20 条真实报修记录的一生",
        "The lives of 20 real records of a housing authority",
    ),
    "one": ("其中一单的时间线:{order}", "The timeline of one of them: {order}"),
    "good": (
        "{n} 张工单全部到达应有的结局,已与数据库记录逐一核对,用时 {s:.0f} 秒。",
        "All {n} orders reached the end they were meant to, checked against the record, in {s:.0f} s.",
    ),
    "bad": ("{n} 张工单没有到达应有的结局。", "{n} orders did not reach the end they were meant to."),
    "skipped": (
        "每张工单有自己的虚拟时钟:24 小时在几秒内走完,历史中注明了跳过的时间。",
        "Each order has its own virtual clock: 24 hours pass in seconds, and its history says that they were skipped.",
    ),
    "next": ("接下来可以试试:", "To go on:"),
}


WIDE = 100
NARROW = (0, 3, 4, 5, 6, 7, 8)
"""Columns that a terminal of 80 has room for: all but the record's number and its category."""
HEADS = {
    "zh": ("工单", "记录", "类别", "经过", "结局", "15 分钟", "24 小时", "升级", ""),
    "en": ("order", "record", "category", "story", "end", "15 min", "24 h", "levels", ""),
}


@dataclass(frozen=True)
class Lived:
    """One order after its story."""

    told: Told
    form: IntakeForm
    story: Story
    end: End
    levels: int
    levels_told: int

    @property
    def ok(self) -> bool:
        """Whether it reached its end, and every level that fired reached a person."""
        return self.end == self.story.end and self.levels == self.levels_told


async def demo(lang: str, *, records: Path | None = None, console: Console | None = None) -> int:
    """Live every record; 0 when each order reached its end, 1 when one did not."""
    console = console or Console()
    place = Path(tempfile.mkdtemp(prefix="huiyin-demo-"))
    begun = time.monotonic()
    try:
        async with house(place, lang, console) as desk:
            lives = await live_all(desk, forms(desk, records or sample_records()), lang, console)
            show(lives, desk, lang, console)
            await show_one(lives, desk, lang, console)
    finally:
        shutil.rmtree(place, ignore_errors=True)
    return conclude(lives, time.monotonic() - begun, lang, console)


@asynccontextmanager
async def house(data: Path, lang: str, console: Console) -> AsyncIterator[Desk]:
    """Bring up servers with skippable time, a worker and the relay, all as processes of their own."""
    console.print(say(lang, "ground"))
    async with started(data, time_skipping=True, progress=lambda line: console.print(f"  {line}"), lang=lang) as ground:
        await asyncio.to_thread(migrate, ground.dsn)
        console.print(say(lang, "worker"))
        programs = [await _launch(name, module, ground) for name, module in PROGRAMS]
        settings = DoorSettings(
            data=data,
            community=sample_community(),
            pool_size=AT_ONCE,
            database_url=ground.dsn,
            temporal_address=ground.temporal_address,
        )
        try:
            async with open_desk(settings) as desk:
                yield desk
        finally:
            await children.stop_all(programs)


async def _launch(name: str, module: str, ground: Ground) -> children.Child:
    env = {**environment(ground), "HUIYIN_LOG_FORMAT": "json", "HUIYIN_COMMUNITY": str(sample_community())}
    argv = [sys.executable, "-m", module]
    return await children.launch(name, argv, log=ground.data / "logs" / f"{name}.log", env=env, cwd=Path.cwd())


def sample_records() -> Path:
    """Return the twenty records that come with Huiyin."""
    return sample_community().with_name("sf311_demo.csv")


def forms(desk: Desk, records: Path) -> list[IntakeForm]:
    """Read the records; the demonstration's own contain no row that is refused."""
    rows = list(read_rows(records, desk.settings, datetime.now(UTC)))
    return [row for row in rows if not isinstance(row, Reject)]


async def live_all(desk: Desk, matters: Sequence[IntakeForm], lang: str, console: Console) -> list[Lived]:
    """Live the orders, some at a time, each by its story."""
    gate = asyncio.Semaphore(AT_ONCE)
    columns = (TextColumn("  {task.description}"), BarColumn(), MofNCompleteColumn(), TimeElapsedColumn())
    with Progress(*columns, console=console) as progress:
        bar = progress.add_task(say(lang, "living"), total=len(matters))

        async def one(number: int, form: IntakeForm) -> Lived:
            async with gate:
                lived = await live(desk, form, STORIES[number % len(STORIES)])
            progress.advance(bar)
            return lived

        return list(await asyncio.gather(*(one(number, form) for number, form in enumerate(matters))))


async def live(desk: Desk, form: IntakeForm, story: Story) -> Lived:
    """Receive one record, live it by its story, and read from the record where it got to."""
    receipt = await receive_matter(desk, form, OPERATOR)
    told = Told(desk, receipt.order_id, desk.engine.get_workflow_handle(workflow_id(receipt.order_id)))
    await story.live(told)
    end = await reached(told)

    async def all_told() -> bool:
        fired, sent = await told_to_persons(told)
        return fired == sent

    await eventually(all_told, f"{told.order_id}: messages")
    return Lived(told, form, story, end, *await told_to_persons(told))


def show(lives: Sequence[Lived], desk: Desk, lang: str, console: Console) -> None:
    """Print the table: each order, its story, and the end it reached."""
    zh = lang == "zh"
    table = Table(title=say(lang, "title"), title_justify="left", title_style="bold", show_edge=False, pad_edge=False)
    shown = range(len(HEADS["zh"])) if console.width >= WIDE else NARROW
    for number in shown:
        table.add_column(HEADS["zh" if zh else "en"][number], no_wrap=True)
    for lived in lives:
        cells = _cells(lived, desk, lang)
        table.add_row(*(cells[number] for number in shown))
    console.print()
    console.print(table)
    console.print(f"[dim]{say(lang, 'skipped')}[/dim]")


def _cells(lived: Lived, desk: Desk, lang: str) -> list[str]:
    """Write one order as a row of the table."""
    zh, end = lang == "zh", lived.end
    category = next(entry for entry in desk.settings.category if entry.code == lived.form.category)
    matter = category.name if zh else category.code.lower().replace("_", " ")
    severity = word(SEVERITIES, lived.form.severity, lang)
    close = word(CLOSE_REASONS, end.close_reason, lang) + ("" if end.generation == 1 else f" ×{end.generation}")
    levels = " ".join(f"{CLOCK_SIGNS[clock]}→{level}" for clock, level in end.levels.items())
    return [
        lived.told.order_id.removeprefix("wo_"),
        lived.form.external_id or "",
        f"{matter} {severity}",
        lived.story.zh if zh else lived.story.en,
        close,
        marked(end.response),
        " ".join(marked(outcome) for outcome in end.feedback),
        levels,
        "[green]✓[/green]" if lived.ok else "[bold red]✗[/bold red]",
    ]


def marked(outcome: str) -> str:
    """Colour how a clock ended: met, breached, or neither."""
    return {"met": "[green]✓[/green]", "breached": "[red]✗[/red]"}.get(outcome, "–")


async def show_one(lives: Sequence[Lived], desk: Desk, lang: str, console: Console) -> None:
    """Print the timeline of the order in which most happened."""
    most = max(lives, key=lambda lived: (lived.levels, len(lived.told.seen)))
    console.print()
    console.rule(say(lang, "one", order=most.told.order_id), align="left")
    screen = cli_screen.Screen(lang, json_wanted=False)
    opened = await cli_file.load_file(desk, most.told.order_id, None, None)
    cli_file.show_file(screen, desk.settings, opened)


def conclude(lives: Sequence[Lived], seconds: float, lang: str, console: Console) -> int:
    """Say whether everything ended as it was meant to, and what to do next."""
    failed = [lived for lived in lives if not lived.ok]
    console.print()
    for lived in failed:
        console.print(f"[red]✗ {lived.told.order_id}[/red] {lived.story.en}: {lived.end} ≠ {lived.story.end}")
        console.print(f"  {lived.levels} levels fired, {lived.levels_told} reached a person", style="dim")
    key, number = ("bad", len(failed)) if failed else ("good", len(lives))
    console.print(say(lang, key, n=number, s=seconds), style="bold red" if failed else "bold green")
    console.print(say(lang, "next"))
    for command in ("huiyin up", "huiyin receive --help", "huiyin import examples/sf311_demo.csv"):
        console.print(f"  {command}", style="cyan")
    return 1 if failed else 0


def say(lang: str, key: str, **facts: object) -> str:
    """Find one sentence in the reader's language."""
    return TEXTS[key][0 if lang == "zh" else 1].format(**facts)
