"""A settings file is taken as a whole or refused as a whole, with every fault named by its key (CLK-33, OPS-06)."""

import tomllib
from copy import deepcopy
from pathlib import Path

import pytest

from domain.settings.faults import BadCommunity, path_text
from domain.settings.reading import parse, read

TEXT = (Path(__file__).parents[2] / "examples" / "community.toml").read_text()
DOCUMENT = tomllib.loads(TEXT)
GONE = object()


def faults(*changes):
    """Faults of the sample after some of its keys were changed: pairs of way and value."""
    document = deepcopy(DOCUMENT)
    for way, value in changes:
        place = document
        for part in way[:-1]:
            place = place[part]
        if value is GONE:
            del place[way[-1]]
        else:
            place[way[-1]] = value
    try:
        read(document)
    except BadCommunity as bad:
        return [(fault.path, fault.code) for fault in bad.faults]
    return []


def test_the_sample_is_sound():
    """CAL-06, CLK-01, CLK-18, ESC-15: the sample passes every check."""
    file = parse(TEXT)
    assert (len(file.community), len(file.staff), len(file.team), len(file.category)) == (3, 31, 11, 28)
    assert len(file.default.clocks) == 16


NAMES = [
    (("policy", 2, "clocks", "response", "calendar"), "alway"),
    (("policy", 2, "clocks", "response", "ladder"), "fsat"),
    (("category", 3, "override"), {"arrive": {"calendar": "night"}}),
    (("category", 0, "policy"), "grave"),
    (("category", 0, "team"), "plumbers"),
    (("category", 5, "communities"), ["jinxu"]),
    (("community", 0, "building", 2, "owner_staff"), "S99"),
    (("community", 2, "instead", "calendars"), {"always": "sf_alway"}),
    (("community", 2, "instead", "teams"), {"enginering": "sf-trades"}),
    (("community", 2, "categories"), ["GENERAL_REPAIR", "GLAZING", "DRAIN", "NOISE", "STAFF_ATTITUDE", "PRAISE"]),
    (("community_policy", 0, "policy"), "ordinray"),
    (("community_policy", 0, "community"), "sf"),
    (("team", 1, "lead"), "S77"),
    (("team", 1, "calendar"), "alway"),
    (("team", 5, "supervisor"), "S77"),
    (("staff", 8, "team"), "plumbers"),
    (("staff", 8, "shift"), "late"),
    (("staff", 8, "communities"), ["jinxiu", "yanguang"]),
    (("staff", 8, "areas"), ["jx-north"]),
    (("shift", 0, "calendar"), "desk"),
    (("on_call", 0, "night"), ["S07", "S71"]),
    (("absence", 0, "staff"), "S90"),
    (("roles", "service_manager"), ["S02", "S20", "SF20"]),
    (("ladder", 1, "calendar"), "alway"),
    (("pause_reason", 0, "calendar"), "offis"),
    (("pause", "total_cap_calendar"), "offis"),
    (("notices", "owner_contact_calendar"), "hours"),
    (("notices", "quiet_exempt_policies"), ["urgnt"]),
    (("arrears", "dunning_quiet", "calendar"), "hours"),
    (("import", "sf311", "community"), "sf"),
    (("import", "sf311", "mapping", 0, "to"), "GLASS"),
    (("import", "sf311", "unknown", "to"), "REPAIR"),
]


@pytest.mark.parametrize(("way", "value"), NAMES, ids=lambda one: path_text(one) if isinstance(one, tuple) else "")
def test_a_name_that_nothing_bears_is_refused(way, value):
    """CLK-33: whatever names another entry is checked, and the fault tells the key with its index."""
    found = faults((way, value))
    assert any(path.startswith(path_text(way)) and code == "unknown_name" for path, code in found), found


def test_all_faults_are_told_at_once():
    """OPS-06, CLK-33: one look at the list mends the whole file, whatever kind its faults are of."""
    found = faults(
        (("policy", 2, "clocks", "response", "ladder"), "fsat"),
        (("policy", 0, "clocks", "arrive", "limit"), "0m"),
        (("calendar", 1, "zone"), "Asia/Shangai"),
        (("ladder", 0, "levels", 1, "to"), "servce_manager"),
        (("survy",), {}),
    )
    assert sorted(found) == [
        ("calendar[1].zone", "bad_zone"),
        ("ladder[0].levels[1].to", "unknown_word"),
        ("policy[0].clocks.arrive.limit", "bad_limit"),
        ("policy[2].clocks.response.ladder", "unknown_name"),
        ("survy", "unknown_key"),
    ]


SHAPES = [
    (("polcy",), [], "polcy", "unknown_key"),
    (("staff", 0, "shfit"), "day", "staff[0].shfit", "unknown_key"),
    (("policy", 1, "clocks", "respond"), {"limit": "5m"}, "policy[1].clocks.respond", "unknown_key"),
    (("community", 0, "zone"), GONE, "community[0].zone", "missing"),
    (("category", 0, "kind"), "repairs", "category[0].kind", "unknown_word"),
    (("roles", "service_manger"), ["S02"], "roles.service_manger", "unknown_key"),
    (("roles", "service_manager"), "team.boss", "roles.service_manager", "unknown_word"),
    (("staff", 0, "load_limit"), -1, "staff[0].load_limit", "wrong_value"),
    (("schema",), "huiyin.community/2", "schema", "unknown_word"),
    (("effective_from",), "2026-01-01", "effective_from", "wrong_value"),
    (("holiday_data", "CN", "twenty"), {"status": "confirmed"}, "holiday_data.CN.twenty", "unknown_key"),
    (("default", "clocks", "response", "pausable"), "often", "default.clocks.response.pausable", "unknown_word"),
    (("policy", 0, "warn_percent"), [0, 80], "policy[0].warn_percent[0]", "wrong_value"),
]


@pytest.mark.parametrize(("way", "value", "path", "code"), SHAPES, ids=lambda one: one if isinstance(one, str) else "")
def test_a_key_that_is_missing_misspelt_or_of_the_wrong_type_is_refused(way, value, path, code):
    """OPS-06: a misspelt key is a fault, never a silence."""
    assert (path, code) in faults((way, value))


TWICE = [
    (("team", 1, "id"), "service"),
    (("staff", 5, "id"), "S01"),
    (("calendar", 1, "id"), "always"),
    (("policy", 1, "id"), "urgent"),
    (("ladder", 1, "id"), "fast"),
    (("category", 1, "code"), "WATER_LEAK"),
    (("community", 1, "id"), "jinxiu"),
    (("community", 1, "jurisdiction_id"), "jinxiu.sample"),
    (("community", 1, "building", 0, "code"), "JX01"),
    (("shift", 1, "id"), "day"),
    (("on_call", 1, "role"), "duty_supervisor"),
    (("pause_reason", 1, "code"), "waiting_parts"),
    (("equipment", 1, "id"), "JX-LIFT-0101"),
    (("resident", 1, "id"), "R01"),
]


@pytest.mark.parametrize(("way", "value"), TWICE, ids=lambda one: path_text(one) if isinstance(one, tuple) else "")
def test_a_name_given_twice_is_refused(way, value):
    """CLK-33: the later of two entries must not win in silence."""
    assert (path_text(way), "duplicate") in faults((way, value))


PEOPLE = [
    ([(("roles", "project_manager"), ["S01"]), (("deputies", "project_manager"), GONE)], "ladder[0].levels[2].to"),
    ([(("roles", "engineering_lead"), []), (("deputies", "engineering_lead"), GONE)], "pause_reason[0].approver"),
    ([(("ladder", 0, "levels", 0, "to"), "committee")], "ladder[0].levels[0].to"),
    (
        [(("category", 3, "override"), {"arrive": {"accountable": "auditor"}})],
        "category[3].override.arrive.accountable",
    ),
    ([(("policy", 2, "clocks", "arrive", "accountable"), "auditor")], "policy[2].clocks.arrive.accountable"),
]


@pytest.mark.parametrize(("changes", "path"), PEOPLE, ids=lambda one: one if isinstance(one, str) else "")
def test_a_role_that_nobody_of_a_community_can_hold_is_refused(changes, path):
    """CLK-33, ESC-11: a ladder to nobody is no ladder; deputies count."""
    assert (path, "nobody") in faults(*changes)


def test_a_deputy_saves_a_role_nobody_holds():
    """ESC-11: vacant, but somebody stands in."""
    assert faults((("roles", "service_manager"), [])) == []


def test_deputies_must_not_lead_back():
    """CLK-33: a search along deputies ends."""
    found = faults((("deputies", "quality_department"), "service_manager"))
    assert ("deputies.service_manager", "deputies_in_circle") in found


def test_an_on_call_role_needs_its_list():
    """ESC-11."""
    assert ("roles.team_lead", "on_call_missing") in faults((("roles", "team_lead"), "on_call"))


def test_an_absence_ends_after_it_begins():
    """DSP-01."""
    start = tomllib.loads(TEXT)["absence"][0]["from"]
    assert ("absence[0].to", "absence_reversed") in faults((("absence", 0, "to"), start))


MEANS = [
    ((("arrears", "forbidden_means"), ["停水", "停电", "停气", "停暖"]), "forbidden_means_missing", "forbidden_means"),
    ((("arrears", "forbidden_means"), []), "forbidden_means_missing", "forbidden_means"),
    ((("arrears", "means"), ["电话", "停水"]), "forbidden_means", "means[1]"),
    ((("arrears", "malicious", "steps"), ["限制门禁卡"]), "forbidden_means", "malicious.steps[0]"),
]


@pytest.mark.parametrize(("change", "code", "path"), MEANS, ids=[one[2] for one in MEANS])
def test_water_and_power_are_no_means_of_dunning(change, code, path):
    """FEE-09: an attempt to configure cutting off is refused."""
    assert (f"arrears.{path}", code) in faults(change)


def test_faults_are_said_in_chinese_and_english():
    """OPS-06: the reader's language, with the name that is wrong."""
    document = tomllib.loads(TEXT)
    document["ladder"][0]["calendar"] = "alway"
    with pytest.raises(BadCommunity) as refused:
        read(document)
    (fault,) = refused.value.faults
    assert (fault.zh, fault.en) == ("没有名为「alway」的日历", "there is no calendar alway")
    assert str(refused.value) == "ladder[0].calendar: there is no calendar alway"


IMPORTS = [
    ((("import", "sf311", "zone"), "America/San_Francisco"), "import.sf311.zone", "bad_zone"),
    ((("import", "sf311", "reject", 0, "pattern"), "test("), "import.sf311.reject[0].pattern", "bad_pattern"),
    ((("import", "sf311", "flag", 1, "pattern"), "*"), "import.sf311.flag[1].pattern", "bad_pattern"),
    ((("import", "sf311", "mapping", 0, "to"), "LIFT_FAULT"), "import.sf311.mapping[0].to", "not_offered"),
    ((("import", "sf311", "channel", "Phone"), "telefon"), "import.sf311.channel.Phone", "unknown_word"),
    ((("community", 2, "categories"), ["GLAZING"]), "community[2]", "not_offered"),
]


@pytest.mark.parametrize(("change", "path", "code"), IMPORTS, ids=[one[1] for one in IMPORTS])
def test_an_import_must_land_somewhere(change, path, code):
    """INT-22: rows never go to a category or zone that does not exist."""
    assert (path, code) in faults(change)
