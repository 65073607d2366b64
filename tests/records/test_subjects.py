"""One person is one subject within a community, whoever takes his call, until he is erased."""

import asyncio

import pytest

from records.errors import RecordsRefused
from records.pool import transaction
from records.read import words
from records.rotation import rewrap
from records.subjects import find, find_or_make, index_key, subject


async def make(pool, ring, phone, community="jinxiu"):
    async with transaction(pool) as conn:
        return await find_or_make(conn, ring, community, phone)


async def test_one_phone_in_any_spelling_is_one_subject(own_pool, ring):
    first, second = await make(own_pool, ring, "138 0000 1234"), await make(own_pool, ring, "+8613800001234")
    assert first == second
    async with own_pool.acquire() as conn:
        assert await find(conn, ring, "jinxiu", "13800001234") == first.subject_id
        assert await find(conn, ring, "jinxiu", "13800009999") is None


async def test_another_community_knows_another_subject(own_pool, ring):
    assert (await make(own_pool, ring, "13800001234")).subject_id != (
        await make(own_pool, ring, "13800001234", "lanting")
    ).subject_id


@pytest.mark.parametrize("phone", [None, "", "不详"])
async def test_without_a_phone_every_caller_is_a_new_subject(own_pool, ring, phone):
    assert (await make(own_pool, ring, phone)).subject_id != (await make(own_pool, ring, phone)).subject_id


async def test_twenty_calls_at_once_give_one_subject_and_one_community_key(own_pool, ring, count):
    made = await asyncio.gather(*(make(own_pool, ring, "13800001234") for _ in range(20)))
    assert len(set(made)) == 1
    for table in ("subject", "subject_key", "community_key", "contact_index"):
        assert await count(table) == 1


async def test_a_caller_who_gives_up_leaves_the_phone_to_the_next(own_pool, ring):
    async def give_up():
        async with transaction(own_pool) as conn:
            await find_or_make(conn, ring, "jinxiu", "13800001234")
            raise KeyError

    with pytest.raises(KeyError):
        await give_up()
    made = await make(own_pool, ring, "13800001234")
    async with own_pool.acquire() as conn:
        assert await subject(conn, ring, made.subject_id) == made


async def test_without_its_key_a_subjects_words_are_gone_and_nothing_else(own_pool, ring, receive):
    taken = await receive(own_pool)
    await own_pool.execute("delete from subject_key where subject_id = $1", taken.intake.subject_id)
    found = await words(own_pool, ring, taken.intake.order_id, ["jinxiu"])
    assert [word.words for word in found.texts + found.contacts] == [None, None, None]
    assert found.texts[0].digest == taken.intake.start_input["texts"]["text"]["digest"]


async def test_a_stolen_row_cannot_be_read_under_another_subject(own_pool, ring, receive):
    """PA-07: rows swapped in the database are refused."""
    taken = [await receive(own_pool, contacts={"phone": phone}) for phone in ("13800000001", "13800000002")]
    ids = [one.intake.order_id for one in taken]
    swap = "update pii_text set sealed = (select sealed from pii_text where order_id = $1) where order_id = $2"
    await own_pool.execute(swap, *ids)
    with pytest.raises(RecordsRefused, match=r"^seal-broken$"):
        await words(own_pool, ring, ids[1], ["jinxiu"])


async def test_after_a_rotation_the_old_kek_is_needed_no_more(own_pool, ring, receive):
    taken = await receive(own_pool)
    fresh = ring.rotated()
    assert await rewrap(own_pool, fresh) == 2
    assert await rewrap(own_pool, fresh) == 0
    alone = type(fresh)({fresh.current: fresh._keks[fresh.current]}, fresh.current)
    assert (await words(own_pool, alone, taken.intake.order_id, ["jinxiu"])).texts[0].words == "楼上漏水"
    async with own_pool.acquire() as conn:
        assert await find(conn, alone, "jinxiu", "13800001234") == taken.intake.subject_id
        with pytest.raises(RecordsRefused, match=r"^kek-unknown$"):
            await index_key(conn, ring, "jinxiu")
