"""The commands of the glossary as the command line offers them: one table, from which each command is made."""

from typing import NamedTuple

from domain.vocabulary import Channel, ClockName, FeedbackKind, Kind, Severity
from starter.cli_words import both

PANEL_FRONT = both("受理与分派", "Reception and dispatch")
PANEL_WORK = both("处理", "Handling")
PANEL_BACK = both("反馈与回访", "Feedback and callback")


class Field(NamedTuple):
    """One option of a command and the field of the payload that it fills."""

    option: str  # --to
    fills: str  # assignee
    kind: str  # staff | team | category | words | choice | count | yes_no | window
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
FEEDBACK = Field("--kind", "kind", "choice", "结果、方案或进展", "What kind.", needed=True, choices=tuple(FeedbackKind))


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
LEVEL = (
    Field("--clock", "clock", "choice", "哪个计时", "Which clock.", needed=True, choices=tuple(ClockName)),
    Field("--level", "level", "count", "第几级,默认最近一级", "Which level; default: the latest."),
    Field("--turn", "turn", "count", "第几次计时,默认最近", "Which turn; default: the latest."),
)
CLASS = (CATEGORY, KIND, SEVERITY)
FRONT, WORK, BACK = PANEL_FRONT, PANEL_WORK, PANEL_BACK

ACTIONS = (
    Action("respond", FRONT, "响应:已与业主通话,停响应计时", "The owner was answered.",
           "--as S06", (CONTACT, TEXT)),
    Action("change_first_contact", FRONT, "更换首问责任人(主管)", "Another person answers to the owner.",
           "--as S02 --to S04 --reason 休假交接", (NEXT_CONTACT, REASON)),
    Action("register", FRONT, "登记:写下事项", "The matter is written down.",
           "--as S06", (TEXT,)),
    Action("classify", FRONT, "定级定类(首次分派前)", "Decide category, kind and severity.",
           "--as S06 --category WATER_LEAK --severity urgent", CLASS),
    Action("reclassify", FRONT, "改级改类,须说明原因", "Change category, kind or severity, with a reason.",
           "--as S06 --severity urgent --reason 水已漫到楼下", (*CLASS, REASON)),
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
    Action("give_feedback", BACK, "反馈业主:进展、方案或结果", "Tell the owner progress, plan or result.",
           "--as S06 --kind result --text 角阀已更换,今后不再漏水", (FEEDBACK, needed(TEXT), BY)),
    Action("record_callback", BACK, "登记回访(不得由经办人回访)", "What the owner said at the callback.",
           "--as S22 --resolved --attitude 5 --timeliness 4 --quality 5", (RESOLVED, *SCORES, TEXT)),
    Action("complete_recovery", BACK, "补救完成(经理)", "The service recovery is done.",
           "--as S02 --text 已上门致歉并复修", (needed(TEXT),)),
    Action("reopen", BACK, "重开:问题仍在", "The matter goes on.",
           "--as S06 --reason 又开始漏水", (REASON,)),
    Action("urge", BACK, "催单:业主要求加快", "The owner asks for speed.",
           "--as owner --by wechat", (BY, TEXT)),
    Action("withdraw", BACK, "撤诉:业主撤回", "The owner withdraws it.",
           "--as S06 --by phone --reason 已自行修好", (BY, REASON)),
    Action("acknowledge", BACK, "确认升级:收到升级通知者确认", "The addressee has seen an escalation.",
           "--as S07 --clock response", LEVEL),
    Action("note", BACK, "备注", "A remark.",
           "--as S06 --text 业主晚八点后在家", (needed(TEXT),)),
)  # fmt: skip
"""Every command that an order which lives can be given, in the order of its life."""
