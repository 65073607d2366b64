"""From an outbox row to messages: to whom, in which role, when and why; and from many messages to one digest."""

import hashlib
from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any

from domain.dispatch.roster import Roster
from domain.notices.notifying import Choice, Rules, asking_of, choose
from domain.notices.releasing import DIGEST
from domain.settings.community import CommunityFile
from records.outgoing import NOBODY, DueNotice, Notice, OutboxRow
from records.read import OrderRow
from starter.actor import usr

FACTS = (
    "clock",
    "generation",
    "turn",
    "level",
    "cause",
    "number",
    "action",
    "reason",
    "decision",
    "children",
    "other",
    "return_reason",
    "minutes",
)
"""What a message says of its event, where the event knows it."""
CHANNEL = "sandbox"


def notices_of(row: OutboxRow, settings: CommunityFile, roster: Roster, now: datetime) -> list[Notice]:
    """Return the messages of one row: who is told now or later, in which role, after which roster (design 4a.4).

    Where its event concerns several persons, each for something of his own, they stand in `each`.
    """
    rows = [row._replace(body={**row.body, **one}) for one in row.body.get("each") or [{}]]
    return [notice for one in rows for notice in _notices_of(one, settings, roster, now)]


def _notices_of(row: OutboxRow, settings: CommunityFile, roster: Roster, now: datetime) -> list[Notice]:
    said = {name: row.body[name] for name in FACTS if row.body.get(name) is not None}
    facts = {**said, **_named(said.get("reason"), settings), "to": row.body["role"], "roster": roster.version}
    told = choose(asking_of(row.topic, row.body, row.complained_of), roster, Rules.of(settings), now)
    return [_notice(row, one, facts) for one in told]


def case_of(row: OrderRow) -> dict[str, Any]:
    """Return what of an order says who holds which role in it."""
    named = {"team": row.team, "first_contact": row.first_contact, "assignee": row.assignee}
    return {"community": row.community, "policy": row.severity, **named}


def told_by_door(
    row: OrderRow, topic: str, said: Mapping[str, Any], settings: CommunityFile, roster: Roster, now: datetime
) -> list[Notice]:
    """Return the messages about what no event tells, one of a topic for each person while the order stands so."""
    asked = OutboxRow(row.order_id, row.seq, topic, {**case_of(row), **said}, now, row.complained_of)
    return [one._replace(notice_id=f"{one.notice_id}_{topic}") for one in notices_of(asked, settings, roster, now)]


def _named(reason: str | None, settings: CommunityFile) -> dict[str, str]:
    """Name a pause reason as the settings do, for whoever delivers the message knows no settings."""
    called = next((one.name for one in settings.pause_reason if one.code == reason), None)
    return {"called": called} if called else {}


def _notice(row: OutboxRow, one: Choice, facts: Mapping[str, Any]) -> Notice:
    receiver = usr(one.staff_id)
    why = {"topic": one.topic, "way": one.way.value, "because": list(one.reasons)}
    return Notice(
        notice_id=notice_id(row.order_id, row.seq, receiver),
        order_id=row.order_id,
        seq=row.seq,
        person=receiver,
        role=one.role_by_which.value,
        channel=CHANNEL,
        body={**facts, **why},
        not_before=one.not_before,
    )


def notice_id(order_id: str, seq: int, person: str) -> str:
    """Return the id of the one message about an event to a person, however often it is made."""
    return _id(f"{order_id}\n{seq}\n{person}")


def _id(said: str) -> str:
    return "ntc_" + hashlib.sha256(said.encode()).hexdigest()[:24]


def unheard(row: OutboxRow) -> Notice:
    """Return what is noted of an event that nobody at all could be told of: the community has no staff any more."""
    body = {"topic": row.topic, "to": row.body["role"], "clock": row.body.get("clock"), "level": row.body.get("level")}
    return Notice(notice_id(row.order_id, row.seq, ""), row.order_id, row.seq, NOBODY, "none", CHANNEL, body)


def digest_of(person: str, told: Sequence[DueNotice]) -> Notice:
    """Return the one message that tells a person of all these: each order with what it is about (ESC-12)."""
    ids = sorted(one.notice.notice_id for one in told)
    cases = [{"order": one.notice.order_id, "id": one.notice.notice_id, **one.notice.body} for one in told]
    body = {"topic": DIGEST, "cases": cases}
    return Notice(_id("\n".join((DIGEST, *ids))), None, None, person, told[0].notice.role, CHANNEL, body)
