"""The ground starts, answers on this machine only, stops without a trace and keeps its data."""

import os
import stat
from pathlib import Path

import psycopg
import pytest
from temporalio.api.workflowservice.v1 import DescribeNamespaceRequest
from temporalio.client import Client
from watching import ask, eventually, listening, processes_of

from stack.errors import StackError
from stack.ground import Ground, from_environment, read_ground, start, started

LOOPBACK = {"0100007F", "00000000000000000000000001000000"}


async def test_both_drivers_use_the_dsn(plain: Ground):
    assert await ask(plain.dsn, "SHOW fsync") == "on"
    with psycopg.connect(plain.dsn) as connection:
        assert connection.execute("SELECT current_database()").fetchone() == ("huiyin",)


async def test_yoyo_uses_the_dsn(plain: Ground):
    from yoyo import get_backend  # noqa: PLC0415

    backend = get_backend(plain.dsn.replace("postgresql:", "postgresql+psycopg:"))
    try:
        assert backend.execute("SELECT 1").fetchone()
    finally:
        backend.connection.close()


async def test_chinese_sorts_the_same_on_every_machine(plain: Ground):
    words = "SELECT string_agg(w, '' ORDER BY w) FROM unnest(ARRAY['水','b','电','B','a']) w"
    assert await ask(plain.dsn, words) == "Bab水电"


async def test_the_namespace_keeps_histories_for_90_days(plain: Ground):
    client = await Client.connect(plain.temporal_address, namespace=plain.namespace)
    told = await client.workflow_service.describe_namespace(DescribeNamespaceRequest(namespace=plain.namespace))
    assert told.config.workflow_execution_retention_ttl.ToTimedelta().days == 90


async def test_everything_listens_on_this_machine_only(plain: Ground):
    sockets = {name: list(listening(pid)) for name, pid in plain.pids.items()}
    assert sockets["postgres"] == []
    assert {port for _, port in sockets["temporal"]} == set(plain.ports.values())
    assert {address for address, _ in sockets["temporal"]} <= LOOPBACK


async def test_the_folder_is_private(plain: Ground):
    nobody_else = stat.S_IROTH | stat.S_IWOTH | stat.S_IXOTH | stat.S_IRGRP | stat.S_IWGRP
    assert plain.data.stat().st_mode & nobody_else == 0
    assert (plain.data / "ground.json").stat().st_mode & 0o777 == 0o600
    assert (plain.data / "postgres").stat().st_mode & 0o777 == 0o700


async def test_the_note_tells_others_where_it_runs(plain: Ground):
    assert read_ground(plain.data) == plain


async def test_a_second_start_is_refused_and_names_the_first(plain: Ground):
    with pytest.raises(StackError) as refused:
        await start(from_environment(os.environ, data=plain.data))
    assert refused.value.code == "already-running"
    assert str(os.getpid()) in refused.value.en


async def test_data_survives_a_stop(tmp_path: Path):
    async with started(tmp_path / "data") as ground:
        await ask(ground.dsn, "CREATE TABLE kept AS SELECT 42 AS answer")
        client = await Client.connect(ground.temporal_address, namespace=ground.namespace)
        await client.start_workflow("Nothing", id="kept", task_queue="huiyin")
    assert processes_of(tmp_path / "data") == {}
    assert read_ground(tmp_path / "data") is None
    async with started(tmp_path / "data") as again:
        assert await ask(again.dsn, "SELECT answer FROM kept") == 42
        client = await Client.connect(again.temporal_address, namespace=again.namespace)
        assert (await client.get_workflow_handle("kept").describe()).id == "kept"


async def test_a_deep_folder_gets_a_short_socket(tmp_path: Path):
    deep = tmp_path.joinpath(*["a-folder-with-a-long-name"] * 8, "数据")
    async with started(deep) as ground:
        assert await ask(ground.dsn, "SELECT 1") == 1
        assert str(deep) not in ground.dsn
        sockets = Path(ground.dsn.partition("?host=")[2])
        await eventually(sockets.exists)
    await eventually(lambda: not sockets.exists())
    assert processes_of(deep) == {}


async def test_a_folder_can_be_moved(tmp_path: Path):
    async with started(tmp_path / "here") as ground:
        await ask(ground.dsn, "CREATE TABLE moved ()")
    (tmp_path / "here").rename(tmp_path / "there")
    async with started(tmp_path / "there") as ground:
        assert await ask(ground.dsn, "SELECT to_regclass('moved')::text") == "moved"


async def test_a_pid_file_that_names_another_program_is_no_obstacle(tmp_path: Path):
    async with started(tmp_path) as ground:
        await ask(ground.dsn, "SELECT 1")
    pid_file = tmp_path / "postgres" / "postmaster.pid"
    pid_file.write_text(f"{os.getpid()}\n{tmp_path}/postgres\n1\n5432\n\n\n 1 1\nready\n")
    async with started(tmp_path) as ground:
        assert await ask(ground.dsn, "SELECT 1") == 1


async def test_an_operators_postgresql_is_adopted(plain: Ground, tmp_path: Path, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setenv("HUIYIN_DATABASE_URL", plain.dsn)
    monkeypatch.setenv("HUIYIN_TEMPORAL_ADDRESS", plain.temporal_address)
    async with started(tmp_path / "data") as ground:
        assert (ground.dsn, ground.temporal_address) == (plain.dsn, plain.temporal_address)
        assert ground.pids == {}
    assert await ask(plain.dsn, "SELECT 1") == 1
