"""Keys and seals of personal data: what PostgreSQL holds cannot be read without the key file (privacy_audit.md A2)."""

import base64
import hashlib
import hmac
import json
import os
import secrets
import tempfile
from collections.abc import Mapping
from contextlib import suppress
from pathlib import Path
from typing import Final, NamedTuple, Self

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM

from records.errors import RecordsRefused

KEY: Final = 32
NONCE: Final = 12
SALT: Final = 32


class Wrapped(NamedTuple):
    """A key of ours under a KEK: `sealed` = 12-byte nonce ‖ AES-256-GCM."""

    kek_id: str
    sealed: bytes


class Sealed(NamedTuple):
    """Words under a subject's key, and the digest (hex) that histories may hold."""

    sealed: bytes
    digest: str


class Opened(NamedTuple):
    """Words read again, and the digest they prove."""

    words: str
    digest: str


class KeyRing:
    """The KEKs of one installation: several by id, one of them current."""

    def __init__(self, keks: Mapping[str, bytes], current: str) -> None:
        self._keks = dict(keks)
        self.current = current

    @classmethod
    def made(cls) -> Self:
        """Make a ring of one new KEK."""
        name = _kek_id()
        return cls({name: secrets.token_bytes(KEY)}, name)

    @classmethod
    def open(cls, path: Path) -> Self:
        """Read the key file; make it if there is none. Of several processes that make it at once, one wins."""
        if not path.exists():
            with suppress(FileExistsError):
                _put(path, cls.made().written(), replace=False)
        if path.stat().st_mode & 0o077:
            raise RecordsRefused("key-file-exposed")
        return cls._read(path)

    @classmethod
    def _read(cls, path: Path) -> Self:
        try:
            told = json.loads(path.read_text())
            keks = {name: base64.b64decode(key, validate=True) for name, key in told["keys"].items()}
            current = str(told["current"])
        except (ValueError, KeyError, TypeError, AttributeError):
            keks, current = {}, ""
        if current not in keks or any(len(key) != KEY for key in keks.values()):
            raise RecordsRefused("key-file-unreadable")
        return cls(keks, current)

    @property
    def keks(self) -> tuple[str, ...]:
        """Name the KEKs that this ring holds."""
        return tuple(self._keks)

    def rotated(self) -> Self:
        """Return a ring with one more KEK, which is current from now on; the older ones still open what they closed."""
        name = _kek_id()
        return type(self)({**self._keks, name: secrets.token_bytes(KEY)}, name)

    def save(self, path: Path) -> None:
        """Replace the key file in one step."""
        _put(path, self.written(), replace=True)

    def written(self) -> str:
        """Return the content of the key file."""
        keys = {name: base64.b64encode(key).decode() for name, key in self._keks.items()}
        return json.dumps({"v": 1, "current": self.current, "keys": keys}, indent=1)

    def wrap(self, key: bytes, *, table: str, row_id: str) -> Wrapped:
        """Close a 256-bit key under the current KEK, bound to its table and id."""
        return Wrapped(self.current, _close(self._keks[self.current], key, _bound(table, row_id)))

    def unwrap(self, wrapped: Wrapped, *, table: str, row_id: str) -> bytes:
        """Open a key; refuses with `kek-unknown` when the key file lacks its KEK."""
        if wrapped.kek_id not in self._keks:
            raise RecordsRefused("kek-unknown")
        return _open(self._keks[wrapped.kek_id], wrapped.sealed, _bound(table, row_id))


def seal_words(dek: bytes, words: str, *, community: str, table: str, row_id: str, subject_id: str) -> Sealed:
    """Seal words into one row of one table of one subject: nonce ‖ AES-256-GCM(salt ‖ utf-8 words)."""
    salt, content = secrets.token_bytes(SALT), _utf8(words)
    sealed = _close(dek, salt + content, _bound(community, table, row_id, subject_id))
    return Sealed(sealed, _digest(salt, content))


def open_words(dek: bytes, sealed: bytes, *, community: str, table: str, row_id: str, subject_id: str) -> Opened:
    """Read words again; refuses with `seal-broken` when row, table, community, subject or bytes are not the same."""
    opened = _open(dek, sealed, _bound(community, table, row_id, subject_id))
    salt, content = opened[:SALT], opened[SALT:]
    return Opened(content.decode(), _digest(salt, content))


def seal_content(dek: bytes, content: bytes, *, community: str, table: str, row_id: str, subject_id: str) -> bytes:
    """Seal a file into one row of one table of one subject: nonce ‖ AES-256-GCM(content)."""
    return _close(dek, content, _bound(community, table, row_id, subject_id))


def open_content(dek: bytes, sealed: bytes, *, community: str, table: str, row_id: str, subject_id: str) -> bytes:
    """Read a file again; refuses with `seal-broken` as `open_words` does."""
    return _open(dek, sealed, _bound(community, table, row_id, subject_id))


def new_key() -> bytes:
    """Make a 256-bit key: a subject's DEK or a community's index key."""
    return secrets.token_bytes(KEY)


def blind(index_key: bytes, normalised: str) -> bytes:
    """Return what an index may hold instead of a value: HMAC-SHA256(community's index key, value)."""
    return hmac.digest(index_key, _utf8(normalised), hashlib.sha256)


def _utf8(words: str) -> bytes:
    with suppress(UnicodeEncodeError):
        return words.encode()
    raise RecordsRefused("words-unfit")  # a lone surrogate; Python's own error would quote the words


def _digest(salt: bytes, content: bytes) -> str:
    return hmac.digest(salt, content, hashlib.sha256).hex()


def _bound(*parts: str) -> bytes:
    """Name a place as associated data; a part with the separator in it would name two places."""
    if any("|" in part for part in parts):
        raise RecordsRefused("id-unfit")
    return "|".join(parts).encode()


def _close(key: bytes, content: bytes, place: bytes) -> bytes:
    nonce = secrets.token_bytes(NONCE)
    return nonce + AESGCM(key).encrypt(nonce, content, place)


def _open(key: bytes, sealed: bytes, place: bytes) -> bytes:
    with suppress(InvalidTag, ValueError):
        return AESGCM(key).decrypt(sealed[:NONCE], sealed[NONCE:], place)
    raise RecordsRefused("seal-broken")


def _kek_id() -> str:
    return f"kek_{secrets.token_hex(8)}"


def _put(path: Path, text: str, *, replace: bool) -> None:
    """Write a private file that is there whole or not at all."""
    path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    handle, name = tempfile.mkstemp(dir=path.parent)  # mkstemp gives mode 0600
    try:
        with os.fdopen(handle, "w") as file:
            file.write(text)
            file.flush()
            os.fsync(file.fileno())
        if replace:
            Path(name).replace(path)
        else:
            os.link(name, path)  # fails when another process was faster
    finally:
        Path(name).unlink(missing_ok=True)
