"""The configuration of an embedded Temporal server: all roles in one process, SQLite or PostgreSQL, one machine."""

import json
import secrets
import socket
from collections.abc import Mapping, Sequence
from contextlib import ExitStack, suppress
from pathlib import Path
from typing import Any

from stack import errors

HOST = "127.0.0.1"
DATABASE = "temporal.db"
"""Relative to the server's working folder: search attributes hang on this name, and a data folder can be moved."""
ROLES = ("frontend", "history", "matching", "worker")
TIME_SKIPPING = "frontend.WorkflowTimeSkippingEnabled"
STUCK_AFTER = "system.numConsecutiveWorkflowTaskProblemsToTriggerSearchAttribute"
"""Two failures in a row mark a process as stuck, as in Temporal's cloud; the server's own five take a minute."""
FRESH_ATTRIBUTES = "system.forceSearchAttributesCacheRefreshOnRead"  # for tests only, says the server's own source


PORTS = tuple(f"{role}-{kind}" for role in ROLES for kind in ("grpc", "membership"))
CLUSTER_SHARDS = 512
"""How a cluster divides its processes; fixed for ever at its first start."""
MAX_CONNECTIONS, MAX_VISIBILITY_CONNECTIONS = 6, 2
"""To PostgreSQL, for each role of each node: two nodes take at most 64 of its 100."""


def free_ports(wanted: int | None, names: Sequence[str] = PORTS) -> dict[str, int]:
    """Choose a port for each name, held all at once so that they differ; `wanted` is the first one's."""
    with ExitStack() as held:
        sockets = [held.enter_context(socket.socket()) for _ in names]
        for one in sockets:
            one.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)  # as the server does: not blocked by TIME_WAIT
            bind(one, [wanted] if one is sockets[0] and wanted else random_ports())
        return {name: one.getsockname()[1] for name, one in zip(names, sockets, strict=True)}


def random_ports() -> list[int]:
    """Draw from below the range in which systems choose ports for outgoing connections, so that none comes between."""
    return [20_000 + secrets.randbelow(12_000) for _ in range(100)]


def bind(one: socket.socket, ports: list[int]) -> None:
    """Take the first port that is free."""
    for port in ports:
        with suppress(OSError):
            return one.bind((HOST, port))
    raise errors.port_in_use(ports[-1])


def server_config(
    folder: Path, ports: Mapping[str, int], stores: Mapping[str, Any], shards: int = 1, public: int | None = None
) -> dict[str, Any]:
    """Follow the server's own development-sqlite-file.yaml, without archival, metrics and pprof.

    `public` is the port that clients use, when it is not this server's own.
    """
    return {
        "log": {"stdout": True, "level": "warn"},
        "persistence": {
            "defaultStore": "default",
            "visibilityStore": "visibility",
            "numHistoryShards": shards,
            "datastores": dict(stores),
        },
        "global": {"membership": {"maxJoinDuration": "30s", "broadcastAddress": HOST}},  # no metrics, no pprof: no port
        "services": {role: service(role, ports) for role in ROLES},
        "clusterMetadata": cluster(public or ports["frontend-grpc"]),
        "dcRedirectionPolicy": {"policy": "noop"},
        "dynamicConfigClient": {"filepath": str(folder / "dynamic.yaml"), "pollInterval": "60s"},
    }


def sqlite_stores() -> dict[str, Any]:
    """Keep processes and their list in one file."""
    return dict.fromkeys(("default", "visibility"), sqlite())


def sqlite() -> dict[str, Any]:
    """Name the file. `setup` makes the tables and does no harm later; synchronous 2 waits for the disk at commit."""
    attributes = {"cache": "private", "setup": "true", "journal_mode": "wal", "synchronous": "2"}
    return {
        "sql": {
            "pluginName": "sqlite",
            "databaseName": DATABASE,
            "connectAddr": "localhost",
            "connectProtocol": "tcp",
            "connectAttributes": attributes,
            "maxConns": 1,
            "maxIdleConns": 1,
            "maxConnLifetime": "1h",
        }
    }


def postgres_stores(sockets: Path, user: str, port: int, names: tuple[str, str]) -> dict[str, Any]:
    """Keep processes and their list in two databases, reached by the unix socket that PostgreSQL listens on."""
    limits = (MAX_CONNECTIONS, MAX_VISIBILITY_CONNECTIONS)
    named = zip(("default", "visibility"), names, limits, strict=True)
    return {store: {"sql": postgres(sockets, user, port, name, limit)} for store, name, limit in named}


def postgres(sockets: Path, user: str, port: int, name: str, limit: int) -> dict[str, Any]:
    """Name a database. The driver takes `host` before the address, of which only the port is left to say."""
    return {
        "pluginName": "postgres12_pgx",
        "databaseName": name,
        "connectAddr": f"localhost:{port}",
        "connectProtocol": "tcp",
        "user": user,
        "connectAttributes": {"host": str(sockets)},
        "maxConns": limit,
        "maxIdleConns": limit,
        "maxConnLifetime": "1h",
    }


def service(role: str, ports: Mapping[str, int]) -> dict[str, Any]:
    """Give one role its two ports, on the loopback only."""
    rpc = {"grpcPort": ports[f"{role}-grpc"], "membershipPort": ports[f"{role}-membership"], "bindOnLocalHost": True}
    return {"rpc": rpc}


def cluster(port: int) -> dict[str, Any]:
    """Describe the one cluster there is."""
    active = {"enabled": True, "initialFailoverVersion": 1, "rpcName": "frontend", "rpcAddress": f"{HOST}:{port}"}
    return {
        "enableGlobalNamespace": False,
        "failoverVersionIncrement": 10,
        "masterClusterName": "active",
        "currentClusterName": "active",
        "clusterInformation": {"active": active},
    }


def dynamic_values(*, time_skipping: bool) -> dict[str, bool | int]:
    """Keep to the server's defaults else, so that what holds here holds on any cluster."""
    skipping = {TIME_SKIPPING: True, FRESH_ATTRIBUTES: True} if time_skipping else {}
    return {STUCK_AFTER: 2, **skipping}


def write(folder: Path, config: Mapping[str, Any], *, time_skipping: bool) -> Path:
    """Write both files as JSON, which is YAML too."""
    folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    values = {key: [{"value": value}] for key, value in dynamic_values(time_skipping=time_skipping).items()}
    (folder / "dynamic.yaml").write_text(json.dumps(values, indent=2))
    (folder / "config.yaml").write_text(json.dumps(config, indent=2))
    return folder / "config.yaml"
