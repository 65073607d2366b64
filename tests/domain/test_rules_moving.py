"""Running clocks under other terms: severity, recounts, reopening, and limits that end at an instant (CLK-24…31)."""

from datetime import date, timedelta

import pytest
from rules_sample import (
    BAD_CALL,
    CALLER,
    OPERATOR,
    PLUMBER,
    RESIDENT,
    SERVICE,
    WORDS,
    Case,
    at,
    brought_to,
    classification,
    outcomes,
    refolded,
    refused,
    sample,
    terms,
    window,
)

from domain import events as e
from domain.settings.catalogue import resolve
from domain.terms import MOVING_CLOCKS
from domain.timekeeping.calendars import calendar_from
from domain.timekeeping.explaining import explain

DAY = date(2026, 5, 12)


def pinned(severity, category="LIGHTING", on=DAY):
    return terms(category, on=on, severity=severity)


def classed(severity, **more):
    return {**classification(pinned(severity)), "reason": WORDS, **more}


def accepted_at_ten():
    """An ordinary repair, accepted at 10:05 on a Tuesday."""
    case = Case("05-12 10:01", pinned=pinned("ordinary"))
    for now, command, actor in (("10:02", "respond", OPERATOR), ("10:03", "register", OPERATOR)):
        case.act(f"05-12 {now}", command, actor)
    case.act("05-12 10:04", "dispatch", OPERATOR)
    case.act("05-12 10:05", "accept", PLUMBER)
    return case


def test_st_19_raising_severity_moves_a_clock_earlier_and_lowering_does_not_move_it_back():
    """ST-19 (CLK-24): 14:05, then 11:10; lowered again without approval: still 11:10."""
    case = accepted_at_ten()
    assert case.due("arrive") == at("05-12 14:05")
    [raised] = case.act("05-12 10:40", "reclassify", OPERATOR, classed("urgent"))
    assert case.due("arrive") == at("05-12 11:10")
    moved = {move.clock.value: move for move in raised.moved}
    assert (moved["arrive"].before_due_at, moved["arrive"].due_at) == (at("05-12 14:05"), at("05-12 11:10"))
    [lowered] = case.act("05-12 10:50", "reclassify", OPERATOR, classed("ordinary"))
    assert (case.due("arrive"), lowered.moved) == (at("05-12 11:10"), None)


def test_clk_24_a_manager_may_let_a_due_be_later():
    """CLK-24: only with a manager's approval; then the clock counts from its start under the new terms."""
    case = accepted_at_ten()
    case.act("05-12 10:40", "reclassify", OPERATOR, classed("urgent"))
    assert refused(case, "05-12 10:50", "reclassify", OPERATOR, classed("ordinary", move_later=True)) == "needs-manager"
    case.act("05-12 10:50", "reclassify", SERVICE, classed("ordinary", move_later=True))
    assert case.due("arrive") == at("05-12 14:05")


def test_clk_24_what_the_duty_took_counts_from_its_start():
    """CLK-22: a ledger begun anew forgets nothing: 35 min before the change and 10 after it."""
    case = accepted_at_ten()
    case.act("05-12 10:40", "reclassify", OPERATOR, classed("urgent"))
    case.act("05-12 10:50", "arrive", PLUMBER)
    [stopped] = case.told(e.ClockStopped, "arrive")
    assert (stopped.outcome, stopped.consumed_microseconds) == ("met", 45 * 60 * 10**6)
    assert refolded(case.bodies(), case.order.shelf).clocks == case.order.clocks


def test_clk_24_a_clock_that_stands_still_is_moved_as_well():
    """CLK-24, CLK-19: it keeps standing still; resumed, the new limit begins."""
    case = accepted_at_ten()
    wish = {"pause_reason": "owner_absent", "expected_end_at": at("05-12 15:00").isoformat()}
    case.act("05-12 10:30", "suspend", PLUMBER, wish)
    case.act("05-12 10:40", "reclassify", OPERATOR, classed("urgent"))
    assert case.clock("arrive").suspended
    case.act("05-12 11:00", "resume", PLUMBER)
    assert case.due("arrive") == at("05-12 11:30")


def test_clk_24_a_breach_that_was_recorded_stays_where_it_is():
    """CLK-24, AUD-02: no new due for what is overdue already."""
    case = accepted_at_ten()
    case.tick("05-12 14:06")
    case.act("05-12 14:10", "reclassify", OPERATOR, classed("urgent"))
    assert case.due("arrive") == at("05-12 14:05")


def test_clk_24_warnings_go_by_the_new_limit_and_each_is_given_once():
    """ESC-01, CLK-24: 50 and 80 % of the half hour from 10:40; a per cent that was told is not told again."""
    case = accepted_at_ten()
    case.act("05-12 10:40", "reclassify", OPERATOR, classed("urgent"))
    case.tick("05-12 11:09")
    told = [(event.percent, event.at) for event in case.told(e.ClockWarned, "arrive")]
    assert told == [(50, at("05-12 10:55")), (80, at("05-12 11:04"))]


def test_terms_of_before_move_no_clock():
    """Histories are evidence: an order reclassified under older terms replays as it was decided."""
    case = accepted_at_ten()
    older = pinned("urgent").model_copy(update={"v": MOVING_CLOCKS - 1}).pinned()
    case.act("05-12 10:40", "reclassify", OPERATOR, {**classification(older), "reason": WORDS})
    assert case.due("arrive") == at("05-12 14:05")


# ---- Reclock


def confirmed_2027():
    """The sample with the holidays of 2027 announced: New Year to Sunday 3 January, Monday the 4th closed as well."""
    table = {"name": "元旦", "from": date(2027, 1, 1), "to": date(2027, 1, 4), "statutory": (date(2027, 1, 1),)}
    written = sample().model_dump(by_alias=True)
    written["holiday_data"]["CN"]["2027"] = {"status": "confirmed", "blocks": [table], "makeup_workdays": []}
    for entry in written["calendar"]:
        if entry["confirmed_until"]:
            entry["confirmed_until"] = date(2027, 12, 31)
    return type(sample()).model_validate(written)


def office_hour(file=None):
    """Terms of an arrival within one hour of the office."""
    found = resolve(file or sample(), community="jinxiu", category="LIGHTING", on=date(2026, 12, 31))
    office = next(at for at, row in enumerate(found.calendars) if row.id == "office")
    clocks = tuple(r._replace(limit="1h", calendar=office) if r.name == "arrive" else r for r in found.clocks)
    return found.model_copy(update={"clocks": clocks}).pinned()


def test_st_15_a_provisional_due_stays_until_it_is_recounted():
    """ST-15 (CAL-11, CLK-31): flagged; new holiday data are a new version and move nothing before `Reclock`."""
    before, after = office_hour(), office_hour(confirmed_2027())
    case = Case("2026-12-31 16:56", pinned=before)
    for minute, command in ((57, "respond"), (58, "register"), (59, "dispatch")):
        case.act(f"2026-12-31 16:{minute}", command, OPERATOR)
    case.act("2026-12-31 17:00", "accept", PLUMBER)
    [started] = case.told(e.ClockStarted, "arrive")
    assert (started.due_at, started.provisional) == (at("2027-01-04 09:00"), True)
    versions = [{row.version for row in one.calendars if row.id == "office"} for one in (before, after)]
    assert versions[0] & versions[1] == set()
    case.tick("2027-01-01 08:00")
    assert case.due("arrive") == at("2027-01-04 09:00")
    [recount] = case.act("2027-01-01 09:00", "reclock", SERVICE, {**classification(after), "reason": WORDS})
    [move] = [one for one in recount.moved if one.clock == "arrive"]
    assert (move.before_due_at, move.due_at) == (at("2027-01-04 09:00"), at("2027-01-05 09:00"))
    assert (move.provisional, case.due("arrive")) == (None, at("2027-01-05 09:00"))
    assert explain(case.order, case.clock("arrive"), at("2027-01-01 09:00")).counted == timedelta(hours=1)


def test_clk_31_a_recount_keeps_pauses_and_never_falls_due_in_the_past():
    """CLK-31: what stood still stays uncounted; a limit that is over by the new count is due now."""
    case = accepted_at_ten()
    wish = {"pause_reason": "owner_absent", "expected_end_at": at("05-12 15:00").isoformat()}
    case.act("05-12 10:35", "suspend", PLUMBER, wish)
    case.act("05-12 11:35", "resume", PLUMBER)
    tight = pinned("ordinary").model_copy(update={"version": "2026.2"})
    clocks = tuple(r._replace(limit="2h") if r.name == "arrive" else r for r in tight.clocks)
    two_hours = tight.model_copy(update={"clocks": clocks}).pinned()
    case.act("05-12 11:40", "reclock", SERVICE, {**classification(two_hours), "reason": WORDS})
    assert case.due("arrive") == at("05-12 13:05")
    clocks = tuple(r._replace(limit="20m") if r.name == "arrive" else r for r in tight.clocks)
    over = tight.model_copy(update={"clocks": clocks, "version": "2026.3"}).pinned()
    case.act("05-12 12:00", "reclock", SERVICE, {**classification(over), "reason": WORDS})
    assert case.due("arrive") == at("05-12 12:00")
    case.tick("05-12 12:00:01")
    assert [event.at for event in case.told(e.ClockBreached, "arrive")] == [at("05-12 12:00")]


def test_clk_31_reclock_changes_no_class_and_needs_new_terms():
    """CLK-31: the class of a matter is changed by `Reclassify` alone."""
    case = accepted_at_ten()
    assert refused(case, "05-12 11:00", "reclock", SERVICE, classed("urgent")) == "reclassify-instead"
    assert refused(case, "05-12 11:00", "reclock", SERVICE, classed("ordinary")) == "same-terms"
    case.act(
        "05-12 11:00", "reclock", SERVICE, {**classification(pinned("ordinary", on=date(2026, 8, 1))), "reason": WORDS}
    )
    assert case.order.classified is False


# ---- reopening


def reopened(rule):
    """Feedback told after 20 h of its 24, called back badly."""
    file = sample().model_copy(update={"callback": sample().callback.model_copy(update={"reopen_clock_rule": rule})})
    found = resolve(file, community="jinxiu", category="WATER_LEAK", on=date(2026, 3, 10))
    case = brought_to("handling", "03-10 09:00", found)
    case.act("03-11 05:00", "complete_handling", PLUMBER)
    case.act(
        "03-11 05:00", "give_feedback", OPERATOR, {"kind": "result", "by": "phone", "found": WORDS, "words": WORDS}
    )
    [again, *_] = [
        event for event in case.act("03-11 15:00", "record_callback", CALLER, BAD_CALL) if type(event) is e.Reopened
    ]
    return case, again


RULES = [("fresh", "03-12 15:00", 24), ("continue", "03-11 19:00", 4)]


@pytest.mark.parametrize(("rule", "due", "hours"), RULES)
def test_clk_25_a_reopened_case_counts_afresh_or_goes_on(rule, due, hours):
    """CLK-25: the rule and the new dues are recorded; the age since first reception goes on."""
    case, again = reopened(rule)
    [started] = [event for event in case.told(e.ClockStarted, "feedback") if event.generation == 2]
    assert (again.rule, again.generation, started.due_at) == (rule, 2, at(due))
    assert started.carried_microseconds == (None if rule == "fresh" else 20 * 3600 * 10**6)
    assert explain(case.order, case.clock("feedback"), at("03-11 15:00")).counted == timedelta(hours=hours)
    assert case.order.received_at == at("03-10 09:00")
    assert refolded(case.bodies(), case.order.shelf).clocks == case.order.clocks


def test_clk_25_a_clock_that_was_used_up_is_overdue_at_once_when_it_goes_on():
    """CLK-25: an old breach stays, and the second life has no time of its own."""
    file = sample().model_copy(
        update={"callback": sample().callback.model_copy(update={"reopen_clock_rule": "continue"})}
    )
    case = brought_to(
        "handling", "03-10 09:00", resolve(file, community="jinxiu", category="WATER_LEAK", on=date(2026, 3, 10))
    )
    case.act("03-12 09:00", "complete_handling", PLUMBER)
    case.act(
        "03-12 09:10", "give_feedback", OPERATOR, {"kind": "result", "by": "phone", "found": WORDS, "words": WORDS}
    )
    case.act("03-12 10:00", "record_callback", CALLER, BAD_CALL)
    case.tick("03-12 10:00:01")
    breaches = [(event.generation, event.at) for event in case.told(e.ClockBreached, "feedback")]
    assert breaches == [(1, at("03-11 09:00")), (2, at("03-12 10:00"))]


# ---- limits that end at an instant


def office_terms(name, limit):
    """Terms in which one clock counts in the office."""
    found = terms("LIGHTING", on=date(2026, 9, 30))
    office = next(at for at, row in enumerate(found.calendars) if row.id == "office")
    clocks = tuple(r._replace(limit=limit, calendar=office) if r.name == name else r for r in found.clocks)
    return found.model_copy(update={"clocks": clocks}).pinned()


def test_clk_29_days_end_at_midnight_though_the_office_closes():
    """CLK-29: `2d` from 09-30 end at 24:00 of the next open day, 10-08, not at the close of the office."""
    case = Case("09-30 16:00", pinned=office_terms("register", "2d"))
    assert case.due("register") == at("10-09 00:00")
    told = explain(case.order, case.clock("register"), at("10-01 10:00"))
    assert (told.counted, told.closures) == (at("10-09 00:00") - at("09-30 16:00"), ())
    assert [part.kind.value for part in told.parts] == ["always"]


def test_clk_11_a_window_ends_when_it_was_said_to_end():
    """CLK-11, CLK-29: also where the promise's calendar is closed then."""
    case = brought_to("dispatch", "09-30 16:00", office_terms("promise", "window_end"))
    case.act("09-30 17:00", "promise", OPERATOR, window("09-30 18:00", "09-30 20:00"))
    assert case.due("promise") == at("09-30 20:00")


def test_clk_29_a_working_day_still_ends_at_its_close():
    """CLK-29: `wd` and hours count open time as before."""
    case = Case("09-30 16:45", pinned=office_terms("register", "3wd"))
    assert case.due("register") == at("10-10 17:30")


# ---- completion, and what is set for whom


def test_clk_36_overall_completion_is_a_matter_of_settings():
    """CLK-36: 办结 is timed where a policy writes a limit, from reception to the end, again after a reopening."""
    written = sample().model_dump(by_alias=True)
    row = {"limit": "3d", "calendar": "always", "ladder": "slow", "accountable": "project_manager"}
    written["default"]["clocks"]["completion"] = row
    file = type(sample()).model_validate(written)
    found = resolve(file, community="jinxiu", category="WATER_LEAK", on=date(2026, 7, 8))
    case = brought_to("closed", "07-08 10:00", found)
    assert (case.told(e.ClockStarted, "completion")[0].due_at, outcomes(case, "completion")) == (
        at("07-12 00:00"),
        ["met"],
    )
    case.act("07-09 10:00", "reopen", RESIDENT)
    assert case.due("completion") == at("07-13 00:00")
    assert outcomes(Case("07-08 10:00"), "completion") == []


@pytest.mark.parametrize("category", ["WATER_LEAK", "NOISE"])
def test_clk_04_response_and_feedback_are_timed_for_repairs_and_complaints(category):
    """CLK-04: both, at once, from reception."""
    found = terms(category)
    assert found.kind in {"repair", "complaint"}
    case = Case("07-08 10:00", pinned=found)
    assert (case.due("response"), case.due("feedback")) == (at("07-08 10:15"), at("07-09 10:00"))


def test_explained_segments_name_holidays_and_make_up_days():
    """CLK-30, CAL-05, CAL-08: the sum is exact; closed days by name, the make-up day as a part of its own."""
    case = Case("09-30 16:45", pinned=office_terms("register", "24h"))
    told = explain(case.order, case.clock("register"), at("10-09 09:00"))
    assert told.counted == timedelta(hours=24)
    assert told.due_at == case.due("register") == at("10-12 09:15")
    assert {(day.name, day.kind) for day in told.closures if day.name} == {
        ("国庆节", "statutory"),
        ("国庆节", "bridge"),
        ("国庆节", "block"),
    }
    assert [part.name for part in told.parts if part.kind == "makeup"] == ["调休上班", "调休上班"]
    assert [warned.given for warned in told.warnings] == [False]
    assert [step.role.value for step in told.steps][:1] == ["first_contact"]


def test_a_calendar_of_the_terms_is_what_explains():
    """CLK-31: version and source stand beside the sum."""
    case = Case("07-08 10:00")
    told = explain(case.order, case.clock("response"), at("07-08 10:05"))
    assert (told.source, told.limit, told.consumed) == ("policy", "15m", timedelta(minutes=5))
    row = case.order.terms.calendar_of(case.order.terms.clocks[0])
    assert (told.calendar_version, told.calendar) == (row.version, calendar_from(row))
