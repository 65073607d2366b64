"""One call, one command: what follows reception when the owner is on the line, each step once under the call's key."""

from typing import TYPE_CHECKING, Any, NamedTuple

from domain.commands import CommandName
from domain.refusals import Refused
from starter.acting import act
from starter.request import Request

if TYPE_CHECKING:
    from starter.actor import Actor
    from starter.client import Receipt
    from starter.desk import Desk
    from starter.intake import IntakeForm


class OneCall(NamedTuple):
    """What was done beside reception, and the refusal that ended it, if one did."""

    done: tuple[str, ...] = ()
    undone: str | None = None
    refusal: Refused | None = None


async def in_one_call(
    desk: "Desk", receipt: "Receipt", form: "IntakeForm", actor: "Actor", restated: str | None
) -> OneCall:
    """Clarify and register what was just received; the same key again goes on where a server's absence ended it.

    An engine that has not answered is not asked again: the number is waited for (INT-14).
    """
    done = ("respond",) if form.contacted_at else ()
    if restated is None:
        return OneCall(done)
    if not receipt.started:
        return OneCall(done, CommandName.CLARIFY, Refused("engine-away"))
    steps: tuple[tuple[CommandName, dict[str, Any]], ...] = (
        (CommandName.CLARIFY, {"words": restated, "by": form.channel}),
        (CommandName.REGISTER, {}),
    )
    for name, said in steps:
        key = f"{form.idempotency_key}.{name}"
        try:
            await act(desk, Request(receipt.order_id, name, actor, said, key=key, channel=form.channel))
        except Refused as refusal:
            return OneCall(done, name, refusal)
        done = (*done, name)
    return OneCall(done)
