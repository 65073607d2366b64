"""How a household is spoken with: its wish, else its group's ways, in its group's words (FBK-02, FBK-03, FBK-06)."""

from datetime import datetime

import pytest
from rules_sample import sample

from domain.closing.contacting import Household, manner_of, open_within
from domain.notices.owner_words import apologises, feedback_words, link_words
from domain.settings.house_ledger import Resident
from domain.timekeeping.almanac import calendar_row
from domain.timekeeping.calendars import calendar_from
from domain.vocabulary import Channel, Style

RULES = sample().feedback
HOUSEHOLDS = {entry["id"]: Household.of(entry) for entry in sample().resident}

# fmt: off
MANNERS = [  # preference, groups, channels, style, dialect
    (None,              ("elderly",),                 "phone visit",           "plain",       True),
    (None,              ("elderly_alone", "elderly"), "phone visit",           "plain",       True),
    (Channel.WECHAT,    ("elderly",),                 "wechat phone visit",    "plain",       True),
    (None,              ("young",),                   "wechat app",            "illustrated", False),
    (Channel.APP,       ("young",),                   "app wechat",            "illustrated", False),
    (None,              ("middle",),                  "phone wechat sms",      "usual",       False),
    (None,              (),                           "phone wechat sms",      "usual",       False),
    (Channel.SMS,       ("infant_family",),           "sms phone wechat",      "usual",       False),
]
# fmt: on


@pytest.mark.parametrize(("prefers", "groups", "channels", "style", "dialect"), MANNERS)
def test_the_wish_comes_first_then_the_group(prefers, groups, channels, style, dialect):
    """FBK-02, FBK-03: channels in order, the style of the words, and whether the caller should speak the dialect."""
    manner = manner_of(Household(prefers, groups), RULES)
    assert (" ".join(manner.channels), manner.style, manner.dialect) == (channels, style, dialect)


def test_residents_of_the_settings_are_read():
    """FBK-02: preference, groups and age as they stand there; only what carries a message is sent."""
    assert HOUSEHOLDS["R01"] == Household(Channel.PHONE, ("elderly_alone", "elderly"))
    assert manner_of(HOUSEHOLDS["R01"], RULES).messages == ()
    assert manner_of(HOUSEHOLDS["R02"], RULES).messages == ("wechat", "app")


@pytest.mark.parametrize("lang", ["zh", "en"])
def test_the_elderly_are_told_in_plain_words(lang):
    """FBK-03: another template than the usual one, which offers to explain."""
    plain, usual = (
        feedback_words("修好了", lang, order="1", style=style, promise_kept=None) for style in ("plain", "usual")
    )
    assert "修好了" in plain
    assert plain != usual
    assert ("打电话给我们" if lang == "zh" else "call us") in plain
    for style in Style:
        assert "T0KEN" in link_words("T0KEN", lang, order="1", style=style, days=30)


@pytest.mark.parametrize("lang", ["zh", "en"])
@pytest.mark.parametrize("style", list(Style))
def test_the_template_says_whether_the_promise_was_kept(lang, style):
    """FBK-06: where it was broken the template apologises, where it was kept it does not."""
    told = {kept: feedback_words("x", lang, order="1", style=style, promise_kept=kept) for kept in (True, False, None)}
    assert [apologises(told[kept]) for kept in (True, False, None)] == [False, True, False]
    assert len(set(told.values())) == 3


@pytest.mark.parametrize("words", ["没按时到,抱歉", "向您道歉", "实在对不起", "We are SORRY", "our apologies"])
def test_an_apology_is_recognised(words):
    """FBK-06."""
    assert apologises(words)
    assert not apologises("已经修好,请您查看")


def test_the_ledger_says_the_same_as_the_settings():
    """FBK-02: somebody with two flats has the first wish and every group; whoever speaks dialect needs a speaker."""
    flats = [
        Resident(groups=("elderly",), language="dialect"),
        Resident(preferred_channel="wechat", groups=("disabled",)),
    ]
    found = Household.of_lines(flats)
    assert found == Household(Channel.WECHAT, ("elderly", "disabled"), dialect=True)
    assert manner_of(Household(dialect=True), RULES).dialect


HOURS = [  # from, the household's hours, when it may be told (contact hours 09:00-12:00, 14:00-20:00)
    ("2026-11-26T09:00", "", "2026-11-26T09:00"),
    ("2026-11-26T09:00", "18:00-20:30", "2026-11-26T18:00"),
    ("2026-11-26T18:30", "18:00-20:30", "2026-11-26T18:30"),
    ("2026-11-26T20:10", "18:00-20:30", "2026-11-27T18:00"),
    ("2026-11-26T11:59", "10:00-12:00", "2026-11-26T11:59"),
    ("2026-11-26T12:00", "10:00-12:00", "2026-11-27T10:00"),
    ("2026-11-26T05:00", "06:00-24:00", "2026-11-26T09:00"),
    ("2026-11-26T09:00", "22:00-23:00", "2026-11-26T09:00"),
    ("2026-11-26T12:30", "12:00-14:00", "2026-11-26T14:00"),
]


@pytest.mark.parametrize(("at", "hours", "expected"), HOURS)
def test_a_household_is_told_in_its_own_hours(at, hours, expected):
    """FBK-05: where its hours and the contact hours never meet, contact hours count alone."""
    entry = sample().calendars[sample().notices.owner_contact_calendar]
    calendar = calendar_from(calendar_row(entry, {}, datetime.fromisoformat(at).date()))
    told = open_within(calendar, hours, datetime.fromisoformat(f"{at}+08:00"))
    assert told == datetime.fromisoformat(f"{expected}+08:00")
