"""What events do to a clock's ledger: hold it, free it, or begin it anew under other terms (CLK-19, CLK-22, CLK-24)."""

from collections.abc import Iterator
from datetime import datetime, timedelta

from domain import events as e
from domain.timekeeping.clocks import Clock, Stand
from domain.timekeeping.pausing import Pause


def held(clock: Clock, pause: Pause, at: datetime) -> Clock:
    """Let a clock stand still from an instant of a pause on, with what it has used."""
    stands = (*clock.stands, Stand(since=at, reason=pause.reason))
    return clock.model_copy(update={"running_since": None, "held_until": pause.cap_at, "stands": stands})


def freed(clock: Clock, at: datetime) -> Clock:
    """Let it run again."""
    return _stood(clock, at).model_copy(update={"running_since": at})


def ended(clock: Clock, event: e.ClockStopped) -> Clock:
    """End it, running or standing still."""
    spent = timedelta(microseconds=event.consumed_microseconds)
    return _stood(clock, event.at).model_copy(
        update={"outcome": event.outcome, "consumed": spent - clock.earlier, "running_since": None}
    )


def moved(clock: Clock, to: e.MovedClock, at: datetime, terms_digest: str) -> Clock:
    """Begin its ledger anew under other terms; one that stands still goes on standing still."""
    return clock.model_copy(
        update={
            "terms_digest": terms_digest,
            "budget": timedelta(microseconds=to.budget_microseconds),
            "consumed": timedelta(microseconds=to.consumed_microseconds),
            "carried": timedelta(microseconds=to.carried_microseconds or 0),
            "earlier": timedelta(microseconds=to.earlier_microseconds),
            "counted_from": to.counted_from,
            "elapsed": bool(to.elapsed),
            "running_since": None if clock.suspended else at,
        }
    )


def runs(clock: Clock, until: datetime) -> Iterator[tuple[datetime, datetime]]:
    """Yield the stretches in which the present budget was, or will be, counted up to an instant: all but the stands."""
    for start, end in stretches(clock):
        if start < until:
            yield start, min(end or until, until)


def stretches(clock: Clock) -> Iterator[tuple[datetime, datetime | None]]:
    """Yield the same for ever: the last has no end, as if the clock had not been stopped; a stand lasts to its cap."""
    since = clock.counted_from or clock.started_at
    for stand in clock.stands:
        if stand.since > since:
            yield since, stand.since
        since = max(since, stand.until or clock.held_until or stand.since)
    yield since, None


def _stood(clock: Clock, at: datetime) -> Clock:
    """End the stand that lasts, if one does."""
    if not clock.stands or clock.stands[-1].until is not None:
        return clock
    last = clock.stands[-1].model_copy(update={"until": at})
    return clock.model_copy(update={"stands": (*clock.stands[:-1], last), "held_until": None})
