"""What dispatching asks of the record: who holds how much, to whom a team gave last, who knows a place."""

from collections.abc import Sequence
from datetime import datetime
from typing import NamedTuple

from records.errors import guarded
from records.pool import Database, queries, transaction


class Held(NamedTuple):
    """What one person holds."""

    staff: str  # usr_…
    open: int  # orders offered to them or handled by them
    given_at: datetime | None  # when the last one was given; none = not known


@guarded
async def loads(db: Database, staff: Sequence[str]) -> list[Held]:
    """Return what each of these persons holds."""
    return [Held(*row) async for row in queries.loads_of(db, staff=staff)]


@guarded
async def last_given(db: Database, team: str) -> str | None:
    """Return to whom a team's last order was dispatched; the position of `round_robin` (DSP-04)."""
    found: str | None = await queries.last_given(db, team=team)
    return found


@guarded
async def former_assignee(db: Database, order_id: str) -> str | None:
    """Return who had an order before it was reopened, while nobody was given it since (DSP-15)."""
    found: str | None = await queries.former_assignee(db, order_id=order_id)
    return found


@guarded
async def handlers_at(db: Database, community: str, building: str | None) -> frozenset[str]:
    """Return who held closed orders of a building."""
    rows = [row async for row in queries.handlers_at(db, community=community, building=building)]
    return frozenset(row["assignee"] for row in rows)


@guarded
async def claim(db: Database, person: str, order_id: str, key_digest: bytes, limit: int | None) -> int:
    """Keep a place for an order, if there is one, and return how many others somebody has (DSP-11, design 4a.5).

    One after another for each person, so no two doors see the same last place; without a limit there always is one.
    """
    async with transaction(db) as conn:
        await queries.lock_person(conn, person=person)
        await queries.free_claims(conn, person=person)
        held: int = await queries.held_by(conn, person=person, order_id=order_id)
        if limit is None or held < limit:
            await queries.add_claim(conn, person=person, order_id=order_id, key_digest=key_digest)
    return held


@guarded
async def unclaim(db: Database, key_digest: bytes) -> None:
    """Give up the place that was kept for a command."""
    await queries.drop_claim(db, key_digest=key_digest)
