"""Who holds an order now."""

from domain.permission import Deed, refusal
from domain.unfolding import Unfolding


def held(step: Unfolding, deed: Deed, *, accepted: bool) -> str:
    """Return the assignee, who alone may do this; `accepted` asks that he took the order."""
    order = step.order
    if order.assignee is None:
        raise refusal("not-dispatched", order, deed.name)
    if accepted and not order.accepted:
        raise refusal("not-accepted", order, deed.name)
    return order.assignee
