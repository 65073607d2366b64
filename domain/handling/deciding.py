"""Deciding about handling: prices, and whose responsibility it was (HND-03, HND-05)."""

from collections.abc import Callable, Mapping

from domain import events as e
from domain import payloads as p
from domain.commands import CommandName as C
from domain.dispatch.holding import held
from domain.handling import payloads as h
from domain.handling.pricing import total
from domain.handling.state import Price
from domain.lifecycle import SUPERVISORS
from domain.order import WorkOrder
from domain.permission import Deed, refusal
from domain.unfolding import Unfolding
from domain.vocabulary import Demand, Party, Role

WHOLE = 100
"""Per cent that all shares sum to."""


def _quote(step: Unfolding, deed: Deed) -> None:
    """Tell the price; a new quote takes the place of the one before, and of the owner's answer to it."""
    held(step, deed, accepted=True)
    said: h.Quote = deed.payload
    before = step.order.price
    told = {"labour": said.labour, "labour_payer": said.labour_payer, "materials": said.materials or None}
    sums = {"total": total(said), "owner_total": total(said, [Party.OWNER])}
    number = before.number + 1 if before else 1
    step.happens(e.Quoted(at=deed.at, author=deed.author, number=number, words=said.words, **told, **sums))


def _agree_to_price(step: Unfolding, deed: Deed) -> None:
    said: h.AgreeToPrice = deed.payload
    price = _asked(step, deed)
    told = {"number": price.number, "owner_total": price.owner_total, "by": said.by, "words": said.words}
    step.happens(e.PriceAgreed(at=deed.at, author=deed.author, **told))


def _decline_price(step: Unfolding, deed: Deed) -> None:
    said: h.DeclinePrice = deed.payload
    price = _asked(step, deed)
    told = {"number": price.number, "owner_total": price.owner_total, "by": said.by, "reason": said.reason}
    step.happens(e.PriceDeclined(at=deed.at, author=deed.author, **told))


def check_for_owner(order: WorkOrder, deed: Deed) -> None:
    """Refuse that whoever does the work says for the owner what he thinks of it (HND-03, HND-07)."""
    if order.terms.owing and deed.author.actor in {order.assignee, *order.handlers}:
        raise refusal("own-consent", order, deed.name)


def _asked(step: Unfolding, deed: Deed) -> Price:
    """Return the price that waits for the owner's answer; after a no he may still say yes, never the other way."""
    check_for_owner(step.order, deed)
    price = step.order.price
    if price is None or price.free:
        raise refusal("no-quote", step.order, deed.name)
    if price.agreed or (price.agreed is False and deed.name is C.DECLINE_PRICE):
        raise refusal("already-done", step.order, deed.name)
    return price


def check_price(order: WorkOrder, deed: Deed) -> None:
    """Refuse to complete work that the owner would pay for without having agreed to its price (HND-03)."""
    price = order.price
    if price is not None and not price.free and not price.agreed:
        raise refusal("price-not-agreed", order, deed.name, number=price.number, amount=price.owner_total)


def check_photos(order: WorkOrder, deed: Deed, said: p.CompleteHandling) -> None:
    """Ask for a photo before and one after the work; without them a supervisor completes it, and says why (HND-02)."""
    if said.without_photos is not None:
        if not deed.roles & SUPERVISORS:
            raise refusal("forbidden", order, deed.name, allowed=", ".join(sorted(SUPERVISORS)))
        if order.terms.owing and deed.author.actor == order.assignee:
            raise refusal("own-exception", order, deed.name)
        return
    if deed.author.actor != order.assignee:
        raise refusal("forbidden", order, deed.name, allowed=Role.ASSIGNEE.value)
    shown = (order.shown_before or said.before) and said.after
    if Demand.PHOTOS in order.terms.demands and not shown:
        raise refusal("photos-owed", order, deed.name)


def _assign_responsibility(step: Unfolding, deed: Deed) -> None:
    """Say whose part it was; whoever it was, the firm goes on to feedback and callback (HND-05, HND-06)."""
    said: h.AssignResponsibility = deed.payload
    shared = sum(share.percent for share in said.shares)
    if shared != WHOLE or len({share.party for share in said.shares}) != len(said.shares):
        raise refusal("shares-not-100", step.order, deed.name, sum=shared)
    bare = [share.party.value for share in said.shares if share.words is None and share.attachment is None]
    if bare:
        raise refusal("share-without-evidence", step.order, deed.name, party=bare[0])
    told = {"shares": said.shares, "words": said.words}
    step.happens(e.ResponsibilityAssigned(at=deed.at, author=deed.author, **told))


PRICES_AND_SHARES: Mapping[C, Callable[[Unfolding, Deed], None]] = {
    C.QUOTE: _quote,
    C.AGREE_TO_PRICE: _agree_to_price,
    C.DECLINE_PRICE: _decline_price,
    C.ASSIGN_RESPONSIBILITY: _assign_responsibility,
}
"""What each of these commands does once it is permitted."""
