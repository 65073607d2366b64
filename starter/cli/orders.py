"""`huiyin list` and `huiyin show`: what must be done first, and the whole life of one order in words."""

import asyncio
import os
from collections.abc import Sequence
from typing import TYPE_CHECKING, Annotated, Any, NamedTuple

from domain.vocabulary import Stage
from starter.cli import input as cli_input
from starter.cli.errors import usage
from starter.cli.facts import row_facts
from starter.cli.options import CommunityId, Json, Lang, Order, Who, option
from starter.cli.options import OptionalText as Text
from starter.cli.screen import Screen, styled

if TYPE_CHECKING:
    from datetime import datetime

    from rich.text import Text as RichText

    from records.read import OrderRow
    from starter.desk import Desk

PAGE = 500
"""So many rows of each sort are looked at before they are put in order of urgency."""
BEHIND_ALL_DUES = "w"
"""A position behind every order with a due and before every one without: ids begin with `wo_`."""
EQUALS = 15 * 60
"""Seconds within which dues are equals: the shortest limit, and the same slots for whoever looks (INT-10)."""
WIDE = 100
"""From so many columns on a list has room for the clock time of a due."""


InStage = Annotated[Text, option("--stage", "STAGE", "只看一个环节:intake … callback", "One stage: intake … callback.")]
Mine = Annotated[Text, option("--mine", "STAFF", "只看某人经办或首问的工单", "Orders somebody holds or answers for.")]


class Wanted(NamedTuple):
    """Which orders somebody wants to see, checked against the settings."""

    communities: list[str]
    stage: str | None
    person: str | None  # usr_…
    everything: bool = False  # closed ones too


def list_orders(
    community: CommunityId = None,
    stage: InStage = None,
    mine: Mine = None,
    everything: Annotated[bool, option("--all", None, "包括已办结的", "Closed ones too.")] = False,
    limit: Annotated[Text, option("--limit", "N", "最多几条(1–500)", "At most so many (1–500).")] = "50",
    json: Json = False,
    lang: Lang = None,
) -> int:
    """List orders, the most urgent first."""
    screen = Screen.of(lang, json_wanted=json)
    wanted = cli_input.choice(stage, "--stage", Stage)
    most = cli_input.count(limit, "--limit", 1, PAGE) or 50
    return asyncio.run(_list(screen, community, wanted, mine, most, everything=everything))


async def _list(
    screen: Screen, community: str | None, stage: str | None, mine: str | None, most: int, *, everything: bool
) -> int:
    from starter.cli import door  # noqa: PLC0415 - help needs none of it

    async with door.opened() as desk:
        rows = await rows_of(desk, wanted_of(desk, community, stage, mine)._replace(everything=everything))
        at = door.now()
        screen.document({"orders": [row_facts(row) for row in rows[:most]], "more": len(rows) > most})
        if not screen.json:
            _show_list(screen, desk, rows[:most], at, hidden=len(rows) - most)
    return 0


def wanted_of(desk: "Desk", community: str | None, stage: str | None, mine: str | None) -> Wanted:
    """Check what was typed against the settings; refuses communities and staff that they do not know."""
    from starter.actor import usr  # noqa: PLC0415 - help needs none of it
    from starter.cli.door import member  # noqa: PLC0415 - the same

    person = usr(member(mine, desk.settings)) if mine else None
    return Wanted(_communities(desk, community), stage, person)


async def rows_of(desk: "Desk", wanted: Wanted) -> "list[OrderRow]":
    """Read the orders wanted, the most urgent first; refuses where there are none because the record was lost."""
    rows = await urgent_first(desk, wanted.communities, wanted.stage, everything=wanted.everything)
    if not rows:
        from starter.lost import check_known  # noqa: PLC0415 - seldom there

        await check_known(desk)
    return [row for row in rows if wanted.person is None or wanted.person in {row.assignee, row.first_contact}]


def _communities(desk: "Desk", community: str | None) -> list[str]:
    from domain.refusals import Refused  # noqa: PLC0415 - help needs none of it
    from starter.cli.errors import short  # noqa: PLC0415 - the same

    community = community or os.environ.get("HUIYIN_COMMUNITY_ID")
    if community is not None and community not in desk.settings.communities:
        raise Refused("unknown-community", community=short(community), allowed=", ".join(desk.settings.communities))
    return [community] if community else list(desk.settings.communities)


async def urgent_first(
    desk: "Desk", communities: Sequence[str], stage: str | None, *, everything: bool
) -> "list[OrderRow]":
    """Return orders by urgency: what is overdue first, then what falls due first; without a running clock last.

    The record puts orders whose clocks are all breached behind every due, so both ends are read.
    """
    from records import read as reading  # noqa: PLC0415 - help needs none of it
    from records.read import Position  # noqa: PLC0415 - the same

    chosen: dict[str, Any] = {"stage": stage, "open_only": not everything, "limit": PAGE}
    found = {row.order_id: row for row in await reading.orders(desk.pool, communities, **chosen)}
    if len(found) == PAGE:
        behind = await reading.orders(desk.pool, communities, after=Position(None, BEHIND_ALL_DUES), **chosen)
        found |= {row.order_id: row for row in behind}
    return sorted(found.values(), key=urgency)


def urgency(row: "OrderRow") -> tuple[bool, int, bool, int, bool, "datetime", str]:
    """Order rows; among equals those of special households come first (INT-10)."""
    escalated = row.closed_at is None and row.level > 0
    due = row.next_due_at or row.received_at
    slot, raised = int(due.timestamp()) // EQUALS, -row.level if escalated else 0
    return (row.closed_at is not None, raised, row.next_due_at is None, slot, not row.special, due, row.order_id)


def _show_list(screen: Screen, desk: "Desk", rows: "Sequence[OrderRow]", at: "datetime", *, hidden: int) -> None:
    from starter.cli.table import orders_table, special_legend  # noqa: PLC0415 - programs that read JSON need none of it

    if not rows:
        screen.show(no_order(screen))
        return
    screen.show(orders_table(screen, desk.settings, rows, at, wide=screen.console.width >= WIDE))
    overdue = sum(row.level > 0 and row.closed_at is None for row in rows)
    said = screen.t(
        f"{len(rows)} 张工单,{overdue} 张已升级", f"{len(rows)} order{'s' * (len(rows) != 1)}, {overdue} escalated"
    )
    if hidden > 0:
        said += screen.t(";还有更多(--limit)", "; there are more (--limit)")
    said += screen.t(" · huiyin show 单号 查看详情", " · see one: huiyin show ORDER")
    screen.show(styled(said + special_legend(screen, any_special=any(row.special for row in rows)), "dim"))


def no_order(screen: Screen) -> "RichText":
    """Say that there is nothing to show."""
    return styled(screen.t("没有符合条件的工单。", "No order fits."))


def show_order(
    order: Order,
    words: Annotated[
        bool, option("--words", None, "显示原话与遮盖的联系方式;查阅会留痕", "Show words, contacts masked; logged.")
    ] = False,
    because: Annotated[
        Text,
        option("--because", "REASON", "查阅理由;写明后显示完整联系方式", "Why you read them; shows contacts in full."),
    ] = None,
    who: Who = None,
    json: Json = False,
    lang: Lang = None,
) -> int:
    """Show one order."""
    screen = Screen.of(lang, json_wanted=json)
    reason = cli_input.words(because, "--because", cli_input.MAX_SHORT)
    if reason and not words:
        zh, en = "--because 须与 --words 一起使用。", "--because goes with --words."
        raise usage("usage", zh, en, *EXAMPLE)
    return asyncio.run(_show(screen, order, who, reason, words=words))


EXAMPLE = (
    "例如:huiyin show 10000001 --words --because 回拨业主 --as S06",
    "For example: huiyin show 10000001 --words --because 'calling back' --as S06",
)
"""How words are read in full."""


async def _show(screen: Screen, typed: str, who: str | None, because: str | None, *, words: bool) -> int:
    from starter.cli import door  # noqa: PLC0415 - help needs none of it
    from starter.cli.file import load_file, show_file  # noqa: PLC0415 - the same

    async with door.opened() as desk:
        reader = door.actor_of(door.asked_staff(who, screen), desk.settings) if words else None
        show_file(screen, desk.settings, await load_file(desk, door.order_id(typed), reader, because))
    return 0
