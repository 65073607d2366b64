"""An incident and its children on the screen: each child with stage and breaches, and what the incident speaks of."""

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any, NamedTuple

from domain.children import owing
from domain.clocks import Clock
from domain.order import WorkOrder
from domain.vocabulary import Stage
from domain.words import CLOCKS, Pair, Table, word
from records import incidents
from records.incidents import Joining
from records.read import OrderRow
from starter.cli_screen import Screen, styled
from starter.membership import rows_of
from starter.wording import STAGES, numbers

if TYPE_CHECKING:
    from rich.text import Text

    from starter.desk import Desk

DONE = "done"
APART: Table = {
    "order-closed": Pair("已办结", "it was closed"),
    "already-attached": Pair("已在别的群发事件中", "it belongs to another incident"),
    "unlike-incident": Pair("类别已改,与群发事件不同", "it has another category by now"),
}
"""Why a member could not be attached once the incident was confirmed."""


class Family(NamedTuple):
    """The children of an incident, or before it is confirmed the orders proposed; and which could not be attached."""

    children: Sequence[OrderRow]
    apart: Sequence[Joining]


async def load_family(desk: "Desk", order: WorkOrder) -> Family | None:
    """Read the children of an incident; None for any other order."""
    if not order.members:
        return None
    if order.first_contact is None:  # nobody has confirmed it
        return Family(await rows_of(desk, order.members), ())
    joinings = await incidents.joinings(desk.pool, order.order_id)
    apart = [one for one in joinings if one.outcome not in {None, DONE}]
    return Family(await incidents.children(desk.pool, order.order_id), apart)


def document(order: WorkOrder, family: Family) -> dict[str, Any]:
    """Return an incident's children, and what it speaks of, in codes."""
    return {
        "members": list(order.members),
        "children": [
            {
                "order": row.order_id,
                "stage": row.stage,
                "breaches": row.breaches,
                "breached": breached(row),
                "closed_at": row.closed_at,
            }
            for row in family.children
        ],
        "not_attached": [{"order": one.child, "code": one.outcome} for one in family.apart],
        "escalations": [_entry(clock) for clock in order.gathered],
    }


def _entry(clock: Clock) -> dict[str, Any]:
    return {
        "clock": clock.name,
        "turn": clock.turn,
        "breached_at": clock.breached_at,
        "level": len(clock.fired),
        "over": not clock.running,
        "children": sorted({one.child for one in clock.children}),
        "owing": list(owing(clock)),
    }


def breached(row: OrderRow) -> list[str]:
    """Name the clocks of a child that are breached and still owed."""
    return sorted({duty["clock"] for duty in row.duties if duty["breached"]})


def parts(screen: Screen, order: WorkOrder, family: Family) -> "list[tuple[str, Sequence[tuple[Text, ...]]]]":
    """Return the parts of an incident's page that are not empty: a head, and its lines."""
    told = [
        (screen.t("成员工单", "Children"), lines(screen, family)),
        (screen.t("成员超时,由本单统一升级", "Breaches it speaks of"), spoken(screen, order)),
    ]
    return [(head, rows) for head, rows in told if rows]


def lines(screen: Screen, family: Family) -> "list[tuple[Text, ...]]":
    """Return a line for each child: number, stage, breaches; then for each that could not be attached why."""
    here = {row.order_id for row in family.children}
    apart = [_apart(screen, one) for one in family.apart if one.child not in here]
    return [*(_child(screen, row) for row in family.children), *apart]


def _child(screen: Screen, row: OrderRow) -> "tuple[Text, ...]":
    t, lang = screen.t, screen.lang
    owed = t("、", ", ").join(word(CLOCKS, name, lang) for name in breached(row))
    said = t("无超时", "no breach")
    if row.breaches:
        said = t(f"超时 {row.breaches} 次", f"breaches: {row.breaches}")
    if owed:
        said += t(f"(未停:{owed})", f" (owed: {owed})")
    style = "bold red" if owed else "dim" if row.stage == Stage.CLOSED else ""
    return styled(f"  {number(row.order_id)}"), styled(word(STAGES, row.stage, lang)), styled(said, style)


def _apart(screen: Screen, one: Joining) -> "tuple[Text, ...]":
    why = word(APART, one.outcome, screen.lang)
    return styled(f"  {number(one.child)}"), styled(screen.t("未并入", "not attached"), "yellow"), styled(why, "dim")


def spoken(screen: Screen, order: WorkOrder) -> "list[tuple[Text, ...]]":
    """Return a line for each clock that the incident speaks of for its children: level, since when, for whom."""
    t, lang = screen.t, screen.lang
    found: list[tuple[Text, ...]] = []
    for clock in (clock for clock in order.gathered if clock.running):
        level = len(clock.fired)
        reached = t(f"已升级 {level} 级", f"level {level}") if level else t("未升级", "not escalated yet")
        who = numbers(owing(clock), lang)
        found.append((styled(f"  {word(CLOCKS, clock.name, lang)}"), styled(reached, "bold red"), styled(who)))
    return found


def number(order_id: str) -> str:
    """Return an order's number as operators say it."""
    return order_id.removeprefix("wo_")
