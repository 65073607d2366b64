"""Who owes what by when, the most urgent first: the record's duties, each with whoever answers for it now."""

from collections.abc import Sequence
from datetime import datetime
from itertools import islice
from typing import Any, NamedTuple

from domain.dispatch.roster import Person, reaches
from domain.vocabulary import ClockName
from records import read as reading
from records.read import DutyRow
from starter.accountable import Accountable
from starter.actor import usr
from starter.contacting import call_before, contact_hours_of
from starter.desk import Desk

FIRST = 250
"""So many of everybody's duties are read when one person's, or one role's, are looked for: they are often enough."""
READ = (1_000, 10_000)
"""So many of the orders that may hold such duties, where they were not."""
TO_OWNERS = frozenset({ClockName.FEEDBACK, ClockName.NEXT_UPDATE, ClockName.RESULT_FEEDBACK, ClockName.CALLBACK})
"""Clocks that stop when the owner is spoken with."""


class Owed(NamedTuple):
    """One duty and who answers for it now, those on duty first; nobody when the role is vacant without a deputy."""

    row: DutyRow
    persons: tuple[Person, ...]
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


async def owed(desk: Desk, communities: Sequence[str], wish: Wish, at: datetime) -> list[Owed]:
    """Read the duties wanted, the most urgent first; one more than wanted tells that there are more."""
    who = Accountable(desk.settings, at)
    person, roles = _narrowed(who, wish)
    if wish.person is not None:  # nobody answers for a community that he does not serve
        communities = [one for one in communities if one in desk.roster.member(wish.person).communities]
    everybodys = (FIRST if roles is not None else wish.most + 1, None)
    found: list[Owed] = []
    for most, narrowed in (everybodys, *((most, roles) for most in READ if roles is not None)):
        rows = await reading.duties(desk.pool, communities, most, at, person=person, roles=narrowed)
        wanted = (one for row in rows if (one := _wanted(desk, who, wish, row, at)) is not None)
        found = list(islice(wanted, wish.most + 1))
        if len(found) > wish.most or len(rows) < most:
            break
    return found


def _narrowed(who: Accountable, wish: Wish) -> tuple[str | None, list[str] | None]:
    """Say which orders may hold what is wanted: whom they name, and to which roles they owe; None = any."""
    if wish.person is None:
        return None, None if wish.role is None else [wish.role]
    return usr(wish.person), [role for role in reaches(wish.person, who.roster) if wish.role in {None, role}]


def _wanted(desk: Desk, who: Accountable, wish: Wish, row: DutyRow, at: datetime) -> Owed | None:
    """Return a duty with who answers for it, if it is one of those wanted."""
    if wish.role not in {None, row.duty["accountable"]}:
        return None
    persons = answering(who, row)
    if wish.person is not None and wish.person not in {one.staff_id for one in persons}:
        return None
    return Owed(row, persons, _call_before(desk, row, at))


def _call_before(desk: Desk, row: DutyRow, at: datetime) -> datetime | None:
    """Say until when the owner can be called in time, where a duty is one to him and his order is not urgent."""
    due = datetime.fromisoformat(row.duty["due_at"])
    if row.duty["clock"] not in TO_OWNERS or row.severity in desk.settings.notices.owner_contact_exempt_policies:
        return None
    last = call_before(contact_hours_of(desk.settings, row.community, at), at, due)
    return last if last != due else None


def answering(who: Accountable, row: DutyRow) -> tuple[Person, ...]:
    """Say who answers; that an order is accepted both owe, who hands it on and who receives it (DSP-08)."""
    case: dict[str, Any] = {"team": row.team, "first_contact": row.first_contact, "complained_of": row.complained_of}
    if row.duty.get("person"):  # the order itself says whose it is (HND-13)
        return who.persons(row.duty["accountable"], row.community, **case, assignee=row.duty["person"])
    role, waits = row.duty["accountable"], row.duty["clock"] == ClockName.ACCEPT and row.receiver
    found = who.persons(role, row.community, **case, assignee=row.assignee)
    return (*found, *who.persons(role, row.community, **case, assignee=row.receiver)) if waits else found
