"""What the audience of the demonstration sees: the table, a timeline, the verdict, and what to type next."""

import shutil
import sys
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from datetime import timedelta
from pathlib import Path
from statistics import median

from rich.console import Console
from rich.table import Table

from domain.words import CLOCKS, word
from starter.cli.file import load_file
from starter.cli.page import Page
from starter.cli.screen import Screen
from starter.demo.failed import failure_lines
from starter.demo.stories import STORIES, Story
from starter.demo.told import End, Told
from starter.demo.words import ENDS, FIGURES, GO_ON, HEADS, ROW_HEADS, say
from starter.desk import Desk
from starter.intake import IntakeForm
from starter.replay import Verdict
from starter.words.glossary import SEVERITIES, STAGES


@dataclass(frozen=True)
class Lived:
    """One order after its story."""

    told: Told
    form: IntakeForm
    story: Story
    end: End
    levels: int
    levels_told: int
    trouble: str = ""  # a step that was refused or never came

    @property
    def ok(self) -> bool:
        """Whether it reached its end, and every level that fired reached a person."""
        return self.end == self.story.end and self.levels == self.levels_told and not self.trouble


@dataclass
class Acted:
    """What the audience is told at the end: every order, those that were struck, and what their replay says."""

    lives: list[Lived] = field(default_factory=list)
    struck: set[str] = field(default_factory=set)
    """Orders that were on their way when the worker died."""
    verdicts: list[Verdict] = field(default_factory=list)


def show_all(lives: Sequence[Lived], lang: str, console: Console, *, verbose: bool) -> None:
    """Print the one table, a line for each story, and the figures below it; with `verbose` each order before it."""
    console.print()
    if verbose:
        console.print(_orders(lives, lang))
        console.print()
    console.print(_stories(lives, lang))
    console.print()
    console.print(_figures(lives, lang))
    console.print(f"[dim]{say(lang, 'skipped')}[/dim]")


def _table(lang: str, key: str, gap: int, **facts: object) -> Table:
    """Begin a table that fits 80 columns."""
    title = say(lang, key, **facts)
    table = Table(title=title, title_justify="left", title_style="bold", box=None, header_style="dim")
    table.padding, table.pad_edge = (0, gap, 0, 0), False
    return table


def _stories(lives: Sequence[Lived], lang: str) -> Table:
    table = _table(lang, "title", 2, n=len(lives))
    for place, head in enumerate(HEADS[lang]):
        several = 1 < place < len(HEADS[lang]) - 1  # where things went wrong these say more than one end
        table.add_column(head, no_wrap=not several, overflow="fold", justify="right" if place == 1 else "left")
    for story in STORIES:
        some = [lived for lived in lives if lived.story is story]
        if some:
            table.add_row(*_line(story, some, lang))
    return table


def _line(story: Story, lives: Sequence[Lived], lang: str) -> tuple[str, ...]:
    """Write one story as a line: what the record says of all its orders."""
    ends = [lived.end for lived in lives]
    good = sum(lived.ok for lived in lives)
    return (
        story.zh if lang == "zh" else story.en,
        str(len(lives)),
        _each(_closed(end, lang) for end in ends),
        _each(_marked(end.response) for end in ends),
        _each("".join(_marked(outcome) for outcome in end.feedback) for end in ends),
        _ladder([_level(lived) for lived in lives], lang),
        f"[green]✓ {good}/{len(lives)}[/green]"
        if good == len(lives)
        else f"[bold red]✗ {good}/{len(lives)}[/bold red]",
    )


def _each(said: Iterable[str]) -> str:
    """Say once what is the same of all orders of a story."""
    return ", ".join(dict.fromkeys(said))


def _closed(end: End, lang: str) -> str:
    """Name why an order was closed; of one that is open its stage."""
    known = ENDS.get(end.close_reason)
    return known[0 if lang == "zh" else 1] if known else word(STAGES, end.stage, lang)


def _ended(end: End, lang: str) -> str:
    """Name an end; of an order that lived twice say so."""
    again = "" if end.generation == 1 else "重开后" if lang == "zh" else "reopened, "
    return again + _closed(end, lang)


def _marked(outcome: str) -> str:
    """Colour how a clock ended: met, breached, or neither."""
    return {"met": "[green]✓[/green]", "breached": "[red]✗[/red]"}.get(outcome, "–")


def _level(lived: Lived) -> int:
    """Return the highest level that the ladders of all its clocks reached; 0 when none fired."""
    return max((e.facts["level"] for e in lived.told.seen if e.type == "escalated"), default=0)


def _ladder(levels: Sequence[int], lang: str) -> str:
    """Name the highest level of each of some orders, from the least to the most: level 4, level 0–1."""
    least, most = min(levels), max(levels)
    if not most:
        return ""
    said = str(most) if least == most else f"{least}–{most}"
    return f"{said} 级" if lang == "zh" else f"level {said}"


def _orders(lives: Sequence[Lived], lang: str) -> Table:
    """Lay out every order, in the order of their numbers."""
    table = _table(lang, "orders", 1)
    for head in ROW_HEADS[lang]:
        table.add_column(head, no_wrap=True)
    for lived in sorted(lives, key=lambda one: one.told.order_id):
        story, _, *rest = _line(lived.story, [lived], lang)
        severity = word(SEVERITIES, lived.form.severity, lang)
        number = lived.told.order_id.removeprefix("wo_")
        table.add_row(number, severity, story, *rest[:4], rest[4].replace(" 1/1", "").replace(" 0/1", ""))
    return table


def _figures(lives: Sequence[Lived], lang: str) -> Table:
    """Lay out what the record says of all orders together."""
    grid = Table.grid(padding=(0, 2, 0, 0))
    grid.add_column(style="bold", no_wrap=True)
    for label, said in zip(FIGURES[lang], _counted(lives, lang), strict=True):
        grid.add_row(label, said)
    return grid


def _counted(lives: Sequence[Lived], lang: str) -> Iterator[str]:
    """Count orders by end, breaches by clock, levels fired, and the time until the owner was answered."""
    entries = [entry for lived in lives for entry in lived.told.seen]
    yield _list(Counter(_ended(lived.end, lang) for lived in lives).most_common())
    breaches = Counter(word(CLOCKS, e.facts["clock"], lang) for e in entries if e.type == "clock_breached")
    yield f"{breaches.total()} = " + _list(breaches.most_common()) if breaches else "0"
    levels = Counter(e.facts["level"] for e in entries if e.type == "escalated")
    named = [(f"第 {level} 级" if lang == "zh" else f"level {level}", many) for level, many in sorted(levels.items())]
    yield f"{levels.total()} = " + _list(named) if levels else "0"
    waits = [wait.total_seconds() for lived in lives if (wait := lived.told.answered_after) is not None]
    met = sum(lived.end.response == "met" for lived in lives)
    middle = exactly(timedelta(seconds=median(waits)), lang) if waits else "–"
    yield f"{middle}({met} / {len(lives)} 按时)" if lang == "zh" else f"{middle} ({met} of {len(lives)} in time)"


def _list(counted: Iterable[tuple[str, int]]) -> str:
    return " · ".join(f"{name} {many}" for name, many in counted)


def exactly(length: timedelta, lang: str) -> str:
    """Say a length of time to the second: 2 min 40 s."""
    minutes, seconds = divmod(round(length.total_seconds()), 60)
    return f"{minutes} 分 {seconds:02} 秒" if lang == "zh" else f"{minutes} min {seconds:02} s"


async def show_one(lives: Sequence[Lived], desk: Desk, lang: str, console: Console) -> None:
    """Print the timeline of the order in which most happened."""
    most = max(lives, key=lambda lived: (lived.levels, len(lived.told.seen)))
    console.print()
    console.rule(say(lang, "one", order=most.told.order_id.removeprefix("wo_")), align="left")
    screen = Screen(lang, json_wanted=False)
    screen.console = console
    page = Page(screen, desk.settings, await load_file(desk, most.told.order_id, None, None))
    screen.show(*page.header(), *page.timeline())
    console.print(say(lang, "told", n=most.levels_told), style="dim")
    console.rule()


def conclude(acted: Acted, seconds: float, lang: str, console: Console) -> int:
    """Say whether everything ended as it was meant to, and what to do next; the exit code."""
    failed = [lived for lived in acted.lives if not lived.ok]
    for lived in failed:
        name = f"{lived.told.order_id.removeprefix('wo_')} {lived.story.zh if lang == 'zh' else lived.story.en}"
        told = (lived.levels, lived.levels_told)
        for line in failure_lines(name, lived.story.end, lived.end, told, lived.trouble, lang):
            console.print(line, style="red", markup=False, soft_wrap=True)
    for verdict in (one for one in acted.verdicts if not one.ok):
        console.print(f"✗ {verdict.name} {'; '.join(verdict.differences)}", style="red", markup=False, soft_wrap=True)
    fine = [
        _say_lives(acted, seconds, lang, console),
        _say_struck(acted, lang, console),
        _say_replay(acted, lang, console),
    ]
    _go_on(lang, console)
    return 0 if all(fine) else 1


def facts(acted: Acted, seconds: float) -> dict[str, object]:
    """Return the outcome as a program gets it."""
    struck = [lived.ok for lived in acted.lives if lived.told.order_id in acted.struck]
    entries = [entry for lived in acted.lives for entry in lived.told.seen]
    return {
        "orders": len(acted.lives),
        "as_meant": sum(lived.ok for lived in acted.lives),
        "killed_under": len(acted.struck),
        "came_through": sum(struck),
        "replayed": len(acted.verdicts),
        "equal": sum(one.ok for one in acted.verdicts),
        "stories": Counter(lived.story.en for lived in acted.lives),
        "breaches": Counter(e.facts["clock"] for e in entries if e.type == "clock_breached"),
        "levels": Counter(str(e.facts["level"]) for e in entries if e.type == "escalated"),
        "seconds": round(seconds, 1),
    }


def _verdict(console: Console, words: str, *, fine: bool) -> bool:
    console.print(f"{'✓' if fine else '✗'} {words}", style="bold green" if fine else "bold red")
    return fine


def _say_lives(acted: Acted, seconds: float, lang: str, console: Console) -> bool:
    good, many = sum(lived.ok for lived in acted.lives), len(acted.lives)
    return _verdict(console, say(lang, "reached", k=good, n=many, s=seconds), fine=good == many > 0)


def _say_struck(acted: Acted, lang: str, console: Console) -> bool:
    good = sum(lived.ok for lived in acted.lives if lived.told.order_id in acted.struck)
    fine = good == len(acted.struck) > 0
    words = say(lang, "survived", k=good, n=len(acted.struck)) + (say(lang, "none_lost") if fine else "")
    return _verdict(console, words, fine=fine)


def _say_replay(acted: Acted, lang: str, console: Console) -> bool:
    good, events = sum(one.ok for one in acted.verdicts), sum(one.events for one in acted.verdicts)
    fine = good == len(acted.verdicts) == len(acted.lives)
    return _verdict(console, say(lang, "replayed", k=good, n=len(acted.verdicts), events=events), fine=fine)


def _go_on(lang: str, console: Console) -> None:
    """Name three commands that work now: the servers of the demonstration are gone."""
    console.print()
    console.print(say(lang, "next"))
    for words, why in zip(GO_ON[lang], (say(lang, key) for key in ("go_up", "go_receive", "go_watch")), strict=True):
        console.print(f"  [cyan]{_typed()} {words}[/cyan]  [dim]{why}[/dim]", soft_wrap=True)


def _typed() -> str:
    """Return what to type for `huiyin` here: the name alone where the shell finds it."""
    here = Path(sys.executable).with_name("huiyin")
    if shutil.which("huiyin"):
        return "huiyin"
    return str(here.relative_to(Path.cwd())) if here.is_relative_to(Path.cwd()) else str(here)
