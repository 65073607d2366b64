"""Deciding about time: classes, pauses, recounts, acknowledgements, excuses and recoveries (CLK, ESC)."""

from collections.abc import Callable, Mapping
from datetime import datetime, timedelta
from typing import Any

from domain import events as e
from domain import payloads as p
from domain.commands import CommandName as C
from domain.dispatch.holding import check_at_work
from domain.lifecycle import SUPERVISORS
from domain.order import WorkOrder
from domain.permission import Deed, refusal
from domain.terms import PauseRow, Terms
from domain.timekeeping.clocks import Clock, Fired, calendar_of, ladder_of
from domain.timekeeping.moving import recounted, shortened
from domain.timekeeping.pausing import SuspensionRequest, cap_at, expected_span, needs_approval, pausable
from domain.unfolding import Unfolding
from domain.vocabulary import Cause, ClockName, Kind, Role

PAUSE_REACH = timedelta(days=400)
"""A pause ends within this of now: so far the calendars of the terms know their exceptions (design 4a.3)."""


def classification(step: Unfolding, deed: Deed, *, later: bool) -> dict[str, Any]:
    """Return the facts of a classification: its terms, and the running clocks they move (design 4a.3, CLK-24)."""
    said: p.Classify = deed.payload
    terms = _terms(step, deed, said)
    becomes_praise = terms.kind is Kind.PRAISE and step.order.kind is not Kind.PRAISE
    if terms.leaving_nobody and becomes_praise and step.order.absorbed:
        raise refusal("has-taken-over", step.order, deed.name, other=step.order.absorbed[0].order)
    moved = (recounted if later else shortened)(step.order, terms, deed.at) if terms.moving else ()
    same = {"category": said.category, "kind": said.kind, "severity": said.severity}
    pinned = {"policy": terms.policy, "policy_version": terms.version, "terms_digest": terms.digest, "terms": terms}
    return {"at": deed.at, "author": deed.author, **same, **pinned, "moved": moved or None}


def _terms(step: Unfolding, deed: Deed, said: p.Classify) -> Terms:
    """Find the terms of a classification: in the command, or by digest among those the order holds."""
    terms = said.terms or step.order.shelf.get(said.terms_digest)
    named = terms and (terms.digest, terms.category, terms.kind, terms.severity)
    if terms is None or named != (said.terms_digest, said.category, said.kind, said.severity):
        raise refusal("unknown-terms", step.order, deed.name, digest=said.terms_digest)
    return terms


def _reclock(step: Unfolding, deed: Deed) -> None:
    """Count running clocks again under the settings in force; the class of the matter stays (CLK-31)."""
    said, order = deed.payload, step.order
    if (said.category, said.kind, said.severity) != (order.category, order.kind, order.severity):
        raise refusal("reclassify-instead", order, deed.name)
    if said.terms_digest == order.terms_digest:
        raise refusal("same-terms", order, deed.name)
    step.happens(e.Reclocked(**classification(step, deed, later=True), reason=said.reason))


# ---- pauses


def _suspend(step: Unfolding, deed: Deed) -> None:
    reason, clocks = _pause_wanted(step, deed)
    if _approval(step.order, deed, reason, clocks):
        _one_request(step.order, deed)
        raise refusal("needs-approval", step.order, deed.name, approver=reason.approver.value)
    _stand_still(step, deed, reason, clocks, deed.payload)


def _request_suspension(step: Unfolding, deed: Deed) -> None:
    """Ask for a pause; the clocks run on."""
    _one_request(step.order, deed)
    if step.order.request is not None:
        raise refusal("request-pending", step.order, deed.name)
    reason, _ = _pause_wanted(step, deed)
    said: p.RequestSuspension = deed.payload
    asked = {"pause_reason": said.pause_reason, "expected_end_at": said.expected_end_at, **_why(said)}
    step.happens(e.SuspensionRequested(at=deed.at, author=deed.author, approver=reason.approver, **asked))


def _why(said: p.Suspend) -> dict[str, p.Words | None]:
    """Return what is said of a pause: words, and which part is waited for, from whom (HND-04)."""
    return {"words": said.words, "part": said.part, "supplier": said.supplier}


def _one_request(order: WorkOrder, deed: Deed) -> None:
    """Refuse a second request, naming the one that waits: who asked for it, when, and whose approval it needs."""
    request = order.request
    if request is None or not order.terms.holding:
        return
    zone = calendar_of(order.clocks[0], order.terms_of(order.clocks[0])).zone
    asked_at = request.at.astimezone(zone).isoformat(" ", "minutes")
    told = {"requested_by": request.requested_by, "asked_at": asked_at, "approver": request.approver.value}
    raise refusal("request-open", order, deed.name, **told)


def _approve_suspension(step: Unfolding, deed: Deed) -> None:
    """Grant a pause: the clocks stand still from now on, not from when it was asked for (CLK-17)."""
    request = _request(step, deed)
    said = p.Suspend(pause_reason=request.reason, expected_end_at=request.expected_end_at)
    reason, clocks = _pause_wanted(step, deed._replace(payload=said))
    approved = {"requested_by": request.requested_by, "words": deed.payload.words}
    step.happens(e.SuspensionApproved(at=deed.at, author=deed.author, **approved))
    author = deed.author.model_copy(update={"cause": Cause.RULE})
    _stand_still(step, deed._replace(author=author), reason, clocks, said)


def _refuse_suspension(step: Unfolding, deed: Deed) -> None:
    request = _request(step, deed)
    told = {"requested_by": request.requested_by, "reason": deed.payload.reason}
    step.happens(e.SuspensionRefused(at=deed.at, author=deed.author, **told))


def _resume(step: Unfolding, deed: Deed) -> None:
    if step.order.pause is None:
        raise refusal("not-suspended", step.order, deed.name)
    step.resume(deed.at, deed.author, "asked", deed.payload.words)


def _pause_wanted(step: Unfolding, deed: Deed) -> tuple[PauseRow, list[Clock]]:
    """Return the reason of a pause and the clocks it would stop, or refuse it without change (CLK-17, CLK-21)."""
    order, said = step.order, deed.payload
    if not order.accepted:
        raise refusal("not-accepted", order, deed.name)
    check_at_work(order, deed)
    reason = order.terms.pause(said.pause_reason)
    if reason is None:
        listed = ", ".join(row.code for row in order.terms.pauses)
        raise refusal("unknown-pause-reason", order, deed.name, reason=said.pause_reason, listed=listed)
    if order.pause is not None:
        raise refusal("already-suspended", order, deed.name)
    if not deed.at < said.expected_end_at <= deed.at + PAUSE_REACH:
        raise refusal("pause-end", order, deed.name)
    clocks = [clock for clock in order.running if pausable(clock, order.terms_of(clock), reason)]
    if not clocks:
        raise refusal("nothing-to-suspend", order, deed.name, reason=reason.code)
    return reason, clocks


def _approval(order: WorkOrder, deed: Deed, reason: PauseRow, clocks: list[Clock]) -> bool:
    span = expected_span(order.terms, reason, deed.at, deed.payload.expected_end_at)
    return needs_approval([(clock, order.terms_of(clock)) for clock in clocks], reason, span)


def _stand_still(step: Unfolding, deed: Deed, reason: PauseRow, clocks: list[Clock], said: p.Suspend) -> None:
    order = step.order
    cap = cap_at(order.terms, reason, order.pauses, deed.at)
    if cap is None:
        raise refusal("pause-cap-used", order, deed.name, reason=reason.code)
    held = tuple(_held(order, clock, deed.at) for clock in clocks)
    ends = {"expected_end_at": said.expected_end_at, "cap_at": cap, **_why(said)}
    step.happens(e.Suspended(at=deed.at, author=deed.author, pause_reason=reason.code, clocks=held, **ends))


def _held(order: WorkOrder, clock: Clock, at: datetime) -> e.HeldClock:
    consumed = order.used(clock, at) // timedelta(microseconds=1)
    which = {"clock": clock.name, "generation": clock.generation, "turn": clock.turn}
    return e.HeldClock.model_validate({**which, "consumed_microseconds": consumed})


def _request(step: Unfolding, deed: Deed) -> SuspensionRequest:
    """Return the request that this person may decide: the approver of its reason, and not who made it (CLK-17)."""
    order, request = step.order, step.order.request
    if request is None:
        raise refusal("no-request", order, deed.name)
    if request.requested_by == deed.author.actor:
        raise refusal("own-request", order, deed.name)
    if not deed.roles & {request.approver, Role.PROJECT_MANAGER}:
        raise refusal("forbidden", order, deed.name, allowed=f"{request.approver}, {Role.PROJECT_MANAGER}")
    return request


# ---- ladders


def _acknowledge(step: Unfolding, deed: Deed) -> None:
    """Find the level that waits for its addressee; only the early firing of the next one ends (ESC-05)."""
    for clock in reversed(step.order.escalating):
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
    said: p.Acknowledge = deed.payload
    meant = clock.name is said.clock and said.turn in {None, clock.turn} and said.level in {None, fired.level}
    if not meant or fired.acknowledged:
        return None
    addressee = ladder_of(clock, order.terms_of(clock)).levels[fired.level - 1].to
    vacant = {Role.FIRST_CONTACT: order.first_contact, Role.ASSIGNEE: order.assignee}.get(addressee, "held") is None
    standing_in = sorted(deed.roles & SUPERVISORS) if vacant else []
    return next(iter([addressee] if addressee in deed.roles else standing_in), None)


def _excuse(step: Unfolding, deed: Deed) -> None:
    """Mark a breach as excused; it stays on record (ESC-14)."""
    said: p.Excuse = deed.payload
    for clock in reversed(step.order.clocks):
        meant = clock.name is said.clock and said.generation in {None, clock.generation}
        if meant and said.turn in {None, clock.turn} and clock.breached_at is not None:
            if clock.excused:
                raise refusal("already-done", step.order, deed.name)
            which = {"clock": clock.name, "generation": clock.generation, "turn": clock.turn}
            step.happens(e.Excused(at=deed.at, author=deed.author, reason=said.reason, **which))
            return
    raise refusal("nothing-to-excuse", step.order, deed.name, clock=said.clock.value)


def _open_recovery(step: Unfolding, deed: Deed) -> None:
    if _runs(step.order, ClockName.RECOVERY):
        raise refusal("recovery-open", step.order, deed.name)
    said: p.OpenRecovery = deed.payload
    why = "escalation" if deed.author.role is Role.RULE else "manager"
    step.happens(e.RecoveryOpened(at=deed.at, author=deed.author, reason=why, clock=said.clock, words=said.words))


def _runs(order: WorkOrder, name: ClockName) -> bool:
    return any(clock.name is name for clock in order.running)


TIMING: Mapping[C, Callable[[Unfolding, Deed], None]] = {
    C.SUSPEND: _suspend,
    C.RESUME: _resume,
    C.REQUEST_SUSPENSION: _request_suspension,
    C.APPROVE_SUSPENSION: _approve_suspension,
    C.REFUSE_SUSPENSION: _refuse_suspension,
    C.OPEN_RECOVERY: _open_recovery,
    C.ACKNOWLEDGE: _acknowledge,
    C.EXCUSE: _excuse,
    C.RECLOCK: _reclock,
}
"""What each command about time does once it is permitted."""
