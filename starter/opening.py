"""Opening a door: settings, the record, the engine, the keys and the community's settings, in one place."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path

from temporalio.client import Client

from domain.refusals import Refused
from domain.words import Pair
from records.errors import RecordsAway
from records.pool import Pool, open_pool
from records.rotation import give_up
from records.subjects import keks_in_use
from records.vault import KeyRing
from starter.desk import Desk, kept
from starter.settings_in_force import in_force
from workflows.engine import connect
from workflows.settings import BadSettings, Fault, File, ProcessSettings


class DoorSettings(ProcessSettings):
    """What a door is told beside; addresses left out are those of the running `huiyin up`."""

    kek_file: File = None  # none = keys/kek.json in the data folder; a new one would open nothing sealed before
    community: Path | None = None  # while no settings are loaded; none = the sample community

    def keys(self) -> Path:
        """Return the file of the key-encryption keys; it is no part of the database (privacy_audit A2)."""
        return (self.kek_file or self.data / "keys" / "kek.json").expanduser()

    def settings_file(self) -> Path:
        """Return the community's settings as long as none are loaded (docs/decisions/0015)."""
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
    async with open_record(settings, application=application) as (pool, ring):
        community, version = await in_force(pool, settings.settings_file())
        yield Desk(pool, await _engine(settings), ring, community, version)


@asynccontextmanager
async def open_record(settings: DoorSettings, *, application: str) -> AsyncIterator[tuple[Pool, KeyRing]]:
    """Open the record and its keys alone; raises as `open_desk` does."""
    if settings.database_url is None:
        raise Refused("records-away")
    try:
        pool = await open_pool(settings.database_url, max_size=settings.pool_size, application=application)
    except RecordsAway:
        raise Refused("records-away") from None
    async with pool:
        yield pool, await _keys(settings, pool)


async def _engine(settings: DoorSettings) -> Client:
    try:
        return await connect(settings.engine(), lazy=True)
    except (OSError, ValueError):
        raise BadSettings(*_unfit(settings)) from None


def _unfit(settings: DoorSettings) -> list[Fault]:
    """Name the files of the engine's TLS that are set: the SDK can't read one of them, and does not say which."""
    wanted = Pair("PEM 格式的证书或私钥", "a certificate or key in PEM")
    named = {name: getattr(settings, name) for name in ("temporal_tls_ca", "temporal_tls_cert", "temporal_tls_key")}
    return [Fault(f"HUIYIN_{name.upper()}", str(path), wanted) for name, path in named.items() if path]


async def _keys(settings: DoorSettings, pool: Pool) -> KeyRing:
    """Open the keys, made at the first start; refuses with `keys-lost` where others closed what the record holds."""
    await check_keys(settings.keys(), pool)
    return KeyRing.open(settings.keys())


async def check_keys(file: Path, pool: Pool) -> None:
    """Refuse with `keys-lost` where other keys than those of this file closed what the record holds."""
    used = await kept(keks_in_use(pool))
    if used and not _holds(file, used):
        raise Refused("keys-lost", file=str(file))


def _holds(file: Path, used: set[str]) -> bool:
    return file.exists() and used.issubset(KeyRing.open(file).keks)


async def give_up_lost_keys(settings: DoorSettings) -> int:
    """Go on without keys that are lost for ever; return how many persons' words are deleted (`records.rotation`)."""
    async with await open_pool(settings.database_url or "", max_size=1, application="huiyin-keys") as pool:
        return await give_up(pool, KeyRing.open(settings.keys()))
