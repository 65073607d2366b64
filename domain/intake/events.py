"""What happens to a matter while it is taken in, beyond the plain events of `domain.events`."""

from pydantic import BaseModel, ConfigDict

from domain.event import Event
from domain.intake.payloads import Skipped
from domain.payload import Words
from domain.vocabulary import Channel, Role, Severity


class Proposal(BaseModel):
    """Category and severity as the rules proposed them from the owner's words; a person decides (INT-09)."""

    model_config = ConfigDict(frozen=True)

    category: str
    severity: Severity
    because: str  # category | safety | urgent_words: what the severity follows from


class Repeat(BaseModel):
    """The same matter again: which closed order it repeats, for which time, and who hears of it (GRP-04)."""

    model_config = ConfigDict(frozen=True)

    of: str  # wo_…, the latest
    number: int  # 1 = the first repetition within the window
    raise_to: Role


class Clarified(Event):
    """The demand was restated and the reporter said yes, or that was left out for a reason (INT-07)."""

    words: Words | None = None
    by: Channel | None = None
    skipped: Skipped | None = None
    reason: Words | None = None
