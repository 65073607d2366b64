"""What the commands of merging say (glossary, section 4; design 4a.6)."""

from typing import Annotated

from pydantic import AwareDatetime, Field

from domain.groups.incident_payloads import OrderId
from domain.payloads import Payload


class Merge(Payload):
    """This case and another are one matter; the other goes on with the work (GRP-01)."""

    survivor: OrderId
    window_s: Annotated[int, Field(ge=0)] = 0  # so long it can be undone; the door reads it from the settings


class Absorb(Payload):
    """The survivor takes a case over: when that reached us, and who is told beside its own reporter."""

    duplicate: OrderId
    received_at: AwareDatetime
    reporter: str


class Unmerge(Payload):
    """They are two matters after all (GRP-08); `duplicate` is said to the survivor, by a rule."""

    duplicate: OrderId | None = None
    went_on: Annotated[bool, Field(exclude_if=lambda told: not told)] = False  # by a rule alone, see `Unmerged`
