"""A command as a door hears it, as it is checked, and in its envelope."""

import secrets
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from domain.commands import CommandName, Envelope
from domain.vocabulary import Channel
from records.attachments import Attachment
from starter.actor import Actor
from starter.desk import key_digest


@dataclass(frozen=True)
class Request:
    """A command as a door hears it: plain words included, which never leave the record's vault."""

    order_id: str
    command: CommandName
    actor: Actor
    said: Mapping[str, Any] = field(default_factory=dict, repr=False)
    key: str = field(default_factory=lambda: secrets.token_urlsafe(16))
    channel: Channel = Channel.CLI
    expected_version: int | None = None
    stated_at: datetime | None = None
    request_id: str = field(default_factory=lambda: f"req_{secrets.token_hex(8)}")


@dataclass(frozen=True)
class Prepared:
    """A command checked at the door: its payload with places for the words, the words, and new terms."""

    payload: dict[str, Any]
    texts: dict[str, str] = field(repr=False)
    terms: dict[str, dict[str, Any]] = field(repr=False)
    files: tuple[Attachment, ...] = ()
    named: frozenset[str] = frozenset()  # digests of files that the order must have already


def key_of(request: Request, community: str) -> bytes:
    """Return the look-up key of a request."""
    return key_digest(community, request.actor, f"{request.order_id}/{request.command.value}", request.key)


def envelope_of(request: Request, payload: Mapping[str, Any], key: str = "") -> Envelope:
    """Put a request into the envelope in which every command comes; `key` is the digest of its key, if it is sent."""
    return Envelope(
        command=request.command.value,
        actor=request.actor.id,
        roles=request.actor.roles,
        channel=request.channel,
        request_id=request.request_id,
        key=key,
        expected_version=request.expected_version,
        stated_at=request.stated_at,
        payload=dict(payload),
    )
