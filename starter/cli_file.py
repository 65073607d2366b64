"""All that is known of one order, its words only for a reader who is written down as one."""

import json
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any

from domain.community import CommunityFile
from domain.lifecycle import READERS
from domain.refusals import Refused
from domain.vocabulary import Role
from records import audit as chains
from records import outgoing
from records import read as reading
from records.naming import mask_contact
from records.pool import transaction
from records.read import OrderFile, Words
from starter import cli_door as door
from starter.actor import Actor
from starter.cli_facts import row_facts
from starter.cli_screen import Screen
from starter.cli_state import Opened, order_now

if TYPE_CHECKING:
    from starter.desk import Desk

ALLOWED = ", ".join(sorted(READERS - {Role.RESIDENT, Role.RULE, Role.INTEGRATION}))
"""Who may open words: staff who may read the order."""


async def load_file(desk: "Desk", order_id: str, reader: Actor | None, because: str | None) -> Opened:
    """Read an order; opening its words writes `contact.read` in the same transaction (privacy_audit B1)."""
    communities = list(door.communities_of(reader, desk.settings) if reader else desk.settings.communities)
    try:
        file = await door.order_file(desk, order_id, communities)
        words = await _opened(desk, file, reader, because) if reader else None
    except Refused as refusal:
        if reader is not None and refusal.code != "records-away":
            await door.write_refusal(desk, reader, "read_words", order_id, refusal.code)
        raise
    notices = await outgoing.notices(desk.pool, order_id)
    order = await order_now(desk, file, datetime.now(UTC))
    return Opened(file, order, notices, words, plain=because is not None)


async def _opened(desk: "Desk", file: OrderFile, reader: Actor, because: str | None) -> Words:
    if not reader.id.startswith("usr_"):
        raise Refused("forbidden", command="read_words", allowed=ALLOWED)
    now, row = datetime.now(UTC), file.row
    told = {"role": reader.roles[0].value, "channel": "cli", "cause": "command", "order": row.order_id}
    told |= {"scope": "contacts", "because": because} if because else {"scope": "texts"}
    fact = chains.Fact("contact.read", now, reader.id, told)
    async with transaction(desk.pool) as conn:
        await chains.append(conn, chains.chain_of(chains.READS, row.community, now), fact)
        return await reading.words(conn, desk.ring, row.order_id, [row.community])


def show_file(screen: Screen, file: CommunityFile, opened: Opened) -> None:
    """Show everything, for a person or as one document."""
    screen.document(document(opened))
    if not screen.json:
        from starter.cli_page import Page  # noqa: PLC0415 - programs that read JSON need none of it

        screen.show(*Page(screen, file, opened).lines())


def document(opened: Opened) -> dict[str, Any]:
    """Return the page as one JSON document, in codes."""
    row, order = opened.file.row, opened.order
    clocks = [
        {
            "clock": c.name,
            "generation": c.generation,
            "turn": c.turn,
            "due_at": order.due(c),
            "breached": c.breached_at is not None,
        }
        for c in sorted(order.running, key=order.due)
    ]
    events = [
        {**json.loads(one.body), "recorded_at": one.recorded_at, "hash": one.hash.hex()} for one in opened.file.events
    ]
    sent = [
        {
            **row.notice._asdict(),
            "created_at": row.created_at,
            "sent_at": row.sent_at,
            "dropped_because": row.dropped_because,
        }
        for row in opened.notices
    ]
    told = {**row_facts(row), "accepted": order.accepted, "clocks": clocks, "events": events, "notices": sent}
    if opened.words is None:
        return told
    texts = [{"id": one.id, "field": one.field, "words": one.words} for one in opened.words.texts]
    contacts = {
        one.field: one.words if opened.plain else mask_contact(one.field, one.words) for one in opened.words.contacts
    }
    return {**told, "texts": texts, "contacts": contacts}
