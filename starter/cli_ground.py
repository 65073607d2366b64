"""`huiyin up`, `down` and `status`: the servers and processes of this machine."""

import asyncio
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

from starter import cli_input
from starter.cli_options import Data, Json, Lang, option
from starter.cli_options import OptionalText as Text
from starter.cli_screen import Screen

if TYPE_CHECKING:
    from rich.console import Console


def up(
    workers: Annotated[Text, option("--workers", "N", "工作进程数(1–32)", "Worker processes (1–32).")] = "1",
    cluster: Annotated[
        bool,
        option("--cluster", None, "Temporal 以两个节点运行在 PostgreSQL 上", "Temporal as two nodes on PostgreSQL."),
    ] = False,
    data: Data = None,
    json: Json = False,
    lang: Lang = None,
) -> int:
    """Start everything and stay until it is stopped."""
    from records.migrate import migrate  # noqa: PLC0415 - help needs none of it
    from starter import ground  # noqa: PLC0415 - the same

    screen = Screen.of(lang, json_wanted=json)
    count = cli_input.count(workers, "--workers", 1, 32) or 1
    check_settings(count)
    steps = ground.up(
        _data(data),
        count,
        migrate=lambda dsn: void(migrate(dsn)),
        cluster=cluster,
        lang=screen.lang,
        console=_page(screen),
    )
    code = asyncio.run(steps)
    screen.document({"stopped": True})
    return code


def check_settings(workers: int) -> None:
    """Refuse to start with settings that a process of ours could not use, before any server is touched."""
    from starter.community_file import load  # noqa: PLC0415 - help needs none of it
    from starter.opening import DoorSettings  # noqa: PLC0415 - the same
    from workflows.settings import NOWHERE, WorkerSettings, check_free  # noqa: PLC0415 - the same

    told = DoorSettings()
    WorkerSettings(database_url="postgresql://", temporal_address=NOWHERE)  # those two are known when servers run
    load(told.settings_file())
    check_free(told.metrics_address, workers + 1)


def void(_applied: int) -> None:
    """Forget how many migrations were applied."""


def down(data: Data = None, json: Json = False, lang: Lang = None) -> int:
    """Stop what `up` has started."""
    from starter import ground  # noqa: PLC0415 - help needs none of it

    screen = Screen.of(lang, json_wanted=json)
    code = ground.down(_data(data), lang=screen.lang, console=_page(screen))
    screen.document({"stopped": True})
    return code


def status(data: Data = None, json: Json = False, lang: Lang = None) -> int:
    """Ask every part whether it is there."""
    from starter.opening import DoorSettings  # noqa: PLC0415 - the same
    from starter.status import status as asked  # noqa: PLC0415 - help needs none of it

    screen = Screen.of(lang, json_wanted=json)
    DoorSettings()
    return asyncio.run(asked(_data(data), lang=screen.lang, as_json=json))


def _page(screen: Screen) -> "Console":
    """Where a page for persons goes: beside the result when a program reads it."""
    return screen.aside if screen.json else screen.console


def _data(said: str | None) -> Path:
    from starter.cli_door import data_folder  # noqa: PLC0415 - help needs none of it

    return Path(said).expanduser() if said else data_folder()
