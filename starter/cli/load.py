"""`huiyin load`: settings of the communities as the version in force, and their house ledger (docs/decisions/0015)."""

import asyncio
from pathlib import Path
from typing import Annotated

from starter.cli.errors import usage
from starter.cli.options import CommunityId, DryRun, Json, Lang, Who, argument, option
from starter.cli.options import OptionalText as Text
from starter.cli.screen import Screen

EXAMPLE = "huiyin load community.toml --as S01 --dry-run"


def load(
    file: Annotated[Text, argument("FILE", "小区配置(TOML)", "Settings of the communities (TOML).")] = None,
    ledger: Annotated[
        Text, option("--ledger", "CSV", "房屋台账(CSV,UTF-8 或 GBK)", "House ledger: CSV in UTF-8 or GBK.")
    ] = None,
    community: CommunityId = None,
    who: Who = None,
    rejects: Annotated[
        Text, option("--rejects", "FILE", "被拒行写入何处,默认 CSV.rejects.csv", "Where rejects go.")
    ] = None,
    dry_run: DryRun = False,
    json: Json = False,
    lang: Lang = None,
) -> int:
    """Load settings, or the ledger of one community."""
    from starter.cli.door import asked_staff, plain  # noqa: PLC0415 - help needs none of it

    screen = Screen.of(lang, json_wanted=json)
    if (file is None) == (ledger is None):
        zh, en = "请给出配置文件,或用 --ledger 给出台账,二者取一。", "Name a settings file, or a ledger with --ledger."
        raise usage("load-what", zh, en, f"例如:{EXAMPLE}", f"For example: {EXAMPLE}")
    staff = plain(asked_staff(who, screen)).removeprefix("usr_")
    if ledger is None:
        return asyncio.run(_settings(screen, Path(file or "").expanduser(), staff, dry_run=dry_run))
    named = Path(rejects or f"{ledger}.rejects.csv").expanduser()
    return asyncio.run(_ledger(screen, Path(ledger).expanduser(), staff, community, named, dry_run=dry_run))


async def _settings(screen: Screen, path: Path, staff: str, *, dry_run: bool) -> int:
    from starter.cli.door import now, running  # noqa: PLC0415 - help needs none of it
    from starter.cli.load_told import show_settings  # noqa: PLC0415 - the same
    from starter.loading import load_settings  # noqa: PLC0415 - the same
    from starter.opening import open_record  # noqa: PLC0415 - the same
    from starter.policy.examined import examined_sound  # noqa: PLC0415 - the same

    async with open_record(running(), application="huiyin-load") as (pool, ring):
        told = await load_settings(pool, ring, path, staff, dry_run=dry_run)
    show_settings(screen, told, examined_sound(path, told.file, now()), path, dry_run=dry_run)
    return 0


async def _ledger(
    screen: Screen, path: Path, staff: str, community: str | None, rejects: Path, *, dry_run: bool
) -> int:
    from starter.cli import door  # noqa: PLC0415 - help needs none of it
    from starter.cli.load_told import show_ledger  # noqa: PLC0415 - the same
    from starter.cli.progress import Shown  # noqa: PLC0415 - the same
    from starter.cli.where import Place, community_of  # noqa: PLC0415 - the same
    from starter.ledger_loading import LedgerLoad, put_aside  # noqa: PLC0415 - the same
    from starter.loading import check_loader  # noqa: PLC0415 - the same

    async with door.opened() as desk:
        actor = door.actor_of(staff, desk.settings)
        check_loader(actor.roles)
        work = LedgerLoad(desk, community_of(community, actor, desk.settings, screen, Place()))
        with Shown(screen, lambda: screen.t(f"已处理 {work.done} 人", f"{work.done} residents")):
            await work.run(path, actor.id, dry_run=dry_run)
    kept = bool(work.rejected) and not dry_run
    if not dry_run:
        put_aside(rejects, work.rejected, screen.lang)
    show_ledger(screen, work, rejects if kept else None, dry_run=dry_run)
    return 0
