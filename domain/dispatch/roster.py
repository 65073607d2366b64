"""Who holds a role at an instant: a pure question to the staff table (ESC-09…11, DSP-01)."""

import hashlib
from collections.abc import Iterable, Iterator, Mapping
from datetime import datetime
from typing import NamedTuple

import rfc8785
from pydantic import BaseModel, ConfigDict

from domain.refusals import Refused
from domain.settings.arrangements import CalendarEntry, HolidayData
from domain.settings.community import Community, CommunityFile
from domain.settings.staffing import AbsenceEntry, LookUp, OnCallEntry, ShiftEntry, StaffEntry, TeamEntry
from domain.timekeeping.almanac import calendar_row
from domain.timekeeping.calendars import Calendar, calendar_from
from domain.vocabulary import Role

PARTS = {"team", "staff", "shift", "on_call", "absence", "roles", "deputies", "calendar", "holiday_data", "community"}
"""Tables of the settings that decide who holds a role."""


class Person(NamedTuple):
    """Somebody found for a role: by which role, and why."""

    staff_id: str
    role_by_which: Role  # the role asked for, or the deputy's
    reason: str  # on_call | listed | position | case.first_contact | case.assignee | team.lead | team.supervisor


class Found(NamedTuple):
    """The outcome of a search, with every reason for passing somebody over; nobody is an empty tuple (ESC-11)."""

    persons: tuple[Person, ...]
    reasons: tuple[str, ...]


class Asked(NamedTuple):
    """What a role is asked about: the order's community, team and people, and the instant."""

    community: str
    team: str | None
    first_contact: str | None
    assignee: str | None
    at: datetime
    complained_of: frozenset[str] = frozenset()  # whom the matter is about: they answer for none of it (DSP-13)


class Roster(BaseModel):
    """The staff table with its shifts, on-call lists, absences, roles and deputies."""

    model_config = ConfigDict(frozen=True)

    version: str  # digest of everything below
    staff: Mapping[str, StaffEntry]
    teams: Mapping[str, TeamEntry]
    communities: Mapping[str, Community]
    shifts: Mapping[str, ShiftEntry]
    calendars: Mapping[str, CalendarEntry]
    holiday_data: HolidayData
    on_call: tuple[OnCallEntry, ...]
    absences: tuple[AbsenceEntry, ...]
    roles: Mapping[Role, LookUp | tuple[str, ...]]
    deputies: Mapping[Role, Role]

    def member(self, staff_id: str) -> StaffEntry:
        """Return a member of staff or refuse."""
        if staff_id not in self.staff:
            raise Refused("unknown-staff", staff=staff_id)
        return self.staff[staff_id]

    def absent(self, staff_id: str, at: datetime) -> bool:
        """Tell whether somebody is away: from the start of an absence until just before its end."""
        return any(one.staff == staff_id and one.start <= at < one.end for one in self.absences)

    def on_duty(self, staff_id: str, at: datetime) -> bool:
        """Tell whether somebody's shift is open at an instant and they are not absent (DSP-01)."""
        return self.shift_open(self.staff[staff_id].shift, at) and not self.absent(staff_id, at)

    def shift_open(self, shift_id: str, at: datetime) -> bool:
        """Tell whether a shift is open at an instant."""
        return self.shift_calendar(shift_id, at).is_open(at)

    def shift_calendar(self, shift_id: str, at: datetime) -> Calendar:
        """Return the calendar of a shift, with the holidays around an instant."""
        entry = self.calendars[self.shifts[shift_id].calendar]
        return calendar_from(calendar_row(entry, self.holiday_data, at.date()))


def roster_of(file: CommunityFile) -> Roster:
    """Take the staff table out of the settings."""
    table = file.model_dump(mode="json", include=PARTS)
    return Roster(
        version=hashlib.sha256(rfc8785.dumps(table)).hexdigest()[:12],
        staff=file.members,
        teams=file.teams,
        communities=file.communities,
        shifts=file.shifts,
        calendars=file.calendars,
        holiday_data=file.holiday_data,
        on_call=file.on_call,
        absences=file.absence,
        roles=file.roles,
        deputies=file.deputies,
    )


def holders(
    role: Role,
    *,
    community: str,
    team: str | None,
    first_contact: str | None,
    assignee: str | None,
    at: datetime,
    roster: Roster,
) -> tuple[Person, ...]:
    """Return who holds a role now, first the one to turn to; empty when nobody does."""
    return search(role, Asked(community, team, first_contact, assignee, at), roster).persons


def search(role: Role, asked: Asked, roster: Roster) -> Found:
    """Look for a role's holders, then along its deputies until somebody is found, keeping why others were not (ESC-11).

    An on-call role gives one person, the first of its lists on duty. Every other role gives all who hold it and are not
    absent, those on duty first: whether somebody off duty is told at once is the notice's question (ESC-10). Whom the
    matter is about is passed over like somebody who is not there (DSP-13).
    """
    reasons: list[str] = []
    for step in _chain(role, roster):
        candidates, reason = _candidates(step, asked, roster)
        present = tuple(_present(step, candidates, asked, roster, reasons))
        if present:
            ordered = sorted(present, key=lambda one: not roster.on_duty(one, asked.at))
            chosen = ordered[:1] if reason == "on_call" else ordered
            return Found(tuple(Person(one, step, reason) for one in chosen), tuple(reasons))
        if not any(reason.startswith(f"{step}:") for reason in reasons):
            reasons.append(f"{step}: vacant")
    return Found((), tuple(reasons))


def roles_of(staff_id: str, roster: Roster) -> tuple[Role, ...]:
    """List what somebody may act as: position, role and on-call lists, lead of a team, supervisor of a contractor."""
    person = roster.member(staff_id)
    found = {person.position}
    found |= {role for role, bearers in roster.roles.items() if not isinstance(bearers, str) and staff_id in bearers}
    found |= {duty.role for duty in roster.on_call if staff_id in (*duty.day, *duty.night)}
    if any(team.lead == staff_id for team in roster.teams.values()):
        found.add(Role.TEAM_LEAD)
    if any(team.supervisor == staff_id for team in roster.teams.values()):
        found.add(Role.CONTRACTOR_SUPERVISOR)
    return tuple(role for role in Role if role in found)


def reaches(staff_id: str, roster: Roster) -> tuple[Role, ...]:
    """List the roles whose duties somebody may have to answer for without being named by an order: as a deputy too."""
    own = set(roles_of(staff_id, roster))
    places = {"team.lead": Role.TEAM_LEAD, "team.supervisor": Role.CONTRACTOR_SUPERVISOR}
    looked_up = {role for role, where in roster.roles.items() if isinstance(where, str) and places.get(where) in own}
    return tuple(role for role in Role if not (own | looked_up).isdisjoint(_chain(role, roster)))


def _chain(role: Role, roster: Roster) -> Iterator[Role]:
    """Follow the deputies of a role, each once."""
    passed: set[Role] = set()
    step: Role | None = role
    while step is not None and step not in passed:
        yield step
        passed.add(step)
        step = roster.deputies.get(step)


def _candidates(role: Role, asked: Asked, roster: Roster) -> tuple[tuple[str, ...], str]:
    """Name everybody who may hold a role, in order, and the way they were found."""
    bearers = roster.roles.get(role)
    if bearers is None:
        return tuple(one.id for one in roster.staff.values() if one.position is role), "position"
    if not isinstance(bearers, str):
        return bearers, "listed"
    return tuple(one for one in _looked_up(bearers, role, asked, roster) if one), bearers


def _looked_up(where: str, role: Role, asked: Asked, roster: Roster) -> Iterable[str | None]:
    """Look a symbolic role up in the case, in its team or in the on-call lists."""
    team = roster.teams.get(_team(asked, roster))
    match where:
        case "case.first_contact":
            return (asked.first_contact,)
        case "case.assignee":
            return (asked.assignee,)
        case "team.lead":
            return (team.lead if team else None,)
        case "team.supervisor":
            return (team.supervisor if team else None,)
    return dict.fromkeys(one for duty in roster.on_call if duty.role is role for one in (*duty.day, *duty.night))


def _team(asked: Asked, roster: Roster) -> str:
    """Return the team asked about, or the one the community has instead."""
    estate = roster.communities.get(asked.community)
    team = asked.team or ""
    return estate.instead.teams.get(team, team) if estate else team


def _present(
    role: Role, candidates: tuple[str, ...], asked: Asked, roster: Roster, reasons: list[str]
) -> Iterator[str]:
    """Yield the community's candidates who can take the role now, and note why each other one can't."""
    for one in candidates:
        if one in roster.staff and asked.community not in roster.staff[one].communities:
            continue
        why = _why_not(role, one, asked, roster)
        if why is None:
            yield one
        else:
            reasons.append(f"{role}: {one} {why}")


def _why_not(role: Role, staff_id: str, asked: Asked, roster: Roster) -> str | None:
    """Say why somebody can't take a role now; None = they can."""
    if staff_id not in roster.staff:
        return "unknown"
    if staff_id in asked.complained_of:
        return "complained_of"
    if roster.absent(staff_id, asked.at):
        return "absent"
    off_call = roster.roles.get(role) == "on_call" and not roster.on_duty(staff_id, asked.at)
    return "off duty" if off_call else None
