"""What the commands of further assignments within one order say (HND-13)."""

from typing import Annotated

from pydantic import Field

from domain.dispatch.payloads import Contractor, OtherTrade
from domain.payload import Payload, Words

Number = Annotated[int, Field(ge=1, le=99)]


class AddAssignment(Payload):
    """A piece of the work goes to somebody beside the assignee; `after` another one, else at once."""

    assignee: str
    after: Number | None = None
    words: Words
    contractor: Contractor = None
    other_trade: OtherTrade = False


class CompleteAssignment(Payload):
    """The piece is done; a contractor's says who looks at its work (HND-12)."""

    number: Number
    words: Words


class CancelAssignment(Payload):
    """It is not wanted any more, for a reason."""

    number: Number
    reason: Words
