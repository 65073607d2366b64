"""The random operator for two thousand steps, and proof that its model can fail and its failures are cut down."""

import hashlib
import json
import sys

import pytest
from operator_model import Case, ViolationError
from random_operator import FailedRunError, Hand, Step, run, smallest, told

STEPS, HANDS, SEED = 2000, 8, "20261126"
SEEN = {"respond", "register", "dispatch", "accept", "arrive", "complete_handling", "give_feedback", "record_callback"}
"""What a run must get done; beside it so many kinds of commands, which ones the dice say."""
KINDS = 20


async def test_two_thousand_random_steps(ground, tmp_path) -> None:
    """CBK-11, ESC-06, AUD-01, SEC-03: whatever is done to cases, and whoever dies meanwhile, the model's rules hold."""
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
    assert {"clock_breached", "escalated"} <= set(tally.kinds)


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
    "said 50 % out of order": [RECEIVED, STARTED, *(clock("clock_warned", percent=one) for one in (80, 50))],
}


@pytest.mark.parametrize(("why", "events"), IMPOSSIBLE.items(), ids=IMPOSSIBLE)
def test_the_model_sees_what_cannot_be(why, events) -> None:
    """ESC-05, CLK-12, CBK-02: each rule of the model fails for a life that breaks it, and for nothing before."""
    case, rows = Case("wo_1"), stored(*events)
    case.read(rows[:-1])
    with pytest.raises(ViolationError, match=why):
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


def _as_if_handled() -> Case:
    """A case in which somebody arrived whom nobody had sent."""
    return Case("wo_1", requests={"req_x": 1}, stages=["handling"], holders=[(None, None)])
