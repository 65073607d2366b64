"""An incident and its children on the screen: each child with stage and breaches, and what the incident speaks of."""

from collections.abc import Sequence
from itertools import groupby
from typing import TYPE_CHECKING, Any, NamedTuple

from domain.groups.children import owing
from domain.order import WorkOrder
from domain.timekeeping.clocks import Clock
from domain.vocabulary import Stage
from domain.words import CLOCKS, Pair, Table, word
from records import incidents
from records.incidents import Joining, Solving, Told
from records.read import OrderRow
from starter.cli.screen import Screen, styled
from starter.groups.mass_notice import SUPERSEDED
from starter.groups.membership import rows_of
from starter.words.closing import OWNER_TOPICS
from starter.words.glossary import STAGES, numbers

if TYPE_CHECKING:
    from rich.text import Text

    from starter.desk import Desk

DONE = "done"
APART: Table = {
    "order-closed": Pair("已办结", "it was closed"),
    "already-attached": Pair("已在别的群发事件中", "it belongs to another incident"),
    "unlike-incident": Pair("类别已改,与群发事件不同", "it has another category by now"),
    "merged": Pair("已归并到另一张工单", "it was merged into another order"),
    "incident-over": Pair("群发事件已结束", "the incident is over"),
    "not-of-an-incident": Pair("本身是群发事件", "it is an incident itself"),
}
"""Why a member could not be attached once the incident was confirmed."""
NOTICES: Table = {
    "sent": Pair("已送达", "sent"),
    "waiting": Pair("待送", "on its way"),
    "dropped": Pair("不再发送", "not sent any more"),
    "not_told": Pair("未送达,须另行告知", "not told, to be told otherwise"),
}
"""What became of a mass notice for one owner."""
FOLLOWED: Table = {
    "attached": Pair("并入本单", "attached"),
    "solved": Pair("随本单转入反馈", "solved with it"),
}
"""What the relay carries to each child in turn."""


class Family(NamedTuple):
    """The children of an incident, or before it is confirmed the orders proposed; and which could not be attached."""

    children: Sequence[OrderRow]
    joinings: Sequence[Joining]
    told: Sequence[Told] = ()  # of its mass notices, child by child
    solving: Sequence[Solving] = ()

    @property
    def apart(self) -> list[Joining]:
        """Return the members that could not be attached."""
        return [one for one in self.joinings if one.outcome not in {None, DONE}]


async def load_family(desk: "Desk", order: WorkOrder) -> Family | None:
    """Read the children of an incident; None for any other order."""
    if not order.members:
        return None
    if order.first_contact is None:  # nobody has confirmed it
        return Family(await rows_of(desk, order.members), ())
    return Family(
        await incidents.children(desk.pool, order.order_id),
        await incidents.joinings(desk.pool, order.order_id),
        await incidents.mass_notices(desk.pool, order.order_id),
        await incidents.solving(desk.pool, order.order_id),
    )


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
        "progress": {name: _counts(outcomes) for name, outcomes in followed(family).items()},
        "mass_notices": [_notice(of_one) for of_one in _by_notice(family.told)],
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


def followed(family: Family) -> dict[str, list[str | None]]:
    """Return what became of each child with what the relay carries to all in turn; of what is not asked nothing."""
    steps = {
        "attached": [one.outcome for one in family.joinings],
        "solved": [one.outcome for one in family.solving],
    }
    return {name: outcomes for name, outcomes in steps.items() if outcomes}


def _counts(outcomes: Sequence[str | None]) -> dict[str, int]:
    """Count how many there are, and of how many it is done, open or refused."""
    done, waiting = outcomes.count(DONE), outcomes.count(None)
    return {"of": len(outcomes), "done": done, "waiting": waiting, "refused": len(outcomes) - done - waiting}


def _by_notice(told: Sequence[Told]) -> list[list[Told]]:
    return [list(of_one) for _, of_one in groupby(told, key=lambda one: one.seq)]


def became(one: Told) -> str:
    """Say in a code what became of a mass notice for one child: sent, waiting, dropped or not_told (GRP-06)."""
    if one.sent_at is not None:
        return "sent"
    if one.dropped or one.outcome == SUPERSEDED:
        return "dropped"
    return "not_told" if one.given_up or one.outcome not in {None, DONE} else "waiting"


def _notice(of_one: Sequence[Told]) -> dict[str, Any]:
    by = {code: [one for one in of_one if became(one) == code] for code in NOTICES}
    return {
        "kind": of_one[0].kind,
        "given_at": of_one[0].given_at,
        "sent": [{"order": one.child, "at": one.sent_at} for one in by["sent"]],
        "waiting": [one.child for one in by["waiting"]],
        "dropped": [one.child for one in by["dropped"]],
        "not_told": [{"order": one.child, "code": one.outcome} for one in by["not_told"]],
    }


def breached(row: OrderRow) -> list[str]:
    """Name the clocks of a child that are breached and still owed."""
    return sorted({duty["clock"] for duty in row.duties if duty["breached"]})


def belongs(screen: Screen, order: WorkOrder) -> list[str]:
    """Say to which incident an order belongs, what it is merged into, and what it has taken over."""
    t = screen.t
    found = [t("群发事件 ", "incident ") + number(order.incident)] if order.incident else []
    if order.repeat_of:
        found.append(t("重复投诉,上次 ", "repeat of ") + number(order.repeat_of))
    if order.merged:
        into = number(order.merged.survivor)
        found.append(t(f"已归并,由 {into} 继续办理", f"merged: {into} goes on with it"))
    if order.absorbed:
        cases = t("、", ", ").join(number(one.order) for one in order.absorbed)
        found.append(t(f"已吸收 {cases},各报事人分别答复", f"has taken over {cases}; each reporter is answered"))
    return found


def parts(screen: Screen, order: WorkOrder, family: Family) -> "list[tuple[str, Sequence[tuple[Text, ...]]]]":
    """Return the parts of an incident's page that are not empty: a head, and its lines."""
    told = [
        (screen.t("成员工单", "Children"), lines(screen, family) or childless(screen, order, family)),
        (screen.t("办理进度", "Progress"), progress(screen, family)),
        (screen.t("群发通知", "Mass notices"), notices(screen, family)),
        (screen.t("成员超时,由本单统一升级", "Breaches it speaks of"), spoken(screen, order)),
    ]
    return [(head, rows) for head, rows in told if rows]


def lines(screen: Screen, family: Family) -> "list[tuple[Text, ...]]":
    """Return a line for each child: number, stage, breaches; then for each that could not be attached why."""
    here = {row.order_id for row in family.children}
    apart = [_apart(screen, one) for one in family.apart if one.child not in here]
    return [*(_child(screen, row) for row in family.children), *apart]


def childless(screen: Screen, order: WorkOrder, family: Family) -> "list[tuple[Text, ...]]":
    """Say how one ends that has lost its children, or never got any, before its work was done; nothing of others."""
    waits = any(one.outcome is None for one in family.joinings)
    if waits or order.stage not in {Stage.DISPATCH, Stage.HANDLING}:
        return []
    who = screen.t("员工编号", "STAFF")
    said = screen.t("没有成员工单;不是群发事件的,可否决:", "none; if it is no incident, dismiss it:")
    typed = f"huiyin dismiss-incident {number(order.order_id)} --as {who} --reason …"
    return [(styled(f"  {said}", "yellow"),), (styled(f"  {typed}", "bold cyan"),)]


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


def progress(screen: Screen, family: Family) -> "list[tuple[Text, ...]]":
    """Return a line for each thing that is carried to all children: to how many of them it has come."""
    t, found = screen.t, list[tuple["Text", ...]]()
    for name, outcomes in followed(family).items():
        count = _counts(outcomes)
        said = t(f"{count['of']} 张中已完成 {count['done']} 张", f"{count['done']} of {count['of']} orders")
        if count["refused"]:
            said += t(f",{count['refused']} 张未随同", f", {count['refused']} stay out")
        waits = t(f",待办 {count['waiting']} 张", f", {count['waiting']} to come") if count["waiting"] else ""
        found.append((styled(f"  {word(FOLLOWED, name, screen.lang)}"), styled(said), styled(waits, "yellow")))
    return found


def notices(screen: Screen, family: Family) -> "list[tuple[Text, ...]]":
    """Return a line for each mass notice: what it was, and how many owners it reached; whom it did not, by number."""
    t, found = screen.t, list[tuple["Text", ...]]()
    for of_one in _by_notice(family.told):
        by = {code: [number(one.child) for one in of_one if became(one) == code] for code in NOTICES}
        said = [f"{word(NOTICES, code, screen.lang)} {len(by[code])}" for code in NOTICES if by[code]]
        said.insert(0, t(f"共 {len(of_one)} 户", f"{len(of_one)} owners"))
        missed = t("、", ", ").join(by["not_told"])
        kind = word(OWNER_TOPICS, of_one[0].kind, screen.lang)
        found.append((styled(f"  {kind}"), styled(t(",", ", ").join(said)), styled(missed, "bold red")))
    return found


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
