"""Which numbers can be called back."""

import pytest

from domain.intake.telephones import is_telephone

NUMBERS = [
    *("13800001001", "138 0000 1001", "138-0000-1001", "１３８００００１００１"),
    *("021-55550101", "(021) 5555 0101", "（021）55550101", "5555 0101", "400-820-8820", "95598"),
    *("+86 138 0000 1001", "+86-21-5555-0101", "0086 13800001001", "+1 (415) 555-0101"),
    *(
        "021-55550101转8001",
        "021-55550101 转 8001",
        "55550101分机12",
        "(021)55550101 ext. 8",
        "55550101x8",
        "55550101#8",
    ),
]
NONE = [
    *("138abc", "abc", "", "-", "+", "()", "110", "138****1001", "13800001001/13800001002", "13800001001,13800001002"),
    *("138000014020", "1380000100", "138000010", "99999999999"),
    *("1" * 21, "55550101转", "转8001", "55550101转8001转2", "138 0000 1001 王女士", "1380000\n1001", "+86+138"),
]


@pytest.mark.parametrize(("said", "is_one"), [*((one, True) for one in NUMBERS), *((one, False) for one in NONE)])
def test_a_number_is_one_that_can_be_called(said, is_one):
    """INT-02, FBK-02: mobiles, fixed lines, countries, extensions; one at a time."""
    assert is_telephone(said) is is_one
