"""What a ladder level does beside telling somebody, decided as the order stands when it is done (ESC-06)."""

from collections.abc import Collection, Iterator, Mapping, Sequence
from datetime import datetime
from typing import Any, NamedTuple

from domain.commands import CommandName
from domain.dispatch.roster import Roster
from domain.groups.children import GATHERED
from domain.settings.community import Category
from domain.settings.staffing import StaffEntry, TeamEntry
from domain.vocabulary import ClockName, LadderAction, Role, Severity
from domain.words import CLOCKS, word

RISING = (Severity.ORDINARY, Severity.MAJOR, Severity.URGENT)
RAISED = "升级第 {level} 级:「{zh}」超时,系统提高级别。/ Level {level} of {en}: the ladder raises the severity."
HANDED_ON = "升级第 {level} 级:「{zh}」超时,系统改派给当班的同事。/ Level {level} of {en}: the ladder hands it on."


class Level(NamedTuple):
    """The level that asks for a deed, with severity and team as they were when it fired."""

    action: LadderAction
    clock: ClockName
    generation: int
    turn: int
    level: int
    severity: Severity
    team: str | None


class Standing(NamedTuple):
    """An order as it stands when a deed is about to be done; `owed` as `workflows.effects.Duty` writes it."""

    community: str
    category: str
    kind: str
    severity: Severity
    version: int
    team: str | None
    assignee: str | None  # by the roster's id
    owed: Sequence[Mapping[str, Any]]


class Command(NamedTuple):
    """A command of the actor `rule`; with a version it fits only an order that nobody has changed meanwhile."""

    name: CommandName
    said: Mapping[str, Any]
    version: int | None = None


class Noted(NamedTuple):
    """A deed that is done by being noted."""

    facts: Mapping[str, str | None]


class Nothing(NamedTuple):
    """Nothing to do, with a code for why."""

    because: str


def decided(
    level: Level, order: Standing, category: Category | None, roster: Roster, at: datetime
) -> Command | Noted | Nothing:
    """Decide what a level does."""
    match level.action:
        case LadderAction.NOTIFY:
            return Nothing("told-only")
        case LadderAction.SERVICE_RECOVERY:
            return Command(CommandName.OPEN_RECOVERY, {"clock": level.clock.value})
        case LadderAction.RAISE_SEVERITY:
            return _raised(level, order)
        case LadderAction.NOTIFY_AND_REASSIGN:
            return _handed_on(level, order, category, roster, at)
        case LadderAction.OPEN_IMPROVEMENT_ITEM:
            return Noted({"category": order.category, "team": level.team})
        case LadderAction.RECORD_CONTRACTOR_FAULT:
            return _fault_of_level(level, order, roster)


def _raised(level: Level, order: Standing) -> Command | Nothing:
    """Raise the severity by one from what it was when the level fired; whoever raised it meanwhile has done it."""
    higher = RISING[RISING.index(level.severity) + 1 :]
    if not higher or RISING.index(order.severity) >= RISING.index(higher[0]):
        return Nothing("severity-reached")
    same = {"category": order.category, "kind": order.kind}
    said = {**same, "severity": higher[0].value, "reason": _why(RAISED, level)}
    return Command(CommandName.RECLASSIFY, said, order.version)


def _handed_on(
    level: Level, order: Standing, category: Category | None, roster: Roster, at: datetime
) -> Command | Nothing:
    """Hand an order on whose assignee owes what was breached.

    Whom a complaint is about stands in its words alone, so no rule hands such a complaint to anybody (DSP-13).
    """
    if level.generation == GATHERED:  # whoever holds the children's orders, it is not the incident's assignee
        return Nothing("of-children")
    owed = next((one for one in order.owed if _same(one, level)), None)
    if owed is None:
        return Nothing("clock-stopped")
    if owed["accountable"] != Role.ASSIGNEE or order.assignee is None:
        return Nothing("not-of-an-assignee")
    if category is not None and category.exclude_named_staff:
        return Nothing("named-staff")
    found = successor(order, category.skill if category else "", roster, at)
    if found is None:
        return Nothing("nobody-fitting")
    said = {"assignee": found, "reason": _why(HANDED_ON, level)}
    return Command(CommandName.TRANSFER, said, order.version)


def _same(owed: Mapping[str, Any], level: Level) -> bool:
    return (owed["clock"], owed["generation"], owed["turn"]) == (level.clock, level.generation, level.turn)


def successor(order: Standing, skill: str, roster: Roster, at: datetime, excluded: Collection[str] = ()) -> str | None:
    """Return who takes an order over from its assignee: those with the skill first, its team's lead last (DSP-01).

    Somebody of the same team who serves the community, is on duty, and is neither the assignee nor excluded.
    """
    estate, team = roster.communities.get(order.community), order.team or ""
    team = estate.instead.teams.get(team, team) if estate else team
    lead = roster.teams[team].lead if team in roster.teams else None
    fitting = _fitting(order, team, roster, at, excluded)
    ordered = sorted(fitting, key=lambda one: (skill not in one.skills, one.id == lead))
    return ordered[0].id if ordered else None


def _fitting(
    order: Standing, team: str, roster: Roster, at: datetime, excluded: Collection[str]
) -> Iterator[StaffEntry]:
    for one in roster.staff.values():
        serves = one.team == team and order.community in one.communities
        if serves and one.id not in {order.assignee, *excluded} and roster.on_duty(one.id, at):
            yield one


def _fault_of_level(level: Level, order: Standing, roster: Roster) -> Noted | Nothing:
    """Note a fault of the contractor, but not while its work waits for us to look at it (HND-12)."""
    owed = next((one for one in order.owed if _same(one, level)), None)
    if owed is not None and owed["accountable"] == Role.CONTRACTOR_SUPERVISOR:
        return Nothing("not-of-the-contractor")
    return fault(roster.teams.get(level.team or ""))


def fault(team: TeamEntry | None) -> Noted | Nothing:
    """Note a fault of the contractor whose team held the order when a level fired, or a check failed (DSP-06)."""
    if team is None or team.kind != "contractor":
        return Nothing("no-contractor")
    return Noted({"team": team.id, "contractor": team.contractor_code})


def _why(sentence: str, level: Level) -> str:
    return sentence.format(level=level.level, zh=word(CLOCKS, level.clock, "zh"), en=word(CLOCKS, level.clock, "en"))
