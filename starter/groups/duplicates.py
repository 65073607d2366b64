"""Possible duplicates of a matter before it is taken in: of one category and place, the most alike first (INT-12)."""

from collections.abc import Iterable
from datetime import datetime, timedelta
from typing import NamedTuple

from domain.commands import CommandName
from domain.intake.likeness import likeness
from domain.timekeeping.limits import seconds
from records import alike
from records import read as reading
from starter.acting import Given, give
from starter.actor import Actor
from starter.desk import Desk, kept
from starter.groups.membership import is_parent
from starter.groups.merging import merge
from starter.intake import IntakeForm
from starter.placing import spot_of
from starter.request import Request

CANDIDATES = 50
SHOWN = 5


class Hint(NamedTuple):
    """An order that may be the same matter. Its words are compared, and shown to nobody here."""

    order_id: str
    stage: str
    received_at: datetime
    is_incident: bool
    likeness: int | None  # of the words, 0 to 100; None where one of the two has none


async def possible_duplicates(desk: Desk, form: IntakeForm, at: datetime) -> list[Hint]:
    """Return the open orders that may be the same matter; none where the place is not known."""
    spot = spot_of(desk.settings, form)
    if spot is None:
        return []
    since = at - timedelta(seconds=seconds(desk.settings.grouping.duplicate_window))
    found = await kept(alike.recent(desk.pool, spot, since, CANDIDATES))
    said = await kept(alike.complaints(desk.pool, desk.ring, [one.order_id for one in found]))
    return best(Hint(*one, likeness(form.text, said.get(one.order_id, ""))) for one in found)


def best(hints: Iterable[Hint]) -> list[Hint]:
    """Return incidents first, then the most alike; an order whose words share nothing with these is another matter."""
    near = [hint for hint in hints if hint.is_incident or hint.likeness != 0]
    return sorted(near, key=lambda hint: (not hint.is_incident, -(hint.likeness or 0)))[:SHOWN]


async def join(desk: Desk, order_id: str, other: str, actor: Actor, key: str) -> Given:
    """Let a matter just received join another one: merged into it, or attached to it if it is an incident."""
    row = await kept(reading.row(desk.pool, other), order=other)
    if is_parent(row):
        said = {"incident": other}
        return await give(desk, Request(order_id, CommandName.ATTACH_TO_INCIDENT, actor, said, key=key))
    return await merge(desk, Request(order_id, CommandName.MERGE, actor, {"survivor": other}, key=key))
