"""Whom an order may be given to now: the settings' people and the record's loads, put to `domain.dispatching`."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from domain.catalogue import team_of
from domain.dispatching import Load, Matter, Proposal, propose
from domain.lifecycle import SUPERVISORS
from domain.refusals import Refused
from domain.roster import Roster
from domain.vocabulary import Role, Severity
from records import dispatching
from records import read as reading
from records.read import OrderRow
from starter.actor import Actor, staff_id, usr
from starter.desk import Desk, kept

APPROVERS = SUPERVISORS | {Role.RULE}
"""Who may hand an order to somebody who is off duty (DSP-08)."""


async def proposal_for(desk: Desk, row: OrderRow, at: datetime, team: str) -> Proposal:
    """Return who may be given an order, the first first, and who may not and why (DSP-01, DSP-14)."""
    roster = desk.roster
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


def decision(proposal: Proposal, roster: Roster, rule: str) -> dict[str, Any]:
    """Return what the dispatch keeps of a proposal: the rule, everybody asked, and the roster's version (DSP-14)."""
    return {
        "rule": rule,
        "roster": roster.version,
        "candidates": [usr(one.staff) for one in proposal.candidates],
        "excluded": [f"{usr(one.staff)}:{one.why}" for one in proposal.excluded],
    }


async def chosen(desk: Desk, order_id: str, said: Mapping[str, Any], at: datetime) -> dict[str, Any]:
    """Complete a dispatch: whom to, when nobody is named, and why (DSP-14).

    Refuses with `nobody-fits`: the order stays with the operators, and its `dispatch` clock runs on (DSP-09).
    """
    row = await kept(reading.row(desk.pool, order_id), order=order_id)
    team = said.get("team") or team_of(desk.settings, row.category, row.community)
    proposal = await kept(proposal_for(desk, row, at, team))
    named = said.get("assignee")
    if named is None and proposal.first is None:
        raise Refused("nobody-fits", team=team, order=order_id.removeprefix("wo_"), command="dispatch")
    rule = proposal.mode if named is None else "assign"
    assignee = named or usr(str(proposal.first))
    why = decision(proposal, desk.roster, rule)
    return {"team": team, "assignee": assignee, "mode": rule, "decision": why}


def check_receiver(desk: Desk, order_id: str, said: Mapping[str, Any], actor: Actor, at: datetime) -> None:
    """Refuse to hand an order to somebody off duty, unless a supervisor or a ladder does it (DSP-08)."""
    receiver = staff_id(str(said.get("assignee")))
    known = receiver in desk.roster.staff
    if APPROVERS.isdisjoint(actor.roles) and known and not desk.roster.on_duty(receiver, at):
        raise Refused("receiver-off-duty", assignee=receiver, order=order_id.removeprefix("wo_"), command="transfer")
