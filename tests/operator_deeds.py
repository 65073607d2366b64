"""The random operator's hands: each does its steps on a house, and the model judges what became of them."""

import asyncio
import os
import signal
from collections import Counter
from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any, NamedTuple

import operator_together as together
from dying_house import House
from evidence import CANARY
from house import OPERATOR, OWNER, Matter, form
from operator_model import Case
from random_commands import ACTORS
from random_steps import Step
from violation import must

from domain.commands import CommandName
from domain.refusals import Refused
from starter.acting import UNDECIDED, Given, give
from starter.client import receive_matter
from starter.demo.photos import before_and_after
from starter.groups.merging import merge
from starter.groups.proposing import ProposalForm, propose_incident
from starter.request import Request

PATIENCE = 90.0
GRABBED = "grab"
BEGUN = 1
"""So many events a case has at least, before it can be read."""


@dataclass
class Tally:
    """What a run did, for the one who reads its report."""

    steps: list[Step] = field(default_factory=list)
    accepted: Counter[str] = field(default_factory=Counter)
    refused: Counter[str] = field(default_factory=Counter)
    kinds: Counter[str] = field(default_factory=Counter)
    kills: int = 0
    races: int = 0  # grabs of several hands at once that one of them won
    stages: Counter[str] = field(default_factory=Counter)

    def __str__(self) -> str:
        return (
            f"{len(self.steps)} steps, {self.kills} kills, {sum(self.stages.values())} cases {dict(self.stages)}; "
            f"{sum(self.accepted.values())} commands accepted of {len(self.accepted)} kinds, "
            f"{sum(self.refused.values())} refused with {len(self.refused)} codes; {sum(self.kinds.values())} events, "
            f"{self.races} races for one order"
        )


class Refusal(NamedTuple):
    """A command that was refused, and which orders it was about."""

    command: str
    request_id: str
    code: str
    orders: tuple[str, ...]


class Operator:
    """Does steps on a house and lets the model judge each."""

    def __init__(self, house: House) -> None:
        self.house, self.desk = house, house.desks[0]
        self.cases: dict[str, Case] = {}
        self.matters: dict[str, Matter] = {}
        self.names: dict[str, str] = {}  # by number
        self.ahead: dict[str, timedelta] = {}  # how far a case's own clock was moved
        self.refusals: list[Refusal] = []  # looked at when nothing is open any more
        self.tally = Tally()

    async def do(self, step: Step) -> None:
        """Do one step; raises `ViolationError`. What names a case that was cut out of the list is left out."""
        self.tally.steps.append(step)
        await self._do(step)

    async def _do(self, step: Step) -> str | None:
        """Do one step, and say what a command was answered."""
        if not set(step.named) <= set(self.cases):
            return None
        match step.do:
            case "receive":
                await self._receive(step.case, step.what)
            case "propose":
                return await self._propose(step.case, step.what)
            case "find":
                await self.find(step.case)
            case "kill":
                self._kill(step.what)
            case "skip":
                await self._skip(step.case, timedelta(seconds=step.what))
            case "give":
                return await self._give(step.case, step.what)
            case "merge":
                return await self._merge(step.case, step.what)
            case "together":
                await self._together([Step(*one) for one in step.what])
        return None

    async def _together(self, steps: Sequence[Step]) -> None:
        """Do several steps at once. Of those who grab one order at the same time exactly one has it (DSP-05)."""
        free = {name: case.stage == "dispatch" and case.assignee is None for name, case in self.cases.items()}
        answers = await asyncio.gather(*map(self._do, steps))
        for name in {step.case for step in steps}:
            mine = [(one, answer) for one, answer in zip(steps, answers, strict=True) if one.case == name]
            if all(one.do == "give" and one.what["command"] == GRABBED for one, _ in mine):
                self._one_wins(name, [answer for _, answer in mine], free=free.get(name, False))

    def _one_wins(self, name: str, answers: Sequence[str | None], *, free: bool) -> None:
        """Judge what those were told who grabbed an order: one that it is his, the others that they are late."""
        told, winners, late = (
            f"{name}: grabs were answered {answers}",
            answers.count("done"),
            "already-grabbed" in answers,
        )
        must(winners <= 1, told)
        must(winners or not (free and late), f"{told}, and nobody had it")
        self.tally.races += winners and len(answers) > 1

    async def _begins(self, name: str, order_id: str) -> None:
        matter = Matter(self.desk, order_id)
        self.names[order_id], self.matters[name], self.ahead[name] = name, matter, timedelta()
        matter.told = BEGUN
        self.cases[name] = Case(order_id)
        await self.look(name)

    async def _receive(self, name: str, what: dict[str, Any]) -> None:
        matter = form(text=f"{CANARY}在厨房", **what)
        receipt = await self._until_known(lambda: receive_matter(self.desk, matter, OPERATOR))
        await self._begins(name, receipt.order_id)

    async def _propose(self, name: str, what: dict[str, Any]) -> str:
        members = tuple(self.cases[one].order_id for one in what["members"])
        asked = ProposalForm(members, f"{CANARY}疑为同一原因", f"propose {name}")
        try:
            proposal = await self._until_known(lambda: propose_incident(self.desk, asked, ACTORS[what["who"]]))
        except Refused as refusal:
            return self._was_refused(refusal)
        self.tally.accepted["propose"] += 1
        await self._begins(name, proposal.order_id)
        return "done"

    async def find(self, name: str) -> None:
        """Take up an incident that the house has proposed by itself, and nobody has taken up yet."""
        for order_id in await self.proposed_by_rule():
            if order_id not in self.names:
                self.names[order_id] = name
                self.tally.accepted["proposed by the house"] += 1
                await self._begins(name, order_id)
                return

    async def proposed_by_rule(self) -> list[str]:
        rows = await self.desk.pool.fetch(
            "select order_id from intake where start_input -> 'reception' ->> 'actor' = 'system' order by order_id"
        )
        return [row["order_id"] for row in rows]

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
        await self.look(name)

    async def _merge(self, name: str, what: dict[str, Any]) -> str:
        """Merge a case into another, again with the same key while its outcome is unknown."""
        actor, said = ACTORS[what["who"]], {"survivor": self.cases[what["into"]].order_id}
        request = Request(self.matters[name].order_id, CommandName.MERGE, actor, said)
        return await self._judged(name, request, lambda: merge(self.desk, request), own_request=False)

    async def _give(self, name: str, what: dict[str, Any]) -> str:
        """Give a command, again with the same key while its outcome is unknown; then judge what became of it."""
        matter, actor = self.matters[name], ACTORS[what["who"]]
        said = {field: self._meant(name, value) for field, value in what["said"].items()}
        known = {"expected_version": said.pop("expected_version")} if "expected_version" in said else {}
        photos = before_and_after() if said.pop("photos", False) else {}
        who = await matter.reporter() if actor is OWNER else actor
        request = Request(matter.order_id, CommandName(what["command"]), who, {**said, **photos}, **known)
        return await self._judged(name, request, lambda: give(self.desk, request), own_request=True)

    async def _judged(
        self, name: str, request: Request, attempt: Callable[[], Awaitable[Given]], *, own_request: bool
    ) -> str:
        """Judge what became of a command, at the order that has carried it out: of a merged case its survivor."""
        command = request.command.value
        try:
            given = await self._until_known(attempt)
        except Refused as refusal:
            others = (one for one in request.said.values() if isinstance(one, str) and one in self.names)
            self.refusals.append(Refusal(command, request.request_id, refusal.code, (request.order_id, *others)))
            await self.look(name)
            return self._was_refused(refusal)
        self.tally.accepted[command] += 1
        answer, at = given.answer, self.names[given.order_id]
        self.matters[at].told = max(self.matters[at].told, answer.seq)
        case = await self.look(at)
        if at != name:
            await self.look(name)
        led = together.reached(self.by_number(), [request.order_id])
        must(given.order_id in led, f"{request.order_id}: {command} was carried out by {given.order_id}")
        request_id = request.request_id if own_request else None
        case.accepted(command, request.actor.id, request.actor.roles, request_id, answer.version)
        return "done"

    def _was_refused(self, refusal: Refused) -> str:
        self.tally.refused[refusal.code] += 1
        return refusal.code

    def _meant(self, name: str, value: Any) -> Any:
        """Read `in 3600` as an instant on the case's own clock, and `order 2.5` as the number of a case."""
        if not isinstance(value, str):
            return value
        if value.startswith("order "):
            return self.cases[value.removeprefix("order ")].order_id
        if value.startswith("in "):
            return datetime.now(UTC) + self.ahead[name] + timedelta(seconds=int(value.removeprefix("in ")))
        return value

    async def _until_known(self, attempt: Callable[[], Awaitable[Any]]) -> Any:
        """Repeat with the same key while a process is away, as the remedies say."""
        end = asyncio.get_running_loop().time() + PATIENCE
        while True:
            try:
                return await attempt()
            except Refused as refusal:
                if refusal.code not in UNDECIDED or asyncio.get_running_loop().time() > end:
                    raise

    async def look(self, name: str) -> Case:
        """Read what happened to a case, and compare its row.

        What nobody was answered yet may still become something else: a worker died between its write and the engine's
        hearing of it (docs/operating.md). So a case is read anew, and only what was answered must be the same again.
        A reception is answered by its number alone, before its process has written the first event.
        """
        told, before = self.matters[name].told, self.cases[name]
        file = await self.matters[name].file()
        case = Case(before.order_id, answered=told if told > BEGUN else 0)
        case.read((event.seq, event.body, event.hash) for event in file.events)
        final = before.answered
        must(case.links[:final] == before.links[:final], f"{case.order_id}: what was answered became something else")
        case.row_is(file.row)
        case.stands()
        if case.seq >= self.cases[name].seq:  # of two looks at once the later one may be read first
            self.cases[name] = case
        return case

    def by_number(self) -> dict[str, Case]:
        return {case.order_id: case for case in self.cases.values()}
