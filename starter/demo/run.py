"""The demonstration: sixty real records, real servers, every order lived to the end it was meant to reach."""

import asyncio
import shutil
import tempfile
import time
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from pathlib import Path

from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TaskID, TextColumn, TimeElapsedColumn

from domain.refusals import Refused
from domain.refusals import say as refused
from records import read as reading
from starter.cli.screen import Screen
from starter.client import receive_matter
from starter.demo import screen
from starter.demo.house import House, house
from starter.demo.screen import Acted, Lived
from starter.demo.stories import OPERATOR, Story, cast
from starter.demo.told import Told
from starter.demo.words import say
from starter.desk import Desk
from starter.importing import Reject, read_rows
from starter.intake import IntakeForm
from starter.opening import sample_community
from starter.replay import Verdict, replay_order
from starter.watching import NeverCame, eventually
from workflows.contract import workflow_id

AT_ONCE = 16
"""Orders that live at the same time."""
STRIKE_AFTER = 20
"""So many orders have ended when the worker is killed."""
Part = tuple[Story, IntakeForm]


async def demo(told: Screen, *, verbose: bool = False, records: Path | None = None) -> int:
    """Live every record; 0 when each order reached its end and its history replays to the record, else 1."""
    lang, console = told.lang, Console(stderr=told.json, highlight=False)
    place = Path(tempfile.mkdtemp(prefix="huiyin-demo-"))
    console.print(say(lang, "ground"))
    try:
        async with house(place, lang, lambda line: console.print(f"  {line}"), AT_ONCE) as home:
            begun = time.monotonic()
            acted = await Stage(home, lang, console).play(parts(home.desk, records or sample_records()))
            screen.show_all(acted.lives, lang, console, verbose=verbose)
            await screen.show_one(acted.lives, home.desk, lang, console)
            acted.verdicts = await replayed(acted.lives, home.desk, lang, console)
            lasted = time.monotonic() - begun
    finally:
        shutil.rmtree(place, ignore_errors=True)
    told.document(screen.facts(acted, lasted))
    return screen.conclude(acted, lasted, lang, console)


def sample_records() -> Path:
    """Return the sixty records that come with Huiyin."""
    return sample_community().with_name("sf311_demo.csv")


def parts(desk: Desk, records: Path) -> list[Part]:
    """Read the records and give each its story; the demonstration's own contain no row that is refused."""
    rows = read_rows(records, desk.settings, datetime.now(UTC))
    return cast([row for row in rows if not isinstance(row, Reject)])


@dataclass
class Stage:
    """Where the orders live, some at a time, and where a worker dies in the middle."""

    home: House
    lang: str
    console: Console
    living: dict[str, Told] = field(default_factory=dict)
    acted: Acted = field(default_factory=Acted)

    async def play(self, cast_of: Sequence[Part]) -> Acted:
        """Live every order to its end."""
        columns = (TextColumn("  {task.description}"), BarColumn(), MofNCompleteColumn(), TimeElapsedColumn())
        gate = asyncio.Semaphore(AT_ONCE)
        with Progress(*columns, console=self.console) as bar:
            line = bar.add_task(say(self.lang, "living", n=0, late=0), total=len(cast_of))

            async def one(number: int, part: Part) -> None:
                async with gate:
                    self.acted.lives.append(await self.live(number, *part))
                bar.update(line, advance=1)

            async with asyncio.TaskGroup() as group:
                group.create_task(self.count(bar, line, len(cast_of)))
                group.create_task(self.strike(min(STRIKE_AFTER, len(cast_of) // 3)))
                for number, part in enumerate(cast_of):
                    group.create_task(one(number, part))
        return self.acted

    async def count(self, bar: Progress, line: TaskID, total: int) -> None:
        """Show how many orders are on their way and what has become of them, until all have ended."""
        while len(self.acted.lives) < total:
            rows = await self.rows()
            told = {"n": len(self.living), "late": sum(row.breaches for row in rows)}
            bar.update(line, description=say(self.lang, "living", **told))
            await asyncio.sleep(0.5)
        bar.update(line, description=say(self.lang, "lived"))

    async def live(self, number: int, story: Story, form: IntakeForm) -> Lived:
        """Receive one record, live it by its story, and read from the record where it got to."""
        desk = self.home.desk
        receipt = await receive_matter(desk, story.typed(form, datetime.now(UTC)), OPERATOR)
        handle = desk.engine.get_workflow_handle(workflow_id(receipt.order_id))
        told = self.living[receipt.order_id] = Told(desk, receipt.order_id, handle, patience(number))
        trouble = ""
        try:
            await story.live(told)
            await told.until_told()
        except Refused as refusal:
            trouble = refused(refusal.code, refusal.facts, self.lang)
        except NeverCame as waited:
            trouble = say(self.lang, "never_came", what=waited)
        del self.living[receipt.order_id]
        return Lived(told, form, story, await told.reached(), *await told.told_to_persons(), trouble)

    async def strike(self, after: int) -> None:
        """Kill the worker in the middle, tell the audience, and wait until an order of its has gone on."""

        async def middle() -> bool:
            return len(self.acted.lives) >= after

        await eventually(middle, "the middle of the demonstration", 300)
        pid, begun = await self.home.kill_worker(), time.monotonic()
        self.acted.struck = set(self.living)
        self.console.print(say(self.lang, "killed", pid=pid, n=len(self.acted.struck)), style="bold red")

        async def successor() -> bool:
            return self.home.living["worker"].pid != pid

        await eventually(successor, "a new worker")
        before = await self.heads()  # what the dead one had under way is written by now

        async def gone_on() -> bool:
            return await self.heads() != before

        await eventually(gone_on, "an order that goes on after its worker was killed")
        told = {"pid": self.home.living["worker"].pid, "s": time.monotonic() - begun}
        self.console.print(say(self.lang, "gone_on", **told), style="bold green")

    async def heads(self) -> dict[str, int]:
        """Return the last event of each order that was on its way when the worker died."""
        return {row.order_id: row.seq for row in await self.rows() if row.order_id in self.acted.struck}

    async def rows(self) -> list[reading.OrderRow]:
        """Return what the record says of every order."""
        desk = self.home.desk
        return await reading.orders(desk.pool, list(desk.settings.communities), open_only=False, limit=500)


def patience(number: int) -> timedelta:
    """Let owners wait for their answer from 40 seconds to nearly 5 minutes, each another while."""
    return timedelta(seconds=40 * (1 + number % 7))


async def replayed(lives: Sequence[Lived], desk: Desk, lang: str, console: Console) -> list[Verdict]:
    """Replay every history with today's code and compare it with the record."""
    with console.status(say(lang, "replaying", n=len(lives))):
        return [await replay_order(desk, lived.told.order_id) for lived in lives]
