"""Deciding: an order, a command and an instant give events, or a refusal; nothing else in the house may."""

from collections.abc import Callable, Mapping
from datetime import datetime, timedelta
from typing import Any

from domain import commands as c
from domain import events as e
from domain.clocks import Clock, Fired, ladder_of
from domain.commands import CommandName as C
from domain.lifecycle import SUPERVISORS
from domain.order import WorkOrder
from domain.permission import Deed, permitted, refusal
from domain.terms import Terms
from domain.unfolding import Unfolding
from domain.vocabulary import Cause, ClockName, CloseReason, FeedbackKind, Outcome, Role, Stage

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
    step.happens(e.Registered(at=deed.at, author=deed.author, words=deed.payload.words))


def _classification(step: Unfolding, deed: Deed) -> dict[str, Any]:
    """Find the terms of a classification: in the command, or by digest among those the order holds (design 4a.3)."""
    said: c.Classify = deed.payload
    terms = said.terms or step.order.shelf.get(said.terms_digest)
    if terms is None or not _matches(terms, said):
        raise refusal("unknown-terms", step.order, deed.name, digest=said.terms_digest)
    same = {"category": said.category, "kind": said.kind, "severity": said.severity}
    pinned = {"policy": terms.policy, "policy_version": terms.version, "terms_digest": terms.digest, "terms": terms}
    return {"at": deed.at, "author": deed.author, **same, **pinned}


def _matches(terms: Terms, said: c.Classify) -> bool:
    """Tell whether terms are those of the classification that brings them."""
    named = (terms.digest, terms.category, terms.kind, terms.severity)
    return named == (said.terms_digest, said.category, said.kind, said.severity)


def _classify(step: Unfolding, deed: Deed) -> None:
    if step.order.classified:
        raise refusal("already-done", step.order, deed.name)
    if step.order.assignee is not None:
        raise refusal("already-dispatched", step.order, deed.name)
    step.happens(e.Classified(**_classification(step, deed)))


def _reclassify(step: Unfolding, deed: Deed) -> None:
    step.happens(e.Reclassified(**_classification(step, deed), reason=deed.payload.reason))


def _dispatch(step: Unfolding, deed: Deed) -> None:
    if step.order.assignee is not None:
        raise refusal("already-dispatched", step.order, deed.name)
    said: c.Dispatch = deed.payload
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
    said: c.Transfer = deed.payload
    if said.assignee == before:
        raise refusal("same-assignee", step.order, deed.name)
    given = {"team": said.team or step.order.team, "assignee": said.assignee, "before": before, "reason": said.reason}
    step.happens(e.Transferred(at=deed.at, author=deed.author, **given))


def _promise(step: Unfolding, deed: Deed) -> None:
    said: c.Promise = deed.payload
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
    done = {"assignee": assignee, "visits": deed.payload.visits, "words": deed.payload.words}
    step.happens(e.HandlingCompleted(at=deed.at, author=deed.author, **done))


def _give_feedback(step: Unfolding, deed: Deed) -> None:
    """Tell the owner; whoever tells him first has thereby answered him (CLK-07, INT-05)."""
    said: c.GiveFeedback = deed.payload
    if said.kind is FeedbackKind.RESULT and step.order.stage is not Stage.FEEDBACK:
        raise refusal("result-too-early", step.order, deed.name)
    if step.order.first_contact is None:
        author = deed.author.model_copy(update={"cause": Cause.RULE})
        step.happens(e.Responded(at=deed.at, author=author, first_contact=author.actor))
    step.happens(e.FeedbackGiven(at=deed.at, author=deed.author, kind=said.kind, by=said.by, words=said.words))


def _record_callback(step: Unfolding, deed: Deed) -> None:
    """Close what is well; reopen what is not, with a service recovery, in the same step (CBK-02, CBK-05)."""
    if deed.author.actor in step.order.handlers:
        raise refusal("separation-of-duties", step.order, deed.name)
    said: c.RecordCallback = deed.payload
    scores = {"attitude": said.attitude, "timeliness": said.timeliness, "quality": said.quality}
    heard = {"resolved": said.resolved, **scores, "words": said.words}
    step.happens(e.CallbackRecorded(at=deed.at, author=deed.author, **heard))
    rule = {"at": deed.at, "author": deed.author.model_copy(update={"cause": Cause.RULE})}
    if said.resolved and min(scores.values()) > LOW_SCORE:
        step.happens(e.Closed(**rule, reason=CloseReason.CONFIRMED))
        return
    step.happens(e.Reopened(**rule, generation=step.order.generation + 1, rule="fresh"))
    step.happens(e.RecoveryOpened(**rule, reason="callback"))


def _complete_recovery(step: Unfolding, deed: Deed) -> None:
    if not any(clock.name is ClockName.RECOVERY for clock in step.order.running):
        raise refusal("recovery-not-open", step.order, deed.name)
    step.happens(e.RecoveryDone(at=deed.at, author=deed.author, words=deed.payload.words))


def _reopen(step: Unfolding, deed: Deed) -> None:
    order, days = step.order, step.order.terms.reopen_days
    if order.closed_at is not None and step.now > order.closed_at + timedelta(days=days):
        raise refusal("reopen-window-over", order, deed.name, days=days)
    again = {"generation": order.generation + 1, "rule": "fresh", "reason": deed.payload.reason}
    step.happens(e.Reopened(at=deed.at, author=deed.author, **again))


def _urge(step: Unfolding, deed: Deed) -> None:
    number = len(step.order.urges) + 1
    said = {"number": number, "by": deed.payload.by, "words": deed.payload.words}
    step.happens(e.Urged(at=deed.at, author=deed.author, **said))


def _withdraw(step: Unfolding, deed: Deed) -> None:
    rule = {"at": deed.at, "author": deed.author.model_copy(update={"cause": Cause.RULE})}
    withdrawn = e.Withdrawn(at=deed.at, author=deed.author, by=deed.payload.by, reason=deed.payload.reason)
    step.happens(withdrawn)
    step.end_all(withdrawn, Outcome.WITHDRAWN)
    step.happens(e.Closed(**rule, reason=CloseReason.WITHDRAWN))


def _acknowledge(step: Unfolding, deed: Deed) -> None:
    """Find the level that waits for its addressee; only the early firing of the next one ends (ESC-05)."""
    for clock in reversed(step.order.running):
        for fired in reversed(clock.fired):
            role = _as_addressee(step.order, clock, fired, deed)
            if role is not None:
                seen = {"clock": clock.name, "generation": clock.generation, "turn": clock.turn, "level": fired.level}
                author = deed.author.model_copy(update={"role": role})
                step.happens(e.Acknowledged(at=deed.at, author=author, **seen))
                return
    raise refusal("nothing-to-acknowledge", step.order, deed.name, clock=deed.payload.clock.value)


def _as_addressee(order: WorkOrder, clock: Clock, fired: Fired, deed: Deed) -> Role | None:
    """Return the role in which this person may acknowledge a level that fired, if it is the one meant (AUD-05).

    A role of the case that nobody holds yet is answered for by whoever supervises (ESC-11).
    """
    said: c.Acknowledge = deed.payload
    meant = clock.name is said.clock and said.turn in {None, clock.turn} and said.level in {None, fired.level}
    if not meant or fired.acknowledged:
        return None
    addressee = ladder_of(clock, order.terms_of(clock)).levels[fired.level - 1].to
    vacant = {Role.FIRST_CONTACT: order.first_contact, Role.ASSIGNEE: order.assignee}.get(addressee, "held") is None
    standing_in = sorted(deed.roles & SUPERVISORS) if vacant else []
    return next(iter([addressee] if addressee in deed.roles else standing_in), None)


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
    C.COMPLETE_RECOVERY: _complete_recovery,
    C.REOPEN: _reopen,
    C.URGE: _urge,
    C.WITHDRAW: _withdraw,
    C.ACKNOWLEDGE: _acknowledge,
    C.NOTE: _note,
}
"""What each command does once it is permitted."""
