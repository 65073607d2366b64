"""Whether a settings file makes sense as a whole: every check runs, all faults are told at once (CLK-33, OPS-06)."""

import re
from collections.abc import Iterator, Mapping
from typing import Any

from domain.notices.notifying import ALERTED, STAND_IN
from domain.settings.catalogue import CATCH_ALL, OBLIGATORY_KINDS, categories_of
from domain.settings.community import CommunityFile
from domain.settings.faults import Fault, Way, fault
from domain.settings.gathering import gathered
from domain.settings.naming import Names, duplicates, names_of
from domain.settings.staff_soundness import faults_of_staff, held
from domain.settings.time_soundness import faults_of_time
from domain.timekeeping.quiet import quiet_hours
from domain.vocabulary import Kind, Severity

CUT_OFFS = ("停水", "停电", "停气", "停暖", "限制门禁")
"""Means of pressure that no setting may allow (FEE-09, Civil Code 944)."""


def faults_of(file: CommunityFile) -> tuple[Fault, ...]:
    """List everything that makes the settings unfit, in the order of the checks; empty = sound."""
    names = names_of(file)
    checks = (duplicates(file), _communities(file, names), faults_of_staff(file, names), faults_of_time(file, names))
    more = (
        _catalogue(file, names),
        _intake(file, names),
        _callback(file, names),
        _grouping(file, names),
        _feedback(file),
        _notices(file, names),
        _arrears(file, names),
        _imports(file, names),
    )
    return gathered(found for check in (*checks, *more) for found in check)


def _communities(file: CommunityFile, names: Names) -> Iterator[Fault]:
    """Check zones, stewards, categories and replaced names of the communities."""
    yield from names.zone(("firm", "default_zone"), file.firm.default_zone)
    for at, estate in enumerate(file.community):
        way = ("community", at)
        yield from names.zone((*way, "zone"), estate.zone)
        yield from names.each((*way, "categories"), "category", estate.categories or ())
        for number, building in enumerate(estate.building):
            yield from names.known((*way, "building", number, "owner_staff"), "staff", building.owner_staff)
        yield from _instead((*way, "instead", "calendars"), "calendar", estate.instead.calendars, names)
        yield from _instead((*way, "instead", "teams"), "team", estate.instead.teams, names)


def _instead(way: Way, what: str, replaced: Mapping[str, str], names: Names) -> Iterator[Fault]:
    """Check that both the old and the new name exist."""
    for old, new in replaced.items():
        yield from names.known((*way, old), what, old)
        yield from names.known((*way, old), what, new)


def _catalogue(file: CommunityFile, names: Names) -> Iterator[Fault]:
    """Check what the service catalogue names, and that an unclassed matter has a category everywhere."""
    for at, entry in enumerate(file.category):
        yield from names.known(("category", at, "policy"), "policy", entry.policy)
        yield from names.known(("category", at, "team"), "team", entry.team)
        yield from names.each(("category", at, "communities"), "community", entry.communities or ())
        if entry.mass_incident:
            yield from names.length(("category", at, "mass_incident", "window"), entry.mass_incident.window)
    yield from _class_policies(file)
    for at, estate in enumerate(file.community):
        if CATCH_ALL not in {one.code for one in categories_of(file, estate.id)}:
            yield fault(("community", at), "not_offered", community=estate.id, name=CATCH_ALL)


def _class_policies(file: CommunityFile) -> Iterator[Fault]:
    """Check that every severity, and every kind without severity, has its policy."""
    for name in (*Severity, Kind.ADVICE, Kind.PRAISE):
        if name.value not in file.policies:
            yield fault(("policy",), "policy_missing", name=name.value)


def _intake(file: CommunityFile, names: Names) -> Iterator[Fault]:
    """Check the lengths of reception, and that no empty word makes every matter urgent."""
    for key in ("back_dating", "urge_window"):
        yield from names.length(("intake", key), getattr(file.intake, key))
    for at, sign in enumerate(file.intake.urgent_words):
        if not sign.strip():
            yield fault(("intake", "urgent_words", at), "empty_word")


def _callback(file: CommunityFile, names: Names) -> Iterator[Fault]:
    """Check that no setting takes the callback from repairs and complaints (CBK-01), and its lengths."""
    if not set(file.callback.obligatory_kinds) >= OBLIGATORY_KINDS:
        yield fault(("callback", "obligatory_kinds"), "callback_switched_off")
    if not file.callback.caller_not_handler:
        yield fault(("callback", "caller_not_handler"), "caller_may_be_handler")
    yield from names.length(("callback", "min_gap"), file.callback.min_gap)
    if file.callback.min_distinct_days > file.callback.max_attempts:
        yield fault(("callback", "min_distinct_days"), "more_days_than_attempts")
    yield from _days(("callback", "reopen_window"), file.callback.reopen_window)


def _grouping(file: CommunityFile, names: Names) -> Iterator[Fault]:
    """Check the windows of duplicates, merges and repeats (INT-11, INT-12, GRP-08)."""
    for key in ("duplicate_window", "unmerge_window"):
        yield from names.length(("grouping", key), getattr(file.grouping, key))
    yield from _days(("grouping", "repeat_window"), file.grouping.repeat_window)


def _days(way: Way, text: str) -> Iterator[Fault]:
    """Find what is no number of whole days."""
    if not re.fullmatch(r"[1-9][0-9]{0,3}d", text):
        yield fault(way, "bad_days", name=text)


def _feedback(file: CommunityFile) -> Iterator[Fault]:
    """Check that everybody can be told in some way (FBK-02)."""
    ways = file.feedback.channel_by_group
    for group in ("default", *(name for name, channels in ways.items() if not channels)):
        if not ways.get(group):
            yield fault(("feedback", "channel_by_group"), "no_way_to_tell", name=group)


def _notices(file: CommunityFile, names: Names) -> Iterator[Fault]:
    """Check the rules of notices: names, quiet hours, and who is told when nobody else is there (ESC-09…11)."""
    yield from _quiet(file)
    yield from names.known(("notices", "owner_contact_calendar"), "calendar", file.notices.owner_contact_calendar)
    yield from names.each(("notices", "quiet_exempt_policies"), "policy", file.notices.quiet_exempt_policies)
    exempt = file.notices.owner_contact_exempt_policies
    yield from names.each(("notices", "owner_contact_exempt_policies"), "policy", exempt)


def _quiet(file: CommunityFile) -> Iterator[Fault]:
    """Check that quiet hours can be read, and that every community has whom to tell in them, and to alert."""
    way, text = ("notices", "staff_quiet_hours"), file.notices.staff_quiet_hours
    try:
        quiet_hours(text or "22:00-07:00")
    except ValueError:
        yield fault(way, "bad_quiet_hours", name=str(text))
    for role in (STAND_IN, ALERTED):
        for estate in file.community:
            if not held(file, role, estate.id):
                yield fault(way, "nobody", role=role.value, community=estate.id)


def _arrears(file: CommunityFile, names: Names) -> Iterator[Fault]:
    """Check that cutting off water, power, gas, heat or access can't be configured (FEE-09)."""
    if not file.arrears:
        return
    listed = file.arrears.get("forbidden_means", ())
    for name in CUT_OFFS:
        if name not in listed:
            yield fault(("arrears", "forbidden_means"), "forbidden_means_missing", name=name)
    for way, text in _texts(("arrears",), file.arrears):
        if way[1] != "forbidden_means" and any(name in text for name in (*CUT_OFFS, *listed)):
            yield fault(way, "forbidden_means", name=text)
    calendar = file.arrears.get("dunning_quiet", {}).get("calendar")
    if calendar is not None:
        yield from names.known(("arrears", "dunning_quiet", "calendar"), "calendar", calendar)


def _texts(way: Way, value: Any) -> Iterator[tuple[Way, str]]:
    """List every text and key below a table, with the way to it."""
    if isinstance(value, str):
        yield way, value
    elif isinstance(value, Mapping):
        for key, below in value.items():
            yield (*way, key), key
            yield from _texts((*way, key), below)
    elif isinstance(value, list | tuple):
        for at, below in enumerate(value):
            yield from _texts((*way, at), below)


def _imports(file: CommunityFile, names: Names) -> Iterator[Fault]:
    """Check the names, zones and patterns of the imports."""
    for name, source in file.sources.items():
        way = ("import", name)
        yield from names.known((*way, "community"), "community", source.community)
        yield from names.zone((*way, "zone"), source.zone)
        targets: list[tuple[Way, str]] = [((*way, "unknown", "to"), source.unknown.to)]
        targets += [((*way, "mapping", at, "to"), one.to) for at, one in enumerate(source.mapping)]
        for place, code in targets:
            yield from _target(file, names, place, code, source.community)
        for at, refusing in enumerate(source.reject):
            yield from _pattern((*way, "reject", at, "pattern"), refusing.pattern)
        for at, flagging in enumerate(source.flag):
            yield from _pattern((*way, "flag", at, "pattern"), flagging.pattern)


def _target(file: CommunityFile, names: Names, way: Way, code: str, community: str) -> Iterator[Fault]:
    """Check that an imported row lands in a category its community offers."""
    yield from names.known(way, "category", code)
    offered = community in file.communities and code in {one.code for one in categories_of(file, community)}
    if code in file.categories and not offered:
        yield fault(way, "not_offered", community=community, name=code)


def _pattern(way: Way, pattern: str | None) -> Iterator[Fault]:
    """Check that a pattern can be used."""
    try:
        re.compile(pattern or "")
    except re.error as error:
        yield fault(way, "bad_pattern", name=str(pattern), why=error.msg)
