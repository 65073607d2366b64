"""English names of the holidays that the settings and the `holidays` package name in Chinese."""

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
PART: Final = re.compile(r"\s*(?:;|\uff1b|\u3001|/)\s*")
"""What stands between holidays that fall on one day."""
SUBSTITUTED: Final = re.compile(r"休息日\D*(\d{4}-\d{2}-\d{2})\D*")
IN_LIEU: Final = re.compile(r"[(\uff08]补假[)\uff09]$")


def holiday(name: str, lang: str) -> str:
    """Name a holiday; in English one that is known there, else as it was written."""
    if lang == "zh":
        return name
    if moved := SUBSTITUTED.fullmatch(name):
        return f"day off for {moved[1]}"
    parts = PART.split(IN_LIEU.sub("", name))
    if not all(part in ENGLISH for part in parts):
        return name
    said = ", ".join(ENGLISH[part] for part in parts)
    return f"{said} (in lieu)" if IN_LIEU.search(name) else said
