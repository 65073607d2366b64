"""When each alarm of an order had to speak, worked out from its stored events alone, in a plain way of its own.

It holds for calendars that are always open and for clocks that nobody pauses, as in a chaos run, and knows nothing of
`domain.timekeeping.clocks`: a clock began at an instant with a budget; what lies before its end must have been spoken.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any, NamedTuple

from domain.audit import read_instant

BREACH = "breach"


class Alarm(NamedTuple):
    """One alarm: which clock, what it says (`warn-80`, `breach`, `level-2`), and when it was due."""

    clock: str
    generation: int
    turn: int
    says: str
    at: datetime


@dataclass
class Told:
    """One stored event, read."""

    seq: int
    kind: str
    at: datetime
    recorded_at: datetime
    payload: dict[str, Any]

    @property
    def clock(self) -> tuple[str, int, int]:
        return self.payload["clock"], self.payload["generation"], self.payload["turn"]


def told(body: dict[str, Any]) -> Told:
    """Read the stored body of an event."""
    at = read_instant(body["at"])
    recorded = read_instant(body["recorded_at"]) if "recorded_at" in body else at
    return Told(body["seq"], body["type"].removeprefix("work_order."), at, recorded, body["payload"])


def spoken(events: list[Told]) -> list[tuple[Alarm, Told]]:
    """List the alarms that stand in the record."""
    return [(Alarm(*event.clock, says, event.at), event) for event in events if (says := _says(event))]


def _says(event: Told) -> str | None:
    match event.kind:
        case "clock_warned":
            return f"warn-{event.payload['percent']}"
        case "clock_breached":
            return BREACH
        case "escalated":
            return f"level-{event.payload['level']}"
        case _:
            return None


def expected(events: list[Told], terms: dict[str, dict[str, Any]], until: datetime) -> Iterator[Alarm]:
    """Yield every alarm that had to speak: before the clock's end, or before `until` while it runs."""
    for start in (event for event in events if event.kind == "clock_started"):
        mine = [event for event in events if "turn" in event.payload and event.clock == start.clock]
        ends = [event.recorded_at for event in mine if event.kind == "clock_stopped"]
        end = min(ends, default=until)
        row, ladder = _terms_of(start, terms[start.payload["terms_digest"]])
        budget = timedelta(microseconds=start.payload["budget_microseconds"])
        due = start.at + budget
        planned = [(f"warn-{percent}", start.at + budget * percent / 100) for percent in row]
        planned = [*planned, (BREACH, due), *_levels(mine, ladder, due)]
        yield from (Alarm(*start.clock, says, at) for says, at in planned if at < end)


def _terms_of(start: Told, terms: dict[str, Any]) -> tuple[list[int], list[Any]]:
    """Return warnings and levels of a clock from its terms: rows by position, as `domain.terms` stores them."""
    row = next(row for row in terms["clocks"] if row[0] == start.payload["clock"])
    return row[6], terms["ladders"][row[3]][2]


def _levels(mine: list[Told], ladder: list[Any], due: datetime) -> Iterator[tuple[str, datetime]]:
    """A level is due `after` the breach, or earlier when the level before was not acknowledged in time."""
    fired = {event.payload["level"]: event for event in mine if event.kind == "escalated"}
    seen = {event.payload["level"]: event.recorded_at for event in mine if event.kind == "acknowledged"}
    silence: datetime | None = None
    for number, (after, _, patience, _) in enumerate(ladder, 1):
        at = due + timedelta(seconds=after)
        at = min(at, silence) if silence else at
        yield f"level-{number}", at
        event = fired.get(number)
        late = event is not None and (event.payload.get("late") or event.payload.get("late_entry"))
        acts_from = event.recorded_at if event is not None and late else at
        silence = None if patience is None else acts_from + timedelta(seconds=patience)
        if silence and number in seen and seen[number] <= silence:
            silence = None
