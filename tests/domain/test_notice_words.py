"""Messages in words: what happened, in which role somebody is told, and why not somebody else (ESC-09…12, API-09)."""

import pytest

from domain.notices.notifying import Way
from domain.notices.words import LANGS, WAYS, said, said_together

LEVEL = {"topic": "escalation", "clock": "response", "level": 2, "to": "service_manager"}
PAUSE = {"reason": "waiting_parts", "called": "等待配件", "to": "assignee", "way": "holder"}
CASES = [
    (
        {**LEVEL, "way": "holder"},
        "service_manager",
        "【升级第 2 级】工单 10000012 的「响应」时限已超时,请处理并确认。您以「客服经理」身份收到。",
        "[Level 2] response of 10000012 was breached. Please act and acknowledge. You are told as service manager.",
    ),
    (
        {**LEVEL, "way": "stands_in"},
        "duty_supervisor",
        "「客服经理」此刻不当班,请您作为「值班主管」先行处理",
        "The service manager is off duty now; please act as duty supervisor.",
    ),
    (
        {**LEVEL, "way": "holder", "cause": "urged"},
        "service_manager",
        "【催单升级第 2 级】业主多次催单,工单 10000012 的「响应」尚未超时,请即处理并确认。",
        "[Level 2] 10000012 is urged again and again, response not breached yet.",
    ),
    (
        {"topic": "breached", "clock": "handling", "to": "first_contact", "way": "holder"},
        "first_contact",
        "【超时】您首问的工单 10000012:「处理」时限已超时,请跟进到底,并给业主回音。您以「首问责任人」身份收到。",
        "[Breached] handling of 10000012, which you answer for to the owner, was breached.",
    ),
    (
        {"topic": "urged", "number": 2, "to": "first_contact", "way": "holder"},
        "first_contact",
        "【催单】工单 10000012:业主第 2 次催单,请尽快回复业主。",
        "[Urged] 10000012: the owner urges it, number 2. Please answer him soon.",
    ),
    (
        {"topic": "urged_work", "number": 2, "to": "assignee", "way": "holder"},
        "assignee",
        "【催单】工单 10000012:业主第 2 次催单,请加快处理。",
        "[Urged] 10000012: the owner urges it, number 2. Please speed it up.",
    ),
    ({**LEVEL, "way": "deputy"}, "project_manager", "您作为代理「项目经理」收到", "as the deputy, project manager"),
    (
        {**LEVEL, "way": "next_level"},
        "project_manager",
        "转由您(「项目经理」)处理",
        "it comes to you as project manager",
    ),
    (
        {**LEVEL, "topic": "nobody_found", "way": "alert"},
        "dispatch_operator",
        "【无人可找】工单 10000012:「客服经理」及其代理此刻都不在",
        "neither service manager nor a deputy is there now",
    ),
    (
        {**PAUSE, "topic": "suspension_requested", "to": "engineering_lead"},
        "engineering_lead",
        "【申请暂停】工单 10000012 申请因「等待配件」暂停计时",
        "10000012 asks that its clocks stand still (waiting parts)",
    ),
    (
        {**PAUSE, "topic": "suspension_decided", "decision": "approved"},
        "assignee",
        "【暂停已批准】工单 10000012",
        "[Pause approved]",
    ),
    (
        {**PAUSE, "topic": "suspension_decided", "decision": "refused"},
        "assignee",
        "【暂停未批准】工单 10000012",
        "[Pause refused]",
    ),
    (
        {**PAUSE, "topic": "pause_over"},
        "assignee",
        "因「等待配件」的暂停已到上限",
        "(waiting parts) has reached its cap",
    ),
]


@pytest.mark.parametrize(("facts", "role", "zh", "en"), CASES)
def test_every_topic_is_told_in_both_languages(facts, role, zh, en):
    """API-09: the order's number in words, the role, and why."""
    told = {lang: said(facts, lang, order="10000012", role=role, held=False) for lang in LANGS}
    assert (zh in told["zh"], en in told["en"]) == (True, True), told
    assert "10000012" in told["zh"]
    assert "10000012" in told["en"]
    assert not [text for text in told.values() if "{" in text]


def test_what_was_held_says_so():
    """ESC-09."""
    facts = {**LEVEL, "way": "holder"}
    assert said(facts, "zh", order="1", role="service_manager", held=True).endswith("本消息因免打扰时段而延后送达。")
    assert said(facts, "en", order="1", role="service_manager", held=True).endswith("until the quiet hours were over.")


def test_a_digest_names_each_order_clock_and_level():
    """ESC-12."""
    cases = [{**LEVEL, "order": "wo_1"}, {**LEVEL, "order": "wo_2", "clock": "feedback", "level": 1}]
    facts = {"topic": "digest", "cases": [*cases, {**PAUSE, "topic": "pause_over", "order": "wo_3"}]}
    number = {f"wo_{n}": f"{n}" for n in range(4)}.__getitem__
    assert said_together(facts, "zh", number).split("\n") == [
        "【汇总】一分钟内有 3 条消息,合并如下:",
        "工单 1「响应」第 2 级",
        "工单 2「反馈」第 1 级",
        "工单 3 暂停到期,已恢复",
    ]
    assert said_together(facts, "en", number).split("\n")[1:3] == ["1 response level 2", "2 feedback level 1"]


def test_every_way_has_its_words():
    """ESC-10, ESC-11."""
    assert set(WAYS) == set(Way)


def test_a_notice_of_before_ways_were_kept_is_told_all_the_same():
    """Upgrades: what was queued by 0.1.0 has neither way nor addressee."""
    facts = {"topic": "escalation", "clock": "response", "level": 1}
    assert said(facts, "en", order="1", role="duty_supervisor", held=False).startswith("[Level 1] response of 1")
