"""Two settings files side by side: by what else new orders will live, and what changes for all orders at once."""

from collections.abc import Iterable, Iterator, Mapping
from typing import NamedTuple

from domain.settings.community import CommunityFile
from domain.settings.standing_rules import Circle, Facts, Subject, clocks_of, rules_of

PINNED = frozenset(
    {"clock", "category", "offer", "ladder", "level", "calendar", "holidays", "pause_reason", "pause", "callback"}
)
"""What an order takes with it at its reception (CLK-31); everything else is looked up when it is needed."""
PINNED_KEYS = frozenset({("intake", "urge_count"), ("intake", "urge_window"), ("notices", "owner_contact_calendar")})
"""Single keys that are pinned as well."""
LOOKED_UP = frozenset(
    {
        *(("category", key) for key in ("name", "group", "team", "skill", "keywords", "exclude_named_staff")),
        *(("callback", key) for key in ("obligatory_kinds", "caller_not_handler", "caller_not_same_team")),
    }
)
"""Keys of pinned subjects that are not."""


class Change(NamedTuple):
    """One difference of everything that differs alike.

    No key: the whole subject is new (`before` is None) or gone (`after` is None). With one, None: it is not written.
    """

    about: str  # the sort of subject, `domain.settings.standing_rules`
    names: tuple[tuple[str, ...], ...]  # of a clock: policy and clock; of an offer: category and community
    key: str
    before: str | None
    after: str | None
    where: tuple[Circle, ...] = ()  # of a clock: whom it is for; empty = everybody of its policy
    spared: tuple[Circle, ...] = ()  # the others of its policy, for whom it stays as it was

    @property
    def for_new_orders(self) -> bool:
        """Whether orders under way keep what was."""
        place = (self.about, self.key)
        return place in PINNED_KEYS or (self.about in PINNED and place not in LOOKED_UP)


def compare(old: CommunityFile, new: CommunityFile) -> tuple[Change, ...]:
    """List what differs, clocks first; empty = a new order lives by the same rules as before.

    A name given to another version, a comment or the order of entries makes no difference.
    """
    found = (*_clocks(old, new), *_rules(rules_of(old), rules_of(new)))
    alike: dict[Change, list[tuple[str, ...]]] = {}
    for change in found:
        alike.setdefault(change._replace(names=()), []).extend(change.names)
    return tuple(change._replace(names=tuple(names)) for change, names in alike.items())


def needs_new_version(old: CommunityFile, new: CommunityFile, found: Iterable[Change]) -> bool:
    """Tell whether two different rules would bear one name: orders name the version they were received under."""
    return old.version == new.version and any(change.for_new_orders for change in found)


def _clocks(old: CommunityFile, new: CommunityFile) -> Iterator[Change]:
    """Compare the clocks of matters both files know; those that change alike are told together."""
    before, after = clocks_of(old), clocks_of(new)
    met = {policy: _met(policy, before) & _met(policy, after) for policy, _ in (*before, *after)}
    for policy, clock in dict.fromkeys((*before, *after)):
        was, now = before.get((policy, clock), {}), after.get((policy, clock), {})
        alike: dict[tuple[str, str | None, str | None], list[Circle]] = {}
        for circle in sorted(met[policy]):
            for change in differing(was.get(circle), now.get(circle)):
                alike.setdefault(change, []).append(circle)
        for (key, one, other), circles in alike.items():
            spared = tuple(sorted(met[policy].difference(circles)))
            where = tuple(circles) if spared else ()
            yield Change("clock", ((policy, clock),), key, one, other, where, spared)


def _met(policy: str, clocks: Mapping[tuple[str, str], Mapping[Circle, Facts]]) -> set[Circle]:
    """Return whose matters a policy may time."""
    return {circle for (name, _), circles in clocks.items() if name == policy for circle in circles}


def _rules(before: Mapping[Subject, Facts], after: Mapping[Subject, Facts]) -> Iterator[Change]:
    """Compare everything else, subject by subject, in the order of the files."""
    for subject in dict.fromkeys((*before, *after)):
        was, now = before.get(subject), after.get(subject)
        if _told_above(subject, before, after):
            continue
        for key, one, other in differing(was, now):
            yield Change(subject.about, (subject.name,), key, one, other)


def _told_above(subject: Subject, before: Mapping[Subject, Facts], after: Mapping[Subject, Facts]) -> bool:
    """Tell whether another subject says so already: it is new or gone with that, or bears its name."""
    name = subject.name
    if subject.about == "offer":  # of one that stays its category says what changes
        return subject in before and subject in after
    if subject.about == "category":  # its offers say so
        return (subject in before) != (subject in after)
    if subject.about == "level":
        whole = Subject("ladder", name[:1])
        return (whole in before) != (whole in after)
    return False


def differing(was: Facts | None, now: Facts | None) -> Iterator[tuple[str, str | None, str | None]]:
    """Yield key, before and after of what differs; of what is new or gone one line with its most telling fact."""
    if was is None or now is None:
        if was is not now:
            yield "", _telling(was), _telling(now)
        return
    for key in dict.fromkeys((*was, *now)):
        if was.get(key) != now.get(key):
            yield key, was.get(key), now.get(key)


def _telling(facts: Facts | None) -> str | None:
    return None if facts is None else next(iter(facts.values()), "")
