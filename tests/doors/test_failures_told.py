"""What a failure is told as: the words of whoever typed, and a remedy that fits what was typed."""

import pytest

from domain.refusals import SENTENCES
from starter.cli.errors import SENTENCES as MORE
from starter.cli.telling import refused

NAMING_AN_ORDER = sorted(
    {code for table in (SENTENCES, MORE) for code, sentence in table.items() if any("{order}" in s for s in sentence)}
)


@pytest.mark.parametrize("code", NAMING_AN_ORDER)
def test_an_order_is_named_by_its_number(code):
    """API-08: whatever is refused, the number stands there as people type it; a program gets the id."""
    failure = refused(code, {"order": "wo_1"})
    said = [failure.message(lang) + failure.remedy(lang) for lang in ("zh", "en")]
    assert [text for text in said if "wo_" in text] == []
    assert failure.facts["order"] == "wo_1"


def test_there_are_refusals_that_name_an_order():
    """The test above looks at something."""
    assert {"not-found", "record-lost", "history-missing"} <= set(NAMING_AN_ORDER)
    assert refused("not-found", {"order": "wo_1"}).zh == "没有工单 1。"
