"""Who is told, at once or later, and why: quiet hours, on-call lists, deputies, roles that nobody holds (ESC-09…11)."""

import tomllib
from copy import deepcopy
from datetime import UTC, datetime
from pathlib import Path

import pytest
from rules_sample import DUTY, OPERATOR, SERVICE, SHANGHAI, STEWARD, Case, at, terms

from domain import events as e
from domain.dispatch.roster import roster_of
from domain.notices.notifying import Asking, Rules, Way, asking_of, choose
from domain.settings.faults import BadCommunity
from domain.settings.reading import read
from domain.timekeeping.quiet import quiet_hours
from domain.vocabulary import Role
from workflows.effects import SealedEvent
from workflows.projection import outgoing

DOCUMENT = tomllib.loads((Path(__file__).parents[2] / "examples" / "community.toml").read_text())
FILE = read(DOCUMENT)
GONE = object()


def changed(*changes):
    document = deepcopy(DOCUMENT)
    for way, value in changes:
        place = document
        for part in way[:-1]:
            place = place[part]
        if value is GONE:
            del place[way[-1]]
        else:
            place[way[-1]] = value
    return read(document)


def away(*staff):
    """The sample, these persons away for all of 2026."""
    year = {"from": "2026-01-01T00:00:00+08:00", "to": "2027-01-01T00:00:00+08:00", "reason": "休假"}
    spans = {**year, **{name: datetime.fromisoformat(year[name]) for name in ("from", "to")}}
    return changed((("absence",), [{**spans, "staff": one} for one in staff]))


def asked(role, topic="escalation", policy="major", above="", **people):
    body = {"role": role, "above": above, "community": "jinxiu", "policy": policy, "team": "engineering", **people}
    return asking_of(topic, body)


def told(asking, local, file=FILE):
    """Who is told by which way, and when, if not at once."""
    found = choose(asking, roster_of(file), Rules.of(file), at(local))
    when = [one.not_before and one.not_before.astimezone(SHANGHAI) for one in found]
    return [
        (one.staff_id, one.role_by_which.value, one.way.value, then and f"{then:%m-%d %H:%M}")
        for one, then in zip(found, when, strict=True)
    ]


SERVICE_MANAGER = ("S02", "service_manager", "holder", None)
ON_CALL = ("S07", "duty_supervisor", "stands_in", None)
CASES = [
    # by day: the holder, at once
    (asked("service_manager"), "11-05 17:40", [SERVICE_MANAGER]),
    # off duty, but not quiet yet, or not any more
    (asked("service_manager"), "11-05 21:59:59", [SERVICE_MANAGER]),
    (asked("service_manager"), "11-06 07:00", [SERVICE_MANAGER]),
    # quiet: on call at once, the person at the end (ESC-10)
    (asked("service_manager"), "11-05 22:00", [ON_CALL, ("S02", "service_manager", "holder", "11-06 07:00")]),
    (asked("service_manager"), "11-06 06:59:59", [ON_CALL, ("S02", "service_manager", "holder", "11-06 07:00")]),
    # exempt: urgent policies, on-call roles, listed roles (ESC-09)
    (asked("service_manager", policy="urgent"), "11-05 23:40", [SERVICE_MANAGER]),
    (asked("duty_supervisor"), "11-05 23:40", [("S07", "duty_supervisor", "holder", None)]),
    (
        asked("contractor_lead", team="cleaning-contractor"),
        "11-05 23:40",
        [("S19", "contractor_lead", "holder", None)],
    ),
    # on duty at night: one of the role is told at once, so nobody stands in
    (
        asked("dispatch_operator"),
        "11-05 23:40",
        [("S07", "dispatch_operator", "holder", None), ("S06", "dispatch_operator", "holder", "11-06 07:00")],
    ),
    # no first contact yet: the deputy, who is on call (ESC-11)
    (asked("first_contact"), "11-05 15:40", [("S06", "duty_supervisor", "deputy", None)]),
    (asked("first_contact"), "11-05 23:40", [("S07", "duty_supervisor", "deputy", None)]),
    # a first contact off duty at night
    (
        asked("first_contact", first_contact="usr_S03"),
        "11-05 23:40",
        [ON_CALL, ("S03", "first_contact", "holder", "11-06 07:00")],
    ),
    # pauses are for persons: held, and nobody stands in
    (
        asked("assignee", "pause_over", assignee="usr_S09"),
        "11-05 23:40",
        [("S09", "assignee", "holder", "11-06 07:00")],
    ),
    (asked("assignee", "pause_over", assignee="usr_S09"), "11-05 12:00", [("S09", "assignee", "holder", None)]),
    # the answer to a request goes to who made it, whoever holds the order now
    (
        asked("assignee", "suspension_decided", assignee="usr_S10", person="usr_S09"),
        "11-05 12:00",
        [("S09", "assignee", "holder", None)],
    ),
    # nobody approves his own request (CLK-17)
    (
        asked("engineering_lead", "suspension_requested", asked_by="usr_S08"),
        "11-05 12:00",
        [("S01", "project_manager", "next_level", None)],
    ),
    (
        asked("engineering_lead", "suspension_requested", asked_by="usr_S09"),
        "11-05 12:00",
        [("S08", "engineering_lead", "holder", None)],
    ),
]


@pytest.mark.parametrize(("asking", "local", "expected"), CASES)
def test_who_is_told_and_when(asking, local, expected):
    """ESC-09, ESC-10, ESC-11: quiet hours are the community's wall clock, their end is not quiet any more."""
    assert told(asking, local) == expected


NOBODY = [
    # a deputy stands for who is absent (ESC-11)
    (("S02",), "service_manager", "", "11-05 12:00", [("S01", "project_manager", "deputy", None)]),
    # at night the deputy is off duty too
    (
        ("S02",),
        "service_manager",
        "",
        "11-05 23:40",
        [ON_CALL, ("S01", "project_manager", "deputy", "11-06 07:00")],
    ),
    # role and deputies away: the level after it, and the operators are alerted
    (
        ("S02", "S01", "S22"),
        "service_manager",
        "duty_supervisor",
        "11-05 12:00",
        [("S06", "duty_supervisor", "next_level", None)],
    ),
    (
        ("S02", "S01", "S22"),
        "service_manager",
        "engineering_lead",
        "11-05 12:00",
        [("S08", "engineering_lead", "next_level", None), ("S06", "dispatch_operator", "alert", None)],
    ),
    # nobody above either: the operators on duty alone
    (("S02", "S01", "S22"), "service_manager", "", "11-05 12:00", [("S06", "dispatch_operator", "alert", None)]),
    (("S02", "S01", "S22"), "service_manager", "", "11-05 23:40", [("S07", "dispatch_operator", "alert", None)]),
    # no operator on duty either: whoever is on call
    (("S02", "S01", "S22", "S07"), "project_manager", "", "11-05 23:40", [("S11", "duty_supervisor", "alert", None)]),
    # nobody on call at night: the addressee is told at once
    (("S07", "S11"), "service_manager", "", "11-05 23:40", [SERVICE_MANAGER]),
    (
        ("S07", "S11"),
        "project_manager",
        "",
        "11-05 23:40",
        [("S02", "service_manager", "stands_in", None), ("S01", "project_manager", "holder", "11-06 07:00")],
    ),
    # everybody away: those who hold it all the same, for nothing is dropped
    (
        tuple(FILE.members),
        "service_manager",
        "",
        "11-05 12:00",
        [("S02", "service_manager", "last_resort", None)],
    ),
]


@pytest.mark.parametrize(("absent", "role", "above", "local", "expected"), NOBODY)
def test_a_role_that_nobody_holds(absent, role, above, local, expected):
    """ESC-11: deputy, then the next level, and the operators are alerted; somebody is always told at once."""
    found = told(asked(role, above=above), local, away(*absent))
    assert found == expected
    assert any(not_before is None for *_, not_before in found)


ABOUT = [  # what is asked, whom the matter is about, who is told
    (asked("service_manager"), ["usr_S02"], [("S01", "project_manager", "deputy", None)]),
    (asked("first_contact", first_contact="usr_S03"), ["usr_S03"], [("S06", "duty_supervisor", "deputy", None)]),
    (
        asked("quality_department", above="service_manager"),
        ["usr_S22", "usr_S01"],
        [("S02", "service_manager", "next_level", None), ("S06", "dispatch_operator", "alert", None)],
    ),
    (asked("quality_department"), ["usr_S22", "usr_S01"], [("S06", "dispatch_operator", "alert", None)]),
    (asked("dispatch_operator"), ["usr_S06"], [("S07", "dispatch_operator", "holder", None)]),
    (asked("assignee", "suspension_decided", person="usr_S09"), ["usr_S09"], [("S08", "team_lead", "deputy", None)]),
]


@pytest.mark.parametrize(("asking", "about", "expected"), ABOUT)
def test_whom_a_matter_is_about_is_told_nothing_of_it(asking, about, expected):
    """DSP-13, ESC-11: not of a level, not as stand-in, not as the operator who is alerted."""
    spared = asking._replace(complained_of=frozenset(one.removeprefix("usr_") for one in about))
    assert told(spared, "11-05 12:00") == expected
    assert not {one.removeprefix("usr_") for one in about} & {staff for staff, *_ in told(spared, "11-05 23:40")}


def test_the_alert_is_a_notice_of_its_own():
    """ESC-11: topic `nobody_found`; whoever is told of the level already is not alerted beside it."""
    file = away("S02", "S01", "S22")
    found = choose(
        asked("service_manager", above="engineering_lead"), roster_of(file), Rules.of(file), at("11-05 12:00")
    )
    assert [(one.staff_id, one.topic) for one in found] == [("S08", "escalation"), ("S06", "nobody_found")]


REASONS = [
    ("service_manager", "major", "11-05 12:00", "S02", ("listed", "outside_quiet_hours")),
    ("service_manager", "urgent", "11-05 23:40", "S02", ("listed", "exempt_policy")),
    ("duty_supervisor", "major", "11-05 23:40", "S07", ("on_call", "exempt_role")),
    ("dispatch_operator", "major", "11-05 23:40", "S07", ("listed", "on_duty")),
    ("project_manager", "major", "11-05 23:40", "S01", ("listed", "quiet_hours")),
    ("project_manager", "major", "11-05 23:40", "S07", ("on_call", "off_duty_stand_in")),
]


@pytest.mark.parametrize(("role", "policy", "local", "person", "reasons"), REASONS)
def test_every_choice_says_why_in_stable_words(role, policy, local, person, reasons):
    """Design 4a.4: kept with the notice, beside the roster's version."""
    found = choose(asked(role, policy=policy), roster_of(FILE), Rules.of(FILE), at(local))
    assert next(one.reasons[:2] for one in found if one.staff_id == person) == reasons


def test_who_was_passed_over_is_told_too():
    """ESC-11: the notice to a deputy says who is away."""
    [found] = choose(asked("service_manager"), roster_of(away("S02")), Rules.of(FILE), at("11-05 12:00"))
    assert found.reasons == ("listed", "outside_quiet_hours", "service_manager: S02 absent")


def test_nobody_at_all_is_an_empty_answer():
    """ESC-11: a community that left the settings while its orders live; the caller notes it."""
    asking = asked("service_manager")._replace(community="gone")
    assert choose(asking, roster_of(FILE), Rules.of(FILE), at("11-05 23:40")) == ()


def test_without_quiet_hours_everybody_is_told_at_once():
    """ESC-09: the key may be left out."""
    file = changed((("notices", "staff_quiet_hours"), GONE))
    assert told(asked("project_manager"), "11-05 23:40", file) == [("S01", "project_manager", "holder", None)]


# ---- ST-22


def fired(case, clock):
    """What the outbox is given for each level of a clock that fired, as the process writes it."""
    levels = case.told(e.Escalated, clock)
    sealed = [
        SealedEvent(seq=n, type="work_order.escalated", at=one.at, recorded_at=one.at, body="", hash="")
        for n, one in enumerate(levels, 1)
    ]
    return list(zip(levels, outgoing(case.order, levels, sealed), strict=True))


def fed_back_never():
    """Received 11-04 15:40, answered and registered by the steward S03: `feedback` is due 11-05 15:40."""
    case = Case("11-04 15:40", pinned=terms(on=at("11-04 15:40").date()))
    case.act("11-04 15:42", "respond", STEWARD)
    case.act("11-04 15:45", "register", OPERATOR)
    return case


def persons(case, clock="feedback"):
    """Level, instant, and who is told when."""
    found = []
    for event, row in fired(case, clock):
        then = f"{event.at.astimezone(SHANGHAI):%m-%d %H:%M}"
        whom = [(staff, later) for staff, _, _, later in told(asking_of(row.topic, row.body), then)]
        found.append((event.level, then, whom))
    return found


def test_st_22_levels_acknowledged_in_time():
    """ST-22: level 3 falls into the quiet hours: S07 is told at 23:40, the project manager at 07:00."""
    case = fed_back_never()
    case.tick("11-05 15:50")
    case.act("11-05 16:00", "acknowledge", STEWARD, {"clock": "feedback"})
    case.tick("11-05 17:45")
    case.act("11-05 18:00", "acknowledge", SERVICE, {"clock": "feedback"})
    case.tick("11-05 23:41")
    assert persons(case) == [
        (1, "11-05 15:40", [("S03", None)]),
        (2, "11-05 17:40", [("S02", None)]),
        (3, "11-05 23:40", [("S07", None), ("S01", "11-06 07:00")]),
    ]


def test_st_22_nobody_acknowledges():
    """ST-22: levels 15:40, 16:10, 17:10, 19:10, each told at once: nobody sleeps yet."""
    case = fed_back_never()
    for level in ("15:40:01", "16:10:01", "17:10:01", "19:10:01"):
        case.tick(f"11-05 {level}")
    assert persons(case) == [
        (1, "11-05 15:40", [("S03", None)]),
        (2, "11-05 16:10", [("S02", None)]),
        (3, "11-05 17:10", [("S01", None)]),
        (4, "11-05 19:10", [("S22", None), ("S01", None)]),
    ]


def test_who_stands_in_for_a_first_contact_may_acknowledge():
    """ESC-05, ESC-11: told at night for the first contact, S07 has the addressee's role from the door."""
    case = Case("11-04 23:00", pinned=terms(on=at("11-04 23:00").date()))
    case.act("11-04 23:02", "respond", STEWARD)
    case.tick("11-05 23:01")
    assert [one.addressee for one in case.told(e.Escalated, "feedback")] == [Role.FIRST_CONTACT]
    roles = ("dispatch_operator", "duty_supervisor", "first_contact")
    case.act("11-05 23:05", "acknowledge", DUTY, {"clock": "feedback"}, roles=roles)


# ---- quiet hours


HOURS = [
    ("22:00-07:00", (1320, 1860)),
    ("22:00-07:00+1", (1320, 1860)),
    ("13:00-14:30", (780, 870)),
    ("00:00-06:00", (0, 360)),
    ("20:00-24:00", (1200, 1440)),
]


@pytest.mark.parametrize(("text", "expected"), HOURS)
def test_quiet_hours_are_read(text, expected):
    """ESC-09."""
    assert quiet_hours(text) == expected


@pytest.mark.parametrize("text", ["22-7", "22:00", "", "22:00-22:00", "25:00-07:00", "22:00-07:60", "nachts"])
def test_quiet_hours_that_can_not_be_read_are_refused(text):
    """ESC-09, OPS-06: a whole day would hold messages for ever."""
    with pytest.raises(BadCommunity) as bad:
        changed((("notices", "staff_quiet_hours"), text or "-"))
    assert [(fault.path, fault.code) for fault in bad.value.faults] == [
        ("notices.staff_quiet_hours", "bad_quiet_hours")
    ]


def test_a_community_with_nobody_to_tell_at_night_is_refused():
    """ESC-10, CLK-33."""
    night = [("on_call", 0, "day"), ("on_call", 0, "night")]
    with pytest.raises(BadCommunity) as bad:
        changed(*((way, ["S06"]) for way in night), (("deputies", "duty_supervisor"), GONE))
    told = [one for one in bad.value.faults if one.code == "nobody"]
    assert any("notices.staff_quiet_hours" in {one.path, *one.also} for one in told)


NIGHTS = [
    ("Asia/Shanghai", datetime(2026, 11, 5, 15, 40, tzinfo=UTC), datetime(2026, 11, 5, 23, tzinfo=UTC)),
    ("Asia/Shanghai", datetime(2026, 11, 5, 22, 59, tzinfo=UTC), datetime(2026, 11, 5, 23, tzinfo=UTC)),
    ("Asia/Shanghai", datetime(2026, 11, 5, 23, tzinfo=UTC), None),
    ("Asia/Shanghai", datetime(2026, 11, 5, 13, 59, 59, tzinfo=UTC), None),
    # a night of eight hours, and one of ten (CAL-10)
    ("America/Los_Angeles", datetime(2026, 3, 8, 6, tzinfo=UTC), datetime(2026, 3, 8, 14, tzinfo=UTC)),
    ("America/Los_Angeles", datetime(2026, 11, 1, 5, tzinfo=UTC), datetime(2026, 11, 1, 15, tzinfo=UTC)),
]


@pytest.mark.parametrize(("zone", "instant", "until"), NIGHTS)
def test_a_quiet_time_ends_by_the_wall_clock_of_its_zone(zone, instant, until):
    """ESC-09, CAL-10."""
    assert quiet_hours("22:00-07:00").until(zone, instant) == until


def test_asking_reads_what_the_outbox_says():
    """Design 4a.4: ids of the histories become ids of the roster."""
    body = {"role": "assignee", "community": "jinxiu", "policy": "major", "assignee": "usr_S10", "person": "usr_S09"}
    assert asking_of("suspension_decided", body) == Asking(
        "suspension_decided", Role.ASSIGNEE, (), "jinxiu", "major", None, None, "S09"
    )
    assert Way("stands_in") is Way.STANDS_IN


def test_a_row_of_before_policies_were_told_is_read_all_the_same():
    """Upgrades: what 0.1.0 left in the outbox."""
    body = {"role": "service_manager", "community": "jinxiu", "team": None, "first_contact": None, "assignee": None}
    assert told(asking_of("escalation", body), "11-05 12:00") == [SERVICE_MANAGER]
