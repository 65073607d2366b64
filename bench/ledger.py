"""The house ledger: how long one of 100,000 rooms takes to load, as a command, and what a look-up in it costs."""

import asyncio
import csv
import json
import sys
import time
from pathlib import Path

from bench.figures import Figure, spread
from bench.place import ROOT, Place
from domain.intake.proposing import room_name
from records import ledger, subjects
from records.pool import transaction
from starter.contacting import groups_here, manner_for

ROOMS, QUICK = 100_000, 2_000
LOOKS = 200
COMMUNITY, BUILDING = "jinxiu", "JX03"
GROUPS = ("", "elderly", "elderly_alone;disabled", "infant_family")


async def measure(place: Place) -> list[Figure]:
    """Load a ledger twice by the command an operator types, then ask it as receiving and telling do."""
    rooms = place.size(ROOMS, QUICK)
    file = write_ledger(place.folder / "ledger.csv", rooms)
    first, again = await load(place, file), await load(place, file)
    assert (first.told["added"], again.told["added"], again.told["unchanged"]) == (rooms, 0, rooms)
    by_person, by_room = await looks(place, rooms)
    return [
        Figure("ledger", f"load {rooms:,} rooms, one resident each", first.seconds, "s", "≤ 60"),
        Figure("ledger", "load the same file again", again.seconds, "s"),
        *spread("ledger", "how to speak with a reporter", by_person),
        *spread("ledger", "groups of a room's household", by_room),
    ]


def write_ledger(file: Path, rooms: int) -> Path:
    """Write a ledger of invented people."""
    with file.open("w", encoding="utf-8", newline="") as stream:
        out = csv.writer(stream)
        out.writerow(("room", "name", "phone", "relation", "groups", "preferred_channel", "contact_hours"))
        for at in range(rooms):
            row = (room_of(at), f"样例{at}", phone_of(at), "owner", GROUPS[at % 4], "phone", "18:00-20:00")
            out.writerow(row)
    return file


def room_of(at: int) -> str:
    """Return the room of a line."""
    return f"{BUILDING}-{at // 1000 + 1}-{at % 1000:04d}"


def phone_of(at: int) -> str:
    """Return the number of a line."""
    return f"139{at:08d}"


class Loaded:
    """How long one load took, and what it said."""

    def __init__(self, seconds: float, out: bytes) -> None:
        self.seconds, self.told = seconds, json.loads(out)


async def load(place: Place, file: Path) -> Loaded:
    """Run `huiyin load --ledger` as a process."""
    argv = (sys.executable, "-m", "starter.cli.main", "load", "--ledger", str(file))
    words = (*argv, "--community", COMMUNITY, "--as", "S01", "--json")
    begun = time.perf_counter()
    pipe, env = asyncio.subprocess.PIPE, place.environment(sandbox=True)
    process = await asyncio.create_subprocess_exec(*words, env=env, stdout=pipe, cwd=ROOT)
    out, _ = await process.communicate()
    return Loaded(time.perf_counter() - begun, out)


async def looks(place: Place, rooms: int) -> tuple[list[float], list[float]]:
    """Ask for persons and for rooms, spread over the whole ledger; each must be found."""
    desk, by_person, by_room = place.desk, [], []
    for at in range(0, rooms, rooms // LOOKS):
        async with transaction(desk.pool) as conn:
            who = await subjects.find(conn, desk.ring, COMMUNITY, phone_of(at))
            begun = time.perf_counter()
            assert (await manner_for(desk, conn, COMMUNITY, str(who))).hours
            by_person.append(time.perf_counter() - begun)
            assert await ledger.at_room(conn, desk.ring, COMMUNITY, room_name(room_of(at)))
        begun = time.perf_counter()
        await groups_here(desk, COMMUNITY, room_of(at))
        by_room.append(time.perf_counter() - begun)
    return by_person, by_room
