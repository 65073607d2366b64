"""Photos and recordings at the door: checked, stripped, and named by their digest from then on (INT-19)."""

from collections.abc import Iterable, Mapping
from typing import Any, NamedTuple, TypeAlias

from domain.payloads import Attachments, Payload
from domain.refusals import Refused
from domain.settings.community import AttachmentRules
from records import attachments
from records.attachments import Attachment
from starter.desk import Desk, kept

MEGABYTE = 1_000_000
File: TypeAlias = bytes | str
"""A file as it was taken, or the digest of one that the order has already."""


class Attached(NamedTuple):
    """What a command says with digests in the place of files, the files, and digests that must be known already."""

    said: dict[str, Any]
    brought: tuple[Attachment, ...]
    named: frozenset[str]


def attached(kind: type[Payload], said: Mapping[str, Any], rules: AttachmentRules) -> Attached:
    """Take the files out of what a command says; refuses them all when one does not fit."""
    fields = [name for name, info in kind.model_fields.items() if info.annotation == Attachments and said.get(name)]
    files = [(name, file) for name in fields for file in said[name]]
    brought = taken([file for _, file in files if isinstance(file, bytes)], rules)
    ready = iter(brought)
    digests = [(name, next(ready).digest if isinstance(file, bytes) else file) for name, file in files]
    form = {name: [digest for place, digest in digests if place == name] for name in fields}
    named = {digest for _, digest in digests} | set(_evidence(said))
    return Attached({**said, **form}, brought, frozenset(named) - {one.digest for one in brought})


def taken(files: Iterable[bytes], rules: AttachmentRules) -> tuple[Attachment, ...]:
    """Check and strip files: `too-many-attachments`, `attachment-too-large`, `attachment-type`."""
    given = list(files)
    if len(given) > rules.most:
        raise Refused("too-many-attachments", count=len(given), most=rules.most)
    return tuple(_taken(number, content, rules) for number, content in enumerate(given, 1))


def _taken(number: int, content: bytes, rules: AttachmentRules) -> Attachment:
    if len(content) > rules.megabytes * MEGABYTE:
        raise Refused("attachment-too-large", number=number, most=rules.megabytes)
    from starter.stripping import stripped  # noqa: PLC0415 - most commands bring no file and need no Pillow

    bare = stripped(content)
    if bare is None:
        raise Refused("attachment-type", number=number)
    return Attachment(bare.media_type, bare.content)


def _evidence(said: Mapping[str, Any]) -> Iterable[str]:
    """Yield the digests that shares of responsibility name."""
    shares = (share for share in said.get("shares") or () if isinstance(share, Mapping))
    return (str(share["attachment"]) for share in shares if share.get("attachment"))


async def check_named(desk: Desk, order_id: str, named: frozenset[str]) -> None:
    """Refuse a digest that names no attachment of the order."""
    known = {one.digest for one in await kept(attachments.listed(desk.pool, order_id))} if named else set()
    for digest in sorted(named - known):
        raise Refused("attachment-unknown", digest=digest[:12])
