"""What somebody may do with an order now: by his positions, what he is in this case, and what the order waits for."""

from collections.abc import Iterable, Mapping
from collections.abc import Set as AbstractSet
from typing import Final

from domain.commands import CommandName as C
from domain.lifecycle import ANY, LIVING, RULEBOOK, commands_in
from domain.permission import OF_THE_NAMED
from domain.vocabulary import ClockName, Role, Stage
from records.read import OrderRow
from starter.actor import Actor

ANSWERS: Final[Mapping[C, str]] = {
    C.RESPOND: ClockName.RESPONSE,
    C.REGISTER: ClockName.REGISTER,
    C.ARRIVE: ClockName.ARRIVE,
    C.CHECK_CONTRACTOR_WORK: "check_contractor_work",
    C.COUNTERSIGN: "countersign",
    C.GIVE_PLAN: ClockName.PLAN,
    C.COMPLETE_RECTIFICATION: ClockName.RECTIFY,
    C.SIGN_OFF: ClockName.SIGN_OFF,
    C.REFUSE_SIGN_OFF: ClockName.SIGN_OFF,
    C.COMPLETE_RECOVERY: ClockName.RECOVERY,
    C.VERIFY: ClockName.VERIFY,
}
"""Commands that something owed waits for: they are worth naming while it does."""
OF_NOBODYS: Final = frozenset({C.DISPATCH, C.GRAB})
OF_HELD: Final = frozenset({C.ACCEPT, C.RETURN, C.TRANSFER})
STILL: Final = frozenset({C.RESUME})
UNTOLD: Final = frozenset(
    {
        *(C.ADD_ASSIGNMENT, C.COMPLETE_ASSIGNMENT, C.CANCEL_ASSIGNMENT, C.QUOTE, C.AGREE_TO_PRICE, C.DECLINE_PRICE),
        *(C.APPROVE_SUSPENSION, C.REFUSE_SUSPENSION, C.SUSPEND, C.REQUEST_SUSPENSION),
    }
)
"""Seldom meant, or for what a row does not tell."""
OWNERS: Final = frozenset({C.URGE, C.WITHDRAW})
"""What a household may always do while its matter lives."""


def roles_in(actor: Actor, row: OrderRow) -> frozenset[Role]:
    """Return what somebody is in an order: his positions, first contact, assignee."""
    case = {Role.FIRST_CONTACT: (row.first_contact,), Role.ASSIGNEE: (row.assignee, row.receiver)}
    return frozenset({*actor.roles, *(role for role, who in case.items() if actor.id in who)})


def may(roles: Iterable[Role], command: C) -> bool:
    """Tell whether one of these roles may give a command at all (SEC-01)."""
    return not RULEBOOK[command].who.isdisjoint(roles)


def possible(actor: Actor, row: OrderRow) -> list[C]:
    """Return every command that fits an order's stage and that the actor may give; whom it is about few (DSP-13)."""
    roles, own = roles_in(actor, row), row.incident == row.order_id
    fitting = commands_in(Stage(row.stage), incident=own, merged=row.merged_into is not None)
    named = actor.id in row.complained_of
    return [name for name in fitting if may(roles, name) and (not named or name in OF_THE_NAMED)]


def worth_naming(commands: Iterable[C], actor: Actor, row: OrderRow) -> list[C]:
    """Return the few of these that lead on now; what fits in every stage, such as a note, is left out."""
    owed = {str(duty["clock"]) for duty in row.duties}
    paused = any(duty["suspended"] for duty in row.duties)
    here = OWNERS if Role.RESIDENT in actor.roles else frozenset[C]()
    return [name for name in commands if name in here or _leads_on(name, row, owed, paused=paused)]


def _leads_on(name: C, row: OrderRow, owed: AbstractSet[str], *, paused: bool) -> bool:
    if name in ANSWERS:
        return ANSWERS[name] in owed
    if name in OF_NOBODYS | OF_HELD:
        held = row.assignee is not None
        return held is (name in OF_HELD) and (name != C.ACCEPT or row.stage == Stage.DISPATCH or bool(row.receiver))
    if name in STILL:
        return paused
    return name not in UNTOLD and RULEBOOK[name].stages not in {LIVING, ANY}
