"""Whom an order may be given to now: the settings' people and the record's loads, put to `domain.dispatching`."""

from datetime import datetime
from typing import Any

from domain.catalogue import team_of
from domain.dispatching import Load, Matter, Proposal, propose
from domain.roster import Roster, roster_of
from domain.vocabulary import Severity
from records import dispatching
from records.read import OrderRow
from starter.actor import staff_id, usr
from starter.desk import Desk


async def proposal_for(desk: Desk, row: OrderRow, at: datetime, team: str | None = None) -> Proposal:
    """Return who may be given an order, the first first, and who may not and why (DSP-01, DSP-14)."""
    roster = roster_of(desk.settings)
    team = team or team_of(desk.settings, row.category, row.community)
    held = await dispatching.loads(desk.pool, [usr(one) for one in roster.staff])
    loads = {staff_id(one.staff): Load(one.open, one.given_at) for one in held}
    return propose(await _matter(desk, row, team), roster, loads, at)


async def _matter(desk: Desk, row: OrderRow, team: str) -> Matter:
    last = await dispatching.last_given(desk.pool, team)
    knows = await dispatching.handlers_at(desk.pool, row.community, row.building)
    return Matter(
        community=row.community,
        team=team,
        skill=desk.settings.categories[row.category].skill,
        severity=Severity(row.severity),
        building=row.building,
        knows_it=frozenset(map(staff_id, knows)),
        last_given=staff_id(last) if last else None,
    )


def decision(proposal: Proposal, roster: Roster) -> dict[str, Any]:
    """Return what the dispatch keeps of a proposal: the rule, everybody asked, and the roster's version (DSP-14)."""
    return {
        "rule": proposal.mode,
        "roster": roster.version,
        "candidates": [usr(one.staff) for one in proposal.candidates],
        "excluded": [f"{usr(one.staff)}:{one.why}" for one in proposal.excluded],
    }
