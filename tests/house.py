"""Living in the house: a matter received, commands given, time moved, and what became of it read back."""

import asyncio
import json
import re
import secrets
from contextlib import asynccontextmanager
from datetime import UTC, datetime, timedelta
from pathlib import Path
from urllib.parse import urlsplit

import asyncpg
from temporalio.testing import TimeSkipper
from temporalio.worker import Worker

from activities.deliver import DeliverActivities
from activities.record import RecordActivities
from domain.commands import CommandName
from domain.refusals import Refused
from records import read as reading
from records.migrate import migrate
from starter.acting import act
from starter.actor import Actor, usr
from starter.client import receive_matter
from starter.demo.photos import before_and_after
from starter.desk import Desk
from starter.intake import IntakeForm
from starter.opening import sample_community
from starter.request import Request
from worker import runner
from workflows.contract import TASK_QUEUE, workflow_id
from workflows.delivery import DeliveryProcess
from workflows.work_order import WorkOrderProcess

OPERATOR = Actor(usr("S06"), ("dispatch_operator",))
PLUMBER = Actor(usr("S09"), ("engineer",))
OTHER_PLUMBER = Actor(usr("S12"), ("engineer",))
CALLER = Actor(usr("S22"), ("callback_officer",))
ENGINEERING_LEAD = Actor(usr("S08"), ("engineering_lead",))
STEWARD = Actor(usr("S03"), ("building_steward",))
CREW = Actor(usr("S23"), ("contractor_lead", "team_lead"))
CHECKER = Actor(usr("S08"), ("engineering_lead", "contractor_supervisor"))
RULE = Actor("system", ("rule",))
MANAGER = Actor(usr("S02"), ("service_manager",))
PROJECT_MANAGER = Actor(usr("S01"), ("project_manager",))
SUPERVISOR = Actor(usr("S06"), ("dispatch_operator", "duty_supervisor"))
OWNER = Actor("resident:self", ("resident",))


@asynccontextmanager
async def working(desk: Desk, data: Path, *, cache: int = 1000, sandbox: bool = True):
    """A worker in this process, sandboxed as in production."""
    deliver = DeliverActivities(desk.pool, data).deliver
    async with Worker(
        desk.engine,
        task_queue=TASK_QUEUE,
        workflows=[WorkOrderProcess, DeliveryProcess],
        activities=[RecordActivities(desk.pool).record, deliver],
        workflow_runner=runner(sandbox=sandbox),
        max_cached_workflows=cache,
        on_fatal_error=_fatal,
    ) as worker:
        yield worker


async def _fatal(error: BaseException) -> None:
    raise error


class Matter:
    """One order as a test drives it: commands by name, time by its own virtual clock."""

    def __init__(self, desk: Desk, order_id: str) -> None:
        self.desk = desk
        self.order_id = order_id
        self.handle = desk.engine.get_workflow_handle(workflow_id(order_id))
        self.skipper = TimeSkipper(desk.engine)
        self.told = 0  # how far the answers say that the chain goes

    async def give(self, command: str, actor: Actor, **said):
        """Give a command; when its outcome is unknown do what the remedy says: repeat it with the same key."""
        known = {name: said.pop(name) for name in ("key", "channel", "expected_version", "stated_at") if name in said}
        who = await self.reporter() if actor is OWNER else actor
        request = Request(self.order_id, CommandName(command), who, said, **known)
        for _ in range(6):
            try:
                answer = await act(self.desk, request)
            except Refused as refusal:
                if refusal.code != "outcome-unknown":
                    raise
                continue
            self.told = max(self.told, answer.seq)
            return answer
        raise AssertionError(f"{command} had no known outcome six times")

    async def refused(self, command: str, actor: Actor, **said) -> Refused:
        """Give a command that must be refused."""
        try:
            answer = await self.give(command, actor, **said)
        except Refused as refusal:
            return refusal
        raise AssertionError(f"{command} was accepted: {answer}")

    async def reporter(self) -> Actor:
        """The owner of this very matter; no other resident may speak for him."""
        return Actor(f"resident:{(await self.file()).intake.subject_id}", OWNER.roles)

    async def skip(self, span: timedelta) -> None:
        """Let this order's own clock pass on."""
        await self.skipper.fast_forward(self.handle, span)

    async def file(self) -> reading.OrderFile:
        """Read the order, not before every answer given so far stands in the record.

        On a busy machine the quick write of a step may fail; the answer then leaves before the record is written.
        """

        async def look() -> reading.OrderFile:
            return await reading.order(self.desk.pool, self.order_id, list(self.desk.settings.communities))

        return await eventually(look, lambda file: file.row.seq >= self.told)

    async def events(self, kind: str | None = None) -> list[dict]:
        """Stored events as JSON, all or those of one kind (`clock_breached`)."""
        stored = [json.loads(event.body) for event in (await self.file()).events]
        return [event for event in stored if kind is None or event["type"] == f"work_order.{kind}"]

    async def until(self, kind: str, count: int = 1, **payload) -> list[dict]:
        """Wait until so many events of a kind stand in the record."""

        async def found() -> list[dict]:
            return [e for e in await self.events(kind) if payload.items() <= e["payload"].items()]

        return await eventually(found, lambda events: len(events) >= count)

    async def through(self, *steps: str) -> None:
        """Live the usual way as far as asked."""
        for step in steps:
            actor, said = usual(step)
            await self.give(step, actor, **said)


USUAL = {
    "respond": (OPERATOR, {"channel": "phone"}),
    "clarify": (OPERATOR, {"words": "今天修好厨房水管", "by": "phone"}),
    "register": (OPERATOR, {}),
    "dispatch": (OPERATOR, {"team": "engineering", "assignee": usr("S09")}),
    "accept": (PLUMBER, {}),
    "arrive": (PLUMBER, {}),
    "complete_handling": (
        PLUMBER,
        {"found": "接头老化", "measure": "更换了接头", "words": "试水半小时,无渗漏,地面已擦干", **before_and_after()},
    ),
    "give_feedback": (
        OPERATOR,
        {"kind": "result", "by": "phone", "found": "接头老化渗水,已查明", "words": "接头已更换,试水不漏,请您查看"},
    ),
    "record_callback": (
        CALLER,
        {"resolved": True, "attitude": 5, "timeliness": 5, "quality": 4, "words": "满意", "they_called": True},
    ),  # tests are run at any hour, calls of ours are made in contact hours
}
WHOLE_LIFE = tuple(USUAL)
BESIDE = {
    "complete_rectification": (PLUMBER, {"words": "已更换地漏并重做防水"}),
    "sign_off": (OWNER, {"by": "phone", "words": "同意"}),
    "resume": (PLUMBER, {}),
    "complete_recovery": (MANAGER, {"apology": "当面致歉", "visit": "当天上门", "remedy": "减免材料费"}),
}


def usual(step: str) -> tuple[Actor, dict]:
    """Who usually gives a command, and what it says; work that is done again is shown by new photos (HND-02)."""
    actor, said = {**USUAL, **BESIDE}[step]
    return actor, {**said, **before_and_after()} if step == "complete_handling" else said


def measures(on, words) -> list[dict]:
    """The measures of a plan that has one."""
    return [{"person": PLUMBER.id, "on": on, "words": words}]


async def own_database(dsn: str) -> str:
    """A new migrated database on the server of another one."""
    name = f"house_{secrets.token_hex(4)}"
    connection = await asyncpg.connect(dsn)
    await connection.execute(f"create database {name}")
    await connection.close()
    own = urlsplit(dsn)._replace(path=f"/{name}").geturl()
    migrate(own)
    return own


def roomy(text: str) -> str:
    """Give everybody room for all the orders that tests leave behind; limits have tests of their own."""
    return re.sub(r"(?m)^load_limit = \d+", "load_limit = 1000000", text)


def steady_community(place: Path) -> Path:
    """Write the sample community for tests that go by the wall clock: the same at every hour of every day.

    Nothing is held by night, nothing is gathered, and every calendar is always open: else the next alarm of an order,
    and with it the cost of its life, would depend on when the test is run.
    """
    text = roomy(sample_community().read_text(encoding="utf-8"))
    quiet = re.sub(r"(?m)^staff_quiet_hours = .*$", "digest_above = 1000000", text)
    always = re.sub(r'(?m)^kind = "weekly"\n(?:.+\n)+', 'kind = "always"\n', quiet)
    place.write_text(always, encoding="utf-8")
    return place


HAND = """
[[staff]]
id = "H{number:02}"
name = "样例"
position = "handyman"
title = "便民维修工"
phone = "13800009{number:03}"
team = "handyman"
communities = ["jinxiu"]
skills = ["general_repair"]
areas = []
shift = "always"
load_limit = 9

"""


def more_hands(text: str, count: int) -> str:
    """Give the pool of handymen so many more, H00 and on, in the text of a settings file."""
    hands = "".join(HAND.format(number=number) for number in range(count))
    return text.replace("[[shift]]", hands + "[[shift]]", 1)


def form(**said) -> IntakeForm:
    usual = {"community": "jinxiu", "channel": "phone", "category": "WATER_LEAK", "text": "厨房水管漏水"}
    return IntakeForm(**{**usual, "idempotency_key": secrets.token_hex(12), **said})


async def received(desk: Desk, **said) -> Matter:
    receipt = await receive_matter(desk, form(**said), OPERATOR)
    return Matter(desk, receipt.order_id)


async def eventually(look, fits, seconds: float = 30.0):
    """Look until what is seen fits; what is seen last tells why it never did."""
    end = asyncio.get_running_loop().time() + seconds
    seen = await look()
    while not fits(seen):
        if asyncio.get_running_loop().time() > end:
            raise AssertionError(f"never happened; last seen: {seen}")
        await asyncio.sleep(0.02)  # between two looks at the effect, not instead of one
        seen = await look()
    return seen


def instant(text: str) -> datetime:
    return datetime.fromisoformat(text).astimezone(UTC)
