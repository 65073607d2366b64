"""Where a matter is, and which community that tells (INT-20)."""

import os
from collections.abc import Mapping, Sequence
from typing import NamedTuple

from domain.intake.proposing import building_in
from domain.refusals import Refused
from domain.settings.community import Community, CommunityFile
from starter.actor import Actor
from starter.cli.door import communities_of, pick
from starter.cli.errors import Failure, short, usage
from starter.cli.screen import Screen


class Place(NamedTuple):
    """Where a matter is, as far as it was typed: it may tell which community is meant."""

    room: str | None = None
    area: str | None = None


def place_typed(said: Mapping[str, str | None]) -> Place:
    """Return the place among the words of a reception; it is one: a room or a public area (glossary, Location)."""
    place = Place(said["room"], said["public_area"])
    if place.room and place.area:
        zh, en = "--room 与 --area 不能同时写:一件事只有一个地点。", "--room and --area: a matter is in one place."
        remedy = (
            "在户内的写 --room;在公共区域的写 --area,报事人的房号可写进 --text。",
            "Write --room for what is in a home, --area for a public area; the reporter's room can stand in --text.",
        )
        raise usage("two-places", zh, en, *remedy)
    return place


def community_of(said: str | None, actor: Actor, file: CommunityFile, screen: Screen, place: Place) -> Community:
    """Return the community meant: as typed, by HUIYIN_COMMUNITY_ID, by the place, the only one, or asked."""
    mine = [one for one in communities_of(actor, file) if one in file.communities]
    there = _having(place, mine, file)
    typed = said or os.environ.get("HUIYIN_COMMUNITY_ID") or (there[0] if len(there) == 1 else None)
    if typed is None and len(mine) == 1:
        typed = mine[0]
    if typed is None and screen.asks:
        typed = pick(screen, "小区", "Community", {one: file.communities[one].name for one in mine})
    if typed is None:
        raise _no_community(place, there, ", ".join(mine))
    if typed not in mine:
        raise Refused("unknown-community", community=short(typed), allowed=", ".join(mine))
    return file.communities[typed]


def _no_community(place: Place, there: Sequence[str], named: str) -> Failure:
    """Say that no community was named, and why the place does not tell it: none has it, or several do."""
    zh, en = "没有说明是哪个小区。", "It is not said which community is meant."
    typed, kind = place.room or place.area, ("房号", "room") if place.room else ("公共区域", "public area")
    if typed and there:
        zh = f"有「{short(typed)}」的小区不止一个,没有说明是哪个。"
        en = f"Several communities have {short(typed)}; it is not said which is meant."
    elif typed:
        zh = f"没有找到{kind[0]}「{short(typed)}」,也没有说明是哪个小区。"
        en = f"There is no {kind[1]} {short(typed)}, and it is not said which community is meant."
    check = bool(typed and not there)
    remedy = (
        f"请{f'核对{kind[0]},或' * check}加 --community({named}),或设置 HUIYIN_COMMUNITY_ID。",
        f"{f'Check the {kind[1]}, or add' if check else 'Add'} --community ({named}), or set HUIYIN_COMMUNITY_ID.",
    )
    return usage("community-missing", zh, en, *remedy, allowed=named)


def _having(place: Place, mine: Sequence[str], file: CommunityFile) -> Sequence[str]:
    """Return the communities in which a place stands: a room by its building, a public area by its name."""
    estates = [(one, file.communities[one]) for one in mine]
    if place.room:
        return [one for one, estate in estates if building_in(estate, place.room)]
    return [one for one, estate in estates if place.area and place.area.strip() in estate.public_areas]
