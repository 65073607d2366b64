"""What to do about each fault of a settings file, by its stable code."""

from domain.words import Pair, Table

SHAPE: Table = {
    "missing": Pair("补上这个键。", "Add the key."),
    "unknown_key": Pair("改正拼写,或删去此键。", "Correct its spelling, or take it out."),
    "unknown_word": Pair("改为所列值之一。", "Write one of the values listed."),
    "wrong_value": Pair("按 examples/community.toml 的写法改正。", "Write it as examples/community.toml does."),
    "syntax": Pair("按 TOML 语法改正这一行。", "Correct this line as TOML."),
    "empty": Pair("可从 examples/community.toml 抄起。", "Begin with a copy of examples/community.toml."),
}
"""Faults of the file and its keys."""

NAMES: Table = {
    "unknown_name": Pair("改为已有的名称,或先定义它。", "Write a name that exists, or define it first."),
    "duplicate": Pair(
        "改正其中一项的名称或日期,或删去它。", "Mend the name or the date of one of them, or take it out."
    ),
    "policy_missing": Pair("补写同名的 [[policy]]。", "Write a [[policy]] with this id."),
    "not_offered": Pair(
        "在该小区的 categories 中加入它,或改用已提供的类别。",
        "Add it to the categories of the community, or name one that is offered.",
    ),
    "offered_nowhere": Pair(
        "在某个小区的 categories 中加入它,改正 communities,或删去此类别。",
        "Add it to the categories of a community, mend its own communities, or take it out.",
    ),
    "bad_pattern": Pair("写成有效的正则表达式。", "Write a valid regular expression."),
    "empty_word": Pair("删去空词。", "Take the empty word out."),
    "forbidden_means": Pair("删去此项。", "Take it out."),
    "forbidden_means_missing": Pair("把它加入 forbidden_means。", "Add it to forbidden_means."),
    "demand_of_nothing": Pair(
        "给相应类别写上 on_site 或 photos,或删去此要求。",
        "Mark the categories it is meant for (on_site, photos), or take the demand out.",
    ),
}
"""Faults of names and lists."""

HOURS: Table = {
    "bad_zone": Pair("写 IANA 时区,例如 Asia/Shanghai。", "Write an IANA zone, such as Asia/Shanghai."),
    "bad_hours": Pair(
        "写成 08:30-12:00,跨午夜 20:00-08:00+1;时段不得重叠。",
        "Write 08:30-12:00, over midnight 20:00-08:00+1; hours don't overlap.",
    ),
    "never_opens": Pair("给 week 写上开放时段。", "Write hours into its week."),
    "always_has_no_hours": Pair(
        '去掉时段、节假日与例外,或改为 kind = "weekly"。',
        'Take hours, holidays and exceptions out, or write kind = "weekly".',
    ),
    "unknown_holidays": Pair(
        "写国家代码,例如 CN,或补写 [holiday_data]。", "Write a country such as CN, or add its [holiday_data]."
    ),
    "not_confirmed": Pair("写最后一个已公布放假安排的日期。", "Write the last day whose arrangement is announced."),
    "holidays_lapse": Pair(
        "新一年的放假安排公布后,写入 [holiday_data] 并推后 confirmed_until;其后的到期时刻在此之前标为暂定。",
        "Once the next year is announced write it into [holiday_data] and move confirmed_until on; until then "
        "dues beyond it are provisional.",
    ),
    "bad_block": Pair("核对 from、to 与 statutory。", "Check from, to and statutory."),
    "blocks_overlap": Pair(
        "改正其中一个的 from 或 to,或并成一个假期。", "Mend from or to of one, or make them one holiday."
    ),
    "makeup_in_holiday": Pair("按放假通知改正其中一处。", "Mend one of the two as the arrangement was announced."),
    "makeup_outside_year": Pair(
        "写入所属年份的 [holiday_data];元旦的调休可在上年 12 月。",
        "Write it into the [holiday_data] of its year; that of New Year's Day may lie in December before.",
    ),
    "bad_quiet_hours": Pair("写成 22:00-07:00。", "Write 22:00-07:00."),
    "absence_reversed": Pair("把 to 改到 from 之后。", "Let `to` lie after `from`."),
    "nobody_calls_in_contact_hours": Pair(
        "给回访人员排入该时间的班次,或调整可打扰时间。",
        "Give a caller a shift within these hours, or change the hours.",
    ),
}
"""Faults of calendars, shifts and absences."""

LIMITS: Table = {
    "bad_limit": Pair("写成 15m、24h、3wd 或 5d,须大于零。", "Write 15m, 24h, 3wd or 5d, more than nothing."),
    "bad_length": Pair(
        "此处用时、分、秒(h、m、s),不用 d、wd;写成 30m、24h 或 7h30m。",
        "Write hours, minutes and seconds here (h, m, s), no d or wd: 30m, 24h or 7h30m.",
    ),
    "bad_days": Pair("此处用整天(d),写成 30d。", "Write whole days here (d): 30d."),
    "limit_not_of_clock": Pair("写成时长,例如 4h。", "Write a length, such as 4h."),
    "limit_too_long": Pair("缩短,或换用开放时间更多的日历。", "Shorten it, or name a calendar that is open longer."),
    "limit_behind": Pair("缩短前者,或延长后者。", "Shorten the first, or lengthen the second."),
    "stage_without_clock": Pair("为该环节写全一个计时。", "Write one of these clocks whole."),
    "incomplete_clock": Pair(
        "补写所缺各项,或写入 [default.clocks]。", "Add what it lacks, here or in [default.clocks]."
    ),
    "clock_not_applied": Pair(
        "把该计时加入规则的 applies,或删去此处。", "Add the clock to `applies` of the policy, or take this out."
    ),
    "plan_not_timed": Pair(
        "把 plan 加入规则的 applies,或取消 plan_required。",
        "Add plan to `applies` of the policy, or drop plan_required.",
    ),
    "incident_undispatched": Pair(
        "把 dispatch 加入规则的 applies,或取消 mass_incident。",
        "Add dispatch to `applies` of the policy, or drop mass_incident.",
    ),
    "warned_twice": Pair("删去一个,或改为另一百分比。", "Take one out, or write another percentage."),
    "window_of_nothing": Pair("写成大于零的时长,例如 30m。", "Write a length above nothing, such as 30m."),
    "terms_too_large": Pair(
        "减少这些类别用到的日历、阶梯或例外日。",
        "Let them use fewer calendars and ladders, or calendars with fewer special days.",
    ),
}
"""Faults of limits and clocks."""

PAUSES: Table = {
    "never_pausable": Pair(
        "去掉暂停设置;此计时列入 [pause] never。", "Take the pause out; list the clock in [pause] never."
    ),
    "pause_of_nothing": Pair(
        '给其中一个计时写 pausable = "yes",或删去此原因。',
        'Write pausable = "yes" at one of its clocks, or take the reason out.',
    ),
    "approval_never_asked": Pair(
        "把 approval_above 降到上限以下;无需批准则与上限相等。",
        "Lower approval_above below the cap; equal to it where nobody need approve.",
    ),
    "cap_above_total": Pair("降低此上限,或提高 total_cap。", "Lower this cap, or raise total_cap."),
}
"""Faults of pauses."""

PEOPLE: Table = {
    "nobody": Pair(
        "在 [roles] 或 [[staff]] 中安排人员,或在 [deputies] 中指定代理。",
        "Name somebody in [roles] or [[staff]], or a deputy in [deputies].",
    ),
    "deputies_in_circle": Pair("让代理链止于有人担任的角色。", "Let the deputies end at a role that somebody holds."),
    "on_call_missing": Pair(
        "补写 [[on_call]],或改写该角色。", "Write its [[on_call]] list, or look the role up elsewhere."
    ),
    "team_without_members": Pair("把员工的 team 改为它,或删去班组。", "Put somebody into the team, or take it out."),
    "contractor_without_supervisor": Pair(
        "写 supervisor,指定本方一名员工。", "Name a member of our own staff as supervisor."
    ),
    "nobody_skilled": Pair(
        "给该班组一名员工加上此技能,或改派其他班组。",
        "Give somebody of the team the skill (and a load_limit), or name another team.",
    ),
    "callback_by_handler": Pair(
        "增加一名不经办此类工单的回访人员。", "Name another callback officer who does not handle such orders."
    ),
}
"""Faults of people, teams and roles."""

LADDERS: Table = {
    "ladder_order": Pair(
        "按 1、2、3 编号,after 逐级不减。", "Number the levels 1, 2, 3, none earlier than the one before."
    ),
    "ack_of_nothing": Pair(
        "写成大于零的时长,例如 30m;不等确认就删去 ack_within。",
        "Write a length above nothing, such as 30m; take ack_within out where no answer is awaited.",
    ),
    "ladder_without_recovery": Pair(
        '第三级写 action = "service_recovery"。', 'Write action = "service_recovery" at its third level.'
    ),
    "callback_switched_off": Pair(
        "列入 repair 与 complaint,不写抽样比例。", "List repair and complaint, and write no sample for them."
    ),
    "caller_may_be_handler": Pair("写 caller_not_handler = true。", "Write caller_not_handler = true."),
    "more_days_than_attempts": Pair(
        "增加 max_attempts,或减少 min_distinct_days。", "Raise max_attempts, or lower min_distinct_days."
    ),
    "no_way_to_tell": Pair("写至少一个渠道,例如 phone。", "Write at least one channel, such as phone."),
}
"""Faults of ladders, callbacks and feedback."""

REMEDIES: Table = {**SHAPE, **NAMES, **HOURS, **LIMITS, **PAUSES, **PEOPLE, **LADDERS}
"""What to do about a fault, by its code. A test holds that every fault has a remedy."""
