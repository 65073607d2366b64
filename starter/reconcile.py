"""Reconciling: what the histories say the record must hold, what it holds, and the lost part written again (OPS-09).

A history replayed by today's code issues again every batch that was ever handed to the record, whole. So a replay that
differs from its history proves nothing, and nothing is written from it.
"""

import asyncio
import json
from collections.abc import Collection, Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from typing import Any

from temporalio.client import WorkflowHistory
from temporalio.service import RPCError

from domain.refusals import Refused
from domain.terms import Terms
from records import reconcile as record
from records.migrate import migrate
from records.pool import open_pool
from records.rotation import make_persons_again
from records.schema import call_filled, lost_ledger, lost_tables
from starter.client import dues
from starter.desk import PATIENCE, Desk, kept, patiently
from starter.lost import ORDERS
from starter.policy.difference import Difference, Finding, Sort, Told, compared, named
from starter.replay import TASK_COMPLETED, TASK_EVENTS, replay, runs
from workflows.contract import Start, workflow_id

FROM_OUTSIDE = TASK_EVENTS | {
    "timer_fired_event_attributes",
    *(f"activity_task_{what}_event_attributes" for what in ("started", "completed", "failed", "timed_out", "canceled")),
    *(f"workflow_execution_{what}_event_attributes" for what in ("terminated", "timed_out")),
}
"""Events that no completed task commanded: what follows the first of them has not been decided yet."""


@dataclass(frozen=True)
class Rebuilt:
    """What differed in one order, and what still does after its rebuilding."""

    found: Difference
    left: Difference | None


async def tables_again(dsn: str) -> tuple[str, ...]:
    """Make tables that were lost again, empty and marked as such, and name them. Raises `RecordsError`."""
    async with await open_pool(dsn, max_size=1, application="huiyin-reconcile") as pool:
        lost = (*await lost_tables(pool), *await lost_ledger(pool))
    if lost:
        await asyncio.to_thread(migrate, dsn, again=True)
    return lost


async def persons_again(desk: Desk, lost: Collection[str]) -> None:
    """Give persons what they lost with the tables of these names."""
    if not {"subject", "subject_key"}.isdisjoint(lost):
        await kept(make_persons_again(desk.pool, desk.ring))


async def filled(desk: Desk) -> None:
    """Note that the tables made again hold what histories tell."""
    await kept(call_filled(desk.pool))


async def orders(desk: Desk) -> list[str]:
    """List every order that the record or the engine knows. Raises `Refused` (`records-away`, `engine-away`)."""
    known, listed = await kept(record.known_orders(desk.pool)), list[str]()
    try:
        found = desk.engine.list_workflows(ORDERS, rpc_timeout=PATIENCE)
        while (one := await patiently(anext(found, None))) is not None:
            listed.append(one.id)
    except (RPCError, RuntimeError):
        raise Refused("engine-away") from None
    prefix = workflow_id("")
    return sorted(known | {name.removeprefix(prefix) for name in listed}, key=lambda order: (len(order), order))


async def differences(desk: Desk, order_id: str) -> Difference | None:
    """Compare one order; None when all is equal. Raises `Refused` (`not-found`, `engine-away`, `records-away`).

    What differs is looked at twice, for an order that lives may have moved between history and record.
    """
    return await _look(desk, order_id) and await _look(desk, order_id)


async def rebuild(desk: Desk, order_id: str, *, send: bool = False) -> Rebuilt | None:
    """Write again what the record lost of one order; None when nothing differs. `send`: see `records.reconcile`."""
    found = await differences(desk, order_id)
    if found is None:
        return None
    if not {finding.sort for finding in found.findings} & {*_UNTOLD, Sort.REPLAY_DIFFERS}:
        await _write(desk, await _told(desk, order_id), send=send)
    return Rebuilt(found, await differences(desk, order_id))


_UNTOLD = frozenset({Sort.NOT_STARTED, Sort.HISTORY_MISSING, Sort.HISTORY_EXPIRED})


async def _write(desk: Desk, told: Told, *, send: bool) -> None:
    await kept(record.take_in_again(desk.pool, desk.ring, _lost(told.start)))
    batches = [batch for batch in told.batches if batch.events[0].seq not in told.delayed]
    for batch in batches:
        await kept(record.write_again(desk.pool, batch, send=send))
    if batches:
        await kept(record.mend_row(desk.pool, batches[-1], named(told)))
        await kept(record.pin_terms(desk.pool, told.terms))
    await keep_numbers(desk, [told.start.of().order_id])


def _lost(start: Start) -> record.Lost:
    """Return the intake that an order's history began with."""
    reception = start.of()
    typed = start.model_copy(update={"reception": reception.model_copy(update={"entered_at": None})})  # a door adds it
    return record.Lost(
        order_id=reception.order_id,
        community=reception.community,
        subject_id=reception.reporter,
        start_input=typed.model_dump(mode="json", exclude_none=True),
        received_at=reception.received_at,
        created_at=reception.entered_at or reception.received_at,
        **dues(reception),
    )


async def keep_numbers(desk: Desk, order_ids: Iterable[str]) -> None:
    """Let no new order be given the number of one of these: in a new database numbers would begin again."""
    typed = [order_id.removeprefix("wo_") for order_id in order_ids]
    await kept(record.pass_order_number(desk.pool, max((int(one) for one in typed if one.isdecimal()), default=0)))


# ---- what the histories tell


async def _told(desk: Desk, order_id: str) -> Told:
    """Replay the decided part of an order's histories. Raises `Refused` (`history-missing`, `engine-away`)."""
    histories = await runs(desk, order_id)
    done, unlike = await replay([decided(history) for history in histories])
    last = done.batches[-1].events if done.batches and _waits_for_record(histories[-1]) else ()
    delayed = frozenset(event.seq for event in last)
    return Told(tuple(done.batches), delayed, tuple(unlike), dict(_terms(histories)), _start(histories[0]))


def _start(first: WorkflowHistory) -> Start:
    """Return what an order's first run began with."""
    [said] = first.events[0].workflow_execution_started_event_attributes.input.payloads
    return Start.model_validate_json(said.data)


def decided(history: WorkflowHistory) -> WorkflowHistory:
    """Return a history up to what its last completed task commanded; a task under way may yet be decided anew."""
    kinds = [event.WhichOneof("attributes") for event in history.events]
    if TASK_COMPLETED not in kinds:
        return history
    after = len(kinds) - kinds[::-1].index(TASK_COMPLETED)
    end = next((place for place in range(after, len(kinds)) if kinds[place] in FROM_OUTSIDE), len(kinds))
    return replace(history, events=history.events[:end])


def _waits_for_record(history: WorkflowHistory) -> bool:
    """Tell whether a `record` was scheduled that has not answered: the process itself will see it written."""
    asked, answered = set[int](), set[int]()
    for event in history.events:
        match event.WhichOneof("attributes"):
            case "activity_task_scheduled_event_attributes":
                asked.add(event.event_id)
            case "activity_task_completed_event_attributes":
                answered.add(event.activity_task_completed_event_attributes.scheduled_event_id)
            case _:
                continue
    return bool(asked - answered)


def _terms(histories: Sequence[WorkflowHistory]) -> Iterator[tuple[str, dict[str, Any]]]:
    """Return every set of terms that an order was given, by its digest: at its reception, and with commands."""
    for history in histories:
        for event in history.events:
            match event.WhichOneof("attributes"):
                case "workflow_execution_started_event_attributes":
                    [said] = event.workflow_execution_started_event_attributes.input.payloads
                    given = (json.loads(said.data).get("reception") or {}).get("terms")
                case "workflow_execution_update_accepted_event_attributes":
                    request = event.workflow_execution_update_accepted_event_attributes.accepted_request
                    given = json.loads(request.input.args.payloads[0].data)["payload"].get("terms")
                case _:
                    continue
            for one in (
                given if isinstance(given, list) else filter(None, [given])
            ):  # several: of an incident's children
                terms = Terms.model_validate(one)
                yield terms.digest, terms.model_dump(mode="json")


async def _look(desk: Desk, order_id: str) -> Difference | None:
    held = await kept(record.held(desk.pool, order_id))
    try:
        told = await _told(desk, order_id)
    except Refused as refusal:
        if refusal.code != "history-missing":
            raise
        findings = [_without_history(order_id, held)]
    else:
        findings = list(compared(told, held))
    return Difference(order_id, tuple(findings)) if findings else None


def _without_history(order_id: str, held: record.Held) -> Finding:
    if held.row is None and held.intake is None and not held.events:
        raise Refused("not-found", order=order_id)
    if held.row is not None and held.row.closed_at is not None:
        return Finding(Sort.HISTORY_EXPIRED)
    waits = held.intake is not None and held.intake.started_at is None and not held.events
    return Finding(Sort.NOT_STARTED if waits else Sort.HISTORY_MISSING)
