"""The ground that most tests of this room look at."""

from collections.abc import AsyncIterator

import pytest
import pytest_asyncio

from stack.ground import Ground, started


@pytest_asyncio.fixture(scope="module", loop_scope="session")
async def plain(tmp_path_factory: pytest.TempPathFactory) -> AsyncIterator[Ground]:
    """A ground without time skipping."""
    async with started(tmp_path_factory.mktemp("plain")) as ground:
        yield ground
