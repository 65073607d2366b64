"""Merging two cases: written down, then carried by the door or the relay, first at the survivor (design 4a.6)."""

from collections.abc import Awaitable, Callable, Mapping
from dataclasses import replace
from functools import partial

import structlog

from domain.commands import CommandName
from domain.refusals import Refused
from domain.timekeeping.limits import seconds
from domain.vocabulary import Channel, Kind, Role
from records import merging
from records import read as reading
from records.merging import Merging, Unmerging
from records.read import OrderRow
from starter.acting import UNDECIDED, Given, OrderFacts, act, give, order_facts, prepare, refuse
from starter.actor import Actor
from starter.deeds import DONE, RULE
from starter.desk import Desk, house_time, kept
from starter.groups.late_steps import open_late_steps
from starter.groups.membership import is_parent
from starter.request import Request, key_of
from starter.standing import order_now, predicted

AT_ONCE = 20
ALREADY = "already-done"

log = structlog.get_logger("huiyin.merging")


async def merge(desk: Desk, request: Request) -> Given:
    """Merge a case into another; the same key gives what came of it first. Raises `Refused` with nothing half done.

    A server that goes away in between is no refusal: the relay carries on.
    """
    facts: OrderFacts | None = None
    try:
        facts = await order_facts(desk, request.order_id)
        asked = await _asked(desk, request, facts)
    except Refused as refusal:
        if refusal.code not in UNDECIDED:
            await kept(refuse(desk, request, facts, refusal))
        raise
    return await _carry(desk, asked)


async def _asked(desk: Desk, request: Request, facts: OrderFacts) -> Merging:
    """Write down what is to be done, or find what was written under this key."""
    key = key_of(request, facts.community)
    written = await kept(merging.of_key(desk.pool, key))
    if written is None:
        written = await kept(merging.add(desk.pool, key, await _checked(desk, request, facts)))
    if (written.duplicate, written.survivor) != (request.order_id, request.said["survivor"]):
        raise Refused("idempotency-key-reused", command=request.command.value)
    return written


async def _checked(desk: Desk, request: Request, facts: OrderFacts) -> Merging:
    """Return what is to be done; refuses what the duplicate would, before the survivor hears of it."""
    first, other = await _rows(desk, request.order_id, str(request.said["survivor"]))
    now = await house_time(desk)
    order = await order_now(desk, await kept(reading.order(desk.pool, first.order_id, [first.community])), now)
    said = {"survivor": other.order_id, "window_s": seconds(desk.settings.grouping.unmerge_window)}
    predicted(order, request, prepare(desk.settings, replace(request, said=said), facts), now)
    absorb = {"duplicate": first.order_id, "received_at": first.received_at.isoformat(), "reporter": order.reporter}
    roles = list(map(str, request.actor.roles))
    return Merging(0, first.order_id, other.order_id, absorb, said, request.actor.id, roles, None)


async def _rows(desk: Desk, duplicate: str, survivor: str) -> tuple[OrderRow, OrderRow]:
    """Return both orders; refuses what can't be one matter. What an order itself forbids it says."""
    first, other = [await kept(reading.row(desk.pool, one), order=one) for one in (duplicate, survivor)]
    if first.community != other.community or is_parent(other):
        raise Refused("merge-elsewhere", survivor=survivor)
    last = await _who_goes_on(desk, other)
    if first.order_id in {other.order_id, last}:
        raise Refused("merge-circle", survivor=survivor)
    if other.merged_into is not None:
        raise Refused("survivor-merged", other=survivor, survivor=last)
    if other.closed_at is not None:
        raise Refused("survivor-closed", survivor=survivor)
    if other.kind == Kind.PRAISE != first.kind:
        raise Refused("survivor-praise", survivor=survivor, other=duplicate)
    return first, other


async def _who_goes_on(desk: Desk, row: OrderRow) -> str:
    """Return the number of the order that goes on with the work of one: what was merged into may be merged itself."""
    while row.merged_into is not None:
        row = await kept(reading.row(desk.pool, row.merged_into))
    return row.order_id


async def _carry(desk: Desk, asked: Merging) -> Given:
    """Give both commands, each once under a key of its own; a refusal of the second undoes the first.

    Where they were merged already, by somebody who asked at the same time, nothing is undone. What the survivor has
    still to hear of an earlier merge that was undone it hears before: heard afterwards it would undo this one.
    """
    by = Actor(asked.actor, tuple(map(Role, asked.roles)))
    second = Request(asked.duplicate, CommandName.MERGE, by, asked.merge, key=f"merge/{asked.number}")
    try:
        for undone in await kept(merging.untold(desk.pool, asked.duplicate, asked.survivor)):
            await _release(desk, undone)
        await _passed(act(desk, _of_rule(asked.survivor, CommandName.ABSORB, asked.absorb, f"absorb/{asked.number}")))
        given = await give(desk, second)
    except Refused as refusal:
        if refusal.code == ALREADY:
            await merging.end(desk.pool, asked.number, refusal.code)
        elif refusal.code not in UNDECIDED:
            await _undo(desk, asked, refusal.code)
        raise
    if await open_late_steps(desk, asked.survivor, asked.duplicate):
        await merging.end(desk.pool, asked.number, DONE)
    return given


async def _undo(desk: Desk, asked: Merging, code: str) -> None:
    said = {"duplicate": asked.duplicate}
    await _passed(act(desk, _of_rule(asked.survivor, CommandName.UNMERGE, said, f"unabsorb/{asked.number}")))
    await merging.end(desk.pool, asked.number, code)


async def _passed(work: Awaitable[object]) -> None:
    """Wait for a command by a rule; what was so already is no refusal."""
    try:
        await work
    except Refused as refusal:
        if refusal.code != ALREADY:
            raise


async def carry_merges(desk: Desk) -> int:
    """Carry on what a door could not end, then tell survivors which cases stand alone again; return how many ended."""
    ended = 0
    for asked in await merging.claim(desk.pool, AT_ONCE):
        ended += await _ended(partial(_carry, desk, asked), partial(_end_refused, desk, asked.number))
    for undone in await merging.claim_undone(desk.pool, AT_ONCE):
        ended += await _ended(partial(_release, desk, undone), partial(merging.end_undone, desk.pool, undone))
    return ended


async def _end_refused(desk: Desk, number: int, outcome: str) -> None:
    """Note why a merge was refused; one that was carried has ended itself, or comes back."""
    if outcome != DONE:
        await merging.end(desk.pool, number, outcome)


async def _release(desk: Desk, undone: Unmerging) -> None:
    """Tell a survivor, under one key whoever does: the relay in its turn, or a door that merges anew."""
    said = {"duplicate": undone.duplicate}
    key = f"unmerge/{undone.duplicate}/{undone.seq}"
    await _passed(act(desk, _of_rule(undone.survivor, CommandName.UNMERGE, said, key)))


async def _ended(work: Callable[[], Awaitable[object]], end: Callable[[str], Awaitable[None]]) -> bool:
    """Do one thing and note its outcome; False when it is not known yet."""
    outcome = DONE
    try:
        await work()
    except Refused as refusal:
        if refusal.code in UNDECIDED:
            return False
        outcome = refusal.code
    await end(outcome)
    log.info("merge.carried", order=None, outcome=outcome)
    return True


def _of_rule(order_id: str, command: CommandName, said: Mapping[str, object], key: str) -> Request:
    return Request(order_id, command, RULE, said, key=key, channel=Channel.ENGINE)
