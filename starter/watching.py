"""Waiting for an effect: look until it is there, and say what never came."""

import asyncio
from collections.abc import Awaitable, Callable

LOOK_EVERY_S = 0.05


class NeverCame(Exception):  # noqa: N818 - says what happened
    """Something that was waited for did not come in time."""


async def eventually(look: Callable[[], Awaitable[bool]], what: str, within_s: float = 60.0) -> None:
    """Look until it is there; raises `NeverCame` after `within_s` seconds."""
    end = asyncio.get_running_loop().time() + within_s
    while not await look():
        if asyncio.get_running_loop().time() > end:
            raise NeverCame(what)
        await asyncio.sleep(LOOK_EVERY_S)
