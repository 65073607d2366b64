"""Messages held, put off, gathered and dropped; deeds tried until their outcome is known (ESC-06, ESC-09, ESC-12)."""

import json
from datetime import UTC, datetime, timedelta

import pytest

from records import deeds
from records import outgoing as out
from records.pool import queries, transaction
from records.pulse import pulse
from records.write import record

NOW = datetime.now(UTC).replace(microsecond=0) + timedelta(hours=1)
LEVEL = {"topic": "escalation", "clock": "feedback", "generation": 1, "turn": 1, "level": 3, "to": "project_manager"}
MANY = """
insert into notice (notice_id, order_id, seq, person, role, channel, body, due_at, released_at, sent_at)
select 'ntc_' || n, 'wo_' || n, 1, 'usr_S' || n % 50, 'engineer', 'sandbox', '{}', now() - interval '1 h',
  case when n % 100 <> 0 then now() - n * interval '1 min' end, case when n % 100 <> 0 then now() end
from generate_series(1, 20000) as n;
insert into ladder_deed (order_id, seq, action, facts, outcome)
select 'wo_' || n, 1, 'notify', '{}', case when n % 100 <> 0 then 'done' end from generate_series(1, 20000) as n;
analyze;
"""


def notice(name="ntc_1", person="usr_S01", not_before=None, order="wo_1", seq=1, **facts):
    return out.Notice(name, order, seq, person, "project_manager", "sandbox", {**LEVEL, **facts}, not_before)


async def due(pool, now=NOW):
    async with transaction(pool) as conn:
        return await out.due(conn, now, 500)


def names(found):
    return [one.notice.notice_id for one in found]


async def row_of(pool, story, *owed, **facts):
    """The current row of `wo_1` with these clocks owed."""
    batch = story("wo_1", 1, 1)
    row = batch.row.model_copy(update={"duties": list(owed), **facts})
    await record(pool, batch.model_copy(update={"row": row, "outgoing": ()}))


async def happened(pool, seq, kind, **payload):
    await pool.execute(
        "insert into work_order_event values ('wo_1', $1, $2, now(), now(), $3, sha256(''))",
        seq,
        f"work_order.{kind}",
        json.dumps({"payload": payload}).encode(),
    )


OWED = {"clock": "feedback", "generation": 1, "turn": 1, "accountable": "first_contact"}
SEEN = {"clock": "feedback", "generation": 1, "turn": 1, "level": 3}


async def test_a_notice_is_due_when_its_quiet_hours_are_over(own_pool):
    """ESC-09: at the very end, not a microsecond before it; a notice that nothing holds is due at once."""
    await out.add_notice(own_pool, notice())
    await out.add_notice(own_pool, notice("ntc_2", not_before=NOW))
    assert names(await due(own_pool, NOW - timedelta(microseconds=1))) == ["ntc_1"]
    found = await due(own_pool)
    assert [(one.notice, one.put_off) for one in found] == [
        (notice(), False),
        (notice("ntc_2", not_before=NOW), False),
    ]


async def test_what_left_was_told_by_a_digest_or_was_dropped_is_not_due_again(own_pool):
    """ESC-07, ESC-12."""
    for number in range(5):
        await out.add_notice(own_pool, notice(f"ntc_{number}"))
    await out.add_notice(own_pool, notice("ntc_d", order=None, seq=None))
    await out.mark_released(own_pool, "ntc_0", NOW)
    await out.mark_sent(own_pool, "ntc_1")
    await out.mark_dropped(own_pool, "ntc_2", "acknowledged")
    await out.tell_by(own_pool, "ntc_d", ["ntc_3"])
    assert names(await due(own_pool)) == ["ntc_4", "ntc_d"]


async def test_a_digest_sends_all_that_it_names(own_pool):
    """ESC-12: each is told, by which digest stands beside it; what was dropped stays dropped."""
    for number in range(3):
        await out.add_notice(own_pool, notice(f"ntc_{number}"))
    await out.add_notice(own_pool, notice("ntc_d", order=None, seq=None))
    await out.tell_by(own_pool, "ntc_d", ["ntc_0", "ntc_1"])
    await out.tell_by(own_pool, "ntc_2", ["ntc_1"])
    await out.mark_sent(own_pool, "ntc_d")
    found = {row.notice.notice_id: row for row in await out.notices(own_pool, "wo_1")}
    assert {name: (row.told_by, row.sent_at is not None) for name, row in found.items()} == {
        "ntc_0": ("ntc_d", True),
        "ntc_1": ("ntc_d", True),
        "ntc_2": (None, False),
    }
    assert (await out.notice_of(own_pool, "ntc_d")).notice.order_id is None


async def test_what_was_put_off_comes_back_when_its_time_has_come(own_pool):
    """ESC-12: and is known as put off; what quiet hours held is not."""
    await out.add_notice(own_pool, notice())
    await out.put_off(own_pool, ["ntc_1"], NOW)
    assert await due(own_pool, NOW - timedelta(seconds=1)) == []
    assert [one.put_off for one in await due(own_pool)] == [True]


async def test_what_left_lately_is_counted_by_person(own_pool):
    """ESC-12."""
    for number, (person, order) in enumerate([("usr_S01", "wo_1"), ("usr_S01", None), ("usr_S02", "wo_1")]):
        await out.add_notice(own_pool, notice(f"ntc_{number}", person, order=order))
        await out.mark_released(own_pool, f"ntc_{number}", NOW - timedelta(seconds=number))
    await out.add_notice(own_pool, notice("ntc_9", "usr_S01"))
    left = await out.left_since(own_pool, NOW - timedelta(minutes=1), ["usr_S01"])
    assert sorted(left) == [("usr_S01", NOW - timedelta(seconds=1), True), ("usr_S01", NOW, False)]
    assert await out.left_since(own_pool, NOW, ["usr_S01"]) == []


STANDINGS = [
    # owed, event after it, row → closed, runs, acknowledged, decided
    ((OWED,), None, {}, (False, True, False, False)),
    ((), None, {}, (False, False, False, False)),
    (({**OWED, "turn": 2},), None, {}, (False, False, False, False)),
    (({**OWED, "generation": 2},), None, {}, (False, False, False, False)),
    ((OWED,), ("acknowledged", SEEN), {}, (False, True, True, False)),
    ((OWED,), ("acknowledged", {**SEEN, "level": 2}), {}, (False, True, False, False)),
    ((OWED,), ("acknowledged", {**SEEN, "clock": "response"}), {}, (False, True, False, False)),
    ((), ("suspension_refused", {}), {}, (False, False, False, True)),
    ((), ("suspension_approved", {}), {}, (False, False, False, True)),
    ((), None, {"closed_at": NOW}, (True, False, False, False)),
    ((OWED,), None, {"closed_at": NOW}, (True, True, False, False)),
]


@pytest.mark.parametrize(("owed", "event", "row", "expected"), STANDINGS)
async def test_how_the_matter_stands_that_a_notice_is_about(own_pool, story, owed, event, row, expected):
    """ESC-09: read with the notice, of one instant."""
    await row_of(own_pool, story, *owed, **row)
    await out.add_notice(own_pool, notice(not_before=NOW))
    if event:
        await happened(own_pool, 2, event[0], **event[1])
    [found] = await due(own_pool)
    assert found[2:] == expected


async def test_an_acknowledgement_of_before_does_not_count(own_pool, story):
    """ESC-09: only what happened after the notice's own event."""
    await row_of(own_pool, story, OWED)
    await out.add_notice(own_pool, notice(not_before=NOW, seq=2))
    await happened(own_pool, 2, "acknowledged", **SEEN)
    assert [one.acknowledged for one in await due(own_pool)] == [False]


async def test_a_notice_whose_order_is_being_rebuilt_is_not_taken_as_settled(own_pool):
    """ESC-09, OPS-09: no row proves nothing."""
    await out.add_notice(own_pool, notice(not_before=NOW))
    assert [one.runs for one in await due(own_pool)] == [True]


async def test_two_relays_never_look_at_one_notice_together(own_pool):
    """ESC-07."""
    await out.add_notice(own_pool, notice())
    async with transaction(own_pool) as one, transaction(own_pool) as other:
        assert (len(await out.due(one, NOW, 9)), len(await out.due(other, NOW, 9))) == (1, 0)


async def test_for_whom_somebody_was_told(own_pool):
    """ESC-05, ESC-11: what left for him, of this order and clock; what is held or was dropped was not told."""
    told = [
        ("ntc_1", {}, "released"),
        ("ntc_2", {"to": "service_manager", "level": 2}, "sent"),
        ("ntc_3", {"to": "first_contact", "level": 1}, "dropped"),
        ("ntc_4", {"to": "quality_department", "level": 4}, "waiting"),
        ("ntc_5", {"to": "team_lead", "clock": "response"}, "sent"),
        ("ntc_6", {"to": "dispatch_operator", "topic": "nobody_found"}, "sent"),
        ("ntc_7", {"to": "duty_supervisor"}, "digest"),
    ]
    await out.add_notice(own_pool, notice("ntc_d", order=None, seq=None))
    for name, facts, became in told:
        await out.add_notice(own_pool, notice(name, **facts))
        match became:
            case "released":
                await out.mark_released(own_pool, name, NOW)
            case "sent":
                await out.mark_sent(own_pool, name)
            case "dropped":
                await out.mark_dropped(own_pool, name, "clock-stopped")
            case "digest":
                await out.tell_by(own_pool, "ntc_d", [name])
    found = await out.roles_told(own_pool, "wo_1", "usr_S01", "feedback")
    assert sorted(found) == ["duty_supervisor", "project_manager", "service_manager"]
    assert await out.roles_told(own_pool, "wo_1", "usr_S02", "feedback") == []
    assert await out.roles_told(own_pool, "wo_2", "usr_S01", "feedback") == []


async def test_what_is_held_does_not_wait_in_the_figures(own_pool):
    """OPS-03, ESC-09: nobody is woken because a message waits for the morning."""
    await out.add_notice(own_pool, notice("ntc_1", not_before=NOW))
    assert (await pulse(own_pool)).notices_open == 0
    await out.add_notice(own_pool, notice("ntc_2"))
    found = await pulse(own_pool)
    assert (found.notices_open, 0 <= found.notices_age < 60) == (1, True)


# ---- deeds


FACTS = {"clock": "response", "generation": 1, "turn": 1, "level": 3, "team": None, "severity": "major"}


async def test_a_deed_is_opened_once_and_its_first_outcome_stands(own_pool):
    """ESC-06: by order and event."""
    for _ in range(3):
        await deeds.add(own_pool, "wo_1", 7, "raise_severity", FACTS)
    deed = await deeds.claim(own_pool)
    assert (deed.order_id, deed.seq, deed.action, deed.facts, deed.tries) == ("wo_1", 7, "raise_severity", FACTS, 1)
    await deeds.end(own_pool, deed, "done", {"version": 3})
    await deeds.end(own_pool, deed, "order-closed", {})
    [found] = await deeds.of_order(own_pool, "wo_1")
    assert (found.outcome, found.told, found.done_at is not None) == ("done", {"version": 3}, True)
    assert await deeds.claim(own_pool) is None


async def test_a_claimed_deed_comes_back_later_each_time(own_pool):
    """ESC-06: a relay that is killed in between loses nothing; two never do one deed at the same time."""
    await deeds.add(own_pool, "wo_1", 7, "raise_severity", FACTS)
    assert await deeds.claim(own_pool)
    assert await deeds.claim(own_pool) is None
    pauses = []
    for _ in range(7):
        await own_pool.execute("update ladder_deed set try_at = now()")
        await deeds.claim(own_pool)
        pauses.append(round(await own_pool.fetchval("select extract(epoch from try_at - now()) from ladder_deed")))
    assert pauses == [2, 4, 8, 16, 30, 30, 30]


async def test_what_a_deed_says_is_fixed_before_it_is_given(own_pool):
    """ESC-06: a repeat gives the same command; it may be chosen anew only on purpose."""
    await deeds.add(own_pool, "wo_1", 7, "raise_severity", FACTS)
    deed = await deeds.claim(own_pool)
    await deeds.fix(own_pool, deed, {"command": "reclassify"})
    assert [one.said for one in await deeds.of_order(own_pool, "wo_1")] == [{"command": "reclassify"}]
    await deeds.fix(own_pool, deed, None)
    assert [one.said for one in await deeds.of_order(own_pool, "wo_1")] == [None]


def indexes(plan):
    return {plan.get("Index Name")} | {name for part in plan.get("Plans", ()) for name in indexes(part)}


@pytest.mark.parametrize("mode", ["force_custom_plan", "force_generic_plan"])
async def test_queues_of_messages_and_deeds_use_their_index_at_size(own_pool, mode):
    """OPS-10."""
    await own_pool.execute(MANY)
    cases = {
        "notice_due": (queries.due_notices, (NOW, 500)),
        "notice_released": (queries.left_since, (NOW - timedelta(hours=1), ["usr_S01"])),
        "ladder_deed_open": (queries.claim_deed, ()),
    }
    async with own_pool.acquire() as conn, conn.transaction():
        await conn.execute(f"set local plan_cache_mode = {mode}")
        for index, (query, arguments) in cases.items():
            ((told,),) = await conn.fetch(f"explain (format json) {query.sql}", *arguments)
            assert index in indexes(json.loads(told)[0]["Plan"]), (index, told)
