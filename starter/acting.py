"""Giving commands: checked at the door, written before they are sent, carried out once, refused with a record."""

import asyncio
import hashlib
import re
from collections.abc import Mapping
from dataclasses import replace
from datetime import UTC, datetime
from typing import Any, NamedTuple

from pydantic_core import to_jsonable_python
from temporalio.client import WorkflowUpdateFailedError, WorkflowUpdateRPCTimeoutOrCancelledError
from temporalio.exceptions import ApplicationError
from temporalio.service import RPCError, RPCStatusCode

from domain.commands import PAYLOADS, CommandName, Envelope, read
from domain.notices.owner_words import apologises
from domain.refusals import Refused
from domain.settings.community import CommunityFile
from domain.timekeeping.limits import parse
from domain.vocabulary import Role
from records import actions, dispatching, outgoing
from records import audit as chains
from records import read as reading
from records.errors import RecordsError
from starter import already
from starter import desk as at_the_desk
from starter.attaching import attached
from starter.client import start_process, terms_for
from starter.completeness import check_complete, check_feedback
from starter.desk import Desk, fingerprint, kept, quietly
from starter.dispatching import GIVING, Giving, check_receiver, check_trade, contractor_of, given_to
from starter.groups.membership import check_attachment, check_childless
from starter.heard_before import check_heard
from starter.offering import nobody_fits
from starter.request import Prepared, Request, envelope_of, key_of
from starter.said_words import put_back, taken_out
from workflows.contract import Answer, workflow_id

UNDECIDED = frozenset({"records-away", "engine-away", "outcome-unknown"})
"""No refusals: the command may still happen, so its words and its envelope stay for the repetition."""
RESOLVED = frozenset({"category", "kind", "severity", "terms", "terms_digest", "team", "assignee"})
RESOLVED |= {"mode", "decision", "over_limit", "contractor"}
"""What a door finds by itself when nobody said it: no part of what makes a repetition the same."""
NOT_KEPT = frozenset({"forbidden", "not-found"})
"""Refusals after which the idempotency key is free again (specs/http_api.md section 3)."""


STAYS = frozenset(
    {
        *(CommandName.MERGE, CommandName.ABSORB, CommandName.UNMERGE),
        *(CommandName.ATTACH_TO_INCIDENT, CommandName.DETACH_FROM_INCIDENT),
    }
)
"""What is about the very case that is named, merged or not."""


class Given(NamedTuple):
    """What a command was answered, and whether it is the answer that the first of equal commands got."""

    answer: Answer
    repeated: bool
    order_id: str  # the order that carried it out: of a merged case its survivor (GRP-03)


async def act(desk: Desk, request: Request) -> Answer:
    """Give a command, see `give`; return its answer alone."""
    return (await give(desk, request)).answer


async def give(desk: Desk, request: Request) -> Given:
    """Give a command; a repetition answers as the first did, and happens once (design 4a.8).

    What a merged case can't take any more reaches its survivor (GRP-03), under the same key. Raises `Refused`; every
    refusal is written to the day's chain of its community first (privacy_audit B1).
    """
    try:
        return await _give(desk, request)
    except Refused as refusal:
        if refusal.code != "merged" or request.command in STAYS or request.expected_version is not None:
            raise
        return await give(desk, replace(request, order_id=str(refusal.facts["survivor"])))


async def _give(desk: Desk, request: Request) -> Given:
    facts: OrderFacts | None = None
    try:
        facts = await order_facts(desk, request.order_id)
        request = await checked(desk, request)
        prepared = prepare(desk.settings, await completed(desk, request, facts.community, claims=True), facts)
        await check_heard(desk, request, prepared)
        opened = await kept(opened_action(desk, request, facts.community, prepared))
        if opened.answer is not None:
            return Given(answered(opened.answer), repeated=True, order_id=request.order_id)
        answer = await send(desk, request, Envelope.model_validate(opened.envelope), opened.update_id)
    except Refused as error:
        refusal = await _named(desk, request, error)
        if refusal.code not in UNDECIDED:
            await freed(desk, request, facts, refusal.code)
            await kept(refuse(desk, request, facts, refusal))
        if refusal.code == "nobody-fits":
            await nobody_fits(desk, request.order_id, str(refusal.facts["team"]), datetime.now(UTC))
        raise refusal from None
    await quietly(actions.close_action(desk.pool, key_of(request, facts.community), answer.model_dump(mode="json")))
    return Given(answer, repeated=False, order_id=request.order_id)


async def _named(desk: Desk, request: Request, refusal: Refused) -> Refused:
    """Name who has done the step before, and when, if that is why it does not fit."""
    if refusal.code not in already.CODES:
        return refusal
    try:
        file = await reading.order(desk.pool, request.order_id, list(desk.settings.communities))
    except RecordsError:
        return refusal
    return already.done_before(refusal, request.command, request.said, file.events)


async def checked(desk: Desk, request: Request) -> Request:
    """Look up what the order can't know: who is on duty, who was told of a level, what an incident is (GRP-05)."""
    incident = request.said.get("incident")
    if request.command in {CommandName.TRANSFER, CommandName.ADD_ASSIGNMENT}:
        row = await kept(reading.row(desk.pool, request.order_id), order=request.order_id)
        check_trade(desk, row, request.command, request.said, request.actor)
        if request.command is CommandName.TRANSFER:
            check_receiver(desk, row, request.said, request.actor, datetime.now(UTC))
    if request.command is CommandName.ADD_ASSIGNMENT:
        contractor = contractor_of(desk, str(request.said.get("assignee")))
        request = replace(request, said={**request.said, "contractor": contractor})
    if request.command is CommandName.ATTACH_TO_INCIDENT and isinstance(incident, str):
        await check_attachment(desk, request.order_id, incident, late=request.actor.id == "system")
    if request.command is CommandName.DISMISS_INCIDENT:
        await check_childless(desk, request.order_id)
    return await as_addressee(desk, request)


async def completed(desk: Desk, request: Request, community: str, *, claims: bool = False) -> Request:
    """Complete what a person leaves to the house: whom a dispatch goes to, and why; of a repetition as it was then.

    `claims` keeps the place under the load limit of whoever gets the order (DSP-11).
    """
    if request.command not in GIVING:
        return request
    said = {name: value for name, value in request.said.items() if value is not None}
    key = key_of(request, community)
    before = await kept(actions.envelope_of(desk.pool, key))
    if before is not None:
        return replace(request, said={**before["payload"], **said})
    giving = Giving(request.order_id, request.command, said, request.actor.id, key if claims else None)
    return replace(request, said=await given_to(desk, giving, datetime.now(UTC)))


async def as_addressee(desk: Desk, request: Request) -> Request:
    """Let whoever was told of a level for its addressee acknowledge it in that role: a deputy, or who is on call.

    Nothing else is given with it (ESC-05, ESC-11).
    """
    clock = request.said.get("clock")
    if request.command is not CommandName.ACKNOWLEDGE or not isinstance(clock, str):
        return request
    told = await kept(outgoing.roles_told(desk.pool, request.order_id, request.actor.id, clock))
    roles = tuple(dict.fromkeys((*request.actor.roles, *map(Role, told))))
    return replace(request, actor=request.actor._replace(roles=roles))


class OrderFacts(NamedTuple):
    """What a door must know of an order before it gives it a command."""

    community: str
    received_at: datetime
    terms_digest: str  # of the terms it was received with


async def order_facts(desk: Desk, order_id: str) -> OrderFacts:
    """Return what a door must know of an order; refuses with `not-found` or `record-lost`."""
    return OrderFacts(*await kept(reading.order_facts(desk.pool, order_id), order=order_id))


async def freed(desk: Desk, request: Request, facts: OrderFacts | None, code: str) -> None:
    """Give up the place that was kept for a command that was refused; left alone it would count for a while."""
    if facts is None or code == "idempotency-key-reused":  # the key, and its place, are another request's
        return
    if request.command in GIVING:
        await quietly(dispatching.unclaim(desk.pool, key_of(request, facts.community)))


def prepare(settings: CommunityFile, request: Request, facts: OrderFacts) -> Prepared:
    """Check a command's form, put its words aside and resolve its terms."""
    kind = PAYLOADS[request.command]
    spoken = {name: value for name, value in request.said.items() if value is not None}
    check_complete(request.command, spoken, settings.handling)
    attaching = attached(kind, spoken, settings.attachments)
    said, texts = taken_out(kind, to_jsonable_python(attaching.said))
    if request.command is CommandName.GIVE_FEEDBACK:
        said["apologises"] = "delivery" in said or any(map(apologises, texts.values()))  # messages do so themselves
        check_feedback(texts, settings.feedback)
    if request.command is CommandName.GIVE_MASS_NOTICE:
        check_feedback(texts, settings.feedback)
    terms: dict[str, dict[str, Any]] = {}
    if "terms_digest" in kind.model_fields:
        resolved = terms_for(settings, facts.community, said, facts.received_at)
        said |= {"category": resolved.category, "kind": resolved.kind, "severity": resolved.severity}
        said["terms_digest"] = resolved.digest
        if resolved.digest != facts.terms_digest:
            said["terms"] = terms[resolved.digest] = resolved.model_dump(mode="json")
    payload = read(envelope_of(request, said)).payload.model_dump(mode="json", exclude_none=True, exclude=set(texts))
    return Prepared(payload, texts, terms, attaching.brought, attaching.named)


async def send(desk: Desk, request: Request, envelope: Envelope, update_id: str) -> Answer:
    """Send an envelope to its order's process and wait for the answer."""
    handle = desk.engine.get_workflow_handle(workflow_id(request.order_id))
    try:
        async with asyncio.timeout(at_the_desk.PATIENCE.total_seconds()):  # of the SDK's own greeting too
            answer: Answer = await handle.execute_update(
                request.command.value, envelope, id=update_id, result_type=Answer, rpc_timeout=at_the_desk.PATIENCE
            )
    except WorkflowUpdateFailedError as error:
        raise _refusal(error) from None
    except (WorkflowUpdateRPCTimeoutOrCancelledError, TimeoutError):
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
        raise _over(desk, request)
    if not await start_process(desk, intake, patience=at_the_desk.PATIENCE):
        raise Refused("engine-away")
    return await send(desk, request, envelope, update_id)


def _over(desk: Desk, request: Request) -> Refused:
    """Refuse a command to an order whose time to be reopened is over; who wants to reopen it is told so (CBK-09)."""
    if request.command in {CommandName.REOPEN, CommandName.RECORD_CALLBACK}:
        return Refused("reopen-window-over", days=parse(desk.settings.callback.reopen_window).amount)
    return Refused("order-closed", command=request.command.value)


async def opened_action(desk: Desk, request: Request, community: str, prepared: Prepared) -> actions.Opened:
    """Write a command down with its words before it is sent; a repetition finds what is known of it."""
    own = {n: value for n, value in prepared.payload.items() if n not in RESOLVED or request.said.get(n) is not None}
    said = {"command": request.command, "actor": request.actor.id, "payload": own, "texts": prepared.texts}
    content = await fingerprint(desk, community, {**said, "expected_version": request.expected_version})
    update_id = hashlib.sha256(request.key.encode() + b"\n" + content.hex().encode()).hexdigest()[:32]
    written = actions.Request(
        key_digest=key_of(request, community),
        fingerprint=content,
        order_id=request.order_id,
        command=request.command.value,
        actor=request.actor.id,
        update_id=update_id,
        texts=prepared.texts,
        terms=prepared.terms,
        attachments=prepared.files,
    )

    def envelope(texts: Mapping[str, Any]) -> dict[str, Any]:
        words = {place: reference._asdict() for place, reference in texts.items()}
        made = envelope_of(request, put_back(prepared.payload, words), key=written.key_digest.hex())
        return made.model_dump(mode="json", exclude_none=True)

    return await actions.open_action(desk.pool, desk.ring, written, envelope)


async def refuse(desk: Desk, request: Request, facts: OrderFacts | None, refusal: Refused) -> None:
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
    await actions.refuse_action(desk.pool, key_of(request, facts.community), chain, fact, answer)


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


def _refusal(error: WorkflowUpdateFailedError) -> Refused:
    """Read the refusal that a process answered with."""
    cause = error.cause
    if not isinstance(cause, ApplicationError) or cause.type is None:
        return Refused("engine-away")
    facts = cause.details[0] if cause.details else {}
    return Refused(cause.type, **facts)
