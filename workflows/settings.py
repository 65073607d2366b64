"""What processes of ours are told by HUIYIN_* and `.env`: each setting is declared once, a wrong one told in words."""

import re
import socket
from contextlib import suppress
from pathlib import Path
from typing import Annotated, Any, Final, Literal, NamedTuple, get_args

from annotated_types import Ge
from pydantic import AfterValidator, ValidationError, ValidationInfo, field_validator
from pydantic.fields import FieldInfo
from pydantic_settings import BaseSettings, SettingsConfigDict

from domain.words import Pair
from workflows.engine import Engine

PREFIX: Final = "HUIYIN_"
SHOWN = 80
"""So many characters of a wrong value are shown."""
LAST_PORT = 65535


class Fault(NamedTuple):
    """One setting that can't be used: its value as it may be shown, None where it is not set, and what it has to be."""

    name: str
    value: str | None
    wanted: Pair

    def told(self, lang: str) -> str:
        """Say what is wrong with it in one sentence."""
        if self.value is None:
            return self._missing(lang)
        said = f"{self.name}={self.value}"
        if lang == "zh":
            return f"设置 {said} 无法采用:应为{_spaced(self.wanted.zh)}。"
        return f"The setting {said} can't be used: it has to be {self.wanted.en}."

    def _missing(self, lang: str) -> str:
        if lang == "zh":
            return f"缺少设置 {self.name}:应为{_spaced(self.wanted.zh)}。"
        return f"The setting {self.name} is missing: it has to be {self.wanted.en}."


def _spaced(text: str) -> str:
    """Set a space between a Chinese word and a Latin one."""
    return f" {text}" if text[:1].isascii() else text


class BadSettings(Exception):  # noqa: N818 - says what is wrong
    """Settings that can't be used, all of them at once."""

    def __init__(self, *faults: Fault) -> None:
        super().__init__(", ".join(fault.name for fault in faults))
        self.faults = faults

    def told(self, lang: str) -> str:
        """Say what is wrong, one line for each."""
        return "\n".join(fault.told(lang) for fault in self.faults)


# ---- kinds of settings: how each is checked, and how it is told


def place(text: str) -> str:
    """Check `host:port`."""
    host, _, port = text.rpartition(":")
    if not re.fullmatch(r"[\w.-]+|\[[0-9a-fA-F:.]+\]", host) or not is_port(port):
        raise ValueError
    return text


def is_port(word: str) -> bool:
    """Tell whether a word is the number of a port."""
    return word.isascii() and word.isdecimal() and 0 < int(word) <= LAST_PORT


def check_free(address: str | None, count: int) -> None:
    """Check that an address for figures can be listened at, and so many ports from it on."""
    host, _, port = (address or "").rpartition(":")
    for number in range(count if address else 0):
        try:
            with socket.create_server((host.strip("[]"), int(port) + number), family=_family(host)):
                pass
        except (OSError, OverflowError):
            raise BadSettings(in_use(f"{host}:{int(port) + number}")) from None


def _family(host: str) -> socket.AddressFamily:
    return socket.AF_INET6 if host.startswith("[") else socket.AF_INET


def in_use(address: str) -> Fault:
    """Name an address for figures that can't be had."""
    return Fault("HUIYIN_METRICS_ADDRESS", address, Pair("本机未被占用的地址", "an address of this machine not in use"))


def of_postgres(url: str) -> str:
    """Check what the driver would refuse only when it connects: the scheme, and the port of each host."""
    known = re.match(r"postgres(?:ql)?://(?:[^/?]*@)?([^/?]*)", url)
    if known is None:
        raise ValueError
    ports = re.findall(r":([^:\],]*)(?=,|$)", known[1])
    if not all(is_port(port) for port in ports):
        raise ValueError
    return url


def readable(path: Path) -> Path:
    """Check that a file is there and can be read."""
    try:
        with path.expanduser().open("rb"):
            return path.expanduser()
    except OSError:
        raise ValueError from None


def folder(path: Path) -> Path:
    """Check that a folder is none of something else's place; it need not exist yet."""
    known = path.expanduser()
    with suppress(PermissionError):  # said by whoever opens it
        if any(step.exists() and not step.is_dir() for step in (known, *known.parents)):
            raise ValueError
    return known


def like(address: str) -> Pair:
    """Say what an address looks like, with one of its kind."""
    return Pair(f"“主机:端口”的形式,例如 {address}", f"a host and a port, such as {address}")


ENGINE_PLACE, METRICS_PLACE = like("127.0.0.1:7233"), like("127.0.0.1:9464")
READABLE = Pair("可读取的文件", "a file that can be read")
PAIRED = Pair(
    "可读取的文件,并与 HUIYIN_TEMPORAL_TLS_CERT 成对设置",
    "a file that can be read, set together with HUIYIN_TEMPORAL_TLS_CERT",
)
POSTGRES = Pair("postgresql://用户@主机/数据库 的形式", "of the form postgresql://user@host/database")
Place = Annotated[str, AfterValidator(place)]
Database = Annotated[str, AfterValidator(of_postgres), POSTGRES]
Readable = Annotated[Path, AfterValidator(readable)]
File = Annotated[Readable | None, READABLE]
Folder = Annotated[Path, AfterValidator(folder), Pair("目录(该位置上是文件)", "a folder (there is a file)")]
Switch = Annotated[bool, Pair("0 或 1", "0 or 1")]
Some = Annotated[int, Ge(1), Pair("1 或更大的整数", "a whole number, 1 or more")]
Two = Annotated[int, Ge(2), Pair("2 或更大的整数", "a whole number, 2 or more")]
NOT_EMPTY = Pair("非空的内容;不用时请去掉它", "something, or left out")


class ProcessSettings(BaseSettings):
    """What every process of ours is told. Raises `BadSettings`, which names all that are wrong."""

    model_config = SettingsConfigDict(env_prefix=PREFIX, env_file=".env", extra="ignore")

    data: Folder = Path("~/.local/share/huiyin")
    database_url: Annotated[Database | None, POSTGRES] = None
    temporal_address: Annotated[Place | None, ENGINE_PLACE] = None
    temporal_namespace: str = "huiyin"
    temporal_api_key: str | None = None
    temporal_tls: Switch = False
    temporal_tls_ca: File = None
    temporal_tls_cert: File = None
    temporal_tls_key: Annotated[Readable | None, PAIRED] = None
    log_format: Literal["json", "console"] = "console"
    log_level: Literal["DEBUG", "INFO", "WARNING", "ERROR"] = "INFO"
    pool_size: Some = 4
    metrics_address: Annotated[Place | None, METRICS_PLACE] = None  # with several processes each takes the next port

    def __init__(self, **known: Any) -> None:
        try:
            super().__init__(**known)
        except ValidationError as error:
            raise BadSettings(*faults_of(type(self), error)) from None

    @field_validator("*", mode="before")
    @classmethod
    def _not_empty(cls, value: Any) -> Any:
        """Refuse what was set to nothing: whoever wrote it meant something, and it may name another database."""
        if value == "":
            raise ValueError
        return value

    @field_validator("temporal_tls_key")
    @classmethod
    def _with_certificate(cls, key: Path | None, told: ValidationInfo) -> Path | None:
        """Refuse half of a pair."""
        if (key is None) != (told.data.get("temporal_tls_cert", key) is None):
            raise ValueError
        return key

    def engine(self) -> Engine:
        """Return where the engine is; at an address where nobody is when none is known."""
        return Engine(
            address=self.temporal_address or NOWHERE,
            namespace=self.temporal_namespace,
            tls=self.temporal_tls,
            tls_ca=self.temporal_tls_ca,
            tls_cert=self.temporal_tls_cert,
            tls_key=self.temporal_tls_key,
            api_key=self.temporal_api_key,
        )


NOWHERE = "127.0.0.1:1"
"""Address of an engine that nobody has started: every call finds it away."""


class WorkerSettings(ProcessSettings):
    """What a worker process is told beside."""

    database_url: Database
    temporal_address: Annotated[Place, ENGINE_PLACE]
    workflow_cache: Two = 2000  # open orders kept in memory, about 1 MiB for ten
    workflow_slots: Two = 100
    activity_slots: Some = 50
    local_activity_slots: Some = 100
    pool_size: Some = 10
    sandbox: Switch = True  # off: about a third more throughput, measured in ground.md


def faults_of(kind: type[ProcessSettings], error: ValidationError) -> list[Fault]:
    """Turn what pydantic found into faults in our words."""
    fields = kind.model_fields
    found = [(str(fault["loc"][0]), fault) for fault in error.errors(include_url=False, include_context=False)]
    return [
        Fault(PREFIX + name.upper(), _shown(name, fault), NOT_EMPTY if fault["input"] == "" else wanted(fields[name]))
        for name, fault in found
    ]


def _shown(name: str, fault: Any) -> str | None:
    """Return a value as it may be shown: never a key, never a password."""
    if fault["type"] == "missing" or fault["input"] is None:
        return None
    value = str(fault["input"])
    return (_unsigned(value) if name == "database_url" else value)[:SHOWN]


def _unsigned(url: str) -> str:
    """Leave out of a database's address who connects, with which password and options."""
    scheme, sign, rest = url.rpartition("://")
    at = rest.rpartition("@")
    return scheme + sign + ("…@" if at[1] else "") + at[2].partition("?")[0]


def wanted(field: FieldInfo) -> Pair:
    """Return what a setting has to be, as its kind tells it."""
    told = next((one for one in field.metadata if isinstance(one, Pair)), None)
    choices = [str(one) for one in get_args(field.annotation)]
    return told or Pair("、".join(choices) + " 之一", "one of " + ", ".join(choices))
