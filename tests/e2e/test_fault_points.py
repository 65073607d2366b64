"""Killed at points, not by luck: before and after each write of `record`, and each step of an escalation.

All orders live at once, each with points of its own, some on the same worker and relay: what a death does to the others
is a rehearsal too.
"""

import asyncio
import json
from dataclasses import dataclass, field
from datetime import timedelta
from itertools import cycle

import pytest
from dying_house import dying
from house import OPERATOR, USUAL, WHOLE_LIFE, Matter, eventually, form

from domain.audit import genesis, link
from domain.refusals import Refused
from records import deeds, outgoing
from starter.client import receive_matter, start_process
from starter.desk import Desk
from starter.reconcile import differences
from starter.replay import replay_order
from workflows.engine import Engine, connect

WRITES = (
    *("received", "responded", "clarified", "registered", "dispatched", "accepted", "arrived", "handling_completed"),
    *("feedback_given", "closed"),
)
STEPS = ("add_notice", "send", "mark_done", "write", "mark_sent")
WORKERS = 6
PATIENCE = 240
"""Seconds: a task that is lost is given out again after ten, a delivery after fifty, a busy machine takes longer."""
BOTH = ("before", "after")
LIVES = {f"{event}.{when}": (f"record-{event}.{when}",) for event in WRITES for when in BOTH}
ALARMS = {f"escalated.{when}": tuple(f"record-escalated-response-{n + 1}.{when}" for n in range(3)) for when in BOTH}
DEEDS = {
    f"{step}.{when}": (f"{step}.{when}",)
    for step in ("fix-response-3", "act-reclassify", "end-response-3")
    for when in BOTH
}
MESSAGES = {f"{step}.{when}": (f"{step}-response-1.{when}",) for step in STEPS for when in BOTH}


ORDINARY = {"category": "LIGHTING"}
"""Of the clocks of such a matter `response` alone asks, within 36 minutes, that its severity be raised."""


@dataclass
class Rehearsed:
    """What became of one order."""

    order: str
    unmet: list[str] = field(default_factory=list)
    events: list[dict] = field(default_factory=list)
    whole: bool = False
    unlike: object = None
    stage: str = ""
    notices: list[outgoing.NoticeRow] = field(default_factory=list)
    done: list[deeds.Deed] = field(default_factory=list)
    messages: list[str] = field(default_factory=list)

    def receivers(self) -> list[str]:
        return sorted(row.notice.person for row in self.notices)

    def happened(self) -> list[str]:
        return [event["type"].removeprefix("work_order.") for event in self.events]


async def begun(house, desk, points, **said) -> tuple[Matter, list[str]]:
    """A matter whose points stand before its process starts."""
    away = Desk(desk.pool, await connect(Engine(address="127.0.0.1:1"), lazy=True), desk.ring, desk.settings)
    receipt = await receive_matter(away, form(**said), OPERATOR)
    matter, own = Matter(desk, receipt.order_id), [f"{point}.{receipt.order_id}" for point in points]
    house.set(*own)
    await start_process(desk, (await matter.file()).intake)
    await eventually(lambda: matter.events("received"), bool, PATIENCE)
    return matter, own


async def step(matter: Matter, command: str) -> None:
    """Give a command, again and with the same key while its outcome is unknown or the engine away."""
    actor, said = USUAL[command]

    async def given() -> bool:
        try:
            await matter.give(command, actor, **said, key=f"{matter.order_id} {command}")
        except Refused as refusal:
            if refusal.code != "engine-away":
                raise
            return False
        return True

    await eventually(given, bool, PATIENCE)


async def life(house, desk, points) -> Rehearsed:
    matter, own = await begun(house, desk, points)
    for command in WHOLE_LIFE:
        await step(matter, command)
    return await looked_at(house, matter, own)


async def alarms(house, desk, points, *, told: bool = False, **said) -> Rehearsed:
    """Nobody responds: breach, and three levels; `told`: until each has reached somebody and done what it does."""
    matter, own = await begun(house, desk, points, **said)
    await matter.skip(timedelta(minutes=36))
    await eventually(lambda: matter.events("escalated"), lambda found: levels(found)[-1:] == [3], PATIENCE)
    if told:
        await eventually(lambda: unsent(desk, matter), lambda rows: rows == 0, PATIENCE)
    await step(matter, "respond")
    return await looked_at(house, matter, own)


def levels(events) -> list[int]:
    """The levels of `response` among the events, in their order."""
    found = [event["payload"] for event in events if event["type"] == "work_order.escalated"]
    return [payload["level"] for payload in found if payload["clock"] == "response"]


async def unsent(desk, matter) -> int:
    """What still waits to be carried, to be sent or to be done, of one order."""
    waits = await desk.pool.fetchval(
        "select count(*) from outbox where order_id = $1 and done_at is null", matter.order_id
    )
    rows, done = await outgoing.notices(desk.pool, matter.order_id), await deeds.of_order(desk.pool, matter.order_id)
    return waits + sum(row.sent_at is None for row in rows) + sum(deed.outcome is None for deed in done)


async def looked_at(house, matter: Matter, points) -> Rehearsed:
    seen, file = Rehearsed(matter.order_id), await matter.file()
    head = genesis(matter.order_id)
    chain = [head := link(head, event.body) for event in file.events]
    seen.whole = [(event.seq, event.hash) for event in file.events] == list(enumerate(chain, start=1))
    seen.events, seen.stage = [json.loads(event.body) for event in file.events], file.row.stage
    seen.unlike = (
        await differences(matter.desk, matter.order_id)
        or (await replay_order(matter.desk, matter.order_id)).differences
    )
    seen.unmet = house.unmet(*points)
    seen.notices = await outgoing.notices(matter.desk.pool, matter.order_id)
    seen.done = await deeds.of_order(matter.desk.pool, matter.order_id)
    files = (house.data / "messages").glob("*.json")
    seen.messages = [path.stem for path in files if json.loads(path.read_text())["order"] == matter.order_id]
    return seen


@pytest.fixture(scope="module")
async def rehearsed(ground, desk, tmp_path_factory) -> dict[str, Rehearsed | BaseException]:
    """Every order with its points, and one of each sort with none; what failed fails its own test alone."""
    data, lives = tmp_path_factory.mktemp("dying"), [(), *LIVES.values()]
    alone = [(life, points) for points in lives] + [(alarms, points) for points in ALARMS.values()]
    told = [((), {}), *((points, {}) for points in MESSAGES.values())]
    told += [((), ORDINARY), *((points, ORDINARY) for points in DEEDS.values())]
    async with (
        dying(ground, desk.settings, data / "alone", WORKERS, "worker") as one,
        dying(ground, desk.settings, data / "told", 1, "worker", "starter.relay") as other,
    ):
        found = await asyncio.gather(
            *(live(one, desk, points) for desk, (live, points) in zip(cycle(one.desks), alone, strict=False)),
            *(alarms(other, other.desks[0], points, told=True, **said) for points, said in told),
            return_exceptions=True,
        )
    return dict(zip(["a life", *LIVES, *ALARMS, "an escalation", *MESSAGES, "a deed", *DEEDS], found, strict=True))


def outcome(rehearsed, name: str) -> Rehearsed:
    """Points met, chain unbroken, record equal to the histories; what happened is for each test to say."""
    seen = rehearsed[name]
    if isinstance(seen, BaseException):
        raise seen
    assert (seen.unmet, seen.whole, seen.unlike) == ([], True, ())
    return seen


@pytest.mark.parametrize("point", LIVES)
def test_a_life_with_its_worker_killed_at_a_write(rehearsed, point) -> None:
    """OPS-01, OPS-02: nothing lost, nothing twice."""
    seen, undisturbed = outcome(rehearsed, point), outcome(rehearsed, "a life")
    assert (seen.stage, seen.happened()) == ("closed", undisturbed.happened())


def set_apart(happened: list[str]) -> list[str]:
    """Leave out what a level has done, which needs a relay."""
    return [kind for kind in happened if kind != "reclassified"]


@pytest.mark.parametrize("point", ALARMS)
def test_an_escalation_with_its_worker_killed_at_each_write(rehearsed, point) -> None:
    """ESC-07, ESC-08: each level once and in its order."""
    seen, undisturbed = outcome(rehearsed, point), outcome(rehearsed, "an escalation")
    assert levels(seen.events) == [1, 2, 3]
    assert sorted(seen.happened()) == sorted(set_apart(undisturbed.happened()))


@pytest.mark.parametrize("point", MESSAGES)
def test_an_escalation_with_relay_or_delivery_killed_at_a_step(rehearsed, point) -> None:
    """ESC-07, API-09: each person is told once, by one message."""
    seen, undisturbed = outcome(rehearsed, point), outcome(rehearsed, "an escalation")
    assert levels(seen.events) == [1, 2, 3]
    assert sorted(seen.messages) == sorted(row.notice.notice_id for row in seen.notices)
    assert seen.receivers() == undisturbed.receivers()


@pytest.mark.parametrize("point", ["a deed", *DEEDS])
def test_a_level_acts_once_with_its_relay_killed_at_a_step(rehearsed, point) -> None:
    """ESC-06, ESC-07: level 3 raises the severity, by one command, whenever the relay dies; level 2 finds nothing."""
    seen = outcome(rehearsed, point)
    raised = [event for event in seen.events if event["type"] == "work_order.reclassified"]
    assert [(one["actor"], one["payload"]["severity"]) for one in raised] == [("system", "major")]
    done = {deed.facts["level"]: deed.outcome for deed in seen.done if deed.facts["clock"] == "response"}
    assert done == {2: "nothing-to-do", 3: "done"}
