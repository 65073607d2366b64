"""All that is known of one order, its words only for a reader who is written down as one."""

import json
from collections.abc import Mapping
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any

from domain.dispatch.choosing import spared
from domain.lifecycle import READERS
from domain.order import WorkOrder
from domain.refusals import Refused
from domain.settings.community import CommunityFile
from domain.timekeeping.clocks import Clock
from domain.vocabulary import Role
from records import audit as chains
from records import deeds, outgoing, owner_messages
from records import read as reading
from records.naming import mask_contact
from records.pool import transaction
from records.read import OrderFile, Words
from starter.actor import Actor, staff_id
from starter.cli import door
from starter.cli import family as cli_family
from starter.cli.facts import row_facts
from starter.cli.family import load_family
from starter.cli.owner_page import Owner
from starter.cli.owner_page import document as owner_document
from starter.cli.screen import Screen
from starter.cli.state import Opened, is_provisional
from starter.contacting import manner_of_order
from starter.standing import order_now

if TYPE_CHECKING:
    from starter.desk import Desk

ALLOWED = ", ".join(sorted(READERS - {Role.RESIDENT, Role.RULE, Role.INTEGRATION}))
"""Who may open words: staff who may read the order."""


async def load_file(desk: "Desk", order_id: str, reader: Actor | None, because: str | None) -> Opened:
    """Read an order; opening its words writes `contact.read` in the same transaction (privacy_audit B1)."""
    communities = list(door.communities_of(reader, desk.settings) if reader else desk.settings.communities)
    try:
        file = await door.order_file(desk, order_id, communities)
        if reader is not None:
            _check_not_about(desk, file, reader)
        words = await _opened(desk, file, reader, because) if reader else None
    except Refused as refusal:
        if reader is not None and refusal.code != "records-away":
            await door.write_refusal(desk, reader, "read_words", order_id, refusal.code)
        raise
    notices, done = await outgoing.notices(desk.pool, order_id), await deeds.of_order(desk.pool, order_id)
    order = await order_now(desk, file, datetime.now(UTC))
    owner = Owner(await manner_of_order(desk, order), await owner_messages.of_order(desk.pool, order_id))
    return Opened(
        file, order, notices, done, words, plain=because is not None, owner=owner, family=await load_family(desk, order)
    )


def _check_not_about(desk: "Desk", file: OrderFile, reader: Actor) -> None:
    """Keep the words of a complaint from those it is about, and from whom they lead (DSP-13)."""
    about = frozenset(map(staff_id, file.row.complained_of))
    if reader.id.startswith("usr_") and staff_id(reader.id) in spared(about, desk.roster):
        told = {"assignee": staff_id(reader.id), "order": door.number(file.row.order_id)}
        raise Refused("complained-of", command="read_words", **told)


async def _opened(desk: "Desk", file: OrderFile, reader: Actor, because: str | None) -> Words:
    now, row = datetime.now(UTC), file.row
    fact = reading_of(
        reader, row.order_id, now, {"scope": "contacts", "because": because} if because else {"scope": "texts"}
    )
    async with transaction(desk.pool) as conn:
        await chains.append(conn, chains.chain_of(chains.READS, row.community, now), fact)
        return await reading.words(conn, desk.ring, row.order_id, [row.community])


def reading_of(reader: Actor, order_id: str, now: datetime, what: Mapping[str, str]) -> chains.Fact:
    """Return the fact that somebody read personal data; refuses readers who are no staff (SEC-05)."""
    if not reader.id.startswith("usr_"):
        raise Refused("forbidden", command="read_words", allowed=ALLOWED)
    told = {"role": reader.roles[0].value, "channel": "cli", "cause": "command", "order": order_id}
    return chains.Fact("contact.read", now, reader.id, {**told, **what})


def show_file(screen: Screen, file: CommunityFile, opened: Opened) -> None:
    """Show everything, for a person or as one document."""
    screen.document(document(opened))
    if not screen.json:
        from starter.cli.page import Page  # noqa: PLC0415 - programs that read JSON need none of it

        screen.show(*Page(screen, file, opened).lines())


def _clock(order: WorkOrder, clock: Clock) -> dict[str, Any]:
    """Return a clock that is owed; while it stands still its due is the latest it can become."""
    return {
        "clock": clock.name,
        "generation": clock.generation,
        "turn": clock.turn,
        "due_at": order.due(clock),
        "provisional": is_provisional(order, clock),
        "suspended": clock.suspended,
        "breached": clock.breached_at is not None,
        "excused": clock.excused,
    }


def document(opened: Opened) -> dict[str, Any]:
    """Return the page as one JSON document, in codes."""
    row, order = opened.file.row, opened.order
    clocks = [_clock(order, clock) for clock in sorted(order.running, key=order.due)]
    events = [
        {**json.loads(one.body), "recorded_at": one.recorded_at, "hash": one.hash.hex()} for one in opened.file.events
    ]
    sent = [
        {
            **row.notice._asdict(),
            "created_at": row.created_at,
            "sent_at": row.sent_at,
            "dropped_because": row.dropped_because,
            "told_by": row.told_by,
        }
        for row in opened.notices
    ]
    done = [{name: value for name, value in one._asdict().items() if name != "said"} for one in opened.deeds]
    waits = {name: getattr(order, name) for name in ("pause", "plan", "price", "conflict")}
    waits["request"] = order.open_request
    told = {**row_facts(row), "accepted": order.accepted, "clocks": clocks, "events": events, "notices": sent}
    told |= {"deeds": done, "words_lost": opened.file.words_lost, **owner_document(opened.owner)}
    told["assignments"] = [one.model_dump(mode="json") for one in order.assignments]
    told["responsibility"] = [part._asdict() for part in order.responsibility]
    told |= {name: one and one.model_dump(mode="json") for name, one in waits.items()}
    if opened.family is not None:
        told |= cli_family.document(order, opened.family)
    if opened.words is None:
        return told
    texts = [{"id": one.id, "field": one.field, "words": one.words} for one in opened.words.texts]
    contacts = {
        one.field: one.words if opened.plain else mask_contact(one.field, one.words) for one in opened.words.contacts
    }
    return {**told, "texts": texts, "contacts": contacts}
