"""Reception through the real servers: what is proposed, where it is, whose household it is, and what stays sealed."""

import json
from datetime import timedelta

import pytest
from house import OPERATOR, OWNER, USUAL, form, received

from domain.refusals import Refused
from records import read as reading
from starter.client import receive_matter
from starter.desk import house_time

pytestmark = pytest.mark.usefixtures("worker")


async def history_of(matter) -> str:
    file = await matter.file()
    return json.dumps(file.intake.start_input, ensure_ascii=False) + "".join(one.body.decode() for one in file.events)


async def test_words_of_a_group_are_kept_with_place_author_and_time(desk) -> None:
    """INT-03: original text, group and author sealed; when it was posted is told, received_at is when staff saw it."""
    posted = await house_time(desk) - timedelta(hours=3)
    found = {"channel": "owner_group", "found_in": "锦绣三栋业主群", "posted_by": "小明妈", "posted_at": posted}
    matter = await received(desk, **found)
    (event,) = await matter.until("received")
    assert event["payload"]["posted_at"].startswith(posted.isoformat()[:19])
    assert event["at"] > event["payload"]["posted_at"]
    words = await reading.words(desk.pool, desk.ring, matter.order_id, ["jinxiu"])
    said = {one.field: one.words for one in words.texts}
    assert (said["found_in"], said["posted_by"], said["complaint"]) == ("锦绣三栋业主群", "小明妈", "厨房水管漏水")
    assert "小明妈" not in await history_of(matter)
    unknown = await received(desk, **{**found, "posted_by": None})
    assert (await unknown.until("received"))[0]["payload"]["channel"] == "owner_group"


@pytest.mark.parametrize("lacks", ["found_in", "posted_at"])
async def test_words_of_a_group_without_their_source_are_refused(desk, lacks) -> None:
    """INT-03: nothing is made."""
    found = {"channel": "social", "found_in": "微博", "posted_at": await house_time(desk)}
    with pytest.raises(Refused) as refusal:
        await receive_matter(desk, form(**{**found, lacks: None}), OPERATOR)
    assert refusal.value.code == "source-missing"


async def test_what_a_door_proposes_is_kept_beside_what_was_taken(desk) -> None:
    """INT-09: urgent words make a matter urgent; a person's own word stands, the proposal stays."""
    for said, taken in ((None, "urgent"), ("ordinary", "ordinary")):
        matter = await received(desk, text="厨房漏电了", severity=said)
        (event,) = await matter.until("received")
        assert event["payload"]["severity"] == taken
        assert event["payload"]["proposed"] == {
            "category": "WATER_LEAK",
            "severity": "urgent",
            "because": "urgent_words",
        }
        assert "漏电" not in await history_of(matter)
    await matter.give("register", OPERATOR)
    assert (await matter.until("registered"))[0]["payload"]["severity"] == "ordinary"


PLACES = [
    ({"room": "JX03-1-1502"}, [], ("JX03", None)),
    ({"public_area": "地下车库"}, [], (None, "地下车库")),
    ({"public_area": "王小明家门口"}, ["unknown_place"], (None, None)),
    ({"address": "小区东边那棵树下"}, ["unknown_place"], (None, None)),
    ({}, ["unknown_place"], (None, None)),
]


@pytest.mark.parametrize(("said", "flags", "known"), PLACES)
async def test_a_place_that_is_not_known_is_flagged_not_refused(desk, said, flags, known) -> None:
    """INT-20: room, public area or free text; free text goes nowhere in clear."""
    matter = await received(desk, **said)
    (event,) = await matter.until("received")
    assert (await matter.file()).row.flags == flags
    assert (event["payload"].get("building"), event["payload"].get("area")) == known
    assert "王小明" not in await history_of(matter)


async def test_households_in_special_groups_come_first_among_equals(desk) -> None:
    """INT-10: heard at reception or known of the room; of one quarter of an hour they come first, else what is due."""
    at = (await house_time(desk)).replace(minute=0, second=0, microsecond=0) - timedelta(hours=1)
    when = {"back_dated_because": "值班记录补录", "category": "GLAZING", "text": "玻璃破了"}
    plain = await received(desk, received_at=at + timedelta(minutes=1), **when)
    heard = await received(desk, received_at=at + timedelta(minutes=2), groups=("disabled",), **when)
    known = await received(desk, received_at=at + timedelta(minutes=3), room="JX03-1-1502", **when)
    early = await received(desk, received_at=at - timedelta(minutes=30), **when)
    rows = {row.order_id: row for row in await reading.orders(desk.pool, ["jinxiu"], limit=500)}
    mine = [one.order_id for one in (plain, heard, known, early)]
    assert [rows[one].special for one in mine] == [False, True, True, False]
    duties = [
        row.order_id for row in await reading.duties(desk.pool, ["jinxiu"], 5000, at) if row.duty["clock"] == "response"
    ]
    duties = [one for one in duties if one in mine]
    assert duties == [early.order_id, heard.order_id, known.order_id, plain.order_id]
    assert "disabled" not in await history_of(heard)
    assert "elderly" not in await history_of(known)


async def test_back_dating_reaches_as_far_as_the_settings_say(desk) -> None:
    """INT-13: 24 h ◇, with a reason."""
    now = await house_time(desk)
    for said, code in (
        ({"received_at": now - timedelta(hours=24, minutes=1), "back_dated_because": "补录"}, "received-too-old"),
        ({"received_at": now - timedelta(hours=2)}, "reason-missing"),
        ({"received_at": now + timedelta(minutes=2)}, "received-in-future"),
    ):
        with pytest.raises(Refused) as refusal:
            await receive_matter(desk, form(**said), OPERATOR)
        assert refusal.value.code == code


async def test_a_remedy_is_stored_apart_and_answered(desk) -> None:
    """INT-08: sealed words of their own, which the result must answer."""
    matter = await received(desk, remedy="减免一个月物业费")
    await matter.through("respond", "clarify", "register", "dispatch", "accept", "arrive", "complete_handling")
    result = USUAL["give_feedback"][1]
    assert (await matter.refused("give_feedback", OPERATOR, **result)).code == "remedy-unanswered"
    await matter.give("give_feedback", OPERATOR, **result, remedy_granted="no")
    words = await reading.words(desk.pool, desk.ring, matter.order_id, ["jinxiu"])
    assert "减免一个月物业费" in [one.words for one in words.texts if one.field == "remedy_asked"]
    assert "减免" not in await history_of(matter)


async def test_three_urges_reach_the_outbox_with_a_level(desk) -> None:
    """INT-18: counted, told at once, and level 1 of the clock due next without a breach."""
    matter = await received(desk)
    await matter.through("respond")
    for _ in range(3):
        await matter.give("urge", OWNER, by="phone")
    (fired,) = await matter.until("escalated", because="urged")
    assert (fired["payload"]["level"], await matter.events("clock_breached")) == (1, [])
    assert (await matter.file()).row.urges == 3


async def test_an_open311_request_gets_its_number_and_both_limits(desk) -> None:
    """INT-04, INT-14: what the web door will answer is known at reception, and the channel is kept."""
    wish = form(channel="open311", category="LIGHTING", text="Street lamp out")
    receipt = await receive_matter(desk, wish, OPERATOR)
    again = await receive_matter(desk, wish, OPERATOR)
    assert (again.order_id, again.repeated) == (receipt.order_id, True)
    assert receipt.response_due_at
    assert receipt.feedback_due_at
    assert receipt.received_at < receipt.response_due_at < receipt.feedback_due_at
