"""Pauses of an order: which clocks may stand still for a reason, how long at most, and who must agree (CLK-17…21)."""

from collections.abc import Iterable
from datetime import datetime, timedelta

from pydantic import AwareDatetime, BaseModel, ConfigDict

from domain.terms import ClockRow, PauseRow, Terms
from domain.timekeeping.calendars import Calendar, calendar_from
from domain.timekeeping.clocks import Clock, row_of
from domain.vocabulary import Pausable, Role


class Pause(BaseModel):
    """Clocks that stand still together; `until` none = they still do."""

    model_config = ConfigDict(frozen=True)

    reason: str
    since: AwareDatetime
    cap_at: AwareDatetime
    expected_end_at: AwareDatetime
    until: AwareDatetime | None = None


class SuspensionRequest(BaseModel):
    """A pause that waits for somebody's approval."""

    model_config = ConfigDict(frozen=True)

    reason: str
    expected_end_at: AwareDatetime
    requested_by: str
    approver: Role
    at: AwareDatetime


def pausable(clock: Clock, terms: Terms, reason: PauseRow) -> bool:
    """Tell whether a reason may stop a clock: it runs, was not breached, and its terms let it be paused (CLK-18)."""
    if not clock.running or clock.suspended or clock.breached_at is not None or clock.name not in reason.clocks:
        return False
    return row_of(clock, terms).pausable is not Pausable.NEVER


def starts_still(pause: Pause | None, row: ClockRow, terms: Terms, at: datetime) -> bool:
    """Tell whether a clock that starts stands still at once: a pause is on whose reason stops it (CLK-21).

    One that is paused by approval only runs: nobody approved that it stands still (CLK-10, CLK-17).
    """
    reason = terms.pause(pause.reason) if pause is not None and pause.since <= at else None
    listed = reason is not None and row.name in reason.clocks
    return terms.holding and listed and row.pausable is Pausable.YES


def needs_approval(clocks: Iterable[tuple[Clock, Terms]], reason: PauseRow, span: timedelta) -> bool:
    """Tell whether somebody else must agree: for so long a pause, or for one of these clocks at all (CLK-17)."""
    asked = any(row_of(clock, own).pausable is Pausable.APPROVAL for clock, own in clocks)
    return asked or span > timedelta(seconds=reason.approval_above_s)


def expected_span(terms: Terms, reason: PauseRow, since: datetime, until: datetime) -> timedelta:
    """Return how long a pause is expected to be, in open time of its reason's calendar."""
    return calendar_from(terms.calendars[reason.calendar]).open_between(since, until)


def cap_at(terms: Terms, reason: PauseRow, past: Iterable[Pause], since: datetime) -> datetime | None:
    """Return the instant at which a pause that begins now ends by itself: at the reason's cap or at the total one.

    None when nothing of one of the two is left (CLK-20). All pauses of the order's life count.
    """
    past = tuple(past)
    caps = [_left(reason.cap_s, calendar_from(terms.calendars[reason.calendar]), _of(past, reason.code), since)]
    if terms.pause_total_cap_s is not None and terms.pause_calendar is not None:
        total = calendar_from(terms.calendars[terms.pause_calendar])
        caps.append(_left(terms.pause_total_cap_s, total, past, since))
    known = [cap for cap in caps if cap is not None]
    return min(known) if len(known) == len(caps) else None


def _of(past: Iterable[Pause], reason: str) -> list[Pause]:
    return [pause for pause in past if pause.reason == reason]


def _left(cap_s: int, calendar: Calendar, past: Iterable[Pause], since: datetime) -> datetime | None:
    """Return when a cap is used up, pauses of before included; None when it is used up already."""
    used = sum((calendar.open_between(one.since, one.until or since) for one in past), timedelta())
    left = timedelta(seconds=cap_s) - used
    return calendar.add(since, left) if left > timedelta() else None
