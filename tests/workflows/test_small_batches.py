"""What waited while the record could not be written is written in pieces (design 4a.10, OPS-02, OPS-05)."""

import asyncio

from house import OPERATOR, received, working

from starter.replay import replay, replay_order, runs
from workflows.work_order import MOST, SMALL_BATCHES

NOTES = 56


def patches(histories) -> list[str]:
    """Names of the patches that the runs of an order took."""
    markers = [event.marker_recorded_event_attributes for history in histories for event in history.events]
    return [
        marker.details["patch-data"].payloads[0].data.decode()
        for marker in markers
        if marker.marker_name == "core_patch"
    ]


async def test_events_that_waited_are_written_in_pieces(desk, data) -> None:
    """OPS-02, OPS-05: in their order, each once; only the run that needs the patch pays for it."""
    async with working(desk, data):
        matter = await received(desk)
        await matter.until("clock_started")
        async with desk.pool.acquire() as held, held.transaction():
            await held.execute("lock table work_order_event in exclusive mode")  # readers pass
            await matter.through("respond")
            for _ in range(0, NOTES, 8):
                await asyncio.gather(*(matter.give("note", OPERATOR, words="业主来电询问进度") for _ in range(8)))
            assert patches(await runs(desk, matter.order_id)) == []
        await matter.until("noted", NOTES)
        await matter.through("clarify", "register")
        await matter.file()
        histories = await runs(desk, matter.order_id)
    done, differences = await replay(histories)
    sizes = [len(batch.events) for batch in done.batches]
    assert (max(sizes), differences) == (MOST, [])
    [patch] = patches(histories)
    assert SMALL_BATCHES in patch
    assert [event.seq for event in (await matter.file()).events] == list(range(1, matter.told + 1))
    assert (await replay_order(desk, matter.order_id)).differences == ()
