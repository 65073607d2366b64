"""Incidents: a parent speaks once for all its children, each of which keeps its own record (ESC-13, GRP-05, GRP-07)."""

from itertools import chain

import pytest
from rules_sample import (
    OPERATOR,
    PLUMBER,
    SAID,
    SERVICE,
    WORDS,
    Case,
    at,
    classification,
    minutes,
    refused,
    terms,
)

from domain import events as e
from domain.refusals import Refused, say
from domain.vocabulary import ClockName, CloseReason, Demand, Outcome, Role, Stage
from workflows.between_orders import CHILD_CLOCKS, INCIDENT_JOINING, TO_CHILDREN
from workflows.effects import SealedEvent
from workflows.projection import duties_of, outgoing, row_of

PARENT = "wo_90"
MEMBERS = ("wo_1", "wo_2", "wo_3")
PINNED = terms("WATER_OUTAGE", on=at("07-08 10:00").date())
OTHER = terms("WATER_OUTAGE", on=at("07-09 10:00").date())
START = "07-08 10:00"
ATTACH = {"incident": PARENT}


def child(number, received=START, pinned=PINNED):
    return Case(received, pinned=pinned, order_id=f"wo_{number}", reporter=f"sub_{number}")


def attached(number, received=START, when=START):
    case = child(number, received)
    case.act(when, "attach_to_incident", OPERATOR, ATTACH)
    return case


def proposed(received=START, pinned=PINNED):
    return Case(received, pinned=pinned, order_id=PARENT, reporter="sub_90", members=MEMBERS)


def confirmed(received=START, pinned=PINNED):
    case = proposed(received, pinned)
    case.act(received, "confirm_incident", OPERATOR)
    return case


def told(*cases, topic=CHILD_CLOCKS):
    """What the relay would carry of these orders, in their order."""
    return list(chain.from_iterable(rows_of(case, topic) for case in cases))


def rows_of(case, topic):
    events = [event for event, _ in case.recorded]
    sealed = [
        SealedEvent(seq=seq, type=event.type_name(), at=event.at, recorded_at=now, body="", hash="")
        for seq, (event, now) in enumerate(case.recorded, 1)
    ]
    return [row.body for row in outgoing(case.order, events, sealed) if row.topic == topic]


def report(parent, now, *cases, rows=None):
    """Carry to the parent what its children tell, in one command."""
    clocks = [clock for row in rows or told(*cases) for clock in row["clocks"]]
    brought = [one.model_dump(mode="json") for one in (PINNED, OTHER)]
    return parent.act(now, "report_children", "system", {"clocks": clocks, "terms": brought})


def levels(case, clock="response"):
    return [(event.level, event.at) for event in case.told(e.Escalated, clock)]


def spoken(case):
    return {(event.clock, event.level): event.at for event in case.told(e.Escalated)}


def entries(parent, clock="response"):
    return [entry for entry in parent.order.gathered if entry.name == clock]


# ---- the parent


def test_an_incident_has_no_reporter_whose_demand_could_be_restated():
    """INT-07, GRP-05: the work on the cause is dispatched; its children's demands are restated by themselves."""
    asking = terms("WATER_OUTAGE", demands=(Demand.CLARIFIED,))
    case = Case(START, pinned=asking, order_id=PARENT, reporter="sub_90", members=MEMBERS)
    case.act(START, "confirm_incident", OPERATOR)
    case.act("07-08 10:05", "dispatch", OPERATOR)
    assert case.order.assignee == PLUMBER
    member = child(1, pinned=asking)
    member.act("07-08 10:01", "register", OPERATOR)
    assert refused(member, "07-08 10:05", "dispatch", OPERATOR) == "not-clarified"


def test_a_proposal_owes_nothing_before_a_person_confirms_it():
    """GRP-05: no clock of a proposal runs; once confirmed, the work on the cause is to be dispatched."""
    case = proposed()
    assert (case.order.stage, case.order.clocks, case.order.members) == (Stage.INTAKE, (), MEMBERS)
    case.act("07-08 10:20", "confirm_incident", OPERATOR)
    assert (case.order.stage, case.order.first_contact) == (Stage.DISPATCH, OPERATOR)
    assert [clock.name for clock in case.order.running] == [ClockName.DISPATCH]
    assert told(case, topic=INCIDENT_JOINING) == [{"members": list(MEMBERS)}]


def test_a_parent_runs_the_clocks_of_the_work_and_none_for_an_owner():
    """GRP-05: dispatch, accept, arrive, handling; nobody waits for a response, a feedback, a result or a callback."""
    case = confirmed()
    for number, (command, actor) in enumerate(
        [("dispatch", OPERATOR), ("accept", PLUMBER), ("arrive", PLUMBER), ("complete_handling", PLUMBER)], 1
    ):
        case.act(at(START) + minutes(number), command, actor)
    assert {clock.name for clock in case.order.clocks} == {"dispatch", "accept", "arrive", "handling"}
    assert (case.order.stage, case.order.running) == (Stage.FEEDBACK, ())


@pytest.mark.parametrize(("v", "owed"), [(5, []), (6, [("confirm_incident", "dispatch_operator", "07-08 10:15")])])
def test_a_proposal_is_the_operators_duty_until_they_have_said_what_it_is(v, owed):
    """GRP-05, CBK-11: due as the answer to any matter that came in then; rows of before are written as then."""
    case = proposed(pinned=PINNED.model_copy(update={"v": v}).pinned())
    duties = duties_of(case.order)
    assert [(one.clock, one.accountable, one.due_at) for one in duties] == [(*what, at(due)) for *what, due in owed]
    for said in ("confirm_incident", "dismiss_incident"):
        case = proposed()
        case.act("07-08 10:10", said, OPERATOR)
        assert "confirm_incident" not in [one.clock for one in duties_of(case.order)]


def test_a_proposal_is_dismissed():
    """GRP-05: a person says it is none; it is closed, and nothing was attached."""
    case = proposed()
    case.act("07-08 10:20", "dismiss_incident", OPERATOR)
    assert (case.order.stage, case.order.close_reason) == (Stage.CLOSED, CloseReason.DISMISSED)
    assert told(case, topic=INCIDENT_JOINING) == []
    assert refused(case, "07-08 10:21", "confirm_incident", OPERATOR) == "order-closed"
    assert told(case, topic=TO_CHILDREN) == []


BEFORE = [
    ("reclassify", SERVICE, {**classification(OTHER), "reason": WORDS}),
    ("open_recovery", SERVICE, None),
    ("note", OPERATOR, None),
]


@pytest.mark.parametrize(("command", "actor", "said"), BEFORE)
def test_an_unconfirmed_one_is_dismissed_whatever_was_done_to_it(command, actor, said):
    """GRP-05: nothing before the confirmation makes it stay."""
    case = proposed()
    case.act("07-08 10:05", command, actor, said)
    case.act("07-08 10:20", "dismiss_incident", OPERATOR)
    assert case.order.close_reason is CloseReason.DISMISSED


WORK = [("dispatch", OPERATOR), ("accept", PLUMBER), ("arrive", PLUMBER), ("complete_handling", PLUMBER)]


@pytest.mark.parametrize(("steps", "code"), [(0, None), (1, None), (2, None), (3, None), (4, "illegal-transition")])
def test_a_confirmed_one_is_dismissed_as_long_as_its_work_is_not_done(steps, code):
    """GRP-05, GRP-07: all were taken out; who joined at that moment is taken out by a rule. Done: it ends by itself."""
    parent = confirmed()
    for number, (command, actor) in enumerate(WORK[:steps], 1):
        parent.act(at("07-08 10:00") + minutes(number), command, actor)
    if code:
        assert refused(parent, "07-08 10:20", "dismiss_incident", OPERATOR) == code
        return
    parent.act("07-08 10:20", "dismiss_incident", OPERATOR)
    assert (parent.order.close_reason, parent.order.running) == (CloseReason.DISMISSED, ())
    [row] = told(parent, topic=TO_CHILDREN)
    assert (row["command"], row["said"]["incident"], row["late"]) == ("detach_from_incident", PARENT, True)


def test_none_is_dismissed_while_it_speaks_of_a_breach():
    """ESC-13: closed it could not hear any more that the clock has stopped, and would go on speaking."""
    parent, case = confirmed(), attached(1)
    case.tick("07-08 10:20")
    report(parent, "07-08 10:20", case)
    assert refused(parent, "07-08 10:21", "dismiss_incident", OPERATOR) == "children-owe"
    case.act("07-08 10:22", "detach_from_incident", OPERATOR)
    report(parent, "07-08 10:23", case)
    parent.act("07-08 10:24", "dismiss_incident", OPERATOR)
    spoken = parent.told(e.Escalated)
    parent.tick("07-12 10:00")
    assert parent.told(e.Escalated) == spoken


def test_a_rule_takes_a_child_out_of_the_dismissed_one_alone():
    """GRP-07: moved to another incident meanwhile, it stays there."""
    case, said = attached(1), {"reason": WORDS, "incident": "wo_91"}
    assert refused(case, "07-08 10:30", "detach_from_incident", "system", said) == "not-attached"
    case.act("07-08 10:31", "detach_from_incident", "system", {**said, "incident": PARENT})
    assert case.order.incident is None


NOT_OF_PARENTS = ("respond", "register", "promise", "give_feedback", "record_callback", "urge", "withdraw")


@pytest.mark.parametrize("command", [*NOT_OF_PARENTS, "attach_to_incident", "detach_from_incident", "give_plan"])
def test_words_to_owners_are_not_of_the_parent(command):
    """GRP-05: nobody reported it, and it is no child of another incident."""
    case, who = confirmed(), {"record_callback": SERVICE, "give_plan": SERVICE}.get(command, OPERATOR)
    with pytest.raises(Refused) as refusal:
        case.act("07-08 10:01", command, who, SAID[command])
    assert refusal.value.code == "not-of-an-incident"
    for lang in ("zh", "en"):
        assert "?" not in say(refusal.value.code, refusal.value.facts, lang)


def test_a_parent_keeps_the_category_of_its_children():
    """GRP-05: its severity may change, its category not."""
    case, other = confirmed(), {**classification(terms("LIFT_FAULT")), "reason": WORDS}
    assert refused(case, "07-08 10:01", "reclassify", OPERATOR, other) == "incident-category"
    lower = terms("WATER_OUTAGE", on=at(START).date(), severity="ordinary")
    case.act("07-08 10:01", "reclassify", OPERATOR, {**classification(lower), "reason": WORDS})
    assert case.order.severity == "ordinary"


# ---- a child


def test_a_child_keeps_its_clocks_and_its_breaches_and_its_ladders_keep_silent():
    """ESC-13: due, warnings and breach at their own instants, as of an order that was never attached; no level."""
    alone, case = child(1), attached(1, when="07-08 10:02")
    for one in (alone, case):
        one.tick("07-08 12:00")
    for kind in (e.ClockStarted, e.ClockWarned, e.ClockBreached):
        assert [(x.clock, x.at) for x in case.told(kind)] == [(x.clock, x.at) for x in alone.told(kind)]
    assert (len(alone.told(e.Escalated)) > 3, case.told(e.Escalated)) == (True, [])
    assert {event.incident for event in case.told(e.ClockBreached)} == {PARENT}
    assert {event.incident for event in alone.told(e.ClockBreached)} == {None}
    assert row_of(case.order).breaches == row_of(alone.order).breaches
    assert case.order.alarms() == [alarm for alarm in case.order.alarms() if alarm.step <= 0]


def test_an_order_is_a_child_of_one_incident_only():
    """GRP-05."""
    case = attached(1)
    assert refused(case, "07-08 10:01", "attach_to_incident", OPERATOR, ATTACH) == "already-attached"


@pytest.mark.parametrize("out", ["07-08 10:04", "07-08 10:12", "07-08 10:50"])
def test_a_child_taken_out_is_as_if_it_had_never_been_in(out):
    """GRP-07: its clocks and breaches are the same, and every level speaks, the first at its own instant.

    Silence about a level counts from when it was told (ESC-04), so a further one may come later, never sooner.
    """
    alone, case = child(1), attached(1, when="07-08 10:01")
    for minute in range(2, 300):  # each has spoken by the time the next minute begins
        when = at(START) + minutes(minute)
        if when == at(out):
            case.act(when, "detach_from_incident", OPERATOR)
        for one in (alone, case):
            one.tick(when)
    assert (case.order.incident, len(alone.told(e.Escalated)) > 3) == (None, True)
    assert [c.breached_at for c in case.order.clocks] == [c.breached_at for c in alone.order.clocks]
    assert spoken(case).keys() == spoken(alone).keys()
    told_anew = {which: when for which, when in spoken(case).items() if when != spoken(alone)[which]}
    assert all(level > 1 and when > spoken(alone)[clock, level] for (clock, level), when in told_anew.items())
    assert bool(told_anew) == (out > "07-08 10:10")


# ---- the parent speaks for its children


def three_breached(until):
    """Three children received a minute apart, whose `response` (15 minutes) nobody stops; and their parent."""
    children = [attached(number, f"07-08 10:0{number}", f"07-08 10:0{number}") for number in (3, 1, 2)]
    for case in children:
        case.tick(until)
    return confirmed(until), children


def test_breaches_of_children_escalate_once_on_the_parent_with_their_list():
    """ESC-13: one level for all, counted from the earliest breach; each child keeps its own breach record."""
    parent, children = three_breached("07-08 10:25")
    report(parent, "07-08 10:25", *children)
    parent.tick("07-08 10:25:01")
    breach = min(case.told(e.ClockBreached, "response")[0].at for case in children)
    [level] = parent.told(e.Escalated, "response")
    assert (level.level, level.at, level.children) == (1, breach, ("wo_1", "wo_2", "wo_3"))
    assert [len(case.told(e.ClockBreached, "response")) for case in children] == [1, 1, 1]
    assert [case.told(e.Escalated) for case in children] == [[], [], []]
    assert (row_of(parent.order).breaches, row_of(parent.order).level) == (0, 1)
    entry = next(duty for duty in duties_of(parent.order) if duty.clock == "response")
    assert (entry.generation, entry.breached, entry.level) == (0, True, 1)


def test_later_children_join_the_entry_and_no_level_speaks_twice():
    """ESC-13: whatever comes after a level is in the list of the next one."""
    parent, (third, first, second) = three_breached("07-08 10:24")
    report(parent, "07-08 10:24", first)
    parent.tick("07-08 10:24:01")
    report(parent, "07-08 10:25", second, third)
    parent.tick("07-08 13:00")
    spoken = parent.told(e.Escalated, "response")
    assert [event.level for event in spoken] == list(range(1, len(spoken) + 1))
    assert [event.children for event in spoken][:2] == [("wo_1",), ("wo_1", "wo_2", "wo_3")]
    [entry] = entries(parent)
    assert (entry.turn, entry.breached_at) == (1, first.told(e.ClockBreached, "response")[0].at)


def test_what_was_reported_before_changes_nothing():
    """ESC-13: a batch that comes again, alone or among others, is the same as once."""
    parent, children = three_breached("07-08 10:25")
    report(parent, "07-08 10:25", children[0])
    assert refused(parent, "07-08 10:25", "report_children", "system", said_of(children[0])) == "already-done"
    [event] = report(parent, "07-08 10:26", *children)[-1:]
    assert {one.child for one in event.clocks} == {"wo_1", "wo_2"}


def said_of(case):
    clocks = [clock for row in told(case) for clock in row["clocks"]]
    return {"clocks": clocks, "terms": [PINNED.model_dump(mode="json")]}


def test_terms_nobody_knows_are_refused():
    """ESC-13: the ladder that follows is that of the child's own terms, so they must be known."""
    parent, children = three_breached("07-08 10:25")
    clocks = [{**clock, "terms_digest": "0"} for clock in said_of(children[0])["clocks"]]
    assert refused(parent, "07-08 10:25", "report_children", "system", {"clocks": clocks}) == "unknown-terms"


def test_the_addressee_acknowledges_on_the_parent():
    """ESC-05, ESC-13: as on any clock; the next level then waits for its own instant."""
    parent, children = three_breached("07-08 10:22")
    report(parent, "07-08 10:22", *children)
    parent.tick("07-08 10:22:01")
    addressee = parent.told(e.Escalated, "response")[0].addressee
    said = {"clock": "response"}
    parent.act("07-08 10:23", "acknowledge", "usr_X", said, roles=(addressee,))
    assert refused(parent, "07-08 10:24", "acknowledge", "usr_X", said, roles=(addressee,)) == "nothing-to-acknowledge"
    assert entries(parent)[0].fired[0].acknowledged


def test_the_ladder_of_the_parent_ends_with_the_last_childs_clock():
    """ESC-13: stopped, or taken out; the breach of another child afterwards begins another turn."""
    parent, (third, first, second) = three_breached("07-08 10:25")
    report(parent, "07-08 10:25", first, second)
    parent.tick("07-08 10:25:01")
    first.act("07-08 10:26", "respond", OPERATOR)
    second.act("07-08 10:26", "detach_from_incident", OPERATOR)
    report(parent, "07-08 10:27", first, second)
    assert [entry.outcome for entry in entries(parent)] == [Outcome.BREACHED]
    before = levels(parent)
    parent.tick("07-08 14:00")
    assert levels(parent) == before
    report(parent, "07-08 14:00", third)
    parent.tick("07-08 14:00:01")
    assert [(x.turn, x.level, x.children) for x in parent.told(e.Escalated, "response")][len(before)] == (
        2,
        1,
        ("wo_3",),
    )


def test_a_clock_that_ended_before_anybody_told_of_it_still_escalates_as_it_was_due():
    """ESC-07, ESC-13: the relay was away; the levels due until the stop speak, those after it never."""
    parent, case = confirmed(), attached(1)
    case.tick("07-08 10:30")
    case.act("07-08 10:40", "respond", OPERATOR)
    parent.tick("07-08 11:00")
    report(parent, "07-08 11:00", case)
    parent.tick("07-08 12:00")
    alone = child(1)
    alone.tick("07-08 10:40")
    assert levels(parent) == levels(alone)
    assert [entry.running for entry in entries(parent)] == [False]


def test_a_stop_that_overtakes_its_breach_is_kept():
    """ESC-13: of two accounts of one clock the later event of the child counts, whichever comes first."""
    parent, case = confirmed(), attached(1)
    case.tick("07-08 10:30")
    case.act("07-08 10:31", "respond", OPERATOR)
    rows = told(case)
    report(parent, "07-08 10:32", rows=[row for row in rows if any("ended_at" in clock for clock in row["clocks"])])
    late = [
        clock for row in rows for clock in row["clocks"] if clock["clock"] == "response" and "ended_at" not in clock
    ]
    assert refused(parent, "07-08 10:33", "report_children", "system", {"clocks": late}) == "already-done"
    assert [entry.running for entry in entries(parent)] == [False]


def test_a_child_taken_out_and_put_in_again_is_spoken_for_again():
    """GRP-07, ESC-13: both accounts in one batch, or one after the other."""
    parent, case = confirmed(), attached(1)
    case.tick("07-08 10:25")
    report(parent, "07-08 10:25", case)
    case.act("07-08 10:26", "detach_from_incident", OPERATOR)
    report(parent, "07-08 10:26", case)
    assert not any(entry.running for entry in parent.order.gathered)
    case.act("07-08 10:27", "attach_to_incident", OPERATOR, ATTACH)
    report(parent, "07-08 10:28", case)
    assert {entry.turn for entry in parent.order.gathered if entry.running} == {2}
    again = confirmed()
    report(again, "07-08 10:28", case)
    assert {entry.turn for entry in again.order.gathered if entry.running} == {1}


def test_breached_before_it_was_attached():
    """ESC-13: what a child owes already when it is attached is the parent's to speak of from then on."""
    parent, case = confirmed(), child(1)
    case.tick("07-08 10:21")
    spoken = levels(case)
    case.act("07-08 10:22", "attach_to_incident", OPERATOR, ATTACH)
    report(parent, "07-08 10:22", case)
    parent.tick("07-08 10:22:01")
    case.tick("07-08 13:00")
    assert (levels(case), levels(parent)[0]) == (spoken, spoken[0])
    assert spoken == [(1, at("07-08 10:15"))]


def test_each_ladder_is_of_the_childs_own_terms():
    """ESC-13: a child received on another day, under other terms, brings them with its breach."""
    parent = confirmed()
    case = child(1, "07-09 10:00", OTHER)
    case.act("07-09 10:00", "attach_to_incident", OPERATOR, ATTACH)
    case.tick("07-09 10:21")
    report(parent, "07-09 10:21", case)
    assert {entry.terms_digest for entry in parent.order.gathered} == {OTHER.digest}
    assert OTHER.digest in parent.order.shelf
    parent.tick("07-09 10:21:01")
    assert [event.addressee for event in parent.told(e.Escalated, "response")] == [Role.DUTY_SUPERVISOR]
