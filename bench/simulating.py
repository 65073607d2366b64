"""Measures what trying a policy costs: 10,000 past orders, rules alone and from the file on (at most 5 s)."""

import csv
import gc
import os
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path
from random import Random

from domain.settings.catalogue import categories_of
from domain.settings.community import CommunityFile
from domain.simulation.past_orders import Act, PastOrder
from domain.simulation.past_terms import Shelf
from domain.simulation.simulating import Simulation, simulate
from starter.community_file import load
from starter.opening import sample_community
from starter.past_export import write_header, write_past_orders

ORDERS = 10_000
COMMUNITIES = ("jinxiu", "yangguang")
YEAR = datetime(2026, 1, 1, tzinfo=UTC)
MINUTES = 365 * 24 * 60
MIDDLE, SCATTER = 4, 1.5
"""Of the minutes between two acts, as powers of e: half of them are under an hour, one in ten over six."""


def orders(file: CommunityFile, count: int = ORDERS) -> Iterator[PastOrder]:
    """Yield orders of a year, spread over every category, each with all its acts."""
    dice = Random(7)  # noqa: S311 - figures repeat by a seed
    offered = {name: [one.code for one in categories_of(file, name)] for name in COMMUNITIES}
    for _ in range(count):
        community, at = dice.choice(COMMUNITIES), YEAR + timedelta(minutes=dice.randrange(MINUTES))
        acts: dict[Act, datetime] = {}
        for act in Act:
            acts[act] = at
            at += timedelta(minutes=dice.lognormvariate(MIDDLE, SCATTER))
        yield PastOrder(community, dice.choice(offered[community]), None, None, acts)


def seconds(work: Callable[[], object]) -> tuple[float, float]:
    """Return the best of three measurements on the wall, and the processor time of that one, children included."""
    found = []
    for _ in range(3):
        gc.collect()
        begun, busy = time.perf_counter(), sum(os.times()[:4])
        work()
        found.append((time.perf_counter() - begun, sum(os.times()[:4]) - busy))
    return min(found)


def described(found: Simulation) -> str:
    """Say how much there was to do."""
    judged, breached = (sum(getattr(one, what) for one in found.clocks.values()) for what in ("judged", "breached"))
    return f"{found.orders} orders, {judged} clocks, {breached} breaches, {found.disturbed.total()} levels"


def commanded(*words: str) -> None:
    """Run the command line as an operator does."""
    huiyin = Path(sys.executable).with_name("huiyin")
    subprocess.run((huiyin, "policy", "simulate", *words), stdout=subprocess.DEVNULL, check=True)  # noqa: S603 - ours


def measure(folder: Path) -> None:
    """Print the figures."""
    settings = sample_community()
    file = load(settings)
    past = list(orders(file))
    print(described(simulate(Shelf(file), past)))
    with (folder / "past.csv").open("w", encoding="utf-8", newline="") as stream:
        write_header(stream)
        write_past_orders(stream, past)
    with (folder / "past.csv").open(encoding="utf-8", newline="") as stream:
        assert sum(1 for _ in csv.reader(stream)) == ORDERS + 1
    words = (str(settings), "--orders", str(folder / "past.csv"))
    figures = {
        "rules alone, acknowledged": lambda: simulate(Shelf(file), past),
        "rules alone, nobody acknowledges": lambda: simulate(Shelf(file), past, acknowledged=False),
        "huiyin policy simulate": lambda: commanded(*words),
        "huiyin policy simulate --against": lambda: commanded(*words, "--against", str(settings)),
    }
    for name, work in figures.items():
        wall, processor = seconds(work)
        print(f"  {name:<34} {wall:6.2f} s, of it {processor:.2f} s of processor time")


if __name__ == "__main__":
    with tempfile.TemporaryDirectory(prefix="huiyin-simulating-") as made:
        measure(Path(made))
