"""A new category of work is one entry of the settings file: no code, no other table (CLK-08, CLK-31, DSP-01)."""

from dataclasses import replace

import pytest
from house import OPERATOR, USUAL, WHOLE_LIFE, instant, received

from starter.community_file import load
from starter.dispatching import chosen
from starter.replay import replay_order

pytestmark = pytest.mark.usefixtures("worker")

ENTRY = """
[[category]]
code = "GATE_CLOSER"
name = "单元门闭门器"
kind = "repair"
group = "工程"
policy = "ordinary"
team = "engineering"
skill = "plumbing"
photos = "before_after"
on_site = true
override = { arrive = { limit = "50m" } }
"""


async def test_one_entry_is_enough_for_a_whole_life(desk, data, tmp_path):
    """CLK-08, CLK-31, DSP-01: received, dispatched by its skill, held to its own limit, closed, and replayed."""
    path = tmp_path / "community.toml"
    path.write_text((data / "community.toml").read_text(encoding="utf-8") + ENTRY, encoding="utf-8")
    matter = await received(replace(desk, settings=load(path)), category="GATE_CLOSER")
    await matter.through("respond", "clarify", "register")
    given = await chosen(matter.desk, matter.order_id, {}, (await matter.file()).row.received_at)
    assert given["team"] == "engineering"
    await matter.give("dispatch", OPERATOR, **given)
    assignee = OPERATOR._replace(id=given["assignee"], roles=("engineer",))
    await matter.give("accept", assignee)
    await matter.file()
    [arrival] = await matter.until("clock_started", clock="arrive")
    assert (instant(arrival["payload"]["due_at"]) - instant(arrival["at"])).total_seconds() == 50 * 60
    for step in WHOLE_LIFE[WHOLE_LIFE.index("arrive") :]:
        if step in {"arrive", "complete_handling"}:
            await matter.give(step, assignee, **USUAL[step][1])
        else:
            await matter.through(step)
    row = (await matter.file()).row
    assert (row.category, row.stage, row.close_reason) == ("GATE_CLOSER", "closed", "confirmed")
    assert (await replay_order(matter.desk, matter.order_id)).differences == ()
