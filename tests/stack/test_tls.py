"""A cluster of the operator's behind TLS, mutual TLS and an API key: a real server, real certificates."""

import asyncio
import contextlib
import os
import ssl
from collections.abc import AsyncIterator
from dataclasses import dataclass, replace
from pathlib import Path

import pytest
from certificates import Authority
from machine import MATTER, Machine, clean_environment
from temporalio.api.workflowservice.v1 import GetSystemInfoRequest

from stack import config, finding, temporal
from stack.checks import check_engine
from stack.errors import StackError
from stack.ground import from_environment
from stack.settings import Settings
from workflows.engine import Engine
from workflows.engine import connect as door_connect


@dataclass(frozen=True)
class Guarded:
    """A Temporal server that speaks TLS only, and who may issue its clients' certificates."""

    address: str
    authority: Authority
    mutual: bool

    def environment(self, *, client: bool) -> dict[str, str]:
        """What an operator sets to reach it."""
        told = {"HUIYIN_TEMPORAL_ADDRESS": self.address, "HUIYIN_TEMPORAL_TLS_CA": str(self.authority.ca)}
        if client:
            cert, key = self.authority.pair("client")
            told |= {"HUIYIN_TEMPORAL_TLS_CERT": str(cert), "HUIYIN_TEMPORAL_TLS_KEY": str(key)}
        return told


@contextlib.asynccontextmanager
async def guarded(folder: Path, *, mutual: bool) -> AsyncIterator[Guarded]:
    """Start the plain server with certificates, as Temporal's documentation has it."""
    authority = Authority(folder / "certificates")
    cert, key = authority.pair("server")
    ours = from_environment({"PATH": os.environ["PATH"]}, data=folder / "engine", cluster=True)  # no CLI
    found = await finding.find(replace(ours, download=False), lambda *_, **__: None)
    ports = config.free_ports(None)
    wanted = config.server_config(ours.data, ports, config.sqlite_stores())
    pair = {"certFile": str(cert), "keyFile": str(key)}
    asked = {"requireClientAuth": mutual, "clientCaFiles": [str(authority.ca)]}
    trust = {"serverName": "localhost", "rootCaFiles": [str(authority.ca)]}
    wanted["global"]["tls"] = {"frontend": {"server": {**pair, **asked}, "client": trust}}
    wanted["global"]["tls"]["systemWorker"] = {**pair, "client": trust}
    argv = temporal.server_argv(found, config.write(ours.data, wanted, time_skipping=False))
    it = Guarded(temporal.address_of(ports), authority, mutual)
    settings = from_environment({**it.environment(client=mutual)}, data=ours.data)
    child = await temporal.launched(settings, "temporal", argv, ours.data, it.address)
    try:
        yield it
    finally:
        await temporal.stop(child)


@pytest.fixture(scope="module", params=[False, True], ids=["tls", "mutual"])
async def server(request, tmp_path_factory) -> AsyncIterator[Guarded]:
    async with guarded(tmp_path_factory.mktemp("guarded"), mutual=request.param) as it:
        yield it


async def refusal(environ: dict[str, str], data: Path, monkeypatch: pytest.MonkeyPatch) -> StackError:
    monkeypatch.setattr(temporal, "READY_WITHIN", 4.0)  # a quarter of it is the time for one that can't be reached
    with pytest.raises(StackError) as refused:
        await temporal.start(from_environment(environ, data=data), lambda *_, **__: None)
    return refused.value


def engine_of(settings: Settings) -> Engine:
    files = {"tls_ca": settings.temporal_tls_ca, "tls_cert": settings.temporal_tls_cert}
    return Engine(
        address=settings.temporal_address or "",
        namespace=settings.namespace,
        tls=settings.temporal_tls,
        tls_key=settings.temporal_tls_key,
        api_key=settings.temporal_api_key,
        **files,
    )


async def test_with_what_it_asks_for_it_is_reached(server: Guarded, tmp_path: Path):
    settings = from_environment(server.environment(client=server.mutual), data=tmp_path)
    engine, _worker = await check_engine(settings)
    assert (engine.part, engine.fine, engine.fact) == ("temporal", True, server.address)
    door = await door_connect(engine_of(settings))
    assert (await door.workflow_service.get_system_info(GetSystemInfoRequest())).server_version


async def test_without_tls_the_error_names_address_and_setting(server: Guarded, tmp_path: Path, monkeypatch):
    refused = await refusal({"HUIYIN_TEMPORAL_ADDRESS": server.address}, tmp_path, monkeypatch)
    assert refused.code == "temporal-unreachable"
    assert server.address in refused.en
    assert "certificates" in refused.remedy_en


async def test_a_strangers_authority_is_not_trusted(server: Guarded, tmp_path: Path, monkeypatch):
    stranger = replace(server, authority=Authority(tmp_path / "stranger"))
    refused = await refusal(stranger.environment(client=server.mutual), tmp_path, monkeypatch)
    assert refused.code == "temporal-unreachable"


async def test_a_client_without_a_certificate_is_let_in_only_where_none_is_asked(
    server: Guarded, tmp_path: Path, monkeypatch
):
    environ = server.environment(client=False)
    if server.mutual:
        assert (await refusal(environ, tmp_path, monkeypatch)).code == "temporal-unreachable"
    else:
        assert (await check_engine(from_environment(environ, data=tmp_path)))[0].fine


async def test_worker_relay_and_commands_live_on_mutual_tls(tmp_path: Path):
    """`up` brings PostgreSQL, worker and relay; the engine is the operator's, and an order goes a part of its way."""
    async with guarded(tmp_path / "guarded", mutual=True) as server:
        machine = Machine({**clean_environment(tmp_path / "data"), **server.environment(client=True)})
        try:
            await machine.start()
            order = (await machine.done("receive", *MATTER))["order"]
            answered = await machine.done("respond", order, "--as", "S06")
            replayed, verdict = await machine.run("audit", "replay", "--all")
        finally:
            await machine.stop()
    assert answered["version"] == 2, answered
    assert replayed == 0, verdict


HUFFMAN = {
    **{letter: (code, 5) for code, letter in enumerate("012aceiost")},
    " ": (0x14, 6),
    "r": (0x2C, 6),
    "B": (0x5D, 7),
}
"""The part of RFC 7541's table (appendix B) that `Bearer` and the key below need."""
KEY = "secateesoa1020"


def packed(text: str) -> bytes:
    """Text as HTTP/2 writes it into a header."""
    bits = "".join(f"{code:0{length}b}" for code, length in (HUFFMAN[letter] for letter in text))
    bits += "1" * (-len(bits) % 8)
    return int(bits, 2).to_bytes(len(bits) // 8, "big")


@contextlib.asynccontextmanager
async def tls_front(authority: Authority, address: str) -> AsyncIterator[tuple[str, bytearray]]:
    """End TLS before a plain server, as a gateway does, and keep what clients say."""
    heard = bytearray()
    host, _, port = address.partition(":")
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(*authority.pair("front"))
    context.set_alpn_protocols(["h2"])

    async def pass_on(source: asyncio.StreamReader, target: asyncio.StreamWriter, note: bytearray) -> None:
        with contextlib.suppress(OSError):
            while piece := await source.read(65536):
                note.extend(piece)
                target.write(piece)
        target.close()

    async def serve(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        there, back = await asyncio.open_connection(host, int(port))
        await asyncio.gather(pass_on(reader, back, heard), pass_on(there, writer, bytearray()))

    listening = await asyncio.start_server(serve, "127.0.0.1", 0, ssl=context)
    try:
        yield f"127.0.0.1:{listening.sockets[0].getsockname()[1]}", heard
    finally:
        listening.close()


async def test_an_api_key_goes_with_every_door_and_only_when_set(plain, tmp_path: Path):
    """The open server asks for no key, so what is proved here is that it is sent, and sent under TLS."""
    authority = Authority(tmp_path / "certificates")
    async with tls_front(authority, plain.temporal_address) as (address, heard):
        environ = {"HUIYIN_TEMPORAL_ADDRESS": address, "HUIYIN_TEMPORAL_TLS_CA": str(authority.ca)}
        keyed = {**environ, "HUIYIN_TEMPORAL_API_KEY": KEY}
        assert (await check_engine(from_environment(environ, data=tmp_path)))[0].fine
        await door_connect(engine_of(from_environment(environ, data=tmp_path)))
        assert packed(f"Bearer {KEY}") not in heard
        assert (await check_engine(from_environment(keyed, data=tmp_path)))[0].fine
        assert packed(f"Bearer {KEY}") in heard
        heard.clear()
        await door_connect(engine_of(from_environment(keyed, data=tmp_path)))
        assert packed(f"Bearer {KEY}") in heard
