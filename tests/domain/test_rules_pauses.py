"""Pauses: who may stop which clocks, for how long, and what the ledger says of it (CLK-17…22, ST-16, ST-17)."""

from datetime import timedelta

import pytest
from rules_sample import LEAD, OPERATOR, PLUMBER, PROJECT, SERVICE, WORDS, Case, at, refused, terms

from domain import events as e
from domain.timekeeping.explaining import explain
from domain.vocabulary import ClockName, Outcome, Pausable

HOUR = timedelta(hours=1)


def paused_terms(on, limit="8h", only=("handling",), **rows):
    """The sample's terms with one limit of the test's own; `only` names the clocks beside those of reception."""
    pinned = terms("LIGHTING", on=at(on).date())
    keep = {"response", "register", "feedback", *only}
    clocks = tuple(row for row in pinned.clocks if row.name in keep)
    clocks = tuple(row._replace(limit=limit) if row.name == "handling" else row for row in clocks)
    return pinned.model_copy(update={"clocks": clocks, **rows}).pinned()


def handled(start, pinned=None, minutes=4):
    """A case whose handling begins at a time, received a little before."""
    begins = at(start)
    case = Case((begins - timedelta(minutes=minutes)).isoformat(), pinned=pinned or paused_terms(start))
    for ahead, command in ((3, "respond"), (2, "register"), (1, "dispatch")):
        case.act(begins - timedelta(minutes=ahead), command, OPERATOR)
    case.act(begins, "accept", PLUMBER)
    return case


def pause(until, reason="waiting_parts"):
    return {"pause_reason": reason, "expected_end_at": at(until).isoformat(), "words": WORDS}


def test_st_16_a_pause_counts_in_the_clocks_own_open_time():
    """ST-16 (CLK-19): nights and a weekend inside a pause add nothing; 7 h 30 stand still, not 72 h."""
    case = handled("03-05 14:00")
    assert case.due("handling") == at("03-06 14:30")
    case.act("03-06 10:00", "suspend", PLUMBER, pause("03-06 17:00"))
    assert case.clock("handling").consumed == 5 * HOUR
    [freed] = case.act("03-09 10:00", "resume", PLUMBER)[-1].clocks
    assert freed.due_at == case.due("handling") == at("03-09 14:30")
    told = explain(case.order, case.clock("handling"), at("03-09 10:00"))
    assert [stood.open_time for stood in told.stands] == [timedelta(hours=7, minutes=30)]
    assert told.counted == 8 * HOUR


ST_17 = [
    ("owner_absent", "04-03 16:00", "04-07 09:00", "04-08 16:00"),
    ("waiting_parts", "04-29 15:00", "04-30 15:00", "05-09 15:00"),
]


@pytest.mark.parametrize(("reason", "since", "expected", "resumed"), ST_17)
def test_st_17_a_pause_ends_by_itself_at_its_cap(reason, since, expected, resumed):
    """ST-17 (CLK-20): at the very instant, by the timer, with the due it leads to."""
    case = handled(since, paused_terms(since, "200h"), minutes=6)
    case.act(at(since), "suspend", PLUMBER, pause(expected, reason))
    assert case.told(e.Suspended)[0].cap_at == at(resumed)
    case.tick(at(resumed))
    assert case.told(e.Resumed) == []
    case.tick(at(resumed) + timedelta(microseconds=1))
    [over] = case.told(e.Resumed)
    assert (over.at, over.because, over.author.cause) == (at(resumed), "cap", "timer")
    assert over.clocks[0].due_at == case.due("handling")
    assert case.tick(at(resumed) + HOUR) == []


def test_clk_17_a_long_pause_needs_somebody_elses_approval():
    """CLK-17: above the reason's threshold only by request; the clock runs on until it is granted."""
    case = handled("03-05 14:00")
    wish = pause("03-09 12:00")
    assert refused(case, "03-05 14:10", "suspend", PLUMBER, wish) == "needs-approval"
    case.act("03-05 14:10", "request_suspension", PLUMBER, wish)
    assert case.clock("handling").suspended is False
    assert refused(case, "03-05 14:20", "request_suspension", PLUMBER, wish) == "request-open"
    assert refused(case, "03-05 14:20", "approve_suspension", SERVICE) == "forbidden"
    assert refused(case, "03-05 14:20", "approve_suspension", PLUMBER, roles=("engineering_lead",)) == "own-request"
    granted = case.act("03-05 15:00", "approve_suspension", LEAD)
    assert [type(event) for event in granted] == [e.SuspensionApproved, e.Suspended]
    assert (granted[1].author.cause, granted[1].clocks[0].consumed_microseconds) == ("rule", 3_600_000_000)
    assert case.order.request is None
    assert refused(case, "03-05 15:10", "approve_suspension", LEAD) == "no-request"


def test_clk_17_the_project_manager_decides_for_an_absent_approver_and_may_refuse():
    """CLK-17: a refused request leaves the clock as it was."""
    case = handled("03-05 14:00")
    case.act("03-05 14:10", "request_suspension", PLUMBER, pause("03-09 12:00"))
    before = case.clock("handling")
    case.act("03-05 14:30", "refuse_suspension", PROJECT)
    assert (case.order.request, case.clock("handling")) == (None, before)


def test_clk_17_some_clocks_are_never_paused_without_approval():
    """Glossary, section 3: `rectify` by approval only, however short the pause."""
    case = handled("03-05 14:00", paused_terms("03-05 14:00", only=("handling", "rectify", "sign_off")))
    case.act("03-05 14:05", "give_plan", PLUMBER, {"on": "2026-03-12", "words": WORDS})
    assert refused(case, "03-05 14:10", "suspend", PLUMBER, pause("03-05 14:30")) == "needs-approval"


def test_clk_18_the_owners_clocks_never_stand_still():
    """CLK-18: whatever a reason lists, only pausable clocks stop; those told to the owner run on."""
    pinned = paused_terms("03-05 14:00", only=("handling", "arrive"))
    wide = tuple(row._replace(clocks=tuple(ClockName)) for row in pinned.pauses)
    case = handled("03-05 14:00", pinned.model_copy(update={"pauses": wide}).pinned())
    case.act("03-05 14:10", "suspend", PLUMBER, pause("03-05 17:00"))
    standing = {clock.name.value for clock in case.order.running if clock.suspended}
    assert standing == {"handling", "arrive"}
    assert {row.name for row in pinned.clocks if row.pausable is not Pausable.NEVER} >= standing
    assert case.due("feedback") == at("03-06 13:56")


def test_clk_21_nothing_changes_when_there_is_nothing_to_change():
    """CLK-21: suspend twice, resume what runs, suspend what ended or never ran."""
    case = Case("03-05 13:56", pinned=paused_terms("03-05 14:00"))
    assert refused(case, "03-05 13:57", "suspend", PLUMBER) == "forbidden"  # received, waiting: nothing is paused
    case = handled("03-05 14:00")
    assert refused(case, "03-05 14:05", "resume", PLUMBER) == "not-suspended"
    case.act("03-05 14:10", "suspend", PLUMBER, pause("03-05 17:00"))
    assert refused(case, "03-05 14:11", "suspend", PLUMBER, pause("03-05 17:00")) == "already-suspended"
    case.act("03-05 14:20", "resume", PLUMBER)
    case.act("03-05 15:00", "complete_handling", PLUMBER)
    assert refused(case, "03-05 15:01", "suspend", PLUMBER, pause("03-05 17:00")) == "illegal-transition"


def test_a_breached_clock_cannot_be_silenced_by_a_pause():
    """CLK-17, ESC-07: the ladder goes on."""
    case = handled("03-05 14:00", paused_terms("03-05 14:00", "30m"))
    case.tick("03-05 14:31")
    assert refused(case, "03-05 14:40", "suspend", PLUMBER, pause("03-05 17:00")) == "nothing-to-suspend"


WRONG = [("whim", "03-05 17:00", "unknown-pause-reason"), ("waiting_parts", "03-05 14:05", "pause-end")]
WRONG += [("waiting_parts", "2027-09-05 14:05", "pause-end")]


@pytest.mark.parametrize(("reason", "until", "code"), WRONG)
def test_a_pause_needs_a_listed_reason_and_an_end_ahead(reason, until, code):
    """CLK-17: refused otherwise."""
    assert refused(handled("03-05 14:00"), "03-05 14:05", "suspend", PLUMBER, pause(until, reason)) == code


def test_clk_20_caps_add_up_over_the_life_of_an_order():
    """CLK-20: what one pause used is not there for the next; the total cap ends the pauses of all reasons."""
    case = handled("03-02 08:30", paused_terms("03-02 08:30", "200h"))
    case.act("03-02 08:40", "suspend", PLUMBER, pause("03-02 12:00", "owner_absent"))
    case.act("03-03 08:40", "resume", PLUMBER)  # 7 h 30 of 15 h used
    case.act("03-04 08:30", "suspend", PLUMBER, pause("03-04 12:00", "owner_absent"))
    assert case.order.pause.cap_at == at("03-04 17:30")
    case.tick("03-05 08:00")
    assert case.order.pause is None
    assert refused(case, "03-05 09:00", "suspend", PLUMBER, pause("03-05 12:00", "owner_absent")) == "pause-cap-used"
    case.act("03-05 09:00", "suspend", PLUMBER, pause("03-05 12:00", "weather"))
    assert case.order.pause.cap_at == at("03-10 09:00")


def test_clk_20_the_total_cap_holds_for_all_reasons_together():
    """CLK-20: the earlier of the two caps."""
    pinned = paused_terms("03-02 08:30", "200h", pause_total_cap_s=10 * 3600)
    case = handled("03-02 08:30", pinned)
    case.act("03-02 09:30", "suspend", PLUMBER, pause("03-02 12:00"))
    assert case.order.pause.cap_at == at("03-03 12:00")


def test_what_ends_while_it_stands_still_is_met_and_ends_its_pause():
    """CLK-21, CLK-26: the pause is over with the last clock that stood still; nothing fires for it later."""
    case = handled("03-05 14:00")
    case.act("03-05 15:00", "suspend", PLUMBER, pause("03-05 17:00"))
    case.act("03-05 16:00", "complete_handling", PLUMBER)
    clock, [over] = case.clock("handling"), case.told(e.Resumed)
    assert (clock.outcome, clock.consumed, over.because, over.clocks) == (Outcome.MET, HOUR, "ended", ())
    assert clock.stands[0].until == at("03-05 16:00")
    assert [one.until for one in case.order.pauses] == [at("03-05 16:00")]
    later = case.tick("03-20 08:00")
    assert not [event for event in later if isinstance(event, e.Resumed) or getattr(event, "clock", "") == "handling"]


@pytest.mark.parametrize("ends", ["withdraw", "return"])
def test_a_pause_does_not_outlive_what_it_stopped(ends):
    """CLK-21: withdrawn, all clocks end; given back, `arrive` ends and `handling` still stands still."""
    case = handled("03-05 14:00", paused_terms("03-05 14:00", only=("handling", "arrive", "dispatch")))
    case.act("03-05 14:10", "suspend", PLUMBER, pause("03-05 17:00"))
    case.act("03-05 14:20", ends, PLUMBER if ends == "return" else OPERATOR)
    standing = [clock.name.value for clock in case.order.running if clock.suspended]
    assert (standing, case.order.pause is None) == (["handling"], False) if ends == "return" else ([], True)


def test_clk_23_a_transfer_leaves_a_pause_as_it_is():
    """CLK-23: also what stands still keeps its ledger to the microsecond."""
    case = handled("03-05 14:00")
    case.act("03-05 14:10", "suspend", PLUMBER, pause("03-05 17:00"))
    before = case.clock("handling")
    case.act("03-05 14:20", "transfer", OPERATOR)
    assert case.clock("handling") == before


def test_clk_22_the_ledger_is_the_same_however_it_is_replayed():
    """CLK-22, AUD-01: rebuilt from the stored bytes alone, pauses included."""
    from rules_sample import refolded  # noqa: PLC0415 - next to its only use

    case = handled("03-05 14:00")
    case.act("03-05 14:10", "request_suspension", PLUMBER, pause("03-09 12:00"))
    case.act("03-05 15:00", "approve_suspension", LEAD)
    case.tick("03-20 08:00")
    rebuilt = refolded(case.bodies(), case.order.shelf)
    assert rebuilt == case.order.model_copy(update={"entered_at": rebuilt.entered_at})
    assert rebuilt.clocks == case.order.clocks
