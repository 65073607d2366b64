"""What differs between two versions of the settings, by the names of their entries."""

import pytest

from domain.settings.changes import changes

STAFF = {"id": "S09", "name": "甲", "phone": "1", "team": "engineering", "shift": "day"}
AWAY = {"staff": "S09", "from": "2026-12-01T00:00:00+08:00", "to": "2026-12-02T00:00:00+08:00", "reason": "年假"}

CASES = [  # before, after, (table, what, key, fields that changed)
    ({"staff": [STAFF]}, {"staff": [STAFF]}, []),
    ({"staff": [STAFF]}, {"staff": [{**STAFF, "shift": "night"}]}, [("staff", "changed", "S09", ["shift"])]),
    ({"staff": []}, {"staff": [STAFF]}, [("staff", "added", "S09", [])]),
    ({"staff": [STAFF]}, {"staff": []}, [("staff", "removed", "S09", [])]),
    ({}, {"staff": [STAFF]}, [("staff", "added", "S09", [])]),
    (
        {"absence": []},
        {"absence": [AWAY]},
        [("absence", "added", " ".join((AWAY["staff"], AWAY["from"], AWAY["to"])), [])],
    ),
    ({"roles": {"a": ["S1"]}}, {"roles": {"a": ["S2"]}}, [("roles", "changed", "", ["a"])]),
    (
        {"on_call": [{"role": "a", "day": []}]},
        {"on_call": [{"role": "a", "day": ["S1"]}]},
        [("on_call", "changed", "a", ["day"])],
    ),
    ({"version": "1"}, {"version": "2"}, [("version", "changed", "", [""])]),
    (
        {"zeal": 1, "staff": []},
        {"zeal": 2, "staff": [STAFF]},
        [("staff", "added", "S09", []), ("zeal", "changed", "", [""])],
    ),
]


@pytest.mark.parametrize(("before", "after", "expected"), CASES)
def test_changes_are_named(before, after, expected):
    """People in and out, shifts moved, absences; those of people come first."""
    found = [(one.table, one.what, one.key, [field.name for field in one.fields]) for one in changes(before, after)]
    assert found == expected


def test_a_field_is_told_with_what_stood_there_but_no_name_and_no_number():
    [change] = changes({"staff": [STAFF]}, {"staff": [{**STAFF, "shift": "night", "phone": "2", "name": "乙"}]})
    told = {field.name: (field.before, field.after) for field in change.fields}
    assert told == {"shift": ("day", "night"), "phone": (None, None), "name": (None, None)}
