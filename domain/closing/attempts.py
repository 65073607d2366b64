"""When the owner may be called: in contact hours, with a gap between attempts, on several days (CBK-03)."""

from datetime import datetime, timedelta

from domain.order import WorkOrder
from domain.terms import ClosingRow, Terms
from domain.timekeeping.calendars import Calendar, calendar_from
from domain.vocabulary import ClockName


def closing_of(terms: Terms) -> ClosingRow:
    """Return the rules of the end; orders received before 0.3.0 have those of the sample and their callback's hours."""
    callback = terms.clock(ClockName.CALLBACK)
    return terms.closing or ClosingRow(3, 7200, 2, callback.calendar if callback else 0, 2)


def contact_hours(terms: Terms) -> Calendar:
    """Return the calendar in which owners may be called."""
    return calendar_from(terms.calendars[closing_of(terms).calendar])


def next_attempt_at(order: WorkOrder, at: datetime) -> datetime:
    """Return when the next attempt may be made, seen from an instant: this very instant when it may be made now."""
    calendar = contact_hours(order.terms)
    return calendar.open_from(max(at, free_from(order, calendar) or at))


def free_from(order: WorkOrder, calendar: Calendar) -> datetime | None:
    """Return from when on the attempts made so far allow another, whatever the hour; None before the first.

    The last ones wait for the next day while the attempts still lie on too few days.
    """
    if not order.attempts:
        return None
    rule, last = closing_of(order.terms), order.attempts[-1]
    days = {one.astimezone(calendar.zone).date() for one in order.attempts}
    spare = rule.attempts - len(order.attempts) > rule.days - len(days)
    apart = last + timedelta(seconds=rule.gap_s)
    return apart if spare else max(apart, calendar.next_day(last))
