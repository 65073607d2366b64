"""How to speak with the owner of an order, and what was sent to him: the page's part about the owner (FBK-02…05)."""

from collections.abc import Callable, Mapping, Sequence
from datetime import datetime
from typing import Any, NamedTuple

from domain.closing.contacting import Manner
from domain.closing.deciding import promise_kept
from domain.notices.owner_words import feedback_words
from domain.order import WorkOrder
from domain.vocabulary import FeedbackKind, Stage, Style
from domain.words import word
from records.owner_messages import OwnerMessage, Try
from starter.telling_owner import on_its_way
from starter.words.closing import DROPPED, OWNER_TOPICS, STYLES, TRY_FAILED
from starter.words.glossary import CHANNELS

Sent = Sequence[tuple[OwnerMessage, Sequence[Try]]]


class Owner(NamedTuple):
    """How the household wants to be spoken with, and what was sent to it."""

    manner: Manner
    sent: Sent

    @property
    def result_queued(self) -> bool:
        """Whether the result is on its way as a message."""
        return any(one.topic == FeedbackKind.RESULT and on_its_way(one) for one, _ in self.sent)


def manner_text(manner: Manner, lang: str) -> str:
    """Say by which ways, in which words and when: 电话 → 上门 · 通俗用语 · 宜用方言."""
    ways = " → ".join(word(CHANNELS, one, lang) for one in manner.channels)
    dialect = ["宜由会方言者沟通" if lang == "zh" else "by somebody who speaks the dialect"] * manner.dialect
    hours = [f"宜在 {manner.hours} 联系" if lang == "zh" else f"between {manner.hours}"] * bool(manner.hours)
    return " · ".join([ways, word(STYLES, manner.style, lang), *dialect, *hours])


def phrase(order: WorkOrder, manner: Manner, now: datetime, lang: str) -> str | None:
    """Return how a result is said to somebody who wants plain words; None where nothing is to be said (FBK-03)."""
    if order.stage is not Stage.FEEDBACK or manner.style is not Style.PLAIN:
        return None
    number, kept = order.order_id.removeprefix("wo_"), promise_kept(order, now)
    return feedback_words("……", lang, order=number, style=manner.style, promise_kept=kept)


def message_text(message: OwnerMessage, tries: Sequence[Try], clock: Callable[[datetime], str], lang: str) -> str:
    """Say what became of a message: each try by its channel, and how it ended."""
    zh = lang == "zh"
    said = [word(OWNER_TOPICS, message.topic, lang)]
    for one in tries:
        way = word(CHANNELS, one.channel, lang)
        ended = word(TRY_FAILED, one.failed, lang) if one.failed else f"{clock(one.tried_at)} 送达" if zh else "sent"
        said.append(f"{way} {ended}" if zh or one.failed else f"{way} {ended} {clock(one.tried_at)}")
    if message.sent_at is None and message.outcome is not None:
        return " · ".join([*said, word(DROPPED, message.outcome, lang)])
    if message.given_up_at is not None:
        said.append("各渠道均未送达" if zh else "no channel carried it")
    elif message.sent_at is None:
        when = clock(message.due_at)
        said.append(f"{when} 起发送" if zh else f"to be sent from {when} on")
    if message.outcome not in {None, "done"}:
        said.append(f"未计为反馈({message.outcome})" if zh else f"not counted as feedback ({message.outcome})")
    return " · ".join(said)


def document(owner: Owner) -> dict[str, Any]:
    """Return the same in codes."""
    manner: Mapping[str, Any] = owner.manner._asdict()
    hidden = {"key_digest", "tries"}
    sent = [
        {
            **{name: value for name, value in message._asdict().items() if name not in hidden},
            "tries": [one._asdict() for one in tries],
        }
        for message, tries in owner.sent
    ]
    return {"manner": {**manner, "channels": list(owner.manner.channels)}, "owner_messages": sent}
