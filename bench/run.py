"""`make bench`: measure on servers it starts itself, print a table, keep it in `bench/latest.json`."""

import argparse
import asyncio
import importlib.metadata
import os
import platform
import shlex
import sys
import tempfile
import time
import traceback
from collections.abc import Awaitable, Callable
from datetime import UTC, datetime
from pathlib import Path

from bench import (
    alarms,
    calendars,
    cold,
    duplicates,
    duties,
    figures,
    ledger,
    memory,
    processor,
    proposing,
    replaying,
    restart,
    solving,
    storage,
    throughput,
)
from bench.figures import Figure
from bench.place import Place, opened

Subject = Callable[[Place], Awaitable[list[Figure]]]
SUBJECTS: dict[str, Subject] = {
    "calendars": calendars.measure,
    "throughput": throughput.measure,
    "processor": processor.measure,
    "alarms": alarms.measure,
    "cold": cold.measure,
    "memory": memory.measure,
    "storage": storage.measure,
    "ledger": ledger.measure,
    "duties": duties.measure,
    "propose": proposing.measure,
    "duplicates": duplicates.measure,
    "solving": solving.measure,
    "replay": replaying.measure,
    "restart": restart.measure,
}
ALONE = "restart"
"""Measured on servers of its own: after a start the alarms of whatever others left open would come first."""


async def smoke(place: Place) -> list[Figure]:
    """Live two cases of each kind that needs nothing to be installed."""
    found = []
    async with place.worker(sandbox=True), place.worker("bench.raw", sandbox=True):
        for name, contest in throughput.contests(place).items():
            lap = await throughput.lap(contest.case, 2, 2)
            found.append(Figure("smoke", name, lap.rate, "cases/s"))
    return found


async def measured(asked: argparse.Namespace) -> tuple[list[Figure], dict[str, str]]:
    """Run the subjects one after another, and tell how far it is."""
    found: list[Figure] = []
    about: dict[str, str] = {}
    subjects = {"smoke": smoke} if asked.smoke else {name: SUBJECTS[name] for name in asked.only or SUBJECTS}
    together = {name: subject for name, subject in subjects.items() if name != ALONE}
    alone = {name: subject for name, subject in subjects.items() if name == ALONE}
    for group in filter(None, (together, alone)):
        with tempfile.TemporaryDirectory(prefix="huiyin-bench-") as folder:
            async with opened(Path(folder), quick=asked.quick or asked.smoke) as place:
                about = about or described(place, asked)
                for name, subject in group.items():
                    found += await _figures_of(name, subject, place, about)
    return found, about


async def _figures_of(name: str, subject: Subject, place: Place, about: dict[str, str]) -> list[Figure]:
    """Measure one subject; when it fails that is told, and the other figures are wanted all the same."""
    begun = time.perf_counter()
    say(f"{name} …")
    try:
        return await subject(place)
    except Exception:  # noqa: BLE001 - the same
        traceback.print_exc()
        about["failed"] = f"{about.get('failed', '')} {name}".strip()
        return []
    finally:
        say(f"{name}: {time.perf_counter() - begun:.0f} s")


def described(place: Place, asked: argparse.Namespace) -> dict[str, str]:
    """Tell on what, when and how it was measured."""
    ground = place.running.ground
    memory = os.sysconf("SC_PAGE_SIZE") * os.sysconf("SC_PHYS_PAGES") / 2**30
    scale = "quick: small counts, good for ratios only" if asked.quick or asked.smoke else "full"
    return {
        "command": shlex.join(["python", "-m", "bench.run", *sys.argv[1:]]),
        "scale": scale,
        "date": datetime.now(UTC).strftime("%Y-%m-%d %H:%M UTC"),
        "machine": f"{os.cpu_count()} cores, {memory:.0f} GiB, {platform.system()} {platform.machine()}",
        "load_at_the_start": f"{os.getloadavg()[0]:.1f}",
        "python": platform.python_version(),
        "temporal_server": f"{ground.temporal_version}, on {store()}",
        "postgresql": ground.postgres_version,
        "temporalio": version("temporalio"),
        "dbos": version("dbos"),
    }


def store() -> str:
    """Name what keeps Temporal's own data."""
    return "the store of HUIYIN_TEMPORAL_ADDRESS" if "HUIYIN_TEMPORAL_ADDRESS" in os.environ else "SQLite"


def version(package: str) -> str:
    """Return the installed version of a package."""
    try:
        return importlib.metadata.version(package)
    except importlib.metadata.PackageNotFoundError:
        return "not installed"


def say(line: str) -> None:
    """Tell how far it is."""
    print(f"{datetime.now(UTC):%H:%M:%S} {line}", file=sys.stderr, flush=True)


def main() -> int:
    """Read the options, measure, and show; 1 when a subject could not be measured."""
    parser = argparse.ArgumentParser(prog="python -m bench.run", description=__doc__)
    parser.add_argument("--only", nargs="+", choices=SUBJECTS, metavar="NAME", help=f"of {', '.join(SUBJECTS)}")
    parser.add_argument("--quick", action="store_true", help="small counts: a few minutes, ratios only")
    parser.add_argument("--smoke", action="store_true", help="two cases of each, to see that it runs")
    parser.add_argument("--output", type=Path, default=figures.LATEST, help="file to keep the figures in")
    parser.add_argument(
        "--write-docs", action="store_true", help="put the kept figures into docs/performance.md; measure nothing"
    )
    asked = parser.parse_args()
    if asked.write_docs:
        figures.write_docs(asked.output)
        return 0
    found, about = asyncio.run(measured(asked))
    print(figures.table(found))
    figures.keep(found, about, asked.only or (), asked.output)
    return int("failed" in about)


if __name__ == "__main__":
    code = main()
    sys.stdout.flush()
    os._exit(code)  # the SDK may crash the interpreter at its end (sdk-python #300)
