"""What ladders do beside telling somebody: opened once for each level, tried until the outcome is known (ESC-06)."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any, NamedTuple

from records.errors import guarded
from records.pool import Database, queries


class Deed(NamedTuple):
    """One deed of one level; migration 0008 says what each column means."""

    order_id: str
    seq: int
    action: str
    facts: dict[str, Any]
    said: dict[str, Any] | None = None
    tries: int = 0
    outcome: str | None = None
    told: dict[str, Any] | None = None
    created_at: datetime | None = None
    done_at: datetime | None = None


@guarded
async def add(db: Database, order_id: str, seq: int, action: str, facts: Mapping[str, Any]) -> None:
    """Open the deed of a level; the first time counts."""
    await queries.add_deed(db, order_id=order_id, seq=seq, action=action, facts=facts)


@guarded
async def claim(db: Database) -> Deed | None:
    """Return the deed whose turn it is, or None; until it is ended it comes back, later each time."""
    row = await queries.claim_deed(db)
    return Deed(*row) if row else None


@guarded
async def fix(db: Database, deed: Deed, said: Mapping[str, Any] | None) -> None:
    """Fix the command of a deed before it is given for the first time; None lets it be chosen anew."""
    await queries.fix_deed(db, order_id=deed.order_id, seq=deed.seq, said=said)


@guarded
async def end(db: Database, deed: Deed, outcome: str, told: Mapping[str, Any]) -> None:
    """Note what became of a deed: `done`, `nothing-to-do` or the code of a refusal; the first outcome stands."""
    await queries.end_deed(db, order_id=deed.order_id, seq=deed.seq, outcome=outcome, told=told)


@guarded
async def of_order(db: Database, order_id: str) -> list[Deed]:
    """Return the deeds of an order."""
    return [Deed(*row) async for row in queries.deeds_of_order(db, order_id=order_id)]
