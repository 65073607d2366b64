"""Whom an order may be given to, and whom first: a pure choice from the roster and what everybody holds (DSP-01…13).

`propose` filters the staff, saying of each one passed over why, then ranks the rest by the mode of the team. The
decision to dispatch keeps the whole proposal, so that an auditor sees later why it was this person (DSP-14).
"""

from collections.abc import Callable, Mapping
from datetime import UTC, datetime
from enum import StrEnum
from typing import NamedTuple

from domain.dispatch.roster import Roster
from domain.settings.staffing import DispatchMode, StaffEntry
from domain.vocabulary import Severity

LONG_AGO = datetime.min.replace(tzinfo=UTC)
"""Last work of somebody who never had any: idle for the longest time."""
FORMER = "former"
"""Rule by which a reopened order goes back to who had it, if he is on duty and may have it (DSP-15)."""


class Why(StrEnum):
    """Why somebody was passed over, in the order in which it is asked."""

    OTHER_COMMUNITY = "other_community"
    COMPLAINED_OF = "complained_of"
    SKILL = "skill"
    ABSENT = "absent"
    OFF_DUTY = "off_duty"
    LOADED = "loaded"


class Load(NamedTuple):
    """What somebody holds now, and since when they have been without new work."""

    open: int = 0
    given_at: datetime | None = None  # when the last order was given to them; none = never


class Matter(NamedTuple):
    """What an order asks of the person it is given to."""

    community: str
    team: str
    skill: str
    severity: Severity
    building: str | None = None
    complained_of: frozenset[str] = frozenset()  # members of staff whom the complaint is about (DSP-13)
    knows_it: frozenset[str] = frozenset()  # members of staff who handled something at this place before
    former: str | None = None  # who had it before it was reopened; he gets it again if he can (DSP-15)
    last_given: str | None = None  # who got the team's last order, for `round_robin`


class Candidate(NamedTuple):
    """Somebody who may be given the order."""

    staff: str
    open: int
    limit: int
    over_limit: bool = False  # allowed for urgent matters alone, and told (DSP-11)


class Excluded(NamedTuple):
    """Somebody of the team or community who may not, and why."""

    staff: str
    why: Why


class Proposal(NamedTuple):
    """Who may be given an order, the first first, and who may not."""

    mode: DispatchMode
    candidates: tuple[Candidate, ...]
    excluded: tuple[Excluded, ...]
    rule: str  # the mode, or that it goes back to who had it

    @property
    def first(self) -> str | None:
        """Return whom to offer it to; none when nobody fits (DSP-09)."""
        return self.candidates[0].staff if self.candidates else None


def propose(matter: Matter, roster: Roster, loads: Mapping[str, Load], at: datetime) -> Proposal:
    """Filter and rank the staff of the order's team for it; nobody suitable is an empty tuple (DSP-01, DSP-09)."""
    mode = roster.teams[matter.team].dispatch_mode
    found = asked(matter, roster)
    reasons = _reasons(found, matter, roster, loads, at)
    fitting = [one for one in found if one.id not in reasons]
    ranked = sorted(
        fitting, key=lambda one: (one.id != matter.former, *RANKS[mode](one, matter, roster, loads), one.id)
    )
    excluded = tuple(Excluded(staff, why) for staff, why in reasons.items())
    rule = FORMER if ranked and ranked[0].id == matter.former else mode
    return Proposal(mode, tuple(_candidate(one, loads) for one in ranked), excluded, rule)


def _reasons(
    people: list[StaffEntry], matter: Matter, roster: Roster, loads: Mapping[str, Load], at: datetime
) -> dict[str, Why]:
    """Say of everybody who can't be given the order now why not. Load gives way to urgency alone (DSP-11)."""
    open_shifts = {shift for shift in {one.shift for one in people} if roster.shift_open(shift, at)}
    left_alone = spared(matter.complained_of, roster)
    tests: tuple[tuple[Why, Callable[[StaffEntry], bool]], ...] = (
        (Why.OTHER_COMMUNITY, lambda one: matter.community not in one.communities),
        (Why.COMPLAINED_OF, lambda one: one.id in left_alone),
        (Why.SKILL, lambda one: not _skilled(one, matter, roster)),
        (Why.ABSENT, lambda one: roster.absent(one.id, at)),
        (Why.OFF_DUTY, lambda one: one.shift not in open_shifts),
        (Why.LOADED, lambda one: _full(one, loads) and matter.severity is not Severity.URGENT),
    )
    found = ((one.id, next((why for why, holds in tests if holds(one)), None)) for one in people)
    return {staff: why for staff, why in found if why is not None}


def _skilled(person: StaffEntry, matter: Matter, roster: Roster) -> bool:
    """Tell whether somebody has the skill; the steward of the building needs none (DSP-02)."""
    return matter.skill in person.skills or _keeps(person, matter, roster)


def of_the_trade(person: StaffEntry, matter: Matter, roster: Roster) -> bool:
    """Tell whether somebody is among those whom the order's team may give it to, whatever the hour and his load."""
    return person in asked(matter, roster) and _skilled(person, matter, roster)


def _full(person: StaffEntry, loads: Mapping[str, Load]) -> bool:
    return loads.get(person.id, Load()).open >= person.load_limit


def spared(complained_of: frozenset[str], roster: Roster) -> frozenset[str]:
    """Return whom a complaint about somebody never reaches: that person and the teams they lead (DSP-13)."""
    led = {team.id for team in roster.teams.values() if {team.lead, team.supervisor} & complained_of}
    return complained_of | {one.id for one in roster.staff.values() if one.team in led}


def asked(matter: Matter, roster: Roster) -> list[StaffEntry]:
    """Return the team, and the steward of the building where the team works by area (DSP-02)."""
    by_area = roster.teams[matter.team].dispatch_mode == "area_owner"
    return [
        one for one in roster.staff.values() if one.team == matter.team or (by_area and _keeps(one, matter, roster))
    ]


def _keeps(person: StaffEntry, matter: Matter, roster: Roster) -> bool:
    """Tell whether somebody is the steward of the order's building."""
    estate = roster.communities.get(matter.community)
    buildings = estate.building if estate else ()
    return any(one.code == matter.building and one.owner_staff == person.id for one in buildings)


def _candidate(person: StaffEntry, loads: Mapping[str, Load]) -> Candidate:
    return Candidate(person.id, loads.get(person.id, Load()).open, person.load_limit, over_limit=_full(person, loads))


Key = tuple[object, ...]
Rank = Callable[[StaffEntry, Matter, Roster, Mapping[str, Load]], Key]


def _least_load(person: StaffEntry, matter: Matter, _roster: Roster, loads: Mapping[str, Load]) -> Key:
    """Put the fewest open orders first; then who knows the place; then the longest idle (DSP-03)."""
    load = loads.get(person.id, Load())
    return load.open, person.id not in matter.knows_it, load.given_at or LONG_AGO


def _area_owner(person: StaffEntry, matter: Matter, roster: Roster, loads: Mapping[str, Load]) -> Key:
    """Put the steward of the building first, who needs no skill, else whoever of the team has the skill (DSP-02)."""
    return not _keeps(person, matter, roster), *_least_load(person, matter, roster, loads)


def _round_robin(person: StaffEntry, matter: Matter, _roster: Roster, _loads: Mapping[str, Load]) -> Key:
    """Go on after whoever got the last order, by id; whoever is absent keeps their place (DSP-04)."""
    return (matter.last_given is not None and person.id <= matter.last_given,)


RANKS: Mapping[DispatchMode, Rank] = {
    "area_owner": _area_owner,
    "least_load": _least_load,
    "round_robin": _round_robin,
    "grab_pool": _least_load,
    "on_call": _least_load,
    "assign": _least_load,
}
"""How each mode ranks those who fit (DSP-02…06); `assign` and `grab_pool` leave the choice to a person."""
