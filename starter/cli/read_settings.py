"""Settings that a command only looks at: those in force where the house is up, else those of the file."""

import asyncio
from pathlib import Path
from typing import TYPE_CHECKING, Any, NamedTuple

from starter.cli.screen import Screen, styled

if TYPE_CHECKING:
    from rich.text import Text

    from domain.settings.community import CommunityFile
    from starter.opening import DoorSettings
    from starter.settings_in_force import InForce


class Read(NamedTuple):
    """Settings, and which they are (`starter.settings_in_force.told_in_force`)."""

    settings: "CommunityFile"
    told: dict[str, Any]

    def which(self, lang: str) -> str:
        """Name these settings: the version in force, or the file."""
        number, version, file = self.told["number"], self.told["version"], Path(self.told["file"]).name
        if lang == "zh":
            return f"现行配置第 {number} 版({version})" if number else f"配置文件 {file}({version})"
        return f"settings in force, no. {number} ({version})" if number else f"file {file} ({version})"

    def said(self, screen: Screen) -> "Text":
        """Say which settings these are, on a line."""
        return styled(self.which(screen.lang), "dim")


def read_settings(typed: str | None) -> Read:
    """Read the file that was typed, else what is in force; without a house, or with none loaded, HUIYIN_COMMUNITY."""
    from starter.cli.door import settings_of  # noqa: PLC0415 - brings the engine's SDK with it
    from starter.settings_in_force import told_in_force  # noqa: PLC0415 - the same

    settings = settings_of()
    path = Path(typed).expanduser() if typed is not None else settings.settings_file()
    found = asyncio.run(_in_force(settings, path)) if typed is None and settings.database_url else None
    found = found or _of_file(path)
    return Read(found.settings, told_in_force(found, path))


def _of_file(path: Path) -> "InForce":
    from starter.community_file import load  # noqa: PLC0415 - help needs none of it
    from starter.settings_in_force import InForce  # noqa: PLC0415 - the same

    return InForce(load(path), None)


async def _in_force(settings: "DoorSettings", path: Path) -> "InForce | None":
    """Ask the record what is in force; None when it is away."""
    from records.errors import RecordsAway  # noqa: PLC0415 - help needs none of it
    from records.pool import open_pool  # noqa: PLC0415 - the same
    from starter.settings_in_force import in_force  # noqa: PLC0415 - the same

    try:
        pool = await open_pool(settings.database_url or "", max_size=1, application="huiyin-calendar")
    except RecordsAway:
        return None
    async with pool:
        return await in_force(pool, path)
