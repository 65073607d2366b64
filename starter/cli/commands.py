"""The commands of the glossary as the command line offers them: one table, from which each command is made."""

from typing import NamedTuple

from starter.cli import fields as f
from starter.cli.words import both

PANEL_FRONT = both("受理与分派", "Reception and dispatch")
PANEL_WORK = both("处理", "Handling")
PANEL_BACK = both("反馈与回访", "Feedback and callback")
PANEL_PLAN = both("整改与核查", "Rectification and verification")
PANEL_TALK = both("冲突与调解", "Conflict and mediation")
PANEL_INCIDENT = both("群发事件", "Incidents")
PANEL_SAME = both("归并", "Merging")
PANEL_TIME = both("时限、暂停与升级", "Limits, pauses and escalations")


class Action(NamedTuple):
    """One command: its name, its panel, what it is for, its options, an example."""

    command: str  # as the domain calls it
    panel: str
    zh: str
    en: str
    example: str  # behind `huiyin command ORDER`
    fields: tuple[f.Field, ...] = ()
    also: str = ""  # a shorter name under which it can be typed too

    @property
    def typed(self) -> str:
        """The command as it is typed."""
        return self.command.replace("_", "-")


FRONT, WORK, BACK, PLAN, TALK, TIME = PANEL_FRONT, PANEL_WORK, PANEL_BACK, PANEL_PLAN, PANEL_TALK, PANEL_TIME
MANY = PANEL_INCIDENT

ACTIONS = (
    Action("respond", FRONT, "响应:已与业主通话,停响应计时", "The owner was answered.",
           "--as S06", (f.CONTACT, f.TEXT)),
    Action("change_first_contact", FRONT, "更换首问责任人(主管)", "Another person answers to the owner.",
           "--as S02 --to S04 --reason 休假交接", (f.NEXT_CONTACT, f.REASON)),
    Action("clarify", FRONT, "澄清复述:复述诉求,报事人已确认", "The demand restated, and the reporter's yes.",
           "--as S06 --text 今天修好厨房水管", f.RESTATED),
    Action("register", FRONT, "登记:写下事项", "The matter is written down.",
           "--as S06", (f.TEXT,)),
    Action("classify", FRONT, "定级定类(首次分派前)", "Decide category, kind and severity.",
           "--as S06 --category WATER_LEAK --severity urgent", f.CLASS),
    Action("reclassify", FRONT, "改级改类,须说明原因", "Change category, kind or severity, with a reason.",
           "--as S06 --severity urgent --reason 水已漫到楼下", (*f.CLASS, f.REASON, f.LATER)),
    Action("dispatch", FRONT, "分派给班组与经办人", "Give it to a team and a person.",
           "--as S06", (f.TO_FIRST, f.TEAM)),
    Action("transfer", FRONT, "转单给另一人,须其接单", "Give it to another person, who must accept.",
           "--as S06 --to S11 --reason 夜班接手", (f.TO, f.SAME_TEAM, f.REASON, f.OTHER_TRADE)),
    Action("add_assignment", FRONT, "增派:同一工单再派一项工作", "Give a further piece of it to somebody.",
           "--as S06 --to S10 --text 配电箱断电送电 --other-trade", (f.TO, f.needed(f.TEXT), f.AFTER, f.OTHER_TRADE)),
    Action("complete_assignment", WORK, "派工完成(该项经办人;外包的由验工人)", "A further piece is done.",
           "--as S10 --number 1 --text 已断电挂牌", (f.PIECE, f.needed(f.TEXT))),
    Action("cancel_assignment", FRONT, "撤销派工,须说明原因", "A further piece is not wanted any more.",
           "--as S06 --number 1 --reason 不需断电", (f.PIECE, f.REASON)),
    Action("grab", WORK, "抢单:先到先得,接下抢单池中的工单", "Take it out of the pool, first come first served.",
           "--as S13"),
    Action("accept", WORK, "接单(经办人)", "The assignee takes it.",
           "--as S09"),
    Action("return", WORK, "退单(经办人),须选原因", "The assignee gives it back.",
           "--as S09 --reason lacks_skill --text 需要电工", f.RETURNED),
    Action("arrive", WORK, "到场(经办人)", "The assignee is on the spot.",
           "--as S09 --before 水渍.jpg", (f.DONE[3],)),
    Action("quote", WORK, "报价:材料与人工,谁付", "Tell the price: materials, labour, who pays.",
           '--as S09 --material "角阀 2 35.00 owner" --labour 50', (f.MATERIAL, *f.LABOUR, f.TEXT)),
    Action("agree_to_price", WORK, "同意报价(业主,可代登记)", "The owner agrees to the price.",
           "--as S06 --by phone", (f.BY, f.TEXT)),
    Action("decline_price", WORK, "不同意报价(业主,可代登记)", "The owner does not.",
           "--as S06 --by phone --reason 自己买配件", (f.BY, f.REASON)),
    Action("promise", WORK, "承诺:与业主约定时间窗", "Agree a time window with the owner.",
           "--as S06 --from 14:00 --until 18:00", (*f.WINDOW, f.TEXT)),
    Action("assign_responsibility", WORK, "责任划分:各方百分比与依据(经理)", "Whose part it was, in per cent.",
           '--as S02 --share "developer 60 交付时已渗漏" --share "property 40 巡检未发现"', (f.SHARE, f.TEXT)),
    Action("complete_handling", WORK, "处理完成:写明原因、措施、结果", "The work is done: cause, measure, result.",
           "--as S09 --cause 密封圈老化 --measure 更换密封圈 --result 试水半小时,不再渗漏", f.DONE),
    Action("check_contractor_work", WORK, "外包验工(外包监管人);可简写 check-work", "Check a contractor's work.",
           "--as S08 --passed", (f.PASSED, f.WHY_FAILED, f.TEXT), "check-work"),
    Action("give_feedback", BACK, "反馈业主:进展、方案、结果或不属受理", "Tell the owner.",
           "--as S06 --kind result --found 角阀密封圈老化,接口渗水 --text 角阀已更换,试水不漏",
           (f.FEEDBACK, f.needed(f.TEXT), f.FOUND, f.WHY_NOT, f.ALSO_OPEN, *f.ANSWER, f.TELL_BY)),
    Action("record_callback", BACK, "登记回访(不得由经办人回访)", "What the owner said at the callback.",
           "--as S22 --resolved --attitude 5 --timeliness 4 --quality 5",
           (f.RESOLVED, *f.SCORES, f.TOLD_BY, f.NUMBER, f.THEY_CALLED, f.TEXT)),
    Action("record_attempt", BACK, "登记未接通:回访时业主未接", "The owner was not reached.",
           "--as S22", (f.TRIED, f.TEXT)),
    Action("countersign", BACK, "会签反馈:首问责任人对他人告知的结果负责", "The first contact stands for the result.",
           "--as S06", (f.TEXT,)),
    Action("reopen", BACK, "重开:问题仍在", "The matter goes on.",
           "--as S06 --reason 又开始漏水", (f.REASON,)),
    Action("urge", BACK, "催单:业主要求加快", "The owner asks for speed.",
           "--as owner --by wechat", (f.BY, f.TEXT)),
    Action("withdraw", BACK, "撤诉:业主撤回", "The owner withdraws it.",
           "--as S06 --by phone --reason 已自行修好", (f.BY, f.REASON)),
    Action("note", BACK, "备注", "A remark.",
           "--as S06 --text 业主晚八点后在家", (f.needed(f.TEXT), f.ABOUT, f.PHOTOS)),
    Action("give_plan", PLAN, "出具整改方案:做什么、何时完成", "Say what will be done, and by which date.",
           '--as S09 --measure "S09 12-04 更换整段立管"', (f.MEASURE, f.TEXT, f.CONSENT)),
    Action("complete_rectification", PLAN, "整改完成,请业主验收", "The plan is carried out.",
           "--as S09 --text 立管已更换,试水两小时", (f.needed(f.TEXT),)),
    Action("sign_off", PLAN, "验收:业主认可", "The owner finds it well done.",
           "--as S06 --by visit", (f.BY, f.TEXT)),
    Action("refuse_sign_off", PLAN, "验收不通过,须重出方案", "The owner does not; a plan is due again.",
           "--as S06 --by phone --reason 墙面仍有水渍", (f.BY, f.REASON)),
    Action("name_arrears_cause", PLAN, "认定欠费原因;服务不满即启动核查与方案", "Name why a household does not pay.",
           "--as S03 --cause dissatisfaction", (f.CAUSE, f.TEXT)),
    Action("verify", PLAN, "核查:业主所述已查实", "What the owner complains of was looked into.",
           "--as S02 --text 现场查看属实", (f.needed(f.TEXT),)),
    Action("flag_conflict", TALK, "标记冲突:与业主发生争执", "The conversation has become a conflict.",
           "--as S06 --text 业主情绪激动", (f.needed(f.TEXT),)),
    Action("record_conflict_step", TALK, "登记冲突处理:冷静、澄清、解决、跟进", "Calm, clarify, solve, follow up.",
           "--as S06 --step calm --text 请业主到接待室坐下",
           (f.STEP, f.needed(f.TEXT), *(one._replace(needed=False) for one in f.WINDOW), f.CONFIRMED)),
    Action("record_mediation", TALK, "登记联合调解(经理,须业主同意)", "Several bodies sat down with the owner.",
           "--as S02 --body 派出所 --held-at 14:00 --place 接待室 --outcome 达成一致 --next-step 周五复查 --consent",
           f.MEDIATION),
    Action("suspend", TIME, "暂停可暂停的计时,须有原因与预计恢复时间", "Let pausable clocks stand still.",
           "--as S09 --reason waiting_parts --until 17:00 --part 角阀 --supplier 城东五金", f.PAUSE),
    Action("resume", TIME, "恢复计时", "Let them run again.",
           "--as S09", (f.TEXT,)),
    Action("request_suspension", TIME, "申请暂停(超过门槛须他人批准)", "Ask for a longer pause.",
           '--as S09 --reason owner_absent --until "2026-12-04 17:00"', f.PAUSE),
    Action("approve_suspension", TIME, "批准暂停(申请人以外);可简写 approve", "Grant it; also typed approve.",
           "--as S08", (f.TEXT,), "approve"),
    Action("refuse_suspension", TIME, "驳回暂停申请", "Do not grant it.",
           "--as S08 --reason 库房有货", (f.REASON,)),
    Action("acknowledge", TIME, "确认升级:收到升级通知者确认", "The addressee has seen an escalation.",
           "--as S07 --clock response", f.LEVEL),
    Action("excuse", TIME, "免责:超时记录保留,注明原因(经理)", "Excuse a breach; it stays on record.",
           "--as S02 --clock handling --reason 全市停水", (*f.BREACH, f.REASON)),
    Action("reclock", TIME, "按现行配置重算时限(经理)", "Count limits again under the settings in force.",
           "--as S02 --reason 假期安排已公布", (f.REASON,)),
    Action("open_recovery", TIME, "启动服务补救(经理)", "Open a service recovery.",
           "--as S02 --clock feedback", (f.WHOSE, f.TEXT)),
    Action("complete_recovery", TIME, "补救完成(经理)", "The service recovery is done.",
           "--as S02 --apology 电话致歉 --visit 当天上门 --remedy 免费复修", f.RECOVERED),
    Action("merge", PANEL_SAME, "归并:与另一单是同一件事,由另一单继续办理", "One matter: another goes on with it.",
           "--as S06 --into 10000002", (f.INTO,)),
    Action("unmerge", PANEL_SAME, "撤销归并:两单恢复原状", "They are two matters after all; both are as they were.",
           "--as S06"),
    Action("confirm_incident", MANY, "确认群发事件:成员自动并入", "Confirm an incident; its members are attached.",
           "--as S06", (f.TEXT,)),
    Action("dismiss_incident", MANY, "否决群发事件:提议的,或已无成员的", "Dismiss one that is proposed, or childless.",
           "--as S06 --reason 两户原因不同", (f.REASON,)),
    Action("give_mass_notice", MANY, "群发通知:一次答复全部成员工单的业主", "Tell the owners of all its children.",
           "--as S06 --kind result --found 水箱浮球阀损坏 --text 浮球阀已更换,供水恢复",
           (f.NOTICE, f.needed(f.TEXT), f.FOUND, f.NOTICE_BY)),
    Action("attach_to_incident", MANY, "并入群发事件,升级由其统一发出", "Attach it; the incident escalates for it.",
           "--as S06 --to 10000009", (f.TO_INCIDENT,)),
    Action("detach_from_incident", MANY, "移出群发事件:恢复自行升级", "Take it out; it escalates by itself again.",
           "--as S06 --reason 户内总阀关闭", (f.REASON,)),
)  # fmt: skip
"""Every command that an order which lives can be given, in the order of its life."""
STATABLE = frozenset(
    {
        "agree_to_price",
        "clarify",
        "decline_price",
        "flag_conflict",
        "give_feedback",
        "promise",
        "record_attempt",
        "record_callback",
        "record_conflict_step",
        "respond",
        "urge",
        "withdraw",
    }
)
"""Commands whose time may be stated afterwards: those of `domain.lifecycle`, whose import help should not pay for."""
