"""The service catalogue resolves one matter to compact, pinned terms (CLK-08, CLK-31)."""

import tomllib
from copy import deepcopy
from datetime import UTC, date, datetime
from pathlib import Path

import pytest

from domain.refusals import Refused
from domain.settings import catalogue
from domain.settings.reading import read
from domain.terms import Terms
from domain.timekeeping.calendars import calendar_from
from domain.timekeeping.limits import due, parse
from domain.vocabulary import ClockName, Kind, Pausable, Role, Severity

DOCUMENT = tomllib.loads((Path(__file__).parents[2] / "examples" / "community.toml").read_text())
FILE = read(DOCUMENT)
SUMMER = date(2026, 6, 1)
MAX_BYTES = 6000


def changed(*changes):
    document = deepcopy(DOCUMENT)
    for way, value in changes:
        place = document
        for part in way[:-1]:
            place = place.setdefault(part, {}) if isinstance(place, dict) else place[part]
        place[way[-1]] = value
    return read(document)


def resolve(category="WATER_LEAK", community="jinxiu", file=FILE, on=SUMMER, **more):
    return catalogue.resolve(file, community=community, category=category, on=on, **more)


def clock(terms, name):
    row = terms.clock(ClockName(name))
    return row.limit, terms.calendar_of(row).id, terms.ladder_of(row).id, row.accountable.value, row.source


LIMITS = [
    ("LIFT_TRAPPED", "jinxiu", "arrive", ("30m", "always", "contractor", "contractor_lead", "category")),
    ("LIFT_FAULT", "jinxiu", "arrive", ("1h", "always", "contractor", "contractor_lead", "category")),
    ("WATER_LEAK", "jinxiu", "arrive", ("2h", "service_desk", "day", "assignee", "policy")),
    ("WATER_LEAK", "jinxiu", "recovery", ("24h", "always", "manager", "service_manager", "default")),
    ("WATER_LEAK", "jinxiu", "response", ("15m", "always", "fast", "dispatch_operator", "policy")),
    ("FEES", "yangguang", "feedback", ("24h", "always", "day", "first_contact", "policy")),
    ("GLAZING", "yangguang", "handling", ("3wd", "office", "slow", "assignee", "policy")),
    ("GLAZING", "sf-housing", "handling", ("5wd", "sf_office", "slow", "assignee", "community")),
    ("GLAZING", "sf-housing", "callback", ("33h", "sf_contact", "callback", "callback_officer", "community")),
    ("GLAZING", "sf-housing", "feedback", ("24h", "sf_always", "day", "first_contact", "policy")),
    ("GLAZING", "sf-housing", "rectify", ("plan_date", "sf_office", "slow", "assignee", "default")),
    ("NOISE", "sf-housing", "promise", ("window_end", "sf_always", "day", "first_contact", "default")),
    ("PRAISE", "jinxiu", "response", ("24h", "always", "none", "dispatch_operator", "policy")),
]


@pytest.mark.parametrize(("category", "community", "name", "expected"), LIMITS, ids=lambda one: str(one)[:20])
def test_limits_are_looked_up_from_the_nearest_place(category, community, name, expected):
    """CLK-08, CLK-02, CLK-03, CAL-14: category, community, class policy, default, key by key, with the source named."""
    assert clock(resolve(category, community), name) == expected


def test_the_four_places_are_looked_up_key_by_key():
    """CLK-08: each key comes from the first place that writes it; the source is where the limit stands."""
    file = changed(
        (("category", 0, "override"), {"arrive": {"ladder": "contractor"}}),
        (("community_policy",), [{"community": "jinxiu", "policy": "major", "clocks": {"arrive": {"limit": "90m"}}}]),
    )
    assert clock(resolve(file=file), "arrive") == ("90m", "service_desk", "contractor", "assignee", "community")
    assert clock(resolve(file=file, community="yangguang"), "arrive")[::4] == ("2h", "policy")
    file = changed((("category", 0, "override"), {"arrive": {"limit": "20m"}}))
    assert clock(resolve(file=file), "arrive") == ("20m", "service_desk", "day", "assignee", "category")


def test_names_of_a_community_stand_instead_of_the_common_ones():
    """Glossary 11, `instead`: clocks, ladders, pauses and teams of sf-housing never touch a Chinese calendar."""
    terms = resolve("GLAZING", "sf-housing")
    assert {row.id for row in terms.calendars} <= {"sf_always", "sf_office", "sf_desk", "sf_contact"}
    assert {row.zone for row in terms.calendars} == {"America/Los_Angeles"}
    assert [catalogue.team_of(FILE, "GLAZING", one) for one in ("jinxiu", "sf-housing")] == ["handyman", "sf-trades"]


POLICIES = [
    ("WATER_LEAK", None, None, "major", "major", "repair"),
    ("WATER_LEAK", Severity.URGENT, None, "urgent", "urgent", "repair"),
    ("WATER_LEAK", Severity.ORDINARY, None, "ordinary", "ordinary", "repair"),
    ("LIFT_TRAPPED", Severity.ORDINARY, None, "ordinary", "ordinary", "repair"),
    ("NOISE", Severity.MAJOR, Kind.COMPLAINT, "major", "major", "complaint"),
    ("ADVICE", None, None, "advice", "ordinary", "advice"),
    ("ADVICE", Severity.URGENT, None, "advice", "urgent", "advice"),
    ("ADVICE", None, Kind.COMPLAINT, "ordinary", "ordinary", "complaint"),
    ("ADVICE", Severity.MAJOR, Kind.REPAIR, "major", "major", "repair"),
    ("FEES", None, Kind.ADVICE, "advice", "ordinary", "advice"),
    ("STAFF_ATTITUDE", None, Kind.PRAISE, "praise", "major", "praise"),
    ("PRAISE", None, None, "praise", "ordinary", "praise"),
]


@pytest.mark.parametrize(("category", "severity", "kind", "policy", "is_severity", "is_kind"), POLICIES)
def test_the_policy_follows_severity_and_kind(category, severity, kind, policy, is_severity, is_kind):
    """CLK-08, INT-09, INT-17: the decided severity picks the policy of repairs and complaints, the kind the others."""
    terms = resolve(category, severity=severity, kind=kind)
    assert (terms.policy, terms.severity.value, terms.kind.value) == (policy, is_severity, is_kind)


def test_a_category_may_have_a_policy_of_its_own_until_another_severity_is_decided():
    """CLK-08: nothing but the settings decides which limits hold."""
    own = {"id": "lift", "name": "电梯", "clocks": {"arrive": {"limit": "10m"}}}
    file = changed((("policy",), [*DOCUMENT["policy"], own]), (("category", 0, "policy"), "lift"))
    decided = [resolve(file=file, severity=one).policy for one in (None, "ordinary", "urgent")]
    assert decided == ["lift", "lift", "urgent"]


def test_only_the_clocks_that_apply_are_there():
    """INT-17, glossary 11 `applies`: praise has one clock, advice ten, a repair all sixteen in their fixed order."""
    assert [row.name.value for row in resolve("PRAISE").clocks] == ["response"]
    assert len(resolve("ADVICE").clocks) == 10
    assert [row.name for row in resolve().clocks] == [name for name in ClockName if name is not ClockName.COMPLETION]


def test_praise_carries_no_pauses_and_one_calendar():
    """CLK-17: what no clock can use is not pinned."""
    terms = resolve("PRAISE")
    assert (terms.pauses, terms.pause_total_cap_s, len(terms.calendars), len(terms.ladders)) == ((), None, 1, 1)


def test_warnings_come_from_the_policy():
    """ESC-01: per cents of the limit."""
    warned = [resolve(one).clocks[0].warn for one in ("LIFT_TRAPPED", "GLAZING", "PRAISE")]
    assert warned == [(50, 80), (80,), ()]


def test_ladders_are_written_in_seconds():
    """ESC-03, ESC-15: `slow` counts in office hours and opens the recovery at level 3."""
    terms = resolve()
    slow = next(row for row in terms.ladders if row.id == "slow")
    assert terms.calendars[slow.calendar].id == "office"
    assert [(step.after_s, step.to.value, step.ack_within_s, step.action.value) for step in slow.levels] == [
        (0, "team_lead", 7200, "notify"),
        (27000, "service_manager", 12600, "notify"),
        (81000, "project_manager", 27000, "service_recovery"),
    ]


def test_only_listed_clocks_pause_and_each_reason_has_its_cap():
    """CLK-17, CLK-18, CLK-20."""
    terms = resolve()
    assert {row.name.value: row.pausable for row in terms.clocks if row.pausable is not Pausable.NEVER} == {
        "arrive": Pausable.YES,
        "rectify": Pausable.APPROVAL,
        "sign_off": Pausable.YES,
        "handling": Pausable.YES,
    }
    parts = terms.pauses[0]
    assert (parts.code, parts.cap_s, parts.approval_above_s, parts.approver) == (
        "waiting_parts",
        135000,
        27000,
        Role.ENGINEERING_LEAD,
    )
    assert (terms.pause_total_cap_s, terms.calendars[terms.pause_calendar or 0].id) == (540000, "office")


def test_a_plan_is_required_where_the_category_says_so():
    """CLK-09."""
    assert [resolve(one).plan_required for one in ("WALL_LEAK", "WATER_LEAK")] == [True, False]


def test_vague_words_are_numbers():
    """CLK-16: 立即 is the limit of `verify`, 当天 the end of the day."""
    now, today = FILE.vague_words["立即"], FILE.vague_words["当天"]
    assert clock(resolve(), now.clock or "")[:2] == ("30m", "service_desk")
    assert today.until == "end_of_day"


def test_every_entry_of_the_sample_fits_into_six_kilobytes(record_property):
    """Design 4a.3: every category × community × severity, on the day with the most holidays around it and another."""
    days = [date(2026, 2, 9), date(2026, 6, 1)]
    wishes = [
        (estate.id, entry.code) for estate in FILE.community for entry in catalogue.categories_of(FILE, estate.id)
    ]
    sizes = {}
    for on in days:
        for community, code in wishes:
            for severity in Severity:
                terms = resolve(code, community, on=on, severity=severity)
                sizes[len(terms.model_dump_json().encode())] = f"{code} in {community}, {severity}, {on}"
    print(f"largest terms: {max(sizes)} bytes, {sizes[max(sizes)]}")  # noqa: T201 - the figure of the report
    record_property("largest_terms_bytes", max(sizes))
    assert max(sizes) <= MAX_BYTES


def test_terms_are_pinned_and_come_back_whole():
    """CLK-31: the digest stands in them, and their JSON reads back as the same terms."""
    terms = resolve("LIFT_TRAPPED")
    assert len(terms.digest) == 64
    assert Terms.model_validate_json(terms.model_dump_json()) == terms
    assert terms.pinned().digest == terms.digest
    assert resolve("LIFT_TRAPPED").digest == terms.digest
    assert resolve("LIFT_TRAPPED", file=changed((("version",), "2026.2"))).digest != terms.digest


def test_each_calendar_and_ladder_stands_there_once():
    """Design 4a.3: rows by position."""
    terms = resolve("LIFT_TRAPPED")
    for rows in (terms.calendars, terms.ladders):
        assert len({row.id for row in rows}) == len(rows)
    assert len(terms.ladders) == 6


REFUSED = [
    ("LIFT_TRAPPED", "yangguang", "unknown-category"),
    ("LIFT_FAULT", "sf-housing", "unknown-category"),
    ("WATER_LEAK", "sf-housing", "unknown-category"),
    ("NO_SUCH", "jinxiu", "unknown-category"),
    ("GLAZING", "nowhere", "unknown-community"),
]


@pytest.mark.parametrize(("category", "community", "code"), REFUSED)
def test_what_a_community_does_not_offer_is_refused_with_what_it_does(category, community, code):
    """CLK-08, INT-15: a lift complaint from 阳光里 is answered, not lost."""
    for ask in (lambda: resolve(category, community), lambda: catalogue.team_of(FILE, category, community)):
        with pytest.raises(Refused) as refused:
            ask()
        assert refused.value.code == code
        assert "GLAZING" in str(refused.value) or "jinxiu" in str(refused.value)


def test_a_matter_without_a_category_is_general_repair():
    """INT-09: decided later, timed at once."""
    assert resolve(None).category == catalogue.catch_all(FILE, "yangguang") == "GENERAL_REPAIR"


def test_a_community_lists_what_it_offers():
    """Traps of the sample: lifts exist in 锦绣花园 only."""
    offered = {one.id: {entry.code for entry in catalogue.categories_of(FILE, one.id)} for one in FILE.community}
    assert (len(offered["jinxiu"]), len(offered["yangguang"]), len(offered["sf-housing"])) == (28, 26, 7)
    assert offered["jinxiu"] - offered["yangguang"] == {"LIFT_TRAPPED", "LIFT_FAULT"}


DUES = [
    (
        "WATER_LEAK",
        "handling",
        "8h",
        datetime(2026, 9, 30, 8, 45, tzinfo=UTC),
        datetime(2026, 10, 8, 9, 15, tzinfo=UTC),
    ),
    ("WATER_LEAK", "handling", "1h", datetime(2025, 12, 31, 9, tzinfo=UTC), datetime(2026, 1, 4, 1, tzinfo=UTC)),
    ("WATER_LEAK", "handling", "1h", datetime(2026, 12, 31, 9, tzinfo=UTC), datetime(2027, 1, 4, 1, tzinfo=UTC)),
    ("WATER_LEAK", "handling", "3wd", datetime(2026, 2, 14, 2, tzinfo=UTC), datetime(2026, 2, 26, 9, 30, tzinfo=UTC)),
]


@pytest.mark.parametrize(("category", "name", "limit", "start", "expected"), DUES)
def test_pinned_calendars_count_like_the_stories(category, name, limit, start, expected):
    """ST-04, ST-08, ST-15, ST-09 (CAL-04, CAL-05, CAL-06, CAL-11): the terms of the day of reception are enough."""
    terms = resolve(category, on=start.date())
    row = terms.clock(ClockName(name))
    assert due(parse(limit), start, calendar_from(terms.calendar_of(row))) == expected
