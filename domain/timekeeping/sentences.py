"""Sentence and remedy of each refusal about time: pauses, plans, recounts and excuses (API-08)."""

from collections.abc import Mapping

from domain.sentences import Sentence

SENTENCES: Mapping[str, Sentence] = {
    "unknown-pause-reason": Sentence(
        "「{reason}」不是可用的暂停原因。",
        "{reason} is no reason for which clocks may stand still here.",
        "可选:{listed}。",
        "Known: {listed}.",
    ),
    "already-suspended": Sentence(
        "工单的计时已经暂停。",
        "The clocks of this order stand still already.",
        "如需换原因或期限,请先恢复(resume)。",
        "For another reason or end, resume first.",
    ),
    "not-suspended": Sentence(
        "工单的计时没有暂停。",
        "No clock of this order stands still.",
        "请用 show 查看计时。",
        "See its clocks with show.",
    ),
    "nothing-to-suspend": Sentence(
        "此刻没有可因「{reason}」暂停的计时。",
        "No clock that runs now may stand still for {reason}.",
        "只有未超时的到场、处理、整改、验收计时可以暂停;请用 explain 查看。",
        "Only arrival, handling, rectification and sign-off can, before their breach; see explain.",
    ),
    "pause-end": Sentence(
        "预计恢复时间须晚于现在,且在 400 天之内。",
        "The expected end must lie after now, and within 400 days.",
        "请重新填写(--until)。",
        "State it again (--until).",
    ),
    "pause-cap-used": Sentence(
        "「{reason}」的暂停上限已用完。",
        "The cap of pauses for {reason} is used up.",
        "计时继续;如确有必要,请经理重算时限(reclock)或改级。",
        "The clock runs on; a manager may reclock or reclassify.",
    ),
    "needs-approval": Sentence(
        "这次暂停须经「{approver}」批准。",
        "This pause needs the approval of {approver}.",
        "超过该原因的时长门槛,或涉及限期整改,都须批准;请改用 request-suspension 申请。",
        "Pauses above their reason's threshold, and all of rectification, need one: use request-suspension.",
    ),
    "request-pending": Sentence(
        "已有一份暂停申请在等待批准。",
        "A request for a pause waits for its approval already.",
        "请等批准人处理。",
        "Wait for its approver.",
    ),
    "request-open": Sentence(
        "已有一份暂停申请待批准:{requested_by} 于 {asked_at} 提出,须{approver}批准。",
        "A request for a pause waits: made by {requested_by} at {asked_at}, for the {approver} to approve.",
        "请先处理这份申请:approve 批准,或 refuse-suspension 不批。",
        "Let it be decided first: approve, or refuse-suspension.",
    ),
    "no-request": Sentence(
        "没有等待批准的暂停申请。",
        "No request for a pause waits.",
        "请用 show 查看工单。",
        "See the order with show.",
    ),
    "own-request": Sentence(
        "不能批准自己提出的申请。",
        "Nobody decides about a request of his own.",
        "请由其他有权的人处理。",
        "Let somebody else decide.",
    ),
    "needs-manager": Sentence(
        "只有经理可以让时限推后。",
        "Only a manager may let clocks fall due later.",
        "请由客服经理或项目经理操作,或去掉 --move-later。",
        "Ask a manager, or leave out --move-later.",
    ),
    "reclassify-instead": Sentence(
        "重算时限不改变类别与级别。",
        "A recount keeps category, kind and severity.",
        "要改类别或级别,请用 reclassify。",
        "To change them use reclassify.",
    ),
    "same-terms": Sentence(
        "时限规则没有变化,无需重算。",
        "The settings in force are those this order is held to already.",
        "无需操作。",
        "Nothing is left to do.",
    ),
    "nothing-changes": Sentence(
        "类别、性质、级别都与现在相同,没有改动。",
        "Category, kind and severity are those the order has already; nothing changes.",
        "请写明改成什么(--category、--kind 或 --severity);只想按现行配置重新计时,由经理 reclock。",
        "Say what becomes of them (--category, --kind, --severity); by the settings in force a manager may reclock.",
    ),
    "nothing-to-excuse": Sentence(
        "计时「{clock}」没有超时记录。",
        "No breach of {clock} stands on record.",
        "请用 show 查看计时。",
        "See the clocks with show.",
    ),
    "recovery-open": Sentence(
        "服务补救已在进行中。",
        "A service recovery is open already.",
        "请完成它(complete-recovery)。",
        "Complete it (complete-recovery).",
    ),
    "plan-date": Sentence(
        "方案日期须在今天或以后(当天尚未下班),并在 400 天之内。",
        "The date of a plan must not be over, and lies within 400 days.",
        "请重新填写日期(--measure)。",
        "State another date (--measure).",
    ),
    "plan-needs-consent": Sentence(
        "已答应业主 {on} 完成;改日期须经业主同意。",
        "The owner was told {on}; another date needs the owner's consent.",
        "征得同意后加 --consent。",
        "Once the owner has agreed, add --consent.",
    ),
    "plan-awaits-sign-off": Sentence(
        "第 {number} 版整改方案已完成,正等业主验收,不能另出方案。",
        "Plan no. {number} was carried out and waits for the owner to look at it; no other plan can be given.",
        "业主认可请登记 sign-off;不认可请先登记 refuse-sign-off,再出新方案。",
        "If the owner finds it well done: sign-off. If not: refuse-sign-off first, then the new plan.",
    ),
    "no-plan": Sentence(
        "还没有整改方案。",
        "No plan was given yet.",
        "请先出具方案(give-plan)。",
        "Give one first (give-plan).",
    ),
    "not-rectified": Sentence(
        "整改尚未完成,不能验收。",
        "The rectification is not complete, so nothing can be signed off.",
        "请先登记整改完成(complete-rectification)。",
        "Complete it first (complete-rectification).",
    ),
    "sign-off-owed": Sentence(
        "整改方案尚未经业主验收。",
        "The owner has not signed off the plan yet.",
        "请先完成整改并请业主验收(sign-off)。",
        "Complete the rectification and let the owner sign it off.",
    ),
    "nothing-to-verify": Sentence(
        "没有等待核查的事项。",
        "Nothing waits to be looked into.",
        "请用 show 查看工单。",
        "See the order with show.",
    ),
}
