"""Commands to an order: made from the table, checked, given once, and answered in one line."""

import asyncio
import inspect
import secrets
from collections.abc import Callable, Mapping
from dataclasses import replace
from typing import TYPE_CHECKING, Annotated, Any, NamedTuple

import typer

from domain.vocabulary import LIVE_CHANNELS, Channel
from starter.cli import input as cli_input
from starter.cli import times as cli_times
from starter.cli.asking import SEVERAL
from starter.cli.commands import STATABLE, Action
from starter.cli.fields import Field
from starter.cli.forms import formed
from starter.cli.options import DryRun, Json, Key, Lang, OptionalText, Order, Who, option
from starter.cli.screen import Screen
from starter.cli.words import both

if TYPE_CHECKING:
    from records.read import OrderFile
    from starter.actor import Actor
    from starter.desk import Desk
    from starter.request import Request

FEW = 4
"""So many choices fit into the help of an option; more are named by the refusal of a wrong one."""
METAVARS: Mapping[str, str] = {
    "words": "TEXT",
    "staff": "STAFF",
    "count": "N",
    "window": "TIME",
    "until": "TIME",
    "number": "PHONE",
    "date": "DATE",
    "pause": "REASON",
    "order": "ORDER",
    "past": "TIME",
    "amount": "YUAN",
    "materials": "TEXT",
    "shares": "TEXT",
    "measures": "TEXT",
    "bodies": "BODY",
    "files": "FILE",
    "people": "STAFF",
}
"""What stands behind an option whose choices are not listed there."""
ChannelOption = Annotated[
    OptionalText, option("--channel", "CHANNEL", "经由哪里,默认命令行", "By which door; default: the command line.")
]
StatedAt = Annotated[
    OptionalText,
    option("--stated-at", "TIME", "补填实际时刻(即时沟通),例如 03:05", "When it really happened, such as 03:05."),
]
NotStatable = Annotated[OptionalText, typer.Option("--stated-at", hidden=True)]
"""Of a command that happens when it is given: not offered, and what is typed is refused with the reason."""
Expected = Annotated[
    OptionalText, option("--expect-version", "N", "仅当工单仍是第 N 版", "Only if the order is still at version N.")
]
SHARED: Mapping[str, tuple[Any, Any]] = {
    "who": (Who, None),
    "channel": (ChannelOption, None),
    "stated_at": (StatedAt, None),
    "expect_version": (Expected, None),
    "key": (Key, None),
    "dry_run": (DryRun, False),
    "json": (Json, False),
    "lang": (Lang, None),
}


def add_actions(app: typer.Typer, actions: tuple[Action, ...]) -> None:
    """Add a command to the app for each line of the table."""
    for action in actions:
        for typed in filter(None, (action.typed, action.also)):
            example = f"huiyin {typed} 10000001 {action.example}".rstrip()
            app.command(
                typed,
                help=both(action.zh, action.en),
                epilog=both(f"示例:{example}", f"Example: {example}"),
                rich_help_panel=action.panel,
                hidden=typed == action.also,
            )(command_of(action))


def command_of(action: Action) -> Callable[..., int]:
    """Make the function of one command: typer reads its options from the signature."""

    def run(**given: Any) -> int:
        return give(action, given)

    own = {field.fills: (_annotation(field), None) for field in action.fields}
    shared = SHARED if action.command in STATABLE else {**SHARED, "stated_at": (NotStatable, None)}
    hints = {"order": (Order, inspect.Parameter.empty), **own, **shared}
    keyword = inspect.Parameter.KEYWORD_ONLY
    params = [inspect.Parameter(n, keyword, annotation=hint, default=start) for n, (hint, start) in hints.items()]
    setattr(run, "__signature__", inspect.Signature(params, return_annotation=int))  # noqa: B010 - no attribute mypy knows
    run.__annotations__ = {name: hint for name, (hint, _) in hints.items()}
    run.__name__ = action.command
    return run


def _annotation(field: Field) -> Any:
    """Declare a field as typer wants it; everything but yes and no is text, which we check ourselves."""
    if field.kind == "yes_no":
        return Annotated[bool | None, option(field.option, None, *_help(field))]
    if field.kind in SEVERAL:
        return Annotated[list[str] | None, option(field.option, METAVARS[field.kind], *_help(field))]
    shown = "|".join(field.choices) if 0 < len(field.choices) <= FEW else field.option[2:].upper().replace("-", "_")
    return Annotated[OptionalText, option(field.option, METAVARS.get(field.kind, shown), *_help(field))]


def _help(field: Field) -> tuple[str, str]:
    """Say what an option is for, and whether it may be left out."""
    if field.default:
        return f"{field.zh}(默认 {field.default})", f"{field.en} Default {field.default}."
    return (f"{field.zh}(必填)", f"{field.en} Needed.") if field.needed else (field.zh, field.en)


class Said(NamedTuple):
    """A command as it was typed, its form checked."""

    action: Action
    order: str
    fields: Mapping[str, Any]
    who: str | None
    channel: Channel | None
    stated: cli_times.Moment | None
    expected: int | None
    key: str
    keyed: bool  # the key was typed: it may repeat what was done before
    dry_run: bool


def give(action: Action, given: Mapping[str, Any]) -> int:
    """Check what was typed, then give the command."""
    screen = Screen.of(given["lang"], json_wanted=given["json"])
    channel = cli_input.choice(given["channel"], "--channel", Channel)
    said = Said(
        action=action,
        order=given["order"],
        fields={field.fills: _checked(screen, action, field, given[field.fills]) for field in action.fields},
        who=given["who"],
        channel=Channel(channel) if channel else None,
        stated=cli_times.moment(given["stated_at"], "--stated-at") if given["stated_at"] is not None else None,
        expected=cli_input.count(given["expect_version"], "--expect-version", 1, 999_999),
        key=cli_input.key(given["key"]) or secrets.token_urlsafe(16),
        keyed=given["key"] is not None,
        dry_run=given["dry_run"],
    )
    return asyncio.run(_give(screen, said))


def _checked(screen: Screen, action: Action, field: Field, typed: Any) -> Any:
    """Check the form of one field; at a terminal what is missing is asked for when the order is known."""
    said = field.default if typed in (None, []) else typed
    if field.needed and field.kind != "staff" and not screen.asks:
        cli_input.required(said, field.option, f"huiyin {action.typed} 10000001 {action.example}")
    return said if said is None else formed(field, said)


async def _give(screen: Screen, said: Said) -> int:
    from domain.refusals import Refused  # noqa: PLC0415 - help needs none of it
    from starter.acting import give as handed  # noqa: PLC0415 - the same
    from starter.cli import door  # noqa: PLC0415 - the same
    from starter.cli.answer import show_answer, show_prediction  # noqa: PLC0415 - the same
    from starter.cli.refused import failure_of, with_end  # noqa: PLC0415 - the same
    from starter.groups.merging import merge  # noqa: PLC0415 - the same
    from starter.telling_owner import is_message  # noqa: PLC0415 - the same

    async with door.opened() as desk:
        order = door.order_id(said.order)
        actor = door.actor_of(door.asked_staff(said.who, screen), desk.settings)
        file = await _file(desk, order)
        request = _request(said, order, actor)
        if file is not None:
            await _check_here(desk, said, file, actor)
            await _check_before(screen, desk, said, file, request)
            said = _completed(screen, desk, said, file)
            request = replace(request, **_sense(desk, said, file, actor))
        try:
            if file is not None and is_message(request):
                return await _tell(screen, desk, request, file, dry_run=said.dry_run)
            if said.dry_run:
                return await show_prediction(screen, desk, request, file)
            handing = merge if request.command == "merge" else handed
            return await show_answer(screen, desk, request, await handing(desk, request))  # writes down what it refuses
        except Refused as refusal:
            refusal = with_end(refusal, request.said.get("expected_end_at"))
            raise failure_of(refusal, desk.settings, file and file.row, request.actor, door.now()) from None


async def _check_before(screen: Screen, desk: "Desk", said: Said, file: "OrderFile", request: "Request") -> None:
    """Refuse before the questions what no answer changes; a repetition is left to the order."""
    from domain.refusals import Refused  # noqa: PLC0415 - help needs none of it
    from starter.beforehand import check_beforehand, refuse_beforehand  # noqa: PLC0415 - the same
    from starter.cli import door  # noqa: PLC0415 - the same
    from starter.cli.lacking import in_any_words, lacks  # noqa: PLC0415 - the same
    from starter.cli.refused import failure_of  # noqa: PLC0415 - the same

    if said.keyed or not screen.asks or not lacks(said.action, said.fields):
        return
    fields = in_any_words(said.action, said.fields)
    request = replace(request, actor=_acting(file, request.actor))
    if fields is not None:
        request = replace(request, **_sense(desk, said._replace(fields=fields), file, request.actor))
    try:
        await check_beforehand(desk, request, file, door.now(), whole=fields is not None)
    except Refused as refusal:
        if not said.dry_run:
            await refuse_beforehand(desk, request, refusal)
        raise failure_of(refusal, desk.settings, file.row, request.actor, door.now()) from None


def _completed(screen: Screen, desk: "Desk", said: Said, file: "OrderFile") -> Said:
    """Ask at a terminal for what the command lacks."""
    from starter.cli.lacking import Case, filled  # noqa: PLC0415 - help needs none of it

    return said._replace(fields=filled(Case(screen, desk.settings, said.action, file.row), said.fields))


async def _tell(screen: Screen, desk: "Desk", request: "Request", file: "OrderFile", *, dry_run: bool) -> int:
    """Queue feedback that goes as a message, and say by which ways and from when."""
    from starter.cli import door  # noqa: PLC0415 - help needs none of it
    from starter.cli.queued import show_queued  # noqa: PLC0415 - the same
    from starter.telling_owner import tell_owner  # noqa: PLC0415 - the same

    queued = await tell_owner(desk, request, file, door.now(), dry_run=dry_run)
    return show_queued(screen, desk.settings, file.row, queued, dry_run=dry_run)


def _request(said: Said, order: str, actor: "Actor") -> "Request":
    from domain.commands import CommandName  # noqa: PLC0415 - help needs none of it
    from starter.request import Request  # noqa: PLC0415 - the same

    return Request(
        order,
        CommandName(said.action.command),
        actor,
        key=said.key,
        channel=said.channel or Channel.CLI,
        expected_version=said.expected,
    )


async def _file(desk: "Desk", order: str) -> "OrderFile | None":
    """Read the order; None when there is none."""
    from domain.refusals import Refused  # noqa: PLC0415 - help needs none of it
    from starter.cli.door import order_file  # noqa: PLC0415 - the same

    try:
        return await order_file(desk, order)
    except Refused as refusal:
        if refusal.code != "not-found":
            raise
    return None


async def _check_here(desk: "Desk", said: Said, file: "OrderFile", actor: "Actor") -> None:
    """Refuse an order of a community that a person does not serve: it is not there for him (SEC-02)."""
    from domain.refusals import Refused  # noqa: PLC0415 - help needs none of it
    from starter.cli import door  # noqa: PLC0415 - the same

    row = file.row
    if row.community not in door.communities_of(actor, desk.settings):
        if not said.dry_run:
            await door.write_refusal(desk, actor, said.action.command, row.order_id, "not-found")
        raise Refused("not-found", order=row.order_id)


def _sense(desk: "Desk", said: Said, file: "OrderFile", actor: "Actor") -> dict[str, Any]:
    """Resolve what was typed for this very order: persons, team, category, times, and who the owner is."""
    from starter.cli import door, sense  # noqa: PLC0415 - help needs none of it

    at, row = door.now(), file.row
    zone = door.zone_of(desk.settings, row.community)
    by = said.fields.get("by")
    stated = said.stated.past(zone, at) if said.stated else None
    return {
        "actor": _acting(file, actor),
        "said": sense.payload(desk.settings, said.action, said.fields, row, at),
        "stated_at": stated,
        "channel": said.channel or (_live(by, row.channel) if stated else Channel.CLI),
    }


def _acting(file: "OrderFile", actor: "Actor") -> "Actor":
    """Return who acts: of an owner the one whose matter it is."""
    from starter.actor import SELF, Actor  # noqa: PLC0415 - help needs none of it

    if actor.id == SELF and file.intake is not None:
        return Actor(f"resident:{file.intake.subject_id}", actor.roles)
    return actor


def _live(by: str | None, received_by: str) -> Channel:
    """Return the channel of a conversation that is told afterwards: as said, else that of the order, if it is live."""
    channel = Channel(by or received_by)
    return channel if channel in LIVE_CHANNELS else Channel.CLI
