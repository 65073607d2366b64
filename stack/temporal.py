"""Temporal for one machine: the embedded server or the CLI's dev server, or a cluster that is already there."""

import asyncio
import contextlib
import json
import sqlite3
from collections.abc import Awaitable, Callable, Iterable, Mapping
from dataclasses import dataclass, field
from datetime import timedelta
from functools import partial
from pathlib import Path

from google.protobuf.duration_pb2 import Duration
from temporalio.api.common.v1 import WorkflowExecution
from temporalio.api.enums.v1 import TaskQueueType
from temporalio.api.taskqueue.v1 import PollerInfo, TaskQueue
from temporalio.api.workflowservice.v1 import (
    DescribeTaskQueueRequest,
    DescribeTaskQueueResponse,
    DescribeWorkflowExecutionRequest,
    GetSystemInfoRequest,
    ListTaskQueuePartitionsRequest,
    ListWorkflowExecutionsRequest,
    RegisterNamespaceRequest,
)
from temporalio.client import Client
from temporalio.service import GrpcCompression, RPCError, RPCStatusCode, TLSConfig

from stack import children, config, errors, finding
from stack.finding import Found
from stack.front import Front
from stack.settings import Settings
from stack.words import Tell

READY_WITHIN = 60.0
ATTEMPTS = 3
"""Ports that were free when chosen may be taken when the server binds them; then others are chosen."""
QUEUE = "huiyin"
RPC = timedelta(seconds=5)
MAY_NOT_LIST = {RPCStatusCode.PERMISSION_DENIED, RPCStatusCode.UNIMPLEMENTED}
"""Partitions are the server's own affair; where they are not told, the first has to do."""
MAY_NOT_REGISTER = {RPCStatusCode.ALREADY_EXISTS, RPCStatusCode.PERMISSION_DENIED, RPCStatusCode.UNIMPLEMENTED}
"""A namespace of a cloud is made in its console: what counts is whether it answers a list call."""


Again = Callable[[], Awaitable[children.Child]]
"""Starts a server again, at the same address."""


@dataclass(frozen=True)
class Temporal:
    """A reachable Temporal with our namespace; without servers when they are not ours to stop."""

    address: str
    version: str
    ports: Mapping[str, int] = field(default_factory=dict)
    servers: Mapping[str, tuple[children.Child, Again]] = field(default_factory=dict)
    front: Front | None = None

    async def stop(self) -> None:
        """Stop what is ours."""
        await stop_all(child for child, _ in self.servers.values())
        if self.front:
            self.front.close()


async def connect(settings: Settings, address: str, within: float = 5.0) -> Client:
    """Connect with what the settings say; no compression on the loopback."""
    return await Client.connect(
        address,
        namespace=settings.namespace,
        api_key=settings.temporal_api_key,
        tls=tls_of(settings),
        connect_timeout=timedelta(seconds=within),
        grpc_compression=GrpcCompression.NONE,
    )


def tls_of(settings: Settings) -> TLSConfig | bool | None:
    """Read the certificates, if there is anything to read."""
    if not settings.temporal_tls:
        return None  # the SDK's own choice: on with an API key, else off
    files = (settings.temporal_tls_ca, settings.temporal_tls_cert, settings.temporal_tls_key)
    ca, cert, key = (file.read_bytes() if file else None for file in files)
    return TLSConfig(server_root_ca_cert=ca, client_cert=cert, client_private_key=key)


async def start(settings: Settings, tell: Tell) -> Temporal:
    """Bring up a server on the file of the data folder, or adopt the operator's cluster."""
    if settings.temporal_address:
        return await adopt(settings, settings.temporal_address)
    if settings.temporal_port:
        config.free_ports(settings.temporal_port)  # said before a build of five minutes, not after
    found = await finding.find(settings, tell)
    note_version(settings.data / "temporal", found, tell)
    for _ in range(ATTEMPTS - 1):
        try:
            return await bring_up(settings, found)
        except errors.StackError:
            if not children.said(settings.logs["temporal"], "address already in use"):
                raise
    return await bring_up(settings, found)


async def adopt(settings: Settings, address: str) -> Temporal:
    """Take a cluster of the operator's: nothing is started, the namespace is registered if that is allowed."""
    try:
        return Temporal(address, await greet(settings, address, READY_WITHIN / 4))
    except (RPCError, RuntimeError, OSError, TimeoutError) as error:
        raise errors.temporal_unreachable(address, str(error).split("\n")[0] or "timeout") from None


def note_version(folder: Path, found: Found, tell: Tell) -> None:
    """Say so when another server takes over: an SQLite file is not migrated between versions."""
    folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    note, now = folder / "server-version", f"{found.kind} {found.version}"
    before = note.read_text().strip() if note.exists() else now
    if before != now:
        tell("temporal-changed", before=before, version=now)
    note.write_text(now)


def argv_of(settings: Settings, found: Found, ports: Mapping[str, int]) -> list[str]:
    """Write out the words that start it."""
    folder = settings.data / "temporal"
    if found.kind == "server":
        wanted = config.server_config(folder, ports, config.sqlite_stores())
        file = config.write(folder, wanted, time_skipping=settings.time_skipping)
        return server_argv(found, file)
    values = config.dynamic_values(time_skipping=settings.time_skipping)
    words = [str(found.path), "server", "start-dev", "--headless", "--ip", config.HOST, "--log-level", "warn"]
    words += ["--port", str(ports["frontend-grpc"]), "--db-filename", config.DATABASE]
    words += ["--namespace", settings.namespace]
    return words + [
        part for key, value in values.items() for part in ("--dynamic-config-value", f"{key}={json.dumps(value)}")
    ]


def server_argv(found: Found, file: Path) -> list[str]:
    """Write out the words that start the plain server."""
    return [str(found.path), "--config-file", str(file), "--allow-no-auth", "start"]


async def bring_up(settings: Settings, found: Found) -> Temporal:
    """Start it on free ports; started again later, it keeps them."""
    ports = config.free_ports(settings.temporal_port)
    again = partial(serve, settings, found, ports)
    child = await again()
    return Temporal(address_of(ports), found.version, ports, {"temporal": (child, again)})


def address_of(ports: Mapping[str, int]) -> str:
    """Say where the frontend listens."""
    return f"{config.HOST}:{ports['frontend-grpc']}"


async def serve(settings: Settings, found: Found, ports: Mapping[str, int]) -> children.Child:
    """Start the server on the file of the data folder."""
    folder = settings.data / "temporal"
    forget_ring(folder / config.DATABASE)
    return await launched(settings, "temporal", argv_of(settings, found, ports), folder, address_of(ports))


async def launched(settings: Settings, name: str, argv: list[str], folder: Path, address: str) -> children.Child:
    """Start a server and wait until it answers; it is stopped again if it does not."""
    child = await children.launch(name, argv, log=settings.log(name), cwd=folder)
    try:
        await until_ready(settings, child, address)
    except BaseException:
        await stop(child)
        raise
    return child


def forget_ring(database: Path) -> None:
    """Strike the members of the last life, which this start would else wait for: measured, 49 s against 0.2 s.

    Nobody else is in the ring of one process, and the lock on the data folder says that this process is ended.
    """
    if not database.exists():
        return
    with contextlib.suppress(sqlite3.Error), contextlib.closing(sqlite3.connect(database)) as connection, connection:
        connection.execute("DELETE FROM cluster_membership")


async def until_ready(settings: Settings, child: children.Child, address: str) -> None:
    """Wait until it answers; raise an error that names its log when it has ended or takes too long."""
    greeting = asyncio.create_task(greet(settings, address, READY_WITHIN))
    ending = asyncio.create_task(child.process.wait())
    try:
        await asyncio.wait([greeting, ending], return_when=asyncio.FIRST_COMPLETED)
        if greeting.done():
            await greeting
            return
    except (RPCError, RuntimeError, OSError, TimeoutError):
        pass
    finally:
        await cancelled(greeting, ending)
    raise errors.server_failed("Temporal", child.log, children.last_line(child.log))


async def cancelled(*tasks: "asyncio.Task[str] | asyncio.Task[int]") -> None:
    """End tasks that are no longer of interest."""
    for task in tasks:
        task.cancel()
    await asyncio.gather(*tasks, return_exceptions=True)


async def greet(settings: Settings, address: str, within: float) -> str:
    """Connect, register the namespace and list it, again and again until all of it works; the server's version."""
    deadline = asyncio.get_running_loop().time() + within
    while True:
        try:
            client = await connect(settings, address)
            await register(client, settings)
            await answers(client, settings.namespace)
            return (await client.workflow_service.get_system_info(GetSystemInfoRequest(), timeout=RPC)).server_version
        except (RPCError, RuntimeError):
            if asyncio.get_running_loop().time() > deadline:
                raise
            await asyncio.sleep(0.1)


async def pollers(client: Client, namespace: str) -> list[PollerInfo]:
    """Ask each partition of our task queue who polls it.

    Each worker waits at one of them, chosen by dice, for a minute; the first knows of one worker at each of the others.
    One that does not answer is passed over: the node that had it may have died a moment ago.
    """
    try:
        listed = await client.workflow_service.list_task_queue_partitions(
            ListTaskQueuePartitionsRequest(namespace=namespace, task_queue=TaskQueue(name=QUEUE)), timeout=RPC
        )
    except RPCError as error:
        if error.status not in MAY_NOT_LIST:
            raise
        names = [QUEUE]
    else:
        names = [one.key for one in listed.workflow_task_queue_partitions]
    asked = (describe_queue(client, namespace, name) for name in names)
    told = await asyncio.gather(*asked, return_exceptions=True)
    failed = [one for one in told if isinstance(one, BaseException)]
    if len(failed) == len(told):
        raise failed[0]
    return [poller for queue in told if not isinstance(queue, BaseException) for poller in queue.pollers]


async def describe_queue(client: Client, namespace: str, name: str = QUEUE) -> DescribeTaskQueueResponse:
    """Ask matching for our task queue, or one of its partitions, and who polls it."""
    kind, queue = TaskQueueType.TASK_QUEUE_TYPE_WORKFLOW, TaskQueue(name=name)
    request = DescribeTaskQueueRequest(namespace=namespace, task_queue=queue, task_queue_type=kind)
    return await client.workflow_service.describe_task_queue(request, timeout=RPC)


async def answers(client: Client, namespace: str) -> None:
    """Ask visibility, matching and history each: the frontend alone is up before the others are.

    "You ask too often" is an answer too: by default a namespace may list ten times a second, whoever asks.
    """
    service = client.workflow_service
    listing = ListWorkflowExecutionsRequest(namespace=namespace, page_size=1)
    try:
        await service.list_workflow_executions(listing, timeout=RPC)
    except RPCError as error:
        if error.status is not RPCStatusCode.RESOURCE_EXHAUSTED:
            raise
    await describe_queue(client, namespace)
    nobody = WorkflowExecution(workflow_id="huiyin-is-history-there")
    try:
        await service.describe_workflow_execution(
            DescribeWorkflowExecutionRequest(namespace=namespace, execution=nobody), timeout=RPC
        )
    except RPCError as error:
        if error.status is not RPCStatusCode.NOT_FOUND:
            raise


async def register(client: Client, settings: Settings) -> None:
    """Make our namespace, unless it is there or not ours to make."""
    retention = Duration(seconds=settings.retention_days * 86400)
    request = RegisterNamespaceRequest(namespace=settings.namespace, workflow_execution_retention_period=retention)
    try:
        await client.workflow_service.register_namespace(request, timeout=RPC)
    except RPCError as error:
        if error.status not in MAY_NOT_REGISTER:
            raise


async def stop(child: children.Child) -> None:
    """Give it 5 s: a graceful end can take 14 s right after a start, and what it acknowledged is on disk."""
    await children.stop(child, within=5.0)


async def stop_all(living: Iterable[children.Child]) -> None:
    """Stop several at once."""
    await asyncio.gather(*(stop(child) for child in living))
