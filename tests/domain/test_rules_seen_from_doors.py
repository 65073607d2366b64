"""What doors show of an order must be what the rules decided: stored names kept apart, explanations equal to dues."""

import pytest
from rules_sample import BAD_CALL, CALLER, OPERATOR, PLUMBER, SERVICE, WORDS, Case, at, classification, refolded, sample

from domain.events import EVENT_TYPES
from domain.settings.catalogue import resolve
from domain.timekeeping.explaining import explain
from domain.vocabulary import Severity

LATER = {"reason": WORDS, "move_later": True}
STORED_BESIDE = {"role", "channel", "cause", "run_id", "update_id"}
"""What a stored payload holds of the author and the process (design 4a.11): a field of the same name would be lost."""


@pytest.mark.parametrize("kind", EVENT_TYPES.values(), ids=EVENT_TYPES)
def test_no_event_has_a_field_that_its_author_overwrites(kind):
    """AUD-01, AUD-05: an event read back from its bytes is the event that happened."""
    assert STORED_BESIDE & set(kind.model_fields) == set()


def test_a_named_cause_of_arrears_is_read_back_as_it_was_named():
    """AUD-01 (FEE-02): its own cause, not that of the event."""
    case = Case("07-08 10:00")
    case.act("07-08 10:01", "name_arrears_cause", "usr_S02", {"cause": "dissatisfaction"}, roles=("service_manager",))
    assert refolded(case.bodies(), case.order.shelf).clocks == case.order.clocks


def test_a_clock_that_goes_on_and_is_then_raised_is_explained_by_its_due():
    """CLK-24, CLK-25, CLK-30: what the generation before had used belongs to the budget that was given up."""
    rule = {"callback": sample().callback.model_copy(update={"reopen_clock_rule": "continue"})}
    file = sample().model_copy(update=rule)
    pinned = {
        severity: resolve(file, community="jinxiu", category="LIGHTING", severity=severity, on=at("05-12 10:00").date())
        for severity in (Severity.ORDINARY, Severity.URGENT)
    }
    case = Case("05-12 10:00", pinned=pinned[Severity.ORDINARY])
    for minute, (command, actor) in enumerate(
        (("respond", OPERATOR), ("register", OPERATOR), ("dispatch", OPERATOR), ("accept", PLUMBER)), start=1
    ):
        case.act(f"05-12 10:0{minute}", command, actor)
    case.act("05-12 14:00", "complete_handling", PLUMBER)
    case.act(
        "05-12 14:05", "give_feedback", OPERATOR, {"kind": "result", "by": "phone", "found": WORDS, "words": WORDS}
    )
    case.act("05-12 14:10", "record_callback", CALLER, BAD_CALL)
    case.act("05-12 14:11", "dispatch", OPERATOR)
    case.act("05-12 14:12", "accept", PLUMBER)
    before = case.due("handling")
    case.act("05-12 14:20", "reclassify", OPERATOR, {**classification(pinned[Severity.URGENT]), "reason": WORDS})
    told = explain(case.order, case.clock("handling"), at("05-12 14:30"))
    assert told.due_at == case.due("handling") == at("05-12 18:20")
    assert told.counted == case.clock("handling").budget
    case.act("05-12 14:30", "reclassify", SERVICE, {**classification(pinned[Severity.ORDINARY]), **LATER})
    assert case.due("handling") == before, "what was used before is not forgotten when the manager lets it be later"
    assert explain(case.order, case.clock("handling"), at("05-12 14:31")).due_at == before
    assert refolded(case.bodies(), case.order.shelf).clocks == case.order.clocks
