"""Canonical bytes, digests and the hash chain of an order's events (specs/privacy_audit.md B1)."""

import hashlib
from collections.abc import Mapping
from datetime import UTC, datetime
from typing import Any

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
