"""Fixtures that every room's tests share: the servers, and a house that lives on them."""

from collections.abc import AsyncIterator
from pathlib import Path

import pytest
from house import own_database, steady_community
from temporalio.client import Client

from records.pool import Pool, open_pool
from records.vault import KeyRing
from stack.ground import Ground, started
from starter.community_file import load
from starter.desk import Desk
from workflows.engine import Engine, connect


@pytest.fixture(scope="session")
async def ground(tmp_path_factory: pytest.TempPathFactory) -> AsyncIterator[Ground]:
    """Real PostgreSQL and Temporal with time skipping, started once for all tests that ask for them."""
    async with started(tmp_path_factory.mktemp("ground"), time_skipping=True) as ground:
        yield ground


@pytest.fixture(scope="session")
async def house_dsn(ground: Ground) -> str:
    """A migrated database for everything that lives on the servers."""
    return await own_database(ground.dsn)


@pytest.fixture(scope="session")
async def pool(house_dsn: str) -> AsyncIterator[Pool]:
    async with await open_pool(house_dsn, max_size=30) as opened:
        yield opened


@pytest.fixture(scope="session")
async def client(ground: Ground) -> Client:
    return await connect(Engine(address=ground.temporal_address, namespace=ground.namespace))


@pytest.fixture(scope="session")
def data(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The data folder of the house: keys, and messages of the sandbox channel."""
    return tmp_path_factory.mktemp("data")


@pytest.fixture(scope="session")
async def desk(pool: Pool, client: Client, data: Path) -> Desk:
    return Desk(pool, client, KeyRing.open(data / "keys" / "kek.json"), load(steady_community(data / "community.toml")))
