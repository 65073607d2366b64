"""What a command was understood to tell, said below its ✓: instants with their dates, rules that are other ones."""

import json
from collections.abc import Mapping
from typing import TYPE_CHECKING

from domain.commands import CommandName
from records.read import OrderFile
from starter.cli import door
from starter.cli.screen import Screen, styled
from starter.cli.zoned import Zoned
from starter.moves import MOVERS
from starter.telling.names import Names
from starter.telling.timeline import Teller, entries

if TYPE_CHECKING:
    from rich.text import Text

    from starter.desk import Desk
    from starter.request import Request

TELLS: Mapping[str, str] = {
    CommandName.PROMISE: "promise_made",
    CommandName.RECORD_CONFLICT_STEP: "promise_made",
    CommandName.GIVE_PLAN: "plan_given",
    CommandName.REQUEST_SUSPENSION: "suspension_requested",
}
"""Commands that name an instant to come, and the event that keeps it; pauses that began are told with their cap."""


def echo_lines(screen: Screen, desk: "Desk", request: "Request", file: OrderFile, seq: int) -> "list[Text]":
    """Say what was understood, so that whoever types notices a slip; nothing of a step that promised nothing."""
    kind = TELLS.get(request.command)
    if request.command == CommandName.RECORD_CONFLICT_STEP and not request.said.get("window_end_at"):
        return []
    told = [one for one in entries(file.events) if one.type == kind and one.seq <= seq][-1:]
    zoned = Zoned(door.zone_of(desk.settings, file.row.community), door.now(), screen.lang)
    teller = Teller(Names(desk.settings, screen.lang), zoned.minute)
    return [styled(f"  {teller.detail(one)}", "cyan") for one in told]


def settings_line(screen: Screen, file: OrderFile, seq: int) -> "list[Text]":
    """Say after a change of class, or a recount, that the order goes by other settings now than before (CLK-31)."""
    pinned = MOVERS | {"work_order.received", "work_order.incident_proposed"}
    told = [json.loads(row.body)["payload"] for row in file.events if row.type in pinned and row.seq <= seq][-2:]
    before, after = (told[0]["policy_version"], told[-1]["policy_version"])
    if before == after:
        return []
    zh = f"  今后按现行配置 {after} 计时(此前为 {before})"
    en = f"  from now on it goes by the settings in force, {after} ({before} before)"
    return [styled(screen.t(zh, en), "yellow")]
