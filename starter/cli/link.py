"""`huiyin answer-callback`: what a household answers through the link it was sent; the web page does the same later."""

import asyncio
import secrets
from collections.abc import Mapping
from datetime import datetime
from typing import TYPE_CHECKING, Annotated, Any

from starter.cli import input as cli_input
from starter.cli.fields import RESOLVED, SCORES
from starter.cli.options import Json, Key, Lang, option
from starter.cli.options import OptionalText as Text
from starter.cli.screen import Screen, styled
from starter.words.glossary import STAGES

if TYPE_CHECKING:
    from domain.refusals import Refused
    from domain.settings.community import CommunityFile
    from starter.cli.errors import Failure

TO_HOUSEHOLDS: Mapping[str, str] = {
    "already-done": "callback-answered",
    "illegal-transition": "callback-not-now",
    "order-closed": "callback-over",
}
"""Sentences for whoever holds a code, where staff are told something else."""
EXAMPLE = "huiyin answer-callback --token … --resolved --attitude 5 --timeliness 5 --quality 5"


def answer_callback(
    token: Annotated[Text, option("--token", "TOKEN", "消息中的评价码", "The code of the message.")] = None,
    resolved: Annotated[bool | None, option(RESOLVED.option, None, "是否已解决", "Is it resolved?")] = None,
    attitude: Annotated[Text, option("--attitude", "N", "态度 1–5", "Attitude, 1–5.")] = None,
    timeliness: Annotated[Text, option("--timeliness", "N", "及时 1–5", "Timeliness, 1–5.")] = None,
    quality: Annotated[Text, option("--quality", "N", "质量 1–5", "Quality, 1–5.")] = None,
    text: Annotated[Text, option("--text", "TEXT", "想说的话", "Words.")] = None,
    key: Key = None,
    json: Json = False,
    lang: Lang = None,
) -> int:
    """Record an answer."""
    screen = Screen.of(lang, json_wanted=json)
    typed = {"--attitude": attitude, "--timeliness": timeliness, "--quality": quality}
    for name, value in {"--token": token, RESOLVED.option: resolved, **typed}.items():
        cli_input.required(value, name, EXAMPLE)
    scores = {one.fills: cli_input.count(typed[one.option], one.option, 1, one.most) for one in SCORES}
    said = {"resolved": resolved, **scores, "words": cli_input.words(text, "--text")}
    return asyncio.run(_answer(screen, str(token).strip(), said, cli_input.key(key) or secrets.token_urlsafe(16)))


async def _answer(screen: Screen, token: str, said: Mapping[str, Any], key: str) -> int:
    from domain.refusals import Refused  # noqa: PLC0415 - help needs none of it
    from domain.words import word  # noqa: PLC0415 - the same
    from starter.callback_link import answer_callback as answered  # noqa: PLC0415 - the same
    from starter.cli import door  # noqa: PLC0415 - the same

    async with door.opened() as desk:
        try:
            order, answer = await answered(desk, token, said, key)
        except Refused as refusal:
            raise _failure(refusal, desk.settings, door.now()) from None
    screen.document({"order": order, "stage": answer.stage, "version": answer.version, "key": key})
    stage = word(STAGES, answer.stage, screen.lang)
    thanks = f"✓ 谢谢您的评价,单号 {door.number(order)} · 环节 {stage}"
    screen.show(styled(screen.t(thanks, f"✓ Thank you; case {door.number(order)} · stage {stage}"), "bold green"))
    return 0


def _failure(refusal: "Refused", file: "CommunityFile", now: datetime) -> "Failure":
    """Tell a refusal to a household: plainly that it has answered, or that its matter is closed or worked on."""
    from domain.audit import read_instant  # noqa: PLC0415 - only failing commands pay for it
    from domain.words import Pair  # noqa: PLC0415 - the same
    from starter.cli.door import zone_of  # noqa: PLC0415 - the same
    from starter.cli.telling import refused  # noqa: PLC0415 - the same
    from starter.cli.times import shown  # noqa: PLC0415 - the same

    words, facts = {}, refusal.facts
    if facts.get("at"):
        at, zone = read_instant(str(facts["at"])), zone_of(file, str(facts["community"]))
        words["at"] = Pair(*(shown(at, zone, now, lang) for lang in ("zh", "en")))
    sentence = TO_HOUSEHOLDS.get(refusal.code) if facts.get("community") else None
    return refused(refusal.code, facts, words, sentence=sentence)
