"""Events of handling: prices, responsibility, conflicts and mediation (glossary, section 4)."""

from pydantic import AwareDatetime

from domain.event import Event
from domain.handling.payloads import Material, Share
from domain.payloads import Attachments, Words
from domain.vocabulary import Channel, ConflictStep, Mediator, Party


class Quoted(Event):
    """The price of the work was told. Amounts in yuan with two places; `owner_total` is what the owner would pay."""

    number: int
    materials: tuple[Material, ...] | None = None
    labour: str
    labour_payer: Party
    total: str
    owner_total: str
    words: Words | None = None


class PriceAgreed(Event):
    """The owner agreed to it; `number` is that of the quote."""

    number: int
    owner_total: str
    by: Channel
    words: Words | None = None


class PriceDeclined(Event):
    """The owner did not."""

    number: int
    owner_total: str
    by: Channel
    reason: Words


class ConflictFlagged(Event):
    """The conversation has become a conflict."""

    words: Words


class ConflictStepRecorded(Event):
    """One step of the protocol was done; `confirmed` is the owner's answer to `follow_up`."""

    step: ConflictStep
    words: Words
    confirmed: bool | None = None


class MediationRecorded(Event):
    """Several bodies sat down with the owner at `held_at`."""

    bodies: tuple[Mediator, ...]
    held_at: AwareDatetime
    place: Words
    outcome: Words
    next_step: Words


class ResponsibilityAssigned(Event):
    """Who caused it, in shares that sum to 100."""

    shares: tuple[Share, ...]
    words: Words | None = None


class CompletionReported(Event):
    """A contractor says that the work is done; it counts once it was checked (HND-12). Words as `HandlingCompleted`."""

    contractor: str  # team
    assignee: str
    visits: int
    words: Words
    found: Words | None = None
    measure: Words | None = None
    before: Attachments | None = None
    after: Attachments | None = None
    without_photos: Words | None = None


class ContractorWorkChecked(Event):
    """Somebody of ours has looked at a contractor's work; what failed is a fault by the contract (HND-12, DSP-06)."""

    contractor: str  # team
    assignee: str
    passed: bool
    reason: Words | None = None
    words: Words | None = None
