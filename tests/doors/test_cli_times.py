"""Times as operators type and read them."""

from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest

from starter.cli.errors import Failure
from starter.cli.times import countdown, day, moment, offset, shown, span, window

SHANGHAI = ZoneInfo("Asia/Shanghai")
NOW = datetime(2026, 3, 1, 0, 10, tzinfo=SHANGHAI)


def local(text: str) -> datetime:
    return datetime.fromisoformat(text).replace(tzinfo=SHANGHAI)


@pytest.mark.parametrize(
    ("typed", "meant"),
    [
        ("00:05", "2026-03-01T00:05"),
        ("0:05", "2026-03-01T00:05"),
        ("23:58", "2026-02-28T23:58"),  # yesterday: it lies behind us
        ("00:11", "2026-03-01T00:11"),  # clocks differ by a minute
        ("００：０５", "2026-03-01T00:05"),  # typed with a Chinese keyboard
        ("02-28 20:00", "2026-02-28T20:00"),  # as screens show it
        ("9-10 08:00", "2025-09-10T08:00"),
        ("2026-02-28 10:00", "2026-02-28T10:00"),
        ("2026-02-28T10:00:30", "2026-02-28T10:00:30"),
        ("2026-02-28T02:00:00Z", "2026-02-28T10:00"),
        ("2026-02-28T10:00:00+08:00", "2026-02-28T10:00"),
    ],
)
def test_what_has_happened_lies_behind(typed, meant):
    assert moment(typed, "--received-at").past(SHANGHAI, NOW) == local(meant)


@pytest.mark.parametrize(
    ("start", "end", "window"),
    [
        ("14:00", "18:00", ("2026-03-01T14:00", "2026-03-01T18:00")),
        ("00:05", "02:00", ("2026-03-01T00:05", "2026-03-01T02:00")),  # has begun already
        ("22:00", "00:05", ("2026-03-01T22:00", "2026-03-02T00:05")),  # over midnight
        ("2026-03-03 09:00", "2026-03-03 11:00", ("2026-03-03T09:00", "2026-03-03T11:00")),
    ],
)
def test_a_window_is_the_next_one_to_come(start, end, window):
    until = moment(end, "--until").until(SHANGHAI, NOW)
    assert (moment(start, "--from").before(SHANGHAI, until), until) == tuple(local(one) for one in window)


@pytest.mark.parametrize(
    "typed", ["", "morgen", "25:00", "12:60", "2026-02-30 10:00", "2026-02-03", "20260203T100000Z", "10:00Z", "1e3:00"]
)
def test_what_is_no_time_is_refused_with_an_example(typed):
    with pytest.raises(Failure) as refused:
        moment(typed, "--received-at")
    assert (refused.value.code, refused.value.exit_code) == ("malformed-time", 2)
    assert "03:15" in refused.value.remedy_en


@pytest.mark.parametrize(
    ("typed", "meant"),
    [
        ("2026-12-04", "2026-12-04"),
        ("3-1", "2026-03-01"),  # today
        ("08-31", "2026-08-31"),
        ("02-29", "2028-02-29"),
        ("2025-12-04", "2025-12-04"),  # whether it may be over the rules tell
        (" ２０２６-１２-０４ ", "2026-12-04"),
    ],
)
def test_a_date_is_the_next_one_to_come(typed, meant):
    """CLK-10."""
    assert day(typed, "--on").to_come(SHANGHAI, NOW).isoformat() == meant


@pytest.mark.parametrize(
    ("typed", "gone", "coming"),
    [("02-28", "2026-02-28", "2027-02-28"), ("12-31", "2025-12-31", "2026-12-31"), ("9-2", "2025-09-02", "2026-09-02")],
)
def test_a_day_that_has_just_gone_by_is_not_next_years(typed, gone, coming):
    """CLK-10, CLK-17: whoever types a slip is told, with what to write if he means it."""
    with pytest.raises(Failure) as refused:
        day(typed, "--until").to_come(SHANGHAI, NOW)
    assert (refused.value.code, refused.value.exit_code) == ("date-over", 2)
    assert gone in refused.value.zh
    assert coming in refused.value.remedy_zh
    assert coming in refused.value.remedy_en


@pytest.mark.parametrize(
    ("typed", "gone", "coming"),
    [
        ("02-28 20:00", "2026-02-28 20:00", "2027-02-28 20:00"),
        ("3-1 0:10", "2026-03-01 00:10", "2027-03-01 00:10"),  # this very minute
    ],
)
def test_a_time_on_a_day_gone_by_is_told_as_the_day_is(typed, gone, coming):
    """CLK-11, CLK-17: it is not taken for next year's; with its year it is what it is, and the engine's to refuse."""
    with pytest.raises(Failure) as refused:
        moment(typed, "--until").until(SHANGHAI, NOW)
    assert (refused.value.code, refused.value.exit_code) == ("date-over", 2)
    assert gone in refused.value.en
    assert coming in refused.value.remedy_zh
    assert coming in refused.value.remedy_en
    assert moment(gone, "--until").until(SHANGHAI, NOW) == local(gone)
    assert moment("03-01 00:11", "--until").until(SHANGHAI, NOW) == local("2026-03-01T00:11")
    assert moment("03-02 10:00", "--until").until(SHANGHAI, NOW) == local("2026-03-02T10:00")


@pytest.mark.parametrize(
    ("typed", "zh", "en"),
    [
        ("24:00", "次日 00:00", "next day"),
        ("2026-03-05 24:00", "次日 00:00", "next day"),
        ("03-05 24:00", "次日 00:00", "next day"),
        ("02-30 10:00", "没有 02-30 这一天", "no day 02-30"),
        ("2026-02-29 10:00", "没有 2026-02-29 这一天", "no day 2026-02-29"),
        ("03-05 25:00", "无法识别", "no time we can read"),
    ],
)
def test_what_is_wrong_with_a_time_is_said(typed, zh, en):
    """API-08."""
    with pytest.raises(Failure) as refused:
        moment(typed, "--until")
    assert refused.value.code == "malformed-time"
    assert zh in refused.value.zh
    assert en in refused.value.en
    for read in (lambda: day("02-30", "--on"), lambda: day("2026-02-29", "--on")):
        with pytest.raises(Failure, match="malformed-date") as no_day:
            read()
        assert "没有" in no_day.value.zh


@pytest.mark.parametrize("typed", ["1899-01-01", "1949-10-01", "2201-01-01"])
def test_a_year_out_of_range_is_told_as_that(typed):
    """API-08: it is a date, and can be read."""
    for read in (lambda: day(typed, "--on"), lambda: moment(f"{typed} 10:00", "--on")):
        with pytest.raises(Failure) as refused:
            read()
        assert (refused.value.code, "1970" in refused.value.zh) == ("year-out-of-range", True)


@pytest.mark.parametrize("typed", ["", "Friday", "2026-02-29", "13-01", "02-30", "20261204", "12/04", "4"])
def test_what_is_no_date_is_refused_with_an_example(typed):
    """API-08."""
    with pytest.raises(Failure) as refused:
        day(typed, "--on")
    assert (refused.value.code, refused.value.exit_code) == ("malformed-date", 2)
    assert "12-04" in refused.value.remedy_zh


def test_an_instant_is_shown_in_the_communitys_time():
    at = datetime(2026, 2, 28, 16, 25, tzinfo=UTC)
    told = [shown(at + timedelta(days=days), SHANGHAI, NOW, lang) for days in (0, 1, 2) for lang in ("zh", "en")]
    assert told == ["00:25", "00:25", "明天 00:25", "tomorrow 00:25", "03-03 00:25", "03-03 00:25"]
    assert shown(at + timedelta(days=400), SHANGHAI, NOW, "zh") == "2027-04-05 00:25"


@pytest.mark.parametrize(
    ("left", "zh", "en"),
    [
        (timedelta(minutes=14, seconds=59), "还有 14 分", "in 14 min"),
        (timedelta(seconds=30), "还有 30 秒", "in 30 s"),
        (timedelta(hours=2, minutes=5), "还有 2 时 05 分", "in 2 h 05 min"),
        (timedelta(days=3, hours=4), "还有 3 天 4 时", "in 3 d 4 h"),
        (timedelta(minutes=-7), "超时 7 分", "7 min over"),
    ],
)
def test_a_countdown_is_said_in_words(left, zh, en):
    assert (countdown(NOW + left, NOW, "zh"), countdown(NOW + left, NOW, "en")) == (zh, en)


def test_a_zone_is_named_as_people_write_it():
    names = ("Asia/Shanghai", "America/Los_Angeles", "Asia/Kolkata", "UTC")
    assert [offset(ZoneInfo(name), NOW) for name in names] == ["UTC+8", "UTC-8", "UTC+5:30", "UTC+0"]
    assert span(timedelta(0), "zh") == "0 秒"


EARLY = datetime(2026, 3, 5, 5, 9, tzinfo=SHANGHAI)
WINDOWS = [
    ("05:40", "18:00", ["2026-03-05T05:40", "2026-03-05T18:00"]),
    ("22:00", "02:00", ["2026-03-05T22:00", "2026-03-06T02:00"]),
    ("03-09 14:00", "18:00", ["2026-03-09T14:00", "2026-03-09T18:00"]),
    ("2026-03-09 22:00", "02:00", ["2026-03-09T22:00", "2026-03-10T02:00"]),
    ("2026-03-05 03:00", "06:00", ["2026-03-05T03:00", "2026-03-05T06:00"]),
    ("09:30", "03-09 20:00", ["2026-03-09T09:30", "2026-03-09T20:00"]),
]


@pytest.mark.parametrize(("start", "end", "meant"), WINDOWS)
def test_a_window_of_times_of_day_is_the_next_one(start, end, meant):
    """CLK-11: however long it lasts, if its times are in order."""
    found = window(moment(start, "--from"), moment(end, "--until"), SHANGHAI, EARLY)
    assert list(found.values()) == [local(at) for at in meant]


def test_a_window_the_wrong_way_round_is_refused():
    """CLK-11: it would last for most of a day."""
    with pytest.raises(Failure, match="malformed-window"):
        window(moment("06:00", "--from"), moment("05:30", "--until"), SHANGHAI, EARLY)


@pytest.mark.parametrize("start", ["05:09", "07:00", "2026-03-06 07:00"])
def test_a_window_without_length_is_refused(start):
    """CLK-11: not taken for a whole day that nobody has told the owner."""
    with pytest.raises(Failure, match="malformed-window") as refused:
        window(moment(start, "--from"), moment(start, "--until"), SHANGHAI, EARLY)
    assert "终点须晚于起点" in refused.value.zh
