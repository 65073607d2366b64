"""Deciding: an order, a command and an instant give events, or a refusal; nothing else in the house may."""

from collections.abc import Callable, Mapping
from datetime import datetime, timedelta

from domain import commands as c
from domain import events as e
from domain import payloads as p
from domain.commands import CommandName as C
from domain.intake import INTAKE, answer, answered, confirmed
from domain.lifecycle import MANAGERS, SUPERVISORS
from domain.order import WorkOrder
from domain.permission import Deed, permitted, refusal
from domain.rectifying import RECTIFYING
from domain.timing import TIMING, classification
from domain.unfolding import Unfolding
from domain.vocabulary import Cause, CloseReason, Demand, FeedbackKind, Outcome, Stage

FREE_PROMISES = 2
"""The third promise for one case needs a supervisor (CLK-11)."""
PROMISE_REACH = timedelta(days=400)
"""A promised window lies within this of now: so far the calendars of the terms know their exceptions (design 4a.3)."""
LOW_SCORE = 2
"""A score up to this reopens the order (CBK-05)."""


def decide(order: WorkOrder, command: c.Command, now: datetime) -> tuple[WorkOrder, list[e.Event]]:
    """Let the alarms speak that are due strictly before now, then apply the command, or refuse it (design 4a.2)."""
    step = Unfolding(order, now)
    step.alarms(before=now)
    deed = permitted(step.order, command, now)
    HANDLERS[deed.name](step, deed)
    return step.order, step.events


def tick(order: WorkOrder, now: datetime) -> tuple[WorkOrder, list[e.Event]]:
    """Let the alarms speak that are due strictly before now."""
    step = Unfolding(order, now)
    step.alarms(before=now)
    return step.order, step.events


def _respond(step: Unfolding, deed: Deed) -> None:
    if step.order.first_contact is not None:
        raise refusal("already-done", step.order, deed.name)
    contact = deed.payload.first_contact or deed.author.actor
    step.happens(e.Responded(at=deed.at, author=deed.author, first_contact=contact, words=deed.payload.words))


def _change_first_contact(step: Unfolding, deed: Deed) -> None:
    before, after = step.order.first_contact, deed.payload.first_contact
    if before is None:  # else nobody could stop the response clock any more
        raise refusal("no-first-contact", step.order, deed.name)
    if before == after:
        raise refusal("already-done", step.order, deed.name)
    happened = {"first_contact": after, "before": before, "reason": deed.payload.reason}
    step.happens(e.FirstContactChanged(at=deed.at, author=deed.author, **happened))


def _register(step: Unfolding, deed: Deed) -> None:
    step.happens(e.Registered(at=deed.at, author=deed.author, words=deed.payload.words, **confirmed(step.order)))


def _classify(step: Unfolding, deed: Deed) -> None:
    if step.order.classified:
        raise refusal("already-done", step.order, deed.name)
    if step.order.assignee is not None:
        raise refusal("already-dispatched", step.order, deed.name)
    step.happens(e.Classified(**classification(step, deed, later=False)))


def _reclassify(step: Unfolding, deed: Deed) -> None:
    """Change the classification; clocks fall due later only if a manager says so (CLK-24)."""
    if deed.payload.move_later and not deed.roles & MANAGERS:
        raise refusal("needs-manager", step.order, deed.name)
    happened = classification(step, deed, later=deed.payload.move_later)
    step.happens(e.Reclassified(**happened, reason=deed.payload.reason))


def _dispatch(step: Unfolding, deed: Deed) -> None:
    if step.order.assignee is not None:
        raise refusal("already-dispatched", step.order, deed.name)
    if Demand.CLARIFIED in step.order.terms.demands and step.order.clarified is None:
        raise refusal("not-clarified", step.order, deed.name)
    said: p.Dispatch = deed.payload
    given = {"team": said.team, "assignee": said.assignee, "mode": said.mode}
    step.happens(e.Dispatched(at=deed.at, author=deed.author, **given))


def _held(step: Unfolding, deed: Deed, *, accepted: bool) -> str:
    """Return the assignee, who alone may do this; `accepted` asks that he took the order."""
    order = step.order
    if order.assignee is None:
        raise refusal("not-dispatched", order, deed.name)
    if accepted and not order.accepted:
        raise refusal("not-accepted", order, deed.name)
    return order.assignee


def _accept(step: Unfolding, deed: Deed) -> None:
    assignee = _held(step, deed, accepted=False)
    if step.order.accepted:
        raise refusal("already-done", step.order, deed.name)
    step.happens(e.Accepted(at=deed.at, author=deed.author, assignee=assignee))


def _return(step: Unfolding, deed: Deed) -> None:
    assignee = _held(step, deed, accepted=False)
    step.happens(e.Returned(at=deed.at, author=deed.author, assignee=assignee, reason=deed.payload.reason))


def _transfer(step: Unfolding, deed: Deed) -> None:
    before = _held(step, deed, accepted=False)
    said: p.Transfer = deed.payload
    if said.assignee == before:
        raise refusal("same-assignee", step.order, deed.name)
    given = {"team": said.team or step.order.team, "assignee": said.assignee, "before": before, "reason": said.reason}
    step.happens(e.Transferred(at=deed.at, author=deed.author, **given))


def _promise(step: Unfolding, deed: Deed) -> None:
    said: p.Promise = deed.payload
    order = step.order
    starts, ends = said.window_start_at, said.window_end_at
    if not (step.now - PROMISE_REACH <= starts < ends and step.now < ends <= step.now + PROMISE_REACH):
        raise refusal("promise-window", order, deed.name)
    if order.promises >= FREE_PROMISES and not deed.roles & SUPERVISORS:
        raise refusal("too-many-promises", order, deed.name, count=order.promises)
    window = {"window_start_at": starts, "window_end_at": ends}
    told = {"act": said.act, "number": order.promises + 1, "words": said.words}
    step.promise(e.PromiseMade(at=deed.at, author=deed.author, **told, **window))


def _arrive(step: Unfolding, deed: Deed) -> None:
    assignee = _held(step, deed, accepted=True)
    step.happens(e.Arrived(at=deed.at, author=deed.author, assignee=assignee))


def _complete_handling(step: Unfolding, deed: Deed) -> None:
    assignee = _held(step, deed, accepted=True)
    plan = step.order.plan
    if plan is not None and not plan.signed_off:
        raise refusal("sign-off-owed", step.order, deed.name)
    if Demand.ARRIVED in step.order.terms.demands and not step.order.arrived:
        raise refusal("not-arrived", step.order, deed.name)
    done = {"assignee": assignee, "visits": deed.payload.visits, "words": deed.payload.words}
    step.happens(e.HandlingCompleted(at=deed.at, author=deed.author, **done))


def _give_feedback(step: Unfolding, deed: Deed) -> None:
    """Tell the owner; what is out of scope ends with the right address (INT-15)."""
    said: p.GiveFeedback = deed.payload
    if said.kind is FeedbackKind.RESULT and step.order.stage is not Stage.FEEDBACK:
        raise refusal("result-too-early", step.order, deed.name)
    more = answer(step.order, deed)
    answered(step, deed)
    told = {"kind": said.kind, "by": said.by, "words": said.words, **more}
    step.happens(e.FeedbackGiven(at=deed.at, author=deed.author, **told))
    if said.kind is FeedbackKind.OUT_OF_SCOPE:
        author = deed.author.model_copy(update={"cause": Cause.RULE})
        step.happens(e.Closed(at=deed.at, author=author, reason=CloseReason.OUT_OF_SCOPE))


def _record_callback(step: Unfolding, deed: Deed) -> None:
    """Close what is well; reopen what is not, with a service recovery, in the same step (CBK-02, CBK-05)."""
    if deed.author.actor in step.order.handlers:
        raise refusal("separation-of-duties", step.order, deed.name)
    said: p.RecordCallback = deed.payload
    scores = {"attitude": said.attitude, "timeliness": said.timeliness, "quality": said.quality}
    heard = {"resolved": said.resolved, **scores, "words": said.words}
    step.happens(e.CallbackRecorded(at=deed.at, author=deed.author, **heard))
    rule = {"at": deed.at, "author": deed.author.model_copy(update={"cause": Cause.RULE})}
    if said.resolved and min(scores.values()) > LOW_SCORE:
        step.happens(e.Closed(**rule, reason=CloseReason.CONFIRMED))
        return
    step.happens(e.Reopened(**rule, generation=step.order.generation + 1, rule=step.order.terms.reopen_rule))
    step.happens(e.RecoveryOpened(**rule, reason="callback"))


def _reopen(step: Unfolding, deed: Deed) -> None:
    order, days = step.order, step.order.terms.reopen_days
    if order.closed_at is not None and step.now > order.closed_at + timedelta(days=days):
        raise refusal("reopen-window-over", order, deed.name, days=days)
    again = {"generation": order.generation + 1, "rule": order.terms.reopen_rule, "reason": deed.payload.reason}
    step.happens(e.Reopened(at=deed.at, author=deed.author, **again))


def _withdraw(step: Unfolding, deed: Deed) -> None:
    rule = {"at": deed.at, "author": deed.author.model_copy(update={"cause": Cause.RULE})}
    withdrawn = e.Withdrawn(at=deed.at, author=deed.author, by=deed.payload.by, reason=deed.payload.reason)
    step.happens(withdrawn)
    step.end_all(withdrawn, Outcome.WITHDRAWN)
    step.happens(e.Closed(**rule, reason=CloseReason.WITHDRAWN))


def _note(step: Unfolding, deed: Deed) -> None:
    step.happens(e.Noted(at=deed.at, author=deed.author, words=deed.payload.words))


HANDLERS: Mapping[C, Callable[[Unfolding, Deed], None]] = {
    C.RESPOND: _respond,
    C.CHANGE_FIRST_CONTACT: _change_first_contact,
    C.REGISTER: _register,
    C.CLASSIFY: _classify,
    C.RECLASSIFY: _reclassify,
    C.DISPATCH: _dispatch,
    C.ACCEPT: _accept,
    C.RETURN: _return,
    C.TRANSFER: _transfer,
    C.PROMISE: _promise,
    C.ARRIVE: _arrive,
    C.COMPLETE_HANDLING: _complete_handling,
    C.GIVE_FEEDBACK: _give_feedback,
    C.RECORD_CALLBACK: _record_callback,
    C.REOPEN: _reopen,
    C.WITHDRAW: _withdraw,
    C.NOTE: _note,
    **INTAKE,
    **TIMING,
    **RECTIFYING,
}
"""What each command does once it is permitted."""
