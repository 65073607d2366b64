"""Proposing incidents by rule: the relay looks at each arrival of a category that may be many's (GRP-05, ST-29)."""

from datetime import timedelta

import structlog

from domain.groups.massing import rule_of, together
from domain.refusals import Refused
from domain.settings.community import CommunityFile, MassIncident
from domain.timekeeping.limits import seconds
from records import alike
from records import read as reading
from records.alike import Place, Watch
from records.pool import Connection, transaction
from records.read import OrderRow
from starter.acting import UNDECIDED
from starter.deeds import RULE
from starter.desk import Desk, kept
from starter.groups.proposing import ProposalForm, propose_incident

AT_ONCE = 20
NONE = "none"
ON_ITS_WAY = "proposal-on-its-way"
"""No refusal: an incident of the same place is just being proposed; looked at again once that is written."""

log = structlog.get_logger("huiyin.massing")


async def propose_by_rule(desk: Desk) -> int:
    """Look at the arrivals that wait, one after the other, and propose where there are enough; return how many."""
    watches = await alike.claim_watches(desk.pool, AT_ONCE)
    return sum([await _look(desk, one) for one in watches])


async def _look(desk: Desk, watch: Watch) -> bool:
    """Look at one arrival; False when its outcome is not known yet."""
    try:
        outcome = await _outcome(desk, watch)
    except Refused as refusal:
        if refusal.code in UNDECIDED | {ON_ITS_WAY}:
            return False
        outcome = refusal.code
    await alike.end_watch(desk.pool, watch.order_id, outcome)
    if outcome != NONE:
        log.info("incident.proposed", order=watch.order_id, outcome=outcome)
    return True


async def _outcome(desk: Desk, watch: Watch) -> str:
    """Propose, under a key of the arrival's own and for members fixed before: twice is the same as once."""
    row = await kept(reading.row(desk.pool, watch.order_id))
    rule = rule_of(desk.settings, row.category)
    if rule is None:
        return NONE
    members = tuple(watch.members or ()) or await kept(_fixed(desk, row, rule))
    if not members:
        return NONE
    form = ProposalForm(members, said_of(desk.settings, row, rule, len(members)), f"mass/{watch.order_id}")
    return (await propose_incident(desk, form, RULE)).order_id


async def _fixed(desk: Desk, row: OrderRow, rule: MassIncident) -> tuple[str, ...]:
    """Fix whom a proposal names; of several relays one at a time, and none while another's is not written yet."""
    place = place_of(desk.settings, row, rule)
    async with transaction(desk.pool) as connection:
        await alike.one_proposer(connection, place)
        if await alike.on_their_way(connection, place):
            raise Refused(ON_ITS_WAY)
        members = await _members(connection, place, row, rule)
        if members:
            await alike.fix_watch(connection, row.order_id, members)
    return members


async def _members(connection: Connection, place: Place, row: OrderRow, rule: MassIncident) -> tuple[str, ...]:
    """Return whom an arrival makes enough of: nobody while an incident of that place is open, none proposed before."""
    window = timedelta(seconds=seconds(rule.window))
    parents = await alike.parents(connection, place, row.received_at - 2 * window)
    if not place.buildings or any(one.open for one in parents):
        return ()
    since, until = row.received_at - window, row.received_at + window
    cases = await alike.open_cases(connection, place, since, until, is_test=row.is_test)
    asked = {member for one in parents for member in one.members}
    return together([one for one in cases if one[0] not in asked], row.order_id, rule.count, window)


def place_of(settings: CommunityFile, row: OrderRow, rule: MassIncident) -> Place:
    """Return the place within which matters count together: a building, or all of a community."""
    if rule.scope == "community":
        buildings = tuple(one.code for one in settings.communities[row.community].building)
    else:
        buildings = (row.building,) if row.building else ()
    return Place(row.community, row.category, buildings)


def said_of(settings: CommunityFile, row: OrderRow, rule: MassIncident, count: int) -> str:
    """Say why an incident is proposed; the record keeps it as the supposed cause."""
    place = row.building if rule.scope == "building" else settings.communities[row.community].name
    minutes = seconds(rule.window) // 60
    return f"{place} {minutes} 分钟内 {count} 起{settings.categories[row.category].name},疑为同一原因(系统提议)"
