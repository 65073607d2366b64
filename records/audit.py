"""Chains beside the orders' own: refusals, reads of personal data, notices (specs/privacy_audit.md B1)."""

from collections.abc import Iterable, Mapping
from datetime import datetime
from typing import Any, Final, NamedTuple

from domain.audit import canonical, genesis, instant_text, link
from records.errors import guarded
from records.pool import Connection, Database, queries, transaction

REFUSALS: Final = "refusals"
READS: Final = "reads"
NOTICES: Final = "notices"


class Fact(NamedTuple):
    """What happened beside an order's life: `action.refused`, `contact.read` … No personal data."""

    type: str
    at: datetime
    actor: str
    payload: Mapping[str, Any]  # always role, channel, cause (AUD-05)
    request_id: str | None = None


class Link(NamedTuple):
    """One event of a chain, with its place and hash."""

    seq: int
    at: datetime
    body: bytes
    hash: bytes


def chain_of(kind: str, community: str, at: datetime) -> str:
    """Name the chain of a community's (UTC) day: refusals:jinxiu:2026-03-01."""
    return f"{kind}:{community}:{instant_text(at)[:10]}"


@guarded
async def chain_names(db: Database) -> list[str]:
    """Name every chain beside the orders' own."""
    return [row[0] async for row in queries.chain_names(db)]


@guarded
async def append(db: Database, chain: str, fact: Fact) -> Link:
    """Add an event to the end of a chain. Writers wait for each other, so its numbers have no gap.

    Inside a transaction of the caller the event stands or falls with it.
    """
    async with transaction(db) as conn:
        return await appended(conn, chain, fact)


async def appended(conn: Connection, chain: str, fact: Fact) -> Link:
    """Add an event within the transaction that is open."""
    return (await append_all(conn, chain, [fact]))[0]


async def append_all(conn: Connection, chain: str, facts: Iterable[Fact]) -> list[Link]:
    """Add events to one chain, in their order, within the transaction that is open."""
    await queries.lock_chain(conn, chain=chain)
    end = await queries.chain_end(conn, chain=chain)
    seq, head = (end["seq"], end["hash"]) if end else (0, genesis(chain))
    made: list[Link] = []
    for number, fact in enumerate(facts, seq + 1):
        body = canonical(event(chain, number, fact))
        head = link(head, body)
        made.append(Link(number, fact.at, body, head))
    seqs, ats, bodies, hashes = zip(*made, strict=True)
    await queries.append_audit_events(conn, chain=chain, seqs=seqs, ats=ats, bodies=bodies, hashes=hashes)
    return made


def event(chain: str, seq: int, fact: Fact) -> dict[str, Any]:
    """Return the event as the JSON object that is hashed; what is not known is left out."""
    told = {
        "order_id": chain,
        "seq": seq,
        "type": fact.type,
        "at": instant_text(fact.at),
        "actor": fact.actor,
        "request_id": fact.request_id,
        "payload": dict(fact.payload),
    }
    return {name: value for name, value in told.items() if value is not None}


@guarded
async def read_chain(db: Database, chain: str) -> list[Link]:
    """Return a chain from its beginning."""
    return [Link(*row) async for row in queries.chain_events(db, chain=chain)]
