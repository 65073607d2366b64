"""Canonical bytes, digests and the hash chain of an order's events (specs/privacy_audit.md B1)."""

import hashlib
import json
from collections.abc import Iterable, Mapping
from datetime import UTC, datetime
from typing import Any, NamedTuple

import rfc8785

CHAIN = b"huiyin-order-chain-v1"


def canonical(value: Mapping[str, Any]) -> bytes:
    """Return the RFC 8785 bytes of a JSON object."""
    return rfc8785.dumps(dict(value))


def genesis(chain_id: str) -> bytes:
    """Return h0 of a chain: SHA-256("huiyin-order-chain-v1" ‖ 0x0A ‖ chain id)."""
    return hashlib.sha256(CHAIN + b"\n" + chain_id.encode()).digest()


def link(previous: bytes, body: bytes) -> bytes:
    """Return the next hash of a chain: SHA-256(previous ‖ canonical bytes of the event)."""
    return hashlib.sha256(previous + body).digest()


def digest(value: Mapping[str, Any]) -> str:
    """Return the SHA-256 (hex) of a JSON object's canonical bytes."""
    return hashlib.sha256(canonical(value)).hexdigest()


def instant_text(at: datetime) -> str:
    """Write an instant as UTC with `Z` and 6 decimals, the only form that events know."""
    return at.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%S.%fZ")


def read_instant(text: str) -> datetime:
    """Read an instant written by `instant_text`."""
    return datetime.strptime(text, "%Y-%m-%dT%H:%M:%S.%fZ").replace(tzinfo=UTC)


class Break(NamedTuple):
    """The first place at which a chain is not what was written."""

    seq: int
    why: str  # event-missing | event-changed | event-elsewhere


def first_break(chain_id: str, links: Iterable[tuple[int, bytes, bytes]]) -> Break | None:
    """Follow a chain, given as seq, body and hash in its order; None when it is whole (privacy_audit B1, AUD-04).

    An end that was cut off is seen by nobody who knows the chain alone.
    """
    head = genesis(chain_id)
    for expected, (seq, body, written) in enumerate(links, 1):
        if seq != expected:
            return Break(expected, "event-missing")
        head = link(head, body)
        if head != written:
            return Break(seq, "event-changed")
        if not _stands_here(chain_id, seq, body):
            return Break(seq, "event-elsewhere")
    return None


def _stands_here(chain_id: str, seq: int, body: bytes) -> bool:
    """Tell whether an event has the form of one, is canonical, and names this very place of this chain."""
    try:
        told = json.loads(body)
        formed = isinstance(told["type"], str) and isinstance(told["payload"], dict)
        return formed and canonical(told) == body and (told["order_id"], told["seq"]) == (chain_id, seq)
    except (ValueError, TypeError, KeyError):
        return False
