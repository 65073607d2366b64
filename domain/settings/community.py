"""The settings of the communities as one frozen whole: firm, estates, people, time, services and imports."""

from collections.abc import Mapping
from functools import cached_property
from typing import Annotated, Any, Literal

from pydantic import AwareDatetime, Field

from domain.settings.arrangements import (
    CalendarEntry,
    Clocks,
    CommunityPolicyEntry,
    DefaultEntry,
    HolidayData,
    LadderEntry,
    PauseReasonEntry,
    PauseRules,
    PolicyEntry,
    VagueWord,
    Written,
)
from domain.settings.hearing import IntakeRules
from domain.settings.sources import ImportSource
from domain.settings.staffing import AbsenceEntry, LookUp, OnCallEntry, ShiftEntry, StaffEntry, TeamEntry
from domain.vocabulary import Channel, Demand, Kind, Role, Style

Lenient = Mapping[str, Any]
"""A part that no rule reads yet: kept, not checked."""


class Firm(Written):
    """The property management firm."""

    id: str
    name: str
    motto: str = ""
    default_zone: str
    default_language: str


class Building(Written):
    """One building with its steward."""

    code: str
    name: str
    units: int = Field(ge=1)
    floors: int = Field(ge=1)
    rooms_per_floor: int = Field(ge=1)
    area: str
    owner_staff: str


class Instead(Written):
    """Names replaced for one community."""

    calendars: Mapping[str, str] = Field(default_factory=dict)
    teams: Mapping[str, str] = Field(default_factory=dict)


class Community(Written):
    """One estate."""

    id: str
    name: str
    jurisdiction_id: str
    zone: str
    address: str
    language: str | None = None
    public_data_example: bool = False
    households: int | None = None
    service_standard: str
    published_notice: str
    public_areas: tuple[str, ...] = ()
    buildings_from: Literal["import"] | None = None
    categories: tuple[str, ...] | None = None  # none = all that don't name other communities
    building: tuple[Building, ...] = ()
    instead: Instead = Instead()


class MassIncident(Written):
    """How many like matters in which time propose one parent (GRP-05)."""

    count: int = Field(ge=2)
    window: str
    scope: Literal["building", "community"]


class Category(Written):
    """One entry of the service catalogue."""

    code: str = Field(pattern=r"^[A-Z][A-Z_]*$")
    name: str
    kind: Kind
    group: str
    policy: str
    team: str
    skill: str
    photos: Literal["before_after", "optional", "none"]
    communities: tuple[str, ...] | None = None  # none = everywhere
    keywords: tuple[str, ...] = ()
    safety: bool = False
    plan_required: bool = False
    on_site: bool = False  # somebody has to come: arrival is recorded before completion (HND-01)
    exclude_named_staff: bool = False
    responsibility: str | None = None
    mass_incident: MassIncident | None = None
    override: Clocks = Field(default_factory=dict)


class Notices(Written):
    """When and how people are told (ESC-09, ESC-12)."""

    staff_quiet_hours: str | None = None  # 22:00-07:00 in the community's zone; none = no hour is quiet
    quiet_exempt_roles: tuple[Role, ...] = ()
    quiet_exempt_policies: tuple[str, ...] = ()
    digest_above: int = Field(10, ge=1)  # so many messages a minute reach one person singly
    owner_contact_calendar: str
    owner_contact_exempt_policies: tuple[str, ...] = ()
    channels: tuple[str, ...]
    retry: Lenient


class Feedback(Written):
    """How owners are told (FBK-01…03)."""

    language_by_group: Mapping[str, Style] = Field(default_factory=dict)
    channel_by_group: Mapping[str, tuple[Channel, ...]] = Field(default={"default": (Channel.PHONE, Channel.SMS)})
    dialect_groups: tuple[str, ...] = ()  # whoever calls them should speak the dialect
    requires_text_min_chars: int = Field(10, ge=1)


class Callback(Written):
    """Rules of the callback (CBK-01…05)."""

    obligatory_kinds: tuple[Kind, ...]
    caller_not_handler: bool
    caller_not_same_team: bool
    max_attempts: int = Field(ge=1)
    min_gap: str
    min_distinct_days: int = Field(ge=1)
    not_reached_action: Literal["sms_with_link_then_close"]
    score_range: tuple[Literal[1], Literal[5]]
    aspects: tuple[Literal["attitude"], Literal["timeliness"], Literal["quality"]]
    dissatisfied_at_or_below: int = Field(ge=1, le=4)
    on_dissatisfied: tuple[str, ...]
    on_unresolved: tuple[str, ...]
    reopen_window: str
    reopen_clock_rule: Literal["fresh", "continue"]


class AttachmentRules(Written):
    """How many photos or recordings come at once, and how large each may be (INT-19)."""

    most: int = Field(9, ge=1, le=100)
    megabytes: int = Field(20, ge=1, le=100)


class HandlingRules(Written):
    """What must be said of the work (HND-11), and what is not said to an owner amid a conflict (HND-09)."""

    result_characters: int = Field(10, ge=1, le=200)  # shortest text of a result
    arrears_words: tuple[Annotated[str, Field(min_length=2)], ...] = ("欠费", "欠缴", "拖欠", "催缴", "催费", "物业费")


class Grouping(Written):
    """Rules of duplicates and repeats (INT-11, INT-12, GRP-04)."""

    duplicate_window: str
    duplicate_match: tuple[str, ...]
    repeat_window: str
    repeat_match: tuple[str, ...]
    repeat_raises_to: Role
    unmerge_window: str = "24h"  # GRP-08
    idempotency_retention: str


class CommunityFile(Written):
    """Everything one settings file says, checked as a whole by `domain.settings.reading`."""

    form: Literal["huiyin.community/1"] = Field(alias="schema")
    version: str = Field(min_length=1)
    effective_from: AwareDatetime
    sample: bool = False
    firm: Firm
    community: tuple[Community, ...] = Field(min_length=1)
    team: tuple[TeamEntry, ...] = Field(min_length=1)
    staff: tuple[StaffEntry, ...] = Field(min_length=1)
    shift: tuple[ShiftEntry, ...] = Field(min_length=1)
    on_call: tuple[OnCallEntry, ...] = ()
    absence: tuple[AbsenceEntry, ...] = ()
    roles: Mapping[Role, LookUp | tuple[str, ...]]
    deputies: Mapping[Role, Role] = Field(default_factory=dict)
    calendar: tuple[CalendarEntry, ...] = Field(min_length=1)
    holiday_data: HolidayData = Field(default_factory=dict)
    default: DefaultEntry
    vague_words: Mapping[str, VagueWord] = Field(default_factory=dict)
    policy: tuple[PolicyEntry, ...] = Field(min_length=1)
    community_policy: tuple[CommunityPolicyEntry, ...] = ()
    ladder: tuple[LadderEntry, ...] = Field(min_length=1)
    notices: Notices
    pause_reason: tuple[PauseReasonEntry, ...] = ()
    pause: PauseRules
    category: tuple[Category, ...] = Field(min_length=1)
    intake: IntakeRules = IntakeRules()
    demands: tuple[Demand, ...] = ()  # what must be done before a step, in the categories it applies to
    callback: Callback
    grouping: Grouping
    attachments: AttachmentRules = AttachmentRules()
    handling: HandlingRules = HandlingRules()
    sources: Mapping[str, ImportSource] = Field(alias="import", default_factory=dict)
    arrears: Lenient = Field(default_factory=dict)
    feedback: Feedback = Feedback()
    service_recovery: Lenient = Field(default_factory=dict)
    survey: Lenient = Field(default_factory=dict)
    care: Lenient = Field(default_factory=dict)
    publish: Lenient = Field(default_factory=dict)
    equipment: tuple[Lenient, ...] = ()
    resident: tuple[Lenient, ...] = ()

    @cached_property
    def communities(self) -> Mapping[str, Community]:
        """Communities by id."""
        return {entry.id: entry for entry in self.community}

    @cached_property
    def calendars(self) -> Mapping[str, CalendarEntry]:
        """Calendars by id."""
        return {entry.id: entry for entry in self.calendar}

    @cached_property
    def ladders(self) -> Mapping[str, LadderEntry]:
        """Ladders by id."""
        return {entry.id: entry for entry in self.ladder}

    @cached_property
    def policies(self) -> Mapping[str, PolicyEntry]:
        """Class policies by id."""
        return {entry.id: entry for entry in self.policy}

    @cached_property
    def categories(self) -> Mapping[str, Category]:
        """Service catalogue by code."""
        return {entry.code: entry for entry in self.category}

    @cached_property
    def teams(self) -> Mapping[str, TeamEntry]:
        """Teams by id."""
        return {entry.id: entry for entry in self.team}

    @cached_property
    def members(self) -> Mapping[str, StaffEntry]:
        """Staff by id."""
        return {entry.id: entry for entry in self.staff}

    @cached_property
    def shifts(self) -> Mapping[str, ShiftEntry]:
        """Shifts by id."""
        return {entry.id: entry for entry in self.shift}
