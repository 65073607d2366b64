"""Handing a notice to its channel. The only channel so far is a folder of files, for tests and trials (API-09)."""

import json
import os
from datetime import datetime
from pathlib import Path
from typing import Any

import structlog
from temporalio import activity
from temporalio.exceptions import ApplicationError

from domain.words import CLOCKS, word
from records import outgoing
from records.errors import RecordsError
from records.pool import Pool
from workflows import effects

ZH = "【升级第 {level} 级】工单 {order} 的「{clock}」时限已超时,请处理并确认。"
EN = "[Level {level}] {clock} of {order} was breached. Please act and acknowledge."
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
            if row.sent_at is None and row.dropped_because is None:
                write(self._folder, message(row.notice, row.created_at))
                await outgoing.mark_sent(self._pool, notice_id)
                log.info("notice.sent")
        except RecordsError as error:
            log.warning("notice.delayed", code=error.code)
            raise ApplicationError(error.code, notice_id, type=error.code) from None
        except OSError as error:
            log.warning("notice.delayed", code="sandbox-unwritable")
            raise ApplicationError("sandbox-unwritable", notice_id, type="sandbox-unwritable") from error


def message(notice: outgoing.Notice, created_at: datetime) -> dict[str, Any]:
    """Return a notice as the receiver reads it: ids and codes, and one sentence in each language."""
    facts = {**notice.body, "order": notice.order_id.removeprefix("wo_")}
    clock = str(notice.body["clock"])
    return {
        "id": notice.notice_id,
        "to": notice.person,
        "role": notice.role,
        "order": notice.order_id,
        "at": created_at.isoformat(),
        "zh": ZH.format_map({**facts, "clock": word(CLOCKS, clock, "zh")}),
        "en": EN.format_map({**facts, "clock": word(CLOCKS, clock, "en")}),
        "facts": dict(notice.body),
    }


def write(folder: Path, said: dict[str, Any]) -> None:
    """Write one message whole or not at all."""
    folder.mkdir(parents=True, exist_ok=True)
    place = folder / f"{said['id']}.json"
    half = place.with_suffix(f".{os.getpid()}.half")
    half.write_text(json.dumps(said, ensure_ascii=False, sort_keys=True) + "\n", encoding="utf-8")
    half.replace(place)
