"""What an event of one order asks to be carried to others: between an incident and its children (decision 0010)."""

from collections.abc import Iterator, Sequence
from datetime import datetime

from domain import events as e
from domain.commands import CommandName
from domain.groups.child_clock import ChildClock
from domain.order import OfClock, WorkOrder
from domain.vocabulary import MESSAGE_CHANNELS, Channel, CloseReason, FeedbackKind
from workflows.effects import OutgoingRow

INCIDENT_JOINING = "incident_joining"
CHILD_CLOCKS = "child_clocks"
CHILD_JOINED = "child_joined"
TO_CHILDREN = "to_children"
STANDS_ALONE = "stands_alone"
TOPICS = frozenset({INCIDENT_JOINING, CHILD_CLOCKS, CHILD_JOINED, TO_CHILDREN, STANDS_ALONE})
DISMISSED = "群发事件已否决(系统移出)"
"""Why a rule takes out who is still a child of a dismissed incident: it has ended, or joined at that very moment."""
TEXTS = ("words", "found", "why_not", "also_open", "referred_to")
"""What of a word to one owner is said to the others too."""


def between_orders(order: WorkOrder, event: e.Event, seq: int) -> Iterator[OutgoingRow]:
    """Yield what other orders must hear of an event."""
    if order.members or order.absorbed:
        yield from to_followers(order, event, seq)
    match event:
        case e.IncidentConfirmed():
            yield OutgoingRow(seq=seq, topic=INCIDENT_JOINING, body={"members": list(event.members)})
        case e.AttachedToIncident():
            yield OutgoingRow(seq=seq, topic=CHILD_JOINED, body={"incident": event.incident})
        case e.Merged():
            yield OutgoingRow(seq=seq, topic=CHILD_JOINED, body={"incident": event.survivor})
        case e.Unmerged(survivor=str(survivor)):
            yield OutgoingRow(seq=seq, topic=STANDS_ALONE, body={"survivor": survivor})
    yield from _child_clocks(order, event, seq)


def to_followers(order: WorkOrder, event: e.Event, seq: int) -> Iterator[OutgoingRow]:
    """Yield what children of an incident, or cases merged into an order, take over of it (GRP-01, GRP-06)."""
    match event:
        case e.HandlingCompleted() | e.SolvedTogether(moved=True):
            yield _solving(order, seq)
        case e.MassNoticeGiven() | e.FeedbackGiven():
            yield _mass_notice(event, seq)
        case e.IncidentDismissed(confirmed=True):
            said = {"incident": order.order_id, "reason": DISMISSED}
            body = {"command": CommandName.DETACH_FROM_INCIDENT.value, "said": said, "late": True}
            yield OutgoingRow(seq=seq, topic=TO_CHILDREN, body=body)
        case e.Closed(reason=CloseReason.WITHDRAWN):
            body = {"command": CommandName.UNMERGE.value, "said": {}, "late": True}
            yield OutgoingRow(seq=seq, topic=TO_CHILDREN, body=body)


def _solving(order: WorkOrder, seq: int) -> OutgoingRow:
    """Tell every child that its cause is dealt with; one that joins later too (GRP-06)."""
    said = {"leader": order.order_id, "handlers": list(order.handlers)}
    return OutgoingRow(
        seq=seq, topic=TO_CHILDREN, body={"command": CommandName.SOLVE_TOGETHER.value, "said": said, "late": True}
    )


def _mass_notice(event: e.MassNoticeGiven | e.FeedbackGiven, seq: int) -> OutgoingRow:
    """Tell every follower's owner the same, by a message; the result also those of orders that join later (GRP-06)."""
    texts = {name: words.id for name in TEXTS if (words := getattr(event, name, None)) is not None}
    by = event.by if event.by in MESSAGE_CHANNELS else Channel.SMS
    said = {"kind": event.kind.value, "by": by.value, "actor": event.author.actor, "texts": texts}
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
