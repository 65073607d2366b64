"""Whom an order may be given to now: the settings' people and the record's loads, put to `domain.dispatch.choosing`."""

from datetime import datetime

from domain.dispatch.choosing import Load, Matter, Proposal, asked, propose
from domain.vocabulary import Severity
from records import dispatching
from records.read import OrderRow
from starter.actor import staff_id, usr
from starter.desk import Desk


async def proposal_for(desk: Desk, row: OrderRow, at: datetime, team: str) -> Proposal:
    """Return who may be given an order, the first first, and who may not and why (DSP-01, DSP-14)."""
    roster, matter = desk.roster, await _matter(desk, row, team)
    held = await dispatching.loads(desk.pool, [usr(one.id) for one in asked(matter, roster)])
    loads = {staff_id(one.staff): Load(one.open, one.given_at) for one in held}
    return propose(matter, roster, loads, at)


async def _matter(desk: Desk, row: OrderRow, team: str) -> Matter:
    last = await dispatching.last_given(desk.pool, team)
    former = await dispatching.former_assignee(desk.pool, row.order_id) if row.generation > 1 else None
    knows = await dispatching.handlers_at(desk.pool, row.community, row.building)
    return matter_of(desk, row, team)._replace(
        knows_it=frozenset(map(staff_id, knows)),
        former=staff_id(former) if former else None,
        last_given=staff_id(last) if last else None,
    )


def matter_of(desk: Desk, row: OrderRow, team: str) -> Matter:
    """Return what an order asks of whoever of a team gets it."""
    return Matter(
        community=row.community,
        team=team,
        skill=desk.settings.categories[row.category].skill,
        severity=Severity(row.severity),
        building=row.building,
        complained_of=frozenset(map(staff_id, row.complained_of)),
    )
