"""`huiyin propose-incident`: several cases with one cause get a parent, for a person to confirm (GRP-05)."""

import asyncio
import secrets
from typing import TYPE_CHECKING, Annotated

from domain.vocabulary import Severity
from starter.cli import input as cli_input
from starter.cli.fields import TEXT
from starter.cli.options import DryRun, Json, Key, Lang, Who, argument, option
from starter.cli.options import OptionalText as Text
from starter.cli.screen import Screen, styled
from starter.words.glossary import numbers

if TYPE_CHECKING:
    from starter.groups.proposing import Proposal, ProposalForm

EXAMPLE = "huiyin propose-incident 10000001 10000002 10000003 --as S06 --text 3栋停水,疑为水箱故障"

CAUSE = TEXT._replace(zh="疑似原因", en="The supposed cause.")


def propose(
    orders: Annotated[
        list[str],
        argument("ORDER…", "同一原因的工单(至少 2 张)", "Orders with one cause, two at least."),
    ],
    text: Annotated[
        Text, option("--text", "TEXT", "疑似原因;- 从标准输入读取", "The supposed cause; - is standard input.")
    ] = None,
    severity: Annotated[
        Text,
        option(
            "--severity",
            "LEVEL",
            "urgent 紧急、major 重大、ordinary 一般;默认取成员中最高",
            "Default: the worst of them.",
        ),
    ] = None,
    who: Who = None,
    key: Key = None,
    dry_run: DryRun = False,
    json: Json = False,
    lang: Lang = None,
) -> int:
    """Propose an incident."""
    screen = Screen.of(lang, json_wanted=json)
    said = cli_input.words(text, "--text", cli_input.MAX_TEXT)
    if not screen.asks:
        cli_input.required(said, "--text", EXAMPLE)
    level = cli_input.choice(severity, "--severity", Severity)
    idempotency_key = cli_input.key(key) or secrets.token_urlsafe(16)
    return asyncio.run(_propose(screen, orders, said, level, who, idempotency_key, dry_run=dry_run))


async def _propose(
    screen: Screen, orders: list[str], text: str | None, level: str | None, who: str | None, key: str, *, dry_run: bool
) -> int:
    from domain.refusals import Refused  # noqa: PLC0415 - help needs none of it
    from starter.cli import door  # noqa: PLC0415 - the same
    from starter.groups.proposing import ProposalForm, checked_members, propose_incident  # noqa: PLC0415 - the same

    async with door.opened() as desk:
        members = tuple(dict.fromkeys(door.order_id(one) for one in orders))
        actor = door.actor_of(door.asked_staff(who, screen), desk.settings)
        here = list(door.communities_of(actor, desk.settings))
        try:
            for one in members:
                await door.order_file(desk, one, here)
            form = ProposalForm(members, text or _cause(screen), key, Severity(level) if level else None)
            if dry_run:
                await checked_members(desk, form, actor)
                return _show_plan(screen, form)
            return _show(screen, form, await propose_incident(desk, form, actor))
        except Refused as refusal:
            if not dry_run and refusal.code not in {"records-away", "engine-away"}:
                await door.write_refusal(desk, actor, "propose_incident", members[0], refusal.code)
            raise


def _cause(screen: Screen) -> str:
    """Ask for the supposed cause."""
    from starter.cli.asking import asked  # noqa: PLC0415 - help needs none of it
    from starter.cli.forms import formed  # noqa: PLC0415 - the same

    return str(asked(screen, CAUSE, lambda said: formed(CAUSE, said), {}))


def _show_plan(screen: Screen, form: "ProposalForm") -> int:
    screen.document({"dry_run": True, "members": sorted(form.members)})
    if not screen.json:
        count = len(form.members)
        said = (f"可以提议群发事件(未作改动):{count} 张工单", f"Would be proposed (nothing changed): {count} orders")
        screen.show(styled(screen.t(*said), "bold"))
    return 0


def _show(screen: Screen, form: "ProposalForm", made: "Proposal") -> int:
    """Show the parent's number, its members, and what comes next."""
    from starter.cli.door import number  # noqa: PLC0415 - help needs none of it

    facts = {"order": made.order_id, "members": list(made.members), "repeated": made.repeated, "started": made.started}
    screen.document({**facts, "key": form.idempotency_key})
    if screen.json:
        return 0
    t, parent = screen.t, number(made.order_id)
    named = numbers(made.members, screen.lang)
    head = t(f"✓ 已提议群发事件 {parent}", f"✓ Incident {parent} is proposed")
    screen.show(styled(head, "bold green").append(t(f" · 成员 {named}", f" · members {named}"), style="default"))
    if made.repeated:
        screen.show(styled(t("此前已提议(同一幂等键),没有新建。", "Proposed before (same key); nothing was added.")))
    if not made.started:
        away = ("流程引擎暂时不在;流程会自动启动,无需重录。", "The engine is away; the process starts by itself.")
        screen.show(styled(t(*away), "yellow"))
    todo = t(
        "下一步:由调度客服或主管确认(不是同一原因则 dismiss-incident)",
        "Next: an operator or supervisor confirms it (or dismiss-incident)",
    )
    screen.show(styled(todo), styled(f"  huiyin confirm-incident {parent} --as {t('员工编号', 'STAFF')}", "bold cyan"))
    return 0
