"""The state of a work order, and how each event changes it."""

from datetime import date, datetime, timedelta
from typing import Any, Self

from pydantic import AwareDatetime, BaseModel, ConfigDict, Field

from domain import events as e
from domain.groups.child_clock import BreachedClock
from domain.groups.incident_events import SolvedFrom
from domain.groups.merging_events import AbsorbedCase, MergedInto
from domain.handling.state import Assignment, Conflict, Part, Price
from domain.terms import Terms
from domain.timekeeping.clocks import BREACH, LATE_AFTER, PAUSE_OVER, Alarm, Clock, due, next_alarm, used
from domain.timekeeping.pausing import Pause, SuspensionRequest
from domain.vocabulary import Channel, CloseReason, Kind, Outcome, Severity, Stage

OfClock = Alarm | e.ClockEvent | e.OneClock | e.Acknowledged | e.Excused | BreachedClock
"""Whatever speaks of one clock of an order."""


class Plan(BaseModel):
    """What was promised to be done about the matter, by which date, and how far it is (整改方案)."""

    model_config = ConfigDict(frozen=True)

    on: date
    number: int = 1
    refusals: int = 0  # of the owner, at sign-off (HND-07)
    done: bool = False
    signed_off: bool = False


class WorkOrder(BaseModel):
    """One matter of one owner from reception to close (工单)."""

    model_config = ConfigDict(frozen=True)

    order_id: str
    community: str
    kind: Kind
    category: str
    severity: Severity
    channel: Channel
    reporter: str
    building: str | None
    received_at: AwareDatetime
    entered_at: AwareDatetime  # when a door wrote it down (CLK-32)
    stage_since: AwareDatetime  # when the event happened that led into the present stage
    generation_since: AwareDatetime
    stage: Stage = Stage.INTAKE
    version: int = 0
    generation: int = 1
    first_contact: str | None = None
    team: str | None = None
    assignee: str | None = None
    accepted: bool = False
    receiver: str | None = Field(default=None, exclude_if=lambda who: who is None)  # of a transfer, until he accepts
    receiving_team: str | None = Field(default=None, exclude_if=lambda team: team is None)
    contractors: dict[str, str] = Field(
        default_factory=dict, exclude_if=lambda teams: not teams
    )  # the contractor's team of each who is of one (HND-12)
    report: e.CompletionReported | None = Field(default=None, exclude_if=lambda report: report is None)  # to be checked
    arrived: bool = Field(default=False, exclude_if=lambda arrived: not arrived)  # the one who holds it
    handlers: tuple[str, ...] = ()  # of all generations (CBK-02)
    classified: bool = False
    clarified: str | None = None  # agreed, or why that was skipped (INT-07)
    proposed: bool = False  # a class was proposed at reception (INT-09)
    remedy_asked: bool = False  # INT-08
    complained_of: tuple[str, ...] = Field(
        default=(), exclude_if=lambda staff: not staff
    )  # it never reaches them (DSP-13)
    from_group: bool = False  # words found where others read them (INT-03, FBK-07)
    promises: int = 0
    urges: tuple[AwareDatetime, ...] = ()
    closed_at: AwareDatetime | None = None
    close_reason: CloseReason | None = None
    terms_digest: str
    shelf: dict[str, Terms]  # by digest: running clocks keep the terms they were started with
    clocks: tuple[Clock, ...] = ()
    continues: bool = False  # clocks of this generation go on from those of the one before (CLK-25)
    plan: Plan | None = None  # of this generation
    returns: int = Field(default=0, exclude_if=lambda count: not count)  # by a handler, of all generations (DSP-07)
    visits: int = 0  # arrivals of this generation (HND-11)
    shown_before: bool = False  # a photo from before the work of this generation is there (HND-02)
    assignments: tuple[Assignment, ...] = Field(
        default=(), exclude_if=lambda given: not given
    )  # of this generation, beside the assignee's own (HND-13)
    price: Price | None = None  # of this generation
    conflict: Conflict | None = None
    responsibility: tuple[Part, ...] = ()
    pause: Pause | None = None
    pauses: tuple[Pause, ...] = ()  # those that are over, of all generations
    request: SuspensionRequest | None = None
    incident: str | None = None  # the incident this order is a child of: its ladders keep silent (ESC-13)
    solved: bool = Field(default=False, exclude_if=lambda solved: not solved)  # by its incident (GRP-06)
    solved_from: SolvedFrom | None = Field(default=None, exclude_if=lambda stood: stood is None)  # GRP-07
    apart_since: AwareDatetime | None = Field(default=None, exclude_if=lambda at: at is None)  # see `spoken_for`
    repeat_of: str | None = Field(default=None, exclude_if=lambda of: of is None)  # GRP-04
    merged: MergedInto | None = Field(default=None, exclude_if=lambda into: into is None)  # GRP-01
    absorbed: tuple[AbsorbedCase, ...] = Field(default=(), exclude_if=lambda cases: not cases)  # GRP-02
    own_received_at: AwareDatetime | None = Field(default=None, exclude_if=lambda at: at is None)  # if another's counts
    members: tuple[str, ...] = ()  # of an incident: the orders it was proposed for; empty = this order is none
    gathered: tuple[
        Clock, ...
    ] = ()  # of an incident: breached clocks of its children, by name (domain.groups.children)
    result_noticed: bool = Field(default=False, exclude_if=lambda told: not told)  # of an incident, to all (GRP-06)
    attempts: tuple[AwareDatetime, ...] = ()  # of this generation, to reach the owner for the callback (CBK-03)
    callers: tuple[str, ...] = ()  # staff who have recorded a callback, of all generations (CBK-10)
    result_by: str | None = None  # who told the result that the first contact has not countersigned yet (INT-06)

    @property
    def terms(self) -> Terms:
        """The terms that clocks start with from now on."""
        return self.shelf[self.terms_digest]

    @property
    def running(self) -> tuple[Clock, ...]:
        """The clocks that run."""
        return tuple(clock for clock in self.clocks if clock.running)

    @property
    def escalating(self) -> tuple[Clock, ...]:
        """The clocks whose ladders may speak: its own, and what it gathered from its children."""
        return (*self.running, *(clock for clock in self.gathered if clock.running))

    @property
    def leaders(self) -> frozenset[str]:
        """The orders whose work and words are this one's too: its incident, and what it is merged into."""
        survivor = self.merged.survivor if self.merged else None
        return frozenset(one for one in (self.incident, survivor) if one is not None)

    @property
    def countersign_owed(self) -> bool:
        """Whether the first contact still has to stand for a result that another told (INT-06)."""
        return self.terms.closing is not None and self.result_by is not None and self.stage is Stage.CALLBACK

    @property
    def open_request(self) -> SuspensionRequest | None:
        """The pause that waits for approval; none once handling is over: nobody may decide about it then (CLK-17)."""
        return self.request if self.stage is Stage.HANDLING else None

    @property
    def contractor(self) -> str | None:
        """The contractor's team that the assignee is of; none = one of our own staff (HND-12)."""
        return self.contractors.get(self.assignee or "")

    @property
    def assigned(self) -> tuple[Assignment, ...]:
        """The further assignments whose turn it is (HND-13)."""
        ended = {one.number for one in self.assignments if one.ended}
        return tuple(one for one in self.assignments if not one.ended and one.after in {None, *ended})

    @property
    def check_owed(self) -> bool:
        """Whether a contractor says that the work is done, and nobody of ours has looked at it yet (HND-12)."""
        return self.report is not None and self.stage is Stage.HANDLING

    def terms_of(self, clock: Clock) -> Terms:
        """Return the terms a clock was started with."""
        return self.shelf[clock.terms_digest]

    def due(self, clock: Clock) -> datetime:
        """Return the due instant of one of this order's clocks."""
        return due(clock, self.terms_of(clock))

    def used(self, clock: Clock, at: datetime) -> timedelta:
        """Return the open time one of this order's clocks has used up to an instant."""
        return used(clock, self.terms_of(clock), at)

    def alarms(self) -> list[Alarm]:
        """Return the next alarm of each clock that runs, and the end of a pause, the earliest first.

        The ladders of a child keep silent while its incident speaks for it; its warnings and breaches do not (ESC-13).
        """
        found = ((clock, next_alarm(clock, self.terms_of(clock))) for clock in self.escalating)
        heard = [
            alarm
            for clock, alarm in found
            if alarm is not None and (alarm.step <= BREACH or self.spoken_for(clock) is None)
        ]
        return sorted([*heard, *self._pause_over()])

    def spoken_for(self, clock: Clock) -> str | None:
        """Return the incident that speaks for one of this order's clocks (ESC-13).

        What begins after a child that was solved with it has ended, or is taken up again, is the child's own (GRP-06).
        """
        own = self.apart_since is not None and clock.started_at >= self.apart_since
        return None if own else self.incident

    def _pause_over(self) -> list[Alarm]:
        """Return the alarm at which the clocks that stand still run again by themselves (CLK-20)."""
        held = [clock for clock in self.running if clock.suspended]
        if self.pause is None or not held:
            return []
        return [Alarm(self.pause.cap_at, held[0].generation, held[0].name, held[0].turn, PAUSE_OVER)]

    def clock(self, alarm: OfClock) -> Clock:
        """Return the clock that an alarm or an event speaks of."""
        return next(c for c in (*self.clocks, *self.gathered) if (c.name, c.generation, c.turn) == identity(alarm))

    def changed(self, **fields: Any) -> Self:
        """Return this order with some fields changed."""
        return self.model_copy(update=fields)


def identity(of: OfClock) -> tuple[str, int, int]:
    """Return what tells one clock of an order from every other."""
    return of.clock, of.generation, of.turn


def outcome_of(order: WorkOrder, clock: Clock, at: datetime) -> Outcome:
    """Say how a clock ends that stops at an instant: at exactly the due instant it is met (CLK-27)."""
    return Outcome.MET if clock.breached_at is None and at <= order.due(clock) else Outcome.BREACHED


def is_late(planned_at: datetime, now: datetime) -> bool:
    """Say whether something planned is done so late that it must be marked (ESC-08)."""
    return now - planned_at > LATE_AFTER
