"""A call taken at a real terminal: asked one thing after the other, completed by Tab, done within a minute (API-07)."""

import time
from datetime import UTC, datetime, timedelta

import pytest
from terminal import answers, at_terminal, number_of, taken

CALL = {
    "zh": [
        ("业主说了什么", "厨房水管爆管,水漫出来了"),
        ("类别", ""),  # proposed by the words
        ("地点", "JX03-1-1502"),
        ("姓名", "王女士"),
        ("回电号码", "13800001001"),
        ("业主要求", "今天修好"),
        ("级别(含紧急用词)", ""),
        ("复述的诉求", "今天上门修好爆裂的水管"),
    ],
    "en": [
        ("What does the owner say", "厨房水管爆管,水漫出来了"),
        ("Category", ""),
        ("Place", "JX03-1-1502"),
        ("Name", "Ms Wang"),
        ("Phone", "13800001001"),
        ("What does he want done", "今天修好"),
        ("Severity (urgent words)", ""),
        ("The demand as restated", "今天上门修好爆裂的水管"),
    ],
}
DONE = {"zh": "✓ 已完成:受理、响应、澄清复述、登记", "en": "✓ Done: receive, respond, clarify, register"}


@pytest.mark.parametrize("lang", ["zh", "en"])
def test_an_operator_takes_a_call_by_answering_questions(huiyin, lang):
    """INT-07, INT-08, INT-09, INT-14: receive, respond, clarify and register in one call, in either language."""
    began = time.monotonic()
    words = ("receive", "--as", "S06", "--community", "jinxiu", "--insist", "--lang", lang)
    terminal = at_terminal(huiyin, *words)
    for question, said in CALL[lang]:
        terminal.sees(question)
        terminal.types(said)
    terminal.sees(DONE[lang])
    assert terminal.ended() == 0
    assert time.monotonic() - began < 60  # what the machine takes of an operator's minute, busy or not
    told = huiyin.ok("show", number_of(terminal.screen), "--words", "--as", "S06")
    assert (told["stage"], told["category"], told["severity"], told["building"]) == (
        "dispatch",
        "WATER_LEAK",
        "urgent",
        "JX03",
    )
    said = {one["field"]: one["words"] for one in told["texts"]}
    assert (said["remedy_asked"], said["words"]) == ("今天修好", "今天上门修好爆裂的水管")
    received = next(one["payload"] for one in told["events"] if one["type"] == "work_order.received")
    assert received["proposed"] == {"category": "WATER_LEAK", "severity": "urgent", "because": "urgent_words"}


def test_whoever_a_call_is_about_is_not_asked_whether_he_answered_it(huiyin):
    """DSP-13: he takes it in, and nothing of the call is lost; somebody else responds."""
    terminal = at_terminal(huiyin, "receive", "--as", "S06", "--community", "jinxiu", "--insist", "--about", "S06")
    for question, said in CALL["zh"][:-1]:
        terminal.sees(question)
        terminal.types(said)
    terminal.sees("--as 员工编号")
    assert terminal.ended() == 0
    assert "复述的诉求" not in terminal.screen
    assert huiyin.ok("show", number_of(terminal.screen))["stage"] == "intake"


def test_whoever_rings_about_the_same_matter_may_join_it(huiyin):
    """INT-12, GRP-01: shown before anything is written; what is no number is asked again, its place joins it."""
    words = ("receive", "--as", "S06", "--community", "jinxiu", "--category", "PETS", "--room", "JX02-1-101")
    first = huiyin.ok(*words, "--text", "楼下的狗整夜叫")["order"].removeprefix("wo_")
    terminal = at_terminal(huiyin, *words, "--text", "狗叫了一整夜", "--lang", "zh")
    terminal.sees("疑似重复")
    terminal.sees("是同一件事吗")
    terminal.types("7")
    terminal.sees("7")
    terminal.sees("是同一件事吗")
    terminal.types("1")
    terminal.sees(f"✓ 已并入 {first}")
    assert terminal.ended() == 0


@pytest.mark.parametrize(
    ("lang", "question", "again"), [("zh", "单号", "请填单号"), ("en", "Order", "Type the number")]
)
def test_the_order_is_asked_for_where_it_was_left_out(huiyin, lang, question, again):
    """API-07: of every command; what is no number is asked again."""
    order = huiyin.received("--text", "灯不亮", "--insist")
    terminal = at_terminal(huiyin, "respond", "--as", "S06", "--lang", lang)
    terminal.sees(question)
    terminal.types("abc")
    terminal.sees(again)
    terminal.sees(question)
    terminal.types(order)
    assert terminal.ended() == 0
    assert huiyin.ok("show", order)["first_contact"] == "usr_S06"
    assert huiyin("respond", "--as", "S06").error == "usage"


def test_a_telephone_number_is_asked_for_until_it_is_one(huiyin):
    """API-07, INT-02: nothing of the call is lost."""
    terminal = at_terminal(huiyin, "receive", "--as", "S06", "--community", "jinxiu", "--insist", "--lang", "en")
    answers = [("say", "灯不亮"), ("Category", ""), ("Place", ""), ("Name", ""), ("Phone", "138abc")]
    answers += [("no telephone number", ""), ("What does he want", ""), ("Severity", ""), ("restated", ""), ("y/n", "")]
    for question, said in answers:
        terminal.sees(question)
        terminal.types(said)
    terminal.sees("Work order")
    assert terminal.ended() == 0


def test_a_round_asks_at_most_five_things(huiyin):
    """INT-23, INT-20: place, category, words, severity; nobody's name or number."""
    visit = ("--community", "jinxiu", "--channel", "visit", "--insist", "--lang", "en")
    terminal = at_terminal(huiyin, "receive", "--as", "S03", *visit)
    asked = 0
    for question, said in (("say", "灯不亮"), ("Category", ""), ("Place", "地下车库"), ("Severity", "")):
        terminal.sees(question)
        terminal.types(said)
        asked += 1
    terminal.sees("Work order")
    assert (terminal.ended(), asked <= 5) == (0, True)
    told = huiyin.ok("show", number_of(terminal.screen))
    received = next(one["payload"] for one in told["events"] if one["type"] == "work_order.received")
    assert (received["area"], received["category"], told["flags"]) == ("地下车库", "LIGHTING", [])
    assert received["channel"] == "visit"


def test_tab_completes_a_category(huiyin):
    """API-07: the first letters are enough."""
    terminal = at_terminal(
        huiyin, "receive", "--as", "S03", "--community", "jinxiu", "--channel", "visit", "--lang", "en"
    )
    terminal.sees("say")
    terminal.types("it is broken")
    terminal.sees("name)")
    terminal.types("LIFT_F", end="\t")
    terminal.sees("LIFT_FAULT")
    terminal.types("")
    for question in ("Place", "Severity"):
        terminal.sees(question)
        terminal.types("")
    terminal.sees("Work order")
    assert terminal.ended() == 0
    assert huiyin.ok("show", number_of(terminal.screen))["category"] == "LIFT_FAULT"


def test_an_enter_too_early_does_not_end_the_call(huiyin):
    """INT-23: the words are asked for again."""
    terminal = at_terminal(huiyin, "receive", "--as", "S06", "--community", "jinxiu", "--lang", "en")
    terminal.sees("What does the owner say")
    terminal.types("")
    terminal.sees("is empty")
    terminal.sees("What does the owner say")
    assert terminal.ended(pressing="\x03") == 130


@pytest.mark.parametrize("key", ["\x03", "\x04"], ids=["ctrl-c", "ctrl-d"])
def test_an_interrupted_call_leaves_nothing(huiyin, key):
    """API-08: Ctrl-C or Ctrl-D at a question ends with 130, and no order was made."""
    before = {one["order"] for one in huiyin.ok("list", "--limit", "500")["orders"]}
    terminal = at_terminal(huiyin, "receive", "--as", "S06", "--community", "jinxiu", "--lang", "en")
    terminal.sees("What does the owner say")
    assert terminal.ended(pressing=key) == 130
    assert {one["order"] for one in huiyin.ok("list", "--limit", "500")["orders"]} == before


def test_without_a_terminal_nothing_is_asked(huiyin):
    """INT-23, API-07: flags do the same; four of them for a round."""
    ran = huiyin("receive", "--as", "S06", "--community", "jinxiu")
    assert (ran.code, ran.error) == (2, "option-missing")
    words = ("--channel", "visit", "--area", "地下车库", "--category", "LIGHTING", "--text", "灯不亮")
    assert huiyin.ok("receive", "--as", "S03", "--community", "jinxiu", *words)["order"]


@pytest.mark.parametrize(("lang", "said"), [("zh", "退单原因"), ("en", "Why")])
def test_what_a_command_needs_is_asked_for_until_it_fits(huiyin, lang, said):
    """API-07: a wrong answer is told and asked again; nothing of the call is lost."""
    order = taken(huiyin)
    terminal = at_terminal(huiyin, "return", order, "--as", "S09", "--lang", lang)
    terminal.sees(said)
    terminal.types("no_such")
    terminal.sees("no_such")
    terminal.sees(said)
    terminal.types("lacks_skill")
    assert terminal.ended() == 0
    assert huiyin.ok("show", order)["stage"] == "dispatch"


@pytest.mark.parametrize("lang", ["zh", "en"])
def test_a_pause_is_asked_for_with_its_reasons_and_what_they_need(huiyin, lang):
    """API-07, HND-04: reasons are listed; a wrong one, a time that is over, are asked again; then part, supplier."""
    order = taken(huiyin)
    terminal = at_terminal(huiyin, "suspend", order, "--as", "S09", "--lang", lang)
    terminal.sees({"zh": "waiting_parts 等待配件", "en": "waiting_parts waiting for parts"}[lang])
    gone = f"{datetime.now(UTC).date() - timedelta(days=7):%m-%d}"
    soon = (datetime.now(UTC) + timedelta(hours=1)).isoformat(timespec="seconds")
    answers(terminal, ("--reason", "x"), ("--reason", "waiting_parts"), ("--until", gone))
    terminal.sees({"zh": "已过", "en": "is over"}[lang])
    answers(terminal, ("--until", soon), ("--part", "角阀"), ("--supplier", "城东五金"))
    assert terminal.ended() == 0
    assert any(one["suspended"] for one in huiyin.ok("explain", order)["clocks"])


@pytest.mark.parametrize("lang", ["zh", "en"])
def test_a_change_of_class_asks_what_changes(huiyin, lang):
    """CLK-24, API-07: Enter keeps category and severity, until one of them changes; then its reason."""
    order = taken(huiyin)
    category, severity = {"zh": ("类别,回车不变", "级别,回车不变"), "en": ("Category", "Severity")}[lang]
    terminal = at_terminal(huiyin, "reclassify", order, "--as", "S06", "--lang", lang)
    answers(terminal, (category, ""), (severity, ""), (category, ""), (severity, "urgent"), ("--reason", "水漫到楼下"))
    assert terminal.ended() == 0
    assert huiyin.ok("show", order)["severity"] == "urgent"


def test_a_person_and_a_window_are_asked_for_until_they_fit(huiyin):
    """API-07, CLK-11: nobody of that name, and a window without length."""
    order = taken(huiyin)
    terminal = at_terminal(huiyin, "promise", order, "--as", "S09", "--lang", "zh")
    answers(terminal, ("--from", "07:00"), ("--until", "07:00"))
    terminal.sees("终点须晚于起点")
    answers(terminal, ("--until", "09:00"))
    assert terminal.ended() == 0
    terminal = at_terminal(huiyin, "transfer", order, "--as", "S06", "--lang", "en")
    answers(terminal, ("--to", "S99"))
    terminal.sees("not in the roster")
    answers(terminal, ("--to", "S11"), ("--reason", "换班"))
    assert terminal.ended() == 0
    assert [one["type"] for one in huiyin.ok("show", order)["events"]].count("work_order.transferred") == 1


def test_a_time_set_back_asks_why(huiyin):
    """INT-13, API-07: before anything else of the call; a time out of reach is refused before any question."""
    usual = ("receive", "--as", "S06", "--community", "jinxiu", "--text", "灯不亮", "--insist", "--lang", "zh")
    before = (datetime.now(UTC) - timedelta(hours=1)).isoformat(timespec="seconds")
    terminal = at_terminal(huiyin, *usual, "--received-at", before)
    answers(terminal, ("补录原因", ""), ("补录原因", "电话占线"))
    assert terminal.ended() == 0
    texts = huiyin.ok("show", number_of(terminal.screen), "--words", "--as", "S06")["texts"]
    assert "电话占线" in {one["words"] for one in texts}
    terminal = at_terminal(huiyin, *usual[:5], "--received-at", (datetime.now(UTC) - timedelta(days=9)).isoformat())
    assert terminal.ended() == 1


def test_an_order_that_is_none_is_told_before_any_question(huiyin):
    """API-08: nothing is typed for nothing."""
    terminal = at_terminal(huiyin, "suspend", "99999999", "--as", "S09", "--lang", "zh")
    assert terminal.ended() == 1
    assert "没有工单" in terminal.screen


def test_several_are_asked_for_one_by_one(huiyin):
    """HND-08: measures of a plan, until an empty line."""
    order = taken(huiyin)
    terminal = at_terminal(huiyin, "give-plan", order, "--as", "S09")
    terminal.sees("--measure")
    terminal.types(f"S09 {datetime.now(UTC).date() + timedelta(days=4)} 更换地漏")
    terminal.sees("空行结束")
    terminal.types("")
    assert terminal.ended() == 0
    assert [one["type"] for one in huiyin.ok("show", order)["events"]].count("work_order.plan_given") == 1


def test_a_shell_completes_commands_and_options(huiyin):
    """API-07: what Tab asks for in bash."""
    ask = {"_HUIYIN_COMPLETE": "complete_bash", "COMP_CWORD": "1"}
    assert "receive" in huiyin(COMP_WORDS="huiyin rec", **ask).out.split()
    assert "--category" in huiyin(COMP_WORDS="huiyin receive --cat", **(ask | {"COMP_CWORD": "2"})).out.split()
