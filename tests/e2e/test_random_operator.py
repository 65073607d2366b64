"""The random operator for two thousand steps, and proof that its model can fail and its failures are cut down."""

import hashlib
import json
import re
import sys

import pytest
from operator_model import Before, Case
from random_operator import FailedRunError, Hand, Step, run, smallest, told
from violation import ViolationError

STEPS, HANDS, SEED = 2000, 8, "20261126"
SEEN = {
    *("respond", "register", "dispatch", "accept", "arrive", "complete_handling", "give_feedback", "record_callback"),
    *("merge", "propose", "confirm_incident", "give_mass_notice", "grab"),
}
"""What a run must get done; beside it so many kinds of commands, which ones the dice say."""
KINDS = 30
HAPPENED = {
    *("clock_breached", "escalated", "absorbed", "attached_to_incident", "children_reported", "solved_together"),
    *("assignment_added", "transferred"),
}


async def test_two_thousand_random_steps(ground, tmp_path) -> None:
    """CBK-11, ESC-06, AUD-01, SEC-03, GRP-01…08, ESC-13, DSP-05, HND-13: the model's rules hold.

    Whatever is done to cases, and whoever dies meanwhile.
    """
    hands = [Hand(SEED, name) for name in range(HANDS)]
    try:
        tally = await run(ground, tmp_path, hands, STEPS // HANDS)
    except FailedRunError as failed:
        pytest.fail(told(failed, SEED))
    sys.stdout.write(f"{tally}\n")
    assert len(tally.steps) == STEPS
    assert tally.kills
    assert set(tally.accepted) >= SEEN
    assert len(tally.accepted) >= KINDS
    assert set(tally.kinds) >= HAPPENED
    assert tally.races


def test_a_step_that_names_a_case_left_out_is_known() -> None:
    """A list that was cut down holds steps about cases that nobody received any more."""
    attach = {"command": "attach_to_incident", "who": "operator", "said": {"incident": "order 1.2"}}
    steps = [
        Step("give", "1.0", attach),
        Step("merge", "1.0", {"into": "1.1", "who": "operator"}),
        Step("propose", "1.3", {"members": ["1.0", "1.1"], "who": "operator"}),
        Step("receive", "1.4", {"category": "ADVICE"}),
    ]
    assert [set(one.named) for one in steps] == [{"1.0", "1.2"}, {"1.0", "1.1"}, {"1.0", "1.1"}, set()]


async def test_the_smallest_list_is_found() -> None:
    """Of forty steps, of which two matter together, two are left."""
    steps = [Step("skip", "0.0", number) for number in range(40)]

    async def fails(some) -> bool:
        return {7, 31} <= {step.what for step in some}

    assert [step.what for step in await smallest(steps, fails)] == [7, 31]


def stored(*events: dict) -> list[tuple[int, bytes, bytes]]:
    """A chain of events as the record keeps them."""
    rows, head = [], hashlib.sha256(b"huiyin-order-chain-v1\nwo_1").digest()
    for seq, event in enumerate(events, 1):
        body = json.dumps(event).encode()
        head = hashlib.sha256(head + body).digest()
        rows.append((seq, body, head))
    return rows


def happened(what: str, actor: str = "usr_S06", /, cause: str = "command", **said) -> dict:
    payload = {"cause": cause, "role": "dispatch_operator", **said}
    return {"type": f"work_order.{what}", "actor": actor, "request_id": f"req_{what}_{actor}", "payload": payload}


def clock(what: str, **said) -> dict:
    return happened(what, cause="timer", clock="response", generation=1, turn=1, **said)


RECEIVED, STARTED, STOPPED = happened("received"), clock("clock_started"), clock("clock_stopped")
ANSWERED = happened("responded", first_contact="usr_S06")
OFFERED = [RECEIVED, happened("registered"), happened("dispatched", assignee="usr_S09")]
TAKEN = [*OFFERED, happened("accepted", "usr_S09")]
ASKED = [*TAKEN, happened("handling_completed", "usr_S09"), happened("feedback_given", kind="result")]
HIRED = [*OFFERED[:2], happened("dispatched", assignee="usr_S23"), happened("accepted", "usr_S23")]
CLAIMED = happened("completion_reported", "usr_S23")
BREACHED, FIRST, SECOND = clock("clock_breached"), clock("escalated", level=1), clock("escalated", level=2)
PIECE = happened("assignment_added", number=1, assignee="usr_S12")
LATER_PIECE = happened("assignment_added", number=2, assignee="usr_S12", after=1)
PIECE_DONE = happened("assignment_completed", "usr_S12", number=1)
CHILD = [RECEIVED, happened("attached_to_incident", incident="wo_9")]
SOLVED = happened("solved_together", "system", leader="wo_9", handlers=["usr_S09"], moved=True)
WAITING = [RECEIVED, STARTED, happened("attached_to_incident", incident="wo_9"), SOLVED, STOPPED]
RESPONSE = {"clock": "response", "generation": 1, "turn": 1}
MERGED = happened("merged", survivor="wo_2")
TOOK = happened("absorbed", "system", duplicate="wo_3")
PARENT = [
    happened("incident_proposed", members=["wo_1", "wo_2"]),
    happened("incident_confirmed", first_contact="usr_S06"),
]


def heard(child: str, **said) -> dict:
    one = {"child": child, "clock": "response", "generation": 1, "turn": 1, **said}
    return happened("children_reported", "system", clocks=[one])


def told_of(level: int, *children: str) -> dict:
    said = {"clock": "response", "generation": 0, "turn": 1, "level": level, "children": list(children)}
    return happened("escalated", "system", cause="timer", **said)


def taken_out(back_to: str, *again: dict) -> dict:
    return happened("detached_from_incident", incident="wo_9", back_to=back_to, again=again)


LATE = heard("wo_1")

IMPOSSIBLE = {
    "received twice": [RECEIVED, RECEIVED],
    "registered in dispatch": [RECEIVED, happened("registered"), happened("registered")],
    "dispatched in intake": [RECEIVED, happened("dispatched", assignee="usr_S09")],
    "accepted by usr_S12": [*OFFERED, happened("accepted", "usr_S12")],
    "handling_completed in dispatch": [*OFFERED, happened("handling_completed", "usr_S09")],
    "a result was told in handling": [*TAKEN, happened("feedback_given", kind="result")],
    "usr_S09 called back about his own work": [*ASKED, happened("callback_recorded", "usr_S09")],
    "usr_S23 completed unchecked work": [*HIRED, happened("handling_completed", "usr_S23")],
    "usr_S23 checked what usr_S23 reported": [
        *HIRED,
        CLAIMED,
        happened("contractor_work_checked", "usr_S23", passed=True),
    ],
    "reopened in handling": [*TAKEN, happened("reopened")],
    "started twice": [RECEIVED, STARTED, STOPPED, STARTED],
    "started beside": [RECEIVED, STARTED, clock("clock_started") | {"payload": {**STARTED["payload"], "turn": 2}}],
    "stopped twice": [RECEIVED, STARTED, STOPPED, STOPPED],
    "which never began": [RECEIVED, BREACHED],
    "after it had stopped": [RECEIVED, STARTED, STOPPED, BREACHED],
    "breached twice": [RECEIVED, STARTED, BREACHED, BREACHED],
    "escalated before its breach": [RECEIVED, STARTED, FIRST],
    "level 2 after 0": [RECEIVED, STARTED, BREACHED, SECOND],
    "level 1 after 1": [RECEIVED, STARTED, BREACHED, FIRST, FIRST],
    "warned of what had happened": [RECEIVED, STARTED, BREACHED, clock("clock_warned", percent=80)],
    "dispatched while usr_S09 had it": [*OFFERED, happened("dispatched", assignee="usr_S12")],
    "grabbed while usr_S09 had it": [*OFFERED, happened("grabbed", "usr_S12", assignee="usr_S12")],
    "piece 1 ended twice": [*TAKEN, PIECE, PIECE_DONE, PIECE_DONE],
    "piece 2 was done before 1": [*TAKEN, PIECE, LATER_PIECE, happened("assignment_completed", "usr_S12", number=2)],
    "usr_S09 completed the piece of usr_S12": [*TAKEN, PIECE, happened("assignment_completed", "usr_S09", number=1)],
    "handling was completed while [1] were open": [*TAKEN, PIECE, happened("handling_completed", "usr_S09")],
    "attached, and it is another's already": [*CHILD, happened("attached_to_incident", incident="wo_8")],
    "merged, and it is another's already": [*CHILD, happened("merged", survivor="wo_2")],
    "taken out of what it was not in": [*CHILD, happened("detached_from_incident", incident="wo_8")],
    "solved by a stranger": [*CHILD, happened("solved_together", leader="wo_8", handlers=[], moved=True)],
    "solved twice": [*CHILD, SOLVED, {**SOLVED, "payload": {**SOLVED["payload"], "moved": None}}],
    "solved_together in intake": [*CHILD, {**SOLVED, "payload": {**SOLVED["payload"], "moved": None}}],
    "goes back to dispatch, not intake": [*WAITING, taken_out("dispatch", RESPONSE)],
    "set() run again, [('response', 1, 1)] were ended": [*WAITING, taken_out("intake")],
    "speaks itself, for which wo_9 does": [*CHILD, STARTED, BREACHED, FIRST],
    "unmerged from what it was not merged into": [RECEIVED, happened("unmerged", survivor="wo_2")],
    "gave back wo_3, which it had not": [RECEIVED, happened("unmerged", duplicate="wo_3")],
    "took wo_3 over twice": [RECEIVED, TOOK, TOOK],
    "incident_confirmed in dispatch": [*PARENT, happened("incident_confirmed", first_contact="usr_S06")],
    "a word of incidents, and it is none": [RECEIVED, happened("incident_dismissed")],
    "tells of ['wo_1', 'wo_2'], late are ['wo_1']": [*PARENT, LATE, told_of(1, "wo_1", "wo_2")],
    "tells of ['wo_1'], late are []": [*PARENT, LATE, heard("wo_1", ended_at="now"), told_of(1, "wo_1")],
    "told level 2 of its children after 0": [*PARENT, LATE, told_of(2, "wo_1")],
    "told level 1 of its children after 1": [*PARENT, LATE, told_of(1, "wo_1"), told_of(1, "wo_1")],
    "said 50 % out of order": [RECEIVED, STARTED, *(clock("clock_warned", percent=one) for one in (80, 50))],
}


@pytest.mark.parametrize(("why", "events"), IMPOSSIBLE.items(), ids=IMPOSSIBLE)
def test_the_model_sees_what_cannot_be(why, events) -> None:
    """ESC-05, ESC-13, CLK-12, CBK-02, GRP-01…08, DSP-05, HND-13: each rule can fail.

    It does for a life that breaks it, and for nothing before.
    """
    case, rows = Case("wo_1"), stored(*events)
    case.read(rows[:-1])
    with pytest.raises(ViolationError, match=re.escape(why)):
        case.read(rows[-1:])


def test_the_model_sees_a_broken_chain() -> None:
    """AUD-01: an event left out, one changed."""
    rows = stored(RECEIVED, ANSWERED, happened("registered"))
    with pytest.raises(ViolationError, match="event 3 follows 1"):
        Case("wo_1").read([rows[0], rows[2]])
    changed = (2, rows[1][1].replace(b"S06", b"S07"), rows[1][2])
    with pytest.raises(ViolationError, match="chain is broken at 2"):
        Case("wo_1").read([rows[0], changed])


def test_the_model_sees_an_answer_that_is_not_true() -> None:
    """SEC-01: accepted and not happened; accepted where it does not fit; refused and happened; owed by nobody."""
    case = Case("wo_1")
    case.read(stored(*TAKEN))
    with pytest.raises(ViolationError, match="did not happen as that"):
        case.accepted("note", "usr_S06", (), "req_none", 5)
    with pytest.raises(ViolationError, match="was accepted in intake"):
        case.accepted("arrive", "usr_S06", (), "req_registered_usr_S06", 2)
    with pytest.raises(ViolationError, match="while None had it"):
        Case.accepted(_as_if_handled(), "arrive", "usr_S09", (), "req_x", 1)
    with pytest.raises(ViolationError, match="was refused and happened"):
        case.refused("register", "req_registered_usr_S06")
    with pytest.raises(ViolationError, match="nobody owes anything"):
        case.answered_or_owed()


def test_the_model_sees_a_clock_that_nobody_can_meet() -> None:
    """CLK-12, GRP-01: it runs where its duty can't be done, or in a case whose work another does."""
    case = Case("wo_1")
    case.read(stored(*OFFERED, {**STARTED, "payload": {**STARTED["payload"], "clock": "arrive"}}))
    with pytest.raises(ViolationError, match="arrive runs in dispatch"):
        case.stands()
    merged = Case("wo_1")
    merged.read(stored(RECEIVED, {**STARTED, "payload": {**STARTED["payload"], "clock": "register"}}, MERGED))
    with pytest.raises(ViolationError, match="register runs, and it is merged"):
        merged.stands()


def test_a_clock_that_merging_ended_runs_again() -> None:
    """GRP-08: its alarms are heard again once the merge is undone, and not before."""
    breach = {**BREACHED, "payload": {**BREACHED["payload"]}}
    case = Case("wo_1")
    case.read(stored(RECEIVED, STARTED, MERGED, STOPPED, happened("unmerged", survivor="wo_2"), breach))
    assert case.running() == ["response"]
    with pytest.raises(ViolationError, match="after it had stopped"):
        Case("wo_1").read(stored(RECEIVED, STARTED, MERGED, STOPPED, breach))
    carried = {**SOLVED, "payload": {**SOLVED["payload"], "leader": "wo_2"}}
    done = [RECEIVED, STARTED, MERGED, STOPPED, carried, happened("unmerged", survivor="wo_2")]
    with pytest.raises(ViolationError, match="after it had stopped"):
        Case("wo_1").read(stored(*done, breach))


def test_a_child_that_is_taken_out_goes_back_to_where_it_stood() -> None:
    """GRP-07: with its clocks and its hands, as if its incident had never solved it."""
    case = Case("wo_1")
    case.read(stored(*WAITING))
    assert (case.stage, case.running(), case.handlers) == ("feedback", [], {"usr_S09"})
    case.read([*stored(*WAITING, taken_out("intake", RESPONSE))][-1:])
    assert (case.stage, case.running(), case.handlers) == ("intake", ["response"], set())


def _as_if_handled() -> Case:
    """A case in which somebody arrived whom nobody had sent."""
    return Case("wo_1", requests={"req_x": 1}, before=[Before("handling")])
