"""An action is written before it is sent: a repeat sends the same bytes, a refusal leaves no words behind."""

import asyncio
import secrets
from datetime import UTC, datetime

import pytest

from records.actions import Request, close_action, open_action, refuse_action
from records.audit import REFUSALS, Fact, chain_of, read_chain
from records.errors import RecordsRefused
from records.pool import transaction
from records.read import terms, words

NOW = datetime(2026, 3, 1, 3, tzinfo=UTC)
CHAIN = chain_of(REFUSALS, "jinxiu", NOW)
REFUSAL = Fact("action.refused", NOW, "usr_1", {"slug": "illegal-transition", "role": "engineer", "cause": "command"})


@pytest.fixture
async def order_id(own_pool, receive):
    return (await receive(own_pool)).intake.order_id


def request(order_id, key=b"k", **facts):
    given = {"fingerprint": b"f", "command": "give_feedback", "actor": "usr_1", "update_id": "u1"}
    return Request(key_digest=key, order_id=order_id, **{**given, **facts})


def envelope(texts):
    return {"n": secrets.token_hex(4), "texts": {name: said._asdict() for name, said in texts.items()}}


async def test_a_repeat_after_a_crash_sends_the_very_same_envelope(own_pool, ring, order_id):
    asked = request(order_id, texts={"text": "明天上午修"})
    first, again = [await open_action(own_pool, ring, asked, envelope) for _ in range(2)]
    assert (first.repeated, again.repeated) == (False, True)
    assert (again.envelope, again.update_id, again.answer) == (first.envelope, "u1", None)
    assert len((await words(own_pool, ring, order_id, ["jinxiu"])).texts) == 2


async def test_a_running_action_keeps_repeats_waiting_until_its_lease_ends(own_pool, ring, order_id):
    asked = request(order_id)
    await open_action(own_pool, ring, asked, envelope)
    assert (await open_action(own_pool, ring, asked, envelope)).running
    await own_pool.execute("update action set leased_until = now() - interval '1 second'")
    assert not (await open_action(own_pool, ring, asked, envelope)).running
    assert (await open_action(own_pool, ring, asked, envelope)).running


async def test_an_answered_action_answers_its_repeats(own_pool, ring, order_id):
    asked = request(order_id)
    await open_action(own_pool, ring, asked, envelope)
    await close_action(own_pool, b"k", {"status": 200, "version": 2})
    await close_action(own_pool, b"k", {"status": 500})
    again = await open_action(own_pool, ring, asked, envelope)
    assert (again.answer, again.running) == ({"status": 200, "version": 2}, False)


async def test_the_same_key_with_other_content_is_refused(own_pool, ring, order_id):
    await open_action(own_pool, ring, request(order_id), envelope)
    with pytest.raises(RecordsRefused, match=r"^idempotency-key-reused$"):
        await open_action(own_pool, ring, request(order_id, fingerprint=b"other"), envelope)


async def test_of_twenty_callers_with_one_key_one_opens(own_pool, ring, order_id):
    asked = request(order_id, texts={"text": "明天上午修"})
    opened = await asyncio.gather(*(open_action(own_pool, ring, asked, envelope) for _ in range(20)))
    assert sum(not one.repeated for one in opened) == 1
    assert len({one.envelope["n"] for one in opened}) == 1


async def test_an_action_on_no_order_is_not_found(own_pool, ring):
    with pytest.raises(RecordsRefused, match=r"^not-found$"):
        await open_action(own_pool, ring, request("wo_0"), envelope)


@pytest.mark.parametrize("answer", [None, {"status": 409}])
async def test_a_refusal_is_chained_and_takes_its_words_with_it(own_pool, ring, order_id, answer):
    asked = request(order_id, texts={"text": "明天上午修"})
    await open_action(own_pool, ring, asked, envelope)
    await refuse_action(own_pool, b"k", CHAIN, REFUSAL, answer)
    assert [link.seq for link in await read_chain(own_pool, CHAIN)] == [1]
    assert len((await words(own_pool, ring, order_id, ["jinxiu"])).texts) == 1
    again = await open_action(own_pool, ring, asked, envelope)
    assert (again.answer, again.repeated) == (answer, answer is not None)


async def test_a_refusal_that_cannot_be_chained_changes_nothing(own_pool, ring, order_id):
    await open_action(own_pool, ring, request(order_id, texts={"text": "明天上午修"}), envelope)
    await own_pool.execute("alter table audit_event rename to elsewhere")
    with pytest.raises(RecordsRefused, match=r"^tables-lost$"):
        await refuse_action(own_pool, b"k", CHAIN, REFUSAL, {"status": 409})
    assert len((await words(own_pool, ring, order_id, ["jinxiu"])).texts) == 2
    assert (await open_action(own_pool, ring, request(order_id), envelope)).answer is None


async def test_words_an_event_refers_to_survive_a_late_refusal(own_pool, ring, order_id, story):
    from records.write import record  # noqa: PLC0415

    opened = await open_action(own_pool, ring, request(order_id, texts={"text": "明天上午修"}), envelope)
    kept = (opened.envelope["texts"]["text"]["id"],)
    await record(own_pool, story(order_id, 1, 1).model_copy(update={"text_ids": kept}))
    await refuse_action(own_pool, b"k", CHAIN, REFUSAL)
    assert len((await words(own_pool, ring, order_id, ["jinxiu"])).texts) == 2


async def test_terms_are_stored_once(own_pool, ring, order_id):
    for key in (b"1", b"2"):
        await open_action(own_pool, ring, request(order_id, key, terms={"d": {"v": 1, "clocks": []}}), envelope)
    assert await terms(own_pool, "d") == {"v": 1, "clocks": []}
    assert await terms(own_pool, "unknown") is None


async def test_a_transaction_of_the_caller_holds_both(own_pool, ring, order_id):
    async def give_up():
        async with transaction(own_pool) as conn:
            await open_action(conn, ring, request(order_id), envelope)
            raise KeyError

    with pytest.raises(KeyError):
        await give_up()
    assert not (await open_action(own_pool, ring, request(order_id), envelope)).repeated
