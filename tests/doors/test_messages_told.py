"""What `show` says of messages and of what ladders have done, in both languages (ESC-06, ESC-09, ESC-12)."""

from datetime import UTC, datetime

import pytest

from domain.vocabulary import LadderAction
from records.deeds import Deed
from records.outgoing import Notice, NoticeRow
from starter.community_file import load
from starter.opening import sample_community
from starter.telling.names import Names
from starter.telling.timeline import Teller
from starter.words.glossary import DEED_OUTCOMES

FILE = load(sample_community())
AT = datetime(2026, 11, 5, 15, 40, tzinfo=UTC)
LEVEL = {"topic": "escalation", "clock": "feedback", "level": 3, "to": "project_manager"}


def teller(lang):
    return Teller(Names(FILE, lang), lambda at: f"{at:%H:%M}")


def row(person="usr_S01", not_before=None, sent_at=None, dropped=None, told_by=None, **facts):
    notice = Notice("ntc_1", "wo_1", 7, person, "project_manager", "sandbox", {**LEVEL, **facts}, not_before)
    return NoticeRow(notice, AT, sent_at, dropped, told_by)


MESSAGES = [
    (row(sent_at=AT), "反馈 第 3 级", "15:40 送达", "sent 15:40"),
    (row(sent_at=AT, told_by="ntc_2"), "反馈 第 3 级", "15:40 送达(汇总)", "sent 15:40 (in a digest)"),
    (row(), "反馈 第 3 级", "待发", "waiting"),
    (row(not_before=AT), "反馈 第 3 级", "暂存至 15:40", "held until 15:40"),
    (row(dropped="acknowledged"), "反馈 第 3 级", "未发(已有人确认)", "dropped (acknowledged meanwhile)"),
    (row(dropped="clock-stopped"), "反馈 第 3 级", "未发(计时已停止)", "dropped (its clock has stopped)"),
    (row(topic="nobody_found", sent_at=AT), "反馈 第 3 级 · 无人可找", "15:40 送达", "sent 15:40"),
    (row(topic="pause_over", clock=None, level=None, sent_at=AT), "暂停到期", "15:40 送达", "sent 15:40"),
    (row("nobody", dropped="nobody-found"), "无 · 反馈", "未发(该小区已无任何员工)", "(the community has no staff)"),
]


@pytest.mark.parametrize(("told", "about", "zh", "en"), MESSAGES)
def test_what_became_of_a_message(told, about, zh, en):
    """ESC-09: held until when, why it was dropped; ESC-12: that a digest told it."""
    said = teller("zh").notice(told)
    assert (about in said, said.endswith(zh), teller("en").notice(told).endswith(en)) == (True, True, True), said


def deed(action, outcome=None, **told):
    facts = {"clock": "accept", "generation": 1, "turn": 1, "level": 2, "team": None, "severity": "major"}
    return Deed("wo_1", 7, action, facts, outcome=outcome, told=told, created_at=AT)


DEEDS = [
    (deed("raise_severity"), "接单 第 2 级 · 提高等级 · 待执行", "level 2 · severity to be raised · still to be done"),
    (deed("raise_severity", "done", severity="urgent", version=4), "提高等级 · 已执行", "done"),
    (deed("notify_and_reassign", "done", assignee="usr_S10"), "已执行 → S10 电工", "done → S10 engineer"),
    (deed("notify_and_reassign", "nothing-to-do", because="nobody-fitting"), "未改派:无合适的当班人员", "is on duty"),
    (deed("service_recovery", "recovery-open", assignee="usr_S09"), "服务补救已在进行", "a recovery is open already"),
    (deed("service_recovery", "forbidden"), "服务补救 · forbidden", "forbidden"),
]


@pytest.mark.parametrize(("one", "zh", "en"), DEEDS)
def test_what_became_of_a_deed(one, zh, en):
    """ESC-06: done and to whom, not needed and why, or refused."""
    assert (zh in teller("zh").deed(one), teller("en").deed(one).endswith(en)) == (True, True)


def test_every_reason_for_doing_nothing_has_its_words():
    """ESC-06: the codes of domain.deeds."""
    codes = {"told-only", "clock-stopped", "not-of-an-assignee", "named-staff", "nobody-fitting", "severity-reached"}
    assert {*codes, "no-contractor", "done", "open"} <= set(DEED_OUTCOMES)
    assert all(teller("en").deed(deed(action)) for action in LadderAction)
