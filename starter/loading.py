"""Loading settings: a sound file becomes the version in force, its residents go to the ledger, or nothing changes."""

import hashlib
import json
from collections import defaultdict
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from domain.dispatch.roster import roles_of, roster_of
from domain.lifecycle import MANAGERS
from domain.refusals import Refused
from domain.settings.changes import Change, changes
from domain.settings.community import Community, CommunityFile
from domain.settings.comparing import compare, needs_new_version
from domain.settings.faults import Fault, path_text
from domain.settings.house_ledger import Line, Unfit, fitting, line_of
from domain.vocabulary import Role
from records import ledger, settings_versions
from records.ledger import Plan, Source
from records.pool import Pool, transaction
from records.settings_versions import Version
from records.vault import KeyRing
from starter.actor import usr
from starter.community_file import BadCommunityFile, load, placed
from starter.desk import kept
from starter.settings_in_force import body_of, read_version
from starter.words.ledger import REASONS

LOADERS = MANAGERS | {Role.ADMIN}
"""Who may change what everybody works by."""


@dataclass(frozen=True)
class Loading:
    """What a file would change, or has changed."""

    file: CommunityFile
    before: Version | None
    changes: tuple[Change, ...]
    residents: Sequence[Plan]  # one for each community that the file lists residents of
    version: Version | None  # in force now; of a dry run the one before

    @property
    def earlier(self) -> CommunityFile | None:
        """The settings that were in force before, as far as this program can read them."""
        return _readable(self.before)

    @property
    def new(self) -> bool:
        """Whether the settings differ from those in force."""
        return bool(self.changes)


async def load_settings(pool: Pool, ring: KeyRing, path: Path, staff: str, *, dry_run: bool) -> Loading:
    """Load a settings file; the same one again adds nothing.

    Raises `BadCommunityFile` or `Refused` with nothing changed: the version before stays in force.
    """
    file = load(path)
    lines = residents_of(path, file)
    before = await kept(settings_versions.in_force(pool))
    known = _readable(before)
    if known is not None and needs_new_version(known, file, compare(known, file)):
        raise Refused("version-taken", version=file.version)
    who = loader(staff, file, before)
    plans = [await kept(ledger.compare(pool, ring, *one, dry_run=dry_run)) for one in lines.items()]
    told = Loading(file, before, changes(_document(before), json.loads(body_of(file))), plans, before)
    if dry_run or not (told.new or any(not one.empty for one in plans)):
        return told
    return await kept(_write(pool, ring, told, source_of(path, who)))


async def _write(pool: Pool, ring: KeyRing, told: Loading, source: Source) -> Loading:
    """Write version and residents in one transaction; of two loads at once the second adds to the first."""
    sealed = [await ledger.seal(pool, ring, plan) for plan in told.residents]
    body = body_of(told.file)
    digest = hashlib.sha256(body).hexdigest()
    async with transaction(pool) as conn:
        version = await settings_versions.locked(conn)
        found = changes(_document(version), json.loads(body))
        if version is None or version.digest != digest:
            facts = {"digest": digest, "roster": roster_of(told.file).version, "body": body.decode()}
            version = await settings_versions.add(conn, **facts, file=source.file, loaded_by=source.loaded_by)
        for one in sealed:
            await ledger.write(conn, one, source)
    return Loading(told.file, told.before, found, told.residents, version)


def source_of(path: Path, who: str) -> Source:
    """Return what the record keeps of where lines came from."""
    return Source(path.name, hashlib.sha256(path.read_bytes()).hexdigest(), who)


def loader(staff: str, file: CommunityFile, before: Version | None) -> str:
    """Return who loads, by the settings in force, else by the file itself: nobody else knows its people yet."""
    settings = _readable(before) or file
    known = next((one for one in settings.members if one.lower() == staff.lower()), None)
    if known is None:
        raise Refused("unknown-staff", staff=staff)
    check_loader(roles_of(known, roster_of(settings)))
    return usr(known)


def check_loader(roles: Collection[Role]) -> None:
    """Refuse whoever may not change what everybody works by."""
    if not LOADERS.intersection(roles):
        raise Refused("forbidden", command="load", allowed=", ".join(sorted(LOADERS)))


def _readable(version: Version | None) -> CommunityFile | None:
    """Return the settings of a version; None for one that this program can't read, which a load must replace."""
    try:
        return read_version(version) if version else None
    except Refused:
        return None


def _document(version: Version | None) -> Mapping[str, Any]:
    return json.loads(version.body) if version else {}


def residents_of(path: Path, file: CommunityFile) -> dict[str, list[Line]]:
    """Return the residents a file lists, by community; raises `BadCommunityFile` where one does not fit the ledger."""
    found: dict[str, list[Line]] = defaultdict(list)
    rejected: list[tuple[int, Unfit]] = []
    for at, entry in enumerate(file.resident):
        estate = file.communities.get(str(entry.get("community")))
        if estate is None:
            rejected.append((at, Unfit("community", "unknown_community")))
            continue
        try:
            found[estate.id].append(line_of(at, entry, buildings_of(estate)))
        except Unfit as unfit:
            rejected.append((at, unfit))
    fit = {community: list(fitting(lines, rejected)) for community, lines in found.items()}
    if rejected:
        raise BadCommunityFile(path, placed(path, [_fault(*one) for one in rejected]))
    return fit


def buildings_of(estate: Community) -> frozenset[str]:
    """Return the codes with which rooms of a community begin; empty where it lists no buildings."""
    return frozenset(one.code.upper() for one in estate.building)


def _fault(at: int, unfit: Unfit) -> Fault:
    reason = REASONS[unfit.reason]
    return Fault(path_text(("resident", at, unfit.field)), unfit.reason, reason.said.zh, reason.said.en)
