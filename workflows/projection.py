"""What the world is shown of an order: its current row, and what must be sent because of its events."""

from collections.abc import Iterator, Sequence
from datetime import datetime

from domain import events as e
from domain.groups.children import GATHERED
from domain.order import WorkOrder
from domain.payloads import Payload, Words
from domain.timekeeping.calendars import calendar_from
from domain.timekeeping.clocks import Clock, ladder_of
from domain.timekeeping.clocks import row_of as row_of_clock
from domain.timekeeping.moving import due_from
from domain.vocabulary import ClockName, Role, Stage
from workflows.between_orders import between_orders
from workflows.effects import CurrentRow, Duty, OutgoingRow, RecordRow, SealedEvent
from workflows.handed import case_of, handed

ESCALATION = "escalation"
SUSPENSION_REQUESTED = "suspension_requested"
SUSPENSION_DECIDED = "suspension_decided"
PAUSE_OVER = "pause_over"
CALLBACK_LINK = "callback_link"
COUNTERSIGN = "countersign"
CHECK = "check_contractor_work"
ASSIGNMENT = "assignment"
CONFIRM = "confirm_incident"
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
        receiver=order.receiver,
        complained_of=order.complained_of,
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
    owed = [*(_duty(order, clock) for clock in order.escalating), *_countersign(order), *_check(order), *_pieces(order)]
    owed += _confirmation(order)
    return tuple(sorted(owed, key=lambda duty: (duty.generation == GATHERED, duty.due_at)))


def _countersign(order: WorkOrder) -> Iterator[Duty]:
    """Yield what the first contact owes before anybody may call back: his name under the result (INT-06).

    It has no clock of its own: it is due with the callback, which waits for it.
    """
    waiting = [clock for clock in order.running if clock.name is ClockName.CALLBACK]
    if order.countersign_owed and waiting:
        owed = {"clock": COUNTERSIGN, "accountable": Role.FIRST_CONTACT.value, "due_at": order.due(waiting[0])}
        yield _duty(order, waiting[0]).model_copy(update=owed)


def _check(order: WorkOrder) -> Iterator[Duty]:
    """Yield what the contractor supervisor owes: a look at work that is said to be done (HND-12).

    It has no clock of its own: it is due with handling, which waits for it, else with what falls due next.
    """
    waiting = sorted(order.running, key=lambda clock: (clock.name is not ClockName.HANDLING, order.due(clock)))
    if order.check_owed and waiting:
        owed = {"clock": CHECK, "accountable": Role.CONTRACTOR_SUPERVISOR.value}
        yield _duty(order, waiting[0]).model_copy(update=owed)


def _pieces(order: WorkOrder) -> Iterator[Duty]:
    """Yield each further assignment whose turn it is, as the duty of who has it; due as the check is (HND-13)."""
    waiting = sorted(order.running, key=lambda clock: (clock.name is not ClockName.HANDLING, order.due(clock)))
    if order.stage in {Stage.DISPATCH, Stage.HANDLING} and waiting:
        for one in order.assigned:
            owed = {"clock": ASSIGNMENT, "accountable": Role.ASSIGNEE.value, "person": one.assignee}
            yield _duty(order, waiting[0]).model_copy(update=owed)


def _confirmation(order: WorkOrder) -> Iterator[Duty]:
    """Yield what the operators owe a proposal: to say whether it is an incident (GRP-05).

    It has no clock of its own, for no owner waits for it: it is due as the answer to whatever else comes in.
    """
    if order.members and order.stage is Stage.INTAKE and order.terms.leaving_nobody:
        row = order.terms.clock(ClockName.RESPONSE)
        due_at = due_from(order, row, order.terms, order.received_at) if row else order.received_at
        yield Duty(clock=CONFIRM, generation=1, turn=1, accountable=Role.DISPATCH_OPERATOR, due_at=due_at)


def _accountable(order: WorkOrder, clock: Clock) -> Role:
    """Return who answers for a clock: for handling that waits to be checked, whoever checks it (HND-12)."""
    if order.check_owed and clock.name is ClockName.HANDLING:
        return Role.CONTRACTOR_SUPERVISOR
    return row_of_clock(clock, order.terms_of(clock)).accountable


def _duty(order: WorkOrder, clock: Clock) -> Duty:
    terms, due = order.terms_of(clock), order.due(clock)
    row = row_of_clock(clock, terms)
    return Duty(
        clock=clock.name,
        generation=clock.generation,
        turn=clock.turn,
        accountable=_accountable(order, clock),
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
        case e.Returned() | e.Transferred() | e.CompletionReported() | e.ContractorWorkChecked():
            yield from handed(order, event, seq)
        case e.AssignmentAdded() | e.AssignmentCompleted() | e.AssignmentCancelled():
            yield from handed(order, event, seq)
        case e.Received(repeat=e.Repeat() as repeat):
            body = {"role": repeat.raise_to.value, "number": repeat.number, "other": repeat.of}
            yield OutgoingRow(seq=seq, topic=REPEATED, body={**case_of(order), **body})
        case e.Urged():
            yield from _urged(order, event, seq)
        case e.SuspensionRequested() | e.SuspensionApproved() | e.SuspensionRefused():
            yield _suspension(order, event, seq)
        case e.CallbackExhausted():
            body = {"role": Role.RESIDENT.value, "person": f"resident:{order.reporter}"}
            yield OutgoingRow(seq=seq, topic=CALLBACK_LINK, body={**case_of(order), **body})
        case e.Resumed(because="cap"):
            body = {"role": Role.ASSIGNEE.value, "reason": event.pause_reason}
            yield OutgoingRow(seq=seq, topic=PAUSE_OVER, body={**case_of(order), **body})


def _suspension(
    order: WorkOrder, event: e.SuspensionRequested | e.SuspensionApproved | e.SuspensionRefused, seq: int
) -> OutgoingRow:
    """Ask whoever approves a pause; tell whoever asked for it what became of it (CLK-17)."""
    if isinstance(event, e.SuspensionRequested):
        body = {"role": event.approver.value, "reason": event.pause_reason, "asked_by": event.author.actor}
        return OutgoingRow(seq=seq, topic=SUSPENSION_REQUESTED, body={**case_of(order), **body})
    granted = "approved" if isinstance(event, e.SuspensionApproved) else "refused"
    body = {"role": Role.ASSIGNEE.value, "person": event.requested_by, "decision": granted}
    return OutgoingRow(seq=seq, topic=SUSPENSION_DECIDED, body={**case_of(order), **body})


def _breached(order: WorkOrder, event: e.ClockBreached, seq: int) -> Iterator[OutgoingRow]:
    """Tell the first contact of every breach (INT-06), unless level 1 tells him of it at that very instant."""
    if not order.terms.tells or order.first_contact is None or _ladder_tells_him(order, event):
        return
    said = {"clock": event.clock.value, "generation": event.generation, "turn": event.turn}
    yield OutgoingRow(seq=seq, topic=BREACHED, body={**case_of(order), "role": Role.FIRST_CONTACT.value, **said})


def _ladder_tells_him(order: WorkOrder, event: e.ClockBreached) -> bool:
    """Tell whether level 1 goes to the first contact with the breach itself.

    A child's ladder keeps silent (ESC-13), and a level that urges fired before the breach is not fired again (INT-18).
    """
    clock = order.clock(event)
    first = ladder_of(clock, order.terms_of(clock)).levels[:1]
    his = any(one.to is Role.FIRST_CONTACT and one.after_s == 0 for one in first)
    fired_before = any(one.acts_from < event.at for one in clock.fired)
    return his and not fired_before and event.incident is None


def _urged(order: WorkOrder, event: e.Urged, seq: int) -> Iterator[OutgoingRow]:
    """Tell whoever answers to the owner, and whoever holds the order; nobody yet: the operators (INT-18)."""
    if not order.terms.tells:
        return
    said = {**case_of(order), "number": event.number}
    answers = Role.FIRST_CONTACT if order.first_contact else Role.DISPATCH_OPERATOR
    yield OutgoingRow(seq=seq, topic=URGED, body={**said, "role": answers.value})
    if order.assignee is not None and order.stage in {Stage.DISPATCH, Stage.HANDLING}:
        yield OutgoingRow(seq=seq, topic=URGED_WORK, body={**said, "role": Role.ASSIGNEE.value})


def _escalation(order: WorkOrder, event: e.Escalated, seq: int) -> OutgoingRow:
    """Tell which level fired; `above` are the roles of the levels after it, for when nobody holds its own (ESC-11)."""
    clock = order.clock(event)
    levels = ladder_of(clock, order.terms_of(clock)).levels[event.level :]
    fired = {"clock": event.clock.value, "generation": event.generation, "turn": event.turn, "level": event.level}
    fired |= {"cause": event.because} if event.because and not _breached_before(clock, event.at) else {}
    whom = {"role": event.addressee.value, "action": event.action.value, "above": ",".join(one.to for one in levels)}
    whose = {"children": list(event.children)} if event.children else {}
    return OutgoingRow(seq=seq, topic=ESCALATION, body={**case_of(order), **whom, **fired, **whose})


def _breached_before(clock: Clock, at: datetime) -> bool:
    """Tell whether a level speaks of a breach, whatever made it fire; else its message says that there is none yet."""
    return clock.breached_at is not None and clock.breached_at < at


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
