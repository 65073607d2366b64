"""Demands: what must have been done before a step, in the categories it applies to, and for new orders alone."""

from datetime import date

import pytest
from rules_sample import OPERATOR, OTHER, PLUMBER, SAMPLE, Case, refused, terms

from domain.settings.catalogue import resolve
from domain.settings.reading import parse
from domain.vocabulary import Demand, Stage


def accepted(pinned):
    case = Case("07-08 10:00", pinned=pinned)
    for command, actor in [("respond", OPERATOR), ("register", OPERATOR), ("dispatch", OPERATOR), ("accept", PLUMBER)]:
        case.act("07-08 10:01", command, actor)
    return case


def test_work_on_site_is_complete_only_after_arrival() -> None:
    """HND-01."""
    case = accepted(terms(demands=(Demand.ARRIVED,)))
    assert refused(case, "07-08 11:00", "complete_handling", PLUMBER) == "not-arrived"
    case.act("07-08 11:00", "arrive", PLUMBER)
    case.act("07-08 11:30", "complete_handling", PLUMBER)
    assert case.order.stage is Stage.FEEDBACK


def test_another_handler_arrives_himself() -> None:
    """HND-01: what the one before him saw is not his own arrival."""
    case = accepted(terms(demands=(Demand.ARRIVED,)))
    case.act("07-08 11:00", "arrive", PLUMBER)
    case.act("07-08 11:10", "transfer", OPERATOR)
    case.act("07-08 11:20", "accept", OTHER)
    assert refused(case, "07-08 11:30", "complete_handling", OTHER) == "not-arrived"


def test_an_order_whose_terms_do_not_make_the_demand_lives_on_as_before() -> None:
    case = accepted(terms())
    case.act("07-08 11:30", "complete_handling", PLUMBER)
    assert case.order.stage is Stage.FEEDBACK


@pytest.mark.parametrize(
    ("category", "demanded"),
    [("WATER_LEAK", True), ("GLAZING", True), ("LIFT_TRAPPED", True), ("NOISE", False), ("FEES", False)],
)
def test_the_sample_community_makes_it_of_repairs(category, demanded) -> None:
    pinned = resolve(parse(SAMPLE.read_text()), community="jinxiu", category=category, on=date(2026, 7, 1))
    assert (Demand.ARRIVED in pinned.demands) is demanded
