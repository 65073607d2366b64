"""Prices, shares, conflicts and mediation as they are typed and shown (HND-03, HND-05, HND-09, HND-10, HND-14)."""

from datetime import UTC, datetime, timedelta

import pytest
from typed import DONE


@pytest.fixture
def order(huiyin) -> str:
    """An order in the hands of S09."""
    number = huiyin.received()
    for name, *said in (("respond",), ("clarify", "--text", "今天修好"), ("register",), ("dispatch", "--to", "S09")):
        huiyin.ok(name, number, "--as", "S06", *said)
    huiyin.ok("accept", number, "--as", "S09")
    huiyin.ok("arrive", number, "--as", "S09")
    return number


def shown(huiyin, order: str, lang: str = "zh") -> str:
    told = huiyin("show", order, "--words", "--as", "S06", HUIYIN_LANG=lang, COLUMNS="200")
    assert (told.code, told.err) == (0, "")
    return told.out


def test_a_price_is_quoted_answered_and_shown(huiyin, order):
    """HND-03: lines with their words, what the owner pays, his no and his yes, in both languages."""
    lines = ("--material", "DN15 角阀 2 35 业主", "--material", "生料带 0.5 4.00 property")
    huiyin.ok("quote", order, "--as", "S09", *lines, "--labour", "50", "--text", "含上门费")
    refused = huiyin("complete-handling", order, "--as", "S09", *DONE)
    assert (refused.code, refused.error) == (1, "price-not-agreed")
    assert "业主付 120.00 元" in refused.err
    huiyin.ok("decline-price", order, "--as", "S06", "--by", "phone", "--reason", "太贵")
    assert "业主不同意" in shown(huiyin, order)
    huiyin.ok("agree-to-price", order, "--as", "owner", "--by", "app")
    told = shown(huiyin, order)
    for part in ("合计 122.00 元", "业主付 120.00 元", "DN15 角阀", "生料带", "2 × 35.00", "含上门费", "业主已同意"):
        assert part in told, part
    english = shown(huiyin, order, "en")
    for part in ("122.00 yuan in all", "the owner pays 120.00 yuan", "material 0.5 × 4.00 (property firm)"):
        assert part in english, part
    document = huiyin.ok("show", order)
    assert document["price"] == {"number": 1, "owner_total": "120.00", "agreed": True}
    assert "角阀" not in str(document["events"])


@pytest.mark.parametrize(("lang", "said"), [("zh", "没有写明报价"), ("en", "Nothing is quoted")])
def test_a_quote_of_nothing_is_none(huiyin, order, lang, said):
    """HND-03, API-08: neither material nor labour is refused; work that costs nothing is said to."""
    for more in ((), ("--labour-payer", "owner")):
        refused = huiyin("quote", order, "--as", "S09", *more, "--lang", lang)
        assert (refused.code, refused.error, said in refused.err) == (2, "option-missing", True)
        assert "--labour 0" in refused.err
    huiyin.ok("quote", order, "--as", "S09", "--labour", "0")
    assert huiyin.ok("show", order)["price"]["owner_total"] == "0.00"


def test_responsibility_is_shared_and_shown(huiyin, order):
    """HND-05: each party with per cent and evidence; a wrong sum is told with the sum."""
    halves = ("--share", "开发商 60 交付时已渗漏", "--share", "property 30% 巡检未发现")
    refused = huiyin("assign-responsibility", order, "--as", "S02", *halves)
    assert (refused.code, refused.error) == (1, "shares-not-100")
    assert "90%" in refused.err
    bare = huiyin("assign-responsibility", order, "--as", "S02", *halves, "--share", "owner 10")
    assert (bare.code, bare.error) == (1, "share-without-evidence")
    assert "业主" in bare.err
    huiyin.ok("assign-responsibility", order, "--as", "S02", *halves, "--share", "owner 10 自行改管")
    told = shown(huiyin, order)
    for part in ("开发商 60% · 物业 30% · 业主 10%", "交付时已渗漏", "自行改管"):
        assert part in told, part
    assert huiyin.ok("show", order)["responsibility"][0] == {"party": "developer", "percent": 60}


def test_a_conflict_is_led_through_its_steps(huiyin, order):
    """HND-09, HND-10: the next step is named; arrears wait; the promise comes with `solve`, its yes once it is kept."""
    step = ("record-conflict-step", order, "--as", "S06", "--text", "已谈", "--step")
    assert huiyin(*step, "calm").error == "no-conflict"
    huiyin.ok("flag-conflict", order, "--as", "S06", "--text", "业主情绪激动")
    early = huiyin(*step, "solve")
    assert (early.code, early.error) == (1, "conflict-order")
    assert "「冷静」" in early.err
    assert huiyin("name-arrears-cause", order, "--as", "S03", "--cause", "hardship").error == "conflict-open"
    talk = ("promise", order, "--as", "S06", "--from", "14:00", "--until", "18:00", "--text", "先交物业 费再说")
    refused = huiyin(*talk)
    assert (refused.code, refused.error, "「物业费」" in refused.err) == (1, "arrears-talk", True)
    assert huiyin(*talk, "--dry-run").error == "arrears-talk"
    huiyin.ok(*step, "calm")
    huiyin.ok(*step, "clarify")
    assert huiyin(*step, "solve").error == "solve-needs-promise"
    assert "下一步:解决" in shown(huiyin, order)
    huiyin.ok(*step, "solve", "--from", "14:00", "--until", "18:00", "--act", "complete-handling")
    assert huiyin.ok("show", order)["clocks"][-1]["clock"] in {"promise", "handling", "feedback", "arrive"}
    assert huiyin(*step, "follow-up").error == "follow-up-unanswered"
    assert huiyin(*step, "follow-up", "--confirmed").error == "promise-runs"
    huiyin.ok("complete-handling", order, "--as", "S09", *DONE)
    huiyin.ok(*step, "follow-up", "--confirmed")
    told = shown(huiyin, order)
    assert "跟进 · 业主认可" in told
    assert "未了结" not in told
    huiyin.ok("name-arrears-cause", order, "--as", "S03", "--cause", "hardship")


PROTOCOL = (("calm", ()), ("clarify", ()), ("solve", ("--from", "14:00", "--until", "18:00")), ("follow-up", ()))


@pytest.mark.parametrize("lang", ["zh", "en"])
def test_what_comes_next_names_the_protocol(huiyin, order, lang):
    """HND-09: first the step of the conflict with what to type, then the order's own; in the answer and on its page."""
    told = huiyin("flag-conflict", order, "--as", "S06", "--text", "业主情绪激动", HUIYIN_LANG=lang).out
    for name, more in PROTOCOL:
        typed = f"huiyin record-conflict-step {order} --as"
        for page in (told, shown(huiyin, order, lang)):
            first, second = [line for line in page.splitlines() if line.startswith("  huiyin") and order in line][:2]
            assert first.strip().startswith(typed), page
            assert f"--step {name} " in first, page
            assert "complete-handling" in second, page
        said = ("--step", name, "--text", "已谈", *(more or (("--not-confirmed",) if name == "follow-up" else ())))
        told = huiyin("record-conflict-step", order, "--as", "S06", *said, HUIYIN_LANG=lang).out
    assert "--step calm " in told


def test_a_mediation_is_written_down_with_the_owners_consent(huiyin, order):
    """HND-14: who, when, where, outcome, next step; each told with its name."""
    held = (datetime.now(UTC) - timedelta(minutes=5)).isoformat(timespec="seconds")
    said = ("--place", "接待室", "--outcome", "同意分期维修", "--next-step", "周五复查", "--held-at", held)
    said = ("record-mediation", order, "--as", "S02", "--body", "派出所", "--body", "chosen-owners", *said)
    refused = huiyin(*said)
    assert (refused.code, refused.error) == (1, "mediation-needs-consent")
    clocks = huiyin.ok("show", order)["clocks"]
    huiyin.ok(*said, "--consent")
    told = shown(huiyin, order)
    for part in ("派出所、业主代表", "地点「接待室」", "结果「同意分期维修」", "下一步「周五复查」"):
        assert part in told, part
    assert huiyin.ok("show", order)["clocks"] == clocks


MISTYPED = [
    ("quote", "--as", "S09", "--material", "角阀 35.00"),
    ("quote", "--as", "S09", "--material", "角阀 2 35,00 owner"),
    ("quote", "--as", "S09", "--labour", "-5"),
    ("assign-responsibility", "--as", "S02", "--share", "邻居 60 看见"),
    ("assign-responsibility", "--as", "S02", "--share", "owner 101 看见"),
]


@pytest.mark.parametrize("words", MISTYPED, ids=range(len(MISTYPED)))
def test_what_was_mistyped_is_named_with_an_example(huiyin, words):
    """API-08: exit code 2, the option, and how it is written."""
    ran = huiyin(words[0], "10000001", *words[1:])
    assert (ran.code, ran.error) == (2, "malformed-item")
    assert words[3] in ran.err


@pytest.mark.parametrize(
    "words",
    [
        ("quote", "--as", "S09", "--material", "角阀 2 35.00 业主委"),
        ("assign-responsibility", "--as", "S02", "--share", "邻居 60"),
    ],
)
@pytest.mark.parametrize(
    ("lang", "choices"), [("zh", ("owner 业主", "property 物业")), ("en", ("owner", "third_party"))]
)
def test_a_party_that_is_none_is_named_with_all_there_are(huiyin, words, lang, choices):
    """API-08, HND-03, HND-05: as they are typed; in Chinese with their words."""
    ran = huiyin(words[0], "10000001", *words[1:], "--lang", lang)
    assert (ran.code, ran.error) == (2, "malformed-item")
    said = " ".join(ran.err.split())
    assert [part for part in (*choices, words[4].split()[-1 if words[0] == "quote" else 0]) if part not in said] == []
