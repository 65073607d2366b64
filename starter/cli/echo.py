"""What instants a command was understood to tell, said with their dates below its ✓ (CLK-10, CLK-11, CLK-17)."""

from collections.abc import Mapping
from typing import TYPE_CHECKING

from domain.commands import CommandName
from records.read import OrderFile
from starter.cli import door
from starter.cli.screen import Screen, styled
from starter.cli.zoned import Zoned
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
