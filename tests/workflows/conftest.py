"""A worker with a warm cache for the scenarios."""

import pytest
from house import working


@pytest.fixture(scope="package", autouse=True)
async def worker(desk, data):
    async with working(desk, data) as worker:
        yield worker
