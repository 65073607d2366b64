"""Who is told of a ladder level or a pause, at once or later, and why: a pure choice (ESC-09…11, design 4a.4)."""

from collections.abc import Iterable, Iterator, Mapping
from datetime import datetime
from enum import StrEnum
from typing import Any, NamedTuple, Self

from domain.dispatch.roster import Asked, Found, Person, Roster, search
from domain.settings.community import CommunityFile
from domain.timekeeping.quiet import QuietHours, quiet_hours
from domain.vocabulary import Role

STAND_IN = Role.DUTY_SUPERVISOR
"""Whom a level reaches at once in quiet hours when its own addressee is off duty (ESC-10)."""
ALERTED = Role.DISPATCH_OPERATOR
"""Who is told that nobody holds a role (ESC-11)."""
LEVEL = "escalation"
NOBODY_FOUND = "nobody_found"
ASKS_FOR_APPROVAL = "suspension_requested"


class Way(StrEnum):
    """By which way somebody came to be told."""

    HOLDER = "holder"
    DEPUTY = "deputy"  # of a role that nobody holds now
    NEXT_LEVEL = "next_level"  # neither role nor deputies: the level after it
    STANDS_IN = "stands_in"  # on call, for somebody off duty in quiet hours
    ALERT = "alert"  # an operator, because nobody was found
    LAST_RESORT = "last_resort"  # absent, and nobody else is there at all


class Rules(NamedTuple):
    """What the settings say about messages: `[notices]`, and the zones of the communities."""

    quiet: QuietHours | None
    exempt_roles: frozenset[Role]
    exempt_policies: frozenset[str]
    digest_above: int
    zones: Mapping[str, str]
    zone: str  # of an order whose community the settings do not know any more

    @classmethod
    def of(cls, file: CommunityFile) -> Self:
        """Take the rules out of the settings."""
        said = file.notices
        return cls(
            quiet=quiet_hours(said.staff_quiet_hours) if said.staff_quiet_hours else None,
            exempt_roles=frozenset(said.quiet_exempt_roles),
            exempt_policies=frozenset(said.quiet_exempt_policies),
            digest_above=said.digest_above,
            zones={estate.id: estate.zone for estate in file.community},
            zone=file.firm.default_zone,
        )

    def quiet_until(self, community: str, at: datetime) -> datetime | None:
        """Return when the quiet time of a community ends; None when it is not quiet there."""
        return self.quiet.until(self.zones.get(community, self.zone), at) if self.quiet else None


class Asking(NamedTuple):
    """What is to be told: to which role of which order, else to which roles above it."""

    topic: str
    role: Role
    above: tuple[Role, ...]
    community: str
    policy: str
    team: str | None
    first_contact: str | None
    assignee: str | None
    not_to: str | None = None  # who asks can't be who answers (CLK-17)
    complained_of: frozenset[str] = frozenset()  # whom the matter is about is told nothing of it (DSP-13)

    def about(self, at: datetime) -> Asked:
        """Return the question to the roster."""
        return Asked(self.community, self.team, self.first_contact, self.assignee, at, self.complained_of)


class Choice(NamedTuple):
    """Somebody to tell: in which role, by which way, when, and why in stable words."""

    staff_id: str
    role_by_which: Role
    way: Way
    topic: str
    not_before: datetime | None  # the end of the quiet hours; None = at once
    reasons: tuple[str, ...]  # how found, why now or later, then who was passed over and why


class _Named(NamedTuple):
    person: Person
    way: Way
    passed_over: tuple[str, ...] = ()


def asking_of(topic: str, body: Mapping[str, Any], complained_of: Iterable[str] = ()) -> Asking:
    """Read what an outbox row asks to be told; a person named there is the one who holds the role.

    `complained_of`: whom its order is about by now, `usr_…`.
    """
    role = Role(body["role"])
    above = tuple(Role(one) for one in (body.get("above") or "").split(",") if one)
    return Asking(
        topic=topic,
        role=role,
        # a project manager may always decide about a pause (domain.timekeeping.deciding)
        above=(Role.PROJECT_MANAGER,) if topic == ASKS_FOR_APPROVAL else above,
        community=body["community"],
        policy=body.get("policy", ""),  # rows of 0.1.0 say none
        team=body.get("team"),
        first_contact=_staff(body.get("first_contact")),
        assignee=_staff(body.get("person") or body.get("assignee")),
        not_to=_staff(body.get("asked_by")),
        complained_of=frozenset(one.removeprefix("usr_") for one in complained_of),
    )


def _staff(actor: str | None) -> str | None:
    """Return the roster's id of somebody whom an order names."""
    return actor and actor.removeprefix("usr_")


def choose(asking: Asking, roster: Roster, rules: Rules, at: datetime) -> tuple[Choice, ...]:
    """Return who is told, each person once; nobody only when a community has no staff at all.

    Quiet hours hold what is for persons, never the level itself: somebody is always told at once (ESC-09, ESC-10).
    """
    named = _named(asking, roster, at)
    told = [_timed(one, asking, roster, rules, at) for one in named]
    if asking.topic == LEVEL and told and all(one.not_before for one in told):
        told = _with_stand_in(told, asking, roster, at)
    if not _own(named) and (asking.topic == LEVEL or not named):
        told = [*told, *_alerted(asking, roster, at)]
    return _each_once(told or _last_resort(asking, roster, at))


def _named(asking: Asking, roster: Roster, at: datetime) -> list[_Named]:
    """Find who holds the role, or its deputies, or the first role above that somebody holds (ESC-11)."""
    passed: tuple[str, ...] = ()
    for role in (asking.role, *asking.above):
        found = _but(search(role, asking.about(at), roster), asking.not_to)
        passed = (*passed, *found.reasons)
        if found.persons:
            return [_Named(one, _way(one, role, asking.role), passed) for one in found.persons]
    return []


def _but(found: Found, asked_by: str | None) -> Found:
    """Leave out who asks: nobody answers his own request."""
    persons = tuple(one for one in found.persons if one.staff_id != asked_by)
    own = [f"{one.role_by_which}: {one.staff_id} asked" for one in found.persons if one.staff_id == asked_by]
    return Found(persons, (*found.reasons, *own))


def _way(found: Person, looked_for: Role, asked: Role) -> Way:
    if looked_for is not asked:
        return Way.NEXT_LEVEL
    return Way.HOLDER if found.role_by_which is asked else Way.DEPUTY


def _own(named: list[_Named]) -> bool:
    """Tell whether the role itself, or a deputy of it, is there."""
    return any(one.way in {Way.HOLDER, Way.DEPUTY} for one in named)


def _timed(named: _Named, asking: Asking, roster: Roster, rules: Rules, at: datetime) -> Choice:
    """Say when somebody is told: at once, or at the end of the quiet hours (ESC-09)."""
    until = rules.quiet_until(asking.community, at)
    why = "outside_quiet_hours" if until is None else _exempt(named.person, asking, roster, rules, at)
    return _choice(named, asking.topic, why or "quiet_hours", None if why else until)


def _exempt(person: Person, asking: Asking, roster: Roster, rules: Rules, at: datetime) -> str | None:
    """Say why quiet hours do not hold for somebody; None = they do."""
    if asking.policy in rules.exempt_policies:
        return "exempt_policy"
    roles = {asking.role, person.role_by_which}
    if roles & rules.exempt_roles or any(roster.roles.get(role) == "on_call" for role in roles):
        return "exempt_role"
    return "on_duty" if roster.on_duty(person.staff_id, at) else None


def _choice(named: _Named, topic: str, why: str, not_before: datetime | None = None) -> Choice:
    person = named.person
    reasons = (person.reason, why, *named.passed_over)
    return Choice(person.staff_id, person.role_by_which, named.way, topic, not_before, reasons)


def _with_stand_in(held: list[Choice], asking: Asking, roster: Roster, at: datetime) -> list[Choice]:
    """Tell whoever is on call at once (ESC-10); where that is an addressee, or nobody, the addressees themselves."""
    found = search(STAND_IN, asking.about(at), roster)
    on_call = found.persons[:1]
    if on_call and on_call[0].staff_id not in {one.staff_id for one in held}:
        named = _Named(on_call[0], Way.STANDS_IN, found.reasons)
        return [_choice(named, asking.topic, "off_duty_stand_in"), *held]
    now = {one.staff_id for one in on_call or held}
    return [_at_once(one, "nobody_on_call") if one.staff_id in now else one for one in held]


def _at_once(one: Choice, why: str) -> Choice:
    return one._replace(not_before=None, reasons=(*one.reasons, why))


def _alerted(asking: Asking, roster: Roster, at: datetime) -> Iterator[Choice]:
    """Alert the operators on duty that nobody was found; with none on duty whoever is on call (ESC-11)."""
    operators = search(ALERTED, asking.about(at), roster)
    on_duty = [one for one in operators.persons if roster.on_duty(one.staff_id, at)]
    on_call = () if on_duty else search(STAND_IN, asking.about(at), roster).persons[:1]
    for person in on_duty or on_call or operators.persons:
        yield _choice(_Named(person, Way.ALERT), NOBODY_FOUND, "nobody_found")


def _last_resort(asking: Asking, roster: Roster, at: datetime) -> list[Choice]:
    """Tell those who are absent, all the same: nothing is dropped (ESC-11)."""
    present = roster.model_copy(update={"absences": ()})
    for role in (asking.role, *asking.above, ALERTED):
        found = search(role, asking.about(at), present)
        if found.persons:
            named = (_Named(one, Way.LAST_RESORT, found.reasons) for one in found.persons)
            return [_choice(one, asking.topic, "nobody_else") for one in named]
    return []


def _each_once(told: Iterable[Choice]) -> tuple[Choice, ...]:
    """Keep one message for each person: the first, at the earlier of its times."""
    found: dict[str, Choice] = {}
    for one in told:
        first = found.setdefault(one.staff_id, one)
        if one.not_before is None:
            found[one.staff_id] = first._replace(not_before=None)
    return tuple(found.values())
