"""How the household of an order wants to be spoken with, and from when on it may be (FBK-02, FBK-05)."""

from datetime import datetime

from domain.closing.contacting import Household, Manner, manner_of, open_within
from domain.intake.proposing import groups_at, room_name
from domain.order import WorkOrder
from domain.settings.community import CommunityFile
from domain.timekeeping.almanac import calendar_row
from domain.timekeeping.calendars import Calendar, calendar_from
from records import ledger, subjects
from records.errors import guarded
from records.pool import Connection
from starter.desk import Desk


async def manner_for(desk: Desk, connection: Connection, community: str, subject_id: str) -> Manner:
    """Return how to speak with the person of an order; somebody who is nowhere known in the usual way.

    The ledger knows a person by one look-up. Whom it lacks may stand in the settings: found by the blind index of the
    number, so that nothing personal of the order is opened for it.
    """
    lines = await ledger.of_subject(connection, desk.ring, subject_id)
    household = Household.of_lines(lines) if lines else await _listed(desk, connection, community, subject_id)
    return manner_of(household, desk.settings.feedback)


async def _listed(desk: Desk, connection: Connection, community: str, subject_id: str) -> Household:
    """Return what the settings file says of a person."""
    for entry in desk.settings.resident:
        if entry.get("community") != community or not entry.get("phone"):
            continue
        if await subjects.find(connection, desk.ring, community, str(entry["phone"])) == subject_id:
            return Household.of(entry)
    return Household()


@guarded  # the connection may break while it is lent
async def groups_here(desk: Desk, community: str, room: str | None) -> frozenset[str]:
    """Return the groups of the household that lives in a room, by the ledger and by the settings file (INT-10)."""
    listed = groups_at(desk.settings, community, room)
    if not room:
        return listed
    async with desk.pool.acquire() as connection:
        lines = await ledger.at_room(connection, desk.ring, community, room_name(room))
    return listed.union(*(one.groups for one in lines))


async def manner_of_order(desk: Desk, order: WorkOrder) -> Manner:
    """Return how to speak with the person who reported an order."""
    async with desk.pool.acquire() as connection:
        return await manner_for(desk, connection, order.community, order.reporter)


def contact_hours_of(settings: CommunityFile, community: str, at: datetime) -> Calendar:
    """Return the calendar in which owners of a community may be contacted."""
    name = settings.notices.owner_contact_calendar
    estate = settings.communities.get(community)
    own = estate.instead.calendars.get(name, name) if estate else name
    return calendar_from(calendar_row(settings.calendars[own], settings.holiday_data, at.date()))


def call_before(calendar: Calendar, now: datetime, due: datetime) -> datetime | None:
    """Return until when an owner can still be called in time: the last contact hour before a due (FBK-05).

    None when no contact hour is left before it, or when it is over.
    """
    return max((segment.end for segment in calendar.segments(now, due)), default=None) if now < due else None


def contact_from(settings: CommunityFile, community: str, policy: str, at: datetime, hours: str = "") -> datetime:
    """Return from when on an owner may be contacted: at once under an urgent policy, else in contact hours (FBK-05).

    `hours` are the household's own, such as `18:00-20:00`.
    """
    if policy in settings.notices.owner_contact_exempt_policies:
        return at
    return open_within(contact_hours_of(settings, community, at), hours, at)
