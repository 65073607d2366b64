"""`huiyin explain`: how a deadline was counted, in words, as a bar, or as JSON (CLK-30)."""

import asyncio
from collections.abc import Sequence
from datetime import datetime
from typing import TYPE_CHECKING, Annotated, NamedTuple

from starter.cli import input as cli_input
from starter.cli.errors import Failure
from starter.cli.options import Json, Lang, Order, argument, option
from starter.cli.options import OptionalText as Text
from starter.cli.screen import Screen

if TYPE_CHECKING:
    from domain.order import WorkOrder
    from domain.settings.community import CommunityFile
    from domain.timekeeping.clocks import Clock
    from domain.timekeeping.explaining import Explanation
    from starter.settled import Past

EXAMPLE = "huiyin explain 10000001 handling"


class Which(NamedTuple):
    """Which clocks of an order are meant; without a name those that are owed."""

    name: str | None
    generation: int | None = None
    turn: int | None = None
    everything: bool = False


def explain(
    order: Order,
    clock: Annotated[
        Text,
        argument("CLOCK", "哪个计时,例如 处理;不填为各计时摘要", "Which clock; all that are owed when left out."),
    ] = None,
    generation: Annotated[
        Text, option("--generation", "N", "第几轮,默认最近", "Which generation; default: the latest.")
    ] = None,
    turn: Annotated[Text, option("--turn", "N", "第几次计时,默认最近", "Which turn; default: the latest.")] = None,
    everything: Annotated[bool, option("--all", None, "已结束的计时也列出", "Clocks that have ended, too.")] = False,
    json: Json = False,
    lang: Lang = None,
) -> int:
    """Explain the deadlines of one order."""
    screen = Screen.of(lang, json_wanted=json)
    which = Which(
        cli_input.clock(clock, "CLOCK"),
        cli_input.count(generation, "--generation", 1, 999),
        cli_input.count(turn, "--turn", 1, 999),
        everything,
    )
    return asyncio.run(_explain(screen, order, which))


async def _explain(screen: Screen, typed: str, which: Which) -> int:
    from domain.timekeeping.explaining import explain as explained  # noqa: PLC0415 - help needs none of it
    from starter.cli import door  # noqa: PLC0415 - the same
    from starter.explained import facts  # noqa: PLC0415 - the same
    from starter.moves import move_facts, moves_of  # noqa: PLC0415 - the same
    from starter.settled import Past, settled  # noqa: PLC0415 - the same
    from starter.standing import order_now  # noqa: PLC0415 - the same

    async with door.opened() as desk:
        file, at = await door.order_file(desk, door.order_id(typed)), door.now()
        order = await order_now(desk, file, at)
    told = [explained(order, clock, at) for clock in chosen(order, which)]
    moved = [moves_of(file.events, one.clock) for one in told]
    became = [settled(file.events, one.clock) for one in told]
    clocks = [
        {**facts(one), **by.facts(), "moves": [*map(move_facts, moves)]}
        for one, by, moves in zip(told, became, moved, strict=True)
    ]
    screen.document({"order": file.row.order_id, "at": at, "clocks": clocks})
    if screen.json:
        return 0
    if which.name is not None and not which.everything:
        show_whole(screen, desk.settings, order, told[0], at, Past(moved[0], became[0]))
    else:
        show_short(screen, desk.settings, order, told, at)
    return 0


def chosen(order: "WorkOrder", which: Which) -> "Sequence[Clock]":
    """Return the clocks meant, the most urgent first; of one name the latest, unless all are wanted."""
    found = [clock for clock in order.clocks if _meant(clock, which)]
    if which.name is None:
        return sorted(found, key=lambda clock: (not clock.running, order.due(clock)))
    if not found:
        raise _no_such(order, which.name)
    return found if which.everything else [max(found, key=lambda clock: (clock.generation, clock.turn))]


def _meant(clock: "Clock", which: Which) -> bool:
    named = which.name in {None, clock.name.value}
    exactly = which.generation in {None, clock.generation} and which.turn in {None, clock.turn}
    return named and exactly and (clock.running or which.everything or which.name is not None)


def _no_such(order: "WorkOrder", name: str) -> Failure:
    from domain.words import CLOCKS, word  # noqa: PLC0415 - only a refusal needs them
    from starter.cli.door import number  # noqa: PLC0415 - the same

    known = dict.fromkeys(clock.name.value for clock in order.clocks)
    zh = f"工单 {number(order.order_id)} 没有这样的「{word(CLOCKS, name, 'zh')}」计时。"
    en = f"Work order {number(order.order_id)} has no such clock: {word(CLOCKS, name, 'en')}."
    remedy = ("、".join(f"{word(CLOCKS, one, 'zh')} {one}" for one in known), ", ".join(known))
    facts = {"clock": name, "allowed": ", ".join(known)}
    return Failure("no-such-clock", zh, en, f"本单的计时:{remedy[0]}。", f"Its clocks: {remedy[1]}.", facts=facts)


def show_short(
    screen: Screen, file: "CommunityFile", order: "WorkOrder", told: "Sequence[Explanation]", at: datetime
) -> None:
    """Show several deadlines, each on a line."""
    from starter.cli.explain_list import short_lines  # noqa: PLC0415 - programs that read JSON need none of it
    from starter.telling.names import Names  # noqa: PLC0415 - the same

    screen.show(*short_lines(screen, Names(file, screen.lang), order, told, at))


def show_whole(
    screen: Screen, file: "CommunityFile", order: "WorkOrder", told: "Explanation", at: datetime, past: "Past"
) -> None:
    """Show one deadline whole, with who answers for it while it is owed."""
    from starter.accountable import Accountable  # noqa: PLC0415 - programs that read JSON need none of it
    from starter.actor import usr  # noqa: PLC0415 - the same
    from starter.cli.explain_page import Sum  # noqa: PLC0415 - the same
    from starter.telling.names import Names  # noqa: PLC0415 - the same

    names = Names(file, screen.lang)
    case = {name: getattr(order, name) for name in ("team", "first_contact", "assignee", "complained_of")}
    persons = Accountable(file, at).persons(told.accountable, order.community, **case) if told.clock.running else ()
    who = [names.person(usr(p.staff_id)) for p in persons]
    screen.show(*Sum(screen, names, told, at, who, past).lines(order.order_id))
