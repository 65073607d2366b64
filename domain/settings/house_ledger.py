"""One line of the house ledger 房屋台账: a room, and somebody who lives there, checked for sense (INT-10, FBK-02)."""

import re
import unicodedata
from collections.abc import Collection, Iterable, Iterator, Mapping
from typing import Any, NamedTuple

from domain.intake.proposing import room_name
from domain.intake.telephones import is_telephone

FIELDS = (
    "room",
    "household",
    "name",
    "phone",
    "relation",
    "groups",
    "age_group",
    "language",
    "preferred_channel",
    "contact_hours",
)
"""What a line may say; only the room, or the household that another line of the file gives a room, must be said."""
CLOSED_SETS: Mapping[str, tuple[str, ...]] = {
    "relation": ("owner", "tenant", "family", "moved_out"),
    "groups": ("elderly_alone", "elderly", "disabled", "infant_family", "seriously_ill"),
    "age_group": ("elderly", "middle", "young"),
    "language": ("mandarin", "dialect", "english"),
    "preferred_channel": ("phone", "wechat", "app", "sms", "visit"),
}
LONGEST: Mapping[str, int] = {"room": 40, "household": 40, "name": 60}
"""In characters."""
HOURS = re.compile(r"([01]\d|2[0-3]):([0-5]\d)-([01]\d|2[0-3]|24):([0-5]\d)")


class Unfit(Exception):  # noqa: N818 - what is wrong with a line, on its way to the list of rejects
    """A line that can't be taken: the field, and the code of the reason."""

    def __init__(self, field: str, reason: str) -> None:
        self.field, self.reason = field, reason
        super().__init__(reason)


class Resident(NamedTuple):
    """Somebody of a household. Personal: never in a history or a log."""

    name: str = ""
    phone: str = ""
    relation: str = ""
    groups: tuple[str, ...] = ()
    age_group: str = ""
    language: str = ""
    preferred_channel: str = ""
    contact_hours: str = ""  # 18:00-20:00, by the community's wall clock


class Line(NamedTuple):
    """One line: a room, and at most one person in it."""

    number: int  # in the file, from 1
    room: str
    household: str
    resident: Resident | None  # none = nobody is known to live there

    @property
    def leaves(self) -> bool:
        """Whether the person lives there no more."""
        return self.resident is not None and self.resident.relation == "moved_out"


def line_of(number: int, said: Mapping[str, Any], buildings: Collection[str]) -> Line:
    """Read one line; `said` is words by field, `groups` a sequence. Raises `Unfit`.

    Buildings are those of the community; none are known of one that lists none, and any room fits then.
    """
    plain = {field: unicodedata.normalize("NFKC", str(said.get(field) or "")).strip() for field in FIELDS}
    groups = tuple(dict.fromkeys(said.get("groups") or ()))
    for field, most in LONGEST.items():
        if len(plain[field]) > most:
            raise Unfit(field, "too_long")
    for field, known in CLOSED_SETS.items():
        if not set(groups if field == "groups" else [plain[field]] if plain[field] else []) <= set(known):
            raise Unfit(field, f"unknown_{field}")
    if plain["phone"] and not is_telephone(plain["phone"]):
        raise Unfit("phone", "bad_phone")
    hours = hours_of(plain["contact_hours"])
    room = _room(plain, buildings)
    asked = {field: plain[field] for field in Resident._fields if field not in {"groups", "contact_hours"}}
    resident = Resident(**asked, groups=groups, contact_hours=hours)
    if resident == Resident():
        return Line(number, room, plain["household"], None)
    if not (resident.name or resident.phone):
        raise Unfit("name", "nobody_named")
    return Line(number, room, plain["household"], resident)


def fitting(lines: Iterable[Line], rejected: list[tuple[int, Unfit]]) -> Iterator[Line]:
    """Yield the lines that fit to each other, rooms filled in by household; the others go to `rejected` with why.

    A household stands in one room and a room holds one household; a person is named once in a room.
    """
    every = list(lines)
    rooms: dict[str, str] = {}
    for line in every:
        if line.household and line.room:
            rooms.setdefault(line.household, line.room)
    households: dict[str, str] = {}
    seen: set[tuple[str, str]] = set()
    for line in every:
        whole = line if line.room else line._replace(room=rooms.get(line.household, ""))
        unfit = _misfit(whole, rooms, households, seen)
        if unfit is None:
            yield whole
        else:
            rejected.append((line.number, unfit))


def _misfit(
    line: Line, rooms: Mapping[str, str], households: dict[str, str], seen: set[tuple[str, str]]
) -> Unfit | None:
    """Say what does not fit to the lines before; note what this one says."""
    if not line.room:
        return Unfit("household", "unknown_household")
    if line.household and rooms[line.household] != line.room:
        return Unfit("household", "household_twice")
    if line.household and households.setdefault(line.room, line.household) != line.household:
        return Unfit("room", "room_twice")
    who = (line.room, person_of(line.resident) if line.resident else "")
    if who in seen:
        return Unfit("name" if line.resident else "room", "resident_twice" if line.resident else "room_twice")
    seen.add(who)
    return None


def person_of(resident: Resident) -> str:
    """Return what somebody is known by within a room: the name, for numbers change more often; else the number."""
    return f"name:{resident.name}" if resident.name else f"phone:{re.sub('[^0-9+]', '', resident.phone)}"


def hours_of(said: str) -> str:
    """Return contact hours as `18:00-20:00`; raises `Unfit`."""
    plain = re.sub(r"\s*(?:[-–—~]|至|到)\s*", "-", said)
    plain = re.sub(r"(?<!\d)(\d):", r"0\1:", plain)
    if not plain:
        return ""
    found = HOURS.fullmatch(plain)
    if not found or not found[1] + found[2] < found[3] + found[4] <= "2400":
        raise Unfit("contact_hours", "bad_hours")
    return plain


def _room(plain: Mapping[str, str], buildings: Collection[str]) -> str:
    """Return the room as it is written everywhere; empty where the household stands for it."""
    room = room_name(plain["room"])
    if not room:
        if not plain["household"]:
            raise Unfit("room", "no_room")
        return ""
    if buildings and room.split("-", 1)[0] not in buildings:
        raise Unfit("room", "unknown_building")
    if buildings and "-" not in room:
        raise Unfit("room", "no_room")
    return room
