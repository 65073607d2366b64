"""The relay: carries what stands in the record to the processes that must hear of it, until nothing is left."""

import asyncio
import hashlib
import os
import signal
import sys
from datetime import datetime, timedelta

import structlog
from temporalio.common import WorkflowIDConflictPolicy, WorkflowIDReusePolicy
from temporalio.exceptions import WorkflowAlreadyStartedError
from temporalio.service import RPCError

from domain.roster import Asked, Person, Roster, roster_of, search
from domain.vocabulary import Role
from records import intakes, outgoing
from records.errors import RecordsError
from records.logs import set_up
from records.pool import transaction
from records.read import server_time
from starter.actor import staff_id, usr
from starter.client import start_process
from starter.desk import PATIENCE, Desk
from starter.metrics import served
from starter.opening import DoorSettings, open_desk
from workflows.contract import TASK_QUEUE
from workflows.delivery import DeliveryProcess, delivery_id

PAUSE = 0.5
"""Seconds between two looks when nothing waits."""
LEFT_TO_THE_DOOR = timedelta(seconds=2)
"""A door starts what it has just received itself; the relay waits this long before it does."""
AT_ONCE = 50
RELAY = "huiyin-relay"
"""What the record's server knows our session by; `huiyin status` looks for it."""

log = structlog.get_logger("huiyin.relay")


class RelaySettings(DoorSettings):
    """What the relay is told beside what every door is told."""

    metrics_address: str | None = None  # 127.0.0.1:9465; under `up` the port after the last worker's


async def start_waiting(desk: Desk, *, idle_for: timedelta = LEFT_TO_THE_DOOR) -> int:
    """Start the processes of intakes that have none; return how many were started."""
    started = 0
    async with transaction(desk.pool) as connection:
        for intake in await intakes.unstarted(connection, AT_ONCE, idle_for=idle_for):
            if not await start_process(desk, intake, connection):
                break  # the engine is away: the next look tries again
            log.info("intake.started", order=intake.order_id)
            started += 1
    return started


async def carry_outbox(desk: Desk, roster: Roster, now: datetime) -> int:
    """Turn what levels ask for into notices to persons, and see each on its way; return how many rows were carried.

    A notice is committed by itself before its delivery starts, which would not find it otherwise; the row stays locked.
    """
    carried = 0
    async with transaction(desk.pool) as connection:
        for row in await outgoing.pending(connection, AT_ONCE):
            for notice in notices_of(row, roster, now):
                await outgoing.add_notice(desk.pool, notice)
                if not await _send(desk, notice.notice_id):
                    return carried  # the transaction keeps what was carried so far
                log.info("notice.queued", order=row.order_id, seq=row.seq, notice_id=notice.notice_id)
            await outgoing.mark_done(connection, row)
            carried += 1
    return carried


def notices_of(row: outgoing.OutboxRow, roster: Roster, now: datetime) -> list[outgoing.Notice]:
    """Return the notices of one row: who holds the role now, by which reasons, after which roster (design 4a.4)."""
    body = row.body
    named = {name: body.get(name) and staff_id(body[name]) for name in ("first_contact", "assignee")}
    asked = Asked(body["community"], body.get("team"), named["first_contact"], named["assignee"], now)
    found = search(Role(body["role"]), asked, roster)
    if not found.persons:
        log.warning("notice.nobody", order=row.order_id, seq=row.seq, role=body["role"])
    return [_notice(row, person, roster.version) for person in found.persons]


def _notice(row: outgoing.OutboxRow, person: Person, roster_version: str) -> outgoing.Notice:
    facts = {name: row.body[name] for name in ("clock", "generation", "turn", "level", "action")}
    why = {"topic": row.topic, "roster": roster_version, "because": person.reason}
    receiver = usr(person.staff_id)
    return outgoing.Notice(
        notice_id=notice_id(row.order_id, row.seq, receiver),
        order_id=row.order_id,
        seq=row.seq,
        person=receiver,
        role=person.role_by_which.value,
        channel="sandbox",
        body={**facts, **why},
    )


def notice_id(order_id: str, seq: int, person: str) -> str:
    """Return the id of the one message about an event to a person, however often it is made."""
    return "ntc_" + hashlib.sha256(f"{order_id}\n{seq}\n{person}".encode()).hexdigest()[:24]


async def _send(desk: Desk, notice: str) -> bool:
    """Start the delivery of a notice; False when the engine is away."""
    try:
        await desk.engine.start_workflow(
            DeliveryProcess.run,
            notice,
            id=delivery_id(notice),
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


async def run(desk: Desk, stop: asyncio.Event) -> None:
    """Carry until told to stop; a server that is away is waited for."""
    roster = roster_of(desk.settings)
    while not stop.is_set():
        try:
            moved = await start_waiting(desk) + await carry_outbox(desk, roster, await server_time(desk.pool))
        except RecordsError as error:
            log.warning("relay.waiting", code=error.code)
            moved = 0
        if not moved:
            await _rest(stop)


async def _rest(stop: asyncio.Event) -> None:
    try:
        await asyncio.wait_for(stop.wait(), PAUSE)
    except TimeoutError:
        return


async def main() -> None:
    """Run the relay as a process until SIGTERM."""
    settings = RelaySettings()
    set_up(settings.log_format, settings.log_level)
    stop = asyncio.Event()
    for sign in (signal.SIGTERM, signal.SIGINT):
        asyncio.get_running_loop().add_signal_handler(sign, stop.set)
    async with open_desk(settings, application=RELAY) as desk, served(desk, settings.metrics_address):
        log.info("relay.ready", pid=os.getpid())
        await run(desk, stop)
    log.info("relay.stopped", pid=os.getpid())


if __name__ == "__main__":
    asyncio.run(main())
    sys.exit(0)
