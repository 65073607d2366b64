"""What differs between what the histories of an order tell and what its record holds: sorts, places, words for none."""

import json
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum
from typing import Any, NamedTuple

from domain.intake.reception import Reception
from records.intakes import Intake
from records.read import EventRow, OrderRow
from records.reconcile import Held, Named
from workflows import effects
from workflows.contract import Start


class Sort(StrEnum):
    """How record and histories can differ."""

    EVENT_MISSING = "event-missing"  # the record lacks it
    EVENT_CHANGED = "event-changed"  # the record holds another one; never overwritten
    EVENT_UNKNOWN = "event-unknown"  # no history tells of it; never deleted
    INTAKE_MISSING = "intake-missing"  # without it no door gives the order a command
    INTAKE_CHANGED = "intake-changed"  # another matter was received under its number
    ROW_MISSING = "row-missing"
    ROW_BEHIND = "row-behind"  # it shows an earlier state
    ROW_EDITED = "row-edited"  # it shows what no state was
    OUTBOX_MISSING = "outbox-missing"
    OUTBOX_UNKNOWN = "outbox-unknown"
    TERMS_MISSING = "terms-missing"  # the pinned terms that events name by digest
    RECORD_DELAYED = "record-delayed"  # the process is about to write it itself
    NOT_STARTED = "not-started"  # received; the relay starts its process
    HISTORY_MISSING = "history-missing"  # an order that lives has no process
    HISTORY_EXPIRED = "history-expired"  # a closed order whose history is no longer kept: nothing to compare
    REPLAY_DIFFERS = "replay-differs"  # today's code decides otherwise than then


class Finding(NamedTuple):
    """One sort of difference in one order: at which events, in which columns or topics."""

    sort: Sort
    seqs: tuple[int, ...] = ()
    names: tuple[str, ...] = ()


@dataclass(frozen=True)
class Difference:
    """All that differs in one order; none of it when `findings` is empty."""

    order_id: str
    findings: tuple[Finding, ...]

    @property
    def counts(self) -> bool:
        """Whether something is wrong; a history that was kept long enough is not."""
        return any(finding.sort is not Sort.HISTORY_EXPIRED for finding in self.findings)


class Told(NamedTuple):
    """What the histories of an order tell."""

    batches: tuple[effects.Batch, ...]
    delayed: frozenset[int]  # seqs of a batch whose writing has not been answered yet
    unlike: tuple[str, ...]  # where today's code decides otherwise
    terms: Mapping[str, Mapping[str, Any]]  # by digest, as pinned
    start: Start  # how its first run began


def compared(told: Told, held: Held) -> Iterator[Finding]:
    """Name what differs between what the histories tell and what the record holds."""
    if told.unlike:
        yield Finding(Sort.REPLAY_DIFFERS, names=told.unlike)
        return
    yield from _intake(told.start.of(), held.intake)
    late = told.delayed if told.delayed - held.events.keys() else frozenset[int]()
    if late:
        yield Finding(Sort.RECORD_DELAYED, tuple(sorted(late)))
    batches = [batch for batch in told.batches if batch.events[0].seq not in late]
    yield from _events([event for batch in batches for event in batch.events], held.events)
    if batches:
        yield from _row(batches[-1], named(told), held)
    yield from _outbox({(row.seq, row.topic) for batch in batches for row in batch.outgoing}, held.outbox)
    lost = sorted(told.terms.keys() - held.terms)
    yield from [Finding(Sort.TERMS_MISSING, names=tuple(lost))] if lost else []


def _intake(begun: Reception, held: Intake | None) -> Iterator[Finding]:
    """Compare the intake by who reported and when it reached us: no two matters have both."""
    if held is None:
        yield Finding(Sort.INTAKE_MISSING)
    elif (held.subject_id, held.received_at) != (begun.reporter, begun.received_at):
        yield Finding(Sort.INTAKE_CHANGED)


def _events(told: Iterable[effects.SealedEvent], held: dict[int, EventRow]) -> Iterator[Finding]:
    must = {event.seq: _stored(event) for event in told}
    yield from _some(Sort.EVENT_MISSING, must.keys() - held.keys())
    yield from _some(Sort.EVENT_CHANGED, [seq for seq in must.keys() & held.keys() if must[seq] != held[seq]])
    yield from _some(Sort.EVENT_UNKNOWN, held.keys() - must.keys())


def _stored(event: effects.SealedEvent) -> EventRow:
    """Return an event as the record stores it."""
    body, digest = event.body.encode(), bytes.fromhex(event.hash)
    return EventRow(event.seq, event.type, event.at, event.recorded_at, body, digest)


def _some(sort: Sort, seqs: Iterable[int], names: Sequence[str] = ()) -> Iterator[Finding]:
    where = tuple(sorted(seqs))
    if where:
        yield Finding(sort, where, tuple(names))


def _row(last: effects.Batch, of: Named, held: Held) -> Iterator[Finding]:
    """Compare the current row; a record that is further than the histories is told by its events."""
    seq = last.events[-1].seq
    if held.row is None:
        yield Finding(Sort.ROW_MISSING, (seq,))
    elif held.row.seq < seq:
        yield Finding(Sort.ROW_BEHIND, (held.row.seq,))
    elif max(held.events, default=0) <= seq:
        columns = _edited(held.row, last, of)
        yield from [Finding(Sort.ROW_EDITED, (seq,), columns)] if columns else []


def _edited(row: OrderRow, last: effects.Batch, of: Named) -> tuple[str, ...]:
    """Name the columns that say something else than the process did."""
    written = {"seq": last.events[-1].seq, "head": last.events[-1].hash, **last.row.model_dump()}
    must = {**written, "external_id": of.external_id, "flags": list(of.flags)}
    return tuple(name for name, value in must.items() if getattr(row, name) != _as_stored(value))


def _as_stored(value: object) -> object:
    """Return a value as PostgreSQL gives it back: several are a list."""
    return list(value) if isinstance(value, tuple) else value


def _outbox(must: set[tuple[int, str]], held: frozenset[tuple[int, str]]) -> Iterator[Finding]:
    for sort, rows in ((Sort.OUTBOX_MISSING, must - held), (Sort.OUTBOX_UNKNOWN, held - must)):
        yield from _some(sort, {seq for seq, _ in rows}, sorted({topic for _, topic in rows}))


def named(told: Told) -> Named:
    """Return what the row holds from the reception alone: its event is the first."""
    payload = json.loads(told.batches[0].events[0].body)["payload"]
    return Named(payload.get("external_id"), payload.get("flags") or ())
