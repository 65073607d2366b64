"""The settings a process goes by: the version loaded last, else those of a file (docs/decisions/0015)."""

import hashlib
import json
from dataclasses import replace
from datetime import datetime
from pathlib import Path
from typing import Any, NamedTuple

import structlog
from pydantic import ValidationError

from domain.audit import canonical
from domain.refusals import Refused
from domain.settings.community import CommunityFile
from records import settings_versions
from records.pool import Pool
from records.settings_versions import Version
from starter.community_file import lapsing_at, load
from starter.desk import Desk, kept

log = structlog.get_logger("huiyin.settings")


class InForce(NamedTuple):
    """Settings, and the version they were loaded as; none = they come from a file."""

    settings: CommunityFile
    version: Version | None


async def in_force(pool: Pool, file: Path) -> InForce:
    """Return the settings in force; `file` counts as long as none were loaded.

    Raises `Refused("settings-outgrown")`, or `BadCommunityFile` for a file that is unfit.
    """
    version = await kept(settings_versions.in_force(pool))
    return InForce(read_version(version), version) if version else InForce(load(file), None)


def read_version(version: Version) -> CommunityFile:
    """Return the settings of a version. Sound when it was loaded; a newer program may want more."""
    try:
        return CommunityFile.model_validate(json.loads(version.body))
    except ValidationError:
        raise Refused("settings-outgrown", number=version.number) from None


def body_of(file: CommunityFile) -> bytes:
    """Return what a version keeps of settings: all but the residents, who stand in the ledger under their own keys."""
    return canonical(file.model_copy(update={"resident": ()}).model_dump(mode="json", by_alias=True))


def told_in_force(found: InForce, file: Path) -> dict[str, Any]:
    """Tell which settings are in force and since when; a file that was never loaded has no number and no since."""
    version, settings = found.version, found.settings
    if version is None:
        digest = hashlib.sha256(body_of(settings)).hexdigest()
        return {"number": None, "version": settings.version, "digest": digest, "since": None, "file": str(file)}
    since = version.loaded_at.isoformat()
    told = {"number": version.number, "version": settings.version, "digest": version.digest, "since": since}
    return {**told, "file": version.file}


def warnings_of(settings: CommunityFile, at: datetime) -> list[dict[str, Any]]:
    """Tell what settings warn of at an instant: calendars whose sure holiday data end soon (CAL-11)."""
    return [{"key": one.path, "code": one.code, "zh": one.zh, "en": one.en} for one in lapsing_at(settings, at)]


class StandingDesk:
    """A desk that stays open: it goes by the newest settings, each time it is asked for."""

    def __init__(self, desk: Desk) -> None:
        self._desk = desk
        self._seen = desk.version.number if desk.version else None

    async def desk(self) -> Desk:
        """Return the desk under the settings in force; those it can't read are logged, and the earlier ones kept."""
        if await settings_versions.number_in_force(self._desk.pool) != self._seen:
            await self._renew()
        return self._desk

    async def _renew(self) -> None:
        version = await settings_versions.in_force(self._desk.pool)
        if version is None:  # a record that was restored from before the first load
            return
        self._seen = version.number
        try:
            self._desk = replace(self._desk, settings=read_version(version), version=version)
        except Refused as refusal:
            log.warning("settings.unreadable", version=version.number, code=refusal.code)
        else:
            log.info("settings.in_force", version=version.number)
