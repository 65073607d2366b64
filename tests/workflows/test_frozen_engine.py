"""An engine that accepts connections and is silent: no command waits longer than a door's patience (OPS-02)."""

import socket
import time

import pytest
from house import OPERATOR, received

from domain.commands import CommandName
from domain.refusals import Refused
from starter.acting import Request, act
from starter.desk import PATIENCE, Desk
from starter.replay import replay_order
from starter.sight import look
from workflows.engine import Engine, connect

LONGEST = PATIENCE.total_seconds() + 3
"""Seconds, with what the record and a busy machine take."""


@pytest.mark.usefixtures("worker")
async def test_no_command_waits_longer_than_its_patience(desk) -> None:
    matter = await received(desk)
    await matter.until("clock_started")
    with socket.create_server(("127.0.0.1", 0)) as frozen:
        engine = await connect(Engine(address="{}:{}".format(*frozen.getsockname())), lazy=True)
        there = Desk(desk.pool, engine, desk.ring, desk.settings)
        for work, code in (
            (
                act(there, Request(matter.order_id, CommandName.RESPOND, OPERATOR, {"channel": "phone"})),
                "outcome-unknown",
            ),
            (replay_order(there, matter.order_id), "engine-away"),
        ):
            begun = time.monotonic()
            with pytest.raises(Refused) as refused:
                await work
            assert refused.value.code == code
            assert time.monotonic() - begun < LONGEST
        begun = time.monotonic()
        seen = await look(there.pool, engine)
        assert (seen.pulse is not None, seen.stuck) == (True, None)
        assert time.monotonic() - begun < LONGEST
