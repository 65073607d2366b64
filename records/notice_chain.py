"""The chain of notices: that each was queued, for whom and why, and what became of it (design 4a.11, privacy_audit B1).

The relay writes it: with the notices that it queues, in their transaction, and at each look what others noted since.
So a worker that notes that a message was sent waits for no writer of the chain.
"""

from collections import defaultdict
from datetime import datetime
from typing import Any, Final, NamedTuple

from domain.audit import instant_text
from records import audit
from records.audit import Fact
from records.errors import guarded
from records.outgoing import Notice
from records.pool import Connection, queries

QUEUED: Final = "notice.queued"
SENT: Final = "notice.sent"
DROPPED: Final = "notice.dropped"
BY_RULE: Final = {"role": "rule", "channel": "engine", "cause": "rule"}


class Kept(NamedTuple):
    """A notice as the record holds it, and the chains that tell of it."""

    notice: Notice
    created_at: datetime
    sent_at: datetime | None
    dropped_because: str | None
    told_by: str | None
    queued_in: str | None
    ended_in: str | None
    community: str  # of its order; - where no order is known any more


def queued(kept: Kept) -> Fact:
    """Return the event that a notice was queued: to whom, in which role, when it may leave, and all that it says."""
    notice = kept.notice
    held = notice.not_before and instant_text(notice.not_before)
    about = {"notice": notice.notice_id, "order": notice.order_id, "event": notice.seq}
    whom = {"person": notice.person, "as": notice.role, "by": notice.channel, "not_before": held}
    said = {name: value for name, value in notice.body.items() if value is not None}
    return _fact(QUEUED, kept.created_at, {**about, **whom, "said": said})


def ended(kept: Kept, now: datetime) -> Fact | None:
    """Return the event of what became of a notice, None while that is open; when it was dropped no row says."""
    named = {"notice": kept.notice.notice_id}
    if kept.sent_at is not None:
        return _fact(SENT, kept.sent_at, {**named, "told_by": kept.told_by})
    if kept.dropped_because is not None:
        return _fact(DROPPED, now, {**named, "because": kept.dropped_because})
    return None


def _fact(kind: str, at: datetime, payload: dict[str, Any]) -> Fact:
    told = {name: value for name, value in payload.items() if value is not None}
    return Fact(kind, at, "system", {**BY_RULE, **told})


@guarded
async def chain_notices(conn: Connection, now: datetime, limit: int) -> int:
    """Write what no chain tells yet, within the transaction that is open; return how many notices were looked at.

    Chains are taken in the order of their names, so that two relays never wait for each other.
    """
    found = [_kept(*row) async for row in queries.unchained_notices(conn, count=limit)]
    facts, marks = defaultdict[str, list[Fact]](list), []
    for kept in found:
        begun, over = queued(kept), ended(kept, now)
        places = _chain(kept, begun), over and _chain(kept, over)
        if kept.queued_in is None:
            facts[places[0]].append(begun)
        if kept.ended_in is None and over and places[1]:
            facts[places[1]].append(over)
        marks.append((kept.notice.notice_id, *places))
    for chain in sorted(facts):
        await audit.append_all(conn, chain, facts[chain])
    if marks:
        ids, begun_in, over_in = zip(*marks, strict=True)
        await queries.mark_notices_chained(conn, notice_ids=ids, queued=begun_in, ended=over_in)
    return len(found)


def _chain(kept: Kept, fact: Fact) -> str:
    return audit.chain_of(audit.NOTICES, kept.community, fact.at)


@guarded
async def told_in(conn: Connection, chain: str) -> list[Kept]:
    """Return the notices of which a chain tells, as the record holds them now."""
    return [_kept(*row) async for row in queries.notices_in_chain(conn, chain=chain)]


def _kept(*row: Any) -> Kept:
    return Kept(Notice(*row[:8]), *row[8:])
