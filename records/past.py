"""Past orders as the record holds them: the class of each and what happened to it, page by page."""

from collections.abc import Sequence
from datetime import datetime
from typing import NamedTuple

from records.errors import guarded
from records.pool import Database, queries, transaction


class LivedRow(NamedTuple):
    """One order with the class it has now."""

    order_id: str
    community: str
    category: str
    kind: str
    severity: str


class ActRow(NamedTuple):
    """One event as it is stored."""

    order_id: str
    type: str
    at: datetime
    body: bytes


class Page(NamedTuple):
    """Some orders and what happened to them; none are left behind the last when there are none."""

    orders: tuple[LivedRow, ...]
    acts: tuple[ActRow, ...]


@guarded
async def page(db: Database, communities: Sequence[str], types: Sequence[str], *, after: str, size: int) -> Page:
    """Return the next orders behind one, all of the same instant, with their events of these types."""
    async with transaction(db, snapshot=True) as conn:
        rows = queries.lived_orders(conn, communities=communities, after_id=after, count=size)
        orders = tuple([LivedRow(*row) async for row in rows])
        names = [order.order_id for order in orders]
        found = queries.acts_of_orders(conn, order_ids=names, types=types)
        return Page(orders, tuple([ActRow(*row) async for row in found]))
