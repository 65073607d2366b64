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
    "load-limit": Sentence(
        "{assignee} 在手工单 {held} 张,已达上限 {limit} 张;只有紧急工单可以超出。",
        "{assignee} holds {held} orders, as many as allowed ({limit}); only urgent matters may go beyond.",
        "请换人(huiyin propose {order}),或先改为紧急(reclassify)。",
        "Choose somebody else (huiyin propose {order}), or make it urgent first (reclassify).",
    ),
    "transfer-waits": Sentence(
        "工单已转给 {receiver},等待其接单。",
        "The order was transferred to {receiver}, who has still to accept it.",
        "由其接单(accept)或退回(return);接单前仍由原经办人负责。",
        "They accept or return it; until then whoever handed it on answers for it.",
    ),
    "receiver-off-duty": Sentence(
        "{assignee} 此刻不当班,转单须主管批准。",
        "{assignee} is off duty now; a transfer to them needs a supervisor.",
        "请由主管转单,或转给当班人员(huiyin propose {order})。",
        "Let a supervisor transfer it, or choose somebody on duty (huiyin propose {order}).",
    ),
}
