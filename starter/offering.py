"""Orders that wait for somebody to take them: told at once, and offered when somebody fits (DSP-05, DSP-09, DSP-10)."""

from datetime import datetime
from typing import Final

import structlog

from domain.dispatch.choosing import Proposal, spared
from domain.dispatch.roster import Roster
from domain.settings.catalogue import team_of
from domain.settings.staffing import TeamEntry
from domain.vocabulary import Role
from records import offers, outgoing
from records import read as reading
from records.offers import WaitingOrder
from records.outgoing import Notice
from records.pool import transaction
from records.read import OrderRow
from starter.actor import staff_id, usr
from starter.desk import Desk, kept
from starter.notices import told_by_door
from starter.pool import is_pool, patience, pool_categories
from starter.proposal import proposal_for

NOBODY_FITS: Final = "nobody_fits"
OFFER: Final = "offer"
IN_POOL: Final = "in_pool"
NOT_GRABBED: Final = "not_grabbed"
OPERATORS: Final = ""
"""Stands for the operators among those an order was offered to."""
AT_ONCE: Final = 50

log = structlog.get_logger("huiyin.offering")


async def nobody_fits(desk: Desk, order_id: str, team: str, now: datetime) -> None:
    """Note that nobody could be given an order, and tell operators and team lead at once (DSP-09)."""
    row = await kept(reading.row(desk.pool, order_id), order=order_id)
    await kept(offers.note_nobody(desk.pool, order_id, row.generation, team))
    for role in (Role.DISPATCH_OPERATOR, Role.TEAM_LEAD):
        said = {"role": role.value, "team": team}
        for notice in told_by_door(row, NOBODY_FITS, said, desk.settings, desk.roster, now):
            await kept(outgoing.add_notice(desk.pool, notice))


async def offer_waiting(desk: Desk, roster: Roster, now: datetime) -> int:
    """Offer what waits to whoever can take it now, the oldest first, to each person one at a time (DSP-10).

    An order of a pool is told to everybody of the pool at once (DSP-05). Returns how many offers were made.
    """
    found = await offers.waiting(desk.pool, list(desk.settings.communities), pool_categories(desk), AT_ONCE)
    busy = set(await offers.busy(desk.pool)) if found else set()
    made = 0
    for one in found:
        made += await _offer(desk, roster, one, busy, now)
    return made


async def _offer(desk: Desk, roster: Roster, one: WaitingOrder, busy: set[str], now: datetime) -> int:
    row = await reading.row(desk.pool, one.order_id)
    await _withdrawn(desk, roster, row)
    team = desk.settings.teams[one.team or team_of(desk.settings, row.category, row.community)]
    proposal = await proposal_for(desk, row, now, team.id)
    if is_pool(team):
        made = [await _offered(desk, roster, row, person, IN_POOL, now) for person in _people(proposal)]
        return sum(made) + await _over(desk, roster, row, team, one.since, now)
    free = [person for person in _people(proposal) if person not in busy]
    for person in free:
        if await _offered(desk, roster, row, person, OFFER, now):
            busy.add(person)
            return 1
    return 0


async def _withdrawn(desk: Desk, roster: Roster, row: OrderRow) -> None:
    """Take an offer back from whom the matter turned out to be about, and from his people (DSP-13)."""
    about = frozenset(map(staff_id, row.complained_of))
    left_alone = [usr(one) for one in spared(about, roster)] if about else []
    gone = await offers.withdraw(desk.pool, row.order_id, row.generation, left_alone) if left_alone else []
    for person in gone:
        log.info("offer.withdrawn", order=row.order_id, person=person)


def _people(proposal: Proposal) -> list[str]:
    return [usr(one.staff) for one in proposal.candidates]


async def _offered(desk: Desk, roster: Roster, row: OrderRow, person: str, topic: str, now: datetime) -> bool:
    """Offer an order to somebody, once; the offer and its message are kept together."""
    said = {"role": Role.ASSIGNEE.value, "person": person}
    return await _kept_once(desk, row, person, told_by_door(row, topic, said, desk.settings, roster, now))


async def _over(
    desk: Desk, roster: Roster, row: OrderRow, team: TeamEntry, since: datetime | None, now: datetime
) -> bool:
    """Tell the operators, once, that nobody of a pool took an order in time: they assign it (DSP-05)."""
    if since is None or now < since + patience(team):
        return False
    said = {"role": Role.DISPATCH_OPERATOR.value, "team": team.id, "minutes": int(patience(team).total_seconds()) // 60}
    return await _kept_once(desk, row, OPERATORS, told_by_door(row, NOT_GRABBED, said, desk.settings, roster, now))


async def _kept_once(desk: Desk, row: OrderRow, person: str, notices: list[Notice]) -> bool:
    async with transaction(desk.pool) as conn:
        new = await offers.add(conn, row.order_id, row.generation, person)
        for notice in notices if new else ():
            await outgoing.add_notice(conn, notice)
    if new:
        log.info("offer.made", order=row.order_id, person=person or None)
    return new
