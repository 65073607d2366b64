"""Cases a second, side by side: Huiyin by the bare engine and by the real door, raw Temporal, and DBOS."""

import asyncio
import json
import os
import sys
from collections import defaultdict
from pathlib import Path

from bench.figures import Figure, middle, mode, spread
from bench.life import STEPS, DoorLife, EngineLife, Lap, lap
from bench.place import ROOT, Place, create_database
from bench.raw import RawLife
from starter.replay import replay
from workflows.contract import workflow_id

SUBJECT = "throughput"
AT_ONCE = (1, 8, 32)
ENGINE, RAW, DOOR = "a: Huiyin, bare engine", "b: raw Temporal", "Huiyin, real door"
DBOS, DBOS_UNANSWERED = "c: DBOS", "DBOS, commands sent but not answered"
TO_RAW, TO_DBOS = "≥ 0.8", "≥ 1.5"
DBOS_LIMIT_S = 180.0
Laps = dict[tuple[str, int], list[Lap]]


async def measure(place: Place, *, with_dbos: bool = True) -> list[Figure]:
    """Measure all of them in turns, first without the sandbox, then with it; DBOS has none, and takes turns once."""
    figures: list[Figure] = []
    for sandbox in (False, True):
        async with place.worker(sandbox=sandbox), place.worker("bench.raw", sandbox=sandbox):
            lives = contests(place)
            others = await Dbos.prepared(place) if with_dbos and not sandbox else None
            laps: Laps = defaultdict(list)
            for contest in lives.values():
                await lap(contest.case, 8, 8)  # warm: code loaded, connections open
            for _ in range(place.size(3, 1)):
                for at_once in AT_ONCE:
                    for name, contest in lives.items():
                        laps[name, at_once].append(await lap(contest.case, cases(place, at_once), at_once))
                    if others:
                        for name in (DBOS, DBOS_UNANSWERED):
                            laps[name, at_once].append(await others.lap(name, cases(place, at_once), at_once))
        figures += told(laps, sandbox=sandbox)
    return figures


def contests(place: Place) -> dict[str, EngineLife | RawLife | DoorLife]:
    """Return those that run on Temporal, by name."""
    return {ENGINE: EngineLife(place.desk), RAW: RawLife(place.desk.engine), DOOR: DoorLife(place.desk)}


def cases(place: Place, at_once: int) -> int:
    """Return how many cases a lap has: some seconds' worth."""
    return place.size({1: 10, 8: 32, 32: 64}[at_once], {1: 2, 8: 8, 32: 32}[at_once])


def told(laps: Laps, *, sandbox: bool) -> list[Figure]:
    """Turn laps into figures: rates are medians of the rounds, ratios medians of the ratios within each round."""
    kind = f"{SUBJECT}, {mode(sandbox=sandbox)}"
    figures: list[Figure] = []
    for (name, at_once), done in laps.items():
        title = f"{name}, {at_once} at once"
        figures.append(Figure(kind, title, middle(one.rate for one in done), "cases/s"))
        figures += spread(kind, f"{title}, action", [action for one in done for action in one.actions])
    for other, bar in ((RAW, TO_RAW), (DBOS, TO_DBOS), (DBOS_UNANSWERED, None)):
        for at_once in AT_ONCE:
            figures += ratio(kind, laps, other, at_once, bar)
    return figures


def ratio(kind: str, laps: Laps, other: str, at_once: int, bar: str | None) -> list[Figure]:
    """Compare Huiyin with another, if it ran."""
    pairs = zip(laps[ENGINE, at_once], laps.get((other, at_once), []), strict=False)
    ratios = [ours.rate / theirs.rate for ours, theirs in pairs]
    return [Figure(kind, f"a / {other}, {at_once} at once", middle(ratios), "×", bar)] if ratios else []


class Dbos:
    """DBOS on the same PostgreSQL, with the batches that a work order wrote."""

    def __init__(self, system: str, record: str, batches: Path) -> None:
        self.asked = {"system": system, "record": record, "batches": str(batches)}

    @classmethod
    async def prepared(cls, place: Place) -> "Dbos":
        """Live one case, take its batches from its history, and make a database for DBOS."""
        life = EngineLife(place.desk)
        order_id = await life.start()
        await place.until_recorded(order_id)  # else reception and first command share a batch
        for step in range(len(STEPS)):
            await life.give(order_id, step)
        history = await place.desk.engine.get_workflow_handle(workflow_id(order_id)).fetch_history()
        trace, differences = await replay([history])
        assert (len(trace.batches), differences) == (len(STEPS) + 1, []), differences
        file = place.folder / "batches.json"
        file.write_text(json.dumps([batch.model_dump(mode="json") for batch in trace.batches]), encoding="utf-8")
        return cls(await create_database(place.running.ground.dsn, "bench_dbos"), place.dsn, file)

    async def lap(self, name: str, cases: int, at_once: int) -> Lap:
        """Run a lap in as many processes as this machine has cores, if that many cases live at once."""
        count = min(os.cpu_count() or 1, at_once)
        asked = {**self.asked, "cases": cases // count, "at_once": at_once // count}
        asked["answering"] = name == DBOS
        programs = [await self._launched(asked) for _ in range(count)]
        for program in programs:
            await self._line(program)
        laps = await asyncio.gather(*(self._ran(program) for program in programs))
        actions = [action for one in laps for action in one.actions]
        return Lap(sum(one.cases for one in laps), max(one.seconds for one in laps), actions)

    async def _launched(self, asked: dict[str, object]) -> asyncio.subprocess.Process:
        argv = (sys.executable, "-m", "bench.dbos_app", json.dumps(asked))
        pipe = asyncio.subprocess.PIPE
        return await asyncio.create_subprocess_exec(*argv, stdin=pipe, stdout=pipe, cwd=ROOT, limit=2**24)

    async def _ran(self, program: asyncio.subprocess.Process) -> Lap:
        assert program.stdin is not None
        program.stdin.write(b"go\n")
        found = Lap(**json.loads(await self._line(program)))
        await program.wait()
        return found

    async def _line(self, program: asyncio.subprocess.Process) -> bytes:
        assert program.stdout is not None
        line = await asyncio.wait_for(program.stdout.readline(), DBOS_LIMIT_S)
        if not line:
            raise RuntimeError("DBOS ended early; see what it printed above")
        return line
