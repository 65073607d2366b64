"""Deciding about reception: the demand restated, the owner's haste, and what an answer to him must hold."""

from collections.abc import Callable, Mapping
from datetime import timedelta
from typing import Any

from domain import events as e
from domain import payloads as p
from domain.commands import CommandName as C
from domain.order import WorkOrder
from domain.permission import Deed, refusal
from domain.timekeeping.clocks import ladder_of
from domain.unfolding import Unfolding
from domain.vocabulary import Cause, Demand, FeedbackKind, Severity, Stage

AGREED = "agreed"
URGED = "urged"
FINAL = frozenset({FeedbackKind.RESULT, FeedbackKind.OUT_OF_SCOPE})
"""Answers after which nothing more is done about the matter."""


def _clarify(step: Unfolding, deed: Deed) -> None:
    """Take the reporter's yes, or why he was not asked; a yes may still follow where he was not (INT-07)."""
    said: p.Clarify = deed.payload
    order = step.order
    if order.clarified == AGREED or (order.clarified and said.skipped):
        raise refusal("already-done", order, deed.name)
    if (said.words is None) is (said.skipped is None):
        raise refusal("clarify-or-skip", order, deed.name)
    if said.skipped is not None and said.reason is None:
        raise refusal("skip-needs-reason", order, deed.name)
    if said.skipped == "safety" and not (order.terms.safety or order.severity is Severity.URGENT):
        raise refusal("no-safety-case", order, deed.name)
    if said.skipped is None:
        answered(step, deed)
    by = None if said.skipped else said.by
    told = {"words": said.words, "by": by, "skipped": said.skipped, "reason": said.reason}
    step.happens(e.Clarified.model_validate({"at": deed.at, "author": deed.author, **told}))


def unclarified(order: WorkOrder) -> bool:
    """Tell whether a demand has still to be restated (INT-07); of an incident there is no reporter to ask (GRP-05)."""
    return Demand.CLARIFIED in order.terms.demands and order.clarified is None and not order.members


def check_clarified(order: WorkOrder, name: C) -> None:
    """Refuse to dispatch what was not restated (INT-07)."""
    if unclarified(order):
        raise refusal("not-clarified", order, name)


def answered(step: Unfolding, deed: Deed) -> None:
    """Whoever speaks with the owner first has thereby answered him (CLK-07, INT-05)."""
    if step.order.first_contact is None:
        author = deed.author.model_copy(update={"cause": Cause.RULE})
        step.happens(e.Responded(at=deed.at, author=author, first_contact=author.actor))


def confirmed(order: WorkOrder) -> dict[str, Any]:
    """Return the class that whoever registers a matter confirms; none of matters that had no proposal (INT-09)."""
    return {"category": order.category, "severity": order.severity} if order.proposed else {}


def answer(order: WorkOrder, deed: Deed) -> dict[str, Any]:
    """Return what an answer to the owner holds beside its words, or refuse one that leaves something open."""
    said: p.GiveFeedback = deed.payload
    final = said.kind in FINAL
    if final and order.remedy_asked and said.remedy_granted is None:
        raise refusal("remedy-unanswered", order, deed.name)
    if final and order.from_group and said.group_line is None:
        raise refusal("group-line-missing", order, deed.name)
    if said.kind is FeedbackKind.OUT_OF_SCOPE:
        _check_scope(order, deed, said)
    return {name: getattr(said, name) for name in ("remedy_granted", "group_line", "referred_to")}


def _check_scope(order: WorkOrder, deed: Deed, said: p.GiveFeedback) -> None:
    """Refuse to send an owner away without an address, or after the work was done (INT-15)."""
    if order.stage is Stage.FEEDBACK:
        raise refusal("out-of-scope-too-late", order, deed.name)
    if said.referred_to is None:
        raise refusal("address-missing", order, deed.name)


def _urge(step: Unfolding, deed: Deed) -> None:
    """Count it; no clock begins anew. So many within the window fire level 1 without a breach (INT-18)."""
    number = len(step.order.urges) + 1
    said = {"number": number, "by": deed.payload.by, "words": deed.payload.words}
    step.happens(e.Urged(at=deed.at, author=deed.author, **said))
    rule = step.order.terms.urge
    if rule is None:
        return
    since = deed.at - timedelta(seconds=rule.within_s)
    if sum(at > since for at in step.order.urges) >= rule.times:
        _fire(step, deed)


def _fire(step: Unfolding, deed: Deed) -> None:
    """Fire level 1 of the clock that falls due next, once: none of its levels fired before.

    Of a child's breach its incident has spoken already (ESC-13).
    """
    order = step.order
    owed = [clock for clock in order.running if ladder_of(clock, order.terms_of(clock)).levels]
    clock = min(owed, key=order.due, default=None)
    if clock is None or clock.fired or clock.suspended or (order.spoken_for(clock) and clock.breached_at):
        return
    level = ladder_of(clock, order.terms_of(clock)).levels[0]
    which = {"clock": clock.name, "generation": clock.generation, "turn": clock.turn, "because": URGED}
    fired = {"level": 1, "addressee": level.to, "action": level.action, **which}
    author = deed.author.model_copy(update={"cause": Cause.RULE})
    step.happens(e.Escalated.model_validate({"at": step.now, "author": author, **fired}))


INTAKE: Mapping[C, Callable[[Unfolding, Deed], None]] = {C.CLARIFY: _clarify, C.URGE: _urge}
"""What each command about reception does once it is permitted."""
