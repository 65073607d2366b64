"""`huiyin duties`: who owes what by when, the most urgent first."""

import asyncio
from typing import TYPE_CHECKING, Annotated, Any

from domain.vocabulary import Role
from starter.cli import input as cli_input
from starter.cli.options import CommunityId, Json, Lang, argument, option
from starter.cli.options import OptionalText as Text
from starter.cli.screen import Screen

if TYPE_CHECKING:
    from starter.owed import Owed

PAGE = 500


def duties(
    person: Annotated[Text, argument("STAFF", "员工编号,不填为全部", "Staff id; all when left out.")] = None,
    community: CommunityId = None,
    role: Annotated[Text, option("--role", "ROLE", "只看某责任岗位,例如 assignee", "One accountable role.")] = None,
    limit: Annotated[Text, option("--limit", "N", "最多几条(1–500)", "At most so many (1–500).")] = "50",
    json: Json = False,
    lang: Lang = None,
) -> int:
    """List what is owed."""
    screen = Screen.of(lang, json_wanted=json)
    wanted = cli_input.choice(role, "--role", Role)
    most = cli_input.count(limit, "--limit", 1, PAGE) or 50
    return asyncio.run(_duties(screen, community, person, wanted, most))


async def _duties(screen: Screen, community: str | None, person: str | None, role: str | None, most: int) -> int:
    from starter.cli import door  # noqa: PLC0415 - help needs none of it
    from starter.cli.orders import wanted_of  # noqa: PLC0415 - the same
    from starter.lost import check_known  # noqa: PLC0415 - the same
    from starter.owed import Wish, owed  # noqa: PLC0415 - the same

    async with door.opened() as desk:
        communities = wanted_of(desk, community, None, None).communities
        wish = Wish(None if person is None else door.member(person, desk.settings), role, most)
        at = door.now()
        found = await owed(desk, communities, wish, at)
        if not found:
            await check_known(desk)
    shown = found[: wish.most]
    screen.document({"at": at, "duties": [facts(one) for one in shown], "more": len(found) > wish.most})
    if not screen.json:
        from starter.cli.duties_table import show  # noqa: PLC0415 - programs that read JSON need none of it

        show(screen, desk.settings, shown, wish, at, more=len(found) > wish.most)
    return 0


def facts(one: "Owed") -> dict[str, Any]:
    """Return a duty as a program gets it, in codes."""
    row = one.row
    about = {"order": row.order_id, "community": row.community, "stage": row.stage, "category": row.category}
    persons = [{"staff": p.staff_id, "role": p.role_by_which.value, "because": p.reason} for p in one.persons]
    graded = {"severity": row.severity, "special": row.special}
    told = {**about, **graded, **row.duty, "due_at": one.due_at, "persons": persons}
    return {**told, "call_before": one.call_before} if one.call_before else told
