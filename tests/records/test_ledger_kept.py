"""The house ledger in the record: once, sealed, found by one look-up, whole or not at all."""

import asyncio
import json

import pytest
from test_personal_canary import dump, sightings

from domain.settings.house_ledger import Line, Resident
from records import ledger
from records.errors import RecordsRefused
from records.ledger import Source
from records.pool import transaction
from records.rotation import give_up
from records.subjects import find
from records.vault import KeyRing

SOURCE = Source("ledger.csv", "00", "usr_S01")
MOTHER = Resident(name="金丝雀甲", phone="13812345678", groups=("elderly_alone",), preferred_channel="phone")
SON = Resident(name="金丝雀乙", relation="tenant", contact_hours="18:00-20:00")
HOUSE = (Line(2, "JX03-9-9909", "H1", MOTHER), Line(3, "JX03-9-9909", "H1", SON), Line(4, "JX03-9-9910", "H2", None))
NEW = {"rooms": 2, "added": 2, "changed": 0, "removed": 0, "unchanged": 0}
KNOWN = {"rooms": 0, "added": 0, "changed": 0, "removed": 0, "unchanged": 2}


async def load(pool, ring, lines=HOUSE):
    """Load lines as a command does; return what was new."""
    plan = await ledger.compare(pool, ring, "jinxiu", lines, dry_run=False)
    sealed = await ledger.seal(pool, ring, plan)
    async with transaction(pool) as conn:
        await ledger.write(conn, sealed, SOURCE)
    return plan.counts


async def at_room(pool, ring, room="JX03-9-9909"):
    async with pool.acquire() as conn:
        return await ledger.at_room(conn, ring, "jinxiu", room)


async def test_a_second_load_adds_nothing(own_pool, ring, count):
    assert (await load(own_pool, ring), await load(own_pool, ring)) == (NEW, KNOWN)
    assert [await count(table) for table in ("ledger_room", "ledger_resident", "subject", "ledger_load")] == [
        2,
        2,
        2,
        1,
    ]


async def test_a_room_is_found_with_everybody_in_it(own_pool, ring):
    """INT-10: by its number; an empty one, and one nobody has listed, hold nobody."""
    await load(own_pool, ring)
    assert set(await at_room(own_pool, ring)) == {MOTHER, SON}
    assert [await at_room(own_pool, ring, room) for room in ("JX03-9-9910", "JX01-1-0101")] == [[], []]


async def test_the_reporter_of_a_matter_is_the_resident_with_his_number(own_pool, ring, receive):
    """FBK-02: whoever came first, the order or the ledger, both speak of one person."""
    before = (await receive(own_pool, contacts={"phone": "138 1234 5678"})).intake.subject_id
    await load(own_pool, ring)
    after = (await receive(own_pool, contacts={"phone": "+8613812345678"})).intake.subject_id
    assert before == after
    async with own_pool.acquire() as conn:
        assert await ledger.of_subject(conn, ring, after) == [MOTHER]


async def test_a_changed_line_replaces_and_a_moved_one_removes(own_pool, ring):
    await load(own_pool, ring)
    moved = MOTHER._replace(phone="13800001001", groups=("elderly", "disabled"))
    gone = SON._replace(relation="moved_out")
    counts = await load(own_pool, ring, (HOUSE[0]._replace(resident=moved), HOUSE[1]._replace(resident=gone)))
    assert (counts["changed"], counts["removed"], counts["added"]) == (1, 1, 0)
    assert await at_room(own_pool, ring) == [moved]
    async with own_pool.acquire() as conn:
        assert await find(conn, ring, "jinxiu", "13800001001") is not None
    assert (await load(own_pool, ring, (HOUSE[1]._replace(resident=gone),)))["removed"] == 0


async def test_a_dry_run_leaves_no_trace(own_pool, ring):
    before = await dump(own_pool)
    plan = await ledger.compare(own_pool, ring, "jinxiu", HOUSE, dry_run=True)
    assert (plan.counts, await dump(own_pool)) == (NEW, before)


async def test_no_word_of_it_stands_in_clear(own_pool, ring):
    """SEC-05: neither name nor number nor room, nor which group somebody belongs to."""
    await load(own_pool, ring)
    canaries = (*(MOTHER.name, MOTHER.phone, SON.name, HOUSE[0].room, HOUSE[2].room), "elderly_alone", "18:00-20:00")
    assert sightings(await dump(own_pool), canaries) == []


async def test_keys_given_up_take_the_ledger_with_them(own_pool, ring, count):
    """PA-08: what nobody can read any more is deleted, and the same file can be loaded again."""
    await load(own_pool, ring)
    other = KeyRing.made()
    await give_up(own_pool, other)
    assert (await count("ledger_room"), await count("ledger_resident")) == (0, 0)
    assert await load(own_pool, other) == NEW


async def test_of_two_loads_at_once_one_is_told_to_repeat(own_pool, ring, count):
    """Both were compared with the same ledger; the second would write what it never saw."""
    sealed = [
        await ledger.seal(own_pool, ring, await ledger.compare(own_pool, ring, "jinxiu", HOUSE, dry_run=False))
        for _ in range(2)
    ]

    async def write(one):
        async with transaction(own_pool) as conn:
            await ledger.write(conn, one, SOURCE)

    done = await asyncio.gather(*map(write, sealed), return_exceptions=True)
    assert sorted((getattr(one, "code", "done") for one in done), key=str) == ["done", "ledger-busy"]
    assert (await count("ledger_resident"), await load(own_pool, ring)) == (2, KNOWN)


async def test_what_breaks_between_two_lines_changes_nothing(own_pool, ring, count):
    """The second line can't be written: the first is not there either."""
    plan = await ledger.compare(own_pool, ring, "jinxiu", HOUSE, dry_run=False)
    sealed = await ledger.seal(own_pool, ring, plan)
    broken = sealed._replace(added=[sealed.added[0], (*sealed.added[1][:3], "sub_nobody", *sealed.added[1][4:])])
    with pytest.raises(RecordsRefused):
        async with transaction(own_pool) as conn:
            await ledger.write(conn, broken, SOURCE)
    assert [await count(table) for table in ("ledger_room", "ledger_resident", "ledger_load")] == [0, 0, 0]
    assert await load(own_pool, ring) == NEW


PLANS = {
    "residents_of_subject": ("ledger_resident where subject_id = 'sub_x'", "ledger_resident_subject"),
    "residents_of_room": (r"ledger_resident where community = 'jinxiu' and room = '\x01'", "ledger_resident_pkey"),
}


@pytest.mark.parametrize(("what", "index"), PLANS.values(), ids=PLANS)
async def test_look_ups_use_their_index(own_pool, what, index):
    async with own_pool.acquire() as conn:
        await conn.execute("set enable_seqscan = off")
        plan = await conn.fetchval(f"explain (format json) select from {what}")
        await conn.execute("reset enable_seqscan")
    assert index in json.dumps(plan)
