"""What a settings file changes: for new orders, and for all at once; told once for everything that changes alike."""

import tomllib
from copy import deepcopy
from datetime import date
from pathlib import Path

import pytest

from domain.settings.catalogue import resolve
from domain.settings.comparing import compare
from domain.settings.reading import read
from domain.settings.standing_rules import Circle, rules_of
from domain.vocabulary import Severity

DOCUMENT = tomllib.loads((Path(__file__).parents[2] / "examples" / "community.toml").read_text())
SAMPLE = read(DOCUMENT)
NEW_ENTRY = {**next(one for one in DOCUMENT["category"] if one["code"] == "GLAZING"), "code": "GATE_CLOSER"}


def at(table, code, key="id"):
    return next(place for place, one in enumerate(DOCUMENT[table]) if one[key] == code)


def changed(*changes):
    document = deepcopy(DOCUMENT)
    for way, value in changes:
        place = document
        for part in way[:-1]:
            place = place[part]
        place[way[-1]] = value
    return read(document)


def told(*changes):
    """About, names, key, before, after of every change."""
    return [tuple(change[:5]) for change in compare(SAMPLE, changed(*changes))]


NEW_ORDERS = [
    (
        [(("policy", at("policy", "ordinary"), "clocks", "response", "limit"), "5m")],
        ("clock", (("ordinary", "response"),), "limit", "15m", "5m"),
    ),
    (
        [(("default", "clocks", "recovery", "accountable"), "project_manager")],
        (
            "clock",
            (("urgent", "recovery"), ("major", "recovery"), ("ordinary", "recovery"), ("advice", "recovery")),
            "accountable",
            "service_manager",
            "project_manager",
        ),
    ),
    (
        [(("policy", at("policy", "praise"), "applies"), ["response", "feedback"])],
        ("clock", (("praise", "feedback"),), "", None, "24h"),
    ),
    (
        [(("ladder", at("ladder", "fast"), "levels", 1, "after"), "20m")],
        ("level", (("fast", "2"),), "after", "15m", "20m"),
    ),
    (
        [(("calendar", at("calendar", "stores"), "close_whole_block"), False)],
        ("calendar", (("stores",),), "close_whole_block", "yes", "no"),
    ),
    (
        [(("pause_reason", 1, "cap"), "20h")],
        ("pause_reason", (("owner_absent",),), "cap", "15h", "20h"),
    ),
    ([(("demands",), ["clarified", "arrived", "project_manager"])], None),
    ([(("callback", "max_attempts"), 5)], ("callback", ((),), "max_attempts", "3", "5")),
    ([(("intake", "urge_count"), 4)], ("intake", ((),), "urge_count", "3", "4")),
    (
        [(("category",), [*DOCUMENT["category"], NEW_ENTRY])],
        ("offer", (("GATE_CLOSER", "jinxiu"), ("GATE_CLOSER", "yangguang")), "", None, NEW_ENTRY["name"]),
    ),
    (
        [(("category",), [one for one in DOCUMENT["category"] if one["code"] != "LIFT_FAULT"])],
        ("offer", (("LIFT_FAULT", "jinxiu"),), "", "电梯故障", None),
    ),
    (
        [(("category", at("category", "NOISE", "code"), "policy"), "major")],
        ("category", (("NOISE",),), "policy", "ordinary", "major"),
    ),
]
AT_ONCE = [
    ([(("category", 0, "skill"), "drainage")], ("category", (("WATER_LEAK",),), "skill", "plumbing", "drainage")),
    ([(("category", 0, "name"), "渗漏水")], ("category", (("WATER_LEAK",),), "name", "水管漏水", "渗漏水")),
    ([(("notices", "digest_above"), 5)], ("notices", ((),), "digest_above", "10", "5")),
    ([(("staff", at("staff", "S09"), "load_limit"), 2)], None),
    ([(("roles", "engineering_lead"), ["S08", "SF05", "S01"])], None),
    ([(("deputies", "team_lead"), "engineering_lead")], None),
    ([(("callback", "caller_not_same_team"), True)], None),
]


@pytest.mark.parametrize(("changes", "expected"), NEW_ORDERS)
def test_what_new_orders_live_by(changes, expected):
    """CLK-08, CLK-31: this change is told, for new orders, and nothing else is."""
    found = compare(SAMPLE, changed(*changes))
    assert found
    assert all(change.for_new_orders for change in found)
    if expected:
        assert tuple(found[0][:5]) == expected
        assert len(found) == 1


@pytest.mark.parametrize(("changes", "expected"), AT_ONCE)
def test_what_holds_for_all_at_once(changes, expected):
    """What is looked up when it is needed is no promise to anybody: orders under way follow."""
    [change] = compare(SAMPLE, changed(*changes))
    assert not change.for_new_orders
    assert expected in {None, tuple(change[:5])}


def test_the_order_of_entries_and_the_version_make_no_difference():
    """Nothing changes: said plainly."""
    shuffled = {name: table[::-1] for name, table in DOCUMENT.items() if name in {"category", "staff", "ladder"}}
    assert compare(SAMPLE, read({**DOCUMENT, **shuffled, "version": "2027.1"})) == ()


def test_a_limit_of_one_category_is_told_of_it_alone():
    """CLK-08: its override holds in every severity; a class limit reaches all but those that write their own."""
    override = (("category", at("category", "LIFT_FAULT", "code"), "override", "arrive", "limit"), "2h")
    [change] = compare(SAMPLE, changed(override))
    assert change.where == (Circle("jinxiu", "LIFT_FAULT"),)
    assert change.names == (("urgent", "arrive"), ("major", "arrive"), ("ordinary", "arrive"))
    [change] = compare(SAMPLE, changed((("policy", at("policy", "major"), "clocks", "arrive", "limit"), "3h")))
    spared = {"LIFT_FAULT", "LIFT_TRAPPED"}
    assert {one.category for one in change.where} & spared == set()
    assert Circle("jinxiu", "WATER_LEAK") in change.where


def test_the_terms_differ_where_a_change_is_told():
    """CLK-31: what is told of a class is what differs in its terms, and in those of no other."""
    other = changed((("policy", at("policy", "ordinary"), "clocks", "handling", "limit"), "4wd"))
    on = date(2026, 7, 1)
    for severity in Severity:
        one, two = (
            resolve(file, community="jinxiu", category="LIGHTING", severity=severity, on=on) for file in (SAMPLE, other)
        )
        assert (one.digest == two.digest) is (severity is not Severity.ORDINARY)


def test_no_phone_number_is_a_rule():
    """SEC-03: what is compared holds no numbers of persons."""
    phones = {person.phone for person in SAMPLE.staff}
    assert not any(phone in text for facts in rules_of(SAMPLE).values() for text in facts.values() for phone in phones)
