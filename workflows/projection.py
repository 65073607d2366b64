"""What the world is shown of an order: its current row, and what must be sent because of its events."""

from collections.abc import Iterator, Sequence
from typing import Any

from domain import events as e
from domain.calendars import calendar_from
from domain.children import GATHERED
from domain.clocks import Clock, ladder_of
from domain.clocks import row_of as row_of_clock
from domain.order import WorkOrder
from domain.payloads import Payload, Words
from domain.vocabulary import ClockName, Role, Stage
from workflows.between_orders import between_orders
from workflows.effects import CurrentRow, Duty, OutgoingRow, RecordRow, SealedEvent

ESCALATION = "escalation"
SUSPENSION_REQUESTED = "suspension_requested"
SUSPENSION_DECIDED = "suspension_decided"
PAUSE_OVER = "pause_over"
CALLBACK_LINK = "callback_link"
COUNTERSIGN = "countersign"
URGED = "urged"
URGED_WORK = "urged_work"
BREACHED = "breached"
REPEATED = "repeated"


def row_of(order: WorkOrder) -> CurrentRow:
    """Return the row that lists show of an order."""
    owed = [(order.due(clock), clock) for clock in order.running]
    due_at, clock = min(owed, key=lambda pair: pair[0], default=(None, None))
    return CurrentRow(
        community=order.community,
        stage=order.stage,
        version=order.version,
        generation=order.generation,
        kind=order.kind,
        category=order.category,
        severity=order.severity,
        channel=order.channel,
        building=order.building,
        received_at=order.received_at,
        first_contact=order.first_contact,
        team=None if order.merged else order.team,
        assignee=None if order.merged else order.assignee,  # the survivor's people have the work
        next_due_clock=clock and clock.name,
        next_due_at=due_at,
        breaches=sum(clock.breached_at is not None for clock in order.clocks),
        level=max((fired.level for clock in order.escalating for fired in clock.fired), default=0),
        urges=len(order.urges),
        closed_at=order.closed_at,
        close_reason=order.close_reason,
        incident=order.order_id if order.members else order.incident,
        merged_into=order.merged and order.merged.survivor,
        repeat_of=order.repeat_of,
    )


def record_row(order: WorkOrder) -> RecordRow:
    """Return the row with every duty, as the record keeps it."""
    duties = [duty.model_dump(mode="json") for duty in duties_of(order)]
    return RecordRow(**row_of(order).model_dump(), duties=duties)


def duties_of(order: WorkOrder) -> tuple[Duty, ...]:
    """Return every duty that is owed, the most urgent first; then what an incident speaks of (ESC-13)."""
    owed = [*(_duty(order, clock) for clock in order.escalating), *_countersign(order)]
    return tuple(sorted(owed, key=lambda duty: (duty.generation == GATHERED, duty.due_at)))


def _countersign(order: WorkOrder) -> Iterator[Duty]:
    """Yield what the first contact owes before anybody may call back: his name under the result (INT-06).

    It has no clock of its own: it is due with the callback, which waits for it.
    """
    waiting = [clock for clock in order.running if clock.name is ClockName.CALLBACK]
    if order.countersign_owed and waiting:
        owed = {"clock": COUNTERSIGN, "accountable": Role.FIRST_CONTACT.value, "due_at": order.due(waiting[0])}
        yield _duty(order, waiting[0]).model_copy(update=owed)


def _duty(order: WorkOrder, clock: Clock) -> Duty:
    terms, due = order.terms_of(clock), order.due(clock)
    row = row_of_clock(clock, terms)
    return Duty(
        clock=clock.name,
        generation=clock.generation,
        turn=clock.turn,
        accountable=row.accountable,
        due_at=due,
        provisional=calendar_from(terms.calendar_of(row)).provisional(due),
        suspended=clock.suspended,
        breached=clock.breached_at is not None,
        level=max((fired.level for fired in clock.fired), default=0),
    )


def outgoing(order: WorkOrder, events: Sequence[e.Event], sealed: Sequence[SealedEvent]) -> tuple[OutgoingRow, ...]:
    """Return what the relay must carry: ladder levels that fired, and what became of pauses (design 4a.4, CLK-20)."""
    pairs = zip(events, sealed, strict=True)
    return tuple(row for event, one in pairs for tell in (_told, between_orders) for row in tell(order, event, one.seq))


def _told(order: WorkOrder, event: e.Event, seq: int) -> Iterator[OutgoingRow]:
    """Yield what one event asks to be told; `role` is looked up in the roster, `person` is known already."""
    match event:
        case e.Escalated():
            yield _escalation(order, event, seq)
        case e.ClockBreached():
            yield from _breached(order, event, seq)
        case e.Received(repeat=e.Repeat() as repeat):
            body = {"role": repeat.raise_to.value, "number": repeat.number, "other": repeat.of}
            yield OutgoingRow(seq=seq, topic=REPEATED, body={**_case(order), **body})
        case e.Urged():
            yield from _urged(order, event, seq)
        case e.SuspensionRequested():
            body = {"role": event.approver.value, "reason": event.pause_reason, "asked_by": event.author.actor}
            yield OutgoingRow(seq=seq, topic=SUSPENSION_REQUESTED, body={**_case(order), **body})
        case e.SuspensionApproved() | e.SuspensionRefused():
            granted = "approved" if isinstance(event, e.SuspensionApproved) else "refused"
            body = {"role": Role.ASSIGNEE.value, "person": event.requested_by, "decision": granted}
            yield OutgoingRow(seq=seq, topic=SUSPENSION_DECIDED, body={**_case(order), **body})
        case e.CallbackExhausted():
            body = {"role": Role.RESIDENT.value, "person": f"resident:{order.reporter}"}
            yield OutgoingRow(seq=seq, topic=CALLBACK_LINK, body={**_case(order), **body})
        case e.Resumed(because="cap"):
            body = {"role": Role.ASSIGNEE.value, "reason": event.pause_reason}
            yield OutgoingRow(seq=seq, topic=PAUSE_OVER, body={**_case(order), **body})


def _breached(order: WorkOrder, event: e.ClockBreached, seq: int) -> Iterator[OutgoingRow]:
    """Tell the first contact of every breach (INT-06), unless level 1 tells him of it at that very instant.

    A child's ladder keeps silent, so its first contact is always told here (ESC-13).
    """
    clock = order.clock(event)
    first = ladder_of(clock, order.terms_of(clock)).levels[:1]
    told_by_ladder = event.incident is None and any(one.to is Role.FIRST_CONTACT and one.after_s == 0 for one in first)
    if order.first_contact is None or told_by_ladder:
        return
    said = {"clock": event.clock.value, "generation": event.generation, "turn": event.turn}
    yield OutgoingRow(seq=seq, topic=BREACHED, body={**_case(order), "role": Role.FIRST_CONTACT.value, **said})


def _urged(order: WorkOrder, event: e.Urged, seq: int) -> Iterator[OutgoingRow]:
    """Tell whoever answers to the owner, and whoever holds the order; nobody yet: the operators (INT-18)."""
    said = {**_case(order), "number": event.number}
    answers = Role.FIRST_CONTACT if order.first_contact else Role.DISPATCH_OPERATOR
    yield OutgoingRow(seq=seq, topic=URGED, body={**said, "role": answers.value})
    if order.assignee is not None and order.stage in {Stage.DISPATCH, Stage.HANDLING}:
        yield OutgoingRow(seq=seq, topic=URGED_WORK, body={**said, "role": Role.ASSIGNEE.value})


def _case(order: WorkOrder) -> dict[str, Any]:
    """Return what the relay needs to know of an order to find persons and their quiet hours."""
    named = {"first_contact": order.first_contact, "assignee": order.assignee, "team": order.team}
    return {"community": order.community, "policy": order.terms.policy, "severity": order.severity.value, **named}


def _escalation(order: WorkOrder, event: e.Escalated, seq: int) -> OutgoingRow:
    """Tell which level fired; `above` are the roles of the levels after it, for when nobody holds its own (ESC-11)."""
    clock = order.clock(event)
    levels = ladder_of(clock, order.terms_of(clock)).levels[event.level :]
    fired = {"clock": event.clock.value, "generation": event.generation, "turn": event.turn, "level": event.level}
    fired |= {"cause": event.because} if event.because else {}
    whom = {"role": event.addressee.value, "action": event.action.value, "above": ",".join(one.to for one in levels)}
    whose = {"children": list(event.children)} if event.children else {}
    return OutgoingRow(seq=seq, topic=ESCALATION, body={**_case(order), **whom, **fired, **whose})


def text_ids(events: Sequence[e.Event]) -> tuple[str, ...]:
    """Return the ids of the words that events refer to, so that the record keeps them."""
    return tuple(words.id for event in events for words in _words_in(event))


def _words_in(value: object) -> Iterator[Words]:
    """Yield the words that a value holds, in the order of its fields."""
    if isinstance(value, Words):
        yield value
    elif isinstance(value, e.Event | Payload):
        for name in type(value).model_fields:
            yield from _words_in(getattr(value, name))
    elif isinstance(value, tuple):
        for item in value:
            yield from _words_in(item)
