"""Events that bring an order to its end: feedback, callback, service recovery."""

from domain.event import Event
from domain.intake.payloads import Granted
from domain.payloads import Words
from domain.vocabulary import Channel, CloseReason, FeedbackKind, Teller


class FeedbackGiven(Event):
    """The owner was told in words."""

    kind: FeedbackKind
    by: Channel
    words: Words
    found: Words | None = None
    why_not: Words | None = None
    also_open: Words | None = None
    remedy_granted: Granted | None = None
    group_line: Words | None = None
    referred_to: Words | None = None
    promise_kept: bool | None = None  # none = no promise was made in this generation (FBK-06)
    delivery: str | None = None
    leader: str | None = None  # whose word to several owners it is (GRP-01, GRP-06)


class Countersigned(Event):
    """The first contact stands for the result that somebody else has told (INT-06)."""

    result_by: str  # who told it
    words: Words | None = None


class CallbackRecorded(Event):
    """The owner was asked how it went, or has answered through the link."""

    resolved: bool
    attitude: int
    timeliness: int
    quality: int
    told_by: Teller | None = None
    they_called: bool | None = None  # the household came to us by itself
    replaces: CloseReason | None = None  # not_reached: the answer came after the close (CBK-06)
    words: Words | None = None


class CallbackAttempted(Event):
    """The owner was not reached; `number` counts the attempts of this generation (CBK-03)."""

    number: int
    by: Channel
    words: Words | None = None


class CallbackExhausted(Event):
    """All attempts are used up: the owner gets a message with a link, and the order closes (CBK-03)."""

    attempts: int


class RecoveryDone(Event):
    """It was made good: apology, visit and remedy in words (CBK-10)."""

    apology: Words | None = None
    visit: Words | None = None
    remedy: Words | None = None
    words: Words | None = None
