"""One address for all nodes of a cluster: each connection goes to a node that answers.

A client of Temporal's knows one address. A node that dies ends its connections; the client connects again, and is with
the other node. Bytes pass untouched, TLS too.
"""

import asyncio
import contextlib
from collections.abc import Sequence

Address = tuple[str, int]
PIECE = 256 * 1024
GREET_WITHIN = 2.0
"""Seconds. The system takes connections for a node that is frozen, but only a node that lives greets: a gRPC server
sends its settings before the client has said a word."""


class Front:
    """Listens, and passes on."""

    def __init__(self, nodes: Sequence[Address]) -> None:
        self.nodes = list(nodes)
        self.server: asyncio.Server | None = None
        self.passing: set[asyncio.Task[None]] = set()

    async def listen(self, host: str, port: int) -> None:
        """Begin; raises OSError when the port is taken."""
        self.server = await asyncio.start_server(self.accept, host, port)

    def close(self) -> None:
        """End, with all that passes."""
        if self.server:
            self.server.close()
        for task in self.passing:
            task.cancel()

    async def accept(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        """Serve one connection until either side ends it."""
        task = asyncio.current_task()
        if task is None:
            return
        self.passing.add(task)
        with contextlib.suppress(asyncio.CancelledError):
            await self.serve(reader, writer)
        self.passing.discard(task)
        writer.close()

    async def serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        """Find a node and pass bytes both ways; a client for whom there is no node is hung up on, and comes again."""
        node = await self.reach()
        if node is None:
            return
        greeting, there, back = node
        writer.write(greeting)
        ways = [asyncio.create_task(carry(reader, back)), asyncio.create_task(carry(there, writer))]
        try:
            await asyncio.wait(ways, return_when=asyncio.FIRST_COMPLETED)
        finally:
            for way in ways:
                way.cancel()
            back.close()

    async def reach(self) -> tuple[bytes, asyncio.StreamReader, asyncio.StreamWriter] | None:
        """Connect to the node whose turn it is, else to the next."""
        self.nodes.append(self.nodes.pop(0))
        for node in tuple(self.nodes):
            with contextlib.suppress(OSError, TimeoutError):
                return await greeted(node)
        return None


async def greeted(node: Address) -> tuple[bytes, asyncio.StreamReader, asyncio.StreamWriter]:
    """Connect to a node and wait for its first bytes. Raises OSError, or TimeoutError when it is silent."""
    async with asyncio.timeout(GREET_WITHIN):
        there, back = await asyncio.open_connection(*node)
        try:
            if greeting := await there.read(PIECE):
                return greeting, there, back
        except BaseException:
            back.close()
            raise
    back.close()
    raise ConnectionResetError


async def carry(source: asyncio.StreamReader, target: asyncio.StreamWriter) -> None:
    """Pass on what comes until nothing more does."""
    with contextlib.suppress(OSError):
        while piece := await source.read(PIECE):
            target.write(piece)
            await target.drain()
