"""Who ended a clock, and who excused its breach: what the order's events say beside its clocks."""

import json
from collections.abc import Iterable, Sequence
from datetime import datetime
from typing import Any, NamedTuple

from domain.audit import read_instant
from domain.timekeeping.clocks import Clock
from records.read import EventRow
from starter.moves import Move


class By(NamedTuple):
    """Who did it, and when; the words of a reason are read with `show`, which keeps a record of the reader."""

    actor: str
    at: datetime  # when it happened, as was said
    recorded_at: datetime


class Settled(NamedTuple):
    """What became of a clock by somebody's deed; nothing yet."""

    ended: By | None = None
    excused: By | None = None

    def facts(self) -> dict[str, Any]:
        """Return both as a program gets them."""
        pairs = {"ended_by": self.ended, "excused_by": self.excused}
        return {name: by and by._asdict() for name, by in pairs.items()}


class Past(NamedTuple):
    """What happened to a clock: the moves of its due, and what became of it."""

    moves: Sequence[Move] = ()
    became: Settled = Settled()


def settled(events: Iterable[EventRow], clock: Clock) -> Settled:
    """Find who ended a clock, and who excused its breach; one that runs again was never ended (GRP-07, GRP-08)."""
    ended, excused = (_last(events, f"work_order.{kind}", clock) for kind in ("clock_stopped", "excused"))
    return Settled(None if clock.running else ended, excused)


def _last(events: Iterable[EventRow], kind: str, clock: Clock) -> By | None:
    stored = ((json.loads(row.body), row.recorded_at) for row in events if row.type == kind)
    found = [By(event["actor"], read_instant(event["at"]), at) for event, at in stored if _of(event, clock)]
    return found[-1] if found else None


def _of(event: dict[str, Any], clock: Clock) -> bool:
    named = tuple(event["payload"][name] for name in ("clock", "generation", "turn"))
    return named == (clock.name, clock.generation, clock.turn)
