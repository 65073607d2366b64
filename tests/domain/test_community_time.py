"""Calendars, clocks, policies and ladders of a settings file that could not be kept are refused (CLK-33)."""

import tomllib
from copy import deepcopy
from datetime import date
from pathlib import Path

import pytest

from domain.settings.faults import BadCommunity, path_text
from domain.settings.reading import parse, read
from domain.settings.time_soundness import PAUSABLE
from domain.timekeeping.almanac import lapsing
from domain.vocabulary import ClockName

TEXT = (Path(__file__).parents[2] / "examples" / "community.toml").read_text()
DOCUMENT = tomllib.loads(TEXT)
NEVER = [clock.value for clock in ClockName if clock not in PAUSABLE]
SAMPLED = [clock.value for clock in ClockName if clock is not ClockName.COMPLETION]
EVERY_DAY = ["mon", "tue", "wed", "thu", "fri", "sat", "sun"]


def faults(*changes):
    document = deepcopy(DOCUMENT)
    for way, value in changes:
        place = document
        for part in way[:-1]:
            place = place.setdefault(part, {}) if isinstance(place, dict) else place[part]
        if value is None:
            del place[way[-1]]
        else:
            place[way[-1]] = value
    try:
        read(document)
    except BadCommunity as bad:
        return [(fault.path, fault.code) for fault in bad.faults]
    return []


@pytest.mark.parametrize("text", ["0m", "0wd", "0h00m", "-15m", "", "15", "15 m", "1.5h", "3 days", "h", "3WD"])
def test_a_limit_that_cannot_be_read_or_never_runs_is_refused(text):
    """CLK-33: limit ≤ 0 or unreadable."""
    way = ("policy", 2, "clocks", "response", "limit")
    assert faults((way, text)) == [(path_text(way), "bad_limit")]


@pytest.mark.parametrize("text", ["15m", "7h30m", "24h", "3wd", "5d", "90s"])
def test_every_unit_of_a_limit_is_taken(text):
    """CLK-29."""
    assert faults((("policy", 2, "clocks", "arrive", "limit"), text)) == []


INSTANTS = [("handling", "plan_date"), ("promise", "plan_date"), ("rectify", "window_end"), ("feedback", "window_end")]


@pytest.mark.parametrize(("clock", "limit"), INSTANTS)
def test_an_instant_said_by_a_person_is_a_limit_of_its_own_clock_only(clock, limit):
    """CLK-10, CLK-11: no command of another clock carries that date or window."""
    assert (f"default.clocks.{clock}.limit", "limit_not_of_clock") in faults(
        (("default", "clocks", clock, "limit"), limit)
    )


LENGTHS = [
    (("ladder", 0, "levels", 1, "after"), "soon"),
    (("ladder", 0, "levels", 1, "ack_within"), "1wd"),
    (("pause_reason", 0, "cap"), "0m"),
    (("pause_reason", 0, "cap"), "3wd"),
    (("pause_reason", 0, "approval_above"), "much"),
    (("pause", "total_cap"), "0h"),
    (("callback", "reopen_window"), "0d"),
    (("callback", "reopen_window"), "720h"),
    (("category", 1, "mass_incident", "window"), "short"),
    (("team", 4, "grab_timeout"), "10"),
]


@pytest.mark.parametrize(("way", "text"), LENGTHS, ids=lambda one: path_text(one) if isinstance(one, tuple) else one)
def test_a_length_that_cannot_be_kept_is_refused(way, text):
    """CLK-33, CLK-20, ESC-03."""
    code = "bad_days" if way[-1] == "reopen_window" else "bad_length"
    assert (path_text(way), code) in faults((way, text))


@pytest.mark.parametrize("clock", NEVER)
@pytest.mark.parametrize("place", [("default", "clocks"), ("policy", 1, "clocks"), ("category", 0, "override")])
def test_what_can_never_be_paused_is_not_made_pausable(clock, place):
    """CLK-18: in no place of the look-up, neither freely nor by approval."""
    word = "approval" if place[0] == "policy" else "yes"
    assert (f"{path_text(place)}.{clock}.pausable", "never_pausable") in faults(((*place, clock, "pausable"), word))


def test_no_reason_pauses_what_can_never_be_paused():
    """CLK-18: neither does a reason name such a clock, nor may the list leave one out."""
    assert ("pause_reason[0].clocks[1]", "never_pausable") in faults(
        (("pause_reason", 0, "clocks"), ["handling", "plan"])
    )
    assert ("pause.never", "never_pausable") in faults((("pause", "never"), NEVER[1:]))


STAGES = [
    ("intake", ["response"]),
    ("registration", ["register"]),
    ("dispatch", ["dispatch", "accept"]),
    ("handling", ["handling"]),
    ("feedback", ["feedback"]),
    ("callback", ["callback"]),
]


@pytest.mark.parametrize("clocks", [one[1] for one in STAGES], ids=[one[0] for one in STAGES])
@pytest.mark.parametrize("policy", [0, 1, 2])
def test_every_stage_of_repairs_and_complaints_is_timed(clocks, policy):
    """CLK-01: a policy that leaves the clocks of one stage out is refused."""
    left = [clock for clock in SAMPLED if clock not in clocks]
    assert faults((("policy", policy, "applies"), left)) == [(f"policy[{policy}]", "stage_without_clock")]


def test_one_clock_is_enough_for_the_stage_of_dispatch():
    """CLK-01: at least one."""
    left = [clock for clock in SAMPLED if clock != "accept"]
    assert faults((("policy", 0, "applies"), left)) == []


def test_a_policy_of_its_own_is_timed_like_the_others_when_a_repair_names_it():
    """CLK-01: not only the three of the severities."""
    own = [*DOCUMENT["policy"], {"id": "lift", "name": "电梯", "applies": ["response"]}]
    found = faults((("policy",), own), (("category", 0, "policy"), "lift"))
    assert found.count(("policy[5]", "stage_without_clock")) == 5
    assert faults((("policy",), own)) == []


@pytest.mark.parametrize("key", ["limit", "calendar", "ladder", "accountable"])
def test_a_clock_without_limit_calendar_ladder_or_accountable_is_refused(key):
    """CLK-01: register has its accountable, and arrive nothing at all, from the default only."""
    found = faults((("default", "clocks", "rectify", key), None))
    assert ("policy[0].clocks.rectify", "incomplete_clock") in found


def test_advice_and_praise_need_not_time_every_stage():
    """CLK-01, INT-17: praise has one clock."""
    assert parse(TEXT).policies["praise"].applies == (ClockName.RESPONSE,)


@pytest.mark.parametrize("clock", ["feedback", "promise", "callback"])
@pytest.mark.parametrize("ladder", ["fast", "contractor", "none", "manager"])
def test_level_three_of_a_broken_word_to_the_owner_is_service_recovery(clock, ladder):
    """ESC-15: on feedback, promise and callback, wherever the ladder is written."""
    ways = [("default", "clocks", clock, "ladder"), ("policy", 0, "clocks", clock, "ladder")]
    for way in ways:
        assert (path_text(way), "ladder_without_recovery") in faults((way, ladder))


def test_an_edited_ladder_must_keep_its_service_recovery():
    """ESC-15: the same when the ladder changes instead of the clock."""
    found = faults((("ladder", 3, "levels", 2, "action"), "notify"))
    assert ("default.clocks.callback.ladder", "ladder_without_recovery") in found


SAMPLES = [("default", "clocks"), ("policy", 0, "clocks"), ("policy", 2, "clocks"), ("community_policy", 0, "clocks")]


@pytest.mark.parametrize("place", [*SAMPLES, ("category", 0, "override")])
def test_repairs_and_complaints_are_never_called_back_by_sample(place):
    """CBK-01: no setting switches the callback off."""
    way = (*place, "callback", "sample_percent")
    assert (path_text(way), "callback_switched_off") in faults((way, 20))


def test_advice_may_be_called_back_by_sample():
    """CBK-01 binds repairs and complaints."""
    assert parse(TEXT).policies["advice"].clocks[ClockName.CALLBACK].sample_percent == 20


def test_the_obligatory_kinds_of_the_callback_cannot_be_shortened():
    """CBK-01."""
    assert ("callback.obligatory_kinds", "callback_switched_off") in faults(
        (("callback", "obligatory_kinds"), ["repair"])
    )


CALLING = [
    (("callback", "caller_not_handler"), False, "callback.caller_not_handler", "caller_may_be_handler"),
    (("callback", "min_distinct_days"), 4, "callback.min_distinct_days", "more_days_than_attempts"),
    (("callback", "min_gap"), "a while", "callback.min_gap", "bad_length"),
    (("feedback", "channel_by_group", "default"), [], "feedback.channel_by_group", "no_way_to_tell"),
    (("feedback", "channel_by_group", "elderly"), [], "feedback.channel_by_group", "no_way_to_tell"),
]


@pytest.mark.parametrize(("way", "value", "path", "code"), CALLING)
def test_the_rules_of_the_callback_make_sense(way, value, path, code):
    """CBK-02, CBK-03, FBK-02: nobody may let a handler call back, ask for the impossible, or leave a group untold."""
    assert (path, code) in faults((way, value))


LADDERS = [
    (("ladder", 0, "levels", 1, "level"), 3, "ladder[0].levels[1].level"),
    (("ladder", 0, "levels", 2, "after"), "10m", "ladder[0].levels[2].after"),
]


@pytest.mark.parametrize(("way", "value", "path"), LADDERS, ids=[one[2] for one in LADDERS])
def test_a_ladder_climbs(way, value, path):
    """ESC-03."""
    assert (path, "ladder_order") in faults((way, value))


CALENDARS = [
    (("calendar", 1, "week", 0, "open"), ["08:30-12:00", "11:00-17:30"], "calendar[1].week", "bad_hours"),
    (("calendar", 1, "week", 0, "open"), ["12:00-08:30"], "calendar[1].week[0].open[0]", "bad_hours"),
    (("calendar", 1, "week", 0, "open"), ["08:30-08:30"], "calendar[1].week[0].open[0]", "bad_hours"),
    (("calendar", 1, "week", 0, "open"), ["08:30-25:00"], "calendar[1].week[0].open[0]", "bad_hours"),
    (("calendar", 1, "week", 0, "open"), ["8:30-12:00"], "calendar[1].week[0].open[0]", "bad_hours"),
    (("calendar", 1, "week", 0, "open"), ["08:30-12:60"], "calendar[1].week[0].open[0]", "bad_hours"),
    (("calendar", 1, "week", 0, "open"), ["08:30-12:00+2"], "calendar[1].week[0].open[0]", "bad_hours"),
    (("calendar", 1, "week", 0, "open"), ["24:00-24:00"], "calendar[1].week[0].open[0]", "bad_hours"),
    (("calendar", 1, "week", 0, "open"), [], "calendar[1].week[0].open", "wrong_value"),
    (("calendar", 3, "week", 0, "open"), ["20:00-08:00+1", "07:00-09:00"], "calendar[3].week", "bad_hours"),
    (("calendar", 2, "week"), [], "calendar[2].week", "never_opens"),
    (("calendar", 0, "week"), [{"days": ["mon"], "open": ["08:00-09:00"]}], "calendar[0].kind", "always_has_no_hours"),
    (("calendar", 1, "zone"), "Asia/Peking", "calendar[1].zone", "bad_zone"),
    (("calendar", 1, "zone"), "../../etc/passwd", "calendar[1].zone", "bad_zone"),
    (("community", 0, "zone"), "Mars", "community[0].zone", "bad_zone"),
    (("calendar", 1, "holidays"), "XX", "calendar[1].holidays", "unknown_holidays"),
    (("calendar", 1, "confirmed_until"), None, "calendar[1]", "not_confirmed"),
    (("holiday_data", "CN", "2026", "status"), "provisional", "calendar[1].confirmed_until", "not_confirmed"),
    (
        ("holiday_data", "CN", "2026", "blocks", 0, "statutory"),
        [date(2026, 1, 5)],
        "holiday_data.CN.2026.blocks[0]",
        "bad_block",
    ),
]


@pytest.mark.parametrize(("way", "value", "path", "code"), CALENDARS, ids=lambda one: str(one)[:50])
def test_a_calendar_that_cannot_be_counted_in_is_refused(way, value, path, code):
    """CAL-03, CAL-09, CAL-11, CLK-33."""
    assert (path, code) in faults((way, value))


def test_midnight_is_a_proper_end():
    """CAL-03: 24:00 is allowed as an end."""
    assert faults((("calendar", 2, "week", 0, "open"), ["08:00-24:00"])) == []


SHUT = {
    "id": "shut",
    "name": "停业",
    "zone": "Asia/Shanghai",
    "kind": "weekly",
    "holidays": "ZZ",
    "on_holiday": "closed",
    "close_whole_block": True,
    "confirmed_until": date(2027, 12, 31),
    "week": [{"days": EVERY_DAY, "open": ["09:00-17:00"]}],
}


@pytest.mark.parametrize(("last", "refused"), [(date(2027, 1, 31), False), (date(2027, 2, 28), True)])
def test_a_calendar_that_stays_closed_for_400_days_never_opens(last, refused):
    """CLK-33: one block of holidays over more than 400 days from the day the settings hold."""
    blocks = [{"name": "停业", "from": date(2026, 1, 1), "to": last}]
    data = {"2026": {"status": "confirmed", "blocks": blocks}}
    found = faults((("holiday_data", "ZZ"), data), (("calendar",), [*DOCUMENT["calendar"], SHUT]))
    assert (("calendar[11].week", "never_opens") in found) is refused


def test_a_calendar_warns_before_its_holiday_data_end():
    """CAL-11: 90 days before the last confirmed day."""
    file = parse(TEXT)
    assert lapsing(file, date(2026, 10, 1)) == ()
    [told] = lapsing(file, date(2026, 10, 2))
    assert (told.path, told.also) == ("calendar[1].confirmed_until", ("calendar[5].confirmed_until",))
    assert dict(told.names) == {"name": ("office", "stores")}
    assert ("还剩 90 天" in told.zh, "90 days left" in told.en) == (True, True)
    [late] = lapsing(file, date(2027, 1, 2))
    assert ("已过 2 天" in late.zh, "2 days ago" in late.en) == (True, True)
