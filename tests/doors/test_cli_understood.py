"""What was typed as a time is said as it was understood, with its date; a slip is refused, not recorded."""

from datetime import UTC, datetime, timedelta
from pathlib import Path
from zoneinfo import ZoneInfo

from test_cli_pauses import handled

from domain.refusals import Refused
from starter.cli.refused import failure_in

SHANGHAI = ZoneInfo("Asia/Shanghai")


def on(days: int) -> datetime:
    """This time of day, so many days from now, in Shanghai."""
    return datetime.now(SHANGHAI) + timedelta(days=days)


def test_a_promise_says_the_window_that_was_recorded(huiyin):
    """CLK-11: equal ends are no window; that of tomorrow stands there with its date."""
    order, at = handled(huiyin), f"{on(0):%H:%M}"
    refused = huiyin("promise", order, "--as", "S09", "--from", at, "--until", at, "--lang", "zh")
    assert (refused.code, refused.error, "终点须晚于起点" in refused.err) == (2, "malformed-window", True)
    window = ("--from", f"{on(1):%Y-%m-%d} 07:00", "--until", f"{on(1):%m-%d} 09:30")
    for lang, act in (("zh", "到场"), ("en", "arrive")):
        done = huiyin("promise", order, "--as", "S02", *window, "--lang", lang)
        assert done.code == 0
        [line] = [line for line in done.out.splitlines() if "09:30" in line and "07:00" in line]
        assert line.count(f"{on(1):%m-%d}") == 2
        assert act in line


def test_a_date_gone_by_is_not_next_years(huiyin):
    """CLK-10, CLK-17: of a pause, of its request, of a plan; and what was understood stands below the ✓."""
    order, gone = handled(huiyin), f"{on(-7):%m-%d}"
    pause = ("--reason", "third_party", "--until")
    for name in ("suspend", "request-suspension"):
        assert huiyin(name, order, "--as", "S09", *pause, gone).error == "date-over"
    assert huiyin("give-plan", order, "--as", "S09", "--measure", f"S09 {gone} 更换").error == "date-over"
    window = ("--from", f"{gone} 18:00", "--until", f"{gone} 20:00")
    assert huiyin("promise", order, "--as", "S02", *window).error == "date-over"
    until = f"{on(20):%Y-%m-%d} 17:00"
    for lang in ("zh", "en"):
        refused = huiyin("suspend", order, "--as", "S09", *pause, until, "--lang", lang)
        assert (refused.error, f"{on(20):%m-%d} 17:00" in refused.err) == ("needs-approval", True)
    asked = huiyin("request-suspension", order, "--as", "S09", *pause, until, "--lang", "en")
    assert f"{on(20):%m-%d} 17:00" in asked.out
    planned = huiyin("give-plan", order, "--as", "S09", "--measure", f"S09 {on(20):%m-%d} 更换", "--lang", "zh")
    assert f"{on(20):%Y-%m-%d}" in planned.out
    far = huiyin("give-plan", order, "--as", "S09", "--measure", f"S09 {on(1500):%Y-%m-%d} 更换", "--lang", "zh")
    assert (far.error, "400 天" in far.err) == ("plan-date", True)


def test_another_class_names_the_settings_it_goes_by(huiyin, tmp_path):
    """CLK-31: limits of a class that nobody had pinned come from the settings in force; the receipt says which."""
    text = Path(huiyin.env["HUIYIN_COMMUNITY"]).read_text(encoding="utf-8")
    version = text.partition('\nversion = "')[2].partition('"')[0]
    newer = tmp_path / "newer.toml"
    newer.write_text(text.replace(f'version = "{version}"', 'version = "2099.9"', 1), encoding="utf-8")
    order, other = handled(huiyin), {"HUIYIN_COMMUNITY": str(newer)}
    change = ("reclassify", order, "--as", "S06", "--reason", "水漫到楼下", "--severity")
    same = huiyin(*change, "urgent", "--lang", "zh")
    assert (same.code, "配置" in same.out) == (0, False)
    raised = huiyin(*change, "major", "--lang", "zh", **other)
    assert f"今后按现行配置 2099.9 计时(此前为 {version})" in raised.out
    back = huiyin(*change, "urgent", "--lang", "en")
    assert f"the settings in force, {version} (2099.9 before)" in back.out


def test_a_refusal_tells_local_time(huiyin):
    """API-08, CAL-09: before the order has a number too, whatever the fact is called."""
    received, answered = on(0) - timedelta(minutes=20), on(0) - timedelta(minutes=25)
    times = ("--received-at", f"{received:%m-%d %H:%M}", "--answered-at", f"{answered:%H:%M}", "--because", "补录")
    words = ("receive", "--as", "S06", "--community", "jinxiu", "--text", "灯不亮", "--insist", *times)
    for lang in ("zh", "en"):
        refused = huiyin(*words, "--lang", lang)
        assert (refused.error, f"{received:%H:%M}" in refused.err) == ("stated-time-too-early", True)
    late = Refused("unmerge-too-late", until="2026-11-26T22:10:00.000000Z")
    told = failure_in(SHANGHAI, late, datetime(2026, 11, 27, 1, tzinfo=UTC))
    assert ("06:10" in told.zh, "22:10" in told.zh, told.facts["until"]) == (True, False, late.facts["until"])
