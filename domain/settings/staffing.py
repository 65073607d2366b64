"""What a settings file says about people: teams, staff, shifts, on-call lists and absences, as they are written."""

from typing import Literal

from pydantic import AwareDatetime, Field

from domain.settings.arrangements import Written
from domain.vocabulary import Role

DispatchMode = Literal["area_owner", "least_load", "round_robin", "grab_pool", "on_call", "assign"]
LookUp = Literal["case.first_contact", "case.assignee", "team.lead", "team.supervisor", "on_call"]
"""Where a symbolic role is looked up when it is needed."""


class TeamEntry(Written):
    """A crew, our own or a contractor's (DSP-01…06)."""

    id: str
    name: str
    department: str
    kind: Literal["internal", "contractor"]
    lead: str
    dispatch_mode: DispatchMode
    calendar: str
    supervisor: str | None = None  # own staff member who answers for a contractor
    contractor_code: str | None = None
    grab_timeout: str | None = None


class StaffEntry(Written):
    """One member of staff. Name and phone are shown to colleagues only (SEC-03)."""

    id: str
    name: str
    position: Role
    title: str
    phone: str
    team: str
    communities: tuple[str, ...] = Field(min_length=1)
    skills: tuple[str, ...] = ()
    areas: tuple[str, ...] = ()
    shift: str
    load_limit: int = Field(ge=0)  # open assignments at once (DSP-11)


class ShiftEntry(Written):
    """Duty hours by the name of a calendar."""

    id: str
    name: str
    calendar: str


class OnCallEntry(Written):
    """Who may stand in for an on-call role, by day and by night, in order."""

    role: Role
    name: str
    day: tuple[str, ...] = ()
    night: tuple[str, ...] = ()


class AbsenceEntry(Written):
    """Time in which somebody holds no role: from `start` until just before `end`."""

    staff: str
    start: AwareDatetime = Field(alias="from")
    end: AwareDatetime = Field(alias="to")
    reason: str
