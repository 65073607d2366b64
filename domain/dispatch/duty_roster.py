"""Who of a community was on duty, off duty or away at an instant: a pure question to one version of the roster."""

from datetime import datetime
from enum import StrEnum
from typing import NamedTuple

from domain.dispatch.roster import Asked, Roster, search
from domain.settings.staffing import AbsenceEntry, StaffEntry
from domain.timekeeping.calendars import NeverOpen
from domain.vocabulary import Role


class State(StrEnum):
    """What somebody was at that instant, in the order in which they are listed."""

    ON_DUTY = "on_duty"
    ABSENT = "absent"
    OFF_DUTY = "off_duty"


class Duty(NamedTuple):
    """One member of staff at an instant."""

    person: StaffEntry
    state: State
    absence: AbsenceEntry | None = None


def duty_roster(roster: Roster, community: str, at: datetime) -> tuple[Duty, ...]:
    """List everybody who serves a community: those on duty first, then by team and id (DSP-01)."""
    serving = [one for one in roster.staff.values() if community in one.communities]
    open_shifts = {shift for shift in {one.shift for one in serving} if roster.shift_open(shift, at)}
    found = [_duty(one, roster, at, shift_open=one.shift in open_shifts) for one in serving]
    order = list(State)
    return tuple(sorted(found, key=lambda one: (order.index(one.state), one.person.team, one.person.id)))


def _duty(person: StaffEntry, roster: Roster, at: datetime, *, shift_open: bool) -> Duty:
    away = next((one for one in roster.absences if one.staff == person.id and one.start <= at < one.end), None)
    if away is not None:
        return Duty(person, State.ABSENT, away)
    return Duty(person, State.ON_DUTY if shift_open else State.OFF_DUTY)


def duty_of(roster: Roster, staff_id: str, at: datetime) -> Duty:
    """Return what one member of staff is at an instant."""
    person = roster.staff[staff_id]
    return _duty(person, roster, at, shift_open=roster.shift_open(person.shift, at))


def on_duty_from(roster: Roster, staff_id: str, at: datetime) -> datetime | None:
    """Return the first instant from `at` on at which somebody is on duty; None where their shift never opens again."""
    person = roster.staff[staff_id]
    try:
        since = roster.shift_calendar(person.shift, at).open_from(at)
    except NeverOpen:
        return None
    absence = duty_of(roster, staff_id, since).absence
    return since if absence is None else on_duty_from(roster, staff_id, absence.end)


def on_call(roster: Roster, community: str, at: datetime) -> dict[Role, str | None]:
    """Return who stood by for each on-call role; None = nobody could be found, along its deputies either (ESC-09)."""
    asked = Asked(community, None, None, None, at)
    found = {duty.role: search(duty.role, asked, roster).persons for duty in roster.on_call}
    return {role: persons[0].staff_id if persons else None for role, persons in found.items()}
