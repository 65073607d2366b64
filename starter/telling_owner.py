"""Feedback that goes as a message: checked, written down and queued; it counts once it has arrived (FBK-04)."""

from dataclasses import dataclass, replace
from datetime import datetime

from domain.closing.deciding import promise_kept
from domain.order import WorkOrder
from domain.refusals import Refused
from domain.vocabulary import MESSAGE_CHANNELS, Channel, FeedbackKind
from records import owner_messages
from records.errors import guarded
from records.owner_messages import OwnerMessage
from records.pool import transaction
from records.read import OrderFile
from starter.acting import UNDECIDED, OrderFacts, answered, opened_action, order_facts, prepare, refuse
from starter.contacting import contact_from, manner_of_order
from starter.desk import Desk, kept
from starter.heard_before import check_heard
from starter.request import Request, key_of
from starter.standing import order_now, predicted


@dataclass(frozen=True)
class Queued:
    """A message on its way to the owner."""

    message_id: str
    channels: tuple[Channel, ...]
    not_before: datetime  # contact hours


def is_message(request: Request) -> bool:
    """Whether a command tells the owner by a message, whose arrival must be waited for."""
    return request.command == "give_feedback" and request.said.get("by") in MESSAGE_CHANNELS


async def tell_owner(desk: Desk, request: Request, file: OrderFile, now: datetime, *, dry_run: bool) -> Queued:
    """Queue feedback for the owner. Raises `Refused` as the order would, with nothing queued."""
    facts: OrderFacts | None = None
    try:
        facts = await order_facts(desk, request.order_id)
        message_id = f"msg_{key_of(request, facts.community).hex()[:24]}"
        prepared = prepare(desk.settings, replace(request, said={**request.said, "delivery": message_id}), facts)
        await check_heard(desk, request, prepared)
        order = await order_now(desk, file, now)
        predicted(order, request, prepared, now)
        await _check_alone(desk, request, facts.community)
        message = await kept(_message(desk, request, order, message_id, now))
        if dry_run:
            return _queued(message)
        opened = await kept(opened_action(desk, request, facts.community, prepared))
    except Refused as refusal:
        if refusal.code not in UNDECIDED and not dry_run:
            await kept(refuse(desk, request, facts, refusal))
        raise
    if opened.answer is not None:
        answered(opened.answer)  # raises the refusal that its order gave
    await _queue(desk, message)
    return _queued(message)


async def _queue(desk: Desk, message: OwnerMessage) -> None:
    """Queue a message; a result takes the place of what was to be told before it."""
    if message.topic != FeedbackKind.RESULT:
        await kept(owner_messages.add(desk.pool, message))
        return
    async with transaction(desk.pool) as connection:
        await kept(owner_messages.add_result(connection, message))


def _queued(message: OwnerMessage) -> Queued:
    return Queued(message.message_id, tuple(Channel(one) for one in message.channels), message.due_at)


async def _check_alone(desk: Desk, request: Request, community: str) -> None:
    """Refuse another message while one is still on its way; the same one again is a repetition."""
    found = [one for one, _ in await kept(owner_messages.of_order(desk.pool, request.order_id))]
    if any(in_the_way(one, request.said["kind"]) and one.key_digest != key_of(request, community) for one in found):
        raise Refused("message-on-its-way")


def in_the_way(message: OwnerMessage, kind: str) -> bool:
    """Tell whether a message must arrive before one of this kind is queued; a result waits for what is handed over."""
    overtaken = kind == FeedbackKind.RESULT and message.topic != kind and message.sent_at is None
    return on_its_way(message) and not overtaken


def on_its_way(message: OwnerMessage) -> bool:
    """Tell whether a message that an order waits for has neither arrived nor been given up."""
    return message.key_digest is not None and message.given_up_at is None and message.confirmed_at is None


@guarded
async def _message(desk: Desk, request: Request, order: WorkOrder, message_id: str, now: datetime) -> OwnerMessage:
    """Make the message: first by the channel asked for, then by the household's own."""
    manner = await manner_of_order(desk, order)
    result = request.said["kind"] == FeedbackKind.RESULT
    return OwnerMessage(
        message_id=message_id,
        order_id=request.order_id,
        topic=str(request.said["kind"]),
        channels=list(dict.fromkeys([request.said["by"], *manner.messages])),
        style=manner.style,
        promise_kept=promise_kept(order, now) if result else None,
        key_digest=key_of(request, order.community),
        due_at=contact_from(desk.settings, order.community, order.terms.policy, now, manner.hours),
    )
