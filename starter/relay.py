"""The relay: carries what stands in the record to the processes that must hear of it, until nothing is left."""

import asyncio
import os
import signal
import sys
from collections.abc import Awaitable, Callable, Mapping, Sequence
from datetime import datetime, timedelta
from pathlib import Path

import structlog
from temporalio.common import WorkflowIDConflictPolicy, WorkflowIDReusePolicy
from temporalio.exceptions import WorkflowAlreadyStartedError
from temporalio.service import RPCError

from domain.dispatch.roster import Roster
from domain.notices.releasing import MINUTE, Gathered, Left, Standing, Waiting, gathered, settled
from domain.refusals import Refused
from records import deeds, intakes, outgoing
from records.errors import RecordsError
from records.logs import set_up
from records.notice_chain import chain_notices
from records.pool import Connection, transaction
from records.read import server_time
from starter.client import start_process
from starter.deeds import deed_of, do_deeds
from starter.desk import PATIENCE, Desk
from starter.groups.incidents import TOPICS, carry_incidents, open_carriage
from starter.groups.massing import propose_by_rule
from starter.groups.merging import carry_merges
from starter.metrics import served
from starter.notices import digest_of, notices_of, unheard
from starter.offering import offer_waiting
from starter.opening import DoorSettings, open_desk
from starter.owner_messages import CALLBACK_LINK, queue_link, send_to_owners
from starter.settings_in_force import StandingDesk
from workflows.contract import TASK_QUEUE
from workflows.delivery import DeliveryProcess, delivery_id
from workflows.settings import BadSettings

PAUSE = 0.5
"""Seconds between two looks when nothing waits."""
SELDOM = 5.0
"""Seconds between two looks for somebody who could take what waits: people come and go by the minute."""
LEFT_TO_THE_DOOR = timedelta(seconds=2)
"""A door starts what it has just received itself; the relay waits this long before it does."""
AT_ONCE = 50
MANY = 500
"""Notices looked at together: a rush of one night becomes one digest."""
RELAY = "huiyin-relay"
"""What the record's server knows our session by; `huiyin status` looks for it."""

log = structlog.get_logger("huiyin.relay")


async def start_waiting(desk: Desk, *, idle_for: timedelta = LEFT_TO_THE_DOOR) -> int:
    """Start the processes of intakes that have none; return how many were started."""
    started = 0
    async with transaction(desk.pool) as connection:
        for intake in await intakes.unstarted(connection, AT_ONCE, idle_for=idle_for):
            if not await start_process(desk, intake, connection, patience=PATIENCE):
                break  # the engine is away: the next look tries again
            log.info("intake.started", order=intake.order_id)
            started += 1
    return started


async def carry_outbox(desk: Desk, roster: Roster, now: datetime) -> int:
    """Turn what orders ask to be told into notices to persons, and see what is due on its way; return how many.

    A row's notices and its deed are committed with it, or none of them; only then anything leaves.
    """
    return await queue(desk, roster, now) + await release(desk, now)


async def queue(desk: Desk, roster: Roster, now: datetime) -> int:
    """Turn open rows of the outbox into notices and deeds, and chain what is new of notices; return how many rows."""
    queued: list[outgoing.Notice] = []
    async with transaction(desk.pool) as connection:
        rows = await outgoing.pending(connection, AT_ONCE)
        for row in rows:
            queued += await _queue(connection, desk, roster, row, now)
            await outgoing.mark_done(connection, row)
        await chain_notices(connection, now, MANY)
    for notice in queued:
        log.info("notice.queued", order=notice.order_id, seq=notice.seq, notice_id=notice.notice_id)
    return len(rows)


async def _queue(
    connection: Connection, desk: Desk, roster: Roster, row: outgoing.OutboxRow, now: datetime
) -> list[outgoing.Notice]:
    """Queue the notices of a row, and what its level does; nobody at all is noted too (ESC-11).

    What is for other orders is opened as such (`starter.groups.incidents`).
    """
    if row.topic in TOPICS:
        await open_carriage(connection, row)
        return []
    if row.topic == CALLBACK_LINK:
        await queue_link(connection, desk, row, now)
        return []
    told = notices_of(row, desk.settings, roster, now)
    for notice in told or [unheard(row)]:
        await outgoing.add_notice(connection, notice)
    if not told:
        log.warning("notice.nobody", order=row.order_id, seq=row.seq, role=row.body["role"])
        await outgoing.mark_dropped(connection, unheard(row).notice_id, "nobody-found")
    deed = deed_of(row)
    if deed is not None:
        await deeds.add(connection, row.order_id, row.seq, *deed)
    return told


async def release(desk: Desk, now: datetime) -> int:
    """Let go what is due: singly, or as one digest a person (ESC-12); drop what was settled while it was held (ESC-09).

    Returns how many notices were let go, gathered or dropped.
    """
    leaving, others = await _decided(desk, now)
    return others + await _let_go(desk, leaving, now)


async def _decided(desk: Desk, now: datetime) -> tuple[list[outgoing.Notice], int]:
    """Return what leaves singly, and how many others were dropped or gathered; both are committed before it leaves.

    Nothing is locked while deliveries begin: they write to the same rows.
    """
    async with transaction(desk.pool) as connection:
        due = {one.notice.notice_id: one for one in await outgoing.due(connection, now, MANY)}
        dropped = await _drop(connection, due)
        found = await _gathered(connection, desk, [one for name, one in due.items() if name not in dropped], now)
        for person, ids in found.digests.items():
            digest = digest_of(person, [due[name] for name in ids])
            await outgoing.add_notice(connection, digest)
            await outgoing.tell_by(connection, digest.notice_id, ids)
            log.info("notice.gathered", order=None, notice_id=digest.notice_id, count=len(ids))
        for until in set(found.later.values()):
            await outgoing.put_off(connection, [name for name, at in found.later.items() if at == until], until)
    gathered_now = sum(map(len, found.digests.values()))
    return [due[name].notice for name in found.singly], len(dropped) + gathered_now


async def _drop(connection: Connection, due: Mapping[str, outgoing.DueNotice]) -> set[str]:
    """Drop what was settled while it was held, with its code (ESC-09)."""
    pointless = {name: why for name, one in due.items() if (why := _pointless(one)) is not None}
    for name, why in pointless.items():
        await outgoing.mark_dropped(connection, name, why)
        log.info("notice.dropped", order=due[name].notice.order_id, notice_id=name, because=why)
    return set(pointless)


def _pointless(one: outgoing.DueNotice) -> str | None:
    """Say why a notice that was held is not sent any more; what was to be told at once is told, however late."""
    if one.notice.not_before is None:
        return None
    now = Standing(closed=one.closed, runs=one.runs, acknowledged=one.acknowledged, decided=one.decided)
    return settled(one.notice.body["topic"], now)


async def _gathered(connection: Connection, desk: Desk, due: Sequence[outgoing.DueNotice], now: datetime) -> Gathered:
    """Decide what leaves singly; a digest always does."""
    digests = tuple(one.notice.notice_id for one in due if one.notice.order_id is None)
    waiting = [Waiting(one.notice.notice_id, one.notice.person, one.put_off) for one in due if one.notice.order_id]
    persons = sorted({one.person for one in waiting})
    left = [Left(*one) for one in await outgoing.left_since(connection, now - MINUTE, persons)]
    found = gathered(waiting, left, now, desk.settings.notices.digest_above)
    return found._replace(singly=(*digests, *found.singly))


async def _let_go(desk: Desk, leaving: Sequence[outgoing.Notice], now: datetime) -> int:
    """Begin the delivery of notices; stop when the engine is away, for the next look goes on."""
    for sent, notice in enumerate(leaving):
        if not await _send(desk, notice):
            return sent
        await outgoing.mark_released(desk.pool, notice.notice_id, now)
    return len(leaving)


async def _send(desk: Desk, notice: outgoing.Notice) -> bool:
    """Start the delivery of a notice; False when the engine is away."""
    try:
        await desk.engine.start_workflow(
            DeliveryProcess.run,
            notice.notice_id,
            id=delivery_id(notice.notice_id),
            task_queue=TASK_QUEUE,
            id_conflict_policy=WorkflowIDConflictPolicy.USE_EXISTING,
            id_reuse_policy=WorkflowIDReusePolicy.REJECT_DUPLICATE,
            rpc_timeout=PATIENCE,
        )
    except WorkflowAlreadyStartedError:
        return True
    except (RPCError, RuntimeError):
        return False
    return True


async def run(desk: Desk, stop: asyncio.Event, data: Path) -> None:
    """Carry until told to stop; a server that is away is waited for. `data` holds the folders of the channels.

    Deeds and incidents wait for the answers of orders, so they have a loop of their own: no message waits for them.
    Settings that are loaded meanwhile count from the next look on.
    """
    standing = StandingDesk(desk)

    async def carry() -> int:
        desk = await standing.desk()
        return await start_waiting(desk) + await carry_outbox(desk, desk.roster, await server_time(desk.pool))

    async def act() -> int:
        desk = await standing.desk()
        between = await propose_by_rule(desk) + await carry_merges(desk) + await carry_incidents(desk)
        return between + await do_deeds(desk, desk.roster, await server_time(desk.pool))

    async def tell() -> int:
        desk = await standing.desk()
        return await send_to_owners(desk, desk.roster, data, await server_time(desk.pool))

    async def offer() -> int:
        desk = await standing.desk()
        return await offer_waiting(desk, desk.roster, await server_time(desk.pool))

    async with asyncio.TaskGroup() as loops:
        loops.create_task(_again_and_again(tell, stop))
        loops.create_task(_again_and_again(carry, stop))
        loops.create_task(_again_and_again(act, stop))
        loops.create_task(_again_and_again(offer, stop, SELDOM))


async def _again_and_again(work: Callable[[], Awaitable[int]], stop: asyncio.Event, pause: float = PAUSE) -> None:
    """Work until told to stop, without a pause while there is something to do."""
    while not stop.is_set():
        try:
            moved = await work()
        except RecordsError as error:
            log.warning("relay.waiting", code=error.code)
            moved = 0
        if not moved:
            await _rest(stop, pause)


async def _rest(stop: asyncio.Event, pause: float) -> None:
    try:
        await asyncio.wait_for(stop.wait(), pause)
    except TimeoutError:
        return


async def work(settings: DoorSettings) -> None:
    """Carry until SIGTERM."""
    stop = asyncio.Event()
    for sign in (signal.SIGTERM, signal.SIGINT):
        asyncio.get_running_loop().add_signal_handler(sign, stop.set)
    async with open_desk(settings, application=RELAY) as desk, served(desk, settings.metrics_address):
        log.info("relay.ready", pid=os.getpid())
        await run(desk, stop, settings.data.expanduser())
    log.info("relay.stopped", pid=os.getpid())


def main() -> int:
    """Run the relay as a process; exit 0 after a clean stop, 2 for bad settings, 3 when the record is away."""
    try:
        settings = DoorSettings()
        set_up(settings.log_format, settings.log_level)
        asyncio.run(work(settings))
    except BadSettings as error:
        sys.stderr.write(error.told(os.environ.get("HUIYIN_LANG", "zh")) + "\n")
        return 2
    except Refused as refusal:
        log.warning("relay.server_away", code=refusal.code)
        return 3
    return 0


if __name__ == "__main__":
    sys.exit(main())
