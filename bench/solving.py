"""What other orders feel while the cause of an incident with many children is dealt with and all owners are told.

Whole lives begin at one pace by the real door, in one run; every few seconds the relay is stopped or goes on, so that
whatever else the machine does meanwhile falls on both sides alike (GRP-06).
"""

import asyncio
import contextlib
import itertools
import secrets
import signal
import time
from collections.abc import AsyncIterator, Awaitable
from typing import Any

from bench.figures import Figure, percentile, spread
from bench.life import OPERATOR, STEPS, DoorLife, form, many
from bench.place import Place, Program, until
from domain.commands import CommandName
from starter.acting import act
from starter.actor import Actor
from starter.client import receive_matter
from starter.groups.proposing import ProposalForm, propose_incident
from starter.request import Request

SUBJECT = "solving an incident"
BAR = "≤ 1.5"
CASES_A_SECOND = 1.0
"""Lives begun in a second, whether those before have ended or not: a seventh of what two cores can live."""
WINDOW = 4
"""So many lives begin before the relay is stopped, or goes on."""
AT_ONCE = 8
PATIENCE_S = 1800.0
OUTAGE = {"category": "WATER_OUTAGE", "room": "JX03-1-1502", "text": "停水了"}
NOTICE = {"kind": "result", "by": "sms", "found": "水箱浮球阀损坏,已查明", "words": "浮球阀已更换,供水已恢复正常"}
CAUSE = ("dispatch", "accept", "arrive", "complete_handling")
LOOKED_AT = "update mass_watch set outcome = 'none' where outcome is null"
ATTACHED = "select count(*) from work_order where incident = $1 and order_id <> $1"
SOLVED = "select count(*) from child_step where incident = $1 and command = 'solve_together' and outcome is not null"
TOLD = """
select count(*) from child_step join owner_message using (message_id)
where incident = $1 and command = 'give_feedback' and confirmed_at is not null
"""


class Sides(list[float]):
    """How long actions took: those that ended while the relay carried, and those while it was stopped."""

    def __init__(self) -> None:
        super().__init__()
        self.carried: list[float] = []
        self.still: list[float] = []
        self.carries = True

    def append(self, took: float) -> None:
        """Note an action on the side of this moment."""
        (self.carried if self.carries else self.still).append(took)


async def measure(place: Place) -> list[Figure]:
    """Receive the children, attach them, then solve their incident and tell their owners, beside other lives."""
    count, sides = place.size(500, 120), Sides()
    async with place.worker(sandbox=True):
        members = await many(lambda _: _received(place), count, AT_ONCE)
        await place.sql(LOOKED_AT)  # nothing is proposed beside ours
        proposal = ProposalForm(tuple(members), "水箱故障", secrets.token_hex(8))
        parent = (await propose_incident(place.desk, proposal, OPERATOR)).order_id
        async with _relay(place) as relay:
            await _give(place, parent, "confirm_incident", OPERATOR)
            await _until_all(place, ATTACHED, parent, count)
            for step in CAUSE[:-1]:
                await _give(place, parent, step)
            solving_s = await _beside(place, sides, relay, _solved(place, parent, count))
            telling_s = await _beside(place, sides, relay, _told(place, parent, count))
    kind = f"{SUBJECT}, {count:,} children, {CASES_A_SECOND:g} other lives begun a second"
    ratio = percentile(sides.carried, 99) / percentile(sides.still, 99)
    return [
        *spread(kind, "other orders, action, the relay stopped", sides.still),
        *spread(kind, "other orders, action, while children are solved and told", sides.carried),
        Figure(kind, "p99 while carried / p99 with the relay stopped", ratio, "×", BAR),
        Figure(kind, "children solved", count / solving_s, "/s"),
        Figure(kind, "owners told", count / telling_s, "/s"),
    ]


async def _received(place: Place) -> str:
    return (await receive_matter(place.desk, form(**OUTAGE), OPERATOR)).order_id


@contextlib.asynccontextmanager
async def _relay(place: Place) -> AsyncIterator[Program]:
    program = await Program.launched("starter.relay", place.environment(sandbox=True), place.folder)
    try:
        await program.until_said("relay.ready")
        yield program
    finally:
        program.process.send_signal(signal.SIGCONT)
        await program.stop()


async def _give(place: Place, order_id: str, command: str, actor: Actor | None = None, **said: Any) -> None:
    who, usual = next(((one[1], one[2]) for one in STEPS if one[0] == command), (OPERATOR, {}))
    await act(place.desk, Request(order_id, CommandName(command), actor or who, said or usual))


async def _solved(place: Place, parent: str, count: int) -> None:
    await _give(place, parent, CAUSE[-1])
    await _until_all(place, SOLVED, parent, count)


async def _told(place: Place, parent: str, count: int) -> None:
    await _give(place, parent, "give_mass_notice", OPERATOR, **NOTICE)
    await _until_all(place, TOLD, parent, count)


async def _until_all(place: Place, asked: str, parent: str, count: int) -> None:
    async def all_of_them() -> bool:
        [row] = await place.sql(asked, parent)
        return bool(row["count"] >= count)

    await until(all_of_them, PATIENCE_S, pause=0.5)


async def _beside(place: Place, sides: Sides, relay: Program, work: Awaitable[None]) -> float:
    """Begin lives at a fixed pace until some work is done; return for how many seconds the relay worked on it."""
    life, begun, carried = DoorLife(place.desk), time.perf_counter(), asyncio.ensure_future(work)
    lives: list[asyncio.Task[None]] = []
    worked = 0.0
    for number in itertools.count():
        began = time.perf_counter()
        await asyncio.wait({carried}, timeout=max(0.0, begun + number / CASES_A_SECOND - began))
        worked += (time.perf_counter() - began) * sides.carries
        if carried.done():
            break
        _switch(sides, relay, carries=number // WINDOW % 2 == 0)
        lives.append(asyncio.create_task(life.case(sides)))
    _switch(sides, relay, carries=True)
    await carried
    await asyncio.gather(*lives)
    return worked


def _switch(sides: Sides, relay: Program, *, carries: bool) -> None:
    """Stop the relay, or let it go on."""
    if carries is not sides.carries:
        relay.process.send_signal(signal.SIGCONT if carries else signal.SIGSTOP)
        sides.carries = carries
