"""Record and histories: every difference is found by its name, and what was lost is written again, equal (OPS-09)."""

import asyncio
import json
import os
import secrets
import sys
from asyncio.subprocess import PIPE
from contextlib import asynccontextmanager
from dataclasses import replace
from datetime import timedelta
from typing import NamedTuple

import pytest
from house import CALLER, OPERATOR, OWNER, WHOLE_LIFE, Matter, eventually, form, own_database, received, working
from temporalio import workflow

from domain.dispatch.roster import roster_of
from domain.refusals import Refused
from records import outgoing
from records.pool import open_pool
from records.reconcile import held
from records.vault import KeyRing
from stack.ground import started
from starter.cli.reconcile import ADVICE, WORDS, spans
from starter.client import receive_matter
from starter.community_file import load
from starter.desk import Desk
from starter.lost import ORDERS, check_numbers
from starter.opening import sample_community
from starter.policy.difference import Sort, compared
from starter.reconcile import _told, decided, differences, orders, rebuild
from starter.relay import carry_outbox
from starter.replay import TASK_COMPLETED, is_settled, replay, runs
from workflows.contract import order_of
from workflows.engine import Engine, connect
from workflows.work_order import WorkOrderProcess

REBUILT = ("work_order", "work_order_event", "terms")
"""Tables that come back column by column."""
LOST = (*REBUILT, "outbox", "notice", "intake", "action", "pii_text", "pii_contact", "subject_key", "subject")
LOST = (*LOST, "contact_index", "community_key", "child_report", "incident_joining", "attachment")
LOST = (*LOST, "ledger_resident", "owner_message", "owner_message_try", "callback_link")
INTAKES = """
select order_id, community, subject_id, start_input, response_due_at, feedback_due_at, received_at, created_at
from intake where order_id = any($1) and started_at is not null order by order_id
"""


class House(NamedTuple):
    """A house of its own: what these tests destroy, and every process the engine lists, is theirs."""

    desk: Desk
    env: dict[str, str]

    async def huiyin(self, *words: str, **env: str):
        """Run one command; its exit code and what it said."""
        done = await asyncio.create_subprocess_exec(
            *(sys.executable, "-m", "starter.cli.main", *words),
            env={**os.environ, **self.env, **env},
            stdout=PIPE,
            stderr=PIPE,
        )
        said = await done.communicate()
        return done.returncode, b"".join(said).decode()


@pytest.fixture(scope="module")
async def house(tmp_path_factory):
    data = tmp_path_factory.mktemp("reconcile")
    async with started(data, time_skipping=True) as ground:
        dsn = await own_database(ground.dsn)
        engine = await connect(Engine(address=ground.temporal_address, namespace=ground.namespace))
        there = {"DATABASE_URL": dsn, "TEMPORAL_ADDRESS": ground.temporal_address, "DATA": str(data), "LANG": "en"}
        env = {f"HUIYIN_{name}": value for name, value in {**there, "TEMPORAL_NAMESPACE": ground.namespace}.items()}
        async with await open_pool(dsn, max_size=20) as pool:
            own = Desk(pool, engine, KeyRing.open(data / "keys" / "kek.json"), load(sample_community()))
            async with working(own, data, sandbox=False):
                yield House(own, env)


@pytest.fixture(scope="module")
def desk(house) -> Desk:
    return house.desk


@pytest.fixture
def short_runs(monkeypatch):
    """Runs end after 25 history events instead of the server's thousands."""

    def must_continue(process) -> bool:
        return workflow.info().get_current_history_length() > 25 and not process._outbox

    monkeypatch.setattr(WorkOrderProcess, "_must_continue", must_continue)


@asynccontextmanager
async def tampering(desk):
    """A connection on which no trigger keeps the chain: somebody with all rights over the database."""
    async with desk.pool.acquire() as connection, connection.transaction():
        for name in ("rows", "whole"):
            await connection.execute(f"alter table work_order_event disable trigger work_order_event_{name}")
        yield connection
        for name in ("rows", "whole"):
            await connection.execute(f"alter table work_order_event enable always trigger work_order_event_{name}")


async def settled(desk, matter) -> Matter:
    """The order once its last task is over; the record is written shortly before the history says so."""
    await eventually(lambda: differences(desk, matter.order_id), lambda found: found is None)
    return matter


async def begun(desk, **said) -> Matter:
    """An order whose first events stand in the record."""
    matter = await received(desk, **said)
    await matter.until("clock_started", 2)
    return await settled(desk, matter)


async def breached(desk) -> Matter:
    """An order that nobody answers: three levels of the response's ladder."""
    matter = await received(desk, external_id=f"SF-{secrets.token_hex(4)}", flags=("late_entry",))
    await matter.skip(timedelta(minutes=36))
    await matter.until("escalated", 3, clock="response")
    return await settled(desk, matter)


async def reopened(desk) -> Matter:
    matter = await received(desk)
    await matter.through(*WHOLE_LIFE[:-1])
    scores = {"attitude": 4, "timeliness": 2, "quality": 1}
    await matter.give("record_callback", CALLER, resolved=False, they_called=True, **scores, words="又漏了")
    return await settled(desk, matter)


async def reclassified(desk) -> Matter:
    """An order that was given other terms with a command."""
    matter = await received(desk)
    await matter.give("classify", OPERATOR, category="DRAIN_BLOCKED")
    await matter.through(*WHOLE_LIFE)
    return await settled(desk, matter)


async def long_lived(desk) -> Matter:
    matter = await received(desk)
    await matter.through("respond", "clarify", "register", "dispatch", "accept")
    for _ in range(6):
        await matter.give("urge", OWNER, by="phone")
    return await settled(desk, matter)


class Fault(NamedTuple):
    """One thing somebody does to the record of a breached order, and how it is named."""

    sort: Sort
    done: str
    mended: bool = True


ANOTHER_BODY = "update work_order_event set body = body || ' ' where order_id = $1 and seq = 3"
FAULTS = (
    Fault(Sort.EVENT_MISSING, "delete from work_order_event where order_id = $1 and seq = 3"),
    Fault(
        Sort.EVENT_CHANGED,
        "update work_order_event set body = body || ' ' where order_id = $1 and seq = 3",
        mended=False,
    ),
    Fault(Sort.EVENT_CHANGED, "update work_order_event set type = 'x' where order_id = $1 and seq = 3", mended=False),
    Fault(
        Sort.EVENT_UNKNOWN,
        "insert into work_order_event select order_id, 9999, type, at, recorded_at, body, hash"
        " from work_order_event where order_id = $1 and seq = 1",
        mended=False,
    ),
    Fault(Sort.ROW_MISSING, "delete from work_order where order_id = $1"),
    Fault(Sort.ROW_BEHIND, "update work_order set seq = 1, stage = 'intake', breaches = 0 where order_id = $1"),
    Fault(Sort.ROW_EDITED, "update work_order set breaches = 0 where order_id = $1"),
    Fault(Sort.ROW_EDITED, "update work_order set external_id = 'another', flags = '{}' where order_id = $1"),
    Fault(Sort.ROW_EDITED, "update work_order set seq = 9999 where order_id = $1"),
    Fault(Sort.OUTBOX_MISSING, "delete from outbox where order_id = $1"),
    Fault(
        Sort.OUTBOX_UNKNOWN,
        "insert into outbox (order_id, seq, topic, body) values ($1, 1, 'escalation', '{}')",
        mended=False,
    ),
)


@pytest.fixture(scope="module")
async def breached_ones(desk):
    """One breached order for each fault, lived at the same time."""
    return await asyncio.gather(*(breached(desk) for _ in FAULTS))


@pytest.mark.parametrize("place", range(len(FAULTS)), ids=lambda place: f"{FAULTS[place].sort}-{place}")
async def test_a_planted_difference_is_named_and_mended(desk, breached_ones, place) -> None:
    """RC-2: each difference alone; what would change or delete a written event is left for a person to see."""
    matter, fault = breached_ones[place], FAULTS[place]
    before = await rows_of(desk, matter.order_id)
    assert await differences(desk, matter.order_id) is None
    async with tampering(desk) as connection:
        await connection.execute(fault.done, matter.order_id)
    tampered = await rows_of(desk, matter.order_id)
    done = await rebuild(desk, matter.order_id)
    assert sorts(done.found) == {fault.sort}
    assert sorts(done.left) == (set() if fault.mended else {fault.sort})
    assert await rows_of(desk, matter.order_id) == (before if fault.mended else tampered)


async def test_what_is_missing_is_written_beside_a_changed_event(desk) -> None:
    """A conflict hides nothing else and stops nothing else."""
    matter = await reopened(desk)
    last = max(event["seq"] for event in await matter.events())
    async with tampering(desk) as connection:
        await connection.execute(
            "update work_order_event set body = body || ' ' where order_id = $1 and seq = 1", matter.order_id
        )
        await connection.execute("delete from work_order_event where order_id = $1 and seq = $2", matter.order_id, last)
    done = await rebuild(desk, matter.order_id)
    assert (sorts(done.found), sorts(done.left)) == (
        {Sort.EVENT_MISSING, Sort.EVENT_CHANGED},
        {Sort.EVENT_CHANGED},
    )


@pytest.mark.usefixtures("short_runs")
async def test_the_tables_lost_and_rebuilt_are_equal(desk, house) -> None:
    """OPS-09: closed, breached, reopened, reclassified, over several runs: every row as it was, column by column."""
    matters = await asyncio.gather(*(live(desk) for live in (breached, reopened, reclassified, long_lived)))
    assert len(await runs(desk, matters[-1].order_id)) > 1
    names = {matter.order_id for matter in matters}
    before = {table: await table_rows(desk, table, names) for table in REBUILT}
    waiting, intakes = await outbox(desk, names), await desk.pool.fetch(INTAKES, sorted(names))
    async with tampering(desk) as connection:
        await connection.execute(f"truncate {', '.join(LOST)}")
        await connection.execute("alter sequence order_number restart")
    assert names <= set(await eventually(lambda: orders(desk), lambda listed: names <= set(listed)))
    lost = {Sort.EVENT_MISSING, Sort.ROW_MISSING, Sort.TERMS_MISSING, Sort.INTAKE_MISSING}
    found = [await rebuild(desk, name) for name in sorted(names)]
    assert all(lost <= sorts(one.found) | {Sort.TERMS_MISSING} and one.left is None for one in found)
    assert {table: await table_rows(desk, table, names) for table in REBUILT} == before
    assert {key for key, _ in await outbox(desk, names)} == {key for key, _ in waiting}
    assert await desk.pool.fetch(INTAKES, sorted(names)) == intakes
    assert (await received(desk)).order_id not in names
    assert (await house.huiyin("show", matters[0].order_id))[0] == 0


async def test_a_lost_row_has_the_marks_of_its_reception_again(desk) -> None:
    """OPS-09, INT-10: no history tells that a household comes first among equals; the intake does."""
    matter = await begun(desk, groups=("disabled",))
    before = await table_rows(desk, "work_order", {matter.order_id})
    async with tampering(desk) as connection:
        await connection.execute("delete from work_order where order_id = $1", matter.order_id)
    await rebuild(desk, matter.order_id)
    assert await table_rows(desk, "work_order", {matter.order_id}) == before
    assert (await matter.file()).row.special


async def test_no_number_of_an_order_that_lives_is_given_again(desk, monkeypatch) -> None:
    """OPS-07: after an older backup came back the newest orders are missing, and the engine lists them first."""
    await asyncio.gather(*(received(desk) for _ in range(12)))
    matter = await begun(desk)
    newest = matter.order_id
    monkeypatch.setattr("starter.lost.NEWEST", 10)  # of more; first come the few whose last run began in skipped time
    await eventually(lambda: first_listed(desk, 10), lambda orders: newest in orders)
    await check_numbers(desk)
    await desk.pool.execute("delete from intake where order_id = $1", newest)
    with pytest.raises(Refused) as refusal:
        await check_numbers(desk)
    assert (refusal.value.code, refusal.value.facts) == ("record-lost", {"order": newest.removeprefix("wo_")})
    assert (await matter.refused("respond", OPERATOR)).code == "record-lost"
    await rebuild(desk, newest)
    await check_numbers(desk)
    assert (await matter.give("respond", OPERATOR)).stage == "registration"


async def test_an_empty_record_asks_the_engine_before_its_first_number(desk, house) -> None:
    """OPS-07: whether numbers live only the engine knows; a record with orders goes on without it (design 6)."""
    await begun(desk)
    nowhere = await connect(Engine(address="127.0.0.1:1"), lazy=True)
    await check_numbers(Desk(desk.pool, nowhere, desk.ring, desk.settings))
    async with await open_pool(await own_database(house.env["HUIYIN_DATABASE_URL"]), max_size=1) as empty:
        for engine, code in ((nowhere, "engine-away"), (desk.engine, "record-lost")):
            with pytest.raises(Refused) as refusal:
                await check_numbers(Desk(empty, engine, desk.ring, desk.settings))
            assert refusal.value.code == code


async def first_listed(desk, count: int) -> list[str]:
    """The orders that the engine lists first."""
    return [order_of(one.id) async for one in desk.engine.list_workflows(ORDERS, limit=count)]


async def test_another_matter_under_the_number_of_a_lost_one_is_named(desk) -> None:
    """OPS-09: a number that was given twice is for a person to see; neither matter is written over the other."""
    matter = await begun(desk)
    await desk.pool.execute(
        "update intake set received_at = received_at + interval '1 s' where order_id = $1", matter.order_id
    )
    done = await rebuild(desk, matter.order_id)
    assert sorts(done.found) == sorts(done.left) == {Sort.INTAKE_CHANGED}


async def test_the_rebuilt_is_not_sent_again_unless_asked_for(desk) -> None:
    """A rebuilt outbox row counts as carried; `send` opens those of which no notice is known."""
    matter = await breached(desk)
    await carry_outbox(desk, roster_of(desk.settings), (await matter.file()).row.received_at)
    noticed = {row.notice.seq for row in await outgoing.notices(desk.pool, matter.order_id)}
    await desk.pool.execute("delete from outbox where order_id = $1", matter.order_id)
    await rebuild(desk, matter.order_id)
    assert noticed
    assert not any(is_open for _, is_open in await outbox(desk, {matter.order_id}))
    first = min(noticed)
    await desk.pool.execute("delete from outbox where order_id = $1", matter.order_id)
    await desk.pool.execute("delete from notice where order_id = $1 and seq = $2", matter.order_id, first)
    await rebuild(desk, matter.order_id, send=True)
    opened = {key[1] for key, is_open in await outbox(desk, {matter.order_id}) if is_open}
    assert (first in opened, opened & (noticed - {first})) == (True, set())


async def test_an_order_that_goes_on_after_its_rebuilding(desk) -> None:
    """The process knows nothing of it: its next batch fits onto the rebuilt chain."""
    matter = await received(desk)
    await matter.through(*WHOLE_LIFE[:3])
    async with tampering(desk) as connection:
        await connection.execute("delete from work_order_event where order_id = $1", matter.order_id)
        await connection.execute("delete from work_order where order_id = $1", matter.order_id)
    await rebuild(desk, matter.order_id)
    await matter.through(*WHOLE_LIFE[3:])
    assert (await differences(desk, matter.order_id), (await matter.file()).row.stage) == (None, "closed")


async def test_a_matter_not_started_yet_is_named(desk) -> None:
    outside = Desk(desk.pool, await connect(Engine(address="127.0.0.1:1"), lazy=True), desk.ring, desk.settings)
    receipt = await receive_matter(outside, form(), OPERATOR)
    done = await rebuild(desk, receipt.order_id)
    assert sorts(done.found) == sorts(done.left) == {Sort.NOT_STARTED}
    assert receipt.order_id in await orders(desk)


async def test_histories_that_are_gone_are_named(desk) -> None:
    """A closed order whose history was kept long enough is no fault; one that lives without a process is."""
    matter = await received(desk)
    copy = "insert into work_order select (jsonb_populate_record(w, $2::jsonb)).* from work_order w where order_id = $1"
    closed = {"order_id": "wo_777", "closed_at": "2026-03-01T00:00:00Z"}
    await desk.pool.execute(copy, matter.order_id, closed)
    await desk.pool.execute(copy, matter.order_id, {"order_id": "wo_778"})
    gone = [await differences(desk, name) for name in ("wo_777", "wo_778")]
    assert [sorts(one) for one in gone] == [{Sort.HISTORY_EXPIRED}, {Sort.HISTORY_MISSING}]
    assert [one.counts for one in gone] == [False, True]


async def test_code_that_decides_otherwise_rebuilds_nothing(desk, monkeypatch) -> None:
    matter = await reopened(desk)
    await desk.pool.execute("delete from work_order where order_id = $1", matter.order_id)
    monkeypatch.setattr("workflows.work_order.AFTER_DUE", timedelta(seconds=2))
    done = await rebuild(desk, matter.order_id)
    assert sorts(done.found) == sorts(done.left) == {Sort.REPLAY_DIFFERS}


async def test_an_engine_that_is_away_and_an_order_nobody_knows_are_refused(desk) -> None:
    outside = Desk(desk.pool, await connect(Engine(address="127.0.0.1:1"), lazy=True), desk.ring, desk.settings)
    for refused, work in (("engine-away", orders(outside)), ("not-found", differences(desk, "wo_999"))):
        with pytest.raises(Refused) as refusal:
            await work
        assert refusal.value.code == refused


async def test_a_batch_that_the_process_still_writes_is_left_to_it(desk) -> None:
    """The record was away: what it lacks is delayed, not lost, and its escalations are not closed unsent."""
    matter = await reopened(desk)
    told, whole = await _told(desk, matter.order_id), await held(desk.pool, matter.order_id)
    last = frozenset(event.seq for event in told.batches[-1].events)
    waiting = told._replace(delayed=last)
    without = whole._replace(events={seq: event for seq, event in whole.events.items() if seq not in last})
    assert list(compared(waiting, whole)) == []
    named = {finding.sort for finding in compared(waiting, without)}
    assert (Sort.RECORD_DELAYED in named, Sort.EVENT_MISSING in named) == (True, False)


async def test_a_task_under_way_is_not_decided_yet(desk) -> None:
    """Its next try has another instant, so that events written from it would never come to be."""
    matter = await reopened(desk)
    [history] = await runs(desk, matter.order_id)
    ends = [place for place, one in enumerate(history.events) if one.WhichOneof("attributes") == TASK_COMPLETED]
    under_way = replace(history, events=history.events[: ends[-1]])
    assert decided(history).events == history.events
    assert (is_settled(under_way), is_settled(decided(under_way))) == (False, True)
    assert (await replay([decided(under_way)]))[1] == []


async def test_the_command_lists_then_mends(house) -> None:
    """Exit 1 with what differs, 0 once it is mended, 3 while a server is away."""
    matter = await received(house.desk)
    await matter.through(*WHOLE_LIFE)
    assert (await house.huiyin("reconcile", matter.order_id))[0] == 0
    await house.desk.pool.execute("delete from work_order where order_id = $1", matter.order_id)
    code, said = await house.huiyin("reconcile", matter.order_id, "--json")
    assert (code, json.loads(said)["differences"][0]["found"][0]["sort"]) == (1, "row-missing")
    _, said = await house.huiyin("reconcile", "--rebuild")
    assert f"✓ {matter.order_id[3:]} rebuilt" in said
    assert (await house.huiyin("reconcile", matter.order_id))[0] == 0
    assert (await house.huiyin("reconcile", HUIYIN_TEMPORAL_ADDRESS="127.0.0.1:1"))[0] == 3
    assert (await house.huiyin("reconcile", "--send"))[0] == 2


async def test_what_only_a_person_can_mend_is_not_said_to_be_mended_by_a_rebuild(house) -> None:
    """OPS-09: each sort is named by its code and answered by what helps against it."""
    matters = [await begun(house.desk) for _ in range(2)]
    changed, behind = (matter.order_id for matter in matters)
    async with tampering(house.desk) as connection:
        await connection.execute(ANOTHER_BODY, changed)
    await house.desk.pool.execute("update work_order set seq = 1 where order_id = $1", behind)
    code, said = await house.huiyin("reconcile", changed)
    assert (code, "[event-changed]" in said, "a person must look" in said, "--rebuild" in said) == (
        1,
        True,
        True,
        False,
    )
    code, said = await house.huiyin("reconcile", behind, HUIYIN_LANG="zh")
    assert (code, "[row-behind]" in said, "须由人核查" in said, "--rebuild" in said) == (1, True, False, True)


@pytest.mark.parametrize("lang", ["zh", "en"])
@pytest.mark.parametrize(("lost", "after"), [((3,), 2), ((1,), 0), (range(3, 99), 2)])
async def test_an_order_with_a_gap_says_where(house, lang, lost, after) -> None:
    """API-08: half a life is shown to nobody; the refusal says after which event, and how to see what is missing."""
    matter = await begun(house.desk)
    async with tampering(house.desk) as connection:
        gone = "delete from work_order_event where order_id = $1 and seq = any($2::bigint[])"
        await connection.execute(gone, matter.order_id, list(lost))
    for command in ("show", "explain"):
        code, said = await house.huiyin(command, matter.order_id, "--json", "--lang", lang)
        error = json.loads(said)["error"]
        assert (code, error["code"], error["facts"]["seq"]) == (1, "events-missing", after)
        assert f"huiyin reconcile {matter.order_id.removeprefix('wo_')} " in error["remedy"].replace("`", " ")


async def test_an_order_without_its_terms_says_so(house) -> None:
    matter = await begun(house.desk)
    await house.desk.pool.execute("delete from terms")
    code, said = await house.huiyin("show", matter.order_id)
    assert (code, "[terms-missing]" in said) == (1, True)
    assert (await house.huiyin("reconcile", matter.order_id, "--rebuild"))[0] == 0
    assert (await house.huiyin("show", matter.order_id))[0] == 0


def test_every_sort_has_words_and_one_advice() -> None:
    assert set(WORDS) == set(Sort)
    told = [sort for sorts, _, _ in ADVICE for sort in sorts]
    assert sorted([*told, Sort.HISTORY_EXPIRED]) == sorted(Sort)


def test_numbers_are_told_as_spans() -> None:
    assert [spans(seqs) for seqs in ((), (4,), (1, 2, 3, 7), (2, 5, 6))] == ["", "4", "1–3, 7", "2, 5–6"]


# ---- what the record holds


def sorts(difference) -> set[Sort]:
    return {finding.sort for finding in difference.findings} if difference else set()


async def table_rows(desk, table: str, names: set[str]) -> set[str]:
    """Rows as text, every column in it; of `terms` all, for orders share them."""
    which = "" if table == "terms" else "where order_id = any($1)"
    given = () if table == "terms" else (sorted(names),)
    return {row[0] for row in await desk.pool.fetch(f"select t::text from {table} as t {which}", *given)}  # noqa: S608 - ours


async def rows_of(desk, order_id: str) -> list[set]:
    told = [await table_rows(desk, table, {order_id}) for table in ("work_order", "work_order_event")]
    return [*told, {key for key, _ in await outbox(desk, {order_id})}]


async def outbox(desk, names: set[str]) -> set[tuple[tuple[str, int, str, str], bool]]:
    """Rows of the outbox and whether each is open; when it was written and carried is not rebuilt."""
    asked = "select order_id, seq, topic, body::text, done_at is null from outbox where order_id = any($1)"
    return {(tuple(row)[:4], row[4]) for row in await desk.pool.fetch(asked, sorted(names))}
