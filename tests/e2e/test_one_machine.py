"""Everything as processes on one machine: `huiyin up`, a life by the command line, any part killed, `huiyin down`."""

import json

import pytest
from machine import MATTER


@pytest.mark.parametrize("victim", ["worker", "relay", "temporal", "postgres", "up"])
async def test_a_life_with_a_part_killed_in_the_middle(machine, victim) -> None:
    """OPS-01, OPS-02: kill -9 of any part: nothing accepted is lost, nothing happens twice, nothing is left behind."""
    order = (await machine.done("receive", *MATTER))["order"]
    await machine.life(order, first="respond", last="dispatch")
    await machine.kill(victim)
    await machine.life(order, first="accept", last="record-callback")
    _, printed = await machine.run("show", order, "--json")
    shown = json.loads(printed)
    replayed, verdict = await machine.run("audit", "replay", "--all")
    down, _ = await machine.run("down")
    status, _ = await machine.run("status")
    assert (shown["stage"], shown["version"]) == ("closed", 10), shown
    assert (replayed, down, status, machine.processes()) == (0, 0, 3, {}), verdict


async def test_a_second_up_is_told_of_the_first(machine) -> None:
    code, told = await machine.run("up")
    assert (code, "already" in told) == (3, True)
