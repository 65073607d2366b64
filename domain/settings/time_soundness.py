"""Whether the clocks, ladders and pauses of a settings file can be kept (CLK-01, CLK-18, CLK-33, ESC-15)."""

from collections.abc import Iterator, Mapping
from itertools import pairwise
from typing import NamedTuple

from domain.settings.arrangements import ClockEntry, Clocks, LadderEntry, LevelEntry, PolicyEntry
from domain.settings.calendar_soundness import faults_of_calendars
from domain.settings.catalogue import OBLIGATORY_KINDS, Place, applied, merged
from domain.settings.community import CommunityFile
from domain.settings.faults import Fault, Way, fault
from domain.settings.naming import Names
from domain.settings.staff_soundness import held
from domain.timekeeping.limits import Unit, parse, seconds
from domain.vocabulary import ClockName, LadderAction, Pausable, Role, Severity, Stage

STAGE_CLOCKS: Mapping[Stage, tuple[ClockName, ...]] = {
    Stage.INTAKE: (ClockName.RESPONSE,),
    Stage.REGISTRATION: (ClockName.REGISTER,),
    Stage.DISPATCH: (ClockName.DISPATCH, ClockName.ACCEPT),
    Stage.HANDLING: (ClockName.HANDLING,),
    Stage.FEEDBACK: (ClockName.FEEDBACK,),
    Stage.CALLBACK: (ClockName.CALLBACK,),
}
"""Clocks of which each stage needs at least one (CLK-01)."""

PAUSABLE = frozenset(
    {ClockName.ARRIVE, ClockName.RECTIFY, ClockName.SIGN_OFF, ClockName.HANDLING, ClockName.COMPLETION}
)
"""The only clocks that may ever be paused; CLK-18 lists the others."""

RECOVERED = frozenset({ClockName.FEEDBACK, ClockName.PROMISE, ClockName.CALLBACK})
"""Clocks whose ladders open a service recovery at level 3 (ESC-15)."""

INSTANTS = {Unit.PLAN_DATE: ClockName.RECTIFY, Unit.WINDOW_END: ClockName.PROMISE}
"""Limits that are instants said by a person, and the one clock of each (CLK-10, CLK-11)."""

KEYS = ("limit", "calendar", "ladder", "accountable")
"""What a clock needs to run."""


class Table(NamedTuple):
    """One table of clocks in the file."""

    way: Way
    clocks: Clocks
    obligatory: bool  # it times repairs or complaints


def faults_of_time(file: CommunityFile, names: Names) -> Iterator[Fault]:
    """List what is wrong with calendars, clocks, policies, ladders, pauses and vague words."""
    yield from faults_of_calendars(file, names)
    for table in _tables(file):
        for name, entry in table.clocks.items():
            yield from _clock(file, names, table, name, entry)
    for at, policy in enumerate(file.policy):
        yield from _policy(file, at, policy)
    for at, local in enumerate(file.community_policy):
        yield from names.known(("community_policy", at, "community"), "community", local.community)
        yield from names.known(("community_policy", at, "policy"), "policy", local.policy)
    for at, ladder in enumerate(file.ladder):
        yield from _ladder(file, names, at, ladder)
    yield from _pauses(file, names)
    for lacking in sorted(set(ClockName) - PAUSABLE - set(file.pause.never)):
        yield fault(("pause", "never"), "never_pausable", clock=lacking.value)


def _obligatory(file: CommunityFile) -> frozenset[str]:
    """Name the policies that time repairs or complaints: those by severity, and those such a category names."""
    named = {entry.policy for entry in file.category if entry.kind in OBLIGATORY_KINDS}
    return frozenset(named | {severity.value for severity in Severity})


def _tables(file: CommunityFile) -> Iterator[Table]:
    """List every table of clocks in the file."""
    obligatory = _obligatory(file)
    yield Table(("default", "clocks"), file.default.clocks, obligatory=True)
    for at, policy in enumerate(file.policy):
        yield Table(("policy", at, "clocks"), policy.clocks, policy.id in obligatory)
    for at, local in enumerate(file.community_policy):
        yield Table(("community_policy", at, "clocks"), local.clocks, local.policy in obligatory)
    for at, entry in enumerate(file.category):
        yield Table(("category", at, "override"), entry.override, entry.kind in OBLIGATORY_KINDS)


def _clock(file: CommunityFile, names: Names, table: Table, name: ClockName, entry: ClockEntry) -> Iterator[Fault]:
    """Check one clock of one table."""
    way = (*table.way, name.value)
    yield from _limit((*way, "limit"), name, entry.limit)
    if entry.calendar is not None:
        yield from names.known((*way, "calendar"), "calendar", entry.calendar)
    if entry.ladder is not None:
        yield from names.known((*way, "ladder"), "ladder", entry.ladder)
        yield from _recovery(file, (*way, "ladder"), name, entry.ladder)
    if entry.accountable is not None:
        yield from _nobody(file, (*way, "accountable"), entry.accountable)
    if entry.pausable not in {None, Pausable.NEVER} and name not in PAUSABLE:
        yield fault((*way, "pausable"), "never_pausable", clock=name.value)
    if table.obligatory and entry.sample_percent not in {None, 100}:
        yield fault((*way, "sample_percent"), "callback_switched_off")


def _limit(way: Way, name: ClockName, text: str | None) -> Iterator[Fault]:
    """Check that a limit can be read, ends, and is an instant only where the command says one (CLK-33)."""
    try:
        unit = parse(text).unit if text is not None else Unit.OPEN_SECONDS
    except ValueError:
        yield fault(way, "bad_limit", name=str(text))
        return
    if INSTANTS.get(unit, name) is not name:
        yield fault(way, "limit_not_of_clock", name=str(text), clock=INSTANTS[unit].value)


def _recovery(file: CommunityFile, way: Way, name: ClockName, ladder: str) -> Iterator[Fault]:
    """Check that the third level opens a service recovery where the owner was left without a word (ESC-15)."""
    if name not in RECOVERED or ladder not in file.ladders:
        return
    third = file.ladders[ladder].levels[2:3]
    if not third or third[0].action is not LadderAction.SERVICE_RECOVERY:
        yield fault(way, "ladder_without_recovery", clock=name.value, name=ladder)


def _policy(file: CommunityFile, at: int, policy: PolicyEntry) -> Iterator[Fault]:
    """Check that every clock of a policy is whole, and each stage of a repair or complaint is timed (CLK-01)."""
    found = (Place("policy", policy.clocks), Place("default", file.default.clocks))
    lacking = {name: _lacking(merged(name, found)[0]) for name in applied(file, policy)}
    for name, keys in lacking.items():
        if keys:
            yield fault(
                ("policy", at, "clocks", name.value), "incomplete_clock", clock=name.value, keys=", ".join(keys)
            )
    if policy.id in _obligatory(file):
        for stage, clocks in STAGE_CLOCKS.items():
            if not any(lacking.get(name, KEYS) == () for name in clocks):
                words = " / ".join(clocks)
                yield fault(("policy", at), "stage_without_clock", stage=stage.value, clocks=words)


def _lacking(entry: ClockEntry) -> tuple[str, ...]:
    """Name the keys a clock still needs."""
    return tuple(key for key in KEYS if getattr(entry, key) is None)


def _ladder(file: CommunityFile, names: Names, at: int, ladder: LadderEntry) -> Iterator[Fault]:
    """Check that a ladder climbs, and reaches somebody in every community (CLK-33)."""
    yield from names.known(("ladder", at, "calendar"), "calendar", ladder.calendar)
    for number, step in enumerate(ladder.levels):
        way = ("ladder", at, "levels", number)
        yield from names.length((*way, "after"), step.after)
        yield from names.length((*way, "ack_within"), step.ack_within)
        yield from _nobody(file, (*way, "to"), step.to)
        if step.level != number + 1:
            yield fault((*way, "level"), "ladder_order", at=step.level)
    yield from _climb(("ladder", at, "levels"), ladder.levels)


def _climb(way: Way, levels: tuple[LevelEntry, ...]) -> Iterator[Fault]:
    """Check that each level comes no earlier than the one before."""
    for number, (lower, upper) in enumerate(pairwise(levels), start=1):
        try:
            falls = seconds(upper.after) < seconds(lower.after)
        except ValueError:
            continue
        if falls:
            yield fault((*way, number, "after"), "ladder_order", at=upper.level)


def _nobody(file: CommunityFile, way: Way, role: Role) -> Iterator[Fault]:
    """Find a role that nobody of a community can ever hold."""
    for estate in file.community:
        if not held(file, role, estate.id):
            yield fault(way, "nobody", role=role.value, community=estate.id)


def _pauses(file: CommunityFile, names: Names) -> Iterator[Fault]:
    """Check reasons, caps and approvers of pauses (CLK-17, CLK-18, CLK-20)."""
    for at, reason in enumerate(file.pause_reason):
        way = ("pause_reason", at)
        yield from names.known((*way, "calendar"), "calendar", reason.calendar)
        yield from names.length((*way, "approval_above"), reason.approval_above)
        yield from _cap((*way, "cap"), reason.cap)
        yield from _nobody(file, (*way, "approver"), reason.approver)
        for number, name in enumerate(reason.clocks):
            if name not in PAUSABLE:
                yield fault((*way, "clocks", number), "never_pausable", clock=name.value)
    yield from names.known(("pause", "total_cap_calendar"), "calendar", file.pause.total_cap_calendar)
    yield from _cap(("pause", "total_cap"), file.pause.total_cap)


def _cap(way: Way, text: str) -> Iterator[Fault]:
    """Check that a cap is a length of open time above zero."""
    try:
        unit = parse(text).unit
    except ValueError:
        unit = None
    if unit is not Unit.OPEN_SECONDS:
        yield fault(way, "bad_length", name=text)
