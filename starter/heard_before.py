"""What does not go with what an order has heard before: asked at the door, where words and files can still be read."""

import json
from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import UTC, datetime
from typing import Final, NamedTuple

from domain.audit import instant_text
from domain.commands import CommandName as C
from domain.notices.owner_words import named_in
from domain.refusals import Refused
from records import actions
from records import read as reading
from records.read import EventRow, OrderFile
from starter.already import split_at_reopening
from starter.attaching import check_named
from starter.desk import Desk, kept
from starter.request import Prepared, Request, key_of
from starter.standing import order_now

TO_THE_OWNER: Final = frozenset(
    {C.RESPOND, C.PROMISE, C.RECORD_CONFLICT_STEP, C.GIVE_PLAN, C.GIVE_FEEDBACK, C.COMPLETE_RECOVERY}
)
"""Commands whose words are said to the owner, or tell how he was spoken with; in others he speaks himself."""

SHOWING: Final = frozenset({"arrived", "handling_completed", "completion_reported"})
"""Events that may bring photos of the place before and after the work."""
SHOWN_BY: Final = frozenset({C.ARRIVE, C.COMPLETE_HANDLING})
CLASS: Final = ("category", "kind", "severity")
USES: Final = ("before", "after")


class Shown(NamedTuple):
    """A photo as an event showed it."""

    use: str  # before | after
    at: datetime


async def check_heard(desk: Desk, request: Request, prepared: Prepared) -> None:
    """Refuse files that the order lacks, photos that show something else, arrears talk amid a conflict, no change."""
    await check_named(desk, request.order_id, prepared.named)
    await _check_photos(desk, request, prepared)
    await _check_talk(desk, request, prepared)
    await _check_class(desk, request, prepared)


async def _check_class(desk: Desk, request: Request, prepared: Prepared) -> None:
    """Refuse a person's change to what a class is already (`nothing-changes`); a repetition is answered as before."""
    if request.command is not C.RECLASSIFY or not request.actor.id.startswith("usr_"):
        return
    row = await kept(reading.row(desk.pool, request.order_id), order=request.order_id)
    same = all(prepared.payload.get(name) == getattr(row, name) for name in CLASS)
    if same and await kept(actions.envelope_of(desk.pool, key_of(request, row.community))) is None:
        raise Refused("nothing-changes")


async def _check_photos(desk: Desk, request: Request, prepared: Prepared) -> None:
    """Refuse photos that can't show the place before or after the work (HND-02).

    `photos-used`: it showed the work of a life before the last reopening. `photos-same`: before and after are alike.
    """
    said = {use: prepared.payload.get(use) or () for use in USES}
    if request.command not in SHOWN_BY or not any(said.values()):
        return
    earlier, own = split_at_reopening((await _file(desk, request)).events)
    used = _shown(earlier)
    for use, number, digest in _numbered(said):
        if digest in used:
            told = {"use": used[digest].use, "at": instant_text(used[digest].at)}
            raise Refused("photos-used", option=f"--{use}", number=number, digest=digest[:12], **told)
    before = {digest for digest, shown in _shown(own).items() if shown.use == "before"}
    if {*before, *said["before"]}.intersection(said["after"]):
        raise Refused("photos-same")


def _numbered(said: Mapping[str, Sequence[str]]) -> Iterator[tuple[str, int, str]]:
    """Yield each photo with its use and its place among those of its option."""
    for use, digests in said.items():
        yield from ((use, number, digest) for number, digest in enumerate(digests, 1))


def _shown(events: Iterable[EventRow]) -> Mapping[str, Shown]:
    """Return by digest how the photos of some events were shown first."""
    found: dict[str, Shown] = {}
    for row in (row for row in events if row.type.removeprefix("work_order.") in SHOWING):
        payload = json.loads(row.body)["payload"]
        for use, _, digest in _numbered({use: payload.get(use) or () for use in USES}):
            found.setdefault(digest, Shown(use, row.at))
    return found


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
