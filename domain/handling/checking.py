"""Deciding about a contractor's work: what it says is done counts once somebody of ours has looked at it (HND-12)."""

from collections.abc import Callable, Mapping
from typing import Any

from domain import events as e
from domain import payloads as p
from domain.commands import CommandName as C
from domain.dispatch.assigning import check_not_about
from domain.dispatch.holding import held
from domain.handling import payloads as h
from domain.handling.deciding import check_photos, check_price
from domain.lifecycle import CHECKERS
from domain.order import WorkOrder
from domain.permission import Deed, refusal
from domain.unfolding import Unfolding
from domain.vocabulary import Cause, Demand

DONE = ("assignee", "visits", "words", "found", "measure", "before", "after", "without_photos")
"""What a completion tells, whether it counts already or waits to be checked."""


def _complete_handling(step: Unfolding, deed: Deed) -> None:
    """Complete the work; what a contractor says is done waits for the look of somebody of ours (HND-12)."""
    order, said = step.order, deed.payload
    assignee = held(step, deed, accepted=True)
    _check_complete(order, deed)
    check_photos(order, deed, said)
    done = {"assignee": assignee, **_told(order, said)}
    if order.contractor is None or _vouches(order, deed):
        step.happens(e.HandlingCompleted(at=deed.at, author=deed.author, receiver=order.receiver, **done))
        return
    step.happens(e.CompletionReported(at=deed.at, author=deed.author, contractor=order.contractor, **done))
    step.resume(deed.at, _rule(deed), "asked")  # nothing stands still for what nobody has checked


def _told(order: WorkOrder, said: p.CompleteHandling) -> dict[str, Any]:
    shown = {"before": said.before or None, "after": said.after or None, "without_photos": said.without_photos}
    words = {"words": said.words, "found": said.found, "measure": said.measure}
    return {"visits": order.visits if said.visits is None else said.visits, **words, **shown}


def _vouches(order: WorkOrder, deed: Deed) -> bool:
    """Whether somebody completes it who would check it: no contractor's word stands alone then."""
    return bool(deed.roles & CHECKERS) and deed.author.actor != order.assignee


def _check_complete(order: WorkOrder, deed: Deed) -> None:
    """Refuse what is not done yet: a plan, an arrival, a price agreed to, what others do (HND-01, 03, 07, 13)."""
    if order.plan is not None and not order.plan.signed_off:
        raise refusal("sign-off-owed", order, deed.name)
    if Demand.ARRIVED in order.terms.demands and not order.arrived:
        raise refusal("not-arrived", order, deed.name)
    check_price(order, deed)
    still = ", ".join(str(one.number) for one in order.assignments if not one.ended)
    if still:
        raise refusal("assignments-open", order, deed.name, numbers=still)


def _check_contractor_work(step: Unfolding, deed: Deed) -> None:
    """Pass it, so that handling is completed now, or give it back to the contractor, whose fault it is (DSP-06)."""
    order, said = step.order, deed.payload
    report = _report(order, deed, said)
    told: dict[str, Any] = {"contractor": report.contractor, "assignee": report.assignee, "passed": said.passed}
    told |= {"reason": said.reason, "words": said.words}
    step.happens(e.ContractorWorkChecked(at=deed.at, author=deed.author, **told))
    if said.passed:
        done = {name: getattr(report, name) for name in DONE}
        step.happens(e.HandlingCompleted(at=deed.at, author=_rule(deed), receiver=order.receiver, **done))


def _report(order: WorkOrder, deed: Deed, said: h.CheckContractorWork) -> e.CompletionReported:
    """Return what waits to be checked; nobody checks his own work, and what fails needs a reason (HND-12)."""
    report = order.report
    if report is None:
        raise refusal("nothing-to-check", order, deed.name)
    if deed.author.actor in {report.assignee, report.author.actor}:
        raise refusal("own-work", order, deed.name)
    check_not_about(order, deed, deed.author.actor)
    if said.passed:
        _check_complete(order, deed)
    elif said.reason is None:
        raise refusal("failed-without-reason", order, deed.name)
    return report


def _rule(deed: Deed) -> e.Author:
    """Return the author of what follows by itself: the same person, caused by the rule."""
    return deed.author.model_copy(update={"cause": Cause.RULE})


CHECKING: Mapping[C, Callable[[Unfolding, Deed], None]] = {
    C.COMPLETE_HANDLING: _complete_handling,
    C.CHECK_CONTRACTOR_WORK: _check_contractor_work,
}
"""What each of these commands does once it is permitted."""
