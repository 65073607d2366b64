"""What an order refuses whatever else is said, found before anybody is asked for the rest of a command (API-07)."""

from datetime import datetime
from typing import Final

from domain.commands import Command, CommandName
from domain.decide import tick
from domain.payload import Payload
from domain.permission import permitted
from domain.refusals import Refused
from records.read import OrderFile
from starter.acting import UNDECIDED, order_facts, prepare, refuse
from starter.already import done_before
from starter.desk import Desk, kept
from starter.request import Request, envelope_of
from starter.standing import order_now, predicted

LEFT_TO_THE_ORDER: Final = UNDECIDED | {"merged", "events-missing", "terms-missing"}
"""No refusals yet: a survivor may take the command (GRP-03), or the record alone can't tell."""
BY_MORE_THAN_ROLE: Final = frozenset({CommandName.ACKNOWLEDGE})
"""Commands whose answers tell who may give them (ESC-11)."""


async def check_beforehand(desk: Desk, request: Request, file: OrderFile, now: datetime, *, whole: bool) -> None:
    """Refuse by role, version and stage; `whole`: it says all it must, in any words, so the rules can decide it.

    The order itself decides again once everything is said. Raises `Refused`, which is not written down here.
    """
    if request.command in BY_MORE_THAN_ROLE:
        return
    try:
        order = await order_now(desk, file, now)
        if whole:
            predicted(order, request, prepare(desk.settings, request, await order_facts(desk, request.order_id)), now)
        else:
            asked = Command.model_construct(name=request.command, envelope=envelope_of(request, {}), payload=Payload())
            permitted(tick(order, now)[0], asked, now)
    except Refused as error:
        if error.code not in LEFT_TO_THE_ORDER:
            raise done_before(error, request.command, request.said, file.events) from None


async def refuse_beforehand(desk: Desk, request: Request, refusal: Refused) -> None:
    """Write down what was refused before it was said whole (SEC-01)."""
    await kept(refuse(desk, request, await order_facts(desk, request.order_id), refusal))
