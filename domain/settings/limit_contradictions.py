"""Contradictions that show only when time is counted: limits out of reach, terms too large, hours that never meet.

Only for settings that load: every name, length and calendar in them can be read.
"""

from collections.abc import Iterator
from datetime import datetime, timedelta
from typing import NamedTuple

from domain.settings.arrangements import ClockEntry
from domain.settings.catalogue import Place, applied, categories_of, merged, resolve
from domain.settings.community import CommunityFile
from domain.settings.contradictions import callers, policies_of
from domain.settings.faults import Fault, Way, fault
from domain.settings.time_soundness import INSTANTS
from domain.timekeeping.almanac import LOOK_AHEAD, calendar_row
from domain.timekeeping.calendars import Calendar, NeverOpen, calendar_from
from domain.timekeeping.limits import Limit, Unit, due, parse, seconds
from domain.vocabulary import ClockName, Pausable, Severity

MOST_BYTES = 6000
"""Terms of one order (design 4a.3): they travel in its history."""
HOURS_OF_A_WEEK = 7 * 24
FORTNIGHT = timedelta(days=14)
ENDS: tuple[tuple[ClockName, ClockName], ...] = (
    (ClockName.RESPONSE, ClockName.FEEDBACK),  # whoever tells the owner something has answered him
    (ClockName.ARRIVE, ClockName.HANDLING),
    (ClockName.RESPONSE, ClockName.COMPLETION),
    (ClockName.REGISTER, ClockName.COMPLETION),
    (ClockName.FEEDBACK, ClockName.COMPLETION),
)
"""Clocks that begin together, where what stops the second also ends the first."""


class Hours(NamedTuple):
    """The calendars of the settings, and the instant from which they are counted in."""

    start: datetime
    calendars: dict[str, Calendar]

    def end(self, limit: Limit, calendar: str, hour: int = 0) -> datetime | None:
        """Return when a limit falls due that begins so many hours later.

        None beyond the days that the terms of an order know (design 4a.3).
        """
        start = self.start + timedelta(hours=hour)
        try:
            at = due(limit, start, self.calendars[calendar])
        except (NeverOpen, OverflowError):
            return None
        return at if at - start <= LOOK_AHEAD else None

    def meet(self, one: str, other: str) -> bool:
        """Tell whether two calendars are ever open at the same time within a fortnight."""
        spans, hours = self.calendars[one].segments(self.start, self.start + FORTNIGHT), self.calendars[other]
        return any(hours.open_between(span.start, span.end) for span in spans)


class Table(NamedTuple):
    """One table of clocks, and all that it and the places after it say of them (CLK-08)."""

    way: Way
    clocks: dict[ClockName, ClockEntry]
    written: frozenset[ClockName]


def counted_contradictions(file: CommunityFile) -> tuple[Fault, ...]:
    """List what contradicts itself once time is counted; empty = nothing."""
    hours = Hours(file.effective_from, _calendars(file))
    tables = tuple(_tables(file))
    checks = [*(_limits(table, hours) for table in tables), *(_behind(table, hours) for table in tables)]
    more = (_ladders(file, hours), _pauses(file), _contact_hours(file, hours), _terms(file))
    return tuple(dict.fromkeys(found for check in (*checks, *more) for found in check))


def _calendars(file: CommunityFile) -> dict[str, Calendar]:
    on = file.effective_from.date()
    return {name: calendar_from(calendar_row(entry, file.holiday_data, on)) for name, entry in file.calendars.items()}


def _tables(file: CommunityFile) -> Iterator[Table]:
    """List every table that writes clocks."""
    default = Place("default", file.default.clocks)
    yield _table(("default", "clocks"), (default,))
    for at, policy in enumerate(file.policy):
        yield _table(("policy", at, "clocks"), (Place("policy", policy.clocks), default))
    for at, local in enumerate(file.community_policy):
        policy = file.policies[local.policy]
        places = (Place("community", local.clocks), Place("policy", policy.clocks), default)
        yield _table(("community_policy", at, "clocks"), places)
    for at, entry in enumerate(file.category):
        for policy in policies_of(file, entry)[:1]:
            places = (Place("category", entry.override), Place("policy", policy.clocks), default)
            yield _table(("category", at, "override"), places)


def _table(way: Way, places: tuple[Place, ...]) -> Table:
    names = {name for place in places for name in place.clocks}
    return Table(way, {name: merged(name, places)[0] for name in names}, frozenset(places[0].clocks))


def _limits(table: Table, hours: Hours) -> Iterator[Fault]:
    """Find limits that fall due beyond the days a calendar is known for."""
    for name in sorted(table.written):
        entry = table.clocks[name]
        limit = _length(entry)
        if limit is not None and hours.end(limit, str(entry.calendar)) is None:
            told = {"name": str(entry.limit), "calendar": str(entry.calendar)}
            yield fault((*table.way, name.value, "limit"), "limit_too_long", **told)


def _behind(table: Table, hours: Hours) -> Iterator[Fault]:
    """Find a limit that never comes before the one whose stop makes it pointless."""
    for first, second in ENDS:
        one, other = table.clocks.get(first), table.clocks.get(second)
        written = next((name for name in (first, second) if name in table.written), None)
        if one and other and written and _always_later(one, other, hours):
            told = {"clock": first.value, "name": str(one.limit), "other": second.value, "limit": str(other.limit)}
            yield fault((*table.way, written.value), "limit_behind", **told)


def _always_later(one: ClockEntry, other: ClockEntry, hours: Hours) -> bool:
    """Tell whether one limit is later than another whenever they begin: asked at every hour of a week."""
    mine, theirs = _length(one), _length(other)
    if mine is None or theirs is None:
        return False
    for hour in range(HOURS_OF_A_WEEK):
        first, second = (hours.end(limit, str(entry.calendar), hour) for limit, entry in ((mine, one), (theirs, other)))
        if first is None or second is None or first <= second:
            return False
    return True


def _ladders(file: CommunityFile, hours: Hours) -> Iterator[Fault]:
    """Find levels, and times to acknowledge, out of reach."""
    for at, ladder in enumerate(file.ladder):
        for number, step in enumerate(ladder.levels):
            for key, text in (("after", step.after), ("ack_within", step.ack_within)):
                limit = Limit(Unit.OPEN_SECONDS, seconds(text or "0m"))
                if hours.end(limit, ladder.calendar) is None:
                    way = ("ladder", at, "levels", number, key)
                    yield fault(way, "limit_too_long", name=str(text), calendar=ladder.calendar)


def _pauses(file: CommunityFile) -> Iterator[Fault]:
    """Find reasons that stop nothing, approvals nobody is asked for, and caps above the cap of all (CLK-17, CLK-20)."""
    pausable = {name for policy in file.policy for name in applied(file, policy) if _pausable(file, policy.id, name)}
    total = parse(file.pause.total_cap).amount
    for at, reason in enumerate(file.pause_reason):
        way, cap = ("pause_reason", at), parse(reason.cap).amount
        if not pausable.intersection(reason.clocks):
            yield fault((*way, "clocks"), "pause_of_nothing", name=reason.code)
        if seconds(reason.approval_above) > cap:
            told = {"name": reason.approval_above, "limit": reason.cap}
            yield fault((*way, "approval_above"), "approval_never_asked", **told)
        if cap > total and reason.calendar == file.pause.total_cap_calendar:
            yield fault((*way, "cap"), "cap_above_total", name=reason.cap, limit=file.pause.total_cap)


def _pausable(file: CommunityFile, policy: str, name: ClockName) -> bool:
    """Tell whether any place lets a clock of a policy be paused."""
    overriding = [entry.override for entry in file.category if policy in {p.id for p in policies_of(file, entry)}]
    local = [one.clocks for one in file.community_policy if one.policy == policy]
    places = [file.default.clocks, file.policies[policy].clocks, *local, *overriding]
    said = [clocks[name].pausable for clocks in places if name in clocks]
    return any(one not in {None, Pausable.NEVER} for one in said)


def _contact_hours(file: CommunityFile, hours: Hours) -> Iterator[Fault]:
    """Find communities where nobody who may call back works while owners may be called (CBK-03)."""
    said = file.notices.owner_contact_calendar
    for estate in file.community:
        name = estate.instead.calendars.get(said, said)
        shifts = {file.shifts[one.shift].calendar for one in callers(file, estate)}
        if shifts and not any(hours.meet(name, shift) for shift in shifts):
            way = ("notices", "owner_contact_calendar")
            yield fault(way, "nobody_calls_in_contact_hours", community=estate.id, calendar=name)


def _terms(file: CommunityFile) -> Iterator[Fault]:
    """Find categories whose terms are too large to travel."""
    on, at = file.effective_from.date(), {entry.code: at for at, entry in enumerate(file.category)}
    for estate in file.communities:
        for entry in categories_of(file, estate):
            sizes = [
                len(
                    resolve(file, community=estate, category=entry.code, severity=one, on=on).model_dump_json().encode()
                )
                for one in Severity
            ]
            if max(sizes) > MOST_BYTES:
                way = ("category", at[entry.code])
                told = {"name": entry.code, "community": estate}
                yield fault(way, "terms_too_large", **told, size=max(sizes), most=MOST_BYTES)


def _length(entry: ClockEntry) -> Limit | None:
    """Return the limit of a clock, where it is a length and not an instant somebody says."""
    limit = parse(entry.limit) if entry.limit and entry.calendar else None
    return None if limit is None or limit.unit in INSTANTS else limit
