"""`huiyin watch`: the list as a live board that counts down every second and outlives a database that goes away."""

import asyncio
import signal
import sys
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import TYPE_CHECKING, Annotated

from domain.vocabulary import Stage
from starter.cli import input as cli_input
from starter.cli.facts import row_facts
from starter.cli.options import CommunityId, Json, Lang, option
from starter.cli.options import OptionalText as Text
from starter.cli.orders import PAGE, InStage, Mine, Wanted, no_order, rows_of, wanted_of
from starter.cli.screen import Screen, styled

if TYPE_CHECKING:
    from zoneinfo import ZoneInfo

    from rich.console import Group, RenderableType
    from rich.text import Text as RichText

    from domain.settings.community import CommunityFile
    from records.read import OrderRow
    from starter.desk import Desk

PATIENCE = timedelta(seconds=5)
"""A reading that takes so much longer than the pause between two is told like a failed one."""
WIDE = 110
"""From so many columns on the board has room for the clock time of a due: told to the second, dues are longer."""
AROUND = 4
"""Lines of a frame that are no orders: head, notice, titles, foot."""


@dataclass
class News:
    """What was last read of the record, and why nothing was read since."""

    rows: "Sequence[OrderRow]"
    at: datetime
    trouble: str | None = None  # code of the record's refusal

    def late(self, at: datetime, every: int) -> bool:
        """Whether the board shows what may no longer be so."""
        return self.trouble is not None or at - self.at > timedelta(seconds=every) + PATIENCE


@dataclass(frozen=True)
class Board:
    """What the board shows, to whom, and how often it reads."""

    screen: Screen
    file: "CommunityFile"
    wanted: Wanted
    every: int  # seconds

    @property
    def only(self) -> str:
        """The one community that is shown; empty when there are several."""
        return self.wanted.communities[0] if len(self.wanted.communities) == 1 else ""

    @property
    def zone(self) -> "ZoneInfo":
        """The zone of the board's own time."""
        from starter.cli.door import zone_of  # noqa: PLC0415 - help needs none of it

        return zone_of(self.file, self.only)


def watch(
    community: CommunityId = None,
    stage: InStage = None,
    mine: Mine = None,
    once: Annotated[bool, option("--once", None, "只显示一次", "One frame, then the end.")] = False,
    every: Annotated[Text, option("--every", "SECONDS", "几秒读取一次(1–3600)", "Read so often (1–3600).")] = "2",
    json: Json = False,
    lang: Lang = None,
) -> int:
    """Show the board until Ctrl-C."""
    screen = Screen.of(lang, json_wanted=json)
    wanted = cli_input.choice(stage, "--stage", Stage)
    pause = cli_input.count(every, "--every", 1, 3600) or 2
    if once or json or not sys.stdout.isatty() or screen.console.is_dumb_terminal:
        return asyncio.run(_one(screen, community, wanted, mine, pause))
    try:
        asyncio.run(_live(screen, community, wanted, mine, pause))
    except (asyncio.CancelledError, KeyboardInterrupt):
        return 0
    return 0


async def _one(screen: Screen, community: str | None, stage: str | None, mine: str | None, every: int) -> int:
    from starter.cli import door  # noqa: PLC0415 - help needs none of it

    async with door.opened() as desk:
        wanted = wanted_of(desk, community, stage, mine)
        rows = await rows_of(desk, wanted)
        if screen.json:
            from records.read import server_time  # noqa: PLC0415 - help needs none of it

            screen.document(facts(rows, await server_time(desk.pool)))
            return 0
        board, at = Board(screen, desk.settings, wanted, every), door.now()
    height = screen.console.height - 1 if sys.stdout.isatty() else None
    screen.show(frame(board, News(rows, at), at, height))
    return 0


def facts(rows: "Sequence[OrderRow]", at: datetime) -> dict[str, object]:
    """Return the board as a program gets it."""
    from starter.cli.table import alarming  # noqa: PLC0415 - help needs none of it

    late, escalated = alarming(rows, at)
    head = {"server_time": at, "open": len(rows), "overdue": late, "escalated": escalated}
    return {**head, "orders": [row_facts(row) for row in rows]}


# ---- living


async def _live(screen: Screen, community: str | None, stage: str | None, mine: str | None, every: int) -> None:
    """Show the board until it is cancelled; whatever happens, the terminal is as it was."""
    from rich.live import Live  # noqa: PLC0415 - rich is slow to import

    from starter.cli import door  # noqa: PLC0415 - help needs none of it

    _end_on_signals()
    async with door.opened() as desk:
        board = Board(screen, desk.settings, wanted_of(desk, community, stage, mine), every)
        news = News(await rows_of(desk, board.wanted), door.now())
        with Live(console=screen.console, screen=True, auto_refresh=False) as live:
            await asyncio.gather(_read_on(desk, board, news), _draw(live.update, board, news))


def _end_on_signals() -> None:
    """Let Ctrl-C and SIGTERM end the board in order, so that the terminal gets its own screen and cursor back."""
    work, loop = asyncio.current_task(), asyncio.get_running_loop()
    if work is not None:
        for sign in (signal.SIGINT, signal.SIGTERM):
            loop.add_signal_handler(sign, work.cancel)


async def _read_on(desk: "Desk", board: Board, news: News) -> None:
    """Read the list again and again; a record that goes away is asked until it is back."""
    from records.errors import RecordsError  # noqa: PLC0415 - help needs none of it
    from starter.cli.door import now  # noqa: PLC0415 - the same

    while True:
        await asyncio.sleep(board.every)
        try:
            news.rows, news.at, news.trouble = await rows_of(desk, board.wanted), now(), None
        except RecordsError as error:
            news.trouble = error.code


async def _draw(update: Callable[..., None], board: Board, news: News) -> None:
    """Draw the board at every full second."""
    from starter.cli.door import now  # noqa: PLC0415 - help needs none of it

    while True:
        update(frame(board, news, now(), board.screen.console.height, live=True), refresh=True)
        await asyncio.sleep(1 - now().microsecond / 1e6)


# ---- the frame


def frame(board: Board, news: News, at: datetime, height: int | None, *, live: bool = False) -> "Group":
    """Lay one frame out: head, notice, orders, foot; of a live board the foot stands on the last line."""
    from rich.console import Group  # noqa: PLC0415 - rich is slow to import

    room = len(news.rows) if height is None else max(height - AROUND, 0)
    rows = news.rows[:room]
    gap = [styled("")] * (room - len(rows)) if live else []
    foot = _foot(board.screen, news.rows, len(news.rows) - len(rows), live=live)
    lines = (_on_a_line(line) for line in (_head(board, news.rows, at), _notice(board, news, at)))
    return Group(*lines, _orders(board, rows, at), *gap, _on_a_line(foot))


def _orders(board: Board, rows: "Sequence[OrderRow]", at: datetime) -> "RenderableType":
    from starter.cli.table import TICKING, orders_table  # noqa: PLC0415 - help needs none of it

    if not rows:
        return no_order(board.screen)
    wide = board.screen.console.width >= WIDE
    return orders_table(board.screen, board.file, rows, at, wide=wide, pace=TICKING)


def _head(board: Board, rows: "Sequence[OrderRow]", at: datetime) -> "RichText":
    """Say of which orders, at what time, and how many there are, are overdue, are escalated."""
    from starter.cli.table import alarming  # noqa: PLC0415 - help needs none of it
    from starter.cli.times import offset  # noqa: PLC0415 - the same

    t, zone, (late, escalated) = board.screen.t, board.zone, alarming(rows, at)
    many = f"{len(rows)}{'+' * (len(rows) >= PAGE)}"
    head = styled(_whose(board), "bold").append(f"  {at.astimezone(zone):%H:%M:%S} ", "bold cyan")
    head.append(f"{offset(zone, at)}  ", "dim").append(t(f"未结 {many}", f"{many} open"), "not bold")
    head.append(" · ", "dim").append(t(f"超时 {late}", f"{late} overdue"), "bold red" if late else "")
    raised = t(f"升级 {escalated}", f"{escalated} escalated")
    return head.append(" · ", "dim").append(raised, "red" if escalated else "")


def _whose(board: Board) -> str:
    """Name the community and what else the list was narrowed to."""
    from domain.words import word  # noqa: PLC0415 - the same
    from starter.telling.names import Names  # noqa: PLC0415 - help needs none of it
    from starter.words.glossary import STAGES  # noqa: PLC0415 - the same

    t, lang, wanted = board.screen.t, board.screen.lang, board.wanted
    place = t(board.file.communities[board.only].name, board.only) if board.only else t("全部小区", "all communities")
    person = Names(board.file, lang).person(wanted.person) if wanted.person else ""
    return " · ".join(part for part in (place, word(STAGES, wanted.stage, lang), person) if part)


def _notice(board: Board, news: News, at: datetime) -> "RichText":
    """Say since when nothing was heard of the record; nothing while all is well."""
    if not news.late(at, board.every):
        return styled("")
    silent = news.trouble in {None, "records-away"}
    why = board.screen.t("数据库没有回应", "the database does not answer") if silent else str(news.trouble)
    since = f"{news.at.astimezone(board.zone):%H:%M:%S}"
    zh, en = f"{since} 起没有新消息:{why},恢复后自动继续", f"No news since {since}: {why}; it goes on by itself"
    return styled(board.screen.t(zh, en), "bold yellow")


def _foot(screen: Screen, rows: "Sequence[OrderRow]", hidden: int, *, live: bool) -> "RichText":
    """Say which key ends the board, what to do next, and how many orders found no room."""
    from starter.cli.door import number  # noqa: PLC0415 - help needs none of it

    t = screen.t
    first = f"huiyin show {number(rows[0].order_id)}" if rows else "huiyin receive"
    why = t("最急的怎么办:", "most urgent: ") if rows else t("受理:", "receive: ")
    end = t("Ctrl-C 退出", "Ctrl-C ends") if live else ""
    more = t(f"还有 {hidden} 张未显示", f"{hidden} more not shown") if hidden else ""
    return styled(" · ".join(part for part in (end, why + first, more) if part), "dim")


def _on_a_line(text: "RichText") -> "RichText":
    """Let a line end with … where the terminal ends."""
    text.no_wrap, text.overflow = True, "ellipsis"
    return text
