"""PostgreSQL away: the engine goes on and the record catches up; doors refuse and lose nothing."""

import asyncio
import secrets
from contextlib import asynccontextmanager

import pytest
from house import OPERATOR, Matter, eventually, form, received, working

from domain.commands import Envelope
from domain.refusals import Refused
from records.migrate import migrate
from records.pool import open_pool
from stack import postgres
from stack.settings import Settings, default_cache
from stack.words import teller
from starter.client import receive_matter
from starter.desk import Desk
from workflows.contract import Answer

NUMBERS_OF_ITS_OWN = 20_000_001
"""The engine is shared with other tests, whose orders have numbers from 10000001 on."""
TELL = teller(lambda _: None, "en")


class Database:
    """A PostgreSQL of this test's own, which can be taken away and brought back at the same address."""

    def __init__(self, data) -> None:
        self.settings = Settings(data=data, cache=default_cache({}))
        self.running: postgres.Postgres | None = None

    async def start(self) -> str:
        self.running = await postgres.start(self.settings, TELL)
        return self.running.dsn

    async def stop(self) -> None:
        if self.running and self.running.child:
            await postgres.stop(self.running.child)
        self.running = None


@asynccontextmanager
async def living(tmp_path, desk):
    """A worker and a desk on a database that can go away."""
    for folder in ("logs", "data"):
        (tmp_path / folder).mkdir(mode=0o700)
    database = Database(tmp_path)
    dsn = await database.start()
    migrate(dsn)
    try:
        async with await open_pool(dsn, max_size=5) as pool:
            await pool.execute(f"alter sequence order_number restart with {NUMBERS_OF_ITS_OWN}")
            own = Desk(pool, desk.engine, desk.ring, desk.settings)
            async with working(own, tmp_path / "data"):
                yield database, own
    finally:
        await database.stop()


async def straight(matter: Matter, command: str) -> Answer:
    """Give a command to the process itself, past the doors, as its next door will once the record is back."""
    envelope = Envelope(
        command=command,
        actor=OPERATOR.id,
        roles=OPERATOR.roles,
        channel="phone",
        request_id="req_test",
        key=secrets.token_hex(32),
    )
    return await matter.handle.execute_update(command, envelope, result_type=Answer)


async def test_the_engine_goes_on_and_the_record_catches_up(desk, tmp_path) -> None:
    """CLK-34, OPS-02, design 4a.10: measured as in design 4."""
    async with living(tmp_path, desk) as (database, own):
        matter = await received(own)
        await matter.until("clock_started")
        await database.stop()
        loop = asyncio.get_running_loop()
        begun = loop.time()
        answer = await straight(matter, "respond")
        took = loop.time() - begun
        with pytest.raises(Refused) as received_in_vain:
            await receive_matter(own, form(), OPERATOR)
        with pytest.raises(Refused) as acted_in_vain:
            await matter.give("register", OPERATOR)
        await database.start()
        [responded] = await eventually(lambda: found(matter, "responded"), bool, 60)
        row = (await matter.file()).row
    assert (answer.stage, responded["seq"] <= answer.seq) == ("registration", True)
    assert {received_in_vain.value.code, acted_in_vain.value.code} == {"records-away"}
    assert (row.seq, row.head, row.stage) == (answer.seq, answer.head, "registration")
    assert took < 5


async def found(matter: Matter, kind: str) -> list[dict]:
    try:
        return await matter.events(kind)
    except Exception:  # noqa: BLE001 - the record is coming back
        return []
