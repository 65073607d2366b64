"""What a settings file says about time: calendars, holidays, clocks, policies, ladders and pauses, as they are written.

Names of other entries and lengths of time stay text here; `domain.settings.soundness` reads them and tells all faults
at once.
"""

from collections.abc import Mapping
from datetime import date
from typing import Annotated, Literal

from pydantic import BaseModel, ConfigDict, Field

from domain.vocabulary import ClockName, LadderAction, Pausable, Role

Percent = Annotated[int, Field(ge=1, le=100)]
Weekday = Literal["mon", "tue", "wed", "thu", "fri", "sat", "sun"]


class Written(BaseModel):
    """A part of the settings file: frozen, and a key it does not know is a fault, not a silence."""

    model_config = ConfigDict(frozen=True, extra="forbid", populate_by_name=True)


class WeekHours(Written):
    """Opening hours of some weekdays, `HH:MM-HH:MM`; `+1` after the end means the next day (CAL-02)."""

    days: tuple[Weekday, ...] = Field(min_length=1)
    open: tuple[str, ...] = Field(min_length=1)


class SpecialDay(Written):
    """A community's own closing or opening of one civil date, with its reason (CAL-13). No hours = closed."""

    on: date
    open: tuple[str, ...] = ()
    reason: str = Field(min_length=1)


class CalendarEntry(Written):
    """One calendar: kind `always`, or weekly hours with holidays, make-up days and special days on top (CAL-01)."""

    id: str
    name: str
    zone: str  # IANA name (CAL-09)
    kind: Literal["always", "weekly"]
    week: tuple[WeekHours, ...] = ()
    holidays: str | None = None  # key of [holiday_data], else code of the `holidays` package (CAL-12)
    on_holiday: Literal["open", "closed"] = "open"  # CAL-04
    on_makeup_workday: Literal["open_as_weekday", "none"] = "none"  # CAL-05
    close_whole_block: bool = False  # CAL-07
    confirmed_until: date | None = None  # last civil date of sure holiday data (CAL-11)
    exception: tuple[SpecialDay, ...] = ()


class HolidayBlock(Written):
    """One holiday from its first to its last day; the days not statutory are bridge days or weekends (CAL-08)."""

    name: str
    first: date = Field(alias="from")
    last: date = Field(alias="to")
    statutory: tuple[date, ...] = ()


class HolidayYear(Written):
    """The arrangement of one year, written out."""

    status: Literal["confirmed", "provisional"]
    blocks: tuple[HolidayBlock, ...] = ()
    makeup_workdays: tuple[date, ...] = ()


HolidayData = Mapping[str, Mapping[Annotated[str, Field(pattern=r"^[0-9]{4}$")], HolidayYear]]
"""Country code → year → arrangement."""


class ClockEntry(Written):
    """One clock as a place writes it; a key left out comes from the next place (CLK-08)."""

    limit: str | None = None
    calendar: str | None = None
    ladder: str | None = None
    accountable: Role | None = None
    pausable: Pausable | None = None
    sample_percent: Percent | None = None  # per cent of the orders called back; 100 when not written


Clocks = Mapping[ClockName, ClockEntry]


class DefaultEntry(Written):
    """What holds for every clock unless another place says otherwise."""

    warn_percent: tuple[Percent, ...] = ()
    clocks: Clocks


class PolicyEntry(Written):
    """The limits of one class of matters."""

    id: str
    name: str
    warn_percent: tuple[Percent, ...] | None = None
    applies: tuple[ClockName, ...] | None = None  # none = every clock
    clocks: Clocks = Field(default_factory=dict)


class CommunityPolicyEntry(Written):
    """What one community does differently within one policy."""

    community: str
    policy: str
    clocks: Clocks


class LevelEntry(Written):
    """One step of a ladder (ESC-03)."""

    level: int
    after: str
    to: Role
    ack_within: str | None = None
    action: LadderAction = LadderAction.NOTIFY


class LadderEntry(Written):
    """What follows a breach. No levels = nothing follows."""

    id: str
    name: str
    calendar: str
    levels: tuple[LevelEntry, ...]


class PauseReasonEntry(Written):
    """One reason for which listed clocks may stand still, with its cap (CLK-17, CLK-20)."""

    code: str
    name: str
    clocks: tuple[ClockName, ...]
    cap: str
    calendar: str
    approval_above: str
    approver: Role


class PauseRules(Written):
    """What holds for all pauses of one order together."""

    never: tuple[ClockName, ...]
    total_cap: str
    total_cap_calendar: str


class VagueWord(Written):
    """The number behind a vague word: a clock's limit, or the end of the day (CLK-16)."""

    clock: ClockName | None = None
    until: Literal["end_of_day"] | None = None
