"""What an order owes as it stands, whatever it was owed before: for a class that asks for more, and for praise."""

from collections.abc import Callable, Mapping

from domain.order import WorkOrder
from domain.vocabulary import ClockName, Kind, Stage

WAITING = frozenset({Stage.INTAKE, Stage.REGISTRATION})
TOLD = frozenset({Stage.CALLBACK, Stage.CLOSED})

OWED: Mapping[ClockName, Callable[[WorkOrder], bool]] = {
    ClockName.RESPONSE: lambda order: order.first_contact is None,
    ClockName.REGISTER: lambda order: order.stage in WAITING,
    ClockName.FEEDBACK: lambda order: order.stage not in TOLD,
    ClockName.DISPATCH: lambda order: order.stage is Stage.DISPATCH and order.assignee is None,
    ClockName.ACCEPT: lambda order: order.assignee is not None and not order.accepted,
    ClockName.ARRIVE: lambda order: order.stage is Stage.HANDLING and order.accepted and not order.arrived,
    ClockName.HANDLING: lambda order: order.stage is Stage.HANDLING,
    ClockName.RESULT_FEEDBACK: lambda order: order.stage is Stage.FEEDBACK,
    ClockName.CALLBACK: lambda order: order.stage is Stage.CALLBACK,
    ClockName.COMPLETION: lambda order: order.stage is not Stage.CLOSED,
}
"""When each clock of a stage is owed; all others begin with a deed of their own."""


def lacks(order: WorkOrder, name: ClockName) -> bool:
    """Tell a duty that the class asks for now and that never began, for the former class did not ask (CLK-24)."""
    begun = any(clock.name is name and clock.generation == order.generation for clock in order.clocks)
    return order.terms.owing and not begun and name in OWED and OWED[name](order)


def is_over(order: WorkOrder) -> bool:
    """Tell praise that was answered: nothing more is owed to whoever praised (INT-17)."""
    answered = order.kind is Kind.PRAISE and order.first_contact is not None
    return order.terms.owing and answered and order.stage is not Stage.CLOSED and not order.running
