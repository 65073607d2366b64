"""What is carried between incidents and their children: opened with the event, tried until its outcome is known."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any, NamedTuple

from records.errors import guarded
from records.pool import Connection, Database, Pool, queries, transaction
from records.read import OrderRow
from records.sealing import TEXTS, unseal
from records.subjects import Subject, subject
from records.vault import KeyRing


class Report(NamedTuple):
    """What an incident is to hear of one event of a child; `clocks` as `groups.child_clock.ChildClock` has them."""

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
async def proposal_naming(db: Database, like: OrderRow, order_ids: Sequence[str]) -> tuple[str, str] | None:
    """Return one of these orders, all like the first, that an unconfirmed incident was proposed for; and that."""
    asked = {"community": like.community, "category": like.category, "order_ids": list(order_ids)}
    row = await queries.proposal_naming(db, **asked)
    return (row[0], row[1]) if row else None


@guarded
async def children(db: Database, incident: str) -> list[OrderRow]:
    """Return the children of an incident, by number."""
    return [OrderRow(**row) async for row in queries.children_of_incident(db, incident=incident)]


class Step(NamedTuple):
    """What one child takes over of what its incident did; migration 0020 says what each column means."""

    incident: str
    seq: int
    child: str
    command: str
    said: dict[str, Any]
    tries: int


class Told(NamedTuple):
    """What became of one mass notice for one child."""

    seq: int
    child: str
    kind: str
    given_at: datetime
    outcome: str | None  # of the step: done = the message is queued
    sent_at: datetime | None
    given_up: bool | None
    dropped: bool = False  # nobody waits for it any more


@guarded
async def add_steps(conn: Connection, incident: str, seq: int, command: str, said: dict[str, Any]) -> None:
    """Open a step for each child that an incident has now; the first time counts."""
    await queries.open_steps(conn, incident=incident, seq=seq, command=command, said=said)


@guarded
async def add_step(conn: Connection, step: Step) -> None:
    """Open one step; the first time counts."""
    said = {name: value for name, value in step._asdict().items() if name != "tries"}
    await queries.open_step(conn, **said)


@guarded
async def add_late_steps(conn: Connection, incident: str, child: str) -> None:
    """Open for a child that has joined what its incident had done before."""
    await queries.open_late_steps(conn, incident=incident, child=child)


@guarded
async def claim_steps(db: Database, limit: int) -> list[Step]:
    """Return steps to be taken now, of each child its first; until they are ended they come back, later each time."""
    return [Step(*row) async for row in queries.claim_steps(db, count=limit)]


@guarded
async def end_step(db: Database, step: Step, outcome: str, message_id: str | None) -> None:
    """Note what became of a step: `done`, or the code of a refusal; and the message it has queued."""
    which = {"incident": step.incident, "seq": step.seq, "child": step.child}
    await queries.end_step(db, **which, outcome=outcome, message_id=message_id)


@guarded
async def is_overtaken(db: Database, step: Step) -> bool:
    """Tell whether the same child waits to be solved, or for the result, behind a step."""
    return bool(await queries.is_overtaken(db, incident=step.incident, seq=step.seq, child=step.child))


@guarded
async def mass_notices(db: Database, incident: str) -> list[Told]:
    """Return the mass notices of an incident, the first first, child by child."""
    return [Told(*row) async for row in queries.mass_notices(db, incident=incident)]


class Solving(NamedTuple):
    """A child that is to go on with its feedback, for its incident was solved; and what became of it."""

    child: str
    outcome: str | None  # done | code of a refusal; none = not yet


@guarded
async def solving(db: Database, incident: str) -> list[Solving]:
    """Return the children that an incident was solved for, by number."""
    return [Solving(*row) async for row in queries.solving(db, incident=incident)]


@guarded
async def ended(db: Database, limit: int) -> list[tuple[str, int]]:
    """Return number and version of incidents whose children have all ended."""
    return [(row[0], row[1]) async for row in queries.ended_incidents(db, count=limit)]


@guarded
async def open_texts(pool: Pool, ring: KeyRing, text_ids: Mapping[str, str]) -> dict[str, str]:
    """Open words by their ids, under the names they are asked for; raises `subject-erased`."""
    async with transaction(pool, snapshot=True) as conn:
        rows = {row["text_id"]: row async for row in queries.texts_by_id(conn, text_ids=list(text_ids.values()))}
        keys = {one: await subject(conn, ring, one) for one in {row["subject_id"] for row in rows.values()}}
    return {name: _opened(keys, rows[text_id]) for name, text_id in text_ids.items()}


def _opened(keys: Mapping[str, Subject], row: Mapping[str, Any]) -> str:
    place = {"community": row["community"], "table": TEXTS, "row_id": row["text_id"]}
    return unseal(keys[row["subject_id"]], row["sealed"], **place)
