"""Who holds an order now."""

from domain.order import WorkOrder
from domain.permission import Deed, refusal
from domain.unfolding import Unfolding


def held(step: Unfolding, deed: Deed, *, accepted: bool) -> str:
    """Return the assignee, who alone may do this; `accepted` asks that he took the order and is still at work."""
    order = step.order
    if order.assignee is None:
        raise refusal("not-dispatched", order, deed.name)
    if accepted and not order.accepted:
        raise refusal("not-accepted", order, deed.name)
    if accepted:
        check_at_work(order, deed)
    return order.assignee


def check_at_work(order: WorkOrder, deed: Deed) -> None:
    """Refuse what belongs to work that goes on, while a contractor's is said to be done and not checked (HND-12)."""
    if order.report is not None:
        raise refusal("work-awaits-check", order, deed.name)
