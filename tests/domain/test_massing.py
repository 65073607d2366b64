"""When many like matters of one place are proposed as one incident (GRP-05, ST-29)."""

import pytest
from rules_sample import Case, at, minutes, sample, terms

from domain.groups.massing import rule_of, together

HALF = minutes(30)


def cases(*times):
    return [(f"wo_{number}", at(f"07-08 {time}")) for number, time in enumerate(times, 1)]


def test_the_third_outage_of_a_building_proposes_their_parent():
    """ST-29 (GRP-05, INT-11): 06:58, 07:06, 07:21 – proposed with the third; the dues of their responses stay."""
    rule = rule_of(sample(), "WATER_OUTAGE")
    assert (rule.count, rule.window, rule.scope) == (3, "30m", "building")
    outages = cases("06:58", "07:06", "07:21")
    came = [together(outages[:number], f"wo_{number}", rule.count, HALF) for number in (1, 2, 3)]
    assert came == [(), (), ("wo_1", "wo_2", "wo_3")]
    for (number, when), due in zip(outages, ("07:13", "07:21", "07:36"), strict=True):
        case = Case(when.isoformat(), pinned=terms("WATER_OUTAGE"), order_id=number)
        before = case.due("response")
        case.act("07-08 07:22", "attach_to_incident", "system", {"incident": "wo_9"})
        assert (case.due("response"), before) == (at(f"07-08 {due}"),) * 2


@pytest.mark.parametrize(
    ("times", "arrived", "found"),
    [
        (("10:00", "10:15", "10:30"), "wo_3", 3),  # both ends belong to the window
        (("10:00", "10:15", "10:31"), "wo_3", 0),
        (("10:00", "10:20", "10:40", "10:50"), "wo_4", 3),  # the first is too far from the last
        (("10:00", "10:20", "10:40", "10:50"), "wo_1", 0),
        (("10:00", "10:10", "10:20", "10:30", "10:40"), "wo_3", 4),  # of two windows with as many the earlier
        (("10:00", "10:00", "10:00"), "wo_2", 3),
        (("10:00", "10:01"), "wo_2", 0),
        (("06:58", "07:06", "07:21"), "wo_1", 3),  # typed last, because it was written down late
    ],
)
def test_enough_must_lie_within_one_window(times, arrived, found):
    """GRP-05: whichever of them is heard of last."""
    assert len(together(cases(*times), arrived, 3, HALF)) == found


def test_most_categories_are_never_taken_for_one_cause():
    """GRP-05."""
    assert rule_of(sample(), "WATER_LEAK") is None
    assert rule_of(sample(), "NO_SUCH") is None
