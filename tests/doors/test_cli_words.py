"""Words from outside: kept as they were said, never run, never a crash (SEC-06)."""

from importlib.metadata import version

import pytest

from domain.refusals import Refused
from starter.cli.door import member, order_id
from starter.cli.errors import SHOWN, short
from starter.cli.main import run
from starter.cli.screen import as_json, harmless, one_line
from starter.community_file import load
from starter.opening import sample_community

UNFIT = {
    "a megabyte": "漏" * 350_000,
    "over 4,000 characters": "漏" * 4001,
    "a NUL byte": "漏\x00水",
    "bytes that are no UTF-8": b"\xff\xfe\x00",
    "nothing": "  \n",
}


@pytest.mark.parametrize("said", UNFIT.values(), ids=UNFIT)
@pytest.mark.parametrize("command", ["receive", "note"])
def test_a_text_no_record_can_hold_is_named(huiyin, command, said):
    words = ("receive", "--as", "S06") if command == "receive" else ("note", "10000001", "--as", "S06")
    ran = huiyin(*words, "--text", "-", "--json", stdin=said)
    assert (ran.code, ran.error, ran.err) == (2, "malformed-text", "")


@pytest.mark.parametrize(("said", "remedy"), [("漏" * 4001, "缩短"), ("漏" * 350_000, "缩短"), (b"\xff\xfe", "UTF-8")])
def test_what_helps_is_not_what_was_just_done(huiyin, said, remedy):
    """API-08: whoever gave his words by standard input is not told to do that."""
    ran = huiyin("receive", "--as", "S06", "--text", "-", "--lang", "zh", stdin=said)
    assert (ran.code, remedy in ran.err, "标准输入" in ran.err) == (2, True, False), ran.err


def test_a_lone_surrogate_on_the_command_line_is_named(huiyin):
    for option in ("--text", "--name", "--room"):
        ran = huiyin("receive", "--as", "S06", "--text", "x", option, b"\xed\xa0\x80\xff", "--json")
        assert (ran.code, ran.error) == (2, "malformed-text"), option
    assert huiyin("show", b"\xff\xff", "--json").error == "not-found"
    assert huiyin("receive", "--as", b"\xff", "--text", "x", "--json").error == "unknown-staff"


HOSTILE = {
    "emoji": "水管漏了😭👨‍👩‍👧",
    "escapes": "\x1b[31m红\x1b]0;title\x07字\x1b[2J",
    "markup": "[bold red]漏水[/bold red] [link=http://x]y[/link]",
    "html": "<script>alert(1)</script>",
    "lines": "第一行\n第二行\r\n\t第三行",
    "direction": "abc\u202egnp.exe",
    "formula": "=1+1",
    "longest": "漏" * 4000,
}


@pytest.fixture(scope="module")
def orders(huiyin) -> dict[str, str]:
    usual = ("receive", "--as", "S06", "--community", "jinxiu", "--text", "-", "--json")
    return {name: huiyin(*usual, stdin=said).document["order"] for name, said in HOSTILE.items()}


@pytest.mark.parametrize("name", HOSTILE)
def test_hostile_words_are_kept_whole_and_shown_harmless(huiyin, orders, name):
    said = HOSTILE[name]
    kept = huiyin.ok("show", orders[name], "--words", "--as", "S06")
    assert [text["words"] for text in kept["texts"]] == [said.strip()]
    ran = huiyin("show", orders[name], "--words", "--as", "S06", NO_COLOR="", FORCE_COLOR="1", TERM="xterm-256color")
    assert ran.code == 0
    assert not {"\x1b[2J", "\x1b]0;", "\x07", "\u202e", "\r"} & {
        sign for sign in ("\x1b[2J", "\x1b]0;", "\x07", "\u202e", "\r") if sign in ran.out
    }
    if name in {"markup", "html", "formula", "emoji"}:
        assert harmless(said) in ran.out.replace("\n", "")


def test_control_signs_never_reach_a_terminal():
    assert harmless("\x1b[31m红\x1b[0m\x1b]0;t\x07字\x9b2J") == "红字\N{REPLACEMENT CHARACTER}2J"
    assert one_line("a\nb\r\nc") == "a ⏎ b ⏎ c"
    assert harmless("\ud800") == "\N{REPLACEMENT CHARACTER}"


def test_json_holds_the_words_and_nothing_a_terminal_would_act_on():
    written = as_json({"a": "\x1b[2J\x9b\u202e\ud800漏"})
    assert written == '{"a": "\\u001b[2J\\u009b\\u202e\\ud800漏"}'


TYPED = {
    "办公": "办公",
    "\uff11\uff12\uff21": "\uff11\uff12\uff21",
    "锦绣\uff08一期\uff09": "锦绣\uff08一期\uff09",
    "S99": "S99",
    "a b\nc\x1b[2J\u202e\u2028\ud800": "a?b?c??2J???",
    "=1+1;'\"": "?1?1???",
    "漏" * 41: "漏" * 39 + "…",
}


MEANT = [
    (("note", "1", "--reason", "x"), "--text?"),
    (("reopen", "1", "--text", "x"), "--reason?"),
    (("suspend", "1", "--because", "x"), "--text"),
    (("list", "--stages", "x"), "--stage?"),
    (("list", "--limit", "0"), "--limit 1"),
    (("list", "--limit", "9999"), "--limit 500"),
]


@pytest.mark.parametrize(("words", "hint"), MEANT)
@pytest.mark.parametrize("lang", ["zh", "en"])
def test_what_was_probably_meant_is_named(capsys, words, hint, lang):
    """API-08: words are taken as --text here and as --reason there; of a number the nearest that fits."""
    assert run([*words, "--lang", lang]) == 2
    said = capsys.readouterr().err
    assert hint in said
    assert ("、" in said) <= (lang == "zh")


@pytest.mark.parametrize(("typed", "told"), TYPED.items(), ids=range(len(TYPED)))
def test_what_was_typed_is_named_as_it_was_and_harmless(typed, told):
    """API-08, SEC-06: letters of any script; no line break, control or direction sign; never long."""
    assert short(typed) == told
    assert len(short(typed)) <= SHOWN


def test_wide_letters_and_digits_of_an_input_method_are_plain_ones():
    """API-07: the number of an order, the id of a member of staff."""
    assert order_id("\uff11\uff10\uff10\uff10\uff10\uff10\uff10\uff11 ") == "wo_10000001"
    assert member("\uff53\uff10\uff19", load(sample_community())) == "S09"
    with pytest.raises(Refused) as refused:
        order_id("\uff21\uff11")
    assert refused.value.facts["order"] == "\uff21\uff11"


def test_the_version_is_told(huiyin):
    """API-07: whoever reports a fault says of what."""
    ran = huiyin("--version")
    assert (ran.code, ran.out) == (0, f"huiyin {version('huiyin')}\n")
