"""The names a settings file gives to its entries, and whether another entry may use them."""

from collections.abc import Iterable, Iterator, Mapping
from typing import NamedTuple
from zoneinfo import ZoneInfo

from domain.settings.community import CommunityFile
from domain.settings.faults import Fault, Way, fault
from domain.timekeeping.limits import seconds

WORDS: Mapping[str, tuple[str, str]] = {
    "calendar": ("日历", "calendar"),
    "ladder": ("升级阶梯", "ladder"),
    "policy": ("时限规则", "policy"),
    "team": ("班组", "team"),
    "staff": ("员工", "member of staff"),
    "shift": ("班次", "shift"),
    "area": ("片区", "area"),
    "community": ("小区", "community"),
    "category": ("类别", "category"),
}
"""What an entry is called in a sentence."""


class Names(NamedTuple):
    """Every name that may be used, by what it names."""

    by_kind: Mapping[str, frozenset[str]]

    def known(self, way: Way, what: str, name: str) -> Iterator[Fault]:
        """Find a name that nothing bears."""
        if name not in self.by_kind[what]:
            zh, en = WORDS[what]
            yield fault(way, "unknown_name", name=name, zh=zh, en=en)

    def each(self, way: Way, what: str, names: Iterable[str]) -> Iterator[Fault]:
        """Find every unknown name of a list."""
        for at, name in enumerate(names):
            yield from self.known((*way, at), what, name)

    def zone(self, way: Way, name: str) -> Iterator[Fault]:
        """Find a zone that does not exist (CAL-09)."""
        try:
            ZoneInfo(name)
        except (KeyError, ValueError, OSError):
            yield fault(way, "bad_zone", name=name)

    def length(self, way: Way, text: str | None) -> Iterator[Fault]:
        """Find a length of time that can't be read; "0m" is one."""
        try:
            seconds(text or "0m")
        except ValueError:
            yield fault(way, "bad_length", name=str(text))


def names_of(file: CommunityFile) -> Names:
    """Collect the names a file gives."""
    kinds = {
        "calendar": file.calendars,
        "ladder": file.ladders,
        "policy": file.policies,
        "team": file.teams,
        "staff": file.members,
        "shift": file.shifts,
        "area": [building.area for estate in file.community for building in estate.building],
        "community": file.communities,
        "category": file.categories,
    }
    return Names({kind: frozenset(names) for kind, names in kinds.items()})


def duplicates(file: CommunityFile) -> Iterator[Fault]:
    """Find names given twice; without this the later entry would silently win."""
    yield from _twice("community", "id", [entry.id for entry in file.community])
    yield from _twice("community", "jurisdiction_id", [entry.jurisdiction_id for entry in file.community])
    for table in ("team", "staff", "shift", "calendar", "policy", "ladder"):
        yield from _twice(table, "id", [entry.id for entry in getattr(file, table)])
    yield from _twice("on_call", "role", [entry.role for entry in file.on_call])
    yield from _twice("category", "code", [entry.code for entry in file.category])
    yield from _twice("pause_reason", "code", [entry.code for entry in file.pause_reason])
    yield from _twice("community_policy", "policy", [(one.community, one.policy) for one in file.community_policy])
    for table in ("equipment", "resident"):
        yield from _twice(table, "id", [entry.get("id", at) for at, entry in enumerate(getattr(file, table))])
    yield from _buildings(file)


def _buildings(file: CommunityFile) -> Iterator[Fault]:
    """Find building codes given twice; rooms are written with them, so they are unique in the whole file."""
    seen: dict[str, int] = {}
    for at, estate in enumerate(file.community):
        for number, building in enumerate(estate.building):
            if building.code in seen:
                way = ("community", at, "building", number, "code")
                yield fault(way, "duplicate", name=building.code, first=seen[building.code])
            seen.setdefault(building.code, len(seen) + 1)


def _twice(table: str, key: str, names: Iterable[object]) -> Iterator[Fault]:
    """Find the repeated names of one table."""
    seen: dict[object, int] = {}
    for at, name in enumerate(names):
        if name in seen:
            yield fault((table, at, key), "duplicate", name=str(name), first=seen[name] + 1)
        seen.setdefault(name, at)
