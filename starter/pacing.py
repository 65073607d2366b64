"""What the relay carries for many orders at once leaves room for everybody else's (GRP-06)."""

import asyncio
from collections.abc import Awaitable
from typing import Final, TypeVar

T = TypeVar("T")
REST: Final = 2.0
"""After a piece of work so many times as long is rested: where the house is busy all takes longer, so the rest too."""
LONGEST_S: Final = 0.5
"""A server that is away is no reason to rest for long."""


async def gently(work: Awaitable[T]) -> T:
    """Wait for a piece of work, then rest."""
    clock = asyncio.get_running_loop().time
    begun = clock()
    done = await work
    await asyncio.sleep(min(REST * (clock() - begun), LONGEST_S))
    return done
