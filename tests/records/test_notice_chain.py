"""That a notice was queued, and what became of it, stands in the chain of its community and day (design 4a.11)."""

import asyncio
import json
from datetime import UTC, datetime

import pytest

from domain.audit import first_break
from records import audit
from records import outgoing as out
from records.notice_chain import chain_notices
from records.pool import transaction
from records.write import record

NOW = datetime.now(UTC)


def notice(name="ntc_1", order="wo_1", **facts):
    body = {"topic": "urged", "to": "first_contact", "because": ["role", "on_duty"], "roster": "r1", "level": None}
    return out.Notice(name, order, 3 if order else None, "usr_S06", "first_contact", "sandbox", {**body, **facts})


async def chained(pool, limit=500):
    async with transaction(pool) as conn:
        return await chain_notices(conn, NOW, limit)


async def told(pool, community="jinxiu"):
    """What the chains of a community tell, in their order; each of them is whole."""
    found = []
    for chain in await audit.chain_names(pool):
        links = await audit.read_chain(pool, chain)
        assert first_break(chain, ((one.seq, one.body, one.hash) for one in links)) is None
        found += [json.loads(one.body) for one in links if chain.startswith(f"notices:{community}:")]
    return found


@pytest.fixture
async def known(own_pool, story):
    """`wo_1` is an order of jinxiu."""
    batch = story("wo_1", 1, 1)
    await record(own_pool, batch.model_copy(update={"outgoing": ()}))
    return own_pool


async def test_a_notice_is_chained_when_it_was_queued_and_when_it_has_ended(known):
    """AUD-05: by the rule, to whom, in which role, why and after which roster; then once what became of it."""
    await out.add_notice(known, notice())
    await out.add_notice(known, notice("ntc_2"))
    assert await chained(known) == 2
    await out.mark_sent(known, "ntc_1")
    await out.mark_dropped(known, "ntc_2", "acknowledged")
    assert (await chained(known), await chained(known)) == (2, 0)
    first, second, sent, dropped = await told(known)
    assert (first["type"], first["actor"], second["payload"]["notice"]) == ("notice.queued", "system", "ntc_2")
    [row] = await known.fetch("select community from work_order where order_id = 'wo_1'")
    assert first["order_id"].startswith(f"notices:{row['community']}:")
    whom = {"person": "usr_S06", "as": "first_contact", "by": "sandbox", "order": "wo_1", "event": 3}
    rule = {"role": "rule", "channel": "engine", "cause": "rule", "notice": "ntc_1"}
    said = {"topic": "urged", "to": "first_contact", "because": ["role", "on_duty"], "roster": "r1"}
    assert first["payload"] == {**rule, **whom, "said": said}
    assert (sent["type"], sent["payload"]["notice"]) == ("notice.sent", "ntc_1")
    assert (dropped["type"], dropped["payload"]["because"]) == ("notice.dropped", "acknowledged")


async def test_a_notice_that_has_ended_before_the_chain_was_written_is_told_whole(known):
    """OPS-02: the relay was away meanwhile."""
    await out.add_notice(known, notice())
    await out.mark_sent(known, "ntc_1")
    assert await chained(known) == 1
    assert [one["type"] for one in await told(known)] == ["notice.queued", "notice.sent"]


async def test_a_digest_belongs_to_the_community_of_the_first_order_it_names(known):
    """ESC-12: what it gathers ends with it; of an order that nobody knows the chain has no community."""
    await out.add_notice(known, notice())
    await out.add_notice(known, notice("ntc_d", None, topic="digest", cases=[{"order": "wo_1", "id": "ntc_1"}]))
    await out.add_notice(known, notice("ntc_x", "wo_404"))
    await out.tell_by(known, "ntc_d", ["ntc_1"])
    await out.mark_sent(known, "ntc_d")
    await chained(known)
    sent = {one["payload"]["notice"]: one["payload"] for one in await told(known) if one["type"] == "notice.sent"}
    assert (sent.keys(), sent["ntc_1"]["told_by"]) == ({"ntc_1", "ntc_d"}, "ntc_d")
    assert [one["payload"]["notice"] for one in await told(known, "-")] == ["ntc_x"]


async def test_relays_at_once_chain_each_notice_once(known):
    """OPS-02: in any order, a few at a time, with nobody waiting for ever."""
    for number in range(40):
        await out.add_notice(known, notice(f"ntc_{number}", "wo_1" if number % 2 else "wo_404"))
    while sum(await asyncio.gather(*(chained(known, 7) for _ in range(4)))):
        pass
    names = [one["payload"]["notice"] for name in ("jinxiu", "-") for one in await told(known, name)]
    assert (len(names), len(set(names))) == (40, 40)


async def test_what_a_transaction_gives_up_is_in_no_chain(known):
    """Design 4a.4: notices and their chain are kept together, or none of them."""

    async def give_up():
        async with transaction(known) as conn:
            await out.add_notice(conn, notice())
            assert await chain_notices(conn, NOW, 500) == 1
            raise KeyError

    with pytest.raises(KeyError):
        await give_up()
    assert (await told(known), await chained(known)) == ([], 0)
