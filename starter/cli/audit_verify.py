"""`huiyin audit verify`: the chains of refusals, reads of personal data and notices, link by link."""

import asyncio
from typing import TYPE_CHECKING

from domain.words import Pair, Table, word
from starter.cli.errors import REFUSED
from starter.cli.options import Json, Lang
from starter.cli.screen import Screen, styled

if TYPE_CHECKING:
    from starter.chain_check import Checked, Flaw

FLAWS: Table = {
    "event-missing": Pair("缺少这一条", "is missing"),
    "event-changed": Pair("内容或链值被改动", "was changed, or its hash was"),
    "event-elsewhere": Pair("不是写在这里的一条", "was not written at this place"),
    "notice-missing": Pair("所记的通知不在了", "tells of a notice that is gone"),
    "notice-changed": Pair("与通知现在的内容不符", "tells something else than the notice does now"),
    "notice-unchained": Pair("链上没有这条通知", "no event tells of this notice"),
    "notice-twice": Pair("同一通知记了两次", "tells of a notice a second time"),
}
"""What is wrong with a chain."""


def verify(json: Json = False, lang: Lang = None) -> int:
    """Verify every chain beside the orders' own; exit code 1 when one is not what was written."""
    return asyncio.run(_verify(Screen.of(lang, json_wanted=json)))


async def _verify(screen: Screen) -> int:
    from starter.chain_check import check_chains  # noqa: PLC0415 - help needs none of it
    from starter.cli import door  # noqa: PLC0415 - the same

    chains = events = flawed = 0
    async with door.opened() as desk:
        async for one in check_chains(desk):
            chains, events, flawed = chains + 1, events + one.events, flawed + bool(one.flaws)
            _show(screen, one)
    said = screen.t(f"{chains} 条链,{events} 个事件", f"{chains} chains, {events} events")
    said += (
        screen.t(f";有问题的 {flawed} 条", f"; {flawed} not what was written")
        if flawed
        else screen.t(",全部完整", ", all whole")
    )
    screen.show(styled(said, "bold red" if flawed else "green"))
    return REFUSED if flawed else 0


def _show(screen: Screen, one: "Checked") -> None:
    flaws = [{name: value for name, value in flaw._asdict().items() if value is not None} for flaw in one.flaws]
    screen.document({"chain": one.chain, "ok": not flaws, "events": one.events, "flaws": flaws})
    if one.flaws:
        screen.show(styled(f"✗ {one.chain}", "bold red"))
    screen.show(*(styled(f"    {_said(screen, flaw)}", "red") for flaw in one.flaws))


def _said(screen: Screen, flaw: "Flaw") -> str:
    where = screen.t(f"第 {flaw.seq} 条", f"event {flaw.seq}") if flaw.seq else ""
    parts = [where, word(FLAWS, flaw.code, screen.lang), f"({flaw.notice})" if flaw.notice else "", f"[{flaw.code}]"]
    return " ".join(filter(None, parts))
