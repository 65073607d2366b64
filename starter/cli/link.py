"""`huiyin answer-callback`: what a household answers through the link it was sent; the web page does the same later."""

import asyncio
import secrets
from collections.abc import Mapping
from typing import Annotated, Any

from starter.cli import input as cli_input
from starter.cli.fields import RESOLVED, SCORES
from starter.cli.options import Json, Key, Lang, option
from starter.cli.options import OptionalText as Text
from starter.cli.screen import Screen, styled
from starter.words.glossary import STAGES

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
    from domain.words import word  # noqa: PLC0415 - help needs none of it
    from starter.callback_link import answer_callback as answered  # noqa: PLC0415 - the same
    from starter.cli import door  # noqa: PLC0415 - the same

    async with door.opened() as desk:
        order, answer = await answered(desk, token, said, key)
    screen.document({"order": order, "stage": answer.stage, "version": answer.version, "key": key})
    stage = word(STAGES, answer.stage, screen.lang)
    thanks = f"✓ 谢谢您的评价,单号 {door.number(order)} · 环节 {stage}"
    screen.show(styled(screen.t(thanks, f"✓ Thank you; case {door.number(order)} · stage {stage}"), "bold green"))
    return 0
