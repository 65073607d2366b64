"""Scenarios on the real server, each order with its own virtual clock, all at once; on a warm cache and a cold one."""

import asyncio
import traceback
from datetime import UTC, datetime, timedelta

import pytest
from house import (
    CALLER,
    ENGINEERING_LEAD,
    MANAGER,
    OPERATOR,
    OTHER_PLUMBER,
    OWNER,
    PLUMBER,
    SUPERVISOR,
    USUAL,
    WHOLE_LIFE,
    instant,
    measures,
    received,
)

SCENARIOS = []


def scenario(live):
    SCENARIOS.append(live)
    return live


def minutes_after(start: datetime, events: list[dict]) -> list[float]:
    return [(instant(event["at"]) - start) / timedelta(minutes=1) for event in events]


@scenario
async def a_clean_case_closes(desk) -> None:
    """Intake → registration → dispatch → handling → feedback → callback → closed; then it can't be changed."""
    matter = await received(desk)
    await matter.through(*WHOLE_LIFE)
    row = (await matter.file()).row
    assert (row.stage, row.close_reason, row.version, row.breaches) == ("closed", "confirmed", 10, 0)
    assert (await matter.refused("register", OPERATOR)).code == "order-closed"


@scenario
async def nobody_responds(desk) -> None:
    """CLK-02, ESC-02…04, ST-20: breach at the due instant, levels at 15, 20, 35 min when nobody acknowledges."""
    matter = await received(desk)
    await matter.skip(timedelta(minutes=36))
    levels = await matter.until("escalated", 3, clock="response")
    start = (await matter.file()).row.received_at
    assert minutes_after(start, await matter.until("clock_breached", clock="response")) == [15]
    assert minutes_after(start, levels) == [15, 20, 35]
    assert [e["payload"]["addressee"] for e in levels] == ["duty_supervisor", "service_manager", "project_manager"]


@scenario
async def acknowledged_then_answered(desk) -> None:
    """ESC-05, CLK-26, ST-20: an acknowledged level cancels the early firing only; an answer ends the ladder."""
    matter = await received(desk)
    await matter.skip(timedelta(minutes=15, seconds=30))
    await matter.until("escalated", clock="response")
    await matter.give("acknowledge", SUPERVISOR, clock="response")
    await matter.skip(timedelta(minutes=10))
    await matter.give("respond", OPERATOR)
    await matter.skip(timedelta(minutes=60))
    await matter.until("escalated", 3, clock="register")
    assert len([e for e in await matter.events("escalated") if e["payload"]["clock"] == "response"]) == 1


@scenario
async def feedback_is_never_given(desk) -> None:
    """CLK-03: 24 h from reception; level 1 is the first contact's."""
    matter = await received(desk)
    await matter.through("respond", "clarify", "register", "dispatch", "accept")
    await matter.skip(timedelta(hours=24, minutes=1))
    start = (await matter.file()).row.received_at
    assert minutes_after(start, await matter.until("clock_breached", clock="feedback")) == [24 * 60]
    [first] = await matter.until("escalated", clock="feedback")
    assert first["payload"]["addressee"] == "first_contact"


@scenario
async def progress_told_in_time_meets_feedback(desk) -> None:
    """CLK-03, CLK-12: any feedback with substance meets `feedback`; the next word is then due within its own limit."""
    matter = await received(desk)
    await matter.through("respond", "clarify", "register", "dispatch", "accept")
    await matter.skip(timedelta(hours=23))
    await matter.give("give_feedback", OPERATOR, kind="progress", by="phone", words="师傅明早带配件来,上午到")
    [stopped] = [e for e in await matter.until("clock_stopped", 5) if e["payload"]["clock"] == "feedback"]
    assert stopped["payload"]["outcome"] == "met"
    await matter.skip(timedelta(hours=2))
    assert not [e for e in await matter.events("clock_breached") if e["payload"]["clock"] == "feedback"]


@scenario
async def typed_twenty_minutes_late(desk) -> None:
    """CLK-32, ST-02: reaching the engine 20 minutes after reception breaches at once, with both instants."""
    twenty_ago = datetime.now(UTC) - timedelta(minutes=20)
    matter = await received(desk, received_at=twenty_ago, back_dated_because="电话高峰,事后补录")
    [breach] = await matter.until("clock_breached", clock="response")
    assert breach["payload"]["late_entry"] is True
    assert instant(breach["at"]) == twenty_ago + timedelta(minutes=15)
    assert instant(breach["recorded_at"]) >= twenty_ago + timedelta(minutes=20)


@scenario
async def transferred_before_the_answer(desk) -> None:
    """CLK-23, CLK-15, ST-18: a transfer keeps `response`; `accept` alone starts again."""
    matter = await received(desk)
    await matter.give("register", OPERATOR)
    await matter.give("clarify", OPERATOR, skipped="unreachable", reason="电话无人接听")
    await matter.give("dispatch", OPERATOR, team="engineering", assignee="usr_S09")
    await matter.skip(timedelta(minutes=12))
    await matter.give("transfer", OPERATOR, assignee="usr_S12", reason="水工不在岗")
    assert (await matter.refused("accept", PLUMBER)).code == "forbidden"
    await matter.give("accept", OTHER_PLUMBER)
    starts = await matter.until("clock_started")
    turns = [(e["payload"]["clock"], e["payload"]["turn"]) for e in starts]
    assert [turn for turn in turns if turn[0] in {"response", "accept"}] == [
        ("response", 1),
        ("accept", 1),
        ("accept", 2),
    ]


@scenario
async def a_broken_promise_and_a_kept_one(desk) -> None:
    """CLK-11, ST-28: the old breach stays, figures count 1 of 2 kept."""
    matter = await received(desk)
    await matter.through("respond", "clarify", "register", "dispatch", "accept")
    start = (await matter.file()).row.received_at
    window = {"window_start_at": start + timedelta(hours=1), "window_end_at": start + timedelta(hours=2)}
    await matter.give("promise", PLUMBER, **window)
    await matter.skip(timedelta(hours=2, minutes=1))
    [breach] = await matter.until("clock_breached", clock="promise")
    assert instant(breach["at"]) == start + timedelta(hours=2)
    again = {"window_start_at": start + timedelta(hours=3), "window_end_at": start + timedelta(hours=5)}
    await matter.give("promise", PLUMBER, **again)
    await matter.give("arrive", PLUMBER)
    ends = [e["payload"] for e in await matter.events("clock_stopped")]
    stopped = [end["outcome"] for end in ends if end["clock"] == "promise"]
    assert stopped == ["breached", "met"]


@scenario
async def a_pause_ends_at_its_cap(desk) -> None:
    """CLK-20, CLK-17: granted by somebody else, over at the cap by itself, to the microsecond; the assignee is told."""
    matter = await received(desk)
    await matter.through("respond", "clarify", "register", "dispatch", "accept")
    wish = {
        "pause_reason": "waiting_parts",
        "part": "角阀",
        "supplier": "城东五金",
        "expected_end_at": datetime.now(UTC) + timedelta(days=20),
    }
    assert (await matter.refused("suspend", PLUMBER, **wish)).code == "needs-approval"
    await matter.give("request_suspension", PLUMBER, **wish, words="水泵订货两周")
    await matter.give("approve_suspension", ENGINEERING_LEAD)
    [pause] = await matter.until("suspended")
    await matter.skip(timedelta(days=25))
    [over] = await matter.until("resumed")
    assert (over["at"], over["payload"]["because"]) == (pause["payload"]["cap_at"], "cap")
    assert {one["clock"] for one in over["payload"]["clocks"]} == {"arrive", "handling"}
    assert not [duty for duty in (await matter.file()).row.duties if duty["suspended"]]


@scenario
async def severity_raised_moves_the_clock(desk) -> None:
    """CLK-24, CLK-26: the old timer never fires; the breach is at the moved instant."""
    matter = await received(desk)
    await matter.through("respond", "clarify", "register", "dispatch", "accept")
    await matter.give("reclassify", OPERATOR, category="WATER_LEAK", severity="urgent", reason="漫到楼下")
    [raised] = await matter.until("reclassified")
    moved = {one["clock"]: one for one in raised["payload"]["moved"]}
    assert instant(moved["handling"]["due_at"]) < instant(moved["handling"]["before_due_at"])
    await matter.skip(timedelta(hours=4, minutes=1))
    [breach] = await matter.until("clock_breached", clock="handling")
    assert breach["at"] == moved["handling"]["due_at"]


@scenario
async def planned_refused_and_signed_off(desk) -> None:
    """CLK-10, HND-07: the date agreed with the owner times the work; his refusal makes a plan due again."""
    matter = await received(desk)
    await matter.through("respond", "clarify", "register", "dispatch", "accept")
    on = (datetime.now(UTC) + timedelta(days=3)).date()
    await matter.give("give_plan", PLUMBER, measures=measures(on, "更换地漏"))
    assert (await matter.refused("complete_handling", PLUMBER, **USUAL["complete_handling"][1])).code == "sign-off-owed"
    await matter.through("complete_rectification")
    await matter.give("refuse_sign_off", OWNER, by="phone", reason="墙角仍渗水")
    owed = {duty["clock"] for duty in (await matter.file()).row.duties}
    assert "plan" in owed
    await matter.give("give_plan", PLUMBER, measures=measures(on, "重做墙角"))
    await matter.through("complete_rectification", "sign_off", "arrive", "complete_handling")
    assert (await matter.file()).row.stage == "feedback"


@scenario
async def not_resolved_at_callback(desk) -> None:
    """CBK-05, CLK-25, ST-25: reopened as generation 2 with a recovery; the second life closes."""
    matter = await received(desk)
    await matter.through(*WHOLE_LIFE[:-1])
    scores = {"attitude": 4, "timeliness": 2, "quality": 1}
    await matter.give("record_callback", CALLER, resolved=False, **scores, words="又漏了")
    row = (await matter.file()).row
    assert (row.stage, row.generation, row.assignee) == ("dispatch", 2, None)
    second = [(e["payload"]["clock"], e["payload"]["generation"]) for e in await matter.events("clock_started")]
    assert [name for name, generation in second if generation == 2] == ["dispatch", "feedback", "recovery"]
    await matter.through("complete_recovery", "dispatch", "accept", "arrive", "complete_handling", "give_feedback")
    again = USUAL["record_callback"][1]
    assert (await matter.refused("record_callback", CALLER, **again)).code == "second-caller"
    await matter.give("record_callback", MANAGER, **again)
    assert (await matter.file()).row.stage == "closed"


@scenario
async def withdrawn_by_the_owner(desk) -> None:
    """INT-16: running clocks stop as withdrawn and nothing fires any more."""
    matter = await received(desk)
    await matter.give("withdraw", OWNER, by="phone", reason="自己修好了")
    stopped = {e["payload"]["outcome"] for e in await matter.events("clock_stopped")}
    await matter.skip(timedelta(days=2))
    row = (await matter.file()).row
    assert (stopped, row.close_reason, row.breaches) == ({"withdrawn"}, "withdrawn", 0)


@scenario
async def reopened_within_thirty_days_and_not_after(desk) -> None:
    """CBK-09, design 4a.1: closed is a stage, not the end; after 30 days the process returns its summary."""
    matter = await received(desk)
    await matter.through(*WHOLE_LIFE)
    await matter.skip(timedelta(days=29))
    await matter.give("reopen", OWNER, reason="接头又渗水")
    await matter.give("withdraw", OWNER, by="phone", reason="已自行处理")
    await matter.skip(timedelta(days=31))
    summary = await matter.handle.result()
    assert summary["row"]["close_reason"] == "withdrawn"
    assert (await matter.refused("reopen", OWNER, reason="再次渗水")).code == "reopen-window-over"


@scenario
async def two_dispatches_at_once(desk) -> None:
    """API-01: one wins, the other is told the new state."""
    matter = await received(desk)
    await matter.through("respond", "clarify", "register")
    both = [matter.give("dispatch", OPERATOR, team="engineering", assignee=who) for who in ("usr_S09", "usr_S12")]
    outcomes = await asyncio.gather(*both, return_exceptions=True)
    [lost] = [outcome for outcome in outcomes if isinstance(outcome, Exception)]
    winner = (await matter.file()).row.assignee
    assert (lost.code, lost.facts["assignee"]) == ("already-dispatched", winner)


@scenario
async def a_repetition_answers_as_the_first_did(desk) -> None:
    """INT-11, design 4a.8: the same key and content happen once; other content is refused."""
    matter = await received(desk)
    first = await matter.give("respond", OPERATOR, key="key-of-a-tired-operator")
    await matter.through("register")
    again = await matter.give("respond", OPERATOR, key="key-of-a-tired-operator")
    other = await matter.refused("respond", OPERATOR, key="key-of-a-tired-operator", words="另一句话")
    assert (again, other.code) == (first, "idempotency-key-reused")
    assert len(await matter.events("responded")) == 1


@scenario
async def twenty_repetitions_at_once(desk) -> None:
    """One happens, all hear the same."""
    matter = await received(desk)
    same = [matter.give("urge", OWNER, by="phone", key="twenty-at-once") for _ in range(20)]
    answers = await asyncio.gather(*same)
    assert (len(set(map(str, answers))), len(await matter.events("urged"))) == (1, 1)


@scenario
async def a_refused_command_repeated_is_refused_alike(desk) -> None:
    """specs/http_api.md section 3: a 409 is an answer, kept for its key."""
    matter = await received(desk)
    first = await matter.refused("arrive", OPERATOR, key="too-early")
    stage = await matter.refused("record_callback", CALLER, key="far-too-early", resolved=True, **THREES)
    await matter.through("respond")
    again = await matter.refused("record_callback", CALLER, key="far-too-early", resolved=True, **THREES)
    assert (first.code, stage.code, again.facts["stage"]) == ("forbidden", "illegal-transition", "intake")


@scenario
async def an_old_picture_of_the_order(desk) -> None:
    """http_api section 4: the expected version is compared in the process."""
    matter = await received(desk)
    await matter.give("respond", OPERATOR, expected_version=1)
    refused = await matter.refused("register", OPERATOR, expected_version=1)
    assert (refused.code, refused.facts["version"]) == ("version-mismatch", 2)


THREES = {"attitude": 3, "timeliness": 3, "quality": 3}


@pytest.mark.parametrize("worker", [1000, 2], indirect=True, ids=["warm", "cold"])
async def test_every_scenario_at_once(desk, worker) -> None:
    """A failure names its scenario; one hides no other."""
    outcomes = await asyncio.gather(*(live(desk) for live in SCENARIOS), return_exceptions=True)
    failed = {live.__name__: error for live, error in zip(SCENARIOS, outcomes, strict=True) if error is not None}
    for error in failed.values():
        error.add_note("".join(traceback.format_tb(error.__traceback__)[-2:]))
    assert not failed, {name: f"{error!r} {error.__notes__}" for name, error in failed.items()}
    assert worker.is_running
