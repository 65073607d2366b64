"""What a command must say, asked at every door before anything is sent (HND-04, HND-08, HND-11)."""

import pytest

from domain.commands import CommandName
from domain.refusals import Refused, say
from domain.settings.community import HandlingRules
from starter.completeness import check_complete

RULES = HandlingRules()
DONE = {"found": "密封圈老化", "measure": "更换", "words": "试水半小时不再渗漏"}
PARTS = {"pause_reason": "waiting_parts", "part": "角阀", "supplier": "城东五金"}

CASES = [
    ("complete_handling", {**DONE, "words": "试水半小时,不再渗漏"}, None),
    ("complete_handling", {**DONE, "words": "1234567890"}, None),
    ("complete_handling", {**DONE, "words": "123456789"}, "result-too-short"),
    ("complete_handling", {**DONE, "words": "  12345678  "}, "result-too-short"),
    ("complete_handling", {**DONE, "words": None}, "result-too-short"),
    ("complete_handling", {**DONE, "found": None}, "completion-incomplete"),
    ("complete_handling", {**DONE, "measure": ""}, "completion-incomplete"),
    ("give_plan", {"measures": [{"person": "usr_S09", "on": "2026-12-04", "words": "更换"}]}, None),
    ("give_plan", {"on": "2026-12-04", "words": "更换"}, "plan-needs-measure"),
    ("suspend", PARTS, None),
    ("suspend", {**PARTS, "part": None}, "parts-unnamed"),
    ("request_suspension", {**PARTS, "supplier": None}, "parts-unnamed"),
    ("suspend", {"pause_reason": "weather"}, None),
    ("note", {}, None),
]


@pytest.mark.parametrize(("command", "said", "code"), CASES)
def test_hnd_04_08_11_what_is_not_said_is_asked_for(command, said, code):
    """HND-04: part and supplier; HND-08: a measure; HND-11: cause, measure and a result of ten characters."""
    if code is None:
        check_complete(CommandName(command), said, RULES)
        return
    with pytest.raises(Refused) as refused:
        check_complete(CommandName(command), said, RULES)
    assert refused.value.code == code
    assert "?" not in say(code, refused.value.facts, "zh")


def test_hnd_11_how_long_a_result_must_be_is_a_setting():
    """HND-11: ◇."""
    check_complete(CommandName.COMPLETE_HANDLING, DONE, HandlingRules(result_characters=3))
