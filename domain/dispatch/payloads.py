"""What the commands say by which an order comes to somebody and leaves them again (DSP-01…14)."""

from typing import Annotated

from pydantic import Field

from domain.payload import Payload, Words
from domain.vocabulary import ReturnReason

OverLimit = Annotated[bool, Field(exclude_if=lambda over: not over)]
"""That somebody gets more than their limit, as urgent matters alone allow; the door has counted (DSP-11)."""


Contractor = Annotated[str | None, Field(exclude_if=lambda team: team is None)]
"""The contractor's team that whoever gets it is of, as the door finds it; none = one of our own staff (HND-12)."""


OtherTrade = Annotated[bool, Field(exclude_if=lambda other: not other)]
"""That whoever gives it says: this person is not of the order's team, or lacks its skill, and gets it all the same."""


class Decision(Payload):
    """Why it was this person: who was asked by which rule, and why others were not chosen (DSP-14)."""

    rule: str  # mode of the team, or `assign` where a person chose otherwise
    roster: str  # version
    candidates: tuple[str, ...]  # usr_…, the first first
    excluded: tuple[str, ...]  # usr_…:reason


class Dispatch(Payload):
    """The order is given to a team and offered to a person."""

    team: str
    assignee: str
    mode: str = "assign"
    decision: Decision | None = None
    over_limit: OverLimit = False
    contractor: Contractor = None


class Grab(Payload):
    """Whoever speaks takes it out of the pool of a team; the door has looked whether he may (DSP-05, DSP-10)."""

    team: str
    over_limit: OverLimit = False
    contractor: Contractor = None


class Accept(Payload):
    """The person takes it."""


class Return(Payload):
    """The person gives it back to the operators, for a listed reason (DSP-07)."""

    return_reason: ReturnReason | None = None  # none = from before there was a list
    reason: Words | None = None  # further words


class Transfer(Payload):
    """The order goes to another person, who must accept it."""

    assignee: str
    team: str | None = None  # none = same team
    reason: Words
    over_limit: OverLimit = False
    other_trade: OtherTrade = False
    contractor: Contractor = None
