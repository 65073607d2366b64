"""Who owes what by when: the most urgent first, with the person who answers now, or the role nobody holds."""

from datetime import datetime, timedelta

import pytest
from orders_sample import at, sample, screen_of
from rich.cells import cell_len

from records.read import DutyRow
from starter.accountable import Accountable
from starter.cli.duties import facts
from starter.cli.duties_table import show
from starter.cli.times import countdown
from starter.contacting import call_before, contact_hours_of
from starter.owed import Owed, Wish, answering

NOW = at("2026-11-26 10:00")
NIGHT = at("2026-11-26 23:00")


def duty(clock: str, accountable: str, due_in: float, **more) -> dict:
    """A duty as the process writes it; `due_in` in minutes."""
    due = NOW + timedelta(minutes=due_in)
    usual = {"generation": 1, "turn": 1, "provisional": False, "suspended": False, "breached": due_in < 0, "level": 0}
    return {"clock": clock, "accountable": accountable, "due_at": due.isoformat(), **usual, **more}


def row(number: int, owed: dict, **case) -> DutyRow:
    usual = {
        "community": "jinxiu",
        "stage": "handling",
        "category": "WATER_LEAK",
        "severity": "major",
        "special": False,
    }
    held = {"team": "engineering", "first_contact": "usr_S06", "assignee": "usr_S09", "receiver": None}
    return DutyRow(f"wo_1000{number:04}", **{**usual, **held, **case}, duty=owed)


ROWS = [
    row(1, duty("result_feedback", "first_contact", -700, level=3)),
    row(2, duty("response", "dispatch_operator", 7), team=None, first_contact=None, assignee=None),
    row(3, duty("dispatch", "dispatch_operator", 30), community="yangguang", assignee=None),
    row(4, duty("sign_off", "first_contact", 900), first_contact=None),
    row(5, duty("rectify", "assignee", 9000, suspended=True, provisional=True)),
    row(6, duty("recovery", "service_manager", 12000), stage="closed"),
    row(7, duty("completion", "committee", 13000)),
]


def owed(rows=ROWS, now: datetime = NOW) -> list[Owed]:
    who = Accountable(sample(), now)
    return [Owed(one, answering(who, one)) for one in rows]


def screen(lang: str = "zh", columns: int = 80, found=None, person: str | None = None, *, more: bool = False) -> str:
    one = screen_of(lang, columns)
    with one.console.capture() as capture:
        show(one, sample(), owed() if found is None else found, Wish(person, None, 50), NOW, more=more)
    return "\n".join(line.rstrip() for line in capture.get().splitlines())


def test_the_table_names_due_order_clock_person_and_role():
    """ESC-11, CAL-11, CLK-20: overdue, on duty, deputies, standing still, provisional, and a role nobody holds."""
    told = screen().splitlines()
    assert [line.split() for line in told[1:8]] == [
        ["超时", "11", "时", "40", "分", "10000001", "结果反馈", "S06", "调度客服", "首问责任人", "处理", "3", "级"],
        ["还有", "7", "分", "10000002", "响应", "S06", "调度客服", "+1", "调度客服", "处理"],
        ["还有", "30", "分", "10000003", "分派", "S06", "调度客服", "+1", "调度客服", "处理"],
        ["还有", "15", "时", "00", "分", "10000004", "业主验收", "S06", "调度客服(代)", "首问责任人", "处理"],
        ["还有", "6", "天", "6", "时", "暂停", "暂定", "10000005", "限期整改", "S09", "水工", "经办人", "处理"],
        ["还有", "8", "天", "8", "时", "10000006", "服务补救", "S02", "客服经理", "客服经理", "办结"],
        ["还有", "9", "天", "0", "时", "10000007", "办结", "业主委员会(空缺)", "业主委员会", "处理"],
    ]
    assert told[8].startswith("7 项,1 项已超时")


@pytest.mark.parametrize("lang", ["zh", "en"])
@pytest.mark.parametrize("columns", [80, 100, 120])
def test_no_word_is_cut_where_terminals_usually_end(columns, lang):
    """A column of less weight gives way before a clock, a person or a role is cut."""
    night = owed(ROWS[:4], NIGHT)
    assert "…" not in screen(lang, columns, night)


def test_those_on_duty_come_first():
    """ESC-09: at night the night operator is named first."""
    assert [one.persons[0].staff_id for one in owed(ROWS[1:2])] == ["S06"]
    assert [one.persons[0].staff_id for one in owed(ROWS[1:2], NIGHT)] == ["S07"]


def test_whom_a_matter_is_about_does_not_owe_it():
    """DSP-13, ESC-11: whoever comes next does, of a role as of the first contact."""
    about = [row(8, duty("response", "dispatch_operator", 7)), row(9, duty("feedback", "first_contact", 7))]
    spared = [one._replace(complained_of=["usr_S06"]) for one in about]
    assert [[who.staff_id for who in one.persons] for one in owed(spared)] == [["S07"], ["S02"]]


@pytest.mark.parametrize("lang", ["zh", "en"])
@pytest.mark.parametrize("columns", [40, 50, 72, 80, 100, 140])
def test_the_table_fits_and_never_cuts_a_due_or_a_number(columns, lang):
    """API-07: narrow terminals leave columns out."""
    told = screen(lang, columns).splitlines()
    assert max(cell_len(line) for line in told) <= columns
    for one, line in zip(ROWS, told[1:8], strict=True):
        assert line.startswith(countdown(datetime.fromisoformat(one.duty["due_at"]), NOW, lang))
        assert one.order_id.removeprefix("wo_") in line
        if columns >= 50:
            assert ("暂停" in line or "paused" in line) is one.duty["suspended"]
            assert ("暂定" in line or "provisional" in line) is one.duty["provisional"]


def test_one_persons_duties_are_headed_by_his_name_and_nothing_is_said_calmly():
    assert screen(person="S09").startswith("S09 水工 负责的时限\n")
    assert screen("en", person="S09").startswith("What S09 engineer answers for\n")
    assert screen(found=[]) == "没有待办的时限。"
    assert "还有更多(--limit)" in screen(more=True)


def test_a_program_gets_codes_instants_and_everybody_who_answers():
    """API-07: whole, with the way each person was found."""
    told = facts(owed()[3])
    assert told["due_at"] == NOW + timedelta(hours=15)
    assert told["persons"] == [{"staff": "S06", "role": "duty_supervisor", "because": "on_call"}]
    assert {"order", "clock", "generation", "turn", "accountable", "suspended", "provisional", "level"} <= set(told)
    assert facts(owed()[6])["persons"] == []


def urgency(duty, at):
    """Of one quarter of an hour what is late comes first, then special households (INT-10)."""
    due = datetime.fromisoformat(duty["due_at"])
    return due.timestamp() // 900, due > datetime.fromisoformat(at), not duty["special"], due


def test_the_door_lists_what_is_owed(huiyin):
    """API-07: the most urgent first, by person, role, community and number."""
    order = huiyin.received()
    told = huiyin.ok("duties", "--limit", "500")
    mine = [one for one in told["duties"] if one["order"] == f"wo_{order}"]
    assert [one["clock"] for one in mine] == ["response", "register", "feedback"]
    assert told["duties"] == sorted(told["duties"], key=lambda one: urgency(one, told["at"]))
    assert {p["staff"] for one in mine[:2] for p in one["persons"]} == {"S06", "S07"}
    ran = huiyin("duties", "s06", "--community", "jinxiu", "--limit", "500")
    assert (ran.code, ran.err, order in ran.out) == (0, "", True)
    assert huiyin.ok("duties", "--role", "assignee")["duties"] == [
        one for one in told["duties"] if one["accountable"] == "assignee"
    ]
    one = huiyin.ok("duties", "--limit", "1")
    assert (len(one["duties"]), one["more"]) == (1, True)
    huiyin.ok("withdraw", order, "--as", "S06", "--by", "phone", "--reason", "已自行修好")
    assert f"wo_{order}" not in {one["order"] for one in huiyin.ok("duties", "--limit", "500")["duties"]}


REFUSED = [
    (("duties", "S99"), 1, "unknown-staff"),
    (("duties", "--community", "nowhere"), 1, "unknown-community"),
    (("duties", "--role", "king"), 2, "unknown-choice"),
    (("duties", "--limit", "501"), 2, "malformed-number"),
]


def test_what_the_settings_do_not_know_is_refused(huiyin):
    """API-08."""
    ran = huiyin.many([*words, "--json"] for words, _, _ in REFUSED)
    assert [(one.code, one.error) for one in ran] == [(code, error) for _, code, error in REFUSED]


CONTACT = [  # received at, due in minutes, and until when the owner can still be called in time
    ("2026-11-26 10:00", 13 * 60, "2026-11-26 20:00"),
    ("2026-11-26 10:00", 3 * 60, "2026-11-26 12:00"),
    ("2026-11-26 10:00", 5 * 60, "2026-11-26 15:00"),
    ("2026-11-26 21:00", 60, None),
    ("2026-11-26 10:00", -60, None),
]


def test_that_a_transfer_is_accepted_both_owe():
    """DSP-08: whoever hands it on answers, and the receiver sees what waits for him; of other clocks the giver."""
    rows = [row(1, duty(clock, "assignee", 10), receiver="usr_S10") for clock in ("accept", "handling")]
    assert [[one.staff_id for one in each.persons] for each in owed(rows)] == [["S09", "S10"], ["S09"]]


@pytest.mark.parametrize(("now", "due_in", "until"), CONTACT)
def test_a_duty_to_the_owner_says_until_when_he_can_be_called(now, due_in, until):
    """FBK-05: the clock is not stretched by contact hours, so the task says how early it must be done."""
    due = at(now) + timedelta(minutes=due_in)
    assert call_before(contact_hours_of(sample(), "jinxiu", at(now)), at(now), due) == (until and at(until))


@pytest.mark.parametrize(("lang", "words"), [("zh", "20:00前联系业主"), ("en", "call before 20:00")])
def test_the_table_says_it_where_the_due_lies_in_the_night(lang, words):
    """FBK-05: beside the countdown, whose number stays whole; as JSON too."""
    one = Owed(row(1, duty("feedback", "first_contact", 13 * 60)), (), at("2026-11-26 20:00"))
    told = screen(lang, found=[one])
    assert words in told
    assert countdown(one.due_at, NOW, lang) in told
    assert facts(one)["call_before"] == at("2026-11-26 20:00")
