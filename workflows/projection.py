"""What the world is shown of an order: its current row, and what must be sent because of its events."""

from collections.abc import Sequence

from domain import events as e
from domain.commands import Words
from domain.order import WorkOrder
from workflows.effects import CurrentRow, OutgoingRow, SealedEvent

ESCALATION = "escalation"


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
        team=order.team,
        assignee=order.assignee,
        next_due_clock=clock and clock.name,
        next_due_at=due_at,
        breaches=sum(clock.breached_at is not None for clock in order.clocks),
        level=max((fired.level for clock in order.running for fired in clock.fired), default=0),
        urges=len(order.urges),
        closed_at=order.closed_at,
        close_reason=order.close_reason,
    )


def outgoing(order: WorkOrder, events: Sequence[e.Event], sealed: Sequence[SealedEvent]) -> tuple[OutgoingRow, ...]:
    """Return what the relay must carry: one row for each ladder level that fired (design 4a.4)."""
    pairs = zip(events, sealed, strict=True)
    return tuple(_escalation(order, event, row.seq) for event, row in pairs if isinstance(event, e.Escalated))


def _escalation(order: WorkOrder, event: e.Escalated, seq: int) -> OutgoingRow:
    named = {"first_contact": order.first_contact, "assignee": order.assignee, "team": order.team}
    fired = {"clock": event.clock.value, "generation": event.generation, "turn": event.turn, "level": event.level}
    whom = {"community": order.community, "role": event.addressee.value, "action": event.action.value}
    return OutgoingRow(seq=seq, topic=ESCALATION, body={**whom, **fired, **named})


def text_ids(events: Sequence[e.Event]) -> tuple[str, ...]:
    """Return the ids of the words that events refer to, so that the record keeps them."""
    said = (getattr(event, name, None) for event in events for name in ("words", "reason"))
    return tuple(words.id for words in said if isinstance(words, Words))
