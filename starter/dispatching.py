"""Giving an order to somebody: whom the house chooses and why, whose hands are full, and who is off duty."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any, NamedTuple

from domain.commands import CommandName
from domain.dispatch.choosing import Proposal, of_the_trade, spared
from domain.dispatch.roster import Roster
from domain.intake.deciding import check_clarified
from domain.lifecycle import SUPERVISORS
from domain.permission import refusal
from domain.refusals import Refused
from domain.settings.catalogue import team_of
from domain.settings.staffing import StaffEntry
from domain.vocabulary import Role, Severity, Stage
from records import dispatching, offers
from records import read as reading
from records.read import OrderRow
from starter.actor import Actor, staff_id, usr
from starter.desk import Desk, kept
from starter.pool import check_pool, grabbed_for
from starter.proposal import matter_of, proposal_for
from starter.standing import order_now

APPROVERS = SUPERVISORS | {Role.RULE}
"""Who may hand an order to somebody who is off duty (DSP-08)."""
GIVING = frozenset({CommandName.DISPATCH, CommandName.TRANSFER, CommandName.GRAB})
"""Commands by which somebody gets an order."""


def decision(proposal: Proposal, roster: Roster, rule: str) -> dict[str, Any]:
    """Return what the dispatch keeps of a proposal: the rule, everybody asked, and the roster's version (DSP-14)."""
    return {
        "rule": rule,
        "roster": roster.version,
        "candidates": [usr(one.staff) for one in proposal.candidates],
        "excluded": [f"{usr(one.staff)}:{one.why}" for one in proposal.excluded],
    }


class Giving(NamedTuple):
    """A command that gives an order to somebody."""

    order_id: str
    command: CommandName
    said: Mapping[str, Any]
    actor: str  # usr_…, who takes it himself where it is grabbed
    key: bytes | None  # digest of its key, under which a place is claimed; none = it is only foretold


async def given_to(desk: Desk, giving: Giving, at: datetime) -> dict[str, Any]:
    """Return what is said, completed; where the house chooses whom, it chooses again when a place was just taken.

    Refuses with `nobody-fits` or `load-limit`.
    """
    while True:
        said = dict(giving.said)
        if giving.command is CommandName.DISPATCH:
            said |= await chosen(desk, giving.order_id, said, at)
        if giving.command is CommandName.GRAB:
            said |= await _grabbed(desk, giving, at)
        try:
            contractor = contractor_of(desk, str(said.get("assignee", giving.actor)))
            return said | await _claimed(desk, giving, said) | {"contractor": contractor}
        except Refused as full:
            if full.code != "load-limit" or giving.said.get("assignee"):
                raise


def contractor_of(desk: Desk, person: str) -> str | None:
    """Return the contractor's team that somebody is of; None for one of our own staff."""
    entry = desk.roster.staff.get(staff_id(person))
    team = desk.roster.teams.get(entry.team) if entry else None
    return team.id if team and team.kind == "contractor" else None


async def _grabbed(desk: Desk, giving: Giving, at: datetime) -> dict[str, str]:
    """Look whether somebody may take it; who is too late hears that from the order itself."""
    row = await kept(reading.row(desk.pool, giving.order_id), order=giving.order_id)
    free = row.stage == Stage.DISPATCH and row.assignee is None
    team = await grabbed_for(desk, row, staff_id(giving.actor), at) if free else row.team
    return {"team": team or team_of(desk.settings, row.category, row.community)}


async def _claimed(desk: Desk, giving: Giving, said: Mapping[str, Any]) -> dict[str, bool]:
    """Keep a place for the order under the limit of whoever gets it; only urgent matters go beyond, and it is told."""
    person = desk.roster.staff.get(staff_id(str(said.get("assignee", giving.actor))))
    if giving.key is None or person is None:
        return {}
    row = await kept(reading.row(desk.pool, giving.order_id), order=giving.order_id)
    if person.id in spared(frozenset(map(staff_id, row.complained_of)), desk.roster):  # his people too
        number = giving.order_id.removeprefix("wo_")
        raise Refused("complained-of", assignee=person.id, order=number, command=giving.command.value)
    urgent = row.severity == Severity.URGENT
    limit = None if urgent else person.load_limit
    held = await kept(dispatching.claim(desk.pool, usr(person.id), giving.order_id, giving.key, limit))
    full = held >= person.load_limit
    if full and not urgent:
        number = giving.order_id.removeprefix("wo_")
        raise Refused("load-limit", assignee=person.id, held=held, limit=person.load_limit, order=number)
    return {"over_limit": True} if full else {}


async def chosen(desk: Desk, order_id: str, said: Mapping[str, Any], at: datetime) -> dict[str, Any]:
    """Complete a dispatch: whom to, when nobody is named, and why (DSP-14).

    Refuses with `nobody-fits`: the order stays with the operators, and its `dispatch` clock runs on (DSP-09).
    """
    row = await kept(reading.row(desk.pool, order_id), order=order_id)
    team = said.get("team") or team_of(desk.settings, row.category, row.community)
    if said.get("assignee") is None:
        check_pool(desk.settings.teams[team], order_id, await kept(offers.since(desk.pool, order_id)), at)
    proposal = await kept(proposal_for(desk, row, at, team))
    named = said.get("assignee")
    if named is None and proposal.first is None:
        await _check_ready(desk, order_id, at)
        raise Refused("nobody-fits", team=team, order=order_id.removeprefix("wo_"), command="dispatch")
    rule = proposal.rule if named is None else "assign"
    assignee = named or usr(str(proposal.first))
    why = decision(proposal, desk.roster, rule)
    return {"team": team, "assignee": assignee, "mode": rule, "decision": why}


async def _check_ready(desk: Desk, order_id: str, at: datetime) -> None:
    """Say of an order that nobody may be given yet why; that nobody fits would mislead, and call people in vain.

    Asked only then: a record that is a moment behind must not refuse what the process would take.
    """
    file = await kept(reading.order(desk.pool, order_id, list(desk.settings.communities)), order=order_id)
    order = await order_now(desk, file, at)
    if order.stage is not Stage.DISPATCH:
        closed = order.stage is Stage.CLOSED
        raise refusal("order-closed" if closed else "illegal-transition", order, CommandName.DISPATCH)
    check_clarified(order, CommandName.DISPATCH)


def check_receiver(desk: Desk, row: OrderRow, said: Mapping[str, Any], actor: Actor, at: datetime) -> None:
    """Refuse to hand an order to somebody off duty, unless a supervisor or a ladder does it (DSP-08).

    Whoever holds it does not approve that himself, whatever else he is.
    """
    receiver = staff_id(str(said.get("assignee")))
    if receiver not in desk.roster.staff or desk.roster.on_duty(receiver, at):
        return
    if not _approves(row, actor):
        number = row.order_id.removeprefix("wo_")
        raise Refused("receiver-off-duty", assignee=receiver, order=number, command="transfer")


def check_trade(desk: Desk, row: OrderRow, command: CommandName, said: Mapping[str, Any], actor: Actor) -> None:
    """Refuse somebody of another trade for an order or a piece of it, unless that is said to be meant so (DSP-01).

    A transfer across trades is a supervisor's to make, as one to somebody off duty is; a ladder goes by its own rule.
    """
    person = desk.roster.staff.get(staff_id(str(said.get("assignee"))))
    if person is None or Role.RULE in actor.roles:
        return
    meant = said.get("other_trade") and (command is CommandName.ADD_ASSIGNMENT or _approves(row, actor))
    if not meant and not _of_the_trade(desk, row, said.get("team"), person):
        number = row.order_id.removeprefix("wo_")
        raise Refused("other-trade", assignee=person.id, order=number, command=command.value)


def _of_the_trade(desk: Desk, row: OrderRow, team: str | None, person: StaffEntry) -> bool:
    """Tell whether somebody is of the team and has the skill; of a category that is gone nobody knows it."""
    if row.category not in desk.settings.categories:
        return True
    named = team or row.team or team_of(desk.settings, row.category, row.community)
    return named in desk.roster.teams and of_the_trade(person, matter_of(desk, row, named), desk.roster)


def _approves(row: OrderRow, actor: Actor) -> bool:
    """Tell whether somebody may approve a transfer that is out of the usual: nobody one of his own order."""
    return actor.id != row.assignee and not APPROVERS.isdisjoint(actor.roles)
