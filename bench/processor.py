"""Where the time of a case goes: processor time of each process, for a work order and for raw Temporal.

On a busy machine this is the steadiest of all figures, and it explains the rates: both cores are busy in every lap.
"""

import os
from collections.abc import Iterable
from pathlib import Path

from bench.figures import Figure, mode
from bench.life import lap
from bench.place import Place, Program
from bench.throughput import DOOR, ENGINE, RAW, contests

SUBJECT = "processor time of a case"
AT_ONCE = 8
TICKS = os.sysconf("SC_CLK_TCK")


async def measure(place: Place) -> list[Figure]:
    """Live cases of each kind in turn and see which process worked for how long."""
    figures: list[Figure] = []
    for sandbox in (False, True):
        async with place.worker(sandbox=sandbox) as ours, place.worker("bench.raw", sandbox=sandbox) as raw:
            workers = {ENGINE: ours, DOOR: ours, RAW: raw}
            for name, contest in contests(place).items():
                await lap(contest.case, AT_ONCE, AT_ONCE)  # warm
                count = place.size(120, 16)
                before = spent(place, workers[name])
                await lap(contest.case, count, AT_ONCE)
                after = spent(place, workers[name])
                kind = f"{SUBJECT}, {mode(sandbox=sandbox)}"
                each = {part: (after[part] - before[part]) / count * 1000 for part in after}
                figures += [Figure(kind, f"{name}: {part}", value, "ms") for part, value in each.items()]
                figures.append(Figure(kind, f"{name}: all", sum(each.values()), "ms"))
    return figures


def spent(place: Place, worker: Program) -> dict[str, float]:
    """Return the processor seconds each part has used so far; the door is this very process."""
    pids = place.running.ground.pids
    database = pids.get("postgres")
    return {
        "worker": seconds([worker.process.pid]),
        "Temporal": seconds([pids["temporal"]] if "temporal" in pids else []),
        "PostgreSQL": seconds([database, *children(database)] if database else []),
        "client": seconds([os.getpid()]),
    }


def seconds(pids: Iterable[int]) -> float:
    """Return the processor seconds of some processes."""
    return sum(sum(map(int, _status(Path(f"/proc/{pid}/stat"))[11:13])) for pid in pids) / TICKS


def children(parent: int) -> list[int]:
    """Return the processes that one has started."""
    found = []
    for place in Path("/proc").glob("[0-9]*"):
        try:
            if int(_status(place / "stat")[1]) == parent:
                found.append(int(place.name))
        except OSError:  # it has just ended
            continue
    return found


def _status(file: Path) -> list[str]:
    """Return the fields after the name, which may itself hold spaces."""
    return file.read_text(encoding="ascii", errors="replace").rpartition(")")[2].split()
