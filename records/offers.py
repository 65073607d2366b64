"""Orders that somebody may take, and to whom they were offered (DSP-05, DSP-09, DSP-10)."""

from collections.abc import Sequence
from datetime import datetime
from typing import NamedTuple

from records.errors import guarded
from records.pool import Connection, Database, queries


class WaitingOrder(NamedTuple):
    """An order that waits in the operators' queue for somebody to take it."""

    order_id: str
    team: str | None  # for which nobody fitted; none = its category's, a pool
    since: datetime | None  # when it came to the operators


@guarded
async def note_nobody(db: Database, order_id: str, generation: int, team: str) -> bool:
    """Note that nobody could be given an order; False when that was known."""
    return await queries.add_nobody_fitted(db, order_id=order_id, generation=generation, team=team) is not None


@guarded
async def waiting(db: Database, communities: Sequence[str], pools: Sequence[str], count: int) -> list[WaitingOrder]:
    """Return the orders that somebody may take, the oldest first; `pools`: categories of teams with a pool."""
    found = queries.waiting_orders(db, communities=communities, pools=pools, count=count)
    return [WaitingOrder(*row) async for row in found]


@guarded
async def since(db: Database, order_id: str) -> datetime | None:
    """Return when an order came to the operators last."""
    found: datetime | None = await queries.came_to_operators(db, order_id=order_id)
    return found


@guarded
async def team_for(db: Database, order_id: str, generation: int, person: str) -> str | None:
    """Return for which team an order was offered to somebody; None when it was not."""
    found: str | None = await queries.offered_team(db, order_id=order_id, generation=generation, person=person)
    return found


@guarded
async def busy(db: Database) -> frozenset[str]:
    """Return who has an offer of an order that still waits."""
    return frozenset([row[0] async for row in queries.standing_offers(db)])


@guarded
async def withdraw(db: Database, order_id: str, generation: int, persons: Sequence[str]) -> list[str]:
    """Take back what was offered to these persons, and what has not been said of it yet; return who had an offer."""
    found = queries.withdraw_offers(db, order_id=order_id, generation=generation, persons=persons)
    return [row[0] async for row in found]


@guarded
async def add(conn: Connection, order_id: str, generation: int, person: str) -> bool:
    """Note an offer; False when that person had it before."""
    return await queries.add_offer(conn, order_id=order_id, generation=generation, person=person) is not None
