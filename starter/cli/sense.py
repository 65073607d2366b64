"""What was typed, understood for one order: who can take it, which team, category and severity, what until when."""

import re
from collections.abc import Mapping
from datetime import date, datetime, time
from typing import Any
from zoneinfo import ZoneInfo

from domain.settings.catalogue import team_of
from domain.settings.community import CommunityFile
from domain.timekeeping.almanac import calendar_row
from domain.timekeeping.calendars import NeverOpen, calendar_from
from domain.vocabulary import Teller
from domain.words import word
from records.read import OrderRow
from starter.actor import usr
from starter.attaching import MEGABYTE
from starter.cli import times as cli_times
from starter.cli.attachments import read_files
from starter.cli.commands import Action
from starter.cli.door import member, no_such, order_id, zone_of
from starter.cli.errors import Failure, short, usage
from starter.cli.fields import Field
from starter.words.times import PAUSE_REASONS

CODE = re.compile(r"[a-z][a-z0-9_]{0,39}")
"""The form of a code: words of a person never pass for one, so none reaches a history."""


def _several(file: CommunityFile, field: Field, typed: Any, row: OrderRow, at: datetime) -> list[Any]:
    """Understand what may be typed several times."""
    if field.kind == "files":
        return list(read_files(typed, field.option, file.attachments.megabytes * MEGABYTE))
    if field.kind == "people":
        return [usr(member(one, file)) for one in typed]
    return [measure(file, row, field, one, at) for one in typed]


WHEN: Mapping[str, str] = {"past": "past", "date": "to_come"}
"""How each kind of time is meant: the latest one, the civil date to come; the end of a pause: see `ends`."""


def payload(
    file: CommunityFile, action: Action, said: Mapping[str, Any], row: OrderRow, at: datetime
) -> dict[str, Any]:
    """Fill in the payload of a command: what was left out follows from the order and its category."""
    made = {field.fills: meant(file, action, field, said[field.fills], row, at) for field in action.fields}
    if made.get("window_start_at") and made.get("window_end_at"):
        made |= cli_times.window(made["window_start_at"], made["window_end_at"], zone_of(file, row.community), at)
    if "pause_reason" in made:
        made["expected_end_at"] = ends(file, row, made["pause_reason"], made["expected_end_at"], at)
    if "category" in made:
        made |= classification(row, made)
    if action.command == "quote":
        check_quoted(made)
    if action.command == "reclock":  # the class of the matter stays as it is (CLK-31)
        made |= {name: getattr(row, name) for name in ("category", "kind", "severity")}
    if action.command == "record_callback" and made.pop("number", None) and is_staff_number(file, said["number"]):
        made["told_by"] = Teller.STAFF.value
    return made


def check_quoted(said: Mapping[str, Any]) -> None:
    """Refuse a quote of nothing: it would be told as 0.00; work that costs nothing is quoted as such."""
    if not said["materials"] and said["labour"] is None:
        zh, en = "没有写明报价:材料和人工费都没有。", "Nothing is quoted: neither material nor labour."
        hint = (
            "请加 --material 或 --labour;全部免费的写 --labour 0。",
            "Add --material or --labour; if all is free, --labour 0.",
        )
        raise usage("option-missing", zh, en, *hint, option="--material")


def is_staff_number(file: CommunityFile, number: str) -> bool:
    """Whether a telephone number is one of ours, however written; its scores count for nothing (CBK-08)."""
    digits = re.sub(r"\D", "", number)
    return digits in {re.sub(r"\D", "", one.phone) for one in file.staff}


def meant(file: CommunityFile, action: Action, field: Field, typed: Any, row: OrderRow, at: datetime) -> Any:
    """Understand one field."""
    typed = order_id(typed) if field.kind == "order" else typed
    match field.kind:
        case "staff":
            return person(file, row, field, typed)
        case "team":
            return team(file, row, action.command, typed)
        case "pause":
            return pause_reason(file, typed)
        case "measures" | "files" | "people":
            return _several(file, field, typed or (), row, at)
        case kind if kind in WHEN:
            return _when(field.kind, typed, zone_of(file, row.community), at)
    return typed


def _when(kind: str, typed: Any, zone: ZoneInfo, at: datetime) -> datetime | date:
    """Understand a time."""
    meant: datetime | date = getattr(typed, WHEN[kind])(zone, at)
    return meant


def measure(file: CommunityFile, row: OrderRow, field: Field, typed: Mapping[str, Any], at: datetime) -> dict[str, Any]:
    """Understand one measure of a plan: who it is and which day is meant."""
    who, on = person(file, row, field, typed["person"]), typed["on"].to_come(zone_of(file, row.community), at)
    return {"person": who, "on": on, "words": typed["words"]}


def pause_reason(file: CommunityFile, typed: str) -> str:
    """Return the code of a pause reason, named by code or by word; whether an order lists it its own terms tell."""
    plain = typed.strip()
    code = plain.lower().replace("-", "_")
    for one in file.pause_reason:
        if code == one.code or plain in {one.name, word(PAUSE_REASONS, one.code, "zh")}:
            return one.code
    if CODE.fullmatch(code):
        return code
    known = "、".join(f"{one.code} {one.name}" for one in file.pause_reason)
    codes = ", ".join(one.code for one in file.pause_reason)
    zh, en = "--reason 不是可用的暂停原因。", "--reason: this is no reason for which clocks may stand still."
    hint = ("说明请写在 --text 里。", "Further words belong to --text.")
    raise usage("unknown-choice", zh, en, f"可选:{known}。{hint[0]}", f"Choose from: {codes}. {hint[1]}", allowed=codes)


def ends(
    file: CommunityFile, row: OrderRow, reason: str, typed: cli_times.Moment | cli_times.Day, at: datetime
) -> datetime:
    """Return when a pause is expected to end; a bare date is the close of that day in its reason's calendar."""
    zone = zone_of(file, row.community)
    if isinstance(typed, cli_times.Moment):
        return typed.until(zone, at)
    on = typed.to_come(zone, at)
    name = next((one.calendar for one in file.pause_reason if one.code == reason), None)
    if name is None:  # the engine refuses the reason
        return datetime.combine(on, time.max, zone)
    entry = file.calendars[file.communities[row.community].instead.calendars.get(name, name)]
    try:
        return calendar_from(calendar_row(entry, file.holiday_data, on)).close_of(on)
    except NeverOpen:
        return datetime.combine(on, time.max, zone)


def person(file: CommunityFile, row: OrderRow, field: Field, typed: str | None) -> str | None:
    """Return the person named, who must serve the order's community; name those who could be meant."""
    if typed is None and not field.needed:
        return None
    if typed is None:
        raise _nobody(file, row, field)
    staff = member(typed, file)
    if row.community not in file.members[staff].communities:
        where = file.communities[row.community]
        zh, en = f"{staff} 不服务于{where.name}。", f"{staff} does not serve {where.id}."
        raise Failure("staff-not-here", zh, en, *_could(file, row), facts={"staff": staff, "community": where.id})
    return usr(staff)


def _nobody(file: CommunityFile, row: OrderRow, field: Field) -> Failure:
    zh, en = f"缺少 {field.option}:没有说明是谁。", f"{field.option} is missing: who is meant?"
    return usage("option-missing", zh, en, *_could(file, row), option=field.option)


def _could(file: CommunityFile, row: OrderRow) -> tuple[str, str]:
    """Name those of the category's team who serve this community."""
    team = team_of(file, row.category, row.community)
    here = [one for one in file.staff if row.community in one.communities]
    fitting = [one for one in here if one.team == team] or here
    known = "、".join(f"{one.id} {one.title}" for one in fitting[:8])
    return f"{file.teams[team].name}可选:{known}。", f"Known: {', '.join(one.id for one in fitting[:8])}."


def team(file: CommunityFile, row: OrderRow, command: str, typed: str | None) -> str | None:
    """Return the team named; a dispatch without one goes to the category's team."""
    if typed is None:
        return team_of(file, row.category, row.community) if command == "dispatch" else None
    if typed not in file.teams:
        raise no_such(
            "unknown-team", f"没有班组「{short(typed)}」。", f"There is no team {short(typed)}.", list(file.teams)
        )
    return typed


def classification(row: OrderRow, said: dict[str, Any]) -> dict[str, Any]:
    """Complete a classification: what is left out stays as it is, or follows from a new category."""
    if not any(said.get(name) for name in ("category", "kind", "severity")):
        zh, en = "没有说明改成什么。", "It is not said what changes."
        raise usage(
            "option-missing", zh, en, "请加 --category、--kind 或 --severity。", "Add --category, --kind or --severity."
        )
    category = str(said["category"] or row.category).strip().upper()
    same = category == row.category
    kind, severity = (said[name] or (getattr(row, name) if same else None) for name in ("kind", "severity"))
    return {"category": category, "kind": kind, "severity": severity}
