"""What the commands say that bring an order to its end: callback, attempts, countersigning, service recovery."""

from typing import Annotated

from pydantic import Field

from domain.payloads import Payload, Words
from domain.vocabulary import Channel, Teller

Score = Annotated[int, Field(ge=1, le=5)]


class Countersign(Payload):
    """The first contact stands for the result that somebody else told the owner (INT-06)."""

    words: Words | None = None


class RecordCallback(Payload):
    """What was said at the callback, and by whom (CBK-04, CBK-08); through the link it is always the household."""

    resolved: bool
    attitude: Score
    timeliness: Score
    quality: Score
    told_by: Teller | None = None  # none = said before 0.3.0
    they_called: bool = False  # the household came to us: it may at any hour (FBK-05)
    words: Words | None = None


class RecordAttempt(Payload):
    """The caller tried to reach the owner, in vain (CBK-03)."""

    by: Channel = Channel.PHONE
    words: Words | None = None


class CompleteRecovery(Payload):
    """Apology, visit and remedy are done (CBK-10); `words` is what was said before 0.3.0 in place of the three."""

    apology: Words | None = None
    visit: Words | None = None
    remedy: Words | None = None
    words: Words | None = None
