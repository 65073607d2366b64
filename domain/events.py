"""Events: what happened to a work order, in the past tense (glossary, section 4)."""

import re
from collections.abc import Mapping
from datetime import datetime
from typing import Any

from pydantic import AwareDatetime, BaseModel, ConfigDict, Field

from domain.audit import canonical, instant_text
from domain.commands import Words
from domain.terms import Terms
from domain.vocabulary import (
    Cause,
    Channel,
    ClockName,
    CloseReason,
    FeedbackKind,
    Kind,
    LadderAction,
    Outcome,
    Role,
    Severity,
)


class Author(BaseModel):
    """Who made an event happen, in which role, by which channel, and what caused it (AUD-05)."""

    model_config = ConfigDict(frozen=True)

    actor: str
    role: Role
    channel: Channel
    cause: Cause
    request_id: str | None = None


class Event(BaseModel):
    """One fact of an order. `at` is when it happened; when it was recorded is known to the order's chain."""

    model_config = ConfigDict(frozen=True)

    at: AwareDatetime
    author: Author

    @classmethod
    def type_name(cls) -> str:
        """Name of the event in chains, webhooks and logs: `work_order.feedback_given`."""
        return "work_order." + re.sub(r"(?<!^)(?=[A-Z])", "_", cls.__name__).lower()

    def facts(self) -> dict[str, Any]:
        """Return the event's own fields as JSON, optional ones left out when empty."""
        fields = self.model_dump(exclude={"at", "author"}, exclude_none=True)
        return {name: _plain(value) for name, value in fields.items()}


class Received(Event):
    """The words reached us; `at` is `received_at`, whenever it was typed (CLK-06)."""

    community: str
    kind: Kind
    category: str
    severity: Severity
    reporter: str  # sub_…
    recorder: str | None = None  # usr_…, on behalf (INT-02)
    building: str | None = None
    words: Words
    external_id: str | None = None
    flags: tuple[str, ...] | None = None
    policy: str
    policy_version: str
    terms_digest: str
    terms: Terms | None = Field(default=None, exclude=True)


class Responded(Event):
    """A person answered the owner; from now on there is a first contact (INT-05)."""

    first_contact: str
    words: Words | None = None


class FirstContactChanged(Event):
    """Another person answers to the owner."""

    first_contact: str
    before: str | None = None
    reason: Words


class Registered(Event):
    """The matter is written down."""

    words: Words | None = None


class Classified(Event):
    """Category, kind and severity were decided; clocks that start from now on follow these terms."""

    category: str
    kind: Kind
    severity: Severity
    policy: str
    policy_version: str
    terms_digest: str
    terms: Terms | None = Field(default=None, exclude=True)


class Reclassified(Classified):
    """They were changed, for a reason."""

    reason: Words


class Dispatched(Event):
    """The order was given to a team and offered to a person."""

    team: str
    assignee: str
    mode: str


class Accepted(Event):
    """The person took it."""

    assignee: str


class Returned(Event):
    """The person gave it back."""

    assignee: str
    reason: Words


class Transferred(Event):
    """The order goes to another person, who must accept it."""

    team: str
    assignee: str
    before: str
    reason: Words


class PromiseMade(Event):
    """A time window was told to the owner."""

    act: str
    number: int
    window_start_at: AwareDatetime
    window_end_at: AwareDatetime
    words: Words | None = None


class Arrived(Event):
    """The person is on the spot."""

    assignee: str


class HandlingCompleted(Event):
    """The work is done."""

    assignee: str
    visits: int
    words: Words


class FeedbackGiven(Event):
    """The owner was told in words."""

    kind: FeedbackKind
    by: Channel
    words: Words


class CallbackRecorded(Event):
    """The owner was asked how it went."""

    resolved: bool
    attitude: int
    timeliness: int
    quality: int
    words: Words | None = None


class RecoveryOpened(Event):
    """Something went wrong for the owner and shall be made good (CBK-10)."""

    reason: str


class RecoveryDone(Event):
    """It was made good."""

    words: Words


class Reopened(Event):
    """A new generation of the order's life begins."""

    generation: int
    rule: str
    reason: Words | None = None


class Urged(Event):
    """The owner asked for speed."""

    number: int
    by: Channel
    words: Words | None = None


class Withdrawn(Event):
    """The owner withdrew the matter."""

    by: Channel
    reason: Words


class Acknowledged(Event):
    """The addressee of a ladder level has seen it."""

    clock: ClockName
    generation: int
    turn: int
    level: int


class Noted(Event):
    """A remark."""

    words: Words


class Closed(Event):
    """The end, which a reopening alone can undo."""

    reason: CloseReason


class ClockEvent(Event):
    """What happened to one clock: its name, the order's generation, and the how-manieth start within it."""

    clock: ClockName
    generation: int
    turn: int


class ClockStarted(ClockEvent):
    """A duty began. `budget_microseconds` is open time of the calendar; the deadline follows from it (CLK-22)."""

    terms_digest: str
    limit: str
    budget_microseconds: int
    calendar: str
    calendar_version: str
    ladder: str
    accountable: Role
    source: str
    due_at: AwareDatetime
    provisional: bool | None = None
    act: str | None = None  # of a promise: what stops it


class ClockStopped(ClockEvent):
    """A duty ended. `consumed_microseconds` is the open time it took."""

    outcome: Outcome
    consumed_microseconds: int


class PlannedEvent(ClockEvent):
    """What a clock does at a planned instant, with what a late hour adds to it (CLK-32, ESC-08)."""

    late_entry: bool | None = None
    late: bool | None = None
    late_by_seconds: int | None = None


class ClockWarned(PlannedEvent):
    """So many per cent of the limit are used up (ESC-01)."""

    percent: int


class ClockBreached(PlannedEvent):
    """The stop was not reached at `at`, which is the due instant itself (ESC-02)."""


class Escalated(PlannedEvent):
    """A ladder level fired; `at` is its planned instant (ESC-04)."""

    level: int
    addressee: Role
    action: LadderAction
    early: bool | None = None


def _leaves(kind: type[Event]) -> list[type[Event]]:
    return [leaf for sub in kind.__subclasses__() for leaf in [sub, *_leaves(sub)]]


EVENT_TYPES: Mapping[str, type[Event]] = {
    kind.type_name(): kind for kind in _leaves(Event) if kind not in {ClockEvent, PlannedEvent}
}
"""Every event by its stored name."""


def body_of(event: Event, *, order_id: str, seq: int, recorded_at: datetime, context: Mapping[str, str]) -> bytes:
    """Return the canonical bytes of an event; `context` is what `decide` can't know (run and update id)."""
    author = event.author
    stored: dict[str, Any] = {
        "actor": author.actor,
        "at": instant_text(event.at),
        "order_id": order_id,
        "payload": {
            **event.facts(),
            **context,
            "role": author.role.value,
            "channel": author.channel.value,
            "cause": author.cause.value,
        },
        "seq": seq,
        "type": event.type_name(),
    }
    if recorded_at != event.at:
        stored["recorded_at"] = instant_text(recorded_at)
    if author.request_id is not None:
        stored["request_id"] = author.request_id
    return canonical(stored)


def read_event(stored: Mapping[str, Any], terms: Mapping[str, Terms]) -> Event:
    """Turn a stored event back into the fact it tells; `terms` by digest, for those that pinned some."""
    payload = stored["payload"]
    author = {**{name: payload[name] for name in ("role", "channel", "cause")}, "actor": stored["actor"]}
    fields = {**payload, "at": stored["at"], "author": {**author, "request_id": stored.get("request_id")}}
    event = EVENT_TYPES[stored["type"]].model_validate(fields)
    if isinstance(event, Received | Classified):
        return event.model_copy(update={"terms": terms[event.terms_digest]})
    return event


def _plain(value: Any) -> Any:
    """Write instants in the one form that events know; everything else as JSON has it."""
    if isinstance(value, datetime):
        return instant_text(value)
    if isinstance(value, tuple):
        return list(value)
    return value if not isinstance(value, str) else str(value)
