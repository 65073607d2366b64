"""By which way and in which words a household is told: its own wish, else its group's (FBK-02, FBK-03)."""

from collections.abc import Mapping
from typing import Any, NamedTuple, Self

from domain.community import Feedback
from domain.vocabulary import MESSAGE_CHANNELS, Channel, Style

DEFAULT = "default"
"""The key of `channel_by_group` for everybody who is in none of its groups."""


class Household(NamedTuple):
    """What is known of how a household wants to be spoken with."""

    prefers: Channel | None = None
    groups: tuple[str, ...] = ()  # elderly_alone, elderly, young …, the most particular first

    @classmethod
    def of(cls, entry: Mapping[str, Any]) -> Self:
        """Read an entry of the settings."""
        prefers = entry.get("preferred_channel")
        groups = (*entry.get("groups", ()), *([entry["age_group"]] if entry.get("age_group") else []))
        return cls(Channel(prefers) if prefers in set(Channel) else None, groups)


class Manner(NamedTuple):
    """How to speak with one household."""

    channels: tuple[Channel, ...]  # the best first
    style: Style
    dialect: bool  # whoever calls should speak the dialect

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
    dialect = any(one in rules.dialect_groups for one in household.groups)
    return Manner(channels, next(styles, Style.USUAL), dialect)
