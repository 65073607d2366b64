"""Sentence and remedy of each refusal, in Chinese and English (API-08)."""

from collections.abc import Mapping
from typing import NamedTuple


class Sentence(NamedTuple):
    """One refusal in words; `{name}` is filled from the refusal's facts."""

    zh: str
    en: str
    remedy_zh: str
    remedy_en: str


SENTENCES: Mapping[str, Sentence] = {
    "forbidden": Sentence(
        "您的岗位不能执行「{command}」。",
        "Your role may not {command}.",
        "请由以下岗位操作:{allowed}。",
        "Ask one of: {allowed}.",
    ),
    "illegal-transition": Sentence(
        "工单处于「{stage}」环节,不能执行「{command}」。",
        "The work order is in stage {stage}; {command} does not fit there.",
        "此时可以:{allowed}。",
        "Possible now: {allowed}.",
    ),
    "not-yours-now": Sentence(
        "工单处于「{stage}」环节,不能执行「{command}」。",
        "The work order is in stage {stage}; {command} does not fit there.",
        "此时无需您操作;由谁办下一步:huiyin show {order}。",
        "Nothing is for you to do now; see who comes next: huiyin show {order}.",
    ),
    "order-closed": Sentence(
        "工单已办结,不能执行「{command}」。",
        "The work order is closed; {command} is not possible.",
        "如问题仍在,请先重开(reopen)。",
        "If the matter goes on, reopen it first.",
    ),
    "version-mismatch": Sentence(
        "工单已被他人更新:您看到的是第 {expected} 版,现在是第 {version} 版。",
        "Somebody else was faster: you saw version {expected}, it is now {version}.",
        "请重新查看工单后再决定。",
        "Look at the order again, then decide.",
    ),
    "idempotency-key-reused": Sentence(
        "同一幂等键已用于不同内容。",
        "This idempotency key was already used with other content.",
        "重复请求须内容相同;新的操作请换新的键。",
        "Repeat with the same content, or use a new key for a new action.",
    ),
    "no-first-contact": Sentence(
        "尚无首问责任人,不能更换。",
        "There is no first contact yet, so none can be changed.",
        "请先响应业主(respond)。",
        "Answer the owner first (respond).",
    ),
    "already-dispatched": Sentence(
        "工单已派给 {assignee}。",
        "The work order is already dispatched to {assignee}.",
        "如需换人,请转单(transfer)。",
        "To give it to somebody else, transfer it.",
    ),
    "not-dispatched": Sentence(
        "工单尚未派单,不能执行「{command}」。",
        "Nobody holds the work order yet; {command} does not fit.",
        "请先分派(dispatch)。",
        "Dispatch it first.",
    ),
    "not-accepted": Sentence(
        "经办人尚未接单,不能执行「{command}」。",
        "The assignee has not accepted yet; {command} does not fit.",
        "请先接单(accept)。",
        "Accept it first.",
    ),
    "nobody-fits": Sentence(
        "班组 {team} 现在没有合适的人可派,工单留在调度队列,分派计时继续。",
        "Nobody of {team} can be given this now; it stays with the operators, and its dispatch clock runs on.",
        "用 huiyin propose {order} 查看每个人的原因,再用 --to 指定人员。",
        "See why with: huiyin propose {order}; then name somebody with --to.",
    ),
    "not-arrived": Sentence(
        "这类事项须先登记到场,才能处理完成。",
        "Somebody has to come for this category: arrival is recorded before the work is complete.",
        "请先登记到场(arrive)。",
        "Record the arrival first (arrive).",
    ),
    "already-done": Sentence(
        "「{command}」已经做过了。",
        "{command} was done already.",
        "无需重复;请查看工单时间线(show)。",
        "Nothing is left to do; see the timeline (show).",
    ),
    "already-done-by": Sentence(
        "「{command}」已由 {by} 于 {at} 完成。",
        "{command} was done already, by {by} at {at}.",
        "无需重复;请查看工单时间线(show)。",
        "Nothing is left to do; see the timeline (show).",
    ),
    "separation-of-duties": Sentence(
        "经办过本工单的人员不能做回访。",
        "Somebody who handled this order may not call back about it.",
        "请由其他回访专员回访。",
        "Let another callback officer call.",
    ),
    "same-assignee": Sentence(
        "工单本来就在 {assignee} 手中。",
        "The order is with {assignee} already.",
        "请指定另一位接收人。",
        "Name somebody else.",
    ),
    "stated-time-in-future": Sentence(
        "所填时间晚于现在。",
        "The stated time lies in the future.",
        "请填写实际发生的时间。",
        "State when it happened.",
    ),
    "stated-time-too-early": Sentence(
        "所填时间早于 {since},那时还不可能发生。",
        "The stated time lies before {since}, when this could not have happened yet.",
        "请核对时间。",
        "Check the time.",
    ),
    "stated-time-not-here": Sentence(
        "「{command}」不能补填时间,以提交时刻为准。",
        "{command} happens when it is given; no time can be stated for it.",
        "请去掉时间。",
        "Leave the time out.",
    ),
    "stated-time-needs-live-channel": Sentence(
        "渠道「{channel}」不是即时沟通,不能补填时间。",
        "A time can be stated for live channels only, not for {channel}.",
        "请去掉时间,或改用 phone、walk_in、visit 渠道。",
        "Leave the time out, or use phone, walk_in or visit.",
    ),
    "promise-window": Sentence(
        "承诺的时间窗无效:终点须晚于起点,且晚于现在,并在 400 天之内。",
        "The promised window is not usable: it must end after it starts, after now, and within 400 days.",
        "请重新填写起止时间。",
        "State start and end again.",
    ),
    "too-many-promises": Sentence(
        "本工单已承诺 {count} 次,再次承诺须由主管作出。",
        "{count} promises were made for this order; the next one needs a supervisor.",
        "请主管与业主约定。",
        "Let a supervisor agree it with the owner.",
    ),
    "nothing-to-acknowledge": Sentence(
        "没有等待您确认的升级({clock})。",
        "No escalation of {clock} waits for your acknowledgement.",
        "请用 show 查看当前升级。",
        "See the present escalations with show.",
    ),
    "result-too-early": Sentence(
        "尚未处理完成,不能反馈结果。",
        "The handling is not complete, so no result can be told yet.",
        "请先反馈进展(progress)或方案(plan),或先完成处理。",
        "Tell progress or a plan, or complete the handling first.",
    ),
    "reopen-window-over": Sentence(
        "办结已超过 {days} 天,不能重开。",
        "The order was closed more than {days} days ago and can't be reopened.",
        "请重新受理并注明上次单号(receive --repeats 单号)。",
        "Take it in anew, linked as a repeat (receive --repeats ORDER).",
    ),
    "recovery-not-open": Sentence(
        "没有进行中的服务补救。",
        "No service recovery is open.",
        "请用 show 查看工单。",
        "See the order with show.",
    ),
    "unknown-terms": Sentence(
        "命令缺少时限规则的正文({digest})。",
        "The command names terms the order does not hold ({digest}).",
        "请由入口重新解析类别后再提交。",
        "Let the door resolve the category again.",
    ),
    "unknown-command": Sentence(
        "没有「{command}」这个命令。",
        "There is no command {command}.",
        "请查看 docs/stages.md。",
        "See docs/stages.md.",
    ),
    "malformed-command": Sentence(
        "命令内容不完整或格式错误:{where}。",
        "The command is incomplete or malformed: {where}.",
        "请按帮助中的示例填写。",
        "Follow the example of the command's help.",
    ),
    "not-found": Sentence(
        "没有工单 {order}。",
        "There is no work order {order}.",
        "请核对单号,或用 list 查找。",
        "Check the number, or look with list.",
    ),
    "records-away": Sentence(
        "数据库(PostgreSQL)暂不可用,未作任何改动。",
        "The database (PostgreSQL) is away; nothing was changed.",
        "请用 huiyin status 查看,稍后用同一命令重试。",
        "See huiyin status, then repeat the same command.",
    ),
    "engine-away": Sentence(
        "流程引擎(Temporal)暂不可用,操作未执行。",
        "The engine (Temporal) is away; the action was not carried out.",
        "请用 huiyin status 查看,稍后用同一命令重试。",
        "See huiyin status, then repeat the same command.",
    ),
    "outcome-unknown": Sentence(
        "未在时限内收到结果,操作可能已经执行。",
        "No answer came in time; the action may have happened.",
        "请用同一幂等键(--key {key})重试,绝不会执行两次。",
        "Repeat with the same key (--key {key}); it never happens twice.",
    ),
    "bad-setting": Sentence(
        "设置 {setting} 无法采用:文件不存在或内容有误。",
        "Setting {setting} can't be used: the file is missing or unfit.",
        "请核对该设置;见 docs/operating.md。",
        "Check it; see docs/operating.md.",
    ),
    "history-missing": Sentence(
        "引擎中已没有工单 {order} 的历史。",
        "The engine holds no history of work order {order} any more.",
        "历史保留期为 90 天;请用办结时导出的历史文件重放。",
        "Histories are kept for 90 days; replay the file that was exported at close.",
    ),
    "history-unreadable": Sentence(
        "文件 {file} 不是可读的历史({why})。",
        "File {file} is no readable history ({why}).",
        "请使用 huiyin audit history 单号 --out 文件 所导出的文件。",
        "Use a file that `huiyin audit history ORDER --out FILE` wrote.",
    ),
    "unknown-community": Sentence(
        "没有小区「{community}」。",
        "There is no community {community}.",
        "可选:{allowed}。",
        "Known: {allowed}.",
    ),
    "unknown-category": Sentence(
        "小区「{community}」没有类别「{category}」。",
        "Community {community} has no category {category}.",
        "可选:{allowed}。",
        "Known: {allowed}.",
    ),
    "unknown-staff": Sentence(
        "员工名册中没有 {staff}。",
        "{staff} is not in the roster.",
        "请核对员工编号。",
        "Check the staff id.",
    ),
    "received-in-future": Sentence(
        "受理时刻晚于现在。",
        "The time of reception lies in the future.",
        "请填写业主来电或来访的实际时间。",
        "State when the owner really spoke to us.",
    ),
    "received-too-old": Sentence(
        "受理时刻最多可补填 {hours} 小时以内。",
        "The time of reception can be set back by {hours} hours at most.",
        "历史记录请用 import 导入。",
        "Historic records belong to import.",
    ),
    "reason-missing": Sentence(
        "补填受理时刻须说明原因。",
        "Setting the time of reception back needs a reason.",
        "请加 --because 说明原因。",
        "Add --because with the reason.",
    ),
}
