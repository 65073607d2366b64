"""Conflicts with an owner, led through their steps in order, and joint mediation (HND-09, HND-10, HND-14)."""

from collections.abc import Callable, Mapping

from domain import events as e
from domain.commands import CommandName as C
from domain.handling import payloads as h
from domain.order import WorkOrder
from domain.permission import CLOCK_SKEW, Deed, refusal
from domain.timekeeping.calendars import calendar_from
from domain.timekeeping.promising import check_window, promise
from domain.unfolding import Unfolding
from domain.vocabulary import Cause, ClockName, ConflictStep


def _flag_conflict(step: Unfolding, deed: Deed) -> None:
    if step.order.conflict is not None:
        raise refusal("already-done", step.order, deed.name)
    step.happens(e.ConflictFlagged(at=deed.at, author=deed.author, words=deed.payload.words))


def _record_conflict_step(step: Unfolding, deed: Deed) -> None:
    """Do the next step and no other: whoever got no promise can't be asked whether it was kept."""
    said: h.RecordConflictStep = deed.payload
    conflict = step.order.conflict
    if conflict is None:
        raise refusal("no-conflict", step.order, deed.name)
    if said.step is not conflict.next_step:
        raise refusal("conflict-order", step.order, deed.name, next=conflict.next_step.value)
    if said.step is ConflictStep.SOLVE:
        _check_promise(step, deed, said)
    asked = said.step is ConflictStep.FOLLOW_UP
    if asked and said.confirmed is None:
        raise refusal("follow-up-unanswered", step.order, deed.name)
    if said.confirmed and asked:
        _check_promised(step.order, deed)
    done = {"step": said.step, "words": said.words, "confirmed": said.confirmed if asked else None}
    step.happens(e.ConflictStepRecorded(at=deed.at, author=deed.author, **done))
    if said.step is ConflictStep.SOLVE:
        promise(step, deed, said, None, Cause.RULE)


def _check_promise(step: Unfolding, deed: Deed, said: h.RecordConflictStep) -> None:
    if said.window_start_at is None or said.window_end_at is None:
        raise refusal("solve-needs-promise", step.order, deed.name)
    check_window(step, deed, said.window_start_at, said.window_end_at)


def _check_promised(order: WorkOrder, deed: Deed) -> None:
    """Refuse the owner's yes to a promise that is neither kept nor due: nothing is there to confirm yet (HND-10).

    His no may come at any time. Whoever keeps the promise early records that first: then it does not run any more.
    """
    promised = [order.due(clock) for clock in order.running if clock.name is ClockName.PROMISE]
    still = [due for due in promised if deed.at < due]
    if order.terms.in_time and still:
        until = max(still).astimezone(calendar_from(order.terms.calendars[0]).zone)
        raise refusal("promise-runs", order, deed.name, until=f"{until:%Y-%m-%d %H:%M}")


def _record_mediation(step: Unfolding, deed: Deed) -> None:
    """Write down who sat together; it stops no clock and needs the owner's consent (HND-14)."""
    said: h.RecordMediation = deed.payload
    if not said.consent:
        raise refusal("mediation-needs-consent", step.order, deed.name)
    if said.held_at > step.now + CLOCK_SKEW:
        raise refusal("mediation-ahead", step.order, deed.name)
    told = {name: getattr(said, name) for name in ("held_at", "place", "outcome", "next_step")}
    bodies = tuple(dict.fromkeys(said.bodies))
    step.happens(e.MediationRecorded(at=deed.at, author=deed.author, bodies=bodies, **told))


CONFLICTS: Mapping[C, Callable[[Unfolding, Deed], None]] = {
    C.FLAG_CONFLICT: _flag_conflict,
    C.RECORD_CONFLICT_STEP: _record_conflict_step,
    C.RECORD_MEDIATION: _record_mediation,
}
"""What each command about conflicts does once it is permitted."""
