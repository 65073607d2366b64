"""The lives of a chaos run: orders received and driven through the real door, as its remedies say, while parts die."""

import asyncio
import json
import secrets
from contextlib import AsyncExitStack
from datetime import UTC, datetime, timedelta
from pathlib import Path
from random import Random

from evidence import CANARY, Book, Given
from house import CALLER, MANAGER, OPERATOR, PLUMBER, SUPERVISOR, USUAL, form, usual
from machine import STEPS, Machine

from domain.commands import CommandName
from domain.refusals import Refused
from stack.ground import read_ground
from starter.acting import UNDECIDED, act
from starter.actor import usr
from starter.client import receive_matter
from starter.desk import Desk
from starter.opening import DoorSettings, open_desk
from starter.request import Request

LIVES = ("whole", "whole", "whole", "withdrawn", "reopened", "urged", "unanswered", "slow")
BY_COMMAND_LINE = 0.08
"""Share of the commands `respond` and `accept` that are given by the command line, a process each."""
AT_ONCE = 50
"""Orders that are lived at once; while a server is away, those to come queue up instead of asking for it too."""
PAUSE, LONGEST_PAUSE = 0.5, 4.0
"""Seconds before a command is repeated: at first, and at most."""
WORDS = {"words": f"{CANARY}在水管里"}

WRONG = (
    (PLUMBER, "register", {}),  # not his to do
    (CALLER, "complete_handling", {"found": CANARY, "measure": CANARY, **WORDS}),  # not hers, whose order it is not
    (OPERATOR, "note", {"expected_version": 99, **WORDS}),
    (CALLER, "record_callback", {"resolved": True, "attitude": 9, "timeliness": 5, "quality": 5}),
)
"""Commands that no order may accept in any stage."""


class Door:
    """The way in: a desk on the ground that runs now, opened again when `up` has come back elsewhere."""

    def __init__(self, machine: Machine, community: Path) -> None:
        self.machine, self.community = machine, community
        self.desk: Desk | None = None
        self._at: tuple[str, str] | None = None
        self._opened = AsyncExitStack()

    async def open(self) -> Desk:
        """Return the desk of the ground that runs. Raises `Refused` (`records-away`) while none does."""
        ground = read_ground(self.machine.data)
        if ground is None:
            raise Refused("records-away")
        at = (ground.dsn, ground.temporal_address)
        if self.desk is None or at != self._at:
            said = {"database_url": ground.dsn, "temporal_address": at[1], "temporal_namespace": ground.namespace}
            where = {"data": self.machine.data, "community": self.community, "pool_size": 16}
            desk = await self._opened.enter_async_context(open_desk(DoorSettings(**where, **said)))
            self.desk, self._at = desk, at
        return self.desk

    async def close(self) -> None:
        await self._opened.aclose()


class Driver:
    """Receives orders and lives their lives; everything it was told stands in its book."""

    def __init__(self, door: Door, seed: str) -> None:
        self.door, self.seed, self.book = door, seed, Book()
        self.begun, self.ended = 0, 0
        self._room = asyncio.Semaphore(AT_ONCE)

    async def drive(self, orders: int, seconds: float) -> None:
        """Let so many orders begin over a span of time, each by a story of its own, and wait until all are told."""
        dice = Random(f"{self.seed}/orders")
        begins = sorted(dice.uniform(0, seconds) for _ in range(orders))
        await asyncio.gather(*(self._life(number, begin) for number, begin in enumerate(begins)))

    async def _life(self, number: int, begin: float) -> None:
        await asyncio.sleep(begin)
        async with self._room:
            self.begun += 1
            await Life(self, Random(f"{self.seed}/{number}")).live(LIVES[number % len(LIVES)])
            self.ended += 1

    async def until_known(self, attempt, broke: list[str]):
        """Repeat with the same key while the outcome is unknown or a server away, as the remedies say."""
        pause = PAUSE
        while True:
            try:
                return await attempt(await self.door.open())
            except Refused as refusal:
                if refusal.code not in UNDECIDED:
                    raise
                self.book.undecided[refusal.code] = self.book.undecided.get(refusal.code, 0) + 1
            except Exception as error:  # noqa: BLE001 - whatever a door raises beside refusals is a finding
                broke.append(f"{type(error).__name__}: {error}")
            self.book.repeated += 1
            await asyncio.sleep(pause)
            pause = min(pause * 2, LONGEST_PAUSE)


class Life:
    """One order and its story."""

    def __init__(self, driver: Driver, dice: Random) -> None:
        self.driver, self.dice, self.order_id = driver, dice, ""

    async def live(self, story: str) -> None:
        await self.receive()
        await self.think()
        await self.give("record_callback", CALLER, must="refused", **USUAL["record_callback"][1])  # far too early
        match story:
            case "whole":
                await self.usual("respond", "record_callback")
            case "withdrawn":
                await self.usual("respond", self.dice.choice(["respond", "register", "accept"]))
                await self.give("withdraw", OPERATOR, by="phone", reason=f"{CANARY}:自己修好了")
            case "reopened":
                await self.reopened()
            case "urged":
                await self.usual("respond", "dispatch")
                urge = self.give("urge", OPERATOR, by="phone", **WORDS)
                await asyncio.gather(urge, self.give("note", OPERATOR, **WORDS), self.give("accept", PLUMBER))
                await self.usual("arrive", "record_callback")
            case "slow":
                await self.usual("respond", "respond")
                await self.think(30)
                await self.give("acknowledge", SUPERVISOR, must="either", clock="register")
                await self.usual("clarify", "record_callback")
            case _:
                await self.think(25)
                await self.give("acknowledge", SUPERVISOR, must="either", clock="response")

    async def reopened(self) -> None:
        await self.usual("respond", "give_feedback")
        bad = {"resolved": False, "they_called": True, "attitude": 2, "timeliness": 1, "quality": 1, **WORDS}
        await self.give("record_callback", CALLER, **bad)
        await self.usual("dispatch", "give_feedback")
        await self.give("record_callback", MANAGER, **USUAL["record_callback"][1])  # after a recovery another calls
        await self.give("complete_recovery", MANAGER, **dict.fromkeys(("apology", "visit", "remedy"), f"{CANARY}:登门"))

    async def receive(self) -> None:
        """Some matters are typed a while after they came, so that their clocks are due at any instant."""
        said = {"text": f"厨房{CANARY}漏水", "reporter_phone": f"138{self.dice.randrange(10**8):08}"}
        if self.dice.random() < 0.4:
            back = timedelta(seconds=self.dice.choice([8.5, 15.5, 18.9, 19.9, 24.0, 55.0, 600.0]))
            said |= {"received_at": datetime.now(UTC) - back, "back_dated_because": f"{CANARY}:停电"}
        matter = form(**said)
        book = self.driver.book
        receipt = await self.driver.until_known(lambda desk: receive_matter(desk, matter, OPERATOR), book.broke)
        self.order_id = receipt.order_id
        book.receipts.append((receipt.order_id, matter.idempotency_key))

    async def usual(self, first: str, last: str) -> None:
        """Live the usual way from one command to another, thinking in between."""
        names = list(USUAL)
        for name in names[names.index(first) : names.index(last) + 1]:
            actor, said = usual(name)
            if name in {"respond", "accept"} and self.dice.random() < BY_COMMAND_LINE:
                await self.type(name)
            else:
                await self.give(name, actor, **said)
            await self.think()
            if self.dice.random() < 0.1:
                await self.wrong()

    async def wrong(self) -> None:
        """Give a command that no order may accept."""
        actor, command, said = self.dice.choice(WRONG)
        await self.give(command, actor, must="refused", **said)

    async def give(self, command: str, actor, *, must: str = "accepted", **said) -> None:
        known = {name: said.pop(name) for name in ("channel", "expected_version") if name in said}
        request = Request(self.order_id, CommandName(command), actor, said, **known)
        given = Given(self.order_id, command, actor.id, request.request_id, must)
        self.driver.book.given.append(given)
        broke: list[str] = []

        async def attempt(desk: Desk):
            given.tries += 1
            return await act(desk, request)

        try:
            given.version = (await self.driver.until_known(attempt, broke)).version
        except Refused as refusal:
            given.refused = refusal.code
        given.broke = "; ".join(broke) or None

    async def type(self, name: str) -> None:
        """Give a command by the command line, again with the same key while it says that a server is away."""
        step = next(step for step in STEPS if step[0] == name)
        words = (name, self.order_id.removeprefix("wo_"), *step[1:], "--key", secrets.token_hex(8), "--json")
        given = Given(self.order_id, name, usr(step[step.index("--as") + 1]), None, "accepted")
        self.driver.book.given.append(given)
        while True:
            given.tries += 1
            code, printed = await self.driver.door.machine.run(*words)
            if code != 3:
                break
            self.driver.book.repeated += 1
            await asyncio.sleep(LONGEST_PAUSE)  # each try is a process, whose start costs seconds of the processor
        if code == 0:
            given.version = json.loads(printed)["version"]
        else:
            given.broke = f"exit {code}: {printed[-300:]}"

    async def think(self, seconds: float = 3) -> None:
        """Pass as much time as a person would: the pace of the load, not a wait for an effect."""
        await asyncio.sleep(self.dice.uniform(seconds / 6, seconds))
