"""Giving an order to somebody: dispatch, acceptance, return and transfer (DSP-01…14)."""

from collections.abc import Callable, Mapping

from domain import events as e
from domain import payloads as p
from domain.commands import CommandName as C
from domain.dispatch.holding import held
from domain.intake.deciding import check_clarified
from domain.order import WorkOrder
from domain.permission import Deed, refusal
from domain.unfolding import Unfolding
from domain.vocabulary import Role


def check_not_about(order: WorkOrder, deed: Deed, person: str) -> None:
    """Refuse that a matter reaches a member of staff whom it is about (DSP-13)."""
    if person in order.complained_of:
        raise refusal("complained-of", order, deed.name, assignee=person)


def _dispatch(step: Unfolding, deed: Deed) -> None:
    if step.order.assignee is not None:
        raise refusal("already-dispatched", step.order, deed.name)
    check_clarified(step.order, deed.name)
    said: p.Dispatch = deed.payload
    check_not_about(step.order, deed, said.assignee)
    given = {"team": said.team, "assignee": said.assignee, "mode": said.mode}
    over = said.over_limit or None
    told = {"decision": said.decision, "over_limit": over, "contractor": said.contractor}
    step.happens(e.Dispatched(at=deed.at, author=deed.author, **given, **told))


def _grab(step: Unfolding, deed: Deed) -> None:
    """Take it out of the pool; of those who try at once one has it, the others are told who (DSP-05)."""
    order, said = step.order, deed.payload
    if order.assignee is not None:
        raise refusal("already-grabbed", order, deed.name)
    check_clarified(order, deed.name)
    check_not_about(order, deed, deed.author.actor)
    happened = {"team": said.team, "assignee": deed.author.actor, "over_limit": said.over_limit or None}
    step.happens(e.Grabbed(at=deed.at, author=deed.author, **happened, contractor=said.contractor))


def _accept(step: Unfolding, deed: Deed) -> None:
    """Take it; of a transfer its receiver alone (DSP-08)."""
    assignee, order = held(step, deed, accepted=False), step.order
    check_not_about(order, deed, deed.author.actor)
    if order.receiver is not None and deed.author.actor != order.receiver:
        raise refusal("transfer-waits", order, deed.name, receiver=order.receiver)
    if order.accepted and order.receiver is None:
        raise refusal("already-done", order, deed.name)
    step.happens(e.Accepted(at=deed.at, author=deed.author, assignee=order.receiver or assignee))


def _return(step: Unfolding, deed: Deed) -> None:
    """Give it back to the operators, for a listed reason; the second return of a case is told higher up (DSP-07).

    The receiver of a transfer gives back what is not his yet: it stays with the giver (DSP-08).
    """
    assignee, said = held(step, deed, accepted=False), deed.payload
    why = {"return_reason": said.return_reason, "reason": said.reason}
    back: dict[str, str | int | None]
    if deed.author.actor == step.order.receiver:
        back = {"assignee": step.order.receiver, "kept_by": assignee}
    else:
        back = {"assignee": assignee, "number": step.order.returns + 1 if said.return_reason else None}
    step.happens(e.Returned.model_validate({"at": deed.at, "author": deed.author, **why, **back}))


def _transfer(step: Unfolding, deed: Deed) -> None:
    """Hand it on; who has taken it answers for it until the receiver has, unless a ladder takes it away (DSP-08)."""
    before, order = held(step, deed, accepted=False), step.order
    said: p.Transfer = deed.payload
    if said.assignee in {before, order.receiver}:
        raise refusal("same-assignee", order, deed.name, assignee=said.assignee)
    check_not_about(order, deed, said.assignee)
    answers = order.terms.handing_over and order.accepted and deed.author.role is not Role.RULE
    marks = {"until_accepted": answers or None, "over_limit": said.over_limit or None, "contractor": said.contractor}
    marks |= {"other_trade": said.other_trade or None}
    given = {"team": said.team or order.team, "assignee": said.assignee, "before": before, "reason": said.reason}
    step.happens(e.Transferred(at=deed.at, author=deed.author, **given, **marks))


ASSIGNING: Mapping[C, Callable[[Unfolding, Deed], None]] = {
    C.DISPATCH: _dispatch,
    C.GRAB: _grab,
    C.ACCEPT: _accept,
    C.RETURN: _return,
    C.TRANSFER: _transfer,
}
"""What each of these commands does once it is permitted."""
