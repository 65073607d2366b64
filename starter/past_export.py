"""Past orders out of the record, in the very form in which a simulation reads them; no personal data."""

import json
from collections.abc import Iterable, Iterator
from csv import writer
from datetime import datetime
from typing import TextIO

from domain.audit import instant_text
from domain.simulation.past_orders import Act, PastOrder, Told, past_order
from domain.vocabulary import Kind, Severity
from records.past import Page
from starter.past_orders import COLUMNS


def past_orders_of(page: Page, now: datetime) -> list[PastOrder]:
    """Give an account of each order of a page of the record."""
    told: dict[str, list[Told]] = {order.order_id: [] for order in page.orders}
    for act in page.acts:
        told[act.order_id].append(Told(act.type, act.at, json.loads(act.body)["payload"]))
    return [
        past_order(one.community, one.category, Kind(one.kind), Severity(one.severity), told[one.order_id], now)
        for one in page.orders
    ]


def write_past_orders(stream: TextIO, orders: Iterable[PastOrder]) -> None:
    """Write orders in the form that `read_past_orders` reads, instants in UTC."""
    writer(stream).writerows(_cells(order) for order in orders)


def write_header(stream: TextIO) -> None:
    """Begin a file of past orders."""
    writer(stream).writerow(COLUMNS)


def _cells(order: PastOrder) -> Iterator[str]:
    """Yield the cells of one order in the order of the columns."""
    yield from (order.community, order.category, order.kind or "", order.severity or "")
    yield from (instant_text(order.acts[act]) if act in order.acts else "" for act in Act)
    yield instant_text(order.known_until) if order.known_until else ""
    yield " ".join(sorted(order.untold))
