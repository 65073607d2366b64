"""One order of the demonstration on its way through its story, and what the record says of it at the end."""

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any, NamedTuple

from temporalio.client import WorkflowHandle
from temporalio.testing import TimeSkipper

from domain.commands import CommandName
from domain.refusals import Refused
from domain.vocabulary import Channel
from records import outgoing
from records import read as reading
from starter.acting import act
from starter.actor import Actor
from starter.desk import Desk
from starter.request import Request
from starter.telling.timeline import Entry, entries
from starter.watching import NeverCame, eventually

AT_MOST = timedelta(hours=7)
"""The longest step of a clock, so that no other order waits long for it."""
ROUNDS, ROUND_S = 12, 5.0
A_LITTLE = {"response": timedelta(minutes=2), "feedback": timedelta(minutes=45)}
"""So much more time passes while a level is waited for: less than lies between it and the next one of its clock."""
TRIES = 6
"""So often is a command repeated whose outcome nobody knows: its worker may have been killed under it."""


class End(NamedTuple):
    """What the record must say of an order when its story is over."""

    stage: str
    close_reason: str
    generation: int
    response: str  # outcome of the 15-minute clock
    feedback: tuple[str, ...]  # outcomes of the 24-hour clock, one for each generation
    levels: Mapping[str, int]  # ladder levels fired by these two clocks
    urges: int = 0


@dataclass
class Told:
    """One order on its way through a story."""

    desk: Desk
    order_id: str
    handle: WorkflowHandle[Any, Any]
    patience: timedelta  # the owner waits so long for his answer, where all goes well
    seen: list[Entry] = field(default_factory=list)

    async def give(self, command: CommandName, actor: Actor, **said: Any) -> None:
        """Give a command, as its door would; with no answer do what the remedy says: repeat it with the same key."""
        request = Request(self.order_id, command, actor, said, channel=Channel.CLI)
        for tries_left in reversed(range(TRIES)):
            try:
                await act(self.desk, request)
            except Refused as refusal:
                if refusal.code != "outcome-unknown" or not tries_left:
                    raise
            else:
                return

    async def pass_time(self, span: timedelta) -> None:
        """Let this order's own clock run on; the server skips the waiting, not the work."""
        while span > timedelta(0):
            await TimeSkipper(self.desk.engine).fast_forward(self.handle, min(span, AT_MOST))
            span -= AT_MOST

    async def until_level(self, clock: str, level: int) -> None:
        """Wait until a ladder level stands in the record; let a little more time pass when some was lost.

        The server ends a skip early when the worker dies under it (seen: 4 h 56 min of 7 h).
        """

        async def fired() -> bool:
            told = [e for e in await self.timeline() if e.type == "escalated" and e.facts["clock"] == clock]
            return any(e.facts["level"] == level for e in told)

        for _ in range(ROUNDS):
            try:
                await eventually(fired, "", ROUND_S)
            except NeverCame:
                await self.pass_time(A_LITTLE[clock])
            else:
                return
        raise NeverCame(f"{self.order_id}: {clock} level {level}")

    async def until_told(self) -> None:
        """Wait until every level that fired has reached a person."""

        async def all_told() -> bool:
            fired, sent = await self.told_to_persons()
            return fired == sent

        await eventually(all_told, f"{self.order_id}: messages")

    async def timeline(self) -> list[Entry]:
        """Return what happened so far."""
        return entries((await self.file()).events)

    async def file(self) -> reading.OrderFile:
        """Return what the record holds of this order."""
        return await reading.order(self.desk.pool, self.order_id, list(self.desk.settings.communities))

    async def reached(self) -> End:
        """Read from the record which end it reached; only the two clocks of the promise are judged."""
        file = await self.file()
        self.seen = entries(file.events)
        row, ends = file.row, self._outcomes()
        levels = Counter(e.facts["clock"] for e in self.seen if e.type == "escalated")
        return End(
            row.stage,
            row.close_reason or "",
            row.generation,
            "".join(ends.get("response", ())[:1]),
            tuple(ends.get("feedback", ())),
            {clock: levels[clock] for clock in ("response", "feedback") if levels[clock]},
            row.urges,
        )

    def _outcomes(self) -> dict[str, list[str]]:
        found: dict[str, list[str]] = {}
        for tick in (tick for entry in self.seen for tick in entry.ticks):
            if tick.type == "clock_stopped":
                found.setdefault(tick.facts["clock"], []).append(tick.facts["outcome"])
        return found

    async def told_to_persons(self) -> tuple[int, int]:
        """Count the levels that fired and those of them that reached a person."""
        levels = {e.seq for e in await self.timeline() if e.type == "escalated"}
        notices = await outgoing.notices(self.desk.pool, self.order_id)
        sent = {row.notice.seq for row in notices if row.sent_at is not None}
        return len(levels), len(levels & sent)

    @property
    def answered_after(self) -> timedelta | None:
        """How long the owner waited for his answer, by the clock of the order."""
        at: dict[str, datetime] = {}
        for entry in self.seen:
            at.setdefault(entry.type, entry.at)
        return at["responded"] - at["received"] if "responded" in at else None
