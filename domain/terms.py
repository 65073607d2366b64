"""The pinned terms of a work order: limits, calendars and ladders as they were when its clocks began.

The stored form names each calendar and ladder once and refers to them by position, as rows instead of keyed tables,
so that the largest category stays below 6 kB (design 4a.3). The form is final: histories hold it.
"""

import hashlib
from datetime import date
from typing import Final, Literal, NamedTuple, Self

import rfc8785
from pydantic import BaseModel, ConfigDict, Field

from domain.vocabulary import ClockName, Demand, Kind, LadderAction, Pausable, Role, Severity

MOVING_CLOCKS: Final = 2
"""From this version of terms on a classification moves running clocks (CLK-24), a required plan is timed from reception
(CLK-09) and a reopening may continue (CLK-25). Terms travel with commands, so what was decided under older ones is
replayed as it was decided (docs/decisions/0008)."""
HOLDING_PAUSES: Final = 3
"""From this version on a pause holds for clocks that start within it (CLK-21), a plan waits for the look at the one
before (CLK-10), and whoever asks for a second pause is told of the request that waits (CLK-17)."""
ANSWERED_THROUGHOUT: Final = 4
"""From this version on somebody answers for an order throughout: whoever hands it on until the receiver accepts it
(DSP-08); a class that owes more than the one before starts what it owes (CLK-24); and praise is over once somebody has
answered it (INT-17)."""
EACH_IN_ITS_TIME: Final = 5
"""From this version on an owner is called back in contact hours (FBK-05), confirms a promise once it was kept or is due
(HND-10), and whoever has a piece of the work in turn is told when his turn comes (HND-13)."""
NOBODY_LEFT_WAITING: Final = 6
"""From this version on somebody owes a proposed incident his word (GRP-05), the result of one is told to all its owners
once (GRP-06), and what has taken other cases over becomes no praise, which nobody handles (GRP-01)."""


class DayHours(NamedTuple):
    """Open minutes of one weekday: `[start, end)` in minutes after local midnight; an end over 1440 is the next day."""

    weekday: int  # 0 = Monday
    open: tuple[tuple[int, int], ...]


class CalendarException(NamedTuple):
    """One civil date that differs from its weekday: a holiday, a bridge day, a make-up workday or a special opening."""

    on: date
    open: tuple[tuple[int, int], ...]  # empty = closed all day
    name: str  # 国庆节, 调休上班 …
    kind: str  # statutory | bridge | block | makeup | community


class CalendarRow(NamedTuple):
    """One calendar of the terms. An empty `week` means always open (`kind = "always"`)."""

    id: str
    version: str
    zone: str  # IANA name
    week: tuple[DayHours, ...] = ()
    exceptions: tuple[CalendarException, ...] = ()
    confirmed_until: date | None = None  # beyond this civil date holiday data are provisional (CAL-11)


class Level(NamedTuple):
    """One step of a ladder (ESC-03). Times in seconds of open time of the ladder's calendar."""

    after_s: int
    to: Role
    ack_within_s: int | None = None
    action: LadderAction = LadderAction.NOTIFY


class LadderRow(NamedTuple):
    """One ladder: levels are numbered from 1 by position."""

    id: str
    calendar: int  # position in Terms.calendars
    levels: tuple[Level, ...] = ()


class ClockRow(NamedTuple):
    """One clock of the terms."""

    name: ClockName
    limit: str  # "15m", "24h", "3wd", "5d", "plan_date", "window_end" (domain.timekeeping.limits)
    calendar: int
    ladder: int
    accountable: Role
    pausable: Pausable = Pausable.NEVER
    warn: tuple[int, ...] = ()  # per cent of the limit
    source: str = "default"  # category | community | policy | default: the place that gave the limit (CLK-08)


class PauseRow(NamedTuple):
    """One reason for which a clock may stand still (CLK-17). Caps in seconds of open time of their calendar."""

    code: str
    clocks: tuple[ClockName, ...]
    cap_s: int
    calendar: int
    approval_above_s: int
    approver: Role


class ClosingRow(NamedTuple):
    """How an order is brought to its end: attempts to reach the owner, and which scores reopen it (CBK-03, CBK-05)."""

    attempts: int  # so many, then the owner counts as not reached
    gap_s: int  # between two of them, in seconds
    days: int  # on so many civil days at least
    calendar: int  # contact hours: position in Terms.calendars
    low_score: int  # a score up to this reopens


class UrgeRule(NamedTuple):
    """How many urges within which time fire level 1 without a breach (INT-18)."""

    times: int
    within_s: int


class Terms(BaseModel):
    """Everything about time and ladder that an order is held to, resolved once and pinned (CLK-31)."""

    model_config = ConfigDict(frozen=True)

    v: int = 1
    policy: str
    version: str  # of the settings file the terms were resolved from
    category: str
    kind: Kind
    severity: Severity
    calendars: tuple[CalendarRow, ...]
    ladders: tuple[LadderRow, ...]
    clocks: tuple[ClockRow, ...]
    pauses: tuple[PauseRow, ...] = ()
    pause_total_cap_s: int | None = None
    pause_calendar: int | None = None
    plan_required: bool = False
    reopen_days: int = 30  # CBK-09: reopening and late callback after close
    reopen_rule: Literal["fresh", "continue"] = Field("fresh", exclude_if=lambda rule: rule == "fresh")  # CLK-25
    closing: ClosingRow | None = Field(None, exclude_if=lambda row: row is None)  # none = resolved before 0.3.0
    urge: UrgeRule | None = Field(None, exclude_if=lambda rule: rule is None)  # INT-18; none = up to 0.3.0
    safety: bool = Field(default=False, exclude_if=lambda flag: not flag)  # of the category (INT-07)
    demands: tuple[Demand, ...] = Field((), exclude_if=lambda demands: not demands)  # domain.demands
    digest: str = ""  # see pinned()

    def pinned(self) -> Self:
        """Return these terms with their digest: SHA-256 (hex) of their canonical JSON, the digest itself left out.

        The digest travels with the terms and is never computed again from them: a later version of this model may gain
        optional fields, and a replay must still see the digest that was written.
        """
        body = self.model_dump(mode="json", exclude={"digest"})
        return self.model_copy(update={"digest": hashlib.sha256(rfc8785.dumps(body)).hexdigest()})

    @property
    def moving(self) -> bool:
        """Whether these terms move clocks that run already."""
        return self.v >= MOVING_CLOCKS

    @property
    def tells(self) -> bool:
        """Whether breaches and urges are told beside the ladder (INT-06, INT-18): not of orders received by 0.3.0."""
        return self.urge is not None

    @property
    def holding(self) -> bool:
        """Whether under these terms a pause holds for what starts within it, and an open question for the next one."""
        return self.v >= HOLDING_PAUSES

    @property
    def owing(self) -> bool:
        """Whether under these terms a class starts what it owes, and praise ends with its answer."""
        return self.v >= ANSWERED_THROUGHOUT

    @property
    def handing_over(self) -> bool:
        """Whether under these terms a transferred order is the giver's until its receiver accepts it."""
        return self.v >= ANSWERED_THROUGHOUT

    @property
    def in_time(self) -> bool:
        """Whether under these terms callbacks, follow-ups and pieces in turn wait for their time."""
        return self.v >= EACH_IN_ITS_TIME

    @property
    def leaving_nobody(self) -> bool:
        """Whether under these terms orders that belong together leave nobody waiting, or told twice."""
        return self.v >= NOBODY_LEFT_WAITING

    def pause(self, code: str) -> PauseRow | None:
        """Return the row of a pause reason, or None when these terms do not list it."""
        return next((row for row in self.pauses if row.code == code), None)

    def clock(self, name: ClockName) -> ClockRow | None:
        """Return the row of a clock, or None when the policy does not apply it."""
        return next((row for row in self.clocks if row.name is name), None)

    def calendar_of(self, row: ClockRow) -> CalendarRow:
        """Return the calendar in which a clock counts."""
        return self.calendars[row.calendar]

    def ladder_of(self, row: ClockRow) -> LadderRow:
        """Return the ladder that follows a breach of a clock."""
        return self.ladders[row.ladder]
