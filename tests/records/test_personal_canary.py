"""No table holds a name, a number or a word in any spelling that could be found again (PA-02, PA-03, PA-04)."""

import base64
import io
import json
import traceback
from datetime import UTC, datetime
from urllib.parse import quote

import pytest
from temporalio.exceptions import ApplicationError

from activities.record import RecordActivities
from records.actions import Request, open_action, refuse_action
from records.audit import Fact
from records.errors import RecordsRefused
from records.read import words
from records.write import record

CANARIES = ("金丝雀甲", "13812345678", "JX09-9-9909", "金丝雀在厨房里漏水", "canary words of the handler")
NOW = datetime(2026, 3, 1, tzinfo=UTC)


def spellings(words):
    """The words themselves, and as hex, base64 (at each of three offsets), percent-encoded and JSON-escaped."""
    raw = words.encode()
    yield from (words, raw.hex(), quote(words), json.dumps(words)[1:-1])
    for offset in range(3):
        coded = base64.b64encode(b"\0" * offset + raw).decode()
        yield coded[-(-offset * 8 // 6) : (offset + len(raw)) * 8 // 6]  # the characters made of our bytes alone


def sightings(text, canaries=CANARIES):
    return [spelling for canary in canaries for spelling in spellings(canary) if spelling in text]


async def dump(pool):
    """Every row of every table, as COPY writes it, its own escapes undone."""
    stored = "select table_name from information_schema.tables where table_schema = $1 and table_type = 'BASE TABLE'"
    tables = await pool.fetch(stored, "public")
    file = io.BytesIO()
    async with pool.acquire() as conn:
        for (table,) in tables:
            await conn.copy_from_table(table, output=file)
    return file.getvalue().decode().replace("\\\\", "\\")


@pytest.fixture
async def lived(own_pool, ring, receive, story):
    """A record in which canaries went through every door."""
    name, phone, room, text, note = CANARIES
    taken = await receive(
        own_pool, texts={"text": text}, contacts={"name": name, "phone": phone, "room": room, "external_note": text}
    )
    order_id = taken.intake.order_id
    for key in (b"1", b"2"):
        asked = Request(key, b"f", order_id, "note", "usr_1", "u", texts={"note": note})
        opened = await open_action(
            own_pool, ring, asked, lambda texts: {name: said._asdict() for name, said in texts.items()}
        )
    await refuse_action(own_pool, b"2", "refusals:jinxiu:2026-03-01", Fact("action.refused", NOW, "usr_1", {}))
    await record(own_pool, story(order_id, 1, 2).model_copy(update={"text_ids": (opened.envelope["note"]["id"],)}))
    return order_id


async def test_no_table_holds_a_canary_in_any_spelling(own_pool, lived):
    told = await dump(own_pool)
    assert lived in told
    assert sightings(told) == []


async def test_the_search_finds_a_canary_where_there_is_one(own_pool, ring, lived):
    found = await words(own_pool, ring, lived, ["jinxiu"])
    assert set(CANARIES) == {word.words for word in found.texts + found.contacts}
    for canary in CANARIES:
        for spelling in spellings(canary):
            await own_pool.execute("insert into terms values ($1, $2)", spelling, {})
            assert sightings(await dump(own_pool))
            await own_pool.execute("delete from terms")
        for offset in range(3):
            assert sightings(base64.b64encode(b"x" * offset + canary.encode() + b"tail").decode(), [canary])


async def test_an_activity_that_fails_quotes_no_row(pool, story):
    """The driver's message shows the failing row; ours shows a code and the order."""
    batch = story("wo_canary", 1, 1)
    event = batch.events[0].model_copy(update={"body": CANARIES[0], "hash": "00"})
    with pytest.raises(ApplicationError) as failed:
        await RecordActivities(pool).record(batch.model_copy(update={"events": (event,)}))
    assert failed.value.type == "sqlstate-23514"
    assert not failed.value.non_retryable
    assert sightings("".join(traceback.format_exception(failed.value))) == []
    assert failed.value.__context__ is failed.value.__cause__ is None


async def test_a_conflict_of_chains_is_not_tried_again(pool, story):
    batch = story("wo_conflict", 1, 1)
    assert (await RecordActivities(pool).record(batch)).seq == 1
    event = batch.events[0].model_copy(update={"hash": "00" * 32})
    with pytest.raises(ApplicationError, match="chain-conflict wo_conflict") as failed:
        await RecordActivities(pool).record(batch.model_copy(update={"events": (event,)}))
    assert (failed.value.type, failed.value.non_retryable) == ("chain-conflict", True)


async def test_an_argument_that_does_not_fit_is_not_quoted(own_pool, receive):
    with pytest.raises(RecordsRefused, match=r"^value-unfit$") as refused:
        await receive(own_pool, external_id=CANARIES)
    assert sightings("".join(traceback.format_exception(refused.value))) == []
