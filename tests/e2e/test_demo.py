"""The demonstration does what the README says: exit 0, a table, a timeline, every order at its end."""

import asyncio
import os
import sys
from pathlib import Path

ROOT = Path(__file__).parents[2]


async def test_the_demonstration_reaches_every_end() -> None:
    ours = {name: value for name, value in os.environ.items() if not name.startswith("HUIYIN_")}
    process = await asyncio.create_subprocess_exec(
        Path(sys.executable).with_name("huiyin"),
        *("demo", "--lang", "en"),
        cwd=ROOT,
        env={**ours, "COLUMNS": "120"},
        stdout=asyncio.subprocess.PIPE,
        stderr=asyncio.subprocess.STDOUT,
    )
    printed, _ = await asyncio.wait_for(process.communicate(), 300)
    told = printed.decode()
    assert process.returncode == 0, told[-3000:]
    assert "All 20 orders reached the end they were meant to" in told
    assert all(story in told for story in ("all in time", "nobody answers", "no feedback for 24 h", "withdrawn"))
    assert "level 4" in told
