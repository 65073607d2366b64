"""Deciding about rectification: plan, date, work, the owner's look at it, and bad service looked into (CLK-09)."""

from collections.abc import Callable, Mapping
from datetime import timedelta

from domain import events as e
from domain import payloads as p
from domain.commands import CommandName as C
from domain.handling.deciding import check_for_owner
from domain.order import Plan, WorkOrder
from domain.permission import Deed, refusal
from domain.timekeeping.calendars import calendar_from
from domain.timekeeping.limits import close_of
from domain.unfolding import Unfolding
from domain.vocabulary import ClockName, Demand, Role

PLAN_REACH = timedelta(days=400)
"""The date of a plan lies within this of now: so far the calendars of the terms know their exceptions (design 4a.3)."""
FREE_REFUSALS = 2
"""So often the owner may refuse before the project manager leads (HND-07)."""


def _give_plan(step: Unfolding, deed: Deed) -> None:
    """Say what will be done and by when; another date needs the owner's consent and keeps the old one (CLK-10)."""
    order, said = step.order, deed.payload
    _check_leader(order, deed)
    _check_date(order, deed, said)
    before = order.plan
    if order.terms.holding and before and before.done and not before.signed_off:  # the owner is to look at it first
        raise refusal("plan-awaits-sign-off", order, deed.name, number=before.number)
    open_date = before.on if before and not before.done and said.done_by != before.on else None
    if open_date is not None and _runs_rectify(order) and not said.consent:
        raise refusal("plan-needs-consent", order, deed.name, on=open_date.isoformat())
    number = before.number + 1 if before else 1
    given = {"on": said.done_by, "before_on": open_date, "number": number, "words": said.words}
    given["measures"] = said.measures or None
    step.happens(e.PlanGiven(at=deed.at, author=deed.author, **given))


def _check_leader(order: WorkOrder, deed: Deed) -> None:
    """After two refusals of the owner the project manager leads: the plan is his (HND-07)."""
    refusals = order.plan.refusals if order.plan else 0
    led = Demand.PROJECT_MANAGER in order.terms.demands and refusals >= FREE_REFUSALS
    if led and Role.PROJECT_MANAGER not in deed.roles:
        raise refusal("project-manager-leads", order, deed.name, count=refusals)


def _check_date(order: WorkOrder, deed: Deed, said: p.GivePlan) -> None:
    """Refuse a date that is over, or so far ahead that its calendar is not known."""
    row = order.terms.clock(ClockName.RECTIFY)
    calendar = calendar_from(order.terms.calendar_of(row) if row else order.terms.calendars[0])
    today = deed.at.astimezone(calendar.zone).date()
    days = [measure.on for measure in said.measures] or [said.done_by]
    if (
        min(days) < today
        or not today <= said.done_by <= today + PLAN_REACH
        or close_of(said.done_by, calendar) <= deed.at
    ):
        raise refusal("plan-date", order, deed.name)


def _runs_rectify(order: WorkOrder) -> bool:
    return any(clock.name is ClockName.RECTIFY for clock in order.running)


def _complete_rectification(step: Unfolding, deed: Deed) -> None:
    plan = _plan(step, deed)
    if plan.done:
        raise refusal("already-done", step.order, deed.name)
    step.happens(e.RectificationDone(at=deed.at, author=deed.author, words=deed.payload.words))


def _sign_off(step: Unfolding, deed: Deed) -> None:
    _looked_at(step, deed)
    step.happens(e.SignedOff(at=deed.at, author=deed.author, by=deed.payload.by, words=deed.payload.words))


def _refuse_sign_off(step: Unfolding, deed: Deed) -> None:
    """Count the refusals; a plan is due again (HND-07)."""
    number = _looked_at(step, deed).refusals + 1
    said = {"by": deed.payload.by, "number": number, "reason": deed.payload.reason}
    step.happens(e.SignOffRefused(at=deed.at, author=deed.author, **said))


def _plan(step: Unfolding, deed: Deed) -> Plan:
    if step.order.plan is None:
        raise refusal("no-plan", step.order, deed.name)
    return step.order.plan


def _looked_at(step: Unfolding, deed: Deed) -> Plan:
    """Return the plan whose work the owner looks at now."""
    check_for_owner(step.order, deed)
    plan = _plan(step, deed)
    if plan.signed_off:
        raise refusal("already-done", step.order, deed.name)
    if not plan.done:
        raise refusal("not-rectified", step.order, deed.name)
    return plan


def _name_arrears_cause(step: Unfolding, deed: Deed) -> None:
    """Nobody speaks of arrears while a conflict is open (HND-09)."""
    if step.order.conflict is not None:
        raise refusal("conflict-open", step.order, deed.name)
    said: p.NameArrearsCause = deed.payload
    named = {"arrears_cause": said.cause, "words": said.words}
    step.happens(e.ArrearsCauseNamed(at=deed.at, author=deed.author, **named))


def _verify(step: Unfolding, deed: Deed) -> None:
    if not any(clock.name is ClockName.VERIFY for clock in step.order.running):
        raise refusal("nothing-to-verify", step.order, deed.name)
    step.happens(e.Verified(at=deed.at, author=deed.author, words=deed.payload.words))


RECTIFYING: Mapping[C, Callable[[Unfolding, Deed], None]] = {
    C.GIVE_PLAN: _give_plan,
    C.COMPLETE_RECTIFICATION: _complete_rectification,
    C.SIGN_OFF: _sign_off,
    C.REFUSE_SIGN_OFF: _refuse_sign_off,
    C.NAME_ARREARS_CAUSE: _name_arrears_cause,
    C.VERIFY: _verify,
}
"""What each command about rectification does once it is permitted."""
