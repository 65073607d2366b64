"""What does not go with what an order has heard before: asked at the door, where words and files can still be read."""

import json
from collections.abc import Collection, Iterable
from datetime import UTC, datetime
from typing import Final

from domain.commands import CommandName as C
from domain.notices.owner_words import named_in
from domain.refusals import Refused
from records import read as reading
from records.read import EventRow, OrderFile
from starter.attaching import check_named
from starter.desk import Desk, kept
from starter.request import Prepared, Request
from starter.standing import order_now

TO_THE_OWNER: Final = frozenset(
    {C.RESPOND, C.PROMISE, C.RECORD_CONFLICT_STEP, C.GIVE_PLAN, C.GIVE_FEEDBACK, C.COMPLETE_RECOVERY}
)
"""Commands whose words are said to the owner, or tell how he was spoken with; in others he speaks himself."""

SHOWING: Final = frozenset({"arrived", "handling_completed", "completion_reported"})
"""Events that may bring photos from before the work."""


async def check_heard(desk: Desk, request: Request, prepared: Prepared) -> None:
    """Refuse files that the order lacks, one photo as both before and after, and arrears talk amid a conflict."""
    await check_named(desk, request.order_id, prepared.named)
    await _check_photos(desk, request, prepared)
    await _check_talk(desk, request, prepared)


async def _check_photos(desk: Desk, request: Request, prepared: Prepared) -> None:
    """Refuse `photos-same`: what was shown before the work can't show what it is like after it (HND-02)."""
    if request.command is not C.COMPLETE_HANDLING or not prepared.payload.get("after"):
        return
    shown = _shown_before((await _file(desk, request)).events)
    if {*shown, *(prepared.payload.get("before") or ())}.intersection(prepared.payload["after"]):
        raise Refused("photos-same")


def _shown_before(events: Iterable[EventRow]) -> Collection[str]:
    """Return the digests of all photos from before the work, of this life and of those before."""
    bodies = (json.loads(row.body) for row in events if row.type.removeprefix("work_order.") in SHOWING)
    return {digest for body in bodies for digest in body["payload"].get("before") or ()}


async def _check_talk(desk: Desk, request: Request, prepared: Prepared) -> None:
    """Refuse `arrears-talk`: nobody speaks of it to an owner with whom a conflict is open (HND-09).

    What the category itself is about, such as a matter of fees, may be named.
    """
    words = desk.settings.handling.arrears_words
    if request.command not in TO_THE_OWNER or not named_in(prepared.texts.values(), words):
        return
    file = await _file(desk, request)
    category = desk.settings.categories.get(file.row.category)
    barred = [word for word in words if category is None or word not in category.keywords]
    named = named_in(prepared.texts.values(), barred)
    if named and (await order_now(desk, file, datetime.now(UTC))).conflict is not None:
        raise Refused("arrears-talk", word=named)


async def _file(desk: Desk, request: Request) -> OrderFile:
    communities = list(desk.settings.communities)
    return await kept(reading.order(desk.pool, request.order_id, communities), order=request.order_id)
