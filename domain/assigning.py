"""Giving an order to somebody: dispatch, acceptance, return and transfer (DSP-01…14)."""

from collections.abc import Callable, Mapping

from domain import events as e
from domain import payloads as p
from domain.commands import CommandName as C
from domain.holding import held
from domain.intake import check_clarified
from domain.permission import Deed, refusal
from domain.unfolding import Unfolding


def _dispatch(step: Unfolding, deed: Deed) -> None:
    if step.order.assignee is not None:
        raise refusal("already-dispatched", step.order, deed.name)
    check_clarified(step.order, deed)
    said: p.Dispatch = deed.payload
    given = {"team": said.team, "assignee": said.assignee, "mode": said.mode, "decision": said.decision}
    step.happens(e.Dispatched(at=deed.at, author=deed.author, **given))


def _accept(step: Unfolding, deed: Deed) -> None:
    assignee = held(step, deed, accepted=False)
    if step.order.accepted:
        raise refusal("already-done", step.order, deed.name)
    step.happens(e.Accepted(at=deed.at, author=deed.author, assignee=assignee))


def _return(step: Unfolding, deed: Deed) -> None:
    """Give it back to the operators, for a listed reason; the second return of a case is told higher up (DSP-07)."""
    assignee = held(step, deed, accepted=False)
    said: p.Return = deed.payload
    number = step.order.returns + 1 if said.return_reason else None
    why = {"return_reason": said.return_reason, "reason": said.reason, "number": number}
    step.happens(e.Returned(at=deed.at, author=deed.author, assignee=assignee, **why))


def _transfer(step: Unfolding, deed: Deed) -> None:
    before = held(step, deed, accepted=False)
    said: p.Transfer = deed.payload
    if said.assignee == before:
        raise refusal("same-assignee", step.order, deed.name)
    given = {"team": said.team or step.order.team, "assignee": said.assignee, "before": before, "reason": said.reason}
    step.happens(e.Transferred(at=deed.at, author=deed.author, **given))


ASSIGNING: Mapping[C, Callable[[Unfolding, Deed], None]] = {
    C.DISPATCH: _dispatch,
    C.ACCEPT: _accept,
    C.RETURN: _return,
    C.TRANSFER: _transfer,
}
"""What each of these commands does once it is permitted."""
