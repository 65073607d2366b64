"""Several assignments in one order, one after the other or side by side, beside the assignee who answers (HND-13)."""

from collections.abc import Callable, Mapping

from domain import events as e
from domain.commands import CommandName as C
from domain.dispatch import assignment_payloads as a
from domain.dispatch.assigning import check_not_about
from domain.dispatch.holding import held
from domain.handling.state import Assignment
from domain.lifecycle import CHECKERS
from domain.order import WorkOrder
from domain.permission import Deed, refusal
from domain.unfolding import Unfolding
from domain.vocabulary import Role


def _add(step: Unfolding, deed: Deed) -> None:
    held(step, deed, accepted=False)
    order, said = step.order, deed.payload
    check_not_about(order, deed, said.assignee)
    if said.after is not None:
        _assignment(order, deed, said.after)
    given = {"number": len(order.assignments) + 1, "assignee": said.assignee, "after": said.after}
    told = {"words": said.words, "contractor": said.contractor, "other_trade": said.other_trade or None}
    step.happens(e.AssignmentAdded.model_validate({"at": deed.at, "author": deed.author, **given, **told}))


def _complete(step: Unfolding, deed: Deed) -> None:
    """Complete it when its turn has come: whoever has it, of a contractor's work whoever checks it (HND-12)."""
    order, said = step.order, deed.payload
    one = _open(order, deed, said.number)
    own = deed.author.actor == one.assignee
    if one.contractor is not None and (own or not deed.roles & CHECKERS):
        raise refusal("forbidden", order, deed.name, allowed=", ".join(sorted(CHECKERS)))
    if one.contractor is None and not own:
        raise refusal("forbidden", order, deed.name, allowed=Role.ASSIGNEE.value)
    if one not in order.assigned:
        raise refusal("assignment-waits", order, deed.name, number=one.number, after=one.after)
    told = {"number": one.number, "assignee": one.assignee, "words": said.words}
    step.happens(e.AssignmentCompleted.model_validate({"at": deed.at, "author": deed.author, **told}))


def _cancel(step: Unfolding, deed: Deed) -> None:
    said: a.CancelAssignment = deed.payload
    one = _open(step.order, deed, said.number)
    told = {"number": one.number, "assignee": one.assignee, "reason": said.reason}
    step.happens(e.AssignmentCancelled.model_validate({"at": deed.at, "author": deed.author, **told}))


def _open(order: WorkOrder, deed: Deed, number: int) -> Assignment:
    one = _assignment(order, deed, number)
    if one.ended:
        raise refusal("already-done", order, deed.name)
    return one


def _assignment(order: WorkOrder, deed: Deed, number: int) -> Assignment:
    if number > len(order.assignments):
        raise refusal("no-such-assignment", order, deed.name, number=number)
    return order.assignments[number - 1]


ASSIGNMENTS: Mapping[C, Callable[[Unfolding, Deed], None]] = {
    C.ADD_ASSIGNMENT: _add,
    C.COMPLETE_ASSIGNMENT: _complete,
    C.CANCEL_ASSIGNMENT: _cancel,
}
"""What each of these commands does once it is permitted."""
