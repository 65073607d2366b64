"""Events by which an order comes to somebody and leaves them again (DSP-01…14)."""

from domain.event import Event
from domain.payloads import Decision, Words
from domain.vocabulary import ReturnReason


class Dispatched(Event):
    """The order was given to a team and offered to a person."""

    team: str
    assignee: str
    mode: str
    decision: Decision | None = None
    over_limit: bool | None = None  # of whom it went to, for it is urgent (DSP-11)
    contractor: str | None = None  # the contractor's team that they are of (HND-12)


class Grabbed(Event):
    """The first of those who might have taken it did (DSP-05)."""

    team: str
    assignee: str
    over_limit: bool | None = None
    contractor: str | None = None


class Accepted(Event):
    """The person took it."""

    assignee: str


class Returned(Event):
    """The person gave it back; `number` counts the returns of the whole case (DSP-07).

    A receiver who does not take what was transferred to him leaves it with the giver, `kept_by` (DSP-08).
    """

    assignee: str
    return_reason: ReturnReason | None = None
    reason: Words | None = None
    number: int | None = None  # none = from before there was a list of reasons, or kept by the giver
    kept_by: str | None = None


class Transferred(Event):
    """The order goes to another person, who must accept it; `until_accepted` the giver answers for it (DSP-08)."""

    team: str
    assignee: str
    before: str
    reason: Words
    over_limit: bool | None = None
    until_accepted: bool | None = None  # none = it was the receiver's at once
    other_trade: bool | None = None  # the receiver is not of the team or lacks the skill; a supervisor wanted it so
    contractor: str | None = None
