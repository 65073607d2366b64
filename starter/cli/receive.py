"""`huiyin receive`: take a matter in while the owner is on the line; number and limits come at once (INT-14)."""

import asyncio
import secrets
from collections.abc import Mapping
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING, Annotated, Any
from zoneinfo import ZoneInfo

from domain.vocabulary import INTAKE_CHANNELS, Channel, Severity
from starter.cli import input as cli_input
from starter.cli import times as cli_times
from starter.cli.options import CommunityId, DryRun, Json, Key, Lang, Who, option
from starter.cli.options import OptionalText as Text
from starter.cli.screen import Screen
from starter.cli.typed import Typed
from starter.words.glossary import GROUPS

if TYPE_CHECKING:
    from domain.settings.community import Community
    from starter.actor import Actor
    from starter.desk import Desk
    from starter.intake import IntakeForm


FORM = {
    "name": "reporter_name",
    "phone": "reporter_phone",
    "because": "back_dated_because",
    "area": "public_area",
    "author": "posted_by",
}
"""Options whose field in the form has another name."""


def receive(
    community: CommunityId = None,
    channel: Annotated[
        str,
        option("--channel", "CHANNEL", "渠道:phone walk_in visit wechat …", "Channel: phone walk_in visit wechat …"),
    ] = "phone",
    category: Annotated[
        Text, option("--category", "CODE", "类别,例如 WATER_LEAK;不填归入综合维修", "Category, such as WATER_LEAK.")
    ] = None,
    severity: Annotated[
        Text,
        option(
            "--severity", "LEVEL", "urgent 紧急、major 重大、ordinary 一般;默认随类别", "urgent, major or ordinary."
        ),
    ] = None,
    text: Annotated[
        Text, option("--text", "TEXT", "业主原话;- 从标准输入读取", "The owner's words; - is standard input.")
    ] = None,
    name: Annotated[Text, option("--name", "NAME", "报事人姓名", "Who reports it.")] = None,
    phone: Annotated[Text, option("--phone", "PHONE", "回电号码", "Number to call back.")] = None,
    room: Annotated[Text, option("--room", "ROOM", "房号,例如 JX03-1-1502", "Room, such as JX03-1-1502.")] = None,
    area: Annotated[
        Text, option("--area", "AREA", "公共区域,例如 地下车库", "Public area, as the community lists it.")
    ] = None,
    address: Annotated[
        Text, option("--address", "PLACE", "其他地点(文字)", "Place in words, if it is neither.")
    ] = None,
    remedy: Annotated[Text, option("--remedy", "TEXT", "业主要求怎么办", "The remedy the owner wants.")] = None,
    group: Annotated[
        list[str] | None,
        option("--group", "GROUP", "关怀对象,例如 elderly_alone;可重复", "Special group of the household; repeatable."),
    ] = None,
    found_in: Annotated[
        Text, option("--found-in", "PLACE", "业主群、社交媒体:出自哪里", "Words of a group or medium: which one.")
    ] = None,
    author: Annotated[Text, option("--author", "NAME", "发布人(按显示),不明不填", "Their author as shown.")] = None,
    posted_at: Annotated[Text, option("--posted-at", "TIME", "发布时刻", "When they were posted.")] = None,
    about: Annotated[
        list[str] | None,
        option("--about", "STAFF", "投诉涉及的员工,可多次", "Staff it is about; repeat it."),
    ] = None,
    received_at: Annotated[
        Text,
        option("--received-at", "TIME", "实际受理时刻(24 小时内),例如 03:02", "When it reached us, such as 03:02."),
    ] = None,
    because: Annotated[Text, option("--because", "REASON", "补录原因", "Why the time is set back.")] = None,
    photo: Annotated[
        list[str] | None, option("--photo", "FILE", "照片或录音,可多次", "A photo or recording; repeat it.")
    ] = None,
    answered: Annotated[
        bool, option("--answered", None, "已在这次通话中答复业主", "The owner was answered in this call.")
    ] = False,
    answered_at: Annotated[
        Text,
        option("--answered-at", "TIME", "答复业主的时刻,例如 03:05", "When the owner was answered, such as 03:05."),
    ] = None,
    clarified: Annotated[
        Text,
        option(
            "--clarified",
            "TEXT",
            "已复述诉求并得到确认:一次完成受理、响应、澄清、登记",
            "The demand, restated and agreed: receive, respond, clarify and register in one.",
        ),
    ] = None,
    joins: Annotated[
        Text, option("--joins", "ORDER", "与该单是同一件事:受理后并入", "The same matter as this order: join it.")
    ] = None,
    repeats: Annotated[
        Text, option("--repeats", "ORDER", "重复投诉:上次的单号(已办结)", "It repeats this closed order.")
    ] = None,
    insist: Annotated[
        bool, option("--insist", None, "不是重复:不再查找疑似重复单", "It is none: do not look for duplicates.")
    ] = False,
    who: Who = None,
    key: Key = None,
    dry_run: DryRun = False,
    json: Json = False,
    lang: Lang = None,
) -> int:
    """Take a matter in: it reached us when the command was typed, however long the questions take (CLK-06)."""
    at = datetime.now(UTC)
    screen = Screen.of(lang, json_wanted=json)
    level = cli_input.choice(severity, "--severity", Severity)
    typed = Typed(
        at=at,
        community=community,
        channel=Channel(cli_input.choice(channel, "--channel", sorted(INTAKE_CHANNELS)) or "phone"),
        category=category.strip().upper() if category else None,
        severity=Severity(level) if level else None,
        said=_words(
            text=text,
            name=name,
            phone=cli_input.phone(phone, "--phone"),
            room=room,
            area=area,
            address=address,
            remedy=remedy,
            because=because,
            found_in=found_in,
            author=author,
        ),
        groups=tuple(str(cli_input.choice(one, "--group", GROUPS)) for one in group or ()),
        received=cli_times.moment(received_at, "--received-at") if received_at is not None else None,
        posted=cli_times.moment(posted_at, "--posted-at") if posted_at is not None else None,
        answered=cli_times.moment(answered_at, "--answered-at") if answered_at is not None else None,
        answered_at_once=answered or clarified is not None,
        clarified=cli_input.words(clarified, "--clarified"),
        key=cli_input.key(key),
        photos=tuple(photo or ()),
        about=tuple(about or ()),
        joins=joins,
        insists=insist,
        repeats=repeats,
    )
    return asyncio.run(_receive(screen, typed, who, dry_run=dry_run))


def _words(**said: str | None) -> dict[str, str | None]:
    """Check everything a person said, under the names of the intake's form."""
    longest = dict.fromkeys(("text", "remedy"), cli_input.MAX_TEXT)
    return {
        FORM.get(name, name): cli_input.words(
            words, f"--{name.replace('_', '-')}", longest.get(name, cli_input.MAX_SHORT)
        )
        for name, words in said.items()
    }


async def _receive(screen: Screen, typed: Typed, who: str | None, *, dry_run: bool) -> int:
    """Find who takes it in and where; what is refused is told by the community's clock."""
    from domain.refusals import Refused  # noqa: PLC0415 - help needs none of it
    from starter.cli import door, where  # noqa: PLC0415 - the same
    from starter.cli.refused import failure_in  # noqa: PLC0415 - the same
    from starter.desk import house_time  # noqa: PLC0415 - the same

    place = where.place_typed(typed.said)
    async with door.opened() as desk:
        skew = await house_time(desk) - door.now()  # a clock that is wrong here must not move the owner's limits
        typed = replace(typed, at=typed.at + skew)
        actor = door.actor_of(door.asked_staff(who, screen), desk.settings)
        estate = where.community_of(typed.community, actor, desk.settings, screen, place)
        try:
            return await _take(screen, desk, typed, actor, estate, skew=skew, dry_run=dry_run)
        except Refused as refusal:
            raise failure_in(ZoneInfo(estate.zone), refusal, door.now()) from None


async def _take(
    screen: Screen, desk: "Desk", typed: Typed, actor: "Actor", estate: "Community", *, skew: timedelta, dry_run: bool
) -> int:
    """Ask for what is missing, take the matter in and show its receipt."""
    from starter.actor import staff_id  # noqa: PLC0415 - help needs none of it
    from starter.attaching import MEGABYTE, taken  # noqa: PLC0415 - the same
    from starter.cli import door  # noqa: PLC0415 - the same
    from starter.cli.attachments import read_files  # noqa: PLC0415 - the same
    from starter.cli.duplicates import joined_with, joining_of  # noqa: PLC0415 - the same
    from starter.cli.one_call import in_one_call  # noqa: PLC0415 - the same
    from starter.cli.questions import questions  # noqa: PLC0415 - the same
    from starter.cli.receipt import show_plan, show_receipt  # noqa: PLC0415 - the same
    from starter.client import check_answer, is_set_back, receive_matter, reception_instant  # noqa: PLC0415 - the same
    from starter.lost import check_numbers  # noqa: PLC0415 - the same

    about = tuple(door.member(one, desk.settings) for one in typed.about)
    stated = received_in(typed, ZoneInfo(estate.zone))
    set_back = stated is not None and is_set_back(stated, typed.at, desk.settings)  # refuses before it asks
    answers = staff_id(actor.id) not in about
    said = questions(screen, typed, estate, desk.settings, answers=answers, back_dated=set_back)
    form = form_of(typed, said, estate).model_copy(update={"complained_of": about})
    received_at = reception_instant(form, typed.at, desk.settings)
    heard = form.heard(received_at)
    check_answer(heard, actor, received_at, door.now() + skew)
    files = read_files(typed.photos, "--photo", desk.settings.attachments.megabytes * MEGABYTE)
    joining = await joining_of(screen, desk, typed, form)
    if dry_run:
        taken(files, desk.settings.attachments)
        return show_plan(screen, desk, heard, actor, typed.at, joining)
    there = await check_numbers(desk)
    receipt = await receive_matter(desk, form, actor, now=typed.at, files=files, start=there)
    more = await in_one_call(desk, receipt, heard, actor, said["clarified"])
    joined = await joined_with(desk, receipt, actor, form, joining)
    return show_receipt(screen, desk, heard, actor, receipt, more, joined)


def form_of(typed: Typed, said: Mapping[str, Any], estate: "Community") -> "IntakeForm":
    """Fill in the form of the matter."""
    from starter.cli.door import order_id  # noqa: PLC0415 - help needs none of it
    from starter.intake import IntakeForm  # noqa: PLC0415 - the same

    at, zone = typed.at, ZoneInfo(estate.zone)
    answered = typed.answered.past(zone, at) if typed.answered else None
    return IntakeForm(
        community=estate.id,
        channel=typed.channel,
        category=said["category"],
        severity=said["severity"],
        groups=typed.groups,
        posted_at=typed.posted.past(zone, at) if typed.posted else None,
        received_at=received_in(typed, zone),
        answered=said["answered"] and answered is None,
        repeats=order_id(typed.repeats) if typed.repeats else None,
        contacted_at=answered,
        idempotency_key=typed.key or secrets.token_urlsafe(16),
        **{name: said[name] for name in typed.said},
    )


def received_in(typed: Typed, zone: ZoneInfo) -> datetime | None:
    """Return when it is said to have reached us; whoever was answered at an instant had reached us by then."""
    told = typed.received or typed.answered
    return told.past(zone, typed.at) if told else None
