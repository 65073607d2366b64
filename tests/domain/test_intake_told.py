"""Who hears of a breach and of an owner's haste: the first contact always, whoever works on it, the ladder beside."""

import pytest
from rules_sample import OPERATOR, PLUMBER, RESIDENT, SERVICE, WORDS, Case, at, brought_to, sample, small_terms

from domain import events as e
from domain.dispatch.roster import roster_of
from domain.notices.notifying import Rules, asking_of, choose
from domain.terms import LadderRow, Level, UrgeRule
from domain.vocabulary import Role
from records.outgoing import OutboxRow
from starter.notices import notices_of
from workflows.effects import SealedEvent
from workflows.projection import outgoing

URGE = UrgeRule(3, 86_400)


def rows(case, *kinds):
    """What the outbox is given for events of these kinds, as the process writes it."""
    found = [(n, event) for n, (event, _) in enumerate(case.recorded, 1) if type(event) in kinds]
    sealed = [SealedEvent(seq=n, type=v.type_name(), at=v.at, recorded_at=v.at, body="", hash="") for n, v in found]
    return outgoing(case.order, [event for _, event in found], sealed)


def heard(case, *kinds, when="07-08 12:00"):
    """Who is told which topic, when by day."""
    roster, rules = roster_of(sample()), Rules.of(sample())
    told = ((row.topic, choose(asking_of(row.topic, row.body), roster, rules, at(when))) for row in rows(case, *kinds))
    return [(topic, one.staff_id, one.not_before) for topic, found in told for one in found]


def test_the_first_contact_hears_of_every_breach_of_any_clock():
    """INT-06: also where the ladder's addressee is another; one message for each event."""
    case = brought_to("handling")
    case.tick("07-20 10:00")
    breached = case.told(e.ClockBreached)
    found = rows(case, e.ClockBreached)
    assert len({event.clock for event in breached}) > 2
    own = {v.clock for v in case.told(e.Escalated) if v.level == 1 and v.addressee is Role.FIRST_CONTACT}
    assert {(row.topic, row.body["role"]) for row in found} == {("breached", "first_contact")}
    assert sorted([*(row.body["clock"] for row in found), *own]) == sorted(event.clock for event in breached)
    assert {staff for _, staff, _ in heard(case, e.ClockBreached)} == {OPERATOR.removeprefix("usr_")}
    ids = [
        notice.notice_id
        for row in found
        for notice in notices_of(
            OutboxRow("wo_01", row.seq, row.topic, row.body, at("07-08 12:00")),
            sample(),
            roster_of(sample()),
            at("07-08 12:00"),
        )
    ]
    assert len(set(ids)) == len(ids) == len(found) > 0


def test_whom_the_ladder_tells_at_that_instant_is_not_told_twice():
    """INT-06: level 1 addressed to the first contact, without delay, is his message; not if urges fired it before."""
    own = (LadderRow("own", 0, (Level(0, Role.FIRST_CONTACT, 300),)),)
    clocks = small_terms().clocks
    terms = small_terms(ladders=own, clocks=(clocks[0]._replace(name="feedback"),), urge=URGE)
    case = Case("07-08 10:00", pinned=terms)
    case.act("07-08 10:01", "respond", OPERATOR)
    case.tick("07-08 11:00")
    assert (len(case.told(e.ClockBreached)), rows(case, e.ClockBreached)) == (1, ())
    assert heard(case, e.Escalated) == [("escalation", "S06", None)]
    urged = Case("07-08 10:00", pinned=terms)
    urged.act("07-08 10:01", "respond", OPERATOR)
    for minute in range(2, 5):
        urged.act(f"07-08 10:0{minute}", "urge", RESIDENT)
    urged.tick("07-08 11:00")
    assert heard(urged, e.Escalated, e.ClockBreached) == [("escalation", "S06", None), ("breached", "S06", None)]


def test_a_childs_first_contact_hears_of_its_breach_though_its_ladder_is_silent():
    """INT-06, ESC-13: the level is the incident's; who answers to this owner is told all the same."""
    own = (LadderRow("own", 0, (Level(0, Role.FIRST_CONTACT, 300),)),)
    clocks = (small_terms().clocks[0]._replace(name="feedback"),)
    case = Case("07-08 10:00", pinned=small_terms(ladders=own, clocks=clocks, urge=URGE))
    case.act("07-08 10:01", "respond", OPERATOR)
    case.act("07-08 10:02", "attach_to_incident", OPERATOR, {"incident": "wo_90"})
    case.tick("07-08 11:00")
    assert case.told(e.Escalated) == []
    assert [row.body["role"] for row in rows(case, e.ClockBreached) if row.topic == "breached"] == ["first_contact"]


def test_a_breach_before_anybody_answered_has_no_first_contact_to_tell():
    """INT-06, INT-05: there is one from Responded on; the ladder speaks all the same."""
    case = Case("07-08 10:00")
    case.tick("07-08 10:16")
    assert [event.clock for event in case.told(e.ClockBreached)] == ["register", "response"]
    assert rows(case, e.ClockBreached) == ()
    assert heard(case, e.Escalated)


def test_a_changed_first_contact_hears_what_comes_after():
    """INT-05, INT-06."""
    case = brought_to("handling")
    case.act("07-08 10:10", "change_first_contact", SERVICE, {"first_contact": SERVICE, "reason": WORDS})
    case.tick("07-20 10:00")
    assert {staff for _, staff, _ in heard(case, e.ClockBreached)} == {SERVICE.removeprefix("usr_")}


URGES = [
    ("intake", [("urged", "S06"), ("urged", "S07")]),  # nobody answers for it yet: the operators
    ("registration", [("urged", "S06")]),
    ("handling", [("urged", "S06"), ("urged_work", "S09")]),
    ("callback", [("urged", "S06")]),  # the work is done
]


@pytest.mark.parametrize(("state", "expected"), URGES)
def test_an_urge_is_told_at_once_to_whoever_answers_and_to_whoever_works(state, expected):
    """INT-18."""
    case = brought_to(state)
    case.act("07-08 12:00", "urge", RESIDENT)
    found = heard(case, e.Urged)
    assert [(topic, staff) for topic, staff, _ in found] == expected
    assert {later for *_, later in found} == {None}
    assert PLUMBER == "usr_S09"


def test_a_level_fired_by_urges_says_so():
    """INT-18: its message must not say that the clock is breached."""
    case = Case("07-08 10:00", pinned=small_terms(urge=URGE))
    for minute in range(3):
        case.act(f"07-08 10:0{minute}", "urge", RESIDENT)
    (row,) = rows(case, e.Escalated)
    assert (row.topic, row.body["cause"], row.body["level"]) == ("escalation", "urged", 1)


def test_a_level_fired_by_urges_after_the_breach_speaks_of_the_breach():
    """INT-18: the ladder waits an hour, the owner does not; nothing tells that the clock is not breached."""
    slow = (LadderRow("slow", 0, (Level(3_600, Role.DUTY_SUPERVISOR, 300),)),)
    case = Case("07-08 10:00", pinned=small_terms(ladders=slow, urge=URGE))
    for minute in (16, 17, 18):
        case.act(f"07-08 10:{minute}", "urge", RESIDENT)
    (row,) = rows(case, e.Escalated)
    assert (row.body["level"], "cause" in row.body) == (1, False)


def test_an_order_of_before_is_told_as_it_was():
    """OPS-09, decision 0008: else the outbox of an order that 0.3.0 recorded would lack rows."""
    case = Case("07-08 10:00", pinned=small_terms(clocks=(small_terms().clocks[0]._replace(name="feedback"),)))
    case.act("07-08 10:01", "respond", OPERATOR)
    case.act("07-08 10:02", "urge", RESIDENT)
    case.tick("07-20 10:00")
    assert case.told(e.ClockBreached)
    assert rows(case, e.ClockBreached, e.Urged) == ()
