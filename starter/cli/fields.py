"""Options of the commands: how each is typed, and the field of the payload that it fills."""

from typing import NamedTuple

from domain.vocabulary import (
    LIVE_CHANNELS,
    MESSAGE_CHANNELS,
    ArrearsCause,
    Channel,
    ClockName,
    ConflictStep,
    FeedbackKind,
    Kind,
    Party,
    ReturnReason,
    Severity,
    Teller,
)
from starter.words.closing import RECOVERY_STEPS


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


RESTATED = (
    TEXT._replace(zh="复述的诉求;- 从标准输入读取", en="The demand, restated; - is standard input."),
    BY,
    Field(
        "--skipped",
        "skipped",
        "choice",
        "未复述:安全事项或联系不上",
        "Not restated: safety, or not reached.",
        choices=("safety", "unreachable"),
    ),
    REASON._replace(zh="未复述的原因", en="Why it was not restated.", needed=False),
)
CONTACT = Field(
    "--first-contact", "first_contact", "staff", "首问责任人,默认操作人本人", "First contact; default: who acts."
)
TO_FIRST = TO._replace(
    needed=False, zh="交给谁(员工编号),默认首个候选人(huiyin propose)", en="To whom; default: the first proposed."
)
NEXT_CONTACT = TO._replace(fills="first_contact")
TEAM = Field("--team", "team", "team", "班组,默认取类别的班组", "Team; default: the category's.")
SAME_TEAM = Field("--team", "team", "team", "班组,默认不变", "Team; default: the same.")
RETURNED = (
    Field("--reason", "return_reason", "choice", "退单原因", "Why.", needed=True, choices=tuple(ReturnReason)),
    TEXT._replace(fills="reason"),
)
WINDOW = (
    Field("--from", "window_start_at", "window", "时间窗开始", "Start of the window.", needed=True),
    Field("--until", "window_end_at", "window", "时间窗结束", "End of the window.", needed=True),
    Field("--act", "act", "choice", "承诺做什么", "What shall happen.", choices=ACTS, default="arrive"),
)
DONE = (
    Field("--cause", "found", "words", "原因", "What caused it.", needed=True),
    Field("--measure", "measure", "words", "措施", "What was done.", needed=True),
    Field("--result", "words", "words", "结果,至少十个字", "What came of it, at least ten characters.", needed=True),
    Field("--before", "before", "files", "处理前的照片,可多次", "A photo before the work; repeat it."),
    Field("--after", "after", "files", "处理后的照片,可多次", "A photo after the work; repeat it."),
    Field("--without-photos", "without_photos", "words", "为何没有照片(主管)", "Why there are none (supervisors)."),
)
OTHER_TRADE = Field(
    "--other-trade", "other_trade", "yes_no", "确需交给其他班组或工种", "Meant so: another team, or without the skill."
)
AFTER = Field("--after", "after", "count", "排在第几项之后,默认同时进行", "After which number; default: at once.")
PIECE = Field("--number", "number", "count", "第几项增派", "Number of the assignment.", needed=True)
PASSED = Field("--passed/--failed", "passed", "yes_no", "验工是否通过", "Does the work pass?", needed=True)
WHY_FAILED = REASON._replace(zh="不通过的原因", en="Why it fails.", needed=False)
RESOLVED = Field(
    "--resolved/--not-resolved", "resolved", "yes_no", "业主认为是否已解决", "Resolved, says the owner?", needed=True
)
SCORES = (
    score("--attitude", "态度", "Attitude"),
    score("--timeliness", "及时", "Timeliness"),
    score("--quality", "质量", "Quality"),
)
FOUND = Field("--found", "found", "words", "查明了什么(结果必填)", "What was found; needed for a result.")
NOTICE = FEEDBACK._replace(
    choices=(FeedbackKind.RESULT, FeedbackKind.PLAN, FeedbackKind.PROGRESS), zh="结果、方案或进展"
)
NOTICE_BY = BY._replace(
    choices=tuple(sorted(MESSAGE_CHANNELS)), zh="首选渠道,未送达再换各户的渠道", en="Tried first.", default="sms"
)
WHY_NOT = Field("--why-not", "why_not", "words", "办不到的原因", "If it is refused: why.")
ALSO_OPEN = Field("--also-open", "also_open", "words", "业主还可怎么办", "If refused: what else is open to the owner.")
ANSWER = (
    Field(
        "--remedy-granted",
        "remedy_granted",
        "choice",
        "业主要求是否满足",
        "Was the remedy granted?",
        choices=("yes", "no", "partly"),
    ),
    Field("--group-line", "group_line", "words", "发到群里的一句话", "Neutral line for the group."),
    Field("--refer-to", "referred_to", "words", "不属受理范围时应找哪里", "Out of scope: whom to turn to."),
)
TELL_BY = BY._replace(
    choices=tuple(sorted(LIVE_CHANNELS | MESSAGE_CHANNELS)), zh="如何告知业主", en="How the owner is told."
)
TOLD_BY = Field(
    "--told-by", "told_by", "choice", "由谁答复", "Who answered.", choices=tuple(Teller)[:2], default="household"
)
NUMBER = Field(
    "--number", "number", "number", "拨通的号码,用于核对是否员工号码", "The number called; staff's are refused."
)
THEY_CALLED = Field(
    "--they-called", "they_called", "yes_no", "业主自己来电(不受联系时间限制)", "The household called us: any hour."
)
TRIED = BY._replace(zh="以何种方式联系", en="How it was tried.")
RECOVERED = tuple(
    Field(f"--{name}", name, "words", f"{said.zh}:做了什么", f"What was done: {said.en}.", needed=True)
    for name, said in RECOVERY_STEPS.items()
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
    Field(
        "--until",
        "expected_end_at",
        "until",
        "预计何时恢复:17:00,或 12-04(当日下班)",
        "Expected end: 17:00, or 12-04 (close).",
        needed=True,
    ),
    Field("--part", "part", "words", "等哪种配件", "Which part is waited for."),
    Field("--supplier", "supplier", "words", "由谁供货", "From whom."),
    TEXT,
)
MEASURE = Field(
    "--measure", "measures", "measures", "员工 完成日期 做什么,可多次", "Who, until when, what; repeat it.", needed=True
)
CONSENT = Field("--consent", "consent", "yes_no", "业主已同意改日期", "The owner agreed to another date.")
WHOSE = CLOCK._replace(zh="因哪个计时", en="Because of which clock.", needed=False)
CAUSE = Field("--cause", "cause", "choice", "欠费原因", "Why it is not paid.", needed=True, choices=tuple(ArrearsCause))
MATERIAL = Field(
    "--material", "materials", "materials", "材料 数量 单价 付款方,可多次", "What, how much, price, payer."
)
LABOUR = (
    Field("--labour", "labour", "amount", "人工费(元)", "Labour in yuan."),
    Field(
        "--labour-payer",
        "labour_payer",
        "choice",
        "人工费付款方",
        "Who pays it.",
        choices=tuple(Party),
        default="owner",
    ),
)
SHARE = Field(
    "--share", "shares", "shares", "责任方 百分比 依据,可多次", "Party, per cent, evidence; repeat it.", needed=True
)
STEP = Field("--step", "step", "choice", "哪一步", "Which step.", needed=True, choices=tuple(ConflictStep))
CONFIRMED = Field("--confirmed/--not-confirmed", "confirmed", "yes_no", "跟进:业主是否认可", "Does the owner confirm?")
MEDIATION = (
    Field("--body", "bodies", "bodies", "参加方,可多次,例如 派出所", "Who took part; repeat it.", needed=True),
    Field("--held-at", "held_at", "past", "调解时间", "When it was held.", needed=True),
    Field("--place", "place", "words", "地点", "Where.", needed=True),
    Field("--outcome", "outcome", "words", "结果", "What came of it.", needed=True),
    Field("--next-step", "next_step", "words", "下一步", "What comes next.", needed=True),
    Field("--consent", "consent", "yes_no", "业主已同意调解", "The owner agreed to it."),
)
ABOUT = Field("--about", "complained_of", "people", "投诉涉及的员工,可多次", "Staff it is about; repeat it.")
PHOTOS = Field("--photo", "attachments", "files", "照片或录音,可多次", "A photo or recording; repeat it.")
INTO = Field("--into", "survivor", "order", "由哪一单继续办理", "Number of the order that goes on.", needed=True)
TO_INCIDENT = Field("--to", "incident", "order", "群发事件的单号", "Number of the incident.", needed=True)
