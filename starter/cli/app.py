"""Every command of `huiyin`, with its help in both languages: an operator's actions, for people first (API-07)."""

from collections.abc import Callable
from typing import Annotated, Final

import typer

from starter.cli import actions as cli_actions
from starter.cli import attachments as cli_attachments
from starter.cli import audit as cli_audit
from starter.cli import audit_verify as cli_audit_verify
from starter.cli import calendar as cli_calendar
from starter.cli import commands as cli_commands
from starter.cli import dispatching as cli_dispatching
from starter.cli import duties as cli_duties
from starter.cli import explain as cli_explain
from starter.cli import ground as cli_ground
from starter.cli import importing as cli_import
from starter.cli import link as cli_link
from starter.cli import load as cli_load
from starter.cli import orders as cli_orders
from starter.cli import policy as cli_policy
from starter.cli import policy_check as cli_policy_check
from starter.cli import policy_diff as cli_policy_diff
from starter.cli import propose as cli_propose
from starter.cli import receive as cli_receive
from starter.cli import reconcile as cli_reconcile
from starter.cli import roster as cli_roster
from starter.cli import typed
from starter.cli import watch as cli_watch
from starter.cli.options import Json, Lang, option
from starter.cli.screen import Screen
from starter.cli.words import both

SEE: Final = both("查询", "Look")
RUN: Final = both("运行", "Operation")
AUDIT: Final = both("审计", "Audit")
app = typer.Typer(
    add_completion=False,
    rich_markup_mode="rich",
    pretty_exceptions_enable=False,
    help=both("回音:事事有着落,件件有回音。", "Huiyin: every matter has an owner, every matter gets an answer."),
    epilog=both(
        "第一次使用:huiyin up(另开终端)→ huiyin receive → huiyin list",
        "First steps: huiyin up (in another terminal), huiyin receive, huiyin list",
    ),
)


def _told_version(wanted: bool) -> None:
    if wanted:
        from importlib.metadata import version  # noqa: PLC0415 - nothing else needs it

        typer.echo(f"huiyin {version('huiyin')}")
        raise typer.Exit


VERSION: Final = typer.Option(
    "--version", metavar=" ", is_eager=True, callback=_told_version, help=both("显示版本", "Show the version.")
)


@app.callback()
def huiyin(version: Annotated[bool, VERSION] = False) -> None:
    """Hold the commands; its option says which version somebody reports a fault of."""
    del version


def demo(
    verbose: Annotated[bool, option("--verbose", None, "逐单列出", "A line for each order too.")] = False,
    json: Json = False,
    lang: Lang = None,
) -> int:
    """Show the whole life of sixty orders."""
    import asyncio  # noqa: PLC0415 - help needs none of it

    from starter.demo.run import demo as shown  # noqa: PLC0415 - the same

    screen = Screen.of(lang, json_wanted=json)
    cli_ground.check_settings(1)
    return asyncio.run(shown(screen, verbose=verbose))


def add(name: str, panel: str, work: Callable[..., int], zh: str, en: str, example: str, to: typer.Typer = app) -> None:
    """Add one command with its help and example in both languages."""
    epilog = both(f"示例:{example}", f"Example: {example}")
    to.command(name, help=both(zh, en), epilog=epilog, rich_help_panel=panel)(work)


add(
    "receive",
    cli_commands.PANEL_FRONT,
    cli_receive.receive,
    "受理一件事,立即得到单号与时限",
    "Take a matter in; the number comes at once.",
    typed.EXAMPLE,
)
cli_actions.add_actions(app, cli_commands.ACTIONS)
add(
    "propose-incident",
    cli_commands.PANEL_INCIDENT,
    cli_propose.propose,
    "提议群发事件:同一原因的几张工单",
    "Propose an incident for several orders.",
    cli_propose.EXAMPLE,
)
add(
    "answer-callback",
    cli_commands.PANEL_BACK,
    cli_link.answer_callback,
    "业主凭评价码答复回访(办结后 30 天内有效)",
    "The household answers by the code it was sent, within 30 days.",
    cli_link.EXAMPLE,
)
add(
    "list",
    SEE,
    cli_orders.list_orders,
    "工单列表,最急的在前",
    "Orders, the most urgent first.",
    "huiyin list --stage dispatch",
)
add(
    "watch",
    SEE,
    cli_watch.watch,
    "实时看板,倒计时精确到秒",
    "A live board, countdowns right to the second.",
    "huiyin watch --community jinxiu",
)
add(
    "show",
    SEE,
    cli_orders.show_order,
    "一张工单的时限与经过",
    "One order: its limits and its life.",
    "huiyin show 10000001 --words --as S06",
)
add(
    "explain",
    SEE,
    cli_explain.explain,
    "时限怎么算出来的:每段时间、假期、暂停",
    "How a deadline was counted.",
    cli_explain.EXAMPLE,
)
add(
    "duties",
    SEE,
    cli_duties.duties,
    "谁在何时前负责什么,最急的在前",
    "Who owes what by when.",
    "huiyin duties S09",
)
add(
    "attachments",
    SEE,
    cli_attachments.attachments,
    "附件:照片与录音,可导出一个",
    "Photos and recordings; save one.",
    cli_attachments.EXAMPLE,
)
add(
    "propose",
    SEE,
    cli_dispatching.propose,
    "现在可派给谁:候选顺序,以及每个人不合适的原因",
    "Whom it may be given to now.",
    "huiyin propose 10000001",
)
add(
    "roster",
    SEE,
    cli_roster.roster,
    "某一时刻谁当班、谁请假、谁值班",
    "Who was on duty at an instant.",
    cli_roster.EXAMPLE,
)
calendar = typer.Typer(
    add_completion=False,
    rich_markup_mode="rich",
    help=both("日历:开放时间、假期、核对", "Open time and holidays; no server needed."),
)
add(
    "show",
    SEE,
    cli_calendar.show,
    "按月查看开放时间、假期与调休",
    "Open time, month by month.",
    cli_calendar.SHOW,
    calendar,
)
add(
    "check",
    SEE,
    cli_calendar.check,
    "核对配置文件,提示节假日数据将到期",
    "Faults of the settings, lapsing holidays.",
    cli_calendar.CHECK,
    calendar,
)
add(
    "diff",
    SEE,
    cli_calendar.diff,
    "自写的放假安排与 holidays 包有何不同",
    "Own holidays beside the package's.",
    cli_calendar.DIFF,
    calendar,
)
app.add_typer(calendar, name="calendar", rich_help_panel=SEE)
add(
    "import",
    RUN,
    cli_import.import_file,
    "导入外部记录(CSV)",
    "Import foreign records (CSV).",
    "huiyin import examples/sf311_demo.csv",
)
add(
    "load",
    RUN,
    cli_load.load,
    "载入小区配置或房屋台账",
    "Load settings, or a house ledger.",
    cli_load.EXAMPLE,
)
add(
    "up",
    RUN,
    cli_ground.up,
    "启动数据库、引擎与工作进程",
    "Start database, engine and workers.",
    "huiyin up --workers 2",
)
add("status", RUN, cli_ground.status, "各部件是否正常", "Is every part there?", "huiyin status")
add("down", RUN, cli_ground.down, "停止,数据保留", "Stop; the data stay.", "huiyin down")
add("demo", RUN, demo, "演示:真实服务器上的六十张工单", "Sixty orders on real servers.", "huiyin demo --lang en")

audit = typer.Typer(
    add_completion=False, rich_markup_mode="rich", help=both("历史与重放核查", "Histories and their replay.")
)
add(
    "history",
    AUDIT,
    cli_audit.history,
    "导出引擎中的历史(JSON)",
    "The engine's history as JSON.",
    "huiyin audit history 10000001 --out h.json",
    audit,
)
add(
    "replay",
    AUDIT,
    cli_audit.replay,
    "重放核查:结果是否与当时一致",
    "Does today's code decide the same again?",
    "huiyin audit replay --all",
    audit,
)
add(
    "verify",
    AUDIT,
    cli_audit_verify.verify,
    "核验拒绝、查阅、通知各链",
    "Are the chains of refusals, reads and notices whole?",
    "huiyin audit verify",
    audit,
)
app.add_typer(audit, name="audit", rich_help_panel=AUDIT)
add(
    "reconcile",
    AUDIT,
    cli_reconcile.reconcile,
    "记录与历史是否一致;可按历史补写",
    "Does the record equal the histories? Rebuild it.",
    cli_reconcile.EXAMPLE,
)
policy = typer.Typer(
    add_completion=False,
    rich_markup_mode="rich",
    help=both("规则:核对、比较、试算。", "Policies: checked, compared, tried."),
)
add(
    "simulate",
    RUN,
    cli_policy.simulate,
    "用往日工单试算一份配置",
    "Try settings on past orders.",
    cli_policy.EXAMPLE,
    policy,
)
add(
    "check",
    RUN,
    cli_policy_check.check,
    "核对配置:错误与矛盾,一次列全,附改法",
    "Every fault and contradiction of settings.",
    cli_policy_check.EXAMPLE,
    policy,
)
add(
    "diff",
    RUN,
    cli_policy_diff.diff,
    "两份配置有何不同:新工单会怎样",
    "What new settings change for new orders.",
    cli_policy_diff.EXAMPLE,
    policy,
)
add(
    "orders",
    RUN,
    cli_policy.export,
    "导出本处往日工单(CSV,不含个人信息)",
    "This house's past orders as CSV, no personal data.",
    cli_policy.EXPORT,
    policy,
)
app.add_typer(policy, name="policy", rich_help_panel=RUN)
