"""The service catalogue: which limits, calendars and ladders hold for a matter, resolved once and pinned (CLK-31)."""

from collections.abc import Iterator, Mapping
from datetime import date
from typing import Any, NamedTuple

from domain.demands import demands_of
from domain.refusals import Refused
from domain.settings.arrangements import ClockEntry, PauseReasonEntry, PolicyEntry
from domain.settings.community import Category, Community, CommunityFile
from domain.terms import (
    NOBODY_LEFT_WAITING,
    CalendarRow,
    ClockRow,
    ClosingRow,
    LadderRow,
    Level,
    PauseRow,
    Terms,
    UrgeRule,
)
from domain.timekeeping.almanac import calendar_row
from domain.timekeeping.limits import parse, seconds
from domain.vocabulary import ClockName, Kind, Pausable, Severity

CATCH_ALL = "GENERAL_REPAIR"
"""Category of a matter nobody has classed yet."""

OBLIGATORY_KINDS = frozenset({Kind.REPAIR, Kind.COMPLAINT})
"""Kinds whose policy goes by severity, and whose six stages are all timed (CLK-01)."""


class Place(NamedTuple):
    """One place of the look-up (CLK-08) and the clocks it writes."""

    name: str  # category | community | policy | default
    clocks: Mapping[ClockName, ClockEntry]


class Positions:
    """Rows named once each, and their positions in order of first use."""

    def __init__(self) -> None:
        self.names: list[str] = []

    def of(self, name: str) -> int:
        """Return the position of a name, adding it when it is new."""
        if name not in self.names:
            self.names.append(name)
        return self.names.index(name)


def resolve(
    community_file: CommunityFile,
    *,
    community: str,
    category: str | None,
    severity: Severity | None = None,
    kind: Kind | None = None,
    on: date,
) -> Terms:
    """Return the terms of a matter received on a civil date; raises `Refused` for what the community does not offer."""
    entry = _category(community_file, community, category)
    kind, severity = Kind(kind or entry.kind), Severity(severity or severity_of(entry))  # doors may hold plain words
    policy = community_file.policies[policy_id(entry, severity, kind)]
    return _Resolution(community_file, community_file.communities[community], entry, policy, on).terms(severity, kind)


def categories_of(community_file: CommunityFile, community: str) -> tuple[Category, ...]:
    """List what a community offers, in the order of the catalogue."""
    estate = _community(community_file, community)
    return tuple(entry for entry in community_file.category if offers(estate, entry))


def team_of(community_file: CommunityFile, category: str, community: str) -> str:
    """Return the id of the team that handles a category in a community."""
    entry = _category(community_file, community, category)
    estate = community_file.communities[community]
    return estate.instead.teams.get(entry.team, entry.team)


def catch_all(community_file: CommunityFile, community: str) -> str:
    """Return the category of a matter that came without one."""
    return _category(community_file, community, None).code


def severity_of(entry: Category) -> Severity:
    """Return the severity a category proposes (INT-09): that of its policy, else ordinary."""
    return Severity(entry.policy) if entry.policy in set(Severity) else Severity.ORDINARY


def policy_id(entry: Category, severity: Severity, kind: Kind) -> str:
    """Name the policy of a matter: by kind for advice and praise, else by the decided severity.

    The category's own policy holds as long as kind and severity are the category's.
    """
    own = (kind in OBLIGATORY_KINDS) == (entry.kind in OBLIGATORY_KINDS)
    if kind not in OBLIGATORY_KINDS:
        return entry.policy if kind is entry.kind else kind.value
    return entry.policy if own and severity is severity_of(entry) else severity.value


def places(file: CommunityFile, community: str, entry: Category, policy: PolicyEntry) -> tuple[Place, ...]:
    """List the places of the look-up for one matter, the first that writes a key wins (CLK-08)."""
    local = (one.clocks for one in file.community_policy if (one.community, one.policy) == (community, policy.id))
    return (
        Place("category", entry.override),
        Place("community", next(local, {})),
        Place("policy", policy.clocks),
        Place("default", file.default.clocks),
    )


def applied(file: CommunityFile, policy: PolicyEntry) -> tuple[ClockName, ...]:
    """List the clocks of a policy, in the order of the glossary: those it lists, else every clock there is."""
    chosen = policy.applies if policy.applies is not None else (*file.default.clocks, *policy.clocks)
    return tuple(name for name in ClockName if name in chosen)


def merged(name: ClockName, found: tuple[Place, ...]) -> tuple[ClockEntry, str]:
    """Merge what the places say of one clock, key by key, and name the place that gave the limit (CLK-08)."""
    written = [(place.name, place.clocks[name]) for place in found if name in place.clocks]
    keys: dict[str, Any] = {}
    for _, entry in reversed(written):
        keys |= entry.model_dump(exclude_none=True)
    source = next((place for place, entry in written if entry.limit is not None), "default")
    return ClockEntry(**keys), source


class _Resolution:
    """The terms of one matter in the making: each calendar and ladder is taken in when a clock first names it."""

    def __init__(
        self, file: CommunityFile, estate: Community, category: Category, policy: PolicyEntry, on: date
    ) -> None:
        self.file, self.estate, self.category, self.policy, self.on = file, estate, category, policy, on
        self.calendars, self.ladders = Positions(), Positions()

    def terms(self, severity: Severity, kind: Kind) -> Terms:
        """Write the terms down."""
        clocks = tuple(self.clock(name) for name in applied(self.file, self.policy))
        ladders = tuple(self.ladder(name) for name in self.ladders.names)
        pauses = tuple(self.pauses(clocks))
        rules = self.file.pause
        return Terms(
            v=NOBODY_LEFT_WAITING,
            policy=self.policy.id,
            version=self.file.version,
            category=self.category.code,
            kind=kind,
            severity=severity,
            ladders=ladders,
            clocks=clocks,
            pauses=pauses,
            pause_total_cap_s=seconds(rules.total_cap) if pauses else None,
            pause_calendar=self.calendar(rules.total_cap_calendar) if pauses else None,
            plan_required=self.category.plan_required,
            reopen_days=parse(self.file.callback.reopen_window).amount,
            reopen_rule=self.file.callback.reopen_clock_rule,
            closing=self.closing() if any(row.name is ClockName.CALLBACK for row in clocks) else None,
            urge=UrgeRule(self.file.intake.urge_count, seconds(self.file.intake.urge_window)),
            safety=self.category.safety,
            demands=demands_of(self.category, self.file.demands),
            calendars=tuple(self.row(name) for name in self.calendars.names),
        ).pinned()

    def clock(self, name: ClockName) -> ClockRow:
        """Write one clock."""
        entry, source = merged(name, places(self.file, self.estate.id, self.category, self.policy))
        assert entry.limit and entry.calendar and entry.ladder and entry.accountable, name  # noqa: S101, PT018 - by soundness
        return ClockRow(
            name=name,
            limit=entry.limit,
            calendar=self.calendar(entry.calendar),
            ladder=self.ladders.of(entry.ladder),
            accountable=entry.accountable,
            pausable=entry.pausable or Pausable.NEVER,
            warn=self.warnings(),
            source=source,
        )

    def warnings(self) -> tuple[int, ...]:
        """Return the per cents of the policy, else of the default (ESC-01)."""
        own = self.policy.warn_percent
        return own if own is not None else self.file.default.warn_percent

    def ladder(self, name: str) -> LadderRow:
        """Write one ladder."""
        entry = self.file.ladders[name]
        levels = (
            Level(seconds(step.after), step.to, seconds(step.ack_within) if step.ack_within else None, step.action)
            for step in entry.levels
        )
        return LadderRow(entry.id, self.calendar(entry.calendar), tuple(levels))

    def closing(self) -> ClosingRow:
        """Write how an order is brought to its end (CBK-03, CBK-05)."""
        said = self.file.callback
        hours = self.calendar(self.file.notices.owner_contact_calendar)
        gap = seconds(said.min_gap)
        return ClosingRow(said.max_attempts, gap, said.min_distinct_days, hours, said.dissatisfied_at_or_below)

    def pauses(self, clocks: tuple[ClockRow, ...]) -> Iterator[PauseRow]:
        """Write the reasons for which any of these clocks may stand still (CLK-17)."""
        pausable = {row.name for row in clocks if row.pausable is not Pausable.NEVER}
        for entry in self.file.pause_reason:
            stopped = tuple(name for name in entry.clocks if name in pausable)
            if stopped:
                yield self.pause(entry, stopped)

    def pause(self, entry: PauseReasonEntry, stopped: tuple[ClockName, ...]) -> PauseRow:
        """Write one reason."""
        return PauseRow(
            code=entry.code,
            clocks=stopped,
            cap_s=seconds(entry.cap),
            calendar=self.calendar(entry.calendar),
            approval_above_s=seconds(entry.approval_above),
            approver=entry.approver,
        )

    def calendar(self, name: str) -> int:
        """Take in a calendar, or the one the community uses instead."""
        return self.calendars.of(self.estate.instead.calendars.get(name, name))

    def row(self, name: str) -> CalendarRow:
        """Write one calendar with the exceptions around the day of reception."""
        return calendar_row(self.file.calendars[name], self.file.holiday_data, self.on)


def _community(file: CommunityFile, community: str) -> Community:
    """Find a community or refuse."""
    if community not in file.communities:
        raise Refused("unknown-community", community=community, allowed=", ".join(file.communities))
    return file.communities[community]


def _category(file: CommunityFile, community: str, category: str | None) -> Category:
    """Find a category the community offers, or refuse, naming those it does offer."""
    estate = _community(file, community)
    entry = file.categories.get(category or CATCH_ALL)
    if entry is None or not offers(estate, entry):
        offered = ", ".join(one.code for one in categories_of(file, community))
        raise Refused("unknown-category", community=community, category=category or CATCH_ALL, allowed=offered)
    return entry


def offers(estate: Community, entry: Category) -> bool:
    """Tell whether a community offers a category: both sides may name the other."""
    named_here = estate.categories is None or entry.code in estate.categories
    return named_here and (entry.communities is None or estate.id in entry.communities)
