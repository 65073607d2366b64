"""What a start of the ground can be told, read from HUIYIN_* words of the environment."""

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from stack import errors
from stack.folder import default_data

NAMESPACE, RETENTION_DAYS = "huiyin", 90
PARTS = ("postgres", "temporal")


@dataclass(frozen=True)
class Settings:
    """One start: where the data lies and which servers are the operator's own."""

    data: Path
    cache: Path
    path: str = ""
    database_url: str | None = None
    temporal_address: str | None = None
    temporal_port: int | None = None
    temporal_api_key: str | None = None
    temporal_tls: bool = False
    temporal_tls_ca: Path | None = None
    temporal_tls_cert: Path | None = None
    temporal_tls_key: Path | None = None
    namespace: str = NAMESPACE
    retention_days: int = RETENTION_DAYS
    time_skipping: bool = False
    cluster: bool = False
    download: bool = True
    build: bool = True

    @property
    def logs(self) -> dict[str, Path]:
        """The log file of each server."""
        return {part: self.log(part) for part in PARTS}

    def log(self, name: str) -> Path:
        """Give the log file of one server by its name."""
        return self.data / "logs" / f"{name}.log"


def default_cache(environ: Mapping[str, str]) -> Path:
    """Take `HUIYIN_CACHE`, else the place where the desktop standard puts what can be fetched again."""
    named = environ.get("HUIYIN_CACHE")
    if named is not None:
        return folder_of("HUIYIN_CACHE", named)
    return Path(environ.get("XDG_CACHE_HOME") or "~/.cache").expanduser() / "huiyin"


def from_environment(
    environ: Mapping[str, str], *, data: Path | None = None, time_skipping: bool = False, cluster: bool = False
) -> Settings:
    """Read them; a ground with time skipping is for tests and never touches servers of the operator's."""
    mine = {} if time_skipping else environ
    tls = {name: path_of(mine, f"HUIYIN_TEMPORAL_TLS_{name.upper()}") for name in ("ca", "cert", "key")}
    return Settings(
        data=(data or default_data(environ)).expanduser().absolute(),
        cache=default_cache(environ),
        path=environ.get("PATH", ""),
        database_url=mine.get("HUIYIN_DATABASE_URL") or None,
        temporal_address=mine.get("HUIYIN_TEMPORAL_ADDRESS") or None,
        temporal_port=port_of(mine.get("HUIYIN_TEMPORAL_PORT")),
        temporal_api_key=mine.get("HUIYIN_TEMPORAL_API_KEY") or None,
        temporal_tls=said_yes(mine, "HUIYIN_TEMPORAL_TLS", otherwise=any(tls.values())),
        temporal_tls_ca=tls["ca"],
        temporal_tls_cert=tls["cert"],
        temporal_tls_key=tls["key"],
        namespace=mine.get("HUIYIN_TEMPORAL_NAMESPACE") or NAMESPACE,
        time_skipping=time_skipping,
        cluster=cluster,
        download=said_yes(environ, "HUIYIN_TEMPORAL_DOWNLOAD", otherwise=True),
        build=said_yes(environ, "HUIYIN_TEMPORAL_BUILD", otherwise=True),
    )


def folder_of(name: str, word: str) -> Path:
    """Read the path of a folder, which need not exist yet; a file in its place, or nothing, is refused."""
    path = Path(word).expanduser().absolute()
    if not word or any(step.is_file() for step in (path, *path.parents)):
        raise errors.bad_setting(name, word, "目录的路径", "the path of a folder")
    return path


def path_of(environ: Mapping[str, str], name: str) -> Path | None:
    """Read the path of a file."""
    return Path(environ[name]).expanduser() if environ.get(name) else None


def said_yes(environ: Mapping[str, str], name: str, *, otherwise: bool) -> bool:
    """Read yes or no; any other word is refused."""
    if name not in environ:
        return otherwise
    word = environ[name].strip().lower()
    if word not in {"0", "1", "false", "true", "no", "yes", "off", "on"}:
        raise errors.bad_setting(name, word, " 0 或 1", "0 or 1")
    return word in {"1", "true", "yes", "on"}


def port_of(word: str | None) -> int | None:
    """Read a port; any other word is refused."""
    if word is None:
        return None
    if not word.isdecimal() or not 0 < int(word) < 65536:  # noqa: PLR2004  # the ports there are
        raise errors.bad_setting("HUIYIN_TEMPORAL_PORT", word, " 1 到 65535 之间的端口", "a port, 1 to 65535")
    return int(word)
