"""A deadline explained: the whole sum in words that add up, a bar, and the same for programs (CLK-30)."""

from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from orders_sample import WORDS, Lived, at, sample, screen_of, shown
from rich.cells import cell_len

from domain.timekeeping.calendars import Closure
from domain.timekeeping.explaining import explain
from starter.cli.bar import cells, now_at
from starter.cli.explain import Which, chosen
from starter.cli.explain_list import short_lines
from starter.cli.explain_page import Sum
from starter.closed_days import closed_runs
from starter.explained import Piece, adds_up, facts, pieces
from starter.lengths import exact, limit_words
from starter.telling.names import Names

HOUR = timedelta(hours=1)
OFFICE = {"pause_reason": "waiting_parts", "words": WORDS}


def of_hours(limit: str = "8h"):
    """A file in which handling takes so many hours of the office, as the stories count it."""
    written = sample().model_dump(by_alias=True)
    for policy in written["policy"]:
        policy["clocks"].get("handling", {})["limit"] = limit
    return type(sample()).model_validate(written)


def handled(begins: str, file=None, **wish) -> Lived:
    """An order whose handling begins at a clock time; its first steps lie a few minutes before."""
    case = Lived(begins, file or of_hours(), category="LIGHTING", severity="ordinary", **wish)
    return case.accepted(begins, begins, begins, begins)


def paused() -> Lived:
    """The order of ST-16: 5 hours used, standing still from Friday 10:00 on."""
    case = handled("03-05 14:00")
    until = at("03-06 17:00").isoformat()
    return case.act("03-06 10:00", "suspend", "S09", **OFFICE, expected_end_at=until)


def page(case: Lived, name: str, now: str, lang: str = "zh", columns: int = 80, who=("S09 水工",)) -> str:
    screen = screen_of(lang, columns)
    told = explain(case.order, case.clock(name), at(now))
    return shown(screen, *Sum(screen, Names(sample(), lang), told, at(now), who).lines("wo_10000001"))


def test_st_16_the_sum_of_a_paused_clock_is_told_whole():
    """ST-16 (CLK-19, CLK-30): each stretch, the pause with its open time, the due, and that the sum is the limit."""
    case = paused().act("03-09 10:00", "resume", "S09")
    told = page(case, "handling", "03-09 11:00").splitlines()
    assert [line.split() for line in told if line.startswith("  03-0") and "–" in line] == [
        ["03-05", "周四", "14:00–17:30", "3", "时", "30", "分"],
        ["03-06", "周五", "08:30–10:00", "1", "时", "30", "分"],
        ["03-09", "周一", "10:00–12:00,", "13:30–14:30", "3", "时"],
        [
            "03-06",
            "周五",
            "10:00",
            "–",
            "03-09",
            "周一",
            "10:00",
            "等待配件",
            "·",
            "开放时间",
            "7",
            "时",
            "30",
            "分",
            "未计",
        ],
    ]
    assert "  合计 8 时 = 时限 8 时 ✓" in told
    assert "  平常不开 2 天:03-07…03-08" in told
    assert "  到期  03-09 周一 14:30  还有 3 时 30 分" in told


def test_a_clock_that_stands_still_says_so_with_the_latest_due():
    """CLK-20: what is to come is marked, and until when the pause may last."""
    told = page(paused(), "handling", "03-06 16:00")
    assert "工单 10000001 · 处理时限  暂停中" in told
    assert "最迟 03-13 周五 14:30" in told
    assert "10:00–12:00, 13:30–14:30  3 时  将计" in told
    assert "03-06 周五 10:00 起,最迟到 03-13 周五 10:00" in told


@pytest.mark.parametrize(
    ("lang", "ahead", "total"),
    [
        ("zh", "如未停止,将计", "  已用 1 时 30 分 + 未用 6 时 30 分 = 时限 8 时 ✓"),
        ("en", "would have counted", "  used 1 h 30 min + unused 6 h 30 min = the limit 8 h ✓"),
    ],
)
def test_of_a_clock_that_was_stopped_only_what_ran_is_used(lang, ahead, total):
    """CLK-30: what its limit would have been counted by is told apart, and both together are the limit exactly."""
    case = handled("03-05 16:00").act("03-05 17:30", "complete_handling", "S09")
    told = page(case, "handling", "03-06 11:00", lang).splitlines()
    days = {line.split()[0] + line.split()[1]: line for line in told if ":" in line and "–" in line}
    assert {ahead in line for line in days.values()} == {False, True}
    [ran] = [line for line in days.values() if ahead not in line]
    assert "16:00–17:30" in ran
    assert total in told
    counted = facts(explain(case.order, case.clock("handling"), at("03-06 11:00")))
    spent = [one["end_at"] - one["start_at"] for one in counted["segments"] if one["ran"]]
    assert sum(spent, timedelta()) // timedelta(microseconds=1) == counted["consumed_microseconds"]
    assert counted["adds_up"]


def test_a_day_is_cut_where_its_clock_was_stopped():
    """CLK-30: the rest of that day would have counted; the stretches of a clock that ended late all ran."""
    case = handled("03-05 14:00").act("03-05 14:40", "complete_handling", "S09")
    told = " ".join(page(case, "handling", "03-06 11:00").split())
    assert "14:00–14:40 40 分" in told
    assert "14:40–17:30 2 时 50 分 如未停止,将计" in told
    late = handled("03-05 14:00").tick("03-07 10:00").act("03-07 10:00", "complete_handling", "S09")
    assert "合计 8 时 = 时限 8 时 ✓" in page(late, "handling", "03-07 11:00")


def test_holidays_and_make_up_days_are_named_and_folded():
    """CLK-30, CAL-05, CAL-08: one line for the seven days, the make-up Saturday counts under its name."""
    told = page(handled("09-30 16:45", sample()), "handling", "10-01 11:00")
    assert "  10-01…10-07  国庆节 7 天(法定假日 3、调休放假 3、假期周末 1)" in told
    assert "10-10 周六  08:30–12:00, 13:30–17:30  7 时 30 分  调休上班  将计" in told
    english = page(handled("09-30 16:45", sample()), "handling", "10-01 11:00", lang="en")
    assert ("make-up workday" in english, "调休" in english) == (True, False)
    assert "到期  10-10 周六 17:30" in told


def test_days_in_a_row_are_one_line():
    """CAL-07: the nine days of the spring festival, whatever their kinds; a plain weekend stays apart."""
    days = [Closure(at(f"02-{day}").date(), "春节", "statutory" if day < 20 else "bridge") for day in range(15, 24)]
    plain = [Closure(at(f"02-{day}").date(), "", "weekday") for day in ("07", "08")]
    runs = closed_runs([*plain, *days])
    assert [(run.days, run.name) for run in runs] == [(2, ""), (9, "春节")]
    assert runs[1].said("zh") == "春节 9 天(法定假日 5、调休放假 4)"
    assert runs[1].said("en") == "Spring Festival, 9 days (5 statutory, 4 bridge)"


def test_what_a_generation_before_had_used_is_in_the_sum():
    """CLK-25, CLK-30: `continue` tells what is carried over, and the sum is the limit all the same."""
    rule = {"callback": sample().callback.model_copy(update={"reopen_clock_rule": "continue"})}
    case = Lived("03-10 09:00", sample().model_copy(update=rule))
    case.accepted("03-10 09:01", "03-10 09:02", "03-10 09:03", "03-10 09:04")
    case.act("03-11 05:00", "complete_handling", "S09").act("03-11 05:00", "give_feedback", "S06")
    case.act("03-11 15:00", "record_callback", "S22")
    told = page(case, "feedback", "03-11 15:30")
    assert "合计 4 时 + 上一轮已用 20 时 = 时限 24 时 ✓" in told
    assert "反馈时限 · 第 2 轮" in told


def test_st_19_a_clock_that_was_moved_says_since_when_it_counts():
    """ST-19 (CLK-24): counted anew from the change; what was used before is named and not in the sum."""
    case = Lived("05-12 10:05", category="LIGHTING", severity="ordinary").accepted(*["05-12 10:05"] * 4)
    urgent = Lived("05-12 10:05", category="LIGHTING", severity="urgent").order.terms
    said = {"category": "LIGHTING", "kind": "repair", "severity": "urgent", "reason": WORDS}
    terms = {"terms_digest": urgent.digest, "terms": urgent.model_dump(mode="json")}
    case.act("05-12 10:40", "reclassify", "S06", **said, **terms)
    told = page(case, "arrive", "05-12 10:50")
    assert "自 05-12 周二 10:40 起重新计;此前已用 35 分,不在其内" in told
    assert "合计 30 分 = 时限 30 分 ✓" in told
    assert "到期  05-12 周二 11:10" in told


def test_st_15_a_due_beyond_the_confirmed_holidays_is_provisional():
    """ST-15 (CAL-11): flagged in the sum, in the short list and for programs."""
    case = handled("12-31 17:00", of_hours("1h"))
    assert "到期  2027-01-04 周一 09:00  还有 3 天 16 时  暂定" in page(case, "handling", "12-31 17:00")
    assert "provisional" in page(case, "handling", "12-31 17:00", "en")
    assert facts(explain(case.order, case.clock("handling"), at("12-31 17:00")))["provisional"] is True
    for lang, mark in (("zh", "暂定"), ("en", "provisional")):
        (line,) = (one for one in listed(case, "12-31 17:00", lang, 80).splitlines() if "2027-01-04 09:00" in one)
        assert mark in line
        assert "…" not in line


def test_st_14_where_clocks_are_changed_every_time_has_its_offset():
    """ST-14 (CAL-09, CAL-10): Los Angeles, 24 hours over the change, told in its own zone."""
    case = Lived("2026-03-07 10:00-08:00", community="sf-housing", category="GENERAL_REPAIR")
    told = page(case, "feedback", "2026-03-07 10:00-08:00", "en")
    assert "Sat 03-07 10:00 UTC-8" in told
    assert "due      Sun 03-08 11:00 UTC-7" in told
    assert "sum 24 h = the limit 24 h ✓" in told


def listed(case: Lived, now: str, lang: str, columns: int, *, ended: bool = False) -> str:
    clocks = [clock for clock in case.order.clocks if clock.running or ended]
    told = [explain(case.order, clock, at(now)) for clock in clocks]
    screen = screen_of(lang, columns)
    return shown(screen, *short_lines(screen, Names(sample(), lang), case.order, told, at(now)))


@pytest.mark.parametrize("lang", ["zh", "en"])
@pytest.mark.parametrize("columns", [40, 50, 80, 120])
def test_every_page_fits_its_terminal(columns, lang):
    """API-07: no line is wider, in either language; what is cut is never a number."""
    case = paused().tick("03-09 09:00")
    pages = [
        page(case, clock.name, "03-09 11:00", lang, columns, ("S09 水工", "S10 电工")) for clock in case.order.clocks
    ]
    for text in (*pages, listed(case, "03-09 11:00", lang, columns, ended=True)):
        assert max(cell_len(line) for line in text.splitlines()) <= columns
        assert "…" not in text.replace("03-07…03-08", "")


def test_the_sum_is_told_to_the_microsecond_and_adds_up():
    """CLK-30: the parts that are shown are the limit exactly, whenever the clock began."""
    case = Lived("2026-09-30 16:49:11.500007", of_hours(), category="LIGHTING")
    case.accepted(*["2026-09-30 16:49:11.500007"] * 4)
    told = page(case, "handling", "10-01 11:00")
    assert "16:49:11.500007–17:30" in told
    assert "40 分 48.499993 秒" in told
    assert "7 时 19 分 11.500007 秒" in told
    assert "合计 8 时 = 时限 8 时 ✓" in told


LENGTHS = [
    (timedelta(0), "0 分", "0 min"),
    (timedelta(minutes=15), "15 分", "15 min"),
    (timedelta(hours=24), "24 时", "24 h"),
    (timedelta(hours=1, seconds=1, microseconds=500_000), "1 时 1.5 秒", "1 h 1.5 s"),
    (timedelta(microseconds=1), "0.000001 秒", "0.000001 s"),
]


@pytest.mark.parametrize(("length", "zh", "en"), LENGTHS)
def test_lengths_are_exact(length, zh, en):
    assert (exact(length, "zh"), exact(length, "en")) == (zh, en)


LIMITS = [
    ("15m", "15 分", "15 min"),
    ("7h30m", "7 时 30 分", "7 h 30 min"),
    ("3wd", "3 个工作日", "3 working days"),
    ("1wd", "1 个工作日", "1 working day"),
    ("5d", "5 天", "5 days"),
    ("plan_date", "方案日期", "the plan's date"),
    ("window_end", "承诺窗口终点", "end of the window"),
]


@pytest.mark.parametrize(("limit", "zh", "en"), LIMITS)
def test_limits_are_said_in_words(limit, zh, en):
    """CLK-29."""
    assert (limit_words(limit, "zh"), limit_words(limit, "en")) == (zh, en)


# ---- the bar

PIECES = [
    ("paused", "03-06 16:00", [("used", 5.0), ("paused", 4.5), ("left", 3.0)]),
    ("resumed", "03-09 11:00", [("used", 5.0), ("paused", 7.5), ("used", 1.0), ("left", 2.0)]),
    ("resumed", "03-09 18:00", [("used", 5.0), ("paused", 7.5), ("used", 3.0), ("over", 3.0)]),
]


@pytest.mark.parametrize(("state", "now", "expected"), PIECES)
def test_the_bar_is_what_was_used_paused_left_or_over(state, now, expected):
    """CLK-19, CLK-30: pauses in open time, in their place; over its due a clock goes on."""
    case = paused() if state == "paused" else paused().act("03-09 10:00", "resume", "S09")
    told = explain(case.tick(now).order, case.clock("handling"), at(now))
    assert [(piece.kind, piece.length / HOUR) for piece in pieces(told)] == expected
    assert adds_up(told)


@pytest.mark.parametrize("lengths", [(1,), (1, 1), (1, 10_000), (10_000, 1, 1), (3, 5, 7, 11), (1,) * 12])
def test_cells_are_shared_out_whole_and_nothing_that_was_is_left_out(lengths):
    found = cells([Piece("used", timedelta(minutes=length)) for length in lengths], 40)
    assert (sum(found), min(found) >= 1) == (40, True)


def test_now_is_between_what_is_over_and_what_is_left():
    spent = [Piece("used", 3 * HOUR), Piece("left", HOUR)]
    assert [now_at(spent, 41), now_at(spent[:1], 41), now_at([], 41)] == [30, 40, 0]


def test_seconds_among_weeks_have_a_cell_of_each_kind_at_most():
    """CLK-30: fifteen seconds with two pauses, before 28 days that are left."""
    second = timedelta(seconds=1)
    told = [Piece(kind, 3 * second) for kind in ("used", "paused", "used", "paused", "used")]
    assert now_at([*told, Piece("left", timedelta(days=28))], 41) == 2
    assert now_at([*told, Piece("left", 15 * second)], 41) >= 20


def test_a_bar_is_drawn_in_any_terminal():
    """The same bar in Unicode and in plain signs; now is marked, the due ends it or lies inside."""
    case = paused()
    told = explain(case.order, case.clock("handling"), at("03-06 16:00"))
    for encoding, signs in (("utf-8", "█▒░┃▲"), ("ascii", "#:.|^")):
        screen = screen_of("en", 60, encoding)
        lines = Sum(screen, Names(sample(), "en"), told, at("03-06 16:00"), ()).drawn()
        drawn = [str(line) for line in lines]
        assert set(drawn[1].strip()) == set(signs[:4])
        assert signs[4] in drawn[2]
        assert "now 03-06 16:00" in drawn[2]
    late = page(paused().act("03-09 10:00", "resume", "S09").tick("03-09 18:00"), "handling", "03-09 18:00")
    assert "█┃▓" in late
    assert "超出 3 时" in late


# ---- which clock, and for programs


def test_the_latest_clock_of_a_name_is_meant_unless_another_is_named():
    """CLK-30: `accept` begins anew with each dispatch; its turns can be told apart."""
    case = paused().act("03-09 10:00", "resume", "S09")
    case.act("03-09 10:01", "transfer", "S06", assignee="usr_S10", reason=WORDS)
    turns = [[clock.turn for clock in chosen(case.order, which)] for which in (
        Which("accept"), Which("accept", turn=1), Which("accept", everything=True)
    )]  # fmt: skip
    assert turns == [[2], [1], [1, 2]]
    owed = chosen(case.order, Which(None))
    assert [clock.running for clock in owed] == [True] * len(owed)
    assert [case.order.due(clock) for clock in owed] == sorted(case.order.due(clock) for clock in owed)
    assert len(chosen(case.order, Which(None, everything=True))) == len(case.order.clocks)


def test_a_program_gets_the_whole_sum():
    """CLK-30, CLK-31: segments, pauses and carried time in microseconds; versions and digest of what it rests on."""
    case = paused().act("03-09 10:00", "resume", "S09")
    told = facts(explain(case.order, case.clock("handling"), at("03-09 11:00")))
    spent = sum((part["end_at"] - part["start_at"] for part in told["segments"]), timedelta())
    assert (spent // timedelta(microseconds=1), told["adds_up"]) == (told["budget_microseconds"], True)
    assert told["budget_microseconds"] == 8 * 3600 * 10**6
    assert [one["open_microseconds"] for one in told["pauses"]] == [27_000 * 10**6]
    assert told["due_at"] == at("03-09 14:30")
    assert (told["limit"], told["source"], told["policy_version"]) == ("8h", "policy", "2026.1")
    assert (told["terms_digest"], told["state"]) == (case.order.terms_digest, "running")
    assert {one["kind"] for one in told["closures"]} == {"weekday"}


# ---- at the door


def test_the_door_explains_in_both_languages_and_for_programs(huiyin):
    """API-07: words, JSON, exit codes; a clock is named by code or by its word."""
    order = huiyin.received()
    told = huiyin.ok("explain", order)
    assert [one["clock"] for one in told["clocks"]] == ["response", "register", "feedback"]
    assert all(one["adds_up"] for one in told["clocks"])
    for words, expected in (
        (("explain", order, "响应"), "合计 15 分 = 时限 15 分 ✓"),
        (("explain", order, "response", "--lang", "en"), "sum 15 min = the limit 15 min ✓"),
        (("explain", order, "--all"), "huiyin explain 单号 计时"),
    ):
        ran = huiyin(*words)
        assert (ran.code, ran.err, expected in ran.out) == (0, "", True), words


def test_a_breach_with_time_left_says_why_it_stands(huiyin):
    """CLK-07, CLK-32: answered before the due, typed after it had been recorded as missed."""
    now = datetime.now(ZoneInfo("Asia/Shanghai"))
    received, answered = (f"{now - timedelta(minutes=minutes):%Y-%m-%d %H:%M}" for minutes in (40, 30))
    order = huiyin.received("--text", "水管漏水", "--received-at", received, "--because", "补录", "--insist")
    huiyin.ok("respond", order, "--as", "S06", "--stated-at", answered)
    [told] = huiyin.ok("explain", order, "response")["clocks"]
    assert told["outcome"] == "breached"
    assert told["ended_by"]["at"] < told["breached_at"] < told["ended_by"]["recorded_at"]
    due = f"{datetime.fromisoformat(told['breached_at']).astimezone(now.tzinfo):%H:%M}"
    for lang, why, typed in (("zh", "到期时尚无记录,已记超时", "才补录"), ("en", "so the breach stands", "typed at")):
        page = " ".join(huiyin("explain", order, "response", "--lang", lang).out.split())
        assert due in page
        assert why in page
        assert typed in page


REFUSED = [
    (("explain", "{order}", "handling"), 1, "no-such-clock"),
    (("explain", "{order}", "response", "--turn", "2"), 1, "no-such-clock"),
    (("explain", "{order}", "lunch"), 2, "unknown-choice"),
    (("explain", "{order}", "response", "--turn", "0"), 2, "malformed-number"),
    (("explain", "99999999"), 1, "not-found"),
    (("explain",), 2, "usage"),
]


def test_what_can_not_be_explained_is_refused(huiyin):
    """API-08: code, sentence, remedy and the clocks there are."""
    order = huiyin.received()
    commands = [[*(word.format(order=order) for word in words), "--json"] for words, _, _ in REFUSED]
    assert [(ran.code, ran.error) for ran in huiyin.many(commands)] == [(code, error) for _, code, error in REFUSED]
    assert "响应 response" in huiyin("explain", order, "handling").err


def test_a_server_that_is_away_is_exit_code_3(huiyin):
    away = {"HUIYIN_DATABASE_URL": "postgresql://a:b@127.0.0.1:1/x"}
    assert [huiyin(*words, **away).code for words in (("explain", "10000001"), ("duties",))] == [3, 3]


@pytest.mark.parametrize(("lang", "mark"), [("zh", "暂定"), ("en", "provisional")])
@pytest.mark.parametrize(("limit", "warning"), [("3h", False), ("4h", True)])
def test_cal_11_warnings_and_levels_beyond_the_confirmed_days_are_marked(lang, mark, limit, warning):
    """CAL-11: 80 % of 3 h from 15:00 on the last confirmed day lie on it, of 4 h beyond it; every level lies beyond."""
    case = handled("2026-12-31 15:00", of_hours(limit))
    told = facts(explain(case.order, case.clock("handling"), at("2026-12-31 15:10")))
    assert [one["provisional"] for one in told["warnings"]] == [warning]
    assert {one["provisional"] for one in told["levels"]} == {True}
    lines = page(case, "handling", "2026-12-31 15:10", lang).splitlines()
    follows = [line for line in lines if line.startswith(("  预警", "  warning", "  第", "  level"))]
    assert [mark in line for line in follows] == [warning, *[True] * len(told["levels"])]
