"""What every door stands on: record, engine, keys and settings, and how it speaks of them when they are away."""

import asyncio
import hashlib
import hmac
from collections.abc import Awaitable, Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from functools import cached_property
from typing import Any, TypeVar

from temporalio.client import Client

from domain import audit
from domain.dispatch.roster import Roster, roster_of
from domain.refusals import Refused
from domain.settings.community import CommunityFile
from records import read as reading
from records import subjects
from records.errors import RecordsAway, RecordsRefused, guarded
from records.pool import Pool
from records.settings_versions import Version
from records.vault import KeyRing
from starter.actor import Actor

T = TypeVar("T")
PATIENCE = timedelta(seconds=10)
"""How long a door waits for the engine (specs/http_api.md section 6)."""
PROMPT = timedelta(seconds=2)
"""How long reception waits for the engine: the number comes within 5 s (INT-14), the relay starts what has no process.
"""


@dataclass(frozen=True)
class Desk:
    """What a door needs to serve: the record, the engine, the keys and the settings in force."""

    pool: Pool
    engine: Client
    ring: KeyRing
    settings: CommunityFile
    version: Version | None = None  # of the settings; none = they come from a file
    index_keys: dict[str, bytes] = field(default_factory=dict, repr=False)

    @cached_property
    def roster(self) -> Roster:
        """Return the staff table of the settings in force; its version is a digest, so it is made once.

        That of a loaded version is the digest it was loaded with: decisions that keep it lead back to it (DSP-14).
        """
        found = roster_of(self.settings)
        return found.model_copy(update={"version": self.version.roster}) if self.version else found


def key_digest(community: str, actor: Actor, route: str, key: str) -> bytes:
    """Return the look-up key of an idempotency key: it means something only for this person and route."""
    said = {"tenant": community, "principal": actor.id, "route": route, "key": key}
    return hashlib.sha256(audit.canonical(said)).digest()


async def fingerprint(desk: Desk, community: str, said: Mapping[str, Any]) -> bytes:
    """Digest a request's content under the community's own key, for it holds words that a plain hash would betray."""
    if community not in desk.index_keys:
        desk.index_keys[community] = await kept(_index_key(desk, community))
    return hmac.digest(desk.index_keys[community], audit.canonical(_integers(said)), "sha256")


@guarded  # a connection may break while it is lent or given back, not only in a query
async def _index_key(desk: Desk, community: str) -> bytes:
    async with desk.pool.acquire() as connection:
        return await subjects.index_key(connection, desk.ring, community)


def _integers(value: Any) -> Any:
    """Write fractions as text: canonical JSON of ours knows integers only."""
    if isinstance(value, Mapping):
        return {name: _integers(item) for name, item in value.items()}
    if isinstance(value, list | tuple):
        return [_integers(item) for item in value]
    return repr(value) if isinstance(value, float) else value


async def house_time(desk: Desk) -> datetime:
    """Return the time by the record's clock: one for all doors, whatever the clock of their own machine says."""
    return await kept(reading.server_time(desk.pool))


async def patiently(work: Awaitable[T], patience: timedelta = PATIENCE) -> T:
    """Wait for the engine as long as a door does; raises RuntimeError then, as a client that finds no server.

    A server that is frozen accepts connections and is silent: the SDK alone would wait half a minute for its greeting.
    """
    try:
        return await asyncio.wait_for(work, patience.total_seconds())
    except TimeoutError:
        raise RuntimeError("no answer") from None


async def kept(work: Awaitable[T], **facts: str) -> T:
    """Wait for the record; say in the trade's words when it is away or answers no."""
    try:
        return await work
    except RecordsAway:
        raise Refused("records-away") from None
    except RecordsRefused as refusal:
        raise Refused(refusal.code, **facts) from None


async def quietly(work: Awaitable[object]) -> None:
    """Note something that the relay or a repetition mends when the record is away just now."""
    try:
        await work
    except RecordsAway:
        return
