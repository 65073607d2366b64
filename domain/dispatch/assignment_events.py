"""Events of further assignments within one order (HND-13); `number` counts them within a generation."""

from domain.event import Event
from domain.payloads import Words


class AssignmentAdded(Event):
    """A piece of the work was given to somebody beside the assignee."""

    number: int
    assignee: str
    after: int | None = None  # its turn comes when that one has ended; none = at once
    words: Words
    contractor: str | None = None  # the contractor's team that they are of
    other_trade: bool | None = None  # they are not of the order's team or lack its skill, and that is meant so


class AssignmentCompleted(Event):
    """It is done."""

    number: int
    assignee: str
    words: Words


class AssignmentCancelled(Event):
    """It is not wanted any more."""

    number: int
    assignee: str
    reason: Words
