"""When many like matters of one place are taken for one cause (GRP-05)."""

from collections.abc import Sequence
from datetime import datetime, timedelta

from domain.settings.community import CommunityFile, MassIncident


def rule_of(settings: CommunityFile, category: str) -> MassIncident | None:
    """Return when many matters of a category are taken for one cause; none = never."""
    entry = settings.categories.get(category)
    return entry.mass_incident if entry else None


def together(cases: Sequence[tuple[str, datetime]], arrived: str, count: int, window: timedelta) -> tuple[str, ...]:
    """Return the cases that an arrival makes enough of to propose an incident, by number; none = not enough.

    `cases` by the instant of reception, the one that arrived among them. All lie within one window, whose two ends
    belong to it; of several such windows the one with the most counts, then the earliest.
    """
    found: tuple[str, ...] = ()
    for _, start in cases:
        within = [order for order, at in cases if start <= at <= start + window]
        if arrived in within and len(within) > len(found):
            found = tuple(sorted(within))
    return found if len(found) >= count else ()
