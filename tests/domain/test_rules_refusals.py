"""What is refused has a code with a sentence and a remedy in two languages, whose blanks are filled (API-08)."""

import ast
from pathlib import Path

import pytest
from rules_sample import (
    CALLER,
    OPERATOR,
    PLUMBER,
    RESIDENT,
    SAID,
    SERVICE,
    Case,
    act,
    at,
    brought_to,
    classification,
    envelope,
    minutes,
    terms,
)

from domain.commands import read
from domain.refusals import SENTENCES, Refused, say

DOMAIN = Path(__file__).parents[2] / "domain"
NOW = at("07-08 10:10")
RAISERS = {"refusal", "Refused"}
RESULT = {**SAID["give_feedback"], "kind": "result"}
FAR = {"window_start_at": "2026-07-08T03:00:00Z", "window_end_at": "2926-07-08T03:00:00Z"}
WEB = {"stated_at": NOW, "channel": "web"}
CLASS = {**classification(terms(on=NOW.date())), "reason": SAID["note"]["words"]}
LATER = {**SAID["record_mediation"], "held_at": "2026-07-08T03:00:00Z"}
UNASKED = {**SAID["record_mediation"], "consent": False}


def shares(*percents, shown=True):
    """Shares of two parties, with or without what shows them."""
    evidence = {"words": SAID["note"]["words"]} if shown else {}
    pairs = zip(("developer", "property"), percents, strict=True)
    return {"shares": [{"party": party, "percent": percent, **evidence} for party, percent in pairs]}


HEARD = SAID["record_callback"]

REFUSED = [
    ("forbidden", "intake", "register", RESIDENT, None, {}),
    ("version-mismatch", "handling", "urge", RESIDENT, None, {"expected_version": 2}),
    ("illegal-transition", "intake", "dispatch", OPERATOR, None, {}),
    ("order-closed", "closed", "urge", RESIDENT, None, {}),
    ("no-first-contact", "intake", "change_first_contact", SERVICE, None, {}),
    ("already-done", "registration", "respond", OPERATOR, None, {}),
    ("already-dispatched", "offered", "dispatch", OPERATOR, None, {}),
    ("not-dispatched", "dispatch", "transfer", OPERATOR, None, {}),
    ("not-accepted", "transferred", "arrive", "usr_S12", None, {}),
    ("already-grabbed", "offered", "grab", "usr_S12", None, {}),
    ("transfer-waits", "handed_on", "accept", PLUMBER, None, {}),
    ("same-assignee", "handling", "transfer", OPERATOR, {"assignee": PLUMBER, "reason": SAID["note"]["words"]}, {}),
    ("separation-of-duties", "callback", "record_callback", PLUMBER, None, {"roles": ("callback_officer",)}),
    ("result-too-early", "handling", "give_feedback", OPERATOR, RESULT, {}),
    ("not-delivered", "handling", "give_feedback", OPERATOR, {**SAID["give_feedback"], "by": "wechat"}, {}),
    ("result-incomplete", "feedback", "give_feedback", OPERATOR, {**RESULT, "found": None}, {}),
    ("nothing-to-acknowledge", "handling", "acknowledge", SERVICE, None, {}),
    ("recovery-not-open", "closed", "complete_recovery", SERVICE, None, {}),
    ("promise-window", "handling", "promise", OPERATOR, FAR, {}),
    ("stated-time-in-future", "handling", "urge", OPERATOR, None, {"stated_at": NOW + minutes(2)}),
    ("stated-time-too-early", "handling", "urge", OPERATOR, None, {"stated_at": at("07-08 09:59:59")}),
    ("stated-time-needs-live-channel", "handling", "urge", OPERATOR, None, WEB),
    ("stated-time-not-here", "handling", "arrive", PLUMBER, None, {"stated_at": NOW}),
    ("unknown-terms", "dispatch", "classify", OPERATOR, {**classification(terms()), "terms_digest": "0"}, {}),
    ("unknown-pause-reason", "handling", "suspend", PLUMBER, {**SAID["suspend"], "pause_reason": "whim"}, {}),
    ("pause-end", "handling", "suspend", PLUMBER, {**SAID["suspend"], "expected_end_at": "2026-07-08T02:00:00Z"}, {}),
    ("needs-approval", "handling", "suspend", PLUMBER, SAID["request_suspension"], {}),
    ("not-suspended", "handling", "resume", PLUMBER, None, {}),
    ("no-request", "handling", "approve_suspension", SERVICE, None, {}),
    ("no-plan", "handling", "sign_off", RESIDENT, None, {}),
    ("plan-date", "handling", "give_plan", PLUMBER, {"on": "2026-07-07", "words": SAID["note"]["words"]}, {}),
    ("recovery-open", "reopened", "open_recovery", SERVICE, None, {}),
    ("nothing-to-excuse", "handling", "excuse", SERVICE, None, {}),
    ("nothing-to-verify", "handling", "verify", SERVICE, None, {}),
    ("needs-manager", "handling", "reclassify", OPERATOR, {**CLASS, "move_later": True}, {}),
    ("same-terms", "handling", "reclock", SERVICE, CLASS, {}),
    ("reclassify-instead", "handling", "reclock", SERVICE, {**CLASS, "severity": "urgent"}, {}),
    ("no-quote", "handling", "agree_to_price", RESIDENT, None, {}),
    ("no-such-assignment", "handling", "cancel_assignment", OPERATOR, None, {}),
    ("nothing-to-check", "handling", "check_contractor_work", SERVICE, None, {}),
    ("shares-not-100", "handling", "assign_responsibility", SERVICE, shares(60, 30), {}),
    ("share-without-evidence", "handling", "assign_responsibility", SERVICE, shares(60, 40, shown=False), {}),
    ("no-conflict", "handling", "record_conflict_step", OPERATOR, None, {}),
    ("mediation-needs-consent", "handling", "record_mediation", SERVICE, UNASKED, {}),
    ("mediation-ahead", "handling", "record_mediation", SERVICE, LATER, {}),
    ("no-incident", "intake", "confirm_incident", OPERATOR, None, {}),
    ("not-attached", "intake", "detach_from_incident", OPERATOR, None, {}),
    ("scores-not-by-household", "callback", "record_callback", CALLER, {**HEARD, "told_by": "staff"}, {}),
    ("recovery-steps-missing", "reopened", "complete_recovery", SERVICE, {"words": SAID["note"]["words"]}, {}),
    ("malformed-command", "callback", "record_callback", CALLER, {"resolved": True}, {}),
    ("unknown-command", "intake", "fly", OPERATOR, None, {}),
]
ELSEWHERE = {"too-many-promises", "reopen-window-over", "already-suspended", "nothing-to-suspend", "pause-cap-used"}
ELSEWHERE |= {"complained-of", "photos-owed", "project-manager-leads"}
ELSEWHERE |= {"price-not-agreed", "conflict-order", "solve-needs-promise", "follow-up-unanswered", "conflict-open"}
ELSEWHERE |= {"promise-runs"}
ELSEWHERE |= {"request-pending", "own-request", "plan-needs-consent", "not-rectified", "sign-off-owed"}
ELSEWHERE |= {"not-arrived", "request-open", "plan-awaits-sign-off"}
ELSEWHERE |= {"assignments-open", "assignment-waits", "own-consent", "own-exception", "solved-with-it"}
ELSEWHERE |= {"work-awaits-check", "own-work", "failed-without-reason"}
ELSEWHERE |= {"praise-is-over", "not-of-an-incident", "incident-category", "already-attached", "children-owe"}
ELSEWHERE |= {"result-noticed"}
ELSEWHERE |= {"merged", "merge-circle", "not-merged", "has-taken-over", "unmerge-too-late", "merged-went-on"}
ELSEWHERE |= {
    "attempt-too-soon",
    "attempt-outside-contact-hours",
    "callback-outside-contact-hours",
    "second-caller",
    "apology-missing",
    "not-countersigned",
}
"""Refused in test_rules_edges, _pauses, _rectifying, _handling, _closing, _contractors, _assignments, _demands, or in
test_incidents, test_incidents_solved, test_merging, test_named_and_own, test_owing."""


def codes_in(path):
    """Codes written in calls of `refusal(...)` and `Refused(...)`."""
    calls = (node for node in ast.walk(ast.parse(path.read_text())) if isinstance(node, ast.Call) and node.args)
    named = (call for call in calls if isinstance(call.func, ast.Name) and call.func.id in RAISERS)
    return {
        leaf.value
        for call in named
        for leaf in ast.walk(call.args[0])
        if isinstance(leaf, ast.Constant) and isinstance(leaf.value, str)
    }


RULEBOOK = {"commands", "decide", "permission", "unfolding", "order", "intake/reception", "timekeeping/clocks"}
RULEBOOK |= {f"timekeeping/{name}" for name in ("deciding", "pausing", "moving", "promising")}
RULEBOOK |= {f"dispatch/{name}" for name in ("holding", "assigning", "assignments")}
RULEBOOK |= {f"handling/{name}" for name in ("deciding", "rectifying", "conflicts", "checking")}
RULEBOOK |= {"closing/deciding", "groups/incidents", "groups/merging"}


def test_every_code_of_the_domain_has_its_sentence():
    """API-08: a refusal without words can't be raised."""
    assert {code for path in DOMAIN.rglob("*.py") for code in codes_in(path)} - set(SENTENCES) == set()


def test_every_refusal_of_the_rulebook_is_tried_here():
    """The table below is complete."""
    raised = {code for name in RULEBOOK for code in codes_in(DOMAIN / f"{name}.py")}
    assert {code for code, *_ in REFUSED} | ELSEWHERE == raised


@pytest.mark.parametrize("code", sorted(SENTENCES))
@pytest.mark.parametrize("lang", ["zh", "en"])
def test_every_sentence_can_be_said(code, lang):
    """API-08: also by a door that knows no facts; sentence and remedy, in both languages."""
    said = say(code, {}, lang)
    assert "{" not in said
    assert said.isascii() == (lang == "en")
    assert all(SENTENCES[code])


@pytest.mark.parametrize(("code", "state", "command", "actor", "said", "changes"), REFUSED, ids=[c[0] for c in REFUSED])
def test_a_refusal_fills_its_sentence_and_changes_nothing(code, state, command, actor, said, changes):
    """API-08, CLK-21: the facts fill every blank; the order is what it was."""
    order = brought_to(state).order
    before = order.model_dump_json()
    with pytest.raises(Refused) as refused:
        act(order, NOW, command, actor, said, **changes)
    assert refused.value.code == code
    assert before == order.model_dump_json()
    for lang in ("zh", "en"):
        assert "?" not in say(code, refused.value.facts, lang)
    assert str(refused.value) == say(code, refused.value.facts, "en")


BROKEN = [
    ({"words": {"id": "x", "digest": "d"}, "more": 2**53}, "payload"),
    ({"words": {"id": "x", "digest": "d"}, "more": float("nan")}, "payload"),
    ({"words": {"id": "half \ud83d", "digest": "d"}}, "payload"),
    ({"words": {"id": 7, "digest": "d"}}, "words.id (string_type)"),
    ({}, "words (missing)"),
]


@pytest.mark.parametrize(("payload", "where"), BROKEN)
def test_what_has_no_canonical_form_never_reaches_a_history(payload, where):
    """B1, OPS-02: else the process could neither seal the event nor remember the command, and would stand still."""
    with pytest.raises(Refused) as refused:
        read(envelope("note", OPERATOR, payload))
    assert (refused.value.code, refused.value.facts["where"]) == ("malformed-command", where)


def test_unknown_fields_are_ignored():
    """Histories outlive this code: a field of tomorrow does no harm today."""
    assert read(envelope("accept", PLUMBER, {"tomorrow": [1]})).payload.model_dump() == {}


SCORES = [("attitude", 0), ("timeliness", 6), ("quality", -1), ("quality", 5.5), ("attitude", None)]


@pytest.mark.parametrize(("aspect", "score"), SCORES)
def test_scores_out_of_range_are_refused(aspect, score):
    """CBK-04: 1 to 5 for each aspect."""
    with pytest.raises(Refused, match=aspect):
        read(envelope("record_callback", CALLER, {**SAID["record_callback"], aspect: score}))


def test_a_refused_command_leaves_its_alarms_to_the_next_tick():
    """CLK-34, ESC-07: what was due when a command was refused is neither lost nor said twice."""
    case = Case("07-08 10:00")
    with pytest.raises(Refused):
        case.act("07-08 10:20", "dispatch", OPERATOR)
    assert case.recorded[-1][1] == at("07-08 10:00")
    spoken = case.tick("07-08 10:20")
    assert {event.type_name() for event in spoken} == {
        "work_order.clock_warned",
        "work_order.clock_breached",
        "work_order.escalated",
    }
