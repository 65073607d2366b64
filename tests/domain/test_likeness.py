"""How alike two complaints read, Chinese included (INT-12)."""

import pytest

from domain.intake.likeness import likeness

SAME = [
    ("厨房水管漏水", "厨房水管漏水了"),
    ("厨房水管漏水", "厨房 水管,漏水!"),
    ("3栋电梯坏了", "3栋的电梯坏了,停在 5 楼不动"),
    ("KITCHEN leak", "kitchen leak"),
    ("楼道灯不亮", "楼道灯不亮,晚上回家看不见路"),
]
OTHER = [
    ("厨房水管漏水", "卫生间马桶堵了"),
    ("电梯坏了", "小区门口有人乱停车"),
    ("漏水", "停电"),
    ("灯", "楼道里的灯整晚不亮"),
]


@pytest.mark.parametrize(("one", "other"), SAME)
def test_the_same_matter_in_other_words_is_alike(one, other):
    """INT-12: width, case, spaces and punctuation say nothing; the shorter may stand in the longer."""
    assert likeness(one, other) == likeness(other, one) >= 75


@pytest.mark.parametrize(("one", "other"), OTHER)
def test_another_matter_is_not(one, other):
    """INT-12."""
    assert likeness(one, other) < 50


@pytest.mark.parametrize("nothing", ["", " …!"])
def test_a_text_that_says_nothing_is_neither_like_nor_unlike(nothing):
    """INT-12: 0 is what two texts have that share no sign."""
    assert likeness(nothing, "厨房水管漏水") is None
    assert likeness("厨房水管漏水", nothing) is None
    assert likeness("leak", "厨房水管漏水") == 0
