"""One installation as processes, for every test that drives it by commands or kills a part of it."""

import pytest
from machine import Machine, clean_environment


@pytest.fixture
async def machine(tmp_path):
    machine = Machine(clean_environment(tmp_path / "data"))
    await machine.start()
    yield machine
    await machine.stop()
