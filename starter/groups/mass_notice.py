"""A mass notice on its way: to each child's owner a message of his own, as feedback in his own order (GRP-06)."""

from domain.commands import CommandName
from domain.dispatch.roster import roles_of
from domain.refusals import Refused
from domain.vocabulary import FeedbackKind, Stage
from records import incidents, owner_messages
from records import read as reading
from records.incidents import Step
from records.read import OrderRow
from starter.actor import Actor, staff_id
from starter.desk import Desk, house_time, kept
from starter.request import Request, key_of
from starter.telling_owner import in_the_way, tell_owner

NOT_YET = "not-yet"
"""No refusal: the record does not show yet what comes before, or another message is on its way; tried again later."""
SUPERSEDED = "superseded"
"""The result, or that the cause is dealt with, comes after a word that was not even queued: nobody waits for it."""
TIRED = 20
"""After so many tries what never came is not waited for."""
BEFORE_FEEDBACK = frozenset({Stage.INTAKE, Stage.REGISTRATION, Stage.DISPATCH, Stage.HANDLING})


async def tell_child(desk: Desk, step: Step) -> str:
    """Queue the message to one child's owner, once; return its id. Raises `Refused`, `not-yet` among its codes.

    It is said by whoever gave the notice, and he stands for it: nobody has to countersign (INT-06).
    """
    file = await kept(reading.order(desk.pool, step.child, list(desk.settings.communities)))
    request = await _request(desk, step)
    key = key_of(request, file.row.community)
    messages = [one for one, _ in await kept(owner_messages.of_order(desk.pool, step.child))]
    for one in messages:
        if one.key_digest == key:  # queued before a death in between
            return one.message_id
    check_turn(file.row, step)
    if any(in_the_way(one, step.said["kind"]) for one in messages):
        raise Refused(SUPERSEDED if await kept(incidents.is_overtaken(desk.pool, step)) else NOT_YET)
    return (await tell_owner(desk, request, file, await house_time(desk), dry_run=False)).message_id


async def _request(desk: Desk, step: Step) -> Request:
    said, who = step.said, staff_id(step.said["actor"])
    words = await kept(incidents.open_texts(desk.pool, desk.ring, said["texts"]))
    told = {"kind": said["kind"], "by": said["by"], "leader": step.incident, **words}
    teller = Actor(said["actor"], roles_of(who, desk.roster))
    return Request(step.child, CommandName.GIVE_FEEDBACK, teller, told, key=f"notice/{step.incident}/{step.seq}")


def check_turn(row: OrderRow, step: Step) -> None:
    """Refuse what is not of the incident any more, or has ended; let a result wait for the work (FBK-02)."""
    if step.incident not in {row.incident, row.merged_into}:
        raise Refused("not-attached")
    if row.closed_at is not None:
        raise Refused("order-closed", command=step.command)
    if step.said["kind"] == FeedbackKind.RESULT and row.stage in BEFORE_FEEDBACK:
        raise Refused(NOT_YET if step.tries < TIRED else "result-too-early")
