"""What may be the same matter, as it is told: no order whose words share nothing, and no likeness of no words."""

from types import SimpleNamespace

import pytest
from orders_sample import at, sample, screen_of, shown

from starter.cli.duplicates import hint_lines
from starter.groups.duplicates import Hint, best

CAME = at("07-08 10:00")


def hint(number: int, likeness: int | None, *, incident: bool = False) -> Hint:
    return Hint(f"wo_{number}", "response", CAME, incident, likeness)


def test_an_order_whose_words_share_nothing_is_another_matter():
    """INT-12: one without words may be the same; an incident is of the place, whatever was said of it."""
    found = best([hint(1, 0), hint(2, None), hint(3, 40), hint(4, 80), hint(5, 0, incident=True)])
    assert [one.order_id for one in found] == ["wo_5", "wo_4", "wo_3", "wo_2"]


@pytest.mark.parametrize(("lang", "alike"), [("zh", "文字相似"), ("en", "alike")])
def test_nothing_is_said_of_the_likeness_of_no_words(lang, alike):
    """INT-12."""
    screen, desk, form = screen_of(lang), SimpleNamespace(settings=sample()), SimpleNamespace(community="jinxiu")
    _, some, none = shown(screen, *hint_lines(screen, desk, form, [hint(1, 40), hint(2, None)])).splitlines()
    assert (alike in some, "40%" in some) == (True, True)
    assert (alike in none, none.endswith("·"), none.startswith("  2  ")) == (False, False, True)
