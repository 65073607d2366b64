"""What an incident gathers of its children: one entry for each name of a clock, however many children (ESC-13)."""

from collections.abc import Iterable, Sequence

from domain.groups.child_clock import ChildClock
from domain.timekeeping.clocks import Clock
from domain.vocabulary import Outcome

GATHERED = 0
"""Generation of entries that stand for the clocks of children; an order's own generations count from 1."""


def news(entries: Iterable[Clock], told: Iterable[ChildClock]) -> tuple[ChildClock, ...]:
    """Return what an incident has not heard yet, the last account of each clock: a report twice is the same as once."""
    known = {one.which: one for entry in entries for one in entry.children}
    last: dict[object, ChildClock] = {}
    for one in told:
        before = last.get(one.which, known.get(one.which))
        if before is None or one.told > before.told:
            last[one.which] = one
    return tuple(last.values())


def gathered(entries: Sequence[Clock], one: ChildClock) -> tuple[Clock, ...]:
    """Put a child's clock into the entry of its name; after one that is over the next breach begins another turn."""
    same = [entry for entry in entries if entry.name is one.clock]
    fitting = (entry for entry in reversed(same) if entry.running or (one.ended_at is not None and _holds(entry, one)))
    at = next(fitting, None)
    if at is None:
        return (*entries, _entry([one], _fresh(one, len(same) + 1)))
    children = [*(child for child in at.children if child.which != one.which), one]
    changed = _entry(children, at)
    return tuple(changed if entry is at else entry for entry in entries)


def _holds(entry: Clock, one: ChildClock) -> bool:
    return any(child.which == one.which for child in entry.children)


def _fresh(one: ChildClock, turn: int) -> Clock:
    return Clock(
        name=one.clock,
        generation=GATHERED,
        turn=turn,
        terms_digest=one.terms_digest,
        started_at=one.breached_at,
        budget=one.breached_at - one.breached_at,
        running_since=one.breached_at,
    )


def _entry(children: Sequence[ChildClock], at: Clock) -> Clock:
    """Return an entry for these clocks: breached with the earliest of them, over when all are."""
    over = all(child.ended_at is not None for child in children)
    return at.model_copy(
        update={
            "children": tuple(children),
            "breached_at": min(child.breached_at for child in children),
            "outcome": Outcome.BREACHED if over else None,
            "running_since": None if over else at.running_since,
        }
    )


def owing(entry: Clock) -> tuple[str, ...]:
    """Name the children whose clock of this entry is breached and still owed."""
    return tuple(sorted({child.child for child in entry.children if child.ended_at is None}))


def owed(entries: Iterable[Clock]) -> frozenset[object]:
    """Return which clocks of children are breached and still owed, as `ChildClock.which` tells them apart."""
    return frozenset(one.which for entry in entries for one in entry.children if one.ended_at is None)
