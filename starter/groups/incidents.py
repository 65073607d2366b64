"""What the relay carries between incidents and their children, as commands of the actor `rule` (ESC-13, GRP-05)."""

import asyncio
import hashlib
from collections.abc import Awaitable, Callable, Iterable
from functools import partial
from typing import Any, Final

import structlog

from domain.commands import CommandName
from domain.refusals import Refused
from domain.vocabulary import Channel
from records import incidents, merging
from records import read as reading
from records.incidents import Joining, Report, Step
from records.merging import Unmerging
from records.outgoing import OutboxRow
from records.pool import Connection
from starter.acting import UNDECIDED, act, order_facts
from starter.deeds import DONE, RULE
from starter.desk import Desk, kept
from starter.groups.mass_notice import NOT_YET, tell_child
from starter.pacing import gently
from starter.request import Request
from workflows import between_orders
from workflows.contract import Answer

IN_FLIGHT = 1
"""So many commands to children at once: each keeps half a core busy, and other orders go on (design 4a.7 allows 20)."""
AT_ONCE = 50
"""Reports to one incident in one command: one history event in place of fifty."""
TOPICS: Final = between_orders.TOPICS
"""Rows of the outbox that are for other orders, not for persons."""

log = structlog.get_logger("huiyin.incidents")


async def open_carriage(connection: Connection, row: OutboxRow) -> None:
    """Open what a row asks to be carried to other orders, in the transaction that ends the row.

    Of a parent that was solved and a child that joined at the same time, whichever row comes second finds the other.
    """
    body = row.body
    match row.topic:
        case between_orders.INCIDENT_JOINING:
            for child in body["members"]:
                await incidents.add_joining(connection, row.order_id, child)
        case between_orders.TO_CHILDREN:
            await incidents.add_steps(connection, row.order_id, row.seq, body["command"], body["said"])
        case between_orders.CHILD_JOINED:
            await incidents.add_late_steps(connection, body["incident"], row.order_id)
        case between_orders.STANDS_ALONE:
            await merging.add_undone(connection, Unmerging(row.order_id, row.seq, body["survivor"]))
        case _:
            await incidents.add_report(connection, Report(row.order_id, row.seq, body["incident"], body["clocks"]))


async def carry_incidents(desk: Desk) -> int:
    """Attach members, let children take their steps, tell one incident of its children, end those that are over.

    What is undecided comes back later.

    Returns how many were ended. Raises `RecordsError` when the record goes away.
    """
    joinings = await incidents.claim_joinings(desk.pool, IN_FLIGHT)
    ended = await _together(_attach(desk, one) for one in joinings)
    steps = await incidents.claim_steps(desk.pool, IN_FLIGHT)
    ended += await _together(_take(desk, one) for one in steps)
    ended += await _report(desk, await incidents.claim_reports(desk.pool, AT_ONCE))
    return ended + sum([await _end(desk, *one) for one in await incidents.ended(desk.pool, IN_FLIGHT)])


async def _together(works: Iterable[Awaitable[bool]]) -> int:
    """Give commands to children at once, then leave room for other orders; return how many were ended."""
    given = list(works)
    return sum(await gently(asyncio.gather(*given))) if given else 0


async def _attach(desk: Desk, joining: Joining) -> bool:
    """Attach one member; its refusal is an outcome: it was closed meanwhile, or attached by hand."""
    said, key = {"incident": joining.incident}, f"incident/{joining.incident}/{joining.child}"
    request = _of_rule(joining.child, CommandName.ATTACH_TO_INCIDENT, said, key)
    return await _ended(act(desk, request), request.order_id, partial(incidents.end_joining, desk.pool, joining))


async def _take(desk: Desk, step: Step) -> bool:
    """Let one child take a step; its refusal is an outcome: it was taken out meanwhile, or has ended by itself."""
    message: str | None = None

    async def taken() -> None:
        nonlocal message
        if step.command == CommandName.GIVE_FEEDBACK:
            message = await tell_child(desk, step)
            return
        key = f"solved/{step.incident}/{step.seq}/{step.child}"
        more = {"went_on": True} if step.command == CommandName.UNMERGE else {}
        await act(desk, _of_rule(step.child, CommandName(step.command), step.said | more, key))

    async def end(outcome: str) -> None:
        await incidents.end_step(desk.pool, step, outcome, message)

    return await _ended(taken(), step.child, end)


async def _end(desk: Desk, incident: str, version: int) -> bool:
    """End an incident whose children have ended; of two relays that see it the second repeats the first."""

    async def end(_outcome: str) -> None:
        return

    return await _ended(act(desk, _of_rule(incident, CommandName.END_INCIDENT, {}, f"end/{version}")), incident, end)


async def _report(desk: Desk, reports: list[Report]) -> int:
    """Tell an incident of its children in one command; return how many reports were ended."""

    async def end(outcome: str) -> None:
        for one in reports:
            await incidents.end_report(desk.pool, one, outcome)

    return len(reports) if reports and await _ended(_told(desk, reports), reports[0].incident, end) else 0


async def _told(desk: Desk, reports: list[Report]) -> Answer:
    """Give the command. After a death in between some reports come again, perhaps among others, under another key.

    The incident passes over what it has heard; `already-done` says that it had heard all.
    """
    incident, clocks = reports[0].incident, [clock for one in reports for clock in one.clocks]
    said = {"clocks": clocks, "terms": await _terms(desk, incident, {clock["terms_digest"] for clock in clocks})}
    which = "\n".join(f"{one.child}/{one.seq}" for one in reports)
    key = "children/" + hashlib.sha256(which.encode()).hexdigest()
    return await act(desk, _of_rule(incident, CommandName.REPORT_CHILDREN, said, key))


async def _terms(desk: Desk, incident: str, digests: set[str]) -> list[dict[str, Any] | None]:
    """Read the terms that the incident was not proposed with itself."""
    own = (await order_facts(desk, incident)).terms_digest
    return [await kept(reading.terms(desk.pool, digest)) for digest in sorted(digests - {own})]


def _of_rule(order_id: str, command: CommandName, said: dict[str, Any], key: str) -> Request:
    return Request(order_id, command, RULE, said, key=key, channel=Channel.ENGINE)


async def _ended(given: Awaitable[object], order_id: str, end: Callable[[str], Awaitable[None]]) -> bool:
    """Wait for a command and note its outcome; False when it is not known yet."""
    outcome = DONE
    try:
        await given
    except Refused as refusal:
        if refusal.code in UNDECIDED | {NOT_YET}:
            log.info("incident.delayed", order=order_id, code=refusal.code)
            return False
        outcome = refusal.code
    await end(outcome)
    log.info("incident.carried", order=order_id, outcome=outcome)
    return True
