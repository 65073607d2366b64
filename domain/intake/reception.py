"""Receiving: a matter becomes a work order whose clocks count from when the words reached us."""

from datetime import datetime
from typing import Any

from pydantic import AwareDatetime, BaseModel, ConfigDict, Field

from domain import events as e
from domain.evolve import born
from domain.intake.events import Proposal, Repeat
from domain.order import WorkOrder
from domain.payloads import Brought, Words
from domain.terms import Terms
from domain.unfolding import Unfolding, end_if_over
from domain.vocabulary import Cause, Channel, Kind, Role, Severity


def unsaid(value: object) -> bool:
    """Tell what is left out of the stored form, so that older histories read as they were written."""
    return value is None


HEARD = ("area", "posted_at", "remedy", "proposed", "complained_of", "repeat")
"""What only a reception tells of a matter, beside what every first event does."""


class Reception(BaseModel):
    """What a door knows of a new matter: the start of a work order (`Receive`). No personal data."""

    model_config = ConfigDict(frozen=True)

    v: int = 1
    order_id: str
    community: str
    kind: Kind
    category: str
    severity: Severity
    channel: Channel
    received_at: AwareDatetime
    entered_at: AwareDatetime | None = Field(None, exclude_if=lambda at: at is None)
    """When a door wrote it down; none = when its process began, as before 0.3 (CLK-32)."""
    contacted_at: AwareDatetime | None = None  # live channels: the owner was answered then (CLK-07)
    first_contact: str | None = None  # who answered
    actor: str  # usr_… who typed it, resident:sub_… or system
    role: Role
    request_id: str
    reporter: str  # sub_…
    recorder: str | None = None
    building: str | None = None
    words: Words
    external_id: str | None = None
    flags: tuple[str, ...] = ()
    attachments: Brought = ()
    area: str | None = Field(None, exclude_if=unsaid)
    posted_at: AwareDatetime | None = Field(None, exclude_if=unsaid)
    remedy: Words | None = Field(None, exclude_if=unsaid)
    proposed: Proposal | None = Field(None, exclude_if=unsaid)
    complained_of: tuple[str, ...] | None = Field(None, exclude_if=unsaid)  # usr_…, staff the matter is about (DSP-13)
    repeat: Repeat | None = Field(None, exclude_if=unsaid)
    terms: Terms
    members: tuple[str, ...] = Field((), exclude_if=lambda members: not members)  # wo_…: this is an incident's parent


def receive(reception: Reception, now: datetime) -> tuple[WorkOrder, list[e.Event]]:
    """Take a matter in: its clocks count from `received_at`, whenever the engine hears of it (CLK-06).

    What was past when a door wrote it down is a late entry (CLK-32); what passed until the engine heard of it is made
    up (ESC-08).
    """
    first = _proposed(reception) if reception.members else _received(reception, now)
    step = Unfolding(born(first, reception.order_id, now), now)
    step.events.append(first)
    step.settle(first)
    if reception.contacted_at is not None:
        # The door's clock and the engine's differ: an answer lies neither before the reception nor ahead of now.
        answered_at = max(reception.received_at, min(reception.contacted_at, now))
        step.alarms(before=answered_at)
        author = first.author.model_copy(update={"cause": Cause.RULE})
        contact = reception.first_contact or reception.actor
        step.happens(e.Responded(at=answered_at, author=author, first_contact=contact))
        end_if_over(step, author, answered_at)
    step.alarms(before=now)
    return step.order, step.events


def _received(reception: Reception, now: datetime) -> e.Received:
    told = {name: getattr(reception, name) for name in ("recorder", "external_id", *HEARD)}
    entered = reception.entered_at and min(reception.entered_at, now)  # two machines' clocks differ
    brought = {"flags": reception.flags or None, "attachments": reception.attachments or None}
    return e.Received.model_validate({**_first(reception), **told, **brought, "entered_at": entered})


def _proposed(reception: Reception) -> e.IncidentProposed:
    """Begin the parent of several cases: nothing is owed before a person confirms it (GRP-05)."""
    return e.IncidentProposed.model_validate({**_first(reception), "members": reception.members})


def _first(reception: Reception) -> dict[str, Any]:
    """Return what every first event of an order tells."""
    terms = reception.terms
    author = e.Author(
        actor=reception.actor,
        role=reception.role,
        channel=reception.channel,
        cause=Cause.COMMAND,
        request_id=reception.request_id,
    )
    same = ("community", "kind", "category", "severity", "reporter", "building", "words")
    return {
        "at": reception.received_at,
        "author": author,
        **{name: getattr(reception, name) for name in same},
        "policy": terms.policy,
        "policy_version": terms.version,
        "terms_digest": terms.digest,
        "terms": terms,
    }
