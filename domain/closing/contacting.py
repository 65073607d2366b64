"""By which way and in which words a household is told: its own wish, else its group's (FBK-02, FBK-03)."""

from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta
from typing import Any, NamedTuple, Self

from domain.settings.community import Feedback
from domain.settings.house_ledger import Resident
from domain.timekeeping.calendars import Calendar
from domain.vocabulary import MESSAGE_CHANNELS, Channel, Style

FORTNIGHT = 14  # days
DEFAULT = "default"
"""The key of `channel_by_group` for everybody who is in none of its groups."""


class Household(NamedTuple):
    """What is known of how a household wants to be spoken with."""

    prefers: Channel | None = None
    groups: tuple[str, ...] = ()  # elderly_alone, elderly, young …, the most particular first
    dialect: bool = False  # speaks it, whatever the groups
    hours: str = ""  # 18:00-20:00: when to be called, by the community's wall clock

    @classmethod
    def of(cls, entry: Mapping[str, Any]) -> Self:
        """Read an entry of the settings, or a line of the ledger by field."""
        prefers = entry.get("preferred_channel")
        groups = (*entry.get("groups", ()), *([entry["age_group"]] if entry.get("age_group") else []))
        way = Channel(prefers) if prefers in set(Channel) else None
        return cls(way, groups, entry.get("language") == "dialect", entry.get("contact_hours") or "")

    @classmethod
    def of_lines(cls, lines: Sequence[Resident]) -> Self:
        """Read what the ledger says of one person, a line for each room: the first wish counts, and every group."""
        read = [cls.of(line._asdict()) for line in lines]
        return cls(
            next((one.prefers for one in read if one.prefers), None),
            tuple(dict.fromkeys(group for one in read for group in one.groups)),
            any(one.dialect for one in read),
            next((one.hours for one in read if one.hours), ""),
        )


class Manner(NamedTuple):
    """How to speak with one household."""

    channels: tuple[Channel, ...]  # the best first
    style: Style
    dialect: bool  # whoever calls should speak the dialect
    hours: str = ""  # 18:00-20:00: when the household wants to be called; empty = in any contact hour

    @property
    def messages(self) -> tuple[Channel, ...]:
        """Those of its ways that a message can take."""
        return tuple(one for one in self.channels if one in MESSAGE_CHANNELS)


def manner_of(household: Household, rules: Feedback) -> Manner:
    """Return how to speak with a household: its preference first, then the ways of its first group that has some."""
    ways = next((rules.channel_by_group[one] for one in household.groups if one in rules.channel_by_group), ())
    wished = [household.prefers] if household.prefers else []
    channels = tuple(dict.fromkeys([*wished, *(ways or rules.channel_by_group[DEFAULT])]))
    styles = (rules.language_by_group[one] for one in household.groups if one in rules.language_by_group)
    dialect = household.dialect or any(one in rules.dialect_groups for one in household.groups)
    return Manner(channels, next(styles, Style.USUAL), dialect, household.hours)


def open_within(calendar: Calendar, hours: str, at: datetime) -> datetime:
    """Return the first instant from `at` on that lies in contact hours and in the household's own (FBK-05).

    Where the two do not meet within two weeks, contact hours count alone: a household must be told all the same.
    """
    first = calendar.open_from(at)
    if not hours:
        return first
    start, end = (timedelta(hours=int(one[:2]), minutes=int(one[3:])) for one in hours.split("-"))
    for day in range(FORTNIGHT):
        midnight = calendar.next_day(first) + timedelta(days=day - 1)
        found = calendar.open_from(max(first, midnight + start))
        if found < midnight + end:
            return found
    return first
