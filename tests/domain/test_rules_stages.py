"""Which command fits which stage: every pair, against a table written by hand (glossary, sections 2 and 4)."""

import pytest
from rules_sample import (
    CALLER,
    DUTY,
    OPERATOR,
    PLUMBER,
    PROJECT,
    RESIDENT,
    SERVICE,
    WORDS,
    act,
    at,
    brought_to,
    classification,
    envelope,
    terms,
)

from domain.commands import CommandName, read
from domain.lifecycle import RULES_ALONE
from domain.refusals import Refused
from domain.vocabulary import Cause, Stage

NOW = at("07-08 10:10")
OK, NO, END = "ok", "illegal-transition", "order-closed"
WHO, DONE, NEVER = "forbidden", "already-done", "recovery-not-open"
EARLY, NOBODY, HELD, FREE = "result-too-early", "not-dispatched", "already-dispatched", "not-accepted"
ACK, NONE = "nothing-to-acknowledge", "no-first-contact"
PLAN, RUNS, ASK, KEPT = "no-plan", "not-suspended", "no-request", "nothing-to-excuse"
OPEN, CALM = "recovery-open", "nothing-to-verify"
PRICE, TALK = "no-quote", "no-conflict"
TAKEN, CHECK, PIECE = "already-grabbed", "nothing-to-check", "no-such-assignment"
NONE_SUCH, APART, ALONE = "no-incident", "not-attached", "not-merged"

STATES = {
    "intake": Stage.INTAKE,
    "registration": Stage.REGISTRATION,
    "dispatch": Stage.DISPATCH,
    "offered": Stage.DISPATCH,
    "handling": Stage.HANDLING,
    "transferred": Stage.HANDLING,
    "feedback": Stage.FEEDBACK,
    "callback": Stage.CALLBACK,
    "closed": Stage.CLOSED,
    "reopened": Stage.DISPATCH,
}
HANDLER = None  # the assignee of the state, or one who is nobody's assignee

# fmt: off
TABLE = {  # intake, registration, dispatch, offered, handling, transferred, feedback, callback, closed, reopened
    "respond":              (OPERATOR, (OK, DONE, DONE, DONE, DONE, DONE, DONE, DONE, END, DONE)),
    "change_first_contact": (SERVICE,  (NONE, OK, OK, OK, OK, OK, OK, OK, END, OK)),
    "clarify":              (OPERATOR, (OK, OK, OK, OK, NO, NO, NO, NO, END, OK)),
    "register":             (OPERATOR, (OK, OK, NO, NO, NO, NO, NO, NO, END, NO)),
    "classify":             (OPERATOR, (OK, OK, OK, HELD, NO, NO, NO, NO, END, OK)),
    "reclassify":           (OPERATOR, (OK, OK, OK, OK, OK, OK, OK, OK, END, OK)),
    "dispatch":             (OPERATOR, (NO, NO, OK, HELD, NO, NO, NO, NO, END, OK)),
    "grab":                 (PLUMBER,  (NO, NO, OK, TAKEN, TAKEN, TAKEN, NO, NO, END, OK)),
    "accept":               (HANDLER,  (WHO, WHO, WHO, OK, DONE, OK, NO, NO, END, WHO)),
    "return":               (HANDLER,  (WHO, WHO, WHO, OK, OK, OK, NO, NO, END, WHO)),
    "transfer":             (OPERATOR, (NO, NO, NOBODY, OK, OK, OK, NO, NO, END, NOBODY)),
    "add_assignment":       (OPERATOR, (NO, NO, NOBODY, OK, OK, OK, NO, NO, END, NOBODY)),
    "complete_assignment":  (SERVICE,  (NO, NO, PIECE, PIECE, PIECE, PIECE, NO, NO, END, PIECE)),
    "cancel_assignment":    (OPERATOR, (NO, NO, PIECE, PIECE, PIECE, PIECE, NO, NO, END, PIECE)),
    "promise":              (OPERATOR, (OK, OK, OK, OK, OK, OK, OK, OK, END, OK)),
    "arrive":               (HANDLER,  (WHO, WHO, WHO, NO, OK, FREE, NO, NO, END, WHO)),
    "quote":                (HANDLER,  (WHO, WHO, WHO, NO, OK, FREE, NO, NO, END, WHO)),
    "agree_to_price":       (RESIDENT, (NO, NO, NO, NO, PRICE, PRICE, NO, NO, END, NO)),
    "decline_price":        (RESIDENT, (NO, NO, NO, NO, PRICE, PRICE, NO, NO, END, NO)),
    "flag_conflict":        (OPERATOR, (OK, OK, OK, OK, OK, OK, OK, OK, END, OK)),
    "record_conflict_step": (OPERATOR, (TALK, TALK, TALK, TALK, TALK, TALK, TALK, TALK, END, TALK)),
    "record_mediation":     (SERVICE,  (OK, OK, OK, OK, OK, OK, OK, OK, END, OK)),
    "give_plan":            (SERVICE,  (OK, OK, OK, OK, OK, OK, OK, NO, END, OK)),
    "complete_rectification": (SERVICE, (NO, NO, NO, NO, PLAN, PLAN, NO, NO, END, NO)),
    "sign_off":             (RESIDENT, (NO, NO, NO, NO, PLAN, PLAN, NO, NO, END, NO)),
    "refuse_sign_off":      (RESIDENT, (NO, NO, NO, NO, PLAN, PLAN, NO, NO, END, NO)),
    "suspend":              (HANDLER,  (WHO, WHO, WHO, NO, OK, FREE, NO, NO, END, WHO)),
    "resume":               (SERVICE,  (NO, NO, NO, NO, RUNS, RUNS, NO, NO, END, NO)),
    "request_suspension":   (HANDLER,  (WHO, WHO, WHO, NO, OK, FREE, NO, NO, END, WHO)),
    "approve_suspension":   (SERVICE,  (NO, NO, NO, NO, ASK, ASK, NO, NO, END, NO)),
    "refuse_suspension":    (SERVICE,  (NO, NO, NO, NO, ASK, ASK, NO, NO, END, NO)),
    "assign_responsibility": (SERVICE, (OK, OK, OK, OK, OK, OK, OK, OK, END, OK)),
    "complete_handling":    (HANDLER,  (WHO, WHO, WHO, NO, OK, FREE, NO, NO, END, WHO)),
    "check_contractor_work": (SERVICE, (NO, NO, NO, NO, CHECK, CHECK, NO, NO, END, NO)),
    "give_feedback":        (OPERATOR, (OK, OK, OK, OK, OK, OK, OK, NO, END, OK)),
    "give_result":          (OPERATOR, (EARLY, EARLY, EARLY, EARLY, EARLY, EARLY, OK, NO, END, EARLY)),
    "record_callback":      (CALLER,   (NO, NO, NO, NO, NO, NO, NO, OK, END, NO)),
    "record_attempt":       (CALLER,   (NO, NO, NO, NO, NO, NO, NO, OK, END, NO)),
    "countersign":          (OPERATOR, (WHO, NO, NO, NO, NO, NO, NO, DONE, END, NO)),
    "open_recovery":        (SERVICE,  (OK, OK, OK, OK, OK, OK, OK, OK, OK, OPEN)),
    "complete_recovery":    (PROJECT,  (NEVER, NEVER, NEVER, NEVER, NEVER, NEVER, NEVER, NEVER, NEVER, OK)),
    "reopen":               (RESIDENT, (NO, NO, NO, NO, NO, NO, NO, OK, OK, NO)),
    "urge":                 (RESIDENT, (OK, OK, OK, OK, OK, OK, OK, OK, END, OK)),
    "withdraw":             (RESIDENT, (OK, OK, OK, OK, OK, OK, OK, OK, END, OK)),
    "merge":                (OPERATOR, (OK, OK, OK, OK, OK, OK, OK, OK, END, OK)),
    "absorb":               ("system", (OK, OK, OK, OK, OK, OK, OK, OK, END, OK)),
    "unmerge":              (OPERATOR, (ALONE,) * 10),
    "confirm_incident":     (OPERATOR, (NONE_SUCH,) * 10),
    "dismiss_incident":     (OPERATOR, (NONE_SUCH,) * 10),
    "attach_to_incident":   (OPERATOR, (OK, OK, OK, OK, OK, OK, OK, OK, END, OK)),
    "detach_from_incident": (OPERATOR, (APART,) * 10),
    "give_mass_notice":     (OPERATOR, (NONE_SUCH,) * 10),
    "solve_together":  ("system", (APART,) * 10),
    "end_incident":         ("system", (NONE_SUCH,) * 10),
    "report_children":      ("system", (NONE_SUCH,) * 10),
    "acknowledge":          (DUTY,     (ACK, ACK, ACK, ACK, ACK, ACK, ACK, ACK, ACK, ACK)),
    "excuse":               (SERVICE,  (KEPT, KEPT, KEPT, KEPT, KEPT, KEPT, KEPT, KEPT, KEPT, KEPT)),
    "reclock":              (SERVICE,  (OK, OK, OK, OK, OK, OK, OK, OK, END, OK)),
    "name_arrears_cause":   (SERVICE,  (OK, OK, OK, OK, OK, OK, OK, OK, END, OK)),
    "verify":               (SERVICE,  (CALM, CALM, CALM, CALM, CALM, CALM, CALM, CALM, CALM, CALM)),
    "note":                 (OPERATOR, (OK, OK, OK, OK, OK, OK, OK, OK, OK, OK)),
}
# fmt: on

CELLS = [
    pytest.param(state, command, actor, expected, id=f"{state}-{command}")
    for command, (actor, row) in TABLE.items()
    for state, expected in zip(STATES, row, strict=True)
]


MOVES = {
    (Stage.INTAKE, Stage.REGISTRATION),
    (Stage.INTAKE, Stage.DISPATCH),
    (Stage.REGISTRATION, Stage.DISPATCH),
    (Stage.DISPATCH, Stage.HANDLING),
    (Stage.HANDLING, Stage.FEEDBACK),
    (Stage.FEEDBACK, Stage.CALLBACK),
    (Stage.CALLBACK, Stage.CLOSED),
    (Stage.HANDLING, Stage.DISPATCH),  # return
    (Stage.CALLBACK, Stage.DISPATCH),  # reopen
    (Stage.CLOSED, Stage.DISPATCH),
    *((stage, Stage.CLOSED) for stage in Stage),  # withdraw
    *((stage, stage) for stage in Stage),
}
"""Legal moves: forward by one stage, registration before the answer, and the ways back."""


def said_of(command):
    if command == "give_result":
        return "give_feedback", {"kind": "result", "by": "phone", "found": WORDS, "words": WORDS}
    if command in {"classify", "reclassify"}:
        return command, {**classification(terms("LIFT_FAULT")), "reason": WORDS}
    if command == "reclock":  # the same class, under terms of another day
        return command, {**classification(terms(on=at("09-01 00:00").date())), "reason": WORDS}
    if command == "transfer":
        return command, {"assignee": "usr_S10", "reason": WORDS}
    return command, None


@pytest.fixture(scope="module")
def cases():
    return {state: brought_to(state).order for state in STATES}


def test_every_stage_and_every_command_is_in_the_table(cases):
    """The product of stages and commands is complete."""
    assert {order.stage for order in cases.values()} == set(Stage)
    assert {state: order.stage for state, order in cases.items()} == STATES
    assert set(TABLE) - {"give_result"} == {name.value for name in CommandName}


@pytest.mark.parametrize(("state", "command", "actor", "expected"), CELLS)
def test_a_command_fits_its_stages_only(cases, state, command, actor, expected):
    """API-01, CLK-21, CBK-09: accepted, or refused with its code; a refusal changes nothing, an acceptance counts."""
    order = cases[state]
    name, said = said_of(command)
    before = order.model_dump_json()
    what = (order, NOW, name, actor or order.assignee or PLUMBER, said)
    if expected != OK:
        with pytest.raises(Refused) as refused:
            act(*what)
        assert (expected, before) == (refused.value.code, order.model_dump_json())
        return
    after, events = act(*what)
    assert (order.stage, after.stage) in MOVES
    assert after.version == order.version + 1
    assert [event.author.cause for event in events].count(Cause.COMMAND) == 1


@pytest.mark.parametrize("command", sorted(TABLE))
def test_a_stale_version_is_refused_before_the_stage(cases, command):
    """HTTP API 4: who saw an older version is told so, whatever else is wrong; who saw the present one is not."""
    order = cases["closed"]
    name, said = said_of(command)
    actor = TABLE[command][0] or PLUMBER
    with pytest.raises(Refused, match="you saw version 3") as refused:
        act(order, NOW, name, actor, said, expected_version=3)
    assert (refused.value.code, refused.value.facts["version"]) == ("version-mismatch", 8)
    if TABLE[command][1][8] == OK:
        assert act(order, NOW, name, actor, said, expected_version=8)[0].version == 9


def test_a_refusal_tells_what_is_possible(cases):
    """HA-39, API-01: 409 carries stage, version and the commands that fit now."""
    with pytest.raises(Refused) as refused:
        act(cases["callback"], NOW, "register", OPERATOR)
    told = refused.value.facts
    assert (told["stage"], told["version"], told["assignee"]) == ("callback", 7, PLUMBER)
    possible = [name for name, (_, row) in TABLE.items() if row[7] not in {NO, WHO, NONE_SUCH}]
    possible = sorted(set(possible) - RULES_ALONE)
    assert sorted(str(told["allowed"]).split(", ")) == sorted(possible)


def test_an_unknown_or_malformed_command_names_fields_and_no_values():
    """API-08, SEC-05: the places at fault, never what was written there."""
    with pytest.raises(Refused) as refused:
        read(envelope("fly", OPERATOR))
    assert refused.value.code == "unknown-command"
    with pytest.raises(Refused) as refused:
        read(envelope("record_callback", CALLER, {"resolved": "13812345678", "attitude": 6, "timeliness": 1}))
    assert (refused.value.code, refused.value.facts["where"]) == (
        "malformed-command",
        "resolved (bool_parsing), attitude (less_than_equal), quality (missing)",
    )
