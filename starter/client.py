"""Receiving: a matter is written down before anything else, then its process is started; it can't be lost."""

import secrets
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from temporalio.common import WorkflowIDConflictPolicy, WorkflowIDReusePolicy
from temporalio.exceptions import WorkflowAlreadyStartedError
from temporalio.service import RPCError

from domain.audit import instant_text
from domain.groups.massing import rule_of
from domain.intake.events import Repeat
from domain.intake.reception import Reception, receive
from domain.payloads import Words
from domain.permission import CLOCK_SKEW
from domain.refusals import Refused
from domain.settings import catalogue
from domain.settings.community import CommunityFile
from domain.terms import Terms
from domain.timekeeping.calendars import calendar_from
from domain.timekeeping.limits import seconds
from domain.vocabulary import LIVE_CHANNELS, ClockName
from records import intakes
from records.attachments import Attachment
from records.pool import Database
from starter.actor import SELF, Actor, staff_id, usr
from starter.attaching import taken as taken_files
from starter.contacting import groups_here
from starter.desk import PROMPT, Desk, fingerprint, house_time, kept, key_digest, patiently, quietly
from starter.groups.repeats import repeat_of
from starter.intake import IntakeForm
from starter.placing import area_of, building_of, check_source, flags_of, proposal_of, wish_of
from workflows.contract import TASK_QUEUE, Start, workflow_id
from workflows.projection import record_row
from workflows.work_order import WorkOrderProcess


@dataclass(frozen=True)
class Receipt:
    """What the owner is told at once: the number, and by when he hears from us (INT-14)."""

    order_id: str
    repeated: bool
    started: bool  # False: the engine is away, the relay starts the process
    received_at: datetime
    response_due_at: datetime | None
    feedback_due_at: datetime | None
    provisional: tuple[str, ...]  # clocks of the two that fall due beyond confirmed holiday data (CAL-11)
    category: str
    kind: str
    severity: str
    proposed: Mapping[str, str]  # category, severity and because, as the rules had it (INT-09)


async def receive_matter(
    desk: Desk,
    form: IntakeForm,
    actor: Actor,
    *,
    now: datetime | None = None,
    files: Sequence[bytes] = (),
    start: bool = True,
) -> Receipt:
    """Take a matter in: committed first, then started; what is not started the relay starts (design 6).

    `start` is False where the engine did not answer a moment ago: it is not waited for a second time.
    Raises `Refused` with nothing half done, `records-away` among its codes.
    """
    now = now or await house_time(desk)
    received_at, terms = weighed(desk.settings, form, actor, now)
    brought = taken_files(files, desk.settings.attachments)
    repeat = await repeat_of(desk, form, received_at)
    taken = await kept(_take_in(desk, form, actor, terms, received_at, brought, repeat))
    intake = taken.intake
    heard = intake.start_input["reception"]
    started = intake.started_at is not None or (start and await start_process(desk, intake))
    return Receipt(
        intake.order_id,
        taken.repeated,
        started,
        intake.received_at,
        intake.response_due_at,
        intake.feedback_due_at,
        provisional_of(
            Terms.model_validate(heard["terms"]),
            {"response_due_at": intake.response_due_at, "feedback_due_at": intake.feedback_due_at},
        ),
        category=heard["category"],
        kind=heard["kind"],
        severity=heard["severity"],
        proposed=heard.get("proposed", {}),  # matters received before 0.4.0 have none
    )


def weighed(settings: CommunityFile, form: IntakeForm, actor: Actor, now: datetime) -> tuple[datetime, Terms]:
    """Return when a matter counts as received, and its terms. Raises `Refused` for what is not taken in."""
    received_at = reception_instant(form, now, settings)
    check_source(form, received_at)
    check_answer(form.heard(received_at), actor, received_at, now)
    return received_at, terms_for(settings, form.community, wish_of(settings, form), received_at)


def reception_instant(form: IntakeForm, now: datetime, settings: CommunityFile) -> datetime:
    """Return when the words reached us; set back only so far, and with a reason (INT-13)."""
    if form.received_at is None:
        return now
    if is_set_back(form.received_at, now, settings) and form.back_dated_because is None:
        raise Refused("reason-missing")
    return form.received_at


def is_set_back(received_at: datetime, now: datetime, settings: CommunityFile) -> bool:
    """Whether a stated time of reception lies so far back that it needs a reason; refuses one out of reach."""
    if received_at > now + CLOCK_SKEW:
        raise Refused("received-in-future")
    reach = timedelta(seconds=seconds(settings.intake.back_dating))
    if received_at < now - reach:
        raise Refused("received-too-old", hours=reach // timedelta(hours=1))
    return received_at < now - CLOCK_SKEW


def check_answer(form: IntakeForm, actor: Actor, received_at: datetime, now: datetime) -> None:
    """Check the time at which the owner is said to have been answered (CLK-07), and by whom (DSP-13)."""
    if form.contacted_at is None:
        return
    if form.channel not in LIVE_CHANNELS or not actor.id.startswith("usr_"):
        raise Refused("stated-time-needs-live-channel", channel=form.channel.value)
    if form.contacted_at > now + CLOCK_SKEW:
        raise Refused("stated-time-in-future")
    if form.contacted_at < received_at:
        raise Refused("stated-time-too-early", since=instant_text(received_at))
    if staff_id(actor.id) in form.complained_of:  # nor may they later (DSP-13)
        raise Refused("answered-by-named", assignee=staff_id(actor.id))


def terms_for(settings: CommunityFile, community: str, wish: Mapping[str, Any], received_at: datetime) -> Terms:
    """Resolve the terms of a category as they were on the day of reception, so that they change only by decision.

    That day is the community's: its calendar counts by its own midnights (CAL-09).
    """
    named = {name: wish.get(name) for name in ("category", "kind", "severity")}
    estate = settings.communities.get(community)
    on = received_at.astimezone(ZoneInfo(estate.zone if estate else settings.firm.default_zone)).date()
    return catalogue.resolve(settings, community=community, on=on, **named)


async def _take_in(
    desk: Desk,
    form: IntakeForm,
    actor: Actor,
    terms: Terms,
    received_at: datetime,
    brought: tuple[Attachment, ...],
    repeat: Repeat | None,
) -> intakes.TakenIn:
    # A record imported again a day later counts from another instant (INT-24), and is the same record all the same.
    said = form.said()
    if form.external_created_at:
        del said["received_at"]
    form = form.heard(received_at)
    groups = sorted({*form.groups, *await groups_here(desk, form.community, form.room)})
    flags = flags_of(desk.settings, form)
    due = dues(trial(form, actor, terms, received_at))
    digests = tuple(dict.fromkeys(one.digest for one in brought))
    said |= {"attachments": list(digests)} if digests else {}
    arrival = intakes.Arrival(
        key_digest=key_digest(form.community, actor, "receive", form.idempotency_key),
        fingerprint=await fingerprint(desk, form.community, said),
        community=form.community,
        received_at=received_at,
        terms_digest=terms.digest,
        terms=terms.model_dump(mode="json"),
        texts={"complaint": form.text}
        | _optional(external_note=form.external_note, back_dated=form.back_dated_because, remedy_asked=form.remedy)
        | _optional(found_in=form.found_in, posted_by=form.posted_by, groups=", ".join(groups)),
        contacts=_optional(
            name=form.reporter_name, phone=form.reporter_phone, address=form.address or form.public_area, room=form.room
        ),
        external_id=form.external_id,
        external_created_at=form.external_created_at,
        flags=flags,
        is_test=form.test,
        special=bool(groups),
        watched=rule_of(desk.settings, terms.category) is not None,
        attachments=brought,
        response_due_at=due["response_due_at"],
        feedback_due_at=due["feedback_due_at"],
    )

    def start_input(order_id: str, subject_id: str, texts: Mapping[str, Any]) -> tuple[dict[str, Any], dict[str, Any]]:
        words = Words(**texts["complaint"]._asdict())
        reception = _reception(order_id, subject_id, words, form, actor, terms, received_at)
        known = {"building": building_of(desk.settings, form), "area": area_of(desk.settings, form), "flags": flags}
        remedy = Words(**texts["remedy_asked"]._asdict()) if "remedy_asked" in texts else None
        said = {"remedy": remedy, "posted_at": form.posted_at, "proposed": proposal_of(desk.settings, form)}
        about = tuple(usr(desk.roster.member(one).id) for one in form.complained_of) or None
        more = {"complained_of": about, "attachments": digests, "repeat": repeat}
        reception = reception.model_copy(update={**known, **said, **more})
        row = record_row(receive(reception, received_at)[0]).model_copy(update={"version": 0})
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
        actor=f"resident:{subject_id}" if actor.id == SELF else actor.id,
        role=actor.roles[0],
        request_id=f"req_{secrets.token_hex(8)}",
        reporter=subject_id,
        recorder=actor.id if actor.id.startswith("usr_") else None,
        words=words,
        external_id=form.external_id,
        flags=form.flags,
        terms=terms,
    )


def trial(form: IntakeForm, actor: Actor, terms: Terms, received_at: datetime) -> Reception:
    """Return the reception that a form would make, before it has a number, a person or words."""
    return _reception("wo_", "sub_", Words(id="", digest=""), form, actor, terms, received_at)


def dues(reception: Reception) -> dict[str, datetime | None]:
    """Return the two limits that the owner is told at once."""
    order, _ = receive(reception, reception.received_at)
    first = {clock.name: order.due(clock) for clock in reversed(order.clocks)}
    return {"response_due_at": first.get(ClockName.RESPONSE), "feedback_due_at": first.get(ClockName.FEEDBACK)}


def provisional_of(terms: Terms, found: Mapping[str, datetime | None]) -> tuple[str, ...]:
    """Name which of the two limits (as `dues` gives them) lie beyond the confirmed holiday data (CAL-11)."""
    pairs = ((ClockName(name.removesuffix("_due_at")), due) for name, due in found.items() if due is not None)
    rows = ((terms.clock(name), due) for name, due in pairs)
    return tuple(row.name.value for row, due in rows if row and calendar_from(terms.calendar_of(row)).provisional(due))


async def start_process(
    desk: Desk, intake: intakes.Intake, db: "Database | None" = None, *, patience: timedelta = PROMPT
) -> bool:
    """Start the process of an intake; False when the engine is away, or silent for longer than `patience`.

    Twice is the same as once. `db` is the connection that holds the intake's row, if one does.
    """
    db = db or desk.pool
    try:
        started = desk.engine.start_workflow(
            WorkOrderProcess.run,
            Start.model_validate(intake.start_input).entered(intake.created_at),
            id=workflow_id(intake.order_id),
            task_queue=TASK_QUEUE,
            id_conflict_policy=WorkflowIDConflictPolicy.USE_EXISTING,
            id_reuse_policy=WorkflowIDReusePolicy.REJECT_DUPLICATE,
            rpc_timeout=patience,
        )
        await patiently(started, patience)
    except WorkflowAlreadyStartedError:
        pass
    except (RPCError, RuntimeError):
        await quietly(intakes.mark_not_started(db, intake.order_id))
        return False
    await quietly(intakes.mark_started(db, intake.order_id))
    return True


def _optional(**fields: str | None) -> dict[str, str]:
    return {name: value for name, value in fields.items() if value}
