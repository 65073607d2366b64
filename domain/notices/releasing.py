"""Which messages leave now, which are gathered into a digest, and which have become pointless (ESC-09, ESC-12)."""

from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime, timedelta
from typing import NamedTuple

from domain.notices.notifying import ASKS_FOR_APPROVAL, LEVEL

MINUTE = timedelta(minutes=1)
"""So many messages within this time are too many for one person."""
DIGEST = "digest"


class Standing(NamedTuple):
    """How the matter stands that a held message is about."""

    closed: bool = False  # the order
    runs: bool = True  # the clock whose level fired
    acknowledged: bool = False  # that level
    decided: bool = False  # the pause that was asked for


def settled(topic: str, now: Standing) -> str | None:
    """Say, as a code, why a held message is not sent any more; None = it still is (ESC-09).

    A recovery may be owed of an order that is closed: as long as its clock runs, its levels are told.
    """
    if topic == LEVEL and now.acknowledged:
        return "acknowledged"
    if topic == LEVEL and now.runs:
        return None
    if now.closed:
        return "order-closed"
    if topic == LEVEL:
        return "clock-stopped"
    return "decided" if topic == ASKS_FOR_APPROVAL and now.decided else None


class Waiting(NamedTuple):
    """A message that may leave now; `put_off` once others had left too shortly before it."""

    notice_id: str
    person: str
    put_off: bool = False


class Left(NamedTuple):
    """A message that left within the last minute."""

    person: str
    at: datetime
    digest: bool = False


class Gathered(NamedTuple):
    """What leaves singly, what becomes one digest for a person, and what waits until when to become one."""

    singly: tuple[str, ...]
    digests: Mapping[str, tuple[str, ...]]  # person → ids
    later: Mapping[str, datetime]  # id → instant


def gathered(waiting: Iterable[Waiting], left: Iterable[Left], now: datetime, above: int) -> Gathered:
    """Let up to `above` messages a minute reach a person singly; what comes beyond them is one digest (ESC-12).

    What comes all at once is told at once. When messages have left already, the rest waits until a minute after the
    first of them, or after the last digest: nobody gets more than `above` messages and one digest within a minute.
    """
    before = [one for one in left if one.at > now - MINUTE]
    by_person: dict[str, list[Waiting]] = {}
    for one in waiting:
        by_person.setdefault(one.person, []).append(one)
    found = Gathered((), {}, {})
    for person, ones in by_person.items():
        found = _joined(found, _of_one(person, ones, [one for one in before if one.person == person], now, above))
    return found


def _of_one(person: str, waiting: Sequence[Waiting], before: Sequence[Left], now: datetime, above: int) -> Gathered:
    """Decide about the messages of one person."""
    ids, at = tuple(one.notice_id for one in waiting), _digest_at(waiting, before, now)
    if len(ids) + len(before) <= above or (at == now and len(ids) == 1):
        return Gathered(ids, {}, {})
    return Gathered((), {person: ids}, {}) if at == now else Gathered((), {}, dict.fromkeys(ids, at))


def _joined(one: Gathered, other: Gathered) -> Gathered:
    return Gathered(one.singly + other.singly, {**one.digests, **other.digests}, {**one.later, **other.later})


def _digest_at(waiting: Sequence[Waiting], before: Sequence[Left], now: datetime) -> datetime:
    """Return when a person's digest is due: a minute after his last one, else after the first message of the rush."""
    digests = [one.at for one in before if one.digest]
    if digests:
        return max(digests) + MINUTE
    if any(one.put_off for one in waiting):
        return now
    return min((one.at for one in before), default=now - MINUTE) + MINUTE
