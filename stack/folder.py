"""The data folder: made private, locked by one `up` at a time, and the note by which other commands find the ground."""

import contextlib
import errno
import fcntl
import json
import os
import shutil
import subprocess
import tempfile
from collections.abc import Iterator, Mapping
from dataclasses import asdict, dataclass, field
from datetime import UTC, datetime, tzinfo
from pathlib import Path

from stack import errors

LOCK, NOTE = "up.lock", "ground.json"
NEEDED_MB = 200
"""A new PostgreSQL cluster and its first WAL segments take 60 MB; below this a start only ends in worse errors."""
REASONS = {errno.EACCES: ("没有权限", "no permission"), errno.EROFS: ("只读", "read-only")}
"""Why a folder can't be written, in Chinese and English."""


@dataclass(frozen=True)
class Holder:
    """The process that holds a data folder; `born` tells it from a later process with the same pid."""

    pid: int
    born: str
    since: str


@dataclass(frozen=True)
class Ground:
    """Where the servers of one data folder are found; what `ground.json` holds."""

    data: Path
    dsn: str
    temporal_address: str
    namespace: str
    temporal_version: str
    postgres_version: str
    time_skipping: bool
    up: Holder
    ports: Mapping[str, int] = field(default_factory=dict)
    logs: Mapping[str, Path] = field(default_factory=dict)
    pids: Mapping[str, int] = field(default_factory=dict)


def default_data(environ: Mapping[str, str]) -> Path:
    """Take `HUIYIN_DATA`, else the place where the desktop standard puts the data of programs."""
    if named := environ.get("HUIYIN_DATA"):
        return Path(named).expanduser().absolute()
    home = environ.get("XDG_DATA_HOME") or "~/.local/share"
    return Path(home).expanduser() / "huiyin"


def prepare(data: Path) -> Path:
    """Make the folder private and prove it writable; its absolute path."""
    data = data.expanduser().absolute()
    try:
        data.mkdir(mode=0o700, parents=True, exist_ok=True)
        with tempfile.TemporaryFile(dir=data) as proof:
            proof.write(b"\0")
            proof.flush()
    except (FileExistsError, NotADirectoryError):
        raise errors.data_not_folder(data) from None
    except OSError as error:
        raise refused(data, error) from None
    if (free := shutil.disk_usage(data).free // 1024**2) < NEEDED_MB:
        raise errors.no_space(data, free, NEEDED_MB)
    return data


def free_mb(data: Path) -> int | None:
    """Tell how much room there is for the data, in MB; None when there is no folder yet."""
    return shutil.disk_usage(data).free // 1024**2 if data.is_dir() else None


def refused(data: Path, error: OSError) -> errors.StackError:
    """Tell a full disk from a folder that is not ours to write."""
    if error.errno in {errno.ENOSPC, errno.EDQUOT}:
        return errors.no_space(data, 0, NEEDED_MB)
    other = (f"系统错误 {error.errno}", f"system error {error.errno}")
    return errors.data_not_writable(data, *REASONS.get(error.errno or 0, other))


def born(pid: int) -> str | None:
    """Tell when a living process was started, in this machine's own words; None if there is no such process."""
    with contextlib.suppress(OSError):
        stat = Path(f"/proc/{pid}/stat").read_text()
        state, *rest = stat.rpartition(")")[2].split()
        return None if state == "Z" else rest[18]
    if Path("/proc/self/stat").exists():
        return None
    told = subprocess.run(["ps", "-o", "lstart=", "-p", str(pid)], capture_output=True, text=True, check=False)
    return told.stdout.strip() or None


def stands_still(pid: int) -> bool:
    """Tell a process that was stopped (SIGSTOP, a debugger) from one that runs or is gone."""
    with contextlib.suppress(OSError):
        return Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[0] in {"T", "t"}
    return False


def alive(holder: Holder) -> bool:
    """Whether that very process still lives, not another one with its number."""
    return born(holder.pid) == holder.born


def myself() -> Holder:
    """Describe this process."""
    return Holder(os.getpid(), born(os.getpid()) or "", datetime.now(UTC).isoformat(timespec="seconds"))


def read_holder(data: Path) -> Holder | None:
    """Tell who holds the folder now; None if nobody does, whatever a killed process has left behind."""
    try:
        holder = Holder(**json.loads((data / LOCK).read_text()))
    except (OSError, ValueError, TypeError):
        return None
    return holder if alive(holder) else None


@contextlib.contextmanager
def locked(data: Path, zone: tzinfo = UTC) -> Iterator[Holder]:
    """Hold the folder. The kernel drops the lock with its process, so a stale file is no obstacle.

    `zone`: of the time that is told when another process holds it.
    """
    with (data / LOCK).open("a+") as file:
        try:
            fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except OSError:
            raise held(data, zone) from None
        holder = myself()
        file.truncate(0)
        file.write(json.dumps(asdict(holder)))
        file.flush()
        yield holder
        file.truncate(0)


def held(data: Path, zone: tzinfo) -> errors.StackError:
    """Name the one that holds it; between taking the lock and writing it down there is a moment without a name."""
    holder = read_holder(data)
    since = datetime.fromisoformat(holder.since).astimezone(zone) if holder else None
    return errors.already_running(data, holder.pid if holder else 0, since)


def write_ground(ground: Ground) -> None:
    """Replace the note as a whole: a reader sees the old note or the new one."""
    handle, name = tempfile.mkstemp(dir=ground.data, prefix=".ground-")  # mkstemp makes it 0600
    with os.fdopen(handle, "w") as file:
        json.dump(asdict(ground), file, default=str, indent=2)
    Path(name).replace(ground.data / NOTE)


def read_ground(data: Path) -> Ground | None:
    """Find the running ground of a data folder; None if none runs, whatever note a killed `up` has left."""
    try:
        note = json.loads((data / NOTE).read_text())
        note["logs"] = {name: Path(log) for name, log in note["logs"].items()}
        ground = Ground(**{**note, "data": Path(note["data"]), "up": Holder(**note["up"])})
    except (OSError, ValueError, TypeError, KeyError):
        return None
    return ground if alive(ground.up) else None


def forget_ground(data: Path) -> None:
    """Take the note away; twice is the same as once."""
    (data / NOTE).unlink(missing_ok=True)
