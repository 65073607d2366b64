"""The command line killed between its write and its answer: the same command again, with the same key, answers once."""

import json
import secrets

import pytest
from dying_house import dying
from house import Matter, eventually, received
from machine import MATTER

from starter.reconcile import differences

KILLED = -9


@pytest.fixture(scope="module")
async def house(ground, desk, tmp_path_factory):
    data = tmp_path_factory.mktemp("commands")
    async with dying(ground, desk.settings, data / "house", 1, "worker", "starter.relay") as house:
        yield house


async def killed_and_repeated(house, point: str, *words: str) -> dict:
    """Run a command that dies at a point, then the same again; what the second one answers."""
    words = (*words, "--key", secrets.token_hex(8), "--json")
    house.set(f"{point}.any")
    assert await house.command(*words) == (KILLED, "")
    assert house.unmet(f"{point}.any") == []
    code, printed = await house.command(*words)
    assert code == 0, printed
    return json.loads(printed)


@pytest.mark.parametrize(
    "point",
    ["take_in.after", "mark_started.before", "show_receipt.before"],
)
async def test_receive_killed(house, point) -> None:
    """INT-11, INT-21, design 6: one order and one process, whoever starts it."""
    pool = house.desks[0].pool
    before = await pool.fetchval("select count(*) from intake")
    answer = await killed_and_repeated(house, point, "receive", *MATTER)
    matter = Matter(house.desks[0], answer["order"])
    [_] = await eventually(lambda: matter.events("received"), bool, 60)
    assert await pool.fetchval("select count(*) from intake") == before + 1
    assert await differences(matter.desk, matter.order_id) is None


@pytest.mark.parametrize("point", ["open_action.after", "send.after", "show_answer.before"])
async def test_an_action_killed(house, point) -> None:
    """Design 4a.8: one event, and the answer that the first would have given."""
    matter = await received(house.desks[0])
    answer = await killed_and_repeated(house, point, "respond", matter.order_id, "--as", "S06")
    [responded] = await matter.until("responded")
    assert (answer["version"], responded["payload"]["role"]) == (2, "dispatch_operator")
    assert await differences(matter.desk, matter.order_id) is None
