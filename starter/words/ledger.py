"""The words of the house ledger: columns, choices and why a line is refused, Chinese and English."""

from collections.abc import Mapping
from typing import NamedTuple

from domain.words import Pair, Table
from starter.words.glossary import CHANNELS, GROUPS

COLUMNS: Mapping[str, tuple[str, ...]] = {
    "room": ("房号",),
    "household": ("户号",),
    "name": ("姓名", "住户"),
    "phone": ("电话", "手机", "联系电话"),
    "relation": ("关系", "住户类型"),
    "groups": ("关怀群体", "人群"),
    "age_group": ("年龄段",),
    "language": ("语言",),
    "preferred_channel": ("首选渠道", "联系方式"),
    "contact_hours": ("联系时段",),
}
"""What a column may be called beside its code; the first is what messages call it in Chinese."""
RELATIONS: Table = {
    "owner": Pair("业主", "owner"),
    "tenant": Pair("租户", "tenant"),
    "family": Pair("家属", "family"),
    "moved_out": Pair("迁出", "moved out"),
}
AGES: Table = {"elderly": Pair("老年", "elderly"), "middle": Pair("中年", "middle"), "young": Pair("青年", "young")}
LANGUAGES: Table = {
    "mandarin": Pair("普通话", "Mandarin"),
    "dialect": Pair("方言", "dialect"),
    "english": Pair("英语", "English"),
}
CHOICES: Mapping[str, Table] = {
    "relation": RELATIONS,
    "groups": GROUPS,
    "age_group": AGES,
    "language": LANGUAGES,
    "preferred_channel": {
        "phone": CHANNELS["phone"],
        "wechat": Pair("微信", "WeChat"),
        "app": Pair("APP", "app"),
        "sms": CHANNELS["sms"],
        "visit": Pair("上门", "visit"),
    },
}
"""Words that a cell may hold instead of a code."""


class Reason(NamedTuple):
    """Why a line is refused, and what to do."""

    said: Pair
    remedy: Pair


def _choose(what: str, zh: str, en: str) -> Reason:
    """Say which words a column of a closed set takes."""
    named = Pair("、".join(one.zh for one in CHOICES[what].values()), ", ".join(CHOICES[what]))
    return Reason(Pair(f"没有这种{zh}", f"there is no such {en}"), Pair(f"可填:{named.zh}", f"one of: {named.en}"))


LOOK = Pair("请核对该行", "look at the line")
REASONS: Mapping[str, Reason] = {
    "no_room": Reason(
        Pair("缺少房号", "the room is missing"),
        Pair(
            "写成 楼栋-单元-房间,例如 JX03-1-1502;或填同一文件中已有房号的户号",
            "such as JX03-1-1502, or a household that has one",
        ),
    ),
    "unknown_building": Reason(
        Pair("小区没有这栋楼", "the community has no such building"),
        Pair(
            "房号以楼栋代码开头;新楼栋请先写入配置并 load", "begin with a building's code; load settings with it first"
        ),
    ),
    "unknown_community": Reason(Pair("没有这个小区", "there is no such community"), LOOK),
    "unknown_household": Reason(
        Pair("户号未知,也没有房号", "the household is unknown, and there is no room"),
        Pair("填写房号,或在同一文件中给出该户号的房号", "write the room, here or in another line of the household"),
    ),
    "household_twice": Reason(
        Pair("同一户号出现在两个房号", "the household is given two rooms"),
        Pair("每户一个房号", "one room for a household"),
    ),
    "room_twice": Reason(
        Pair("房号重复:已属另一户或已列出", "the room is there twice, or another household's"),
        Pair("每个房号只属一户,空房只列一行", "one household for a room, one line for an empty one"),
    ),
    "resident_twice": Reason(
        Pair("同一房号内此人重复", "this person is in the room twice"), Pair("每人一行", "one line for a person")
    ),
    "nobody_named": Reason(
        Pair("有住户信息,但无姓名、电话", "something is said of a resident without name and phone"),
        Pair("填写姓名或电话;空房请只填房号", "write name or phone; of an empty room the room alone"),
    ),
    "bad_phone": Reason(
        Pair("电话号码无法识别", "this is no phone number"),
        Pair("只写一个号码,例如 13800001001", "one number: 13800001001"),
    ),
    "bad_hours": Reason(
        Pair("联系时段无法识别", "the contact hours can't be read"),
        Pair("写成 18:00-20:00,止须晚于起", "write 18:00-20:00, the end after the start"),
    ),
    "too_long": Reason(
        Pair("内容过长", "this is too long"),
        Pair("房号、户号最多 40 字,姓名最多 60 字", "at most 40 characters, 60 for a name"),
    ),
    "wrong_columns": Reason(Pair("列数与表头不符", "not as many cells as the header"), LOOK),
    "not_text": Reason(
        Pair("含有无法识别的字符", "there are characters that can't be read"),
        Pair("请另存为 UTF-8 或 GBK 的 CSV", "save it as CSV in UTF-8 or GBK"),
    ),
    "line_break": Reason(
        Pair("单元格内有换行", "there is a line break within the cell"),
        Pair("删去该格中的换行,写成一行", "take the line break out of that cell"),
    ),
    "control_sign": Reason(
        Pair("含有看不见的控制字符", "there are control characters that nobody sees"),
        Pair("删去该格内容后重新输入", "empty that cell and type it again"),
    ),
    "line_too_long": Reason(Pair("这一行过长", "the line is too long"), LOOK),
    "quote_not_closed": Reason(Pair("引号没有结束", "a quote is not closed"), LOOK),
    "not_csv": Reason(Pair("引号使用不符合 CSV 规则", "its quotes do not follow the rules of CSV"), LOOK),
    "unknown_relation": _choose("relation", "关系", "relation"),
    "unknown_groups": _choose("groups", "关怀群体", "group"),
    "unknown_age_group": _choose("age_group", "年龄段", "age group"),
    "unknown_language": _choose("language", "语言", "language"),
    "unknown_preferred_channel": _choose("preferred_channel", "联系渠道", "channel"),
}
"""Sentence and remedy of each reason."""


def column_name(field: str, lang: str) -> str:
    """Return what a message calls a column."""
    return COLUMNS[field][0] if lang == "zh" and field in COLUMNS else field
