"""No worker while deadlines pass; afterwards each alarm is made up once, at its planned instant, in its order."""

from datetime import UTC, datetime, timedelta

from dying_house import dying
from house import eventually, instant, received

from starter.reconcile import differences
from starter.replay import replay_order

OFF = timedelta(minutes=85)
FIRED = ("work_order.clock_breached", "work_order.escalated")


async def test_alarms_missed_are_made_up_in_their_order(ground, desk, tmp_path) -> None:
    """ESC-07, ESC-08: each once, at its planned instant; a worker killed while it makes them up doubles none."""
    async with dying(ground, desk.settings, tmp_path / "house", 1) as house:
        began = datetime.now(UTC) - OFF
        matter = await received(house.desks[0], received_at=began, back_dated_because="停机期间来电")
        assert await matter.events() == []
        house.set(point := f"record-escalated-response-2.after.{matter.order_id}")
        worker = await house.program("worker", house.desks[0].engine.namespace)
        try:
            await eventually(matter.events, lambda events: 3 in levels(events) and not house.unmet(point), 120)
            # The record is written before the task is complete: wait until both say the same.
            await eventually(lambda: differences(matter.desk, matter.order_id), lambda found: found is None, 60)
        finally:
            worker.terminate()
            await worker.wait()
        events, replayed = await matter.events(), await replay_order(matter.desk, matter.order_id)
    told = [event for event in events if event["payload"].get("clock") == "response" and event["type"] in FIRED]
    assert [event["type"] for event in told] == [FIRED[0], *[FIRED[1]] * 3]
    assert [(instant(event["at"]) - began) // timedelta(minutes=1) for event in told] == [15, 15, 30, 75]
    assert replayed.differences == ()


def levels(events) -> list[int]:
    return [
        event["payload"]["level"]
        for event in events
        if event["payload"].get("clock") == "response" and "level" in event["payload"]
    ]
