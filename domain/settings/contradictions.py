"""What loading lets pass though it can't come true: people, categories and policies that contradict each other.

`domain.settings.soundness` refuses what can't be kept at all. Here is what can be kept, and then leaves some order with
nobody (`huiyin policy check`). Names that nothing bears are told there, and passed over here.
"""

from collections.abc import Iterator

from domain.demands import APPLIES
from domain.dispatch.roster import roles_of, roster_of
from domain.lifecycle import CALLERS
from domain.settings.arrangements import Clocks, PolicyEntry
from domain.settings.catalogue import offers, policy_id
from domain.settings.community import Category, Community, CommunityFile
from domain.settings.faults import Fault, Way, fault
from domain.settings.staffing import StaffEntry
from domain.timekeeping.limits import seconds
from domain.vocabulary import ClockName, Severity


def contradictions_of(file: CommunityFile) -> tuple[Fault, ...]:
    """List what in the settings contradicts itself, in the order of the checks; empty = none."""
    checks = (_teams(file), _categories(file), _unused_clocks(file), _incidents(file), _demands(file), _windows(file))
    more = (_warnings(file), _levels(file))
    return tuple(dict.fromkeys(found for check in (*checks, *more) for found in check))


def policies_of(file: CommunityFile, entry: Category) -> tuple[PolicyEntry, ...]:
    """List the policies by which a matter of a category may be timed: of its own, and of every severity."""
    names = dict.fromkeys(policy_id(entry, severity, entry.kind) for severity in Severity)
    return tuple(file.policies[name] for name in names if name in file.policies)


def callers(file: CommunityFile, estate: Community) -> tuple[StaffEntry, ...]:
    """List who of a community may call back."""
    roster = roster_of(file)
    return tuple(
        one for one in file.staff if estate.id in one.communities and CALLERS.intersection(roles_of(one.id, roster))
    )


def called_back(file: CommunityFile, entry: Category) -> bool:
    """Tell whether a matter of a category is ever called back."""
    return any(applies(policy, ClockName.CALLBACK) for policy in policies_of(file, entry))


def applies(policy: PolicyEntry, name: ClockName) -> bool:
    """Tell whether a policy keeps a clock."""
    return policy.applies is None or name in policy.applies


def _teams(file: CommunityFile) -> Iterator[Fault]:
    """Find teams without members, and contractors for whom nobody of ours answers."""
    manned = {person.team for person in file.staff}
    for at, team in enumerate(file.team):
        if team.id not in manned:
            yield fault(("team", at), "team_without_members", name=team.id)
        if team.kind == "contractor" and team.supervisor is None:
            yield fault(("team", at), "contractor_without_supervisor", name=team.id)


def _categories(file: CommunityFile) -> Iterator[Fault]:
    """Find categories that nobody offers, can handle, or can call back (DSP-01, CBK-02)."""
    for at, entry in enumerate(file.category):
        estates = [estate for estate in file.community if offers(estate, entry)]
        if not estates:
            yield fault(("category", at), "offered_nowhere", name=entry.code)
        for estate in estates:
            yield from _people(file, at, entry, estate)
        if entry.plan_required:
            for policy in policies_of(file, entry):
                if not applies(policy, ClockName.PLAN):
                    yield fault(("category", at, "plan_required"), "plan_not_timed", name=policy.id)


def _people(file: CommunityFile, at: int, entry: Category, estate: Community) -> Iterator[Fault]:
    """Check that somebody can do the work of a category in a community, and somebody else ask how it was."""
    team = estate.instead.teams.get(entry.team, entry.team)
    if team not in {person.team for person in file.staff}:
        return  # told of the team
    able = _able(file, entry, estate, team)
    if not able:
        told = {"community": estate.id, "team": team, "name": entry.skill}
        yield fault(("category", at, "skill"), "nobody_skilled", **told)
    if called_back(file, entry):
        asking = callers(file, estate)
        for person in able:
            if all(_same(file, person, one) for one in asking):
                yield fault(("category", at), "callback_by_handler", community=estate.id, staff=person.id)


def _able(file: CommunityFile, entry: Category, estate: Community, team: str) -> list[StaffEntry]:
    """List whom an order can be given to: the skilled of the team, and stewards where it works by area (DSP-02)."""
    by_area = team in file.teams and file.teams[team].dispatch_mode == "area_owner"
    stewards = {building.owner_staff for building in estate.building} if by_area else set()
    skilled = [one for one in file.staff if one.id in stewards or (one.team == team and entry.skill in one.skills)]
    return [one for one in skilled if estate.id in one.communities and one.load_limit]


def _same(file: CommunityFile, handler: StaffEntry, caller: StaffEntry) -> bool:
    """Tell whether somebody must not call back what a handler did."""
    return caller.id == handler.id or (file.callback.caller_not_same_team and caller.team == handler.team)


def _unused_clocks(file: CommunityFile) -> Iterator[Fault]:
    """Find clocks written where the policy does not keep them, so that they would never run."""
    for at, policy in enumerate(file.policy):
        yield from _unused(("policy", at, "clocks"), policy.clocks, (policy,))
    for at, local in enumerate(file.community_policy):
        if local.policy in file.policies:
            yield from _unused(("community_policy", at, "clocks"), local.clocks, (file.policies[local.policy],))
    for at, entry in enumerate(file.category):
        yield from _unused(("category", at, "override"), entry.override, policies_of(file, entry))


def _unused(way: Way, clocks: Clocks, policies: tuple[PolicyEntry, ...]) -> Iterator[Fault]:
    """Find the clocks of one table that none of its policies keeps."""
    for name in clocks:
        if policies and not any(applies(policy, name) for policy in policies):
            names = ", ".join(policy.id for policy in policies)
            yield fault((*way, name.value), "clock_not_applied", name=names, clock=name.value)


def _incidents(file: CommunityFile) -> Iterator[Fault]:
    """Find categories whose many matters are taken for one cause that nobody would be sent for (GRP-05, CBK-11)."""
    for at, entry in enumerate(file.category):
        for policy in policies_of(file, entry) if entry.mass_incident else ():
            if not applies(policy, ClockName.DISPATCH):
                yield fault(("category", at, "mass_incident"), "incident_undispatched", name=policy.id)


def _demands(file: CommunityFile) -> Iterator[Fault]:
    """Find demands that are made of no category."""
    for at, demand in enumerate(file.demands):
        if not any(APPLIES[demand](entry) for entry in file.category):
            yield fault(("demands", at), "demand_of_nothing", name=demand.value)


def _windows(file: CommunityFile) -> Iterator[Fault]:
    """Find windows of no length: nothing ever falls twice into one instant."""
    windows: list[tuple[Way, str]] = [(("intake", "urge_window"), file.intake.urge_window)]
    for at, entry in enumerate(file.category):
        if entry.mass_incident:
            windows.append((("category", at, "mass_incident", "window"), entry.mass_incident.window))
    yield from (fault(way, "window_of_nothing") for way, text in windows if _is_nothing(text))


def _is_nothing(text: str | None) -> bool:
    """Tell whether something written is a length of zero; what can't be read is told elsewhere."""
    try:
        return text is not None and seconds(text) == 0
    except ValueError:
        return False


def _warnings(file: CommunityFile) -> Iterator[Fault]:
    """Find warnings written twice at one percentage (ESC-01)."""
    written: list[tuple[Way, tuple[int, ...]]] = [(("default",), file.default.warn_percent)]
    written += [(("policy", at), entry.warn_percent or ()) for at, entry in enumerate(file.policy)]
    for way, percents in written:
        for at, percent in enumerate(percents):
            if percent in percents[:at]:
                yield fault((*way, "warn_percent", at), "warned_twice", name=percent)


def _levels(file: CommunityFile) -> Iterator[Fault]:
    """Find levels that nobody can acknowledge in time (ESC-04)."""
    for at, ladder in enumerate(file.ladder):
        for number, step in enumerate(ladder.levels):
            if _is_nothing(step.ack_within):
                yield fault(("ladder", at, "levels", number, "ack_within"), "ack_of_nothing")
