"""`huiyin duties`: who owes what by when, the most urgent first."""

import asyncio
from collections.abc import Iterable, Sequence
from datetime import datetime
from itertools import islice
from typing import TYPE_CHECKING, Annotated, Any, NamedTuple

from domain.vocabulary import ClockName, Role
from starter.cli import input as cli_input
from starter.cli.options import CommunityId, Json, Lang, argument, option
from starter.cli.options import OptionalText as Text
from starter.cli.screen import Screen

if TYPE_CHECKING:
    from domain.dispatch.roster import Person
    from records.read import DutyRow
    from starter.accountable import Accountable
    from starter.desk import Desk

READ = (250, 1_000, 10_000)
"""So many duties are read when one person's, or one role's, are looked for: few first, for they are often enough."""
PAGE = 500
TO_OWNERS = frozenset({ClockName.FEEDBACK, ClockName.NEXT_UPDATE, ClockName.RESULT_FEEDBACK, ClockName.CALLBACK})
"""Clocks that stop when the owner is spoken with."""


class Owed(NamedTuple):
    """One duty and who answers for it now, those on duty first; nobody when the role is vacant without a deputy."""

    row: "DutyRow"
    persons: "tuple[Person, ...]"
    call_before: datetime | None = None  # of duties to the owner: the last contact hour before the due (FBK-05)

    @property
    def due_at(self) -> datetime:
        """When it falls due; while it stands still, the latest it can become."""
        return datetime.fromisoformat(self.row.duty["due_at"])


class Wish(NamedTuple):
    """Which duties somebody wants to see."""

    person: str | None  # S09
    role: str | None
    most: int


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
    return asyncio.run(_duties(screen, community, Wish(person, wanted, most)))


async def _duties(screen: Screen, community: str | None, wish: Wish) -> int:
    from starter.cli import door  # noqa: PLC0415 - help needs none of it
    from starter.cli.orders import wanted_of  # noqa: PLC0415 - the same

    async with door.opened() as desk:
        communities = wanted_of(desk, community, None, None).communities
        if wish.person is not None:
            wish = wish._replace(person=door.member(wish.person, desk.settings))
        at = door.now()
        found = await owed(desk, communities, wish, at)
    shown = found[: wish.most]
    screen.document({"at": at, "duties": [facts(one) for one in shown], "more": len(found) > wish.most})
    if not screen.json:
        from starter.cli.duties_table import show  # noqa: PLC0415 - programs that read JSON need none of it

        show(screen, desk.settings, shown, wish, at, more=len(found) > wish.most)
    return 0


async def owed(desk: "Desk", communities: Sequence[str], wish: Wish, at: datetime) -> list[Owed]:
    """Read the duties wanted, the most urgent first; one more than wanted tells that there are more."""
    from records import read as reading  # noqa: PLC0415 - help needs none of it
    from starter.accountable import Accountable  # noqa: PLC0415 - the same

    who = Accountable(desk.settings, at)
    person, roles = _narrowed(who, wish, communities)
    found: list[Owed] = []
    for most in READ if roles is not None else (wish.most + 1,):
        rows = await reading.duties(desk.pool, communities, most, person=person, roles=roles)
        wanted = (one for row in rows if (one := _wanted(desk, who, wish, row, at)) is not None)
        found = list(islice(wanted, wish.most + 1))
        if len(found) > wish.most or len(rows) < most:
            break
    return found


def _narrowed(who: "Accountable", wish: Wish, communities: Sequence[str]) -> tuple[str | None, list[str] | None]:
    """Say which orders may hold what is wanted: whom they name, and to which roles they owe; None = any."""
    from starter.actor import usr  # noqa: PLC0415 - help needs none of it

    if wish.person is None:
        return None, None if wish.role is None else [wish.role]
    roles: Iterable[str] = who.roles(wish.person, communities)
    return usr(wish.person), [role for role in roles if wish.role in {None, role}]


def _wanted(desk: "Desk", who: "Accountable", wish: Wish, row: "DutyRow", at: datetime) -> Owed | None:
    """Return a duty with who answers for it, if it is one of those wanted."""
    if wish.role not in {None, row.duty["accountable"]}:
        return None
    persons = answering(who, row)
    if wish.person is not None and wish.person not in {one.staff_id for one in persons}:
        return None
    return Owed(row, persons, _call_before(desk, row, at))


def _call_before(desk: "Desk", row: "DutyRow", at: datetime) -> datetime | None:
    """Say until when the owner can be called in time, where a duty is one to him and his order is not urgent."""
    from starter.contacting import call_before, contact_hours_of  # noqa: PLC0415 - help needs none of it

    due = datetime.fromisoformat(row.duty["due_at"])
    if row.duty["clock"] not in TO_OWNERS or row.severity in desk.settings.notices.owner_contact_exempt_policies:
        return None
    last = call_before(contact_hours_of(desk.settings, row.community, at), at, due)
    return last if last != due else None


def answering(who: "Accountable", row: "DutyRow") -> "tuple[Person, ...]":
    """Say who answers; that an order is accepted both owe, who hands it on and who receives it (DSP-08)."""
    case = {"team": row.team, "first_contact": row.first_contact}
    if row.duty.get("person"):  # the order itself says whose it is (HND-13)
        return who.persons(row.duty["accountable"], row.community, **case, assignee=row.duty["person"])
    role, waits = row.duty["accountable"], row.duty["clock"] == ClockName.ACCEPT and row.receiver
    found = who.persons(role, row.community, **case, assignee=row.assignee)
    return (*found, *who.persons(role, row.community, **case, assignee=row.receiver)) if waits else found


def facts(one: Owed) -> dict[str, Any]:
    """Return a duty as a program gets it, in codes."""
    row = one.row
    about = {"order": row.order_id, "community": row.community, "stage": row.stage, "category": row.category}
    persons = [{"staff": p.staff_id, "role": p.role_by_which.value, "because": p.reason} for p in one.persons]
    graded = {"severity": row.severity, "special": row.special}
    told = {**about, **graded, **row.duty, "due_at": one.due_at, "persons": persons}
    return {**told, "call_before": one.call_before} if one.call_before else told
