"""Promises to the owner: which window may be told, and how many (CLK-11)."""

from datetime import datetime, timedelta
from typing import Any

from domain import events as e
from domain.lifecycle import SUPERVISORS
from domain.payloads import Words
from domain.permission import Deed, refusal
from domain.unfolding import Unfolding
from domain.vocabulary import Cause

FREE_PROMISES = 2
"""The third promise for one case needs a supervisor (CLK-11)."""
PROMISE_REACH = timedelta(days=400)
"""A promised window lies within this of now: so far the calendars of the terms know their exceptions (design 4a.3)."""


def check_window(step: Unfolding, deed: Deed, starts: datetime, ends: datetime) -> None:
    """Refuse a window that is over, upside down or too far ahead, and one promise too many."""
    order, now = step.order, step.now
    if not (now - PROMISE_REACH <= starts < ends and now < ends <= now + PROMISE_REACH):
        raise refusal("promise-window", order, deed.name)
    if order.promises >= FREE_PROMISES and not deed.roles & SUPERVISORS:
        raise refusal("too-many-promises", order, deed.name, count=order.promises)


def promise(step: Unfolding, deed: Deed, said: Any, words: Words | None, cause: Cause = Cause.COMMAND) -> None:
    """Make the promise that `said` (act and window) tells; `cause` says whether the command itself is one."""
    author = deed.author.model_copy(update={"cause": cause})
    window = {"window_start_at": said.window_start_at, "window_end_at": said.window_end_at}
    told = {"act": said.act, "number": step.order.promises + 1, "words": words}
    step.promise(e.PromiseMade(at=deed.at, author=author, **told, **window))
