"""What whoever gives an order to somebody off duty is told: he may mean it so, but must not miss it (DSP-01)."""

from datetime import datetime
from typing import TYPE_CHECKING, Any, NamedTuple

from domain.commands import CommandName
from domain.dispatch.duty_roster import State, duty_of, on_duty_from
from starter.actor import staff_id, usr
from starter.cli.door import now, number, zone_of
from starter.cli.screen import Screen, styled
from starter.cli.times import shown
from starter.telling.names import Names

if TYPE_CHECKING:
    from rich.text import Text

    from records.read import OrderFile
    from starter.desk import Desk
    from starter.request import Request

GIVEN = {
    CommandName.DISPATCH: "work_order.dispatched",
    CommandName.TRANSFER: "work_order.transferred",
    CommandName.ADD_ASSIGNMENT: "work_order.assignment_added",
}
"""Commands by which a person chooses who gets an order or a piece of it, by the event that each leaves."""


class OffDuty(NamedTuple):
    """Somebody who got an order while they were not on duty."""

    staff: str
    state: State
    since: datetime | None  # when they are on duty next; None = their shift never opens again


def off_duty(desk: "Desk", request: "Request", at: datetime) -> OffDuty | None:
    """Return whom a command gave an order to, if a person chose them and they were off duty or absent then."""
    who = staff_id(str(request.said.get("assignee")))
    if request.command not in GIVEN or who not in desk.roster.staff:
        return None
    state = duty_of(desk.roster, who, at).state
    return None if state is State.ON_DUTY else OffDuty(who, state, on_duty_from(desk.roster, who, at))


def was_off_duty(desk: "Desk", request: "Request", file: "OrderFile", seq: int) -> OffDuty | None:
    """Return the same of a command that was answered; of a repetition as it was when the first one gave the order."""
    kind = GIVEN.get(request.command)
    at = next((row.at for row in reversed(file.events) if row.seq <= seq and row.type == kind), None)
    return None if at is None else off_duty(desk, request, at)


def off_duty_facts(found: OffDuty | None) -> dict[str, Any] | None:
    """Return it in codes."""
    return found and {"staff": found.staff, "state": found.state, "on_duty_at": found.since}


def off_duty_lines(screen: Screen, desk: "Desk", file: "OrderFile", found: OffDuty | None) -> "list[Text]":
    """Say who is not there, from when on they are, and how to see who is."""
    if found is None:
        return []
    t, zone = screen.t, zone_of(desk.settings, file.row.community)
    who = Names(desk.settings, screen.lang).person(usr(found.staff))
    why = t("请假", "absent") if found.state is State.ABSENT else t("不当班", "off duty")
    when = found.since and shown(found.since, zone, now(), screen.lang)
    back = t(f",{when} 起当班", f"; on duty again from {when}") if when else ""
    said = t(f"  注意:{who} 此刻{why}{back}。现在谁当班:", f"  Mind: {who} is {why} now{back}. Who is on duty:")
    return [styled(said, "yellow"), styled(f"  huiyin propose {number(file.row.order_id)}", "bold cyan")]
