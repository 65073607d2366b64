"""Deciding how an order ends: the owner is told, asked by somebody else, and made good to (FBK, CBK)."""

from collections.abc import Callable, Mapping
from datetime import datetime, timedelta

from domain import events as e
from domain import payloads as p
from domain.audit import instant_text
from domain.closing.attempts import closing_of, contact_hours, free_from, next_attempt_at
from domain.commands import CommandName as C
from domain.intake.deciding import answer, answered
from domain.order import WorkOrder
from domain.permission import Deed, refusal
from domain.timekeeping.calendars import Calendar
from domain.unfolding import Unfolding
from domain.vocabulary import LIVE_CHANNELS, Cause, ClockName, CloseReason, FeedbackKind, Role, Stage, Teller

STEPS = ("apology", "visit", "remedy")
"""What a service recovery is made of (CBK-10)."""


def _give_feedback(step: Unfolding, deed: Deed) -> None:
    """Tell the owner; what is out of scope ends with the right address (INT-15)."""
    said: p.GiveFeedback = deed.payload
    if said.kind is FeedbackKind.RESULT and step.order.stage is not Stage.FEEDBACK:
        raise refusal("result-too-early", step.order, deed.name)
    if said.leader is not None and said.leader not in step.order.leaders:
        raise refusal("not-attached", step.order, deed.name)
    more = answer(step.order, deed)
    kept = promise_kept(step.order, deed.at) if said.kind is FeedbackKind.RESULT else None
    if step.order.terms.closing is not None:
        _check_told(step.order, deed, kept=kept)
    answered(step, deed)
    told = said.model_dump(include={"kind", "by", "delivery", "leader"})
    words = {name: getattr(said, name) for name in ("words", "found", "why_not", "also_open")}
    pinned = kept if step.order.terms.closing is not None else None
    step.happens(e.FeedbackGiven(at=deed.at, author=deed.author, **told, **words, **more, promise_kept=pinned))
    if said.kind is FeedbackKind.OUT_OF_SCOPE:
        step.happens(e.Closed(at=deed.at, author=_rule(deed), reason=CloseReason.OUT_OF_SCOPE))


def _check_told(order: WorkOrder, deed: Deed, *, kept: bool | None) -> None:
    """Refuse what is no answer: not delivered yet, half a result, a broken promise without an apology (FBK-01…06)."""
    said: p.GiveFeedback = deed.payload
    if said.by not in LIVE_CHANNELS and said.delivery is None:
        raise refusal("not-delivered", order, deed.name)
    refused = said.why_not or said.also_open
    wanted = ("found", "why_not", "also_open") if refused else ("found",)
    missing = [name for name in wanted if getattr(said, name) is None]
    if said.kind is FeedbackKind.RESULT and missing:
        raise refusal("result-incomplete", order, deed.name, missing=", ".join(missing))
    if kept is False and not said.apologises:
        raise refusal("apology-missing", order, deed.name)


def promise_kept(order: WorkOrder, at: datetime) -> bool | None:
    """Say whether the promises of this life were kept; None when none was made, or none is decided yet (FBK-06).

    A promise to tell the owner is kept by this very word.
    """
    promised = [c for c in order.clocks if c.name is ClockName.PROMISE and c.generation == order.generation]
    broken = [c for c in promised if c.breached_at is not None or (c.running and at > order.due(c))]
    decided = [c for c in promised if c in broken or not c.running or c.act == "give_feedback"]
    return not broken if decided else None


def _countersign(step: Unfolding, deed: Deed) -> None:
    """Let the first contact stand for a result that somebody else told (INT-06)."""
    if step.order.result_by is None:
        raise refusal("already-done", step.order, deed.name)
    told = {"result_by": step.order.result_by, "words": deed.payload.words}
    step.happens(e.Countersigned(at=deed.at, author=deed.author, **told))


def _record_callback(step: Unfolding, deed: Deed) -> None:
    """Close what is well; reopen what is not, with a service recovery, in the same step (CBK-02, CBK-05)."""
    order, said = step.order, deed.payload
    _check_who(order, deed)
    late = order.stage is Stage.CLOSED
    scores = {"attitude": said.attitude, "timeliness": said.timeliness, "quality": said.quality}
    told_by = Teller.HOUSEHOLD if deed.author.role is Role.RESIDENT else said.told_by
    heard = {"resolved": said.resolved, **scores, "words": said.words, "told_by": told_by}
    heard |= {"they_called": said.they_called or None}
    replaces = CloseReason.NOT_REACHED if late else None
    step.happens(e.CallbackRecorded(at=deed.at, author=deed.author, **heard, replaces=replaces))
    if not said.resolved or min(scores.values()) <= closing_of(order.terms).low_score:
        _begin_again(step, deed)
    elif not late:
        reason = CloseReason.MERGED if order.merged else CloseReason.CONFIRMED
        step.happens(e.Closed(at=deed.at, author=_rule(deed), reason=reason))


def _begin_again(step: Unfolding, deed: Deed) -> None:
    rule = {"at": deed.at, "author": _rule(deed)}
    step.happens(e.Reopened(**rule, generation=step.order.generation + 1, rule=step.order.terms.reopen_rule))
    step.happens(e.RecoveryOpened(**rule, reason="callback"))


def _check_who(order: WorkOrder, deed: Deed) -> None:
    """Refuse an answer from whom it may not come."""
    if order.stage is Stage.CLOSED:
        _check_late(order, deed)
    if deed.author.role is Role.RESIDENT:
        return
    _check_caller(order, deed)
    if deed.payload.told_by is Teller.STAFF:
        raise refusal("scores-not-by-household", order, deed.name)
    if order.terms.in_time and not deed.payload.they_called:
        _check_contact_hour(order, deed)


def _check_late(order: WorkOrder, deed: Deed) -> None:
    """Accept after the close only what the household answers itself, where nobody had reached it (CBK-06)."""
    days = order.terms.reopen_days
    if deed.author.role is not Role.RESIDENT or order.close_reason is not CloseReason.NOT_REACHED:
        raise refusal("order-closed", order, deed.name)
    if order.closed_at is not None and deed.at > order.closed_at + timedelta(days=days):
        raise refusal("reopen-window-over", order, deed.name, days=days)


def _check_caller(order: WorkOrder, deed: Deed) -> None:
    """Refuse who handled the case in any generation, and a second callback by who made the first (CBK-02, CBK-10)."""
    if deed.author.actor in order.complained_of:
        raise refusal("complained-of", order, deed.name, assignee=deed.author.actor)
    if deed.author.actor in order.handlers:
        raise refusal("separation-of-duties", order, deed.name)
    if order.countersign_owed:
        told = {"result_by": order.result_by, "first_contact": order.first_contact}
        raise refusal("not-countersigned", order, deed.name, **told)
    made_good = any(clock.name is ClockName.RECOVERY for clock in order.clocks)
    if order.terms.closing is not None and made_good and deed.author.actor in order.callers:
        raise refusal("second-caller", order, deed.name, caller=deed.author.actor.removeprefix("usr_"))


def _record_attempt(step: Unfolding, deed: Deed) -> None:
    """Count an attempt in vain; after the last one the order closes as not reached, in the same step (CBK-03)."""
    order, said = step.order, deed.payload
    _check_caller(order, deed)
    _check_hour(order, deed)
    number = len(order.attempts) + 1
    step.happens(e.CallbackAttempted(at=deed.at, author=deed.author, number=number, by=said.by, words=said.words))
    if number >= closing_of(order.terms).attempts:
        step.happens(e.CallbackExhausted(at=deed.at, author=_rule(deed), attempts=number))
        step.happens(e.Closed(at=deed.at, author=_rule(deed), reason=CloseReason.NOT_REACHED))


def _check_hour(order: WorkOrder, deed: Deed) -> None:
    """Refuse an attempt too soon after the last one, on too few days, or outside contact hours; tell when it may be."""
    calendar = contact_hours(order.terms)
    free = free_from(order, calendar)
    if free is not None and deed.at < free:
        raise refusal("attempt-too-soon", order, deed.name, **_from(calendar, next_attempt_at(order, deed.at)))
    _check_contact_hour(order, deed)


def _check_contact_hour(order: WorkOrder, deed: Deed) -> None:
    """Refuse to call an owner outside contact hours (FBK-05); tell when it may be."""
    calendar = contact_hours(order.terms)
    if calendar.is_open(deed.at):
        return
    when = _from(calendar, calendar.open_from(deed.at))
    if deed.name is C.RECORD_CALLBACK:
        raise refusal("callback-outside-contact-hours", order, deed.name, **when)
    raise refusal("attempt-outside-contact-hours", order, deed.name, **when)


def _from(calendar: Calendar, at: datetime) -> dict[str, str]:
    """Tell from when on a call may be made, by the engine's clock and by the owner's."""
    return {"next_at": instant_text(at), "next_local": f"{at.astimezone(calendar.zone):%Y-%m-%d %H:%M}"}


def _complete_recovery(step: Unfolding, deed: Deed) -> None:
    """Note apology, visit and remedy; a recovery without one of them is not done (CBK-10)."""
    order, said = step.order, deed.payload
    if not any(clock.name is ClockName.RECOVERY for clock in order.running):
        raise refusal("recovery-not-open", order, deed.name)
    missing = [name for name in STEPS if getattr(said, name) is None]
    if order.terms.closing is not None and missing:
        raise refusal("recovery-steps-missing", order, deed.name, missing=", ".join(missing))
    done = {name: getattr(said, name) for name in (*STEPS, "words")}
    step.happens(e.RecoveryDone(at=deed.at, author=deed.author, **done))


def _rule(deed: Deed) -> e.Author:
    """Return the author of what a rule makes of a deed: the same person, caused by the rule."""
    return deed.author.model_copy(update={"cause": Cause.RULE})


CLOSING: Mapping[C, Callable[[Unfolding, Deed], None]] = {
    C.GIVE_FEEDBACK: _give_feedback,
    C.COUNTERSIGN: _countersign,
    C.RECORD_CALLBACK: _record_callback,
    C.RECORD_ATTEMPT: _record_attempt,
    C.COMPLETE_RECOVERY: _complete_recovery,
}
"""What each command does that brings an order to its end."""
