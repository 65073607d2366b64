"""`huiyin audit verify` finds what was changed beside the orders' own chains (AUD-04, design 4a.11)."""

import pytest
from house import OPERATOR, PLUMBER, received
from persons_house import living

from starter.chain_check import check_chains

OPEN = "alter table audit_event disable trigger audit_event_rows"
TAMPERED = [
    ("update audit_event set body = body || ' ' where chain like 'refusals:%'", {"event-changed"}),
    ("delete from audit_event where chain like 'refusals:%' and seq = 1", {"event-missing"}),
    ("update audit_event set hash = sha256('') where chain like 'notices:%' and seq = 1", {"event-changed"}),
    ("delete from audit_event where chain like 'notices:%'", {"notice-unchained"}),
    ("delete from notice where notice_id = (select min(notice_id) from notice)", {"notice-missing"}),
    ("""update notice set body = body || '{"topic": "breached"}'""", {"notice-changed"}),
    ("update notice set person = 'usr_S01'", {"notice-changed"}),
    ("update notice set queued_in = ''", {"notice-missing"}),
]


@pytest.fixture
async def told(ground, tmp_path):
    """A house of its own with refusals and notices, all of them chained."""
    async with living(ground, tmp_path) as persons:
        matter = await received(persons.desk)
        for _ in range(2):
            await matter.refused("accept", PLUMBER)
        await matter.give("respond", OPERATOR, channel="phone")
        await matter.give("urge", OPERATOR, by="phone")
        await matter.until("urged")
        await persons.carry((await matter.file()).row.received_at)
        await persons.carry((await matter.file()).row.received_at)
        yield persons


async def flaws(persons) -> set[str]:
    return {flaw.code async for one in check_chains(persons.desk) for flaw in one.flaws}


async def test_what_nobody_touched_is_whole(told) -> None:
    """AUD-04: of each kind there is a chain."""
    checked = [one async for one in check_chains(told.desk)]
    assert {one.chain.split(":")[0] for one in checked} >= {"refusals", "notices"}
    assert [one for one in checked if one.flaws or not one.events] == []


async def test_what_was_changed_is_named(told) -> None:
    """AUD-04: each change alone, in the chain or in what it tells of; taken back, all is whole again."""
    pool = told.desk.pool
    await pool.execute(OPEN)
    for change, found in TAMPERED:
        async with pool.acquire() as conn:
            await conn.execute("create temp table a as table audit_event; create temp table n as table notice")
            await conn.execute(change)
            assert await flaws(told) == found, change
            await conn.execute("delete from audit_event; insert into audit_event table a; drop table a")
            await conn.execute("delete from notice; insert into notice table n; drop table n")
        assert await flaws(told) == set(), change
