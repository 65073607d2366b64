"""A contractor's work as it is typed, shown and owed (HND-12)."""

import pytest
from typed import DONE

CHECK = "check-contractor-work"


@pytest.fixture
def order(huiyin) -> str:
    """An order whose work a contractor says is done."""
    number = huiyin.received("--category", "LIFT_FAULT", "--text", "三号梯平层不准")
    for name, *said in (("respond",), ("clarify", "--text", "尽快恢复"), ("register",), ("dispatch", "--to", "S23")):
        huiyin.ok(name, number, "--as", "S06", *said)
    huiyin.ok("accept", number, "--as", "S23")
    huiyin.ok("arrive", number, "--as", "S23")
    assert huiyin.ok("complete-handling", number, "--as", "S23", *DONE)["stage"] == "handling"
    return number


def test_it_is_checked_given_back_and_passed(huiyin, order):
    """HND-12: who owes it, what to type, what became of it; nobody else may, and a failure says why."""
    owed = huiyin.ok("duties", "S08")["duties"]
    assert any(one["clock"] == "check_contractor_work" and order in str(one) for one in owed)
    assert f"huiyin {CHECK} {order} --as 员工编号 --passed" in huiyin("show", order).out
    assert huiyin(CHECK, order, "--as", "S23", "--passed", "--json").error == "forbidden"
    assert huiyin(CHECK, order, "--as", "S08", "--failed", "--json").error == "failed-without-reason"
    assert (
        huiyin("suspend", order, "--as", "S23", "--reason", "weather", "--until", "23:59").error == "work-awaits-check"
    )
    huiyin.ok("check-work", order, "--as", "S08", "--failed", "--reason", "平层仍差两公分")
    assert huiyin.ok("show", order)["stage"] == "handling"
    assert "已报完工,待验工 · 环节 处理" in huiyin("complete-handling", order, "--as", "S23", *DONE).out
    assert huiyin.ok(CHECK, order, "--as", "S08", "--passed", "--dry-run")["stage"] == "feedback"
    assert huiyin.ok(CHECK, order, "--as", "S08", "--passed")["stage"] == "feedback"
    assert huiyin("audit", "replay", order).code == 0


TOLD = {
    "zh": ("外包报完工", "待验工", "安达电梯维保外包队", "外包验工", "不通过,退回返工", "平层仍差两公分"),
    "en": (
        "contractor reports completion",
        "to be checked",
        "contractor's work checked",
        "failed, back to the contractor",
    ),
}


@pytest.mark.parametrize("lang", ["zh", "en"])
def test_it_is_told_in_either_language(huiyin, order, lang):
    """HND-12: in the timeline and in the answers."""
    given = huiyin(CHECK, order, "--as", "S08", "--failed", "--reason", "平层仍差两公分", HUIYIN_LANG=lang)
    assert (given.code, given.err) == (0, "")
    told = huiyin("show", order, "--words", "--as", "S06", HUIYIN_LANG=lang, COLUMNS="200").out
    assert [part for part in TOLD[lang] if part not in told] == []
