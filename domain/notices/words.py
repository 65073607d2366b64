"""What messages to persons say, Chinese and English: what happened, then in which role and why they are told."""

from collections.abc import Callable, Mapping, Sequence
from typing import Any

from domain.notices.notifying import LEVEL, NOBODY_FOUND, Way
from domain.notices.releasing import DIGEST
from domain.words import CLOCKS, RETURN_REASONS, ROLES, Pair, Table, word

DECIDED = "suspension_decided"
OF_CHILDREN = "escalation.children"
"""A level of an incident, which speaks for its children (ESC-13)."""
NAMED = 20
"""So many children are named in one message; the incident's own page shows the others."""
LANGS = ("zh", "en")
Facts = Mapping[str, Any]

ABOUT: Table = {
    LEVEL: Pair(
        "【升级第 {level} 级】工单 {order} 的「{clock}」时限已超时,请处理并确认。",
        "[Level {level}] {clock} of {order} was breached. Please act and acknowledge.",
    ),
    OF_CHILDREN: Pair(
        "【升级第 {level} 级】群发事件 {order} 有 {count} 张工单的「{clock}」时限已超时:{children}。请处理并确认。",
        "[Level {level}] {clock} was breached in {count} orders of incident {order}: {children}. "
        "Please act and acknowledge.",
    ),
    "escalation.urged": Pair(
        "【催单升级第 {level} 级】业主多次催单,工单 {order} 的「{clock}」尚未超时,请即处理并确认。",
        "[Level {level}] {order} is urged again and again, {clock} not breached yet. Please act and acknowledge.",
    ),
    "breached": Pair(
        "【超时】您首问的工单 {order}:「{clock}」时限已超时,请跟进到底,并给业主回音。",
        "[Breached] {clock} of {order}, which you answer for to the owner, was breached. Please see it through.",
    ),
    "urged": Pair(
        "【催单】工单 {order}:业主第 {number} 次催单,请尽快回复业主。",
        "[Urged] {order}: the owner urges it, number {number}. Please answer him soon.",
    ),
    "urged_work": Pair(
        "【催单】工单 {order}:业主第 {number} 次催单,请加快处理。",
        "[Urged] {order}: the owner urges it, number {number}. Please speed it up.",
    ),
    "returned": Pair(
        "【退单】工单 {order} 被第 {number} 次退单({because}),请重新分派。",
        "[Returned] {order} was given back, time no. {number} ({because}). Please dispatch it anew.",
    ),
    "returned_again": Pair(
        "【多次退单】工单 {order} 已被退单 {number} 次(本次:{because}),请亲自过问并落实经办人。",
        "[Returned again] {order} was given back {number} times (now: {because}). Please see that somebody takes it.",
    ),
    "transferred": Pair(
        "【转单】工单 {order} 转给您,请接单(或退回);您接单前仍由原经办人负责。",
        "[Transferred] {order} is handed to you. Please accept or return it; until then its giver answers for it.",
    ),
    "transfer_not_taken": Pair(
        "【转单未接】工单 {order} 的接收人退回了转单({because}),工单仍由您负责。",
        "[Not taken] The receiver of {order} did not take it ({because}); it is still yours.",
    ),
    "work_to_check": Pair(
        "【待验工】工单 {order} 外包方已报完工,请到场验工;通过后才算处理完成,处理计时仍在走。",
        "[To check] The contractor says that {order} is done. Please check it; handling runs until it passes.",
    ),
    "work_failed": Pair(
        "【验工不通过】工单 {order} 验工未通过,已按合同记差错,请按所写原因返工后再报完工。",
        "[Failed] The work on {order} failed its check, a fault by the contract. Please mend it, then report it again.",
    ),
    "assigned": Pair(
        "【增派】工单 {order} 增派您一项工作(第 {number} 项),做完请登记派工完成。",
        "[Assigned] A piece of {order} is yours (no. {number}). When it is done, complete the assignment.",
    ),
    "assigned_later": Pair(
        "【增派】工单 {order} 增派您一项工作(第 {number} 项),须等前一项完成后开始,轮到时另行通知。",
        "[Assigned] A piece of {order} is yours (no. {number}), in turn after another; you are told when it can begin.",
    ),
    "turn_came": Pair(
        "【轮到您】工单 {order} 增派给您的工作(第 {number} 项)可以开始了,做完请登记派工完成。",
        "[Your turn] Your piece of {order} (no. {number}) can begin now. When it is done, complete the assignment.",
    ),
    "nobody_fits": Pair(
        "【无人可派】工单 {order} 现在没有合适的人可派,仍在调度队列,分派计时继续,请设法安排。",
        "[Nobody fits] {order} can be given to nobody now; it stays in the queue, its dispatch clock runs on.",
    ),
    "offer": Pair(
        "【可接工单】工单 {order} 一直无人可派,您现在合适,请接下:huiyin grab {order}。",
        "[Offered] {order} waited for somebody who fits, and you do now. Take it: huiyin grab {order}.",
    ),
    "in_pool": Pair(
        "【抢单】工单 {order} 已进入抢单池,先到先得:huiyin grab {order}。",
        "[Pool] {order} is in the pool, first come first served: huiyin grab {order}.",
    ),
    "not_grabbed": Pair(
        "【无人抢单】工单 {order} 入池 {minutes} 分钟无人接下,请直接指派。",
        "[Not taken] Nobody took {order} out of the pool within {minutes} minutes. Please assign it.",
    ),
    NOBODY_FOUND: Pair(
        "【无人可找】工单 {order}:「{to}」及其代理此刻都不在,请尽快安排人处理。",
        "[Nobody found] {order}: neither {to} nor a deputy is there now. Please see that somebody takes it.",
    ),
    "suspension_requested": Pair(
        "【申请暂停】工单 {order} 申请因「{called}」暂停计时,请批准或驳回。",
        "[Pause asked for] {order} asks that its clocks stand still ({reason}). Please approve or refuse it.",
    ),
    "suspension_decided.approved": Pair(
        "【暂停已批准】工单 {order} 的暂停申请已批准,计时已暂停。",
        "[Pause approved] The pause of {order} was approved; its clocks stand still.",
    ),
    "suspension_decided.refused": Pair(
        "【暂停未批准】工单 {order} 的暂停申请被驳回,计时照常进行。",
        "[Pause refused] The pause of {order} was refused; its clocks run on.",
    ),
    "repeated": Pair(
        "【重复投诉】工单 {order} 与已办结的 {other} 是同一地点的同类问题,第 {number} 次重复,请关注根本原因。",
        "[Repeat] {order} is the same matter as {other}, closed before: repetition {number}. Look for its cause.",
    ),
    "pause_over": Pair(
        "【暂停到期】工单 {order} 因「{called}」的暂停已到上限,计时已恢复,请继续处理。",
        "[Pause over] The pause of {order} ({reason}) has reached its cap; its clocks run again. Please go on.",
    ),
    "owner_not_told": Pair(
        "【未送达】工单 {order} 的反馈经各渠道均未送达业主,反馈计时仍在走,请电话或上门告知。",
        "[Not delivered] No channel carried the feedback of {order} to its owner; the clock runs on. Call or visit.",
    ),
    DIGEST: Pair("【汇总】一分钟内有 {count} 条消息,合并如下:", "[Digest] {count} messages came within a minute:"),
}
"""The first sentence, by topic."""

SHORT: Table = {
    LEVEL: Pair("工单 {order}「{clock}」第 {level} 级", "{order} {clock} level {level}"),
    OF_CHILDREN: Pair(
        "群发事件 {order}「{clock}」第 {level} 级,涉及 {count} 张工单",
        "incident {order} {clock} level {level}, {count} orders",
    ),
    "escalation.urged": Pair("工单 {order} 多次催单,第 {level} 级", "{order} urged again and again, level {level}"),
    "breached": Pair("工单 {order}「{clock}」超时", "{order} {clock} breached"),
    "urged": Pair("工单 {order} 第 {number} 次催单", "{order} urged, number {number}"),
    "urged_work": Pair("工单 {order} 第 {number} 次催单", "{order} urged, number {number}"),
    "returned": Pair("工单 {order} 第 {number} 次退单:{because}", "{order} given back, no. {number}: {because}"),
    "returned_again": Pair("工单 {order} 已退单 {number} 次", "{order} given back {number} times"),
    "transferred": Pair("工单 {order} 转给您,待接单", "{order} handed to you, to be accepted"),
    "transfer_not_taken": Pair("工单 {order} 转单被退回:{because}", "{order} not taken: {because}"),
    "work_to_check": Pair("工单 {order} 外包报完工,待验工", "{order} contractor's work, to be checked"),
    "work_failed": Pair("工单 {order} 验工未通过,须返工", "{order} failed its check, to be mended"),
    "assigned": Pair("工单 {order} 增派第 {number} 项", "{order} assignment no. {number}"),
    "assigned_later": Pair("工单 {order} 增派第 {number} 项,依次进行", "{order} assignment no. {number}, in turn"),
    "turn_came": Pair("工单 {order} 增派第 {number} 项轮到您", "{order} assignment no. {number}, your turn"),
    "nobody_fits": Pair("工单 {order} 无人可派", "{order} fits nobody now"),
    "offer": Pair("工单 {order} 您可接下", "{order} you could take"),
    "in_pool": Pair("工单 {order} 待抢", "{order} in the pool"),
    "not_grabbed": Pair("工单 {order} 无人抢单,待指派", "{order} not taken, to be assigned"),
    NOBODY_FOUND: Pair("工单 {order} 找不到「{to}」", "{order} nobody found as {to}"),
    "suspension_requested": Pair("工单 {order} 申请暂停,待批", "{order} a pause waits for approval"),
    "suspension_decided.approved": Pair("工单 {order} 暂停已批准", "{order} pause approved"),
    "suspension_decided.refused": Pair("工单 {order} 暂停被驳回", "{order} pause refused"),
    "owner_not_told": Pair("工单 {order} 反馈未送达业主", "{order} feedback did not reach the owner"),
    "repeated": Pair("工单 {order} 重复投诉,第 {number} 次", "{order} repeats a closed one, number {number}"),
    "pause_over": Pair("工单 {order} 暂停到期,已恢复", "{order} pause over, clocks run again"),
}
"""One line of a digest, by topic."""

WAYS: Table = {
    Way.HOLDER: Pair("您以「{role}」身份收到。", "You are told as {role}."),
    Way.DEPUTY: Pair(
        "「{to}」此刻无人,您作为代理「{role}」收到,可代为处理。",
        "Nobody is {to} now; you are told as the deputy, {role}, and may act in that place.",
    ),
    Way.NEXT_LEVEL: Pair(
        "「{to}」及其代理此刻都不在,转由您(「{role}」)处理。",
        "Neither {to} nor a deputy is there now; it comes to you as {role}.",
    ),
    Way.STANDS_IN: Pair(
        "「{to}」此刻不当班,请您作为「{role}」先行处理;免打扰时段结束后再通知对方。",
        "The {to} is off duty now; please act as {role}. The quiet hours over, they are told too.",
    ),
    Way.ALERT: Pair("您以「{role}」身份收到此提醒。", "You are alerted as {role}."),
    Way.LAST_RESORT: Pair(
        "此刻再无他人,您虽不在岗仍通知您(「{role}」)。",
        "Nobody else is there, so you are told although you are away, as {role}.",
    ),
}
"""The second sentence: the role, and why somebody else is not told instead."""

HELD = Pair("本消息因免打扰时段而延后送达。", "It was held until the quiet hours were over.")


def said(facts: Facts, lang: str, *, order: str, role: str, held: bool) -> str:
    """Say one message in `zh` or `en`; `order` as persons say its number."""
    words = _words(facts, lang, order=order, role=role)
    why = WAYS[facts["way"]].said(lang).format_map(words) if facts.get("way") in WAYS else ""
    parts = [ABOUT[_topic(facts)].said(lang).format_map(words), why, HELD.said(lang) if held else ""]
    return ("" if lang == "zh" else " ").join(part for part in parts if part)


def said_together(facts: Facts, lang: str, number: Callable[[str], str]) -> str:
    """Say a digest: how many messages, then each order with what it is about (ESC-12)."""
    cases = facts["cases"]
    head = ABOUT[DIGEST].said(lang).format(count=len(cases))
    lines = (SHORT[_topic(one)].said(lang).format_map(_words(one, lang, order=number(one["order"]))) for one in cases)
    return "\n".join([head, *lines])


def _topic(facts: Facts) -> str:
    if facts["topic"] == LEVEL and facts.get("children"):
        return OF_CHILDREN
    kind = facts.get("decision") if facts["topic"] == DECIDED else facts.get("cause")
    return f"{facts['topic']}.{kind}" if kind and facts["topic"] in {DECIDED, LEVEL} else str(facts["topic"])


def _words(facts: Facts, lang: str, *, order: str, role: str = "") -> dict[str, Any]:
    """Put codes into the words of a language."""
    reason = str(facts.get("reason", ""))
    said = {
        "clock": word(CLOCKS, facts.get("clock"), lang),
        "to": word(ROLES, facts.get("to"), lang),
        "role": word(ROLES, role, lang),
        "because": word(RETURN_REASONS, facts.get("return_reason"), lang),
        "called": facts.get("called", reason),
        "reason": reason.replace("_", " "),
    }
    children = [str(one).removeprefix("wo_") for one in facts.get("children") or ()]
    other = str(facts.get("other", "")).removeprefix("wo_")
    return {
        **facts,
        **said,
        "other": other,
        "order": order,
        "count": len(children),
        "children": _listed(children, lang),
    }


def _listed(children: Sequence[str], lang: str) -> str:
    """List children by number, the first of many."""
    named = ("、" if lang == "zh" else ", ").join(children[:NAMED])
    more = len(children) - NAMED
    return named if more <= 0 else named + ("等" if lang == "zh" else f" and {more} more")
