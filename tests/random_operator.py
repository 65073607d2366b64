"""The random operator: a seeded hand that opens and drives cases, several at once, while processes are killed.

After each step a plain model says what must hold (`operator_model`); at the end every history is replayed and compared
with the record. A failure prints its seed and a list of steps cut down to what still fails:

    python tests/random_operator.py --seed 7 --steps 2000
    python tests/random_operator.py --again steps.txt
"""

import argparse
import asyncio
import json
import secrets
import sys
import tempfile
from collections.abc import AsyncIterator, Awaitable, Callable, Sequence
from contextlib import asynccontextmanager
from pathlib import Path

from dying_house import dying
from house import more_hands, steady_community
from operator_deeds import Operator, Tally
from operator_end import end
from random_commands import MORE_HANDS
from random_steps import Hand, Step

from stack.ground import Ground, started
from starter.community_file import load

CUTS = 60
"""Runs that cutting a failure down may take."""


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
    place = steady_community(made(folder) / "community.toml")
    place.write_text(more_hands(place.read_text(encoding="utf-8"), MORE_HANDS), encoding="utf-8")
    said = {"HUIYIN_COMMUNITY": str(place)}
    async with dying(ground, load(place), folder / "data", 1, "worker", "starter.relay", **said) as house:
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
            await end(house)
        except Exception as error:
            first = error.exceptions[0] if isinstance(error, ExceptionGroup) else error
            raise FailedRunError(house.tally.steps, f"{type(first).__name__}: {first}") from error
        return house.tally


async def smallest(steps: Sequence[Step], fails: Callable[[Sequence[Step]], Awaitable[bool]]) -> list[Step]:
    """Leave out all that one hand did, then ever smaller pieces, as long as what is left still fails.

    Not more than `CUTS` tries.
    """
    left, tries = list(steps), 0
    for hand in sorted({step.hand for step in steps}):
        rest, tries = [step for step in left if step.hand != hand], tries + 1
        left = rest if await fails(rest) else left
    size = max(1, len(left) // 2)
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
    """Write a failure down so that it can be done again; why stands last too, where a log that was cut still has it."""
    why = f"seed {seed}, step {len(failed.steps)}: {failed.why}"
    return "\n".join([why, *(str(step) for step in failed.steps), why])


async def main(options: argparse.Namespace) -> int:
    with tempfile.TemporaryDirectory() as place:
        async with started(Path(place) / "ground", time_skipping=True) as ground:
            again = options.again and [Step(*json.loads(line)) for line in options.again if line.startswith("[")]
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
