"""The state of a work order, and how each event changes it."""

from collections.abc import Iterable
from datetime import datetime, timedelta
from functools import reduce
from typing import Any, Self

from pydantic import AwareDatetime, BaseModel, ConfigDict

from domain import events as e
from domain.clocks import LATE_AFTER, Alarm, Clock, Fired, due, next_alarm, used
from domain.terms import Terms
from domain.vocabulary import Cause, Channel, CloseReason, FeedbackKind, Kind, Outcome, Severity, Stage


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
    entered_at: AwareDatetime  # when the engine took it over
    stage_since: AwareDatetime  # when the event happened that led into the present stage
    generation_since: AwareDatetime
    stage: Stage = Stage.INTAKE
    version: int = 0
    generation: int = 1
    first_contact: str | None = None
    team: str | None = None
    assignee: str | None = None
    accepted: bool = False
    handlers: tuple[str, ...] = ()  # of all generations (CBK-02)
    classified: bool = False
    promises: int = 0
    urges: tuple[AwareDatetime, ...] = ()
    closed_at: AwareDatetime | None = None
    close_reason: CloseReason | None = None
    terms_digest: str
    shelf: dict[str, Terms]  # by digest: running clocks keep the terms they were started with
    clocks: tuple[Clock, ...] = ()

    @property
    def terms(self) -> Terms:
        """The terms that clocks start with from now on."""
        return self.shelf[self.terms_digest]

    @property
    def running(self) -> tuple[Clock, ...]:
        """The clocks that run."""
        return tuple(clock for clock in self.clocks if clock.running)

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
        """Return the next alarm of each clock that runs, the earliest first."""
        found = (next_alarm(clock, self.terms_of(clock)) for clock in self.running)
        return sorted(alarm for alarm in found if alarm is not None)

    def clock(self, alarm: Alarm | e.ClockEvent | e.Acknowledged) -> Clock:
        """Return the clock that an alarm or an event speaks of."""
        return next(c for c in self.clocks if (c.name, c.generation, c.turn) == identity(alarm))

    def changed(self, **fields: Any) -> Self:
        """Return this order with some fields changed."""
        return self.model_copy(update=fields)


def identity(of: Alarm | e.ClockEvent | e.Acknowledged) -> tuple[str, int, int]:
    """Return what tells one clock of an order from every other."""
    return of.clock, of.generation, of.turn


def born(event: e.Received, order_id: str, entered_at: datetime) -> WorkOrder:
    """Return the order that a reception makes."""
    if event.terms is None:
        raise ValueError("a reception needs its terms")
    return WorkOrder(
        order_id=order_id,
        community=event.community,
        kind=event.kind,
        category=event.category,
        severity=event.severity,
        channel=event.author.channel,
        reporter=event.reporter,
        building=event.building,
        received_at=event.at,
        entered_at=entered_at,
        stage_since=event.at,
        generation_since=event.at,
        version=1,
        terms_digest=event.terms_digest,
        shelf={event.terms_digest: event.terms},
    )


def replay(order: WorkOrder, events: Iterable[tuple[e.Event, datetime]]) -> WorkOrder:
    """Fold events, each with the instant it was recorded at, into an order."""
    return reduce(lambda so_far, pair: evolve(so_far, *pair), events, order)


def evolve(order: WorkOrder, event: e.Event, recorded_at: datetime) -> WorkOrder:
    """Return the order after an event; each accepted command raises its version by one."""
    if event.author.cause is Cause.COMMAND:
        order = order.changed(version=order.version + 1)
    if isinstance(event, e.ClockStarted):
        return order.changed(clocks=(*order.clocks, _started(event)))
    if isinstance(event, e.ClockEvent):
        return _clock_changed(order, event, recorded_at)
    changed = _life_changed(order, event)
    return changed if changed.stage is order.stage else changed.changed(stage_since=event.at)


def _life_changed(order: WorkOrder, event: e.Event) -> WorkOrder:  # noqa: C901, PLR0911, PLR0912 - one line for each kind of event
    """Change what is not a clock."""
    match event:
        case e.Responded():
            stage = Stage.REGISTRATION if order.stage is Stage.INTAKE else order.stage
            return order.changed(first_contact=event.first_contact, stage=stage)
        case e.FirstContactChanged():
            return order.changed(first_contact=event.first_contact)
        case e.Registered():
            return order.changed(stage=Stage.DISPATCH)
        case e.Classified():
            return _classified(order, event)
        case e.Dispatched() | e.Transferred():
            return order.changed(team=event.team, assignee=event.assignee, accepted=False)
        case e.Accepted():
            handlers = (*(h for h in order.handlers if h != event.assignee), event.assignee)
            return order.changed(stage=Stage.HANDLING, accepted=True, handlers=handlers)
        case e.Returned():
            return order.changed(stage=Stage.DISPATCH, assignee=None, team=None, accepted=False)
        case e.PromiseMade():
            return order.changed(promises=order.promises + 1)
        case e.HandlingCompleted():
            return order.changed(stage=Stage.FEEDBACK)
        case e.FeedbackGiven(kind=FeedbackKind.RESULT):
            return order.changed(stage=Stage.CALLBACK)
        case e.Reopened():
            return _reopened(order, event)
        case e.Urged():
            return order.changed(urges=(*order.urges, event.at))
        case e.Acknowledged():
            return _with_clock(order, _acknowledged(order, event))
        case e.Closed():
            return order.changed(stage=Stage.CLOSED, closed_at=event.at, close_reason=event.reason)
        case _:
            return order


def _classified(order: WorkOrder, event: e.Classified) -> WorkOrder:
    if event.terms is None:
        raise ValueError("a classification needs its terms")
    return order.changed(
        category=event.category,
        kind=event.kind,
        severity=event.severity,
        classified=True,
        terms_digest=event.terms_digest,
        shelf={**order.shelf, event.terms_digest: event.terms},
    )


def _reopened(order: WorkOrder, event: e.Reopened) -> WorkOrder:
    return order.changed(
        stage=Stage.DISPATCH,
        generation=event.generation,
        generation_since=event.at,
        team=None,
        assignee=None,
        accepted=False,
        closed_at=None,
        close_reason=None,
    )


def _started(event: e.ClockStarted) -> Clock:
    return Clock(
        name=event.clock,
        generation=event.generation,
        turn=event.turn,
        terms_digest=event.terms_digest,
        started_at=event.at,
        running_since=event.at,
        budget=timedelta(microseconds=event.budget_microseconds),
        act=event.act,
    )


def _clock_changed(order: WorkOrder, event: e.ClockEvent, recorded_at: datetime) -> WorkOrder:
    clock = order.clock(event)
    match event:
        case e.ClockStopped():
            spent = timedelta(microseconds=event.consumed_microseconds)
            stopped = {"outcome": event.outcome, "consumed": spent, "running_since": None}
            return _with_clock(order, clock.model_copy(update=stopped))
        case e.ClockWarned():
            return _with_clock(order, clock.model_copy(update={"warned": (*clock.warned, event.percent)}))
        case e.ClockBreached():
            return _with_clock(order, clock.model_copy(update={"breached_at": event.at}))
        case e.Escalated():
            acts_from = recorded_at if event.late or event.late_entry else event.at
            fired = (*clock.fired, Fired(level=event.level, acts_from=acts_from))
            return _with_clock(order, clock.model_copy(update={"fired": fired}))
        case _:
            raise TypeError(type(event).__name__)


def _acknowledged(order: WorkOrder, event: e.Acknowledged) -> Clock:
    clock = order.clock(event)
    fired = tuple(f.model_copy(update={"acknowledged": True}) if f.level == event.level else f for f in clock.fired)
    return clock.model_copy(update={"fired": fired})


def _with_clock(order: WorkOrder, changed: Clock) -> WorkOrder:
    same = (changed.name, changed.generation, changed.turn)
    clocks = tuple(changed if (c.name, c.generation, c.turn) == same else c for c in order.clocks)
    return order.changed(clocks=clocks)


def outcome_of(order: WorkOrder, clock: Clock, at: datetime) -> Outcome:
    """Say how a clock ends that stops at an instant: at exactly the due instant it is met (CLK-27)."""
    return Outcome.MET if clock.breached_at is None and at <= order.due(clock) else Outcome.BREACHED


def is_late(planned_at: datetime, now: datetime) -> bool:
    """Say whether something planned is done so late that it must be marked (ESC-08)."""
    return now - planned_at > LATE_AFTER
