"""What dispatching asks of the record: who holds how much, to whom a team gave last, who knows a place."""

from collections.abc import Sequence
from datetime import datetime
from typing import NamedTuple

from records.errors import guarded
from records.pool import Database, queries


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
async def handlers_at(db: Database, community: str, building: str | None) -> frozenset[str]:
    """Return who held closed orders of a building."""
    rows = [row async for row in queries.handlers_at(db, community=community, building=building)]
    return frozenset(row["assignee"] for row in rows)
