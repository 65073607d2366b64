"""The doors' way in: receive a matter so that it can't be lost, and give commands that happen once."""

import hashlib
import hmac
import re
import secrets
from collections.abc import Awaitable, Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from typing import Any, NamedTuple, TypeVar, get_args

from pydantic_core import to_jsonable_python
from temporalio.client import (
    Client,
    WorkflowUpdateFailedError,
    WorkflowUpdateRPCTimeoutOrCancelledError,
)
from temporalio.common import WorkflowIDConflictPolicy, WorkflowIDReusePolicy
from temporalio.exceptions import ApplicationError, WorkflowAlreadyStartedError
from temporalio.service import RPCError, RPCStatusCode

from domain import audit, catalogue
from domain.commands import PAYLOADS, CommandName, Envelope, Payload, Words, read
from domain.community import CommunityFile
from domain.permission import CLOCK_SKEW
from domain.reception import Reception, receive
from domain.refusals import Refused
from domain.terms import Terms
from domain.vocabulary import Channel, ClockName
from records import actions, intakes, subjects
from records import audit as chains
from records import read as reading
from records.errors import RecordsAway, RecordsRefused
from records.pool import Database, Pool
from records.vault import KeyRing
from starter.actor import Actor
from starter.intake import IntakeForm
from workflows.contract import TASK_QUEUE, Answer, Start, workflow_id
from workflows.projection import row_of
from workflows.work_order import WorkOrderProcess

BACK_DATING = timedelta(hours=24)
"""How far the recorder may set `received_at` back (INT-13)."""
PATIENCE = timedelta(seconds=10)
"""How long a door waits for the engine (specs/http_api.md section 6)."""
UNDECIDED = frozenset({"records-away", "engine-away", "outcome-unknown"})
"""No refusals: the command may still happen, so its words and its envelope stay for the repetition."""
NOT_KEPT = frozenset({"forbidden", "not-found"})
"""Refusals after which the idempotency key is free again (specs/http_api.md section 3)."""
T = TypeVar("T")


@dataclass(frozen=True)
class Desk:
    """What a door needs to serve: the record, the engine, the keys and the settings in force."""

    pool: Pool
    engine: Client
    ring: KeyRing
    settings: CommunityFile
    index_keys: dict[str, bytes] = field(default_factory=dict, repr=False)


@dataclass(frozen=True)
class Receipt:
    """What the owner is told at once: the number, and by when he hears from us (INT-14)."""

    order_id: str
    repeated: bool
    started: bool  # False: the engine is away, the relay starts the process
    received_at: datetime
    response_due_at: datetime | None
    feedback_due_at: datetime | None


@dataclass(frozen=True)
class Request:
    """A command as a door hears it: plain words included, which never leave the record's vault."""

    order_id: str
    command: CommandName
    actor: Actor
    said: Mapping[str, Any] = field(default_factory=dict, repr=False)
    key: str = field(default_factory=lambda: secrets.token_urlsafe(16))
    channel: Channel = Channel.CLI
    expected_version: int | None = None
    stated_at: datetime | None = None
    request_id: str = field(default_factory=lambda: f"req_{secrets.token_hex(8)}")


# ---- receiving


async def receive_matter(desk: Desk, form: IntakeForm, actor: Actor, *, now: datetime | None = None) -> Receipt:
    """Take a matter in: committed first, then started; what is not started the relay starts (design 6).

    Raises `Refused` with nothing half done, `records-away` among its codes.
    """
    now = now or datetime.now(UTC)
    received_at = reception_instant(form, now)
    terms = terms_for(desk.settings, form.community, dict(form), received_at)
    taken = await kept(_take_in(desk, form, actor, terms, received_at))
    intake = taken.intake
    started = intake.started_at is not None or await start_process(desk, intake)
    return Receipt(
        intake.order_id,
        taken.repeated,
        started,
        intake.received_at,
        intake.response_due_at,
        intake.feedback_due_at,
    )


def reception_instant(form: IntakeForm, now: datetime) -> datetime:
    """Return when the words reached us; set back by at most a day, and with a reason (INT-13)."""
    said = form.received_at
    if said is None:
        return now
    if said > now + CLOCK_SKEW:
        raise Refused("received-in-future")
    if said < now - BACK_DATING:
        raise Refused("received-too-old", hours=BACK_DATING // timedelta(hours=1))
    if said < now - CLOCK_SKEW and form.back_dated_because is None:
        raise Refused("reason-missing")
    return said


def terms_for(settings: CommunityFile, community: str, wish: Mapping[str, Any], received_at: datetime) -> Terms:
    """Resolve the terms of a category as they were on the day of reception, so that they change only by decision."""
    named = {name: wish.get(name) for name in ("category", "kind", "severity")}
    return catalogue.resolve(settings, community=community, on=received_at.date(), **named)


async def _take_in(desk: Desk, form: IntakeForm, actor: Actor, terms: Terms, received_at: datetime) -> intakes.TakenIn:
    said = form.model_dump(mode="json", exclude={"idempotency_key"})
    arrival = intakes.Arrival(
        key_digest=key_digest(form.community, actor, "receive", form.idempotency_key),
        fingerprint=await fingerprint(desk, form.community, said),
        community=form.community,
        received_at=received_at,
        terms_digest=terms.digest,
        terms=terms.model_dump(mode="json"),
        texts={"complaint": form.text}
        | _optional(external_note=form.external_note, back_dated=form.back_dated_because),
        contacts=_optional(name=form.reporter_name, phone=form.reporter_phone, address=form.address, room=form.room),
        external_id=form.external_id,
        external_created_at=form.external_created_at,
        flags=form.flags,
        is_test=form.test,
        **dues(_reception("wo_", "sub_", Words(id="", digest=""), form, actor, terms, received_at)),
    )

    def start_input(order_id: str, subject_id: str, texts: Mapping[str, Any]) -> tuple[dict[str, Any], dict[str, Any]]:
        words = Words(**texts["complaint"]._asdict())
        reception = _reception(order_id, subject_id, words, form, actor, terms, received_at)
        row = row_of(receive(reception, received_at)[0]).model_copy(update={"version": 0})
        start = Start(reception=reception).model_dump(mode="json", exclude_none=True)
        return start, row.model_dump(mode="json")

    return await intakes.take_in(desk.pool, desk.ring, arrival, start_input)


def _reception(
    order_id: str, subject_id: str, words: Words, form: IntakeForm, actor: Actor, terms: Terms, received_at: datetime
) -> Reception:
    return Reception(
        order_id=order_id,
        community=form.community,
        kind=terms.kind,
        category=terms.category,
        severity=terms.severity,
        channel=form.channel,
        received_at=received_at,
        contacted_at=form.contacted_at,
        actor=actor.id,
        role=actor.roles[0],
        request_id=f"req_{secrets.token_hex(8)}",
        reporter=subject_id,
        recorder=actor.id if actor.id.startswith("usr_") else None,
        building=form.room.split("-")[0] if form.room else None,
        words=words,
        external_id=form.external_id,
        flags=form.flags,
        terms=terms,
    )


def dues(reception: Reception) -> dict[str, datetime | None]:
    """Return the two limits that the owner is told at once."""
    order, _ = receive(reception, reception.received_at)
    first = {clock.name: order.due(clock) for clock in reversed(order.clocks)}
    return {"response_due_at": first.get(ClockName.RESPONSE), "feedback_due_at": first.get(ClockName.FEEDBACK)}


async def start_process(desk: Desk, intake: intakes.Intake, db: "Database | None" = None) -> bool:
    """Start the process of an intake; False when the engine is away. Twice is the same as once.

    `db` is the connection that holds the intake's row, if one does.
    """
    db = db or desk.pool
    try:
        await desk.engine.start_workflow(
            WorkOrderProcess.run,
            Start.model_validate(intake.start_input),
            id=workflow_id(intake.order_id),
            task_queue=TASK_QUEUE,
            id_conflict_policy=WorkflowIDConflictPolicy.USE_EXISTING,
            id_reuse_policy=WorkflowIDReusePolicy.REJECT_DUPLICATE,
            rpc_timeout=PATIENCE,
        )
    except WorkflowAlreadyStartedError:
        pass
    except (RPCError, RuntimeError):
        await quietly(intakes.mark_not_started(db, intake.order_id))
        return False
    await quietly(intakes.mark_started(db, intake.order_id))
    return True


# ---- acting


async def act(desk: Desk, request: Request) -> Answer:
    """Give a command; a repetition answers as the first did, and happens once (design 4a.8).

    Raises `Refused`; every refusal is written to the day's chain of its community first (privacy_audit B1).
    """
    facts: OrderFacts | None = None
    try:
        facts = await order_facts(desk, request.order_id)
        prepared = prepare(desk.settings, request, facts)
        opened = await kept(_open(desk, request, facts.community, prepared))
        if opened.answer is not None:
            return answered(opened.answer)
        answer = await send(desk, request, Envelope.model_validate(opened.envelope), opened.update_id)
    except Refused as refusal:
        if refusal.code not in UNDECIDED:
            await kept(_refuse(desk, request, facts, refusal))
        raise
    await quietly(actions.close_action(desk.pool, _key(request, facts.community), answer.model_dump(mode="json")))
    return answer


class OrderFacts(NamedTuple):
    """What a door must know of an order before it gives it a command."""

    community: str
    received_at: datetime
    terms_digest: str  # of the terms it was received with


async def order_facts(desk: Desk, order_id: str) -> OrderFacts:
    """Return what a door must know of an order; refuses with `not-found`."""
    return OrderFacts(*await kept(reading.order_facts(desk.pool, order_id), order=order_id))


@dataclass(frozen=True)
class Prepared:
    """A command checked at the door: its payload with places for the words, the words, and new terms."""

    payload: dict[str, Any]
    texts: dict[str, str] = field(repr=False)
    terms: dict[str, dict[str, Any]] = field(repr=False)


def prepare(settings: CommunityFile, request: Request, facts: OrderFacts) -> Prepared:
    """Check a command's form, put its words aside and resolve its terms."""
    kind = PAYLOADS[request.command]
    said = to_jsonable_python({name: value for name, value in request.said.items() if value is not None})
    texts = {name: str(said.pop(name)) for name in words_of(kind) if name in said}
    terms: dict[str, dict[str, Any]] = {}
    if "terms_digest" in kind.model_fields:
        resolved = terms_for(settings, facts.community, said, facts.received_at)
        said |= {"category": resolved.category, "kind": resolved.kind, "severity": resolved.severity}
        said["terms_digest"] = resolved.digest
        if resolved.digest != facts.terms_digest:
            said["terms"] = terms[resolved.digest] = resolved.model_dump(mode="json")
    form = {**said, **{name: {"id": "txt", "digest": ""} for name in texts}}
    payload = read(_envelope(request, form)).payload.model_dump(mode="json", exclude_none=True, exclude=set(texts))
    return Prepared(payload, texts, terms)


def words_of(kind: type[Payload]) -> list[str]:
    """Name the fields of a command that hold a person's words."""
    return [name for name, info in kind.model_fields.items() if Words in (info.annotation, *get_args(info.annotation))]


async def send(desk: Desk, request: Request, envelope: Envelope, update_id: str) -> Answer:
    """Send an envelope to its order's process and wait for the answer."""
    handle = desk.engine.get_workflow_handle(workflow_id(request.order_id))
    try:
        answer: Answer = await handle.execute_update(
            request.command.value, envelope, id=update_id, result_type=Answer, rpc_timeout=PATIENCE
        )
    except WorkflowUpdateFailedError as error:
        raise _refusal(error) from None
    except WorkflowUpdateRPCTimeoutOrCancelledError:
        raise Refused("outcome-unknown", key=request.key) from None
    except RPCError as error:
        if error.status is RPCStatusCode.NOT_FOUND:
            return await _not_running(desk, request, envelope, update_id)
        raise Refused("engine-away") from None
    except RuntimeError:  # a lazy client that finds no server
        raise Refused("engine-away") from None
    return answer


async def _not_running(desk: Desk, request: Request, envelope: Envelope, update_id: str) -> Answer:
    """Start a process the relay has not started yet and send again; an order whose process has ended is closed."""
    intake = (await kept(reading.order(desk.pool, request.order_id, list(desk.settings.communities)))).intake
    if intake is None or intake.started_at is not None:
        raise Refused("order-closed", command=request.command.value)
    if not await start_process(desk, intake):
        raise Refused("engine-away")
    return await send(desk, request, envelope, update_id)


async def _open(desk: Desk, request: Request, community: str, prepared: Prepared) -> actions.Opened:
    said = {"command": request.command, "payload": prepared.payload, "texts": prepared.texts}
    content = await fingerprint(desk, community, {**said, "expected_version": request.expected_version})
    update_id = hashlib.sha256(request.key.encode() + b"\n" + content.hex().encode()).hexdigest()[:32]
    written = actions.Request(
        key_digest=_key(request, community),
        fingerprint=content,
        order_id=request.order_id,
        command=request.command.value,
        actor=request.actor.id,
        update_id=update_id,
        texts=prepared.texts,
        terms=prepared.terms,
    )

    def envelope(texts: Mapping[str, Any]) -> dict[str, Any]:
        words = {name: reference._asdict() for name, reference in texts.items()}
        made = _envelope(request, {**prepared.payload, **words}, key=written.key_digest.hex())
        return made.model_dump(mode="json", exclude_none=True)

    return await actions.open_action(desk.pool, desk.ring, written, envelope)


def _envelope(request: Request, payload: Mapping[str, Any], key: str = "") -> Envelope:
    return Envelope(
        command=request.command.value,
        actor=request.actor.id,
        roles=request.actor.roles,
        channel=request.channel,
        request_id=request.request_id,
        key=key,
        expected_version=request.expected_version,
        stated_at=request.stated_at,
        payload=dict(payload),
    )


async def _refuse(desk: Desk, request: Request, facts: OrderFacts | None, refusal: Refused) -> None:
    """Write a refusal to the day's chain; the answer leaves only after it (privacy_audit B1)."""
    now = datetime.now(UTC)
    roles = request.actor.roles
    told = {"role": roles[0] if roles else "none", "channel": request.channel.value, "cause": "command"}
    what = {"command": request.command.value, "order": audit_name(request.order_id), "code": refusal.code}
    fact = chains.Fact("action.refused", now, request.actor.id, {**told, **what}, request.request_id)
    chain = chains.chain_of(chains.REFUSALS, facts.community if facts else desk.settings.firm.id, now)
    if facts is None or refusal.code == "idempotency-key-reused":  # the key is another request's
        await chains.append(desk.pool, chain, fact)
        return
    answer = None if refusal.code in NOT_KEPT else {"refused": refusal.code, "facts": dict(refusal.facts)}
    await actions.refuse_action(desk.pool, _key(request, facts.community), chain, fact, answer)


def audit_name(order_id: str) -> str:
    """Return an order's id if it has the form of one, else its digest: anything may have been typed there."""
    if re.fullmatch(r"wo_[0-9]{1,18}", order_id):
        return order_id
    return hashlib.sha256(order_id.encode()).hexdigest()


def answered(stored: Mapping[str, Any]) -> Answer:
    """Give again the answer, or the refusal, that the first of equal commands got."""
    if "refused" in stored:
        raise Refused(stored["refused"], **stored["facts"])
    return Answer.model_validate(stored)


# ---- keys, digests, errors


def key_digest(community: str, actor: Actor, route: str, key: str) -> bytes:
    """Return the look-up key of an idempotency key: it means something only for this person and route."""
    said = {"tenant": community, "principal": actor.id, "route": route, "key": key}
    return hashlib.sha256(audit.canonical(said)).digest()


def _key(request: Request, community: str) -> bytes:
    return key_digest(community, request.actor, f"{request.order_id}/{request.command.value}", request.key)


async def fingerprint(desk: Desk, community: str, said: Mapping[str, Any]) -> bytes:
    """Digest a request's content under the community's own key, for it holds words that a plain hash would betray."""
    if community not in desk.index_keys:
        desk.index_keys[community] = await kept(_index_key(desk, community))
    return hmac.digest(desk.index_keys[community], audit.canonical(_integers(said)), "sha256")


async def _index_key(desk: Desk, community: str) -> bytes:
    async with desk.pool.acquire() as connection:
        return await subjects.index_key(connection, desk.ring, community)


def _integers(value: Any) -> Any:
    """Write fractions as text: canonical JSON of ours knows integers only."""
    if isinstance(value, Mapping):
        return {name: _integers(item) for name, item in value.items()}
    if isinstance(value, list | tuple):
        return [_integers(item) for item in value]
    return repr(value) if isinstance(value, float) else value


async def kept(work: Awaitable[T], **facts: str) -> T:
    """Wait for the record; say in the trade's words when it is away or answers no."""
    try:
        return await work
    except RecordsAway:
        raise Refused("records-away") from None
    except RecordsRefused as refusal:
        raise Refused(refusal.code, **facts) from None


async def quietly(work: Awaitable[object]) -> None:
    """Note something that the relay or a repetition mends when the record is away just now."""
    try:
        await work
    except RecordsAway:
        return


def _refusal(error: WorkflowUpdateFailedError) -> Refused:
    """Read the refusal that a process answered with."""
    cause = error.cause
    if not isinstance(cause, ApplicationError) or cause.type is None:
        return Refused("engine-away")
    facts = cause.details[0] if cause.details else {}
    return Refused(cause.type, **facts)


def _optional(**fields: str | None) -> dict[str, str]:
    return {name: value for name, value in fields.items() if value}
