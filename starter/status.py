"""`huiyin status`: is every part there, and how is the house doing, in words or as JSON."""

import json
import os
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import asdict
from datetime import datetime
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

from rich.console import Console
from rich.markup import escape
from rich.table import Table
from temporalio.client import Client

from domain.refusals import Refused
from domain.settings.faults import BadCommunity
from domain.words import CLOCKS, word
from domain.words import Table as Words
from records.errors import RecordsError
from records.pool import Pool, open_pool
from records.pulse import Pulse
from records.schema import lost_tables, tables
from stack import temporal
from stack.checks import STOPPED, Check, check, located, logs, missing, unknown
from stack.folder import free_mb
from stack.ground import from_environment, read_ground
from stack.settings import Settings
from starter.cli.telling import refused
from starter.community_file import load
from starter.ground import NOT_NOW
from starter.opening import DoorSettings, check_keys
from starter.settings_in_force import in_force, told_in_force
from starter.sight import SHOWN, Sight, look
from starter.words.glossary import STAGES
from starter.words.status import AGAIN, FACTS, FREE, OTHER_NODE, PARTS, REBUILD, START, START_ALL, TEXTS

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
Rules = dict[str, Any] | None
"""Which settings are in force; None where nobody can tell."""
DIGEST = 12
"""So many digits of a digest are enough to tell settings apart."""
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
        console.print(_parts(found, lang, up=up, full=full))
        if full:
            console.print(_say(lang, "disk-full", data=settings.data, free=free), style="bold red", soft_wrap=True)
        console.print(_say(lang, verdict), end="\n\n", soft_wrap=True)
        console.print(_house(sight, rules, lang), end="\n\n")
        for path in (*_files(found, rules), *logs(settings.data)):
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
        return told_in_force(await in_force(pool, file), file)
    except (Refused, BadCommunity):
        return None


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


def _files(found: Sequence[Check], rules: Rules) -> Iterator[str]:
    """Return the files that the page names, whole: in a table they would be broken."""
    yield from (one.fact for one in found if one.part == "keys" and one.fact != "-")
    if rules and not rules["number"]:
        yield rules["file"]


def _parts(found: list[Check], lang: str, *, up: bool, full: bool = False) -> Table:
    table = Table(show_edge=False)
    for column in ("part", "state", "where", "remedy"):
        table.add_column(_say(lang, column), overflow="fold")
    for one in found:
        state = "unknown" if one.fine is None else "fine" if one.fine else "bad"
        remedy = "" if one.fine is not False else FREE.said(lang) if full else _remedy(one, lang, up=up)
        table.add_row(word(PARTS, one.part, lang), _say(lang, state), _fact(one, lang), remedy)
    return table


def _fact(one: Check, lang: str) -> str:
    """Say where a part is, and what is wrong with it."""
    fact = _since(one.fact, lang) if one.part == "relay" and one.fine else one.fact
    if one.part == "keys":
        fact = Path(fact).name
    fact = fact.replace(STOPPED, word(FACTS, "stopped", lang))
    if not one.why:
        return fact
    why = word(FACTS, one.why, lang)
    if fact == "-":
        return why
    return f"{fact}({why})" if lang == "zh" else f"{fact} ({why})"


def _remedy(one: Check, lang: str, *, up: bool) -> str:
    """Say what helps; where `up` runs it can't be typed once more."""
    if one.part == "keys":
        return refused(one.why, {"file": one.fact}).remedy(lang) if one.why else START_ALL.said(lang)
    if one.part == "schema" and (up or one.why):
        return REBUILD.said(lang)
    if one.part.startswith("temporal-"):
        return OTHER_NODE.said(lang).format(part=one.part)
    return AGAIN.said(lang).format(part=one.part) if up else START.get(one.part, START_ALL).said(lang)


def _since(told: str, lang: str) -> str:
    """Say since when, by the clock of the firm's communities."""
    zone = ZoneInfo(load(DoorSettings().settings_file()).firm.default_zone)
    at = datetime.fromisoformat(told).astimezone(zone)
    return _say(lang, "since", at=f"{at:%Y-%m-%d %H:%M:%S}", zone=zone.key)


def _house(sight: Sight, rules: Rules, lang: str) -> Table:
    """Show how the house is doing, a line for each question somebody on duty would ask."""
    table = Table.grid(padding=(0, 2))
    table.add_column(no_wrap=True)
    table.add_column(overflow="fold")
    for label, said in (*_settings(rules, lang), *_lines(sight, lang)):
        table.add_row(f"[bold]{_say(lang, label)}[/bold]", said)
    return table


def _settings(rules: Rules, lang: str) -> Iterator[tuple[str, str]]:
    """Say which settings are in force: number, own version, digest, since when."""
    if rules is None:
        return
    said = {**rules, "digest": rules["digest"][:DIGEST], "since": rules["since"] and _since(rules["since"], lang)}
    said["file"] = Path(rules["file"]).name
    yield "settings", escape(_say(lang, "settings-loaded" if rules["number"] else "settings-file", **said))


def _lines(sight: Sight, lang: str) -> Iterator[tuple[str, str]]:
    if sight.pulse is None:
        yield "open", _say(lang, "no-figures")
    else:
        yield from _pulse(sight.pulse, lang)
    if sight.stuck is not None:
        names = " ".join(name.removeprefix("wo_") for name in sight.stuck_orders)
        yield "stuck", f"[bold red]{sight.stuck}[/bold red] {names}" if sight.stuck else _say(lang, "none")
    if sight.lost_orders:
        yield "lost-orders", f"[bold red]{_first(sight.lost_orders)}[/bold red]"


def _pulse(pulse: Pulse, lang: str) -> Iterator[tuple[str, str]]:
    yield "open", _counted(pulse.open_by_stage, STAGES, lang)
    yield "due", _say(lang, "due-said", **pulse._asdict())
    yield "breaches", _counted(pulse.breaches_by_clock, CLOCKS, lang)
    yield "alarms", _say(lang, "alarms-said" if pulse.alarms else "no-alarms", **pulse._asdict())
    waiting = {
        "outbox": (pulse.outbox_open, pulse.outbox_age),
        "notices": (pulse.notices_open, pulse.notices_age),
        "unstarted": (pulse.unstarted, pulse.unstarted_age),
        "deeds": (pulse.deeds_open, pulse.deeds_age),
    }
    yield "waiting", " · ".join(f"{_say(lang, what)} {count}" for what, (count, _) in waiting.items())
    ages = {what: age for what, (_, age) in waiting.items() if age is not None}
    if ages:
        what = max(ages, key=ages.__getitem__)
        yield "oldest", _say(lang, "oldest-said", what=_say(lang, what), age=ages[what])


def _first(orders: Sequence[str]) -> str:
    """Name the first of many orders: `10000001 10000002 …`."""
    names = [order.removeprefix("wo_") for order in orders[:SHOWN]]
    return " ".join([*names, "…"] if len(orders) > SHOWN else names)


def _counted(counts: Mapping[str, int], words: Words, lang: str) -> str:
    """Write a total and its parts: `12 · response 9 · feedback 3`."""
    order = [code for code in words if code in counts]
    return " · ".join([str(sum(counts.values())), *(f"{word(words, code, lang)} {counts[code]}" for code in order)])


def _say(lang: str, key: str, **facts: Any) -> str:
    return TEXTS[key].said(lang).format(**facts)
