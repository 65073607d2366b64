"""Replaying histories: does today's code decide again what was decided then, and does the record hold just that?

A replay by the SDK compares kinds of commands only; a changed timer, activity argument or result passes it unseen
(measured, design 9). So every command that the code issues is kept, and compared with the history and the record.
"""

import json
from collections.abc import AsyncIterator, Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from google.protobuf.json_format import ParseError
from temporalio.api.history.v1 import HistoryEvent
from temporalio.bridge.proto.workflow_activation import WorkflowActivation
from temporalio.bridge.proto.workflow_completion import WorkflowActivationCompletion
from temporalio.client import WorkflowHistory
from temporalio.service import RPCError, RPCStatusCode
from temporalio.worker import (
    Replayer,
    UnsandboxedWorkflowRunner,
    WorkflowInstance,
    WorkflowInstanceDetails,
    WorkflowRunner,
)

from domain.audit import instant_text, read_instant
from domain.closing.answering import unanswered
from domain.refusals import Refused
from domain.simulation.past_orders import Told
from records import read as reading
from starter.desk import PATIENCE, Desk, kept, patiently
from workflows import effects
from workflows.contract import workflow_id
from workflows.engine import data_converter
from workflows.work_order import WorkOrderProcess

TASK_COMPLETED = "workflow_task_completed_event_attributes"
QUICK = "core_local_activity"
"""Name of the marker that a local activity leaves."""
AWAY = frozenset({"engine-away", "records-away"})
RUN_ENDS = frozenset(
    f"workflow_execution_{what}_event_attributes" for what in ("completed", "continued_as_new", "failed", "terminated")
)
TASK_EVENTS = frozenset(
    f"workflow_task_{what}_event_attributes" for what in ("scheduled", "started", "completed", "timed_out", "failed")
)


@dataclass
class Trace:
    """What happened in one run: timers in milliseconds, answers, the result, and what was to be written."""

    timers: list[int] = field(default_factory=list)
    answers: list[str] = field(default_factory=list)
    activities: list[str] = field(default_factory=list)
    writes: list[str] = field(default_factory=list)  # local activities: the quick tries; the SDK overlooks one too many
    results: list[str] = field(default_factory=list)
    events: dict[int, tuple[str, str]] = field(default_factory=dict)  # seq → (canonical body, hash)
    batches: list[effects.Batch] = field(default_factory=list)  # as issued: one that failed at first stands here twice


@dataclass(frozen=True)
class Verdict:
    """The outcome of replaying one order or file."""

    name: str
    events: int  # history events replayed
    differences: tuple[str, ...]
    unanswered: tuple[str, ...] = ()  # what the order lacks of its answer, as codes (CBK-11)

    @property
    def ok(self) -> bool:
        """Whether everything was equal, and the order has its answer or is still owed one."""
        return not self.differences and not self.unanswered


class KeepingRunner(WorkflowRunner):
    """Runs workflows without sandbox and keeps the commands that each run issues."""

    def __init__(self, inner: WorkflowRunner | None = None) -> None:
        self.traces: dict[str, Trace] = {}
        self._inner = inner or UnsandboxedWorkflowRunner()

    def prepare_workflow(self, defn: Any) -> None:
        """Pass on."""
        self._inner.prepare_workflow(defn)

    def create_instance(self, det: WorkflowInstanceDetails) -> WorkflowInstance:
        """Wrap the instance so that its commands are kept under the run's id."""
        trace = self.traces[det.info.run_id] = Trace()
        return _KeepingInstance(self._inner.create_instance(det), trace)


class _KeepingInstance(WorkflowInstance):
    def __init__(self, inner: WorkflowInstance, trace: Trace) -> None:
        self._inner = inner
        self._trace = trace

    def activate(self, act: WorkflowActivation) -> WorkflowActivationCompletion:
        completion = self._inner.activate(act)
        for command in completion.successful.commands:
            _keep(self._trace, command)
        return completion

    def get_serialization_context(self, command_info: Any) -> Any:
        return self._inner.get_serialization_context(command_info)

    def get_info(self) -> Any:
        return self._inner.get_info()

    def get_external_store_context(self, command_info: Any) -> Any:
        return self._inner.get_external_store_context(command_info)


def _keep(trace: Trace, command: Any) -> None:
    """Keep one command of the workflow code."""
    match command.WhichOneof("variant"):
        case "start_timer":
            trace.timers.append(command.start_timer.start_to_fire_timeout.ToMilliseconds())
        case "schedule_local_activity":
            trace.writes.append(command.schedule_local_activity.activity_type)
            _keep_batch(trace, command.schedule_local_activity)
        case "schedule_activity":
            trace.activities.append(command.schedule_activity.activity_type)
            _keep_batch(trace, command.schedule_activity)
        case "update_response" if command.update_response.HasField("completed"):
            trace.answers.append(command.update_response.completed.data.decode())
        case "complete_workflow_execution":
            trace.results.append(command.complete_workflow_execution.result.data.decode())
        case _:
            return


def _keep_batch(trace: Trace, scheduled: Any) -> None:
    """Keep what a `record` was asked to write."""
    if scheduled.activity_type != effects.RECORD:
        return
    batch = effects.Batch.model_validate_json(scheduled.arguments[0].data)
    trace.batches.append(batch)
    trace.events.update({event.seq: (event.body, event.hash) for event in batch.events})


def told_by(history: WorkflowHistory) -> Trace:
    """Return what a history itself says of timers, answers, activities and the result."""
    trace = Trace()
    for event in history.events:
        _told(trace, event)
    return trace


def _told(trace: Trace, event: HistoryEvent) -> None:
    match event.WhichOneof("attributes"):
        case "timer_started_event_attributes":
            trace.timers.append(event.timer_started_event_attributes.start_to_fire_timeout.ToMilliseconds())
        case "activity_task_scheduled_event_attributes":
            trace.activities.append(event.activity_task_scheduled_event_attributes.activity_type.name)
        case "marker_recorded_event_attributes" if event.marker_recorded_event_attributes.marker_name == QUICK:
            [data] = event.marker_recorded_event_attributes.details["data"].payloads
            trace.writes.append(json.loads(data.data)["activity_type"])
        case "workflow_execution_update_completed_event_attributes":
            outcome = event.workflow_execution_update_completed_event_attributes.outcome
            trace.answers.extend(payload.data.decode() for payload in outcome.success.payloads)
        case "workflow_execution_completed_event_attributes":
            result = event.workflow_execution_completed_event_attributes.result
            trace.results.extend(payload.data.decode() for payload in result.payloads)
        case _:
            return


async def replay(histories: Sequence[WorkflowHistory]) -> tuple[Trace, list[str]]:
    """Replay the runs of one order, the oldest first; return what the code did, and what differs from the histories."""
    runner = KeepingRunner()
    replayer = Replayer(
        workflows=[WorkOrderProcess],
        workflow_runner=runner,
        data_converter=data_converter,
        build_id="replay",  # else the SDK digests every module loaded: a second
    )
    whole, differences = Trace(), list[str]()
    for history in filter(has_decided, histories):
        result = await replayer.replay_workflow(history, raise_on_replay_failure=False)
        if result.replay_failure is not None:
            differences.append(f"replay: {type(result.replay_failure).__name__}: {_first_line(result.replay_failure)}")
        done = runner.traces.get(history.run_id, Trace())
        differences.extend(compared(told_by(history), done, settled=is_settled(history)))
        whole.events.update(done.events)
        whole.batches.extend(done.batches)
    return whole, differences


def compared(told: Trace, done: Trace, *, settled: bool) -> Iterator[str]:
    """Name the first difference of each sort between a history and what the code did.

    `settled`: the history ends with a completed task, so that the code has issued nothing beyond it.
    """
    for sort in ("timers", "answers", "activities", "writes", "results"):
        then, now = getattr(told, sort), getattr(done, sort)
        unlike = (number for number, pair in enumerate(zip(then, now, strict=False)) if pair[0] != pair[1])
        number = next(unlike, None)
        if number is not None:
            yield f"{sort}: number {number + 1} was {then[number]}, is {now[number]}"
        elif len(now) < len(then) or (settled and len(now) > len(then)):
            yield f"{sort}: {len(then)} in the history, {len(now)} today"


def has_decided(history: WorkflowHistory) -> bool:
    """Tell whether a run has completed a task yet; the SDK waits for ever for one that has not."""
    return any(event.WhichOneof("attributes") == TASK_COMPLETED for event in history.events)


def is_settled(history: WorkflowHistory) -> bool:
    """Tell whether a history ends with a completed task of a run that goes on.

    A run that ends drops the timer it armed in its last task, so that the code has issued more than the history holds.
    """
    kinds = [event.WhichOneof("attributes") for event in history.events]
    tasks = [kind for kind in kinds if kind in TASK_EVENTS]
    return tasks[-1:] == [TASK_COMPLETED] and kinds[-1] not in RUN_ENDS


def against_record(done: Trace, rows: Iterable[tuple[int, str, str]]) -> list[str]:
    """Name the first event that differs between the replay and the record, and events that either side lacks."""
    stored = {seq: (body, digest) for seq, body, digest in rows}
    for seq in sorted(done.events.keys() | stored.keys()):
        one, other = done.events.get(seq), stored.get(seq)
        if one is None or other is None:
            return [f"event {seq}: only in the {'record' if one is None else 'history'}"]
        if one != other:
            return [f"event {seq}: record and history differ"]
    return []


def lacking(rows: Iterable[tuple[int, str, str]]) -> tuple[str, ...]:
    """Name what an order lacks of its answer, from its stored events; of none at all nothing is known."""
    stored = [json.loads(body) for _, body, _ in rows]
    told = [Told(event["type"], read_instant(event["at"]), event["payload"]) for event in stored]
    return unanswered(told) if told else ()


async def replay_order(desk: Desk, order_id: str) -> Verdict:
    """Replay one order and compare it with its record. Raises `Refused` (`not-found`, `engine-away`)."""
    file = await _filed(desk, order_id)
    histories = await runs(desk, order_id)
    done, differences = await replay(histories)
    rows = [(event.seq, event.body.decode(), event.hash.hex()) for event in file.events]
    count = sum(len(history.events) for history in histories)
    found = (*differences, *against_record(done, rows), *columns(file.events))
    return Verdict(order_id, count, found, lacking(rows))


async def _filed(desk: Desk, order_id: str) -> reading.OrderFile:
    """Read an order; one that the record knows while its row is lost is told as that."""
    try:
        return await kept(reading.order(desk.pool, order_id, list(desk.settings.communities)), order=order_id)
    except Refused as refusal:
        if refusal.code == "not-found" and await kept(reading.is_known(desk.pool, order_id)):
            raise Refused("row-missing", order=order_id) from None
        raise


def columns(events: Iterable[reading.EventRow]) -> Iterator[str]:
    """Name the events whose type or instant, as the record's queries read them, is not what their body says."""
    for event in events:
        try:
            body = json.loads(event.body)
        except ValueError:
            continue  # no replay wrote that: said already
        for name, column in (("type", event.type), ("at", instant_text(event.at))):
            if body.get(name) != column:
                yield f"event {event.seq}: its column {name!r} and its body differ"


async def replay_all(desk: Desk) -> AsyncIterator[Verdict]:
    """Replay every order whose process was started, the oldest first; the failure of one hides no other.

    Raises `Refused` when a server is away (`engine-away`, `records-away`): that says nothing about any order;
    `nothing-replayed` when there are orders, but no process of any was started.
    """
    communities = list(desk.settings.communities)
    orders = await kept(reading.started_orders(desk.pool, communities))
    if not orders and (count := await kept(reading.count_orders(desk.pool, communities))):
        raise Refused("nothing-replayed", count=count)
    for order_id in orders:
        try:
            yield await replay_order(desk, order_id)
        except Refused as refusal:
            if refusal.code in AWAY:
                raise
            yield Verdict(order_id, 0, (refusal.code,))


async def runs(desk: Desk, order_id: str) -> list[WorkflowHistory]:
    """Fetch the histories of an order, one for each run, the oldest first."""
    found: list[WorkflowHistory] = []
    run: str | None = None
    while run != "":
        handle = desk.engine.get_workflow_handle(workflow_id(order_id), run_id=run)
        try:
            history = await patiently(handle.fetch_history(rpc_timeout=PATIENCE))
        except RPCError as error:
            gone = error.status is RPCStatusCode.NOT_FOUND
            raise Refused("history-missing" if gone else "engine-away", order=order_id) from None
        except RuntimeError:
            raise Refused("engine-away") from None
        found.insert(0, history)
        run = history.events[0].workflow_execution_started_event_attributes.continued_execution_run_id
    return found


async def replay_file(path: Path) -> Verdict:
    """Replay a saved history; events saved beside it (`NAME.events.jsonl`) are compared too."""
    history, rows = saved_history(path), saved_events(path)
    done, differences = await replay([history])
    found = against_record(done, rows) if rows else []
    return Verdict(path.name, len(history.events), (*differences, *found), lacking(rows))


def saved_history(path: Path) -> WorkflowHistory:
    """Read a saved history."""
    try:
        return WorkflowHistory.from_json(path.name.split(".")[0], path.read_text(encoding="utf-8"))
    except (OSError, ValueError, ParseError) as error:
        raise Refused("history-unreadable", file=path.name, why=type(error).__name__) from None


def saved_events(history: Path) -> list[tuple[int, str, str]]:
    """Read the events saved beside a history, if any: one `{"seq", "body", "hash"}` a line."""
    path = history.with_name(history.name.split(".")[0] + ".events.jsonl")
    if not path.exists():
        return []
    lines = [json.loads(line) for line in path.read_text(encoding="utf-8").splitlines()]
    return [(line["seq"], line["body"], line["hash"]) for line in lines]


def _first_line(error: BaseException) -> str:
    return str(error).split("\n", maxsplit=1)[0][:200]
