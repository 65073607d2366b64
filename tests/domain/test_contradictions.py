"""One broken file for each thing that can be wrong with settings, each found with its remedy (CLK-33, OPS-06)."""

import tomllib
from copy import deepcopy
from datetime import date
from pathlib import Path

import pytest

from domain.settings.examining import examine
from domain.settings.faults import SENTENCES
from domain.settings.remedies import REMEDIES
from domain.settings.shape import SENTENCES as SHAPE_SENTENCES

TEXT = (Path(__file__).parents[2] / "examples" / "community.toml").read_text()
DOCUMENT = tomllib.loads(TEXT)
GONE = object()
OF_THE_FILE = {"syntax", "empty"}
"""Told by the reader of the file; see tests/doors."""
OF_THE_DAY = {"holidays_lapse"}
"""Told by the date on which a file is looked at; see test_community_time."""
CN, MID_AUTUMN, NATIONAL_DAY = ("holiday_data", "CN", "2026"), 5, 6
"""Where the arrangement of 2026 stands, and two of its holidays."""
FAST, LIFT = 0, 4
"""Where the ladder `fast` and the category LIFT_TRAPPED stand."""


def broken(*changes):
    """The sample after some of its keys were changed: pairs of way and value."""
    document = deepcopy(DOCUMENT)
    for way, value in changes:
        place = document
        for part in way[:-1]:
            place = place.setdefault(part, {}) if isinstance(place, dict) else place[part]
        if value is GONE:
            del place[way[-1]]
        elif value == "+":
            place[way[-1]].append(deepcopy(place[way[-1]][0]))
        else:
            place[way[-1]] = value
    return document


def staff(code):
    return next(at for at, one in enumerate(DOCUMENT["staff"]) if one["id"] == code)


def category(code):
    return next(at for at, one in enumerate(DOCUMENT["category"]) if one["code"] == code)


def calendar(code):
    return next(at for at, one in enumerate(DOCUMENT["calendar"]) if one["id"] == code)


def handed_to(code, *others):
    """Changes by which one person alone can call back in jinxiu, and is an engineer who handles orders."""
    position = (("staff", staff(code), "position"), "callback_officer")
    elsewhere = [(("staff", staff(one), "position"), "engineer") for one in others]
    roles = [(("roles", name), [code, "SF02"]) for name in ("callback_officer", "service_manager")]
    return [position, *elsewhere, *roles]


SPECIAL = [{"on": date(2026, 2, 1 + day), "open": [], "reason": "停电检修与设备更新改造" * 8} for day in range(28)]
EVERY_DAY = ["mon", "tue", "wed", "thu", "fri", "sat", "sun"]

REFUSED = {
    "missing": [(("staff", 0, "team"), GONE)],
    "unknown_key": [(("survy",), {})],
    "unknown_word": [(("demands",), ["clarified", "arrivd"])],
    "wrong_value": [(("staff", 0, "load_limit"), -1)],
    "unknown_name": [(("policy", 0, "clocks", "response", "ladder"), "fsat")],
    "duplicate": [(("team",), "+")],
    "bad_zone": [(("community", 0, "zone"), "Asia/Shangai")],
    "bad_hours": [(("calendar", calendar("office"), "week", 0, "open"), ["12:00-08:30"])],
    "never_opens": [(("calendar", calendar("stores"), "week"), [])],
    "always_has_no_hours": [(("calendar", calendar("office"), "kind"), "always")],
    "unknown_holidays": [(("calendar", calendar("office"), "holidays"), "XX")],
    "not_confirmed": [(("calendar", calendar("office"), "confirmed_until"), GONE)],
    "bad_block": [(("holiday_data", "CN", "2026", "blocks", 0, "to"), date(2025, 12, 31))],
    "blocks_overlap": [((*CN, "blocks", MID_AUTUMN, "to"), date(2026, 10, 2))],
    "makeup_in_holiday": [((*CN, "makeup_workdays"), [date(2026, 10, 1)])],
    "makeup_outside_year": [((*CN, "makeup_workdays"), [date(2027, 1, 2)])],
    "bad_quiet_hours": [(("notices", "staff_quiet_hours"), "late")],
    "bad_limit": [(("policy", 0, "clocks", "response", "limit"), "0m")],
    "bad_length": [(("callback", "min_gap"), "soon")],
    "bad_days": [(("callback", "reopen_window"), "24h")],
    "limit_not_of_clock": [(("policy", 0, "clocks", "handling", "limit"), "plan_date")],
    "never_pausable": [(("pause_reason", 0, "clocks"), ["handling", "response"])],
    "ladder_without_recovery": [(("policy", 0, "clocks", "feedback", "ladder"), "fast")],
    "ladder_order": [(("ladder", FAST, "levels", 2, "after"), "10m")],
    "nobody": [(("ladder", FAST, "levels", 2, "to"), "committee")],
    "deputies_in_circle": [(("deputies", "quality_department"), "service_manager")],
    "stage_without_clock": [(("policy", 2, "applies"), ["response"])],
    "incomplete_clock": [(("default", "clocks", "verify", "accountable"), GONE)],
    "callback_switched_off": [(("callback", "obligatory_kinds"), ["complaint"])],
    "no_way_to_tell": [(("feedback", "channel_by_group"), {"default": []})],
    "caller_may_be_handler": [(("callback", "caller_not_handler"), False)],
    "more_days_than_attempts": [(("callback", "min_distinct_days"), 9)],
    "forbidden_means": [(("arrears", "means"), ["停水"])],
    "forbidden_means_missing": [(("arrears", "forbidden_means"), ["停电", "停气", "停暖", "限制门禁"])],
    "policy_missing": [(("policy", 4, "id"), "thanks")],
    "not_offered": [(("import", "sf311", "mapping", 0, "to"), "LIFT_FAULT")],
    "absence_reversed": [(("absence", 0, "to"), DOCUMENT["absence"][0]["from"])],
    "empty_word": [(("intake", "urgent_words"), ["着火", " "])],
    "bad_pattern": [(("import", "sf311", "reject", 0, "pattern"), "test(")],
    "on_call_missing": [(("roles", "team_lead"), "on_call")],
}
"""What loading refuses, by code."""

CONTRADICTIONS = {
    "team_without_members": (
        [(("team",), [*DOCUMENT["team"], {**DOCUMENT["team"][0], "id": "pool"}])],
        f"team[{len(DOCUMENT['team'])}]",
    ),
    "contractor_without_supervisor": (
        [(("team", next(at for at, one in enumerate(DOCUMENT["team"]) if "supervisor" in one), "supervisor"), GONE)],
        None,
    ),
    "offered_nowhere": ([(("category", LIFT, "communities"), [])], f"category[{LIFT}]"),
    "nobody_skilled": ([(("category", LIFT, "skill"), "elevators")], f"category[{LIFT}].skill"),
    "callback_by_handler": (handed_to("S09", "S22", "S02"), None),
    "clock_not_applied": (
        [(("category", category("PRAISE"), "override"), {"handling": {"limit": "1wd"}})],
        f"category[{category('PRAISE')}].override.handling",
    ),
    "plan_not_timed": ([(("category", category("PRAISE"), "plan_required"), True)], None),
    "incident_undispatched": (
        [(("category", category("PRAISE"), "mass_incident"), {"count": 3, "window": "30m", "scope": "building"})],
        f"category[{category('PRAISE')}].mass_incident",
    ),
    "demand_of_nothing": (
        [(("category", at, "on_site"), False) for at in range(len(DOCUMENT["category"]))],
        "demands[1]",
    ),
    "window_of_nothing": ([(("intake", "urge_window"), "0m")], "intake.urge_window"),
    "warned_twice": ([(("default", "warn_percent"), [50, 80, 50])], "default.warn_percent[2]"),
    "ack_of_nothing": (
        [(("ladder", FAST, "levels", 0, "ack_within"), "0m")],
        f"ladder[{FAST}].levels[0].ack_within",
    ),
    "limit_too_long": (
        [(("policy", 1, "clocks", "handling", "limit"), "9999h")],
        "policy[1].clocks.handling.limit",
    ),
    "limit_behind": ([(("policy", 0, "clocks", "arrive", "limit"), "5h")], "policy[0].clocks.arrive"),
    "pause_of_nothing": (
        [
            (("default", "clocks", "sign_off", "pausable"), "never"),
            (("pause_reason", 1, "clocks"), ["sign_off"]),
        ],
        "pause_reason[1].clocks",
    ),
    "approval_never_asked": ([(("pause_reason", 1, "approval_above"), "16h")], "pause_reason[1].approval_above"),
    "cap_above_total": ([(("pause_reason", 2, "cap"), "151h")], "pause_reason[2].cap"),
    "nobody_calls_in_contact_hours": (
        [
            (("notices", "owner_contact_calendar"), "late"),
            (
                ("calendar",),
                [
                    *DOCUMENT["calendar"],
                    {
                        **DOCUMENT["calendar"][calendar("contact_hours")],
                        "id": "late",
                        "week": [{"days": EVERY_DAY, "open": ["21:00-22:00"]}],
                    },
                ],
            ),
        ],
        "notices.owner_contact_calendar",
    ),
    "terms_too_large": ([(("calendar", calendar("contact_hours"), "exception"), SPECIAL)], None),
}
"""What loads and contradicts itself, by code, and where it stands."""


@pytest.mark.parametrize("code", REFUSED)
def test_what_cannot_be_kept_is_refused(code):
    """CLK-33, OPS-06: the key, the code, a sentence in both languages."""
    found = examine(broken(*REFUSED[code]))
    said = [fault for fault in found.refused if fault.code == code]
    assert said, [fault.code for fault in found.refused]
    assert all(fault.path and fault.zh != fault.en for fault in said)
    assert not found.whole


MAKEUP_2026 = DOCUMENT["holiday_data"]["CN"]["2026"]["makeup_workdays"]
TWICE = [
    {"on": date(2026, 10, 14), "open": ["09:00-12:00"], "reason": "开放日"},
    {"on": date(2026, 10, 14), "open": [], "reason": "停电检修"},
]
TWO_ENTRIES = [
    (  # a make-up day within a holiday, though it is only bridged
        [((*CN, "makeup_workdays"), [date(2026, 1, 4), date(2026, 10, 6)])],
        ("makeup_in_holiday", "makeup_workdays[1]", "blocks[6]"),
    ),
    ([((*CN, "makeup_workdays"), [*MAKEUP_2026, MAKEUP_2026[1]])], ("duplicate", "makeup_workdays[6]", "[1]")),
    (
        [((*CN, "blocks", MID_AUTUMN, "to"), date(2026, 10, 2))],
        ("blocks_overlap", f"blocks[{NATIONAL_DAY}]", f"blocks[{MID_AUTUMN}]"),
    ),
    (  # a holiday that another year has as well
        [
            (
                ("holiday_data", "CN", "2027"),
                {
                    "status": "confirmed",
                    "blocks": [{"name": "元旦", "from": date(2026, 12, 31), "to": date(2027, 1, 3)}],
                    "makeup_workdays": [date(2026, 12, 27)],
                },
            ),
            ((*CN, "blocks", 0, "to"), date(2026, 12, 31)),
            ((*CN, "blocks", 0, "from"), date(2026, 12, 31)),
            ((*CN, "blocks", 0, "statutory"), []),
            ((*CN, "makeup_workdays"), []),
        ],
        ("blocks_overlap", "2027.blocks[0]", "2026.blocks[0]"),
    ),
    ([(("calendar", calendar("office"), "exception"), TWICE)], ("duplicate", "exception[1]", "exception[0]")),
]
"""Two entries that can't both be kept: code, the later one, the earlier one."""


@pytest.mark.parametrize(("changes", "told"), TWO_ENTRIES, ids=lambda one: one[0] if isinstance(one, tuple) else "")
def test_a_day_that_is_two_things_names_both_entries(changes, told):
    """CAL-05, CAL-06, CAL-13, OPS-06."""
    code, path, other = told
    [found] = examine(broken(*changes)).refused
    assert (found.code, found.path.endswith(path), len(found.also)) == (code, True, 1)
    assert found.also[0].endswith(other)


def test_a_make_up_day_of_new_year_may_lie_in_december():
    """CAL-06: as that of 2012 did; the holiday may begin there too."""
    table = {"status": "confirmed", "blocks": [], "makeup_workdays": [date(2026, 12, 27)]}
    assert examine(broken((("holiday_data", "CN", "2027"), table))).refused == ()


UNITS = [
    (("ladder", FAST, "levels", 1, "after"), "1d", ["30m", "24h", "7h30m"]),
    (("pause_reason", 0, "cap"), "5wd", ["30m", "24h", "7h30m"]),
    (("pause", "total_cap"), "5d", ["30m", "24h", "7h30m"]),
    (("grouping", "duplicate_window"), "1d", ["24h"]),
    (("grouping", "unmerge_window"), "2wd", ["24h"]),
    (("grouping", "repeat_window"), "720h", ["30d"]),
    (("callback", "reopen_window"), "3wd", ["30d"]),
    (("policy", 0, "clocks", "handling", "limit"), "3 days", ["15m", "24h", "3wd", "5d"]),
]
"""Where units are refused, what is written there, and what the remedy proposes."""


@pytest.mark.parametrize(("way", "text", "proposed"), UNITS, ids=lambda one: str(one)[:30])
def test_a_remedy_proposes_units_that_the_field_takes(way, text, proposed):
    """OPS-06: whoever does as the remedy says is not refused again."""
    [found] = examine(broken((way, text))).refused
    assert text in found.zh
    for one in proposed:
        assert all(one in said for said in REMEDIES[found.code]), one
        assert {fault.code for fault in examine(broken((way, one))).refused} <= {"ladder_order"}, one


OFFICE = ("calendar", calendar("office"))
DAILY = [{"days": EVERY_DAY, "open": ["07:00-12:00"]}]
UNTIL_MORNING = [{"on": date(2026, 10, 14), "open": ["20:00-08:00+1"], "reason": "抢修"}]
OVERLAPS = [
    (
        [((*OFFICE, "week", 0, "open"), ["08:30-12:00", "11:30-17:30"])],
        "calendar[1].week",
        ("周一 08:30 起的时段到 12:00 结束,11:30 又起一段", "Monday, 08:30 to 12:00, where others begin at 11:30"),
    ),
    (
        [((*OFFICE, "week"), DAILY), ((*OFFICE, "exception"), UNTIL_MORNING)],
        "calendar[1].exception[0]",
        ("2026-10-14 20:00 起的时段到次日 08:00 结束,次日 07:00 又起一段", "20:00 to 08:00 of the next day"),
    ),
    (
        [((*OFFICE, "exception"), [{**UNTIL_MORNING[0], "open": ["08:00-12:00", "11:00-13:00"]}])],
        "calendar[1].exception[0]",
        ("2026-10-14 08:00 起的时段到 12:00 结束,11:00 又起一段", "2026-10-14, 08:00 to 12:00"),
    ),
    (
        [((*OFFICE, "week"), [*DAILY, {"days": ["sun"], "open": ["20:00-08:00+1"]}])],
        "calendar[1].week",
        ("周日 20:00 起的时段到次日 08:00", "Sunday, 20:00 to 08:00 of the next day"),
    ),
]


@pytest.mark.parametrize(("changes", "path", "said"), OVERLAPS)
def test_hours_that_overlap_are_told_where_they_stand(changes, path, said):
    """CAL-03, OPS-06: at the exception that does, in the words of either language."""
    [found] = examine(broken(*changes)).refused
    assert (found.code, found.path) == ("bad_hours", path)
    assert (said[0] in found.zh, said[1] in found.en) == (True, True), found
    assert not any(word in found.zh for word in ("weekday", "overlap"))


@pytest.mark.parametrize("code", CONTRADICTIONS)
def test_what_contradicts_itself_is_found_though_it_loads(code):
    """CLK-33, DSP-01, CBK-02: nothing is refused, and only this is found."""
    changes, path = CONTRADICTIONS[code]
    found = examine(broken(*changes))
    assert found.refused == ()
    assert {fault.code for fault in found.contradictions} == {code}
    assert path in {None, found.contradictions[0].path}
    assert found.whole


def test_the_tables_are_whole():
    """Each code has its broken file and its remedy in both languages; none is left over."""
    codes = {*SENTENCES, *SHAPE_SENTENCES}
    assert codes == {*REFUSED, *CONTRADICTIONS, *OF_THE_DAY}
    assert {*REMEDIES} == codes | OF_THE_FILE
    assert all(pair.zh and pair.en for pair in REMEDIES.values())


ORDINARY = next(at for at, one in enumerate(DOCUMENT["policy"]) if one["id"] == "ordinary")
ONE_CAUSE = {
    "terms_too_large": ([(("policy", ORDINARY, "clocks", "handling", "calendar"), "stores")], "name", 20),
    "nobody": (
        [(("roles", "project_manager"), []), (("deputies", "project_manager"), GONE)],
        "community",
        len(DOCUMENT["community"]),
    ),
    "nobody_skilled": ([(("category", category("NOISE"), "skill"), "hearing")], "community", 3),
}


@pytest.mark.parametrize("code", ONE_CAUSE)
def test_one_cause_is_told_once(code):
    """OPS-06: the line names the first few of all it concerns, the fault holds all."""
    changes, name, least = ONE_CAUSE[code]
    found = examine(broken(*changes))
    [told] = [*found.refused, *found.contradictions]
    names = dict(told.names)[name]
    assert (told.code, len(names) >= least, len(set(names))) == (code, True, len(names))
    assert names[0] in told.zh
    assert (f"等 {len(names)} 个" in told.zh, f"and {len(names) - 3} more" in told.en) == (len(names) > 4,) * 2


def test_two_causes_are_told_apart():
    """OPS-06: two roles that nobody holds."""
    vacant = [(("roles", role), []) for role in ("project_manager", "service_manager")]
    found = examine(broken(*vacant, (("deputies", "project_manager"), GONE)))
    roles = [dict(one.facts)["role"] for one in found.refused if one.code == "nobody"]
    assert {"project_manager", "service_manager"} <= set(roles)
    assert len(roles) == len(set(roles))


def test_the_sample_contradicts_itself_nowhere():
    """OPS-01."""
    assert examine(DOCUMENT)[:3] == ((), (), True)


def test_all_are_told_at_once():
    """OPS-06: whatever can be told beside a fault of another place; nothing twice."""
    document = broken(*REFUSED["ladder_order"], *REFUSED["bad_zone"], *CONTRADICTIONS["nobody_skilled"][0])
    found = examine(document)
    assert {fault.code for fault in found.refused} == {"ladder_order", "bad_zone"}
    assert [fault.code for fault in found.contradictions] == ["nobody_skilled"]
    told = [*found.refused, *found.contradictions]
    assert len(told) == len(set(told))


def test_a_steward_needs_no_skill_where_the_team_works_by_area():
    """DSP-02: whoever keeps the building can be given the order."""
    team = next(one["id"] for one in DOCUMENT["team"] if one["dispatch_mode"] == "area_owner")
    changes = [(("category", LIFT, "skill"), "elevators"), (("category", LIFT, "team"), team)]
    assert examine(broken(*changes)).contradictions == ()
