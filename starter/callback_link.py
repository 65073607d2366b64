"""The household's own answer through the link it was sent, also after the close (CBK-06, CBK-08)."""

from collections.abc import Mapping
from typing import Any

from domain.commands import CommandName
from domain.refusals import Refused
from domain.vocabulary import Channel, Role
from records import owner_messages
from starter.acting import Request, act
from starter.actor import Actor
from starter.desk import Desk, kept
from workflows.contract import Answer


async def answer_callback(desk: Desk, token: str, said: Mapping[str, Any], key: str) -> tuple[str, Answer]:
    """Record what a household answers through its link; return its order and the answer of its process.

    Whoever holds the token is the household; no member of staff is named, for none has heard it. Raises `Refused`:
    `unknown-link`, and what `record_callback` is refused with.
    """
    opened = await kept(owner_messages.opened_by(desk.pool, token))
    if opened.community not in desk.settings.communities:
        raise Refused("unknown-link")
    household = Actor(f"resident:{opened.subject_id}", (Role.RESIDENT,))
    request = Request(opened.order_id, CommandName.RECORD_CALLBACK, household, said, key=key, channel=Channel.WEB)
    return opened.order_id, await act(desk, request)
