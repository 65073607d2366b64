"""Handing a notice to its channel. The only channel so far is a folder of files, for tests and trials (API-09)."""

from pathlib import Path
from typing import Any

import structlog
from temporalio import activity
from temporalio.exceptions import ApplicationError

from domain.notices.words import LANGS, said, said_together
from records import outgoing
from records.errors import RecordsError
from records.pool import Pool
from records.sandbox import write
from workflows import effects

FOLDER = "messages"
"""Below the data folder: one file for each message, named by its notice id, so that a repeat overwrites its like."""


class DeliverActivities:
    """What needs the pool and the data folder."""

    def __init__(self, pool: Pool, data: Path) -> None:
        self._pool = pool
        self._folder = data / FOLDER

    @activity.defn(name=effects.DELIVER)
    async def deliver(self, notice_id: str) -> None:
        """Write one notice into the sandbox folder and note that it was sent; a repeat changes nothing."""
        log = structlog.get_logger("huiyin.deliver").bind(notice_id=notice_id, attempt=activity.info().attempt)
        try:
            row = await outgoing.notice_of(self._pool, notice_id)
            log = log.bind(order=row.notice.order_id, seq=row.notice.seq)
            if row.sent_at is None and row.dropped_because is None and row.told_by is None:
                write(self._folder, message(row))
                await outgoing.mark_sent(self._pool, notice_id)
                log.info("notice.sent")
        except RecordsError as error:
            log.warning("notice.delayed", code=error.code)
            raise ApplicationError(error.code, notice_id, type=error.code) from None
        except OSError as error:
            log.warning("notice.delayed", code="sandbox-unwritable")
            raise ApplicationError("sandbox-unwritable", notice_id, type="sandbox-unwritable") from error


def message(row: outgoing.NoticeRow) -> dict[str, Any]:
    """Return a notice as the receiver reads it: ids and codes, and what they mean in each language."""
    notice = row.notice
    return {
        "id": notice.notice_id,
        "to": notice.person,
        "role": notice.role,
        "order": notice.order_id,
        "at": row.created_at.isoformat(),
        **{lang: _in_words(notice, lang) for lang in LANGS},
        "facts": dict(notice.body),
    }


def _in_words(notice: outgoing.Notice, lang: str) -> str:
    if notice.order_id is None:
        return said_together(notice.body, lang, _number)
    held = notice.not_before is not None
    return said(notice.body, lang, order=_number(notice.order_id), role=notice.role, held=held)


def _number(order_id: str) -> str:
    """Return an order's number as persons say it."""
    return order_id.removeprefix("wo_")
