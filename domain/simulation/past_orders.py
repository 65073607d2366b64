"""Past orders: a matter's class and the instants of its acts, as far as they are known; nothing else of it."""

from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime
from enum import StrEnum
from itertools import takewhile
from typing import Any, NamedTuple

from domain import events as e
from domain.vocabulary import ClockName, FeedbackKind, Kind, Severity


class Act(StrEnum):
    """What happened to an order and may start or stop a clock, in the order of a life."""

    RECEIVED = "received_at"
    RESPONDED = "responded_at"
    REGISTERED = "registered_at"
    DISPATCHED = "dispatched_at"
    ACCEPTED = "accepted_at"
    ARRIVED = "arrived_at"
    PLAN_GIVEN = "plan_given_at"
    COMPLETED = "completed_at"  # the work is done
    FED_BACK = "fed_back_at"  # the first word with substance: result, plan or progress (CLK-03)
    RESULT_TOLD = "result_told_at"
    CALLED_BACK = "called_back_at"
    CLOSED = "closed_at"


class PastOrder(NamedTuple):
    """One order that was lived: its first life, up to the close or to the first reopening."""

    community: str
    category: str
    kind: Kind | None  # none = the category's
    severity: Severity | None  # none = the category's
    acts: Mapping[Act, datetime]  # `received_at` always; an act that is missing is not known to have happened
    known_until: datetime | None = None  # so far nothing is missing: what is not here had not happened by then
    untold: frozenset[ClockName] = frozenset()  # clocks these instants would misjudge: they stood still or began anew


class Told(NamedTuple):
    """One stored event, as far as this account needs it."""

    type: str  # work_order.feedback_given
    at: datetime
    payload: Mapping[str, Any]


HAPPENED: Mapping[str, Act] = {
    e.Received.type_name(): Act.RECEIVED,
    e.Responded.type_name(): Act.RESPONDED,
    e.Registered.type_name(): Act.REGISTERED,
    e.Dispatched.type_name(): Act.DISPATCHED,
    e.Accepted.type_name(): Act.ACCEPTED,
    e.Arrived.type_name(): Act.ARRIVED,
    e.PlanGiven.type_name(): Act.PLAN_GIVEN,
    e.HandlingCompleted.type_name(): Act.COMPLETED,
    e.FeedbackGiven.type_name(): Act.FED_BACK,
    e.CallbackRecorded.type_name(): Act.CALLED_BACK,
    e.Closed.type_name(): Act.CLOSED,
}
"""The act that an event is; the first of each counts."""

SUSPENDED, REOPENED = e.Suspended.type_name(), e.Reopened.type_name()
ACCEPTED, ARRIVED = e.Accepted.type_name(), e.Arrived.type_name()
RETURNED, TRANSFERRED = e.Returned.type_name(), e.Transferred.type_name()
EXHAUSTED = e.CallbackExhausted.type_name()
TOLD_TYPES = (*HAPPENED, SUSPENDED, REOPENED, RETURNED, TRANSFERRED, EXHAUSTED)
"""Every event that an account is made from."""


def past_order(
    community: str, category: str, kind: Kind, severity: Severity, events: Sequence[Told], now: datetime
) -> PastOrder:
    """Give an account of an order from its events; of one that is still open everything is known up to now."""
    life = tuple(takewhile(lambda event: event.type != REOPENED, events))
    again = next((event.at for event in events if event.type == REOPENED), now)
    acts = _acts(life)
    return PastOrder(community, category, kind, severity, acts, acts.get(Act.CLOSED, again), _untold(life))


def _acts(life: Iterable[Told]) -> dict[Act, datetime]:
    found: dict[Act, datetime] = {}
    for event in life:
        if event.type in HAPPENED:
            found.setdefault(HAPPENED[event.type], event.at)
        if event.type == e.FeedbackGiven.type_name() and event.payload["kind"] == FeedbackKind.RESULT:
            found.setdefault(Act.RESULT_TOLD, event.at)
    return found


def _untold(life: Sequence[Told]) -> frozenset[ClockName]:
    """Name the clocks that stood still (CLK-19), were offered more than once, or were dropped on the way back.

    The callback of somebody who was never reached is neither in time nor late: it counts in no rate (CBK-07).
    """
    held = (ClockName(one["clock"]) for event in life if event.type == SUSPENDED for one in event.payload["clocks"])
    types = [event.type for event in life]
    offered_again = {RETURNED, TRANSFERRED} & {*_before(types, ACCEPTED)}
    given_back = RETURNED in _before(types[len(_before(types, ACCEPTED)) :], ARRIVED)
    more = [ClockName.ACCEPT] * bool(offered_again) + [ClockName.ARRIVE] * given_back
    more += [ClockName.CALLBACK] * (EXHAUSTED in types)
    return frozenset((*held, *more))


def _before(types: Sequence[str], one: str) -> Sequence[str]:
    """Return what comes before the first event of a kind: everything, when there is none."""
    return types[: types.index(one)] if one in types else types
