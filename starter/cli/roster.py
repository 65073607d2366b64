"""`huiyin roster`: who was on duty at an instant, by the version of the settings that was in force then."""

import asyncio
from datetime import datetime
from typing import TYPE_CHECKING, Annotated, Any
from zoneinfo import ZoneInfo

from starter.cli import times as cli_times
from starter.cli.errors import Failure, short
from starter.cli.options import Json, Lang, argument, option
from starter.cli.options import OptionalText as Text
from starter.cli.screen import Screen

if TYPE_CHECKING:
    from collections.abc import Iterator

    from domain.dispatch.duty_roster import Duty
    from domain.dispatch.roster import Roster
    from domain.settings.community import CommunityFile
    from records.pool import Pool
    from records.settings_versions import Version

EXAMPLE = 'huiyin roster jinxiu --at "2026-11-26 03:20"'


def roster(
    community: Annotated[str, argument("COMMUNITY", "小区代码,例如 jinxiu", "Community, such as jinxiu.")],
    at: Annotated[Text, option("--at", "TIME", "时刻,默认现在", "Instant; default: now.")] = None,
    version: Annotated[
        Text,
        option("--version", "DIGEST", "派单决定中所记的排班版本", "Roster that a decision to dispatch names."),
    ] = None,
    json: Json = False,
    lang: Lang = None,
) -> int:
    """Show who was on duty."""
    screen = Screen.of(lang, json_wanted=json)
    moment = cli_times.moment(at, "--at") if at is not None else None
    return asyncio.run(_roster(screen, community.strip(), moment, version))


async def _roster(screen: Screen, community: str, moment: cli_times.Moment | None, digest: str | None) -> int:
    from domain.dispatch.roster import roster_of  # noqa: PLC0415 - help needs none of it
    from starter.cli import door  # noqa: PLC0415 - the same
    from starter.opening import open_record  # noqa: PLC0415 - the same
    from starter.settings_in_force import read_version  # noqa: PLC0415 - the same

    async with open_record(door.running(), application="huiyin-roster") as (pool, _):
        now = door.now()
        zone = await _zone(pool, community)
        at = moment.past(zone, now) if moment else now
        found = await _version(pool, at, zone, digest)
    settings = read_version(found)
    if community not in settings.communities:
        zh, en = (
            f"第 {found.number} 版配置没有小区「{short(community)}」。",
            f"Version {found.number} has no {short(community)}.",
        )
        raise door.no_such("unknown-community", zh, en, list(settings.communities))
    people = roster_of(settings).model_copy(update={"version": found.roster})
    show(screen, settings, people, found, community, at)
    return 0


async def _zone(pool: "Pool", community: str) -> ZoneInfo:
    """Return the zone in which a time is typed: the community's now, for that is where it is read."""
    from records import settings_versions  # noqa: PLC0415 - help needs none of it
    from starter.cli import door  # noqa: PLC0415 - the same
    from starter.desk import kept  # noqa: PLC0415 - the same
    from starter.settings_in_force import read_version  # noqa: PLC0415 - the same

    newest = await kept(settings_versions.in_force(pool))
    if newest is None:
        raise Failure(
            "no-settings-loaded",
            "还没有载入过配置,排班没有版本可查。",
            "No settings were ever loaded, so no roster is kept.",
            "请先执行 huiyin load community.toml --as S01。",
            "Type `huiyin load community.toml --as S01` first.",
        )
    return door.zone_of(read_version(newest), community)


async def _version(pool: "Pool", at: datetime, zone: ZoneInfo, digest: str | None) -> "Version":
    """Return the version asked for: by the digest of its roster, else the one that was in force."""
    from records import settings_versions  # noqa: PLC0415 - help needs none of it
    from starter.desk import kept  # noqa: PLC0415 - the same

    if digest is not None:
        found = await kept(settings_versions.with_roster(pool, digest.strip().lower()))
        if found is None:
            zh, en = f"没有排班版本「{short(digest)}」。", f"There is no roster {short(digest)}."
            remedy = ("它可能出自载入之前的配置文件。", "It may come from a settings file that was never loaded.")
            raise Failure("unknown-roster", zh, en, *remedy, facts={"roster": short(digest)})
        return found
    found = await kept(settings_versions.in_force_at(pool, at))
    if found is None:
        first = await kept(settings_versions.first_at(pool))
        since = first.astimezone(zone) if first else at
        zh = f"那时还没有载入配置:自 {since:%Y-%m-%d %H:%M:%S} 起有记录。"
        en = f"No settings were loaded by then: versions are kept since {since:%Y-%m-%d %H:%M:%S}."
        remedy = ("请改用其后的时刻,或用 --version。", "Ask for an instant after that, or use --version.")
        raise Failure("before-first-version", zh, en, *remedy, facts={"since": first})
    return found


def show(
    screen: Screen, settings: "CommunityFile", people: "Roster", version: "Version", community: str, at: datetime
) -> None:
    """Show everybody of a community by state, and who stood by."""
    from domain.dispatch.duty_roster import duty_roster, on_call  # noqa: PLC0415 - help needs none of it

    found, standing_by = duty_roster(people, community, at), on_call(people, community, at)
    facts = {"number": version.number, "digest": version.digest, "roster": version.roster}
    facts |= {"loaded_at": version.loaded_at, "loaded_by": version.loaded_by, "file": version.file}
    staff = [_facts(one) for one in found]
    screen.document({"community": community, "at": at, "version": facts, "staff": staff, "on_call": standing_by})
    if not screen.json:
        screen.show(*_page(screen, settings, version, community, at, found, standing_by))


def _facts(one: "Duty") -> dict[str, Any]:
    told: dict[str, Any] = {"staff": one.person.id, "state": one.state.value}
    told |= {"team": one.person.team, "position": one.person.position.value, "shift": one.person.shift}
    if one.absence is not None:
        told |= {"absent_until": one.absence.end, "because": one.absence.reason}
    return told


def _page(
    screen: Screen,
    settings: "CommunityFile",
    version: "Version",
    community: str,
    at: datetime,
    found: "tuple[Duty, ...]",
    standing_by: "dict[Any, str | None]",
) -> "Iterator[Any]":
    """Say it for a person: no names, only numbers and positions, as everywhere."""
    from domain.words import Pair, word  # noqa: PLC0415 - help needs none of it
    from starter.actor import staff_id, usr  # noqa: PLC0415 - the same
    from starter.cli.screen import styled  # noqa: PLC0415 - the same
    from starter.telling.names import Names  # noqa: PLC0415 - the same
    from starter.words.glossary import ROLES  # noqa: PLC0415 - the same

    states = {
        "on_duty": Pair("当班", "on duty"),
        "absent": Pair("请假", "absent"),
        "off_duty": Pair("不当班", "off duty"),
    }
    names, t = Names(settings, screen.lang), screen.t
    estate = settings.communities[community]
    zone = ZoneInfo(estate.zone)
    name = estate.name if screen.lang == "zh" else community
    yield styled(f"{name} · {at.astimezone(zone):%Y-%m-%d %H:%M:%S} ({zone.key})", "bold")
    loaded = f"{version.loaded_at.astimezone(zone):%Y-%m-%d %H:%M:%S}"
    who = names.person(usr(staff_id(version.loaded_by)))
    zh = f"第 {version.number} 版配置,{loaded} 由 {who} 载入 · 排班 {version.roster}"
    yield styled(t(zh, f"version {version.number}, loaded {loaded} by {who}, roster {version.roster}"), "dim")
    before = ""
    for one in found:
        if one.state != before:
            before = one.state
            count = sum(other.state == before for other in found)
            yield styled(f"{word(states, before, screen.lang)} {count}", "bold")
        shift = settings.shifts[one.person.shift].name if screen.lang == "zh" else one.person.shift
        style = "green" if one.state == "on_duty" else "dim"
        away = f" · {one.absence.reason}" if one.absence else ""
        yield styled(f"  {names.person(usr(one.person.id))} · {names.team(one.person.team)} · {shift}{away}", style)
    for role, person in standing_by.items():
        said = names.person(usr(person)) if person else t("无人", "nobody")
        yield styled(f"{t('值班', 'on call')} {word(ROLES, role, screen.lang)}: {said}")
