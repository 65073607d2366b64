"""The stories of the demonstration: how each order is lived, and the end it is meant to reach."""

from collections.abc import Awaitable, Callable, Mapping
from datetime import datetime, timedelta
from typing import Any, NamedTuple

from domain.commands import CommandName
from domain.vocabulary import Channel, Role
from starter.actor import Actor, usr
from starter.demo.photos import before_and_after
from starter.demo.told import End, Told
from starter.intake import IntakeForm

OPERATOR = Actor(usr("SF03"), (Role.DISPATCH_OPERATOR,))
ENGINEER = Actor(usr("SF06"), (Role.ENGINEER,))
CALLER = Actor(usr("SF07"), (Role.CALLBACK_OFFICER,))
MANAGER = Actor(usr("SF02"), (Role.SERVICE_MANAGER,))
PHONE = Channel.PHONE.value
THEY_CALLED = {"they_called": True}  # a story is told at any hour, calls of ours are made in contact hours
GOOD = {"resolved": True, "attitude": 5, "timeliness": 4, "quality": 5, "words": "满意 / fine, thank you"} | THEY_CALLED
BAD = {
    "resolved": False,
    "attitude": 4,
    "timeliness": 2,
    "quality": 1,
    "words": "没有修好 / still broken",
} | THEY_CALLED
DONE = {
    "found": "部件老化 / worn out",
    "measure": "更换部件 / replaced the part",
    "words": "已更换,试用半小时正常 / replaced, tried for half an hour",
}
RESULT = {
    "kind": "result",
    "by": PHONE,
    "found": "已查明损坏部位 / we found what was broken",
    "words": "已修好,请您查看 / repaired, please have a look",
}
MADE_GOOD = {
    "apology": "电话致歉 / apologised on the telephone",
    "visit": "当天上门 / came the same day",
    "remedy": "免费复修 / repaired again for nothing",
}
URGES = 2


async def answered(told: Told) -> None:
    """Answer the owner, write the matter down, give it to the engineer, who takes it."""
    await told.give(CommandName.RESPOND, OPERATOR)
    await written_down(told)


async def written_down(told: Told) -> None:
    """Restate the demand, register it and hand it out."""
    await told.give(CommandName.CLARIFY, OPERATOR, by=PHONE, words="请尽快修好 / please mend it soon")
    await told.give(CommandName.REGISTER, OPERATOR)
    await handed_out(told)


async def handed_out(told: Told) -> None:
    """Dispatch and accept."""
    await told.give(CommandName.DISPATCH, OPERATOR, team="sf-trades", assignee=ENGINEER.id)
    await told.give(CommandName.ACCEPT, ENGINEER)


async def repaired(told: Told) -> None:
    """Come, work, finish, and tell the owner."""
    await told.give(CommandName.ARRIVE, ENGINEER)
    await told.give(CommandName.COMPLETE_HANDLING, ENGINEER, **DONE, **before_and_after())
    await told.give(CommandName.GIVE_FEEDBACK, OPERATOR, **RESULT)


async def called_back(told: Told, said: Mapping[str, Any] = GOOD) -> None:
    """Ask the owner whether all is well."""
    await told.give(CommandName.RECORD_CALLBACK, CALLER, **said)


async def in_time(told: Told) -> None:
    """Everything within its limits."""
    await told.pass_time(told.patience)
    await answered(told)
    await repaired(told)
    await called_back(told)


async def answered_late(told: Told) -> None:
    """Nobody answers for 21 minutes: breach at 15, level 1 at once, level 2 when nobody acknowledges."""
    await told.pass_time(timedelta(minutes=21))
    await told.until_level("response", 2)
    await answered(told)
    await repaired(told)
    await called_back(told)


async def never_accepted(told: Told) -> None:
    """Nobody takes the matter on for over an hour: the whole ladder of the 15-minute clock."""
    await told.pass_time(timedelta(minutes=61))
    await told.until_level("response", 3)
    await answered(told)
    await repaired(told)
    await called_back(told)


async def never_fed_back(told: Told) -> None:
    """Leave the owner without a word for a day: breach at 24 h, the ladder to its last level, then all ends well."""
    await told.pass_time(told.patience)
    await answered(told)
    await told.pass_time(timedelta(hours=28))
    await told.until_level("feedback", 4)
    await repaired(told)
    await called_back(told)


async def not_resolved(told: Told) -> None:
    """Let the callback say no: a second life with a service recovery."""
    await told.pass_time(told.patience)
    await answered(told)
    await repaired(told)
    await called_back(told, BAD)
    await told.give(CommandName.COMPLETE_RECOVERY, MANAGER, **MADE_GOOD)
    await handed_out(told)
    await repaired(told)
    await told.give(CommandName.RECORD_CALLBACK, MANAGER, **GOOD)  # another than who called first (CBK-10)


async def withdrawn(told: Told) -> None:
    """Let the owner withdraw the matter."""
    await told.pass_time(told.patience)
    await told.give(CommandName.RESPOND, OPERATOR)
    await told.give(CommandName.WITHDRAW, OPERATOR, by=PHONE, reason="已自行解决 / solved it myself")


async def urged(told: Told) -> None:
    """Let the owner urge, and urge again: counted, and no clock begins anew (INT-18)."""
    await told.pass_time(told.patience)
    await answered(told)
    for _ in range(URGES):
        await told.pass_time(timedelta(minutes=5))
        await told.give(CommandName.URGE, OPERATOR, by=PHONE, words="什么时候来? / when will you come?")
    await repaired(told)
    await called_back(told)


async def typed_late(told: Told) -> None:
    """Live a matter that was answered before it was typed."""
    await written_down(told)
    await repaired(told)
    await called_back(told)


def as_it_came(form: IntakeForm, _now: datetime) -> IntakeForm:
    """Receive a record at the moment it is typed."""
    return form


def a_call_typed_late(form: IntakeForm, now: datetime) -> IntakeForm:
    """Receive a call that was answered after 9 minutes and is typed after 20: the answer counts (CLK-06, CLK-07)."""
    called = now - timedelta(minutes=20)
    said = {
        "received_at": called,
        "contacted_at": called + timedelta(minutes=9),
        "back_dated_because": "补录 / typed late",
    }
    return form.model_copy(update=said)


class Story(NamedTuple):
    """A way to live an order, its name on the screen, how many live it, and the end it must reach."""

    zh: str
    en: str
    orders: int
    live: Callable[[Told], Awaitable[None]]
    end: End
    typed: Callable[[IntakeForm, datetime], IntakeForm] = as_it_came


WELL = End("closed", "confirmed", 1, "met", ("met",), {})
STORIES = (
    Story(
        "24 小时未反馈",
        "never fed back: 24 h",
        6,
        never_fed_back,
        WELL._replace(feedback=("breached",), levels={"feedback": 4}),
    ),
    Story(
        "无人受理,升级到顶",
        "never accepted: last level",
        6,
        never_accepted,
        WELL._replace(response="breached", levels={"response": 3}),
    ),
    Story(
        "21 分钟才响应",
        "answered after 21 min",
        6,
        answered_late,
        WELL._replace(response="breached", levels={"response": 2}),
    ),
    Story("业主催单两次", "urged twice", 6, urged, WELL._replace(urges=URGES)),
    Story(
        "回访未解决,重开再办",
        "not resolved, reopened",
        6,
        not_resolved,
        WELL._replace(generation=2, feedback=("met", "met")),
    ),
    Story("补录:9 分钟已响应", "typed late, met at 9 min", 4, typed_late, WELL, a_call_typed_late),
    Story("按时办结", "all in time", 22, in_time, WELL),
    Story("业主撤诉", "withdrawn", 4, withdrawn, End("closed", "withdrawn", 1, "met", ("withdrawn",), {})),
)
"""The longest first: they begin first, so that the shortest fill the time in which they end."""


def cast(forms: list[IntakeForm]) -> list[tuple[Story, IntakeForm]]:
    """Give each record its story, the stories dealt round so that each gets records of every grade."""
    left = {story.en: story.orders for story in STORIES}
    dealt: list[Story] = []
    while any(left.values()):
        for story in (one for one in STORIES if left[one.en]):
            left[story.en] -= 1
            dealt.append(story)
    parts = [(dealt[number % len(dealt)], form) for number, form in enumerate(forms)]
    return sorted(parts, key=lambda part: STORIES.index(part[0]))
