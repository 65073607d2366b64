"""A house by the sample's own settings, whose relay looks when a test says, at an instant that it names."""

import json
import secrets
from contextlib import asynccontextmanager
from datetime import UTC, datetime, timedelta
from itertools import count
from pathlib import Path
from typing import NamedTuple
from zoneinfo import ZoneInfo

from dying_house import engine_of
from house import Matter, eventually, own_database, received, roomy, working

from domain.dispatch.roster import Roster, roles_of, roster_of
from domain.settings.community import CommunityFile
from domain.settings.reading import parse
from records import outgoing
from records.pool import open_pool
from records.vault import KeyRing
from starter.actor import Actor, usr
from starter.deeds import do_deeds
from starter.desk import Desk
from starter.opening import sample_community
from starter.relay import carry_outbox

SHANGHAI = ZoneInfo("Asia/Shanghai")
DAYS = count(1)
ASIDE = datetime(2000, 1, 1, tzinfo=UTC)
ALWAYS = {"start": datetime(2020, 1, 1, tzinfo=UTC), "end": datetime(2099, 1, 1, tzinfo=UTC)}


class Day(NamedTuple):
    """A day to come, for one test alone: what leaves in it is not counted with what left for another."""

    noon: datetime
    night: datetime
    morning: datetime


def next_day() -> Day:
    begins = datetime.now(SHANGHAI).replace(hour=0, minute=0, second=0, microsecond=0) + timedelta(days=next(DAYS))
    ends = begins + timedelta(days=1)
    return Day(begins.replace(hour=12), begins.replace(hour=23, minute=40), ends.replace(hour=7))


class Persons(NamedTuple):
    """A house of its own, by the sample's settings: no other test's messages are gathered with these."""

    desk: Desk
    data: Path
    settings: CommunityFile

    def roster(self) -> Roster:
        return roster_of(self.settings)

    async def carry(self, at: datetime) -> None:
        """Let the relay look until nothing moves any more."""
        desk = self.desk_with(self.settings)
        while await carry_outbox(desk, self.roster(), at):
            pass

    async def carry_one(self, matter: Matter, at: datetime) -> None:
        """Let the relay look at the rows of one order only."""
        later = "update outbox set done_at = $2 where order_id <> $1 and done_at is not distinct from $3"
        await self.desk.pool.execute(later, matter.order_id, ASIDE, None)
        await self.carry(at)
        await self.desk.pool.execute(later, matter.order_id, None, ASIDE)

    async def act(self, at: datetime) -> None:
        while await do_deeds(self.desk, self.roster(), at):
            pass

    async def act_again(self, at: datetime, *, ended: bool = False) -> None:
        """Let deeds be tried whose turn has not come, or those that are over, as if a relay had died before it knew."""
        what = "outcome = null, try_at = now()" if ended else "try_at = now() where outcome is null"
        await self.desk.pool.execute(f"update ladder_deed set {what}")  # noqa: S608 - words of ours
        await self.act(at)

    def desk_with(self, settings: CommunityFile) -> Desk:
        return Desk(self.desk.pool, self.desk.engine, self.desk.ring, settings)

    def given(self, **notices) -> "Persons":
        """The same house under other rules of messages."""
        rules = self.settings.notices.model_copy(update=notices)
        return self._replace(settings=self.settings.model_copy(update={"notices": rules}))

    def without(self, *staff: str) -> "Persons":
        """The same house with these persons away."""
        away = tuple(self.settings.absence[0].model_copy(update={"staff": one, **ALWAYS}) for one in staff)
        return self._replace(settings=self.settings.model_copy(update={"absence": away}))

    async def became(self, matter: Matter, clock: str = "response") -> dict[tuple[int, str], str]:
        """What became of each message about a clock: level and person → sent, held, or why it was dropped."""
        rows = await outgoing.notices(self.desk.pool, matter.order_id)
        told = [row for row in rows if row.notice.body.get("clock") == clock]
        return {(row.notice.body["level"], row.notice.person.removeprefix("usr_")): state(row) for row in told}

    async def until(self, matter: Matter, expected: dict[tuple[int, str], str], clock: str = "response") -> None:
        """Wait until the messages about a clock have become this."""
        await eventually(lambda: self.became(matter, clock), lambda found: found == expected)

    async def told(self, matter: Matter, clock: str = "response") -> dict[tuple[int, str], outgoing.Notice]:
        """Wait until everything that left was handed over; messages about a clock by level and person."""

        async def look() -> list[outgoing.NoticeRow]:
            return await outgoing.notices(self.desk.pool, matter.order_id)

        rows = await eventually(look, lambda rows: not [row for row in rows if state(row) == "under way"])
        found = [row.notice for row in rows if row.notice.body.get("clock") == clock]
        return {(one.body["level"], one.person.removeprefix("usr_")): one for one in found}

    def message(self, notice_id: str) -> dict:
        return json.loads((self.data / "messages" / f"{notice_id}.json").read_text(encoding="utf-8"))

    def actor(self, staff: str) -> Actor:
        return Actor(usr(staff), roles_of(staff, self.roster()))


def state(row: outgoing.NoticeRow) -> str:
    if row.dropped_because:
        return row.dropped_because
    if row.sent_at is not None:
        return "digest" if row.told_by else "sent"
    return "held" if row.notice.not_before else "under way"


async def unanswered(persons: Persons, minutes: int = 36, **said) -> Matter:
    """Nobody responds: levels 1, 2, 3 of `response` after 15, 20 and 35 minutes."""
    matter = await received(persons.desk, **said)
    await matter.skip(timedelta(minutes=minutes))
    await matter.until("escalated", 3 if minutes >= 36 else 1, clock="response")
    return matter


@asynccontextmanager
async def living(ground, data: Path):
    """Database, namespace and worker of its own: no other test's messages are gathered with these."""
    engine = await engine_of(f"persons-{secrets.token_hex(4)}", ground.temporal_address, data)
    async with await open_pool(await own_database(ground.dsn), max_size=10) as pool:
        desk = Desk(
            pool, engine, KeyRing.open(data / "keys" / "kek.json"), parse(roomy(sample_community().read_text()))
        )
        async with working(desk, data):
            yield Persons(desk, data, desk.settings)
