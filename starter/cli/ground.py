"""`huiyin up`, `down` and `status`: the servers and processes of this machine."""

import asyncio
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Annotated
from zoneinfo import ZoneInfo

from starter.cli import input as cli_input
from starter.cli.options import Data, Json, Lang, option
from starter.cli.options import OptionalText as Text
from starter.cli.screen import Screen

if TYPE_CHECKING:
    from collections.abc import Sequence

    from rich.console import Console

    from stack.folder import Ground

KEYS_LOST = "keys-lost"
"""The one refusal with which `up` ends; what else is wrong can only be mended while it runs."""


def up(
    workers: Annotated[Text, option("--workers", "N", "工作进程数(1–32)", "Worker processes (1–32).")] = "1",
    cluster: Annotated[
        bool,
        option("--cluster", None, "Temporal 以两个节点运行在 PostgreSQL 上", "Temporal as two nodes on PostgreSQL."),
    ] = False,
    give_up_lost_keys: Annotated[
        bool,
        option(
            "--give-up-lost-keys",
            None,
            "密钥遗失且无备份时:删除其加密的姓名、联系方式与原话,换新密钥继续",
            "Keys lost for ever: delete what they sealed (names, contacts, words), go on with new ones.",
        ),
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
    zone = check_settings(count)
    steps = ground.up(
        _data(data),
        count,
        migrate=lambda dsn: void(migrate(dsn)),
        zone=zone,
        look=partial(look, screen, giving_up=give_up_lost_keys),
        cluster=cluster,
        lang=screen.lang,
        console=_page(screen),
    )
    code = asyncio.run(steps)
    screen.document({"stopped": True})
    return code


def check_settings(workers: int) -> ZoneInfo:
    """Refuse to start with settings that a process of ours could not use, before any server is touched.

    Returns the zone of the firm's communities.
    """
    from starter.community_file import load  # noqa: PLC0415 - help needs none of it
    from starter.opening import DoorSettings  # noqa: PLC0415 - the same
    from workflows.settings import NOWHERE, WorkerSettings, check_free  # noqa: PLC0415 - the same

    told = DoorSettings()
    WorkerSettings(database_url="postgresql://", temporal_address=NOWHERE)  # those two are known when servers run
    settings = load(told.settings_file())
    check_free(told.metrics_address, workers + 1)
    return ZoneInfo(settings.firm.default_zone)


async def look(screen: Screen, ground: "Ground", *, giving_up: bool) -> "Sequence[str]":
    """Refuse to go on without the keys of this record; say when it lacks tables, or orders the engine knows (OPS-09).

    The servers stay up then, for only so the record can be rebuilt, or settings be loaded that this program can read.
    """
    from domain.refusals import Refused  # noqa: PLC0415 - help needs none of it
    from starter.cli.telling import refused  # noqa: PLC0415 - the same
    from starter.lost import check_numbers  # noqa: PLC0415 - the same
    from starter.opening import DoorSettings, give_up_lost_keys, open_desk  # noqa: PLC0415 - the same

    there = {"database_url": ground.dsn, "temporal_address": ground.temporal_address, "data": ground.data}
    settings = DoorSettings().model_copy(update={**there, "temporal_namespace": ground.namespace})
    if giving_up:
        count = await give_up_lost_keys(settings)
        screen.note(f"已放弃遗失的密钥,涉及 {count} 位报事人", f"Lost keys given up, of {count} reporters")
    try:
        async with open_desk(settings) as desk:
            await check_numbers(desk)
    except Refused as refusal:
        if refusal.code == KEYS_LOST:
            raise
        told = refused(refusal.code, refusal.facts)
        return [f"{told.message(screen.lang)}\n→ {told.remedy(screen.lang)} [{told.code}]"]
    return []


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
    from starter.cli.door import data_folder  # noqa: PLC0415 - help needs none of it

    return Path(said).expanduser() if said else data_folder()
