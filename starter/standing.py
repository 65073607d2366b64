"""An order as its recorded events tell it, and what a command would do to it."""

import json
from collections.abc import Sequence
from datetime import datetime
from typing import Any

from domain import events as e
from domain.commands import read
from domain.decide import decide
from domain.evolve import born, replay
from domain.intake.reception import receive
from domain.order import WorkOrder
from domain.refusals import Refused
from domain.terms import Terms
from records import read as reading
from records.read import OrderFile
from starter.desk import Desk
from starter.request import Prepared, Request, envelope_of
from starter.said_words import UNSAID, put_back
from workflows.contract import Start


async def order_now(desk: Desk, file: OrderFile, now: datetime) -> WorkOrder:
    """Return the order as it stands: folded from its events, or from its intake while it is not started.

    Refuses with `events-missing` or `terms-missing` where the record has lost a part: half a life would be a wrong one.
    """
    whole = whole_until(file)
    if whole is not None:
        raise Refused("events-missing", order=file.row.order_id, seq=whole)
    if not file.events:
        if file.intake is None:  # pragma: no cover - a row without events was written with its intake
            raise ValueError(file.row.order_id)
        start = Start.model_validate(file.intake.start_input).entered(file.intake.created_at)
        return receive(start.of(), now)[0]
    told = await life(desk, file)
    return replay(born_of(file, told), told[1:])


async def life(desk: Desk, file: OrderFile) -> list[tuple[e.Event, datetime]]:
    """Return the recorded events of an order, each with when it was recorded. Refuses with `terms-missing`."""
    stored = [json.loads(row.body) for row in file.events]
    terms = await _terms(desk, file.row.order_id, stored)
    return [(e.read_event(event, terms), row.recorded_at) for event, row in zip(stored, file.events, strict=True)]


def born_of(file: OrderFile, told: Sequence[tuple[e.Event, datetime]]) -> WorkOrder:
    """Return an order as its first event makes it."""
    first, recorded_at = told[0]
    if not isinstance(first, e.Received | e.IncidentProposed):  # pragma: no cover - a chain begins with its reception
        raise TypeError(type(first).__name__)
    return born(first, file.row.order_id, recorded_at)


def whole_until(file: OrderFile) -> int | None:
    """Return the last event before a gap in an order's chain, 0 if its first is missing; None when it is whole."""
    seqs = {event.seq for event in file.events}
    last = max(seqs | {file.row.seq, 0 if file.intake else 1})
    return next((seq - 1 for seq in range(1, last + 1) if seq not in seqs), None)


async def _terms(desk: Desk, order_id: str, stored: Sequence[dict[str, Any]]) -> dict[str, Terms]:
    """Read every set of terms that the events brought with them."""
    digests = {digest for event in stored for digest in e.digests_of(event)}
    found = {digest: await reading.terms(desk.pool, digest) for digest in sorted(digests)}
    if None in found.values():
        raise Refused("terms-missing", order=order_id)
    return {digest: Terms.model_validate(body) for digest, body in found.items()}


def predicted(order: WorkOrder, request: Request, prepared: Prepared, now: datetime) -> tuple[WorkOrder, list[e.Event]]:
    """Decide a command on the order as it stands; raises the refusal that the engine would give."""
    unsaid = put_back(prepared.payload, dict.fromkeys(prepared.texts, UNSAID))
    return decide(order, read(envelope_of(request, unsaid)), now)
