"""The options that many commands share, each declared once, in both languages."""

from typing import Annotated, Any

import typer

from starter.cli.words import both


def option(name: str, metavar: str | None, zh: str, en: str) -> Any:
    """Declare an option with its help in both languages."""
    return typer.Option(name, metavar=metavar or " ", help=both(zh, en))


def argument(metavar: str, zh: str, en: str) -> Any:
    """Declare an argument with its help in both languages."""
    return typer.Argument(metavar=metavar, help=both(zh, en))


OptionalText = str | None
Order = Annotated[str, argument("ORDER", "单号:10000001 或 wo_10000001", "Order: 10000001 or wo_10000001.")]
Who = Annotated[
    OptionalText,
    option(
        "--as",
        "STAFF",
        "操作人员工编号;业主本人写 owner;默认取 HUIYIN_STAFF",
        "Who acts: staff id, or owner [HUIYIN_STAFF].",
    ),
]
CommunityId = Annotated[OptionalText, option("--community", "ID", "小区代码,例如 jinxiu", "Community, such as jinxiu.")]
Key = Annotated[OptionalText, option("--key", "KEY", "幂等键:同键同内容只执行一次", "Idempotency key: happens once.")]
DryRun = Annotated[
    bool, option("--dry-run", None, "只检查并说明会发生什么,不作改动", "Say what would happen; change nothing.")
]
Json = Annotated[bool, option("--json", None, "只输出 JSON", "Nothing but JSON.")]
Lang = Annotated[OptionalText, option("--lang", "zh|en", "语言,默认取 HUIYIN_LANG", "Language [HUIYIN_LANG].")]
Data = Annotated[OptionalText, option("--data", "DIR", "数据目录,默认取 HUIYIN_DATA", "Data folder [HUIYIN_DATA].")]
