"""Words of the settings are found however they are typed; the end of one clause and the next make none."""

import pytest

from domain.notices.owner_words import named_in
from domain.plain import plain

ARREARS = ("欠费", "物业费")

HELD = [
    ("您先把欠费交了", "欠费"),
    ("您先把欠 费交了", "欠费"),
    ("您先把欠\u3000费交了", "欠费"),
    ("您先把欠\n费交了", "欠费"),
    ("您先把欠\u200b费交了", "欠费"),
    ("您先把欠.费交了", "欠费"),
    ("您先把欠．费交了", "欠费"),
    ("您先把欠,费交了", "欠费"),
    ("您先把欠·-*_费交了", "欠费"),
    ("先交物 业.费", "物业费"),
    ("欠了点费用", None),
    ("物业 1 费", None),
    ("今天下午修好", None),
]


@pytest.mark.parametrize(("said", "found"), HELD)
def test_nothing_within_a_word_hides_it_from_the_list(said, found):
    """HND-09: blanks, marks and full-width forms are how a list is evaded."""
    assert named_in([said], ARREARS) == found


def test_a_word_of_the_list_is_read_as_the_text_is():
    """HND-09: a setting may be written in full width too."""
    assert named_in(["请付 VIP 费"], ("ＶＩＰ 费",)) == "ＶＩＰ 费"


@pytest.mark.parametrize(
    ("said", "read"),
    [
        ("漏 电", "漏电"),
        ("漏.电", "漏电"),
        ("水管在漏,电工没来", "水管在漏,电工没来"),
        ("水管在漏，电工没来", "水管在漏,电工没来"),
        ("水管在漏 。 电工没来", "水管在漏 。 电工没来"),
        ("水管在漏\n电工没来", "水管在漏\n电工没来"),
        ("WiFi 坏 了, 门 也", "wifi 坏了, 门也"),
        ("no lift", "no lift"),
    ],
)
def test_the_end_of_a_clause_stays_where_it_matters(said, read):
    """INT-09: an owner who tells two things has not said the word that they make together."""
    assert plain(said, clauses=True) == read
