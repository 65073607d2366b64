"""How the household of an order wants to be spoken with, and from when on it may be (FBK-02, FBK-05)."""

from datetime import datetime

from domain.almanac import calendar_row
from domain.attempts import open_from
from domain.calendars import Calendar, calendar_from
from domain.community import CommunityFile
from domain.contacting import Household, Manner, manner_of
from domain.order import WorkOrder
from records import subjects
from records.pool import Connection
from starter.desk import Desk


async def manner_for(desk: Desk, connection: Connection, community: str, subject_id: str) -> Manner:
    """Return how to speak with the person of an order; somebody unknown to the settings in the usual way.

    He is found by the blind index of his number: nothing personal of the order is opened for it.
    """
    for entry in desk.settings.resident:
        if entry.get("community") != community or not entry.get("phone"):
            continue
        if await subjects.find(connection, desk.ring, community, str(entry["phone"])) == subject_id:
            return manner_of(Household.of(entry), desk.settings.feedback)
    return manner_of(Household(), desk.settings.feedback)


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


def contact_from(settings: CommunityFile, community: str, policy: str, at: datetime) -> datetime:
    """Return from when on an owner may be contacted: at once under an urgent policy, else in contact hours (FBK-05)."""
    if policy in settings.notices.owner_contact_exempt_policies:
        return at
    return open_from(contact_hours_of(settings, community, at), at)
