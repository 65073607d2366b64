"""Opening a door: settings, the record, the engine, the keys and the community's settings, in one place."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Literal

from pydantic_settings import BaseSettings, SettingsConfigDict
from temporalio.client import Client

from domain.refusals import Refused
from records.errors import RecordsAway
from records.pool import Pool, open_pool
from records.rotation import give_up
from records.subjects import keks_in_use
from records.vault import KeyRing
from starter.community_file import load
from starter.desk import Desk, kept
from workflows.engine import Engine, connect

NOWHERE = "127.0.0.1:1"
"""Address of an engine that nobody has started: every call finds it away."""


class DoorSettings(BaseSettings):
    """What a door is told by HUIYIN_* and `.env`; addresses left out are those of the running `huiyin up`."""

    model_config = SettingsConfigDict(env_prefix="HUIYIN_", env_file=".env", extra="ignore")

    data: Path = Path("~/.local/share/huiyin")
    database_url: str | None = None
    temporal_address: str | None = None
    temporal_namespace: str = "huiyin"
    temporal_api_key: str | None = None
    temporal_tls: bool = False
    temporal_tls_ca: Path | None = None
    temporal_tls_cert: Path | None = None
    temporal_tls_key: Path | None = None
    kek_file: Path | None = None  # none = keys/kek.json in the data folder
    community: Path | None = None  # none = the sample community
    lang: Literal["zh", "en"] = "zh"
    log_format: Literal["json", "console"] = "console"
    log_level: Literal["DEBUG", "INFO", "WARNING", "ERROR"] = "INFO"
    pool_size: int = 4

    def engine(self) -> Engine:
        """Return where the engine is."""
        return Engine(
            address=self.temporal_address or NOWHERE,
            namespace=self.temporal_namespace,
            tls=self.temporal_tls,
            tls_ca=self.temporal_tls_ca,
            tls_cert=self.temporal_tls_cert,
            tls_key=self.temporal_tls_key,
            api_key=self.temporal_api_key,
        )

    def keys(self) -> Path:
        """Return the file of the key-encryption keys; it is no part of the database (privacy_audit A2)."""
        return (self.kek_file or self.data / "keys" / "kek.json").expanduser()

    def settings_file(self) -> Path:
        """Return the community's settings."""
        return (self.community or sample_community()).expanduser()


def sample_community() -> Path:
    """Return the sample community: in the checkout, or beside the installed package."""
    here = Path(__file__).parent
    places = [here.parent / "examples" / "community.toml", here / "examples" / "community.toml"]
    return next(place for place in places if place.exists())


@asynccontextmanager
async def open_desk(settings: DoorSettings, *, application: str = "huiyin-door") -> AsyncIterator[Desk]:
    """Open a desk for the length of a block; raises `Refused`: `records-away`, `keys-lost`, `bad-setting`.

    The engine is reached at the first call, so that a matter can be received while it is away (design 6).
    """
    community = load(settings.settings_file())
    if settings.database_url is None:
        raise Refused("records-away")
    try:
        pool = await open_pool(settings.database_url, max_size=settings.pool_size, application=application)
    except RecordsAway:
        raise Refused("records-away") from None
    async with pool:
        yield Desk(pool, await _engine(settings), await _keys(settings, pool), community)


async def _engine(settings: DoorSettings) -> Client:
    try:
        return await connect(settings.engine(), lazy=True)
    except (OSError, ValueError):
        raise Refused("bad-setting", setting="HUIYIN_TEMPORAL_ADDRESS, HUIYIN_TEMPORAL_TLS_*") from None


def check_key_file(settings: DoorSettings) -> None:
    """Refuse a key file named by hand that is not there: a new one would open nothing that was sealed before."""
    if settings.kek_file is not None and not settings.keys().is_file():
        raise Refused("bad-setting", setting="HUIYIN_KEK_FILE")


async def _keys(settings: DoorSettings, pool: Pool) -> KeyRing:
    """Open the keys, made at the first start; refuses with `keys-lost` where others closed what the record holds."""
    check_key_file(settings)
    file, used = settings.keys(), await kept(keks_in_use(pool))
    if used and not file.exists():
        raise Refused("keys-lost", file=str(file))
    ring = KeyRing.open(file)
    if not used.issubset(ring.keks):
        raise Refused("keys-lost", file=str(file))
    return ring


async def give_up_lost_keys(settings: DoorSettings) -> int:
    """Go on without keys that are lost for ever; return how many persons' words are deleted (`records.rotation`)."""
    check_key_file(settings)
    async with await open_pool(settings.database_url or "", max_size=1, application="huiyin-keys") as pool:
        return await give_up(pool, KeyRing.open(settings.keys()))
