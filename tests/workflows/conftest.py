"""A worker for each module: with a warm cache, or with one so small that every step replays its order."""

import pytest
from house import working
from persons_house import living, next_day

from starter.community_file import load
from starter.opening import sample_community


@pytest.fixture(scope="module")
async def worker(request, desk, data):
    async with working(desk, data, cache=getattr(request, "param", 1000)) as worker:
        yield worker


@pytest.fixture(scope="module")
async def persons(ground, tmp_path_factory):
    async with living(ground, tmp_path_factory.mktemp("persons")) as persons:
        yield persons


@pytest.fixture
def day():
    return next_day()


@pytest.fixture(scope="session")
def sample():
    return load(sample_community())
