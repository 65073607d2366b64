"""Lists page without loss, are quick at any size, and show nobody what is not his."""

import json
from datetime import UTC, datetime, timedelta

import pytest

from records.errors import RecordsRefused
from records.outgoing import Notice, OutboxRow, add_notice, mark_done, mark_dropped, mark_sent, notices, pending
from records.pool import queries, transaction
from records.pulse import pulse
from records.read import Position, order, order_of_external, orders, words
from records.write import record

START = datetime(2026, 3, 1, 2, tzinfo=UTC)
MANY = """
insert into work_order (order_id, seq, community, stage, version, generation, kind, category, severity, channel,
  received_at, next_due_at, breaches, level, urges, closed_at)
select 'wo_' || n, 1, (array['jinxiu','lanting','bishui'])[1 + n % 3],
  (array['registration','dispatch','handling','feedback','callback'])[1 + n % 5], 1, 1, 'repair', 'lift', 'ordinary',
  'phone', now(), case when n % 4 = 0 then null else now() + n * interval '1 second' end, 0, 0, 0,
  case when n % 10 <> 0 then now() end
from generate_series(1, 30000) as n
"""
WAITING = """
insert into subject values ('sub_1', 'jinxiu');
insert into intake (order_id, fingerprint, community, subject_id, start_input, received_at, started_at, attempts)
select 'wo_' || n, '', 'jinxiu', 'sub_1', '{}', now(), case when n % 100 <> 0 then now() end, n % 3
from generate_series(1, 20000) as n;
insert into outbox (order_id, seq, topic, body, done_at)
select 'wo_' || n, 1, 'webhook', '{}', case when n % 100 <> 0 then now() end from generate_series(1, 20000) as n;
analyze;
"""


async def pages(pool, communities, size, **chosen):
    found, after = [], None
    while page := await orders(pool, communities, limit=size, after=after, **chosen):
        found += page
        after = Position(page[-1].next_due_at, page[-1].order_id)
    return found


@pytest.fixture
async def estate(own_pool, story):
    """Twelve orders in two communities: some due at the same instant, some without a clock, some closed."""
    for n in range(12):
        due = None if n % 4 == 0 else START + timedelta(hours=n // 2)
        facts = {"stage": "handling" if n % 3 else "dispatch", "closed_at": START if n % 6 == 5 else None}
        batch = story(f"wo_{n:02}", 1, 1)
        row = batch.row.model_copy(update={"community": "ab"[n % 2], "next_due_at": due, **facts})
        await record(own_pool, batch.model_copy(update={"row": row}))
    return own_pool


@pytest.mark.parametrize("size", [1, 2, 5, 50])
@pytest.mark.parametrize(
    "chosen", [{}, {"open_only": False}, {"stage": "handling"}, {"stage": "dispatch", "open_only": False}]
)
async def test_paging_shows_each_order_once_first_due_first(estate, size, chosen):
    found = await pages(estate, ["a", "b"], size, **chosen)
    expected = [
        row
        for row in await orders(estate, ["a", "b"], limit=100, open_only=False)
        if row.stage == chosen.get("stage", row.stage) and (row.closed_at is None or not chosen.get("open_only", True))
    ]
    assert [row.order_id for row in found] == [row.order_id for row in expected]
    keys = [(row.next_due_at is None, row.next_due_at or START, row.order_id) for row in found]
    assert keys == sorted(keys)


async def test_a_list_holds_the_callers_communities_alone(estate):
    assert {row.community for row in await orders(estate, ["a"])} == {"a"}
    assert await orders(estate, []) == []


async def test_an_order_of_another_community_is_not_found(own_pool, ring, receive):
    order_id = (await receive(own_pool)).intake.order_id
    with pytest.raises(RecordsRefused, match=r"^not-found$"):
        await order(own_pool, order_id, ["lanting"])
    with pytest.raises(RecordsRefused, match=r"^not-found$"):
        await words(own_pool, ring, order_id, ["lanting"])


async def test_an_orders_file_holds_its_chain_as_stored(own_pool, story):
    batch = story("wo_1", 1, 3)
    await record(own_pool, batch)
    found = await order(own_pool, "wo_1", ["jinxiu"])
    assert [(e.seq, e.type, e.at, e.body.decode(), e.hash.hex()) for e in found.events] == [
        (e.seq, e.type, e.at, e.body, e.hash) for e in batch.events
    ]
    assert found.row.head == batch.events[-1].hash
    assert found.intake is None


async def test_words_and_contacts_are_opened_with_their_digests(own_pool, ring, receive):
    taken = await receive(own_pool, contacts={"name": "王小明", "phone": "138 0000 1234", "room": "JX03-1-1502"})
    found = await words(own_pool, ring, taken.intake.order_id, ["jinxiu"])
    assert {word.field: word.words for word in found.contacts} == {
        "name": "王小明",
        "phone": "138 0000 1234",
        "room": "JX03-1-1502",
    }
    assert [(word.field, word.words) for word in found.texts] == [("text", "楼上漏水")]
    assert {"id": found.texts[0].id, "digest": found.texts[0].digest} == taken.intake.start_input["texts"]["text"]


async def test_an_imported_order_is_found_by_its_old_number(own_pool, receive):
    taken = await receive(own_pool, external_id="SF-1")
    assert await order_of_external(own_pool, "jinxiu", "SF-1") == taken.intake.order_id
    assert await order_of_external(own_pool, "lanting", "SF-1") is None


async def test_open_outbox_rows_are_shared_between_relays_until_done(own_pool, story):
    await record(own_pool, story("wo_1", 1, 2))
    async with transaction(own_pool) as one, transaction(own_pool) as other:
        mine, theirs = await pending(one, 3), await pending(other, 3)
        assert isinstance(mine[0], OutboxRow)
        assert (len(mine), len(theirs)) == (3, 1)
        for row in mine:
            await mark_done(one, row)
    await record(own_pool, story("wo_1", 1, 2))
    async with transaction(own_pool) as conn:
        assert await pending(conn, 9) == theirs


async def test_a_notice_is_queued_once_and_its_first_outcome_stands(own_pool):
    one = Notice("ntc_1", "wo_1", 3, "usr_1", "duty_supervisor", "sms", {"template": "escalation", "level": 1})
    assert await add_notice(own_pool, one)
    assert not await add_notice(own_pool, one._replace(channel="app"))
    await mark_sent(own_pool, "ntc_1")
    await mark_dropped(own_pool, "ntc_1", "no-channel")
    (found,) = await notices(own_pool, "wo_1")
    assert found.notice == one
    assert found.sent_at is not None
    assert found.dropped_because is None


FIRED = """
insert into work_order_event
select 'wo_1', seq, 'work_order.' || type, now() - planned, now() - recorded, convert_to(body, 'UTF8'), sha256('')
from (values
  (1, 'received', interval '5 h', interval '5 h', '{}'),
  (2, 'clock_breached', interval '3 h', interval '3 h', '{"payload": {"clock": "response"}}'),
  (3, 'escalated', interval '9 h', interval '290 min', '{}'),
  (4, 'clock_breached', interval '20.5 min', interval '20 min', '{"payload": {"clock": "feedback"}}')
) as fired (seq, type, planned, recorded, body)
"""

CAME_BEFORE = """
insert into work_order_event
select 'wo_1', seq, 'work_order.' || type, now() - planned, now() - recorded,
  '{"payload": {"clock": "response"}}', sha256('')
from (values
  (1, 'received', interval '5 h', interval '5 h'),
  (2, $1::text, interval '24 s', interval '24 s'),
  (3, 'escalated', interval '60 s', interval '23 s')
) as fired (seq, type, planned, recorded)
"""

LONG_AGO = """
insert into work_order_event
select 'wo_' || n, 1, case n % 10 when 0 then 'work_order.escalated' else 'work_order.received' end,
  now() - n * interval '1 h', now() - n * interval '1 h', '{}', sha256('')
from generate_series(1, 30000) as n
"""


async def test_the_pulse_leaves_tests_out(own_pool, receive, story):
    await receive(own_pool, is_test=True)
    await receive(own_pool)
    await record(own_pool, story("wo_1", 1, 1))
    found = await pulse(own_pool)
    assert found.open_by_stage == {"handling": 1, "intake": 1}
    assert (found.overdue, found.due_within_hour, found.outbox_open, found.unstarted, found.notices_open) == (
        1,
        0,
        2,
        2,
        0,
    )
    assert found.unstarted_age > found.outbox_age >= 0


async def test_the_pulse_tells_how_late_alarms_came(own_pool):
    """Against the planned instant, or the start of the process: what was due before it ran could not be told sooner."""
    await own_pool.execute(FIRED)
    found = await pulse(own_pool)
    assert found.breaches_by_clock == {"response": 1, "feedback": 1}
    assert (found.alarms, found.alarm_late_max) == (1, 30)


@pytest.mark.parametrize(
    ("came_before", "late"),
    [
        ("unmerged", 1),  # its clocks run again, with the instants they had
        ("detached_from_incident", 1),
        ("children_reported", 1),
        ("clock_breached", 37),  # what time does by itself was due before as well
        ("clock_stopped", 37),
        ("clock_started", 37),
        ("resumed", 37),
    ],
)
async def test_an_alarm_is_late_from_when_it_could_fire(own_pool, came_before, late):
    """CLK-32, GRP-08: what an order was told just before may let an alarm speak whose instant is long over."""
    await own_pool.execute(CAME_BEFORE, came_before)
    assert round((await pulse(own_pool)).alarm_late_max) == late


def indexes(plan):
    return {plan.get("Index Name")} | {name for part in plan.get("Plans", ()) for name in indexes(part)}


@pytest.mark.parametrize("mode", ["force_custom_plan", "force_generic_plan"])
async def test_lists_and_queues_use_their_index_at_size(own_pool, mode):
    await own_pool.execute(MANY)
    await own_pool.execute(WAITING)
    await own_pool.execute(LONG_AGO)
    await own_pool.execute("analyze")
    page = (START, "wo_1", 50)
    cases = {
        "work_order_open": (queries.open_orders, (["jinxiu", "lanting"], *page)),
        "work_order_open_stage": (queries.open_orders_in_stage, (["jinxiu"], "handling", *page)),
        "work_order_all": (queries.all_orders, (["jinxiu"], None, *page)),
        "intake_unstarted": (queries.unstarted_intakes, (timedelta(0), 10)),
        "outbox_open": (queries.pending_outbox, (10,)),
        "work_order_event_alarm": (queries.pulse, ()),
    }
    async with own_pool.acquire() as conn, conn.transaction():
        await conn.execute(f"set local plan_cache_mode = {mode}")
        for index, (query, arguments) in cases.items():
            ((told,),) = await conn.fetch(f"explain (format json) {query.sql}", *arguments)
            plan = json.loads(told)[0]["Plan"]
            assert index in indexes(plan), (index, told)
