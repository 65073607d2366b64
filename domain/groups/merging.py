"""Deciding about cases that are one matter: one goes on with the work, each reporter is answered (GRP-01, 02, 08)."""

from collections.abc import Callable, Iterator, Mapping
from datetime import datetime, timedelta

from domain import events as e
from domain.audit import instant_text
from domain.commands import CommandName as C
from domain.groups.merging_events import SoonerClock
from domain.groups.merging_payloads import Absorb, Merge, Unmerge
from domain.order import WorkOrder
from domain.permission import Deed, refusal
from domain.timekeeping.clocks import Clock, calendar_of, row_of
from domain.timekeeping.moving import due_from
from domain.unfolding import Unfolding
from domain.vocabulary import ClockName, Role, Stage


def _absorb(step: Unfolding, deed: Deed) -> None:
    """Take another case over; the earlier reception of the two counts, and nothing falls due later (GRP-02)."""
    order, said = step.order, deed.payload
    if not isinstance(said, Absorb):  # pragma: no cover - the payload of this command
        raise TypeError(type(said).__name__)
    if any(one.order == said.duplicate for one in order.absorbed):
        raise refusal("already-done", order, deed.name)
    told = {"duplicate": said.duplicate, "received_at": said.received_at, "reporter": said.reporter}
    sooner = tuple(_sooner(order, said.received_at, step.now))
    step.happens(e.Absorbed(at=deed.at, author=deed.author, **told, sooner=sooner or None))


def _sooner(order: WorkOrder, since: datetime, now: datetime) -> Iterator[SoonerClock]:
    """Yield the clocks of reception that fall due earlier when they count from an instant; none before now.

    Nobody can have missed yesterday what was found out today.
    """
    received_at = order.own_received_at or order.received_at
    for clock in order.running:
        counts = clock.started_at == received_at and clock.generation == 1 and clock.name is not ClockName.PROMISE
        if counts and clock.breached_at is None:
            added = _added(order, clock, since, now)
            if added > timedelta():
                yield _sooner_by(order, clock, added)


def _added(order: WorkOrder, clock: Clock, since: datetime, now: datetime) -> timedelta:
    terms = order.terms_of(clock)
    wanted, due = due_from(order, row_of(clock, terms), terms, since), order.due(clock)
    if wanted >= due:
        return timedelta()
    left = clock.budget - order.used(clock, now)
    return min(calendar_of(clock, terms).open_between(wanted, due), left)


def _sooner_by(order: WorkOrder, clock: Clock, added: timedelta) -> SoonerClock:
    after = clock.model_copy(update={"consumed": clock.consumed + added})
    return SoonerClock(
        clock=clock.name,
        generation=clock.generation,
        turn=clock.turn,
        before_due_at=order.due(clock),
        due_at=order.due(after),
        added_microseconds=added // timedelta(microseconds=1),
    )


def _merge(step: Unfolding, deed: Deed) -> None:
    """Give the work up to another order; the survivor has taken it over before (design 4a.6)."""
    order, said = step.order, deed.payload
    if not isinstance(said, Merge):  # pragma: no cover - the payload of this command
        raise TypeError(type(said).__name__)
    if order.merged is not None:
        same = order.merged.survivor == said.survivor
        raise refusal("already-done" if same else "merged", order, deed.name, survivor=order.merged.survivor)
    if order.incident is not None:
        raise refusal("already-attached", order, deed.name, incident=order.incident)
    if said.survivor == order.order_id or any(one.order == said.survivor for one in order.absorbed):
        raise refusal("merge-circle", order, deed.name, survivor=said.survivor)
    until = deed.at + timedelta(seconds=said.window_s)
    step.happens(e.Merged(at=deed.at, author=deed.author, survivor=said.survivor, until=until))


def _unmerge(step: Unfolding, deed: Deed) -> None:
    """Undo it: both are as they were, while the time for it lasts and neither has gone on with the other's work.

    A rule undoes it even then, for the survivor was withdrawn: the case goes on by itself from where it is.
    """
    order, said = step.order, deed.payload
    if not isinstance(said, Unmerge):  # pragma: no cover - the payload of this command
        raise TypeError(type(said).__name__)
    if said.duplicate is not None:
        _release(step, deed, said.duplicate)
        return
    into, by_rule = order.merged, deed.author.role is Role.RULE
    if into is None:
        raise refusal("not-merged", order, deed.name)
    if order.stage is Stage.CLOSED:
        raise refusal("order-closed", order, deed.name)
    if not by_rule and deed.at > into.until:
        raise refusal("unmerge-too-late", order, deed.name, until=instant_text(into.until))
    went_on = order.solved and order.stage is not into.stage
    if went_on and not by_rule:
        raise refusal("merged-went-on", order, deed.name, survivor=into.survivor)
    kept = (said.went_on and went_on) or None
    step.happens(e.Unmerged(at=deed.at, author=deed.author, survivor=into.survivor, went_on=kept))


def _release(step: Unfolding, deed: Deed, duplicate: str) -> None:
    if all(one.order != duplicate for one in step.order.absorbed):
        raise refusal("already-done", step.order, deed.name)
    step.happens(e.Unmerged(at=deed.at, author=deed.author, duplicate=duplicate))


MERGING: Mapping[C, Callable[[Unfolding, Deed], None]] = {C.MERGE: _merge, C.ABSORB: _absorb, C.UNMERGE: _unmerge}
"""What each command of merging does once it is permitted."""
