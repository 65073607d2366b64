"""One deadline taken apart for doors: what was used, paused and is left, and the whole sum as a program gets it."""

from collections.abc import Iterable, Iterator
from datetime import timedelta
from typing import Any, NamedTuple

from domain.timekeeping.calendars import Segment
from domain.timekeeping.clocks import Clock
from domain.timekeeping.explaining import Explanation

MICROSECOND = timedelta(microseconds=1)


class Piece(NamedTuple):
    """One piece of the bar, in open time of the clock's calendar."""

    kind: str  # used | paused | left | over
    length: timedelta


def adds_up(told: Explanation) -> bool:
    """Whether the counted parts, with what a generation before had used, are the limit exactly (CLK-30)."""
    return told.counted + carried(told.clock) == told.clock.budget


def carried(clock: Clock) -> timedelta:
    """Return what a generation before had used of the present budget: nothing once it counts from a later change."""
    return clock.carried if clock.counted_from in {None, clock.started_at} else timedelta()


def ran_and_rest(told: Explanation) -> tuple[list[Segment], list[Segment]]:
    """Cut the counted parts where what was used of the limit ends: those that ran, and those that did not, or not yet.

    Together they are the parts, so both sums are the limit; of a clock that was stopped the second would have counted.
    """
    left = told.consumed - carried(told.clock)
    ran: list[Segment] = []
    rest: list[Segment] = []
    for part in told.parts:
        cut = part.start + min(max(left, timedelta()), part.end - part.start)
        ran += [part._replace(end=cut)] if cut > part.start else []
        rest += [part._replace(start=cut)] if cut < part.end else []
        left -= part.end - part.start
    return ran, rest


def length(parts: Iterable[Segment]) -> timedelta:
    """Return how long parts are together."""
    return sum((part.end - part.start for part in parts), timedelta())


def left_of(told: Explanation) -> timedelta:
    """Return what is left of the limit; below nothing once it is used up."""
    return told.clock.budget - told.consumed


def share_used(told: Explanation) -> int:
    """Return how many per cent of the limit are used; over 100 once it is breached."""
    return told.consumed * 100 // told.clock.budget if told.clock.budget else 100


def pieces(told: Explanation) -> list[Piece]:
    """Cut a deadline into what was used, each pause, what is left, and what went over it, in the order of time."""
    found = list(_past(told))
    spent = sum((piece.length for piece in found if piece.kind == "used"), timedelta())
    within, left = min(told.consumed, told.clock.budget), left_of(told)
    found += [Piece("used", within - spent), Piece("left", left), Piece("over", -left)]
    return [piece for piece in found if piece.length > timedelta()]


def gathered(found: Iterable[Piece]) -> list[Piece]:
    """Put pieces of one kind together, for a bar that has no room for each pause."""
    lengths: dict[str, timedelta] = {}
    for piece in found:
        lengths[piece.kind] = lengths.get(piece.kind, timedelta()) + piece.length
    return [Piece(kind, length) for kind, length in lengths.items()]


def _past(told: Explanation) -> Iterator[Piece]:
    """Yield what ran before each pause, and the pause; pauses of a budget given up since are not of this one."""
    clock = told.clock
    since = clock.counted_from or clock.started_at
    yield Piece("used", carried(clock))
    for stood in told.stands:
        if stood.since < since:
            continue
        yield Piece("used", told.calendar.open_between(since, stood.since))
        yield Piece("paused", stood.open_time)
        since = stood.until or stood.since


def facts(told: Explanation) -> dict[str, Any]:
    """Return the whole sum as a program gets it: codes, instants, microseconds of open time."""
    clock, row = told.clock, told.terms.clock(told.clock.name)
    return {
        "clock": clock.name,
        "generation": clock.generation,
        "turn": clock.turn,
        "state": state_of(told),
        "outcome": clock.outcome,
        "act": clock.act,
        "accountable": told.accountable,
        "limit": told.limit,
        "source": told.source,
        "policy": told.terms.policy,
        "policy_version": told.terms.version,
        "terms_digest": clock.terms_digest,
        "calendar": {
            "id": told.terms.calendar_of(row).id if row else told.calendar.id,
            "version": told.calendar_version,
            "zone": told.calendar.zone.key,
            "elapsed": clock.elapsed,
        },
        "started_at": clock.started_at,
        "counted_from": clock.counted_from,
        "due_at": told.due_at,
        "provisional": told.provisional,
        "suspended": clock.suspended,
        "breached_at": clock.breached_at,
        "excused": clock.excused,
        **_sums(told),
        **_lists(told),
    }


def _sums(told: Explanation) -> dict[str, Any]:
    """Return every length; `counted` + `carried` = `budget`."""
    clock = told.clock
    lengths = {
        "budget": clock.budget,
        "consumed": told.consumed,
        "counted": told.counted,
        "carried": carried(clock),
        "earlier": clock.earlier,
    }
    found = {f"{name}_microseconds": length // MICROSECOND for name, length in lengths.items()}
    return {**found, "adds_up": adds_up(told)}


def _lists(told: Explanation) -> dict[str, Any]:
    parts = [
        {"start_at": p.start, "end_at": p.end, "kind": p.kind, "name": p.name or None, "ran": ran}
        for ran, some in zip((True, False), ran_and_rest(told), strict=True)
        for p in some
    ]
    stands = [
        {"reason": s.reason, "since": s.since, "until": s.until, "open_microseconds": s.open_time // MICROSECOND}
        for s in told.stands
    ]
    return {
        "segments": parts,
        "closures": [{"on": c.on.isoformat(), "name": c.name or None, "kind": c.kind} for c in told.closures],
        "pauses": stands,
        "warnings": [warned._asdict() for warned in told.warnings],
        "levels": [step._asdict() for step in told.steps],
    }


def state_of(told: Explanation) -> str:
    """Say how a clock stands: running, suspended, breached or ended."""
    clock = told.clock
    if not clock.running:
        return "ended"
    return "suspended" if clock.suspended else "breached" if clock.breached_at is not None else "running"
