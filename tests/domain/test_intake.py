"""Reception: the demand restated, the remedy answered, the owner's haste, and what is none of our business."""

import pytest
from rules_sample import (
    OPERATOR,
    PLUMBER,
    RESIDENT,
    SAMPLE,
    SERVICE,
    WORDS,
    Case,
    at,
    brought_to,
    refolded,
    refused,
    small_terms,
    terms,
)

from domain import events as e
from domain.intake.events import Proposal
from domain.intake.proposing import doubt_of, propose
from domain.notices.owner_words import in_full
from domain.settings.catalogue import resolve
from domain.settings.reading import parse
from domain.terms import ClockRow, LadderRow
from domain.vocabulary import ClockName, CloseReason, Demand, Outcome, Role, Severity, Stage

SKIP = {"skipped": "unreachable", "reason": WORDS}
SAFETY = {"skipped": "safety", "reason": WORDS}
RESULT = {"kind": "result", "by": "phone", "found": WORDS, "words": WORDS}
AWAY = {"kind": "out_of_scope", "by": "phone", "words": WORDS}
ADDRESS = {"referred_to": WORDS}
FILE = parse(SAMPLE.read_text())
POSTED = {"posted_at": at("07-08 09:00"), "channel": "owner_group"}


# ---- the demand restated


def test_the_reporters_yes_is_kept_with_its_time():
    """INT-07: what was restated, by which way he said yes, and when, stated for a conversation."""
    case = Case("07-08 10:00")
    case.act("07-08 10:05", "clarify", OPERATOR, {"words": WORDS, "by": "phone"}, stated_at=at("07-08 10:03"))
    (told,) = case.told(e.Clarified)
    assert (told.at, told.by, told.skipped) == (at("07-08 10:03"), "phone", None)
    assert (case.order.first_contact, case.clock("response").outcome) == (OPERATOR, Outcome.MET)
    assert refused(case, "07-08 10:06", "clarify", OPERATOR) == "already-done"
    assert refolded(case.bodies(), case.order.shelf).clarified == "agreed"


def test_nobody_reached_is_no_answer_to_the_owner():
    """INT-07, INT-14: skipped with its reason; the response clock runs on, and a yes may still follow."""
    case = Case("07-08 10:00")
    case.act("07-08 10:05", "clarify", OPERATOR, SKIP)
    assert (case.order.clarified, case.order.first_contact) == ("unreachable", None)
    assert case.clock("response").running
    assert refused(case, "07-08 10:06", "clarify", OPERATOR, SKIP) == "already-done"
    case.act("07-08 10:07", "clarify", OPERATOR)
    assert case.order.clarified == "agreed"


WRONG = [
    ({}, "clarify-or-skip"),
    ({"words": WORDS, **SKIP}, "clarify-or-skip"),
    ({"skipped": "unreachable"}, "skip-needs-reason"),
    (SAFETY, "no-safety-case"),
    ({"skipped": "in_a_hurry", "reason": WORDS}, "malformed-command"),
]


@pytest.mark.parametrize(("said", "code"), WRONG)
def test_a_demand_is_skipped_only_for_a_listed_cause_with_its_reason(said, code):
    """INT-07: an ordinary leak is no safety case."""
    assert refused(Case("07-08 10:00"), "07-08 10:05", "clarify", OPERATOR, said) == code


@pytest.mark.parametrize("pinned", [terms("LIFT_TRAPPED"), terms("WATER_LEAK", severity=Severity.URGENT)])
def test_a_safety_case_needs_no_yes_first(pinned):
    """INT-07: by its category or because a person holds it for urgent."""
    case = Case("07-08 10:00", pinned=pinned)
    case.act("07-08 10:01", "clarify", OPERATOR, SAFETY)
    assert case.order.clarified == "safety"


def test_nothing_is_dispatched_before_the_demand_was_restated():
    """INT-07: the demand of the terms; orders whose terms do not make it live on as before."""
    case = Case("07-08 10:00", pinned=terms(demands=(Demand.CLARIFIED,)))
    case.act("07-08 10:01", "respond", OPERATOR)
    case.act("07-08 10:02", "register", OPERATOR)
    assert refused(case, "07-08 10:03", "dispatch", OPERATOR) == "not-clarified"
    case.act("07-08 10:04", "clarify", OPERATOR, SKIP)
    case.act("07-08 10:05", "dispatch", OPERATOR)
    assert brought_to("offered").order.clarified is None


@pytest.mark.parametrize(
    ("category", "made"), [("WATER_LEAK", True), ("FEES", True), ("ADVICE", False), ("PRAISE", False)]
)
def test_the_sample_community_asks_it_of_repairs_and_complaints(category, made):
    """INT-07."""
    pinned = resolve(parse(SAMPLE.read_text()), community="jinxiu", category=category, on=at("07-01 00:00").date())
    assert (Demand.CLARIFIED in pinned.demands) is made


# ---- what a matter is proposed as

PROPOSED = [  # words, category, severity, because
    ("请问地下车库为什么冒烟", "ADVICE", "urgent", "urgent_words"),
    ("谢谢师傅,有人被困电梯时来得很快", "PRAISE", "urgent", "urgent_words"),
    ("厨房爆管", "WATER_LEAK", "urgent", "urgent_words"),
    ("厨房爆 管", "WATER_LEAK", "urgent", "urgent_words"),
    ("请问插座是不是漏．电", "ADVICE", "urgent", "urgent_words"),
    ("请问水管漏,电工几点来", "ADVICE", "ordinary", "category"),
    ("物业费怎么交", "ADVICE", "ordinary", "category"),
    ("师傅很好", "PRAISE", "ordinary", "category"),
    ("电梯不动", "LIFT_TRAPPED", "urgent", "safety"),
]


@pytest.mark.parametrize(("text", "category", "severity", "because"), PROPOSED)
def test_words_of_danger_propose_urgent_whatever_the_kind(text, category, severity, because):
    """INT-09: somebody who asks for advice may tell of a fire; a person decides."""
    found = propose(parse(SAMPLE.read_text()), "jinxiu", text, category)
    assert found == Proposal(category=category, severity=severity, because=because)


@pytest.mark.parametrize(
    ("text", "category"),
    [("楼道停 电了", "POWER_OUTAGE"), ("楼上高空.抛物", "FALLING_OBJECT"), ("车停,电梯口乱", "GENERAL_REPAIR")],
)
def test_a_keyword_pulled_apart_still_names_its_category(text, category):
    """INT-09: a blank typed by mistake changes nothing; two clauses make no keyword."""
    assert propose(parse(SAMPLE.read_text()), "jinxiu", text, None).category == category


# ---- what an answer must hold


def done(**changes):
    """An order whose work is done."""
    case = Case("07-08 10:00", **changes)
    for command, actor in (
        ("respond", OPERATOR),
        ("clarify", OPERATOR),
        ("register", OPERATOR),
        ("dispatch", OPERATOR),
        ("accept", PLUMBER),
        ("arrive", PLUMBER),
        ("complete_handling", PLUMBER),
    ):
        case.act("07-08 10:05", command, actor)
    return case


@pytest.mark.parametrize("granted", ["yes", "no", "partly"])
def test_a_remedy_asked_for_is_answered_with_the_result(granted):
    """INT-08: a result must say whether it was granted; a word about progress need not."""
    case = done(remedy=WORDS)
    case.act("07-08 10:06", "give_feedback", OPERATOR, {**RESULT, "kind": "progress"})
    assert refused(case, "07-08 10:07", "give_feedback", OPERATOR, RESULT) == "remedy-unanswered"
    case.act("07-08 10:07", "give_feedback", OPERATOR, {**RESULT, "remedy_granted": granted})
    assert case.told(e.FeedbackGiven)[-1].remedy_granted == granted
    assert case.told(e.Received)[0].remedy.id == WORDS["id"]


def test_words_of_a_group_are_answered_to_the_group_too():
    """FBK-07, INT-03: the result comes with a neutral line; when they were posted is no time of ours."""
    case = done(**POSTED)
    assert case.told(e.Received)[0].posted_at == at("07-08 09:00")
    assert case.clock("response").started_at == at("07-08 10:00")
    assert refused(case, "07-08 10:07", "give_feedback", OPERATOR, RESULT) == "group-line-missing"
    case.act("07-08 10:07", "give_feedback", OPERATOR, {**RESULT, "group_line": {"id": "txt_2", "digest": "d2"}})
    assert case.told(e.FeedbackGiven)[-1].group_line.id == "txt_2"
    assert done(channel="phone").act("07-08 10:07", "give_feedback", OPERATOR, RESULT)


# ---- out of scope


@pytest.mark.parametrize("state", ["intake", "registration", "dispatch", "handling"])
def test_what_is_out_of_scope_ends_with_the_right_address(state):
    """INT-15, CBK-11: closed by a listed reason and only by the word to the owner; nothing runs on."""
    case = brought_to(state)
    assert refused(case, "07-08 10:10", "give_feedback", OPERATOR, AWAY) == "address-missing"
    case.act("07-08 10:10", "give_feedback", OPERATOR, {**AWAY, **ADDRESS})
    assert (case.order.stage, case.order.close_reason) == (Stage.CLOSED, CloseReason.OUT_OF_SCOPE)
    kinds = [type(event) for event, _ in case.recorded]
    assert kinds.index(e.FeedbackGiven) < kinds.index(e.Closed)
    assert (case.order.running, case.clock("feedback").outcome) == ((), Outcome.MET)
    case.act("07-09 10:10", "reopen", RESIDENT)
    assert case.order.stage is Stage.DISPATCH


def test_what_is_out_of_scope_ends_when_its_message_has_arrived():
    """INT-15, FBK-04: told by a message, the matter goes on until that has arrived; the address is in its words."""
    case, told = brought_to("dispatch"), {**AWAY, **ADDRESS, "by": "wechat"}
    assert refused(case, "07-08 10:10", "give_feedback", OPERATOR, told) == "not-delivered"
    case.act("07-08 10:10", "give_feedback", OPERATOR, {**told, "delivery": "msg_1"})
    assert case.order.close_reason is CloseReason.OUT_OF_SCOPE
    said = {"words": "不归物业管", "referred_to": "街道办", "group_line": "已答复业主"}
    assert in_full(said, "zh") == "不归物业管。此事请找:街道办。"


def test_what_was_done_is_not_out_of_scope():
    """INT-15: after the work the owner is owed its result, and a callback."""
    assert refused(done(), "07-08 10:07", "give_feedback", OPERATOR, {**AWAY, **ADDRESS}) == "out-of-scope-too-late"


# ---- urging


def urged(case, *times):
    return [event for time in times for event in case.act(time, "urge", RESIDENT)]


def test_the_third_urge_within_a_day_fires_level_one_without_a_breach():
    """INT-18: of the clock that falls due next, once, and no clock begins anew."""
    case = brought_to("handling")
    dues = {clock.name: case.order.due(clock) for clock in case.order.running}
    assert [type(event) for event in urged(case, "07-08 10:20", "07-08 10:21")] == [e.Urged, e.Urged]
    counted, fired = urged(case, "07-08 10:22")
    assert (counted.number, counted.by) == (3, "phone")
    nearest = min(dues, key=dues.get)
    assert (fired.clock, fired.level, fired.because, fired.at) == (nearest, 1, "urged", at("07-08 10:22"))
    assert {clock.name: case.order.due(clock) for clock in case.order.running} == dues
    assert case.clock(nearest).breached_at is None
    assert [type(event) for event in urged(case, "07-08 10:23")] == [e.Urged]
    assert refolded(case.bodies(), case.order.shelf).clocks == case.order.clocks


@pytest.mark.parametrize(("third", "fires"), [("07-09 10:19:59", True), ("07-09 10:20", False)])
def test_urges_count_together_within_their_window_only(third, fires):
    """INT-18: 24 h ◇, the first of three just inside, or just outside."""
    slow = (ClockRow(ClockName.RESPONSE, "5d", 0, 0, Role.DISPATCH_OPERATOR),)
    case = Case("07-08 10:00", pinned=small_terms(urge=(3, 86_400), clocks=slow))
    urged(case, "07-08 10:20", "07-08 22:00")
    assert any(event.because == "urged" for event in urged(case, third) if type(event) is e.Escalated) is fires


def test_a_level_fired_by_urges_is_not_fired_again_by_the_breach():
    """INT-18, ESC-07: the breach is told, level 2 follows its own time, silence counts from the breach on."""
    pinned = small_terms(urge=(3, 86_400))
    case = Case("07-08 10:00", pinned=pinned)
    urged(case, "07-08 10:01", "07-08 10:02", "07-08 10:03")
    case.tick("07-08 10:40")
    told = [(event.level, event.at) for event in case.told(e.Escalated)]
    assert [event.at for event in case.told(e.ClockBreached)] == [at("07-08 10:15")]
    assert told == [(1, at("07-08 10:03")), (2, at("07-08 10:20"))]


def test_urges_fire_nothing_where_no_ladder_is_or_terms_are_older():
    """INT-18, decision 0008: orders are held to the terms they were received with."""
    assert [type(event) for event in urged(Case("07-08 10:00", pinned=small_terms()), *["07-08 10:01"] * 4)] == [
        e.Urged
    ] * 4
    bare = small_terms(urge=(3, 86_400), ladders=(LadderRow("none", 0),))
    assert [type(event) for event in urged(Case("07-08 10:00", pinned=bare), *["07-08 10:01"] * 4)] == [e.Urged] * 4


def test_urges_of_a_child_speak_until_its_breach_is_its_incidents():
    """INT-18, ESC-13: level 1 without a breach; a breached clock's levels are told by the incident, once for all."""
    for third, fires in (("07-08 10:14", True), ("07-08 10:16", False)):
        case = Case("07-08 10:00", pinned=small_terms(urge=(3, 86_400)))
        case.act("07-08 10:00", "attach_to_incident", OPERATOR, {"incident": "wo_90"})
        urged(case, "07-08 10:12", "07-08 10:13", third)
        assert [event.because for event in case.told(e.Escalated)] == ["urged"] * fires


# ---- what was proposed, and who decides


def test_whoever_registers_confirms_the_class_that_was_proposed():
    """INT-09: the proposal and the decision are both kept."""
    proposed = Proposal(category="WATER_LEAK", severity=Severity.URGENT, because="urgent_words")
    case = Case("07-08 10:00", proposed=proposed)
    case.act("07-08 10:02", "register", OPERATOR)
    assert case.told(e.Received)[0].proposed == proposed
    (told,) = case.told(e.Registered)
    assert (told.category, told.severity) == ("WATER_LEAK", "major")


def test_a_matter_of_before_registers_as_it_did():
    """INT-09, AUD-01: older receptions hold no proposal, and replays find no decision of one."""
    case = Case("07-08 10:00")
    case.act("07-08 10:02", "register", OPERATOR)
    (told,) = case.told(e.Registered)
    assert told.facts() == {}


# ---- the first contact


def test_only_a_supervisor_changes_the_first_contact_and_says_why():
    """INT-05: an operator can't; without a reason nobody can; it survives what happens to the order."""
    case = brought_to("handling")
    assert refused(case, "07-08 10:10", "change_first_contact", OPERATOR) == "forbidden"
    bare = {"first_contact": SERVICE}
    assert refused(case, "07-08 10:10", "change_first_contact", SERVICE, bare) == "malformed-command"
    case.act("07-08 10:11", "transfer", OPERATOR)
    case.act("07-08 10:12", "change_first_contact", SERVICE, {**bare, "reason": WORDS})
    assert (case.order.first_contact, case.told(e.FirstContactChanged)[0].reason.id) == (SERVICE, WORDS["id"])


def test_an_intake_by_any_channel_answers_nobody():
    """INT-01, INT-14: taking a matter in is no answer; the channel is kept."""
    for channel in ("phone", "walk_in", "web", "app", "wechat", "owner_group", "social", "open311", "visit"):
        case = Case("07-08 10:00", channel=channel)
        assert (case.order.channel, case.clock("response").running, case.order.first_contact) == (channel, True, None)


def test_the_recorder_is_not_the_reporter():
    """INT-02: two fields, and nothing but the owner's own command passes for his."""
    (told,) = Case("07-08 10:00").told(e.Received)
    assert (told.reporter, told.recorder, told.author.actor) == ("sub_R02", OPERATOR, OPERATOR)


# ---- where it is


@pytest.mark.parametrize(
    ("said", "kind", "elsewhere"),
    [
        ("JX99-1-0101", "room", None),
        ("jx99 1 0101", "room", None),
        ("JX99-0101", "room", None),
        ("3-1-1502", "room", None),
        ("YG01-1-301", "room", "yangguang"),
        ("门厅", "public_area", "yangguang"),
    ],
)
def test_a_place_that_looks_like_a_slip_is_doubted(said, kind, elsewhere):
    """INT-20: a room or an area that this community does not have, and which community has it."""
    doubt = doubt_of(FILE, FILE.communities["jinxiu"], said)
    assert doubt is not None
    assert (doubt.kind, doubt.elsewhere and doubt.elsewhere.id) == (kind, elsewhere)


@pytest.mark.parametrize("said", ["JX03-1-1502", "地下车库", "3栋门口的花坛", "北门外 20 米", "JX"])
def test_a_place_that_is_known_or_words_is_not_doubted(said):
    """INT-20: words stay words."""
    assert doubt_of(FILE, FILE.communities["jinxiu"], said) is None


def test_where_no_buildings_are_listed_any_room_fits():
    """INT-20: such a community knows no room."""
    assert doubt_of(FILE, FILE.communities["sf-housing"], "JX99-1-0101") is None
