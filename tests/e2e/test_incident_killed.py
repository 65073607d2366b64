"""An incident with many children while relay and worker are killed between any two lines (GRP-06).

Nobody is forgotten, nobody told twice. `HUIYIN_TEST_CHILDREN=500` lives it with as many as a failed water pump has.
"""

import asyncio
import os
import secrets
from collections import Counter
from itertools import cycle

from dying_house import dying
from house import OPERATOR, USUAL, Matter, eventually, form

from domain.refusals import Refused
from records import incidents
from starter.client import receive_matter
from starter.groups.proposing import ProposalForm, propose_incident
from starter.reconcile import differences

COUNT = int(os.environ.get("HUIYIN_TEST_CHILDREN", "24"))
OUTAGE = {"category": "WATER_OUTAGE", "room": "JX03-1-1502", "text": "停水了"}
RESULT = {"kind": "result", "by": "sms", "found": "水箱浮球阀损坏,已查明", "words": "浮球阀已更换,供水已恢复正常"}
PATIENCE = 240 + COUNT
SOLVING = ("act-solve_together", "end_step-solve_together", "record-solved_together")
TELLING = ("tell-give_feedback", "end_step-give_feedback", "to_owner", "record-feedback_given")
AT_ONCE = 20


async def given(matter: Matter, command: str, **said) -> None:
    """Give a command, again and with the same key while its outcome is unknown or the engine away."""
    actor, usual = USUAL.get(command, (OPERATOR, {}))

    async def done() -> bool:
        try:
            await matter.give(command, actor, **(said or usual), key=f"{matter.order_id} {command}")
        except Refused as refusal:
            if refusal.code != "engine-away":
                raise
            return False
        return True

    await eventually(done, bool, PATIENCE)


async def many(desk) -> list[Matter]:
    gate = asyncio.Semaphore(AT_ONCE)

    async def one() -> Matter:
        async with gate:
            return Matter(desk, (await receive_matter(desk, form(**OUTAGE), OPERATOR)).order_id)

    return list(await asyncio.gather(*(one() for _ in range(COUNT))))


async def proposed(desk, ids: tuple[str, ...]) -> Matter:
    """The parent of all; what the relay proposed when the first three had come is dismissed."""
    while True:
        try:
            proposal = await propose_incident(desk, ProposalForm(ids, "3 栋停水,疑为水箱故障", "all"), OPERATOR)
        except Refused as refusal:
            if refusal.code != "member-proposed":
                raise
            await given(Matter(desk, refusal.facts["incident"]), "dismiss_incident", reason="改由人工提议")
        else:
            return Matter(desk, proposal.order_id)


async def told(desk, kind: str, members: list[Matter]) -> Counter:
    rows = await desk.pool.fetch(
        "select order_id, count(*) as times from work_order_event where type = $1 and order_id = any($2) group by 1",
        f"work_order.{kind}",
        [one.order_id for one in members],
    )
    return Counter({row["order_id"]: row["times"] for row in rows})


def points(places, members) -> list[str]:
    """Each place before and after, each at a child of its own."""
    whom = cycle(members)
    return [f"{place}.{when}.{next(whom).order_id}" for place in places for when in ("before", "after")]


async def test_nobody_is_forgotten_and_nobody_told_twice(ground, desk, data) -> None:
    """GRP-06, OPS-02: killed before and after each step of the relay and each write of a child."""
    async with dying(ground, desk.settings, data / secrets.token_hex(4), 1, "worker", "starter.relay") as house:
        [desk] = house.desks
        members = await many(desk)
        ids = tuple(one.order_id for one in members)
        parent = await proposed(desk, ids)
        await given(parent, "confirm_incident")
        everybody = lambda rows: len(rows) == COUNT  # noqa: E731
        await eventually(lambda: incidents.children(desk.pool, parent.order_id), everybody, PATIENCE)
        deaths = [*points(SOLVING, members), *points(TELLING, members[7:])]
        house.set(*deaths)
        for command in ("dispatch", "accept", "arrive", "complete_handling"):
            await given(parent, command)
        await given(parent, "give_mass_notice", **RESULT)
        await eventually(lambda: told(desk, "feedback_given", members), everybody, PATIENCE)
        once = Counter(dict.fromkeys(ids, 1))
        assert await told(desk, "solved_together", members) == once
        assert await told(desk, "feedback_given", members) == once
        steps = await eventually(
            lambda: incidents.mass_notices(desk.pool, parent.order_id),
            lambda rows: len(rows) == COUNT and all(row.sent_at and row.outcome == "done" for row in rows),
            PATIENCE,
        )
        assert sorted(step.child for step in steps) == sorted(ids)
        files = list((house.data / "messages" / "sms").glob("*.json"))
        assert len(files) == COUNT
        assert house.unmet(*deaths) == []
        for one in (parent, *members[:14]):
            await one.file()
            assert await differences(desk, one.order_id) is None
