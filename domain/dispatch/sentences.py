"""Sentence and remedy of each refusal of dispatching (API-08)."""

from collections.abc import Mapping

from domain.sentences import Sentence

SENTENCES: Mapping[str, Sentence] = {
    "return-reason-missing": Sentence(
        "退单须选定原因。",
        "Giving an order back needs a listed reason.",
        "可选:{allowed}。",
        "Choose from: {allowed}.",
    ),
    "already-grabbed": Sentence(
        "工单已由 {assignee} 接下。",
        "{assignee} has taken the order.",
        "其他待抢工单:huiyin list --stage dispatch。",
        "See what else waits: huiyin list --stage dispatch.",
    ),
    "not-in-pool": Sentence(
        "您现在不能抢这张工单({why})。",
        "You can't take this order now ({why}).",
        "请由调度客服分派;原因见:huiyin propose {order}。",
        "Let an operator dispatch it; see why: huiyin propose {order}.",
    ),
    "in-pool": Sentence(
        "工单在「{team}」抢单池中,{minutes} 分钟内无人接下再由调度指派。",
        "The order is in the pool of {team}; if nobody takes it within {minutes} minutes an operator assigns it.",
        "请稍候,或用 --to 直接指定人员。",
        "Wait, or name somebody with --to.",
    ),
    "complained-of": Sentence(
        "事项投诉的是 {assignee},或其汇报的上级,不能由其查看、经手或回访。",
        "The matter is about {assignee} or whom they report to; they neither read it nor handle it or call back.",
        "请交给其他人员:huiyin propose {order}。",
        "Give it to somebody else: huiyin propose {order}.",
    ),
    "load-limit": Sentence(
        "{assignee} 在手工单 {held} 张,已达上限 {limit} 张;只有紧急工单可以超出。",
        "{assignee} holds {held} orders, as many as allowed ({limit}); only urgent matters may go beyond.",
        "请换人:huiyin propose {order};或先改为紧急(reclassify)。",
        "Choose somebody else: huiyin propose {order}; or make it urgent first (reclassify).",
    ),
    "transfer-waits": Sentence(
        "工单已转给 {receiver},等待其接单。",
        "The order was transferred to {receiver}, who has still to accept it.",
        "由其接单(accept)或退回(return);接单前仍由原经办人负责。",
        "They accept or return it; until then whoever handed it on answers for it.",
    ),
    "no-such-assignment": Sentence(
        "没有第 {number} 项增派。",
        "There is no further assignment no. {number}.",
        "请查看工单(show)所列各项增派。",
        "See those that the order has (show).",
    ),
    "assignment-waits": Sentence(
        "第 {number} 项增派须等第 {after} 项完成或撤销。",
        "Assignment no. {number} waits until no. {after} is completed or cancelled.",
        "请先完成(complete-assignment)或撤销(cancel-assignment)第 {after} 项。",
        "Complete or cancel no. {after} first (complete-assignment, cancel-assignment).",
    ),
    "assignments-open": Sentence(
        "第 {numbers} 项增派尚未完成,工单不能处理完成。",
        "Handling is not complete while further assignments are open: no. {numbers}.",
        "请各经办人完成(complete-assignment),或说明原因后撤销(cancel-assignment)。",
        "Let each be completed (complete-assignment), or cancelled with a reason (cancel-assignment).",
    ),
    "other-trade": Sentence(
        "{assignee} 不在该班组,或不具备这类事项所需的技能。",
        "{assignee} is not of the team, or lacks the skill that this matter asks for.",
        "请另选人:huiyin propose {order};确需跨工种的加 --other-trade(转单由不持单的主管办理),或先改类(reclassify)。",
        "Choose from huiyin propose {order}; if it is meant so add --other-trade (transfers: a supervisor who does not "
        "hold it), or reclassify it.",
    ),
    "receiver-off-duty": Sentence(
        "{assignee} 此刻不当班,转单须另一位主管批准。",
        "{assignee} is off duty now; a transfer to them needs a supervisor who does not hold the order.",
        "请由主管转单,或转给当班人员:huiyin propose {order}。",
        "Let a supervisor transfer it, or choose somebody on duty: huiyin propose {order}.",
    ),
}
