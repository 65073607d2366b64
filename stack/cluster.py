"""A Temporal cluster on one machine: two nodes, one ring, 512 shards, on the bundled PostgreSQL."""

import json
from collections.abc import Awaitable, Mapping
from contextlib import AsyncExitStack
from dataclasses import replace
from functools import partial
from pathlib import Path

from stack import children, config, errors, finding, postgres, schema, temporal
from stack.finding import Found
from stack.front import Front
from stack.postgres import Postgres
from stack.settings import Settings
from stack.temporal import Temporal
from stack.words import Tell

NODES = ("temporal-1", "temporal-2")
FRONT = "front"


def note_of(data: Path) -> Path:
    """Where a data folder says that its engine is a cluster."""
    return data / "temporal" / "cluster.json"


def settled(settings: Settings) -> Settings:
    """Stay with what the data folder was made as: the processes of its orders live in one kind of engine or the other.

    A folder made as a cluster is one at the next `up`, asked for or not; one made without can't become one.
    """
    made = note_of(settings.data).exists()
    if settings.temporal_address:
        if settings.cluster:
            raise errors.cluster_of_others("HUIYIN_TEMPORAL_ADDRESS")
        return settings
    if settings.cluster and not made and (settings.data / "temporal" / config.DATABASE).exists():
        raise errors.made_single(settings.data)
    if (settings.cluster or made) and settings.database_url:
        raise errors.cluster_of_others("HUIYIN_DATABASE_URL")
    return replace(settings, cluster=settings.cluster or made)


async def start(settings: Settings, database: Awaitable[Postgres], tell: Tell) -> Temporal:
    """Bring up both nodes, one after the other, behind one address."""
    if settings.temporal_port:
        config.free_ports(settings.temporal_port, [FRONT])  # said before a build of five minutes, not after
    found = await finding.find(settings, tell)
    await database
    sockets = postgres.socket_folder(settings.data / "postgres")
    await schema.make(settings, sockets, tell)
    temporal.note_version(settings.data / "temporal", found, tell)
    note_of(settings.data).write_text(json.dumps({"nodes": len(NODES), "shards": config.CLUSTER_SHARDS}))
    for _ in range(temporal.ATTEMPTS - 1):
        try:
            return await bring_up(settings, found, sockets)
        except errors.StackError:
            if not any(children.said(settings.log(node), "address already in use") for node in NODES):
                raise
    return await bring_up(settings, found, sockets)


async def bring_up(settings: Settings, found: Found, sockets: Path) -> Temporal:
    """Start the nodes on free ports. The lock on the data folder says that nobody of ours lives in the ring."""
    names = [FRONT, *(f"{node}-{port}" for node in NODES for port in config.PORTS)]
    ports = config.free_ports(settings.temporal_port, names)
    await schema.forget_members(sockets)
    front = Front([(config.HOST, ports[f"{node}-frontend-grpc"]) for node in NODES])
    async with AsyncExitStack() as undo:
        undo.callback(front.close)
        await listen(front, ports[FRONT])
        servers = {}
        for node in NODES:
            again = partial(serve, settings, found, sockets, ports, node)
            child = await again()
            undo.push_async_callback(temporal.stop, child)
            servers[node] = (child, again)
        undo.pop_all()
    return Temporal(f"{config.HOST}:{ports[FRONT]}", found.version, ports, servers, front)


async def listen(front: Front, port: int) -> None:
    """Open the address that clients know."""
    try:
        await front.listen(config.HOST, port)
    except OSError:
        raise errors.port_in_use(port) from None


async def serve(settings: Settings, found: Found, sockets: Path, ports: Mapping[str, int], node: str) -> children.Child:
    """Start one node and wait until it answers itself. Its own last life is struck from the ring before."""
    mine = {name: ports[f"{node}-{name}"] for name in config.PORTS}
    await schema.forget_members(sockets, list(mine.values()))
    folder = settings.data / "temporal" / node
    stores = config.postgres_stores(sockets, postgres.ROLE, postgres.PORT, schema.NAMES)
    wanted = config.server_config(folder, mine, stores, config.CLUSTER_SHARDS, ports[FRONT])
    file = config.write(folder, wanted, time_skipping=settings.time_skipping)
    argv = temporal.server_argv(found, file)
    return await temporal.launched(settings, node, argv, folder, temporal.address_of(mine))
