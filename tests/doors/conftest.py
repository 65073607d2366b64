"""A house for the command line: servers, a worker and a relay of its own, and `huiyin` as operators start it."""

import time
from collections.abc import AsyncIterator
from contextlib import ExitStack

import pytest
from house import roomy
from line import WITHIN, Line, clean, forking, process

from records.migrate import migrate
from stack.ground import started
from starter.ground import environment
from starter.opening import sample_community


@pytest.fixture(scope="session")
async def huiyin(tmp_path_factory: pytest.TempPathFactory) -> AsyncIterator[Line]:
    """The command line on servers of its own: other tests' workers would take its work."""
    data = tmp_path_factory.mktemp("cli")
    settings = data / "community.toml"
    settings.write_text(roomy(sample_community().read_text(encoding="utf-8")), encoding="utf-8")
    async with started(data, time_skipping=True) as ground:
        migrate(ground.dsn)
        env = {**clean(), "HUIYIN_DATA": str(data), "HUIYIN_COMMUNITY": str(settings)}
        programs = {**environment(ground), **env, "HUIYIN_LOG_FORMAT": "json"}
        with ExitStack() as processes:
            line = Line(env, data / "logs", processes.enter_context(forking(data)))
            for module in ("worker", "starter.relay"):
                processes.enter_context(process(module, programs, data / "logs" / f"{module}.log"))
            until_ready(line)
            yield line


def until_ready(line: Line) -> None:
    """Wait until an order could be received; each look takes long enough to be no busy wait."""
    end = time.monotonic() + WITHIN
    while time.monotonic() < end:
        if line("status", "--json").code == 0:
            return
    raise AssertionError(line("status").out)
