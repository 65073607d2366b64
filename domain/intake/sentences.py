"""Sentence and remedy of each refusal of reception, in Chinese and English (API-08)."""

from collections.abc import Mapping

from domain.sentences import Sentence

SENTENCES: Mapping[str, Sentence] = {
    "not-clarified": Sentence(
        "诉求尚未向报事人复述确认,不能分派。",
        "The demand was not restated to the reporter yet, so it can't be dispatched.",
        "请先澄清复述(clarify);涉及安全或联系不上时用 --skipped 并说明原因。",
        "Clarify it first (clarify); --skipped with a reason for safety or when he can't be reached.",
    ),
    "not-registered": Sentence(
        "工单尚未登记,不能分派。",
        "The work order is not registered yet, so it can't be dispatched.",
        "请先复述诉求(clarify)并登记(register)。",
        "Restate the demand (clarify) and register it first (register).",
    ),
    "clarify-or-skip": Sentence(
        "请写明复述的诉求,或说明为何不复述,两者取一。",
        "Say the demand as it was restated, or why that was skipped: one of the two.",
        "已向业主复述:--text;未能复述:--skipped safety|unreachable 并加 --reason。",
        "Restated: --text; skipped: --skipped safety|unreachable with --reason.",
    ),
    "skip-needs-reason": Sentence(
        "不复述诉求须说明原因。",
        "Skipping the restatement needs a reason.",
        "请加 --reason 说明原因。",
        "Add --reason.",
    ),
    "no-safety-case": Sentence(
        "该工单不涉及安全,不能以安全为由不复述诉求。",
        "This is no safety case; its demand must be restated.",
        "请向业主复述并取得确认;联系不上业主时用 --skipped unreachable。",
        "Restate it to the reporter; use --skipped unreachable when he can't be reached.",
    ),
    "remedy-unanswered": Sentence(
        "业主提出了具体要求,反馈结果时须说明是否满足。",
        "The owner asked for a remedy; the result must say whether it was granted.",
        "请加 --remedy-granted yes、no 或 partly(满足、未满足、部分满足)。",
        "Add --remedy-granted yes, no or partly.",
    ),
    "group-line-missing": Sentence(
        "该事项来自业主群或社交媒体,还须写明发到群里的一句话。",
        "The words came from a group or medium; a neutral line for it is missing.",
        "请加 --group-line,写一句不含个人信息的说明。",
        "Add --group-line: one sentence without personal data.",
    ),
    "address-missing": Sentence(
        "不属受理范围的事项,须告知业主应找哪里。",
        "What is out of scope needs the right address for the owner.",
        "请加 --refer-to,例如 --refer-to 供电公司95598。",
        "Add --refer-to with whom to turn to.",
    ),
    "out-of-scope-too-late": Sentence(
        "处理已完成,不能再按不属受理范围办结。",
        "The work is done; it can't be out of scope any more.",
        "请反馈处理结果(--kind result)。",
        "Tell the owner the result (--kind result).",
    ),
    "praise-is-over": Sentence(
        "表扬已答谢并办结,不能重开。",
        "The praise was answered and is over; it can't be reopened.",
        "另有诉求请用 huiyin receive 新登记;分类有误也请新登记一单。",
        "For anything else receive a new order; also where it was no praise at all.",
    ),
    "answered-by-named": Sentence(
        "事项涉及受理人 {assignee} 本人,不能由其答复业主。",
        "The matter is about {assignee}, who takes it in: the owner is answered by somebody else.",
        "请去掉 --answered、--answered-at 或 --clarified,照常受理;由其他人响应。",
        "Take it in without --answered, --answered-at and --clarified; let somebody else respond.",
    ),
    "source-missing": Sentence(
        "业主群或社交媒体上的话,须写明出自哪里、何时发布。",
        "Words found in a group or medium need their place and when they were posted.",
        "请加 --found-in 群名 与 --posted-at 时刻;发布人不明可不填 --author。",
        "Add --found-in and --posted-at; --author may be left out when unknown.",
    ),
    "posted-in-future": Sentence(
        "发布时刻晚于受理时刻。",
        "It can't have been posted after it reached us.",
        "请核对 --posted-at。",
        "Check --posted-at.",
    ),
}
