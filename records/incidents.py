"""What is carried between incidents and their children: opened with the event, tried until its outcome is known."""

from typing import Any, NamedTuple

from records.errors import guarded
from records.pool import Connection, Database, queries
from records.read import OrderRow


class Report(NamedTuple):
    """What an incident is to hear of one event of a child; `clocks` as `domain.child_clock.ChildClock` has them."""

    child: str
    seq: int
    incident: str
    clocks: list[dict[str, Any]]


class Joining(NamedTuple):
    """A member to be attached to its incident, and what became of it."""

    incident: str
    child: str
    outcome: str | None


@guarded
async def add_report(conn: Connection, report: Report) -> None:
    """Open a report; the first time counts."""
    await queries.add_report(conn, **report._asdict())


@guarded
async def claim_reports(db: Database, limit: int) -> list[Report]:
    """Return open reports to one incident, by child and event; until they are ended they come back, later each time."""
    return sorted([Report(*row) async for row in queries.claim_reports(db, count=limit)], key=lambda one: one[:2])


@guarded
async def end_report(db: Database, report: Report, outcome: str) -> None:
    """Note what became of a report: `done`, or the code of a refusal."""
    await queries.end_report(db, child=report.child, seq=report.seq, outcome=outcome)


@guarded
async def add_joining(conn: Connection, incident: str, child: str) -> None:
    """Open the attachment of a member; the first time counts."""
    await queries.add_joining(conn, incident=incident, child=child)


@guarded
async def claim_joinings(db: Database, limit: int) -> list[Joining]:
    """Return members to be attached now; until they are ended they come back, later each time."""
    return [Joining(*row) async for row in queries.claim_joinings(db, count=limit)]


@guarded
async def end_joining(db: Database, joining: Joining, outcome: str) -> None:
    """Note what became of an attachment: `done`, or the code of a refusal."""
    await queries.end_joining(db, incident=joining.incident, child=joining.child, outcome=outcome)


@guarded
async def joinings(db: Database, incident: str) -> list[Joining]:
    """Return the members that an incident was confirmed with."""
    return [Joining(*row) async for row in queries.joinings_of_incident(db, incident=incident)]


@guarded
async def children(db: Database, incident: str) -> list[OrderRow]:
    """Return the children of an incident, by number."""
    return [OrderRow(**row) async for row in queries.children_of_incident(db, incident=incident)]
