"""What a receipt says beside number and limits: how severe, why, and who does what next; and the steps after it."""

import pytest

USUAL = ("receive", "--community", "jinxiu", "--insist")
FIRE = ("--category", "ADVICE", "--text", "请问地下车库为什么冒烟")
LEVELS = {
    ("--category", "ADVICE", "--text", "物业费怎么交"): ("级别  一般(按类别)", "severity  ordinary (by category)"),
    ("--category", "LIFT_TRAPPED", "--text", "电梯停了"): (
        "级别  紧急(涉及安全)",
        "severity  urgent (a safety matter)",
    ),
    FIRE: ("级别  紧急(含紧急用词)", "severity  urgent (urgent words)"),
    (*FIRE, "--severity", "ordinary"): (
        "级别  一般(建议为紧急:含紧急用词)",
        "severity  ordinary (proposed: urgent, urgent words)",
    ),
}


@pytest.mark.parametrize("words", LEVELS)
def test_a_receipt_says_the_severity_and_why(huiyin, words):
    """INT-09: proposed and decided, before and after, in both languages."""
    for lang, said in zip(("zh", "en"), LEVELS[words], strict=True):
        for more in ((), ("--dry-run",)):
            assert said in huiyin(*USUAL, "--as", "S06", *words, *more, "--lang", lang).out


def test_danger_in_a_question_is_urgent_and_said_to_be_one(huiyin):
    """INT-09: its limits stay those of advice until a person names its category; the command for that can be typed."""
    told = huiyin.ok(*USUAL, "--as", "S06", *FIRE)
    proposed = {"category": "ADVICE", "severity": "urgent", "because": "urgent_words"}
    assert (told["kind"], told["severity"], told["proposed"]) == ("advice", "urgent", proposed)
    receipt = huiyin(*USUAL, "--as", "S06", *FIRE, "--lang", "zh").out
    assert "时限仍按「咨询与建议」计" in receipt
    assert "--as S06 --category … --severity urgent" in receipt
    assert "those of advice" in huiyin(*USUAL, "--as", "S06", *FIRE, "--lang", "en").out
    number = told["order"].removeprefix("wo_")
    classified = ("classify", number, "--as", "S06", "--category", "LIGHTING", "--severity", "urgent")
    assert huiyin.ok(*classified)["moved"]
    assert huiyin.ok("show", number)["severity"] == "urgent"
    calm = huiyin(*USUAL, "--as", "S06", *FIRE, "--severity", "ordinary", "--lang", "zh").out
    assert "险情" not in calm


HINTS = [
    ("S06", (), "respond", "S06"),
    ("S09", (), "respond", "STAFF"),
    ("S09", ("--answered",), "clarify", "S09"),  # whoever answers is the first contact
    ("S06", ("--clarified", "今天修好"), "dispatch", "S06"),
    ("S03", ("--clarified", "今天修好"), "dispatch", "STAFF"),
]


@pytest.mark.parametrize(("who", "more", "command", "named"), HINTS)
def test_a_receipt_names_no_command_that_its_reader_may_not_give(huiyin, who, more, command, named):
    """API-08, SEC-01."""
    words = ("--category", "LIGHTING", "--text", "灯不亮", *more, "--lang", "en")
    receipt = huiyin(*USUAL, "--as", who, *words).out
    assert f"  huiyin {command} " in receipt
    assert f" --as {named}" in receipt.split(f"huiyin {command} ")[1]
    assert ("not for your role" in receipt) is (named == "STAFF")


def test_an_order_nobody_has_registered_or_restated_is_not_said_to_fit_nobody(huiyin):
    """INT-07, DSP-09: at any hour, on duty or not; and nobody is called for it."""
    order = huiyin.received("--text", "水管滴水", "--insist")
    for lang, said in (("zh", "尚未登记"), ("en", "not registered yet")):
        ran = huiyin("dispatch", order, "--as", "S06", "--lang", lang)
        assert (ran.code, ran.error, said in ran.err) == (1, "illegal-transition", True), ran.err
    huiyin.ok("respond", order, "--as", "S06")
    huiyin.ok("register", order, "--as", "S06")
    assert huiyin("dispatch", order, "--as", "S06", "--json").error == "not-clarified"
    assert not [one for one in huiyin.ok("show", order)["notices"] if one["body"].get("topic") == "nobody_fits"]


def test_the_third_urge_says_that_level_1_has_fired(huiyin):
    """INT-18: the number each time, the level once."""
    order = huiyin.received("--text", "水管滴水", "--insist")
    first = huiyin("urge", order, "--as", "S06", "--by", "phone", "--lang", "zh").out
    assert ("第 1 次" in first, "升级 " in first) == (True, False)
    assert huiyin.ok("urge", order, "--as", "S06", "--by", "phone")["urged"] == [{"event": "urged", "number": 2}]
    third = huiyin("urge", order, "--as", "S06", "--by", "phone", "--lang", "zh", "--key", "third").out
    assert "升级 " in third
    assert ("第 3 次" in third, "多次催单" in third) == (True, True), third
    again = huiyin.ok("urge", order, "--as", "S06", "--by", "phone", "--key", "third")
    assert [one.get("level") for one in again["urged"]] == [None, 1]
