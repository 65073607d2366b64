"""Sentence and remedy of each refusal about incidents (API-08, GRP-05, GRP-07)."""

from collections.abc import Mapping

from domain.sentences import Sentence

SENTENCES: Mapping[str, Sentence] = {
    "no-incident": Sentence(
        "本单不是群发事件,不能执行「{command}」。",
        "This order is no incident; {command} does not fit.",
        "请填写群发事件的单号;提议新的群发事件用 propose-incident。",
        "Name the number of an incident; propose a new one with propose-incident.",
    ),
    "not-of-an-incident": Sentence(
        "群发事件没有报事人,也不能并入别的群发事件,不能执行「{command}」。",
        "Nobody reported an incident, and it is no child of another one; {command} does not fit.",
        "此时可以:{allowed}。与业主的沟通请在各成员工单上进行。",
        "Possible now: {allowed}. Words with owners belong to its children.",
    ),
    "incident-category": Sentence(
        "群发事件的类别与成员工单一致,不能更改。",
        "An incident has the category of its children; it can't change.",
        "可以改级别;类别不符的工单请移出(detach-from-incident)。",
        "Its severity can; take a child of another category out with detach-from-incident.",
    ),
    "already-attached": Sentence(
        "工单已并入群发事件 {incident}。",
        "The order belongs to incident {incident} already.",
        "要换到别的群发事件,请先移出(detach-from-incident)。",
        "For another one, take it out first (detach-from-incident).",
    ),
    "not-attached": Sentence(
        "工单不在任何群发事件中。",
        "The order belongs to no incident.",
        "请用 show 查看工单。",
        "See the order with show.",
    ),
    "result-noticed": Sentence(
        "结果已群发给全部成员工单的业主,不再群发通知。",
        "The owners of all its children were sent the result; no further notice goes to all.",
        "用 show 查看送达情况;未送达的在该成员工单上告知(give-feedback),之后并入的自动补发。",
        "show tells whom it reached; tell whom it did not in his own order (give-feedback); who joins later gets it.",
    ),
    "children-owe": Sentence(
        "仍有成员工单超时未停,群发事件不能结束。",
        "Clocks of its children are breached and still owed, so the incident can't end.",
        "成员工单全部办结后自动结束;刚全部移出的,请稍候再否决。",
        "It ends by itself once all its children have ended; if you just took them out, dismiss it in a moment.",
    ),
    "incident-has-children": Sentence(
        "群发事件 {incident} 仍有 {count} 张未办结的成员工单,不能否决。",
        "Incident {incident} still has {count} open children, so it can't be dismissed.",
        "不是同一原因的,先逐张移出(detach-from-incident);是同一原因的,处理完成后自动结束。",
        "No one cause: take them out first (detach-from-incident). One cause: it ends once that is dealt with.",
    ),
    "incident-solved": Sentence(
        "群发事件 {incident} 已处理完成,不能再并入工单。",
        "The cause of incident {incident} is dealt with, so nothing can be attached to it any more.",
        "之后仍有问题的,请单独处理或重新提议(propose-incident)。",
        "What still goes wrong is handled by itself, or proposed anew (propose-incident).",
    ),
    "solved-with-it": Sentence(
        "该工单已随群发事件 {incident} 处理完成并答复业主,不能再移出。",
        "This order was solved and its owner answered with incident {incident}, so it can't be taken out any more.",
        "问题仍在的,请重开(reopen),或回访时登记未解决(record-callback --not-resolved):工单随即单独处理。",
        "If the matter goes on, reopen it, or record it at the callback (record-callback --not-resolved).",
    ),
    "incident-unconfirmed": Sentence(
        "群发事件 {incident} 尚未确认,不能并入工单。",
        "Incident {incident} is not confirmed yet, so nothing can be attached to it.",
        "请先由调度客服或主管确认(confirm-incident)。",
        "Let an operator or supervisor confirm it first (confirm-incident).",
    ),
    "incident-over": Sentence(
        "群发事件 {incident} 已否决或已办结,不能并入工单。",
        "Incident {incident} was dismissed or is closed, so nothing can be attached to it.",
        "如确属同一原因,请重新提议(propose-incident)。",
        "If there is one cause after all, propose it again (propose-incident).",
    ),
    "unlike-incident": Sentence(
        "工单 {member} 的小区、类别或楼栋与群发事件不同。",
        "Order {member} has another community, category or building than the incident.",
        "群发事件只收同一小区、同一类别、同一楼栋的工单;请先核对(show)。",
        "An incident holds orders of one community, category and building; check them with show.",
    ),
    "unlike-members": Sentence(
        "工单 {member} 与 {other} 的小区、类别或楼栋不同,不像同一原因。",
        "Orders {member} and {other} have another community, category or building: hardly one cause.",
        "请只列出同一小区、同一类别、同一楼栋的工单;类别有误请先改类(reclassify)。",
        "List orders of one community, category and building; a wrong category is put right with reclassify.",
    ),
    "no-common-work": Sentence(
        "类别 {category} 不派人处理,不能提议为群发事件。",
        "Nobody is sent for category {category}, so there is no work on a common cause.",
        "请逐单答复;相同内容可合并(merge)。若有需要派人处理的共同原因,请先改类(reclassify)。",
        "Answer each of them; what is the same can be merged. If a cause needs work after all, reclassify them first.",
    ),
    "not-an-incident": Sentence(
        "{incident} 不是群发事件。",
        "{incident} is no incident.",
        "请填写群发事件的单号;提议新的群发事件用 propose-incident。",
        "Name the number of an incident; propose a new one with propose-incident.",
    ),
    "member-is-incident": Sentence(
        "{member} 本身就是群发事件,不能作为成员。",
        "{member} is an incident itself and can't be a child of one.",
        "请填写业主工单的单号。",
        "Name the numbers of owners' orders.",
    ),
    "member-attached": Sentence(
        "工单 {member} 已并入群发事件 {incident}。",
        "Order {member} belongs to incident {incident} already.",
        "请并入那个群发事件(attach-to-incident),或先把它移出。",
        "Attach the others to that one (attach-to-incident), or take it out first.",
    ),
    "member-proposed": Sentence(
        "工单 {member} 已列入待确认的群发事件 {incident}。",
        "Order {member} is one of those that incident {incident}, not confirmed yet, was proposed for.",
        "请确认(confirm-incident)或否决(dismiss-incident)那一单;确认后,其余工单可并入(attach-to-incident)。",
        "Confirm that one (confirm-incident) or dismiss it (dismiss-incident); attach the others once it is confirmed.",
    ),
    "member-closed": Sentence(
        "工单 {member} 已办结,不能作为成员。",
        "Order {member} is closed and can't be a member.",
        "请去掉这张工单。",
        "Leave it out.",
    ),
    "too-few-members": Sentence(
        "群发事件至少要有 2 张不同的工单。",
        "An incident needs two different orders at least.",
        "请列出同一原因的全部工单。",
        "List every order with the one cause.",
    ),
}
