"""Proposing what a matter is from the owner's words; a person decides (INT-09), and where it is (INT-20)."""

import re
import unicodedata
from collections.abc import Iterable
from typing import NamedTuple

from domain.intake.events import Proposal
from domain.plain import plain
from domain.settings.catalogue import CATCH_ALL, categories_of, severity_of
from domain.settings.community import Category, Community, CommunityFile
from domain.vocabulary import Severity

UNKNOWN_PLACE = "unknown_place"
"""Flag of a matter whose place is neither a room nor a public area that the community knows."""
ROOM_LIKE = re.compile(r"[A-Z]*[0-9]+(-[0-9]+){1,2}")
"""What is written as a room is: building, unit and number, or building and number."""


class Doubt(NamedTuple):
    """Why a place that a community does not know looks like a slip rather than like words."""

    kind: str  # room | public_area
    elsewhere: Community | None  # the community that has it; none = no such room anywhere


def category_for(text: str, offered: Iterable[Category]) -> str | None:
    """Propose the category whose keyword stands in the words, the longest keyword first; None when none does."""
    said = plain(text, clauses=True)
    found = [(len(sign), one.code) for one in offered for sign in one.keywords if plain(sign) in said]
    return max(found, key=lambda pair: pair[0])[1] if found else None


def propose(file: CommunityFile, community: str, text: str, category: str | None) -> Proposal:
    """Propose category and severity; `category` is what was said already."""
    offered = {one.code: one for one in categories_of(file, community)}
    code = category or category_for(text, offered.values()) or CATCH_ALL
    entry = offered.get(code) or file.categories[CATCH_ALL]
    because = _because(file, text, entry)
    severity = severity_of(entry) if because == "category" else Severity.URGENT
    return Proposal(category=entry.code, severity=severity, because=because)


def _because(file: CommunityFile, text: str, entry: Category) -> str:
    """Say what the severity follows from; somebody who asks for advice may tell of a fire too (INT-09)."""
    if entry.safety:
        return "safety"
    said = plain(text, clauses=True)
    return "urgent_words" if any(plain(sign) in said for sign in file.intake.urgent_words) else "category"


def place_of(estate: Community, said: str) -> str:
    """Tell which field of an intake a place belongs to: `room`, `public_area`, or `address` for free text."""
    if building_in(estate, said) is not None:
        return "room"
    return "public_area" if said.strip() in estate.public_areas else "address"


def doubt_of(file: CommunityFile, estate: Community, said: str) -> Doubt | None:
    """Tell whether a place looks like a room or an area, and is none of this community's; None = words, or known.

    Where no buildings are listed any room fits.
    """
    if place_of(estate, said) != "address":
        return None
    others = ((place_of(other, said), other) for other in file.communities.values())
    there = next((Doubt(kind, other) for kind, other in others if kind != "address"), None)
    room = estate.building and ROOM_LIKE.fullmatch(room_name(said))
    return there or (Doubt("room", None) if room else None)


def room_name(said: str) -> str:
    """Return one spelling for all of a room's: full-width and small letters, blanks for dashes are the same."""
    return unicodedata.normalize("NFKC", said).strip().upper().replace(" ", "-")


def building_in(estate: Community, room: str) -> str | None:
    """Return the building of a room, if the community knows it."""
    return next((one.code for one in estate.building if one.code.upper() == room_name(room).split("-", 1)[0]), None)


def groups_at(file: CommunityFile, community: str, room: str | None) -> frozenset[str]:
    """Return the groups of the household that lives in a room, as the settings list its residents (INT-10)."""
    plain = room_name(room or "")
    here = (one for one in file.resident if one.get("community") == community)
    return frozenset(group for one in here if plain and one.get("room") == plain for group in one.get("groups", ()))
