"""The commands of the glossary as the command line offers them: one table, from which each command is made."""

from typing import NamedTuple

from domain.vocabulary import ArrearsCause, Channel, ClockName, FeedbackKind, Kind, Severity
from starter.cli_words import both

PANEL_FRONT = both("受理与分派", "Reception and dispatch")
PANEL_WORK = both("处理", "Handling")
PANEL_BACK = both("反馈与回访", "Feedback and callback")
PANEL_PLAN = both("整改与核查", "Rectification and verification")
PANEL_TIME = both("时限、暂停与升级", "Limits, pauses and escalations")


class Field(NamedTuple):
    """One option of a command and the field of the payload that it fills."""

    option: str  # --to
    fills: str  # assignee
    kind: str  # staff | team | category | words | choice | count | yes_no | window | until | date | pause | clock
    zh: str
    en: str
    needed: bool = False
    choices: tuple[str, ...] = ()
    most: int = 99
    default: str | None = None


class Action(NamedTuple):
    """One command: its name, its panel, what it is for, its options, an example."""

    command: str  # as the domain calls it
    panel: str
    zh: str
    en: str
    example: str  # behind `huiyin command ORDER`
    fields: tuple[Field, ...] = ()
    also: str = ""  # a shorter name under which it can be typed too

    @property
    def typed(self) -> str:
        """The command as it is typed."""
        return self.command.replace("_", "-")


ACTS = ("arrive", "complete_handling", "give_feedback")
CHANNELS = tuple(Channel)[:12]
TEXT = Field("--text", "words", "words", "文字;- 从标准输入读取", "Words; - is standard input.")
REASON = Field("--reason", "reason", "words", "原因;- 从标准输入读取", "The reason; - is standard input.", needed=True)
TO = Field("--to", "assignee", "staff", "交给谁(员工编号)", "To whom (staff id).", needed=True)
BY = Field("--by", "by", "choice", "业主由何渠道沟通", "By which channel.", choices=CHANNELS, default="phone")
SEVERITY = Field("--severity", "severity", "choice", "级别", "Severity.", choices=tuple(Severity))
CATEGORY = Field("--category", "category", "category", "类别,不填保持不变", "Category; unchanged when left out.")
KIND = Field("--kind", "kind", "choice", "事项类型,默认随类别", "Kind; default: the category's.", choices=tuple(Kind))
FEEDBACK = Field(
    "--kind", "kind", "choice", "结果、方案、进展或不属受理", "What kind.", needed=True, choices=tuple(FeedbackKind)
)


def needed(field: Field) -> Field:
    """Return an option that may not be left out."""
    return field._replace(needed=True)


def score(option: str, zh: str, en: str) -> Field:
    """Return one of the three scores of a callback (CBK-04)."""
    return Field(option, option[2:], "count", f"{zh} 1–5", f"{en}, 1–5.", needed=True, most=5)


CONTACT = Field(
    "--first-contact", "first_contact", "staff", "首问责任人,默认操作人本人", "First contact; default: who acts."
)
NEXT_CONTACT = TO._replace(fills="first_contact")
TEAM = Field("--team", "team", "team", "班组,默认取类别的班组", "Team; default: the category's.")
SAME_TEAM = Field("--team", "team", "team", "班组,默认不变", "Team; default: the same.")
WINDOW = (
    Field("--from", "window_start_at", "window", "时间窗开始", "Start of the window.", needed=True),
    Field("--until", "window_end_at", "window", "时间窗结束", "End of the window.", needed=True),
    Field("--act", "act", "choice", "承诺做什么", "What shall happen.", choices=ACTS, default="arrive"),
)
VISITS = Field("--visits", "visits", "count", "上门次数", "Number of visits.", default="1")
RESOLVED = Field(
    "--resolved/--not-resolved", "resolved", "yes_no", "业主认为是否已解决", "Resolved, says the owner?", needed=True
)
SCORES = (
    score("--attitude", "态度", "Attitude"),
    score("--timeliness", "及时", "Timeliness"),
    score("--quality", "质量", "Quality"),
)
CLOCK = Field("--clock", "clock", "clock", "哪个计时,例如 处理", "Which clock.", needed=True, choices=tuple(ClockName))
LEVEL = (
    CLOCK,
    Field("--level", "level", "count", "第几级,默认最近一级", "Which level; default: the latest."),
    Field("--turn", "turn", "count", "第几次计时,默认最近", "Which turn; default: the latest."),
)
BREACH = (
    CLOCK,
    LEVEL[2],
    Field("--generation", "generation", "count", "第几轮,默认最近", "Which generation; default: the latest."),
)
CLASS = (CATEGORY, KIND, SEVERITY)
LATER = Field("--move-later", "move_later", "yes_no", "允许时限推后(经理)", "Limits may move later (manager).")
PAUSE = (
    Field("--reason", "pause_reason", "pause", "暂停原因的代码", "Code of a listed reason.", needed=True),
    Field("--until", "expected_end_at", "until", "预计何时恢复,例如 17:00", "When it is expected to end.", needed=True),
    TEXT,
)
ON = Field("--on", "on", "date", "完成日期,例如 12-04", "To be done by this date, such as 12-04.", needed=True)
CONSENT = Field("--consent", "consent", "yes_no", "业主已同意改日期", "The owner agreed to another date.")
WHOSE = CLOCK._replace(zh="因哪个计时", en="Because of which clock.", needed=False)
CAUSE = Field("--cause", "cause", "choice", "欠费原因", "Why it is not paid.", needed=True, choices=tuple(ArrearsCause))
RESTATED = TEXT._replace(zh="复述的诉求;- 从标准输入读取", en="The demand, restated; - is standard input.")
SKIPPED = Field(
    "--skipped",
    "skipped",
    "choice",
    "未复述:安全事项或联系不上",
    "Not restated: safety, or not reached.",
    choices=("safety", "unreachable"),
)
WHY_SKIPPED = REASON._replace(zh="未复述的原因", en="Why it was not restated.", needed=False)
GRANTED = Field(
    "--remedy-granted",
    "remedy_granted",
    "choice",
    "业主要求是否满足",
    "Was the remedy granted?",
    choices=("yes", "no", "partly"),
)
GROUP_LINE = Field("--group-line", "group_line", "words", "发到群里的一句话", "Neutral line for the group.")
REFER_TO = Field("--refer-to", "referred_to", "words", "不属受理范围时应找哪里", "Out of scope: whom to turn to.")
ANSWER = (GRANTED, GROUP_LINE, REFER_TO)
FRONT, WORK, BACK, PLAN, TIME = PANEL_FRONT, PANEL_WORK, PANEL_BACK, PANEL_PLAN, PANEL_TIME

ACTIONS = (
    Action("respond", FRONT, "响应:已与业主通话,停响应计时", "The owner was answered.",
           "--as S06", (CONTACT, TEXT)),
    Action("change_first_contact", FRONT, "更换首问责任人(主管)", "Another person answers to the owner.",
           "--as S02 --to S04 --reason 休假交接", (NEXT_CONTACT, REASON)),
    Action("clarify", FRONT, "澄清复述:复述诉求,报事人已确认", "The demand restated, and the reporter's yes.",
           "--as S06 --text 今天修好厨房水管", (RESTATED, BY, SKIPPED, WHY_SKIPPED)),
    Action("register", FRONT, "登记:写下事项", "The matter is written down.",
           "--as S06", (TEXT,)),
    Action("classify", FRONT, "定级定类(首次分派前)", "Decide category, kind and severity.",
           "--as S06 --category WATER_LEAK --severity urgent", CLASS),
    Action("reclassify", FRONT, "改级改类,须说明原因", "Change category, kind or severity, with a reason.",
           "--as S06 --severity urgent --reason 水已漫到楼下", (*CLASS, REASON, LATER)),
    Action("dispatch", FRONT, "分派给班组与经办人", "Give it to a team and a person.",
           "--as S06 --to S09", (TO, TEAM)),
    Action("transfer", FRONT, "转单给另一人,须其接单", "Give it to another person, who must accept.",
           "--as S06 --to S11 --reason 夜班接手", (TO, SAME_TEAM, REASON)),
    Action("accept", WORK, "接单(经办人)", "The assignee takes it.",
           "--as S09"),
    Action("return", WORK, "退单(经办人),须说明原因", "The assignee gives it back.",
           "--as S09 --reason 需要电工", (REASON,)),
    Action("arrive", WORK, "到场(经办人)", "The assignee is on the spot.",
           "--as S09"),
    Action("promise", WORK, "承诺:与业主约定时间窗", "Agree a time window with the owner.",
           "--as S06 --from 14:00 --until 18:00", (*WINDOW, TEXT)),
    Action("complete_handling", WORK, "处理完成:写明原因、措施、结果", "The work is done: cause, measure, result.",
           "--as S09 --text 更换角阀密封圈,试水不漏", (needed(TEXT), VISITS)),
    Action("give_feedback", BACK, "反馈业主:进展、方案、结果或不属受理", "Tell the owner.",
           "--as S06 --kind result --text 角阀已更换,今后不再漏水", (FEEDBACK, needed(TEXT), BY, *ANSWER)),
    Action("record_callback", BACK, "登记回访(不得由经办人回访)", "What the owner said at the callback.",
           "--as S22 --resolved --attitude 5 --timeliness 4 --quality 5", (RESOLVED, *SCORES, TEXT)),
    Action("reopen", BACK, "重开:问题仍在", "The matter goes on.",
           "--as S06 --reason 又开始漏水", (REASON,)),
    Action("urge", BACK, "催单:业主要求加快", "The owner asks for speed.",
           "--as owner --by wechat", (BY, TEXT)),
    Action("withdraw", BACK, "撤诉:业主撤回", "The owner withdraws it.",
           "--as S06 --by phone --reason 已自行修好", (BY, REASON)),
    Action("note", BACK, "备注", "A remark.",
           "--as S06 --text 业主晚八点后在家", (needed(TEXT),)),
    Action("give_plan", PLAN, "出具整改方案:做什么、何时完成", "Say what will be done, and by which date.",
           "--as S09 --on 12-04 --text 更换整段立管", (ON, needed(TEXT), CONSENT)),
    Action("complete_rectification", PLAN, "整改完成,请业主验收", "The plan is carried out.",
           "--as S09 --text 立管已更换,试水两小时", (needed(TEXT),)),
    Action("sign_off", PLAN, "验收:业主认可", "The owner finds it well done.",
           "--as S06 --by visit", (BY, TEXT)),
    Action("refuse_sign_off", PLAN, "验收不通过,须重出方案", "The owner does not; a plan is due again.",
           "--as S06 --by phone --reason 墙面仍有水渍", (BY, REASON)),
    Action("name_arrears_cause", PLAN, "认定欠费原因;服务不满即启动核查与方案", "Name why a household does not pay.",
           "--as S03 --cause dissatisfaction", (CAUSE, TEXT)),
    Action("verify", PLAN, "核查:业主所述已查实", "What the owner complains of was looked into.",
           "--as S02 --text 现场查看属实", (needed(TEXT),)),
    Action("suspend", TIME, "暂停可暂停的计时,须有原因与预计恢复时间", "Let pausable clocks stand still.",
           "--as S09 --reason waiting_parts --until 17:00", PAUSE),
    Action("resume", TIME, "恢复计时", "Let them run again.",
           "--as S09", (TEXT,)),
    Action("request_suspension", TIME, "申请暂停(超过门槛须他人批准)", "Ask for a longer pause.",
           '--as S09 --reason waiting_parts --until "2026-12-04 17:00"', PAUSE),
    Action("approve_suspension", TIME, "批准暂停(申请人以外);可简写 approve", "Grant it; also typed approve.",
           "--as S08", (TEXT,), "approve"),
    Action("refuse_suspension", TIME, "驳回暂停申请", "Do not grant it.",
           "--as S08 --reason 库房有货", (REASON,)),
    Action("acknowledge", TIME, "确认升级:收到升级通知者确认", "The addressee has seen an escalation.",
           "--as S07 --clock response", LEVEL),
    Action("excuse", TIME, "免责:超时记录保留,注明原因(经理)", "Excuse a breach; it stays on record.",
           "--as S02 --clock handling --reason 全市停水", (*BREACH, REASON)),
    Action("reclock", TIME, "按现行配置重算时限(经理)", "Count limits again under the settings in force.",
           "--as S02 --reason 假期安排已公布", (REASON,)),
    Action("open_recovery", TIME, "启动服务补救(经理)", "Open a service recovery.",
           "--as S02 --clock feedback", (WHOSE, TEXT)),
    Action("complete_recovery", TIME, "补救完成(经理)", "The service recovery is done.",
           "--as S02 --text 已上门致歉并复修", (needed(TEXT),)),
)  # fmt: skip
"""Every command that an order which lives can be given, in the order of its life."""
