"""Two parts killed at once, and the machine: everything killed at once, as by a power cut, and started again."""

import json
import os
import signal

from house import eventually
from machine import MATTER, Machine

from stack.folder import born


def parts(machine: Machine) -> dict[str, int]:
    """Process ids of all that runs in the data folder."""
    note = json.loads((machine.data / "ground.json").read_text(encoding="utf-8"))
    return {**note["pids"], **machine.processes(), "up": machine.up.pid}


async def alive(pids) -> list[int]:
    return [pid for pid in pids if born(pid) is not None]


async def whole(machine: Machine, order: str) -> None:
    """The life is closed, the record equals the histories, and nothing is left behind by `down`."""
    _, printed = await machine.run("show", order, "--json")
    shown = json.loads(printed)
    replayed, verdict = await machine.run("audit", "replay", "--all")
    reconciled, difference = await machine.run("reconcile")
    left = parts(machine).values()
    down, _ = await machine.run("down")
    assert (shown["stage"], shown["version"]) == ("closed", 10), shown
    assert (replayed, reconciled, down) == (0, 0, 0), verdict + difference
    assert machine.processes() == {}
    await eventually(lambda: alive(left), lambda pids: pids == [])


async def test_pairs_killed_at_once(machine) -> None:
    """OPS-01, OPS-02: one pair after the other in one life; what was given while they were away is done once."""
    order = (await machine.done("receive", *MATTER))["order"]
    pairs = (("worker", "relay"), ("temporal", "postgres"), ("worker", "postgres"))
    spans = (("respond", "register"), ("dispatch", "accept"), ("arrive", "record-callback"))
    for pair, (first, last) in zip(pairs, spans, strict=True):
        pids = parts(machine)
        for part in pair:
            os.kill(pids[part], signal.SIGKILL)
        await machine.life(order, first=first, last=last)
    await whole(machine, order)


async def test_the_machine_itself(machine) -> None:
    """OPS-02: every process at once, then `up` again: no orphan, and the life goes on."""
    order = (await machine.done("receive", *MATTER))["order"]
    await machine.life(order, first="respond", last="dispatch")
    pids = parts(machine).values()
    for pid in pids:
        os.kill(pid, signal.SIGKILL)
    await machine.up.wait()
    await eventually(lambda: alive(pids), lambda left: left == [])
    await machine.start()
    await machine.life(order, first="accept", last="record-callback")
    await whole(machine, order)
