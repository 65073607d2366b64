"""What classifications and recounts did to the dues of running clocks, one move after the other (CLK-24, CLK-31)."""

import json
from collections.abc import Iterable, Mapping
from datetime import datetime
from typing import Any, NamedTuple

from domain import events as e
from domain.audit import read_instant
from domain.timekeeping.clocks import Clock
from records.read import EventRow

MOVERS = frozenset(kind.type_name() for kind in (e.Classified, e.Reclassified, e.Reclocked))
PREFIX = "work_order."


class Move(NamedTuple):
    """One clock that was held to other terms: by which event, when, by whom, and to what end."""

    seq: int
    type: str  # classified | reclassified | reclocked
    at: datetime
    actor: str
    said: Mapping[str, Any]  # payload of the event: class, policy and version of the settings
    facts: Mapping[str, Any]  # of the clock, as `domain.timekeeping.events.MovedClock`


def moves_in(events: Iterable[EventRow]) -> list[Move]:
    """Return every move that stored events of an order tell, in their order."""
    found: list[Move] = []
    for row in events:
        if row.type not in MOVERS:
            continue
        stored = json.loads(row.body)
        payload, at = stored["payload"], read_instant(stored["at"])
        kind = row.type.removeprefix(PREFIX)
        found += [Move(row.seq, kind, at, stored["actor"], payload, one) for one in payload.get("moved") or ()]
    return found


def move_facts(move: Move) -> dict[str, Any]:
    """Return a move as a program gets it: codes, and both dues."""
    clock = {name: move.facts[name] for name in ("clock", "generation", "turn", "before_due_at", "due_at")}
    said = {name: move.said.get(name) for name in ("category", "severity", "policy", "policy_version")}
    by = {"type": move.type, "seq": move.seq, "at": move.at, "actor": move.actor}
    return {**by, **said, **clock, "provisional": bool(move.facts.get("provisional"))}


def moves_of(events: Iterable[EventRow], clock: Clock) -> list[Move]:
    """Return the moves of one clock, the earliest first."""
    same = (clock.name, clock.generation, clock.turn)
    return [move for move in moves_in(events) if tuple(move.facts[n] for n in ("clock", "generation", "turn")) == same]
