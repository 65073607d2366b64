"""Photos and recordings: kept by the digest of their content, sealed under the reporter's key (INT-19)."""

import hashlib
from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import datetime
from typing import Final, NamedTuple

from records.errors import RecordsRefused, guarded
from records.pool import Connection, Database, queries
from records.subjects import Subject, subject
from records.vault import KeyRing, open_content, seal_content

TABLE: Final = "attachment"


@dataclass(frozen=True)
class Attachment:
    """One file as it is kept: its type and its content, which is never shown."""

    media_type: str
    content: bytes = field(repr=False)

    @property
    def digest(self) -> str:
        """SHA-256 (hex) of the content: the name by which histories know it."""
        return hashlib.sha256(self.content).hexdigest()


class Kept(NamedTuple):
    """What is known of a file without opening it."""

    digest: str
    media_type: str
    size: int  # bytes
    created_at: datetime


async def write(
    conn: Connection, owner: Subject, files: Iterable[Attachment], *, community: str, order_id: str, key_digest: bytes
) -> None:
    """Seal and write what an intake or an action brought, within its transaction."""
    for file in files:
        place = {"community": community, "table": TABLE, "row_id": f"{order_id}/{file.digest}"}
        sealed = seal_content(owner.dek, file.content, subject_id=owner.subject_id, **place)
        await queries.write_attachment(
            conn,
            order_id=order_id,
            digest=file.digest,
            key_digest=key_digest,
            subject_id=owner.subject_id,
            community=community,
            media_type=file.media_type,
            size=len(file.content),
            sealed=sealed,
        )


@guarded
async def listed(db: Database, order_id: str) -> list[Kept]:
    """List the files of an order, the oldest first."""
    return [Kept(*row) async for row in queries.attachments_of_order(db, order_id=order_id)]


@guarded
async def opened(conn: Connection, ring: KeyRing, order_id: str, digest: str) -> Attachment:
    """Open one file. Raises `RecordsRefused`: `attachment-unknown`, `subject-erased`.

    The door writes `contact.read` in the same transaction (privacy_audit B1).
    """
    row = await queries.attachment_of_order(conn, order_id=order_id, digest=digest)
    if row is None:
        raise RecordsRefused("attachment-unknown")
    owner = await subject(conn, ring, row["subject_id"])
    place = {"community": row["community"], "table": TABLE, "row_id": f"{order_id}/{digest}"}
    content = open_content(owner.dek, row["sealed"], subject_id=owner.subject_id, **place)
    return Attachment(row["media_type"], content)
