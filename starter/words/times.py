"""The words of time as screens show them: pauses, plans, where a limit comes from, what a day is."""

from domain.words import Pair, Table

PAUSE_REASONS: Table = {
    "waiting_parts": Pair("等配件", "waiting for parts"),
    "owner_absent": Pair("业主不在", "owner absent"),
    "third_party": Pair("等第三方", "third party"),
    "weather": Pair("天气", "weather"),
}
"""Reasons of the sample; further ones have their name in the settings."""

RESUMED_BECAUSE: Table = {
    "asked": Pair("", ""),
    "cap": Pair("到达上限,自动恢复", "cap reached, by itself"),
    "ended": Pair("暂停的计时均已结束", "all paused clocks have ended"),
}

REOPEN_RULES: Table = {
    "fresh": Pair("重新计时", "clocks anew"),
    "continue": Pair("接着计时", "clocks go on"),
}
"""What a reopening does to the clocks (CLK-25)."""

RECOVERY_REASONS: Table = {
    "callback": Pair("回访不满意", "poor callback"),
    "escalation": Pair("升级启动", "by an escalation"),
    "manager": Pair("经理启动", "by a manager"),
}

ARREARS_CAUSES: Table = {
    "hardship": Pair("经济困难型", "hardship"),
    "dissatisfaction": Pair("服务不满型", "dissatisfaction"),
    "misconception": Pair("认知偏差型", "misconception"),
    "malicious": Pair("恶意拖欠", "malicious"),
}

SOURCES: Table = {
    "category": Pair("类别自定", "the category's own"),
    "community": Pair("小区自定", "the community's own"),
    "policy": Pair("级别规则", "the class policy"),
    "default": Pair("默认值", "the default"),
}
"""Places of the look-up that gave a limit (CLK-08)."""

PLANNED_ACTIONS: Table = {
    "notify": Pair("通知", "notify"),
    "notify_and_reassign": Pair("通知并改派", "notify, reassign"),
    "raise_severity": Pair("提高等级", "raise severity"),
    "service_recovery": Pair("服务补救", "service recovery"),
    "open_improvement_item": Pair("列入改进项", "improvement item"),
    "record_contractor_fault": Pair("记外包差错", "contractor fault"),
}
"""What a level of a ladder will do."""

DAY_KINDS: Table = {
    "statutory": Pair("法定假日", "statutory"),
    "bridge": Pair("调休放假", "bridge"),
    "block": Pair("假期周末", "holiday weekend"),
    "community": Pair("小区例外", "own exception"),
    "weekday": Pair("平常不开", "never open"),
    "makeup": Pair("调休上班", "make-up workday"),
}
"""What a day is in a calendar (CAL-05, CAL-08, CAL-13)."""

WEEKDAYS: Table = {
    "0": Pair("一", "Mon"),
    "1": Pair("二", "Tue"),
    "2": Pair("三", "Wed"),
    "3": Pair("四", "Thu"),
    "4": Pair("五", "Fri"),
    "5": Pair("六", "Sat"),
    "6": Pair("日", "Sun"),
}
"""Days of the week by their number, Monday first."""

STATES: Table = {
    "running": Pair("计时中", "running"),
    "suspended": Pair("暂停中", "paused"),
    "breached": Pair("已超时", "breached"),
}
"""How a clock stands that is owed."""

OUTCOMES_OF_CLOCKS: Table = {
    "met": Pair("按时完成", "met"),
    "breached": Pair("超时完成", "done after its breach"),
    "withdrawn": Pair("已撤诉", "withdrawn"),
    "superseded": Pair("不再计", "superseded"),
}
"""How a clock ended."""

DAY_SIGNS: Table = {
    "open": Pair("", ""),
    "weekday": Pair("休", "-"),
    "statutory": Pair("法", "S"),
    "bridge": Pair("连", "B"),
    "block": Pair("末", "W"),
    "community": Pair("例", "C"),
    "makeup": Pair("班", "M"),
}
"""The same in one sign, for months in narrow terminals."""
