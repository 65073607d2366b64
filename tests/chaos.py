"""A chaos run: an installation under load whose parts are killed at random, and then every invariant, one by one.

`make chaos` runs it for ten minutes; `python tests/chaos.py --help` names its options.
"""

import argparse
import asyncio
import json
import logging
import secrets
import shutil
import statistics
import sys
import tempfile
import time
from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from random import Random

import invariants
from chaos_lives import Door, Driver
from chaos_settings import quick_community
from chaos_trouble import Trouble
from evidence import Evidence, of_record, whole
from machine import Machine, clean_environment
from temporalio.runtime import LoggingConfig, Runtime, TelemetryConfig, TelemetryFilter

from domain.refusals import Refused

LONGEST_LIFE = 35.0
"""Seconds before the end of the run in which no order begins any more, so that most are lived among the blows."""
UP_WITHIN = 300.0
"""Seconds that `huiyin up` may need on a machine with much else to do."""
SETTLED_WITHIN = 300.0
"""Seconds after the last blow: a delivery that failed several times waits the longest."""
PROGRESS_EVERY = 5.0


@dataclass(frozen=True)
class Plan:
    """One run: how long, how many orders, by which dice, with how many workers, in which folder."""

    seconds: float
    orders: int
    seed: str
    workers: int
    folder: Path


async def run(plan: Plan, say: Callable[[str], None] = print) -> tuple[dict, Evidence]:
    """Run, settle, judge; the report, and what it rests on."""
    community = quick_community(plan.folder / "community.toml")
    environment = {**clean_environment(plan.folder / "data"), "HUIYIN_COMMUNITY": str(community)}
    machine = Machine(environment, workers=plan.workers, patience=UP_WITHIN)
    door = Door(machine, community)
    driver = Driver(door, plan.seed)
    await machine.start()
    trouble = Trouble(machine, Random(f"{plan.seed}/trouble"))
    try:
        settled = await _live(plan, driver, trouble, say)
        found = await whole(await door.open(), machine.data, driver.book)
    except BaseException:
        say("\n".join(["  broke off", *_again(plan.seed, plan.folder, trouble.blows)]))
        raise
    finally:
        await door.close()
        await machine.stop()
    return _report(plan, found, trouble, settled), found


async def _live(plan: Plan, driver: Driver, trouble: Trouble, say: Callable[[str], None]) -> float | None:
    """Let orders live among the blows, and everything come to rest."""
    begins = max(plan.seconds - LONGEST_LIFE, 0.0)
    progress = asyncio.create_task(_progress(driver, trouble, say))
    try:
        async with asyncio.TaskGroup() as group:
            group.create_task(driver.drive(plan.orders, begins))
            group.create_task(trouble.go_on(plan.seconds))
        return await _settle(driver, say)
    finally:
        progress.cancel()


async def _settle(driver: Driver, say: Callable[[str], None]) -> float | None:
    """Wait until nothing is on its way and no alarm lies ahead; seconds it took, or None when it never came."""
    begun = time.monotonic()
    while (took := time.monotonic() - begun) < SETTLED_WITHIN:
        try:
            found = await of_record(await driver.door.open(), driver.door.machine.data, driver.book)
        except (Refused, OSError) as error:
            say(f"  settling: {error}")
        else:
            if not any(_on_its_way(found)):
                return round(took, 1)
        await asyncio.sleep(1)  # between two looks
    return None


def _on_its_way(found: Evidence) -> list[int]:
    """Count what has not arrived yet: processes, alarms, outbox rows, messages, deeds of ladders."""
    return [
        sum(intake["started_at"] is None for intake in found.intakes.values()),
        sum(row["seq"] == 0 for row in found.orders.values()),
        sum(bool(line) for line in invariants.no_alarm_is_missed(found)),
        sum(bool(line) for line in invariants.the_outbox_is_carried(found)),
        sum(row["sent_at"] is None for row in found.notices),
        sum(row["outcome"] is None for row in found.deeds),
    ]


async def _progress(driver: Driver, trouble: Trouble, say: Callable[[str], None]) -> None:
    while True:
        await asyncio.sleep(PROGRESS_EVERY)
        given = driver.book.given
        accepted, refused = sum(one.version is not None for one in given), sum(bool(one.refused) for one in given)
        struck = [blow for blow in trouble.blows if blow["struck"]]
        last = f" (last: {struck[-1]['how']} {struck[-1]['victim']})" if struck else ""
        say(
            f"  {time.monotonic() - trouble.begun:5.0f} s  orders {driver.begun} begun {driver.ended} lived  "
            f"commands {accepted} accepted {refused} refused {driver.book.repeated} repeated  blows {len(struck)}{last}"
        )


def _report(plan: Plan, found: Evidence, trouble: Trouble, settled: float | None) -> dict:
    verdicts = invariants.judge(found)
    given, late = found.book.given, invariants.lateness(found)
    struck = Counter(f"{blow['how']} {blow['victim']}" for blow in trouble.blows if blow["struck"])
    alarms = Counter(
        alarm.says.partition("-")[0]
        for order_id in found.orders
        for alarm, _ in invariants.oracle.spoken(invariants.told(found, order_id))
    )
    return {
        "seed": plan.seed,
        "seconds": plan.seconds,
        "workers": plan.workers,
        "folder": str(plan.folder),
        "figures": {
            "orders": len(found.orders),
            "closed": sum(row["closed_at"] is not None for row in found.orders.values()),
            "events": sum(map(len, found.events.values())),
            "commands accepted": sum(one.version is not None for one in given),
            "commands refused": sum(bool(one.refused) for one in given),
            "commands by command line": sum(one.request_id is None for one in given),
            "repeated": found.book.repeated,
            "most tries of one command": max((one.tries for one in given), default=0),
            "undecided": found.book.undecided,
            "alarms": dict(alarms),
            "notices": len(found.notices),
            "told by digest": sum(row["told_by"] is not None for row in found.notices),
            "deeds": dict(Counter(f"{row['action']} {row['outcome']}" for row in found.deeds)),
            "alarm lateness s": _spread(late),
            "blows": dict(struck),
            "settled after s": settled,
        },
        "blows": trouble.blows,
        "invariants": verdicts,
        "held": settled is not None and not any(verdict["violations"] for verdict in verdicts.values()),
    }


def _spread(late: list[float]) -> dict[str, float]:
    if len(late) < 2:
        return {}
    share = statistics.quantiles(late, n=100, method="inclusive")
    return {"p50": round(share[49], 2), "p99": round(share[98], 2), "max": round(late[-1], 2)}


def table(report: dict) -> list[str]:
    """Lines for the screen: the figures, each invariant with its count, and on failure all that repeats the run."""
    lines = [f"  {name:28} {value}" for name, value in report["figures"].items()]
    lines += ["", f"  {'invariant':44} looked at  violations"]
    for name, verdict in report["invariants"].items():
        lines.append(f"  {name.replace('_', ' '):44} {verdict['looked_at']:9} {len(verdict['violations']):11}")
        lines += [f"      {line}" for line in verdict["violations"][:10]]
    again = _again(report["seed"], report["folder"], report["blows"])
    return [*lines, "", *(["  all held"] if report["held"] else ["  NOT HELD", *again])]


def _again(seed: str, folder: Path | str, blows: list[dict]) -> list[str]:
    """Say what repeats a run, and where its servers' data and logs are."""
    struck = [f"    {blow['at']:7.2f} s {blow['how']} {blow['victim']}" for blow in blows if blow["struck"]]
    return [f"  seed {seed} · data kept in {folder}", *struck]


def quiet() -> None:
    """Keep what the clients say of servers that we have killed ourselves off the screen."""
    logging.getLogger("asyncpg").setLevel(logging.CRITICAL)
    level = TelemetryFilter(core_level="ERROR", other_level="ERROR")
    Runtime.set_default(Runtime(telemetry=TelemetryConfig(logging=LoggingConfig(filter=level))))


def main() -> int:
    """Run as a program: exit 0 when every invariant held."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--minutes", type=float, default=10.0, help="how long parts are killed (default 10)")
    parser.add_argument("--orders", type=int, default=300, help="how many orders are received (default 300)")
    parser.add_argument("--seed", default=secrets.token_hex(3), help="repeats a run's dice (default: new ones)")
    parser.add_argument("--workers", type=int, default=2, help="worker processes (default 2)")
    parser.add_argument("--report", type=Path, help="where the report goes (default: the run's own folder)")
    said = parser.parse_args()
    folder = Path(tempfile.mkdtemp(prefix="huiyin-chaos-"))
    plan = Plan(said.minutes * 60, said.orders, said.seed, said.workers, folder)
    print(f"chaos: {said.minutes} min, {said.orders} orders, seed {said.seed}, in {folder}", flush=True)  # noqa: T201
    quiet()
    report, _ = asyncio.run(run(plan, partial(print, flush=True)))
    place = said.report or folder / "report.json"
    place.write_text(json.dumps(report, ensure_ascii=False, indent=2, default=str) + "\n", encoding="utf-8")
    print("\n".join([*table(report), f"  report: {place}"]))  # noqa: T201
    if report["held"]:
        shutil.rmtree(folder / "data")
    return 0 if report["held"] else 1


if __name__ == "__main__":
    sys.exit(main())
