"""The demonstration does what the README says: sixty orders, a worker killed, every end and every history true."""

import asyncio
import json
import os
import re
import shlex
import sys
from collections import Counter
from pathlib import Path

import pytest
from machine import Machine, clean_environment
from rich.cells import cell_len

from starter.demo.stories import STORIES

ROOT = Path(__file__).parents[2]
HUIYIN = Path(sys.executable).with_name("huiyin")


@pytest.fixture(scope="module")
async def shown() -> tuple[int, dict, str]:
    """One run: its exit code, what a program gets, what a person sees."""
    ours = {name: value for name, value in os.environ.items() if not name.startswith("HUIYIN_")}
    process = await asyncio.create_subprocess_exec(
        *(HUIYIN, "demo", "--lang", "en", "--json"),
        cwd=ROOT,
        env={**ours, "COLUMNS": "80"},
        stdout=asyncio.subprocess.PIPE,
        stderr=asyncio.subprocess.PIPE,
    )
    document, printed = await asyncio.wait_for(process.communicate(), 300)
    told = printed.decode()
    assert process.returncode is not None
    assert document, told[-3000:]
    return process.returncode, json.loads(document), told


async def test_every_order_reaches_its_end_though_its_worker_is_killed(shown) -> None:
    """OPS-01, OPS-02: by the record; the orders under the killed worker too; each history replays to the record."""
    code, facts, told = shown
    assert code == 0, told[-3000:]
    assert facts["stories"] == {story.en: story.orders for story in STORIES}
    assert [facts[name] for name in ("orders", "as_meant", "replayed", "equal")] == [60] * 4
    assert facts["came_through"] == facts["killed_under"] >= 8
    assert re.search(r"kill -9: worker \d+ killed on purpose, \d+ orders", told)
    assert re.search(r"New worker \d+: after \d+\.\d s the orders go on", told)


async def test_the_table_counts_what_the_stories_make_happen(shown) -> None:
    """The two clocks of the promise; those of the staff differ with the grade of a record."""
    _, facts, told = shown
    breached, levels = Counter(), 0
    for story in STORIES:
        breached["response"] += story.orders * (story.end.response == "breached")
        breached["feedback"] += story.orders * story.end.feedback.count("breached")
        levels += story.orders * sum(story.end.levels.values())
    assert {name: facts["breaches"][name] for name in breached} == breached
    assert sum(facts["levels"].values()) >= levels
    for line in ("orders by end    confirmed 50 · reopened, confirmed 6 · withdrawn 4", "(48 of 60 in time)"):
        assert line in told
    assert re.search(r"median response  [1-4] min \d\d s", told)


async def test_the_most_dramatic_life_is_told_and_all_fits_the_terminal(shown) -> None:
    _, _, told = shown
    assert "The most dramatic of them: 100000" in told
    assert "feedback level 4" in told
    lines = [line.rstrip() for line in told.splitlines() if "huiyin" not in line]  # commands are never broken
    assert max(cell_len(line) for line in lines) <= 80


async def test_the_three_commands_work(shown, tmp_path) -> None:
    """What the screen says to type works for somebody whose demonstration has just ended."""
    _, _, told = shown
    typed = [shlex.split(line.rpartition("  ")[0]) for line in told.splitlines() if re.match(r"  \S*huiyin ", line)]
    up, receive, watch = ([*words[1:]] for words in typed)
    machine = Machine(clean_environment(tmp_path / "data"))
    assert up == ["up"]
    await machine.start()
    try:
        order = (await machine.done(*receive))["order"]
        code, board = await machine.run(*watch)
    finally:
        await machine.stop()
    assert (code, order.removeprefix("wo_") in board) == (0, True), board
