"""Deciding about incidents: the parent of many cases with one cause, and its children (GRP-05, GRP-07, ESC-13)."""

from collections.abc import Callable, Mapping, Sequence
from datetime import datetime
from typing import Any

from domain import events as e
from domain.commands import CommandName as C
from domain.groups.child_clock import BreachedClock, ChildClock
from domain.groups.children import news, owed
from domain.groups.incident_payloads import (
    AttachToIncident,
    DetachFromIncident,
    GiveMassNotice,
    ReportChildren,
    SolveTogether,
)
from domain.lifecycle import UNSOLVED
from domain.order import WorkOrder
from domain.permission import Deed, refusal
from domain.terms import Terms
from domain.unfolding import Unfolding
from domain.vocabulary import Cause, CloseReason, FeedbackKind, Stage


def _confirm(step: Unfolding, deed: Deed) -> None:
    """Confirm it: the work on the cause begins, and who says so answers for it."""
    told = {"first_contact": deed.author.actor, "members": step.order.members, "words": deed.payload.words}
    step.happens(e.IncidentConfirmed(at=deed.at, author=deed.author, **told))


def _dismiss(step: Unfolding, deed: Deed) -> None:
    """Say that it is none, also after it was confirmed; that no child is left then the door has looked up (GRP-07)."""
    if any(clock.running for clock in step.order.gathered):
        raise refusal("children-owe", step.order, deed.name)
    confirmed = step.order.stage is not Stage.INTAKE or None
    told = {"reason": deed.payload.reason, "confirmed": confirmed}
    step.happens(e.IncidentDismissed(at=deed.at, author=deed.author, **told))
    rule = deed.author.model_copy(update={"cause": Cause.RULE})
    step.happens(e.Closed(at=deed.at, author=rule, reason=CloseReason.DISMISSED))


def _attach(step: Unfolding, deed: Deed) -> None:
    """Become a child: its clocks run on, its ladders keep silent. What the incident is the door has looked up."""
    order, said = step.order, deed.payload
    if not isinstance(said, AttachToIncident):  # pragma: no cover - the payload of this command
        raise TypeError(type(said).__name__)
    if order.incident is not None:
        raise refusal("already-attached", order, deed.name, incident=order.incident)
    told = {"incident": said.incident, "clocks": _owed(order) or None}
    step.happens(e.AttachedToIncident(at=deed.at, author=deed.author, **told))


def _detach(step: Unfolding, deed: Deed) -> None:
    """Be no child any more: ladder levels whose instants are over speak now, as if never attached (GRP-07)."""
    order, said = step.order, deed.payload
    if not isinstance(said, DetachFromIncident):  # pragma: no cover - the payload of this command
        raise TypeError(type(said).__name__)
    if order.incident is None or said.incident not in {None, order.incident}:
        raise refusal("not-attached", order, deed.name)
    told = {"incident": order.incident, "clocks": _owed(order) or None, "reason": said.reason}
    back = _back(step, deed) if order.solved and order.apart_since is None else {}
    step.happens(e.DetachedFromIncident(at=deed.at, author=deed.author, **told, **back))


def _back(step: Unfolding, deed: Deed) -> Mapping[str, Any]:
    """Return to what a child goes back that was solved with its incident, until its owner was told the result (GRP-07).

    One whose own work was done before stays where it is. Of one that was solved before this was kept, nothing is known.
    """
    order = step.order
    before = order.solved_from
    if before is None or (before.stage in UNSOLVED and order.stage is not Stage.FEEDBACK):
        raise refusal("solved-with-it", order, deed.name, incident=order.incident or "")
    if before.stage not in UNSOLVED:
        return {}
    return {"back_to": before.stage, "again": tuple(map(step.falls_due, before.clocks))}


def _owed(order: WorkOrder) -> tuple[BreachedClock, ...]:
    """Return the clocks that are breached and still owed, but for those that a child speaks of itself again."""
    alone = order.incident is None
    owed = [clock for clock in order.running if alone or order.spoken_for(clock)]
    breached = [clock for clock in owed if clock.breached_at is not None]
    return tuple(BreachedClock(clock=one.name, generation=one.generation, turn=one.turn) for one in breached)


def _give_mass_notice(step: Unfolding, deed: Deed) -> None:
    """Say one word to the owners of all children; each gets it as a message in its own order (GRP-06).

    The result is the last word: who joins later gets it too, and whom it did not reach is told by name, not all again.
    """
    said: GiveMassNotice = deed.payload
    if step.order.result_noticed:
        raise refusal("result-noticed", step.order, deed.name)
    result = said.kind == FeedbackKind.RESULT.value
    if result and step.order.stage is not Stage.FEEDBACK:
        raise refusal("result-too-early", step.order, deed.name)
    if result and said.found is None:
        raise refusal("result-incomplete", step.order, deed.name, missing="found")
    told = {"kind": said.kind, "by": said.by, "words": said.words, "found": said.found}
    step.happens(e.MassNoticeGiven.model_validate({"at": deed.at, "author": deed.author, **told}))


def _solve(step: Unfolding, deed: Deed) -> None:
    """Let a child go on with its feedback, for its cause is dealt with; whatever it was at (GRP-06).

    Of one that was handled by itself it only says so: its own ladders speak again once it is taken up anew.
    """
    order, said = step.order, deed.payload
    if not isinstance(said, SolveTogether):  # pragma: no cover - the payload of this command
        raise TypeError(type(said).__name__)
    if said.leader not in order.leaders:
        raise refusal("not-attached", order, deed.name)
    if order.solved:
        raise refusal("already-done", order, deed.name)
    moved = order.stage in UNSOLVED or None
    told = {"leader": said.leader, "handlers": said.handlers, "moved": moved}
    step.happens(e.SolvedTogether.model_validate({"at": deed.at, "author": deed.author, **told}))


def _end(step: Unfolding, deed: Deed) -> None:
    """Close the parent: every child has ended, and nothing is left that it speaks of (GRP-06)."""
    if any(clock.running for clock in step.order.gathered):
        raise refusal("children-owe", step.order, deed.name)
    step.happens(e.Closed(at=deed.at, author=deed.author, reason=CloseReason.CHILDREN_ENDED))


def _report(step: Unfolding, deed: Deed) -> None:
    """Hear of children's breached clocks; what was heard before is passed over.

    Of a clock that was breached and has ended before anybody told us, the levels still speak that were due meanwhile.
    """
    said: ReportChildren = deed.payload
    told = news(step.order.gathered, said.clocks)
    if not told:
        raise refusal("already-done", step.order, deed.name)
    running = owed(step.order.gathered)
    new = [one for one in told if one.ended_at is None or one.which not in running]
    _heard(step, deed, [one.model_copy(update={"ended_at": None}) for one in new], said.terms)
    for ended in _by_name(told):
        step.alarms(before=min(step.now, max(map(_ended_at, ended))))
        _heard(step, deed, ended, said.terms)


def _heard(step: Unfolding, deed: Deed, clocks: Sequence[ChildClock], terms: Sequence[Terms]) -> None:
    digests = {one.terms_digest for one in clocks}
    known = {**step.order.shelf, **{one.digest: one for one in terms}}
    if digests - known.keys():
        raise refusal("unknown-terms", step.order, deed.name, digest=min(digests - known.keys()))
    brought = tuple(known[digest] for digest in sorted(digests))
    if clocks:
        step.happens(e.ChildrenReported(at=deed.at, author=deed.author, clocks=tuple(clocks), terms=brought))


def _by_name(told: Sequence[ChildClock]) -> list[tuple[ChildClock, ...]]:
    """Gather what has ended by the name of the clock, what ended first, first."""
    ended = [one for one in told if one.ended_at is not None]
    names = dict.fromkeys(one.clock for one in ended)
    return sorted(
        (tuple(one for one in ended if one.clock is name) for name in names), key=lambda same: max(map(_ended_at, same))
    )


def _ended_at(one: ChildClock) -> datetime:
    return one.ended_at or one.breached_at


INCIDENTS: Mapping[C, Callable[[Unfolding, Deed], None]] = {
    C.CONFIRM_INCIDENT: _confirm,
    C.DISMISS_INCIDENT: _dismiss,
    C.ATTACH_TO_INCIDENT: _attach,
    C.DETACH_FROM_INCIDENT: _detach,
    C.GIVE_MASS_NOTICE: _give_mass_notice,
    C.SOLVE_TOGETHER: _solve,
    C.END_INCIDENT: _end,
    C.REPORT_CHILDREN: _report,
}
"""What each command about incidents does once it is permitted."""
