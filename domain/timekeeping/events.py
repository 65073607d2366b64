"""Events of time: what clocks do, and what people do about clocks."""

from typing import Literal

from pydantic import AwareDatetime, BaseModel, ConfigDict

from domain.event import Event
from domain.payloads import Words
from domain.vocabulary import ClockName, LadderAction, Outcome, Role


class OneClock(BaseModel):
    """One clock of an order among several that an event changes."""

    model_config = ConfigDict(frozen=True)

    clock: ClockName
    generation: int
    turn: int


class HeldClock(OneClock):
    """A clock that stands still from now on, with the open time it has used (CLK-19)."""

    consumed_microseconds: int


class FreedClock(OneClock):
    """A clock that runs again, and when it falls due now."""

    due_at: AwareDatetime
    provisional: bool | None = None


class MovedClock(OneClock):
    """A clock that is held to other terms from now on: its ledger as it begins anew, and both dues (CLK-24, CLK-31)."""

    before_due_at: AwareDatetime
    due_at: AwareDatetime
    provisional: bool | None = None
    limit: str
    budget_microseconds: int
    consumed_microseconds: int  # of the new budget
    earlier_microseconds: int  # used before, of budgets given up
    carried_microseconds: int | None = None  # of `consumed`: used in the generation before (CLK-25)
    counted_from: AwareDatetime
    calendar: str
    calendar_version: str
    ladder: str
    source: str
    elapsed: bool | None = None


class SuspensionRequested(Event):
    """A pause was asked for; the clocks run on until somebody else approves it."""

    pause_reason: str
    expected_end_at: AwareDatetime
    approver: Role
    words: Words | None = None
    part: Words | None = None
    supplier: Words | None = None


class SuspensionApproved(Event):
    """It was granted; `Suspended` follows in the same step."""

    requested_by: str
    words: Words | None = None


class SuspensionRefused(Event):
    """It was not."""

    requested_by: str
    reason: Words


class Suspended(Event):
    """Clocks stand still until somebody resumes them, at `cap_at` at the latest (CLK-17, CLK-20)."""

    pause_reason: str
    clocks: tuple[HeldClock, ...]
    expected_end_at: AwareDatetime
    cap_at: AwareDatetime
    words: Words | None = None
    part: Words | None = None
    supplier: Words | None = None


class Resumed(Event):
    """They run again: `asked` by a person, at the `cap`, or because all that stood still have `ended`."""

    pause_reason: str
    because: Literal["asked", "cap", "ended"]
    clocks: tuple[FreedClock, ...]
    words: Words | None = None


class Acknowledged(Event):
    """The addressee of a ladder level has seen it."""

    clock: ClockName
    generation: int
    turn: int
    level: int


class Excused(Event):
    """A breach is not held against anybody; it stays on record (ESC-14)."""

    clock: ClockName
    generation: int
    turn: int
    reason: Words


class ClockEvent(Event):
    """What happened to one clock: its name, the order's generation, and the how-manieth start within it."""

    clock: ClockName
    generation: int
    turn: int


class ClockStarted(ClockEvent):
    """A duty began. `budget_microseconds` is open time of the calendar; the deadline follows from it (CLK-22)."""

    terms_digest: str
    limit: str
    budget_microseconds: int
    calendar: str
    calendar_version: str
    ladder: str
    accountable: Role
    source: str
    due_at: AwareDatetime
    provisional: bool | None = None
    act: str | None = None  # of a promise: what stops it
    elapsed: bool | None = None  # counts every second, though its calendar closes (CLK-29)
    carried_microseconds: int | None = None  # used in the generation before (CLK-25)
    standing: bool | None = None  # from the start, within a pause; `due_at` is the latest it can become (CLK-21)


class ClockStopped(ClockEvent):
    """A duty ended. `consumed_microseconds` is the open time it took."""

    outcome: Outcome
    consumed_microseconds: int
    incident: str | None = None  # of a breached clock: the incident that is to hear of it (ESC-13)


class PlannedEvent(ClockEvent):
    """What a clock does at a planned instant, with what a late hour adds to it (CLK-32, ESC-08)."""

    late_entry: bool | None = None
    late: bool | None = None
    late_by_seconds: int | None = None


class ClockWarned(PlannedEvent):
    """So many per cent of the limit are used up (ESC-01)."""

    percent: int


class ClockBreached(PlannedEvent):
    """The stop was not reached at `at`, which is the due instant itself (ESC-02)."""

    incident: str | None = None  # the incident whose ladder speaks in place of the clock's own (ESC-13)


class Escalated(PlannedEvent):
    """A ladder level fired; `at` is its planned instant (ESC-04)."""

    level: int
    addressee: Role
    action: LadderAction
    early: bool | None = None
    children: tuple[str, ...] | None = None  # of an incident: the children for whose clocks it speaks (ESC-13)
    because: str | None = None  # urged: without a breach (INT-18)
