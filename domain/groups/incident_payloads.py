"""What the commands of incidents say (glossary, section 4; docs/decisions/0010)."""

from typing import Annotated, Literal

from pydantic import Field, StringConstraints

from domain.groups.child_clock import ChildClock
from domain.payloads import Payload, Words
from domain.terms import Terms

OrderId = Annotated[str, StringConstraints(pattern=r"^wo_[0-9]{1,18}$")]


class ConfirmIncident(Payload):
    """One cause lies behind the proposed cases; who confirms it answers for it (GRP-05)."""

    words: Words | None = None


class DismissIncident(Payload):
    """They have nothing in common, or no child is left (GRP-07)."""

    reason: Words


class AttachToIncident(Payload):
    """This case is one of an incident's (GRP-05)."""

    incident: OrderId


class DetachFromIncident(Payload):
    """It is none after all (GRP-07)."""

    reason: Words
    incident: Annotated[OrderId | None, Field(exclude_if=lambda one: one is None)] = None  # by a rule: of this one only


class GiveMassNotice(Payload):
    """One word to the owners of all children, as a message to each (GRP-06)."""

    kind: Literal["result", "plan", "progress"]
    by: Literal["wechat", "app", "sms"]  # tried first; then the household's own
    words: Words
    found: Words | None = None


class SolveTogether(Payload):
    """The cause is dealt with; `handlers` did it, so none of them calls the owner back (GRP-06, CBK-02)."""

    leader: OrderId  # the incident, or the survivor of a merge
    handlers: tuple[str, ...]


class EndIncident(Payload):
    """Every child has ended."""


class ReportChildren(Payload):
    """What became of children's breached clocks; `terms` are those of their ladders (ESC-13)."""

    clocks: Annotated[tuple[ChildClock, ...], Field(min_length=1)]
    terms: tuple[Terms, ...] = ()
