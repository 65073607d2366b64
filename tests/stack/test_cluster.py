"""Two nodes behind one address: what a folder was made as it stays, and a death of any kind is no end."""

import asyncio
import os
import signal
import socket
import time
from pathlib import Path

import pytest
from temporalio.client import Client
from watching import ask, eventually, listening, processes_of, up

from stack import cluster, config
from stack.errors import StackError
from stack.front import Front
from stack.ground import Ground, read_ground, started
from stack.settings import Settings, from_environment
from starter.status import status

LOOPBACK = {"0100007F", "00000000000000000000000001000000"}
NODES = set(cluster.NODES)


def settings(tmp_path: Path, environ: dict[str, str], *, cluster: bool) -> Settings:
    (tmp_path / "temporal").mkdir(exist_ok=True)
    return from_environment(environ, data=tmp_path, cluster=cluster)


def test_a_folder_made_as_a_cluster_stays_one(tmp_path: Path):
    asked_for_nothing = settings(tmp_path, {}, cluster=False)
    assert cluster.settled(asked_for_nothing).cluster is False
    cluster.note_of(tmp_path).write_text("{}")
    assert cluster.settled(asked_for_nothing).cluster is True


def test_a_folder_made_without_is_refused_and_says_why(tmp_path: Path):
    asked = settings(tmp_path, {}, cluster=True)
    assert cluster.settled(asked).cluster is True
    (tmp_path / "temporal" / config.DATABASE).touch()
    with pytest.raises(StackError, match="made-single") as refused:
        cluster.settled(asked)
    assert "--cluster" in refused.value.zh
    assert str(tmp_path) in refused.value.en


@pytest.mark.parametrize("name", ["HUIYIN_DATABASE_URL", "HUIYIN_TEMPORAL_ADDRESS"])
def test_servers_of_the_operators_are_refused_by_name(tmp_path: Path, name: str):
    with pytest.raises(StackError, match="cluster-own-servers") as refused:
        cluster.settled(settings(tmp_path, {name: "x"}, cluster=True))
    assert name in refused.value.zh
    assert name in refused.value.remedy_en


def test_all_connections_together_leave_room_for_workers():
    """PostgreSQL takes 100 of ours; each role of each node has a pool for each database."""
    roles = len(config.ROLES) * len(cluster.NODES)
    assert roles * (config.MAX_CONNECTIONS + config.MAX_VISIBILITY_CONNECTIONS) <= 64


async def echo(name: bytes) -> asyncio.Server:
    async def serve(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        writer.write(b"hello ")
        while word := await reader.readline():
            writer.write(name + word)
        writer.close()

    return await asyncio.start_server(serve, config.HOST, 0)


def port_of(server: asyncio.Server) -> int:
    return server.sockets[0].getsockname()[1]


async def told(port: int) -> bytes:
    """Connect, say a word, and hang up."""
    reader, writer = await asyncio.open_connection(config.HOST, port)
    writer.write(b"word\n")
    answer = await reader.readline()
    writer.close()
    return answer


async def test_the_front_takes_turns_passes_over_the_dead_and_hangs_up_when_all_are():
    first, second = await echo(b"1 "), await echo(b"2 ")
    ports = config.free_ports(None, ["front"])
    front = Front([(config.HOST, port_of(first)), (config.HOST, port_of(second))])
    await front.listen(config.HOST, ports["front"])
    assert {await told(ports["front"]), await told(ports["front"])} == {b"hello 1 word\n", b"hello 2 word\n"}
    first.close()
    assert {await told(ports["front"]) for _ in range(3)} == {b"hello 2 word\n"}
    second.close()
    assert await told(ports["front"]) == b""
    front.close()
    with pytest.raises(ConnectionRefusedError):
        await told(ports["front"])


async def test_the_front_passes_over_a_node_that_is_frozen():
    """OPS-02: its connections are accepted, but it does not greet."""
    lives = await echo(b"2 ")
    with socket.create_server((config.HOST, 0)) as frozen:
        front = Front([(config.HOST, frozen.getsockname()[1]), (config.HOST, port_of(lives))])
        ports = config.free_ports(None, ["front"])
        await front.listen(config.HOST, ports["front"])
        assert {await told(ports["front"]), await told(ports["front"])} == {b"hello 2 word\n"}
        front.close()
    lives.close()


async def test_it_listens_here_only_keeps_its_processes_and_stays_a_cluster(tmp_path: Path):
    async with started(tmp_path, cluster=True) as ground:
        assert set(ground.pids) == {"postgres", *NODES}
        heard = [place for node in NODES for place in listening(ground.pids[node])]
        assert {address for address, _ in heard} <= LOOPBACK
        assert list(listening(ground.pids["postgres"])) == []
        client = await Client.connect(ground.temporal_address, namespace=ground.namespace)
        await client.start_workflow("Nothing", id="kept", task_queue="huiyin")
        shards = await ask(ground.dsn.replace("/huiyin?", "/temporal?"), "SELECT max(shard_id) FROM shards")
    assert processes_of(tmp_path) == {}
    assert shards is not None
    assert shards <= config.CLUSTER_SHARDS
    async with started(tmp_path) as again:
        assert set(again.pids) == {"postgres", *NODES}
        client = await Client.connect(again.temporal_address, namespace=again.namespace)
        assert (await client.get_workflow_handle("kept").describe()).id == "kept"


async def is_ready(data: Path) -> Ground:
    deadline = time.monotonic() + 90
    while await status(data) != 0:
        assert time.monotonic() < deadline
        await asyncio.sleep(0.1)
    ground = read_ground(data)
    assert ground
    return ground


async def test_a_node_comes_back_and_after_the_death_of_all_the_ring_is_new(tmp_path: Path):
    """What a dead ring left behind does not hold up the next start."""
    data = tmp_path / "data"
    async with up(data, tmp_path / "said", "--cluster") as it:
        before = await is_ready(data)
        assert it.said.count("making its databases") == 1
        os.kill(before.pids["temporal-2"], signal.SIGKILL)
        await eventually(lambda: (now := read_ground(data)) is not None and now.pids != before.pids, 60)
        after = await is_ready(data)
        assert after.temporal_address == before.temporal_address
        assert "Temporal node 2 ended" in it.said
        it.process.kill()
        await it.process.wait()
    await eventually(lambda: processes_of(data) == {}, 60)
    begun = time.monotonic()
    async with up(data, tmp_path / "said2") as it:
        await is_ready(data)
        assert time.monotonic() - begun < 40, it.said
    assert processes_of(data) == {}
