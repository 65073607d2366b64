"""How each event changes an order: the state is the sum of its events, and nothing else (AUD-01)."""

from collections.abc import Iterable
from datetime import datetime, timedelta
from functools import reduce

from domain import events as e
from domain.dispatch.assigned import NO_TRANSFER, assigned
from domain.groups import merging_state, solving_state
from domain.groups.children import gathered
from domain.handling.handled import completed, handled, shared
from domain.lifecycle import leads_to
from domain.order import Plan, WorkOrder
from domain.timekeeping import ledger
from domain.timekeeping.clocks import Clock, Fired
from domain.timekeeping.pausing import Pause, SuspensionRequest
from domain.vocabulary import Cause, CloseReason, FeedbackKind, Role


def born(event: e.Received | e.IncidentProposed, order_id: str, recorded_at: datetime) -> WorkOrder:
    """Return the order that a reception makes, or the proposal of an incident."""
    if event.terms is None:
        raise ValueError("a reception needs its terms")
    entered_at = event.entered_at if isinstance(event, e.Received) else None
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
        entered_at=entered_at or recorded_at,
        stage_since=event.at,
        generation_since=event.at,
        version=1,
        terms_digest=event.terms_digest,
        shelf={event.terms_digest: event.terms},
        members=event.members if isinstance(event, e.IncidentProposed) else (),
        complained_of=getattr(event, "complained_of", None) or (),
        proposed=_says(event, "proposed"),
        remedy_asked=_says(event, "remedy"),
        from_group=_says(event, "posted_at"),
        repeat_of=event.repeat.of if isinstance(event, e.Received) and event.repeat else None,
    )


def _says(event: e.Event, name: str) -> bool:
    return getattr(event, name, None) is not None


def replay(order: WorkOrder, events: Iterable[tuple[e.Event, datetime]]) -> WorkOrder:
    """Fold events, each with the instant it was recorded at, into an order."""
    return reduce(lambda so_far, pair: evolve(so_far, *pair), events, order)


def evolve(order: WorkOrder, event: e.Event, recorded_at: datetime) -> WorkOrder:
    """Return the order after an event; each accepted command raises its version by one."""
    if event.author.cause is Cause.COMMAND:
        order = order.changed(version=order.version + 1)
    if isinstance(event, e.ClockStarted):
        return order.changed(clocks=(*order.clocks, _started(order, event)))
    if isinstance(event, e.ClockEvent):
        return _clock_changed(order, event, recorded_at)
    changed, stage = _life_changed(order, event), leads_to(order.stage, event)
    return changed if stage is order.stage else changed.changed(stage=stage, stage_since=event.at)


def _life_changed(order: WorkOrder, event: e.Event) -> WorkOrder:  # noqa: C901, PLR0911, PLR0912 - one line for each kind of event
    """Change what is neither a clock nor the stage."""
    match event:
        case e.Responded() | e.FirstContactChanged() | e.IncidentConfirmed():
            return order.changed(first_contact=event.first_contact)
        case e.Clarified():
            return order.changed(clarified=event.skipped or "agreed")
        case e.Classified():
            return _classified(order, event)
        case e.Dispatched() | e.Grabbed() | e.Accepted() | e.Returned() | e.Transferred():
            return order.changed(**assigned(order, event))
        case e.Arrived():
            seen = order.shown_before or bool(event.before)
            return order.changed(arrived=True, visits=order.visits + 1, shown_before=seen)
        case e.PromiseMade():
            return order.changed(promises=order.promises + 1)
        case e.HandlingCompleted() | e.CompletionReported() | e.ContractorWorkChecked():
            return order.changed(**completed(order, event))
        case e.AssignmentAdded() | e.AssignmentCompleted() | e.AssignmentCancelled():
            return order.changed(**shared(order, event))
        case e.FeedbackGiven(kind=FeedbackKind.RESULT):
            teller = event.author.actor
            stood_for = teller == order.first_contact or event.leader is not None
            return order.changed(result_by=None if stood_for else teller)
        case e.Noted(complained_of=tuple(staff)):
            return order.changed(complained_of=tuple(dict.fromkeys((*order.complained_of, *staff))))
        case e.Countersigned():
            return order.changed(result_by=None)
        case e.CallbackRecorded():
            return _called_back(order, event)
        case e.CallbackAttempted():
            return order.changed(attempts=(*order.attempts, event.at))
        case e.Reopened():
            return _reopened(order, event).changed(apart_since=_apart(order, event))
        case e.Urged():
            return order.changed(urges=(*order.urges, event.at))
        case e.Acknowledged():
            return _with_clock(order, _acknowledged(order, event))
        case e.Excused():
            return _with_clock(order, order.clock(event).model_copy(update={"excused": True}))
        case e.PlanGiven() | e.RectificationDone() | e.SignedOff() | e.SignOffRefused():
            return order.changed(plan=_planned(order.plan, event))
        case e.Quoted() | e.PriceAgreed() | e.PriceDeclined() | e.ResponsibilityAssigned():
            return order.changed(**handled(order, event))
        case e.ConflictFlagged() | e.ConflictStepRecorded():
            return order.changed(**handled(order, event))
        case e.SuspensionRequested():
            return order.changed(request=_requested(event))
        case e.SuspensionApproved() | e.SuspensionRefused():
            return order.changed(request=None)
        case e.Suspended():
            return _suspended(order, event)
        case e.Resumed():
            return _resumed(order, event)
        case e.AttachedToIncident() | e.DetachedFromIncident() | e.SolvedTogether():
            return solving_state.changed(order, event)
        case e.Absorbed() | e.Merged() | e.Unmerged():
            return merging_state.changed(order, event)
        case e.MassNoticeGiven(kind=FeedbackKind.RESULT):
            return order.changed(result_noticed=order.terms.leaving_nobody)
        case e.ChildrenReported():
            return _reported(order, event)
        case e.Closed():
            apart_since = _apart(order, event)
            ended = {"closed_at": event.at, "close_reason": event.reason, "apart_since": apart_since}
            return order.changed(**ended, solved_from=None)
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


def _reported(order: WorkOrder, event: e.ChildrenReported) -> WorkOrder:
    shelf = {**order.shelf, **{terms.digest: terms for terms in event.terms}}
    return order.changed(shelf=shelf, gathered=reduce(gathered, event.clocks, order.gathered))


def _apart(order: WorkOrder, event: e.Event) -> datetime | None:
    """Return since when a child that was solved speaks for itself again: since its first end after that."""
    return order.apart_since or (event.at if order.solved else None)


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
    ends = {"cap_at": event.cap_at, "expected_end_at": event.expected_end_at}
    pause = Pause(reason=event.pause_reason, since=event.at, **ends)
    for one in event.clocks:
        consumed = timedelta(microseconds=one.consumed_microseconds)
        used = order.clock(one).model_copy(update={"consumed": consumed})
        order = _with_clock(order, ledger.held(used, pause, event.at))
    return order.changed(pause=pause)


def _resumed(order: WorkOrder, event: e.Resumed) -> WorkOrder:
    for one in event.clocks:
        order = _with_clock(order, ledger.freed(order.clock(one), event.at))
    if order.pause is None:  # pragma: no cover - only what stands still can be resumed
        raise ValueError(order.order_id)
    return order.changed(pause=None, pauses=(*order.pauses, order.pause.model_copy(update={"until": event.at})))


def _called_back(order: WorkOrder, event: e.CallbackRecorded) -> WorkOrder:
    """Keep who called; an answer that came after the close takes the place of `not_reached` (CBK-06)."""
    caller = () if event.author.role is Role.RESIDENT else (event.author.actor,)
    reason = CloseReason.CONFIRMED if event.replaces else order.close_reason
    return order.changed(callers=(*order.callers, *caller), close_reason=reason)


def _reopened(order: WorkOrder, event: e.Reopened) -> WorkOrder:
    return order.changed(
        generation=event.generation,
        generation_since=event.at,
        team=None,
        assignee=None,
        accepted=False,
        arrived=False,
        report=None,
        **NO_TRANSFER,
        closed_at=None,
        close_reason=None,
        continues=event.rule == "continue",
        plan=None,
        visits=0,
        shown_before=False,
        assignments=(),
        price=None,
        request=None,
        attempts=(),
        result_by=None,
        merged=None,
        solved_from=None,
    )


def _started(order: WorkOrder, event: e.ClockStarted) -> Clock:
    clock = Clock(
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
    return ledger.held(clock, order.pause, event.at) if event.standing and order.pause else clock


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
            fired = (*clock.fired, Fired(level=event.level, acts_from=acts_from, planned_at=event.at))
            return _with_clock(order, clock.model_copy(update={"fired": fired}))
        case _:
            raise TypeError(type(event).__name__)


def _acknowledged(order: WorkOrder, event: e.Acknowledged) -> Clock:
    clock = order.clock(event)
    fired = tuple(f.model_copy(update={"acknowledged": True}) if f.level == event.level else f for f in clock.fired)
    return clock.model_copy(update={"fired": fired})


def _with_clock(order: WorkOrder, changed: Clock) -> WorkOrder:
    same = (changed.name, changed.generation, changed.turn)
    name = "gathered" if changed.children else "clocks"
    clocks = (changed if (c.name, c.generation, c.turn) == same else c for c in getattr(order, name))
    return order.changed(**{name: tuple(clocks)})
