"""An engine that accepts connections and is silent: no command waits longer than a door's patience (OPS-02)."""

import socket
import time
from contextlib import asynccontextmanager
from datetime import timedelta

import pytest
from house import OPERATOR, Matter, form, received

from domain.commands import CommandName
from domain.refusals import Refused
from starter.acting import act
from starter.cli.one_call import in_one_call
from starter.client import receive_matter
from starter.desk import PATIENCE, Desk
from starter.lost import check_numbers
from starter.reconcile import orders
from starter.relay import start_waiting
from starter.replay import replay_order
from starter.request import Request
from starter.sight import look
from workflows.engine import Engine, connect

LONGEST = PATIENCE.total_seconds() + 3
"""Seconds, with what the record and a busy machine take."""
NUMBER_WITHIN = 4
"""Seconds until a number is there, of the five that a caller waits; the rest is for the command to start (INT-14)."""


@asynccontextmanager
async def frozen(desk: Desk):
    """The same desk, whose engine accepts connections and is silent."""
    with socket.create_server(("127.0.0.1", 0)) as silent:
        engine = await connect(Engine(address="{}:{}".format(*silent.getsockname())), lazy=True)
        yield Desk(desk.pool, engine, desk.ring, desk.settings)


@pytest.mark.usefixtures("worker")
async def test_a_number_is_there_within_five_seconds(desk) -> None:
    """INT-14: number and limits come at once, with the demand restated too; the relay starts the process later."""
    await received(desk)
    matter = form(answered=True)
    async with frozen(desk) as there:
        begun = time.monotonic()
        receipt = await receive_matter(there, matter, OPERATOR, start=await check_numbers(there))
        more = await in_one_call(there, receipt, matter, OPERATOR, "今天修好厨房水管")
        assert time.monotonic() - begun < NUMBER_WITHIN
        assert (receipt.started, more.undone, more.refusal.code) == (False, "clarify", "engine-away")
        begun = time.monotonic()
        assert not (await receive_matter(there, form(), OPERATOR)).started
        assert time.monotonic() - begun < NUMBER_WITHIN
    assert await start_waiting(desk, idle_for=timedelta()) == 2
    await Matter(desk, receipt.order_id).until("clock_started")


@pytest.mark.usefixtures("worker")
async def test_no_command_waits_longer_than_its_patience(desk) -> None:
    matter = await received(desk)
    await matter.until("clock_started")
    async with frozen(desk) as there:
        for work, code in (
            (
                act(there, Request(matter.order_id, CommandName.RESPOND, OPERATOR, {"channel": "phone"})),
                "outcome-unknown",
            ),
            (replay_order(there, matter.order_id), "engine-away"),
            (orders(there), "engine-away"),
        ):
            begun = time.monotonic()
            with pytest.raises(Refused) as refused:
                await work
            assert refused.value.code == code
            assert time.monotonic() - begun < LONGEST
        begun = time.monotonic()
        seen = await look(there.pool, there.engine)
        assert (seen.pulse is not None, seen.stuck) == (True, None)
        assert time.monotonic() - begun < LONGEST
