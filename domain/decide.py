"""Deciding: an order, a command and an instant give events, or a refusal; nothing else in the house may."""

from collections.abc import Callable, Mapping
from datetime import datetime, timedelta

from domain import commands as c
from domain import events as e
from domain import payloads as p
from domain.closing.deciding import CLOSING
from domain.commands import CommandName as C
from domain.dispatch.assigning import ASSIGNING
from domain.dispatch.assignments import ASSIGNMENTS
from domain.dispatch.holding import held
from domain.groups.incidents import INCIDENTS
from domain.groups.merging import MERGING
from domain.handling.checking import CHECKING
from domain.handling.conflicts import CONFLICTS
from domain.handling.deciding import PRICES_AND_SHARES
from domain.handling.rectifying import RECTIFYING
from domain.intake.deciding import INTAKE, confirmed
from domain.lifecycle import MANAGERS
from domain.order import WorkOrder
from domain.permission import Deed, permitted, refusal
from domain.timekeeping.deciding import TIMING, classification
from domain.timekeeping.promising import check_window, promise
from domain.unfolding import Unfolding, end_if_over
from domain.vocabulary import Cause, CloseReason, Kind, Outcome


def decide(order: WorkOrder, command: c.Command, now: datetime) -> tuple[WorkOrder, list[e.Event]]:
    """Let the alarms speak that are due strictly before now, then apply the command, or refuse it (design 4a.2)."""
    step = Unfolding(order, now)
    step.alarms(before=now)
    deed = permitted(step.order, command, now)
    HANDLERS[deed.name](step, deed)
    end_if_over(step, deed.author, deed.at)
    return step.order, step.events


def tick(order: WorkOrder, now: datetime) -> tuple[WorkOrder, list[e.Event]]:
    """Let the alarms speak that are due strictly before now."""
    step = Unfolding(order, now)
    step.alarms(before=now)
    return step.order, step.events


def _respond(step: Unfolding, deed: Deed) -> None:
    if step.order.first_contact is not None:
        raise refusal("already-done", step.order, deed.name)
    contact = deed.payload.first_contact or deed.author.actor
    step.happens(e.Responded(at=deed.at, author=deed.author, first_contact=contact, words=deed.payload.words))


def _change_first_contact(step: Unfolding, deed: Deed) -> None:
    before, after = step.order.first_contact, deed.payload.first_contact
    if before is None:  # else nobody could stop the response clock any more
        raise refusal("no-first-contact", step.order, deed.name)
    if before == after:
        raise refusal("already-done", step.order, deed.name)
    happened = {"first_contact": after, "before": before, "reason": deed.payload.reason}
    step.happens(e.FirstContactChanged(at=deed.at, author=deed.author, **happened))


def _register(step: Unfolding, deed: Deed) -> None:
    step.happens(e.Registered(at=deed.at, author=deed.author, words=deed.payload.words, **confirmed(step.order)))


def _classify(step: Unfolding, deed: Deed) -> None:
    if step.order.classified:
        raise refusal("already-done", step.order, deed.name)
    if step.order.assignee is not None:
        raise refusal("already-dispatched", step.order, deed.name)
    step.happens(e.Classified(**classification(step, deed, later=False)))


def _reclassify(step: Unfolding, deed: Deed) -> None:
    """Change the classification; clocks fall due later only if a manager says so (CLK-24)."""
    if deed.payload.move_later and not deed.roles & MANAGERS:
        raise refusal("needs-manager", step.order, deed.name)
    if step.order.members and deed.payload.category != step.order.category:  # its children are of this one
        raise refusal("incident-category", step.order, deed.name)
    happened = classification(step, deed, later=deed.payload.move_later)
    step.happens(e.Reclassified(**happened, reason=deed.payload.reason))


def _promise(step: Unfolding, deed: Deed) -> None:
    said: p.Promise = deed.payload
    check_window(step, deed, said.window_start_at, said.window_end_at)
    promise(step, deed, said, said.words)


def _arrive(step: Unfolding, deed: Deed) -> None:
    assignee = held(step, deed, accepted=True)
    before = deed.payload.before or None
    step.happens(e.Arrived(at=deed.at, author=deed.author, assignee=assignee, before=before))


def _reopen(step: Unfolding, deed: Deed) -> None:
    order, days = step.order, step.order.terms.reopen_days
    if order.kind is Kind.PRAISE and order.terms.owing:
        raise refusal("praise-is-over", order, deed.name)
    if order.closed_at is not None and step.now > order.closed_at + timedelta(days=days):
        raise refusal("reopen-window-over", order, deed.name, days=days)
    again = {"generation": order.generation + 1, "rule": order.terms.reopen_rule, "reason": deed.payload.reason}
    step.happens(e.Reopened(at=deed.at, author=deed.author, **again))


def _withdraw(step: Unfolding, deed: Deed) -> None:
    rule = {"at": deed.at, "author": deed.author.model_copy(update={"cause": Cause.RULE})}
    withdrawn = e.Withdrawn(at=deed.at, author=deed.author, by=deed.payload.by, reason=deed.payload.reason)
    step.happens(withdrawn)
    step.end_all(withdrawn, Outcome.WITHDRAWN)
    step.happens(e.Closed(**rule, reason=CloseReason.WITHDRAWN))


def _note(step: Unfolding, deed: Deed) -> None:
    said: p.Note = deed.payload
    shown, about = said.attachments or None, said.complained_of or None
    step.happens(e.Noted(at=deed.at, author=deed.author, words=said.words, complained_of=about, attachments=shown))


HANDLERS: Mapping[C, Callable[[Unfolding, Deed], None]] = {
    C.RESPOND: _respond,
    C.CHANGE_FIRST_CONTACT: _change_first_contact,
    C.REGISTER: _register,
    C.CLASSIFY: _classify,
    C.RECLASSIFY: _reclassify,
    C.PROMISE: _promise,
    C.ARRIVE: _arrive,
    C.REOPEN: _reopen,
    C.WITHDRAW: _withdraw,
    C.NOTE: _note,
    **INTAKE,
    **ASSIGNING,
    **ASSIGNMENTS,
    **TIMING,
    **CLOSING,
    **RECTIFYING,
    **PRICES_AND_SHARES,
    **CHECKING,
    **CONFLICTS,
    **MERGING,
    **INCIDENTS,
}
"""What each command does once it is permitted."""
