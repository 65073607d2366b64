"""A matter is taken in once, whole or not at all, and its number is there before its process."""

import asyncio
import secrets
from datetime import timedelta

import pytest

from records.errors import RecordsRefused
from records.intakes import mark_not_started, mark_started, unstarted
from records.pool import transaction
from records.read import order

PERSONAL = ("subject", "subject_key", "pii_contact", "pii_text", "contact_index", "intake", "work_order", "terms")


async def test_a_matter_is_listed_before_its_process_runs(own_pool, receive):
    taken = await receive(own_pool)
    assert taken.intake.order_id == "wo_10000001"
    assert not taken.repeated
    found = await order(own_pool, "wo_10000001", ["jinxiu"])
    assert (found.row.seq, found.row.stage, found.row.head, found.events) == (0, "intake", None, ())
    assert found.intake == taken.intake


async def test_the_same_key_and_content_give_the_earlier_intake(own_pool, receive):
    first, again = await receive(own_pool, key=b"k"), await receive(own_pool, key=b"k")
    assert (first.repeated, again.repeated) == (False, True)
    assert again.intake == first.intake


async def test_the_same_key_with_other_content_is_refused(own_pool, receive):
    await receive(own_pool, key=b"k")
    with pytest.raises(RecordsRefused, match=r"^idempotency-key-reused$"):
        await receive(own_pool, key=b"k", fingerprint=b"other")


async def test_twenty_callers_with_one_key_give_one_order(own_pool, receive, count):
    taken = await asyncio.gather(*(receive(own_pool, key=b"k") for _ in range(20)))
    assert len({one.intake.order_id for one in taken}) == 1
    assert sum(not one.repeated for one in taken) == 1
    for table in PERSONAL:
        expected = 2 if table == "pii_contact" else 1
        assert await count(table) == expected


async def test_a_matter_that_cannot_be_written_leaves_nothing(own_pool, receive, count):
    with pytest.raises(RecordsRefused, match=r"^words-unfit$"):
        await receive(own_pool, texts={"text": "lone surrogate \ud800"})
    with pytest.raises(RecordsRefused, match=r"^value-unfit$"):
        await receive(own_pool, received_at="yesterday")
    for table in PERSONAL:
        assert await count(table) == 0


async def test_unstarted_matters_are_shared_between_relays(own_pool, receive):
    ids = {(await receive(own_pool)).intake.order_id for _ in range(4)}
    async with transaction(own_pool) as one, transaction(own_pool) as other:
        mine, theirs = await unstarted(one, 2), await unstarted(other, 10)
    assert len(mine) == len(theirs) == 2
    assert {intake.order_id for intake in mine + theirs} == ids


async def test_the_least_tried_matter_comes_first_and_a_started_one_never_again(own_pool, receive):
    first, second, third = [(await receive(own_pool)).intake.order_id for _ in range(3)]
    await mark_not_started(own_pool, first)
    await mark_started(own_pool, second)
    async with transaction(own_pool) as conn:
        assert [intake.order_id for intake in await unstarted(conn, 10)] == [third, first]
        assert await unstarted(conn, 10, idle_for=timedelta(hours=1)) == []


async def test_an_arrival_shows_no_words(own_pool, receive):
    canary = secrets.token_hex(8)
    with pytest.raises(RecordsRefused) as refused:
        await receive(own_pool, texts={"text": canary}, received_at=canary)
    assert canary not in repr(refused.value)
    assert refused.value.__context__ is refused.value.__cause__ is None
