"""What follows from what: events joined by the clocks they start and stop, and by the alarms that are due."""

from datetime import datetime, timedelta

from domain import events as e
from domain.evolve import evolve
from domain.groups.children import owing
from domain.lifecycle import CLOCK_RULES, ends_of, owes
from domain.order import WorkOrder, is_late, outcome_of
from domain.owing import is_over, lacks
from domain.payloads import Words
from domain.terms import ClockRow
from domain.timekeeping.calendars import calendar_from
from domain.timekeeping.clocks import BREACH, PAUSE_OVER, Alarm, Clock, counting, ladder_of, row_of
from domain.timekeeping.ledger import freed
from domain.timekeeping.moving import due_from, elapses, goes_on_from
from domain.timekeeping.pausing import Pause, starts_still
from domain.vocabulary import Cause, Channel, ClockName, CloseReason, Outcome, Role

TIMER = e.Author(actor="system", role=Role.RULE, channel=Channel.ENGINE, cause=Cause.TIMER)


class Unfolding:
    """An order on its way through one step: the events so far, and the order they lead to."""

    def __init__(self, order: WorkOrder, now: datetime) -> None:
        self.order = order
        self.now = now
        self.events: list[e.Event] = []

    def happens(self, event: e.Event) -> None:
        """Add an event and everything that clocks make of it."""
        self._append(event)
        self.settle(event)

    def settle(self, event: e.Event) -> None:
        """Stop, drop and start the clocks that an event touches."""
        for clock in self.order.running:
            self._stop(clock, event)
        self._end_pause(event)
        for row in self.order.terms.clocks:
            rule = CLOCK_RULES.get(row.name) if owes(self.order, row.name) else None
            if rule is not None and rule.starts(event):
                self._start_again(row, event, restarts=rule.restarts)
            elif isinstance(event, e.Classified) and lacks(self.order, row.name):
                self._start(row, event, due_from(self.order, row, self.order.terms, event.at))

    def alarms(self, before: datetime) -> None:
        """Let every alarm speak that is due strictly before an instant, the earliest first (design 4a.2)."""
        while (pending := self.order.alarms()) and pending[0].at < before:
            self._append(self._spoken(pending[0]))

    def resume(self, at: datetime, author: e.Author, because: str, words: Words | None = None) -> None:
        """Let what stands still run again (CLK-19); nothing else follows from it."""
        if self.order.pause is not None:
            self._append(self._resumed(self.order.pause, at, author, because, words))

    def promise(self, event: e.PromiseMade) -> None:
        """Start the clock of a promise; an older one for the same act ends with it, its breach stays (CLK-11)."""
        self._append(event)
        row = self.order.terms.clock(ClockName.PROMISE)
        if row is None:
            return
        for clock in self.order.running:
            if clock.name is ClockName.PROMISE and clock.act == event.act:
                self._end(clock, event, Outcome.SUPERSEDED)
        self._start(row, event, event.window_end_at, act=event.act)

    def end_all(self, event: e.Event, outcome: Outcome) -> None:
        """End every clock that runs; what was breached stays breached (INT-16)."""
        for clock in self.order.running:
            self._end(clock, event, outcome)
        self._end_pause(event)

    def _append(self, event: e.Event) -> None:
        self.order = evolve(self.order, event, self.now)
        self.events.append(event)

    def _stop(self, clock: Clock, event: e.Event) -> None:
        stops, drops = ends_of(clock)
        if stops(event):
            self._end(clock, event, outcome_of(self.order, clock, event.at))
        elif drops(event):
            self._end(clock, event, Outcome.SUPERSEDED)

    def _end(self, clock: Clock, event: e.Event, outcome: Outcome) -> None:
        spent = clock.earlier + self.order.used(clock, max(event.at, clock.started_at))
        self._append(
            e.ClockStopped(
                at=event.at,
                author=_consequence(event),
                clock=clock.name,
                generation=clock.generation,
                turn=clock.turn,
                outcome=Outcome.BREACHED if clock.breached_at else outcome,
                consumed_microseconds=spent // timedelta(microseconds=1),
                incident=self.order.spoken_for(clock) if clock.breached_at else None,
            )
        )

    def _start_again(self, row: ClockRow, event: e.Event, *, restarts: bool) -> None:
        running = [clock for clock in self.order.running if clock.name is row.name]
        if (running and not restarts) or (isinstance(event, e.Classified) and self._turns(row)):
            return
        for clock in running:
            self._end(clock, event, Outcome.SUPERSEDED)
        self._start(row, event, due_from(self.order, row, self.order.terms, event.at))

    def _turns(self, row: ClockRow) -> int:
        """Count the starts of a clock in this generation."""
        return sum(c.name is row.name and c.generation == self.order.generation for c in self.order.clocks)

    def _end_pause(self, event: e.Event) -> None:
        """End a pause in which nothing stands still any more."""
        if self.order.pause is not None and not any(clock.suspended for clock in self.order.running):
            self.resume(event.at, _consequence(event), "ended")

    def _start(self, row: ClockRow, event: e.Event, due: datetime, act: str | None = None) -> None:
        order, terms = self.order, self.order.terms
        elapsed, own = elapses(row, terms), calendar_from(terms.calendar_of(row))
        calendar = counting(terms.calendar_of(row), elapsed=elapsed)
        span, carried = _budget(order, row, calendar.open_between(event.at, due))
        pause = order.pause if starts_still(order.pause, row, terms, event.at) else None
        due = calendar.add(pause.cap_at if pause else event.at, span - carried)
        self._append(
            e.ClockStarted(
                at=event.at,
                author=_consequence(event),
                clock=row.name,
                generation=order.generation,
                turn=self._turns(row) + 1,
                terms_digest=terms.digest,
                limit=row.limit,
                budget_microseconds=span // timedelta(microseconds=1),
                calendar=terms.calendar_of(row).id,
                calendar_version=terms.calendar_of(row).version,
                ladder=terms.ladder_of(row).id,
                accountable=row.accountable,
                source=row.source,
                due_at=due,
                provisional=own.provisional(due) or None,
                act=act,
                elapsed=elapsed or None,
                carried_microseconds=carried // timedelta(microseconds=1) or None,
                standing=True if pause else None,
            )
        )

    def _resumed(self, pause: Pause, at: datetime, author: e.Author, because: str, words: Words | None) -> e.Resumed:
        """Tell which clocks run again, and when each of them falls due now."""
        held = [clock for clock in self.order.running if clock.suspended]
        clocks = tuple(self.falls_due(freed(clock, at)) for clock in held)
        said = {"pause_reason": pause.reason, "because": because, "clocks": clocks, "words": words}
        return e.Resumed.model_validate({"at": at, "author": author, **said})

    def falls_due(self, clock: Clock) -> e.FreedClock:
        """Tell when a clock that runs again falls due."""
        due = self.order.due(clock)
        terms = self.order.terms_of(clock)
        own = calendar_from(terms.calendar_of(row_of(clock, terms)))
        return e.FreedClock.model_validate(
            {**_which(clock), "due_at": due, "provisional": own.provisional(due) or None}
        )

    def _spoken(self, alarm: Alarm) -> e.Event:
        """Turn an alarm into its event, with what a late hour adds to it (CLK-32, ESC-08)."""
        if alarm.step == PAUSE_OVER and self.order.pause is not None:
            return self._resumed(self.order.pause, alarm.at, TIMER, "cap", None)
        clock = self.order.clock(alarm)
        facts = {"at": alarm.at, "author": TIMER, **_which(clock), **self._lateness(alarm.at)}
        if alarm.step < BREACH:
            return e.ClockWarned.model_validate({**facts, "percent": -alarm.step})
        if alarm.step == BREACH:
            return e.ClockBreached.model_validate({**facts, "incident": self.order.spoken_for(clock)})
        return self._escalated(clock, alarm, facts)

    def _escalated(self, clock: Clock, alarm: Alarm, facts: dict[str, object]) -> e.Escalated:
        ladder = ladder_of(clock, self.order.terms_of(clock))
        level = ladder.levels[alarm.step - 1]
        calendar = calendar_from(self.order.terms_of(clock).calendars[ladder.calendar])
        planned = calendar.add(clock.breached_at or alarm.at, timedelta(seconds=level.after_s))
        said = {"level": alarm.step, "addressee": level.to, "action": level.action, "early": alarm.at < planned or None}
        return e.Escalated.model_validate({**facts, **said, "children": owing(clock) or None})

    def _lateness(self, planned_at: datetime) -> dict[str, bool | int]:
        late_entry = {"late_entry": True} if planned_at <= self.order.entered_at else {}
        if not is_late(max(planned_at, self.order.entered_at), self.now):
            return {**late_entry}
        return {**late_entry, "late": True, "late_by_seconds": (self.now - planned_at) // timedelta(seconds=1)}


def end_if_over(step: Unfolding, author: e.Author, at: datetime) -> None:
    """Close what ends by itself: praise, once somebody has answered it (INT-17)."""
    if is_over(step.order):
        author = author.model_copy(update={"cause": Cause.RULE})
        step.happens(e.Closed(at=at, author=author, reason=CloseReason.CONFIRMED))


def _budget(order: WorkOrder, row: ClockRow, fresh: timedelta) -> tuple[timedelta, timedelta]:
    """Return the budget of a clock and what of it the generation before has used already (CLK-25)."""
    before = goes_on_from(order, row.name, order.generation)
    return (before.budget, min(before.consumed, before.budget)) if before else (fresh, timedelta())


def _which(clock: Clock) -> dict[str, object]:
    return {"clock": clock.name, "generation": clock.generation, "turn": clock.turn}


def _consequence(event: e.Event) -> e.Author:
    """Return the author of what a rule makes of an event: the same person, caused by the rule."""
    return event.author.model_copy(update={"cause": Cause.RULE})
