"""What is wrong with a settings file: one fault per place, all of them told at once (CLK-33, OPS-06)."""

import re
from collections.abc import Mapping
from typing import NamedTuple

BARE_KEY = re.compile(r"[A-Za-z0-9_-]+")
"""A TOML key that needs no quotes."""

SENTENCES: Mapping[str, tuple[str, str]] = {
    "unknown_name": ("没有名为「{name}」的{zh}", "there is no {en} {name}"),
    "duplicate": ("「{name}」出现了不止一次,首次在第 {first} 项", "{name} stands here twice; first in entry {first}"),
    "bad_zone": ("「{name}」不是有效的时区(IANA 名称)", "{name} is no IANA time zone"),
    "bad_hours": ("营业时段无法采用:{zh}", "these hours can't be kept: {en}"),
    "never_opens": ("日历在 400 天内没有任何开放时间", "the calendar does not open within 400 days"),
    "always_has_no_hours": (
        "全天候日历不能再写时段、节假日或例外",
        "a calendar of kind always takes no hours, holidays or exceptions",
    ),
    "unknown_holidays": ("没有「{name}」的节假日数据", "there are no holiday data for {name}"),
    "not_confirmed": ("节假日数据的确认截止日无法采用:{zh}", "confirmed_until can't be kept: {en}"),
    "holidays_lapse": (
        "日历「{name}」的放假安排只确认到 {until},{zh}",
        "holiday data of calendar {name} are confirmed to {until} only ({en})",
    ),
    "bad_block": ("假期须先起后止,法定日须在假期内", "a block ends after it begins and holds its statutory days"),
    "blocks_overlap": ("假期「{name}」与「{other}」重叠", "the holidays {name} and {other} overlap"),
    "makeup_in_holiday": (
        "{on} 是调休上班日,又在假期「{name}」之内",
        "{on} is a make-up workday and lies within the holiday {name}",
    ),
    "makeup_outside_year": (
        "调休上班日 {on} 不属于 {year} 年的放假安排",
        "the make-up workday {on} is none of the arrangement of {year}",
    ),
    "bad_quiet_hours": (
        "免打扰时段「{name}」无法采用,例如 22:00-07:00",
        "the quiet hours {name} can't be kept; write them as 22:00-07:00",
    ),
    "bad_limit": ("时限「{name}」无法采用", "the limit {name} can't be kept"),
    "bad_length": ("时长「{name}」无法采用", "the length {name} can't be kept"),
    "bad_days": ("天数「{name}」无法采用", "{name} is no number of days"),
    "limit_not_of_clock": ("「{name}」只能用于 {clock}", "{name} is a limit of {clock} only"),
    "never_pausable": ("计时「{clock}」不得暂停(CLK-18)", "clock {clock} can never be paused (CLK-18)"),
    "ladder_without_recovery": (
        "计时「{clock}」的升级阶梯「{name}」第三级须为服务补救(ESC-15)",
        "the third level of ladder {name} must be service_recovery for clock {clock} (ESC-15)",
    ),
    "ladder_order": ("第 {at} 级的序号或触发时点不递增", "level {at} is out of order by its number or its time"),
    "nobody": (
        "小区「{community}」无人担任「{role}」,也没有代理",
        "nobody holds {role} in {community}, and no deputy either",
    ),
    "deputies_in_circle": ("「{role}」的代理关系绕回自身", "the deputies of {role} lead back to it"),
    "stage_without_clock": (
        "环节「{stage}」没有计时:{clocks} 须有时限、日历、阶梯与责任人(CLK-01)",
        "stage {stage} has no clock: {clocks} needs limit, calendar, ladder and accountable (CLK-01)",
    ),
    "incomplete_clock": ("计时「{clock}」缺少:{keys}", "clock {clock} lacks {keys}"),
    "callback_switched_off": (
        "报修与投诉必须回访,不得抽样或取消(CBK-01)",
        "repairs and complaints are always called back, never by sample (CBK-01)",
    ),
    "no_way_to_tell": (
        "分组「{name}」没有任何反馈渠道(FBK-02)",
        "there is no way to tell the group {name} (FBK-02)",
    ),
    "caller_may_be_handler": (
        "回访不得由经办人进行(CBK-02)",
        "who handled an order never calls back (CBK-02)",
    ),
    "more_days_than_attempts": (
        "回访次数少于要求的天数(CBK-03)",
        "so few attempts can't lie on so many days (CBK-03)",
    ),
    "forbidden_means": ("「{name}」不得作为催费手段(FEE-09)", "{name} is no means of dunning (FEE-09)"),
    "forbidden_means_missing": ("禁止手段中缺少「{name}」(FEE-09)", "forbidden_means lacks {name} (FEE-09)"),
    "policy_missing": ("缺少「{name}」时限规则", "the policy {name} is missing"),
    "not_offered": ("小区「{community}」不提供类别「{name}」", "{community} does not offer category {name}"),
    "absence_reversed": ("请假的结束须晚于开始", "an absence ends after it begins"),
    "empty_word": ("紧急用词不能为空", "an urgent word can't be empty"),
    "bad_pattern": ("匹配式「{name}」无法采用:{why}", "the pattern {name} can't be kept: {why}"),
    "on_call_missing": ("没有「{role}」的值班表", "there is no on_call list for {role}"),
    # Told by `huiyin policy check` alone (domain.settings.contradictions, domain.settings.limit_contradictions).
    "team_without_members": ("班组「{name}」没有任何员工", "team {name} has no members"),
    "contractor_without_supervisor": (
        "外包班组「{name}」没有本方监管人",
        "nobody of our own answers for contractor {name}",
    ),
    "offered_nowhere": ("没有小区提供类别「{name}」", "no community offers category {name}"),
    "nobody_skilled": (
        "小区「{community}」的班组「{team}」无人具备技能「{name}」,此类工单无人可派",
        "in {community} nobody of team {team} has the skill {name}: its orders can be given to nobody",
    ),
    "callback_by_handler": (
        "小区「{community}」:员工 {staff} 经办之后,无他人可以回访(CBK-02)",
        "in {community} nobody else is left to call back what {staff} handled (CBK-02)",
    ),
    "clock_not_applied": (
        "时限规则「{name}」不含计时「{clock}」,此处所写不起作用",
        "policy {name} does not keep clock {clock}: what stands here has no effect",
    ),
    "plan_not_timed": (
        "此类别须有整改方案,时限规则「{name}」却不含计时「plan」",
        "this category requires a plan, yet policy {name} does not keep the clock plan",
    ),
    "incident_undispatched": (
        "此类别可提议为群发事件,时限规则「{name}」却不含计时「dispatch」,确认后无人负责",
        "many of this category are taken for one cause, yet policy {name} does not keep the clock dispatch",
    ),
    "demand_of_nothing": ("没有任何类别适用「{name}」", "the demand {name} applies to no category"),
    "window_of_nothing": ("时窗为零,永远不会触发", "a window of no length never holds two of anything"),
    "warned_twice": ("预警 {name} % 写了两次,只预警一次", "a warning at {name} % stands here twice, and comes once"),
    "ack_of_nothing": (
        "确认时限为零,谁也来不及确认,下一级随即触发",
        "nobody can acknowledge within no time: the next level follows at once",
    ),
    "limit_too_long": (
        "「{name}」按日历「{calendar}」超过 400 天",
        "{name} ends more than 400 days later in calendar {calendar}",
    ),
    "limit_behind": (
        "「{clock}」{name} 从不早于「{other}」{limit},因此永远不起作用",
        "{clock} ({name}) is never due before {other} ({limit}), whose stop ends it: it has no effect",
    ),
    "pause_of_nothing": (
        "暂停原因「{name}」所列计时在任何时限规则中都不可暂停",
        "no policy lets a clock of the pause reason {name} stand still",
    ),
    "approval_never_asked": (
        "超过 {name} 才须批准,而暂停上限只有 {limit}:永远无需批准",
        "approval is asked above {name}, yet a pause lasts {limit} at most: nobody is ever asked",
    ),
    "cap_above_total": (
        "单项上限 {name} 超过累计上限 {limit},不可能用满",
        "a cap of {name} lies above the cap of all pauses together ({limit})",
    ),
    "nobody_calls_in_contact_hours": (
        "小区「{community}」可回访人员的班次与可打扰时间「{calendar}」从不重合",
        "in {community} nobody who may call back works during the contact hours {calendar}",
    ),
    "terms_too_large": (
        "类别「{name}」在小区「{community}」的工单条款达 {size} 字节,上限 {most} 字节",
        "the terms of an order of category {name} in {community} take {size} bytes, {most} at most",
    ),
}
"""Sentence of each fault of sense, in Chinese and English; what to do about it says `domain.settings.remedies`."""


class Fault(NamedTuple):
    """One wrong entry: where it stands, a stable code, and the sentence in both languages."""

    path: str  # policy[2].clocks.response.ladder; an index counts the tables of one name from 0
    code: str
    zh: str
    en: str
    also: tuple[str, ...] = ()  # ways to the other entries it concerns
    facts: tuple[tuple[str, str | int], ...] = ()  # what the sentence says
    names: tuple[tuple[str, tuple[str, ...]], ...] = ()  # of gathered faults: all the sentence may leave out


class BadCommunity(Exception):  # noqa: N818 - named as the trade says it: a bad community file
    """A settings file that is refused as a whole, with every fault found in it."""

    def __init__(self, faults: tuple[Fault, ...]) -> None:
        self.faults = faults
        super().__init__("; ".join(f"{fault.path}: {fault.en}" for fault in faults))


Way = tuple[str | int, ...]
"""The way to a key of the file: names of tables and keys, and indices of repeated tables."""


def fault(way: Way, code: str, *also: Way, **facts: str | int) -> Fault:
    """Say one fault of sense; `also` are the other entries it concerns."""
    zh, en = (sentence.format_map(facts) for sentence in SENTENCES[code])
    return Fault(path_text(way), code, zh, en, tuple(map(path_text, also)), tuple(facts.items()))


def path_text(parts: Way) -> str:
    """Write the way to a key as text: `("policy", 2, "clocks")` becomes `policy[2].clocks`."""
    words = (f"[{part}]" if isinstance(part, int) else f".{_key(part)}" for part in parts)
    return "".join(words).removeprefix(".")


def _key(part: str) -> str:
    """Quote a key that TOML would not take bare."""
    return part if BARE_KEY.fullmatch(part) else f'"{part}"'
