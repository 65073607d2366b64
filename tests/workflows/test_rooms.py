"""Rooms: the building may be known to the process, what somebody typed as his room never is (SEC-03, SEC-05)."""

import json

import pytest
from house import form, received

from starter.community_file import load
from starter.opening import sample_community
from starter.placing import building_of

TYPED = [
    ("JX03-1-1502", "JX03"),
    ("jx03-1-1502", "JX03"),
    ("ＪＸ０３－１－１５０２", "JX03"),
    ("JX03－1－1502", "JX03"),
    ("jx03 1 1502", "JX03"),
    ("锦绣3栋1单元1502", None),
    ("JX99-1-1502", None),
    ("王小明家", None),
]


@pytest.mark.parametrize(("typed", "building"), TYPED)
def test_a_building_is_one_the_community_has_or_none(typed, building):
    """INT-20: a place that can't be resolved is taken all the same."""
    assert building_of(load(sample_community()), form(room=typed)) == building


async def test_a_room_that_is_none_of_ours_stands_nowhere_in_clear(desk, worker) -> None:
    """SEC-05: neither in the row, nor in the start input, nor in an event."""
    matter = await received(desk, room="锦绣3栋1单元1502")
    await matter.until("clock_started")
    file = await matter.file()
    assert file.row.building is None
    told = json.dumps(file.intake.start_input, ensure_ascii=False) + "".join(e.body.decode() for e in file.events)
    assert "1502" not in told
    assert worker.is_running
