"""Proposing an incident: the parent of several cases is written down like a matter received, then started (GRP-05)."""

import secrets
from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any, NamedTuple

from domain.intake.reception import Reception, receive
from domain.lifecycle import OPERATORS
from domain.payloads import Words
from domain.refusals import Refused
from domain.terms import Terms
from domain.vocabulary import Channel, ClockName, Role, Severity
from records import intakes
from records.read import OrderRow
from starter.actor import Actor
from starter.client import start_process, terms_for
from starter.desk import Desk, fingerprint, house_time, kept, key_digest
from starter.groups.membership import check_members, rows_of
from workflows.contract import Start
from workflows.projection import record_row

PROPOSERS = OPERATORS | {Role.RULE}
WORST = (Severity.URGENT, Severity.MAJOR, Severity.ORDINARY)


class ProposalForm(NamedTuple):
    """What a door hears: which orders, what the cause may be, and how serious it is (none = as the worst of them)."""

    members: tuple[str, ...]
    text: str
    idempotency_key: str
    severity: Severity | None = None


class Proposal(NamedTuple):
    """The parent as it stands in the record."""

    order_id: str
    members: tuple[str, ...]
    repeated: bool
    started: bool  # False: the engine is away, the relay starts the process


async def propose_incident(desk: Desk, form: ProposalForm, actor: Actor) -> Proposal:
    """Write a proposal down, then start its process; the same key gives the earlier one, whatever came of it.

    Raises `Refused` with nothing half done.
    """
    actor, rows = await checked_members(desk, form, actor)
    key = _key(form, rows, actor)
    taken = await kept(_take_in(desk, form, actor, rows, key, await house_time(desk)))
    intake = taken.intake
    started = intake.started_at is not None or await start_process(desk, intake)
    members = Start.model_validate(intake.start_input).of().members
    return Proposal(intake.order_id, members, taken.repeated, started)


async def checked_members(desk: Desk, form: ProposalForm, actor: Actor) -> tuple[Actor, list[OrderRow]]:
    """Return who proposes, in the role that allows it, and the orders; a repetition is not judged again."""
    role = next((role for role in actor.roles if role in PROPOSERS), None)
    if role is None:
        raise Refused("forbidden", command="propose_incident", allowed=", ".join(sorted(PROPOSERS)))
    actor, rows = actor._replace(roles=(role,)), await rows_of(desk, form.members)
    if not await kept(intakes.is_known(desk.pool, _key(form, rows, actor))):
        await check_members(desk, rows)
        await _check_work(desk, form, rows)
    return actor, rows


async def _check_work(desk: Desk, form: ProposalForm, rows: Sequence[OrderRow]) -> None:
    """Refuse an incident of a class that nobody is sent for: confirmed, it would be owed by nobody (CBK-11)."""
    terms = incident_terms(desk, form, rows, await house_time(desk))
    if terms.clock(ClockName.DISPATCH) is None:
        raise Refused("no-common-work", category=terms.category)


def _key(form: ProposalForm, rows: Sequence[OrderRow], actor: Actor) -> bytes:
    community = rows[0].community if rows else ""
    return key_digest(community, actor, "propose_incident", form.idempotency_key)


def incident_terms(desk: Desk, form: ProposalForm, rows: Sequence[OrderRow], at: datetime) -> Terms:
    """Resolve the parent's terms: the category of its members, as serious as the worst of them unless it is said."""
    severity = form.severity or min((Severity(row.severity) for row in rows), key=WORST.index)
    return terms_for(desk.settings, rows[0].community, {"category": rows[0].category, "severity": severity}, at)


async def _take_in(
    desk: Desk, form: ProposalForm, actor: Actor, rows: Sequence[OrderRow], key: bytes, at: datetime
) -> intakes.TakenIn:
    terms, place = incident_terms(desk, form, rows, at), rows[0]
    said = {"members": [row.order_id for row in rows], "text": form.text, "severity": form.severity}
    arrival = intakes.Arrival(
        key_digest=key,
        fingerprint=await fingerprint(desk, place.community, said),
        community=place.community,
        received_at=at,
        terms_digest=terms.digest,
        terms=terms.model_dump(mode="json"),
        texts={"complaint": form.text},
        is_test=all(row.is_test for row in rows),
    )

    def start_input(order_id: str, subject_id: str, texts: Mapping[str, Any]) -> tuple[dict[str, Any], dict[str, Any]]:
        words = Words(**texts["complaint"]._asdict())
        reception = _reception(order_id, subject_id, words, actor, terms, rows, at)
        row = record_row(receive(reception, at)[0]).model_copy(update={"version": 0})
        return Start(reception=reception).model_dump(mode="json", exclude_none=True), row.model_dump(mode="json")

    return await intakes.take_in(desk.pool, desk.ring, arrival, start_input)


def _reception(
    order_id: str, subject_id: str, words: Words, actor: Actor, terms: Terms, rows: Sequence[OrderRow], at: datetime
) -> Reception:
    places = {row.building for row in rows}
    return Reception(
        order_id=order_id,
        community=rows[0].community,
        kind=terms.kind,
        category=terms.category,
        severity=terms.severity,
        channel=Channel.ENGINE if Role.RULE in actor.roles else Channel.CLI,
        received_at=at,
        actor=actor.id,
        role=actor.roles[0],
        request_id=f"req_{secrets.token_hex(8)}",
        reporter=subject_id,
        building=places.pop() if len(places) == 1 else None,
        words=words,
        terms=terms,
        members=tuple(row.order_id for row in rows),
    )
