"""How each event changes an order: the state is the sum of its events, and nothing else (AUD-01)."""

from collections.abc import Iterable
from datetime import datetime, timedelta
from functools import reduce

from domain import events as e
from domain import ledger
from domain.clocks import Clock, Fired
from domain.order import Plan, WorkOrder
from domain.pausing import Pause, SuspensionRequest
from domain.vocabulary import Cause, FeedbackKind, Stage


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
        proposed=event.proposed is not None,
        remedy_asked=event.remedy is not None,
        from_group=event.posted_at is not None,
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
        case e.Clarified():
            return order.changed(clarified=event.skipped or "agreed")
        case e.Registered():
            return order.changed(stage=Stage.DISPATCH)
        case e.Classified():
            return _classified(order, event)
        case e.Dispatched() | e.Transferred():
            return order.changed(team=event.team, assignee=event.assignee, accepted=False, arrived=False)
        case e.Arrived():
            return order.changed(arrived=True)
        case e.Accepted():
            handlers = (*(h for h in order.handlers if h != event.assignee), event.assignee)
            return order.changed(stage=Stage.HANDLING, accepted=True, handlers=handlers)
        case e.Returned():
            return order.changed(stage=Stage.DISPATCH, assignee=None, team=None, accepted=False, arrived=False)
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
        case e.Excused():
            return _with_clock(order, order.clock(event).model_copy(update={"excused": True}))
        case e.PlanGiven() | e.RectificationDone() | e.SignedOff() | e.SignOffRefused():
            return order.changed(plan=_planned(order.plan, event))
        case e.SuspensionRequested():
            return order.changed(request=_requested(event))
        case e.SuspensionApproved() | e.SuspensionRefused():
            return order.changed(request=None)
        case e.Suspended():
            return _suspended(order, event)
        case e.Resumed():
            return _resumed(order, event)
        case e.Closed():
            return order.changed(stage=Stage.CLOSED, closed_at=event.at, close_reason=event.reason)
        case _:
            return order


def _classified(order: WorkOrder, event: e.Classified) -> WorkOrder:
    if event.terms is None:
        raise ValueError("a classification needs its terms")
    changed = order.changed(
        category=event.category,
        kind=event.kind,
        severity=event.severity,
        classified=order.classified or not isinstance(event, e.Reclocked),
        terms_digest=event.terms_digest,
        shelf={**order.shelf, event.terms_digest: event.terms},
    )
    for to in event.moved or ():
        changed = _with_clock(changed, ledger.moved(order.clock(to), to, event.at, event.terms_digest))
    return changed


def _planned(plan: Plan | None, event: e.Event) -> Plan:
    """Return how far a plan is after an event of it."""
    match event:
        case e.PlanGiven():
            return Plan(on=event.on, number=event.number, refusals=plan.refusals if plan else 0)
        case e.RectificationDone() if plan:
            return plan.model_copy(update={"done": True})
        case e.SignedOff() if plan:
            return plan.model_copy(update={"signed_off": True})
        case e.SignOffRefused() if plan:
            return plan.model_copy(update={"done": False, "refusals": event.number})
        case _:
            raise TypeError(type(event).__name__)


def _requested(event: e.SuspensionRequested) -> SuspensionRequest:
    return SuspensionRequest(
        reason=event.pause_reason,
        expected_end_at=event.expected_end_at,
        requested_by=event.author.actor,
        approver=event.approver,
        at=event.at,
    )


def _suspended(order: WorkOrder, event: e.Suspended) -> WorkOrder:
    for one in event.clocks:
        consumed = timedelta(microseconds=one.consumed_microseconds)
        order = _with_clock(order, ledger.held(order.clock(one), event, consumed))
    ends = {"cap_at": event.cap_at, "expected_end_at": event.expected_end_at}
    return order.changed(pause=Pause(reason=event.pause_reason, since=event.at, **ends))


def _resumed(order: WorkOrder, event: e.Resumed) -> WorkOrder:
    for one in event.clocks:
        order = _with_clock(order, ledger.freed(order.clock(one), event.at))
    if order.pause is None:  # pragma: no cover - only what stands still can be resumed
        raise ValueError(order.order_id)
    return order.changed(pause=None, pauses=(*order.pauses, order.pause.model_copy(update={"until": event.at})))


def _reopened(order: WorkOrder, event: e.Reopened) -> WorkOrder:
    return order.changed(
        stage=Stage.DISPATCH,
        generation=event.generation,
        generation_since=event.at,
        team=None,
        assignee=None,
        accepted=False,
        arrived=False,
        closed_at=None,
        close_reason=None,
        continues=event.rule == "continue",
        plan=None,
        request=None,
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
        consumed=timedelta(microseconds=event.carried_microseconds or 0),
        carried=timedelta(microseconds=event.carried_microseconds or 0),
        elapsed=bool(event.elapsed),
        act=event.act,
    )


def _clock_changed(order: WorkOrder, event: e.ClockEvent, recorded_at: datetime) -> WorkOrder:
    clock = order.clock(event)
    match event:
        case e.ClockStopped():
            return _with_clock(order, ledger.ended(clock, event))
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
