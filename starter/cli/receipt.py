"""What the operator reads back to the owner: the number, both limits, and what to do next."""

from collections.abc import Collection, Iterable, Mapping
from datetime import datetime
from typing import TYPE_CHECKING
from zoneinfo import ZoneInfo

from domain.commands import CommandName
from domain.settings.catalogue import OBLIGATORY_KINDS
from domain.vocabulary import Role, Severity
from domain.words import CLOCKS, word
from starter.actor import staff_id
from starter.cli import door
from starter.cli.duplicates import Joined, Joining, hint_lines, hints_document, joined_lines
from starter.cli.screen import Screen, styled
from starter.cli.telling import told
from starter.cli.times import countdown, offset, shown
from starter.possible import may
from starter.telling.names import Names
from starter.words.glossary import COMMANDS, KINDS, PROPOSED_BECAUSE, SEVERITIES

if TYPE_CHECKING:
    from rich.text import Text

    from starter.actor import Actor
    from starter.cli.one_call import OneCall
    from starter.client import Receipt
    from starter.desk import Desk
    from starter.intake import IntakeForm


def show_receipt(
    screen: Screen,
    desk: "Desk",
    form: "IntakeForm",
    actor: "Actor",
    receipt: "Receipt",
    more: "OneCall",
    joined: "Joined",
) -> int:
    """Show the number big, then both limits as clock time and as time left."""
    screen.document(_document(desk, form, receipt, more, joined))
    if staff_id(actor.id) in form.complained_of:
        actor = actor._replace(roles=())  # whom a matter is about does nothing with it (DSP-13)
    failure = told(more.refusal, door.data_folder(), "receive") if more.refusal else None
    if screen.json:
        return failure.exit_code if failure else 0
    from rich.panel import Panel  # noqa: PLC0415 - programs that read JSON need none of it

    title = screen.t("单号", "Work order")
    screen.show(Panel.fit(styled(f"  {door.number(receipt.order_id)}  ", "bold"), title=title, padding=(1, 6)))
    if receipt.repeated:
        screen.show(
            styled(screen.t("此前已受理(同一幂等键),没有新建。", "Taken in before (same key); nothing was added."))
        )
    dues = {"response": receipt.response_due_at, "feedback": receipt.feedback_due_at}
    screen.show(_level(screen, receipt.severity, receipt.proposed))
    limits(screen, desk, form.community, dues, receipt.provisional, answered=bool(form.contacted_at))
    screen.show(*_danger(screen, receipt, actor))
    _place(screen, desk, form)
    screen.show(*joined_lines(screen, desk, form, joined, receipt.order_id))
    if not receipt.started:
        said = screen.t(
            "流程引擎暂时不在:单号与时限照样有效,流程会自动启动,无需重录。",
            "The engine is away: number and limits hold all the same; the process starts by itself.",
        )
        screen.show(styled(said, "yellow"))
    if failure is not None:
        screen.show(styled(_unfinished(screen, form, more), "yellow"))
        screen.fail(failure)
        return failure.exit_code
    screen.show(*_done(screen, more), *_next(screen, receipt.order_id, actor, more))
    return 0


def _document(
    desk: "Desk", form: "IntakeForm", receipt: "Receipt", more: "OneCall", joined: "Joined"
) -> dict[str, object]:
    """Return the receipt as a program gets it, in codes."""
    from starter.placing import flags_of  # noqa: PLC0415 - the engine's SDK comes with it

    same = ("repeated", "started", "category", "kind", "severity", "received_at", "response_due_at", "feedback_due_at")
    return {
        "order": receipt.order_id,
        "key": form.idempotency_key,
        **{name: getattr(receipt, name) for name in same},
        "proposed": dict(receipt.proposed),
        "provisional": list(receipt.provisional),
        "flags": list(flags_of(desk.settings, form)),
        **hints_document(joined.joining, receipt.order_id),
        "joined": joined.done,
        "not_joined": joined.refusal and joined.refusal.code,
        "done": list(more.done),
        "undone": {"command": more.undone, "code": more.refusal.code} if more.refusal else None,
    }


def _level(screen: Screen, severity: str, proposed: Mapping[str, str]) -> "Text":
    """Say the severity, and what it follows from or what was proposed instead (INT-09)."""
    t, lang = screen.t, screen.lang
    level, why = word(SEVERITIES, severity, lang), word(PROPOSED_BECAUSE, proposed.get("because"), lang)
    instead = word(SEVERITIES, proposed.get("severity"), lang)
    if proposed and instead == level:
        level += t(f"({why})", f" ({why})")
    elif proposed:
        level += t(f"(建议为{instead}:{why})", f" (proposed: {instead}, {why})")
    return styled(t(f"级别  {level}", f"severity  {level}"), "bold red" if severity == Severity.URGENT else "")


def _danger(screen: Screen, receipt: "Receipt", actor: "Actor") -> "list[Text]":
    """Say of what sounds dangerous, and was received as advice or praise, that its limits are not those of danger."""
    if receipt.severity != Severity.URGENT or receipt.kind in OBLIGATORY_KINDS:
        return []
    kind = word(KINDS, receipt.kind, screen.lang)
    zh = f"听来有险情,但时限仍按「{kind}」计。如属险情,请立即改为相应的报修类别:"
    en = f"It sounds dangerous, but its limits are those of {kind}. If it is, name its category at once:"
    who = _own(screen, actor, actor.roles, CommandName.CLASSIFY)
    typed = f"  huiyin classify {door.number(receipt.order_id)} --as {who} --category … --severity urgent"
    return [styled(screen.t(zh, en), "bold red"), styled(typed, "bold cyan")]


def _own(screen: Screen, actor: "Actor", roles: Iterable[Role], command: CommandName) -> str:
    """Return who is to type a command: whoever took the matter in, if his roles allow it."""
    return staff_id(actor.id) if may(roles, command) else screen.t("员工编号", "STAFF")


def _done(screen: Screen, more: "OneCall") -> "list[Text]":
    """Say what was done in this call beside reception; an answer alone stands among the limits."""
    if len(more.done) < len(("respond", "clarify")):
        return []
    names = screen.t("、", ", ").join(word(COMMANDS, name, screen.lang) for name in ("receive", *more.done))
    return [styled(screen.t(f"✓ 已完成:{names}", f"✓ Done: {names}"), "bold green")]


def _unfinished(screen: Screen, form: "IntakeForm", more: "OneCall") -> str:
    """Say that the matter is taken in, what is not done, and how to go on."""
    name = word(COMMANDS, more.undone, screen.lang)
    return screen.t(
        f"已受理;「{name}」未完成。用同一键重复本命令即可接着做:--key {form.idempotency_key}",
        f"It is taken in; {name} is not done. The same command with this key goes on: --key {form.idempotency_key}",
    )


def limits(
    screen: Screen,
    desk: "Desk",
    community: str,
    dues: Mapping[str, datetime | None],
    provisional: Collection[str],
    *,
    answered: bool,
) -> None:
    """Show by when the owner is called, and by when he hears an answer."""
    zone, at = door.zone_of(desk.settings, community), door.now()
    if answered:
        screen.show(styled(screen.t("响应  已当场答复业主", "response  the owner was answered")))
    for clock, due in dues.items():
        if due is not None and not (answered and clock == "response"):
            screen.show(_limit(screen, clock, due, zone, at).append(_may_move(screen, clock in provisional), "yellow"))
    place = desk.settings.communities[community].name
    screen.show(
        styled(screen.t(f"时间为{place}当地时间({offset(zone, at)})", f"Times are local ({offset(zone, at)})"), "dim")
    )


def _limit(screen: Screen, clock: str, due: datetime, zone: ZoneInfo, at: datetime) -> "Text":
    name = word(CLOCKS, clock, screen.lang)
    before = screen.t(f"{name}  {shown(due, zone, at, 'zh')} 前", f"{name}  by {shown(due, zone, at, 'en')}")
    line = styled(f"{before}  ", "bold")
    return line.append(countdown(due, at, screen.lang), style="red" if due < at else "green")


def _may_move(screen: Screen, provisional: bool) -> str:
    """Say that a limit rests on holidays not announced yet (CAL-11)."""
    if not provisional:
        return ""
    return screen.t("  暂定:其间的节假日尚未公布", "  provisional: holidays not announced yet")


def _place(screen: Screen, desk: "Desk", form: "IntakeForm") -> None:
    """Say of a room or public area that the community does not know that it was flagged: ask again (INT-20)."""
    from domain.intake.proposing import UNKNOWN_PLACE  # noqa: PLC0415 - help needs none of it
    from starter.placing import flags_of  # noqa: PLC0415 - the same

    if (form.room or form.public_area) is None or UNKNOWN_PLACE not in flags_of(desk.settings, form):
        return
    estate = desk.settings.communities[form.community]
    if form.room is not None:
        known, zh, en = [one.code for one in estate.building], "房号不在{0}的楼栋({1})内", "the room is in no building"
    else:
        known, zh, en = [*estate.public_areas], "{0}没有这个公共区域(可填:{1})", "there is no such public area"
    listed = screen.t("、", ", ").join(known) or screen.t("无", "none")
    said = screen.t(zh.format(estate.name, listed), f"{en} of {estate.id} ({listed})")
    zh, en = f"地点待核:{said},照常受理并作标注;请向业主核实。", f"Place to be checked: {said}. Flagged; ask again."
    screen.show(styled(screen.t(zh, en), "yellow"))


def _next(screen: Screen, order: str, actor: "Actor", more: "OneCall") -> "tuple[Text, Text]":
    """Say what comes next, and on a line of its own the command to type; somebody else's where the actor may not."""
    number = door.number(order)
    if not actor.id.startswith("usr_"):
        return styled(screen.t("查看进度:", "Follow it:")), styled(f"  huiyin show {number}", "bold cyan")
    roles = {*actor.roles, Role.FIRST_CONTACT} if more.done else actor.roles
    if "register" in more.done:
        name, words, rest = CommandName.DISPATCH, ("分派", "dispatch it"), "--to …"
    elif more.done:
        words = ("复述诉求并登记", "restate the demand, then write it down")
        name, rest = CommandName.CLARIFY, "--text …"
    else:
        name, words, rest = CommandName.RESPOND, ("联系业主,然后", "speak with the owner, then"), ""
    if may(roles, name):
        lead = screen.t("下一步:", "Next: ")
    else:
        lead = screen.t("下一步(须由调度客服或主管等办理):", "Next (not for your role; an operator or supervisor): ")
    typed = f"  huiyin {name} {number} --as {_own(screen, actor, roles, name)} {rest}".rstrip()
    return styled(lead + screen.t(*words)), styled(typed, "bold cyan")


def show_plan(
    screen: Screen, desk: "Desk", form: "IntakeForm", actor: "Actor", at: datetime, joining: "Joining"
) -> int:
    """Say what a reception would lead to, without one."""
    from starter.client import dues, provisional_of, trial, weighed  # noqa: PLC0415 - the engine's SDK comes with it
    from starter.placing import flags_of, proposal_of  # noqa: PLC0415 - the same

    received_at, terms = weighed(desk.settings, form, actor, at)
    found = dues(trial(form, actor, terms, received_at))
    said = {"community": form.community, "category": terms.category, "kind": terms.kind, "severity": terms.severity}
    provisional = provisional_of(terms, found)
    proposed = proposal_of(desk.settings, form).model_dump(mode="json")
    marks = {"provisional": list(provisional), "flags": list(flags_of(desk.settings, form))}
    told = {**said, "proposed": proposed, "received_at": received_at, **found, **marks}
    screen.document({"dry_run": True, **told, **hints_document(joining)})
    names = Names(desk.settings, screen.lang)
    what = f"{names.category(terms.category)} · {word(KINDS, terms.kind, screen.lang)}"
    screen.show(
        styled(screen.t(f"可以受理(未作改动):{what}", f"Would be received (nothing changed): {what}")),
        _level(screen, terms.severity, proposed),
    )
    both = {name.removesuffix("_due_at"): due for name, due in found.items()}
    limits(screen, desk, form.community, both, provisional, answered=bool(form.contacted_at))
    _place(screen, desk, form)
    screen.show(*hint_lines(screen, desk, form, joining.hints))
    return 0
