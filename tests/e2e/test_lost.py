"""What is lost and how the house goes on: the tables while their orders live, and the file of the keys."""

import asyncio
import json
from contextlib import asynccontextmanager

import asyncpg
import pytest
from house import eventually
from machine import HUIYIN, MATTER, ROOT
from typed import PHOTOS

from stack.ground import read_ground

REPORTER = ("--name", "王小明", "--phone", "13800001001")


async def test_tables_are_lost_while_orders_live(machine, tmp_path) -> None:
    """OPS-07, OPS-09: nobody receives before the rebuild; after it the orders go on to their close as before."""
    order = (await machine.done("receive", *MATTER, *REPORTER))["order"]
    await machine.life(order, first="respond", last="dispatch")
    await lose_tables(machine)
    await machine.stop()
    async with brought_up(machine, tmp_path / "said") as said:
        await eventually(lambda: run(machine, "status", "--json"), lambda told: json.loads(told[1])["ready"] is False)
        await eventually(said, lambda text: "[record-lost]" in text and "huiyin reconcile --rebuild" in text)
        code, told = await eventually(lambda: machine.run("status"), lambda told: "reconcile --rebuild" in told[1])
        assert (code, order.removeprefix("wo_") in told) == (3, True)
        for words in (
            ("receive", *MATTER),
            ("import", "examples/sf311_demo.csv"),
            ("list",),
            ("duties",),
            ("watch", "--once"),
        ):
            code, told = await machine.run(*words)
            assert (code, "[record-lost]" in told) == (3, True), told
        code, told = await machine.run("accept", order, "--as", "S09")
        assert (code, "[not-found]" in told) == (1, True), told
        assert (await machine.run("reconcile", "--rebuild"))[0] == 0
        assert (await machine.done("receive", *MATTER))["order"] != order
        await machine.life(order, first="accept", last="record-callback")
        code, page = await machine.run("show", order, "--words", "--as", "S06")
        assert (code, "only a backup may hold them" in page, "更换密封圈" in page) == (0, True, True), page
        assert (await machine.run("audit", "replay", "--all"))[0] == 0
        await eventually(lambda: machine.run("reconcile"), lambda told: told[0] == 0)
        assert (await machine.run("status"))[0] == 0


@pytest.mark.parametrize("lost", ["table work_order_event", "table subject, subject_key", "schema public"])
async def test_a_table_is_lost_while_all_runs(machine, lost) -> None:
    """OPS-07, OPS-09: status names it, no number is given, and the one command told makes and fills it."""
    order = (await machine.done("receive", *MATTER, *REPORTER))["order"]
    await machine.life(order, first="respond", last="dispatch")
    await execute(machine, f"drop {lost} cascade")
    code, told = await machine.run("status", "--json")
    part = next(one for one in json.loads(told)["parts"] if one["part"] == "schema")
    assert (code, json.loads(told)["ready"], part["fine"]) == (3, False, False)
    assert all(name in part["fact"] or lost == "schema public" for name in lost.removeprefix("table ").split(", "))
    code, told = await machine.run("status")
    assert (code, "huiyin reconcile" in told, "No work order can be received" in told) == (3, True, True), told
    code, told = await machine.run("receive", *MATTER)
    assert (code, "[tables-lost]" in told, "`huiyin reconcile --rebuild`" in told) == (3, True, True), told
    code, told = await machine.run("reconcile", "--rebuild")
    assert "made again" in told, told
    await eventually(lambda: machine.run("reconcile"), lambda told: told[0] == 0)
    await machine.done("receive", *MATTER, *REPORTER)
    await machine.life(order, first="accept", last="record-callback")
    await eventually(lambda: machine.run("status"), lambda told: told[0] == 0)  # the relay may just have come back
    assert (await machine.run("audit", "replay", "--all"))[0] == 0


async def files(machine, order: str) -> int:
    """Count the photos that an order has."""
    return len(json.loads((await machine.run("attachments", order, "--json"))[1])["attachments"])


async def test_the_key_file_is_lost(machine, tmp_path) -> None:
    """PA-08, OPS-07: no new file takes its place unasked; restored it opens all, given up the orders go on."""
    order = (await machine.done("receive", *MATTER, *REPORTER, "--photo", PHOTOS[1]))["order"]
    keys = machine.data / "keys" / "kek.json"
    aside = keys.rename(tmp_path / "kek.json")
    code, told = await machine.run("receive", *MATTER)
    assert (code, "[keys-lost]" in told, keys.exists()) == (1, True, False), told
    assert "`huiyin down`, then `huiyin up --give-up-lost-keys`" in " ".join(told.split()), told
    code, told = await machine.run("status", "--json")
    part = next(one for one in json.loads(told)["parts"] if one["part"] == "keys")
    assert (code, json.loads(told)["ready"], part["fine"], part["fact"]) == (3, False, False, str(keys))
    code, told = await machine.run("status")
    assert ("No work order can be received" in told, keys.exists()) == (True, False), told
    await machine.stop()
    code, told = await machine.run("up")
    assert (code, "[keys-lost]" in told, keys.exists()) == (1, True, False), told
    aside.rename(keys)
    await machine.start()
    assert "kitchen pipe leaks" in (await machine.run("show", order, "--words", "--as", "S06"))[1]
    assert await files(machine, order) == 1
    await machine.stop()
    keys.unlink()
    await machine.start("--give-up-lost-keys")
    page = (await machine.run("show", order, "--words", "--as", "S06"))[1]
    assert ("only a backup may hold them" in page, "kitchen pipe leaks" in page) == (True, False), page
    assert await files(machine, order) == 0
    await machine.life(order, first="respond", last="record-callback")
    assert "更换密封圈" in (await machine.run("show", order, "--words", "--as", "S06"))[1]
    await machine.done("receive", *MATTER, *REPORTER)


async def test_a_key_file_that_is_named_must_be_there(tmp_path, machine) -> None:
    """A setting that can't be used ends `up` before any server is touched, and any door, with exit code 2."""
    machine.environment = {**machine.environment, "HUIYIN_KEK_FILE": str(tmp_path / "nowhere.json")}
    fresh = {**machine.environment, "HUIYIN_DATA": str(tmp_path / "fresh")}
    for words, env in ((("up",), fresh), (("list",), machine.environment)):
        process = await asyncio.create_subprocess_exec(
            *(HUIYIN, *words), env=env, cwd=ROOT, stdout=asyncio.subprocess.PIPE, stderr=asyncio.subprocess.STDOUT
        )
        printed, _ = await asyncio.wait_for(process.communicate(), 30)
        assert (process.returncode, b"HUIYIN_KEK_FILE" in printed) == (2, True), printed
    assert not (tmp_path / "fresh").exists()


async def run(machine, *words: str) -> tuple[int, str]:
    """Run a command when the servers are there."""
    await eventually(lambda: _noted(machine), bool)
    return await machine.run(*words)


async def _noted(machine) -> bool:
    return read_ground(machine.data) is not None


async def lose_tables(machine) -> None:
    """Lose every table, as after a restore onto nothing."""
    await execute(machine, "drop schema public cascade; create schema public")


async def execute(machine, statement: str) -> None:
    connection = await asyncpg.connect(read_ground(machine.data).dsn)
    await connection.execute(statement)
    await connection.close()


@asynccontextmanager
async def brought_up(machine, place):
    """`huiyin up` whose house can't receive; yields a look at what it has printed."""
    with place.open("wb") as file:
        machine.up = await asyncio.create_subprocess_exec(
            *(HUIYIN, "up"), env=machine.environment, cwd=ROOT, stdout=file, stderr=file
        )

    async def said() -> str:
        return place.read_text(encoding="utf-8")

    try:
        yield said
    finally:
        await machine.stop()
