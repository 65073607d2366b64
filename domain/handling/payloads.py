"""What the commands of handling say: prices, responsibility, conflicts and mediation (glossary, section 4)."""

from typing import Annotated, Literal

from pydantic import AwareDatetime, Field, StringConstraints

from domain.payloads import Digest, Payload, Words
from domain.vocabulary import Channel, ConflictStep, Mediator, Party

Amount = Annotated[str, StringConstraints(pattern=r"^(0|[1-9][0-9]{0,6})\.[0-9]{2}$")]
"""Yuan with two places as text: money is never a float."""
Quantity = Annotated[str, StringConstraints(pattern=r"^(0|[1-9][0-9]{0,4})(\.[0-9]{1,3})?$")]
FREE = "0.00"


class Material(Payload):
    """One line of a quote: what, how much of it, at which price, and who pays (HND-03)."""

    words: Words
    quantity: Quantity
    unit_price: Amount
    payer: Party = Party.OWNER


class Quote(Payload):
    """The price of the work before it is done; what the owner pays needs his yes first (HND-03)."""

    materials: Annotated[tuple[Material, ...], Field(max_length=50)] = ()
    labour: Amount = FREE
    labour_payer: Party = Party.OWNER
    words: Words | None = None


class AgreeToPrice(Payload):
    """The owner agrees to the price of the latest quote."""

    by: Channel
    words: Words | None = None


class DeclinePrice(Payload):
    """The owner does not."""

    by: Channel
    reason: Words


class FlagConflict(Payload):
    """The conversation has become a conflict; its protocol begins (HND-09)."""

    words: Words


class RecordConflictStep(Payload):
    """One step of the protocol. `solve` brings the window of a promise, `follow_up` the owner's answer (HND-10)."""

    step: ConflictStep
    words: Words
    act: Literal["arrive", "complete_handling", "give_feedback"] = "arrive"
    window_start_at: AwareDatetime | None = None
    window_end_at: AwareDatetime | None = None
    confirmed: bool | None = None


class RecordMediation(Payload):
    """Several bodies sat down with the owner, who wanted it; no clock stops for it (HND-14)."""

    bodies: Annotated[tuple[Mediator, ...], Field(min_length=1, max_length=len(Mediator))]
    held_at: AwareDatetime
    place: Words
    outcome: Words
    next_step: Words
    consent: bool = False


class Share(Payload):
    """One party's part in the cause, in per cent, and what shows it: words or an attachment (HND-05)."""

    party: Party
    percent: Annotated[int, Field(ge=1, le=100)]
    words: Words | None = None
    attachment: Digest | None = None


class AssignResponsibility(Payload):
    """Who caused it, in shares that sum to 100 (HND-05)."""

    shares: Annotated[tuple[Share, ...], Field(min_length=1, max_length=len(Party))]
    words: Words | None = None


class CheckContractorWork(Payload):
    """Somebody of ours has looked at what a contractor says is done; what fails needs its reason (HND-12)."""

    passed: bool
    reason: Words | None = None
    words: Words | None = None
