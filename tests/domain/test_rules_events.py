"""Every kind of event: its stored name, and its way into bytes and back (B1, AUD-01)."""

import json
from datetime import UTC, date, datetime, timedelta

import pytest
from rules_sample import small_terms

from domain import events as e
from domain.groups.child_clock import BreachedClock, ChildClock
from domain.vocabulary import (
    ArrearsCause,
    Channel,
    ClockName,
    CloseReason,
    FeedbackKind,
    LadderAction,
    Outcome,
    ReturnReason,
    Role,
    Severity,
    Stage,
    Teller,
)

NOW = datetime(2026, 7, 8, 2, 0, 0, 7, tzinfo=UTC)
DECISION = {"rule": "assign", "roster": "r1", "candidates": ["usr_S09"], "excluded": ["usr_S10:skill"]}
AUTHOR = e.Author(actor="usr_S06", role="dispatch_operator", channel="phone", cause="command", request_id="req_1")
TERMS = small_terms()
WORDS = {"id": "txt_1", "digest": "d1"}
DUTY = {"person": "usr_S09", "on": date(2026, 7, 20), "words": WORDS}
PART = {"part": WORDS, "supplier": WORDS}
PHOTO = "0" * 64
OF_CREW = {"contractor": "elevator-contractor"}
SHOWN = {"before": (PHOTO,), "after": (PHOTO,), "without_photos": WORDS}
CLASS = {"category": "WATER_LEAK", "kind": "repair", "severity": "major", "policy": "major", "policy_version": "2026.1"}
PINNED = {"terms_digest": TERMS.digest, "terms": TERMS}
CLOCK = {"clock": "response", "generation": 2, "turn": 3}
LATE = {"late_entry": True, "late": True, "late_by_seconds": 61}
STARTED = {
    "terms_digest": TERMS.digest,
    "limit": "15m",
    "budget_microseconds": 900_000_001,
    "calendar": "always",
    "calendar_version": "v1",
    "ladder": "fast",
    "accountable": Role.DISPATCH_OPERATOR,
    "source": "policy",
    "due_at": NOW + timedelta(microseconds=900_000_001),
    "provisional": True,
    "act": "arrive",
    "elapsed": True,
    "carried_microseconds": 1,
    "standing": True,
}
PAUSE = {"pause_reason": "waiting_parts"}
MOVED = e.MovedClock(
    **CLOCK,
    before_due_at=NOW + timedelta(hours=3),
    due_at=NOW + timedelta(hours=1),
    provisional=True,
    limit="30m",
    budget_microseconds=1_800_000_000,
    consumed_microseconds=0,
    earlier_microseconds=1,
    counted_from=NOW,
    calendar="always",
    calendar_version="v1",
    ladder="fast",
    source="policy",
    elapsed=True,
)
REPEAT = {"repeat": {"of": "wo_1", "number": 2, "raise_to": Role.SERVICE_MANAGER}}
PROPOSED = e.Proposal(category="WATER_LEAK", severity="urgent", because="urgent_words")
RECEIVED = {
    "community": "jinxiu",
    "reporter": "sub_R02",
    "recorder": "usr_S06",
    "building": "JX03",
    "external_id": "sf311:1",
    "flags": ("preventive", "needs_operator"),
    "entered_at": NOW,
    "area": "地下车库",
    "posted_at": NOW,
    "remedy": WORDS,
    "proposed": PROPOSED,
}
PROPOSED = {"community": "jinxiu", "reporter": "sub_1", "building": "JX03", "members": ("wo_1", "wo_2")}
BREACHED = BreachedClock(**CLOCK)
FREED = e.FreedClock(**CLOCK, due_at=NOW + timedelta(hours=1), provisional=True)
CHILD = ChildClock(
    **CLOCK,
    child="wo_1",
    seq=4,
    terms_digest=TERMS.digest,
    breached_at=NOW,
    ended_at=NOW + timedelta(microseconds=1),
)

ANSWER = {"remedy_granted": "partly", "group_line": WORDS, "referred_to": WORDS}

EXAMPLES = {
    "work_order.received": (
        e.Received,
        {**CLASS, **PINNED, **RECEIVED, "words": WORDS, "attachments": (PHOTO,), "complained_of": ("usr_S09",)}
        | REPEAT,
    ),
    "work_order.responded": (e.Responded, {"first_contact": "usr_S06", "words": WORDS}),
    "work_order.first_contact_changed": (
        e.FirstContactChanged,
        {"first_contact": "usr_S03", "before": "usr_S06", "reason": WORDS},
    ),
    "work_order.clarified": (
        e.Clarified,
        {"words": WORDS, "by": Channel.PHONE, "skipped": "unreachable", "reason": WORDS},
    ),
    "work_order.registered": (e.Registered, {"words": WORDS, "category": "WATER_LEAK", "severity": Severity.URGENT}),
    "work_order.classified": (e.Classified, {**CLASS, **PINNED, "moved": (MOVED,)}),
    "work_order.reclassified": (e.Reclassified, {**CLASS, **PINNED, "moved": (MOVED,), "reason": WORDS}),
    "work_order.reclocked": (e.Reclocked, {**CLASS, **PINNED, "moved": (MOVED,), "reason": WORDS}),
    "work_order.dispatched": (
        e.Dispatched,
        {"team": "engineering", "assignee": "usr_S09", "mode": "assign", "decision": DECISION}
        | {"over_limit": True, **OF_CREW},
    ),
    "work_order.grabbed": (e.Grabbed, {"team": "handyman", "assignee": "usr_S13", "over_limit": True, **OF_CREW}),
    "work_order.accepted": (e.Accepted, {"assignee": "usr_S09"}),
    "work_order.returned": (
        e.Returned,
        {"assignee": "usr_S09", "return_reason": ReturnReason.UNSAFE, "reason": WORDS, "number": 2}
        | {"kept_by": "usr_S12"},
    ),
    "work_order.transferred": (
        e.Transferred,
        {"team": "engineering", "assignee": "usr_S12", "before": "usr_S09", "reason": WORDS}
        | {"until_accepted": True, "over_limit": True, "other_trade": True, **OF_CREW},
    ),
    "work_order.assignment_added": (
        e.AssignmentAdded,
        {"number": 2, "assignee": "usr_S24", "after": 1, "words": WORDS, "other_trade": True, **OF_CREW},
    ),
    "work_order.assignment_completed": (e.AssignmentCompleted, {"number": 1, "assignee": "usr_S12", "words": WORDS}),
    "work_order.assignment_cancelled": (e.AssignmentCancelled, {"number": 1, "assignee": "usr_S12", "reason": WORDS}),
    "work_order.promise_made": (
        e.PromiseMade,
        {
            "act": "arrive",
            "number": 1,
            "window_start_at": NOW,
            "window_end_at": NOW + timedelta(hours=4),
            "words": WORDS,
        },
    ),
    "work_order.arrived": (e.Arrived, {"assignee": "usr_S09", "before": (PHOTO,)}),
    "work_order.quoted": (
        e.Quoted,
        {
            "number": 2,
            "materials": ({"words": WORDS, "quantity": "2.5", "unit_price": "35.00", "payer": "property"},),
            "labour": "50.00",
            "labour_payer": "owner",
            "total": "137.50",
            "owner_total": "50.00",
            "words": WORDS,
        },
    ),
    "work_order.price_agreed": (
        e.PriceAgreed,
        {"number": 2, "owner_total": "50.00", "by": Channel.PHONE, "words": WORDS},
    ),
    "work_order.price_declined": (
        e.PriceDeclined,
        {"number": 2, "owner_total": "50.00", "by": Channel.PHONE, "reason": WORDS},
    ),
    "work_order.conflict_flagged": (e.ConflictFlagged, {"words": WORDS}),
    "work_order.conflict_step_recorded": (
        e.ConflictStepRecorded,
        {"step": "follow_up", "words": WORDS, "confirmed": True},
    ),
    "work_order.mediation_recorded": (
        e.MediationRecorded,
        {"bodies": ("police",), "held_at": NOW, "place": WORDS, "outcome": WORDS, "next_step": WORDS},
    ),
    "work_order.responsibility_assigned": (
        e.ResponsibilityAssigned,
        {
            "shares": (
                {"party": "developer", "percent": 60, "words": WORDS},
                {"party": "owner", "percent": 40, "attachment": PHOTO},
            ),
            "words": WORDS,
        },
    ),
    "work_order.plan_given": (
        e.PlanGiven,
        {"on": date(2026, 7, 20), "before_on": date(2026, 7, 15), "number": 2, "measures": (DUTY,), "words": WORDS},
    ),
    "work_order.rectification_done": (e.RectificationDone, {"words": WORDS}),
    "work_order.signed_off": (e.SignedOff, {"by": Channel.PHONE, "words": WORDS}),
    "work_order.sign_off_refused": (e.SignOffRefused, {"by": Channel.PHONE, "number": 1, "reason": WORDS}),
    "work_order.suspension_requested": (
        e.SuspensionRequested,
        {**PAUSE, "expected_end_at": NOW, "approver": Role.ENGINEERING_LEAD, "words": WORDS, **PART},
    ),
    "work_order.suspension_approved": (e.SuspensionApproved, {"requested_by": "usr_S09", "words": WORDS}),
    "work_order.suspension_refused": (e.SuspensionRefused, {"requested_by": "usr_S09", "reason": WORDS}),
    "work_order.suspended": (
        e.Suspended,
        {
            **PAUSE,
            "clocks": (e.HeldClock(**CLOCK, consumed_microseconds=1),),
            "expected_end_at": NOW,
            "cap_at": NOW + timedelta(hours=1),
            "words": WORDS,
            **PART,
        },
    ),
    "work_order.resumed": (
        e.Resumed,
        {
            **PAUSE,
            "because": "cap",
            "clocks": (FREED,),
            "words": WORDS,
        },
    ),
    "work_order.handling_completed": (
        e.HandlingCompleted,
        {
            "assignee": "usr_S09",
            "receiver": "usr_S12",
            "visits": 2,
            "words": WORDS,
            "found": WORDS,
            "measure": WORDS,
            **SHOWN,
        },
    ),
    "work_order.completion_reported": (
        e.CompletionReported,
        {"contractor": "elevator-contractor", "assignee": "usr_S23", "visits": 1}
        | {"words": WORDS, "found": WORDS, "measure": WORDS, "without_photos": WORDS, **SHOWN},
    ),
    "work_order.contractor_work_checked": (
        e.ContractorWorkChecked,
        {"contractor": "elevator-contractor", "assignee": "usr_S23", "passed": False}
        | {"reason": WORDS, "words": WORDS},
    ),
    "work_order.feedback_given": (
        e.FeedbackGiven,
        {"kind": FeedbackKind.RESULT, "by": Channel.PHONE, "words": WORDS, "found": WORDS, **ANSWER}
        | {"why_not": WORDS, "also_open": WORDS, "promise_kept": True, "delivery": "msg_1", "leader": "wo_9"},
    ),
    "work_order.callback_recorded": (
        e.CallbackRecorded,
        {"resolved": False, "attitude": 1, "timeliness": 2, "quality": 3, "words": WORDS}
        | {"told_by": Teller.HOUSEHOLD, "they_called": True, "replaces": CloseReason.NOT_REACHED},
    ),
    "work_order.callback_attempted": (e.CallbackAttempted, {"number": 1, "by": Channel.PHONE, "words": WORDS}),
    "work_order.callback_exhausted": (e.CallbackExhausted, {"attempts": 3}),
    "work_order.countersigned": (e.Countersigned, {"result_by": "usr_S02", "words": WORDS}),
    "work_order.recovery_opened": (
        e.RecoveryOpened,
        {"reason": "escalation", "clock": ClockName.FEEDBACK, "words": WORDS},
    ),
    "work_order.excused": (e.Excused, {**CLOCK, "reason": WORDS}),
    "work_order.arrears_cause_named": (
        e.ArrearsCauseNamed,
        {"arrears_cause": ArrearsCause.DISSATISFACTION, "words": WORDS},
    ),
    "work_order.verified": (e.Verified, {"words": WORDS}),
    "work_order.recovery_done": (
        e.RecoveryDone,
        {"apology": WORDS, "visit": WORDS, "remedy": WORDS, "words": WORDS},
    ),
    "work_order.reopened": (e.Reopened, {"generation": 2, "rule": "fresh", "reason": WORDS}),
    "work_order.urged": (e.Urged, {"number": 1, "by": Channel.PHONE, "words": WORDS}),
    "work_order.withdrawn": (e.Withdrawn, {"by": Channel.PHONE, "reason": WORDS}),
    "work_order.merged": (e.Merged, {"survivor": "wo_8", "until": NOW}),
    "work_order.absorbed": (
        e.Absorbed,
        {"duplicate": "wo_7", "received_at": NOW, "reporter": "sub_R07"}
        | {"sooner": ({**CLOCK, "before_due_at": NOW, "due_at": NOW, "added_microseconds": 1},)},
    ),
    "work_order.unmerged": (e.Unmerged, {"survivor": "wo_8", "duplicate": "wo_7", "went_on": True}),
    "work_order.incident_proposed": (e.IncidentProposed, {**CLASS, **PINNED, **PROPOSED, "words": WORDS}),
    "work_order.incident_confirmed": (
        e.IncidentConfirmed,
        {"first_contact": "usr_S06", "members": ("wo_1", "wo_2"), "words": WORDS},
    ),
    "work_order.incident_dismissed": (e.IncidentDismissed, {"reason": WORDS, "confirmed": True}),
    "work_order.attached_to_incident": (e.AttachedToIncident, {"incident": "wo_9", "clocks": (BREACHED,)}),
    "work_order.detached_from_incident": (
        e.DetachedFromIncident,
        {"incident": "wo_9", "clocks": (BREACHED,), "reason": WORDS, "back_to": Stage.DISPATCH, "again": (FREED,)},
    ),
    "work_order.solved_together": (
        e.SolvedTogether,
        {"leader": "wo_9", "handlers": ("usr_S09",), "moved": True},
    ),
    "work_order.mass_notice_given": (
        e.MassNoticeGiven,
        {"kind": FeedbackKind.RESULT, "by": Channel.SMS, "words": WORDS, "found": WORDS},
    ),
    "work_order.children_reported": (e.ChildrenReported, {"clocks": (CHILD,), "terms": (TERMS,)}),
    "work_order.acknowledged": (e.Acknowledged, {**CLOCK, "level": 1}),
    "work_order.noted": (e.Noted, {"complained_of": ("usr_S09",), "words": WORDS, "attachments": (PHOTO,)}),
    "work_order.closed": (e.Closed, {"reason": CloseReason.CONFIRMED}),
    "work_order.clock_started": (e.ClockStarted, {**CLOCK, **STARTED}),
    "work_order.clock_stopped": (
        e.ClockStopped,
        {**CLOCK, "outcome": Outcome.BREACHED, "consumed_microseconds": 1, "incident": "wo_9"},
    ),
    "work_order.clock_warned": (e.ClockWarned, {**CLOCK, **LATE, "percent": 50}),
    "work_order.clock_breached": (e.ClockBreached, {**CLOCK, **LATE, "incident": "wo_9"}),
    "work_order.escalated": (
        e.Escalated,
        {
            **CLOCK,
            **LATE,
            "level": 2,
            "addressee": Role.SERVICE_MANAGER,
            "action": LadderAction.NOTIFY_AND_REASSIGN,
            "early": True,
            "children": ("wo_1", "wo_2"),
            "because": "urged",
        },
    ),
}
"""The stored name of every event, and an example with every optional field written."""

KINDS = [pytest.param(name, *example, id=name) for name, example in EXAMPLES.items()]
OPTIONAL = {
    name for kind, _ in EXAMPLES.values() for name, field in kind.model_fields.items() if not field.is_required()
}


def stored_of(event):
    context = {"run_id": "run_1", "update_id": "upd_1"}
    body = e.body_of(event, order_id="wo_01", seq=4, recorded_at=NOW + timedelta(seconds=1), context=context)
    return json.loads(body)


def leaves(value):
    """Every number, word and empty place of a JSON value."""
    if isinstance(value, dict):
        return [leaf for inner in value.values() for leaf in leaves(inner)]
    return [leaf for inner in value for leaf in leaves(inner)] if isinstance(value, list) else [value]


def test_every_kind_of_event_is_here():
    """Glossary, section 4: stored names are pinned; a new kind of event needs its example."""
    assert {name: kind for name, (kind, _) in EXAMPLES.items()} == dict(e.EVENT_TYPES)


@pytest.mark.parametrize(("name", "kind", "facts"), KINDS)
def test_an_event_is_read_as_it_was_written(name, kind, facts):
    """AUD-01: bytes and back give the same fact, with every optional field written."""
    event = kind(at=NOW, author=AUTHOR, **facts)
    assert set(kind.model_fields) - {"at", "author"} == set(facts)
    assert name == stored_of(event)["type"]
    assert event == e.read_event(stored_of(event), {TERMS.digest: TERMS})


@pytest.mark.parametrize(("name", "kind", "facts"), KINDS)
def test_an_event_without_its_optional_fields_is_read_as_well(name, kind, facts):  # noqa: ARG001 - the name is the case
    """B1: optional fields are left out, never null; readers must not need them."""
    needed = {key: value for key, value in facts.items() if kind.model_fields[key].is_required() or key == "terms"}
    event = kind(at=NOW, author=AUTHOR.model_copy(update={"request_id": None}), **needed)
    stored = stored_of(event)
    assert (OPTIONAL | {"request_id"}) & {*stored, *stored["payload"]} == set(needed) & OPTIONAL - {"terms"}
    assert event == e.read_event(stored, {TERMS.digest: TERMS})


@pytest.mark.parametrize(("name", "kind", "facts"), KINDS)
def test_stored_events_hold_author_and_plain_values_only(name, kind, facts):  # noqa: ARG001 - the name is the case
    """AUD-05, B1: role, channel and cause are the author's in every payload; numbers are integers; nothing is null."""
    stored = stored_of(kind(at=NOW, author=AUTHOR, **facts))
    said = {key: stored["payload"][key] for key in ("role", "channel", "cause", "run_id", "update_id")}
    author = {"role": "dispatch_operator", "channel": "phone", "cause": "command"}
    assert {**author, "run_id": "run_1", "update_id": "upd_1"} == said
    assert all(type(leaf) in {str, int, bool} for leaf in leaves(stored))


def test_no_fact_takes_the_place_of_the_author():
    """AUD-05: no event has a field of its own under a name that every payload keeps for its author or its run."""
    kept = {"role", "channel", "cause", "run_id", "update_id"}
    assert {
        kind: kept & set(kind.model_fields) for kind in e.EVENT_TYPES.values() if kept & set(kind.model_fields)
    } == {}
