"""`huiyin status`: is every part there, and how is the house doing, in words or as JSON."""

import json
import os
from dataclasses import asdict
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from rich.console import Console
from temporalio.client import Client

from domain.refusals import Refused
from domain.settings.faults import BadCommunity
from records.errors import RecordsError
from records.pool import Pool, open_pool
from records.schema import lost_tables, tables
from stack import temporal
from stack.checks import Check, check, located, logs, missing, unknown
from stack.folder import free_mb
from stack.ground import from_environment, read_ground
from stack.settings import Settings
from starter.ground import NOT_NOW
from starter.opening import DoorSettings, check_keys
from starter.settings_in_force import in_force, told_in_force, warnings_of
from starter.sight import Sight, look
from starter.status_page import Rules, files, house, parts, say

VERDICTS = {
    "postgres": "not-ready",
    "schema": "tables-lost",
    "keys": "keys-lost",
    "lost": "lost",
    "temporal": "no-engine",
    "worker": "no-worker",
    "relay": "no-relay",
}
"""What is away, or lost, and the sentence that says what that means; the worst comes first."""
LITTLE_MB = 50
"""With less room on the disk than this, parts that are not there have stopped for want of it."""
OF_RECEPTION = frozenset({"postgres", "schema", "keys"})
"""Without any of these nothing is received."""


async def status(data: Path, *, lang: str = "zh", as_json: bool = False, console: Console | None = None) -> int:
    """Ask every part and look at the house; 0 only when all of it is there, else 3."""
    console = console or Console()
    settings = from_environment(os.environ, data=data)
    found, sight, rules = await _seen(settings)
    up, free = read_ground(settings.data) is not None, free_mb(settings.data)
    full = free is not None and free < LITTLE_MB
    receiving = all(one.fine for one in found if one.part in OF_RECEPTION) and not sight.lost_orders
    if as_json:
        facts = {"ready": receiving, "up": up, "disk_free_mb": free, "parts": [asdict(one) for one in found]}
        document = json.dumps({**facts, "settings": rules, "sight": _facts(sight)}, ensure_ascii=False)
        console.print(document, soft_wrap=True, markup=False, highlight=False)
    else:
        verdict = verdict_of({one.part for one in found if not one.fine}, lost=bool(sight.lost_orders))
        console.print(parts(found, lang, up=up, full=full))
        if full:
            console.print(say(lang, "disk-full", data=settings.data, free=free), style="bold red", soft_wrap=True)
        console.print(say(lang, verdict), end="\n\n", soft_wrap=True)
        console.print(house(sight, rules, lang), end="\n\n")
        for path in (*files(found, rules), *logs(settings.data)):
            console.print(f"  {path}", soft_wrap=True, markup=False, highlight=False)
    return 0 if receiving and all(one.fine for one in found) else NOT_NOW


def verdict_of(away: set[str], *, lost: bool = False) -> str:
    """Choose the sentence that says what goes on and what waits (docs/operating.md)."""
    parts = away | {"lost"} if lost else away
    return next((verdict for part, verdict in VERDICTS.items() if part in parts), "ready")


async def _seen(settings: Settings) -> tuple[list[Check], Sight, Rules]:
    """Ask the servers, then the record for tables, keys and settings; look at the house as far as it is there."""
    there, found = located(settings), await check(settings)
    database, *others = found
    pool = await _opened(there) if database.fine else None
    if pool is None:
        nobody = unknown if there.database_url else missing
        return [database, nobody("schema"), nobody("keys"), *others], Sight(None, None), None
    async with pool:
        record = [await _tables(pool), await _keys(pool, settings.data)]
        engine = await _engine(there) if any(one.part == "temporal" and one.fine for one in others) else None
        return [database, *record, *others], await look(pool, engine), await _rules(pool)


async def _opened(there: Settings) -> "Pool | None":
    try:
        return await open_pool(there.database_url or "", max_size=1, application="huiyin-status")
    except RecordsError:
        return None


async def _rules(pool: Pool) -> Rules:
    file = DoorSettings().settings_file()
    try:
        found = await in_force(pool, file)
    except (Refused, BadCommunity):
        return None
    return {**told_in_force(found, file), "warnings": warnings_of(found.settings, datetime.now(UTC))}


async def _tables(pool: Pool) -> Check:
    """Name the tables that are lost, or not filled again yet (OPS-09)."""
    try:
        lost = await lost_tables(pool)
    except RecordsError:
        return unknown("schema")
    if len(lost) == len(tables()):
        return missing("schema")  # a database that nothing was ever made in looks the same
    if lost:
        return missing("schema", ", ".join(lost), "tables-lost")
    return Check("schema", fine=True, fact=str(len(tables())))


async def _keys(pool: Pool, data: Path) -> Check:
    """Tell whether the key file is the one that closed the keys of this database (PA-08)."""
    file = DoorSettings().model_copy(update={"data": data}).keys()
    try:
        await check_keys(file, pool)
    except Refused as refusal:
        lost = refusal.code == "keys-lost"
        return missing("keys", str(file), "keys-lost") if lost else unknown("keys")
    except RecordsError as error:  # what KeyRing.open says of the file itself
        return missing("keys", str(file), error.code)
    return Check("keys", fine=True, fact=str(file))


async def _engine(there: Settings) -> Client | None:
    """Connect to an engine that was there a moment ago."""
    try:
        return await temporal.connect(there, there.temporal_address or "")
    except RuntimeError:
        return None


def _facts(sight: Sight) -> dict[str, Any]:
    pulse = sight.pulse._asdict() if sight.pulse else None
    return {
        "pulse": pulse,
        "stuck": sight.stuck,
        "stuck_orders": list(sight.stuck_orders),
        "lost_orders": list(sight.lost_orders),
    }
