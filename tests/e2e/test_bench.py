"""The bench still runs: two cases of each contender that needs nothing but this repository."""

import asyncio
import json
import sys
from pathlib import Path

ROOT = Path(__file__).parents[2]


async def test_two_cases_of_each_live(tmp_path) -> None:
    file = tmp_path / "figures.json"
    argv = (sys.executable, "-m", "bench.run", "--smoke", "--output", str(file))
    process = await asyncio.create_subprocess_exec(*argv, cwd=ROOT)
    assert await asyncio.wait_for(process.wait(), 120) == 0
    figures = json.loads(file.read_text(encoding="utf-8"))["figures"]
    assert [figure["name"][:3] for figure in figures] == ["a: ", "b: ", "Hui"]
    assert all(figure["value"] > 0 for figure in figures)
