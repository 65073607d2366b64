"""Messages on their way to owners: handed over by one channel after the other; then their orders are told (FBK-04)."""

import secrets
from collections.abc import Mapping
from datetime import datetime
from pathlib import Path

import structlog

from domain.commands import CommandName, Envelope
from domain.dispatch.roster import Roster
from domain.notices.owner_words import feedback_words, in_full, link_words
from domain.notices.words import LANGS
from domain.refusals import Refused
from domain.timekeeping.limits import parse
from domain.vocabulary import Channel, Role, Style
from records import actions, outgoing, owner_messages
from records import read as reading
from records.errors import RecordsRefused
from records.outgoing import OutboxRow
from records.owner_messages import OwnerMessage, ToConfirm
from records.pool import Connection, transaction
from records.sandbox import write
from starter.acting import UNDECIDED, send
from starter.actor import Actor
from starter.contacting import contact_from, manner_for
from starter.desk import Desk
from starter.notices import case_of, notices_of
from starter.pacing import gently
from starter.request import Request

CALLBACK_LINK = "callback_link"
NOT_TOLD = "owner_not_told"
AT_ONCE = 50
DONE = "done"
FOLDER = "messages"
"""Below the data folder: a folder for each channel, and in it a file for each message."""

log = structlog.get_logger("huiyin.owner_messages")


async def queue_link(connection: Connection, desk: Desk, row: OutboxRow, now: datetime) -> None:
    """Queue the message with a link; who wants no messages at all gets it by SMS all the same (CBK-03)."""
    community, subject_id = row.body["community"], row.body["person"].removeprefix("resident:")
    manner = await manner_for(desk, connection, community, subject_id)
    message = OwnerMessage(
        message_id=f"msg_{row.order_id}_{row.seq}",
        order_id=row.order_id,
        topic=CALLBACK_LINK,
        channels=list(dict.fromkeys([*manner.messages, Channel.SMS])),
        style=manner.style,
        promise_kept=None,
        key_digest=None,
        due_at=contact_from(desk.settings, community, row.body["policy"], now, manner.hours),
    )
    await owner_messages.add(connection, message)


async def send_to_owners(desk: Desk, roster: Roster, data: Path, now: datetime) -> int:
    """Hand over what is due, then tell the orders of what has arrived; return how much was done."""
    done = 0
    while done < AT_ONCE and await gently(_hand_over(desk, roster, data / FOLDER, now)):
        done += 1
    for message in await owner_messages.to_confirm(desk.pool, AT_ONCE):
        done += await gently(_confirm(desk, message))
    return done


async def _hand_over(desk: Desk, roster: Roster, folder: Path, now: datetime) -> bool:
    """Drop what is pointless by now, then try one message by its next channel; a failed try leaves it to the next."""
    async with transaction(desk.pool) as connection:
        for dropped, because in await owner_messages.drop_pointless(connection):
            log.info("owner_message.dropped", message=dropped, because=because)
        message = await owner_messages.claim(connection, now)
        if message is None:
            return False
        channel = message.channels[message.tries]
        failed = await _try(connection, desk, message, folder / channel)
        await owner_messages.note_try(connection, message, channel, failed)
        log.info("owner_message.tried", message=message.message_id, channel=channel, failed=failed)
        if failed is not None and message.tries + 1 >= len(message.channels):
            await _not_told(connection, desk, roster, message, now)
    return True


async def _try(connection: Connection, desk: Desk, message: OwnerMessage, folder: Path) -> str | None:
    """Write a message into the folder of a channel; return why it can't be sent, None = it was."""
    try:
        said = await _said(connection, desk, message)
        write(folder, {"id": message.message_id, "order": message.order_id, **said})
    except RecordsRefused as refusal:
        return refusal.code
    except OSError:
        return "channel-away"
    return None


async def _said(connection: Connection, desk: Desk, message: OwnerMessage) -> Mapping[str, str]:
    """Say a message in each language. A link's token is made at each try, and kept as a digest alone (CBK-06)."""
    order, style = message.order_id.removeprefix("wo_"), Style(message.style)
    if message.key_digest is None:
        token, days = secrets.token_urlsafe(32), parse(desk.settings.callback.reopen_window).amount
        await owner_messages.add_link(connection, token, message.order_id)
        told = {lang: link_words(token, lang, order=order, style=style, days=days) for lang in LANGS}
        return {**told, "token": token}
    texts = await owner_messages.words_of(connection, desk.ring, message.order_id, message.key_digest)
    kept = message.promise_kept
    return {
        lang: feedback_words(in_full(texts, lang), lang, order=order, style=style, promise_kept=kept) for lang in LANGS
    }


async def _not_told(connection: Connection, desk: Desk, roster: Roster, message: OwnerMessage, now: datetime) -> None:
    """Tell the first contact that no channel reached the owner: the duty to tell him runs on."""
    row = await reading.row(desk.pool, message.order_id)
    case = {**case_of(row), "role": Role.FIRST_CONTACT.value}
    asked = OutboxRow(row.order_id, row.seq, NOT_TOLD, case, now, row.complained_of)
    for notice in notices_of(asked, desk.settings, roster, now):
        await outgoing.add_notice(connection, notice._replace(notice_id=f"{notice.notice_id}_{message.message_id}"))


async def _confirm(desk: Desk, message: ToConfirm) -> bool:
    """Give the command of a message that has arrived: only now the owner is told (CLK-03). False = not known yet."""
    by = {"by": message.sent_by}
    stored = {**message.envelope, "expected_version": None, "payload": {**message.envelope["payload"], **by}}
    envelope = Envelope.model_validate(stored)
    request = Request(message.order_id, CommandName(envelope.command), Actor(envelope.actor, envelope.roles))
    try:
        answer = (await send(desk, request, envelope, message.update_id)).model_dump(mode="json")
        outcome = DONE
    except Refused as refusal:
        if refusal.code in UNDECIDED:
            return False
        outcome, answer = refusal.code, {"refused": refusal.code, "facts": dict(refusal.facts)}
    await actions.close_action(desk.pool, message.key_digest, answer)
    await owner_messages.confirm(desk.pool, message.message_id, outcome)
    log.info("owner_message.confirmed", order=message.order_id, message=message.message_id, outcome=outcome)
    return True
