"""The command line `huiyin`: every operator's action at a terminal, for people first and programs too (API-07)."""

import gc
import os
import sys
from collections.abc import Callable, Sequence
from importlib import import_module
from pathlib import Path
from typing import Annotated, Any, Final

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
from starter.cli import watch as cli_watch
from starter.cli.errors import INTERRUPTED, Failure
from starter.cli.options import Json, Lang, option
from starter.cli.screen import Screen
from starter.cli.words import both, lang_of, speak, speak_frames

NAME: Final = "huiyin"
COMPLETION: Final = "_HUIYIN_COMPLETE"
"""Set by a shell that asks for what can be typed next, or for the script that lets it ask."""
SEE: Final = both("查询", "Look")
RUN: Final = both("运行", "Operation")
AUDIT: Final = both("审计", "Audit")
BROKEN_PIPE: Final = 141
GROUPS: Final = ((), ("audit",), ("calendar",), ("policy",))
"""What holds commands and is none."""
SELDOM: Final = 50_000
"""Objects between two collections: imports make many that live, and looking at them takes a third of a command."""

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
    cli_receive.EXAMPLE,
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


def main() -> None:
    """Run one command and leave at once: a client that lingers may crash at exit (ground.md, trap 1)."""
    gc.set_threshold(SELDOM)
    if COMPLETION in os.environ:
        import_module(
            "typer.completion"
        ).completion_init()  # typer does so only where it adds options of its own to the help
    leave(run(sys.argv[1:]))


def run(argv: Sequence[str]) -> int:
    """Run one command and return its exit code; whatever goes wrong is told, never thrown."""
    quiet()
    read_env_file()
    screen = Screen(lang_of(argv, os.environ), json_wanted="--json" in argv)
    try:
        return _invoked(argv, screen.lang)
    except SystemExit:  # rich and typer end like this when nobody reads any more
        return BROKEN_PIPE
    except (KeyboardInterrupt, typer.Abort):
        screen.note("已取消", "Cancelled")
        return INTERRUPTED
    except BrokenPipeError:
        return BROKEN_PIPE
    except BaseException as error:  # noqa: BLE001 - the last place before the operator
        return _told(screen, error, argv)


def _invoked(argv: Sequence[str], lang: str) -> int:
    command: Any = typer.main.get_command(app)
    speak(command, lang)
    args = list(argv)
    if _plain(argv) in GROUPS:  # they do nothing by themselves, and speak every language
        args = [*_plain(argv), "--help"]
    if "--help" in args:
        speak_frames(lang)
    said = command.main(args=args, prog_name=NAME, standalone_mode=False)
    return said if isinstance(said, int) else 0


def _plain(argv: Sequence[str]) -> tuple[str, ...]:
    """Return what was typed without the choice of a language and the wish for help."""
    pairs = zip(["", *argv], argv, strict=False)
    return tuple(
        word for before, word in pairs if "--lang" not in {before, word.partition("=")[0]} and word != "--help"
    )


def _told(screen: Screen, error: BaseException, argv: Sequence[str]) -> int:
    from starter.cli.door import data_folder  # noqa: PLC0415 - only failing commands pay for it
    from starter.cli.telling import told  # noqa: PLC0415 - the same

    failure = error if isinstance(error, Failure) else told(error, data_folder(), argv[0] if argv else "")
    try:
        screen.fail(failure)
    except BrokenPipeError:
        return BROKEN_PIPE
    return failure.exit_code


def read_env_file() -> None:
    """Take settings of `.env` that are not set yet into the environment: commands and what they start read it."""
    if not Path(".env").is_file():
        return
    from dotenv import dotenv_values  # noqa: PLC0415 - seldom there

    for name, value in dotenv_values(".env").items():
        if name.startswith("HUIYIN_") and value is not None:
            os.environ.setdefault(name, value)


def quiet() -> None:
    """Let no library speak to the screen, and no sign that the terminal can't show end the command."""
    import logging  # noqa: PLC0415 - next to its only use

    logging.getLogger().addHandler(logging.NullHandler())
    for stream in (sys.stdout, sys.stderr):
        if hasattr(stream, "reconfigure"):
            stream.reconfigure(errors="backslashreplace")


def leave(code: int) -> None:
    """Flush and end the process without the interpreter's own way out."""
    for stream in (sys.stdout, sys.stderr):
        try:
            stream.flush()
        except (OSError, ValueError):
            code = code or BROKEN_PIPE
    os._exit(code)


if __name__ == "__main__":
    main()
