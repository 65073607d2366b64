"""No room on the disk: a process that may not write another byte, as `prlimit` has it on every Linux."""

import contextlib
import json
import subprocess
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from house import eventually
from machine import MATTER, Machine

from stack.folder import read_ground

FULL, ROOM = "0:unlimited", "unlimited:unlimited"


def disk(pids: list[int], limit: str) -> None:
    """Set how large a file may become; each process is told by its own user, who alone may."""
    for pid in pids:
        with contextlib.suppress(FileNotFoundError):  # it has ended
            user = Path(f"/proc/{pid}").stat().st_uid
            subprocess.run(("prlimit", "--pid", str(pid), f"--fsize={limit}"), user=user, check=False)


def family(pid: int) -> list[int]:
    """A process and those it has started."""
    children = Path(f"/proc/{pid}/task/{pid}/children").read_text(encoding="ascii").split()
    return [pid, *(int(child) for child in children)]


async def test_no_room_for_messages(machine) -> None:
    """OPS-02: the message is tried again and arrives once there is room, once."""
    worker = machine.processes()["worker"]
    disk([worker], FULL)
    late = (datetime.now(UTC) - timedelta(minutes=16)).strftime("%Y-%m-%dT%H:%M:%SZ")
    order = (await machine.done("receive", *MATTER, "--received-at", late, "--because", "typed late"))["order"]

    async def waiting() -> int:
        return json.loads((await machine.run("status", "--json"))[1])["sight"]["pulse"]["notices_open"]

    await eventually(waiting, lambda count: count >= 1, 60)
    assert sent(machine, order) == []
    disk([worker], ROOM)
    assert await eventually(waiting, lambda count: count == 0, 120) == 0
    messages = sent(machine, order)
    assert len(messages) == len({(one["to"], one["facts"]["clock"], one["facts"]["level"]) for one in messages}) > 0


def sent(machine: Machine, order: str) -> list[dict]:
    told = [json.loads(path.read_text(encoding="utf-8")) for path in (machine.data / "messages").glob("*.json")]
    return [one for one in told if one["order"] == order]


@pytest.mark.parametrize("server", ["postgres", "temporal"])
async def test_no_room_for_a_server(machine, server) -> None:
    """OPS-02: a sentence and exit code 3, or a number with limits; no half-done change; with room it goes on."""
    order = (await machine.done("receive", *MATTER))["order"]
    pids = family(read_ground(machine.data).pids[server])
    disk(pids, FULL)
    code, printed = await machine.run("respond", order, "--as", "S06", "--key", "while-full")
    assert code in {0, 3}, printed
    assert "Traceback" not in printed
    disk(pids, ROOM)
    await machine.done("respond", order, "--as", "S06", "--key", "while-full")
    await machine.life(order, first="clarify", last="record-callback")
    shown = json.loads((await machine.run("show", order, "--json"))[1])
    replayed, verdict = await machine.run("audit", "replay", "--all")
    assert (shown["stage"], shown["version"], replayed) == ("closed", 10, 0), verdict
