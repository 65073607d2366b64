"""The life of one work order: commands come as updates, clocks fire as timers, every event reaches the record."""

import asyncio
import contextlib
from collections.abc import Sequence
from datetime import datetime, timedelta

from temporalio import workflow
from temporalio.common import RawValue, RetryPolicy
from temporalio.exceptions import ApplicationError, FailureError

with workflow.unsafe.imports_passed_through():
    from domain import audit
    from domain import events as e
    from domain.commands import Envelope, read
    from domain.decide import decide, tick
    from domain.intake.reception import receive
    from domain.order import WorkOrder
    from domain.refusals import Refused
    from workflows import effects
    from workflows.contract import RECENT, Answer, Carried, Remembered, Start, Summary
    from workflows.projection import outgoing, record_row, row_of, text_ids

AFTER_DUE = timedelta(milliseconds=1)
"""Timers are armed this much after the instant, so that a stop at exactly the due instant is met (CLK-27)."""
MOST = 50
"""Events in one batch: what waited while the record was away is written in pieces for which the quick try has time, and
which stay far below what one call to the engine may hold."""
SMALL_BATCHES = "small-batches"
"""Patch: before it a batch held whatever waited (docs/change-a-workflow.md)."""
LOGGED = ("clock", "generation", "turn")
"""What a log line says of an event beside its order and number (OPS-04)."""
ONE_TRY = RetryPolicy(maximum_attempts=1)
FOR_EVER = RetryPolicy(initial_interval=timedelta(seconds=1), maximum_interval=timedelta(seconds=30))


@workflow.defn(name="WorkOrder")
class WorkOrderProcess:
    """One matter of one owner, from reception to the end of the time in which it can be reopened."""

    @workflow.init
    def __init__(self, start: Start) -> None:
        """Take the matter in, or go on from an earlier run; an update may arrive before `run` does."""
        self._outbox: list[tuple[e.Event, effects.SealedEvent]] = []
        if start.carried is not None:
            self._resume(start.carried)
            return
        self._seq, self._head, self._recent = 0, audit.genesis(start.of().order_id), dict[str, Remembered]()
        self._take(*receive(start.of(), workflow.now()))

    @workflow.run
    async def run(self, start: Start) -> Summary:  # noqa: ARG002 - __init__ has read it
        """Let each alarm speak at its instant until the order can't be reopened any more."""
        publisher = asyncio.create_task(self._publish())
        while not self._over():
            await self._next_change(publisher)
            self._take(*tick(self._order, workflow.now()))
            if self._must_continue():
                workflow.continue_as_new(Start(carried=self._carried()))
        await workflow.wait_condition(lambda: not self._outbox or publisher.done())
        await workflow.wait_condition(workflow.all_handlers_finished)
        return Summary(order_id=self._order.order_id, seq=self._seq, head=self._head.hex(), row=row_of(self._order))

    @workflow.update(dynamic=True)
    def act(self, name: str, args: Sequence[RawValue]) -> Answer:
        """Carry out a command; a repetition answers as the first did (design 4a.8)."""
        try:
            envelope, repeated = self._open(name, args)
            if repeated is not None:
                return repeated
            self._take(*decide(self._order, read(envelope), workflow.now()))
        except Refused as refusal:
            raise _refusal(refusal) from None
        answer = self._answer()
        self._remember(envelope, answer)
        return answer

    @act.validator
    def check(self, name: str, args: Sequence[RawValue]) -> None:
        """Refuse what does not fit before it enters the history."""
        try:
            envelope, repeated = self._open(name, args)
            if repeated is None:
                decide(self._order, read(envelope), workflow.now())
        except Refused as refusal:
            raise _refusal(refusal) from None

    @workflow.query
    def current(self) -> effects.CurrentRow:
        """Return the order as lists show it."""
        return row_of(self._order)

    # ---- the clock loop

    def _wake_at(self) -> datetime | None:
        """Return the next instant at which this order must do something by itself."""
        alarms = self._order.alarms()
        ends = [self._window_end()] if self._order.closed_at else []
        return min([*(alarm.at for alarm in alarms), *ends], default=None)

    def _window_end(self) -> datetime:
        closed_at = self._order.closed_at or workflow.now()
        return closed_at + timedelta(days=self._order.terms.reopen_days)

    def _over(self) -> bool:
        return self._order.closed_at is not None and workflow.now() > self._window_end()

    async def _next_change(self, publisher: asyncio.Task[None]) -> None:
        """Wait for the next alarm, for a change of it, or for the end of a publisher that must never end."""
        armed = self._wake
        delay = None if armed is None else armed + AFTER_DUE - workflow.now()
        if delay is None or delay > timedelta(0):
            changed = lambda: publisher.done() or self._wake != armed or self._must_continue()  # noqa: E731
            with contextlib.suppress(TimeoutError):
                await workflow.wait_condition(changed, timeout=delay)
        if publisher.done():
            publisher.result()

    # ---- events, their chain and their way to the record

    def _take(self, order: WorkOrder, events: Sequence[e.Event]) -> None:
        """Accept what was decided: seal each event into the chain and put it into the outbox."""
        self._order = order
        self._wake = self._wake_at()
        for event in events:
            self._outbox.append((event, self._seal(event)))
            facts = {name: getattr(event, name) for name in LOGGED if hasattr(event, name)}
            workflow.logger.info(event.type_name(), extra={"order": order.order_id, "seq": self._seq, **facts})

    def _seal(self, event: e.Event) -> effects.SealedEvent:
        """Add what `decide` can't know: number, time of recording, run and update (design 4a.11)."""
        update, now = workflow.current_update_info(), workflow.now()
        context = {"run_id": workflow.info().run_id} | ({"update_id": update.id} if update else {})
        self._seq += 1
        order_id = self._order.order_id
        body = e.body_of(event, order_id=order_id, seq=self._seq, recorded_at=now, context=context)
        self._head = audit.link(self._head, body)
        return effects.SealedEvent(
            seq=self._seq,
            type=event.type_name(),
            at=event.at,
            recorded_at=now,
            body=body.decode(),
            hash=self._head.hex(),
        )

    async def _publish(self) -> None:
        """Write the outbox, batch after batch, for ever; a database that is away delays it and nothing else."""
        while True:
            await workflow.wait_condition(lambda: bool(self._outbox))
            batch = self._batch()
            await _record(batch)
            del self._outbox[: len(batch.events)]

    def _batch(self) -> effects.Batch:
        taken = self._outbox[: self._at_once()]
        events, sealed = [event for event, _ in taken], tuple(row for _, row in taken)
        return effects.Batch(
            order_id=self._order.order_id,
            events=sealed,
            row=record_row(self._order),
            outgoing=outgoing(self._order, events, sealed),
            text_ids=text_ids(events),
        )

    def _at_once(self) -> int:
        """Say how many events to write now. A run that once wrote more of them at once goes on doing so."""
        many = len(self._outbox)
        return MOST if many > MOST and workflow.patched(SMALL_BATCHES) else many

    # ---- repetitions, answers, and going on as new

    def _open(self, name: str, args: Sequence[RawValue]) -> tuple[Envelope, Answer | None]:
        """Read the envelope; return with it the answer given before, if this is a repetition."""
        try:
            envelope = workflow.payload_converter().from_payload(args[0].payload, Envelope)
        except (IndexError, ValueError, RuntimeError):
            raise Refused("malformed-command", command=name, where="envelope") from None
        if envelope.command != name:
            raise Refused("malformed-command", command=name, where="command")
        before = self._recent.get(envelope.key)
        if before is not None and before.digest != envelope.content_digest():
            raise Refused("idempotency-key-reused", command=name)
        return envelope, before.answer if before else None

    def _answer(self) -> Answer:
        return Answer(version=self._order.version, stage=self._order.stage, seq=self._seq, head=self._head.hex())

    def _remember(self, envelope: Envelope, answer: Answer) -> None:
        self._recent[envelope.key] = Remembered(digest=envelope.content_digest(), answer=answer)
        if len(self._recent) > RECENT:
            del self._recent[next(iter(self._recent))]

    def _must_continue(self) -> bool:
        """Go on as new when the server asks for it, with nothing unwritten (design 4a.9)."""
        return workflow.info().is_continue_as_new_suggested() and not self._outbox

    def _carried(self) -> Carried:
        return Carried(order=self._order, seq=self._seq, head=self._head.hex(), recent=self._recent)

    def _resume(self, carried: Carried) -> None:
        self._order, self._seq, self._head = carried.order, carried.seq, bytes.fromhex(carried.head)
        self._recent, self._wake = dict(carried.recent), self._wake_at()


async def _record(batch: effects.Batch) -> None:
    """Write a batch: one quick try beside the workflow task, then as an activity that retries for ever (design 4)."""
    try:
        await workflow.execute_local_activity(
            effects.RECORD,
            batch,
            result_type=effects.Recorded,
            start_to_close_timeout=timedelta(seconds=2),
            retry_policy=ONE_TRY,
        )
    except FailureError:
        workflow.logger.warning("work_order.record_delayed", extra={"order": batch.order_id})
        await _record_patiently(batch)


async def _record_patiently(batch: effects.Batch) -> None:
    try:
        await workflow.execute_activity(
            effects.RECORD,
            batch,
            result_type=effects.Recorded,
            start_to_close_timeout=timedelta(seconds=30),
            retry_policy=FOR_EVER,
        )
    except FailureError as error:
        # The record holds another chain for this order. Stop the task, loudly: a person must look.
        raise RuntimeError("the record refused a batch") from error


def _refusal(refusal: Refused) -> ApplicationError:
    """Carry a refusal to the caller: code and facts, which hold no personal data."""
    return ApplicationError(str(refusal), refusal.facts, type=refusal.code, non_retryable=True)
