"""The stories of the demonstration: how each order is lived, and the end it is meant to reach."""

from collections import Counter
from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass, field
from datetime import timedelta
from typing import Any, NamedTuple

from temporalio.client import WorkflowHandle
from temporalio.testing import TimeSkipper

from domain.commands import CommandName
from domain.vocabulary import Channel, Role
from records import outgoing
from records import read as reading
from starter.acting import Request, act
from starter.actor import Actor, usr
from starter.desk import Desk
from starter.timeline import Entry, entries
from starter.watching import eventually

OPERATOR = Actor(usr("SF03"), (Role.DISPATCH_OPERATOR,))
ENGINEER = Actor(usr("SF06"), (Role.ENGINEER,))
CALLER = Actor(usr("SF07"), (Role.CALLBACK_OFFICER,))
MANAGER = Actor(usr("SF02"), (Role.SERVICE_MANAGER,))
PHONE = Channel.PHONE.value
GOOD = {"resolved": True, "attitude": 5, "timeliness": 4, "quality": 5, "words": "满意 / fine, thank you"}
BAD = {"resolved": False, "attitude": 4, "timeliness": 2, "quality": 1, "words": "没有修好 / still broken"}
DONE = {"words": "已更换并试用正常 / replaced and tried", "visits": 1}
RESULT = {"kind": "result", "by": PHONE, "words": "已修好,请您查看 / repaired, please have a look"}


class End(NamedTuple):
    """What the record must say of an order when its story is over."""

    stage: str
    close_reason: str
    generation: int
    response: str  # outcome of the 15-minute clock
    feedback: tuple[str, ...]  # outcomes of the 24-hour clock, one for each generation
    levels: Mapping[str, int]  # ladder levels fired, by clock


@dataclass
class Told:
    """One order on its way through a story."""

    desk: Desk
    order_id: str
    handle: WorkflowHandle[Any, Any]
    steps: int = 0
    seen: list[Entry] = field(default_factory=list)

    async def give(self, command: CommandName, actor: Actor, **said: Any) -> None:
        """Give a command, as its door would."""
        self.steps += 1
        await act(self.desk, Request(self.order_id, command, actor, said, channel=Channel.CLI))

    async def pass_time(self, span: timedelta) -> None:
        """Let this order's own clock run on; the server skips the waiting, not the work."""
        await TimeSkipper(self.desk.engine).fast_forward(self.handle, span)

    async def until_level(self, clock: str, level: int) -> None:
        """Wait until a ladder level stands in the record."""

        async def fired() -> bool:
            told = [e for e in await self.timeline() if e.type == "escalated" and e.facts["clock"] == clock]
            return any(e.facts["level"] == level for e in told)

        await eventually(fired, f"{self.order_id}: {clock} level {level}")

    async def timeline(self) -> list[Entry]:
        """Return what happened so far."""
        file = await reading.order(self.desk.pool, self.order_id, list(self.desk.settings.communities))
        return entries(file.events)

    async def answered(self) -> None:
        """Answer the owner, write the matter down, give it to the engineer, who takes it."""
        await self.give(CommandName.RESPOND, OPERATOR)
        await self.give(CommandName.REGISTER, OPERATOR)
        await self.handed_out()

    async def handed_out(self) -> None:
        """Dispatch and accept."""
        await self.give(CommandName.DISPATCH, OPERATOR, team="sf-trades", assignee=ENGINEER.id)
        await self.give(CommandName.ACCEPT, ENGINEER)

    async def repaired(self) -> None:
        """Come, work, finish, and tell the owner."""
        await self.give(CommandName.ARRIVE, ENGINEER)
        await self.give(CommandName.COMPLETE_HANDLING, ENGINEER, **DONE)
        await self.give(CommandName.GIVE_FEEDBACK, OPERATOR, **RESULT)

    async def asked(self, said: Mapping[str, Any]) -> None:
        """Call back."""
        await self.give(CommandName.RECORD_CALLBACK, CALLER, **said)


async def in_time(told: Told) -> None:
    """Everything within its limits."""
    await told.answered()
    await told.repaired()
    await told.asked(GOOD)


async def answered_late(told: Told) -> None:
    """Nobody answers for 21 minutes: breach at 15, level 1 at once, level 2 when nobody acknowledges."""
    await told.pass_time(timedelta(minutes=21))
    await told.until_level("response", 2)
    await in_time(told)


async def never_answered(told: Told) -> None:
    """Nobody answers for over an hour: the whole ladder of the 15-minute clock."""
    await told.pass_time(timedelta(minutes=61))
    await told.until_level("response", 3)
    await in_time(told)


async def fed_back_late(told: Told) -> None:
    """Leave the owner without a word for a day: breach at 24 h, the ladder to its last level, then all ends well."""
    await told.answered()
    await told.pass_time(timedelta(hours=28))
    await told.until_level("feedback", 4)
    await told.repaired()
    await told.asked(GOOD)


async def not_resolved(told: Told) -> None:
    """Let the callback say no: a second life with a service recovery."""
    await told.answered()
    await told.repaired()
    await told.asked(BAD)
    await told.give(CommandName.COMPLETE_RECOVERY, MANAGER, words="已上门致歉 / apologised in person")
    await told.handed_out()
    await told.repaired()
    await told.asked(GOOD)


async def withdrawn(told: Told) -> None:
    """Let the owner withdraw the matter."""
    await told.give(CommandName.RESPOND, OPERATOR)
    await told.give(CommandName.WITHDRAW, OPERATOR, by=PHONE, reason="已自行解决 / solved it myself")


class Story(NamedTuple):
    """A way to live an order, its name on the screen, and the end it must reach."""

    zh: str
    en: str
    live: Callable[[Told], Awaitable[None]]
    end: End


WELL = End("closed", "confirmed", 1, "met", ("met",), {})
NO_WORD_FOR_A_DAY = WELL._replace(feedback=("breached",), levels={"feedback": 4})
LATE = WELL._replace(response="breached", levels={"response": 2})
UNANSWERED = WELL._replace(response="breached", levels={"response": 3})
TWO_LIVES = WELL._replace(generation=2, feedback=("met", "met"))
GONE = End("closed", "withdrawn", 1, "met", ("withdrawn",), {})
STORIES = (
    Story("按时办结", "all in time", in_time, WELL),
    Story(
        "21 分钟才响应",
        "answered after 21 min",
        answered_late,
        WELL._replace(response="breached", levels={"response": 2}),
    ),
    Story("按时办结", "all in time", in_time, WELL),
    Story(
        "回访未解决,重开", "not resolved, reopened", not_resolved, WELL._replace(generation=2, feedback=("met", "met"))
    ),
    Story(
        "24 小时未反馈",
        "no feedback for 24 h",
        fed_back_late,
        WELL._replace(feedback=("breached",), levels={"feedback": 4}),
    ),
    Story("按时办结", "all in time", in_time, WELL),
    Story("无人响应", "nobody answers", never_answered, UNANSWERED),
    Story("业主撤诉", "withdrawn", withdrawn, GONE),
    Story("按时办结", "all in time", in_time, WELL),
    Story(
        "24 小时未反馈",
        "no feedback for 24 h",
        fed_back_late,
        WELL._replace(feedback=("breached",), levels={"feedback": 4}),
    ),
)
"""Orders take their stories from here in turn."""


async def reached(told: Told) -> End:
    """Read from the record which end an order reached; only the two clocks of the promise are judged."""
    file = await reading.order(told.desk.pool, told.order_id, list(told.desk.settings.communities))
    told.seen = entries(file.events)
    ends = _outcomes(file)
    levels = Counter(e.facts["clock"] for e in told.seen if e.type == "escalated")
    row = file.row
    return End(
        row.stage,
        row.close_reason or "",
        row.generation,
        "".join(ends.get("response", ())[:1]),
        tuple(ends.get("feedback", ())),
        {clock: levels[clock] for clock in ("response", "feedback") if levels[clock]},
    )


def _outcomes(file: reading.OrderFile) -> dict[str, list[str]]:
    found: dict[str, list[str]] = {}
    for entry in entries(file.events):
        for tick in entry.ticks:
            if tick.type == "clock_stopped":
                found.setdefault(tick.facts["clock"], []).append(tick.facts["outcome"])
    return found


async def told_to_persons(told: Told) -> tuple[int, int]:
    """Count the levels that fired and those of them that reached a person."""
    levels = {e.seq for e in told.seen if e.type == "escalated"}
    notices = await outgoing.notices(told.desk.pool, told.order_id)
    sent = {row.notice.seq for row in notices if row.sent_at is not None}
    return len(levels), len(levels & sent)
