"""Chains beside the orders' own have no gap and no fork, however many write at once."""

import asyncio
import json
from datetime import UTC, datetime

import pytest

from domain.audit import canonical, genesis, link
from records.audit import READS, Fact, append, chain_of, read_chain
from records.pool import transaction

NOW = datetime(2026, 3, 1, 23, 59, 59, 999999, tzinfo=UTC)


def fact(n=0):
    return Fact("contact.read", NOW, "usr_1", {"role": "auditor", "channel": "api", "cause": "command", "n": n}, "r-1")


async def test_an_event_is_canonical_and_chained_from_the_chains_own_beginning(own_pool):
    chain = chain_of(READS, "jinxiu", NOW)
    assert chain == "reads:jinxiu:2026-03-01"
    made = await append(own_pool, chain, fact())
    assert made.body == canonical(json.loads(made.body))
    assert made.hash == link(genesis(chain), made.body)
    told = json.loads(made.body)
    assert (told["order_id"], told["seq"], told["at"]) == (chain, 1, "2026-03-01T23:59:59.999999Z")
    assert await read_chain(own_pool, chain) == [made]


async def test_what_is_not_known_is_left_out(own_pool):
    made = await append(own_pool, "c", fact()._replace(request_id=None))
    assert "request_id" not in json.loads(made.body)


async def test_twenty_writers_leave_no_gap_and_a_valid_chain(own_pool):
    await asyncio.gather(*(append(own_pool, "c", fact(n)) for n in range(20) for _ in range(5)))
    links = await read_chain(own_pool, "c")
    assert [one.seq for one in links] == list(range(1, 101))
    head = genesis("c")
    for one in links:
        head = link(head, one.body)
        assert one.hash == head


async def test_an_event_of_a_transaction_that_fails_is_not_there(own_pool):
    async def give_up():
        async with transaction(own_pool) as conn:
            await append(conn, "c", fact())
            raise KeyError

    with pytest.raises(KeyError):
        await give_up()
    assert (await append(own_pool, "c", fact())).seq == 1
