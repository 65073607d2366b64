"""Names of holidays in the other language: of China's in English, of the federal ones of the United States in Chinese.

The settings and the `holidays` package name each in its own.
"""

import re
from collections.abc import Mapping
from typing import Final

ENGLISH: Final[Mapping[str, str]] = {
    "元旦": "New Year's Day",
    "除夕": "Chinese New Year's Eve",
    "农历除夕": "Chinese New Year's Eve",
    "春节": "Spring Festival",
    "清明": "Tomb-Sweeping Day",
    "清明节": "Tomb-Sweeping Day",
    "劳动节": "Labour Day",
    "端午节": "Dragon Boat Festival",
    "中秋节": "Mid-Autumn Festival",
    "国庆节": "National Day",
    "春节延长假期": "Spring Festival, prolonged",
    "中国人民抗日战争暨世界反法西斯战争胜利70周年纪念日": "70th Anniversary of Victory Day",
    "调休上班": "make-up workday",
}
CHINESE: Final[Mapping[str, str]] = {
    "New Year's Day": "元旦",
    "Martin Luther King Jr. Day": "马丁·路德·金纪念日",
    "Washington's Birthday": "华盛顿诞辰日",
    "Memorial Day": "阵亡将士纪念日",
    "Juneteenth National Independence Day": "六月节",
    "Independence Day": "独立日",
    "Labor Day": "劳动节",
    "Columbus Day": "哥伦布日",
    "Veterans Day": "退伍军人节",
    "Thanksgiving Day": "感恩节",
    "Christmas Day": "圣诞节",
}
PART: Final = re.compile(r"\s*(?:;|\uff1b|\u3001|/)\s*")
"""What stands between holidays that fall on one day."""
SUBSTITUTED: Final = re.compile(r"休息日\D*(\d{4}-\d{2}-\d{2})\D*")
IN_LIEU: Final = re.compile(r"[(\uff08]补假[)\uff09]$")
OBSERVED: Final = re.compile(r"\s*\(observed\)$")


def holiday(name: str, lang: str) -> str:
    """Name a holiday in `zh` or `en`; one that is not known there stands as it was written."""
    if lang == "zh":
        return _named(name, CHINESE, "、", OBSERVED, "(补休)")
    if moved := SUBSTITUTED.fullmatch(name):
        return f"day off for {moved[1]}"
    return _named(name, ENGLISH, ", ", IN_LIEU, " (in lieu)")


def _named(name: str, names: Mapping[str, str], between: str, instead: re.Pattern[str], mark: str) -> str:
    """Name holidays of one day from a table, all of them or none; `mark` stands for a day off in their stead."""
    parts = PART.split(instead.sub("", name))
    if not all(part in names for part in parts):
        return name
    return between.join(names[part] for part in parts) + mark * bool(instead.search(name))
