"""A process whose clock is an hour behind: deadlines go by the engine's clock and the record's, not by its own.

The clock is set back for one process alone, by a library loaded before all others, compiled here.
"""

import asyncio
import json
import shutil
import subprocess
import sys
import time
from datetime import UTC, datetime, timedelta

import pytest
from dying_house import dying
from house import Matter, eventually, instant
from machine import MATTER

from records import outgoing
from starter.reconcile import differences

HOUR_BEHIND = r"""
#define _GNU_SOURCE
#include <dlfcn.h>
#include <sys/time.h>
#include <time.h>
int clock_gettime(clockid_t clock, struct timespec *now) {
  static int (*real)(clockid_t, struct timespec *);
  if (!real) real = (int (*)(clockid_t, struct timespec *)) dlsym(RTLD_NEXT, "clock_gettime");
  int failed = real(clock, now);
  if (!failed && clock == CLOCK_REALTIME) now->tv_sec -= 3600;
  return failed;
}
time_t time(time_t *kept) {
  struct timespec now;
  clock_gettime(CLOCK_REALTIME, &now);
  if (kept) *kept = now.tv_sec;
  return now.tv_sec;
}
int gettimeofday(struct timeval *restrict kept, void *restrict zone) {
  struct timespec now;
  (void) zone;
  clock_gettime(CLOCK_REALTIME, &now);
  kept->tv_sec = now.tv_sec;
  kept->tv_usec = now.tv_nsec / 1000;
  return 0;
}
"""


@pytest.fixture(scope="module")
def hour_behind(tmp_path_factory) -> dict[str, str]:
    """What a process must be told so that its clock is an hour behind."""
    compiler = shutil.which("cc") or shutil.which("gcc")
    if compiler is None:
        pytest.skip("no C compiler (cc or gcc) here: the clock of one process can't be set back")
    folder = tmp_path_factory.mktemp("clock")
    (folder / "behind.c").write_text(HOUR_BEHIND, encoding="utf-8")
    words = (compiler, "-shared", "-fPIC", "-O1", "-o", folder / "behind.so", folder / "behind.c", "-ldl")
    subprocess.run(words, check=True)
    return {"LD_PRELOAD": str(folder / "behind.so")}


@pytest.fixture(scope="module")
async def house(ground, desk, hour_behind, tmp_path_factory):
    """Worker, relay and command line an hour behind; the servers and this test are not."""
    data = tmp_path_factory.mktemp("behind")
    async with dying(ground, desk.settings, data, 1, "worker", "starter.relay", **hour_behind) as house:
        yield house


async def received(house) -> Matter:
    code, printed = await house.command("receive", *MATTER, "--json")
    assert code == 0, printed
    return Matter(house.desks[0], json.loads(printed)["order"])


async def test_its_clock_is_an_hour_behind(house) -> None:
    """What follows would prove nothing otherwise."""
    words = ("-c", "import time; print(time.time())")
    process = await asyncio.create_subprocess_exec(
        sys.executable, *words, env=house.environment, stdout=asyncio.subprocess.PIPE
    )
    told, _ = await process.communicate()
    assert 3590 < time.time() - float(told) < 3700


async def test_received_now_is_received_now(house) -> None:
    """CLK-32, design 4a.2: a command line whose clock is wrong does not move the owner's limits."""
    matter = await received(house)
    [first] = await matter.until("received")
    row = (await matter.file()).row
    assert abs(row.received_at - datetime.now(UTC)) < timedelta(minutes=5)
    assert instant(first["at"]) == row.received_at
    code, printed = await house.command("respond", matter.order_id, "--as", "S06", "--json")
    assert code == 0, printed
    [stopped] = await matter.until("clock_stopped")
    assert stopped["payload"]["outcome"] == "met"
    assert await matter.events("clock_breached") == []


async def test_alarms_speak_at_their_instants(house) -> None:
    """CLK-02, ESC-07: worker and relay an hour behind: breach and level 1 after 15 minutes, and a message."""
    matter = await received(house)
    await matter.skip(timedelta(minutes=15, seconds=30))
    [breach] = await matter.until("clock_breached", clock="response")
    [level] = await matter.until("escalated", clock="response")
    due = (await matter.file()).row.received_at + timedelta(minutes=15)
    assert (instant(breach["at"]), instant(level["at"])) == (due, due)
    assert "late" not in breach["payload"]

    async def sent() -> list:
        return [row for row in await outgoing.notices(matter.desk.pool, matter.order_id) if row.sent_at]

    assert await eventually(sent, bool, 60)
    assert await differences(matter.desk, matter.order_id) is None
