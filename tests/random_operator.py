"""The random operator: a seeded hand that opens and drives cases, several at once, while processes are killed.

After each step a plain model says what must hold (`operator_model`); at the end every history is replayed and compared
with the record. A failure prints its seed and a list of steps cut down to what still fails:

    python tests/random_operator.py --seed 7 --steps 2000
    python tests/random_operator.py --again steps.txt
"""

import argparse
import asyncio
import json
import os
import secrets
import signal
import sys
import tempfile
from collections import Counter
from collections.abc import AsyncIterator, Awaitable, Callable, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

from dying_house import House, dying
from evidence import CANARY, holds
from house import OPERATOR, OWNER, Matter, form, steady_community
from operator_model import Case, must
from random_steps import ACTORS, Hand, Step

from domain.commands import CommandName
from domain.refusals import Refused
from stack.ground import Ground, started
from starter import reconcile
from starter.acting import UNDECIDED, Request, act
from starter.cli.duties import Wish, owed
from starter.client import receive_matter
from starter.community_file import load
from starter.demo.photos import before_and_after
from starter.replay import replay_all, runs

PATIENCE = 90.0
CUTS = 60
"""Runs that cutting a failure down may take."""


@dataclass
class Tally:
    """What a run did, for the one who reads its report."""

    steps: list[Step] = field(default_factory=list)
    accepted: Counter[str] = field(default_factory=Counter)
    refused: Counter[str] = field(default_factory=Counter)
    kinds: Counter[str] = field(default_factory=Counter)
    kills: int = 0
    stages: Counter[str] = field(default_factory=Counter)

    def __str__(self) -> str:
        return (
            f"{len(self.steps)} steps, {self.kills} kills, {sum(self.stages.values())} cases {dict(self.stages)}; "
            f"{sum(self.accepted.values())} commands accepted of {len(self.accepted)} kinds, "
            f"{sum(self.refused.values())} refused with {len(self.refused)} codes; {sum(self.kinds.values())} events"
        )


class Operator:
    """Does steps on a house and lets the model judge each."""

    def __init__(self, house: House) -> None:
        self.house, self.desk = house, house.desks[0]
        self.cases: dict[str, Case] = {}
        self.matters: dict[str, Matter] = {}
        self.ahead: dict[str, timedelta] = {}  # how far a case's own clock was moved
        self.refusals: list[
            tuple[str, str, str]
        ] = []  # case, command, request: looked at when nothing is open any more
        self.tally = Tally()

    async def do(self, step: Step) -> None:
        """Do one step; raises `ViolationError`. A case that was cut out of the list is left out."""
        self.tally.steps.append(step)
        match step.do:
            case "receive":
                await self._receive(step.case, step.what)
            case "kill":
                self._kill(step.what)
            case "skip" if step.case in self.cases:
                await self._skip(step.case, timedelta(seconds=step.what))
            case "give" if step.case in self.cases:
                await self._give(step.case, step.what)
            case "together":
                known = [Step(*one) for one in step.what if one[1] in self.cases]
                await asyncio.gather(*(self._give(one.case, one.what) for one in known))

    async def _receive(self, name: str, category: str) -> None:
        matter = form(category=category, text=f"{CANARY}在厨房", reporter_phone="13800001234")
        receipt = await self._until_known(lambda: receive_matter(self.desk, matter, OPERATOR))
        self.matters[name] = Matter(self.desk, receipt.order_id)
        self.ahead[name] = timedelta()
        self.matters[name].told = 1
        self.cases[name] = Case(receipt.order_id)
        await self._look(name)

    def _kill(self, program: str) -> None:
        """Kill a process as a power cut would; its parent starts it again."""
        parent = self.house.programs[program].pid
        for child in Path(f"/proc/{parent}/task/{parent}/children").read_text().split():
            os.kill(int(child), signal.SIGKILL)
            self.tally.kills += 1

    async def _skip(self, name: str, span: timedelta) -> None:
        if self.cases[name].over:
            return  # its process may have ended: it has no clock that could be moved
        await self.matters[name].skip(span)
        self.ahead[name] += span
        await self._look(name)

    async def _give(self, name: str, what: dict[str, Any]) -> None:
        """Give a command, again with the same key while its outcome is unknown; then judge what became of it."""
        matter, actor = self.matters[name], ACTORS[what["who"]]
        said = {field: self._meant(name, value) for field, value in what["said"].items()}
        known = {"expected_version": said.pop("expected_version")} if "expected_version" in said else {}
        photos = before_and_after() if said.pop("photos", False) else {}
        who = await matter.reporter() if actor is OWNER else actor
        request = Request(matter.order_id, CommandName(what["command"]), who, {**said, **photos}, **known)
        try:
            answer = await self._until_known(lambda: act(self.desk, request))
        except Refused as refusal:
            self.tally.refused[refusal.code] += 1
            self.refusals.append((name, what["command"], request.request_id))
            await self._look(name)
            return
        self.tally.accepted[what["command"]] += 1
        matter.told = max(matter.told, answer.seq)
        (await self._look(name)).accepted(what["command"], who.id, who.roles, request.request_id, answer.version)

    def _meant(self, name: str, value: Any) -> Any:
        """Read `in 3600` as an instant on the case's own clock."""
        if not (isinstance(value, str) and value.startswith("in ")):
            return value
        return datetime.now(UTC) + self.ahead[name] + timedelta(seconds=int(value.removeprefix("in ")))

    async def _until_known(self, attempt: Any) -> Any:
        """Repeat with the same key while a process is away, as the remedies say."""
        end = asyncio.get_running_loop().time() + PATIENCE
        while True:
            try:
                return await attempt()
            except Refused as refusal:
                if refusal.code not in UNDECIDED or asyncio.get_running_loop().time() > end:
                    raise

    async def _look(self, name: str) -> Case:
        """Read what happened to a case, and compare its row.

        What nobody was answered yet may still become something else: a worker died between its write and the engine's
        hearing of it (docs/operating.md). So a case is read anew, and only what was answered must be the same again.
        """
        answered, before = self.matters[name].told, self.cases[name]
        file = await self.matters[name].file()
        case = Case(before.order_id, answered=answered)
        case.read((event.seq, event.body, event.hash) for event in file.events)
        final = before.answered
        must(case.links[:final] == before.links[:final], f"{case.order_id}: what was answered became something else")
        case.row_is(file.row)
        if case.seq >= self.cases[name].seq:  # of two looks at once the later one may be read first
            self.cases[name] = case
        return case

    async def end(self) -> None:
        """Look at everything once more: answers and duties, histories and record, and no word where none belongs."""
        settings = self.desk.settings
        for name in self.cases:
            case = await self._look(name)
            case.answered_or_owed()
            self.tally.stages[case.stage] += 1
            self.tally.kinds.update(case.kinds)
        for name, command, request_id in self.refusals:
            self.cases[name].refused(command, request_id)
        found = await owed(self.desk, list(settings.communities), Wish(None, None, 10_000), datetime.now(UTC))
        named = {one.row.order_id for one in found if one.persons}
        for case in self.cases.values():
            must(case.over or case.order_id in named, f"{case.order_id}: open, and `duties` names nobody for it")
            histories = await runs(self.desk, case.order_id)
            must(not any(holds(history, CANARY) for history in histories), f"{case.order_id}: words in a history")

        async def unequal() -> list[str]:
            orders = [case.order_id for case in self.cases.values()]
            return [f"{one}: {found}" for one in orders if (found := await reconcile.differences(self.desk, one))]

        different = await unequal()
        must(not different, f"history and record differ: {different}")
        replayed = [verdict async for verdict in replay_all(self.desk)]
        must(len(replayed) == len(self.cases), f"{len(replayed)} histories replayed of {len(self.cases)}")
        wrong = {verdict.name: verdict.differences for verdict in replayed if verdict.differences}
        must(not wrong, f"histories do not replay: {wrong}")


class FailedRunError(Exception):
    """A step after which something did not hold."""

    def __init__(self, steps: Sequence[Step], why: str) -> None:
        super().__init__(why)
        self.steps, self.why = list(steps), why


def made(folder: Path) -> Path:
    """Make a folder."""
    folder.mkdir(parents=True)
    return folder


@asynccontextmanager
async def operator(ground: Ground, folder: Path) -> AsyncIterator[Operator]:
    """A fresh house with a worker and a relay as processes, and an operator in it."""
    settings = load(steady_community(made(folder) / "community.toml"))
    async with dying(ground, settings, folder / "data", 1, "worker", "starter.relay") as house:
        yield Operator(house)


async def run(ground: Ground, folder: Path, hands: Sequence[Hand] | Sequence[Step], each: int = 0) -> Tally:
    """Let each hand do so many steps, all at once, or do given steps one by one; raises `FailedRunError`."""

    async def work(hand: Hand) -> None:
        for _ in range(each):
            await house.do(hand.next(house.cases))

    async with operator(ground, folder / f"run-{secrets.token_hex(4)}") as house:
        try:
            async with asyncio.TaskGroup() as group:
                for hand in hands:
                    if isinstance(hand, Hand):
                        group.create_task(work(hand))
            for step in hands:
                if isinstance(step, Step):
                    await house.do(step)
            await house.end()
        except Exception as error:
            first = error.exceptions[0] if isinstance(error, ExceptionGroup) else error
            raise FailedRunError(house.tally.steps, f"{type(first).__name__}: {first}") from error
        return house.tally


async def smallest(steps: Sequence[Step], fails: Callable[[Sequence[Step]], Awaitable[bool]]) -> list[Step]:
    """Leave out ever smaller pieces, as long as what is left still fails; not more than `CUTS` tries."""
    left, size, tries = list(steps), max(1, len(steps) // 2), 0
    while size and tries < CUTS:
        at = 0
        while at < len(left) and tries < CUTS:
            tries += 1
            rest = [*left[:at], *left[at + size :]]
            if await fails(rest):
                left = rest
            else:
                at += size
        size //= 2
    return left


async def cut(ground: Ground, folder: Path, failed: FailedRunError) -> FailedRunError:
    """Cut a failing run down."""
    last = failed

    async def fails(steps: Sequence[Step]) -> bool:
        nonlocal last
        try:
            await run(ground, folder, steps)
        except FailedRunError as again:
            last = again
            return True
        return False

    return FailedRunError(await smallest(failed.steps, fails), last.why)


def told(failed: FailedRunError, seed: str) -> str:
    """Write a failure down so that it can be done again."""
    return "\n".join([f"seed {seed}: {failed.why}", *(str(step) for step in failed.steps)])


async def main(options: argparse.Namespace) -> int:
    with tempfile.TemporaryDirectory() as place:
        async with started(Path(place) / "ground", time_skipping=True) as ground:
            again = options.again and [Step(*json.loads(line)) for line in options.again]
            hands = again or [Hand(options.seed, name) for name in range(options.hands)]
            try:
                tally = await run(ground, Path(place), hands, options.steps // options.hands)
            except FailedRunError as failed:
                sys.stdout.write(told(failed, options.seed) + "\n")
                if not again:
                    sys.stdout.write(told(await cut(ground, Path(place), failed), options.seed) + "\n")
                return 1
    sys.stdout.write(f"seed {options.seed}: {tally}\n{dict(tally.accepted)}\n{dict(tally.refused)}\n")
    return 0


def read_options() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--seed", default=secrets.token_hex(4))
    parser.add_argument("--steps", type=int, default=2000)
    parser.add_argument("--hands", type=int, default=6, help="operators who work at once")
    parser.add_argument("--again", type=argparse.FileType(encoding="utf-8"), help="a file of steps, one a line")
    return parser.parse_args()


if __name__ == "__main__":
    sys.exit(asyncio.run(main(read_options())))
