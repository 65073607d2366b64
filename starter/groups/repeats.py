"""The same matter again after it was closed: linked, counted, and raised to the service manager (GRP-04, CBK-09)."""

from datetime import datetime, timedelta

from domain.intake.events import Repeat
from domain.refusals import Refused
from domain.timekeeping.limits import parse
from records import alike
from records import read as reading
from records.alike import Closed
from starter.desk import Desk, kept
from starter.intake import IntakeForm
from starter.placing import spot_of

CANDIDATES = 200


async def repeat_of(desk: Desk, form: IntakeForm, at: datetime) -> Repeat | None:
    """Return which closed order a matter repeats, and for which time; none = it is new, or is another's old record.

    An order named by the reporter counts however long ago it was closed (CBK-09). Raises `Refused`.
    """
    if form.external_created_at is not None:
        return None
    rules = desk.settings.grouping
    if form.repeats is not None:
        before = await _named(desk, form, form.repeats)
    else:
        before = await _found(desk, form, at - timedelta(days=parse(rules.repeat_window).amount))
    return Repeat(of=before[0], number=len(before), raise_to=rules.repeat_raises_to) if before else None


async def _named(desk: Desk, form: IntakeForm, order_id: str) -> list[str]:
    row = await kept(reading.row(desk.pool, order_id), order=order_id)
    if row.community != form.community:
        raise Refused("not-found", order=order_id)
    if row.closed_at is None:
        raise Refused("repeat-of-open", other=order_id)
    return [order_id]


async def _found(desk: Desk, form: IntakeForm, since: datetime) -> list[str]:
    """Return the orders of this very place, the latest first: of a building the same room, else the public area."""
    spot = spot_of(desk.settings, form)
    if spot is None:
        return []
    closed = await kept(alike.closed(desk.pool, desk.ring, spot, since, CANDIDATES))
    return [one.order_id for one in closed if spot.building is None or same_room(one, form.room)]


def same_room(one: Closed, room: str | None) -> bool:
    """Tell whether an order was about a room, however its number was typed."""
    return one.room is not None and room is not None and _plain(one.room) == _plain(room)


def _plain(room: str) -> str:
    return "".join(sign for sign in room.upper() if sign.isalnum())
