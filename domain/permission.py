"""Permission: may this person give this command to this order now, and when did what he tells happen."""

from datetime import datetime, timedelta
from typing import Any, NamedTuple

from domain import commands as c
from domain import events as e
from domain import payloads as p
from domain.audit import instant_text
from domain.commands import CommandName as C
from domain.groups.merging_events import AbsorbedCase
from domain.lifecycle import OF_MERGED, OF_PARENTS, PARENT_ONLY, RULEBOOK, STATABLE, commands_in
from domain.order import WorkOrder
from domain.refusals import Refused
from domain.vocabulary import LIVE_CHANNELS, Cause, FeedbackKind, Role, Stage

IN_CASE = frozenset({Role.FIRST_CONTACT, Role.ASSIGNEE, Role.RESIDENT})
"""What somebody is in one case alone: the order says so, not an envelope."""
OF_RECEIVERS = frozenset({C.ACCEPT, C.RETURN})
"""What the receiver of a transfer may do before the order is his (DSP-08)."""
OF_THE_NAMED = frozenset({C.RETURN, C.ACKNOWLEDGE})
"""All that those can do whom a matter is about: give it up, and say that they were told of a breach (DSP-13)."""
CLOCK_SKEW = timedelta(minutes=1)
"""A stated time may lie this far ahead: the door's clock and the engine's differ (INT-13)."""


class Deed(NamedTuple):
    """A command as it stands before the order: who does it, when it happened, and what it says."""

    name: C
    author: e.Author
    at: datetime
    roles: frozenset[Role]
    payload: Any


def permitted(order: WorkOrder, command: c.Command, now: datetime) -> Deed:
    """Check role, version, stage and stated time, in this order (specs/http_api.md, order of checks)."""
    envelope, name = command.envelope, command.name
    if envelope.actor in order.complained_of and name not in OF_THE_NAMED:
        raise refusal("complained-of", order, name, assignee=envelope.actor)
    roles = _roles(order, envelope)
    rule = RULEBOOK[name]
    if not roles & rule.who:
        allowed = ", ".join(sorted(_who(order, name)))
        raise Refused("forbidden", command=name, allowed=allowed, stage=order.stage, version=order.version)
    if envelope.expected_version not in {None, order.version}:
        raise refusal("version-mismatch", order, name, expected=envelope.expected_version)
    if not order.members and name in PARENT_ONLY:
        raise refusal("no-incident", order, name)
    if order.members and name not in OF_PARENTS:
        raise refusal("not-of-an-incident", order, name)
    if order.merged is not None and name not in OF_MERGED:
        raise refusal("merged", order, name, survivor=order.merged.survivor)
    if order.stage not in rule.stages:
        raise refusal("order-closed" if order.stage is Stage.CLOSED else "illegal-transition", order, name)
    return Deed(name, _author(envelope, roles & rule.who), _stated(order, command, now), roles, command.payload)


def _who(order: WorkOrder, name: C) -> frozenset[Role]:
    """Return the roles that may do it; of a pause that waits those who may decide about this one (CLK-17)."""
    if name in {C.APPROVE_SUSPENSION, C.REFUSE_SUSPENSION} and order.request is not None:
        return frozenset({order.request.approver, Role.PROJECT_MANAGER})
    return RULEBOOK[name].who


def _roles(order: WorkOrder, envelope: c.Envelope) -> frozenset[Role]:
    """Add to the actor's positions what he is in this very case; nobody can claim that (HA-38).

    But to acknowledge a level: who was told of it for its addressee, as a deputy or on call, the door knows (ESC-11).
    """
    if envelope.command == C.ACKNOWLEDGE:
        return frozenset(envelope.roles) | _in_case(order, envelope)
    return frozenset(envelope.roles) - IN_CASE | _in_case(order, envelope)


def _in_case(order: WorkOrder, envelope: c.Envelope) -> frozenset[Role]:
    receiver = order.receiver if envelope.command in OF_RECEIVERS else None
    named = {Role.FIRST_CONTACT: order.first_contact, Role.ASSIGNEE: order.assignee, Role.RESIDENT: resident(order)}
    mine = envelope.command == C.COMPLETE_ASSIGNMENT and any(o.assignee == envelope.actor for o in order.assignments)
    of_absorbed = envelope.command == C.URGE and envelope.actor in map(_reporter, order.absorbed)  # GRP-03
    found = {role for role, who in named.items() if who == envelope.actor}
    holds = {Role.ASSIGNEE} if mine or receiver == envelope.actor else set()
    return frozenset(found | holds | ({Role.RESIDENT} if of_absorbed else set()))


def _reporter(case: AbsorbedCase) -> str:
    return f"resident:{case.reporter}"


def resident(order: WorkOrder) -> str:
    """Return the actor id of the person who reported the matter: no other resident may act on it (HA-38)."""
    return f"resident:{order.reporter}"


def _author(envelope: c.Envelope, fitting: frozenset[Role]) -> e.Author:
    """Name the author; of several roles that fit, what he is in the case comes first, then the envelope's order."""
    in_case = [role for role in (Role.ASSIGNEE, Role.FIRST_CONTACT, Role.RESIDENT) if role in fitting]
    role = [*in_case, *(role for role in envelope.roles if role in fitting)][0]
    request = {"channel": envelope.channel, "request_id": envelope.request_id}
    return e.Author(actor=envelope.actor, role=role, cause=Cause.COMMAND, **request)


def _stated(order: WorkOrder, command: c.Command, now: datetime) -> datetime:
    """Return when it happened: now, or the time a person states for a conversation (CLK-07, design 4a.2)."""
    stated, channel = command.envelope.stated_at, command.envelope.channel
    if stated is None:
        return now
    if command.name not in STATABLE:
        raise refusal("stated-time-not-here", order, command.name)
    if channel not in LIVE_CHANNELS:
        raise refusal("stated-time-needs-live-channel", order, command.name, channel=channel)
    if stated > now + CLOCK_SKEW:
        raise refusal("stated-time-in-future", order, command.name)
    since = _since(order, command)
    if stated < since:
        raise refusal("stated-time-too-early", order, command.name, since=instant_text(since))
    return min(stated, now)


def _since(order: WorkOrder, command: c.Command) -> datetime:
    """Return the earliest instant a conversation can be stated for: a result follows the work, a life its beginning."""
    result = isinstance(command.payload, p.GiveFeedback) and command.payload.kind is FeedbackKind.RESULT
    called = command.name in {C.RECORD_CALLBACK, C.RECORD_ATTEMPT}
    return order.stage_since if result or called else order.generation_since


def refusal(code: str, order: WorkOrder, command: C, **facts: str | int | None) -> Refused:
    """Refuse, and tell the state as it is now, so that the loser of a race knows (API-01)."""
    state = {"stage": order.stage.value, "version": order.version, "assignee": order.assignee}
    allowed = ", ".join(commands_in(order.stage, incident=bool(order.members), merged=order.merged is not None))
    return Refused(code, **{"command": command.value, "allowed": allowed, **state, **facts})
