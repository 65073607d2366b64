"""The record is the same after any repetition and any order of batches, and a chain is never rewritten."""

import secrets
from datetime import timedelta

import asyncpg
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from domain.audit import link
from records.errors import RecordsRefused
from records.pool import SQL
from records.write import record, record_decided

TABLES = (
    """select seq, head, version, next_due_at, community, external_id, flags, is_test
    from work_order where order_id = $1""",
    "select seq, type, at, recorded_at, body, hash from work_order_event where order_id = $1 order by seq",
    "select seq, topic, body, done_at from outbox where order_id = $1 order by seq, topic",
)


async def tables(pool, order_id):
    return [[tuple(row) for row in await pool.fetch(query, order_id)] for query in TABLES]


def new_order():
    return f"wo_{secrets.token_hex(6)}"


async def test_a_batch_becomes_events_row_and_outbox(pool, story):
    order_id = new_order()
    batch = story(order_id, 1, 3)
    assert await record(pool, batch) == 3
    (row,), events, outbox = await tables(pool, order_id)
    assert row[:3] == (3, batch.events[-1].hash, 3)
    assert [(event[0], event[4].decode(), event[5].hex()) for event in events] == [
        (event.seq, event.body, event.hash) for event in batch.events
    ]
    assert [(seq, topic, body) for seq, topic, body, _ in outbox] == [
        (out.seq, out.topic, out.body) for out in batch.outgoing
    ]


@st.composite
def deliveries(draw):
    """Ranges of events that cover 1..n, in any order, overlapping and repeated as it pleases."""
    count = draw(st.integers(1, 6))
    cuts = sorted(draw(st.sets(st.integers(1, count - 1)))) if count > 1 else []
    ranges = list(zip([1, *(cut + 1 for cut in cuts)], [*cuts, count], strict=True))
    span = st.integers(1, count)
    ranges += [tuple(sorted(pair)) for pair in draw(st.lists(st.tuples(span, span), max_size=4))]
    return count, draw(st.permutations(ranges * draw(st.integers(1, 2))))


@given(deliveries())
@settings(max_examples=60, deadline=None)
async def test_any_repetition_and_order_of_batches_gives_the_same_tables(pool, story, delivery):
    count, ranges = delivery
    order_id = new_order()
    reached = [await record(pool, story(order_id, first, last)) for first, last in ranges]
    found = await tables(pool, order_id)
    await record(pool, story(order_id, 1, count))
    assert found == await tables(pool, order_id)
    assert found[0][0][:2] == (count, story(order_id, 1, count).events[-1].hash)
    assert [event[0] for event in found[1]] == list(range(1, count + 1))
    assert len(found[2]) == 2 * count
    assert reached == [max(last for _, last in ranges[: n + 1]) for n in range(len(ranges))]


async def test_what_intake_knows_of_an_order_survives_its_events(own_pool, receive, story):
    taken = await receive(own_pool, external_id="SF-1", flags=("check_scope",), is_test=True)
    await record(own_pool, story(taken.intake.order_id, 1, 2))
    (row,), _, _ = await tables(own_pool, taken.intake.order_id)
    assert row[0] == 2
    assert row[-3:] == ("SF-1", ["check_scope"], True)


async def test_words_an_event_refers_to_are_kept(own_pool, receive, story):
    taken = await receive(own_pool)
    text_id = taken.intake.start_input["texts"]["text"]["id"]
    await record(own_pool, story(taken.intake.order_id, 1, 1).model_copy(update={"text_ids": (text_id,)}))
    assert await own_pool.fetchval("select kept from pii_text where text_id = $1", text_id) is True


@pytest.mark.parametrize("change", [{"hash": "00" * 32}, {"body": '{"other":1}'}])
async def test_another_event_in_the_place_of_a_written_one_fails_and_writes_nothing(pool, story, change):
    order_id = new_order()
    await record(pool, story(order_id, 1, 2))
    before = await tables(pool, order_id)
    batch = story(order_id, 2, 4)
    forged = batch.model_copy(update={"events": (batch.events[0].model_copy(update=change), *batch.events[1:])})
    with pytest.raises(RecordsRefused, match=r"^chain-conflict$"):
        await record(pool, forged)
    assert await tables(pool, order_id) == before


@pytest.mark.parametrize("table", ["work_order_event", "audit_event"])
@pytest.mark.parametrize(
    "change", ["update {} set hash = hash", "delete from {}", "truncate {}", "truncate {} cascade"]
)
async def test_written_events_cannot_be_changed_even_by_the_owner(pool, story, table, change):
    await record(pool, story(new_order(), 1, 1))
    audit = "insert into audit_event values ('c', 1, now(), '', sha256('')) on conflict do nothing"
    async with pool.acquire() as conn:
        await conn.execute(audit)
        with pytest.raises(asyncpg.PostgresError) as refused:
            await conn.execute(change.format(table))
    assert refused.value.sqlstate == "HY001"


async def test_triggers_hold_while_replication_role_would_silence_others(pool, story):
    order_id = new_order()
    await record(pool, story(order_id, 1, 1))
    async with pool.acquire() as conn, conn.transaction():
        await conn.execute("set local session_replication_role = replica")
        with pytest.raises(asyncpg.PostgresError, match="append only"):
            await conn.execute("delete from work_order_event where order_id = $1", order_id)


async def test_recording_is_one_statement(pool, story):
    """Both PostgreSQL's answer and our promise rest on it: one round trip, one transaction."""
    sent = []
    async with pool.acquire() as conn:
        await record(conn, story(new_order(), 1, 1))
        with conn.query_logger(lambda query: sent.append(query.query)):
            await record(conn, story(new_order(), 1, 1))
    assert len(sent) == 1


def test_each_query_has_a_sentence():
    for file in SQL.glob("*.sql"):
        for query in file.read_text().split("-- name: ")[1:]:
            assert query.splitlines()[1].startswith("-- "), query.splitlines()[0]


def decided_again(batch, after: timedelta):
    """The same batch as the process decides it when it is asked again: later, hence with other bytes and hashes."""
    events, head = [], b""
    for event in batch.events:
        at = event.recorded_at + after
        body = event.body.replace("漏水", at.isoformat())
        head = link(head, body.encode())
        events.append(event.model_copy(update={"recorded_at": at, "body": body, "hash": head.hex()}))
    return batch.model_copy(update={"events": tuple(events)})


def at_once(batch):
    """A batch whose events were recorded by one task."""
    at = batch.events[0].recorded_at
    return batch.model_copy(update={"events": tuple(e.model_copy(update={"recorded_at": at}) for e in batch.events)})


@pytest.mark.parametrize("last", [3, 4, 5])
async def test_what_a_lost_task_wrote_gives_way_to_what_the_history_holds(pool, story, last):
    """OPS-02: a worker killed between its write and the end of its task; then it may decide less or more."""
    order_id = new_order()
    await record_decided(pool, begun := story(order_id, 1, 2))
    await record_decided(pool, lost := at_once(story(order_id, 3, 4)))
    await pool.execute("update outbox set done_at = now() where order_id = $1 and topic = 'webhook'", order_id)
    again = decided_again(at_once(story(order_id, 3, last)), timedelta(seconds=10))
    assert [await record_decided(pool, again) for _ in range(2)] == [last, last]
    (row,), events, outbox = await tables(pool, order_id)
    assert row[:3] == (last, again.events[-1].hash, last)
    assert [event[5].hex() for event in events] == [e.hash for e in (*begun.events, *again.events)]
    carried = {(out.seq, "webhook") for out in lost.outgoing}
    assert {(seq, topic) for seq, topic, *_ in outbox} == {(o.seq, o.topic) for o in again.outgoing} | carried | {
        (seq, topic) for seq in (1, 2) for topic in ("escalation", "webhook")
    }
    kept = await pool.fetch("select hash from work_order_event_lost where order_id = $1 order by seq", order_id)
    assert [event["hash"].hex() for event in kept] == [event.hash for event in lost.events]


@pytest.mark.parametrize(
    ("after", "further"),
    [(timedelta(seconds=-1), 4), (timedelta(0), 4), (timedelta(minutes=3), 5)],
    ids=["older", "same-instant", "several-tasks"],
)
async def test_nothing_else_gives_way(pool, story, after, further):
    """A writer that is late itself, and a history that has lost more than its last task, are conflicts."""
    order_id = new_order()
    for first, last in ((1, 2), (3, 4), (5, 5))[: further - 2]:
        await record_decided(pool, at_once(story(order_id, first, last)))
    before = await tables(pool, order_id)
    with pytest.raises(RecordsRefused, match=r"^chain-conflict$"):
        await record_decided(pool, decided_again(at_once(story(order_id, 3, 4)), after))
    assert await tables(pool, order_id) == before
