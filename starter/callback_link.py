"""The household's own answer through the link it was sent, also after the close (CBK-06, CBK-08)."""

import json
from collections.abc import Mapping
from typing import Any

from domain.commands import CommandName
from domain.refusals import Refused
from domain.vocabulary import Channel, Role
from records import owner_messages
from records import read as reading
from records.owner_messages import Opened
from starter.acting import act
from starter.actor import Actor
from starter.already import CODES
from starter.desk import Desk, kept
from starter.request import Request
from workflows.contract import Answer


async def answer_callback(desk: Desk, token: str, said: Mapping[str, Any], key: str) -> tuple[str, Answer]:
    """Record what a household answers through its link; return its order and the answer of its process.

    Whoever holds the token is the household; no member of staff is named, for none has heard it. Raises `Refused`:
    `unknown-link`, and what `record_callback` is refused with: `already-done` with `at` once it has answered, whatever
    its order has come to since.
    """
    opened = await kept(owner_messages.opened_by(desk.pool, token))
    if opened.community not in desk.settings.communities:
        raise Refused("unknown-link")
    household = Actor(f"resident:{opened.subject_id}", (Role.RESIDENT,))
    request = Request(opened.order_id, CommandName.RECORD_CALLBACK, household, said, key=key, channel=Channel.WEB)
    try:
        return opened.order_id, await act(desk, request)
    except Refused as refusal:
        raise await _plainly(desk, opened, refusal) from None


async def _plainly(desk: Desk, opened: Opened, refusal: Refused) -> Refused:
    """Say when the household has answered before; what staff could do instead is none of its business."""
    if refusal.code not in CODES:
        return refusal
    file = await kept(reading.order(desk.pool, opened.order_id, [opened.community]))
    bodies = [json.loads(row.body) for row in file.events if row.type == "work_order.callback_recorded"]
    answers = [one["at"] for one in bodies if one["actor"] == f"resident:{opened.subject_id}"]
    facts = {"order": opened.order_id.removeprefix("wo_"), "community": opened.community, "stage": file.row.stage}
    return Refused("already-done", at=answers[-1], **facts) if answers else Refused(refusal.code, **facts)
