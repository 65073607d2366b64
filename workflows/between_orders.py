"""What an event of one order asks to be carried to others: between an incident and its children (decision 0010)."""

from collections.abc import Iterator, Sequence
from datetime import datetime

from domain import events as e
from domain.child_clock import ChildClock
from domain.commands import CommandName
from domain.order import OfClock, WorkOrder
from domain.vocabulary import FeedbackKind
from workflows.effects import OutgoingRow

INCIDENT_JOINING = "incident_joining"
CHILD_CLOCKS = "child_clocks"
CHILD_JOINED = "child_joined"
TO_CHILDREN = "to_children"
TOPICS = frozenset({INCIDENT_JOINING, CHILD_CLOCKS, CHILD_JOINED, TO_CHILDREN})


def between_orders(order: WorkOrder, event: e.Event, seq: int) -> Iterator[OutgoingRow]:
    """Yield what other orders must hear of an event."""
    match event:
        case e.IncidentConfirmed():
            yield OutgoingRow(seq=seq, topic=INCIDENT_JOINING, body={"members": list(event.members)})
        case e.HandlingCompleted() if order.members:
            yield _solving(order, seq)
        case e.MassNoticeGiven():
            yield _mass_notice(event, seq)
        case e.AttachedToIncident():
            yield OutgoingRow(seq=seq, topic=CHILD_JOINED, body={"incident": event.incident})
    yield from _child_clocks(order, event, seq)


def _solving(order: WorkOrder, seq: int) -> OutgoingRow:
    """Tell every child that its cause is dealt with; one that joins later too (GRP-06)."""
    said = {"incident": order.order_id, "handlers": list(order.handlers)}
    return OutgoingRow(
        seq=seq, topic=TO_CHILDREN, body={"command": CommandName.SOLVE_WITH_INCIDENT.value, "said": said, "late": True}
    )


def _mass_notice(event: e.MassNoticeGiven, seq: int) -> OutgoingRow:
    """Tell every child's owner; the result also those of children that join later (GRP-06)."""
    texts = {name: words.id for name in ("words", "found") if (words := getattr(event, name)) is not None}
    said = {"kind": event.kind.value, "by": event.by.value, "actor": event.author.actor, "texts": texts}
    late = event.kind is FeedbackKind.RESULT
    return OutgoingRow(
        seq=seq, topic=TO_CHILDREN, body={"command": CommandName.GIVE_FEEDBACK.value, "said": said, "late": late}
    )


def _child_clocks(order: WorkOrder, event: e.Event, seq: int) -> Iterator[OutgoingRow]:
    """Yield what the incident must hear of a child's breached clocks; nothing of a child of none (ESC-13)."""
    match event:
        case e.ClockBreached(incident=str(incident)) | e.ClockStopped(incident=str(incident)):
            clocks: Sequence[OfClock] = (event,)
        case e.AttachedToIncident(incident=incident) | e.DetachedFromIncident(incident=incident):
            clocks = event.clocks or ()
        case _:
            return
    ended_at = event.at if isinstance(event, e.ClockStopped | e.DetachedFromIncident) else None
    told = [_told_of(order, one, seq, ended_at).model_dump(mode="json", exclude_none=True) for one in clocks]
    if told:
        yield OutgoingRow(seq=seq, topic=CHILD_CLOCKS, body={"incident": incident, "clocks": told})


def _told_of(order: WorkOrder, one: OfClock, seq: int, ended_at: datetime | None) -> ChildClock:
    clock = order.clock(one)
    return ChildClock(
        clock=clock.name,
        generation=clock.generation,
        turn=clock.turn,
        child=order.order_id,
        breached_at=clock.breached_at or ended_at or order.received_at,
        ended_at=ended_at,
        seq=seq,
        terms_digest=clock.terms_digest,
    )
