"""Words of feedback and callback that stand in no other table, Chinese and English."""

from domain.words import CLOCKS, Pair, Table

OWED: Table = {
    **CLOCKS,
    "countersign": Pair("会签反馈", "countersign"),
    "check_contractor_work": Pair("外包验工", "check work"),
    "assignment": Pair("增派的工作", "assignment"),
    "confirm_incident": Pair("确认群发事件", "confirmation"),
}
"""What can be owed: every clock, a look at a contractor's work (HND-12), a name under another's result (INT-06), a
word on a proposed incident (GRP-05)."""
TELLERS: Table = {
    "household": Pair("业主家庭本人", "the household"),
    "other": Pair("由他人代答", "answered by somebody else"),
    "staff": Pair("员工", "staff"),
}
"""Who gave the scores of a callback (CBK-08)."""
RECOVERY_STEPS: Table = {
    "apology": Pair("道歉", "apology"),
    "visit": Pair("上门拜访", "visit"),
    "remedy": Pair("补救方案", "remedy"),
}
"""What a service recovery is made of (CBK-10)."""
STYLES: Table = {
    "usual": Pair("一般用语", "usual words"),
    "plain": Pair("通俗用语", "plain words"),
    "illustrated": Pair("图文", "with pictures"),
}
"""In which words a household is spoken to (FBK-03)."""
OWNER_TOPICS: Table = {
    "result": Pair("结果反馈", "result"),
    "plan": Pair("方案反馈", "plan"),
    "progress": Pair("进展反馈", "progress"),
    "out_of_scope": Pair("不属受理范围", "out of scope"),
    "callback_link": Pair("评价链接", "link to the callback"),
}
"""What messages to owners are about."""
TRY_FAILED: Table = {
    "channel-away": Pair("未送达", "failed"),
    "subject-erased": Pair("个人信息已删除", "the person was erased"),
}
"""Why a channel did not carry a message."""
DROPPED: Table = {
    "settled": Pair("已另行办妥,不再发送", "settled otherwise, not sent any more"),
    "superseded": Pair("已由结果反馈取代,不再发送", "the result takes its place, not sent any more"),
    "not-attached": Pair("已移出群发事件,不再发送", "taken out of the incident, not sent any more"),
}
"""Why a message was not handed over although no channel failed."""
UNANSWERED: Table = {
    "closed-without-feedback": Pair("办结前未反馈结果", "closed before its owner was told the result"),
    "closed-without-callback": Pair("办结前没有回访结果", "closed without a callback or attempts"),
    "open-without-duty": Pair("未办结却没有任何计时", "open, and nobody owes anything"),
}
"""What an order lacks of its answer (CBK-11)."""
