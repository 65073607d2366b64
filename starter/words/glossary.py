"""The words of the glossary as screens show them, Chinese and English."""

from collections.abc import Iterable

from domain import words
from domain.vocabulary import Stage
from domain.words import Pair, Table

STAGES: Table = {
    Stage.INTAKE: Pair("受理", "intake"),
    Stage.REGISTRATION: Pair("登记", "registration"),
    Stage.DISPATCH: Pair("分派", "dispatch"),
    Stage.HANDLING: Pair("处理", "handling"),
    Stage.FEEDBACK: Pair("反馈", "feedback"),
    Stage.CALLBACK: Pair("回访", "callback"),
    Stage.CLOSED: Pair("办结", "closed"),
}

ROLES: Table = words.ROLES

CHANNELS: Table = {
    "phone": Pair("电话", "phone"),
    "walk_in": Pair("上门来访", "walk-in"),
    "web": Pair("网页", "web"),
    "app": Pair("APP/小程序", "app"),
    "wechat": Pair("微信公众号", "WeChat"),
    "owner_group": Pair("业主群", "owners' group"),
    "social": Pair("社交媒体", "social media"),
    "open311": Pair("开放接口", "Open311"),
    "visit": Pair("走动巡访", "visit"),
    "inspection": Pair("巡检发现", "inspection"),
    "sms": Pair("短信", "text message"),
    "notice_board": Pair("公告栏", "notice board"),
    "cli": Pair("命令行", "command line"),
    "console": Pair("工作台", "console"),
    "api": Pair("接口", "API"),
    "engine": Pair("系统", "system"),
    "sandbox": Pair("消息目录", "message folder"),
}

KINDS: Table = {
    "repair": Pair("报修", "repair"),
    "complaint": Pair("投诉", "complaint"),
    "advice": Pair("咨询与建议", "advice"),
    "praise": Pair("表扬", "praise"),
}

SEVERITIES: Table = {
    "urgent": Pair("紧急", "urgent"),
    "major": Pair("重大", "major"),
    "ordinary": Pair("一般", "ordinary"),
}

FEEDBACK_KINDS: Table = {
    "result": Pair("结果", "result"),
    "plan": Pair("方案", "plan"),
    "progress": Pair("进展", "progress"),
    "out_of_scope": Pair("不属受理范围", "out of scope"),
}

OUTCOMES: Table = {
    "met": Pair("按时", "met"),
    "breached": Pair("超时", "breached"),
    "withdrawn": Pair("撤诉", "withdrawn"),
    "superseded": Pair("不再计", "superseded"),
}

CLOSE_REASONS: Table = {
    "confirmed": Pair("业主确认", "confirmed by the owner"),
    "not_reached": Pair("未接通", "not reached"),
    "merged": Pair("已归并", "merged"),
    "withdrawn": Pair("业主撤诉", "withdrawn by the owner"),
    "dismissed": Pair("已否决", "dismissed"),
    "children_ended": Pair("成员工单均已办结", "all its children have ended"),
    "out_of_scope": Pair("不属受理范围", "out of scope"),
    "referred": Pair("已转交", "referred"),
    "options_exhausted": Pair("已穷尽办法", "options exhausted"),
}

LADDER_ACTIONS: Table = {
    "notify": Pair("通知", "notified"),
    "notify_and_reassign": Pair("通知并改派", "notified, to be reassigned"),
    "raise_severity": Pair("提高等级", "severity to be raised"),
    "service_recovery": Pair("服务补救", "service recovery"),
    "open_improvement_item": Pair("列入改进项", "improvement item"),
    "record_contractor_fault": Pair("记外包差错", "contractor fault recorded"),
}

DROPPED: Table = {
    "acknowledged": Pair("已有人确认", "acknowledged meanwhile"),
    "clock-stopped": Pair("计时已停止", "its clock has stopped"),
    "order-closed": Pair("工单已办结", "the order is closed"),
    "decided": Pair("申请已处理", "decided meanwhile"),
    "withdrawn": Pair("已撤回", "withdrawn"),
    "nobody-found": Pair("该小区已无任何员工", "the community has no staff"),
}
"""Why a message was not sent (ESC-09)."""

DEED_OUTCOMES: Table = {
    "open": Pair("待执行", "still to be done"),
    "done": Pair("已执行", "done"),
    "told-only": Pair("仅通知", "told only"),
    "clock-stopped": Pair("无需:计时已停止", "not needed: its clock has stopped"),
    "not-of-an-assignee": Pair("无需:责任人不是经办人", "not needed: it is not the assignee's"),
    "of-children": Pair("无需:由各成员工单自行改派", "not needed: its children are handed on one by one"),
    "load-limit": Pair("未改派:接手人在手工单已满", "not handed on: who would take it holds as many as allowed"),
    "named-staff": Pair("未改派:投诉涉及员工,请人工指派", "not handed on: a complaint about staff, choose yourself"),
    "nobody-fitting": Pair("未改派:无合适的当班人员", "not handed on: nobody fitting is on duty"),
    "severity-reached": Pair("无需:级别已够高", "not needed: the severity is as high already"),
    "no-contractor": Pair("无需:不是外包班组", "not needed: no contractor held it"),
    "not-of-the-contractor": Pair(
        "无需:外包已报完工,待我方验工", "not needed: the contractor's work waits for our check"
    ),
    "recovery-open": Pair("无需:服务补救已在进行", "not needed: a recovery is open already"),
    "order-closed": Pair("未执行:工单已办结", "not done: the order is closed"),
}
"""What became of what a ladder level does; further ones are codes of refusals (ESC-06)."""

COMMANDS: Table = {
    "receive": Pair("受理", "receive"),
    "load": Pair("载入", "load"),
    "respond": Pair("响应", "respond"),
    "change_first_contact": Pair("更换首问责任人", "change first contact"),
    "clarify": Pair("澄清复述", "clarify"),
    "register": Pair("登记", "register"),
    "classify": Pair("定级定类", "classify"),
    "reclassify": Pair("改级改类", "reclassify"),
    "dispatch": Pair("分派", "dispatch"),
    "grab": Pair("抢单", "grab"),
    "accept": Pair("接单", "accept"),
    "return": Pair("退单", "return"),
    "transfer": Pair("转单", "transfer"),
    "add_assignment": Pair("增派", "add assignment"),
    "complete_assignment": Pair("派工完成", "complete assignment"),
    "cancel_assignment": Pair("撤销派工", "cancel assignment"),
    "promise": Pair("承诺", "promise"),
    "arrive": Pair("到场", "arrive"),
    "quote": Pair("报价", "quote"),
    "agree_to_price": Pair("同意报价", "agree to the price"),
    "decline_price": Pair("不同意报价", "decline the price"),
    "flag_conflict": Pair("标记冲突", "flag a conflict"),
    "record_conflict_step": Pair("登记冲突处理步骤", "record a conflict step"),
    "record_mediation": Pair("登记联合调解", "record a mediation"),
    "assign_responsibility": Pair("责任划分", "assign responsibility"),
    "complete_handling": Pair("处理完成", "complete handling"),
    "check_contractor_work": Pair("外包验工", "check contractor work"),
    "give_feedback": Pair("反馈", "give feedback"),
    "countersign": Pair("会签反馈", "countersign"),
    "record_callback": Pair("登记回访", "record callback"),
    "record_attempt": Pair("登记未接通", "record attempt"),
    "give_plan": Pair("出具整改方案", "give plan"),
    "complete_rectification": Pair("整改完成", "complete rectification"),
    "sign_off": Pair("验收", "sign off"),
    "refuse_sign_off": Pair("验收不通过", "refuse sign-off"),
    "suspend": Pair("暂停", "suspend"),
    "resume": Pair("恢复", "resume"),
    "request_suspension": Pair("申请暂停", "request suspension"),
    "approve_suspension": Pair("批准暂停", "approve suspension"),
    "refuse_suspension": Pair("驳回暂停", "refuse suspension"),
    "open_recovery": Pair("启动服务补救", "open recovery"),
    "complete_recovery": Pair("补救完成", "complete recovery"),
    "reopen": Pair("重开", "reopen"),
    "urge": Pair("催单", "urge"),
    "withdraw": Pair("撤诉", "withdraw"),
    "propose_incident": Pair("提议群发事件", "propose incident"),
    "merge": Pair("归并", "merge"),
    "absorb": Pair("吸收重复单", "absorb"),
    "unmerge": Pair("撤销归并", "unmerge"),
    "confirm_incident": Pair("确认群发事件", "confirm incident"),
    "dismiss_incident": Pair("否决群发事件", "dismiss incident"),
    "attach_to_incident": Pair("并入群发事件", "attach to incident"),
    "detach_from_incident": Pair("移出群发事件", "detach from incident"),
    "give_mass_notice": Pair("群发通知", "give mass notice"),
    "solve_together": Pair("一并解决", "solve together"),
    "end_incident": Pair("结束群发事件", "end incident"),
    "report_children": Pair("汇报成员超时", "report children"),
    "acknowledge": Pair("确认升级", "acknowledge"),
    "excuse": Pair("免责", "excuse"),
    "reclock": Pair("重算时限", "reclock"),
    "name_arrears_cause": Pair("认定欠费原因", "name arrears cause"),
    "verify": Pair("核查", "verify"),
    "note": Pair("备注", "note"),
    "read_words": Pair("查阅原话", "read the words"),
}

EVENTS: Table = {
    "work_order.received": Pair("受理", "received"),
    "work_order.responded": Pair("响应", "responded"),
    "work_order.first_contact_changed": Pair("更换首问", "first contact changed"),
    "work_order.clarified": Pair("澄清复述", "clarified"),
    "work_order.registered": Pair("登记", "registered"),
    "work_order.classified": Pair("定级定类", "classified"),
    "work_order.reclassified": Pair("改级改类", "reclassified"),
    "work_order.reclocked": Pair("重算时限", "reclocked"),
    "work_order.dispatched": Pair("分派", "dispatched"),
    "work_order.grabbed": Pair("抢单", "grabbed"),
    "work_order.accepted": Pair("接单", "accepted"),
    "work_order.returned": Pair("退单", "returned"),
    "work_order.transferred": Pair("转单", "transferred"),
    "work_order.assignment_added": Pair("增派", "assignment added"),
    "work_order.assignment_completed": Pair("派工完成", "assignment completed"),
    "work_order.assignment_cancelled": Pair("撤销派工", "assignment cancelled"),
    "work_order.promise_made": Pair("承诺", "promise made"),
    "work_order.arrived": Pair("到场", "arrived"),
    "work_order.quoted": Pair("报价", "quoted"),
    "work_order.price_agreed": Pair("同意报价", "price agreed"),
    "work_order.price_declined": Pair("不同意报价", "price declined"),
    "work_order.conflict_flagged": Pair("标记冲突", "conflict flagged"),
    "work_order.conflict_step_recorded": Pair("冲突处理", "conflict step"),
    "work_order.mediation_recorded": Pair("联合调解", "joint mediation"),
    "work_order.responsibility_assigned": Pair("责任划分", "responsibility"),
    "work_order.plan_given": Pair("整改方案", "plan given"),
    "work_order.rectification_done": Pair("整改完成", "rectification done"),
    "work_order.signed_off": Pair("验收", "signed off"),
    "work_order.sign_off_refused": Pair("验收不通过", "sign-off refused"),
    "work_order.suspension_requested": Pair("申请暂停", "suspension requested"),
    "work_order.suspension_approved": Pair("批准暂停", "suspension approved"),
    "work_order.suspension_refused": Pair("驳回暂停", "suspension refused"),
    "work_order.suspended": Pair("暂停", "suspended"),
    "work_order.resumed": Pair("恢复", "resumed"),
    "work_order.completion_reported": Pair("外包报完工", "contractor reports completion"),
    "work_order.contractor_work_checked": Pair("外包验工", "contractor's work checked"),
    "work_order.handling_completed": Pair("处理完成", "handling completed"),
    "work_order.feedback_given": Pair("反馈", "feedback given"),
    "work_order.countersigned": Pair("会签反馈", "countersigned"),
    "work_order.callback_recorded": Pair("回访", "callback recorded"),
    "work_order.callback_attempted": Pair("回访未接通", "callback attempted"),
    "work_order.callback_exhausted": Pair("多次未接通", "callback exhausted"),
    "work_order.recovery_opened": Pair("启动补救", "recovery opened"),
    "work_order.recovery_done": Pair("补救完成", "recovery done"),
    "work_order.reopened": Pair("重开", "reopened"),
    "work_order.urged": Pair("催单", "urged"),
    "work_order.withdrawn": Pair("撤诉", "withdrawn"),
    "work_order.merged": Pair("归并", "merged"),
    "work_order.absorbed": Pair("吸收重复单", "absorbed"),
    "work_order.unmerged": Pair("撤销归并", "unmerged"),
    "work_order.incident_proposed": Pair("提议群发事件", "incident proposed"),
    "work_order.incident_confirmed": Pair("确认群发事件", "incident confirmed"),
    "work_order.incident_dismissed": Pair("否决群发事件", "incident dismissed"),
    "work_order.attached_to_incident": Pair("并入群发事件", "attached to incident"),
    "work_order.detached_from_incident": Pair("移出群发事件", "detached from incident"),
    "work_order.mass_notice_given": Pair("群发通知", "mass notice given"),
    "work_order.solved_together": Pair("一并解决", "solved together"),
    "work_order.children_reported": Pair("成员超时汇报", "children reported"),
    "work_order.acknowledged": Pair("确认升级", "acknowledged"),
    "work_order.excused": Pair("免责", "excused"),
    "work_order.arrears_cause_named": Pair("认定欠费原因", "arrears cause named"),
    "work_order.verified": Pair("核查", "verified"),
    "work_order.noted": Pair("备注", "noted"),
    "work_order.closed": Pair("办结", "closed"),
    "work_order.clock_started": Pair("开始计时", "clock started"),
    "work_order.clock_stopped": Pair("停止计时", "clock stopped"),
    "work_order.clock_warned": Pair("预警", "warning"),
    "work_order.clock_breached": Pair("超时", "breached"),
    "work_order.escalated": Pair("升级", "escalated"),
}

SKIPPED: Table = {
    "safety": Pair("安全事项,先处理", "safety first"),
    "unreachable": Pair("联系不上报事人", "reporter can't be reached"),
}
"""Why a demand was not restated (INT-07)."""

GRANTED: Table = {
    "yes": Pair("业主要求已满足", "remedy granted"),
    "no": Pair("业主要求未满足", "remedy not granted"),
    "partly": Pair("业主要求部分满足", "remedy granted in part"),
}

PROPOSED_BECAUSE: Table = {
    "category": Pair("按类别", "by category"),
    "safety": Pair("涉及安全", "a safety matter"),
    "urgent_words": Pair("含紧急用词", "urgent words"),
}
"""What a proposed severity follows from (INT-09)."""

GROUPS: Table = {
    "elderly_alone": Pair("独居老人", "elderly, alone"),
    "elderly": Pair("老人", "elderly"),
    "disabled": Pair("残障", "disabled"),
    "infant_family": Pair("婴幼儿家庭", "family with an infant"),
    "seriously_ill": Pair("重病", "seriously ill"),
}
"""Groups of a household whose matters come first among equals (INT-10)."""

FIELDS: Table = {
    "complaint": Pair("业主原话", "the owner's words"),
    "remedy_asked": Pair("业主要求", "the remedy wanted"),
    "found_in": Pair("出自", "found in"),
    "posted_by": Pair("发布人", "posted by"),
    "group_line": Pair("群内回复", "line for the group"),
    "referred_to": Pair("应找", "the right address"),
    "groups": Pair("关怀", "special groups"),
    "back_dated": Pair("补填原因", "why set back"),
    "external_note": Pair("原系统备注", "note of the old system"),
    "words": Pair("内容", "words"),
    "reason": Pair("原因", "reason"),
    "found": Pair("查明", "found"),
    "why_not": Pair("未能办理的原因", "why not"),
    "also_open": Pair("业主还可", "also open"),
    "apology": Pair("道歉", "apology"),
    "visit": Pair("上门拜访", "visit"),
    "remedy": Pair("补救方案", "remedy"),
    "name": Pair("姓名", "name"),
    "phone": Pair("电话", "phone"),
    "address": Pair("地址", "address"),
    "room": Pair("房号", "room"),
}


def numbers(orders: Iterable[str], lang: str) -> str:
    """List orders by number, so that a line is broken between two of them and never within one."""
    return (" " if lang == "zh" else ", ").join(one.removeprefix("wo_") for one in orders)
