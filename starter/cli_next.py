"""What to do next with an order: the command to type, for whom it is."""

from domain.vocabulary import Stage
from records.read import OrderRow
from starter.actor import staff_id
from starter.cli_door import number
from starter.cli_screen import Screen
from starter.timeline import Names


def next_step(screen: Screen, names: Names, row: OrderRow, *, accepted: bool) -> str:
    """Say what comes next and the command that does it; the person who must do it stands in it where he is known."""
    if row.seq == 0:
        return screen.t("下一步:流程启动后再操作(自动)", "Next: the process starts by itself")
    words, command = _step(screen, row, accepted=accepted)
    if not command:
        return words
    who = _who(row)
    typed = f"huiyin {command.format(order=number(row.order_id))} --as {who or screen.t('员工编号', 'STAFF')}"
    return screen.t(f"下一步:{words} — {typed}", f"Next: {words} — {typed}")


def _step(screen: Screen, row: OrderRow, *, accepted: bool) -> tuple[str, str]:
    t = screen.t
    match row.stage:
        case Stage.INTAKE:
            return t("联系业主", "speak with the owner"), "respond {order}"
        case Stage.REGISTRATION:
            return t("登记", "register"), "register {order}"
        case Stage.DISPATCH if row.assignee is None:
            return t("分派", "dispatch"), "dispatch {order} --to " + t("维修员编号", "STAFF")
        case Stage.DISPATCH:
            return t("经办人接单", "the assignee accepts"), "accept {order}"
        case Stage.HANDLING if not accepted:
            return t("经办人接单", "the assignee accepts"), "accept {order}"
        case Stage.HANDLING:
            return t("到场(arrive)或处理完成", "arrive, or complete handling"), "complete-handling {order} --text …"
        case Stage.FEEDBACK:
            return t("把结果告诉业主", "tell the owner the result"), "give-feedback {order} --kind result --text …"
        case Stage.CALLBACK:
            scores = "--resolved --attitude 5 --timeliness 5 --quality 5"
            return t("回访(非经办人)", "call back (not the handler)"), "record-callback {order} " + scores
    return t("已办结;如问题仍在,可重开(reopen)。", "Closed; reopen it if the matter goes on."), ""


def _who(row: OrderRow) -> str | None:
    """Name who must do the next step, where the order itself tells."""
    if row.stage in {Stage.DISPATCH, Stage.HANDLING} and row.assignee:
        return staff_id(row.assignee)
    if row.stage in {Stage.REGISTRATION, Stage.DISPATCH, Stage.FEEDBACK} and row.first_contact:
        return staff_id(row.first_contact)
    return None
