"""What to do next with an order: the command to type, for whom it is."""

from collections.abc import Mapping
from collections.abc import Set as AbstractSet
from typing import TYPE_CHECKING, NamedTuple, Self

from domain.commands import CommandName
from domain.dispatch.roster import roles_of, roster_of
from domain.handling.state import Assignment
from domain.intake.deciding import unclarified
from domain.order import WorkOrder
from domain.settings.community import CommunityFile
from domain.vocabulary import ClockName, ConflictStep, Kind, Stage
from records.read import OrderRow
from starter.actor import Actor, staff_id, usr
from starter.cli.door import number
from starter.cli.screen import Screen, styled
from starter.possible import may, roles_in

if TYPE_CHECKING:
    from rich.console import RenderableType


class Step(NamedTuple):
    """What comes next, and the command that does it; none when nothing is left to do."""

    zh: str
    en: str
    command: str = ""  # behind `huiyin`, with {order} and {who}


STEPS: dict[str, Step] = {
    Stage.INTAKE: Step("联系业主,然后", "speak with the owner, then", "respond {order} --as {who}"),
    Stage.REGISTRATION: Step("登记", "write it down", "register {order} --as {who}"),
    Stage.DISPATCH: Step("分派", "dispatch it", "dispatch {order} --as {who} --to {staff}"),
    Stage.HANDLING: Step("到场后登记", "arrive", "arrive {order} --as {who}"),
    Stage.FEEDBACK: Step(
        "把结果告诉业主",
        "tell the owner the result",
        "give-feedback {order} --as {who} --kind result --found … --text …",
    ),
    Stage.CALLBACK: Step(
        "由非经办人回访(未接通:record-attempt)",
        "call back; not by a handler (not reached: record-attempt)",
        "record-callback {order} --as {who} --resolved --attitude 5 --timeliness 5 --quality 5",
    ),
    Stage.CLOSED: Step("已办结;如问题仍在,可重开(reopen)。", "Closed; reopen it if the matter goes on."),
}
PRAISE_STEPS: dict[str, Step] = {Stage.CLOSED: Step("表扬已办结。", "The praise is over.")}
"""Of praise: nothing of it could go on, so it can't be reopened."""
CLARIFY: dict[str, Step] = {
    Stage.REGISTRATION: Step(
        "复述诉求,业主确认后登记", "restate the demand, then write it down", "clarify {order} --as {who} --text …"
    ),
    Stage.DISPATCH: Step(
        "先复述诉求,业主确认后分派", "restate the demand, then dispatch it", "clarify {order} --as {who} --text …"
    ),
}
"""While a demand has still to be restated (INT-07)."""
PARENT_STEPS: dict[str, Step] = {
    Stage.INTAKE: Step(
        "由调度客服或主管确认(不是同一原因则 dismiss-incident)",
        "an operator or supervisor confirms it (or dismiss-incident)",
        "confirm-incident {order} --as {staff}",
    ),
    Stage.FEEDBACK: Step(
        "根因已处理,成员工单转入反馈:群发结果通知",
        "the cause is dealt with, its children go on with feedback: tell their owners",
        "give-mass-notice {order} --as {who} --kind result --found … --text …",
    ),
    Stage.CLOSED: Step("群发事件已结束。", "The incident is over."),
}
"""Of an incident, where it differs from an owner's order."""
NOTICED = Step(
    "结果已群发,成员工单全部办结后自动结束;未送达的在其成员工单上告知。",
    "All owners were sent the result; it ends with its children. Tell whom it did not reach in his own order.",
)
"""Of an incident whose owners were sent the result: nothing is left to do in it."""
ARRIVED = Step(
    "做完后", "when the work is done", "complete-handling {order} --as {who} --cause … --measure … --result …"
)
"""Of an assignee who has arrived, or need not."""
OWED: Mapping[str, Step] = {
    ClockName.PLAN: Step(
        "出具整改方案", "say what will be done, and by when", "give-plan {order} --as {who} --measure …"
    ),
    ClockName.RECTIFY: Step(
        "按方案整改,完成后", "carry the plan out, then", "complete-rectification {order} --as {who} --text …"
    ),
    ClockName.SIGN_OFF: Step(
        "请业主验收(不认可:refuse-sign-off)",
        "let the owner look at it (or refuse-sign-off)",
        "sign-off {order} --as {staff} --by visit",
    ),
}
"""What a running clock of rectification asks for while the order is handled; handling can't be completed before."""
COUNTERSIGN = Step(
    "首问责任人先会签他人告知的结果",
    "the first contact countersigns what another told",
    "countersign {order} --as {who}",
)
"""Before the callback, where somebody else told the result (INT-06)."""
CHECK = Step(
    "外包已报完工,由外包监管人验工(不通过:--failed --reason …)",
    "the contractor supervisor checks the work (or --failed --reason …)",
    "check-contractor-work {order} --as {staff} --passed",
)
"""Before handling counts as completed, where a contractor says that the work is done (HND-12)."""
BESIDE: Mapping[str, Step] = {"countersign": COUNTERSIGN, "check_contractor_work": CHECK}
"""What is owed beside the clocks, and waited for."""
RESUME = Step("计时已暂停;可以继续时", "The clocks stand still; when work can go on", "resume {order} --as {who}")
ARRIVE_FIRST = Step(
    "部分计时已暂停(可以继续时 resume),到场计时仍在走:先到场",
    "some clocks stand still (resume when work can go on), arrival runs on: arrive first",
    "arrive {order} --as {who}",
)
RESUME_FIRST = Step(
    "计时已暂停,恢复后才能批准下一份暂停申请;可以继续时",
    "The clocks stand still, and the pause asked for can be approved only after that; when work can go on",
    RESUME.command,
)
APPROVE = Step(
    "等待批准暂停(或 refuse-suspension)",
    "a pause waits for approval (or refuse-suspension)",
    "approve {order} --as {staff}",
)
AGREE = Step(
    "等业主答复报价(不同意:decline-price)",
    "the owner's answer to the price (no: decline-price)",
    "agree-to-price {order} --as {staff} --by phone",
)
"""While the owner has not said whether he pays: work that he would pay for is not completed before (HND-03)."""
QUEUED = Step(
    "结果消息已待发,送达后转入回访;不等的话当面或电话告知",
    "the result waits to be sent and counts once it has arrived; rather than wait, tell the owner in person",
    "give-feedback {order} --as {who} --kind result --by phone --found … --text …",
)
"""While the result is on its way to the owner as a message (FBK-04)."""
MERGED = Step("由归并到的工单继续办理,查看", "the order it was merged into goes on; see it", "show {survivor}")
MERGED_STEPS: dict[str, Step] = dict.fromkeys((Stage.REGISTRATION, Stage.DISPATCH, Stage.HANDLING), MERGED)
"""Of a merged case, while the work goes on elsewhere."""
CONFLICT: Mapping[str, Step] = {
    ConflictStep.CALM: Step("冲突处理「冷静」:先安抚,听业主说完", "conflict, calm: let the owner speak"),
    ConflictStep.CLARIFY: Step("冲突处理「澄清」:弄清事实与诉求", "conflict, clarify: what happened, what is wanted"),
    ConflictStep.SOLVE: Step(
        "冲突处理「解决」:给出办法,约定时间窗",
        "conflict, solve: say what will be done, and promise when",
        " --from … --until …",
    ),
    ConflictStep.FOLLOW_UP: Step(
        "冲突处理「跟进」:承诺兑现或到期后问业主是否认可(不认可:--not-confirmed)",
        "conflict, follow up: the promise kept or due, ask whether the owner confirms (or --not-confirmed)",
        " --confirmed",
    ),
}
"""The step that comes next in an open conflict (HND-09); `command` is what its own needs beside step and words."""
STEP_OF_CONFLICT = "record-conflict-step {order} --as {staff} --step {step} --text …"
PIECE = Step(
    "增派第 {number} 项,做完后(外包的由验工人登记)",
    "assignment no. {number}, when it is done (a contractor's: by who checks it)",
    "complete-assignment {order} --as {who} --number {number} --text …",
)
"""Of a further assignment whose turn it is (HND-13)."""
ACCEPT = Step("经办人接单", "the assignee accepts", "accept {order} --as {who}")
WAIT = Step("流程会自动启动,之后再操作。", "The process starts by itself; go on then.")


class Known(NamedTuple):
    """What an order tells beyond its row."""

    accepted: bool = False
    asked: bool = False  # a pause waits for approval
    unclarified: bool = False  # its demand has still to be restated
    priced: bool = False  # the owner has not answered what he would pay
    noticed: bool = False  # of an incident: all owners were sent the result
    queued: bool = False  # the result is on its way as a message

    @classmethod
    def of(cls, order: WorkOrder) -> Self:
        """Return it as the order stands."""
        price = order.price
        priced = price is not None and not price.free and price.agreed is None
        return cls(order.accepted, order.open_request is not None, unclarified(order), priced, order.result_noticed)


def whole_next(
    screen: Screen, file: CommunityFile, row: OrderRow, order: WorkOrder | None, *, queued: bool = False
) -> "list[RenderableType]":
    """Say what comes next, and what beside it: the protocol of an open conflict first, further assignments last."""
    known = Known.of(order) if order else Known(accepted=row.stage == Stage.HANDLING)
    known = known._replace(queued=queued)
    own = next_lines(screen, file, row, known)
    if order is None or row.closed_at or row.merged_into:
        return own
    return [*_conflict(screen, order), *own, *(line for one in order.assigned for line in _piece(screen, order, one))]


def _conflict(screen: Screen, order: WorkOrder) -> "list[RenderableType]":
    if order.conflict is None:
        return []
    code = order.conflict.next_step
    step, names = CONFLICT[code], {"order": number(order.order_id), "staff": screen.t("员工编号", "STAFF")}
    typed = STEP_OF_CONFLICT.format(**names, step=code.replace("_", "-")) + step.command
    return _lines(screen, screen.t(step.zh, step.en), typed)


def _piece(screen: Screen, order: WorkOrder, one: Assignment) -> "list[RenderableType]":
    who = screen.t("员工编号", "STAFF") if one.contractor else staff_id(one.assignee)
    names = {"order": number(order.order_id), "who": who, "number": one.number}
    words, typed = screen.t(PIECE.zh, PIECE.en).format(**names), PIECE.command.format(**names)
    return _lines(screen, words, typed)


def _lines(screen: Screen, words: str, typed: str) -> "list[RenderableType]":
    return [styled(screen.t(f"下一步:{words}", f"Next: {words}")), styled(f"  huiyin {typed}", "bold cyan")]


def next_lines(screen: Screen, file: CommunityFile, row: OrderRow, known: Known) -> "list[RenderableType]":
    """Say what comes next, and on a line of its own the command to type."""
    step = _step(row, known)
    words = screen.t(step.zh, step.en)
    if not step.command:
        return [styled(words)]
    who = _who(row)
    if who is None or usr(who) in row.complained_of or not _may(file, who, row, step):
        who = screen.t("员工编号", "STAFF")
    names = {"order": number(row.order_id), "survivor": number(row.merged_into or "")}
    typed = step.command.format(**names, who=who, staff=screen.t("员工编号", "STAFF"))
    return _lines(screen, words, typed)


def _may(file: CommunityFile, who: str, row: OrderRow, step: Step) -> bool:
    """Whether somebody may give the command of a step, if it is one to an order: a hint must not be refused."""
    name = step.command.split(" ", 1)[0].replace("-", "_")
    roles = roles_of(who, roster_of(file)) if who in file.members else ()
    return name not in set(CommandName) or may(roles_in(Actor(usr(who), roles), row), CommandName(name))


def _step(row: OrderRow, known: Known) -> Step:
    if row.seq == 0 or _unanswered(row):
        return STEPS[Stage.INTAKE] if row.seq else WAIT
    if row.receiver or (row.assignee and _waits(row, accepted=known.accepted)):
        return ACCEPT
    beside = next((BESIDE[duty["clock"]] for duty in row.duties if duty["clock"] in BESIDE), None)
    if beside or row.merged_into or row.stage != Stage.HANDLING:
        steps = STEPS | PRAISE_STEPS if row.kind == Kind.PRAISE else STEPS
        steps = steps | _of_parents(known) if row.incident == row.order_id else steps
        steps = steps | {Stage.FEEDBACK: QUEUED} if known.queued else steps
        steps = steps | MERGED_STEPS if row.merged_into else steps | CLARIFY if known.unclarified else steps
        return beside or steps[row.stage]
    duties = [duty for duty in row.duties if duty["generation"]]  # an incident's children owe the others
    running = {duty["clock"] for duty in duties if not duty["suspended"]}
    if any(duty["suspended"] for duty in duties):
        return _paused(running, asked=known.asked)
    waits = APPROVE if known.asked else AGREE if known.priced and ClockName.ARRIVE not in running else None
    if waits:
        return waits
    own = ARRIVED if running and ClockName.ARRIVE not in running else STEPS[row.stage]
    return next((step for clock, step in OWED.items() if clock in running), own)


def _of_parents(known: Known) -> dict[str, Step]:
    return PARENT_STEPS | ({Stage.FEEDBACK: NOTICED} if known.noticed else {})


def _paused(running: AbstractSet[str], *, asked: bool) -> Step:
    """Say what comes next while clocks stand still; the next pause can't be approved before they run again."""
    if ClockName.ARRIVE in running:
        return ARRIVE_FIRST
    return RESUME_FIRST if asked else RESUME


def _waits(row: OrderRow, *, accepted: bool) -> bool:
    """Whether somebody was offered the order and has not taken it."""
    return row.stage == Stage.DISPATCH or (row.stage == Stage.HANDLING and not accepted)


def _unanswered(row: OrderRow) -> bool:
    """Whether nobody has spoken with the owner yet: the shortest of all limits runs for that."""
    return any(duty["clock"] == ClockName.RESPONSE for duty in row.duties)


def _unsigned(row: OrderRow) -> bool:
    """Whether the first contact still has to stand for a result."""
    return any(duty["clock"] == "countersign" for duty in row.duties)


def _who(row: OrderRow) -> str | None:
    """Name who must do the next step, where the order itself tells."""
    if _unanswered(row):
        return None
    if row.stage in {Stage.DISPATCH, Stage.HANDLING} and row.assignee:
        return staff_id(row.receiver or row.assignee)
    if _unsigned(row) and row.first_contact:
        return staff_id(row.first_contact)
    if row.stage in {Stage.REGISTRATION, Stage.DISPATCH, Stage.FEEDBACK} and row.first_contact:
        return staff_id(row.first_contact)
    return None
