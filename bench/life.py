"""The life that every subject is measured with: reception and eight commands, by the door or by the engine alone."""

import asyncio
import hashlib
import itertools
import secrets
import time
from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

from domain.commands import PAYLOADS, CommandName, Envelope
from domain.payloads import Words
from domain.settings.community import AttachmentRules
from domain.vocabulary import Channel
from starter.acting import act
from starter.actor import Actor, usr
from starter.attaching import attached
from starter.client import receive_matter, terms_for, trial
from starter.demo.photos import before_and_after
from starter.desk import Desk
from starter.intake import IntakeForm
from starter.request import Request
from starter.said_words import put_back, taken_out
from workflows.contract import TASK_QUEUE, Answer, Start, workflow_id
from workflows.work_order import WorkOrderProcess

OPERATOR = Actor(usr("S06"), ("dispatch_operator",))
PLUMBER = Actor(usr("S09"), ("engineer",))
CALLER = Actor(usr("S22"), ("callback_officer",))
SCORES = {"attitude": 5, "timeliness": 5, "quality": 5}
STEPS: tuple[tuple[str, Actor, dict[str, Any]], ...] = (
    ("respond", OPERATOR, {}),
    ("clarify", OPERATOR, {"words": "今天修好厨房水管", "by": "phone"}),
    ("register", OPERATOR, {}),
    ("dispatch", OPERATOR, {"team": "engineering", "assignee": usr("S09")}),
    ("accept", PLUMBER, {}),
    ("arrive", PLUMBER, {}),
    (
        "complete_handling",
        PLUMBER,
        {"found": "接头老化", "measure": "更换了接头", "words": "试水半小时,无渗漏,地面已擦干", **before_and_after()},
    ),
    (
        "give_feedback",
        OPERATOR,
        {"kind": "result", "by": "phone", "found": "接头老化渗水,已查明", "words": "接头已更换,试水不漏,请您查看"},
    ),
    ("record_callback", CALLER, {"resolved": True, "they_called": True, **SCORES, "words": "满意"}),
)
numbers = itertools.count(9_000_000_000_000_000 + secrets.randbelow(10**12) * 1000)
"""Orders of the engine alone have numbers that no door gives."""


def form(**said: Any) -> IntakeForm:
    """Return a usual matter."""
    usual = {"community": "jinxiu", "channel": "phone", "category": "WATER_LEAK", "text": "厨房水管漏水"}
    return IntakeForm(**{**usual, "idempotency_key": secrets.token_hex(12), **said})


@dataclass
class Lap:
    """What was measured of some cases: how long all took, and each action."""

    cases: int
    seconds: float
    actions: list[float]

    @property
    def rate(self) -> float:
        """Return cases a second."""
        return self.cases / self.seconds


Case = Callable[[list[float]], Awaitable[None]]
"""Lives one case and notes how long each action took."""


async def lap(case: Case, cases: int, at_once: int) -> Lap:
    """Live so many cases, so many at once."""
    times: list[float] = []
    waiting = iter(range(cases))

    async def one_after_another() -> None:
        for _ in waiting:
            await case(times)

    begun = time.perf_counter()
    await asyncio.gather(*(one_after_another() for _ in range(at_once)))
    return Lap(cases, time.perf_counter() - begun, times)


async def timed(times: list[float], work: Awaitable[Any]) -> Any:
    """Wait for something and note how long it took."""
    begun = time.perf_counter()
    done = await work
    times.append(time.perf_counter() - begun)
    return done


class EngineLife:
    """A case by the bare engine: `start_workflow` and one update for each command; no door before it."""

    def __init__(self, desk: Desk) -> None:
        self.desk = desk
        said = form()
        now = datetime.now(UTC)
        self.terms = terms_for(desk.settings, said.community, dict(said), now)
        self.pattern = trial(said, OPERATOR, self.terms, now)

    async def start(self, received_at: datetime | None = None) -> str:
        """Start an order and return its number."""
        order_id = f"wo_{next(numbers)}"
        words = Words(id=f"txt_{secrets.token_hex(8)}", digest=hashlib.sha256(order_id.encode()).hexdigest())
        fresh = {"order_id": order_id, "reporter": f"sub_{secrets.token_hex(8)}", "words": words}
        reception = self.pattern.model_copy(update={**fresh, "received_at": received_at or datetime.now(UTC)})
        await self.desk.engine.start_workflow(
            WorkOrderProcess.run, Start(reception=reception), id=workflow_id(order_id), task_queue=TASK_QUEUE
        )
        return order_id

    async def give(self, order_id: str, step: int) -> Answer:
        """Give one command of the usual life."""
        name, actor, said = STEPS[step]
        handle = self.desk.engine.get_workflow_handle(workflow_id(order_id))
        return await handle.execute_update(
            name, envelope(name, actor, said), id=secrets.token_hex(16), result_type=Answer
        )

    async def case(self, times: list[float]) -> None:
        """Live a whole case."""
        order_id = await self.start()
        for step in range(len(STEPS)):
            await timed(times, self.give(order_id, step))


class DoorLife:
    """A case by the real door: intake and actions written to PostgreSQL before they are sent."""

    def __init__(self, desk: Desk) -> None:
        self.desk = desk

    async def start(self) -> str:
        """Receive a matter and return its number."""
        return (await receive_matter(self.desk, form(), OPERATOR)).order_id

    async def give(self, order_id: str, step: int) -> Answer:
        """Give one command of the usual life."""
        name, actor, said = STEPS[step]
        return await act(self.desk, Request(order_id, CommandName(name), actor, said))

    async def case(self, times: list[float]) -> None:
        """Live a whole case."""
        order_id = await self.start()
        for step in range(len(STEPS)):
            await timed(times, self.give(order_id, step))


def envelope(name: str, actor: Actor, said: dict[str, Any]) -> Envelope:
    """Write a command as a door would send it, its words as references."""
    kind = PAYLOADS[CommandName(name)]
    form, texts = taken_out(kind, attached(kind, said, AttachmentRules()).said)
    digest = hashlib.sha256(name.encode()).hexdigest()
    words = {place: {"id": f"txt_{secrets.token_hex(8)}", "digest": digest} for place in texts}
    return Envelope(
        command=name,
        actor=actor.id,
        roles=actor.roles,
        channel=Channel.CLI,
        request_id=f"req_{secrets.token_hex(8)}",
        key=secrets.token_hex(32),
        payload=put_back(form, words),
    )


async def many(work: Callable[[int], Awaitable[Any]], count: int, at_once: int) -> Sequence[Any]:
    """Do something for each number, so many at once; answers in the order of the numbers."""
    found: dict[int, Any] = {}
    waiting = iter(range(count))

    async def one_after_another() -> None:
        for number in waiting:
            found[number] = await work(number)

    await asyncio.gather(*(one_after_another() for _ in range(at_once)))
    return [found[number] for number in range(count)]
