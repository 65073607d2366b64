"""The same matter again after its close: linked, counted, raised to the service manager once (GRP-04, CBK-09)."""

from datetime import timedelta

import pytest
from house import OPERATOR, WHOLE_LIFE, form, received

from domain.refusals import Refused
from records import outgoing
from records.read import server_time
from starter.groups.repeats import repeat_of

LEAK = {"room": "JX05-2-801", "text": "厨房水管漏水"}


async def closed(persons, **said):
    """A case that was lived to its close."""
    matter = await received(persons.desk, **{**LEAK, **said})
    await matter.through(*WHOLE_LIFE)
    await matter.file()
    return matter


async def test_a_repeat_is_linked_counted_and_raised_once(persons, day) -> None:
    """GRP-04: however the room is typed; the latest is named, all within the window are counted."""
    first = await closed(persons)
    second = await received(persons.desk, **{**LEAK, "room": "jx05-2-801"})
    [event] = await second.until("received")
    assert event["payload"]["repeat"] == {"of": first.order_id, "number": 1, "raise_to": "service_manager"}
    assert (await second.file()).row.repeat_of == first.order_id
    await persons.carry(day.noon)
    await persons.carry(day.noon)
    told = [row.notice for row in await outgoing.notices(persons.desk.pool, second.order_id)]
    assert [(one.role, one.body["topic"], one.body["other"]) for one in told] == [
        ("service_manager", "repeated", first.order_id)
    ]
    await second.through(*WHOLE_LIFE)
    await second.file()
    third = await received(persons.desk, **LEAK)
    [event] = await third.until("received")
    assert event["payload"]["repeat"] == {"of": second.order_id, "number": 2, "raise_to": "service_manager"}


@pytest.mark.parametrize(
    "other",
    [{"room": "JX05-2-802"}, {"category": "LIFT_FAULT"}, {"room": "JX06-2-801"}, {"room": None, "address": "不明"}],
)
async def test_another_place_or_category_is_none(persons, other) -> None:
    """GRP-04."""
    await closed(persons)
    at = await server_time(persons.desk.pool)
    assert await repeat_of(persons.desk, form(**{**LEAK, **other}), at) is None


async def test_only_what_was_closed_within_thirty_days_and_truly_done(persons) -> None:
    """GRP-04, on either side of the end; what was withdrawn was never answered."""
    matter = await received(persons.desk, **{**LEAK, "room": "JX02-1-101"})
    await matter.give("withdraw", OPERATOR, by="phone", reason="修好了")
    await matter.file()
    at = await server_time(persons.desk.pool)
    assert await repeat_of(persons.desk, form(room="JX02-1-101"), at) is None
    done = await closed(persons, room="JX02-1-101")
    closed_at = (await done.file()).row.closed_at
    for late, found in ((timedelta(), True), (timedelta(microseconds=1), False)):
        repeat = await repeat_of(persons.desk, form(room="JX02-1-101"), closed_at + timedelta(days=30) + late)
        assert (repeat is not None) is found
    assert (await repeat_of(persons.desk, form(repeats=done.order_id), at + timedelta(days=90))).of == done.order_id
    still = await received(persons.desk)
    for named, code in ((still.order_id, "repeat-of-open"), ("wo_99999999", "not-found")):
        with pytest.raises(Refused) as refusal:
            await repeat_of(persons.desk, form(repeats=named), at)
        assert refusal.value.code == code
