"""Whether orders belong together: of one community, category and place, open, and in no other incident (GRP-05)."""

from collections.abc import Sequence
from typing import Final

from domain.groups.massing import rule_of
from domain.refusals import Refused
from domain.settings.community import CommunityFile
from domain.vocabulary import Stage
from records import incidents
from records import read as reading
from records.read import OrderRow
from starter.desk import Desk, kept

FEWEST: Final = 2


async def check_attachment(desk: Desk, order_id: str, incident: str, *, late: bool) -> None:
    """Refuse to attach an order to what is no confirmed incident of its like; what the order itself forbids it says.

    `late`: a member it was confirmed with, whom the relay brings however late.
    """
    order, parent = await _row(desk, order_id), await _row(desk, incident)
    if not is_parent(parent):
        raise Refused("not-an-incident", incident=incident)
    if parent.closed_at is not None:
        raise Refused("incident-over", incident=incident)
    if parent.stage == Stage.INTAKE:
        raise Refused("incident-unconfirmed", incident=incident)
    if parent.stage == Stage.FEEDBACK and not late:
        raise Refused("incident-solved", incident=incident)
    if not alike(desk.settings, order, parent):
        raise Refused("unlike-incident", member=order_id)


async def check_childless(desk: Desk, incident: str) -> None:
    """Refuse to dismiss an incident of which orders are children, or are about to be, and have not ended."""
    children = await kept(incidents.children(desk.pool, incident))
    waiting = [one for one in await kept(incidents.joinings(desk.pool, incident)) if one.outcome is None]
    living = {row.order_id for row in children if row.closed_at is None} | {one.child for one in waiting}
    if living:
        raise Refused("incident-has-children", incident=incident, count=len(living))


async def rows_of(desk: Desk, order_ids: Sequence[str]) -> list[OrderRow]:
    """Return orders by their numbers, each once; refuses with `not-found`."""
    return [await _row(desk, one) for one in sorted(set(order_ids))]


async def check_members(desk: Desk, rows: Sequence[OrderRow]) -> None:
    """Refuse to propose an incident for orders of which one does not fit, or waits for a word on such a proposal."""
    _check_alike(desk.settings, rows)
    proposed = await kept(incidents.proposal_naming(desk.pool, rows[0], [one.order_id for one in rows]))
    if proposed is not None:
        raise Refused("member-proposed", member=proposed[0], incident=proposed[1])


def _check_alike(settings: CommunityFile, rows: Sequence[OrderRow]) -> None:
    if len(rows) < FEWEST:
        raise Refused("too-few-members")
    for row in rows:
        if is_parent(row):
            raise Refused("member-is-incident", member=row.order_id)
        if row.incident is not None:
            raise Refused("member-attached", member=row.order_id, incident=row.incident)
        if row.closed_at is not None:
            raise Refused("member-closed", member=row.order_id)
        if not alike(settings, row, rows[0]):
            raise Refused("unlike-members", member=row.order_id, other=rows[0].order_id)


async def _row(desk: Desk, order_id: str) -> OrderRow:
    return await kept(reading.row(desk.pool, order_id), order=order_id)


def is_parent(row: OrderRow) -> bool:
    """Tell whether an order is an incident itself."""
    return row.incident == row.order_id


def alike(settings: CommunityFile, one: OrderRow, other: OrderRow) -> bool:
    """Tell whether two orders may have one cause: in one building, unless the category counts whole communities."""
    rule = rule_of(settings, one.category)
    everywhere = rule is not None and rule.scope == "community"
    same_place = everywhere or one.building == other.building
    return (one.community, one.category) == (other.community, other.category) and same_place
