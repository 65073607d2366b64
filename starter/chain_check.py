"""Are the chains beside the orders' own what was written: refusals, reads of personal data, notices (AUD-04, B1).

The chain of notices is compared with the notices too: so an end that was cut off, or a message that was made to say
something else, is found as well.
"""

import json
from collections.abc import AsyncIterator, Iterable, Iterator, Mapping, Sequence
from typing import Any, NamedTuple

from domain.audit import first_break, instant_text
from records import audit, notice_chain
from records.audit import Fact, Link
from records.notice_chain import DROPPED, Kept
from records.pool import transaction
from starter.desk import Desk, kept

Told = tuple[str, str]
"""Type of an event and the notice that it is about."""


class Flaw(NamedTuple):
    """One thing that is not as it was written, by its code; `notice` where it is about one."""

    code: str  # those of `first_break`; notice-missing | notice-changed | notice-unchained | notice-twice
    seq: int | None = None
    notice: str | None = None


class Checked(NamedTuple):
    """One chain, and what is wrong with it."""

    chain: str
    events: int
    flaws: tuple[Flaw, ...]


async def check_chains(desk: Desk) -> AsyncIterator[Checked]:
    """Check every chain beside the orders' own, by name. Raises `Refused` when the record is away."""
    for chain in await kept(audit.chain_names(desk.pool)):
        yield await kept(_checked(desk, chain))


async def _checked(desk: Desk, chain: str) -> Checked:
    async with transaction(desk.pool, snapshot=True) as conn:
        links = await audit.read_chain(conn, chain)
        rows = await notice_chain.told_in(conn, chain) if chain.startswith(f"{audit.NOTICES}:") else []
    broken = first_break(chain, ((one.seq, one.body, one.hash) for one in links))
    if broken is not None:
        return Checked(chain, len(links), (Flaw(broken.why, broken.seq),))
    return Checked(chain, len(links), tuple(flaws_of(chain, links, rows)))


def flaws_of(chain: str, links: Iterable[Link], rows: Sequence[Kept]) -> Iterator[Flaw]:
    """Compare a whole chain of notices with the notices as the record holds them."""
    owed, seen = dict(_owed(chain, rows)), set[Told]()
    for one in links:
        body = json.loads(one.body)
        told = body["type"], str(body["payload"].get("notice"))
        if not body["type"].startswith("notice."):
            continue
        if told in seen:
            yield Flaw("notice-twice", one.seq, told[1])
        elif told not in owed:
            yield Flaw("notice-missing", one.seq, told[1])
        elif not _same(body, owed[told]):
            yield Flaw("notice-changed", one.seq, told[1])
        seen.add(told)
    for _, notice in sorted(owed.keys() - seen):
        yield Flaw("notice-unchained", None, notice)


def _owed(chain: str, rows: Iterable[Kept]) -> Iterator[tuple[Told, Fact]]:
    """Yield what a chain should tell of these notices."""
    for row in rows:
        over = notice_chain.ended(row, row.created_at)
        if row.queued_in == chain:
            yield (notice_chain.QUEUED, row.notice.notice_id), notice_chain.queued(row)
        if row.ended_in == chain and over is not None:
            yield (over.type, row.notice.notice_id), over


def _same(body: Mapping[str, Any], fact: Fact) -> bool:
    """Tell whether an event says what the notice says now; when one was dropped the notice does not know."""
    at = fact.type == DROPPED or body["at"] == instant_text(fact.at)
    return at and bool(body["payload"] == fact.payload)
