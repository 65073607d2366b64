"""A worker for each module: with a warm cache, or with one so small that every step replays its order."""

import pytest
from house import working


@pytest.fixture(scope="module")
async def worker(request, desk, data):
    async with working(desk, data, cache=getattr(request, "param", 1000)) as worker:
        yield worker
