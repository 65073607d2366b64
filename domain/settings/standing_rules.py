"""What a settings file rules, as plain facts that can be held beside those of another file (`comparing`).

A subject is what a person would point at: a ladder, a category, a member of staff. Its facts are keys and texts; the
first of them is the most telling. Only what some rule reads is a fact; phone numbers are none.
"""

from collections.abc import Iterator, Mapping
from typing import Any, NamedTuple

from pydantic import BaseModel

from domain.demands import demands_of
from domain.settings.arrangements import CalendarEntry, PolicyEntry
from domain.settings.catalogue import applied, categories_of, merged, places
from domain.settings.community import Category, CommunityFile
from domain.settings.contradictions import policies_of
from domain.timekeeping.almanac import WEEKDAYS

TABLES = ("callback", "feedback", "notices", "intake", "handling", "attachments", "grouping", "pause", "vague_words")
"""Tables of single rules."""
UNREAD = frozenset({"not_reached_action", "score_range", "aspects", "on_dissatisfied", "on_unresolved", "retry"})
"""Keys of them that are written and read by no rule."""


class Subject(NamedTuple):
    """What is ruled: its sort, and what names it within."""

    about: str  # clock | category | offer | ladder | level | calendar | holidays | pause_reason | callback | staff | …
    name: tuple[str, ...]


class Circle(NamedTuple):
    """Whom a clock is for: matters of a category in a community."""

    community: str
    category: str


Facts = Mapping[str, str]


def rules_of(file: CommunityFile) -> dict[Subject, Facts]:
    """Return everything a file rules but its clocks, in its order."""
    parts = (_catalogue(file), _ladders(file), _calendars(file), _pauses(file), _tables(file), _estates(file))
    return {subject: facts for part in (*parts, _people(file)) for subject, facts in part}


def clocks_of(file: CommunityFile) -> dict[tuple[str, str], dict[Circle, Facts]]:
    """Return the clocks a new order gets, by policy and clock, then by whom they are for (CLK-08)."""
    found: dict[tuple[str, str], dict[Circle, Facts]] = {}
    for estate in file.communities:
        for entry in categories_of(file, estate):
            for policy in policies_of(file, entry):
                for name, facts in _clocks(file, estate, entry, policy):
                    found.setdefault((policy.id, name), {})[Circle(estate, entry.code)] = facts
    return found


def _clocks(file: CommunityFile, estate: str, entry: Category, policy: PolicyEntry) -> Iterator[tuple[str, Facts]]:
    own = policy.warn_percent if policy.warn_percent is not None else file.default.warn_percent
    for name in applied(file, policy):
        clock, _ = merged(name, places(file, estate, entry, policy))
        yield name.value, _facts(clock.model_dump(mode="json")) | {"warn_percent": as_text(own)}


def _catalogue(file: CommunityFile) -> Iterator[tuple[Subject, Facts]]:
    for estate in file.communities:
        for entry in categories_of(file, estate):
            yield Subject("offer", (entry.code, estate)), {"name": entry.name}
    for entry in file.category:
        facts = _facts(entry.model_dump(mode="json", exclude={"code", "communities", "override"}))
        made = {f"demand {demand}": "yes" for demand in demands_of(entry, file.demands)}
        yield Subject("category", (entry.code,)), facts | made


def _ladders(file: CommunityFile) -> Iterator[tuple[Subject, Facts]]:
    for ladder in file.ladder:
        yield Subject("ladder", (ladder.id,)), {"name": ladder.name, "calendar": ladder.calendar}
        for step in ladder.levels:
            facts = _facts(step.model_dump(mode="json", exclude={"level"}))
            yield Subject("level", (ladder.id, str(step.level))), facts


def _calendars(file: CommunityFile) -> Iterator[tuple[Subject, Facts]]:
    for entry in file.calendar:
        facts = _facts(entry.model_dump(mode="json", exclude={"id", "week", "exception"}))
        hours = {"week": _hours(entry)} if entry.week else {}
        special = {f"on {day.on}": f"{as_text(day.open) or '-'} {day.reason}" for day in entry.exception}
        yield Subject("calendar", (entry.id,)), {**facts, **hours, **special}
    for country, years in file.holiday_data.items():
        for year, table in years.items():
            blocks = {block.name: f"{block.first}..{block.last}" for block in table.blocks}
            more = {"status": table.status, "makeup_workdays": as_text([str(day) for day in table.makeup_workdays])}
            yield Subject("holidays", (country, year)), {**more, **blocks}


def _hours(entry: CalendarEntry) -> str:
    """Write opening hours, weekdays that are alike together: `mon tue 09:00-12:00; sat 10:00-11:00`."""
    spans = {day: " ".join(span for row in entry.week if day in row.days for span in row.open) for day in WEEKDAYS}
    alike = {hours: " ".join(day for day in WEEKDAYS if spans[day] == hours) for hours in spans.values() if hours}
    return "; ".join(f"{days} {hours}" for hours, days in alike.items())


def _pauses(file: CommunityFile) -> Iterator[tuple[Subject, Facts]]:
    for reason in file.pause_reason:
        yield Subject("pause_reason", (reason.code,)), _facts(reason.model_dump(mode="json", exclude={"code"}))


def _tables(file: CommunityFile) -> Iterator[tuple[Subject, Facts]]:
    for name in TABLES:
        table = getattr(file, name)
        facts = _facts(table if isinstance(table, Mapping) else table.model_dump(mode="json"))
        yield Subject(name, ()), {key: text for key, text in facts.items() if key.split(".")[0] not in UNREAD}
    for name, source in file.sources.items():
        yield Subject("import", (name,)), _facts(source.model_dump(mode="json"))


def _estates(file: CommunityFile) -> Iterator[tuple[Subject, Facts]]:
    for estate in file.community:
        kept = estate.model_dump(mode="json", exclude={"id", "building", "categories", "jurisdiction_id"})
        yield Subject("community", (estate.id,)), _facts(kept)
        for building in estate.building:
            yield Subject("building", (building.code,)), _facts(building.model_dump(mode="json", exclude={"code"}))


def _people(file: CommunityFile) -> Iterator[tuple[Subject, Facts]]:
    for table in ("team", "shift"):
        for entry in getattr(file, table):
            yield Subject(table, (entry.id,)), _facts(entry.model_dump(mode="json", exclude={"id"}))
    for person in file.staff:
        yield Subject("staff", (person.id,)), _facts(person.model_dump(mode="json", exclude={"id", "phone"}))
    for duty in file.on_call:
        yield Subject("on_call", (duty.role.value,)), {"day": as_text(duty.day), "night": as_text(duty.night)}
    for away in file.absence:
        yield Subject("absence", (away.staff, away.start.isoformat())), {"end": away.end.isoformat()}
    for role, bearers in file.roles.items():
        yield Subject("role", (role.value,)), {"bearers": as_text(bearers)}
    for role, deputy in file.deputies.items():
        yield Subject("deputy", (role.value,)), {"deputy": deputy.value}


def _facts(table: Mapping[str, Any], before: str = "") -> dict[str, str]:
    """Flatten a table; keys below others are joined by dots, what is not written is no fact."""
    found: dict[str, str] = {}
    for key, entry in table.items():
        value = entry.model_dump(mode="json") if isinstance(entry, BaseModel) else entry
        if isinstance(value, Mapping):
            found |= _facts(value, f"{before}{key}.")
        elif value is not None:
            found[f"{before}{key}"] = as_text(value)
    return found


def as_text(value: Any) -> str:
    """Write a value: lists in one line, rows of a list as their parts."""
    if isinstance(value, bool):
        return "yes" if value else "no"
    if isinstance(value, list | tuple):
        return ", ".join(as_text(one) for one in value)
    if isinstance(value, Mapping):
        return " ".join(as_text(one) for one in value.values() if one is not None)
    return str(value)
