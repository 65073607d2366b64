"""Whether the people of a settings file fit together: teams, shifts, on-call lists, roles and deputies."""

from collections.abc import Iterator

from domain.settings.community import CommunityFile
from domain.settings.faults import Fault, fault
from domain.settings.naming import Names
from domain.vocabulary import Role


def faults_of_staff(file: CommunityFile, names: Names) -> Iterator[Fault]:
    """List what is wrong with teams, staff, shifts, on-call lists, absences, roles and deputies."""
    yield from _teams(file, names)
    yield from _staff(file, names)
    for at, shift in enumerate(file.shift):
        yield from names.known(("shift", at, "calendar"), "calendar", shift.calendar)
    for at, duty in enumerate(file.on_call):
        yield from names.each(("on_call", at, "day"), "staff", duty.day)
        yield from names.each(("on_call", at, "night"), "staff", duty.night)
    for at, absence in enumerate(file.absence):
        yield from names.known(("absence", at, "staff"), "staff", absence.staff)
        if absence.end <= absence.start:
            yield fault(("absence", at, "to"), "absence_reversed")
    yield from _roles(file, names)
    yield from _deputies(file)


def held(file: CommunityFile, role: Role, community: str) -> bool:
    """Tell whether somebody of a community can ever hold a role, by themselves or as a deputy (ESC-11)."""
    chain: list[Role] = []
    step: Role | None = role
    while step is not None and step not in chain:
        if _can_be_held(file, step, community):
            return True
        chain.append(step)
        step = file.deputies.get(step)
    return False


def _can_be_held(file: CommunityFile, role: Role, community: str) -> bool:
    """Tell whether a role is looked up in the case or team, or borne by staff of a community."""
    bearers = file.roles.get(role)
    if isinstance(bearers, str) and bearers != "on_call":
        return True
    if bearers == "on_call":
        bearers = tuple(one for duty in file.on_call if duty.role is role for one in (*duty.day, *duty.night))
    elif bearers is None:
        bearers = tuple(person.id for person in file.staff if person.position is role)
    return any(one in file.members and community in file.members[one].communities for one in bearers)


def _teams(file: CommunityFile, names: Names) -> Iterator[Fault]:
    """Check lead, supervisor, calendar and pool time of each team."""
    for at, team in enumerate(file.team):
        yield from names.known(("team", at, "lead"), "staff", team.lead)
        yield from names.known(("team", at, "calendar"), "calendar", team.calendar)
        yield from names.length(("team", at, "grab_timeout"), team.grab_timeout)
        if team.supervisor is not None:
            yield from names.known(("team", at, "supervisor"), "staff", team.supervisor)


def _staff(file: CommunityFile, names: Names) -> Iterator[Fault]:
    """Check team, communities, areas and shift of each member of staff."""
    for at, person in enumerate(file.staff):
        yield from names.known(("staff", at, "team"), "team", person.team)
        yield from names.known(("staff", at, "shift"), "shift", person.shift)
        yield from names.each(("staff", at, "communities"), "community", person.communities)
        yield from names.each(("staff", at, "areas"), "area", person.areas)


def _roles(file: CommunityFile, names: Names) -> Iterator[Fault]:
    """Check that roles name staff, and that an on-call role has its list."""
    listed = {duty.role for duty in file.on_call}
    for role, bearers in file.roles.items():
        if not isinstance(bearers, str):
            yield from names.each(("roles", role.value), "staff", bearers)
        elif bearers == "on_call" and role not in listed:
            yield fault(("roles", role.value), "on_call_missing", role=role.value)


def _deputies(file: CommunityFile) -> Iterator[Fault]:
    """Find deputies that lead back to where they began; a search for somebody would never end."""
    for role in file.deputies:
        step, passed = file.deputies.get(role), {role}
        while step is not None and step not in passed:
            passed.add(step)
            step = file.deputies.get(step)
        if step is role:
            yield fault(("deputies", role.value), "deputies_in_circle", role=role.value)
