"""事事有回音: whether an order that ended had its answer, and one that lives is still owed one (CBK-11)."""

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from domain import events as e
from domain.simulation.past_orders import Told
from domain.vocabulary import CloseReason, FeedbackKind, Kind

ENDS_BY: Mapping[str, type[e.Event]] = {
    CloseReason.CONFIRMED: e.CallbackRecorded,
    CloseReason.NOT_REACHED: e.CallbackExhausted,
}
"""What must have happened in the last life of an order that was closed for a reason; every other reason says why
nobody had to be called (glossary, section 8)."""

CLASSES = frozenset({kind.type_name() for kind in (e.Received, e.Classified, e.Reclassified)})


def unanswered(events: Sequence[Told]) -> tuple[str, ...]:
    """Name, as codes, what an order lacks: feedback or callback before its end, or any duty while it lives."""
    life = _last_life(events)
    closed = next((event for event in reversed(life) if event.type == e.Closed.type_name()), None)
    if closed is None:
        return () if _owed(events) or _waits(events) else ("open-without-duty",)
    return _unthanked(events) if _is_praise(events) else tuple(_lacking(life, str(closed.payload["reason"])))


def _is_praise(events: Sequence[Told]) -> bool:
    """Whether it was praise at last, by its latest classification."""
    kinds = [event.payload["kind"] for event in events if event.type in CLASSES]
    return kinds[-1:] == [Kind.PRAISE]


def _unthanked(events: Sequence[Told]) -> tuple[str, ...]:
    """Name what answered praise lacks: somebody who answered it (INT-17)."""
    answered = any(event.type == e.Responded.type_name() for event in events)
    withdrawn = any(event.type == e.Withdrawn.type_name() for event in events)
    return () if answered or withdrawn else ("closed-without-feedback",)


def _lacking(life: Sequence[Told], reason: str) -> Iterator[str]:
    wanted = ENDS_BY.get(reason)
    if wanted is None:
        return
    if not any(_is_result(event.type, event.payload) for event in life):
        yield "closed-without-feedback"
    if not any(event.type == wanted.type_name() for event in life):
        yield "closed-without-callback"


def _last_life(events: Sequence[Told]) -> Sequence[Told]:
    """Return what happened since the order began, or was last reopened."""
    begun = [number for number, event in enumerate(events) if event.type == e.Reopened.type_name()]
    return events[begun[-1] :] if begun else events


def _is_result(kind: str, payload: Mapping[str, Any]) -> bool:
    return kind == e.FeedbackGiven.type_name() and payload["kind"] == FeedbackKind.RESULT


def _waits(events: Sequence[Told]) -> bool:
    """Whether it is an incident before a person confirms it, or one that is dealt with: the clocks are its children's.

    It ends when they have (GRP-05, GRP-06).
    """
    kinds = {event.type for event in events}
    at_work = e.IncidentConfirmed.type_name() in kinds and e.HandlingCompleted.type_name() not in kinds
    return e.IncidentProposed.type_name() in kinds and not at_work


def _owed(events: Sequence[Told]) -> bool:
    """Whether a clock was started and not stopped, or runs again as if it never had been (GRP-07)."""
    count = Counter(event.type for event in events)
    detached = e.DetachedFromIncident.type_name()
    again = sum(len(event.payload.get("again") or ()) for event in events if event.type == detached)
    return count[e.ClockStarted.type_name()] + again > count[e.ClockStopped.type_name()]
