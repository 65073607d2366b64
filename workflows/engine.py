"""How every process of ours reaches the Temporal server: one converter, one namespace, one task queue."""

from pathlib import Path

from pydantic import BaseModel, ConfigDict
from temporalio.client import Client
from temporalio.contrib.pydantic import PydanticPayloadConverter
from temporalio.converter import DataConverter
from temporalio.runtime import Runtime
from temporalio.service import GrpcCompression, TLSConfig

_MADE_ONCE = PydanticPayloadConverter()


class SharedConverter(PydanticPayloadConverter):
    """The SDK's own converter, byte for byte, that shares what it has learned of our types.

    The SDK makes a converter for each task and each order in the cache; each would start with an empty cache of types.
    """

    def __init__(self) -> None:
        self.converters = _MADE_ONCE.converters


data_converter = DataConverter(payload_converter_class=SharedConverter)
"""The one converter of client, worker and replayer."""


class Engine(BaseModel):
    """Where the engine is and how to be let in."""

    model_config = ConfigDict(frozen=True)

    address: str
    namespace: str = "huiyin"
    tls: bool = False
    tls_ca: Path | None = None
    tls_cert: Path | None = None
    tls_key: Path | None = None
    api_key: str | None = None

    def tls_config(self) -> TLSConfig | bool:
        """Return what the SDK wants to hear about TLS; a client certificate makes it mutual."""
        if not (self.tls or self.tls_ca or self.tls_cert or self.api_key):
            return False
        read = {"ca": self.tls_ca, "cert": self.tls_cert, "key": self.tls_key}
        found = {name: path.read_bytes() if path else None for name, path in read.items()}
        return TLSConfig(server_root_ca_cert=found["ca"], client_cert=found["cert"], client_private_key=found["key"])


async def connect(engine: Engine, *, lazy: bool = False, runtime: Runtime | None = None) -> Client:
    """Connect to the engine; `lazy` waits with it until the first call, so that a door opens while it is away."""
    loopback = engine.address.startswith(("127.", "localhost", "[::1]"))
    return await Client.connect(
        engine.address,
        namespace=engine.namespace,
        tls=engine.tls_config(),
        api_key=engine.api_key,
        data_converter=data_converter,
        grpc_compression=GrpcCompression.NONE if loopback else GrpcCompression.GZIP,
        lazy=lazy,
        runtime=runtime,
    )
