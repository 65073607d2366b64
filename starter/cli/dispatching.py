"""`huiyin propose`: whom an order may be given to now, the first first, and who may not and why (DSP-01, DSP-14)."""

import asyncio
from typing import TYPE_CHECKING, Annotated

from domain.words import Pair, Table, word
from starter.cli.options import Json, Lang, Order, option
from starter.cli.options import OptionalText as Text
from starter.cli.screen import Screen

if TYPE_CHECKING:
    from rich.console import RenderableType

    from domain.dispatch.choosing import Proposal
    from records.read import OrderRow
    from starter.desk import Desk

MODES: Table = {
    "area_owner": Pair("片区", "by area"),
    "least_load": Pair("最少负荷", "least load"),
    "round_robin": Pair("轮派", "in turn"),
    "grab_pool": Pair("抢单", "pool"),
    "on_call": Pair("值班", "on call"),
    "assign": Pair("指派", "by choice"),
    "former": Pair("重开,原经办人优先", "reopened, who had it first"),
}
WHY: Table = {
    "other_community": Pair("不服务本小区", "serves other communities"),
    "complained_of": Pair("投诉涉及本人或其上级", "the complaint is about them or whom they report to"),
    "skill": Pair("无此技能", "lacks the skill"),
    "absent": Pair("请假", "absent"),
    "off_duty": Pair("不当班", "off duty"),
    "not_of_team": Pair("不在该班组", "is not of the team"),
    "no_pool": Pair("不在抢单池中", "not in a pool"),
    "loaded": Pair("在手工单已满", "holds as many as allowed"),
}


def propose(
    order: Order,
    team: Annotated[Text, option("--team", "TEAM", "班组,默认取类别的班组", "Team; default: the category's.")] = None,
    json: Json = False,
    lang: Lang = None,
) -> int:
    """Propose whom to dispatch an order to."""
    return asyncio.run(_propose(Screen.of(lang, json_wanted=json), order, team))


async def _propose(screen: Screen, typed: str, team: str | None) -> int:
    from starter.cli import door, sense  # noqa: PLC0415 - help needs none of it
    from starter.proposal import proposal_for  # noqa: PLC0415 - the same

    async with door.opened() as desk:
        row = (await door.order_file(desk, door.order_id(typed))).row
        crew = sense.team(desk.settings, row, "dispatch", team)
        found = await proposal_for(desk, row, door.now(), str(crew))
    screen.document(
        {
            "order": row.order_id,
            "team": crew,
            "mode": found.mode,
            "rule": found.rule,
            "candidates": [one._asdict() for one in found.candidates],
            "excluded": [{"staff": one.staff, "why": one.why.value} for one in found.excluded],
        }
    )
    if not screen.json:
        screen.show(*_lines(screen, desk, row, str(crew), found))
    return 0


def _lines(screen: Screen, desk: "Desk", row: "OrderRow", team: str, found: "Proposal") -> "list[RenderableType]":
    """Say who comes first, who else fits, and why each other one doesn't."""
    from starter.actor import usr  # noqa: PLC0415 - help needs none of it
    from starter.cli.door import number  # noqa: PLC0415 - the same
    from starter.cli.screen import styled  # noqa: PLC0415 - the same
    from starter.telling.names import Names  # noqa: PLC0415 - the same

    t, names = screen.t, Names(desk.settings, screen.lang)
    crew = desk.settings.teams[team].name if screen.lang == "zh" else team
    mode = word(MODES, found.rule, screen.lang)
    lines: list[RenderableType] = [styled(t(f"{crew} · {mode}", f"{crew}, {mode}"), "bold")]
    for place, one in enumerate(found.candidates, start=1):
        held = t(f"在手 {one.open}/{one.limit}", f"holds {one.open} of {one.limit}")
        over = t(" · 超过上限(紧急)", ", over the limit (urgent)") * one.over_limit
        lines.append(styled(f"  {place}. {names.person(usr(one.staff))}  {held}{over}", "green" if place == 1 else ""))
    if not found.candidates:
        lines.append(styled(t("  现在没有合适的人。", "  Nobody fits now."), "bold yellow"))
    lines += [
        styled(f"  – {names.person(usr(other.staff))}  {word(WHY, other.why, screen.lang)}", "dim")
        for other in found.excluded
    ]
    if found.candidates:
        lines.append(styled(t("派给第一位:", "Give it to the first:"), "default"))
        lines.append(styled(f"  huiyin dispatch {number(row.order_id)} --as {t('员工编号', 'STAFF')}", "bold cyan"))
    return lines
