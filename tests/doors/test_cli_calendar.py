"""Calendars at the command line: months, faults and lapsing data, own holidays beside the package's; no server."""

import json
import socket
from datetime import date
from typing import NamedTuple

import holidays
import pytest
from rich.cells import cell_len

from starter.cli.calendar import days_of
from starter.cli.errors import Failure
from starter.cli.main import run
from starter.opening import sample_community
from starter.words.holidays import holiday

SAMPLE = sample_community().read_text()
TODAY = date(2026, 11, 26)


class Told(NamedTuple):
    """How a command ended."""

    code: int
    out: str
    err: str

    @property
    def lines(self) -> list[str]:
        return [line.rstrip() for line in self.out.splitlines()]

    @property
    def document(self):
        return json.loads(self.out)


@pytest.fixture
def calendar(capsys, monkeypatch, tmp_path):
    """Run `huiyin calendar …` in this process, where no server is and the network can't be reached (CAL-12)."""

    def forbidden(*_args, **_kwargs):
        raise AssertionError("the network was asked for")

    def told(*words: str, lang: str = "zh", columns: int = 80, text: str | None = None) -> Told:
        monkeypatch.setenv("COLUMNS", str(columns))
        monkeypatch.setenv("HUIYIN_DATA", str(tmp_path))
        monkeypatch.delenv("HUIYIN_COMMUNITY", raising=False)
        if text is not None:
            file = tmp_path / "community.toml"
            file.write_text(text)
            words = (*words, "--file", str(file))
        code = run(["calendar", *words, "--lang", lang])
        return Told(code, *capsys.readouterr())

    monkeypatch.setattr(socket.socket, "connect", forbidden)
    return told


def changed(old: str, new: str) -> str:
    assert old in SAMPLE
    return SAMPLE.replace(old, new, 1)


# ---- show

OCTOBER = [
    "一         二         三         四         五         六         日",
    "                                  1 国庆节   2 国庆节   3 国庆节   4 国庆节",
    " 5 国庆节   6 国庆节   7 国庆节   8          9         10 上班    11 休",
]


def test_a_month_shows_holidays_make_up_days_and_hours(calendar):
    """CAL-05, CAL-06, CAL-08: October 2026 of the office."""
    told = calendar("show", "office", "--month", "2026-10")
    assert (told.code, told.err) == (0, "")
    assert [line for line in told.lines if line in OCTOBER] == OCTOBER
    assert "  10-01…10-07  国庆节 7 天(法定假日 3、调休放假 3、假期周末 1)" in told.lines
    assert "  10-10 周六   调休上班 · 08:30–12:00 13:30–17:30 · 7 时 30 分" in told.lines
    assert "  周一–周五  08:30–12:00 13:30–17:30 · 7 时 30 分" in told.lines


def test_a_narrow_terminal_has_one_sign_a_day_and_their_meaning(calendar):
    """API-07: at 40 columns too; the signs are explained."""
    told = calendar("show", "office", "--month", "2026-02", columns=40)
    assert "16法 17法 18法 19法 20连 21末 22末" in told.lines
    assert "班 调休上班" in told.out
    assert (
        "16 法 17 法 18 法 19 法 20 连 21 末 22 末" in calendar("show", "office", "--month", "2026-02", columns=50).out
    )


def test_a_whole_block_is_closed_where_the_calendar_says_so(calendar):
    """CAL-07: Sunday 10-04 is open in no calendar of ours that closes; the stores close though they open on Sundays."""
    days = {day["on"]: day for day in calendar("show", "stores", "--month", "2026-10", "--json").document["days"]}
    assert (days["2026-10-04"]["open"], days["2026-10-04"]["kind"]) == ([], "block")
    assert (days["2026-10-11"]["open"], days["2026-10-11"]["kind"]) == (["09:00-17:00"], "open")


def test_hours_over_midnight_are_told_as_such(calendar):
    """CAL-02."""
    assert "20:00–08:00+1 · 12 时" in calendar("show", "night_duty", "--month", "2026-10").out


def test_own_exceptions_are_shown_with_their_reason(calendar):
    """CAL-13: closed and open ones, and a version of its own."""
    mark = 'confirmed_until = 2026-12-31\nweek = [{ days = ["mon", "tue", "wed", "thu", "fri"]'
    closed, opened = (
        "on = 2026-10-14, reason = '停电检修'",
        "on = 2026-10-17, open = ['09:00-12:00'], reason = '开放日'",
    )
    own = f"exception = [{{ {closed} }}, {{ {opened} }}]"
    text = changed(mark, f"{own}\n{mark}")
    told = calendar("show", "office", "--month", "2026-10", text=text)
    assert "  10-14        停电检修 1 天(小区例外)" in told.lines
    assert "  10-17 周六   开放日 · 09:00–12:00 · 3 时" in told.lines
    versions = {calendar("show", "office", "--json", text=one).document["version"] for one in (SAMPLE, text)}
    assert len(versions) == 2


def test_days_beyond_the_confirmed_data_are_provisional(calendar):
    """CAL-11: said in the head, marked in the month, flagged for programs."""
    told = calendar("show", "office", "--from", "2026-12-30", "--until", "2027-01-05")
    assert "节假日 CN:已公布至 2026-12-31,其后为暂定(标 ?)" in told.lines
    assert "1?元旦" in told.out
    days = calendar("show", "office", "--from", "2026-12-30", "--until", "2027-01-05", "--json").document["days"]
    assert [day["provisional"] for day in days] == [False] * 2 + [True] * 5
    assert "?" not in calendar("show", "office", "--month", "2026-12").out


def test_without_a_name_all_calendars_are_listed(calendar):
    """CAL-09: each with its zone and version."""
    told = calendar("show", "--json").document["calendars"]
    assert {one["calendar"]: one["zone"] for one in told}["sf_office"] == "America/Los_Angeles"
    assert all(len(one["version"]) == 12 for one in told)
    assert "office" in calendar("show").out


SPANS = [
    ((None, None, None), ("2026-11-01", "2026-11-30")),
    (("2026-2", None, None), ("2026-02-01", "2026-02-28")),
    (("2026-12", None, None), ("2026-12-01", "2026-12-31")),
    ((None, "2026-10-05", None), ("2026-10-05", "2026-10-31")),
    ((None, None, "2026-12-24"), ("2026-11-26", "2026-12-24")),
    ((None, "2026-10-05", "2026-10-05"), ("2026-10-05", "2026-10-05")),
]


@pytest.mark.parametrize(("typed", "meant"), SPANS)
def test_a_span_is_a_month_or_from_and_until(typed, meant):
    assert tuple(str(day) for day in days_of(*typed, TODAY)) == meant


NO_SPANS = [
    (("2026-13", None, None), "malformed-month"),
    (("10", None, None), "malformed-month"),
    (("october", None, None), "malformed-month"),
    (("0000-01", None, None), "malformed-month"),
    (("0000-00", None, None), "malformed-month"),
    ((None, "0000-01-01", None), "malformed-date"),
    (("2026-10", "2026-10-01", None), "usage"),
    ((None, "2026-10-05", "2026-10-04"), "malformed-span"),
    ((None, "2026-10-05", "2028-10-04"), "malformed-span"),
    ((None, "10-05", None), "malformed-date"),
    ((None, "2026-02-30", None), "malformed-date"),
]


@pytest.mark.parametrize(("typed", "code"), NO_SPANS)
def test_what_is_no_span_is_refused_with_an_example(typed, code):
    """API-08."""
    with pytest.raises(Failure) as refused:
        days_of(*typed, TODAY)
    assert (refused.value.code, refused.value.exit_code) == (code, 2)
    assert "2026" in refused.value.remedy_zh + refused.value.remedy_en


@pytest.mark.parametrize("typed", [("1949-10", None, None), ("9999-12", None, None), (None, "1949-10-01", None)])
def test_a_month_out_of_range_is_told_as_that(typed):
    """API-08: it can be read, and lies where no calendar reaches."""
    with pytest.raises(Failure) as refused:
        days_of(*typed, TODAY)
    assert (refused.value.code, refused.value.exit_code) == ("year-out-of-range", 2)
    assert "1970" in refused.value.zh


@pytest.mark.parametrize(
    ("name", "english"),
    [
        ("国庆节", "National Day"),
        ("中秋节; 国庆节", "Mid-Autumn Festival, National Day"),
        ("清明节\uff08补假\uff09", "Tomb-Sweeping Day (in lieu)"),
        ("休息日\uff08由 2025-01-26 调休\uff09", "day off for 2025-01-26"),
        ("业主大会", "业主大会"),
    ],
)
def test_holidays_have_english_names(name, english):
    """CAL-08: a name of the community's own stands as it was written."""
    assert (holiday(name, "zh"), holiday(name, "en")) == (name, english)


AMERICAN = [
    ("New Year's Day", "元旦"),
    ("Independence Day (observed)", "独立日(补休)"),
    ("Juneteenth National Independence Day", "六月节"),
    ("Christmas Day; Thanksgiving Day", "圣诞节、感恩节"),
    ("Day after the feast", "Day after the feast"),
]


@pytest.mark.parametrize(("name", "chinese"), AMERICAN)
def test_holidays_have_chinese_names(name, chinese):
    """CAL-08: of the public-data example; one that is not known stands as it was written."""
    assert (holiday(name, "en"), holiday(name, "zh")) == (name, chinese)


def test_every_federal_holiday_of_the_example_has_a_chinese_name():
    """CAL-08: whatever the package calls them in the years of the example."""
    names = set(holidays.US(years=range(2000, 2036)).values())
    assert [name for name in sorted(names) if holiday(name, "zh") == name] == []


@pytest.mark.parametrize("words", [("show", "office", "--month", "2026-10"), ("diff", "--year", "2026")])
def test_an_english_page_names_no_holiday_in_chinese(calendar, words):
    """CAL-08: nor in the cells of the month."""
    told = calendar(*words, lang="en")
    assert (told.code, "National Day" in told.out, "国庆" in told.out) == (0, True, False), told.out


# ---- check

LAPSED = SAMPLE.replace("confirmed_until = 2026-12-31", "confirmed_until = 2020-12-31")
SURE = SAMPLE.replace("confirmed_until = 2026-12-31", "confirmed_until = 2099-12-31").replace(
    "confirmed_until = 2027-12-31", "confirmed_until = 2099-12-31"
)


def test_a_sound_file_is_told_so(calendar):
    told = calendar("check", text=SURE)
    assert (told.code, told.out, told.err) == (0, "✓ 配置没有错误\n", "")
    assert calendar("check", "--json", text=SURE).document | {"file": ""} == {
        "file": "",
        "ok": True,
        "faults": [],
        "warnings": [],
    }


@pytest.mark.parametrize("lang", ["zh", "en"])
def test_lapsing_holiday_data_are_warned_of_with_their_line(calendar, lang):
    """CAL-11: 90 days before the last confirmed day, with file, line, key and what to do."""
    told = calendar("check", lang=lang, columns=200, text=LAPSED)
    assert told.code == 0
    row = LAPSED.splitlines().index("confirmed_until = 2020-12-31") + 1
    assert f"community.toml:{row}: calendar[1].confirmed_until: " in told.out
    assert {"zh": "只确认到 2020-12-31", "en": "confirmed to 2020-12-31 only"}[lang] in told.out
    assert "[holiday_data]" in told.out
    [first, *_] = calendar("check", "--json", text=LAPSED).document["warnings"]
    assert (first["line"], first["key"], first["code"]) == (row, "calendar[1].confirmed_until", "holidays_lapse")


def test_every_fault_is_told_with_line_and_key(calendar):
    """CAL-03, OPS-06: exit code 1, for the file would not be used."""
    text = changed('open = ["08:30-12:00", "13:30-17:30"]', 'open = ["08:30-12:00", "11:30-17:30"]')
    told = calendar("check", columns=200, text=text)
    assert told.code == 1
    assert "calendar[1].week" in told.out
    assert "1 处错误" in told.out
    document = calendar("check", "--json", text=text).document
    assert (document["ok"], [one["code"] for one in document["faults"]]) == (False, ["bad_hours"])


NO_FILES = [("check", "--file", "/nope.toml"), ("show", "office", "--file", "/nope.toml"), ("diff", "--file", ".")]


@pytest.mark.parametrize("words", NO_FILES, ids=" ".join)
def test_a_file_that_is_not_there_is_exit_code_2(calendar, words):
    told = calendar(*words, "--json")
    assert (told.code, told.document["error"]["code"]) == (2, "bad-community-file")


# ---- diff


def test_own_holidays_are_laid_beside_the_package_without_the_network(calendar):
    """CAL-07, CAL-12: the eleven weekend days of 2026 that the package leaves out, and nothing else."""
    told = calendar("diff", "--year", "2026")
    assert (told.code, told.err) == (0, "")
    assert "✓ CN 2026  配置与 holidays" in told.out
    assert "假期中的周末 11 天" in told.out.replace("\n", "")
    assert "2026-10-04 周日" in told.out
    assert "属正常" in told.out.replace("\n", "")
    [year] = calendar("diff", "--json").document["years"]
    assert {(day["only"], day["kind"]) for day in year["differences"]} == {("file", "block")}
    assert [day["on"] for day in year["differences"]][-1] == "2026-10-04"


@pytest.mark.parametrize("lang", ["zh", "en"])
def test_the_list_cuts_no_name_where_terminals_usually_end(calendar, lang):
    """API-08: the version gives way first; `calendar show NAME` tells it."""
    assert "…" not in calendar("show", "--lang", lang).out


def test_a_day_that_was_forgotten_is_found_on_both_sides(calendar):
    """CAL-12."""
    text = changed("2026-09-20, 2026-10-10]", "2026-09-20, 2026-10-11]")
    [year] = calendar("diff", "--json", text=text).document["years"]
    makeup = [(day["only"], day["on"]) for day in year["differences"] if day["kind"] == "makeup"]
    assert makeup == [("package", "2026-10-10"), ("file", "2026-10-11")]
    assert "属正常" not in calendar("diff", text=text).out


REFUSED = [
    (("diff", "--year", "2027"), 1, "year-not-written"),
    (("diff", "--year", "now"), 2, "malformed-number"),
    (("show", "offce"), 1, "unknown-calendar"),
    (("show", "office", "--month", "13"), 2, "malformed-month"),
    (("fly",), 2, "usage"),
]


@pytest.mark.parametrize(("words", "code", "error"), REFUSED, ids=lambda one: str(one)[:40])
def test_what_there_is_not_is_refused(calendar, words, code, error):
    """API-08."""
    told = calendar(*words, "--json")
    assert (told.code, told.document["error"]["code"]) == (code, error)
    assert calendar(*words).err.startswith("✗ ")


@pytest.mark.parametrize("lang", ["zh", "en"])
@pytest.mark.parametrize("columns", [40, 50, 80, 120])
def test_every_screen_fits_its_terminal(calendar, columns, lang):
    for words in (("show",), ("show", "office", "--month", "2026-10"), ("show", "stores", "--month", "2027-01")):
        assert widest(calendar(*words, lang=lang, columns=columns).out) <= columns, words
    for words in (("diff",), ("check",), ("show", "sf_office", "--from", "2026-11-01", "--until", "2027-01-31")):
        assert widest(calendar(*words, lang=lang, columns=columns).out) <= columns, words


def widest(text: str) -> int:
    return max(cell_len(line.rstrip()) for line in text.splitlines())
