"""What differs between two versions of the settings: entries come, gone and changed, by the names they have."""

from collections.abc import Iterator, Mapping
from typing import Any, Literal, NamedTuple

NAMED_BY: Mapping[str, tuple[str, ...]] = {
    "on_call": ("role",),
    "category": ("code",),
    "pause_reason": ("code",),
    "absence": ("staff", "from", "to"),
    "community_policy": ("community", "policy"),
}
"""What tells the entries of a table apart; everywhere else it is their id."""
FIRST = ("staff", "absence", "team", "shift", "on_call", "roles", "deputies", "community", "category")
"""Tables in the order in which their changes are told; the others follow as they stand."""
PERSONAL = frozenset({"name", "phone"})
"""Fields of whose change only the fact is told."""


class Field(NamedTuple):
    """One field of an entry that changed, with what stood there, as JSON has it."""

    name: str
    before: Any
    after: Any


class Change(NamedTuple):
    """One entry that came, went or changed."""

    table: str
    what: Literal["added", "removed", "changed"]
    key: str  # S09, engineering, "S12 2026-12-01T00:00:00+08:00 …"; empty = the table is one entry
    entry: Mapping[str, Any]  # as it is now; of a removed one as it was
    fields: tuple[Field, ...] = ()


def changes(before: Mapping[str, Any], after: Mapping[str, Any]) -> tuple[Change, ...]:
    """List what differs between two settings, as the documents that versions keep; `before` may be empty."""
    tables = sorted({*before, *after}, key=lambda one: (FIRST.index(one) if one in FIRST else len(FIRST), one))
    return tuple(change for table in tables for change in _of_table(table, before.get(table), after.get(table)))


def _of_table(table: str, before: Any, after: Any) -> Iterator[Change]:
    if before == after:
        return
    if not (_entries(before) and _entries(after)):
        old, new = _as_entry(before), _as_entry(after)
        yield Change(table, "changed", "", new, tuple(_fields(old, new)))
        return
    old, new = _keyed(table, before), _keyed(table, after)
    for key in dict.fromkeys((*old, *new)):
        if key not in old:
            yield Change(table, "added", key, new[key])
        elif key not in new:
            yield Change(table, "removed", key, old[key])
        elif old[key] != new[key]:
            yield Change(table, "changed", key, new[key], tuple(_fields(old[key], new[key])))


def _entries(value: Any) -> bool:
    """Tell whether something is a table of entries, or nothing."""
    return value is None or (isinstance(value, list) and all(isinstance(one, Mapping) for one in value))


def _as_entry(value: Any) -> Mapping[str, Any]:
    if value is None:
        return {}
    return value if isinstance(value, Mapping) else {"": value}


def _keyed(table: str, entries: list[Mapping[str, Any]] | None) -> dict[str, Mapping[str, Any]]:
    parts = NAMED_BY.get(table, ("id",))
    return {" ".join(str(one.get(part, "")) for part in parts): one for one in entries or ()}


def _fields(before: Mapping[str, Any], after: Mapping[str, Any]) -> Iterator[Field]:
    for name in dict.fromkeys((*before, *after)):
        old, new = before.get(name), after.get(name)
        if old != new:
            yield Field(name, *((None, None) if name in PERSONAL else (old, new)))
